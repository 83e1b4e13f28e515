/*
 * line_call: which of the two calls of a line a signal from it is for.
 *
 * A subscriber has one hook and one set of keys.  Of two calls, one of which is
 * the other's consultation, the first, which is in CONSULT, hears all but HOLD,
 * ALERTING and digits.  Else what answers or refuses goes to a call that waits,
 * RETRIEVE to the one that is held, and all else to the one that the line
 * talks in; an on-hook the other one is told of (LEFT), which is all that a
 * call hears that waits.
 */
#include "calls/exchange/office_internal.h"

static bool
is_for_consulting(enum signal_kind kind)
{
	return kind != SIGNAL_HOLD && kind != SIGNAL_ALERTING &&
	    kind != SIGNAL_DIGIT;
}

static bool
is_for_waiting(enum signal_kind kind)
{
	return kind == SIGNAL_ANSWER || kind == SIGNAL_REJECT ||
	    kind == SIGNAL_FLASH;
}

/* Of the two calls of a line whether it is the one that it does not talk in. */
static bool
is_for_other(const struct office *office, const struct line *line,
    const struct line_other *other, enum signal_kind kind)
{
	if (attempts_is_begun_by(
		office->attempts, line->attempt, other->attempt))
		return is_for_consulting(kind);
	if (other->is_waiting)
		return is_for_waiting(kind);
	return kind == SIGNAL_RETRIEVE && other->is_held && !line->is_held;
}

struct line_call
line_call_for(const struct office *office, uint32_t id, enum signal_kind kind)
{
	const struct line *line = lines_at(office->lines, id);
	const struct line_other *other = lines_other(office->lines, id);

	if (other != NULL && is_for_other(office, line, other, kind))
		return (struct line_call){ other->owner, other->attempt };
	return (struct line_call){ line->owner, line->attempt };
}

struct line_call
line_call_in(const struct office *office, uint32_t id, uint64_t number)
{
	const struct line *line = lines_at(office->lines, id);
	const struct line_other *other = lines_other(office->lines, id);

	if (other != NULL && other->attempt != ATTEMPT_NONE &&
	    attempts_at(office->attempts, other->attempt)->number == number)
		return (struct line_call){ other->owner, other->attempt };
	if (line->attempt != ATTEMPT_NONE &&
	    attempts_at(office->attempts, line->attempt)->number == number)
		return (struct line_call){ line->owner, line->attempt };
	return (struct line_call){ PID_NONE, ATTEMPT_NONE };
}

/* Nobody hears of it where one call is the other's consultation. */
struct line_call
line_call_left(const struct office *office, uint32_t id)
{
	const struct line *line = lines_at(office->lines, id);
	const struct line_other *other = lines_other(office->lines, id);

	if (line->is_waiting)
		return (struct line_call){ line->owner, line->attempt };
	if (other == NULL ||
	    attempts_is_begun_by(
		office->attempts, line->attempt, other->attempt) ||
	    attempts_is_begun_by(
		office->attempts, other->attempt, line->attempt))
		return (struct line_call){ PID_NONE, ATTEMPT_NONE };
	return (struct line_call){ other->owner, other->attempt };
}
