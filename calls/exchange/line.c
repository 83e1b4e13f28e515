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
 * A busy line is waiting while a second call rings it, which it hears.  Whether
 * a line is in service, and whether it has failed, stands beside this.
 *
 * Invariants, of every line:
 *   1. idle and parked lines have no owner, attempt or other side;
 *   2. an idle line is on-hook and silent, a parked one off-hook;
 *   3. a line that is busy, waiting or ringing has an owner, or an attempt
 *      that was begun for it and whose call has not yet seized it;
 *   4. a ringing line is on-hook;
 *   5. a line is waiting as long as one of its calls is, and that is one;
 *   6. with several schedulers a line that is busy, waiting or ringing has room
 *      among the notices for each of its calls, to say that it is free again.
 */
#include "calls/exchange/line.h"

#include <errno.h>

#include "calls/exchange/trace.h"
#include "switch/log.h"
#include "switch/object.h"
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

/* The line to be changed. */
static struct line *
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

	if (!log_is_on(log))
		return;
	numbering_text(lines->numbering, id, number);
	log_line(
	    log, scheduler_now(lines->at), "line %s %s%s", number, what, word);
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

struct line_other *
lines_other(const struct lines *lines, uint32_t id)
{
	const struct line *line = lines_at(lines, id);

	return line == NULL || line->other == LINE_NONE
	    ? NULL
	    : &lines->others[line->other];
}

bool
lines_waits(const struct lines *lines, uint32_t id)
{
	const struct line_other *other = lines_other(lines, id);

	return line_at(lines, id)->is_waiting ||
	    (other != NULL && other->is_waiting);
}

enum tone
lines_heard(const struct lines *lines, uint32_t id)
{
	return lines_waits(lines, id) && line_at(lines, id)->is_offhook
	    ? TONE_waiting
	    : (enum tone)line_at(lines, id)->tone;
}

static void
tell_terminal(const struct lines *lines, uint32_t id)
{
	const struct line *line = &lines->lines[id];
	const struct notice notice = { id, line->state,
		lines_heard(lines, id) };

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

static void
set_state(struct lines *lines, uint32_t id, enum line_state state)
{
	if (lines->lines[id].state == state)
		return;
	lines->lines[id].state = (uint8_t)state;
	log_change(lines, id, line_state_word(state), "");
}

static void
set_tone(struct lines *lines, uint32_t id, enum tone tone)
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
		set_tone(lines, id, TONE_none);
		set_state(lines, id, LINE_STATE_idle);
		tell_terminal(lines, id);
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

bool
line_is_out(const struct line *line)
{
	return line->is_blocked || line->is_down;
}

enum line_state
line_state_seen(const struct line *line)
{
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
	set_state(lines, id, LINE_STATE_busy);
}

void
lines_take(struct lines *lines, uint32_t id, struct pid owner)
{
	line_at(lines, id)->owner = owner;
	set_state(lines, id, LINE_STATE_busy);
}

/* The place that one of its two calls has for its other side. */
static uint32_t *
peer_of(const struct lines *lines, uint32_t id, uint32_t peer)
{
	struct line *line = line_at(lines, id);
	struct line_other *other = lines_other(lines, id);

	if (line->peer == peer)
		return &line->peer;
	return other != NULL && other->peer == peer ? &other->peer : NULL;
}

/* The other side has it as its own no more; a circuit sees to itself. */
static void
leave_peer(struct lines *lines, uint32_t id, uint32_t peer)
{
	if (lines_at(lines, peer) != NULL)
		lines_disconnect(lines, peer, id);
}

void
lines_set_peer(struct lines *lines, uint32_t id, uint32_t port)
{
	line_at(lines, id)->peer = port;
}

void
lines_disconnect(struct lines *lines, uint32_t id, uint32_t port)
{
	uint32_t *peer = peer_of(lines, id, port);

	if (peer != NULL)
		*peer = PORT_NONE;
}

/*
 * A line with a call is waiting or busy, as its calls are, if it does not ring;
 * whether that is news.
 */
static bool
settle(struct lines *lines, uint32_t id)
{
	const bool waits = lines_waits(lines, id);

	if (line_at(lines, id)->state !=
	    (waits ? LINE_STATE_busy : LINE_STATE_waiting))
		return false;
	set_state(lines, id, waits ? LINE_STATE_waiting : LINE_STATE_busy);
	return true;
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
		set_state(lines, id, LINE_STATE_ringing);
	else
		(void)settle(lines, id);
	tell_terminal(lines, id);
}

void
lines_ring(struct lines *lines, uint32_t id)
{
	set_state(lines, id, LINE_STATE_ringing);
	tell_terminal(lines, id);
}

void
lines_answer(struct lines *lines, uint32_t id)
{
	struct line *line = line_at(lines, id);

	set_state(lines, id, LINE_STATE_busy);
	line->is_called = false;
	lines_hook(lines, id, true);
}

void
lines_refuse(struct lines *lines, uint32_t id)
{
	line_at(lines, id)->is_called = false;
	set_state(lines, id, LINE_STATE_busy);
}

void
lines_tone(struct lines *lines, uint32_t id, enum tone tone)
{
	if (line_at(lines, id)->tone == tone)
		return;
	set_tone(lines, id, tone);
	tell_terminal(lines, id);
}

void
lines_status(struct lines *lines, uint32_t id, uint8_t cause)
{
	struct line *line = line_at(lines, id);
	struct log *log = scheduler_log(lines->at);
	char number[DIGITS_MAX + 1];

	line->status = cause;
	trace(lines, id, "status", "", cause);
	if (!log_is_on(log))
		return;
	numbering_text(lines->numbering, id, number);
	log_line(
	    log, scheduler_now(lines->at), "line %s status %u", number, cause);
}

/*--------------------------------------------------------------------
 * Two calls of one line
 */

/* Twice as many places as there were, and at least a page of them. */
static int
grow_others(struct lines *lines)
{
	uint32_t room = lines->others_room * 2 + 128, i;
	struct line_other *others =
	    object_realloc(lines->others, room * sizeof *others);

	if (others == NULL)
		return -ENOMEM;
	for (i = lines->others_room; i < room; i++) {
		others[i].peer = lines->others_free;
		lines->others_free = i;
	}
	lines->others = others;
	lines->others_room = room;
	return 0;
}

static int
take_other(struct lines *lines, uint32_t *ret_place)
{
	if (lines->others_free == LINE_NONE && grow_others(lines) != 0)
		return -ENOMEM;
	*ret_place = lines->others_free;
	lines->others_free = lines->others[*ret_place].peer;
	return 0;
}

int
lines_add_call(struct lines *lines, uint32_t id)
{
	struct line *line = line_at(lines, id);
	uint32_t place;

	if (take_other(lines, &place) != 0)
		return -ENOMEM;
	lines->others[place] = (struct line_other){ .owner = line->owner,
		.attempt = line->attempt,
		.peer = line->peer,
		.tone = line->tone,
		.is_held = line->is_held };
	line->other = place;
	line->owner = PID_NONE;
	line->attempt = ATTEMPT_NONE;
	line->peer = LINE_NONE;
	line->is_held = false;
	return 0;
}

static void
exchange_places(struct lines *lines, uint32_t id)
{
	struct line *line = line_at(lines, id);
	struct line_other *other = lines_other(lines, id);
	const struct line_other before = { line->owner, line->attempt,
		line->peer, line->tone, line->is_held, line->is_waiting };
	const struct line_other now = *other;

	*other = before;
	line->owner = now.owner;
	line->attempt = now.attempt;
	line->peer = now.peer;
	line->is_held = now.is_held;
	line->is_waiting = now.is_waiting;
	set_tone(lines, id, (enum tone)now.tone);
}

void
lines_exchange(struct lines *lines, uint32_t id)
{
	exchange_places(lines, id);
	tell_terminal(lines, id);
}

/* What it would be told has room from now on. */
static void
drop_other(struct lines *lines, uint32_t id)
{
	struct line *line = line_at(lines, id);
	struct line_other *other = lines_other(lines, id);

	lines_redeem(lines);
	leave_peer(lines, id, other->peer);
	other->peer = lines->others_free;
	lines->others_free = line->other;
	line->other = LINE_NONE;
}

void
lines_hand(struct lines *lines, uint32_t id, uint32_t attempt)
{
	struct line *line = line_at(lines, id);

	leave_peer(lines, id, line->peer);
	line->peer = PORT_NONE;
	line->owner = PID_NONE;
	line->attempt = attempt;
	line->is_held = false;
	line->is_waiting = false;
}

void
lines_drop_other(struct lines *lines, uint32_t id)
{
	drop_other(lines, id);
	if (settle(lines, id))
		tell_terminal(lines, id);
}

int
lines_take_second(struct lines *lines, uint32_t id, struct pid owner)
{
	struct line *line = line_at(lines, id);
	uint32_t place;

	if (take_other(lines, &place) != 0)
		return -ENOMEM;
	lines->others[place] = (struct line_other){
		.owner = owner, .attempt = ATTEMPT_NONE, .peer = LINE_NONE
	};
	line->other = place;
	return 0;
}

void
lines_wait(struct lines *lines, uint32_t id, uint32_t caller, uint32_t attempt,
    struct pid owner)
{
	struct line_other *other = lines_other(lines, id);

	other->attempt = attempt;
	other->is_waiting = true;
	lines_connect(lines, id, caller, owner);
	if (settle(lines, id))
		tell_terminal(lines, id);
}

void
lines_talk(struct lines *lines, uint32_t id, struct pid owner)
{
	struct line *line = line_at(lines, id);

	if (!pid_equal(line->owner, owner) && line->other != LINE_NONE)
		exchange_places(lines, id);
	line->is_waiting = false;
	(void)settle(lines, id);
	tell_terminal(lines, id);
}

void
lines_hold(struct lines *lines, uint32_t id, struct pid owner, bool is_held)
{
	struct line_other *other = lines_other(lines, id);

	if (pid_equal(line_at(lines, id)->owner, owner))
		line_at(lines, id)->is_held = is_held;
	else if (other != NULL && pid_equal(other->owner, owner))
		other->is_held = is_held;
}

void
lines_move(struct lines *lines, uint32_t id, struct pid from, struct pid to,
    uint32_t attempt)
{
	struct line *line = line_at(lines, id);
	struct line_other *other = lines_other(lines, id);

	if (pid_equal(line->owner, from)) {
		leave_peer(lines, id, line->peer);
		line->peer = PORT_NONE;
		line->owner = to;
		line->attempt = attempt;
		line->is_held = false;
	} else if (other != NULL && pid_equal(other->owner, from)) {
		other->owner = to;
		other->attempt = attempt;
		other->peer = LINE_NONE;
		other->is_held = false;
	}
}

/* Where it stands who is at the other side of the line in that call. */
static uint32_t *
peer_in(struct lines *lines, uint32_t id, struct pid owner)
{
	struct line_other *other = lines_other(lines, id);

	if (other != NULL && pid_equal(other->owner, owner))
		return &other->peer;
	return &line_at(lines, id)->peer;
}

void
lines_connect(
    struct lines *lines, uint32_t one, uint32_t other, struct pid owner)
{
	if (lines_at(lines, one) != NULL)
		*peer_in(lines, one, owner) = other;
	if (lines_at(lines, other) != NULL)
		*peer_in(lines, other, owner) = one;
}

void
lines_give_back(struct lines *lines, uint32_t id)
{
	struct line *line = line_at(lines, id);
	bool is_parked;

	trace(lines, id, "release", "", CAUSE_NONE);
	if (line->other != LINE_NONE) { /* it has another call still */
		exchange_places(lines, id);
		drop_other(lines, id);
		(void)settle(lines, id);
		tell_terminal(lines, id);
		return;
	}
	lines_redeem(lines);
	leave_peer(lines, id, line->peer);
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
	set_state(lines, id, is_parked ? LINE_STATE_parked : LINE_STATE_idle);
	set_tone(lines, id, is_parked ? TONE_disconnect : TONE_none);
	tell_terminal(lines, id);
}

const char *
line_state_word(enum line_state state)
{
#define STATE_WORD(symbol) #symbol,
	static const char *const words[] = { LINE_STATES(STATE_WORD) };
#undef STATE_WORD

	return words[state];
}
