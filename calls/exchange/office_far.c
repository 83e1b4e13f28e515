/*
 * office_far: what the far end of a circuit says.
 *
 * It becomes, first, a fact of the circuit, and then a signal to the call that
 * owns it, as with lines (office_line.c).  One that belongs to no call is
 * answered with RELEASE COMPLETE, cause 81, and no process (T87).
 */
#include <string.h>

#include "calls/exchange/office_internal.h"
#include "calls/exchange/office_trunk.h"
#include "calls/exchange/register.h"
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
office_post_circuit(struct office *office, const struct circuit *circuit,
    const struct signal *signal, enum signal_kind kind)
{
	return process_post(office->scheduler, circuit->owner, (uint16_t)kind,
	    signal, sizeof *signal);
}

uint64_t
office_call_at_circuit(
    const struct office *office, const struct circuit *circuit)
{
	return circuit->attempt == ATTEMPT_NONE
	    ? 0
	    : attempts_at(office->attempts, circuit->attempt)->number;
}

/* Whom the signal makes leave, and how; else FAR_NOTHING. */
static enum far_end
left_by(enum signal_kind kind)
{
	if (kind == SIGNAL_DISCONNECT)
		return FAR_DISCONNECTED;
	if (kind == SIGNAL_RELEASE)
		return FAR_RELEASED;
	return kind == SIGNAL_RELEASE_COMPLETE ? FAR_CLEARED : FAR_NOTHING;
}

static enum far_end
progress_by(enum signal_kind kind)
{
	if (kind == SIGNAL_ANSWER)
		return FAR_ANSWERED;
	if (kind == SIGNAL_ALERTING)
		return FAR_ALERTING;
	return kind == SIGNAL_PROCEEDING || kind == SIGNAL_PROGRESS
	    ? FAR_PROCEEDING
	    : FAR_NOTHING;
}

static void
note_fact(struct office *office, struct circuit *circuit, enum signal_kind kind,
    uint8_t cause)
{
	enum far_end far = left_by(kind);

	if (far > circuit->far) {
		circuit->far = (uint8_t)far;
		if (circuit->cause == CAUSE_NONE)
			circuit->cause = cause;
	}
	far = progress_by(kind);
	if (far <= circuit->far || circuit->is_incoming)
		return;
	circuit->far = (uint8_t)far;
	if (far == FAR_ALERTING)
		circuit->has_alerted = true;
	if (far == FAR_ANSWERED) {
		circuit->t_answer = office_stamp(office);
		trunk_counts(
		    office->trunks, trunks_at(office->trunks, circuit->trunk))
		    ->answers++;
	}
}

/* T87: a signal that belongs to no call. */
static void
answer_reference(
    const struct office *office, uint32_t id, enum signal_kind kind)
{
	if (kind != SIGNAL_RELEASE_COMPLETE && kind != SIGNAL_STATUS)
		circuits_log(office->trunks, id, "<- ",
		    signal_word(SIGNAL_RELEASE_COMPLETE),
		    CAUSE_INVALID_REFERENCE);
}

/* It has no call as yet, but the register: T7, and what has no row. */
static void
hear(struct office *office, const struct wire_signal *said)
{
	if (left_by(said->kind) != FAR_NOTHING)
		register_release(office, said->port);
	else if (said->kind != SIGNAL_STATUS)
		stray_answer(office, said->port, (uint16_t)said->kind);
}

/* The circuit has it: a fact, and then a signal to its call. */
static int
arrive(
    struct office *office, const struct wire_signal *said, const char **ret_why)
{
	struct circuit *circuit = circuit_of_port(office->trunks, said->port);
	const struct signal signal = {
		.call = said->call, .port = said->port, .cause = said->cause
	};

	if (!pid_is_none(circuit->owner) &&
	    office_post_circuit(office, circuit, &signal, said->kind) != 0)
		return office_refuse_circuit(office, said->port,
		    "the switch has no room for its signal", ret_why);
	note_fact(office, circuit, said->kind, said->cause);
	if (register_has(office, said->port))
		hear(office, said);
	return 0;
}

/* Twice, if it is to come twice. */
static int
pass_on(
    struct office *office, const struct wire_signal *said, const char **ret_why)
{
	enum wire_fate fate = office->wire == NULL
	    ? WIRE_PASSES
	    : office->wire(office->wire_arg, said);
	int status;

	if (fate == WIRE_KEEPS)
		return 0;
	status = arrive(office, said, ret_why);
	return status == 0 && fate == WIRE_DOUBLES
	    ? arrive(office, said, ret_why)
	    : status;
}

static int
signal_from(struct office *office, uint32_t port, enum signal_kind kind,
    uint8_t cause, const char **ret_why)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);
	const struct wire_signal said = {
		office_call_at_circuit(office, circuit), port, kind, cause
	};

	if (circuit->is_down)
		return office_refuse_circuit(
		    office, port, "it is down", ret_why);
	circuits_log(office->trunks, circuit_id(port), "-> ",
	    signal_word((uint16_t)kind), cause);
	if (said.call != 0)
		return pass_on(office, &said, ret_why);
	answer_reference(office, circuit_id(port), kind);
	return 0;
}

int
office_far_signal(struct office *office, uint32_t port, enum signal_kind signal,
    uint8_t cause, const char **ret_why)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	return leave(office, signal_from(office, port, signal, cause, ret_why));
}

void
office_set_wire(struct office *office, office_wire_f *wire, void *arg)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office->wire = wire;
	office->wire_arg = arg;
}

/* Its call may have ended meanwhile, and another have the circuit (T87). */
bool
office_deliver(struct office *office, const struct wire_signal *said)
{
	const struct circuit *circuit;
	const char *why;
	bool is_in_time;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	circuit = circuit_of_port(office->trunks, said->port);
	is_in_time = !circuit->is_down &&
	    office_call_at_circuit(office, circuit) == said->call;
	if (is_in_time)
		(void)arrive(office, said, &why);
	else
		answer_reference(office, circuit_id(said->port), said->kind);
	office_leave(office);
	return is_in_time;
}

static int
dial(struct office *office, uint32_t port, const char *digits,
    const char **ret_why)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);
	struct signal signal = {
		.call = office_call_at_circuit(office, circuit), .port = port
	};
	size_t length;

	if (register_has(office, port)) {
		register_dial(office, port, digits);
		return 0;
	}
	if (pid_is_none(circuit->owner) || circuit->is_down)
		return office_refuse_circuit(
		    office, port, "no call hears its digits", ret_why);
	for (; *digits != '\0'; digits += length) {
		length = strnlen(digits, DIGITS_MAX);
		memset(signal.digits, 0, sizeof signal.digits);
		memcpy(signal.digits, digits, length);
		if (office_post_circuit(
			office, circuit, &signal, SIGNAL_DIGIT) != 0)
			return office_refuse_circuit(office, port,
			    "the switch has no room for its digits", ret_why);
	}
	return 0;
}

int
office_far_dial(struct office *office, uint32_t port, const char *digits,
    const char **ret_why)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	return leave(office, dial(office, port, digits, ret_why));
}
