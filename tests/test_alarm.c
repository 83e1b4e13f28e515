/* What alarm.h promises, and how records reach a recorder that comes late. */
#include "switch/alarm.h"

#include "tests/world.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "switch/object.h"
#include "switch/record.h"

struct office {
	struct world world;
	uint16_t behaviour;
	unsigned int records;
	uint64_t lost;
	struct alarm_record last;
	unsigned int told;
	struct alarm seen;
};

static void
take(void *arg, uint16_t kind, const void *record, size_t size)
{
	struct office *office = arg;

	if (kind != RECORD_ALARM || size != sizeof office->last)
		return;
	memcpy(&office->last, record, size);
	office->records++;
}

static int
recorder_init(struct self *self, void *state, const struct message *start)
{
	struct office *office = process_context(self);

	(void)state;
	(void)start;
	office->lost +=
	    record_take_waiting(office->world.scheduler, take, office);
	return 0;
}

static void
recorder_handle(struct self *self, void *state, const struct message *event)
{
	struct office *office = process_context(self);
	size_t size = 0;
	const void *record = process_parcel(self, &size);

	(void)state;
	take(office, event->kind, record, size);
}

static const struct module recorder = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = RECORD_RECIPIENT,
	.version = "1",
	.schema = { .size = sizeof(uint64_t) },
	.init = recorder_init,
	.handle = recorder_handle,
	.terminate = idle_terminate,
};

static void
observe(void *arg, const struct alarm *alarm)
{
	struct office *office = arg;

	office->told++;
	office->seen = *alarm;
}

static int
set_up(void **state)
{
	struct office *office = calloc(1, sizeof *office);

	world_set_up(&office->world);
	assert_int_equal(
	    behaviours_add_native(scheduler_behaviours(office->world.scheduler),
		&recorder, office, &office->behaviour),
	    0);
	alarm_observe(office->world.scheduler, observe, office);
	*state = office;
	return 0;
}

static int
tear_down(void **state)
{
	struct office *office = *state;

	world_tear_down(&office->world);
	free(office);
	return 0;
}

static struct pid
start_recorder(struct office *office)
{
	const struct spawn spawn = { .behaviour = office->behaviour,
		.name = RECORD_RECIPIENT };
	struct pid pid;

	assert_int_equal(
	    process_spawn(office->world.scheduler, &spawn, &pid), 0);
	world_run(&office->world, 0);
	return pid;
}

static void
raise_one(struct office *office, const char *object, const char *text)
{
	struct alarm alarm = { .name = "process-down",
		.severity = ALARM_major };

	strcpy(alarm.object, object);
	strcpy(alarm.text, text);
	alarm_raise(office->world.scheduler, &alarm);
}

static void
clear_one(struct office *office, const char *object)
{
	alarm_clear(office->world.scheduler, "process-down", object);
}

static void
each_change_is_told_once(void **state)
{
	struct office *office = *state;
	struct scheduler *scheduler = office->world.scheduler;

	(void)start_recorder(office);
	assert_false(alarm_stands(scheduler));
	clear_one(office, "a");
	assert_int_equal(office->told, 0);
	raise_one(office, "a", "error 5");
	raise_one(office, "a", "error 6");
	assert_true(alarm_stands(scheduler));
	assert_int_equal(office->told, 1);
	assert_string_equal(office->seen.text, "error 5");
	world_run(&office->world, 1000);
	assert_int_equal(office->records, 1);
	assert_int_equal(office->last.is_raised, 1);
	assert_string_equal(office->last.object, "a");
	clear_one(office, "a");
	clear_one(office, "a");
	world_run(&office->world, 1000);
	assert_false(alarm_stands(scheduler));
	assert_int_equal(office->told, 2);
	assert_int_equal(office->records, 2);
	assert_int_equal(office->last.is_raised, 0);
	assert_int_equal(office->last.at, 1000);
}

static void
objects_are_apart_and_a_name_stands_for_all(void **state)
{
	struct office *office = *state;
	struct scheduler *scheduler = office->world.scheduler;
	struct alarm alarm;

	assert_int_equal(
	    alarm_look(scheduler, "process-down", &alarm), -ENOENT);
	raise_one(office, "a", "error 5");
	world_run(&office->world, 1000);
	raise_one(office, "b", "error 6");
	clear_one(office, "b");
	raise_one(office, "b", "error 7");
	clear_one(office, "b");
	assert_int_equal(alarm_look(scheduler, "process-down", &alarm), 0);
	assert_true(alarm.is_raised); /* a still is */
	assert_int_equal(alarm.count, 3);
	assert_string_equal(alarm.object, "b");
	assert_string_equal(alarm.text, "error 7");
	assert_int_equal(alarm_total(scheduler), 3);
	clear_one(office, "a");
	assert_int_equal(alarm_look(scheduler, "process-down", &alarm), 0);
	assert_false(alarm.is_raised);
	assert_int_equal(alarm_look(scheduler, "other", &alarm), -ENOENT);
}

static void
all_that_were_raised_can_be_gone_through(void **state)
{
	struct office *office = *state;
	unsigned int cursor = 0;
	struct alarm alarm;

	raise_one(office, "a", "error 5");
	raise_one(office, "b", "error 6");
	clear_one(office, "a");
	assert_true(alarm_next(office->world.scheduler, &cursor, &alarm));
	assert_string_equal(alarm.object, "a");
	assert_false(alarm.is_raised);
	assert_true(alarm_next(office->world.scheduler, &cursor, &alarm));
	assert_string_equal(alarm.object, "b");
	assert_false(alarm_next(office->world.scheduler, &cursor, &alarm));
}

static void
records_wait_for_a_recorder_in_their_order(void **state)
{
	struct office *office = *state;
	struct scheduler *scheduler = office->world.scheduler;
	struct pid pid;

	raise_one(office, "a", "error 5");
	clear_one(office, "a");
	raise_one(office, "b", "error 6");
	pid = start_recorder(office);
	assert_int_equal(office->records, 3);
	assert_string_equal(office->last.object, "b");

	process_exit_signal(
	    scheduler, PID_NONE, pid, (struct reason){ .kind = REASON_KILL });
	clear_one(office, "b");
	world_run(&office->world, 0);
	assert_int_equal(office->records, 3);
	(void)start_recorder(office);
	assert_int_equal(office->records, 4);
	assert_int_equal(office->last.is_raised, 0);
	assert_int_equal(office->lost, 0);
}

/* A switch without a recorder must not fill the memory of the machine. */
static void
what_cannot_wait_is_counted(void **state)
{
	enum { CHANGES = 10000, ROOM = 8192 };
	struct office *office = *state;
	unsigned int i;

	for (i = 0; i < CHANGES / 2; i++) {
		raise_one(office, "a", "error 5");
		clear_one(office, "a");
	}
	(void)start_recorder(office);
	assert_int_equal(office->records, ROOM);
	assert_int_equal(office->lost, CHANGES - ROOM);
}

/* Also where there is no memory to keep it: somebody may have to act. */
static void
an_alarm_without_memory_is_still_acted_on(void **state)
{
	struct office *office = *state;

	object_fail_after(0);
	raise_one(office, "a", "error 5");
	object_fail_after(-1);
	assert_int_equal(office->told, 1);
	assert_true(office->seen.is_raised);
	assert_int_equal(alarm_total(office->world.scheduler), 0);
}

static void
severities_have_the_words_of_x733(void **state)
{
	(void)state;
	assert_string_equal(alarm_severity_word(ALARM_warning), "warning");
	assert_string_equal(alarm_severity_word(ALARM_critical), "critical");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_change_is_told_once),
		TEST(objects_are_apart_and_a_name_stands_for_all),
		TEST(all_that_were_raised_can_be_gone_through),
		TEST(records_wait_for_a_recorder_in_their_order),
		TEST(what_cannot_wait_is_counted),
		TEST(an_alarm_without_memory_is_still_acted_on),
		cmocka_unit_test(severities_have_the_words_of_x733),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
