/*
 * action_database: what the database keeps, and what befalls it, as a
 * scenario asks for it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "calls/exchange/call_event.h"
#include "calls/exchange/measurement.h"
#include "sim/action_internal.h"
#include "sim/noun.h"
#include "switch/scheduler.h"

/* -events: the office tells of them only while somebody wants them. */
static int
choose_events(struct scenario *scenario, const struct arguments *arguments)
{
	const char *word = arguments_option(arguments, "-events");
	unsigned int events = RECORDER_off;

	if (word == NULL)
		return 0;
	while (strcmp(recorder_events_word((enum recorder_events)events),
		   word) != 0)
		events++;
	if (office_set_trace(scenario->office, events != RECORDER_off) != 0)
		return action_refuse(scenario, arguments, "no memory is left");
	recorder_set_events(scenario->recorder, (enum recorder_events)events);
	return 0;
}

static int
do_records(struct scenario *scenario, const struct arguments *arguments)
{
	const char *reserve = arguments_option(arguments, "-reserve");
	const char *interval = arguments_option(arguments, "-interval");
	const char *cdr = arguments_option(arguments, "-cdr");

	if (choose_events(scenario, arguments) != 0)
		return -EINVAL;
	if (interval != NULL)
		measurement_set_interval(
		    scenario->measurement, action_duration(interval));
	if (reserve != NULL)
		recorder_set_reserve(
		    scenario->recorder, action_number(reserve));
	if (cdr != NULL)
		office_keep_records(scenario->office, strcmp(cdr, "on") == 0);
	return 0;
}

static void
heal_in_time(void *arg, uint64_t key)
{
	struct scenario *scenario = arg;

	if (key == scenario->harms)
		recorder_heal(scenario->recorder);
}

/* One that was healed by hand is not healed again when its time has come. */
int
action_heal_database(struct scenario *scenario, uint64_t at)
{
	scenario->harms++;
	if (scheduler_at(scenario->scheduler, at, heal_in_time, scenario,
		scenario->harms) == 0)
		return 0;
	recorder_heal(scenario->recorder);
	return -ENOSPC;
}

static int
heal_later(struct scenario *scenario, const struct arguments *arguments)
{
	const char *duration = arguments_option(arguments, "-for");
	uint64_t at = scheduler_now(scenario->scheduler);

	if (duration == NULL) {
		scenario->harms++;
		return 0;
	}
	return action_heal_database(scenario, at + action_duration(duration)) ==
		0
	    ? 0
	    : action_refuse(scenario, arguments, "no memory is left");
}

/* Which it is has been checked (befall.c). */
static enum harm
find_harm(const char *word)
{
	unsigned int harm = 0;

	while (strcmp(harm_word((enum harm)harm), word) != 0)
		harm++;
	return (enum harm)harm;
}

int
action_harm(struct scenario *scenario, const struct arguments *arguments)
{
	const enum harm harm = find_harm(action_word(arguments, 1));

	if (recorder_harm(scenario->recorder, harm) != 0)
		return action_refuse(scenario, arguments, "%s",
		    recorder_error(scenario->recorder));
	return harm == HARM_vanish ? 0 : heal_later(scenario, arguments);
}

action_f *
action_of_database(const char *name)
{
	return strcmp(name, "records") == 0 ? do_records : NULL;
}
