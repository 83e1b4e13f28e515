/* An office whose circuits are all taken when an emergency call wants one. */
#ifndef TESTS_PREEMPTION_WORLD_H
#define TESTS_PREEMPTION_WORLD_H

#include "tests/trunk_world.h"

/* T1 of two circuits, for 08 and for 112, where emergencies go. */
static inline void
emergency_trunk(struct office_world *w)
{
	struct route_plan route = { .prefix = "112",
		.count = 1,
		.class = ROUTE_EMERGENCY,
		.tariff = office_find_tariff(w->office, "second") };

	isdn_trunk(w);
	route.targets[0] = (uint16_t)office_find_trunk(w->office, "T1");
	assert_int_equal(office_add_route(w->office, &route), 0);
	office_set_class(w->office, line(w, "1010"), 5, CLASS_priority);
	office_set_class(w->office, line(w, "1020"), 5, CLASS_test);
}

/* A call over that circuit, which is answered. */
static inline uint64_t
talk_over(struct office_world *w, const char *from, uint32_t circuit)
{
	call(w, from, "0812345");
	far_says(w, "T1", circuit, SIGNAL_ALERTING, 0);
	far_says(w, "T1", circuit, SIGNAL_ANSWER, 0);
	expect_state(w, "active");
	pass(w, S);
	return w->call;
}

static inline void
expect_preempted(struct office_world *w, uint64_t call)
{
	assert_int_equal(w->cdr.call.call, call);
	assert_int_equal(w->cdr.call.cause, CAUSE_PREEMPTION);
	assert_int_equal(w->cdr.call.local_reason, LOCAL_PREEMPTED);
	assert_int_equal(w->cdr.call.release_side, SIDE_NET);
}

#endif
