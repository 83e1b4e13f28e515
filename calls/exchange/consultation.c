/*
 * consultation: a line that has two calls, as calls/exchange.h promises it.
 *
 * The second begins from the first and is one unit with it; the line talks in
 * one of them, and what is said of it elsewhere is about that one.
 */
#include "calls/exchange/class.h"
#include "calls/exchange/reception.h"
#include "calls/exchange/verbs_internal.h"
#include "switch/registry.h"
#include "switch/scheduler.h"

/* Records of both are found by the number of the first of all. */
static void
link_calls(const struct office *office, uint32_t place, uint64_t starter)
{
	struct attempt *attempt = attempts_at(office->attempts, place);
	struct annex *annex = attempts_make_annex(office->attempts, place);
	const uint32_t first = attempts_find(office->attempts, starter);

	annex->starter = starter;
	annex->linked = attempts_linked(office->attempts, first);
	attempt->services |= 1U << SERVED_consultation;
	if (first != ATTEMPT_NONE)
		attempt->mark = attempts_at(office->attempts, first)->mark;
	marks_begin(
	    office->marks, attempt->mark, scheduler_now(office->lines->at));
}

/* An attempt of that number, from a line that is kept for it. */
static int
begin_consultation(
    struct office *office, struct self *self, uint32_t line, uint64_t number)
{
	const struct line *own = lines_at(office->lines, line);
	uint64_t starter = number_of(office, line);
	uint32_t place;

	if (own->other != LINE_NONE)
		return -EBUSY;
	if (lines_promise(office->lines) != 0)
		return -ENOSPC;
	place = attempts_begin(office->attempts, number, line);
	if (place != ATTEMPT_NONE &&
	    attempts_make_annex(office->attempts, place) != NULL &&
	    ask(office, self, EFFECT_CONSULTED, line, place) == 0 &&
	    lines_add_call(office->lines, line) == 0) {
		link_calls(office, place, starter);
		class_begin(
		    attempts_at(office->attempts, place), office->lines);
		lines_reserve(office->lines, line, place);
		office->counts.attempts++;
		office->counts.live++;
		return 0;
	}
	if (place != ATTEMPT_NONE)
		attempts_end(office->attempts, place);
	lines_redeem(office->lines);
	return -ENOSPC;
}

int
exchange_consult(
    struct self *self, uint32_t line, const char *digits, uint64_t number)
{
	struct reception_start start = { .signal = { .call = number,
					     .port = line },
		.starter = process_self(self) };
	struct office *office;
	struct pid exchange;
	int status = -EINVAL;

	memcpy(start.signal.digits, digits, strnlen(digits, DIGITS_MAX));
	office = enter(self);
	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "consult %s", start.signal.digits))
		return leave_with(office, self, status);
	exchange = registry_whereis(
	    scheduler_registry(office->scheduler), OFFICE_PROCESS);
	if (number == 0)
		start.signal.call = attempts_number(office->attempts);
	if (own_line(office, self, line) != NULL)
		status =
		    begin_consultation(office, self, line, start.signal.call);
	leave(office, self);
	if (status == 0)
		status = process_send(
		    self, exchange, RECEPTION_ANNOUNCE, &start, sizeof start);
	return answer_with(self, status);
}

static void
undo_consulted(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t place)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	if (lines_other(office->lines, line) != NULL)
		lines_give_back(office->lines, line);
	marks_undo(office->marks,
	    attempts_at(office->attempts, (uint32_t)place)->mark,
	    scheduler_now(scheduler));
	attempts_end(office->attempts, (uint32_t)place);
	office->counts.attempts--;
	office->counts.live--;
	office_leave(office);
}

/* Whether it waits at a line that talks in another call. */
static bool
waits(const struct office *office, const struct attempt *attempt)
{
	const struct line *line = lines_at(office->lines, attempt->port_b);
	const struct line_other *other =
	    lines_other(office->lines, attempt->port_b);

	return (other != NULL && other->is_waiting) ||
	    (line != NULL && line->is_waiting);
}

/* What the line hears of it says how far it is; the rest the exchange saw. */
static enum other_stage
stage_of(
    const struct office *office, const struct attempt *attempt, enum tone tone)
{
	if (tone == TONE_ringback)
		return waits(office, attempt) ? OTHER_BEGINS : OTHER_ALERTING;
	if (attempt->t_answer == 0)
		return OTHER_BEGINS;
	return tone == TONE_speech || tone == TONE_hold || tone == TONE_warning
	    ? OTHER_ACTIVE
	    : OTHER_ENDS;
}

/* The port at the far side, as long as it belongs to that call. */
static uint32_t
far_side(const struct office *office, const struct attempt *attempt)
{
	return !pid_is_none(attempt->pid) &&
		belongs_to(office, attempt->pid, attempt->port_b)
	    ? attempt->port_b
	    : PORT_NONE;
}

/* Whether there is somebody who would start its process. */
static bool
takes_calls(const struct office *office)
{
	return !pid_is_none(registry_whereis(
	    scheduler_registry(office->scheduler), OFFICE_PROCESS));
}

static bool
is_bound(const struct office *office, const struct line *line)
{
	return line->attempt != ATTEMPT_NONE &&
	    attempts_find(office->attempts,
		attempts_annex(office->attempts, line->attempt)->starter) !=
	    ATTEMPT_NONE;
}

/* The one, or the other, is a consultation of its fellow. */
static bool
are_linked(const struct office *office, uint32_t place, uint32_t fellow)
{
	return attempts_is_begun_by(office->attempts, place, fellow) ||
	    attempts_is_begun_by(office->attempts, fellow, place);
}

struct other_call
consultation_look(struct office *office, struct self *self, uint32_t line)
{
	const struct line *own = own_line(office, self, line);
	const struct line_other *other = lines_other(office->lines, line);
	struct other_call call = { .pid = PID_NONE, .far = PORT_NONE };
	const struct attempt *attempt;
	uint32_t place;

	if (own == NULL)
		return call;
	if (other == NULL) {
		call.is_bound = is_bound(office, own) || !takes_calls(office);
		return call;
	}
	call.talks = !is_owner(office, verb_pid(self), line);
	place = call.talks ? own->attempt : other->attempt;
	call.pid = call.talks ? own->owner : other->owner;
	if (place == ATTEMPT_NONE)
		return call;
	call.is_bound = are_linked(office, own->attempt, other->attempt);
	attempt = attempts_at(office->attempts, place);
	call.number = attempt->number;
	call.is_held = call.talks ? own->is_held : other->is_held;
	call.t_alert = attempt->t_alert;
	call.far = far_side(office, attempt);
	call.stage = (uint8_t)stage_of(
	    office, attempt, (enum tone)(call.talks ? own->tone : other->tone));
	return call;
}

struct other_call
line_other_call(struct self *self, uint32_t line)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	struct other_call call;

	if (!verb_is_noted(self) ||
	    !verb_ask(self, &call, sizeof call, "line_other_call %s",
		number(office, line, room)))
		call = consultation_look(office, self, line);
	leave(office, self);
	if (verb_is_noted(self))
		verb_answer(self, &call, sizeof call);
	return call;
}

int
line_exchange(struct self *self, uint32_t line)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "line_exchange %s",
		number(office, line, room)))
		return leave_with(office, self, status);
	if (own_line(office, self, line) != NULL)
		status = ask_to_tell(office, self, EFFECT_EXCHANGED, line, 0);
	return leave_with(office, self, status);
}

static void
commit_exchanged(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t b)
{
	struct office *office = office_enter(scheduler);

	(void)pid, (void)b;
	lines_redeem(office->lines);
	if (lines_other(office->lines, line) != NULL)
		lines_exchange(office->lines, line);
	office_leave(office);
}

int
line_unlink(struct self *self, uint32_t line)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(
		self, &status, 0, "line_unlink %s", number(office, line, room)))
		return leave_with(office, self, status);
	if (own_line(office, self, line) != NULL)
		status = ask(office, self, EFFECT_UNLINKED, line,
		    consultation_look(office, self, line).number);
	return leave_with(office, self, status);
}

/* One that has ended meanwhile is nobody's any more. */
static void
commit_unlinked(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t call)
{
	struct office *office = office_enter(scheduler);
	const uint32_t place = attempts_find(office->attempts, call);

	(void)pid, (void)line;
	if (place != ATTEMPT_NONE &&
	    attempts_annex(office->attempts, place)->starter != 0)
		attempts_make_annex(office->attempts, place)->is_unlinked =
		    true;
	office_leave(office);
}

void
consultation_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_CONSULTED] =
	    (struct effect_type){ commit_done, undo_consulted };
	types[EFFECT_UNLINKED] = (struct effect_type){ commit_unlinked, NULL };
	types[EFFECT_EXCHANGED] =
	    (struct effect_type){ commit_exchanged, undo_promise };
}
