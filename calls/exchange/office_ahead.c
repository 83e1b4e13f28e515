/*
 * office_ahead: see office_ahead.h for what it is.
 *
 * Without the office's lock: where several work on the lines, only where one
 * lies is made use of, not what it says.
 */
#include "calls/exchange/office_ahead.h"

#include "calls/exchange/leg.h"
#include "calls/exchange/office_internal.h"
#include "switch/ahead.h"

static void
fetch_call(
    const struct office *office, const struct line *line, unsigned int round)
{
	ahead_fetch_process(office->scheduler, line->owner, round);
	if (line->attempt == ATTEMPT_NONE)
		return;
	if (round == 0) {
		attempts_fetch(office->attempts, line->attempt);
	} else if (round == 1) {
		attempts_fetch_chain(office->attempts, line->attempt);
		legs_fetch(office->legs,
		    attempts_at(office->attempts, line->attempt)->legs.first);
	}
}

void
office_fetch_line(const struct office *office, uint32_t id, unsigned int round)
{
	const struct line *line = lines_at(office->lines, id);

	if (round == 0)
		ahead_fetch(line);
	else if (line != NULL && !office->is_shared)
		fetch_call(office, line, round - 1);
}
