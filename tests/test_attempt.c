/* What the table of live calls promises, in the order of its header. */
#include "calls/exchange/attempt.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calls/exchange/line.h"
#include "switch/object.h"

static int
setup(void **state)
{
	return attempts_alloc((struct attempts **)state);
}

static int
teardown(void **state)
{
	attempts_free((struct attempts **)state);
	assert_null(*state);
	return 0;
}

static void
there_is_no_room_before_it_is_reserved(void **state)
{
	assert_int_equal(
	    attempts_begin(*state, attempts_number(*state), 0), ATTEMPT_NONE);
	assert_int_equal(attempts_find(*state, 1), ATTEMPT_NONE);
	assert_int_equal(attempts_reserve(*state, 2), 0);
	assert_int_equal(attempts_begin(*state, attempts_number(*state), 0), 0);
	assert_int_equal(attempts_begin(*state, attempts_number(*state), 1), 1);
	assert_int_equal(
	    attempts_begin(*state, attempts_number(*state), 2), ATTEMPT_NONE);
	assert_int_equal(attempts_live(*state), 2);
}

static void
numbers_rise_and_places_are_used_again(void **state)
{
	uint32_t place;

	attempts_reserve(*state, 2);
	place = attempts_begin(*state, attempts_number(*state), 7);
	assert_int_equal(attempts_at(*state, place)->number, 1);
	assert_int_equal(attempts_at(*state, place)->port_a, 7);
	assert_int_equal(attempts_at(*state, place)->port_b, PORT_NONE);
	attempts_at(*state, place)->is_recorded = true;
	attempts_end(*state, place);
	assert_int_equal(attempts_find(*state, 1), ATTEMPT_NONE);
	assert_int_equal(
	    attempts_begin(*state, attempts_number(*state), 8), place);
	assert_int_equal(attempts_at(*state, place)->number, 2);
	assert_false(attempts_at(*state, place)->is_recorded);
	assert_int_equal(attempts_span(*state), 1);
}

/* 1,000 begun, each third ended, the room grown, and begun anew. */
static void
each_live_one_is_found_by_its_number(void **state)
{
	uint64_t number;
	uint32_t place;

	attempts_reserve(*state, 1000);
	for (number = 1; number <= 1000; number++)
		attempts_begin(*state, attempts_number(*state), 0);
	for (number = 3; number <= 1000; number += 3)
		attempts_end(*state, attempts_find(*state, number));
	assert_int_equal(attempts_reserve(*state, 5000), 0);
	for (number = 1001; number <= 1400; number++)
		attempts_begin(*state, attempts_number(*state), 0);
	assert_int_equal(attempts_live(*state), 1000 - 333 + 400);
	for (number = 1; number <= 1401; number++) {
		place = attempts_find(*state, number);
		if (number > 1400 || (number <= 1000 && number % 3 == 0))
			assert_int_equal(place, ATTEMPT_NONE);
		else
			assert_int_equal(
			    attempts_at(*state, place)->number, number);
	}
}

static void
without_memory_what_was_there_stays(void **state)
{
	long n;
	int status;

	attempts_reserve(*state, 4);
	attempts_begin(*state, attempts_number(*state), 3);
	for (n = 0;; n++) {
		object_fail_after(n);
		status = attempts_reserve(*state, 1000);
		object_fail_after(-1);
		assert_int_equal(attempts_find(*state, 1), 0);
		if (status == 0)
			break;
		assert_int_equal(status, -ENOMEM);
	}
	assert_int_equal(n, 2); /* places, chains */
	object_fail_after(1);	/* places, ends */
	assert_int_equal(attempts_reserve(*state, 1001), -ENOMEM);
	object_fail_after(-1);
	while (attempts_live(*state) < 1000)
		assert_int_not_equal(
		    attempts_begin(*state, attempts_number(*state), 0),
		    ATTEMPT_NONE);
	assert_int_equal(
	    attempts_begin(*state, attempts_number(*state), 0), ATTEMPT_NONE);
}

/* 100 have one; it is theirs while the table of them grows, and ends so. */
static void
what_few_have_is_made_where_it_is_needed(void **state)
{
	uint32_t place;

	attempts_reserve(*state, 100);
	for (place = 0; place < 100; place++) {
		attempts_begin(*state, attempts_number(*state), place);
		assert_ptr_equal(attempts_annex(*state, place), &annex_empty);
		assert_int_equal(attempts_linked(*state, place), place + 1);
		attempts_make_annex(*state, place)->starter = place + 1000;
		assert_int_equal(attempts_linked(*state, place), place + 1);
		attempts_make_annex(*state, place)->linked = place + 2000;
	}
	for (place = 0; place < 100; place++) {
		assert_int_equal(
		    attempts_annex(*state, place)->starter, place + 1000);
		assert_int_equal(
		    attempts_annex(*state, place)->claimant, LINE_NONE);
		assert_int_equal(attempts_linked(*state, place), place + 2000);
	}
	attempts_end(*state, 7);
	assert_int_equal(attempts_begin(*state, attempts_number(*state), 0), 7);
	assert_ptr_equal(attempts_annex(*state, 7), &annex_empty);
	assert_int_equal(attempts_make_annex(*state, 7)->starter, 0);
}

static void
without_memory_it_is_not_made(void **state)
{
	attempts_reserve(*state, 1);
	attempts_begin(*state, attempts_number(*state), 0);
	object_fail_after(0);
	assert_null(attempts_make_annex(*state, 0));
	object_fail_after(-1);
	assert_ptr_equal(attempts_annex(*state, 0), &annex_empty);
	assert_non_null(attempts_make_annex(*state, 0));
	object_fail_after(0); /* it is there: none is needed */
	assert_non_null(attempts_make_annex(*state, 0));
	object_fail_after(-1);
}

#define ATTEMPT_TEST(name)                                                     \
	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ATTEMPT_TEST(there_is_no_room_before_it_is_reserved),
		ATTEMPT_TEST(numbers_rise_and_places_are_used_again),
		ATTEMPT_TEST(each_live_one_is_found_by_its_number),
		ATTEMPT_TEST(without_memory_what_was_there_stays),
		ATTEMPT_TEST(what_few_have_is_made_where_it_is_needed),
		ATTEMPT_TEST(without_memory_it_is_not_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
