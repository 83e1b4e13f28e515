/*
 * far_end: who sits at the far ends of circuits.
 *
 * Those who call from there are a traffic's.  Those who are called are too, if
 * one of its callers is the caller; else they are there only where the trunk
 * group says what they do (traffics_set_far), which also comes before what the
 * traffic says of those that it calls.
 */
#include <errno.h>
#include <stdio.h>

#include "sim/traffic_internal.h"
#include "switch/scheduler.h"

enum { REACTION_US = 500000 /* as at a line */ };

static void
forget(struct subscriber *far, uint64_t call)
{
	*far = (struct subscriber){
		.peer = PORT_NONE, .serial = far->serial + 1, .call = call
	};
}

void
far_end_begin(struct traffics *traffics, uint32_t port,
    const struct traffic *traffic, uint64_t call, uint64_t seed)
{
	forget(subscriber_at(traffics, port), call);
	subscriber_begin(traffics, port, traffic, ROLE_CALLER, seed);
}

int
traffics_set_far(
    struct traffics *traffics, uint32_t trunk, const struct mix *mix)
{
	const uint32_t count = trunk + 1;
	char stream[64];
	struct far *fars;
	uint32_t i;

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	if (count > traffics->far_count) {
		fars = object_realloc(traffics->far, count * sizeof *fars);
		if (fars == NULL)
			return -ENOMEM;
		for (i = traffics->far_count; i < count; i++)
			fars[i] = (struct far){ .mix = NULL };
		traffics->far = fars;
		traffics->far_count = count;
	}
	(void)snprintf(stream, sizeof stream, "far %s",
	    office_trunk_name(traffics->office, trunk));
	traffics->far[trunk].mix = mix;
	random_seed(&traffics->far[trunk].random, traffics->seed, stream);
	return 0;
}

static struct far *
far_of(const struct traffics *traffics, uint32_t port)
{
	struct circuit_info info;

	office_circuit_look(traffics->office, port, &info);
	return info.trunk < traffics->far_count &&
		traffics->far[info.trunk].mix != NULL
	    ? &traffics->far[info.trunk]
	    : NULL;
}

const struct mix *
far_end_mix(const struct traffics *traffics, uint32_t port)
{
	const struct far *far = far_of(traffics, port);

	return far != NULL
	    ? far->mix
	    : &subscriber_traffic(traffics, subscriber_at(traffics, port))
		   ->options.mix;
}

/* A call has come over it: perhaps somebody there answers. */
static void
be_called(struct traffics *traffics, uint32_t port, struct subscriber *called)
{
	struct far *far = far_of(traffics, port);
	struct office_call_view view;
	struct subscriber *caller;

	office_look_at_call(traffics->scheduler, called->call, &view);
	caller = subscriber_at(traffics, view.port_a);
	if (caller != NULL && caller->role == ROLE_CALLER) {
		called->traffic = caller->traffic;
		called->seed =
		    far != NULL ? mix_beyond(caller->seed) : caller->seed;
		called->peer = view.port_a;
		caller->peer = port;
	} else if (far != NULL) {
		called->seed = random_next(&far->random);
	} else {
		return;
	}
	called->role = ROLE_CALLED;
	if (mix_outcome(far_end_mix(traffics, port), called->seed) != MIX_busy)
		subscriber_plan(traffics, port, ACTION_ALERT, 0);
	subscriber_be_called(traffics, port, far_end_mix(traffics, port));
}

/* The call that the circuit had is over. */
static void
end(struct traffics *traffics, uint32_t port, struct subscriber *far)
{
	if (far->role != ROLE_CALLER)
		return;
	subscriber_end(traffics, far, port);
	(void)placing_again(subscriber_traffic(traffics, far), LINE_NONE, far);
}

void
far_end_hear(void *arg, uint32_t port)
{
	struct traffics *traffics = arg;
	struct circuit_info info;
	struct subscriber *far;

	if ((traffics->count == 0 && traffics->far_count == 0) ||
	    subscribers_grow_to_circuit(traffics, port) != 0)
		return;
	far = subscriber_at(traffics, port);
	office_circuit_look(traffics->office, port, &info);
	if (info.number != far->call) {
		end(traffics, port, far);
		forget(far, info.number);
	}
	if (far->role == ROLE_NONE && info.is_called) {
		be_called(traffics, port, far);
	} else if (far->role == ROLE_CALLER &&
	    subscriber_hears_the_end(info.tone)) {
		far->is_in_vain = subscriber_hears_in_vain(info.tone);
		subscriber_plan(traffics, port, ACTION_HANGUP, REACTION_US);
	}
}
