/*
 * verbs: what calls ask of the exchange, as calls/exchange.h promises it.
 *
 * A verb copies what it was given, enters the host, reserves an effect in the
 * outbox, and leaves.  Seizing alone acts at once, so that no two calls of one
 * instant get one line; its effect is there to be undone.  Everything else
 * happens when the handler has returned.
 *
 * What a call holds: each line that it has seized, and its attempt.  When its
 * process ends, the runtime releases these, the youngest first, so the lines
 * are free when the attempt writes a missing record and is counted as ended.
 *
 * Invariants:
 *   1. an effect changes only a line that the call owns at that moment;
 *   2. the first seizure, of the calling line, ties process and attempt
 *      together; if that event comes to nothing the attempt has failed, since
 *      a start is not tried again.
 */
#include <errno.h>
#include <string.h>

#include "calls/exchange.h"
#include "calls/exchange/office_internal.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler.h"
#include "switch/verb.h"

static struct office *
enter(struct self *self)
{
	struct office *office = scheduler_office(verb_enter(self));

	CHECK_OBJ(office, OFFICE_MAGIC);
	return office;
}

static int
ask(struct office *office, struct self *self, enum office_effect effect,
    uint32_t a, uint64_t b)
{
	return verb_effect(self, office->effect[effect], a, b);
}

/* The line, if the running call owns it; else NULL. */
static struct line *
own_line(struct office *office, struct self *self, uint32_t id)
{
	struct line *line = lines_at(office->lines, id);

	if (line == NULL || !pid_equal(line->owner, verb_pid(self)))
		return NULL;
	return line;
}

static struct office *
office_at(struct scheduler *scheduler)
{
	return scheduler_office(scheduler);
}

static bool
is_owner(const struct office *office, struct pid pid, uint32_t id)
{
	return pid_equal(lines_at(office->lines, id)->owner, pid);
}

/*--------------------------------------------------------------------
 * Seizing and giving back
 */

/* Ties the running process to the attempt that it was started for. */
static void
adopt(struct office *office, struct self *self, uint32_t place)
{
	struct attempt *attempt = attempts_at(office->attempts, place);

	attempt->pid = verb_pid(self);
	attempt->t_seize = office_stamp(office);
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

static int
seize_caller(struct office *office, struct self *self, uint32_t id)
{
	const struct line *line = lines_at(office->lines, id);
	uint32_t place = line->attempt;
	int status;

	if (place == ATTEMPT_NONE || !pid_is_none(line->owner))
		return -EBUSY;
	status = verb_hold(self, office->holding_call, place);
	if (status == 0)
		status =
		    hold_line(office, self, id, EFFECT_SEIZED_CALLER, place);
	if (status == 0)
		adopt(office, self, place);
	return status;
}

static int
seize_called(struct office *office, struct self *self, uint32_t id)
{
	const struct line *line = lines_at(office->lines, id);

	if (line->state == LINE_STATE_parked)
		return -ENXIO;
	if (line->state != LINE_STATE_idle)
		return -EBUSY;
	return hold_line(office, self, id, EFFECT_SEIZED, 0);
}

/* A signal that the line itself would send, were it asked now. */
static int
say(struct self *self, uint64_t call, uint32_t line, uint16_t kind)
{
	const struct signal signal = {
		.call = call, .line = line, .cause = CAUSE_NORMAL
	};

	return process_send(
	    self, process_self(self), kind, &signal, sizeof signal);
}

/* The number of the call that a line in an attempt belongs to. */
static uint64_t
number_of(const struct office *office, uint32_t line)
{
	return attempts_at(
	    office->attempts, lines_at(office->lines, line)->attempt)
	    ->number;
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
line_seize(struct self *self, uint32_t line, bool is_caller)
{
	struct office *office = enter(self);
	int status = -EINVAL;
	uint16_t farewell = 0;
	uint64_t call = 0;

	if (lines_at(office->lines, line) != NULL)
		status = is_caller ? seize_caller(office, self, line)
				   : seize_called(office, self, line);
	if (status == 0 && is_caller) {
		farewell = farewell_of(office, line);
		call = number_of(office, line);
	}
	verb_leave(self);
	if (farewell != 0)
		status = say(self, call, line, farewell);
	return status;
}

static void
commit_seized(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t b)
{
	(void)scheduler, (void)pid, (void)line, (void)b; /* it was at once */
}

static void
undo_seized(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t b)
{
	struct office *office = office_at(scheduler);

	(void)b;
	if (is_owner(office, pid, line))
		lines_give_back(office->lines, line);
}

static void
undo_seized_caller(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t place)
{
	undo_seized(scheduler, pid, line, 0);
	office_end_attempt(office_at(scheduler), (uint32_t)place);
}

int
line_free(struct self *self, uint32_t line)
{
	struct office *office = enter(self);
	int status = -EINVAL;

	if (own_line(office, self, line) != NULL)
		status = ask(office, self, EFFECT_FREED, line, 0);
	if (status == 0)
		status = verb_let_go(self, office->holding_line, line);
	verb_leave(self);
	return status;
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
	(void)pid;
	office_end_attempt(office_at(scheduler), place);
}

/*--------------------------------------------------------------------
 * What a line is told
 */

int
line_setup(struct self *self, uint32_t line, uint32_t caller)
{
	struct office *office = enter(self);
	const struct line *own = own_line(office, self, line);
	const struct line *from = own_line(office, self, caller);
	bool is_analog = own != NULL && own->kind == LINE_ANALOG;
	uint64_t call = 0;
	int status = -EINVAL;

	if (own != NULL && from != NULL && from->attempt != ATTEMPT_NONE) {
		call = number_of(office, caller);
		status = ask(office, self, EFFECT_SETUP, line, caller);
	}
	verb_leave(self);
	if (status == 0 && is_analog)
		status = say(self, call, line, SIGNAL_ALERTING);
	return status;
}

static void
commit_setup(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t caller)
{
	struct office *office = office_at(scheduler);
	uint32_t from = (uint32_t)caller;

	if (!is_owner(office, pid, line) || !is_owner(office, pid, from))
		return;
	lines_setup(office->lines, line, from);
	attempts_at(office->attempts, lines_at(office->lines, from)->attempt)
	    ->line_b = line;
}

int
line_tone(struct self *self, uint32_t line, enum tone tone)
{
	struct office *office = enter(self);
	int status = -EINVAL;

	if (own_line(office, self, line) != NULL &&
	    (unsigned int)tone < TONES_COUNT)
		status = ask(office, self, EFFECT_TONE, line, tone);
	verb_leave(self);
	return status;
}

/* Ringback and speech, connected to the caller, are seen by the office. */
static void
note_progress(struct office *office, uint32_t line, enum tone tone)
{
	uint64_t now = office_stamp(office);
	struct attempt *attempt = attempts_at(
	    office->attempts, lines_at(office->lines, line)->attempt);

	if (attempt->line_a != line)
		return;
	if ((tone == TONE_ringback || tone == TONE_speech) &&
	    attempt->t_alert == 0)
		attempt->t_alert = now;
	if (tone == TONE_speech && attempt->t_answer == 0) {
		attempt->t_answer = now;
		office->counts.answered++;
	}
}

static void
commit_tone(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t tone)
{
	struct office *office = office_at(scheduler);

	if (!is_owner(office, pid, line))
		return;
	lines_tone(office->lines, line, (enum tone)tone);
	if (lines_at(office->lines, line)->attempt != ATTEMPT_NONE)
		note_progress(office, line, (enum tone)tone);
}

int
line_status(struct self *self, uint32_t line, uint8_t cause)
{
	struct office *office = enter(self);
	int status = -EINVAL;

	if (own_line(office, self, line) != NULL)
		status = ask(office, self, EFFECT_STATUS, line, cause);
	verb_leave(self);
	return status;
}

static void
commit_status(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t cause)
{
	struct office *office = office_at(scheduler);

	if (is_owner(office, pid, line))
		lines_status(office->lines, line, (uint8_t)cause);
}

/*--------------------------------------------------------------------
 * Asking
 */

struct translation
exchange_translate(struct self *self, const char *digits)
{
	struct translation translation = { TRANSLATION_NONE, LINE_NONE };
	char copy[DIGITS_MAX + 1];
	struct office *office;
	size_t length;

	length = strnlen(digits, sizeof copy);
	if (length == sizeof copy)
		return translation;
	memcpy(copy, digits, length + 1);
	office = enter(self);
	translation = numbering_translate(office->lines->numbering, copy);
	verb_leave(self);
	return translation;
}

struct line_view
line_look(struct self *self, uint32_t line)
{
	struct office *office = enter(self);
	const struct line *seen = lines_at(office->lines, line);
	struct line_view view = { 0 };

	if (seen != NULL)
		view = (struct line_view){
			.is_offhook = seen->is_offhook,
			.is_ringing = seen->state == LINE_STATE_ringing,
			.is_mine = own_line(office, self, line) != NULL,
			.is_isdn = seen->kind == LINE_ISDN,
		};
	verb_leave(self);
	return view;
}

/*--------------------------------------------------------------------
 * Signals without a row
 */

/* The line that a signal names; LINE_NONE of anything else. */
static uint32_t
line_of(const struct message *event)
{
	struct signal signal;

	if (event->kind >= EVENT_PRIVATE || event->length < sizeof signal)
		return LINE_NONE;
	memcpy(&signal, event->body.bytes, sizeof signal);
	return signal.line;
}

int
exchange_unexpected(struct self *self, const struct message *event)
{
	const struct message copy = *event;
	const struct signal answer = { .line = LINE_NONE,
		.cause = CAUSE_INCOMPATIBLE_STATE };
	struct office *office = enter(self);
	bool is_process =
	    !pid_is_none(copy.from) && !pid_equal(copy.from, verb_pid(self));
	int status = ask(office, self, EFFECT_UNEXPECTED,
	    is_process ? LINE_NONE : line_of(&copy), 0);

	verb_leave(self);
	if (status == 0 && is_process)
		status = process_send(
		    self, copy.from, SIGNAL_STATUS, &answer, sizeof answer);
	return status;
}

static void
commit_unexpected(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t b)
{
	struct office *office = office_at(scheduler);

	(void)b;
	office->counts.unexpected++;
	if (lines_at(office->lines, line) != NULL &&
	    is_owner(office, pid, line))
		lines_status(office->lines, line, CAUSE_INCOMPATIBLE_STATE);
}

int
exchange_late(struct self *self, const struct message *event)
{
	struct office *office = enter(self);
	int status = ask(office, self, EFFECT_LATE, 0, 0);

	(void)event; /* which one it was is for call_event, in the database */
	verb_leave(self);
	return status;
}

static void
commit_late(struct scheduler *scheduler, struct pid pid, uint32_t a, uint64_t b)
{
	(void)pid, (void)a, (void)b;
	office_at(scheduler)->counts.late++;
}

/*--------------------------------------------------------------------
 * The record
 */

static int
send_record(struct self *self, struct pid recorder, const struct cdr *cdr)
{
	if (pid_is_none(recorder))
		return 0; /* nobody keeps records in this run */
	return process_send_parcel(
	    self, recorder, RECORD_CDR, cdr, sizeof *cdr);
}

static int
mark_recorded(
    struct self *self, uint32_t place, const struct call_record *record)
{
	bool is_lost =
	    record->local_reason == LOCAL_CRASH && record->t_alert != 0;
	struct office *office = enter(self);
	int status = ask(office, self, EFFECT_RECORDED, place,
	    record->cause | (is_lost ? RECORD_LOST : 0U));

	if (status == 0)
		attempts_at(office->attempts, place)->is_recorded = true;
	verb_leave(self);
	return status;
}

/* The place of the attempt of that number, if it is the running call's. */
static uint32_t
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

int
exchange_record(struct self *self, const struct call_record *record)
{
	const struct call_record copy = *record;
	struct office *office = enter(self);
	uint32_t place = own_attempt(office, self, copy.call);
	struct pid recorder = registry_whereis(
	    scheduler_registry(office->scheduler), RECORD_RECIPIENT);
	struct cdr cdr;
	int status;

	if (place != ATTEMPT_NONE)
		cdr_fill(
		    office, attempts_at(office->attempts, place), &copy, &cdr);
	verb_leave(self);
	if (place == ATTEMPT_NONE)
		return -EINVAL;
	status = send_record(self, recorder, &cdr);
	return status != 0 ? status : mark_recorded(self, place, &copy);
}

static void
commit_recorded(
    struct scheduler *scheduler, struct pid pid, uint32_t place, uint64_t b)
{
	struct office *office = office_at(scheduler);

	(void)pid;
	cdr_taken(office, attempts_at(office->attempts, place)->number,
	    (uint8_t)b, (b & RECORD_LOST) != 0);
}

static void
undo_recorded(
    struct scheduler *scheduler, struct pid pid, uint32_t place, uint64_t b)
{
	(void)pid, (void)b;
	attempts_at(office_at(scheduler)->attempts, place)->is_recorded = false;
}

/*--------------------------------------------------------------------
 * The scheduler's side of it
 */

void
verbs_install(struct office *office)
{
	static const struct effect_type types[EFFECTS_COUNT] = {
		[EFFECT_SEIZED_CALLER] = { commit_seized, undo_seized_caller },
		[EFFECT_SEIZED] = { commit_seized, undo_seized },
		[EFFECT_SETUP] = { commit_setup, NULL },
		[EFFECT_TONE] = { commit_tone, NULL },
		[EFFECT_STATUS] = { commit_status, NULL },
		[EFFECT_FREED] = { commit_freed, NULL },
		[EFFECT_UNEXPECTED] = { commit_unexpected, NULL },
		[EFFECT_LATE] = { commit_late, NULL },
		[EFFECT_RECORDED] = { commit_recorded, undo_recorded },
	};
	unsigned int i;

	for (i = 0; i < EFFECTS_COUNT; i++)
		office->effect[i] =
		    scheduler_add_effect(office->scheduler, &types[i]);
	office->holding_line =
	    scheduler_add_holding(office->scheduler, release_line);
	office->holding_call =
	    scheduler_add_holding(office->scheduler, release_call);
}
