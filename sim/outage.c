/*
 * outage: see outage.h for what it is.
 *
 * One that ends in its time has an entry here, which is gone when it is healed
 * by hand, or begun anew: so a timer ends only what it was started for.
 */
#include "sim/outage.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "calls/exchange/office_trunk.h"
#include "sim/action_internal.h"
#include "sim/noun.h"
#include "switch/object.h"
#include "switch/scheduler.h"

enum { AGAIN_US = 1000000 /* without room for what a call must be told */ };

/* What has failed: a line, a group, the port of a circuit, a scheduler. */
struct place {
	enum noun_number noun;
	bool is_silence;
	uint32_t id;
};

struct outage {
	struct outage *next;
	struct place place;
	uint64_t serial;
};

static int
find_place(struct scenario *scenario, const struct arguments *arguments,
    struct place *ret_place)
{
	const struct scheduler *scheduler;

	*ret_place = (struct place){ .noun = arguments->noun->number };
	if (ret_place->noun == NOUN_scheduler) {
		scheduler = scenario_scheduler(scenario, arguments->key);
		if (scheduler == NULL)
			return -EINVAL;
		ret_place->id = scheduler_number(scheduler);
		return 0;
	}
	if (ret_place->noun == NOUN_line)
		return party_line(
		    scenario, arguments, arguments->key, &ret_place->id);
	return ret_place->noun == NOUN_trunk
	    ? action_find_trunk(
		  scenario, arguments, arguments->key, &ret_place->id)
	    : action_find_circuit(scenario, arguments, &ret_place->id);
}

static int
stall(struct scenario *scenario, uint32_t number, bool is_stalled)
{
	scheduler_stall(
	    scheduler_peer(scenario->scheduler, number), is_stalled);
	return 0;
}

/* 0, or -errno with *ret_why a clause. */
static int
set_down(struct scenario *scenario, const struct place *place, bool is_down,
    const char **ret_why)
{
	struct office *office = scenario->office;

	*ret_why = "the switch has no room for what a call must be told";
	if (place->noun == NOUN_scheduler)
		return stall(scenario, place->id, is_down);
	if (place->is_silence)
		return office_silence_line(office, place->id, is_down, ret_why);
	if (place->noun == NOUN_line)
		return office_fail_line(office, place->id, is_down, ret_why);
	return place->noun == NOUN_trunk
	    ? office_fail_trunk(office, place->id, is_down)
	    : office_fail_circuit(office, place->id, is_down);
}

/*--------------------------------------------------------------------
 * Those that end in their time
 */

static bool
is_same(const struct place *one, const struct place *other)
{
	return one->noun == other->noun && one->id == other->id &&
	    one->is_silence == other->is_silence;
}

static void
remove_at(struct outage **at)
{
	struct outage *gone = *at;

	*at = gone->next;
	object_free(gone, sizeof *gone);
}

static void
forget_place(struct scenario *scenario, const struct place *place)
{
	struct outage **at = &scenario->outages;

	while (*at != NULL && !is_same(&(*at)->place, place))
		at = &(*at)->next;
	if (*at != NULL)
		remove_at(at);
}

void
outage_forget(struct scenario *scenario)
{
	while (scenario->outages != NULL)
		remove_at(&scenario->outages);
}

void
outage_end_stalls(struct scenario *scenario)
{
	uint32_t i;

	for (i = 0; i < scheduler_count(scenario->scheduler); i++)
		(void)stall(scenario, i, false);
}

/* Whether something will let that scheduler go on by itself. */
static bool
ends_in_time(const struct scenario *scenario, uint32_t number)
{
	const struct outage *outage = scenario->outages;

	for (; outage != NULL; outage = outage->next)
		if (outage->place.noun == NOUN_scheduler &&
		    outage->place.id == number)
			return true;
	return scheduler_now(scenario->scheduler) < scenario->chaos.until;
}

bool
outage_stalls_for_ever(struct scenario *scenario)
{
	uint32_t i;

	for (i = 0; i < scheduler_count(scenario->scheduler); i++)
		if (scheduler_is_stalled(
			scheduler_peer(scenario->scheduler, i)) &&
		    !ends_in_time(scenario, i))
			return true;
	return false;
}

static void
end_in_time(void *arg, uint64_t key)
{
	struct scenario *scenario = arg;
	struct outage **at = &scenario->outages;
	const char *why;

	while (*at != NULL && (*at)->serial != key)
		at = &(*at)->next;
	if (*at == NULL)
		return;
	scheduler_halt_others(scenario->scheduler);
	if (set_down(scenario, &(*at)->place, false, &why) == 0 ||
	    scheduler_at(scenario->scheduler,
		scheduler_now(scenario->scheduler) + AGAIN_US, end_in_time,
		scenario, key) != 0)
		remove_at(at);
	scheduler_let_go(scenario->scheduler);
}

static int
end_later(struct scenario *scenario, const struct place *place, uint64_t us)
{
	struct outage *outage = object_alloc(sizeof *outage);

	if (outage == NULL)
		return -ENOMEM;
	*outage = (struct outage){ scenario->outages, *place,
		++scenario->outages_begun };
	scenario->outages = outage;
	if (scheduler_at(scenario->scheduler,
		scheduler_now(scenario->scheduler) + us, end_in_time, scenario,
		outage->serial) == 0)
		return 0;
	remove_at(&scenario->outages);
	return -ENOSPC;
}

/*--------------------------------------------------------------------
 * Commands
 */

int
outage_begin(struct scenario *scenario, const struct arguments *arguments)
{
	const char *duration = arguments_option(arguments, "-for");
	const char *why;
	struct place place;

	if (find_place(scenario, arguments, &place) != 0)
		return -EINVAL;
	place.is_silence = strcmp(action_word(arguments, 1), "silent") == 0;
	forget_place(scenario, &place);
	if (set_down(scenario, &place, true, &why) != 0)
		return action_refuse(scenario, arguments, "%s", why);
	if (duration == NULL ||
	    end_later(scenario, &place, action_duration(duration)) == 0)
		return 0;
	(void)set_down(scenario, &place, false, &why);
	return action_refuse(scenario, arguments, "no memory is left");
}

int
outage_end(struct scenario *scenario, const struct arguments *arguments)
{
	struct place place, silence;
	const char *why;

	if (find_place(scenario, arguments, &place) != 0)
		return -EINVAL;
	silence = place;
	silence.is_silence = true;
	forget_place(scenario, &place);
	forget_place(scenario, &silence);
	if (place.noun == NOUN_line)
		(void)set_down(scenario, &silence, false, &why);
	return set_down(scenario, &place, false, &why) == 0
	    ? 0
	    : action_refuse(scenario, arguments, "%s", why);
}
