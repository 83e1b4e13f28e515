/* A ring gives what was put in, in order, and says when it is full or empty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "switch/ring.h"

enum { ROOM = 4 };

static int
setup(void **state)
{
	static struct ring *ring;

	assert_int_equal(ring_alloc(&ring, ROOM, sizeof(uint32_t)), 0);
	*state = ring;
	return 0;
}

static int
teardown(void **state)
{
	struct ring *ring = *state;

	ring_free(&ring);
	assert_null(ring);
	return 0;
}

static void
put(struct ring *ring, uint32_t value)
{
	uint32_t *room = ring_room(ring);

	assert_non_null(room);
	*room = value;
	ring_push(ring);
}

static uint32_t
take(struct ring *ring)
{
	const uint32_t *thing = ring_peek(ring);
	uint32_t value;

	assert_non_null(thing);
	value = *thing;
	ring_pop(ring);
	return value;
}

static void
what_was_put_in_comes_out_in_order_round_and_round(void **state)
{
	uint32_t put_in = 0, taken = 0, round, i;

	for (round = 0; round < 10; round++) {
		for (i = 0; i < ROOM - 1; i++)
			put(*state, put_in++);
		for (i = 0; i < ROOM - 1; i++)
			assert_int_equal(take(*state), taken++);
	}
}

static void
what_is_there_can_be_looked_at_where_it_is(void **state)
{
	uint32_t i;

	for (i = 0; i < ROOM; i++)
		put(*state, i);
	(void)take(*state);
	(void)take(*state);
	put(*state, ROOM);
	for (i = 0; i < ROOM - 1; i++)
		assert_int_equal(
		    *(const uint32_t *)ring_look(*state, i), i + 2);
	assert_null(ring_look(*state, ROOM - 1));
	assert_int_equal(take(*state), 2);
}

static void
a_full_ring_has_no_room_until_one_is_taken(void **state)
{
	uint32_t i;

	for (i = 0; i < ROOM; i++)
		put(*state, i);
	assert_null(ring_room(*state));
	assert_int_equal(take(*state), 0);
	assert_non_null(ring_room(*state));
}

static void
an_empty_ring_says_so(void **state)
{
	assert_true(ring_is_empty(*state));
	assert_null(ring_peek(*state));
	put(*state, 7);
	assert_false(ring_is_empty(*state));
	(void)take(*state);
	assert_true(ring_is_empty(*state));
	assert_null(ring_peek(*state));
}

/* What is not there yet is the writer's. */
static void
a_look_ahead_sees_what_is_there_and_no_more(void **state)
{
	put(*state, 1);
	put(*state, 2);
	assert_non_null(ring_peek(*state));
	assert_int_equal(*(const uint32_t *)ring_peek_ahead(*state, 1), 2);
	assert_null(ring_peek_ahead(*state, 2));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_put_in_comes_out_in_order_round_and_round),
		TEST(what_is_there_can_be_looked_at_where_it_is),
		TEST(a_full_ring_has_no_room_until_one_is_taken),
		TEST(an_empty_ring_says_so),
		TEST(a_look_ahead_sees_what_is_there_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
