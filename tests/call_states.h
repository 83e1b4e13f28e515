/* Calls in each of the states that every release has, for tests of rows. */
#ifndef TESTS_CALL_STATES_H
#define TESTS_CALL_STATES_H

#include "tests/office_world.h"

/* A call from 1001 to 1002 in each of its states. */
static inline void
collecting(struct office_world *w)
{
	offhook(w, "1001");
	expect_state(w, "collecting");
}

static inline void
alerting(struct office_world *w)
{
	call(w, "1001", "1002");
	expect_state(w, "alerting");
}

/* To an ISDN line, whose terminal has not said anything yet. */
static inline void
presented(struct office_world *w)
{
	call(w, "1001", "2001");
	expect_state(w, "presented");
}

static inline void
active(struct office_world *w)
{
	alerting(w);
	pass(w, 6 * S);
	answer(w, "1002");
	expect_state(w, "active");
}

static inline void
treated(struct office_world *w)
{
	call(w, "1001", "9");
	expect_state(w, "treated");
}

static inline void
clearing(struct office_world *w)
{
	active(w);
	hang_up(w, "1001");
	expect_state(w, "clearing");
}

/* The fault takes the event; the fact is found again (T89). */
static inline void
break_next(struct office_world *w)
{
	assert_int_equal(
	    process_break(w->world.scheduler, pid_of(w), 0, FAULT_CRASH, 1), 0);
}

#define CALL_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
