/*
 * office_trunk: see office_trunk.h for what it is.
 *
 * What far ends say is office_far.c's.
 */
#include "calls/exchange/office_trunk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/class.h"
#include "calls/exchange/office_internal.h"
#include "calls/exchange/register.h"
#include "switch/alarm.h"
#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"

static int
leave(struct office *office, int status)
{
	office_leave(office);
	return status;
}

int
office_refuse_circuit(struct office *office, uint32_t port, const char *clause,
    const char **ret_why)
{
	char text[CIRCUIT_TEXT_SIZE];

	snprintf(office->why, sizeof office->why, "circuit %s: %s",
	    circuit_text(office->trunks, circuit_id(port), text), clause);
	*ret_why = office->why;
	return -ENOTSUP;
}

static int
refuse_trunk(struct office *office, uint32_t trunk, const char *clause,
    const char **ret_why)
{
	snprintf(office->why, sizeof office->why, "trunk %s: %s",
	    trunks_at(office->trunks, trunk)->name, clause);
	*ret_why = office->why;
	return -ENOTSUP;
}

void
office_port_text(const struct office *office, uint32_t port, char *text)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);

	if (circuit == NULL)
		numbering_text(office->lines->numbering, port, text);
	else
		memcpy(text, circuit->digits, sizeof circuit->digits);
}

uint32_t
office_attempt_at(const struct office *office, uint32_t port)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);
	const struct line *line = lines_at(office->lines, port);

	if (circuit != NULL)
		return circuit->attempt;
	return line == NULL ? ATTEMPT_NONE : line->attempt;
}

uint32_t
office_find_trunk(const struct office *office, const char *name)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	return trunks_find(office->trunks, name);
}

const char *
office_trunk_name(const struct office *office, uint32_t trunk)
{
	const struct trunk *found;

	CHECK_OBJ(office, OFFICE_MAGIC);
	found = trunks_at(office->trunks, trunk);
	return found == NULL ? NULL : found->name;
}

uint32_t
office_circuit(const struct office *office, uint32_t trunk, uint32_t number)
{
	const struct trunk *found;

	CHECK_OBJ(office, OFFICE_MAGIC);
	found = trunks_at(office->trunks, trunk);
	if (found == NULL || number < 1 || number > found->made)
		return PORT_NONE;
	if (number > found->count &&
	    !circuit_is_busy(
		circuits_at(office->trunks, found->ids[number - 1])))
		return PORT_NONE; /* it was one once */
	return circuit_port(found->ids[number - 1]);
}

/*--------------------------------------------------------------------
 * A call from there
 */

/* An attempt with all that is known of it; ATTEMPT_NONE without room. */
static uint32_t
begin_attempt(struct office *office, uint32_t id, const struct trunk_call *call,
    uint64_t number)
{
	const struct circuit *circuit = circuits_at(office->trunks, id);
	uint32_t place =
	    attempts_begin(office->attempts, number, circuit_port(id));
	struct annex *annex;

	if (place == ATTEMPT_NONE)
		return place;
	annex = attempts_make_annex(office->attempts, place);
	if (annex == NULL) {
		attempts_end(office->attempts, place);
		return ATTEMPT_NONE;
	}
	strncpy(annex->calling, call->calling, DIGITS_MAX);
	annex->in_trunk = circuit->trunk;
	annex->in_circuit = circuit->number;
	annex->hops = call->hops;
	return place;
}

/* It is kept for that attempt. */
static void
keep_for(struct office *office, uint32_t id, uint32_t place,
    const struct trunk_call *call)
{
	struct circuit *circuit = circuits_at(office->trunks, id);

	memset(circuit->digits, 0, sizeof circuit->digits);
	strncpy(circuit->digits, call->calling, DIGITS_MAX);
	circuits_reserve(office->trunks, id, place, true);
}

/* To a process of its own. */
static int
begin(struct office *office, uint32_t id, const struct trunk_call *call,
    uint32_t place, const char **ret_why)
{
	if (office_announce(office, place, call->digits, CAUSE_NONE) != 0) {
		attempts_end(office->attempts, place);
		return office_refuse_circuit(office, circuit_port(id),
		    "the process '" OFFICE_PROCESS "' takes no calls", ret_why);
	}
	keep_for(office, id, place, call);
	return 0;
}

/* T62: what the owner of the circuit makes of it is the owner's affair. */
static int
meet(struct office *office, uint32_t id, const struct trunk_call *call,
    uint64_t number, const char **ret_why)
{
	struct circuit *circuit = circuits_at(office->trunks, id);
	const struct signal signal = { .call = office_call_at_circuit(
					   office, circuit),
		.port = circuit_port(id),
		.other = number };

	if (office_post_circuit(office, circuit, &signal, SIGNAL_SETUP) != 0)
		return office_refuse_circuit(office, circuit_port(id),
		    "the switch has no room for its signal", ret_why);
	circuit->glare =
	    (struct circuit_setup){ .number = number, .hops = call->hops };
	strncpy(circuit->glare.calling, call->calling, DIGITS_MAX);
	strncpy(circuit->glare.called, call->digits, DIGITS_MAX);
	trunk_counts(office->trunks, trunks_at(office->trunks, circuit->trunk))
	    ->glare++;
	office->counts.glare++;
	return 0;
}

/* Its SETUP is on the way, and nothing has come back. */
static bool
can_meet(const struct circuit *circuit)
{
	return circuit->is_set_up && circuit->far == FAR_NOTHING &&
	    !circuit->is_down && !circuit->is_released &&
	    !pid_is_none(circuit->owner);
}

/* T46, T47; the gate has said `answer`. */
static int
admit(struct office *office, uint32_t id, const struct trunk_call *call,
    uint64_t number, uint8_t answer, const char **ret_why)
{
	uint32_t place;
	int status = 0;

	office_settle(office);
	place = begin_attempt(office, id, call, number);
	if (place == ATTEMPT_NONE)
		return office_refuse_circuit(
		    office, circuit_port(id), "no memory is left", ret_why);
	if (call->digits[0] == '\0' &&
	    (answer != GATE_LETS_IN || register_is_wanted(office))) {
		keep_for(office, id, place, call);
		register_seize_circuit(office, place, answer);
		return 0;
	}
	status = begin(office, id, call, place, ret_why);
	if (status == 0)
		gate_mark(office, attempts_at(office->attempts, place), answer);
	return status;
}

/* Only the digits to come will say whether one without is for an emergency. */
static int
call_over(struct office *office, uint32_t id, const struct trunk_call *call,
    uint64_t number, const char **ret_why)
{
	const struct circuit *circuit = circuits_at(office->trunks, id);
	uint8_t answer = GATE_LETS_IN;

	circuits_log(office->trunks, id, "-> setup ", call->digits, CAUSE_NONE);
	if (can_meet(circuit))
		return meet(office, id, call, number, ret_why);
	if (!circuit_is_free(circuit))
		return office_refuse_circuit(office, circuit_port(id),
		    "it has a call, or is out of service", ret_why);
	if (call->digits[0] != '\0' || !register_is_wanted(office))
		answer = gate_ask(office, CLASS_ordinary, call->digits);
	if (answer == GATE_LETS_IN || call->digits[0] == '\0')
		return admit(office, id, call, number, answer, ret_why);
	gate_turn_away(office, answer); /* T2 */
	circuits_log(office->trunks, id, "<- ",
	    signal_word(SIGNAL_RELEASE_COMPLETE), CAUSE_SWITCH_CONGESTION);
	return 0;
}

static bool
are_digits(const char *digits, size_t least)
{
	size_t length = strspn(digits, "0123456789*#");

	return digits[length] == '\0' && length >= least &&
	    length <= DIGITS_MAX;
}

static int
call_from(struct office *office, const struct trunk_call *call,
    uint64_t *ret_call, uint32_t *ret_port, const char **ret_why)
{
	uint32_t port = office_circuit(office, call->trunk, call->circuit), id;
	int status;

	if (!are_digits(call->digits, 0) || !are_digits(call->calling, 0))
		return refuse_trunk(office, call->trunk,
		    "a number has 1 to 15 digits, * and # among them", ret_why);
	if (call->circuit == 0) {
		id = trunk_hunt(office->trunks, call->trunk, true);
		port = id == CIRCUIT_NONE ? PORT_NONE : circuit_port(id);
	}
	if (port == PORT_NONE)
		return refuse_trunk(office, call->trunk,
		    call->circuit == 0 ? "no circuit is free for a call from it"
				       : "it has no such circuit",
		    ret_why);
	*ret_call = attempts_number(office->attempts);
	*ret_port = port;
	status = call_over(office, circuit_id(port), call, *ret_call, ret_why);
	return status;
}

int
office_trunk_call(struct office *office, const struct trunk_call *call,
    uint64_t *ret_call, uint32_t *ret_port, const char **ret_why)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	return leave(
	    office, call_from(office, call, ret_call, ret_port, ret_why));
}

/*--------------------------------------------------------------------
 * Service and failure
 */

/* Back in service, it is no trouble any more (T85). */
static void
set_blocked(struct office *office, uint32_t id, bool is_blocked)
{
	char text[CIRCUIT_TEXT_SIZE];

	circuits_set_blocked(office->trunks, id, is_blocked);
	if (!is_blocked && alarm_stands(office->scheduler))
		alarm_clear(office->scheduler, ALARM_CIRCUIT_BLOCKED,
		    circuit_text(office->trunks, id, text));
}

void
office_block_circuit(struct office *office, uint32_t port, bool is_blocked)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	set_blocked(office, circuit_id(port), is_blocked);
	office_leave(office);
}

void
office_block_trunk(struct office *office, uint32_t number, bool is_blocked)
{
	struct trunk *trunk;
	uint32_t i;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	trunk = trunks_at(office->trunks, number);
	trunk->is_blocked = is_blocked;
	for (i = 0; i < trunk->made; i++)
		set_blocked(office, trunk->ids[i], is_blocked);
	office_leave(office);
}

/* A call on it is told, and what it knows is a fact from here on. */
static int
set_down(struct office *office, uint32_t id, bool is_down)
{
	struct circuit *circuit = circuits_at(office->trunks, id);
	const struct signal signal = { .call = office_call_at_circuit(
					   office, circuit),
		.port = circuit_port(id),
		.cause = CAUSE_NETWORK_OUT_OF_ORDER };

	if (is_down && !circuit->is_down && !pid_is_none(circuit->owner) &&
	    office_post_circuit(office, circuit, &signal, SIGNAL_TRUNK_DOWN) !=
		0)
		return -ENOSPC;
	circuits_set_down(office->trunks, id, is_down);
	circuit->has_failed =
	    circuit->has_failed || (is_down && !pid_is_none(circuit->owner));
	if (is_down && register_has(office, circuit_port(id)))
		register_release(office, circuit_port(id));
	return 0;
}

int
office_fail_circuit(struct office *office, uint32_t port, bool is_down)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	return leave(office, set_down(office, circuit_id(port), is_down));
}

int
office_fail_trunk(struct office *office, uint32_t number, bool is_down)
{
	struct trunk *trunk;
	int status = 0;
	uint32_t i;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	trunk = trunks_at(office->trunks, number);
	trunk->is_down = is_down;
	for (i = 0; i < trunk->made && status == 0; i++)
		status = set_down(office, trunk->ids[i], is_down);
	return leave(office, status);
}

/*--------------------------------------------------------------------
 * Looking
 */

const char *
circuit_state_word(enum circuit_state state)
{
#define STATE_WORD(symbol) #symbol,
	static const char *const words[] = { CIRCUIT_STATES(STATE_WORD) };
#undef STATE_WORD

	return words[state];
}

static enum circuit_state
state_of(const struct circuit *circuit)
{
	if (circuit->is_down)
		return CIRCUIT_STATE_down;
	if (circuit->attempt != ATTEMPT_NONE || !pid_is_none(circuit->owner))
		return CIRCUIT_STATE_busy;
	return circuit->is_blocked ? CIRCUIT_STATE_blocked : CIRCUIT_STATE_idle;
}

void
office_circuit_look(
    struct office *office, uint32_t port, struct circuit_info *ret_info)
{
	const struct circuit *circuit;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	circuit = circuit_of_port(office->trunks, port);
	*ret_info = (struct circuit_info){ .state = state_of(circuit),
		.tone = (enum tone)circuit->tone,
		.call = circuit->owner,
		.number = office_call_at_circuit(office, circuit),
		.is_called = circuit->is_set_up && circuit->far == FAR_NOTHING,
		.trunk = circuit->trunk,
		.circuit = circuit->number };
	office_leave(office);
}

uint32_t
office_route_of(struct office *office, const char *digits)
{
	struct translation translation;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	translation = class_translate(office, digits);
	office_leave(office);
	return translation.route;
}

void
office_set_far_end(struct office *office, office_far_end_f *far_end, void *arg)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office->trunks->far_end = far_end;
	office->trunks->far_end_arg = arg;
}

void
office_tell_far_ends(struct office *office)
{
	const struct trunks *trunks = office->trunks;
	uint32_t id;

	for (;;) {
		office_enter(office->scheduler);
		id = circuits_take_untold(office->trunks);
		office_leave(office);
		if (id == CIRCUIT_NONE)
			return;
		if (trunks->far_end != NULL)
			trunks->far_end(trunks->far_end_arg, circuit_port(id));
	}
}
