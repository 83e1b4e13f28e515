/*
 * Two calls of one line: 1001 of release 3.0 talks to 1002, holds it, and calls
 * somebody else.  It may transfer, and bring all three together; calls of 08
 * go to the trunk group T1.
 */
#ifndef TESTS_CONSULTATION_WORLD_H
#define TESTS_CONSULTATION_WORLD_H

#include "tests/trunk_world.h"

static int
setup(void **state)
{
	struct office_world *w = office_world_begin("3.0");

	service(w, "1001", SERVICE_transfer, "");
	service(w, "1001", SERVICE_three_way, "");
	isdn_trunk(w);
	*state = w;
	return 0;
}

/* Whatever a test has done, the books agree when it ends. */
static int
teardown(void **state)
{
	expect_order(*state);
	office_world_end(*state);
	return 0;
}

/* The numbers of the two calls; the second is the one that is looked at. */
static inline void
hold_and_consult(struct office_world *w, uint64_t calls[2], const char *digits)
{
	active(w);
	calls[0] = w->call;
	send(w, "1001", SIGNAL_HOLD);
	consult(w, "1001", digits);
	calls[1] = w->call;
}

/* 1003 rings; the first call is looked at. */
static inline void
consulting(struct office_world *w, uint64_t calls[2])
{
	hold_and_consult(w, calls, "1003");
	expect_state(w, "alerting");
	expect_line(w, "1001", "busy", "ringback");
	expect_line(w, "1002", "busy", "hold");
	assert_int_equal(look(w, "1001").calls, 2);
	w->call = calls[0];
	expect_state(w, "consulting");
}

/* The two calls, of which the second has been answered 10 s ago. */
static inline void
spoken(struct office_world *w, uint64_t calls[2])
{
	consulting(w, calls);
	answer(w, "1003");
	pass(w, 10 * S);
}

static inline void
expect_talk(struct office_world *w, const char *one, const char *other)
{
	expect_line(w, one, "busy", "speech");
	expect_line(w, other, "busy", "speech");
	assert_int_equal(look(w, one).peer, line(w, other));
	assert_int_equal(look(w, other).peer, line(w, one));
	assert_true(pid_equal(look(w, one).call, pid_of(w)));
	assert_true(pid_equal(look(w, other).call, pid_of(w)));
	expect_order(w);
}

/* The consultation has ended with its own record. */
static inline void
expect_joined(
    struct office_world *w, uint64_t calls[2], enum local_reason reason)
{
	w->call = calls[1];
	expect_record(w, 16, reason, SIDE_A);
	w->call = calls[0];
}

#endif
