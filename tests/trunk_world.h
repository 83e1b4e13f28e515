/*
 * An office with trunks: what far ends do, and then the switch until it is
 * idle; and what is seen of circuits.
 */
#ifndef TESTS_TRUNK_WORLD_H
#define TESTS_TRUNK_WORLD_H

#include "calls/exchange/office_trunk.h"
#include "switch/alarm.h"
#include "tests/call_states.h"

/* A group of so many circuits; `prefix` leads to it, if there is one. */
static inline void
trunk(struct office_world *w, const struct trunk_plan *plan, const char *prefix)
{
	struct route_plan route = { .prefix = prefix,
		.count = 1,
		.tariff = office_find_tariff(w->office, "second") };

	if (office_find_trunk(w->office, plan->name) != TRUNK_NONE)
		return; /* it is there */
	assert_int_equal(office_add_trunk(w->office, plan), 0);
	route.targets[0] = (uint16_t)office_find_trunk(w->office, plan->name);
	if (prefix != NULL)
		assert_int_equal(office_add_route(w->office, &route), 0);
}

/* T1 of two circuits, by Q.931, for what begins with 08. */
static inline void
isdn_trunk(struct office_world *w)
{
	const struct trunk_plan plan = {
		.name = "T1", .circuits = 2, .kind = TRUNK_ISDN
	};

	trunk(w, &plan, "08");
}

/* Likewise by ISUP; or one whose far end says nothing by itself. */
static inline void
ss7_trunk(struct office_world *w)
{
	const struct trunk_plan plan = { .name = "T1", .circuits = 2 };

	trunk(w, &plan, "08");
}

static inline void
silent_trunk(struct office_world *w, enum trunk_kind kind)
{
	const struct trunk_plan plan = {
		.name = "T1", .circuits = 2, .kind = kind, .is_silent = true
	};

	trunk(w, &plan, "08");
}

/* T2 of one circuit: where calls of 08 go that T1 cannot carry. */
static inline void
second_trunk(struct office_world *w)
{
	const struct trunk_plan plan = {
		.name = "T2", .circuits = 1, .kind = TRUNK_ISDN
	};

	trunk(w, &plan, "08");
}

static inline uint32_t
port(const struct office_world *w, const char *name, uint32_t number)
{
	uint32_t found = office_circuit(
	    w->office, office_find_trunk(w->office, name), number);

	assert_int_not_equal(found, PORT_NONE);
	return found;
}

/* The far end of a circuit says so. */
static inline void
far_says(struct office_world *w, const char *name, uint32_t number,
    enum signal_kind kind, uint8_t cause)
{
	const char *why = "";
	int status = office_far_signal(
	    w->office, port(w, name, number), kind, cause, &why);

	done(w, status, why);
}

static inline void
far_dials(struct office_world *w, const char *name, uint32_t number,
    const char *digits)
{
	const char *why = "";
	int status =
	    office_far_dial(w->office, port(w, name, number), digits, &why);

	done(w, status, why);
}

/*
 * A call from there, over that circuit, with such a hop counter, or none (0);
 * its number is w->call from now on.
 */
static inline void
far_calls_with(struct office_world *w, const char *name, uint32_t number,
    const char *digits, uint8_t hops)
{
	const struct trunk_call call = { .trunk =
					     office_find_trunk(w->office, name),
		.circuit = number,
		.digits = digits,
		.calling = "0790123",
		.hops = hops };
	const char *why = "";
	uint32_t at;
	int status = office_trunk_call(w->office, &call, &w->call, &at, &why);

	done(w, status, why);
}

static inline void
far_calls(struct office_world *w, const char *name, uint32_t number,
    const char *digits)
{
	far_calls_with(w, name, number, digits, 0);
}

static inline struct trunk_info
trunk_look(const struct office_world *w, const char *name)
{
	struct trunk_info info;

	office_trunk_look(w->office, office_find_trunk(w->office, name), &info);
	return info;
}

static inline struct circuit_info
circuit_look_at(const struct office_world *w, const char *name, uint32_t number)
{
	struct circuit_info info;

	office_circuit_look(w->office, port(w, name, number), &info);
	return info;
}

#define expect_circuit(w, name, number, its_state, its_tone)                   \
	do {                                                                   \
		assert_string_equal(                                           \
		    circuit_state_word(                                        \
			circuit_look_at(w, name, number).state),               \
		    its_state);                                                \
		assert_string_equal(                                           \
		    tone_word(circuit_look_at(w, name, number).tone),          \
		    its_tone);                                                 \
	} while (0)

static inline bool
alarm_stands_of(const struct office_world *w, const char *name)
{
	struct alarm alarm = { .is_raised = false };

	return alarm_look(w->world.scheduler, name, &alarm) == 0 &&
	    alarm.is_raised;
}

#endif
