/*
 * register: see register.h for what it is.
 *
 *              seize             digit
 *     (idle) --------> Tdial ------------> T302 --+ digit
 *                  (line)|        ^         | ^---+
 *                        |        |         |
 *                        |  seize (circuit) +-- no number ----> a call says so
 *                        |                  |                   or obeys
 *                        | expires          | a number
 *                        v                  v
 *                no number, or warm       the gate
 *                                  lets in |    | does not
 *                                          v    v
 *                              a call begins    turned away
 *
 * What it knows of an attempt stands in its annex, which a call from a line to
 * a line has none of, and goes with it.
 *
 * Invariants:
 *   1. an attempt in the register has no process, and counts neither as one
 *      that has been made nor as live; its line or circuit is busy;
 *   2. each has a timer under way that is due when its time is up; those that
 *      are due before that are of digits gone by.
 */
#include "calls/exchange/register.h"

#include <errno.h>
#include <string.h>

#include "calls/exchange/class.h"
#include "calls/exchange/office_internal.h"
#include "switch/scheduler.h"

bool
register_is_wanted(const struct office *office)
{
	return gate_was_late(&office->gate, scheduler_now(office->scheduler));
}

/* ATTEMPT_NONE: it is not in the register. */
static uint32_t
place_of(const struct office *office, uint32_t port)
{
	const uint32_t place = office_attempt_at(office, port);

	return place != ATTEMPT_NONE &&
		attempts_at(office->attempts, place)->in_register
	    ? place
	    : ATTEMPT_NONE;
}

bool
register_has(const struct office *office, uint32_t port)
{
	return place_of(office, port) != ATTEMPT_NONE;
}

/*--------------------------------------------------------------------
 * How it ends
 */

/* Its attempt is no more, and never was a call. */
static void
gap(struct office *office, uint32_t place, uint8_t answer)
{
	gate_turn_away(office, answer);
	marks_gapped(office->marks, attempts_at(office->attempts, place)->mark,
	    scheduler_now(office->scheduler));
	attempts_end(office->attempts, place);
}

static void
turn_away(struct office *office, uint32_t place, uint8_t answer)
{
	const uint32_t port = attempts_at(office->attempts, place)->port_a;

	if (port_is_circuit(port))
		circuit_let_go(
		    office, circuit_id(port), CAUSE_SWITCH_CONGESTION);
	gap(office, place, answer);
	if (port_is_circuit(port))
		return;
	lines_redeem(office->lines);
	lines_turn_away(office->lines, port);
}

/*
 * To a process; CAUSE_TIMER_RECOVERY: with digits that are no number, and all
 * that come.  What an attempt over a circuit has in its annex is the call's.
 */
static int
hand_over(
    struct office *office, uint32_t place, uint8_t answer, enum cause cause)
{
	struct attempt *attempt = attempts_at(office->attempts, place);
	const int status = office_announce(office, place,
	    attempts_annex(office->attempts, place)->dialled, cause);

	if (status != 0)
		return status;
	if (!port_is_circuit(attempt->port_a))
		attempts_drop_annex(office->attempts, place);
	attempt->in_register = false;
	gate_mark(office, attempt, answer);
	return 0;
}

/* The number is whole, or his time is up, and `called` is whom he reaches. */
static void
decide(
    struct office *office, uint32_t place, const char *called, enum cause cause)
{
	const struct attempt *attempt = attempts_at(office->attempts, place);
	const uint8_t answer =
	    gate_ask(office, (enum line_class)attempt->class, called);

	if (answer != GATE_LETS_IN)
		turn_away(office, place, answer);
	else if (hand_over(office, place, answer, cause) != 0)
		turn_away(office, place, attempt->gated);
}

/* Nobody is called, so the gate is not asked (T48). */
static void
give_up(struct office *office, uint32_t place)
{
	const uint8_t answer = attempts_at(office->attempts, place)->gated;

	if (hand_over(office, place, answer, CAUSE_TIMER_RECOVERY) != 0)
		turn_away(office, place, answer);
}

void
register_release(struct office *office, uint32_t port)
{
	const uint32_t place = place_of(office, port);

	if (port_is_circuit(port)) {
		circuit_let_go(office, circuit_id(port), CAUSE_NORMAL);
	} else {
		lines_hook(office->lines, port, false);
		lines_give_back(office->lines, port);
	}
	gap(office, place, attempts_at(office->attempts, place)->gated);
}

/*--------------------------------------------------------------------
 * What the digits are
 */

/* A code, for a service, that no number begins with goes on to its '#'. */
static bool
is_code_begun(const char *digits)
{
	const size_t length = strlen(digits);

	return (digits[0] == '*' || digits[0] == '#') &&
	    (length == 1 || digits[length - 1] != '#');
}

/* One that no digit can make longer, or that a '#' has ended (T5). */
static bool
is_whole(const struct office *office, const char *digits)
{
	char number[DIGITS_MAX + 1] = "";
	const size_t length = strlen(digits);
	struct translation found = class_translate(office, digits);

	if (found.verdict == TRANSLATION_NONE && length > 1 &&
	    digits[length - 1] == '#') {
		memcpy(number, digits, length - 1);
		found = class_translate(office, number);
		return found.verdict == TRANSLATION_EITHER;
	}
	return found.verdict == TRANSLATION_COMPLETE ||
	    found.verdict == TRANSLATION_LOOP;
}

/* Whether they are one if no more come (T51). */
static bool
is_a_number(const struct office *office, const char *digits)
{
	const struct translation found = class_translate(office, digits);

	return found.line != LINE_NONE || found.route != ROUTE_NONE;
}

/*--------------------------------------------------------------------
 * What is waited for
 */

/* Who has dialled nothing may have a line with a number for that (T6). */
static void
expire(struct office *office, uint32_t place)
{
	const char *dialled = attempts_annex(office->attempts, place)->dialled;
	const uint32_t port = attempts_at(office->attempts, place)->port_a;
	const struct service warm =
	    services_at(office->services, port, SERVICE_warm);

	if (dialled[0] == '\0' && warm.is_on)
		decide(office, place, warm.number, CAUSE_TIMER_RECOVERY);
	else if (is_a_number(office, dialled))
		decide(office, place, dialled,
		    port_is_circuit(port) ? CAUSE_NONE : CAUSE_TIMER_RECOVERY);
	else
		give_up(office, place);
}

static void
on_due(void *arg, uint64_t call)
{
	struct office *office = office_enter(arg);
	const uint32_t place = attempts_find(office->attempts, call);

	if (place != ATTEMPT_NONE &&
	    attempts_at(office->attempts, place)->in_register &&
	    attempts_annex(office->attempts, place)->until <=
		scheduler_now(office->scheduler))
		expire(office, place);
	office_leave(office);
}

/* Without memory for a timer nobody is waited for. */
static void
wait_for(struct office *office, uint32_t place, uint64_t pause)
{
	struct annex *annex = attempts_make_annex(office->attempts, place);

	annex->until = scheduler_now(office->scheduler) + pause;
	if (scheduler_at(office->scheduler, annex->until, on_due,
		office->scheduler,
		attempts_at(office->attempts, place)->number) != 0)
		expire(office, place);
}

static uint64_t
pause_of(const struct office *office, enum office_timer timer, uint64_t pause)
{
	return office->timers[timer] == 0 ? pause : office->timers[timer];
}

/* For the digit after these; 0: none is waited for. */
static uint64_t
pause_after(const struct office *office, const char *digits)
{
	const struct translation number = class_translate(office, digits);
	const uint64_t t302 = pause_of(office, OFFICE_TIMER_T302, PAUSE_T302);

	switch ((enum translation_verdict)number.verdict) {
	case TRANSLATION_PARTIAL:
		return t302;
	case TRANSLATION_EITHER:
		return t302 < PAUSE_T302_SHORT ? t302 : PAUSE_T302_SHORT;
	case TRANSLATION_NONE:
		return is_code_begun(digits) ? t302 : 0;
	case TRANSLATION_COMPLETE:
	case TRANSLATION_LOOP:
		break;
	}
	return 0;
}

/*--------------------------------------------------------------------
 * What its subscriber does, or the far end
 */

/* It is in the register from now on; `gated` is why, if it is turned away. */
static void
put(struct office *office, uint32_t place, uint8_t gated)
{
	struct attempt *attempt = attempts_at(office->attempts, place);

	attempt->in_register = true;
	attempt->gated = gated;
	attempt->t_seize = office_stamp(office);
}

int
register_seize(struct office *office, uint32_t line, uint64_t *ret_call)
{
	uint32_t place;

	if (lines_promise(office->lines) != 0) /* for the tone */
		return -ENOSPC;
	lines_redeem(office->lines);
	place = attempts_begin(
	    office->attempts, attempts_number(office->attempts), line);
	if (place == ATTEMPT_NONE)
		return -ENOSPC;
	if (attempts_make_annex(office->attempts, place) == NULL) {
		attempts_end(office->attempts, place);
		return -ENOSPC;
	}
	put(office, place, 1 + GATE_delay);
	class_begin(attempts_at(office->attempts, place), office->lines);
	*ret_call = attempts_at(office->attempts, place)->number;
	lines_hook(office->lines, line, true);
	lines_reserve(office->lines, line, place);
	lines_tone(office->lines, line, TONE_dial);
	wait_for(
	    office, place, pause_of(office, OFFICE_TIMER_Tdial, PAUSE_TDIAL));
	return 0;
}

void
register_seize_circuit(struct office *office, uint32_t place, uint8_t answer)
{
	const uint32_t port = attempts_at(office->attempts, place)->port_a;

	put(office, place, answer == GATE_LETS_IN ? 1 + GATE_delay : answer);
	circuits_log(office->trunks, circuit_id(port), "<- ",
	    signal_word(SIGNAL_SETUP_ACK), CAUSE_NONE);
	wait_for(
	    office, place, pause_of(office, OFFICE_TIMER_T302, PAUSE_T302));
}

static void
take_digit(struct office *office, uint32_t place, char digit)
{
	struct annex *annex = attempts_make_annex(office->attempts, place);
	const uint32_t port = attempts_at(office->attempts, place)->port_a;
	const size_t length = strlen(annex->dialled);
	uint64_t pause;

	if (length == 0 && !port_is_circuit(port))
		lines_tone(office->lines, port, TONE_none);
	annex->dialled[length] = digit;
	pause = pause_after(office, annex->dialled);
	if (pause != 0 && length + 1 < DIGITS_MAX) /* E.164 has no longer */
		wait_for(office, place, pause);
	else if (is_whole(office, annex->dialled))
		decide(office, place, annex->dialled, CAUSE_NONE);
	else
		give_up(office, place);
}

/* Digits behind a whole number mean nothing. */
void
register_dial(struct office *office, uint32_t port, const char *digits)
{
	for (; *digits != '\0' && register_has(office, port); digits++)
		take_digit(office, place_of(office, port), *digits);
}
