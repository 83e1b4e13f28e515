/* What the wheel promises: (due, start) order, at any distance. */
#include "switch/wheel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "switch/store.h"

enum { PIECE = WHEEL_OFFSET + sizeof(struct wheel_entry), MANY = 5000 };

struct fixture {
	struct store *store;
	struct wheel wheel;
};

static int
setup(void **state)
{
	static struct fixture fixture;

	if (store_alloc(&fixture.store, 0) != 0)
		return -1;
	wheel_init(&fixture.wheel, fixture.store);
	*state = &fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	store_free(&fixture->store);
	return 0;
}

static struct wheel_entry *
entry(struct fixture *fixture, uint32_t ref)
{
	uint8_t *piece = store_at(fixture->store, ref);

	return (struct wheel_entry *)(void *)(piece + WHEEL_OFFSET);
}

static uint32_t
add(struct fixture *fixture, uint64_t due)
{
	uint32_t ref = store_take(fixture->store, PIECE);

	assert_int_not_equal(ref, 0);
	entry(fixture, ref)->due = due;
	wheel_add(&fixture->wheel, ref);
	return ref;
}

static void
an_empty_wheel_waits_for_nothing(void **state)
{
	struct fixture *fixture = *state;

	assert_true(wheel_next(&fixture->wheel) == WHEEL_NEVER);
	wheel_advance(&fixture->wheel, UINT64_C(1) << 40);
	assert_int_equal(wheel_take(&fixture->wheel), 0);
}

static void
one_of_any_distance_is_due_at_its_time_and_not_before(void **state)
{
	static const uint64_t distances[] = { 1, 63, 64, 65, 4095, 4096, 100000,
		86400000, UINT64_C(1) << 40 };
	struct fixture *fixture = *state;
	uint64_t due;
	uint32_t ref;
	size_t i;

	for (i = 0; i < sizeof distances / sizeof distances[0]; i++) {
		due = fixture->wheel.now + distances[i];
		ref = add(fixture, due);
		assert_in_range(
		    wheel_next(&fixture->wheel), fixture->wheel.now + 1, due);
		wheel_advance(&fixture->wheel, due - 1);
		assert_int_equal(wheel_take(&fixture->wheel), 0);
		wheel_advance(&fixture->wheel, due);
		assert_int_equal(wheel_take(&fixture->wheel), ref);
		assert_int_equal(wheel_take(&fixture->wheel), 0);
	}
}

static void
what_is_past_is_due_at_once(void **state)
{
	struct fixture *fixture = *state;
	uint32_t ref;

	wheel_advance(&fixture->wheel, 500);
	ref = add(fixture, 20);
	assert_int_equal(wheel_next(&fixture->wheel), 500);
	assert_int_equal(wheel_take(&fixture->wheel), ref);
}

static void
many_come_out_in_order_of_due_and_start(void **state)
{
	struct fixture *fixture = *state;
	uint64_t last_due = 0, now;
	uint32_t ref, last_start = 0, taken = 0;
	uint32_t i;

	srand(7);
	for (i = 1; i <= MANY; i++) {
		ref = add(fixture, (uint64_t)(rand() % 20000));
		entry(fixture, ref)->spare[0] = (uint16_t)i;
	}
	for (now = 0; taken < MANY; now = wheel_next(&fixture->wheel)) {
		wheel_advance(&fixture->wheel, now);
		while ((ref = wheel_take(&fixture->wheel)) != 0) {
			taken++;
			assert_true(entry(fixture, ref)->due >= last_due);
			if (entry(fixture, ref)->due == last_due)
				assert_true(
				    entry(fixture, ref)->spare[0] > last_start);
			last_due = entry(fixture, ref)->due;
			last_start = entry(fixture, ref)->spare[0];
			assert_true(last_due == now || now == 0);
		}
	}
	assert_int_equal(fixture->wheel.count, 0);
}

static void
a_leap_past_several_takes_none_out_of_order(void **state)
{
	struct fixture *fixture = *state;
	uint32_t late = add(fixture, 9000), early = add(fixture, 70),
		 middle = add(fixture, 4097);

	wheel_advance(&fixture->wheel, 10000);
	assert_int_equal(wheel_take(&fixture->wheel), early);
	wheel_advance(&fixture->wheel, 20000);
	assert_int_equal(wheel_take(&fixture->wheel), middle);
	assert_int_equal(wheel_take(&fixture->wheel), late);
}

static void
what_is_removed_never_comes(void **state)
{
	struct fixture *fixture = *state;
	uint32_t kept[3], gone[3], i;

	for (i = 0; i < 3; i++) {
		kept[i] = add(fixture, 300);
		gone[i] = add(fixture, 300);
	}
	for (i = 0; i < 2; i++)
		wheel_remove(&fixture->wheel, gone[i]);
	wheel_advance(&fixture->wheel, 300);
	wheel_remove(&fixture->wheel, gone[2]); /* due, not yet taken */
	for (i = 0; i < 3; i++)
		assert_int_equal(wheel_take(&fixture->wheel), kept[i]);
	assert_int_equal(wheel_take(&fixture->wheel), 0);
	assert_true(wheel_next(&fixture->wheel) == WHEEL_NEVER);
}

static void
whoever_is_near_is_told_in_order_and_no_more_than_wanted(void **state)
{
	struct fixture *fixture = *state;
	const uint32_t later = add(fixture, 160), first = add(fixture, 130),
		       second = add(fixture, 130);
	uint32_t near[4];

	add(fixture, 192);
	assert_int_equal(wheel_near(&fixture->wheel, near, 4), 0);
	assert_false(wheel_advance(&fixture->wheel, 127));
	assert_true(wheel_advance(&fixture->wheel, 128));
	assert_int_equal(wheel_near(&fixture->wheel, near, 4), 3);
	assert_int_equal(near[0], first);
	assert_int_equal(near[1], second);
	assert_int_equal(near[2], later);
	assert_int_equal(wheel_near(&fixture->wheel, near, 2), 2);
}

/* Its piece may be anything's by then. */
static void
a_scout_leaves_an_entry_that_is_removed(void **state)
{
	struct fixture *fixture = *state;
	struct wheel *wheel = &fixture->wheel;
	uint32_t ref[3], i;

	add(fixture, 70);
	for (i = 0; i < 3; i++)
		ref[i] = add(fixture, 130);
	wheel_advance(wheel, 64); /* the slot of 128 is the next */
	assert_int_equal(wheel->scout[1], ref[0]);
	wheel_advance(wheel, 65);
	assert_int_equal(wheel->scout[1], ref[1]);
	wheel_remove(wheel, ref[1]);
	assert_int_equal(wheel->scout[1], ref[2]);
	wheel_remove(wheel, ref[2]);
	assert_int_equal(wheel->scout[1], 0);
	wheel_advance(wheel, 66);
	assert_int_equal(wheel->scout[1], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    an_empty_wheel_waits_for_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    one_of_any_distance_is_due_at_its_time_and_not_before,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    what_is_past_is_due_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    many_come_out_in_order_of_due_and_start, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_leap_past_several_takes_none_out_of_order, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    what_is_removed_never_comes, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    whoever_is_near_is_told_in_order_and_no_more_than_wanted,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_scout_leaves_an_entry_that_is_removed, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
