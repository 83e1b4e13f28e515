/*
 * What is kept of the paths that calls try: their table; and what becomes of
 * them when the event that has opened, answered or closed one faults.
 */
#include "tests/office_world.h"

#include <errno.h>

#include "calls/exchange/office_internal.h"
#include "switch/object.h"

/*--------------------------------------------------------------------
 * The table
 */

static void
legs_have_numbers_in_their_call_and_places_of_their_own(void **state)
{
	struct leg_account one = { .first = LEG_NONE }, two = one;
	struct legs *legs;
	uint32_t a, b, c;

	(void)state;
	assert_int_equal(legs_alloc(&legs), 0);
	a = legs_open(legs, &one, 0);
	b = legs_open(legs, &two, 1);
	c = legs_open(legs, &one, 0);
	assert_int_equal(legs_at(legs, c)->number, 2);
	assert_int_equal(legs_find(legs, &one, 1), a);
	assert_int_equal(legs_find(legs, &one, 2), c);
	assert_int_equal(legs_find(legs, &two, 1), b);
	assert_int_equal(legs_find(legs, &two, 2), LEG_NONE);
	legs_drop(legs, &one, a);
	assert_int_equal(legs_find(legs, &one, 1), LEG_NONE);
	assert_int_equal(legs_first_open(legs, &one), c);
	assert_int_equal(legs_live(legs), 2);
	assert_int_equal(legs_open(legs, &one, 0), a); /* the place, anew */
	assert_int_equal(legs_at(legs, a)->number, 3);
	legs_free(&legs);
}

static void
a_call_has_no_more_than_a_hundred(void **state)
{
	struct leg_account account = { .first = LEG_NONE };
	struct legs *legs;
	unsigned int i;

	(void)state;
	assert_int_equal(legs_alloc(&legs), 0);
	for (i = 0; i < LEGS_MAX; i++)
		assert_int_not_equal(legs_open(legs, &account, 0), LEG_NONE);
	assert_int_equal(legs_open(legs, &account, 0), LEG_NONE);
	assert_int_equal(legs_live(legs), LEGS_MAX);
	legs_free(&legs);
}

static void
without_memory_there_is_no_leg_and_the_next_is_whole(void **state)
{
	struct leg_account account = { .first = LEG_NONE };
	struct legs *legs;

	(void)state;
	assert_int_equal(legs_alloc(&legs), 0);
	object_fail_after(0);
	assert_int_equal(legs_open(legs, &account, 0), LEG_NONE);
	assert_int_equal(account.count, 0);
	assert_int_equal(account.first, LEG_NONE);
	assert_int_not_equal(legs_open(legs, &account, 0), LEG_NONE);
	assert_int_equal(account.count, 1);
	legs_free(&legs);
}

static void
a_leg_leads_where_it_was_forwarded_to(void **state)
{
	struct leg_account account = { .first = LEG_NONE };
	uint32_t place[4], i;
	struct legs *legs;

	(void)state;
	assert_int_equal(legs_alloc(&legs), 0);
	for (i = 0; i < 4; i++) {
		place[i] = legs_open(legs, &account, 0);
		legs_at(legs, place[i])->port = i;
	}
	legs_at(legs, place[1])->kind = LEG_forward;
	legs_at(legs, place[2])->kind = LEG_forward;
	assert_int_equal(legs_far(legs, place[0]), 2);
	assert_int_equal(legs_far(legs, place[2]), 2);
	assert_int_equal(legs_far(legs, place[3]), 3);
	legs_free(&legs);
}

/*--------------------------------------------------------------------
 * Events that fault
 */

static int
set_up(void **state)
{
	*state = office_world_begin("1.0");
	return 0;
}

static const struct leg_account *
account(const struct office_world *w)
{
	const struct attempts *attempts = w->office->attempts;

	return &attempts_at(attempts, attempts_find(attempts, w->call))->legs;
}

static const struct leg *
first(const struct office_world *w)
{
	return legs_at(w->office->legs, account(w)->first);
}

static void
break_next(struct office_world *w)
{
	process_break(w->world.scheduler, pid_of(w), 0, FAULT_CRASH, 1);
}

/* The last digit opens one, so an event that faults there has opened none. */
static void
what_a_fault_has_opened_is_not_there(void **state)
{
	struct office_world *w = *state;

	offhook(w, "1001");
	dial(w, "1001", "100");
	break_next(w);
	dial(w, "1001", "2");
	assert_int_equal(account(w)->count, 0);
	assert_int_equal(legs_live(w->office->legs), 0);
	dial(w, "1001", "2");
	assert_int_equal(account(w)->count, 1);
	hang_up(w, "1001");
	assert_int_equal(w->legs, 1);
	assert_int_equal(legs_live(w->office->legs), 0);
	expect_order(w);
}

/* T89 finds the answer, which is charged from when it is found. */
static void
what_a_fault_has_answered_is_answered_once(void **state)
{
	struct office_world *w = *state;

	call(w, "1001", "1002");
	pass(w, S);
	break_next(w);
	answer(w, "1002");
	assert_int_equal(first(w)->t_answer, S + 1);
	pass(w, 60 * S);
	hang_up(w, "1001");
	hang_up(w, "1002");
	assert_int_equal(w->leg.charge_micro, 150000);
	assert_int_equal(w->legs, 1);
	expect_order(w);
}

static void
what_a_fault_has_closed_is_closed_once(void **state)
{
	struct office_world *w = *state;

	call(w, "1001", "1002");
	answer(w, "1002");
	pass(w, 60 * S);
	break_next(w);
	hang_up(w, "1001");
	hang_up(w, "1002");
	assert_int_equal(w->legs, 1);
	assert_int_equal(w->leg.charge_micro, 150000);
	assert_int_equal(w->cdr.charge_micro, 150000);
	assert_int_equal(w->cdr.pulses, 1);
	assert_int_equal(legs_live(w->office->legs), 0);
	expect_order(w);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, set_up, office_world_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    legs_have_numbers_in_their_call_and_places_of_their_own),
		cmocka_unit_test(a_call_has_no_more_than_a_hundred),
		cmocka_unit_test(
		    without_memory_there_is_no_leg_and_the_next_is_whole),
		cmocka_unit_test(a_leg_leads_where_it_was_forwarded_to),
		TEST(what_a_fault_has_opened_is_not_there),
		TEST(what_a_fault_has_answered_is_answered_once),
		TEST(what_a_fault_has_closed_is_closed_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
