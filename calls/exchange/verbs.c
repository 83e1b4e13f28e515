/*
 * verbs: what calls ask of the exchange, as calls/exchange.h promises it.
 *
 * A verb copies what it was given, enters the host and the office, reserves an
 * effect in the outbox, and leaves.  Seizing alone acts at once, so that no two
 * calls of one instant get one line; its effect is there to be undone.
 * Everything else happens when the handler has returned.
 *
 * What a call holds: each line that it has seized, and its attempt.  When its
 * process ends, the runtime releases these, the youngest first, so the lines
 * are free when the attempt writes a missing record and is counted as ended.
 *
 * Invariants:
 *   1. an effect changes only a line that the call owns at that moment;
 *   2. the first seizure, of the calling line, ties process and attempt
 *      together; if that event comes to nothing the attempt waits for its
 *      process as before: its start may be tried again (switch/retry.c), and if
 *      not its pool says so (office_start_failed).
 */
#include "calls/exchange/class.h"
#include "calls/exchange/verbs_internal.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/registry.h"
#include "switch/scheduler.h"

/*--------------------------------------------------------------------
 * Seizing and giving back
 */

void
verbs_adopt(struct office *office, struct self *self, uint32_t place)
{
	struct attempt *attempt = attempts_at(office->attempts, place);

	gate_started(office, attempt->number);
	attempt->pid = verb_pid(self);
	if (attempt->t_seize == 0) /* else it was lifted before (register.h) */
		attempt->t_seize = office_stamp(office);
	office->counts.seizures += !attempt->is_undone;
	attempt->is_undone = false;
}

/* What its record will say of the process is known now. */
void
verbs_disown(struct office *office, uint32_t place)
{
	struct attempt *attempt = attempts_at(office->attempts, place);

	cdr_note_end(office, attempt);
	attempt->is_undone = true;
}

static int
hold_line(struct office *office, struct self *self, uint32_t id,
    enum office_effect effect, uint64_t b)
{
	int status = verb_hold(self, office->holding_line, id);

	if (status == 0)
		status = ask(office, self, effect, id, b);
	if (status == 0)
		lines_take(office->lines, id, verb_pid(self));
	return status;
}

/* What port_seize() would say; takes nothing. */
static int
look_at_seizing(const struct office *office, uint32_t id, bool is_caller)
{
	const struct line *line = lines_at(office->lines, id);

	if (line == NULL)
		return -EINVAL;
	if (is_caller)
		return line->attempt == ATTEMPT_NONE ||
			!pid_is_none(line->owner)
		    ? -EBUSY
		    : 0;
	if (line->state == LINE_STATE_parked || line_is_out(line))
		return -ENXIO;
	return line->state == LINE_STATE_idle ? 0 : -EBUSY;
}

static int
seize_caller(struct office *office, struct self *self, uint32_t id)
{
	uint32_t place = lines_at(office->lines, id)->attempt;
	int status = look_at_seizing(office, id, true);

	if (status != 0)
		return status;
	status = verb_hold(self, office->holding_call, place);
	if (status == 0)
		status =
		    hold_line(office, self, id, EFFECT_SEIZED_CALLER, place);
	if (status == 0)
		verbs_adopt(office, self, place);
	return status;
}

static int
seize_called(struct office *office, struct self *self, uint32_t id)
{
	int status = look_at_seizing(office, id, false);

	if (status != 0)
		return status;
	if (lines_promise(office->lines) != 0)
		return -ENOSPC;
	status = hold_line(office, self, id, EFFECT_SEIZED, 0);
	if (status != 0)
		lines_redeem(office->lines);
	return status;
}

int
verbs_say(struct self *self, const struct signal *signal, uint16_t kind)
{
	return process_send(
	    self, process_self(self), kind, signal, sizeof *signal);
}

/* One that a line has to say by itself. */
static int
say(struct self *self, uint64_t call, uint32_t line, uint16_t kind)
{
	const struct signal signal = {
		.call = call, .port = line, .cause = CAUSE_NORMAL
	};

	return verbs_say(self, &signal, kind);
}

/* What a caller that hung up before its call was born has to say; else 0. */
static uint16_t
farewell_of(const struct office *office, uint32_t id)
{
	const struct line *line = lines_at(office->lines, id);

	if (line->is_offhook)
		return 0;
	return line->kind == LINE_ISDN ? SIGNAL_DISCONNECT : SIGNAL_ONHOOK;
}

int
port_seize(struct self *self, uint32_t line, bool is_caller)
{
	struct office *office;
	char room[NUMBER_ROOM];
	int status = -EINVAL;
	uint16_t farewell = 0;
	uint64_t call = 0;

	if (port_is_circuit(line)) /* a called one is found by its route */
		return is_caller ? circuit_seize_caller(self, line) : status;
	office = enter(self);
	if (verb_is_noted(self) &&
	    verb_note(self, &status, look_at_seizing(office, line, is_caller),
		"port_seize %s as %s", number(office, line, room),
		is_caller ? "caller" : "called"))
		return leave_with(office, self, status);
	if (lines_at(office->lines, line) != NULL)
		status = is_caller ? seize_caller(office, self, line)
				   : seize_called(office, self, line);
	if (!is_caller && office->trace != NULL)
		tell_asked(office, "seize", number(office, line, room),
		    status == 0		   ? 0
			: status == -EBUSY ? CAUSE_BUSY
					   : CAUSE_OUT_OF_ORDER);
	if (status == 0 && is_caller) {
		farewell = farewell_of(office, line);
		call = number_of(office, line);
	}
	leave(office, self);
	if (farewell != 0)
		status = say(self, call, line, farewell);
	return answer_with(self, status);
}

/* Whoever leaves a call, two are left of three. */
void
verbs_note_leaving(struct office *office, uint32_t place)
{
	if (place != ATTEMPT_NONE)
		attempts_at(office->attempts, place)->is_three = false;
}

static void
give_back(struct office *office, struct pid pid, uint32_t line)
{
	verbs_note_leaving(office, attempt_of(office, pid, line));
	if (is_owner(office, pid, line))
		lines_give_back(office->lines, line);
	else if (other_of(office, pid, line) != NULL)
		lines_drop_other(office->lines, line);
}

static void
undo_seized(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t b)
{
	struct office *office = office_enter(scheduler);

	(void)b;
	give_back(office, pid, line);
	office_leave(office);
}

static void
undo_seized_caller(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t place)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	lines_take(office->lines, line, PID_NONE);
	verbs_disown(office, (uint32_t)place);
	office_leave(office);
}

int
port_free(struct self *self, uint32_t line)
{
	struct office *office;
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (port_is_circuit(line))
		return port_release(self, line, CAUSE_UNSPECIFIED);
	office = enter(self);
	if (verb_is_noted(self) &&
	    verb_note(
		self, &status, 0, "port_free %s", number(office, line, room)))
		return leave_with(office, self, status);
	if (own_line(office, self, line) != NULL)
		status = ask(office, self, EFFECT_FREED, line, 0);
	if (status == 0)
		status = verb_let_go(self, office->holding_line, line);
	return leave_with(office, self, status);
}

static void
commit_freed(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t b)
{
	undo_seized(scheduler, pid, line, b);
}

static void
release_line(struct scheduler *scheduler, struct pid pid, uint32_t line)
{
	undo_seized(scheduler, pid, line, 0);
}

static void
release_call(struct scheduler *scheduler, struct pid pid, uint32_t place)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	office_end_attempt(office, place);
	office_leave(office);
}

/*--------------------------------------------------------------------
 * What a line is told
 */

int
port_setup(struct self *self, uint32_t line, uint32_t caller)
{
	struct office *office;
	const struct line *own;
	uint32_t place;
	char room[NUMBER_ROOM], other[NUMBER_ROOM];
	bool rings;
	uint64_t call = 0;
	int status = -EINVAL;

	if (port_is_circuit(line))
		return circuit_setup(self, line, caller);
	office = enter(self);
	own = own_line(office, self, line);
	place = owns_port(office, self, caller)
	    ? attempt_of(office, verb_pid(self), caller)
	    : ATTEMPT_NONE;
	rings = own != NULL && own->kind == LINE_ANALOG &&
	    is_owner(office, verb_pid(self), line);
	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_setup %s from %s",
		number(office, line, room), number(office, caller, other)))
		return leave_with(office, self, status);
	if (own != NULL && place != ATTEMPT_NONE) {
		call = attempts_at(office->attempts, place)->number;
		status = ask_to_tell(office, self, EFFECT_SETUP, line, caller);
	}
	leave(office, self);
	if (status == 0 && rings)
		status = say(self, call, line, SIGNAL_ALERTING);
	return answer_with(self, status);
}

/* Whom the call was to, until it is answered: later there may be others. */
static void
note_called(struct office *office, uint32_t line, uint32_t place)
{
	struct attempt *attempt = attempts_at(office->attempts, place);

	if (attempt->t_answer == 0)
		attempt->port_b = line;
	class_raise(attempt, class_of_line(office->lines, line));
}

static void
commit_setup(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t caller)
{
	struct office *office = office_enter(scheduler);
	const uint32_t from = (uint32_t)caller;
	const uint32_t place = attempt_of(office, pid, from);
	struct circuit *circuit = circuit_of_port(office->trunks, from);

	lines_redeem(office->lines);
	if (place != ATTEMPT_NONE && is_owner(office, pid, line)) {
		lines_setup(office->lines, line, from, place, pid);
		if (lines_at(office->lines, line)->state == LINE_STATE_ringing)
			ringing_add(office, place, line);
		note_called(office, line, place);
	} else if (place != ATTEMPT_NONE && other_of(office, pid, line)) {
		lines_wait(office->lines, line, from, place, pid);
		attempts_at(office->attempts, place)->services |= 1U
		    << SERVED_waiting;
		note_called(office, line, place);
	}
	if (place != ATTEMPT_NONE && circuit != NULL)
		circuit->peer = line;
	office_leave(office);
}

int
port_tone(struct self *self, uint32_t line, enum tone tone)
{
	struct office *office;
	bool is_tone = (unsigned int)tone < TONES_COUNT;
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (port_is_circuit(line))
		return is_tone ? circuit_tone(self, line, tone) : status;
	office = enter(self);
	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_tone %s %s",
		number(office, line, room), is_tone ? tone_word(tone) : "?"))
		return leave_with(office, self, status);
	if (own_line(office, self, line) != NULL && is_tone)
		status = ask_to_tell(office, self, EFFECT_TONE, line, tone);
	return leave_with(office, self, status);
}

/*
 * The caller who hears ringback, the called one who hears speech: the caller
 * may hear him before he has answered (T60).
 */
void
verbs_note_progress(
    struct office *office, uint32_t place, uint32_t port, enum tone tone)
{
	uint64_t now = office_stamp(office);
	struct attempt *attempt = attempts_at(office->attempts, place);
	bool rings = attempt->port_a == port && tone == TONE_ringback;
	bool talks = attempt->port_b == port && tone == TONE_speech;

	if ((rings || talks) && attempt->t_alert == 0)
		attempt->t_alert = now;
	if (talks && attempt->t_answer == 0) {
		attempt->t_answer = now;
		office->counts.answered++;
		marks_answered(office->marks, attempt->mark);
	}
}

static void
commit_tone(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t tone)
{
	struct office *office = office_enter(scheduler);

	lines_redeem(office->lines);
	if (other_of(office, pid, line) != NULL) {
		other_of(office, pid, line)->tone = (uint8_t)tone;
	} else if (is_owner(office, pid, line)) {
		lines_tone(office->lines, line, (enum tone)tone);
		if (lines_at(office->lines, line)->attempt != ATTEMPT_NONE)
			verbs_note_progress(office,
			    lines_at(office->lines, line)->attempt, line,
			    (enum tone)tone);
	}
	office_leave(office);
}

int
port_status(struct self *self, uint32_t line, uint8_t cause)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_status %s cause %u",
		number(office, line, room), cause))
		return leave_with(office, self, status);
	if (owns_port(office, self, line))
		status = ask(office, self, EFFECT_STATUS, line, cause);
	return leave_with(office, self, status);
}

static void
commit_status(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t cause)
{
	struct office *office = office_enter(scheduler);

	if (port_is_circuit(line))
		circuits_log(office->trunks, circuit_id(line), "<- ", "status",
		    (uint8_t)cause);
	else if (is_owner(office, pid, line) ||
	    other_of(office, pid, line) != NULL)
		lines_status(office->lines, line, (uint8_t)cause);
	office_leave(office);
}

/*--------------------------------------------------------------------
 * Asking
 */

struct translation
exchange_translate(struct self *self, const char *digits)
{
	struct translation translation = TRANSLATION_NOWHERE;
	char copy[DIGITS_MAX + 1];
	struct office *office;
	size_t length;

	length = strnlen(digits, sizeof copy);
	if (length == sizeof copy)
		return translation;
	memcpy(copy, digits, length + 1);
	office = enter(self);
	if (!verb_is_noted(self) ||
	    !verb_ask(
		self, &translation, sizeof translation, "translate %s", copy))
		translation = class_translate(office, copy);
	if (!verb_is_noted(self))
		tell_asked(office, "translate", copy, 0);
	leave(office, self);
	if (verb_is_noted(self))
		verb_answer(self, &translation, sizeof translation);
	return translation;
}

/* Whether the line has not yet answered the running call, which it hears. */
static bool
waits_in(struct office *office, struct self *self, uint32_t line)
{
	const struct line_other *other = other_of(office, verb_pid(self), line);

	return other != NULL ? other->is_waiting
			     : lines_at(office->lines, line)->is_waiting;
}

static struct port_view
view_of(struct office *office, struct self *self, uint32_t line)
{
	const struct line *seen = lines_at(office->lines, line);
	struct port_view view = { 0 };

	if (seen != NULL)
		view = (struct port_view){
			.is_offhook = seen->is_offhook,
			.is_ringing = seen->state == LINE_STATE_ringing,
			.is_mine = own_line(office, self, line) != NULL,
			.is_isdn = seen->kind == LINE_ISDN,
			.control = seen->control,
			.is_called = seen->is_called,
			.is_idle = line_state_seen(seen) == LINE_STATE_idle,
			.waits = waits_in(office, self, line),
		};
	return view;
}

struct port_view
port_look(struct self *self, uint32_t line)
{
	struct office *office;
	char room[NUMBER_ROOM];
	struct port_view view;

	if (port_is_circuit(line))
		return circuit_look(self, line);
	office = enter(self);
	if (!verb_is_noted(self) ||
	    !verb_ask(self, &view, sizeof view, "port_look %s",
		number(office, line, room)))
		view = view_of(office, self, line);
	leave(office, self);
	if (verb_is_noted(self))
		verb_answer(self, &view, sizeof view);
	return view;
}

/*--------------------------------------------------------------------
 * Digits that nobody waits for
 */

int
exchange_overdial(struct self *self, uint64_t call)
{
	struct office *office = enter(self);
	const uint32_t place = own_attempt(office, self, call);
	int status = -EINVAL;

	if (verb_is_noted(self) && verb_note(self, &status, 0, "overdial"))
		return leave_with(office, self, status);
	if (place != ATTEMPT_NONE)
		status = attempts_make_annex(office->attempts, place) == NULL
		    ? -ENOSPC
		    : ask(office, self, EFFECT_OVERDIAL, place, 0);
	return leave_with(office, self, status);
}

static void
commit_overdial(
    struct scheduler *scheduler, struct pid pid, uint32_t place, uint64_t b)
{
	struct office *office = office_enter(scheduler);
	struct annex *annex = attempts_make_annex(office->attempts, place);

	(void)pid, (void)b;
	if (annex->overdial < UINT16_MAX)
		annex->overdial++;
	office_leave(office);
}

/*--------------------------------------------------------------------
 * The scheduler's side of it
 */

void
verbs_install(struct office *office)
{
	struct effect_type types[EFFECTS_COUNT] = {
		[EFFECT_SEIZED_CALLER] = { commit_done, undo_seized_caller },
		[EFFECT_SEIZED] = { commit_done, undo_seized },
		[EFFECT_SETUP] = { commit_setup, undo_promise },
		[EFFECT_TONE] = { commit_tone, undo_promise },
		[EFFECT_STATUS] = { commit_status, NULL },
		[EFFECT_FREED] = { commit_freed, NULL },
		[EFFECT_OVERDIAL] = { commit_overdial, NULL },
	};
	unsigned int i;

	consultation_install(types);
	gate_verbs_install(types);
	preemption_install(types);
	services_install(types);
	transfer_install(types);
	leg_verbs_install(types);
	circuits_install(types);
	stray_install(types);
	pickup_install(types);
	waiting_install(types);
	isdn_install(types);
	route_verbs_install(types);
	glare_verbs_install(types);
	record_verbs_install(types);
	for (i = 0; i < EFFECTS_COUNT; i++)
		office->effect[i] =
		    scheduler_add_effect(office->scheduler, &types[i]);
	office->holding_line =
	    scheduler_add_holding(office->scheduler, release_line);
	office->holding_circuit =
	    scheduler_add_holding(office->scheduler, circuit_release);
	office->holding_kept =
	    scheduler_add_holding(office->scheduler, preemption_release);
	office->holding_call =
	    scheduler_add_holding(office->scheduler, release_call);
}
