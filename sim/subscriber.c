/*
 * subscriber: who sits at a line, or at the far end of a circuit, and what
 * they do in a call of generated traffic.
 *
 * A hundred thousand generated calls must cost no more than the calls: so a
 * subscriber is 32 bytes, indexed by port, and what it will do next is one
 * entry of the scheduler's timers, whose key says who and what.  What it will
 * do, and when, follows from its mix and the seed of its call (mix.h).
 *
 * What the release that handles calls as one begins, or when it is to be done,
 * cannot do (to hold on 1.0) is not tried.
 *
 * Invariants:
 *   1. a line is in at most one call of ours; a far end in that of its circuit,
 *      if there is one;
 *   2. an action counts only if the subscriber's serial is still that of its
 *      key, which moves on with every call: what was planned for an earlier
 *      call never happens to a later one.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "calls/exchange/office_ahead.h"
#include "sim/traffic_internal.h"
#include "switch/ahead.h"
#include "switch/scheduler.h"

enum {
	/* How long one listens to a tone before hanging up: own choice. */
	REACTION_US = 500000
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
	const uint32_t had = traffics->lines_count / 64 + 1;
	const uint32_t wanted = office_lines(traffics->office) / 64 + 1;
	uint64_t *free;

	if (traffics->free == NULL || wanted > had) {
		free = object_realloc(traffics->free, wanted * sizeof free[0]);
		if (free == NULL)
			return -ENOMEM;
		if (traffics->free == NULL)
			free[0] = 0;
		memset(free + had, 0, (wanted - had) * sizeof free[0]);
		traffics->free = free;
	}
	return grow(&traffics->lines, &traffics->lines_count,
	    office_lines(traffics->office));
}

int
subscribers_grow_to_circuit(struct traffics *traffics, uint32_t port)
{
	return grow(&traffics->circuits, &traffics->circuits_count,
	    circuit_id(port) + 1);
}

void
subscriber_begin(struct traffics *traffics, uint32_t port,
    const struct traffic *traffic, enum role role, uint64_t seed)
{
	struct subscriber *subscriber = subscriber_at(traffics, port);

	*subscriber = (struct subscriber){ .call = subscriber->call,
		.seed = seed,
		.peer = PORT_NONE,
		.serial = subscriber->serial + 1,
		.traffic = traffic->number,
		.pool = subscriber->pool,
		.role = role & 3U,
		.is_busy = true };
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

static void act(void *arg, uint64_t key);

/* Without room for a timer there is none for a call either: do it at once. */
void
subscriber_plan(struct traffics *traffics, uint32_t port, enum action action,
    uint64_t after)
{
	uint64_t key = key_of(subscriber_at(traffics, port), port, action);
	uint64_t at = scheduler_now(traffics->scheduler) + after;

	if (scheduler_at(traffics->scheduler, at, act, traffics, key) != 0)
		(void)scheduler_at(traffics->scheduler, 0, act, traffics, key);
}

static const struct mix *
mix_of(const struct traffics *traffics, const struct subscriber *subscriber)
{
	return &subscriber_traffic(traffics, subscriber)->options.mix;
}

/* Whether he dials one digit after the other, and when the next. */
static void
plan_digit(struct traffics *traffics, uint32_t port)
{
	const struct subscriber *caller = subscriber_at(traffics, port);
	const struct mix *mix = mix_of(traffics, caller);
	char digits[DIGITS_MAX + 1];

	placing_digits(subscriber_traffic(traffics, caller), caller, digits);
	if (mix->is_slow && caller->dialled < strlen(digits))
		subscriber_plan(traffics, port, ACTION_DIAL,
		    mix_dial_after(mix, caller->seed, caller->dialled));
}

void
subscriber_call(struct traffics *traffics, uint32_t port)
{
	struct subscriber *caller = subscriber_at(traffics, port);
	const struct mix *mix = mix_of(traffics, caller);

	if (mix->hold > 0)
		caller->can_hold = placing_can_hold(traffics);
	if (mix->transfer > 0)
		caller->can_transfer = placing_can_transfer(traffics);
	if (port_is_circuit(port)) /* else he waits for the dial tone */
		plan_digit(traffics, port);
	if (mix_outcome(mix, caller->seed) == MIX_abandon)
		subscriber_plan(traffics, port, ACTION_HANGUP,
		    mix_abandon_after(mix, caller->seed));
}

void
subscriber_be_called(
    struct traffics *traffics, uint32_t port, const struct mix *mix)
{
	const uint64_t seed = subscriber_at(traffics, port)->seed;

	switch (mix_outcome(mix, seed)) {
	case MIX_answer:
		subscriber_plan(
		    traffics, port, ACTION_ANSWER, mix_answer_after(mix, seed));
		break;
	case MIX_busy:
		subscriber_plan(traffics, port, ACTION_REJECT, 0);
		break;
	case MIX_reject:
		subscriber_plan(
		    traffics, port, ACTION_REJECT, mix_answer_after(mix, seed));
		break;
	case MIX_no_answer:
	case MIX_abandon:
	case MIX_misdial: /* of somebody who has this number after all */
	case MIX_OUTCOMES_COUNT:
		break;
	}
}

/* While they talk, from the answer on. */
static void
plan_talk(struct traffics *traffics, uint32_t port, const struct mix *mix)
{
	const struct subscriber *caller = subscriber_at(traffics, port);
	const struct traffic *traffic = subscriber_traffic(traffics, caller);
	const uint64_t hold = mix_hold(&traffic->options.hold, caller->seed);

	subscriber_plan(traffics, port, ACTION_HANGUP, hold);
	switch (mix_talk(mix, caller->seed)) {
	case MIX_HOLDS:
		subscriber_plan(traffics, port, ACTION_HOLD, hold / 3);
		break;
	case MIX_TRANSFERS:
		subscriber_plan(traffics, port, ACTION_TRANSFER, hold / 2);
		break;
	case MIX_TALKS:
		break;
	}
}

/*--------------------------------------------------------------------
 * Doing it
 */

static void
dial(struct traffics *traffics, uint32_t port)
{
	struct subscriber *caller = subscriber_at(traffics, port);
	char digits[DIGITS_MAX + 1], digit[2] = "";
	const char *why;

	placing_digits(subscriber_traffic(traffics, caller), caller, digits);
	if (caller->dialled >= strlen(digits))
		return;
	digit[0] = digits[caller->dialled++];
	if (port_is_circuit(port))
		(void)office_far_dial(traffics->office, port, digit, &why);
	else
		(void)office_dial(traffics->office, port, digit, &why);
	plan_digit(traffics, port);
}

static int
lift(struct traffics *traffics, uint32_t port)
{
	const char *why;

	return port_is_circuit(port)
	    ? office_far_signal(traffics->office, port, SIGNAL_ANSWER, 0, &why)
	    : office_answer(traffics->office, port, &why);
}

/* How long they talk is up to the caller, if he is one of ours. */
static void
answer(struct traffics *traffics, uint32_t port)
{
	const struct subscriber *called = subscriber_at(traffics, port);

	if (lift(traffics, port) == 0 && called->traffic != 0 &&
	    called->peer != PORT_NONE)
		plan_talk(traffics, called->peer, mix_of(traffics, called));
}

/* He is busy, or does not want to. */
static void
reject(struct traffics *traffics, uint32_t port)
{
	const struct subscriber *called = subscriber_at(traffics, port);
	const bool is_far = port_is_circuit(port);
	const struct mix *mix =
	    is_far ? far_end_mix(traffics, port) : mix_of(traffics, called);
	const uint8_t cause = mix_outcome(mix, called->seed) == MIX_busy
	    ? CAUSE_BUSY
	    : CAUSE_REJECTED;
	const char *why;

	if (is_far)
		(void)office_far_signal(
		    traffics->office, port, SIGNAL_DISCONNECT, cause, &why);
	else
		(void)office_reject(traffics->office, port, cause, &why);
}

static void
ring(struct traffics *traffics, uint32_t port)
{
	const char *why;

	if (port_is_circuit(port))
		(void)office_far_signal(
		    traffics->office, port, SIGNAL_ALERTING, 0, &why);
	else
		(void)office_signal(
		    traffics->office, port, SIGNAL_ALERTING, 0, &why);
}

static bool
talks(const struct traffics *traffics, uint32_t line)
{
	struct line_info info;

	if (port_is_circuit(line))
		return false;
	office_line(traffics->office, line, &info);
	return info.calls == 1 && info.tone == TONE_speech;
}

/* For as long as he has talked already: a third of all. */
static void
hold(struct traffics *traffics, uint32_t port)
{
	struct subscriber *caller = subscriber_at(traffics, port);
	const struct traffic *traffic = subscriber_traffic(traffics, caller);
	const char *why;

	if (!caller->can_hold || !placing_can_hold(traffics) ||
	    !talks(traffics, port) ||
	    office_signal(traffics->office, port, SIGNAL_HOLD, 0, &why) != 0)
		return;
	caller->is_holding = true;
	subscriber_plan(traffics, port, ACTION_RETRIEVE,
	    mix_hold(&traffic->options.hold, caller->seed) / 3);
}

static void
retrieve(struct traffics *traffics, uint32_t port)
{
	struct subscriber *caller = subscriber_at(traffics, port);
	const char *why;

	if (caller->is_holding)
		(void)office_signal(
		    traffics->office, port, SIGNAL_RETRIEVE, 0, &why);
	caller->is_holding = false;
}

static bool
may_transfer(const struct traffics *traffics, uint32_t line)
{
	return office_service(traffics->office, line, SERVICE_transfer).is_on !=
	    0;
}

/*
 * The two that are left are caller and called from here on: whom he had called
 * hangs up when he would have done so.
 */
static void
leave_to(struct traffics *traffics, uint32_t port, uint32_t other)
{
	struct subscriber *caller = subscriber_at(traffics, port);
	const struct traffic *traffic = subscriber_traffic(traffics, caller);
	const uint64_t seed = mix_again(caller->seed);
	const uint32_t left = caller->peer;

	subscriber_plan(traffics, port, ACTION_HANGUP, REACTION_US);
	caller->peer = PORT_NONE;
	subscriber_begin(traffics, left, traffic, ROLE_CALLER, caller->seed);
	subscriber_at(traffics, left)->peer = other;
	subscriber_begin(traffics, other, traffic, ROLE_CALLED, seed);
	subscriber_at(traffics, other)->peer = left;
}

static void
transfer(struct traffics *traffics, uint32_t port)
{
	struct subscriber *caller = subscriber_at(traffics, port);
	char digits[DIGITS_MAX + 1];
	const char *why;
	uint32_t other;

	if (!caller->can_transfer || !placing_can_transfer(traffics) ||
	    !talks(traffics, port) || caller->peer == PORT_NONE ||
	    !talks(traffics, caller->peer) || !may_transfer(traffics, port))
		return;
	other = placing_other(subscriber_traffic(traffics, caller));
	if (other == LINE_NONE)
		return;
	office_number(traffics->office, other, digits);
	if (office_blind(traffics->office, port, digits, &why) == 0)
		leave_to(traffics, port, other);
	else
		pool_give(traffics, other);
}

void
subscriber_hang_up(struct traffics *traffics, uint32_t port)
{
	const char *why;

	if (port_is_circuit(port))
		(void)office_far_signal(traffics->office, port,
		    SIGNAL_DISCONNECT, CAUSE_NORMAL, &why);
	else
		(void)office_hangup(traffics->office, port, &why);
}

/* A source has been idle for as long as it would be. */
static void
call(struct traffics *traffics, uint32_t line)
{
	struct traffic *traffic =
	    subscriber_traffic(traffics, &traffics->lines[line]);
	uint64_t seed;

	if (!traffic->is_running ||
	    scheduler_now(traffics->scheduler) >= traffic->end)
		return;
	seed = random_next(&traffic->random);
	if (office_line_state(traffics->office, line) != LINE_STATE_idle)
		subscriber_give_back(traffics, line);
	else if (placing_of_line(traffic, line, seed))
		return;
	traffic->unmade++;
}

/* What a subscriber had planned is due. */
static void
act(void *arg, uint64_t key)
{
	static void (*const acts[])(struct traffics *, uint32_t) = {
		[ACTION_CALL] = call,
		[ACTION_DIAL] = dial,
		[ACTION_ALERT] = ring,
		[ACTION_ANSWER] = answer,
		[ACTION_REJECT] = reject,
		[ACTION_HOLD] = hold,
		[ACTION_RETRIEVE] = retrieve,
		[ACTION_TRANSFER] = transfer,
		[ACTION_HANGUP] = subscriber_hang_up,
	};
	struct traffics *traffics = arg;
	const uint32_t port = (uint32_t)key;
	const enum action action =
	    (enum action)(key >> (PORT_BITS + SERIAL_BITS));

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	if (key == key_of(subscriber_at(traffics, port), port, action))
		acts[action](traffics, port);
}

/* ahead_fetch_f of act(): they, whom they talk to, and their lines. */
static void
fetch(void *arg, uint64_t key, unsigned int round)
{
	const struct traffics *traffics = arg;
	const uint32_t port = (uint32_t)key;
	const struct subscriber *subscriber = subscriber_at(traffics, port);

	if (port_is_circuit(port))
		return;
	office_fetch_line(traffics->office, port, round);
	if (round == 0) {
		ahead_fetch(subscriber);
	} else if (round == 1 && subscriber->peer < traffics->lines_count) {
		ahead_fetch(&traffics->lines[subscriber->peer]);
		office_fetch_line(traffics->office, subscriber->peer, 0);
	}
}

void
subscribers_fetch(struct traffics *traffics)
{
	ahead_set_fetch(traffics->scheduler, act, fetch);
}

/*--------------------------------------------------------------------
 * What they hear
 */

bool
subscriber_hears_the_end(enum tone tone)
{
	return tone == TONE_disconnect || tone == TONE_busy ||
	    tone == TONE_congestion || tone == TONE_reorder ||
	    tone == TONE_no_answer || tone == TONE_announcement;
}

bool
subscriber_hears_in_vain(enum tone tone)
{
	return tone == TONE_busy || tone == TONE_congestion ||
	    tone == TONE_no_answer;
}

/* A source that is idle calls again after a while, which has no memory. */
static void
plan_call(struct traffics *traffics, uint32_t line, struct traffic *traffic)
{
	const double now = (double)scheduler_now(traffics->scheduler);
	double at;

	if (!traffic->is_running)
		return;
	at = arrival_after(traffic, now, random_exponential(&traffic->random));
	if (at < (double)traffic->end)
		subscriber_plan(
		    traffics, line, ACTION_CALL, (uint64_t)(at - now));
}

static bool
is_source(const struct traffics *traffics, uint8_t pool)
{
	return pool != 0 && traffics->pools[pool - 1]->is_of_sources;
}

void
subscriber_give_back(struct traffics *traffics, uint32_t line)
{
	struct subscriber *subscriber = &traffics->lines[line];
	struct traffic *traffic = subscriber_traffic(traffics, subscriber);
	const uint8_t pool = subscriber->pool;

	*subscriber = (struct subscriber){ .peer = PORT_NONE,
		.serial = subscriber->serial + 1,
		.pool = pool,
		.is_busy = true };
	if (is_source(traffics, pool)) {
		subscriber->traffic = traffic->number;
		plan_call(traffics, line, traffic);
	} else if (pool != 0) {
		pool_give(traffics, line);
	}
}

void
subscriber_end(
    struct traffics *traffics, struct subscriber *caller, uint32_t port)
{
	const uint32_t line = caller->peer;
	const struct subscriber *peer = subscriber_at(traffics, line);

	if (peer != NULL && !port_is_circuit(line) && peer->is_busy &&
	    peer->peer == port &&
	    office_line_state(traffics->office, line) == LINE_STATE_idle)
		subscriber_give_back(traffics, line);
}

static void
hear_idle(
    struct traffics *traffics, struct subscriber *subscriber, uint32_t line)
{
	struct traffic *traffic = subscriber_traffic(traffics, subscriber);
	bool is_again = false;

	if (subscriber->role == ROLE_CALLER) {
		subscriber_end(traffics, subscriber, line);
		is_again = placing_again(traffic, line, subscriber);
	}
	if (!is_again)
		subscriber_give_back(traffics, line);
}

/* An ISDN terminal has SETUP. */
static void
hear_setup(struct traffics *traffics, uint32_t line)
{
	struct line_info info;

	office_line(traffics->office, line, &info);
	if (!info.is_offhook)
		subscriber_plan(traffics, line, ACTION_ALERT, 0);
}

void
subscriber_hear(void *arg, uint32_t line, enum line_state state, enum tone tone)
{
	struct traffics *traffics = arg;
	struct subscriber *subscriber = subscriber_at(traffics, line);

	if (subscriber == NULL || subscriber->role == ROLE_NONE)
		return;
	if (state == LINE_STATE_idle) {
		hear_idle(traffics, subscriber, line);
	} else if (subscriber->role == ROLE_CALLED &&
	    state == LINE_STATE_ringing) {
		subscriber_be_called(
		    traffics, line, mix_of(traffics, subscriber));
	} else if (subscriber_hears_the_end(tone)) {
		subscriber->is_in_vain = subscriber_hears_in_vain(tone);
		subscriber_plan(traffics, line, ACTION_HANGUP, REACTION_US);
	} else if (subscriber->role == ROLE_CALLER && tone == TONE_dial &&
	    !subscriber->is_dialling) {
		subscriber->is_dialling = true;
		plan_digit(traffics, line);
	} else if (subscriber->role == ROLE_CALLED &&
	    state == LINE_STATE_busy && tone == TONE_none) {
		hear_setup(traffics, line);
	}
}
