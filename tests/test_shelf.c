/* Events that wait for a word about their call. */
#include "calls/exchange/shelf.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calls/exchange/call_event.h"
#include "switch/object.h"

struct given {
	unsigned int count;
	uint64_t last;
};

/* In the order in which they were put. */
static void
give(void *arg, const struct call_event *event)
{
	struct given *given = arg;

	assert_true(event->at > given->last);
	given->last = event->at;
	given->count++;
}

static void
put(struct shelf *shelf, uint64_t call, uint64_t at)
{
	const struct call_event event = { .call = call, .at = at };

	assert_int_equal(shelf_put(shelf, &event), 0);
}

static void
only_those_of_a_failed_call_are_given_in_their_order(void **state)
{
	enum { CALLS = 10000 };
	struct given given;
	struct shelf *shelf;
	uint64_t call, at;

	(void)state;
	assert_int_equal(shelf_alloc(&shelf), 0);
	for (at = 1; at <= 3; at++)
		for (call = 1; call <= CALLS; call++)
			put(shelf, call, at);
	assert_int_equal(shelf_count(shelf), 3 * CALLS);
	for (call = 1; call <= CALLS; call++) {
		shelf_judge(shelf, call, call % 3 == 0);
		put(shelf, call, 4); /* after its CDR */
		given = (struct given){ 0 };
		shelf_clear(shelf, call, give, &given);
		assert_int_equal(given.count, call % 3 == 0 ? 4 : 0);
	}
	assert_int_equal(shelf_count(shelf), 0);
	shelf_free(&shelf);
}

static void
a_call_without_a_cdr_and_an_unknown_one_leave_nothing(void **state)
{
	struct given given = { 0 };
	struct shelf *shelf;

	(void)state;
	assert_int_equal(shelf_alloc(&shelf), 0);
	put(shelf, 7, 1);
	shelf_clear(shelf, 7, give, &given);
	shelf_judge(shelf, 8, true);
	shelf_clear(shelf, 8, give, &given);
	assert_int_equal(given.count, 0);
	assert_int_equal(shelf_count(shelf), 0);
	put(shelf, 9, 1); /* what lies there is freed with it */
	shelf_free(&shelf);
}

static void
without_memory_an_event_is_left_out_and_the_others_stay(void **state)
{
	const struct call_event event = { .call = 5, .at = 2 };
	struct given given = { 0 };
	struct shelf *shelf;

	(void)state;
	assert_int_equal(shelf_alloc(&shelf), 0);
	put(shelf, 5, 1);
	object_fail_after(0);
	assert_int_equal(shelf_put(shelf, &event), -ENOMEM);
	object_fail_after(-1);
	put(shelf, 5, 3);
	shelf_judge(shelf, 5, true);
	shelf_clear(shelf, 5, give, &given);
	assert_int_equal(given.count, 2);
	shelf_free(&shelf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    only_those_of_a_failed_call_are_given_in_their_order),
		cmocka_unit_test(
		    a_call_without_a_cdr_and_an_unknown_one_leave_nothing),
		cmocka_unit_test(
		    without_memory_an_event_is_left_out_and_the_others_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
