/*
 * stop: the switch has stopped by itself, in the middle of a run.
 *
 * The root of its supervisors gives up when what it looks after ends too often
 * (design 3).  By then the gate is closed and an alarm raised; it takes its
 * tree down in order, so that every live call has ended with its record, and
 * those records for which no recorder was left wait for the host.  What stays
 * is a switch without processes, and without time: whoever waits for time
 * hears that there will be none.
 *
 * It fails a scenario, unless that asks for it: expect supervisor root down.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/noun.h"
#include "sim/scenario_internal.h"
#include "switch/alarm.h"
#include "switch/log.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/release_handler.h"

#define ROOT "supervisor root"

/* What the root's own alarm says, or that somebody has killed it. */
static void
why(struct scenario *scenario, char *text, size_t size)
{
	unsigned int cursor = 0;
	struct alarm alarm;

	(void)snprintf(text, size, "%s was killed", ROOT);
	while (alarm_next(scenario->scheduler, &cursor, &alarm))
		if (strcmp(alarm.object, ROOT) == 0 &&
		    strcmp(alarm.name, ALARM_RESTART_LIMIT) == 0)
			(void)snprintf(text, size, "%s gave up: %.*s", ROOT,
			    (int)strcspn(alarm.text, ";"), alarm.text);
}

bool
stop_look(struct scenario *scenario)
{
	struct scheduler *home = scenario->scheduler;

	if (scenario->stopped[0] != '\0' ||
	    process_is_alive(home, scenario->root))
		return scenario->stopped[0] != '\0';
	scenario->root = PID_NONE;
	why(scenario, scenario->stopped, sizeof scenario->stopped);
	scenario->stopped_at = scheduler_now(home);
	log_line(scheduler_log(home), scheduler_entry(home, LEVEL_info),
	    "the switch has stopped: %s", scenario->stopped);
	release_handler_abandon(scenario->handler);
	return true;
}

void
stop_say_no_time(const struct scenario *scenario, char *text, size_t size)
{
	(void)snprintf(text, size,
	    "the switch has stopped by itself, and time with it (%s)",
	    scenario->stopped);
}

void
stop_note_expected(struct scenario *scenario, const struct noun *noun,
    const char *key, bool is_down)
{
	if (noun->number == NOUN_supervisor && strcmp(key, "root") == 0 &&
	    is_down)
		scenario->is_stop_expected = true;
}

void
stop_judge(struct scenario *scenario)
{
	uint64_t at = scenario->stopped_at;

	if (scenario->stopped[0] == '\0' || scenario->is_stop_expected)
		return;
	verdict_fail(scenario->verdict, 0,
	    "the switch stopped by itself after %" PRIu64 ".%06" PRIu64
	    " s (%s), which no 'expect supervisor root down' asks for",
	    at / 1000000, at % 1000000, scenario->stopped);
}
