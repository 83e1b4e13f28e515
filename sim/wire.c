/*
 * wire: see wire.h for what it is.
 *
 * A signal that is late waits in a list, under a number that the scheduler's
 * timer knows; where its call has ended meanwhile, it is to the exchange what
 * a signal of no call is (T87).
 */
#include "sim/wire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office_trunk.h"
#include "sim/action_internal.h"
#include "sim/units.h"
#include "switch/log.h"
#include "switch/object.h"
#include "switch/scheduler.h"

enum {
	DELAY_US = 2000000,  /* at most: half of T303, own choice */
	REPEAT_US = 4000000, /* Q.931 table 9-1: T308 */
	FAULT_BITS = 8
};

struct wire_late {
	struct wire_late *next;
	struct wire_signal signal;
	unsigned int serial;
	bool is_repeated; /* said anew, not only late */
};

static const char *const words[] = {
#define WIRE_WORD(word, column) #word,
	WIRE_FAULTS(WIRE_WORD)
#undef WIRE_WORD
};

/*--------------------------------------------------------------------
 * Signals on their way
 */

static struct wire_late *
take_late(struct wire *wire, unsigned int serial)
{
	struct wire_late **at = &wire->late, *found;

	while (*at != NULL && (*at)->serial != serial)
		at = &(*at)->next;
	found = *at;
	if (found != NULL)
		*at = found->next;
	return found;
}

static void
come(void *arg, uint64_t key)
{
	struct scenario *scenario = arg;
	struct wire_late *late = take_late(&scenario->wire, (unsigned int)key);
	struct circuit_info info;
	const char *why;

	if (late == NULL)
		return;
	office_circuit_look(scenario->office, late->signal.port, &info);
	if (!late->is_repeated)
		(void)office_deliver(scenario->office, &late->signal);
	else if (info.number == late->signal.call)
		(void)office_far_signal(scenario->office, late->signal.port,
		    SIGNAL_RELEASE, late->signal.cause, &why);
	object_free(late, sizeof *late);
}

/* Without memory it is not late. */
static bool
send_later(struct scenario *scenario, const struct wire_signal *signal,
    uint64_t us, bool is_repeated)
{
	struct wire *wire = &scenario->wire;
	struct wire_late *late = object_alloc(sizeof *late);

	if (late == NULL)
		return false;
	*late = (struct wire_late){ wire->late, *signal, ++wire->serial,
		is_repeated };
	wire->late = late;
	if (scheduler_at(scenario->scheduler,
		scheduler_now(scenario->scheduler) + us, come, scenario,
		late->serial) == 0)
		return true;
	object_free(take_late(wire, late->serial), sizeof *late);
	return false;
}

void
wire_forget(struct scenario *scenario)
{
	struct wire_late *late;

	while ((late = scenario->wire.late) != NULL) {
		scenario->wire.late = late->next;
		object_free(late, sizeof *late);
	}
}

/*--------------------------------------------------------------------
 * What befalls one
 */

static bool
is_struck(struct wire *wire, struct wire_order *order, uint16_t signal)
{
	return order->share > 0 && order->left > 0 &&
	    (order->signal == 0 || order->signal == signal) &&
	    random_share(&wire->random) < order->share;
}

static bool
is_goodbye(enum signal_kind kind)
{
	return kind == SIGNAL_DISCONNECT || kind == SIGNAL_RELEASE;
}

/* Without memory it passes. */
static enum wire_fate
strike(struct scenario *scenario, enum wire_fault fault,
    const struct wire_signal *signal)
{
	if (fault == WIRE_duplicate)
		return WIRE_DOUBLES;
	if (fault == WIRE_delay)
		return send_later(scenario, signal,
			   1 + random_below(&scenario->wire.random, DELAY_US),
			   false)
		    ? WIRE_KEEPS
		    : WIRE_PASSES;
	return !is_goodbye(signal->kind) ||
		send_later(scenario, signal, REPEAT_US, true)
	    ? WIRE_KEEPS
	    : WIRE_PASSES;
}

static enum wire_fate
befall(void *arg, const struct wire_signal *signal)
{
	struct scenario *scenario = arg;
	struct wire *wire = &scenario->wire;
	enum wire_fate fate;
	unsigned int i;

	for (i = 0; i < WIRE_FAULTS_COUNT; i++) {
		if (!is_struck(wire, &wire->orders[i], (uint16_t)signal->kind))
			continue;
		fate = strike(scenario, (enum wire_fault)i, signal);
		if (fate == WIRE_PASSES)
			return fate;
		wire->orders[i].left--;
		wire->orders[i].done++;
		log_line(scheduler_log(scenario->scheduler),
		    scheduler_entry(scenario->scheduler, LEVEL_warning),
		    "fault messages %s %s", words[i],
		    signal_word((uint16_t)signal->kind));
		return fate;
	}
	return WIRE_PASSES;
}

/*--------------------------------------------------------------------
 * Orders
 */

static void
lay(struct scenario *scenario)
{
	if (scenario->wire.is_laid)
		return;
	random_seed(
	    &scenario->wire.random, scenario->verdict->seed, "messages");
	office_set_wire(scenario->office, befall, scenario);
	scenario->wire.is_laid = true;
}

/* One that was ended before, or has given way, is not ended again. */
static void
end_in_time(void *arg, uint64_t key)
{
	struct scenario *scenario = arg;
	struct wire_order *order =
	    &scenario->wire.orders[key & ((1U << FAULT_BITS) - 1)];

	if (key >> FAULT_BITS == order->times)
		order->share = 0;
}

static int
end_at(struct scenario *scenario, enum wire_fault fault, uint64_t at)
{
	struct wire_order *order = &scenario->wire.orders[fault];

	if (scheduler_at(scenario->scheduler, at, end_in_time, scenario,
		(uint64_t)order->times << FAULT_BITS | fault) == 0)
		return 0;
	order->share = 0;
	return -ENOSPC;
}

/* It takes the place of an order of its kind. */
static void
begin(struct scenario *scenario, enum wire_fault fault,
    const struct wire_order *wanted)
{
	struct wire_order *order = &scenario->wire.orders[fault];
	const uint64_t done = order->done;
	const unsigned int times = order->times + 1;

	lay(scenario);
	*order = *wanted;
	order->done = done;
	order->times = times;
}

int
wire_disturb(struct scenario *scenario, enum wire_fault fault, double share,
    uint64_t until)
{
	const struct wire_order wanted = { .share = share, .left = UINT64_MAX };

	begin(scenario, fault, &wanted);
	return end_at(scenario, fault, until);
}

/* What a call makes of it is expected, but for its cause. */
int
wire_begin(struct scenario *scenario, const struct arguments *arguments)
{
	const char *rate = arguments_option(arguments, "-rate");
	const char *count = arguments_option(arguments, "-count");
	const char *message = arguments_option(arguments, "-on");
	const char *duration = arguments_option(arguments, "-for");
	struct wire_order wanted = { .share = 1, .left = UINT64_MAX };
	unsigned int fault = 0;

	while (strcmp(words[fault], action_word(arguments, 1)) != 0)
		fault++;
	if (rate != NULL)
		(void)units_share(rate, &wanted.share);
	if (count != NULL)
		wanted.left = action_number(count);
	if (message != NULL)
		wanted.signal = action_signal(message);
	scenario->allowances[HAPPENED_unexpected_signal].is_expected = true;
	scenario->allowances[HAPPENED_late].is_expected = true;
	begin(scenario, (enum wire_fault)fault, &wanted);
	if (duration == NULL ||
	    end_at(scenario, (enum wire_fault)fault,
		scheduler_now(scenario->scheduler) +
		    action_duration(duration)) == 0)
		return 0;
	return action_refuse(scenario, arguments, "no memory is left");
}

void
wire_heal(struct scenario *scenario)
{
	unsigned int i;

	for (i = 0; i < WIRE_FAULTS_COUNT; i++)
		scenario->wire.orders[i].share = 0;
}
