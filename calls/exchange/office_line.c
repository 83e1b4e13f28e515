/*
 * office_line: what subscribers do at their lines.
 *
 * Whatever they do becomes, first, a fact of the line, and then a signal to the
 * call that owns it, if one does: so a fact is never lost with an event, and a
 * call can always ask (T89).  What far ends of circuits do comes in through
 * office_trunk.c, and how a line changes is line.c's affair.
 *
 * Invariants:
 *   1. of a line with a call a fact changes only when its signal has found
 *      room;
 *   2. what is refused says why in `office->why`, until the next refusal.
 */
#include "calls/exchange/office.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office_internal.h"
#include "calls/exchange/register.h"
#include "switch/alarm.h"
#include "switch/log.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"

/* Enters the office for the subscriber who sits at that line. */
static const struct line *
enter_from(struct office *office, uint32_t line)
{
	const struct line *found;

	office_enter(office->scheduler);
	found = lines_at(office->lines, line);
	assert(found != NULL);
	return found;
}

static int
leave(struct office *office, int status)
{
	office_leave(office);
	return status;
}

/* "line 1002 is idle: nothing rings there" */
static int
refuse(struct office *office, uint32_t line, const char *clause,
    const char **ret_why)
{
	const struct line *found = lines_at(office->lines, line);
	char number[DIGITS_MAX + 1];

	numbering_text(office->lines->numbering, line, number);
	snprintf(office->why, sizeof office->why, "line %s is %s: %s", number,
	    line_state_word(line_state_seen(found)), clause);
	*ret_why = office->why;
	return -ENOTSUP;
}

/* For the notice of what is done next. */
static int
make_room(struct office *office, uint32_t line, const char **ret_why)
{
	if (lines_promise(office->lines) != 0)
		return refuse(office, line, "no memory is left", ret_why);
	lines_redeem(office->lines);
	return 0;
}

static uint64_t
call_of(const struct office *office, const struct line *line)
{
	if (line->attempt == ATTEMPT_NONE)
		return 0;
	return attempts_at(office->attempts, line->attempt)->number;
}

/* A signal from the line to one of its calls. */
static int
post_to(struct office *office, uint32_t id, struct line_call to,
    enum signal_kind kind, uint8_t cause)
{
	struct signal signal = { .port = id, .cause = cause };

	if (to.attempt != ATTEMPT_NONE)
		signal.call = attempts_at(office->attempts, to.attempt)->number;
	return process_post(office->scheduler, to.owner, (uint16_t)kind,
	    &signal, sizeof signal);
}

/* Likewise, to the one that it is for. */
static int
post(struct office *office, uint32_t id, enum signal_kind kind, uint8_t cause)
{
	return post_to(
	    office, id, line_call_for(office, id, kind), kind, cause);
}

static int
post_or_refuse(struct office *office, uint32_t id, enum signal_kind kind,
    uint8_t cause, const char **ret_why)
{
	if (post(office, id, kind, cause) == 0)
		return 0;
	return refuse(
	    office, id, "the switch has no room for its signal", ret_why);
}

/* Off-hook, with the whole number or (digits "") with none. */
static int
begin(struct office *office, uint32_t line, const char *digits,
    uint64_t *ret_call, const char **ret_why)
{
	const char *why;

	if (line_state_seen(lines_at(office->lines, line)) != LINE_STATE_idle)
		return refuse(office, line,
		    "only an idle line can begin a call", ret_why);
	if (lines_promise(office->lines) != 0)
		return refuse(office, line, "no memory is left", ret_why);
	why = office_lift(office, line, digits, ret_call);
	if (why == NULL)
		return 0;
	lines_redeem(office->lines);
	return refuse(office, line, why, ret_why);
}

int
office_offhook(struct office *office, uint32_t line, uint64_t *ret_call,
    const char **ret_why)
{
	enter_from(office, line);
	return leave(office, begin(office, line, "", ret_call, ret_why));
}

/* Keys of a telephone, one to `most`. */
static bool
are_keys(const char *digits, size_t most)
{
	size_t length = strspn(digits, "0123456789*#");

	return digits[length] == '\0' && length >= 1 && length <= most;
}

int
office_call(struct office *office, uint32_t from, const char *digits,
    uint64_t *ret_call, const char **ret_why)
{
	int status;

	enter_from(office, from);
	if (are_keys(digits, DIGITS_MAX))
		status = begin(office, from, digits, ret_call, ret_why);
	else
		status = refuse(office, from,
		    "a number has 1 to 15 digits, * and # among them", ret_why);
	return leave(office, status);
}

/* A signal with a number, to the only call of a line. */
static int
send_number(struct office *office, uint32_t line, enum signal_kind kind,
    const char *digits, uint64_t other, const char **ret_why)
{
	const struct line *own = lines_at(office->lines, line);
	struct signal signal = { .port = line, .other = other };

	if (own == NULL)
		return office_refuse_circuit(
		    office, line, "only a line can call another", ret_why);
	if (pid_is_none(own->owner) || !own->is_offhook)
		return refuse(office, line,
		    "only a line in a call can call another", ret_why);
	if (lines_other(office->lines, line) != NULL)
		return refuse(office, line, "it has two calls", ret_why);
	if (!are_keys(digits, DIGITS_MAX))
		return refuse(office, line,
		    "a number has 1 to 15 digits, * and # among them", ret_why);
	signal.call = call_of(office, own);
	snprintf(signal.digits, sizeof signal.digits, "%s", digits);
	if (process_post(office->scheduler, own->owner, (uint16_t)kind, &signal,
		sizeof signal) != 0)
		return refuse(office, line,
		    "the switch has no room for its signal", ret_why);
	return 0;
}

int
office_consult(struct office *office, uint32_t line, const char *digits,
    uint64_t *ret_call, const char **ret_why)
{
	uint64_t number;
	int status;

	office_enter(office->scheduler);
	number = attempts_number(office->attempts);
	status =
	    send_number(office, line, SIGNAL_CONSULT, digits, number, ret_why);
	if (status == 0)
		*ret_call = number;
	return leave(office, status);
}

int
office_blind(struct office *office, uint32_t line, const char *digits,
    const char **ret_why)
{
	office_enter(office->scheduler);
	return leave(office,
	    send_number(office, line, SIGNAL_BLIND, digits, 0, ret_why));
}

/* As many as fit a signal, from `digits` on; how many those are. */
static size_t
post_digits(struct office *office, uint32_t id, const char *digits)
{
	const struct line *line = lines_at(office->lines, id);
	struct signal signal = { .call = call_of(office, line), .port = id };
	size_t length = strnlen(digits, sizeof signal.digits - 1);

	memcpy(signal.digits, digits, length);
	if (process_post(office->scheduler, line->owner, SIGNAL_DIGIT, &signal,
		sizeof signal) != 0)
		return 0;
	return length;
}

static int
dial_call(struct office *office, uint32_t line, const char *digits,
    const char **ret_why)
{
	size_t done;

	for (; *digits != '\0'; digits += done) {
		done = post_digits(office, line, digits);
		if (done == 0)
			return refuse(office, line,
			    "the switch has no room for its digits", ret_why);
	}
	return 0;
}

static int
dial_register(struct office *office, uint32_t line, const char *digits,
    const char **ret_why)
{
	const int status = make_room(office, line, ret_why);

	if (status == 0)
		register_dial(office, line, digits);
	return status;
}

static int
dial(struct office *office, uint32_t line, const char *digits,
    const char **ret_why)
{
	const struct line *own = lines_at(office->lines, line);
	const bool is_registered = register_has(office, line);

	if (!own->is_offhook)
		return refuse(
		    office, line, "its handset is on the hook", ret_why);
	if (pid_is_none(own->owner) && !is_registered)
		return refuse(
		    office, line, "no call hears its digits", ret_why);
	if (!are_keys(digits, SIZE_MAX))
		return refuse(
		    office, line, "its keys are the digits, * and #", ret_why);
	return is_registered ? dial_register(office, line, digits, ret_why)
			     : dial_call(office, line, digits, ret_why);
}

int
office_dial(struct office *office, uint32_t line, const char *digits,
    const char **ret_why)
{
	enter_from(office, line);
	return leave(office, dial(office, line, digits, ret_why));
}

int
office_answer(struct office *office, uint32_t line, const char **ret_why)
{
	const struct line *own = enter_from(office, line);
	const bool waits = lines_waits(office->lines, line);
	const bool comes_back = !own->is_called && !waits && !own->is_offhook &&
	    own->kind == LINE_ANALOG && !pid_is_none(own->owner);
	int status;

	if (own->is_called || waits || comes_back)
		status = post_or_refuse(office, line,
		    comes_back ? SIGNAL_OFFHOOK : SIGNAL_ANSWER, CAUSE_NONE,
		    ret_why);
	else
		status = refuse(office, line, "nothing rings there", ret_why);
	if (status == 0 && own->is_called)
		lines_answer(office->lines, line);
	else if (status == 0 && !own->is_offhook)
		lines_hook(office->lines, line, true);
	return leave(office, status);
}

static int
reject(
    struct office *office, uint32_t line, uint8_t cause, const char **ret_why)
{
	const struct line *own = lines_at(office->lines, line);
	int status;

	if (own->is_called || lines_waits(office->lines, line))
		status = post_or_refuse(office, line, SIGNAL_REJECT,
		    cause == CAUSE_NONE ? CAUSE_REJECTED : cause, ret_why);
	else
		status = refuse(office, line, "nothing rings there", ret_why);
	if (status == 0 && own->is_called)
		lines_refuse(office->lines, line);
	return status;
}

int
office_reject(
    struct office *office, uint32_t line, uint8_t cause, const char **ret_why)
{
	enter_from(office, line);
	return leave(office, reject(office, line, cause, ret_why));
}

/* Its other call is the one that it may be called in now. */
static int
leave_other(struct office *office, uint32_t line, const char **ret_why)
{
	const struct line_call left = line_call_left(office, line);

	if (left.attempt == ATTEMPT_NONE)
		return 0;
	if (post_to(office, line, left, SIGNAL_LEFT, CAUSE_NORMAL) != 0)
		return refuse(office, line,
		    "the switch has no room for its signal", ret_why);
	if (!pid_equal(left.owner, lines_at(office->lines, line)->owner))
		lines_exchange(office->lines, line);
	return 0;
}

static int
hang_up(
    struct office *office, uint32_t line, uint8_t cause, const char **ret_why)
{
	const struct line *own = lines_at(office->lines, line);
	int status = 0;

	if (!own->is_offhook)
		return refuse(
		    office, line, "its handset is on the hook", ret_why);
	if (register_has(office, line)) {
		register_release(office, line);
		return 0;
	}
	if (!pid_is_none(own->owner) && !own->is_waiting)
		status = post_or_refuse(office, line,
		    own->kind == LINE_ISDN ? SIGNAL_DISCONNECT : SIGNAL_ONHOOK,
		    cause, ret_why);
	if (status == 0)
		status = leave_other(office, line, ret_why);
	if (status == 0)
		lines_hook(office->lines, line, false);
	return status;
}

int
office_hangup(struct office *office, uint32_t line, const char **ret_why)
{
	int status;

	enter_from(office, line);
	status = make_room(office, line, ret_why);
	if (status == 0)
		status = hang_up(office, line, CAUSE_NORMAL, ret_why);
	return leave(office, status);
}

void
office_block_line(struct office *office, uint32_t line, bool is_blocked)
{
	char number[DIGITS_MAX + 1];

	enter_from(office, line);
	lines_set_blocked(office->lines, line, is_blocked);
	if (!is_blocked && alarm_stands(office->scheduler)) {
		numbering_text(office->lines->numbering, line, number);
		alarm_clear(office->scheduler, ALARM_LINE_BLOCKED, number);
	}
	office_leave(office);
}

int
office_silence_line(
    struct office *office, uint32_t line, bool is_silent, const char **ret_why)
{
	const struct line *own = enter_from(office, line);
	int status = 0;

	if (is_silent && own->kind != LINE_ISDN)
		status = refuse(office, line,
		    "an analog line confirms nothing, an ISDN terminal does",
		    ret_why);
	else if (own->is_silent != is_silent)
		lines_set_silent(office->lines, line, is_silent);
	return leave(office, status);
}

/* As if its subscriber had gone, or would not answer. */
static int
lose_terminal(struct office *office, uint32_t line, const char **ret_why)
{
	const struct line *own = lines_at(office->lines, line);
	int status = make_room(office, line, ret_why);

	if (status == 0 && own->is_released) /* what it awaits comes no more */
		return post_or_refuse(office, line, SIGNAL_RELEASE_COMPLETE,
		    CAUSE_OUT_OF_ORDER, ret_why);
	if (status == 0 && own->is_offhook)
		return hang_up(office, line, CAUSE_OUT_OF_ORDER, ret_why);
	if (status == 0 && own->is_called)
		return reject(office, line, CAUSE_OUT_OF_ORDER, ret_why);
	if (status == 0 && !pid_is_none(own->owner)) /* on-hook for now (T82) */
		return post_or_refuse(
		    office, line, SIGNAL_ONHOOK, CAUSE_OUT_OF_ORDER, ret_why);
	return status;
}

int
office_fail_line(
    struct office *office, uint32_t line, bool is_down, const char **ret_why)
{
	const struct line *own = enter_from(office, line);
	int status = 0;

	if (is_down && !own->is_down)
		status = lose_terminal(office, line, ret_why);
	if (status == 0)
		lines_set_down(office->lines, line, is_down);
	return leave(office, status);
}

static void
ring(struct office *office, uint32_t line)
{
	lines_ring(office->lines, line);
	ringing_add(office, lines_at(office->lines, line)->attempt, line);
}

static int
send_signal(struct office *office, uint32_t line, enum signal_kind signal,
    uint8_t cause, const char **ret_why)
{
	const struct line *own = lines_at(office->lines, line);
	int status;

	if (pid_is_none(own->owner))
		return refuse(
		    office, line, "no call hears its signals", ret_why);
	status = post_or_refuse(office, line, signal, cause, ret_why);
	if (status == 0 && signal == SIGNAL_ALERTING && own->is_called)
		ring(office, line);
	if (status == 0 && signal == SIGNAL_OFFHOOK && !own->is_called)
		lines_hook(office->lines, line, true);
	return status;
}

int
office_signal_in(struct office *office, uint32_t line, uint64_t call,
    enum signal_kind signal, uint8_t cause, const char **ret_why)
{
	struct line_call to;
	int status;

	enter_from(office, line);
	to = line_call_in(office, line, call);
	if (to.attempt == ATTEMPT_NONE)
		status =
		    refuse(office, line, "it is not in that call", ret_why);
	else if (post_to(office, line, to, signal, cause) != 0)
		status = refuse(office, line,
		    "the switch has no room for its signal", ret_why);
	else
		status = 0;
	return leave(office, status);
}

int
office_signal(struct office *office, uint32_t line, enum signal_kind signal,
    uint8_t cause, const char **ret_why)
{
	int status;

	enter_from(office, line);
	status = make_room(office, line, ret_why);
	if (status == 0)
		status = send_signal(office, line, signal, cause, ret_why);
	return leave(office, status);
}

/*--------------------------------------------------------------------
 * Looking
 */

enum line_state
office_line_state(struct office *office, uint32_t line)
{
	const struct line *own = enter_from(office, line);
	const enum line_state state = line_state_seen(own);

	office_leave(office);
	return state;
}

void
office_line(struct office *office, uint32_t line, struct line_info *ret_info)
{
	const struct line *own = enter_from(office, line);
	const struct line_other *other = lines_other(office->lines, line);
	bool is_through = own->tone == TONE_speech || own->tone == TONE_hold;

	*ret_info = (struct line_info){
		.state = line_state_seen(own),
		.tone = lines_heard(office->lines, line),
		.is_offhook = own->is_offhook,
		.calls = other != NULL ? 2 : line_is_taken(own),
		.call = own->owner,
		.call_tone = (enum tone)own->tone,
		.other = other != NULL ? other->owner : PID_NONE,
		.other_tone =
		    other != NULL ? (enum tone)other->tone : TONE_none,
		.peer = is_through ? own->peer : LINE_NONE,
		.status = own->status,
		.is_gapped = line_is_turned_away(own) ||
		    (own->attempt != ATTEMPT_NONE &&
			attempts_at(office->attempts, own->attempt)->is_gapped),
	};
	office_leave(office);
}
