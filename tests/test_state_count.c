/* That a look costs no more than it may, and that a pass misses nobody. */
#include "sim/operator/state_count.h"

#include "tests/world.h"

#include <stdlib.h>
#include <string.h>

enum { MANY = STATE_COUNT_LOOKS + STATE_COUNT_LOOKS / 2 };

static unsigned int born;

/* Every third is talking, the others ring. */
static int
toy_init(struct self *self, void *state, const struct message *start)
{
	uint8_t *word = state;

	(void)self;
	(void)start;
	*word = born++ % 3 == 0 ? 1 : 0;
	return 0;
}

static const struct field fields[] = { { .name = "state",
    .symbols = "ringing talking",
    .kind = FIELD_ENUM,
    .width = 1 } };
static const struct module toy = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "toy",
	.version = "1.1",
	.schema = { .fields = fields, .count = 1, .size = 8 },
	.init = toy_init,
	.handle = idle_handle,
	.terminate = idle_terminate,
};

static void
spawn(struct world *world, unsigned int count)
{
	const struct spawn spawn = { .behaviour = world_add(world, &toy) };
	struct pid pid;

	for (born = 0; count > 0; count--)
		assert_int_equal(
		    process_spawn(world->scheduler, &spawn, &pid), 0);
	world_run(world, 0);
}

static void
expect(const struct state_count *count, struct world *world, const char *want)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	state_count_write(count, world->scheduler, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, want);
	free(text);
}

static void
few_are_counted_at_once(void **state)
{
	struct state_count *count = calloc(1, sizeof *count);
	struct world world;

	(void)state;
	world_set_up(&world);
	spawn(&world, 4);
	state_count_step(count, world.scheduler, "toy");
	expect(count, &world,
	    "[{\"version\":\"1.1\",\"state\":\"ringing\",\"calls\":2},"
	    "{\"version\":\"1.1\",\"state\":\"talking\",\"calls\":2}]");
	state_count_step(count, world.scheduler, "other");
	expect(count, &world, "[]");
	world_tear_down(&world);
	free(count);
}

static void
many_are_told_when_all_are_counted(void **state)
{
	struct state_count *count = calloc(1, sizeof *count);
	struct world world;

	(void)state;
	world_set_up(&world);
	spawn(&world, MANY);
	state_count_step(count, world.scheduler, "toy");
	expect(count, &world, "[]");
	state_count_step(count, world.scheduler, "toy");
	expect(count, &world,
	    "[{\"version\":\"1.1\",\"state\":\"ringing\",\"calls\":4096},"
	    "{\"version\":\"1.1\",\"state\":\"talking\",\"calls\":2048}]");
	world_tear_down(&world);
	free(count);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_are_counted_at_once),
		cmocka_unit_test(many_are_told_when_all_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
