/*
 * register: see register.h for what it is.
 *
 *              seize             digit
 *     (idle) --------> Tdial ------------> T302 --+ digit
 *                        |                  | ^---+
 *                        | expires          | expires, or the number is whole
 *                        v                  v
 *                        +---> the gate <---+
 *                 lets in |                | does not
 *                         v                v
 *                 a call begins       turned away
 *
 * What it knows of an attempt stands in its annex, which a call from a line to
 * a line has none of, and goes with it.
 *
 * Invariants:
 *   1. an attempt in the register has no process, and counts neither as one
 *      that has been made nor as live; its line is busy;
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
place_of(const struct office *office, uint32_t line)
{
	const uint32_t place = lines_at(office->lines, line)->attempt;

	return place != ATTEMPT_NONE &&
		attempts_at(office->attempts, place)->in_register
	    ? place
	    : ATTEMPT_NONE;
}

bool
register_has(const struct office *office, uint32_t line)
{
	return place_of(office, line) != ATTEMPT_NONE;
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
	const uint32_t line = attempts_at(office->attempts, place)->port_a;

	gap(office, place, answer);
	lines_redeem(office->lines);
	lines_turn_away(office->lines, line);
}

/* The number is whole, or his time is up, and `called` is whom he reaches. */
static void
decide(
    struct office *office, uint32_t place, const char *called, enum cause cause)
{
	struct attempt *attempt = attempts_at(office->attempts, place);
	const char *dialled = attempts_annex(office->attempts, place)->dialled;
	const uint8_t answer =
	    gate_ask(office, (enum line_class)attempt->class, called);

	if (answer != GATE_LETS_IN) {
		turn_away(office, place, answer);
	} else if (office_announce(office, place, dialled, cause) != 0) {
		turn_away(office, place, attempt->gated);
	} else {
		attempts_drop_annex(office->attempts, place);
		attempt->in_register = false;
		gate_mark(office, attempt, answer);
	}
}

void
register_release(struct office *office, uint32_t line)
{
	const uint32_t place = place_of(office, line);

	lines_hook(office->lines, line, false);
	lines_give_back(office->lines, line);
	gap(office, place, attempts_at(office->attempts, place)->gated);
}

/*--------------------------------------------------------------------
 * What is waited for
 */

/* Who has dialled nothing may have a line with a number for that (T6). */
static void
expire(struct office *office, uint32_t place)
{
	const char *dialled = attempts_annex(office->attempts, place)->dialled;
	const struct service warm = services_at(office->services,
	    attempts_at(office->attempts, place)->port_a, SERVICE_warm);

	decide(office, place, dialled[0] == '\0' ? warm.number : dialled,
	    CAUSE_TIMER_RECOVERY);
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

/* A code, for a service, that no number begins with goes on to its '#'. */
static bool
is_code_begun(const char *digits)
{
	const size_t length = strlen(digits);

	return (digits[0] == '*' || digits[0] == '#') &&
	    (length == 1 || digits[length - 1] != '#');
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
 * What its subscriber does
 */

int
register_seize(struct office *office, uint32_t line, uint64_t *ret_call)
{
	struct attempt *attempt;
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
	attempt = attempts_at(office->attempts, place);
	attempt->in_register = true;
	attempt->gated = 1 + GATE_delay;
	attempt->t_seize = office_stamp(office);
	class_begin(attempt, office->lines);
	*ret_call = attempt->number;
	lines_hook(office->lines, line, true);
	lines_reserve(office->lines, line, place);
	lines_tone(office->lines, line, TONE_dial);
	wait_for(
	    office, place, pause_of(office, OFFICE_TIMER_Tdial, PAUSE_TDIAL));
	return 0;
}

static void
take_digit(struct office *office, uint32_t place, char digit)
{
	struct annex *annex = attempts_make_annex(office->attempts, place);
	const size_t length = strlen(annex->dialled);
	uint64_t pause;

	if (length == 0)
		lines_tone(office->lines,
		    attempts_at(office->attempts, place)->port_a, TONE_none);
	annex->dialled[length] = digit;
	pause = pause_after(office, annex->dialled);
	if (pause == 0 || length + 1 == DIGITS_MAX) /* E.164 has no longer */
		decide(office, place, annex->dialled, CAUSE_NONE);
	else
		wait_for(office, place, pause);
}

/* Digits behind a whole number mean nothing. */
void
register_dial(struct office *office, uint32_t line, const char *digits)
{
	for (; *digits != '\0' && register_has(office, line); digits++)
		take_digit(office, place_of(office, line), *digits);
}
