/*
 * line: see line.h for what it is.
 *
 *            take              ring
 *     idle ────────> busy ────────────> ringing
 *      ^ ^            │ ^    answer, refuse  │
 *      │ └─────────────┤ └────────────────────┤
 *      │   give back   │ give back,           │
 *      │   (on-hook)   v off-hook             │
 *      └────────── parked <───────────────────┘
 *        on-hook
 *
 * A busy line is waiting while a second call rings it, which it hears; a line
 * with two calls is line_pair.c.  Whether a line is in service, whether it has
 * failed, and whether it is withdrawn, stands beside this.
 *
 * Invariants, of every line:
 *   1. idle and parked lines have no owner, attempt or other side;
 *   2. an idle line is on-hook and silent, a parked one off-hook;
 *   3. a line that is busy, waiting or ringing has an owner, or an attempt
 *      that was begun for it and whose call has not yet seized it, or is none
 *      as long as the register has it;
 *   4. a ringing line is on-hook;
 *   5. a line is waiting as long as one of its calls is, and that is one;
 *   6. with several schedulers a line that is busy, waiting or ringing has room
 *      among the notices for each of its calls, to say that it is free again.
 */
#include "calls/exchange/line_internal.h"

#include <assert.h>

#include "calls/exchange/trace.h"
#include "switch/log.h"
#include "switch/scheduler.h"

bool
line_is_taken(const struct line *line)
{
	return line->state == LINE_STATE_busy ||
	    line->state == LINE_STATE_ringing ||
	    line->state == LINE_STATE_waiting;
}

static bool
assert_line(const struct line *line)
{
	const bool is_taken = line_is_taken(line);

	assert(is_taken ==
	    (line->attempt != ATTEMPT_NONE || !pid_is_none(line->owner)));
	assert(is_taken || line->peer == LINE_NONE);
	if (line->state == LINE_STATE_idle)
		assert(!line->is_offhook && line->tone == TONE_none);
	if (line->state == LINE_STATE_parked)
		assert(line->is_offhook);
	if (line->state == LINE_STATE_ringing)
		assert(!line->is_offhook);
	return true;
}

struct line *
line_at(const struct lines *lines, uint32_t id)
{
	struct line *line = lines_at(lines, id);

	assert(line != NULL);
	return line;
}

/* One line of the log; `what` is only read while the log is on. */
static void
log_change(
    const struct lines *lines, uint32_t id, const char *what, const char *word)
{
	struct log *log = scheduler_log(lines->at);
	char number[DIGITS_MAX + 1];

	if (!log_wants(log, LEVEL_debug))
		return;
	numbering_text(lines->numbering, id, number);
	log_line(log, scheduler_entry(lines->at, LEVEL_debug), "line %s %s%s",
	    number, what, word);
}

/* What its call has done to it reaches the party. */
static void
trace(const struct lines *lines, uint32_t id, const char *event,
    const char *text, uint8_t cause)
{
	const struct trace_said said = { event, text, cause };

	if (lines->trace != NULL)
		trace_out(lines->trace, lines->lines[id].attempt, id, &said);
}

void
lines_tell(const struct lines *lines, struct notice notice)
{
	if (lines->terminal != NULL)
		lines->terminal(lines->terminal_arg, notice.line,
		    (enum line_state)notice.state, (enum tone)notice.tone);
}

enum tone
lines_heard(const struct lines *lines, uint32_t id)
{
	return lines_waits(lines, id) && line_at(lines, id)->is_offhook
	    ? TONE_waiting
	    : (enum tone)line_at(lines, id)->tone;
}

void
line_tell_terminal(const struct lines *lines, uint32_t id)
{
	const struct line *line = &lines->lines[id];
	const struct notice notice = { id, line->state,
		(uint8_t)lines_heard(lines, id) };

	assert(assert_line(line));
	if (lines->notices == NULL)
		lines_tell(lines, notice);
	else if (notices_put(lines->notices, notice) == 1)
		scheduler_call_on(scheduler_home(lines->at));
}

uint32_t
lines_take_notices(
    struct lines *lines, struct notice *ret_notices, uint32_t max)
{
	if (lines->notices == NULL)
		return 0;
	return notices_take(lines->notices, ret_notices, max);
}

int
lines_promise(struct lines *lines)
{
	return lines->notices == NULL ? 0 : notices_reserve(lines->notices);
}

void
lines_redeem(struct lines *lines)
{
	if (lines->notices != NULL)
		notices_give_back(lines->notices);
}

void
line_set_state(struct lines *lines, uint32_t id, enum line_state state)
{
	if (lines->lines[id].state == state)
		return;
	lines->lines[id].state = (uint8_t)state;
	log_change(lines, id, line_state_word(state), "");
	if (state == LINE_STATE_idle && lines->lines[id].changes_kind)
		(void)lines_set_kind(lines, id,
		    lines->lines[id].kind == LINE_ISDN ? LINE_ANALOG
						       : LINE_ISDN);
}

void
line_set_tone(struct lines *lines, uint32_t id, enum tone tone)
{
	if (lines->lines[id].tone == tone)
		return;
	lines->lines[id].tone = (uint8_t)tone;
	log_change(lines, id, "tone ", tone_word(tone));
	trace(lines, id, "tone", tone_word(tone), CAUSE_NONE);
}

void
lines_hook(struct lines *lines, uint32_t id, bool is_offhook)
{
	struct line *line = line_at(lines, id);

	line->is_offhook = is_offhook;
	log_change(lines, id, is_offhook ? "off-hook" : "on-hook", "");
	if (!is_offhook && line->state == LINE_STATE_parked) {
		line_set_tone(lines, id, TONE_none);
		line_set_state(lines, id, LINE_STATE_idle);
		line_tell_terminal(lines, id);
	}
}

void
lines_set_blocked(struct lines *lines, uint32_t id, bool is_blocked)
{
	line_at(lines, id)->is_blocked = is_blocked;
	log_change(lines, id, is_blocked ? "blocked" : "unblocked", "");
}

void
lines_set_down(struct lines *lines, uint32_t id, bool is_down)
{
	line_at(lines, id)->is_down = is_down;
	log_change(lines, id, is_down ? "down" : "up", "");
}

void
lines_set_silent(struct lines *lines, uint32_t id, bool is_silent)
{
	line_at(lines, id)->is_silent = is_silent;
	log_change(lines, id, is_silent ? "silent" : "speaks again", "");
}

bool
line_confirms(const struct line *line)
{
	return !line->is_silent && !line->is_down;
}

bool
line_is_out(const struct line *line)
{
	return line->is_blocked || line->is_down || line->is_withdrawn;
}

enum line_state
line_state_seen(const struct line *line)
{
	if (line->is_withdrawn && line->state == LINE_STATE_idle)
		return LINE_STATE_withdrawn;
	if (line->is_down)
		return LINE_STATE_down;
	if (line->is_blocked && line->state == LINE_STATE_idle)
		return LINE_STATE_blocked;
	return (enum line_state)line->state;
}

void
lines_reserve(struct lines *lines, uint32_t id, uint32_t attempt)
{
	line_at(lines, id)->attempt = attempt;
	line_set_state(lines, id, LINE_STATE_busy);
}

void
lines_turn_away(struct lines *lines, uint32_t id)
{
	struct line *line = line_at(lines, id);

	line->attempt = ATTEMPT_NONE;
	if (!line->is_offhook)
		lines_hook(lines, id, true);
	line_set_state(lines, id, LINE_STATE_parked);
	line_set_tone(lines, id, TONE_congestion);
	line_tell_terminal(lines, id);
}

bool
line_is_turned_away(const struct line *line)
{
	return line->state == LINE_STATE_parked &&
	    line->tone == TONE_congestion;
}

void
lines_take(struct lines *lines, uint32_t id, struct pid owner)
{
	line_at(lines, id)->owner = owner;
	line_set_state(lines, id, LINE_STATE_busy);
}

void
lines_setup(struct lines *lines, uint32_t id, uint32_t caller, uint32_t attempt,
    struct pid owner)
{
	struct line *line = line_at(lines, id);

	if (line->is_offhook)
		return; /* a SETUP again, which crosses its answer */
	line->is_waiting = false;
	line->is_called = true;
	line->attempt = attempt;
	trace(lines, id, "setup", "", CAUSE_NONE);
	lines_connect(lines, id, caller, owner);
	if (line->kind == LINE_ANALOG)
		line_set_state(lines, id, LINE_STATE_ringing);
	else
		(void)line_settle(lines, id);
	line_tell_terminal(lines, id);
}

void
lines_ring(struct lines *lines, uint32_t id)
{
	line_set_state(lines, id, LINE_STATE_ringing);
	line_tell_terminal(lines, id);
}

void
lines_answer(struct lines *lines, uint32_t id)
{
	struct line *line = line_at(lines, id);

	line_set_state(lines, id, LINE_STATE_busy);
	line->is_called = false;
	lines_hook(lines, id, true);
}

void
lines_refuse(struct lines *lines, uint32_t id)
{
	line_at(lines, id)->is_called = false;
	line_set_state(lines, id, LINE_STATE_busy);
}

void
lines_tone(struct lines *lines, uint32_t id, enum tone tone)
{
	if (line_at(lines, id)->tone == tone)
		return;
	line_set_tone(lines, id, tone);
	line_tell_terminal(lines, id);
}

void
lines_release(struct lines *lines, uint32_t id, uint8_t cause)
{
	struct line *line = line_at(lines, id);

	line->is_released = true;
	log_change(lines, id, "release", "");
	trace(lines, id, "release", "", cause);
	if (!line_confirms(line) || line->other != LINE_NONE)
		return; /* it keeps the call; or it has another one still */
	line->is_offhook = false;
	line->is_called = false;
	if (line->state == LINE_STATE_ringing)
		line_set_state(lines, id, LINE_STATE_busy);
	line_tell_terminal(lines, id);
}

void
lines_status(struct lines *lines, uint32_t id, uint8_t cause)
{
	struct line *line = line_at(lines, id);
	struct log *log = scheduler_log(lines->at);
	char number[DIGITS_MAX + 1];

	line->status = cause;
	trace(lines, id, "status", "", cause);
	if (!log_wants(log, LEVEL_debug))
		return;
	numbering_text(lines->numbering, id, number);
	log_line(log, scheduler_entry(lines->at, LEVEL_debug),
	    "line %s status %u", number, cause);
}

void
lines_give_back(struct lines *lines, uint32_t id)
{
	struct line *line = line_at(lines, id);
	bool is_parked;

	if (!line->is_released)
		trace(lines, id, "release", "", CAUSE_NONE);
	line->is_released = false;
	if (line->other != LINE_NONE) { /* it has another call still */
		line_return_to_other(lines, id);
		return;
	}
	lines_redeem(lines);
	line_leave_peer(lines, id, line->peer);
	line->peer = PORT_NONE;
	line->owner = PID_NONE;
	line->attempt = ATTEMPT_NONE;
	line->status = 0;
	line->is_called = false;
	line->is_held = false;
	line->is_waiting = false;
	/* An ISDN terminal clears by itself when its call has gone. */
	if (line->kind == LINE_ISDN)
		line->is_offhook = false;
	is_parked = line->is_offhook;
	line_set_state(
	    lines, id, is_parked ? LINE_STATE_parked : LINE_STATE_idle);
	line_set_tone(lines, id, is_parked ? TONE_disconnect : TONE_none);
	line_tell_terminal(lines, id);
}

const char *
line_state_word(enum line_state state)
{
#define STATE_WORD(symbol) #symbol,
	static const char *const words[] = { LINE_STATES(STATE_WORD) };
#undef STATE_WORD

	return words[state];
}
