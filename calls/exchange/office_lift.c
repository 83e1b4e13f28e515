/*
 * office_lift: what becomes of a line that is lifted for a call.
 *
 * While all are let in it is a call, which has a process.  Where the machine's
 * time is short whoever has given his number is let in or turned away by the
 * gate at once, and who has yet to dial is heard by the register.  That it is
 * idle, and that there is room for its notice, is seen to before
 * (office_line.c).
 */
#include "calls/exchange/class.h"
#include "calls/exchange/office_internal.h"
#include "calls/exchange/register.h"
#include "switch/log.h"
#include "switch/scheduler.h"

static void
log_attempt(const struct office *office, const struct attempt *attempt)
{
	struct log *log = scheduler_log(office->scheduler);
	char number[DIGITS_MAX + 1];

	if (!log_wants(log, LEVEL_debug))
		return;
	office_port_text(office, attempt->port_a, number);
	log_line(log, scheduler_entry(office->scheduler, LEVEL_debug),
	    "call %llu from %s", (unsigned long long)attempt->number, number);
}

/* To a process of its own; NULL, or why not. */
static const char *
begin_call(struct office *office, uint32_t line, const char *digits,
    uint8_t answer, uint64_t *ret_call)
{
	struct attempt *attempt;
	uint32_t place;

	office_settle(office);
	place = attempts_begin(
	    office->attempts, attempts_number(office->attempts), line);
	if (place == ATTEMPT_NONE)
		return "there are as many calls as the office has lines";
	if (office_announce(office, place, digits, CAUSE_NONE) != 0) {
		attempts_end(office->attempts, place);
		return "the process '" OFFICE_PROCESS "' takes no calls";
	}
	attempt = attempts_at(office->attempts, place);
	class_begin(attempt, office->lines);
	gate_mark(office, attempt, answer);
	*ret_call = attempt->number;
	log_attempt(office, attempt);
	lines_hook(office->lines, line, true);
	lines_reserve(office->lines, line, place);
	return NULL;
}

/*
 * Refused without a process, as a trunk's call is (T2), and hearing why: where
 * the machine's time is what is short, a call that is only to hear congestion
 * (T48) would take half of what one that is let in does.
 */
static const char *
turn_away(
    struct office *office, uint32_t line, uint8_t answer, uint64_t *ret_call)
{
	*ret_call = attempts_number(office->attempts);
	gate_turn_away(office, answer);
	lines_redeem(office->lines);
	lines_turn_away(office->lines, line);
	return NULL;
}

/* Who has not dialled yet may be about to call for help. */
static const char *
listen(struct office *office, uint32_t line, uint64_t *ret_call)
{
	return register_seize(office, line, ret_call) == 0
	    ? NULL
	    : "no memory is left";
}

const char *
office_lift(struct office *office, uint32_t line, const char *digits,
    uint64_t *ret_call)
{
	const enum line_class class = class_of_line(office->lines, line);
	const struct service hot =
	    services_at(office->services, line, SERVICE_hot);
	const char *known = digits[0] == '\0' ? hot.number : digits;
	uint8_t answer;

	if (known[0] == '\0' && class != CLASS_emergency &&
	    register_is_wanted(office))
		return listen(office, line, ret_call);
	answer = gate_ask(office, class, known);
	if (answer == GATE_LETS_IN || !gate_is_late(&office->gate))
		return begin_call(office, line, digits, answer, ret_call);
	return known[0] == '\0' ? listen(office, line, ret_call)
				: turn_away(office, line, answer, ret_call);
}
