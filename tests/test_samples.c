/* What samples.h promises, of processes on a real scheduler: of each symbol
 * that occurs one at least, few of what is many, none of another version. */
#include "upgrade/samples.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "tests/world.h"
#include "upgrade/schema.h"

#define STATE(F, T)                                                            \
	F(UINT, uint32_t, key, 0, "", "")                                      \
	F(ENUM, uint8_t, phase, 0, "", "IDLE RINGING TALKING HELD")

struct state {
	STATE(SCHEMA_MEMBER, SCHEMA_MEMBER_TEXT)
};
#define SCHEMA_STATE struct state
static const struct field fields[] = { STATE(SCHEMA_FIELD, SCHEMA_FIELD_TEXT) };

static int
init(struct self *self, void *state, const struct message *start)
{
	(void)self;
	memcpy(state, start->body.bytes, sizeof(struct state));
	return 0;
}

#define TOY(which)                                                             \
	{                                                                      \
		.magic = MODULE_MAGIC, .abi = MODULE_ABI, .name = "toy",       \
		.version = which,                                              \
		.schema = { .fields = fields,                                  \
			.timers = "",                                          \
			.count = sizeof fields / sizeof fields[0],             \
			.size = sizeof(struct state) },                        \
		.init = init, .handle = idle_handle,                           \
		.terminate = idle_terminate                                    \
	}

static const struct module first = TOY("1.0"), second = TOY("2.0");

static int
setup(void **state)
{
	static struct world world;

	*state = &world;
	world_set_up(&world);
	return 0;
}

static void
spawn(struct world *world, uint16_t behaviour, uint32_t count, uint8_t phase)
{
	struct state start = { .phase = phase };
	const struct spawn spawn = {
		.behaviour = behaviour, .start = &start, .length = sizeof start
	};
	struct pid pid;

	for (; count > 0; count--) {
		start.key = count;
		assert_int_equal(
		    process_spawn(world->scheduler, &spawn, &pid), 0);
	}
}

/* How many of the samples are in each phase. */
static unsigned int
take(struct world *world, uint16_t behaviour, unsigned int *counts)
{
	struct samples *samples;
	struct state state;
	unsigned int i, count;

	memset(counts, 0, 4 * sizeof counts[0]);
	assert_int_equal(
	    samples_take(&samples, world->scheduler, behaviour), 0);
	count = samples_size(samples) / (unsigned int)sizeof state;
	for (i = 0; i < count; i++) {
		memcpy(&state, samples_bytes(samples) + i * sizeof state,
		    sizeof state);
		assert_in_range(state.key, 1, 100000);
		counts[state.phase]++;
	}
	samples_free(&samples);
	assert_null(samples);
	samples_free(&samples);
	return count;
}

static void
of_each_symbol_there_is_one(void **state)
{
	struct world *world = *state;
	uint16_t one = world_add(world, &first);
	unsigned int counts[4];

	assert_int_equal(take(world, one, counts), 0);
	spawn(world, one, 100, 2);
	spawn(world, one, 1, 3);
	spawn(world, one, 100, 0);
	world_run(world, 1000);
	assert_int_equal(take(world, one, counts), 10);
	assert_int_equal(counts[2], 8);
	assert_int_equal(counts[3], 1);
	assert_int_equal(counts[0], 1);
	assert_int_equal(counts[1], 0);
}

/* 256 looks at 60,000 in three blocks: each block is met. */
static void
looks_are_spread_over_all(void **state)
{
	struct world *world = *state;
	uint16_t one = world_add(world, &first);
	unsigned int counts[4];

	spawn(world, one, 20000, 0);
	spawn(world, one, 20000, 1);
	spawn(world, one, 20000, 2);
	world_run(world, 1000);
	assert_int_equal(take(world, one, counts), 10);
	assert_int_equal(counts[0], 8);
	assert_int_equal(counts[1], 1);
	assert_int_equal(counts[2], 1);
}

static void
other_versions_are_left_out(void **state)
{
	struct world *world = *state;
	uint16_t one = world_add(world, &first);
	uint16_t two = world_add(world, &second);
	unsigned int counts[4];

	spawn(world, one, 5, 1);
	spawn(world, two, 3, 2);
	world_run(world, 1000);
	assert_int_equal(take(world, one, counts), 5);
	assert_int_equal(counts[1], 5);
	assert_int_equal(take(world, two, counts), 3);
	assert_int_equal(counts[2], 3);
}

static void
no_memory_is_an_answer(void **state)
{
	struct world *world = *state;
	uint16_t one = world_add(world, &first);
	struct samples *samples = NULL;

	object_fail_after(0);
	assert_int_equal(
	    samples_take(&samples, world->scheduler, one), -ENOMEM);
	object_fail_after(-1);
	assert_null(samples);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_leave)
		TEST(of_each_symbol_there_is_one),
		TEST(looks_are_spread_over_all),
		TEST(other_versions_are_left_out),
		TEST(no_memory_is_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
