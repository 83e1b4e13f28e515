/*
 * scheduler: see scheduler.h for what it is, loop.c for what it does all day.
 *
 * Here the schedulers of a switch are made, run and freed together, and given
 * what the layers above have for them.
 */
#include "switch/scheduler.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "switch/belated.h"
#include "switch/courier.h"
#include "switch/holding.h"
#include "switch/loop.h"
#include "switch/machine.h"
#include "switch/node.h"
#include "switch/place.h"
#include "switch/worker.h"

/*--------------------------------------------------------------------
 * Making and freeing
 */

static void
free_one(struct scheduler **schedulerp)
{
	struct scheduler *scheduler = *schedulerp;

	if (scheduler == NULL)
		return;
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	assert(scheduler->loop == NULL || scheduler->loop->workers == 0);
	courier_free(&scheduler->courier);
	loop_free(&scheduler->loop);
	fault_free(&scheduler->fault);
	belated_forget(scheduler);
	store_free(&scheduler->store);
	FREE_OBJ(schedulerp, SCHEDULER_MAGIC);
}

static void
tell_hold_up(void *arg, const struct hold_up *hold_up)
{
	const struct scheduler *scheduler = arg;
	char place[PLACE_MAX], text[96 + PLACE_MAX];

	if (scheduler->warn == NULL)
		return;
	place_name(hold_up->pc, place);
	(void)snprintf(text, sizeof text,
	    "scheduler %u was held up for %u ms of CPU by '%s', %s",
	    scheduler->number, hold_up->ms, hold_up->where, place);
	scheduler->warn(scheduler->warn_arg, text);
}

static int
alloc_one(struct node *node, unsigned int number,
    const struct scheduler_options *options)
{
	struct scheduler *scheduler;
	int error;

	if (ALLOC_OBJ(scheduler, SCHEDULER_MAGIC) == NULL)
		return -ENOMEM;
	node->scheduler[number] = scheduler;
	scheduler->node = node;
	scheduler->number = number;
	scheduler->schedulers = node->count;
	scheduler->pace = options->pace;
	scheduler->kind_name = options->kind_name;
	scheduler->warn = options->warn;
	scheduler->warn_arg = options->warn_arg;
	scheduler->behaviours = node->behaviours;
	scheduler->behaviour = behaviours_all(node->behaviours);
	scheduler->tallies =
	    behaviours_tallies(node->behaviours, scheduler->number);
	scheduler->registry = node->registry;
	scheduler->log = node->log;
	scheduler->alarms = node->alarms;
	scheduler->records = node->records;
	scheduler->self.scheduler = scheduler;
	scheduler->slots = 1; /* slot 0 is nobody's: PID_NONE */
	if ((error = store_alloc(&scheduler->store, options->store_bytes)) ||
	    (error = fault_alloc(&scheduler->fault, scheduler, tell_hold_up)) ||
	    (error = loop_alloc(&scheduler->loop)) ||
	    (error = courier_alloc(&scheduler->courier, node->count)))
		return error;
	if (number == 0)
		scheduler->store->shortage = options->shortage;
	wheel_init(&scheduler->wheel, scheduler->store);
	return 0;
}

static void
free_all(struct node **nodep)
{
	unsigned int i;

	for (i = 0; i < SCHEDULERS_MAX; i++)
		free_one(&(*nodep)->scheduler[i]);
	node_free(nodep);
}

int
scheduler_alloc(
    struct scheduler **ret_scheduler, const struct scheduler_options *options)
{
	struct node *node;
	unsigned int i;
	int error = node_alloc(&node, options);

	if (error != 0)
		return error;
	for (i = 0; error == 0 && i < node->count; i++)
		error = alloc_one(node, i, options);
	for (i = 0; error == 0 && i < node->count; i++)
		error = courier_lay_out_places(node->scheduler[i]);
	if (error != 0)
		free_all(&node);
	else
		*ret_scheduler = node->scheduler[0];
	return error;
}

void
scheduler_free(struct scheduler **schedulerp)
{
	struct node *node;

	if (*schedulerp == NULL)
		return;
	CHECK_OBJ(*schedulerp, SCHEDULER_MAGIC);
	assert((*schedulerp)->number == 0);
	node = (*schedulerp)->node;
	*schedulerp = NULL;
	free_all(&node);
}

int
scheduler_run(struct scheduler *scheduler)
{
	struct node *node = scheduler->node;
	unsigned int begun;
	int error = 0, ended;
	uint64_t times;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	assert(scheduler->number == 0);
	times = loop_times(scheduler);
	node->started = machine_ns(CLOCK_MONOTONIC) -
	    (scheduler->now * 1000 + times - 1) / times;
	node_open(node);
	for (begun = 0; error == 0 && begun < node->count; begun++)
		error = fault_start(node->scheduler[begun]->fault, loop_run,
		    node->scheduler[begun]);
	if (error != 0) {
		begun--; /* that one has no thread */
		scheduler_stop(scheduler);
	}
	while (begun-- > 0) {
		ended = fault_join(node->scheduler[begun]->fault);
		error = error != 0 ? error : ended;
	}
	atomic_store(&node->stops, false);
	return error;
}

void
scheduler_stop(struct scheduler *scheduler)
{
	struct node *node = scheduler->node;
	unsigned int i;

	node_stop(node);
	for (i = 0; i < node->count; i++)
		scheduler_wake(node->scheduler[i]);
}

void
scheduler_set_attendant(
    struct scheduler *scheduler, scheduler_attend_f *attendant, void *arg)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	scheduler->loop->attend = attendant;
	scheduler->loop->attend_arg = arg;
}

void
scheduler_call_on(struct scheduler *scheduler)
{
	struct node *node = scheduler->node;

	atomic_store(&node->station[scheduler->number].is_called, true);
	node_rouse(node, scheduler->number);
}

unsigned int
scheduler_number(const struct scheduler *scheduler)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	return scheduler->number;
}

unsigned int
scheduler_count(const struct scheduler *scheduler)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	return scheduler->schedulers;
}

struct scheduler *
scheduler_peer(const struct scheduler *scheduler, unsigned int number)
{
	assert(number < scheduler->schedulers);
	return scheduler->node->scheduler[number];
}

struct scheduler *
scheduler_where(struct scheduler *scheduler, struct pid pid)
{
	unsigned int number = pid.slot / STORE_SLOTS;

	/* One of another switch is nobody: whoever is asked will say so. */
	return number < scheduler->schedulers
	    ? scheduler_peer(scheduler, number)
	    : scheduler;
}

struct scheduler *
scheduler_home(const struct scheduler *scheduler)
{
	return scheduler->node->scheduler[0];
}

void
scheduler_observe(
    struct scheduler *scheduler, scheduler_settled_f *settled, void *arg)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	scheduler->loop->settled = settled;
	scheduler->loop->settled_arg = arg;
}

void
scheduler_set_horizon(struct scheduler *scheduler, uint64_t at)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	scheduler->loop->horizon = at;
}

void
scheduler_set_slice(
    struct scheduler *scheduler, scheduler_slice_f *slice, void *arg)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	scheduler->loop->slice = slice;
	scheduler->loop->slice_arg = arg;
	scheduler->loop->slice_due = scheduler->now;
	node_rouse(scheduler->node, scheduler->number);
}

int
scheduler_add_worker(struct scheduler *scheduler, struct worker *worker)
{
	struct scheduler_loop *loop = scheduler->loop;

	if (loop->workers == WORKERS_MAX)
		return -ENOSPC;
	loop->worker[loop->workers++] = worker;
	return 0;
}

void
scheduler_remove_worker(struct scheduler *scheduler, struct worker *worker)
{
	struct scheduler_loop *loop = scheduler->loop;
	unsigned int i;

	for (i = 0; i < loop->workers; i++)
		if (loop->worker[i] == worker)
			break;
	if (i < loop->workers)
		loop->worker[i] = loop->worker[--loop->workers];
}

uint64_t
scheduler_now(const struct scheduler *scheduler)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	return scheduler->now;
}

unsigned int
scheduler_times(const struct scheduler *scheduler)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	return scheduler->node->times;
}

enum pace
scheduler_pace(const struct scheduler *scheduler)
{
	return scheduler->pace;
}

struct event_base *
scheduler_base(struct scheduler *scheduler)
{
	return scheduler->loop->base;
}

struct behaviours *
scheduler_behaviours(struct scheduler *scheduler)
{
	return scheduler->behaviours;
}

struct registry *
scheduler_registry(struct scheduler *scheduler)
{
	return scheduler->registry;
}

struct store *
scheduler_store(struct scheduler *scheduler)
{
	return scheduler->store;
}

struct log *
scheduler_log(struct scheduler *scheduler)
{
	return scheduler->log;
}

struct log_entry
scheduler_entry(const struct scheduler *scheduler, enum log_level level)
{
	return (struct log_entry){ .now = scheduler->now, .level = level };
}

void
scheduler_set_office(struct scheduler *scheduler, void *office)
{
	unsigned int i;

	for (i = 0; i < scheduler->schedulers; i++)
		scheduler_peer(scheduler, i)->office = office;
}

void *
scheduler_office(struct scheduler *scheduler)
{
	return scheduler->office;
}

uint8_t
scheduler_add_effect(
    struct scheduler *scheduler, const struct effect_type *type)
{
	struct scheduler *one;
	unsigned int i;

	assert(scheduler->effect_types < TYPES_MAX && type->commit != NULL);
	for (i = 0; i < scheduler->schedulers; i++) {
		one = scheduler_peer(scheduler, i);
		one->effect_type[one->effect_types++] = *type;
	}
	return (uint8_t)(scheduler->effect_types - 1);
}

uint8_t
scheduler_add_holding(struct scheduler *scheduler, scheduler_release_f *release)
{
	struct scheduler *one;
	unsigned int i;

	assert(scheduler->holding_types < TYPES_MAX && release != NULL);
	for (i = 0; i < scheduler->schedulers; i++) {
		one = scheduler_peer(scheduler, i);
		one->release[one->holding_types++] = release;
	}
	return (uint8_t)(scheduler->holding_types - 1);
}

int
scheduler_at(struct scheduler *scheduler, uint64_t at, scheduler_due_f *due,
    void *arg, uint64_t key)
{
	uint32_t ref = holding_alloc(scheduler, HOLDING_DUE);
	struct holding_due *piece;

	if (ref == 0)
		return belated_add(scheduler, at, due, arg, key);
	piece = store_at(scheduler->store, ref);
	piece->due = due;
	piece->arg = arg;
	piece->key = key;
	piece->entry.due = (at + 999) / 1000;
	wheel_add(&scheduler->wheel, ref);
	return 0;
}

void
scheduler_set_capacity(struct scheduler *home, double per_second)
{
	struct capacity *capacity;
	unsigned int i;

	CHECK_OBJ(home, SCHEDULER_MAGIC);
	for (i = 0; i < home->schedulers; i++) {
		capacity = &scheduler_peer(home, i)->capacity;
		capacity->event_ns =
		    per_second > 0 ? (uint64_t)(1e9 / per_second) : 0;
		if (capacity->event_ns > 0)
			continue;
		/* What was awaited is over, also of one that is stalled. */
		capacity->busy_until = capacity->debt_ns = 0;
		capacity->is_stalled = false;
	}
}

void
scheduler_limit_instant(struct scheduler *home, uint64_t events)
{
	unsigned int i;

	CHECK_OBJ(home, SCHEDULER_MAGIC);
	for (i = 0; i < home->schedulers; i++)
		scheduler_peer(home, i)->loop->instant_max = events;
}

/* Some are on their way into the caches: they come first. */
static uint32_t
next_slot(const struct scheduler *scheduler)
{
	return scheduler->ready_next < scheduler->ready_count
	    ? scheduler->ready[scheduler->ready_next]
	    : scheduler->run_queue.first;
}

struct scheduler *
scheduler_endless(const struct scheduler *home, struct pid *ret_next)
{
	struct scheduler *peer;
	uint32_t slot;
	unsigned int i;

	CHECK_OBJ(home, SCHEDULER_MAGIC);
	for (i = 0; i < home->schedulers; i++) {
		peer = scheduler_peer(home, i);
		slot = next_slot(peer);
		if (!peer->loop->is_endless || slot == 0)
			continue;
		*ret_next = process_pid(peer, process_at(peer, slot));
		return peer;
	}
	return NULL;
}

void
scheduler_stall(struct scheduler *scheduler, bool is_stalled)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	capacity_stall(&scheduler->capacity, scheduler->now, is_stalled);
	node_rouse(scheduler->node, scheduler->number);
}

bool
scheduler_is_stalled(const struct scheduler *scheduler)
{
	return scheduler->capacity.is_stalled;
}

uint64_t
scheduler_late(const struct scheduler *scheduler)
{
	const struct capacity *capacity = &scheduler->capacity;
	const uint64_t waits =
	    capacity->waits ? scheduler->now - capacity->waits_since : 0;

	return waits > capacity->late_us ? waits : capacity->late_us;
}

const struct scheduler_counts *
scheduler_counts(const struct scheduler *scheduler)
{
	return &scheduler->counts;
}

uint64_t
scheduler_hold_ups(const struct scheduler *scheduler)
{
	return fault_notes(scheduler->fault);
}

struct scheduler_counts
scheduler_sum(const struct scheduler *home)
{
	struct scheduler_counts sum = { 0 };
	const struct scheduler_counts *one;
	unsigned int i;

	for (i = 0; i < home->schedulers; i++) {
		one = &scheduler_peer(home, i)->counts;
		sum.events += one->events;
		sum.sends += one->sends;
		sum.undelivered += one->undelivered;
		sum.timeouts += one->timeouts;
		sum.faults += one->faults;
		sum.spawned += one->spawned;
		sum.exited += one->exited;
		sum.restarts += one->restarts;
		sum.refused += one->refused;
	}
	return sum;
}

void
scheduler_service(const struct scheduler *home, struct histogram *ret_service)
{
	unsigned int i;

	for (i = 0; i < home->schedulers; i++)
		histogram_merge(ret_service, &scheduler_peer(home, i)->service);
}
