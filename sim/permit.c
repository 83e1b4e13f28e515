/*
 * permit: see permit.h for what it is.
 */
#include "sim/permit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office.h"
#include "calls/exchange/office_trunk.h"
#include "sim/action_internal.h"
#include "sim/noun.h"
#include "sim/traffic.h"
#include "switch/nearest.h"
#include "switch/object.h"
#include "switch/scheduler.h"

struct permit {
	struct permit *next;
	enum happening happening;
	const struct noun *noun; /* NULL: of anything */
	char key[64], second_key[64];
	uint64_t begin, end; /* µs of the run */
	uint64_t from, to;   /* how many may come */
	uint64_t came;
	uint64_t before; /* of what is but counted, when it began */
	unsigned int at; /* the line of `allow` */
};

/* What each can be of. */
static const char *const owners[HAPPENINGS_COUNT] = {
	[HAPPENED_crash] = "call module version",
	[HAPPENED_restart] = "process supervisor",
	[HAPPENED_alarm] = "alarm",
	[HAPPENED_refused] = "module version",
	[HAPPENED_rolled_back] = "module version",
	[HAPPENED_unexpected_signal] = "call line",
	[HAPPENED_cause] = "call",
	[HAPPENED_late] = "call line",
	[HAPPENED_glare] = "trunk",
	[HAPPENED_overload] = "traffic",
};

unsigned int
permit_event(const char *word)
{
	static const char *const words[HAPPENINGS_COUNT] = { "crash", "restart",
		"alarm", "refused", "rolled-back", "unexpected-signal", "cause",
		"late", "glare", "overload" };
	unsigned int i = 0;

	while (strcmp(words[i], word) != 0)
		i++;
	return i;
}

bool
permit_suits(const struct arguments *arguments, char *why, size_t size)
{
	const char *event = arguments->positional[0];
	unsigned int happening;

	if (strcmp(arguments->command->name, "allow") != 0 ||
	    arguments->noun == NULL || event == NULL)
		return true;
	happening = permit_event(event);
	if (word_is_in(arguments->noun->name, owners[happening]))
		return true;
	(void)snprintf(why, size,
	    "no %s is of a %s: behind -on stands one of these with its name: "
	    "%s",
	    event, arguments->noun->name, owners[happening]);
	return false;
}

/*--------------------------------------------------------------------
 * What is but counted
 */

static bool
is_counted(enum happening happening)
{
	return happening == HAPPENED_glare || happening == HAPPENED_overload;
}

static uint64_t
count_of_traffic(const struct scenario *scenario, const char *name)
{
	struct traffic_counts counts;

	return traffics_count(scenario->traffics, name, &counts) == 0
	    ? counts.calls.gapped
	    : 0;
}

static uint64_t
count_of_trunk(const struct scenario *scenario, const char *name)
{
	uint32_t trunk = office_find_trunk(scenario->office, name);
	struct trunk_info info = { .glare = 0 };

	if (trunk != TRUNK_NONE)
		office_trunk_look(scenario->office, trunk, &info);
	return info.glare;
}

static uint64_t
count_now(const struct scenario *scenario, const struct permit *permit)
{
	const struct office_counts *office = office_counts(scenario->office);

	if (permit->noun == NULL)
		return permit->happening == HAPPENED_glare ? office->glare
							   : office->gapped;
	return permit->noun->number == NOUN_trunk
	    ? count_of_trunk(scenario, permit->key)
	    : count_of_traffic(scenario, permit->key);
}

/* Its end has come, and what is counted from here on is no more of it. */
static void
close_at_end(void *arg, uint64_t at)
{
	struct scenario *scenario = arg;
	struct permit *permit = scenario->permits;

	scheduler_halt_others(scenario->scheduler);
	for (; permit != NULL; permit = permit->next)
		if (permit->end == at && is_counted(permit->happening))
			permit->came =
			    count_now(scenario, permit) - permit->before;
	scheduler_let_go(scenario->scheduler);
}

uint64_t
permit_covered(
    struct scenario *scenario, unsigned int happening, uint64_t count)
{
	const uint64_t now = scheduler_now(scenario->scheduler);
	struct permit *permit = scenario->permits;
	uint64_t covered = 0;

	for (; permit != NULL; permit = permit->next) {
		if (permit->happening != happening)
			continue;
		if (permit->end > now)
			permit->came =
			    count_now(scenario, permit) - permit->before;
		covered += permit->came;
	}
	return covered < count ? covered : count;
}

/*--------------------------------------------------------------------
 * What is known one by one
 */

static bool
is_same(const char *one, const char *other)
{
	return one != NULL && strcmp(one, other) == 0;
}

static bool
is_of(const struct permit *permit, const struct permit_case *what)
{
	if (permit->noun == NULL)
		return true;
	switch ((unsigned int)permit->noun->number) {
	case NOUN_call:
		return what->call != NULL &&
		    strcmp(what->call->name, permit->key) == 0;
	case NOUN_line:
		return is_same(what->line, permit->key);
	case NOUN_module:
		return is_same(what->module, permit->key);
	case NOUN_version:
		return is_same(what->module, permit->key) &&
		    is_same(what->version, permit->second_key);
	case NOUN_process:
		return is_same(what->process, permit->key);
	case NOUN_supervisor:
		return is_same(what->supervisor, permit->key);
	case NOUN_alarm:
		return is_same(what->alarm, permit->key);
	default:
		return false;
	}
}

bool
permit_covers(struct scenario *scenario, unsigned int happening,
    const struct permit_case *what)
{
	struct permit *permit = scenario->permits;
	bool covers = false;

	for (; permit != NULL; permit = permit->next)
		if (permit->happening == happening &&
		    permit->begin <= what->at && what->at <= permit->end &&
		    is_of(permit, what)) {
			permit->came++;
			covers = true;
		}
	return covers;
}

/*--------------------------------------------------------------------
 * Commands
 */

static void
set_window(struct scenario *scenario, const struct arguments *arguments,
    struct permit *permit)
{
	const char *duration = arguments_option(arguments, "-for");

	permit->end = UINT64_MAX;
	if (duration == NULL)
		return;
	permit->begin = scheduler_now(scenario->scheduler);
	permit->end = permit->begin + action_duration(duration);
	if (is_counted(permit->happening))
		permit->before = count_now(scenario, permit);
}

int
permit_add(struct scenario *scenario, const struct arguments *arguments,
    unsigned int happening)
{
	struct permit *permit = object_alloc(sizeof *permit);
	const char *key = arguments->key, *second = arguments->second_key;

	if (permit == NULL)
		return action_refuse(scenario, arguments, "no memory is left");
	*permit = (struct permit){ .happening = (enum happening)happening,
		.next = scenario->permits,
		.noun = arguments->noun,
		.at = scenario->at };
	(void)snprintf(
	    permit->key, sizeof permit->key, "%s", key == NULL ? "" : key);
	(void)snprintf(permit->second_key, sizeof permit->second_key, "%s",
	    second == NULL ? "" : second);
	action_span(arguments, "-count", &permit->from, &permit->to);
	set_window(scenario, arguments, permit);
	scenario->permits = permit;
	if (permit->end == UINT64_MAX || !is_counted(permit->happening) ||
	    scheduler_at(scenario->scheduler, permit->end, close_at_end,
		scenario, permit->end) == 0)
		return 0;
	return action_refuse(scenario, arguments, "no memory is left");
}

void
permit_forget(struct scenario *scenario)
{
	struct permit *permit;

	while ((permit = scenario->permits) != NULL) {
		scenario->permits = permit->next;
		object_free(permit, sizeof *permit);
	}
}

void
permit_judge(struct scenario *scenario)
{
	const struct permit *permit = scenario->permits;

	for (; permit != NULL; permit = permit->next)
		if (permit->came < permit->from || permit->came > permit->to)
			verdict_fail(scenario->verdict, permit->at,
			    "%" PRIu64 " %s, allowed here are %" PRIu64
			    " to %" PRIu64,
			    permit->came,
			    judge_text(permit->happening, permit->came),
			    permit->from, permit->to);
}
