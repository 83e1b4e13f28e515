/*
 * subscriber: who sits at a line, or at the far end of a circuit, and what
 * they do in a call of generated traffic.
 *
 * A hundred thousand generated calls must cost no more than the calls: so a
 * subscriber is 32 bytes, indexed by port, and what it will do next is one
 * entry of the scheduler's timers, whose key says who and what.
 *
 * Invariants:
 *   1. a line belongs to at most one traffic, as caller or as called; a far
 *      end to that of the call that its circuit has, if there is one;
 *   2. a line stands in its ring exactly while it is not in a call of ours,
 *      but for one of so many sources, which has none;
 *   3. an action counts only if the subscriber's serial is still that of its
 *      key, which moves on with every call: what was planned for an earlier
 *      call never happens to a later one.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sim/traffic_internal.h"
#include "switch/scheduler.h"

enum {
	/* How long one listens to a tone before hanging up: own choice. */
	REACTION_US = 500000,
	/* Lines looked at for a free one, when others use the range too. */
	TRIES = 16
};

/*--------------------------------------------------------------------
 * Who there is
 */

static uint32_t
circuit_id(uint32_t port)
{
	return port & ~PORT_CIRCUIT;
}

struct subscriber *
subscriber_at(const struct traffics *traffics, uint32_t port)
{
	if (port_is_circuit(port))
		return circuit_id(port) < traffics->circuits_count
		    ? &traffics->circuits[circuit_id(port)]
		    : NULL;
	return port < traffics->lines_count ? &traffics->lines[port] : NULL;
}

static int
grow(struct subscriber **array, uint32_t *count, uint32_t wanted)
{
	struct subscriber *grown;
	uint32_t i;

	if (wanted <= *count)
		return 0;
	grown = object_realloc(*array, wanted * sizeof *grown);
	if (grown == NULL)
		return -ENOMEM;
	for (i = *count; i < wanted; i++)
		grown[i] = (struct subscriber){ .peer = PORT_NONE };
	*array = grown;
	*count = wanted;
	return 0;
}

int
subscribers_grow(struct traffics *traffics)
{
	return grow(&traffics->lines, &traffics->lines_count,
	    office_lines(traffics->office));
}

int
subscribers_grow_to_circuit(struct traffics *traffics, uint32_t port)
{
	return grow(&traffics->circuits, &traffics->circuits_count,
	    circuit_id(port) + 1);
}

/*--------------------------------------------------------------------
 * Free lines
 */

void
subscriber_push(struct ring *ring, uint32_t line)
{
	assert(ring->count < ring->size);
	ring->lines[(ring->first + ring->count++) % ring->size] = line;
}

static uint32_t
pop(struct ring *ring)
{
	uint32_t line;

	if (ring->count == 0)
		return LINE_NONE;
	line = ring->lines[ring->first];
	ring->first = (ring->first + 1) % ring->size;
	ring->count--;
	return line;
}

static enum line_state
state_of(const struct traffics *traffics, uint32_t line)
{
	struct line_info info;

	office_line(traffics->office, line, &info);
	return info.state;
}

uint32_t
subscriber_take_free(struct traffics *traffics, struct ring *ring)
{
	unsigned int tries;
	uint32_t line;

	for (tries = 0; tries < TRIES; tries++) {
		line = pop(ring);
		if (line == LINE_NONE)
			return LINE_NONE;
		if (state_of(traffics, line) == LINE_STATE_idle) {
			traffics->lines[line].is_in_ring = false;
			return line;
		}
		subscriber_push(ring, line);
	}
	return LINE_NONE;
}

/*--------------------------------------------------------------------
 * What they will do
 */

enum { PORT_BITS = 32, SERIAL_BITS = 24 };

static uint64_t
key_of(const struct subscriber *subscriber, uint32_t port, enum action action)
{
	uint64_t serial = subscriber->serial & ((1U << SERIAL_BITS) - 1);

	return (uint64_t)port | serial << PORT_BITS |
	    (uint64_t)action << (PORT_BITS + SERIAL_BITS);
}

static void answer(struct traffics *traffics, uint32_t port);

/* What a subscriber had planned is due. */
static void
act(void *arg, uint64_t key)
{
	struct traffics *traffics = arg;
	uint32_t port = (uint32_t)key;
	enum action action = (enum action)(key >> (PORT_BITS + SERIAL_BITS));
	const struct subscriber *subscriber = subscriber_at(traffics, port);
	const char *why;

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	if (key != key_of(subscriber, port, action))
		return;
	switch (action) {
	case ACTION_CALL:
		traffic_call_from(
		    subscriber_traffic(traffics, subscriber), port);
		break;
	case ACTION_ALERT:
		(void)office_far_signal(
		    traffics->office, port, SIGNAL_ALERTING, 0, &why);
		break;
	case ACTION_ANSWER:
		answer(traffics, port);
		break;
	case ACTION_HANGUP:
		subscriber_hang_up(traffics, port);
		break;
	}
}

/* Without room for a timer there is none for a call either: do it at once. */
static void
plan(struct traffics *traffics, uint32_t port, enum action action,
    uint64_t after)
{
	uint64_t key = key_of(subscriber_at(traffics, port), port, action);
	uint64_t at = scheduler_now(traffics->scheduler) + after;

	if (scheduler_at(traffics->scheduler, at, act, traffics, key) != 0)
		(void)scheduler_at(traffics->scheduler, 0, act, traffics, key);
}

static void
plan_answer(struct traffics *traffics, uint32_t port, struct traffic *traffic)
{
	plan(traffics, port, ACTION_ANSWER,
	    distribution_draw(
		&traffic->options.answer_after, &traffic->random));
}

static int
lift(struct traffics *traffics, uint32_t port)
{
	const char *why;

	if (port_is_circuit(port))
		return office_far_signal(
		    traffics->office, port, SIGNAL_ANSWER, 0, &why);
	if (state_of(traffics, port) != LINE_STATE_ringing)
		return -ENOTSUP;
	return office_answer(traffics->office, port, &why);
}

static void
answer(struct traffics *traffics, uint32_t port)
{
	struct subscriber *subscriber = subscriber_at(traffics, port);
	struct traffic *traffic = subscriber_traffic(traffics, subscriber);

	if (lift(traffics, port) != 0)
		return;
	traffic->counts.answers++;
	if (subscriber->peer != PORT_NONE)
		plan(traffics, subscriber->peer, ACTION_HANGUP,
		    distribution_draw(
			&traffic->options.hold, &traffic->random));
}

void
subscriber_hang_up(struct traffics *traffics, uint32_t port)
{
	struct line_info info;
	const char *why;

	if (port_is_circuit(port)) {
		(void)office_far_signal(traffics->office, port,
		    SIGNAL_DISCONNECT, CAUSE_NORMAL, &why);
		return;
	}
	office_line(traffics->office, port, &info);
	if (info.is_offhook)
		(void)office_hangup(traffics->office, port, &why);
}

/* A source that is idle calls again after a while, which has no memory. */
static void
plan_call(struct traffics *traffics, uint32_t line, struct traffic *traffic)
{
	double after = random_exponential(&traffic->random) / traffic->rate;

	if (traffic->counts.is_running)
		plan(traffics, line, ACTION_CALL, (uint64_t)(after * 1e6));
}

void
subscriber_give_back(struct traffics *traffics, uint32_t line)
{
	struct subscriber *subscriber = &traffics->lines[line];
	struct traffic *traffic = subscriber_traffic(traffics, subscriber);
	bool is_caller = subscriber->role == ROLE_CALLER;

	if (subscriber->is_in_ring)
		return;
	subscriber->is_gapped = false;
	subscriber->peer = PORT_NONE;
	subscriber->serial++;
	if (is_caller && traffic->options.sources > 0) {
		plan_call(traffics, line, traffic);
		return;
	}
	subscriber->is_in_ring = true;
	subscriber_push(
	    is_caller ? &traffic->free_callers : &traffic->free_called, line);
}

/*--------------------------------------------------------------------
 * What they hear
 */

static bool
says_that_it_is_over(enum tone tone)
{
	return tone == TONE_disconnect || tone == TONE_busy ||
	    tone == TONE_congestion || tone == TONE_reorder ||
	    tone == TONE_no_answer || tone == TONE_announcement;
}

static void
note_gapped(struct traffics *traffics, struct subscriber *subscriber,
    uint32_t line, enum tone tone)
{
	struct line_info info;

	if (tone != TONE_congestion || subscriber->role != ROLE_CALLER ||
	    subscriber->is_gapped)
		return;
	office_line(traffics->office, line, &info);
	if (!info.is_gapped)
		return;
	subscriber->is_gapped = true;
	subscriber_traffic(traffics, subscriber)->counts.gapped++;
}

/* The call of a caller is over; whom it called may never have heard of it. */
static void
count_end(
    struct traffics *traffics, struct subscriber *subscriber, uint32_t port)
{
	struct subscriber *peer = subscriber_at(traffics, subscriber->peer);
	uint32_t line = subscriber->peer;

	if (!subscriber->is_gapped)
		subscriber_traffic(traffics, subscriber)->counts.ended++;
	if (peer != NULL && !port_is_circuit(line) && peer->peer == port &&
	    state_of(traffics, line) == LINE_STATE_idle)
		subscriber_give_back(traffics, line);
}

void
subscriber_hear(void *arg, uint32_t line, enum line_state state, enum tone tone)
{
	struct traffics *traffics = arg;
	struct subscriber *subscriber = subscriber_at(traffics, line);
	struct traffic *traffic;

	if (subscriber == NULL || subscriber->role == ROLE_NONE ||
	    subscriber->is_in_ring)
		return;
	traffic = subscriber_traffic(traffics, subscriber);
	if (state == LINE_STATE_ringing && subscriber->role == ROLE_CALLED) {
		plan_answer(traffics, line, traffic);
	} else if (state == LINE_STATE_idle) {
		if (subscriber->role == ROLE_CALLER)
			count_end(traffics, subscriber, line);
		subscriber_give_back(traffics, line);
	} else if (says_that_it_is_over(tone)) {
		note_gapped(traffics, subscriber, line, tone);
		plan(traffics, line, ACTION_HANGUP, REACTION_US);
	}
}

/*--------------------------------------------------------------------
 * At the far ends of circuits
 */

static void
forget_far(struct subscriber *far, uint64_t call)
{
	*far = (struct subscriber){
		.peer = PORT_NONE, .serial = far->serial + 1, .call = call
	};
}

void
subscriber_begin_far(struct traffics *traffics, uint32_t port,
    struct traffic *traffic, uint64_t call)
{
	struct subscriber *far = subscriber_at(traffics, port);
	unsigned int i = 0;

	forget_far(far, call);
	far->role = ROLE_CALLER;
	while (traffics->traffics[i] != traffic)
		i++;
	far->traffic = (uint8_t)(i + 1);
}

/* A call has come over it: if it is one of ours, somebody there answers. */
static void
be_called(struct traffics *traffics, uint32_t port, struct subscriber *far)
{
	struct office_call_view view;
	struct subscriber *caller;

	office_look_at_call(traffics->scheduler, far->call, &view);
	caller = subscriber_at(traffics, view.port_a);
	if (caller == NULL || caller->role != ROLE_CALLER)
		return;
	far->traffic = caller->traffic;
	far->role = ROLE_CALLED;
	far->peer = view.port_a;
	caller->peer = port;
	plan(traffics, port, ACTION_ALERT, 0);
	plan_answer(traffics, port, subscriber_traffic(traffics, far));
}

void
subscriber_far_end(void *arg, uint32_t port)
{
	struct traffics *traffics = arg;
	struct circuit_info info;
	struct subscriber *far;

	if (traffics->count == 0 ||
	    subscribers_grow_to_circuit(traffics, port) != 0)
		return;
	far = subscriber_at(traffics, port);
	office_circuit_look(traffics->office, port, &info);
	if (info.number != far->call) { /* that one is over */
		if (far->role == ROLE_CALLER)
			count_end(traffics, far, port);
		forget_far(far, info.number);
	}
	if (far->role == ROLE_NONE && info.is_called)
		be_called(traffics, port, far);
	else if (far->role == ROLE_CALLER && says_that_it_is_over(info.tone))
		plan(traffics, port, ACTION_HANGUP, REACTION_US);
}
