/*
 * verbs_circuit: what calls do with circuits, and say to their far ends.
 *
 * One that a call comes over is seized here; one that it goes out over is found
 * by its route (verbs_route.c), and may meet another call (verbs_glare.c).  As
 * a line, a circuit is seized at once; all else happens when the event has come
 * to its end.  The far end is another exchange: it is told by signals, and what
 * it has said last is a fact of the circuit (T89).  One that is not silent
 * answers DISCONNECT with RELEASE and RELEASE with RELEASE COMPLETE in the same
 * instant: that is said here in its place.
 *
 * Invariants:
 *   1. an effect changes only a circuit that the call has at that moment;
 *   2. a circuit that has had a link is free only after its last word.
 */
#include <errno.h>
#include <stdio.h>

#include "calls/exchange/verbs_internal.h"
#include "switch/alarm.h"
#include "switch/scheduler.h"

/*--------------------------------------------------------------------
 * Seizing
 */

static int
look_at_caller(const struct office *office, uint32_t port)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);

	if (circuit == NULL)
		return -EINVAL;
	return circuit->attempt == ATTEMPT_NONE || !pid_is_none(circuit->owner)
	    ? -EBUSY
	    : 0;
}

static int
seize_caller(struct office *office, struct self *self, uint32_t port)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);
	int status = look_at_caller(office, port);

	if (status == 0)
		status =
		    verb_hold(self, office->holding_call, circuit->attempt);
	if (status == 0)
		status =
		    verb_hold(self, office->holding_circuit, circuit_id(port));
	if (status == 0)
		status = ask(office, self, EFFECT_CIRCUIT_CALLER,
		    circuit_id(port), circuit->attempt);
	if (status != 0)
		return status;
	circuits_take(office->trunks, circuit_id(port), verb_pid(self));
	verbs_adopt(office, self, circuit->attempt);
	return 0;
}

/* What a far end that has left before its call was born has said; else 0. */
static uint16_t
farewell_of(const struct circuit *circuit)
{
	if (circuit->is_down)
		return SIGNAL_TRUNK_DOWN;
	switch ((enum far_end)circuit->far) {
	case FAR_DISCONNECTED:
		return SIGNAL_DISCONNECT;
	case FAR_RELEASED:
		return SIGNAL_RELEASE;
	case FAR_CLEARED:
		return SIGNAL_RELEASE_COMPLETE;
	case FAR_NOTHING:
	case FAR_PROCEEDING:
	case FAR_ALERTING:
	case FAR_ANSWERED:
		break;
	}
	return 0;
}

int
circuit_seize_caller(struct self *self, uint32_t port)
{
	struct office *office = enter(self);
	struct signal farewell = { .port = port };
	char room[NUMBER_ROOM];
	uint16_t kind = 0;
	int status;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, look_at_caller(office, port),
		"port_seize %s as caller", number(office, port, room)))
		return leave_with(office, self, status);
	status = seize_caller(office, self, port);
	if (status == 0) {
		kind = farewell_of(circuit_of_port(office->trunks, port));
		farewell.call = number_of(office, port);
		farewell.cause = circuit_of_port(office->trunks, port)->cause;
	}
	leave(office, self);
	if (kind != 0)
		status = verbs_say(self, &farewell, kind);
	return answer_with(self, status);
}

static void
undo_caller(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t place)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	circuits_take(office->trunks, id, PID_NONE);
	verbs_disown(office, (uint32_t)place);
	office_leave(office);
}

/*--------------------------------------------------------------------
 * What the far end is told
 */

int
circuit_setup(struct self *self, uint32_t port, uint32_t caller)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM], other[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_setup %s from %s",
		number(office, port, room), number(office, caller, other)))
		return leave_with(office, self, status);
	if (own_circuit(office, self, port) != NULL &&
	    owns_port(office, self, caller))
		status = ask(office, self, EFFECT_CIRCUIT_SETUP,
		    circuit_id(port), caller);
	return leave_with(office, self, status);
}

/* What the record will say of it, when the circuit is another call's. */
static void
note_sent(struct office *office, const struct circuit *circuit)
{
	struct annex *annex =
	    attempts_make_annex(office->attempts, circuit->attempt);

	if (annex == NULL)
		return; /* it was made when the circuit was seized */
	memcpy(annex->sent, circuit->digits, sizeof annex->sent);
	annex->out_trunk = circuit->trunk;
	annex->out_circuit = circuit->number;
}

/* The way that is paid for by who forwards is the one it takes at last. */
static void
note_way(struct office *office, const struct attempt *attempt, uint32_t port)
{
	uint32_t place = attempt->legs.first;
	struct leg *leg = NULL;

	for (; place != LEG_NONE; place = leg->next)
		leg = legs_at(office->legs, place);
	if (leg != NULL && leg->t_answer == 0 && !leg->is_closed &&
	    (leg->port == PORT_NONE || port_is_circuit(leg->port)))
		leg->port = port;
}

/* With the hop counter, one less than it came with, if it did. */
static void
log_setup(const struct office *office, uint32_t id)
{
	const struct circuit *circuit = circuits_at(office->trunks, id);
	const unsigned int hops =
	    attempts_annex(office->attempts, circuit->attempt)->hops;
	char text[DIGITS_MAX + sizeof " hops 255"];

	(void)snprintf(text, sizeof text, hops == 0 ? "%s" : "%s hops %u",
	    circuit->digits, hops - 1);
	circuits_log(office->trunks, id, "<- setup ", text, CAUSE_NONE);
}

static void
commit_setup(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t caller)
{
	struct office *office = office_enter(scheduler);
	struct circuit *circuit = circuits_at(office->trunks, id);
	struct circuit *from =
	    circuit_of_port(office->trunks, (uint32_t)caller);
	struct attempt *attempt;

	(void)pid;
	circuit->is_set_up = true;
	circuit->peer = (uint32_t)caller;
	if (from != NULL)
		from->peer = circuit_port(id);
	else
		lines_set_peer(
		    office->lines, (uint32_t)caller, circuit_port(id));
	attempt = attempts_at(office->attempts, circuit->attempt);
	if (attempt->t_answer == 0)
		attempt->port_b = circuit_port(id);
	note_sent(office, circuit);
	note_way(office, attempt, circuit_port(id));
	circuits_tell(office->trunks, id);
	log_setup(office, id);
	office_leave(office);
}

int
circuit_tone(struct self *self, uint32_t port, enum tone tone)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_tone %s %s",
		number(office, port, room), tone_word(tone)))
		return leave_with(office, self, status);
	if (own_circuit(office, self, port) != NULL)
		status = ask(
		    office, self, EFFECT_CIRCUIT_TONE, circuit_id(port), tone);
	return leave_with(office, self, status);
}

static void
commit_tone(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t tone)
{
	struct office *office = office_enter(scheduler);
	uint32_t place = circuits_at(office->trunks, id)->attempt;

	(void)pid;
	circuits_tone(office->trunks, id, (enum tone)tone);
	if (place != ATTEMPT_NONE)
		verbs_note_progress(
		    office, place, circuit_port(id), (enum tone)tone);
	office_leave(office);
}

/* What a far end that is not silent answers at once; 0: nothing. */
static uint16_t
reply_to(
    const struct office *office, const struct circuit *circuit, uint16_t kind)
{
	if (trunks_at(office->trunks, circuit->trunk)->is_silent ||
	    circuit->is_down)
		return 0;
	if (kind == SIGNAL_DISCONNECT && circuit->far < FAR_DISCONNECTED)
		return SIGNAL_RELEASE;
	if (kind == SIGNAL_RELEASE && circuit->far < FAR_RELEASED)
		return SIGNAL_RELEASE_COMPLETE;
	return 0;
}

int
port_send(struct self *self, uint32_t port, uint16_t kind, uint8_t cause)
{
	struct office *office;
	struct signal reply = { .port = port, .cause = CAUSE_NORMAL };
	const struct circuit *circuit;
	char room[NUMBER_ROOM];
	uint16_t answer = 0;
	int status = 0;

	if (!port_is_circuit(port))
		return isdn_send(self, port, kind, cause);
	office = enter(self);
	if (signal_word(kind) == NULL)
		return leave_with(office, self, status);
	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_send %s %s cause %u",
		number(office, port, room), signal_word(kind), cause))
		return leave_with(office, self, status);
	circuit = own_circuit(office, self, port);
	status = circuit == NULL
	    ? -EINVAL
	    : ask(office, self, EFFECT_CIRCUIT_SENT, circuit_id(port),
		  kind | (uint32_t)cause << 16);
	if (status == 0) {
		answer = reply_to(office, circuit, kind);
		reply.call = number_of(office, port);
	}
	leave(office, self);
	if (answer != 0)
		status = verbs_say(self, &reply, answer);
	return answer_with(self, status);
}

static void
commit_sent(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t b)
{
	struct office *office = office_enter(scheduler);
	struct circuit *circuit = circuits_at(office->trunks, id);
	uint16_t kind = (uint16_t)b, answer = reply_to(office, circuit, kind);

	(void)pid;
	if (kind == SIGNAL_RELEASE)
		circuit->is_released = true;
	circuits_log(
	    office->trunks, id, "<- ", signal_word(kind), (uint8_t)(b >> 16));
	if (answer != 0) {
		circuit->far =
		    answer == SIGNAL_RELEASE ? FAR_RELEASED : FAR_CLEARED;
		circuits_log(office->trunks, id, "-> ", signal_word(answer),
		    CAUSE_NORMAL);
	}
	office_leave(office);
}

/*--------------------------------------------------------------------
 * Giving back
 */

int
port_release(struct self *self, uint32_t port, uint8_t cause)
{
	struct office *office;
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (!port_is_circuit(port))
		return port_free(self, port);
	office = enter(self);
	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_release %s cause %u",
		number(office, port, room), cause))
		return leave_with(office, self, status);
	if (own_circuit(office, self, port) != NULL)
		status = ask(office, self, EFFECT_CIRCUIT_FREED,
		    circuit_id(port), cause);
	if (status == 0)
		status = verb_let_go(
		    self, office->holding_circuit, circuit_id(port));
	return leave_with(office, self, status);
}

/* What is still to be said when the circuit is free from now on. */
static uint16_t
last_word(const struct circuit *circuit)
{
	bool has_link = circuit->is_set_up || circuit->is_incoming;

	if (!has_link || circuit->is_down || circuit->is_released)
		return 0;
	if (circuit->far == FAR_CLEARED)
		return 0;
	return circuit->far == FAR_RELEASED ? SIGNAL_RELEASE_COMPLETE
					    : SIGNAL_RELEASE;
}

void
circuit_let_go(struct office *office, uint32_t id, uint8_t cause)
{
	struct circuit *circuit = circuits_at(office->trunks, id);
	struct circuit *peer = circuit_of_port(office->trunks, circuit->peer);
	uint16_t word = last_word(circuit);

	circuit_count_end(office->trunks, id,
	    circuit->cause != CAUSE_NONE ? circuit->cause : cause,
	    office_stamp(office));
	if (word != 0)
		circuits_log(
		    office->trunks, id, "<- ", signal_word(word), cause);
	if (peer != NULL && peer->peer == circuit_port(id))
		peer->peer = PORT_NONE;
	if (peer == NULL && circuit->peer != PORT_NONE)
		lines_disconnect(
		    office->lines, circuit->peer, circuit_port(id));
	circuits_give_back(office->trunks, id);
	preemption_tell(office, id);
}

static void
commit_freed(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t cause)
{
	struct office *office = office_enter(scheduler);

	verbs_note_leaving(office, attempt_of(office, pid, circuit_port(id)));
	if (pid_equal(circuits_at(office->trunks, id)->owner, pid))
		circuit_let_go(office, id, (uint8_t)cause);
	office_leave(office);
}

void
circuit_release(struct scheduler *scheduler, struct pid pid, uint32_t id)
{
	commit_freed(scheduler, pid, id, CAUSE_TEMPORARY_FAILURE);
}

/* Its call has ended with RELEASE unanswered twice. */
static void
raise_alarm(struct office *office, uint32_t id)
{
	struct alarm alarm = { .name = ALARM_CIRCUIT_BLOCKED,
		.text = "its far end does not answer RELEASE",
		.severity = ALARM_major };

	(void)circuit_text(office->trunks, id, alarm.object);
	alarm_raise(office->lines->at, &alarm);
}

int
port_withdraw(struct self *self, uint32_t port)
{
	struct office *office;
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (!port_is_circuit(port))
		return isdn_withdraw(self, port);
	office = enter(self);
	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_withdraw %s",
		number(office, port, room)))
		return leave_with(office, self, status);
	if (own_circuit(office, self, port) != NULL)
		status = ask(office, self, EFFECT_CIRCUIT_WITHDRAWN,
		    circuit_id(port), 0);
	return leave_with(office, self, status);
}

static void
commit_withdrawn(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t b)
{
	struct office *office = office_enter(scheduler);

	(void)pid, (void)b;
	circuits_set_blocked(office->trunks, id, true);
	raise_alarm(office, id);
	office_leave(office);
}

/*--------------------------------------------------------------------
 * Looking
 */

static struct port_view
view_of(struct office *office, struct self *self, uint32_t port)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);
	struct port_view view = { 0 };
	const struct trunk *trunk;
	bool is_gone, has_failed;

	if (circuit == NULL)
		return view;
	trunk = trunks_at(office->trunks, circuit->trunk);
	has_failed = circuit->is_down || circuit->has_failed;
	is_gone = circuit->far >= FAR_DISCONNECTED || has_failed;
	view.is_mine = own_circuit(office, self, port) != NULL;
	view.is_offhook = circuit->far == FAR_ANSWERED && !has_failed;
	view.is_ringing = circuit->far == FAR_ALERTING && !has_failed;
	view.cause = has_failed ? CAUSE_NETWORK_OUT_OF_ORDER : circuit->cause;
	view.circuit = (uint8_t)(CIRCUIT_THERE |
	    (trunk->kind == TRUNK_SS7 ? CIRCUIT_SS7 : 0) |
	    (circuit_is_ours(office->trunks, circuit_id(port)) ? CIRCUIT_OURS
							       : 0) |
	    (is_gone ? CIRCUIT_GONE : 0) | (has_failed ? CIRCUIT_DOWN : 0));
	return view;
}

struct port_view
circuit_look(struct self *self, uint32_t port)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	struct port_view view;

	if (!verb_is_noted(self) ||
	    !verb_ask(self, &view, sizeof view, "port_look %s",
		number(office, port, room)))
		view = view_of(office, self, port);
	leave(office, self);
	if (verb_is_noted(self))
		verb_answer(self, &view, sizeof view);
	return view;
}

void
circuits_install(struct effect_type types[EFFECTS_COUNT])
{
	static const struct effect_type own[] = {
		[EFFECT_CIRCUIT_CALLER] = { commit_done, undo_caller },
		[EFFECT_CIRCUIT_SETUP] = { commit_setup, NULL },
		[EFFECT_CIRCUIT_TONE] = { commit_tone, NULL },
		[EFFECT_CIRCUIT_SENT] = { commit_sent, NULL },
		[EFFECT_CIRCUIT_FREED] = { commit_freed, NULL },
		[EFFECT_CIRCUIT_WITHDRAWN] = { commit_withdrawn, NULL },
	};
	unsigned int i;

	for (i = EFFECT_CIRCUIT_CALLER; i <= EFFECT_CIRCUIT_WITHDRAWN; i++)
		if (own[i].commit != NULL)
			types[i] = own[i];
}
