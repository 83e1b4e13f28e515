/*
 * service_code: what a subscriber dials to change his line's services, or to
 * pick up a call.
 *
 *	*SC*NUMBER#	the service about that number, from now on
 *	*SC#		the service
 *	#SC#		no more
 *	*8#, *8*NUMBER#	picks up a call of the group, or of that line
 *
 * SC is of GSM 22.030, annex B, as ETSI has it for fixed lines; *8 is ours, as
 * Asterisk has it.  A number that begins so, if there is one, comes first.
 */
#ifndef CALLS_CALL_SERVICE_CODE_H
#define CALLS_CALL_SERVICE_CODE_H

#include "calls/call/basic.h"

struct service_code {
	char code[3];
	uint8_t kind; /* enum service_kind */
	bool has_number;
};
static const struct service_code service_codes[] = {
	{ "21", SERVICE_cfu, true },
	{ "67", SERVICE_cfb, true },
	{ "61", SERVICE_cfnr, true },
	{ "43", SERVICE_call_waiting, false },
	{ "35", SERVICE_bar_in, false },
};
#define PICKUP_CODE "8"

/* The code that the digits are about, which it ends with '#' or '*'. */
static bool
is_about(const struct step *step, const char *code)
{
	const char *digits = step->call->CALLED;
	const size_t length = strlen(code);

	return strncmp(digits + 1, code, length) == 0 &&
	    (digits[1 + length] == '\0' || digits[1 + length] == '*');
}

/* What stands behind the code; "" if it is only the code. */
static const char *
number_in_code(const struct step *step, const char *code)
{
	const char *rest = step->call->CALLED + 1 + strlen(code);

	return *rest == '*' ? rest + 1 : rest;
}

static bool
begins_with_hash(const struct step *step)
{
	return step->digit == '#' && step->call->CALLED[0] == '\0';
}

static void
begin_with_hash(struct step *step)
{
	step->call->CALLED[0] = '#';
	await_digit(step);
}

static bool
is_code(const struct step *step)
{
	const char first = step->call->CALLED[0];

	return (first == '*' || first == '#') &&
	    step->number.verdict == TRANSLATION_NONE;
}

static bool
is_whole_code(const struct step *step)
{
	return is_code(step) &&
	    (step->digit == '#' ||
		strnlen(step->call->CALLED, DIGITS_MAX) == DIGITS_MAX);
}

/*--------------------------------------------------------------------
 * Services (T52)
 */

static const struct service_code *
find_code(const struct step *step)
{
	const struct service_code *one = service_codes;
	const struct service_code *end =
	    service_codes + sizeof service_codes / sizeof service_codes[0];

	while (one < end && !is_about(step, one->code))
		one++;
	return one < end ? one : NULL;
}

/* Nobody forwards to himself, under whatever number: it would lead nowhere. */
static bool
is_own_number(const struct step *step, const char *number)
{
	return number[0] != '\0' &&
	    exchange_translate(step->self, number).line ==
	    port_of(step->call, SIDE_A);
}

/* It is about a number if it is set, and the service is; else it is bare. */
static bool
is_valid_code(const struct step *step)
{
	const struct service_code *code;
	const char *number;

	if (!is_whole_code(step) || step->digit != '#')
		return false;
	code = find_code(step);
	if (code == NULL)
		return false;
	number = number_in_code(step, code->code);
	return (number[0] != '\0') ==
	    (code->has_number && step->call->CALLED[0] == '*') &&
	    strspn(number, "0123456789") == strlen(number) &&
	    !is_own_number(step, number);
}

/* The record has it as it was dialled, with its '#'. */
static void
end_code(const struct step *step)
{
	char *digits = step->call->CALLED;
	const size_t length = strnlen(digits, DIGITS_MAX);

	if (step->digit == '#' && length < DIGITS_MAX)
		digits[length] = '#';
}

static void
treat_code(struct step *step)
{
	end_code(step);
	conclude(step, LOCAL_SERVICE, SIDE_NET);
	hear(step, SIDE_A, tone_for(step->call->cause));
	arm(step, TIMER_Ttreat, DELAY_Ttreat);
}

static void
set_service(struct step *step)
{
	const struct service_code *code = find_code(step);
	const bool is_on = step->call->CALLED[0] == '*';

	must(step,
	    line_set_service(step->self, port_of(step->call, SIDE_A),
		(enum service_kind)code->kind,
		is_on ? number_in_code(step, code->code) : NULL));
	treat_code(step);
	hear(step, SIDE_A, TONE_confirmation);
}

/*--------------------------------------------------------------------
 * Pickup (T53)
 */

static bool
is_pickup(const struct step *step)
{
	return is_whole_code(step) && step->call->CALLED[0] == '*' &&
	    is_about(step, PICKUP_CODE);
}

/*
 * Claims the call that rings, and with it A's line goes there: of two who want
 * the call at one instant one wins.
 */
static bool
wins_pickup(const struct step *step)
{
	int status;

	if (!is_pickup(step))
		return false;
	status = exchange_pick_up(step->self, port_of(step->call, SIDE_A),
	    number_in_code(step, PICKUP_CODE));
	if (status == -ENOSPC)
		must(step, status);
	return status == 0;
}

static void
hand_over(struct step *step)
{
	disarm(step);
	end_code(step);
	conclude(step, LOCAL_PICKUP, SIDE_A);
	lose(step->call, SIDE_A);
}

static void
treat_pickup(struct step *step)
{
	end_code(step);
	treat(step);
}

/* clang-format off */
/* Of COLLECT, before T50. */
#define SERVICE_CODE_ROWS                                                      \
ROW(T52, SIGNAL_DIGIT, A, begins_with_hash, begin_with_hash, collecting,       \
    NONE),                                                                     \
ROW(T53, SIGNAL_DIGIT, A, wins_pickup, hand_over, releasing, NORMAL),          \
ROW(T53, SIGNAL_DIGIT, A, is_pickup, treat_pickup, treated, FACILITY_REJECTED),\
ROW(T52, SIGNAL_DIGIT, A, is_valid_code, set_service, treated, NORMAL),        \
ROW(T52, SIGNAL_DIGIT, A, is_whole_code, treat_code, treated, NOT_SUBSCRIBED), \
ROW(T52, SIGNAL_DIGIT, A, is_code, await_digit, collecting, NONE)
/* clang-format on */

#endif
