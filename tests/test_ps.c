/* The table of processes: each status, and who is above whom. */
#include "sim/ps.h"

#include "tests/world.h"

#include <stdlib.h>
#include <string.h>

#include "switch/supervisor.h"
#include "switch/system.h"

static const struct module toy = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "toy",
	.version = "1.1",
	.schema = { .size = 40 },
	.init = idle_init,
	.handle = idle_handle,
	.terminate = idle_terminate,
};

static const struct child_spec kids[] = { { .id = "sleepy",
    .behaviour = "toy",
    .shutdown_ms = 5000,
    .is_registered = true } };
static const struct supervisor_spec spec = {
	.name = "top",
	.flags = { .intensity = 1, .period_s = 5 },
	.count = 1,
	.children = kids,
};

struct office {
	struct world world;
	struct supervisor *top;
	struct pid root;
	uint16_t toy;
	char *text;
	size_t size;
};

static int
set_up(void **state)
{
	struct office *office = calloc(1, sizeof *office);

	world_set_up(&office->world);
	office->toy = world_add(&office->world, &toy);
	assert_int_equal(
	    supervisor_alloc(&office->top, office->world.scheduler, &spec), 0);
	assert_int_equal(supervisor_start_root(
			     office->world.scheduler, "top", &office->root),
	    0);
	world_run(&office->world, 0);
	*state = office;
	return 0;
}

static int
tear_down(void **state)
{
	struct office *office = *state;

	world_tear_down(&office->world);
	supervisor_free(&office->top);
	free(office->text);
	free(office);
	return 0;
}

static struct pid
spawn(struct office *office, struct pid supervisor)
{
	const struct spawn spawn = { .behaviour = office->toy,
		.supervisor = supervisor };
	struct pid pid;

	assert_int_equal(
	    process_spawn(office->world.scheduler, &spawn, &pid), 0);
	return pid;
}

static const char *
table(struct office *office,
    void (*print)(struct scheduler *, FILE *, unsigned int), unsigned int max)
{
	FILE *out;

	free(office->text);
	out = open_memstream(&office->text, &office->size);
	assert_non_null(out);
	print(office->world.scheduler, out, max);
	assert_int_equal(fclose(out), 0);
	return office->text;
}

/* One of each. */
static void
fill(struct office *office)
{
	struct scheduler *scheduler = office->world.scheduler;
	struct pid suspended = spawn(office, PID_NONE);
	struct pid running = spawn(office, suspended);
	struct pid ending = spawn(office, PID_NONE);

	world_run(&office->world, 0);
	assert_int_equal(system_suspend(scheduler, suspended), 0);
	world_post(&office->world, suspended, 1);
	world_post(&office->world, suspended, 1);
	world_post(&office->world, running, 1);
	process_exit_signal(scheduler, PID_NONE, ending,
	    (struct reason){ .kind = REASON_SHUTDOWN });
	(void)spawn(office, PID_NONE);
}

/* What a supervisor's state takes is its own affair. */
#define EXPECT(office, print, format)                                          \
	do {                                                                   \
		char expected[2048];                                           \
		(void)snprintf(expected, sizeof expected, format,              \
		    world_info(&(office)->world, (office)->root).state_size);  \
		assert_string_equal(table(office, print, 100), expected);      \
	} while (0)

static void
a_line_for_each_process_and_its_status(void **state)
{
	struct office *office = *state;

	fill(office);
	EXPECT(office, ps_text,
	    "pid        name             module           version    "
	    "status   "
	    "    mail   bytes supervisor          events faults\n"
	    "1.1        top              top              native     "
	    "waiting  "
	    "       0 %7u -                        2      0\n"
	    "2.1        sleepy           toy              1.1        "
	    "waiting  "
	    "       0      40 top                      1      0\n"
	    "3.1        -                toy              1.1        "
	    "suspended"
	    "       2      40 -                        2      0\n"
	    "4.1        -                toy              1.1        "
	    "running  "
	    "       1      40 3.1                      1      0\n"
	    "5.1        -                toy              1.1        "
	    "ending   "
	    "       1      40 -                        1      0\n"
	    "6.1        -                toy              1.1        "
	    "starting "
	    "       1      40 -                        0      0\n");
}

static void
what_is_too_much_is_counted(void **state)
{
	struct office *office = *state;
	const char *text;

	fill(office);
	text = table(office, ps_text, 2);
	assert_non_null(strstr(text, "sleepy"));
	assert_non_null(strstr(text, "\nand 4 more\n"));
	assert_null(strstr(text, "suspended"));
}

static void
the_same_as_json(void **state)
{
	struct office *office = *state;

	EXPECT(office, ps_json,
	    "[{\"pid\":\"1.1\",\"name\":\"top\",\"module\":\"top\","
	    "\"version\":\"native\",\"status\":\"waiting\","
	    "\"supervisor\":\"-\",\"mailbox\":0,\"state_bytes\":%u,"
	    "\"events\":2,\"faults\":0},"
	    "{\"pid\":\"2.1\",\"name\":\"sleepy\",\"module\":\"toy\","
	    "\"version\":\"1.1\",\"status\":\"waiting\","
	    "\"supervisor\":\"top\",\"mailbox\":0,\"state_bytes\":40,"
	    "\"events\":1,\"faults\":0}]");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_line_for_each_process_and_its_status),
		TEST(what_is_too_much_is_counted),
		TEST(the_same_as_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
