/*
 * subject_process: how the processes that have a name, their supervisors and
 * the schedulers are at this instant.
 *
 * Who is not there is down, unless somebody above him is about to start him
 * again: then he is restarting, also while his supervisor has yet to hear of
 * his end, or is itself restarting.
 */
#include "sim/subject_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/tree.h"
#include "sim/units.h"
#include "switch/nearest.h"
#include "switch/process.h"
#include "switch/registry.h"
#include "switch/scheduler.h"
#include "switch/supervisor.h"

struct pid
scenario_process(const struct scenario *scenario, const char *name)
{
	return strcmp(name, "root") == 0
	    ? scenario->root
	    : registry_whereis(scheduler_registry(scenario->scheduler), name);
}

static bool
is_there(const struct scenario *scenario, const char *name)
{
	return !pid_is_none(scenario_process(scenario, name));
}

/* As its supervisor has it, which is there; false: it does not know it. */
static bool
find_entry(const struct scenario *scenario, const char *above, const char *name,
    struct child_entry *ret_entry)
{
	const struct pid pid = scenario_process(scenario, above);

	return supervisor_find_child(scheduler_where(scenario->scheduler, pid),
		   pid, name, ret_entry) == 0;
}

/* Of one that is not there. */
static bool
is_restarting(const struct scenario *scenario, const char *name)
{
	const char *above = tree_above(scenario->tree, name);
	struct child_entry entry;

	while (above != NULL && !is_there(scenario, above)) {
		name = above;
		above = tree_above(scenario->tree, name);
	}
	return above != NULL && find_entry(scenario, above, name, &entry) &&
	    (entry.is_restarting || !pid_is_none(entry.pid));
}

static void
set_state(const struct look *look)
{
	subject_set_state(look->into,
	    is_there(look->scenario, look->key)		   ? "running"
		: is_restarting(look->scenario, look->key) ? "restarting"
							   : "down");
}

/* How often that supervisor has started it again. */
static uint32_t
restarts_of(const struct scenario *scenario, const char *name)
{
	const char *above = tree_above(scenario->tree, name);
	struct child_entry entry;

	return above != NULL && is_there(scenario, above) &&
		find_entry(scenario, above, name, &entry)
	    ? entry.restarts
	    : 0;
}

int
look_at_process(const struct look *look)
{
	struct scenario *scenario = look->scenario;
	char workers[WHY_SIZE / 4], supervisors[WHY_SIZE / 4];

	if (!is_there(scenario, look->key) && strcmp(look->key, "root") != 0 &&
	    tree_above(scenario->tree, look->key) == NULL) {
		tree_workers(scenario->tree, workers, sizeof workers);
		tree_names(scenario->tree, supervisors, sizeof supervisors);
		return subject_refuse(look,
		    "no process has the name '%.40s', there are: %s %s",
		    look->key, workers, supervisors);
	}
	set_state(look);
	subject_add_number(
	    look->into, "restarts", restarts_of(scenario, look->key));
	return 0;
}

int
look_at_supervisor(const struct look *look)
{
	struct pid pid = scenario_process(look->scenario, look->key);
	struct supervisor_count count = { 0 };
	char names[WHY_SIZE / 2];

	tree_names(look->scenario->tree, names, sizeof names);
	if (pid_is_none(pid) && !word_is_in(look->key, names))
		return subject_refuse(look,
		    "no supervisor has the name '%.40s', there are: %s",
		    look->key, names);
	if (!pid_is_none(pid) &&
	    supervisor_count_children(
		scheduler_where(look->scenario->scheduler, pid), pid, &count) ==
		-EINVAL)
		return subject_refuse(
		    look, "'%.40s' is no supervisor", look->key);
	set_state(look);
	subject_add_number(look->into, "children", count.active);
	subject_add_number(look->into, "restarts", count.restarts);
	return 0;
}

struct scheduler *
scenario_scheduler(struct scenario *scenario, const char *number)
{
	struct scheduler *home = scenario->scheduler;
	uint64_t value;

	if (units_number(number, scheduler_count(home) - 1, &value))
		return scheduler_peer(home, (unsigned int)value);
	(void)snprintf(scenario->why, sizeof scenario->why,
	    "there are the schedulers 0 to %u", scheduler_count(home) - 1);
	return NULL;
}

int
look_at_scheduler(const struct look *look)
{
	const struct scheduler *scheduler =
	    scenario_scheduler(look->scenario, look->key);
	const struct scheduler_counts *counts;

	if (scheduler == NULL)
		return -EINVAL;
	counts = scheduler_counts(scheduler);
	subject_set_state(look->into,
	    scheduler_is_stalled(scheduler) ? "stalled" : "running");
	subject_add_number(look->into, "births", counts->spawned);
	subject_add_number(
	    look->into, "processes", counts->spawned - counts->exited);
	subject_add_number(look->into, "events", counts->events);
	subject_add_number(look->into, "refused", counts->refused);
	subject_add_number(look->into, "late_us", scheduler_late(scheduler));
	return 0;
}
