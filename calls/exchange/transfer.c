/*
 * transfer: who is in one call comes into another, as calls/exchange.h
 * promises.
 *
 * A consultation and its first call are on one scheduler (U20).  In one event
 * of the first what is at the far side of the other becomes its own, and the
 * other ends; if that event comes to nothing, so does this.  What was on its
 * way to the other, from a port that is no longer its, ends with it: the fact
 * behind it is found by who looks at the port after the commit (T89).
 *
 * Invariants:
 *   1. a port belongs to the one call or the other, and both the exchange and
 *      the runtime say so, before and after the commit;
 *   2. the other call runs nothing after the commit but terminate(), so that
 *      no release need know what has become of its ports.
 */
#include <inttypes.h>

#include "calls/exchange/trace.h"
#include "calls/exchange/verbs_internal.h"
#include "switch/process.h"

/* What effect JOINED says besides its line. */
static uint64_t
pack(uint32_t far, enum local_reason reason)
{
	return (uint64_t)reason << 32 | far;
}

/* Both ports, or the line alone, are held by this call and not the other. */
static int
take_ports(struct office *office, struct self *self, uint32_t line,
    const struct other_call *other, uint32_t far)
{
	int status = 0;

	if (far != PORT_NONE)
		status = verb_take(self,
		    port_is_circuit(far) ? office->holding_circuit
					 : office->holding_line,
		    circuit_id(far), other->pid);
	if (status == 0 && !pid_is_none(other->pid))
		status =
		    verb_take(self, office->holding_line, line, other->pid);
	return status;
}

static int
end_other(
    struct self *self, uint32_t line, enum local_reason reason, bool joins)
{
	struct office *office = enter(self);
	const struct other_call other = consultation_look(office, self, line);
	uint32_t far = joins ? other.far : PORT_NONE;
	int status = -EINVAL;

	if (other.number != 0 && (!joins || far != PORT_NONE) &&
	    (unsigned int)reason < LOCAL_REASONS_COUNT)
		status = take_ports(office, self, line, &other, far);
	if (status == 0)
		status = ask_to_tell(
		    office, self, EFFECT_JOINED, line, pack(far, reason));
	leave(office, self);
	return status;
}

static int
ask_to_end(
    struct self *self, uint32_t line, enum local_reason reason, bool joins)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "%s %s local %u",
		joins ? "join" : "end_other", number(office, line, room),
		(unsigned int)reason))
		return leave_with(office, self, status);
	leave(office, self);
	status = joins ? leg_move_all(self, line, reason) : 0;
	if (status == 0)
		status = end_other(self, line, reason, joins);
	return answer_with(self, status);
}

int
exchange_join(struct self *self, uint32_t line, enum local_reason reason)
{
	return ask_to_end(self, line, reason, true);
}

int
exchange_end_other(struct self *self, uint32_t line, enum local_reason reason)
{
	return ask_to_end(self, line, reason, false);
}

/* The line has only the call of `pid`; the place of its other one. */
static uint32_t
part(struct office *office, struct pid pid, uint32_t line)
{
	uint32_t place;

	if (!is_owner(office, pid, line))
		lines_exchange(office->lines, line);
	place = lines_other(office->lines, line)->attempt;
	lines_drop_other(office->lines, line);
	return place;
}

/* What is at a port has left who was at the other side of it. */
static void
move_port(struct office *office, uint32_t port, struct pid from, struct pid to,
    uint32_t attempt)
{
	struct circuit *circuit = circuit_of_port(office->trunks, port);

	if (circuit == NULL) {
		lines_move(office->lines, port, from, to, attempt);
	} else if (pid_equal(circuit->owner, from)) {
		circuit->owner = to;
		circuit->attempt = attempt;
		circuit->peer = PORT_NONE;
	}
}

/* What is at `far` has gone from that call to the one that the line has. */
static void
tell_moved(
    const struct office *office, uint32_t line, uint32_t far, uint32_t place)
{
	if (far != PORT_NONE && office->trace != NULL)
		trace_moved(office->trace, far, place,
		    lines_at(office->lines, line)->attempt);
}

/* Its process ends when nobody is in the office: it gives back the rest. */
static void
commit_joined(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t b)
{
	const struct reason reason = { .kind = REASON_SHUTDOWN,
		.number = (uint16_t)(ENDED_BY_ANOTHER | b >> 32) };
	struct office *office = office_enter(scheduler);
	uint32_t far = (uint32_t)b, place;
	struct attempt *ended;
	struct pid other;

	lines_redeem(office->lines);
	place = part(office, pid, line);
	tell_moved(office, line, far, place);
	ended = attempts_at(office->attempts, place);
	ended->ended_by = (uint8_t)(1 + (b >> 32));
	other = ended->pid;
	if (far != PORT_NONE)
		move_port(office, far, other, pid,
		    lines_at(office->lines, line)->attempt);
	if (b >> 32 == LOCAL_CONF)
		attempts_at(
		    office->attempts, lines_at(office->lines, line)->attempt)
		    ->is_three = true;
	office_leave(office);
	if (!pid_is_none(other))
		process_exit_signal(scheduler, PID_NONE, other, reason);
}

int
port_connect(struct self *self, uint32_t one, uint32_t other)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM], second[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_connect %s to %s",
		number(office, one, room), number(office, other, second)))
		return leave_with(office, self, status);
	if (owns_port(office, self, one) && owns_port(office, self, other))
		status = ask(office, self, EFFECT_CONNECTED, one, other);
	return leave_with(office, self, status);
}

/* Of a line the exchange of lines does so, in the call that it belongs to. */
static void
set_peer(struct office *office, uint32_t port, uint32_t other)
{
	struct circuit *circuit = circuit_of_port(office->trunks, port);

	if (circuit != NULL)
		circuit->peer = other;
}

static void
commit_connected(
    struct scheduler *scheduler, struct pid pid, uint32_t one, uint64_t other)
{
	struct office *office = office_enter(scheduler);

	if (belongs_to(office, pid, one) &&
	    belongs_to(office, pid, (uint32_t)other)) {
		lines_connect(office->lines, one, (uint32_t)other, pid);
		set_peer(office, one, (uint32_t)other);
		set_peer(office, (uint32_t)other, one);
	}
	office_leave(office);
}

void
transfer_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_JOINED] =
	    (struct effect_type){ commit_joined, undo_promise };
	types[EFFECT_CONNECTED] =
	    (struct effect_type){ commit_connected, NULL };
}
