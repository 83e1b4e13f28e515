/*
 * overload: the limits of the gate, and the speed of the machine that it is to
 * protect, as a scenario asks for them.
 */
#include <string.h>

#include "calls/exchange/office_gate.h"
#include "sim/action_internal.h"
#include "sim/units.h"
#include "switch/scheduler.h"

int
action_gate(struct scenario *scenario, const struct arguments *arguments)
{
	const char *rate = arguments_option(arguments, "-rate");
	const char *live = arguments_option(arguments, "-live");
	const char *delay = arguments_option(arguments, "-delay");
	struct gate_limits limits = { .rate = 0 };

	if (rate != NULL)
		(void)units_rate(rate, &limits.rate);
	if (live != NULL)
		limits.live = action_number(live);
	if (delay != NULL)
		limits.delay_us = action_duration(delay);
	if ((live != NULL && limits.live == 0) ||
	    (delay != NULL && limits.delay_us == 0))
		return action_refuse(scenario, arguments,
		    "a limit of 0 would let nobody in; without an option "
		    "there is no such limit");
	office_set_gate(scenario->office, &limits);
	return 0;
}

int
action_capacity(struct scenario *scenario, const struct arguments *arguments)
{
	double per_second = 0;

	if (scheduler_pace(scenario->scheduler) == PACE_REAL)
		return action_refuse(scenario, arguments,
		    "in real time the machine says how long an event takes");
	(void)units_rate(action_word(arguments, 0), &per_second);
	scheduler_set_capacity(scenario->scheduler, per_second);
	return 0;
}
