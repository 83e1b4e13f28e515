/*
 * conductor_end: the script has ended, or has died.
 *
 * The switch of a scenario is judged and stops, when what goes on behind the
 * script's back has ended too, and the recorder has what it was sent; that of
 * `serve` begins its service instead.
 */
#include "sim/conductor_internal.h"

#include <inttypes.h>
#include <stdio.h>

#include "calls/database/recorder.h"
#include "sim/operator/console.h"
#include "sim/outage.h"
#include "sim/script.h"
#include "switch/process.h"
#include "switch/scheduler.h"

static void
finish(struct scenario *scenario)
{
	if (scenario->impossible[0] == '\0') /* else there was no run */
		judge_close(scenario);
	scheduler_stop(scenario->scheduler);
}

/* A switch whose config is not wholly done is none. */
static void
begin_operation(struct scenario *scenario)
{
	const struct verdict_failure *failure = scenario->verdict->failures;

	if (scenario->verdict->failures_count > 0 &&
	    scenario->impossible[0] == '\0')
		(void)snprintf(scenario->impossible,
		    sizeof scenario->impossible, "%s:%u: %s",
		    scenario->verdict->scenario, failure->line, failure->text);
	if (scenario->impossible[0] != '\0') {
		finish(scenario);
		return;
	}
	scenario->waiting = WAITING_CONSOLE;
	scheduler_set_horizon(scenario->scheduler, UINT64_MAX);
	console_open(scenario->console);
}

/*
 * What has been sent is handled before the books are closed: with a capacity
 * the recorder may be a minute behind, and what lies in its mailbox is of calls
 * that have ended.  It takes no time any more, else all the rest would go on
 * meanwhile.
 */
static bool
catches_up(struct scenario *scenario)
{
	if (scenario->catches_up || recorder_behind(scenario->recorder) == 0)
		return false;
	scenario->catches_up = true;
	scheduler_set_capacity(scenario->scheduler, 0);
	return true;
}

void
conductor_close(struct scenario *scenario)
{
	if (!catches_up(scenario))
		finish(scenario);
}

/* An upgrade that goes on behind the script's back is waited for. */
void
conductor_end_script(struct scenario *scenario)
{
	outage_end_stalls(scenario);
	if (scenario->console != NULL) {
		begin_operation(scenario);
		return;
	}
	if (judge_upgrade_is_done(scenario) && !catches_up(scenario)) {
		finish(scenario);
		return;
	}
	scenario->waiting = WAITING_END;
	scheduler_set_horizon(scenario->scheduler, UINT64_MAX);
}

void
conductor_bury(struct scenario *scenario)
{
	char why[WHY_SIZE];
	size_t length = 0;

	if (scenario->at > 0) /* since then it has asked for nothing */
		length = (size_t)snprintf(why, sizeof why, "behind this line ");
	script_obituary(scenario->script, why + length, sizeof why - length);
	judge_cut(scenario, why);
	scenario->is_racing = false;
	conductor_end_script(scenario);
}

/* "call 'c' (call 2.0)", or what else has events without end. */
static void
say_who(struct scenario *scenario, struct scheduler *at, struct pid pid,
    char *text, size_t size)
{
	const struct named_call *call;
	const struct behaviour *behaviour;
	struct process_info info;

	if (process_info(at, pid, &info) != 0) {
		(void)snprintf(text, size, "a process");
		return;
	}
	behaviour = behaviour_at(scheduler_behaviours(at), info.behaviour);
	call = scenario_call_numbered(
	    scenario, telephony_call(&scenario->telephony, &info));
	if (call != NULL)
		(void)snprintf(text, size, "call '%s' (%s %s)", call->name,
		    behaviour->name, behaviour->version);
	else
		(void)snprintf(text, size,
		    "process %" PRIu32 ".%" PRIu32 " (%s %s)", pid.slot,
		    pid.generation, behaviour->name, behaviour->version);
}

bool
conductor_cut_endless(struct scenario *scenario)
{
	struct pid pid;
	struct scheduler *at = scheduler_endless(scenario->scheduler, &pid);
	char who[128], why[WHY_SIZE];

	if (at == NULL)
		return false;
	say_who(scenario, at, pid, who, sizeof who);
	(void)snprintf(why, sizeof why,
	    "no time passes at %g s: over %d events have come in this "
	    "instant, and %s has the next; a release whose calls send to "
	    "themselves without end must be mended",
	    (double)scheduler_now(scenario->scheduler) / 1e6, INSTANT_EVENTS,
	    who);
	judge_cut(scenario, why);
	scenario->is_racing = false;
	finish(scenario);
	return true;
}
