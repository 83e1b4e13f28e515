/*
 * module_fault: see module_fault.h for what it is.
 *
 * At most one at a time; the next takes its place.
 */
#include "sim/module_fault.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/action_internal.h"
#include "sim/units.h"
#include "switch/behaviour.h"
#include "switch/breaker.h"

static bool
breaks(void *arg, struct scheduler *scheduler,
    const struct behaviour *behaviour, uint16_t kind, enum fault_way *ret_way)
{
	struct module_fault *fault = arg;
	unsigned int number = scheduler_number(scheduler);

	if (strcmp(behaviour->name, fault->module) != 0 ||
	    (fault->kind != 0 && fault->kind != kind) ||
	    random_share(&fault->randoms[number]) >= fault->share)
		return false;
	*ret_way = fault->way;
	return true;
}

static void
set_breaker(struct scenario *scenario, breaker_f *breaker)
{
	unsigned int i;

	for (i = 0; i < scheduler_count(scenario->scheduler); i++)
		breaker_set(scheduler_peer(scenario->scheduler, i), breaker,
		    &scenario->module_fault);
	scenario->module_fault.times++;
}

/* One that was ended before, or has given way, is not ended again. */
static void
end_in_time(void *arg, uint64_t key)
{
	struct scenario *scenario = arg;

	if (key != scenario->module_fault.times)
		return;
	scheduler_halt_others(scenario->scheduler);
	set_breaker(scenario, NULL);
	scheduler_let_go(scenario->scheduler);
}

static void
seed(struct scenario *scenario)
{
	struct module_fault *fault = &scenario->module_fault;
	char stream[32];
	unsigned int i;

	for (i = 0; i < SCHEDULERS_MAX && !fault->is_seeded; i++) {
		(void)snprintf(stream, sizeof stream, "module %u", i);
		random_seed(
		    &fault->randoms[i], scenario->verdict->seed, stream);
	}
	fault->is_seeded = true;
}

static int
check_module(struct scenario *scenario, const struct arguments *arguments)
{
	return strcmp(arguments->key, scenario->module) == 0
	    ? 0
	    : action_refuse(scenario, arguments,
		  "no module '%.40s' handles calls", arguments->key);
}

static int
end_later(struct scenario *scenario, const struct arguments *arguments,
    const char *duration)
{
	const uint64_t at =
	    scheduler_now(scenario->scheduler) + action_duration(duration);

	if (scheduler_at(scenario->scheduler, at, end_in_time, scenario,
		scenario->module_fault.times) == 0)
		return 0;
	set_breaker(scenario, NULL);
	return action_refuse(scenario, arguments, "no memory is left");
}

int
module_fault_begin(struct scenario *scenario, const struct arguments *arguments,
    enum fault_way way)
{
	const char *rate = arguments_option(arguments, "-rate");
	const char *message = arguments_option(arguments, "-on");
	const char *duration = arguments_option(arguments, "-for");
	struct module_fault *fault = &scenario->module_fault;

	if (check_module(scenario, arguments) != 0)
		return -EINVAL;
	if (rate == NULL || arguments_option(arguments, "-count") != NULL)
		return action_refuse(scenario, arguments,
		    "of a module give the share of its events, as in -rate "
		    "1%%, "
		    "and no -count");
	seed(scenario);
	(void)snprintf(
	    fault->module, sizeof fault->module, "%s", scenario->module);
	fault->way = way;
	fault->kind = message == NULL ? 0 : action_signal(message);
	(void)units_share(rate, &fault->share);
	scenario->allowances[HAPPENED_crash].is_expected = true;
	set_breaker(scenario, breaks);
	return duration == NULL ? 0 : end_later(scenario, arguments, duration);
}

int
module_fault_heal(struct scenario *scenario, const struct arguments *arguments)
{
	if (check_module(scenario, arguments) != 0)
		return -EINVAL;
	set_breaker(scenario, NULL);
	return 0;
}
