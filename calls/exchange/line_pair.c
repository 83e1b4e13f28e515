/*
 * line_pair: the two calls of one line, and its other side in each of them.
 *
 * What a line has of the call that it talks in stands in struct line; of the
 * other one, if there is one, in a place of a table that grows with the lines
 * that have two, since few of a million do.  The two change places when the
 * line talks in the other one.  Which of them a signal is for is line_call.c.
 *
 * Invariants:
 *   1. a place is of one line (its `other`), or in the list of the free ones;
 *   2. each call has room among the notices, which it takes along when it goes.
 */
#include "calls/exchange/line_internal.h"

#include <errno.h>

#include "switch/object.h"

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

bool
line_settle(struct lines *lines, uint32_t id)
{
	const bool waits = lines_waits(lines, id);

	if (line_at(lines, id)->state !=
	    (waits ? LINE_STATE_busy : LINE_STATE_waiting))
		return false;
	line_set_state(lines, id, waits ? LINE_STATE_waiting : LINE_STATE_busy);
	return true;
}

/*--------------------------------------------------------------------
 * The other side
 */

void
lines_set_peer(struct lines *lines, uint32_t id, uint32_t port)
{
	line_at(lines, id)->peer = port;
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

void
line_leave_peer(struct lines *lines, uint32_t id, uint32_t peer)
{
	if (lines_at(lines, peer) != NULL)
		lines_disconnect(lines, peer, id);
}

void
lines_disconnect(struct lines *lines, uint32_t id, uint32_t port)
{
	uint32_t *peer = peer_of(lines, id, port);

	if (peer != NULL)
		*peer = PORT_NONE;
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

/*--------------------------------------------------------------------
 * The second place
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
	line_set_tone(lines, id, (enum tone)now.tone);
}

void
lines_exchange(struct lines *lines, uint32_t id)
{
	exchange_places(lines, id);
	line_tell_terminal(lines, id);
}

/* What it would be told has room from now on. */
static void
drop_other(struct lines *lines, uint32_t id)
{
	struct line *line = line_at(lines, id);
	struct line_other *other = lines_other(lines, id);

	lines_redeem(lines);
	line_leave_peer(lines, id, other->peer);
	other->peer = lines->others_free;
	lines->others_free = line->other;
	line->other = LINE_NONE;
}

void
lines_hand(struct lines *lines, uint32_t id, uint32_t attempt)
{
	struct line *line = line_at(lines, id);

	line_leave_peer(lines, id, line->peer);
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
	if (line_settle(lines, id))
		line_tell_terminal(lines, id);
}

void
line_return_to_other(struct lines *lines, uint32_t id)
{
	exchange_places(lines, id);
	drop_other(lines, id);
	(void)line_settle(lines, id);
	line_tell_terminal(lines, id);
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
	if (line_settle(lines, id))
		line_tell_terminal(lines, id);
}

void
lines_talk(struct lines *lines, uint32_t id, struct pid owner)
{
	struct line *line = line_at(lines, id);

	if (!pid_equal(line->owner, owner) && line->other != LINE_NONE)
		exchange_places(lines, id);
	line->is_waiting = false;
	(void)line_settle(lines, id);
	line_tell_terminal(lines, id);
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
		line_leave_peer(lines, id, line->peer);
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
