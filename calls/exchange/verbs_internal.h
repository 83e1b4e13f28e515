/*
 * Private to the files of verbs: what each verb is made of.
 *
 * A verb copies what it was given, enters the host and the office, reserves
 * effects in the outbox, and leaves; see verbs.c, and switch/verb.h.  Each of
 * these files fills in the effects that are its own.
 */
#ifndef CALLS_EXCHANGE_VERBS_INTERNAL_H
#define CALLS_EXCHANGE_VERBS_INTERNAL_H

#include <errno.h>
#include <string.h>

#include "calls/exchange.h"
#include "calls/exchange/office_internal.h"
#include "calls/exchange/trace.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler.h"
#include "switch/verb.h"

/* The effects of the files that are called so. */
void consultation_install(struct effect_type types[EFFECTS_COUNT]);
void gate_verbs_install(struct effect_type types[EFFECTS_COUNT]);
void transfer_install(struct effect_type types[EFFECTS_COUNT]);
void pickup_install(struct effect_type types[EFFECTS_COUNT]);
void services_install(struct effect_type types[EFFECTS_COUNT]);
void leg_verbs_install(struct effect_type types[EFFECTS_COUNT]);
void stray_install(struct effect_type types[EFFECTS_COUNT]);
void waiting_install(struct effect_type types[EFFECTS_COUNT]);
void isdn_install(struct effect_type types[EFFECTS_COUNT]);
void route_verbs_install(struct effect_type types[EFFECTS_COUNT]);
void glare_verbs_install(struct effect_type types[EFFECTS_COUNT]);
void record_verbs_install(struct effect_type types[EFFECTS_COUNT]);

/*
 * leg_verbs.c: one more leg of an attempt, its number, or -ENOSPC; one that is
 * open is closed.  leg_move.c: those of the line's other call become this
 * one's.
 */
int leg_add(struct office *office, struct self *self, uint32_t attempt,
    uint32_t *ret_place);
int leg_mark_closed(struct office *office, struct self *self, uint32_t place,
    uint64_t charge_micro, uint32_t pulses);
int leg_move_all(struct self *self, uint32_t line, enum local_reason reason);
/* The one that rings ends with cause 26, and one to that line begins. */
int leg_pick_up(struct self *self, uint64_t call, uint32_t line);

/* consultation.c: of the line's two calls the one that is not the running one.
 */
struct other_call consultation_look(
    struct office *office, struct self *self, uint32_t line);
/*
 * verbs_circuit.c: what a port_* verb does where the port is a circuit; its
 * effects, and what becomes of a circuit whose holder has ended.
 */
int circuit_seize_caller(struct self *self, uint32_t port);
int circuit_setup(struct self *self, uint32_t port, uint32_t caller);
int circuit_tone(struct self *self, uint32_t port, enum tone tone);
struct port_view circuit_look(struct self *self, uint32_t port);
void circuits_install(struct effect_type types[EFFECTS_COUNT]);
void circuit_release(struct scheduler *scheduler, struct pid pid, uint32_t id);

/* isdn.c: what port_send() and port_withdraw() do where the port is a line. */
int isdn_send(struct self *self, uint32_t id, uint16_t kind, uint8_t cause);
int isdn_withdraw(struct self *self, uint32_t id);

/* verbs_route.c: the running call takes that circuit; its id, or an error. */
struct circuit_taking {
	const struct route_target *target;
	uint32_t id, place;
	const char *dialled; /* or "": as before */
	uint64_t bid;	     /* for the counts of its group */
};
int circuit_take_as(struct office *office, struct self *self,
    const struct circuit_taking *taking);

/* preemption.c: its effects; a circuit that is free again is kept for a call;
 * that call has ended. */
void preemption_install(struct effect_type types[EFFECTS_COUNT]);
void preemption_tell(struct office *office, uint32_t id);
void preemption_release(
    struct scheduler *scheduler, struct pid pid, uint32_t id);

/* verbs.c: ties the running process to the attempt it was started for. */
void verbs_adopt(struct office *office, struct self *self, uint32_t place);
/* That start is undone: as long as it is not tried again it has no process. */
void verbs_disown(struct office *office, uint32_t place);
/* verbs.c: a signal that a port would send its call, were it asked now. */
int verbs_say(struct self *self, const struct signal *signal, uint16_t kind);
/* verbs.c: ringback and speech at a port are progress of its call. */
void verbs_note_leaving(struct office *office, uint32_t place);
void verbs_note_progress(
    struct office *office, uint32_t place, uint32_t port, enum tone tone);

/* It happens at once, and its effect is there to be undone. */
static inline void
commit_done(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t b)
{
	(void)scheduler, (void)pid, (void)line, (void)b;
}

static inline struct office *
enter(struct self *self)
{
	return office_enter(verb_enter(self));
}

/* For whoever watches the running call: what it has asked for, in the office.
 */
static inline void
tell_asked(const struct office *office, const char *event, const char *text,
    uint8_t cause)
{
	if (office->trace != NULL)
		trace_asked(office->trace, event, text, cause);
}

static inline void
leave(struct office *office, struct self *self)
{
	office_leave(office);
	verb_leave(self);
}

/* For a shadow run: what it was that was asked has been noted (verb.h). */
static inline int
answer_with(struct self *self, int status)
{
	if (verb_is_noted(self))
		verb_answer(self, &status, sizeof status);
	return status;
}

static inline int
leave_with(struct office *office, struct self *self, int status)
{
	leave(office, self);
	return answer_with(self, status);
}

/* What a port is called in what is noted: "1001", "T1 3". */
enum { NUMBER_ROOM = CIRCUIT_TEXT_SIZE };
static inline const char *
number(const struct office *office, uint32_t line, char *text)
{
	if (circuit_of_port(office->trunks, line) != NULL)
		return circuit_text(office->trunks, circuit_id(line), text);
	numbering_text(office->lines->numbering,
	    lines_at(office->lines, line) == NULL ? LINE_NONE : line, text);
	return text[0] == '\0' ? "nobody" : text;
}

static inline int
ask(struct office *office, struct self *self, enum office_effect effect,
    uint32_t a, uint64_t b)
{
	return verb_effect(self, office->effect[effect], a, b);
}

/* Whether the call of that place was begun by the running one. */
static inline bool
is_consultation_of(
    const struct office *office, struct self *self, uint32_t place)
{
	uint32_t starter;

	if (place == ATTEMPT_NONE)
		return false;
	starter = attempts_find(
	    office->attempts, attempts_annex(office->attempts, place)->starter);
	return starter != ATTEMPT_NONE &&
	    pid_equal(
		attempts_at(office->attempts, starter)->pid, verb_pid(self));
}

/*
 * The line, if the running call owns it, or its consultation does, which it may
 * join in this event (transfer.c); else NULL.
 */
static inline struct line *
own_line(struct office *office, struct self *self, uint32_t id)
{
	struct line *line = lines_at(office->lines, id);
	const struct line_other *other = lines_other(office->lines, id);

	if (line == NULL)
		return NULL;
	if (pid_equal(line->owner, verb_pid(self)) ||
	    (other != NULL && pid_equal(other->owner, verb_pid(self))) ||
	    is_consultation_of(office, self, line->attempt) ||
	    (other != NULL && is_consultation_of(office, self, other->attempt)))
		return line;
	return NULL;
}

/* Of the call that it talks in, or of its only one. */
static inline bool
is_owner(const struct office *office, struct pid pid, uint32_t id)
{
	return pid_equal(lines_at(office->lines, id)->owner, pid);
}

/* The other call of a line, if it is that one. */
static inline struct line_other *
other_of(const struct office *office, struct pid pid, uint32_t id)
{
	struct line_other *other = lines_other(office->lines, id);

	return other != NULL && pid_equal(other->owner, pid) ? other : NULL;
}

/*
 * As ask(), for what its terminal will be told: that has room from now on, till
 * the effect is done or undone.
 */
static inline int
ask_to_tell(struct office *office, struct self *self, enum office_effect effect,
    uint32_t line, uint64_t b)
{
	int status = lines_promise(office->lines) == 0 ? 0 : -ENOSPC;

	if (status != 0)
		return status;
	status = ask(office, self, effect, line, b);
	if (status != 0)
		lines_redeem(office->lines);
	return status;
}

static inline void
undo_promise(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t b)
{
	struct office *office = office_enter(scheduler);

	(void)pid, (void)line, (void)b;
	lines_redeem(office->lines);
	office_leave(office);
}

/* The place of the call of `pid`, which is one of the line's, or NONE. */
static inline uint32_t
attempt_of(const struct office *office, struct pid pid, uint32_t line)
{
	const struct line_other *other = other_of(office, pid, line);

	if (port_is_circuit(line))
		return office_attempt_at(office, line);
	if (other != NULL)
		return other->attempt;
	return is_owner(office, pid, line)
	    ? lines_at(office->lines, line)->attempt
	    : ATTEMPT_NONE;
}

/* The number of the call that a port belongs to, or 0. */
static inline uint64_t
number_of(const struct office *office, uint32_t port)
{
	uint32_t place = office_attempt_at(office, port);

	return place == ATTEMPT_NONE
	    ? 0
	    : attempts_at(office->attempts, place)->number;
}

/* The place of the attempt of that number, if it is the running call's. */
static inline uint32_t
own_attempt(struct office *office, struct self *self, uint64_t number)
{
	uint32_t place = attempts_find(office->attempts, number);
	const struct attempt *attempt;

	if (place == ATTEMPT_NONE)
		return place;
	attempt = attempts_at(office->attempts, place);
	if (!pid_equal(attempt->pid, verb_pid(self)) || attempt->is_recorded)
		return ATTEMPT_NONE;
	return place;
}

/* A circuit, likewise. */
static inline struct circuit *
own_circuit(struct office *office, struct self *self, uint32_t port)
{
	struct circuit *circuit = circuit_of_port(office->trunks, port);

	return circuit != NULL &&
		(pid_equal(circuit->owner, verb_pid(self)) ||
		    is_consultation_of(office, self, circuit->attempt))
	    ? circuit
	    : NULL;
}

/* Whether the running call has it, a line or a circuit. */
static inline bool
owns_port(struct office *office, struct self *self, uint32_t port)
{
	return port_is_circuit(port) ? own_circuit(office, self, port) != NULL
				     : own_line(office, self, port) != NULL;
}

/* Whether it belongs to that call, which may be one of two at a line. */
static inline bool
belongs_to(const struct office *office, struct pid pid, uint32_t port)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);

	if (port_is_circuit(port))
		return circuit != NULL && pid_equal(circuit->owner, pid);
	return lines_at(office->lines, port) != NULL &&
	    (is_owner(office, pid, port) ||
		other_of(office, pid, port) != NULL);
}

/* Without a recorder it is sent to nobody, and waits for the next one. */
static inline int
send_record(struct self *self, const struct office *office, uint16_t kind,
    const void *record, size_t size)
{
	struct pid recorder;

	if (!cdr_is_made(office, kind) || !cdr_is_wanted(office))
		return 0;
	recorder = registry_whereis(
	    scheduler_registry(office->scheduler), RECORD_RECIPIENT);
	return process_send_parcel(self, recorder, kind, record, size);
}

#endif
