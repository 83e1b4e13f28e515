/*
 * loop: the turns of one scheduler, and where it rests.
 *
 * What each step may do to the clock:
 *
 *     turn()    mail of others; a batch of events; due timers;
 *               a slice; answers                               none
 *     settle()  nothing was left to do: the observer is asked      none
 *     move()    virtual: to the next thing due, or to the horizon
 *               real: by itself, while the base is polled
 *
 * Invariants:
 *   1. in virtual time nothing but home's move() changes `now`, never
 *      backwards, and never past the horizon or something due;
 *   2. the mark of this thread is HOST here;
 *   3. nothing of the machine (its clock, a descriptor that is ready) decides
 *      the order of events in virtual time, except what the observer's owner
 *      asks for when it is polled.
 */
#include "switch/loop.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>

#include "switch/ahead.h"
#include "switch/belated.h"
#include "switch/courier.h"
#include "switch/holding.h"
#include "switch/machine.h"
#include "switch/message.h"
#include "switch/node.h"
#include "switch/thread.h"

enum {
	TURNS_PER_POLL = 64,   /* in virtual time */
	POLL_US = 250,	       /* in real: 64 turns with a slice are 3 ms */
	RETIRE_LOOK_US = 1000, /* nobody waits for what is retired */
	INSTANT_BIRTH = 100    /* events in one instant, for each process */
};

/*
 * A debug build moves the store between two turns, as a proof that nobody keeps
 * a pointer into it: each eighth turn of the first 512, and later when they are
 * a 64th more.  A move takes 33 µs; each eighth turn of 800,000 calls it was
 * five times the work of the calls themselves.
 */
#ifdef HOTSWITCH_RESTLESS
enum { IS_RESTLESS = true };
#else
enum { IS_RESTLESS = false };
#endif
enum { MOVE_TURNS = 8, MOVE_SHARE = 64 };

#define NEVER UINT64_MAX

uint64_t
loop_times(const struct scheduler *scheduler)
{
	return scheduler->node->times == 0 ? 1 : scheduler->node->times;
}

static void
on_wake(evutil_socket_t fd, short what, void *arg)
{
	uint64_t count;

	(void)what;
	(void)arg;
	(void)!read(fd, &count, sizeof count); /* only to make it silent */
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg; /* being woken is all */
}

void
loop_free(struct scheduler_loop **loopp)
{
	struct scheduler_loop *loop = *loopp;

	if (loop == NULL)
		return;
	CHECK_OBJ(loop, LOOP_MAGIC);
	if (loop->wake != NULL)
		event_free(loop->wake);
	if (loop->tick != NULL)
		event_free(loop->tick);
	if (loop->base != NULL)
		event_base_free(loop->base);
	if (loop->wake_fd >= 0)
		(void)close(loop->wake_fd);
	FREE_OBJ(loopp, LOOP_MAGIC);
}

int
loop_alloc(struct scheduler_loop **ret_loop)
{
	struct scheduler_loop *loop;

	if (ALLOC_OBJ(loop, LOOP_MAGIC) == NULL)
		return -ENOMEM;
	loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	loop->base = event_base_new();
	if (loop->wake_fd < 0 || loop->base == NULL)
		goto fail;
	loop->wake = event_new(
	    loop->base, loop->wake_fd, EV_READ | EV_PERSIST, on_wake, NULL);
	loop->tick = event_new(loop->base, -1, 0, on_tick, NULL);
	if (loop->wake == NULL || loop->tick == NULL ||
	    event_add(loop->wake, NULL) != 0)
		goto fail;
	*ret_loop = loop;
	return 0;
fail:
	loop_free(&loop);
	return -ENOMEM;
}

void
scheduler_wake(struct scheduler *scheduler)
{
	const uint64_t one = 1;

	(void)!write(scheduler->loop->wake_fd, &one, sizeof one);
}

/*--------------------------------------------------------------------
 * One turn
 */

/* What the watchdog watches, where no process has an event. */
static void
begin_step(struct scheduler *scheduler, const char *where)
{
	fault_begin(scheduler->fault, where, 0, 0);
}

/* A timer's message takes the place of the timer. */
static void
fire_timer(struct scheduler *scheduler, uint32_t ref)
{
	struct holding_timer *timer = store_at(scheduler->store, ref);
	struct process *process = process_find(scheduler, timer->owner);
	const struct event_timeout timeout = { .timer = timer->head.number,
		.key = (uint16_t)timer->head.id };
	struct pid owner = timer->owner;
	uint32_t message;

	assert(process != NULL); /* an ended process has no timer */
	message = message_alloc(
	    scheduler, EVENT_TIMEOUT, owner, &timeout, sizeof timeout);
	if (message == 0) {
		timer->entry.due = scheduler->now / 1000 + 1; /* try again */
		wheel_add(&scheduler->wheel, ref);
		return;
	}
	holding_detach(scheduler, process, ref);
	holding_free(scheduler, ref);
	scheduler->counts.timeouts++;
	process_deliver(scheduler, owner, message);
}

static void
call_due(struct scheduler *scheduler, uint32_t ref)
{
	struct holding_due due =
	    *(struct holding_due *)store_at(scheduler->store, ref);

	holding_free(scheduler, ref);
	begin_step(scheduler, "a callback");
	due.due(due.arg, due.key);
}

static void
note_late(struct scheduler *scheduler, uint32_t ref)
{
	/* Where the entry of a timer is, too: WHEEL_OFFSET. */
	const struct holding_due *piece = store_at(scheduler->store, ref);
	const uint64_t due = piece->entry.due * 1000;

	if (scheduler->pace == PACE_REAL && due < scheduler->now)
		capacity_note_late(&scheduler->capacity, scheduler->now - due);
}

static bool
fire_due(struct scheduler *scheduler)
{
	bool fired = false;
	uint32_t ref;

	if (wheel_advance(&scheduler->wheel, scheduler->now / 1000))
		ahead_look(scheduler);
	while ((ref = wheel_take(&scheduler->wheel)) != 0) {
		if (!fired) /* the others were due no earlier */
			note_late(scheduler, ref);
		fired = true;
		if (holding_at(scheduler, ref)->kind == HOLDING_TIMER)
			fire_timer(scheduler, ref);
		else
			call_due(scheduler, ref);
	}
	return belated_fire(scheduler) || fired;
}

static bool
run_slice(struct scheduler *scheduler)
{
	struct scheduler_loop *loop = scheduler->loop;
	bool goes_on;

	if (loop->slice == NULL || scheduler->now < loop->slice_due ||
	    scheduler->capacity.is_stalled)
		return false;
	goes_on = loop->slice(loop->slice_arg);
	if (scheduler->pace == PACE_VIRTUAL)
		loop->slice_due = scheduler->now + SCHEDULER_SLICE_US;
	if (!goes_on)
		loop->slice = NULL;
	return true;
}

static bool
answer_jobs(struct scheduler *scheduler)
{
	struct scheduler_loop *loop = scheduler->loop;
	unsigned int i, answered = 0;

	for (i = 0; i < loop->workers; i++)
		answered += worker_answer(loop->worker[i], scheduler->now);
	return answered > 0;
}

static void
read_clock(struct scheduler *scheduler)
{
	if (scheduler->pace == PACE_REAL)
		scheduler->now =
		    (machine_ns(CLOCK_MONOTONIC) - scheduler->node->started) *
		    scheduler->node->times / 1000;
}

/* What no process does. */
static bool
attend(struct scheduler *scheduler)
{
	struct station *station = &scheduler->node->station[scheduler->number];
	const struct scheduler_loop *loop = scheduler->loop;

	if (!atomic_load_explicit(&station->is_called, memory_order_relaxed))
		return false;
	atomic_store(&station->is_called, false);
	if (loop->attend != NULL)
		loop->attend(loop->attend_arg);
	return true;
}

/* The first of a turn, in real time, for who operates the switch. */
static void
measure_event(struct scheduler *scheduler)
{
	const uint64_t before = scheduler->counts.events;
	const uint64_t begun = machine_ns(CLOCK_MONOTONIC);

	transaction_batch(scheduler, 1);
	if (scheduler->counts.events > before)
		histogram_add(&scheduler->service,
		    machine_ns(CLOCK_MONOTONIC) - begun, 1);
}

/* Where many are born at once each of them has a few. */
static void
look_at_instant(struct scheduler *scheduler)
{
	struct scheduler_loop *loop = scheduler->loop;

	if (scheduler->now != loop->instant) {
		loop->instant = scheduler->now;
		loop->instant_from = scheduler->counts.events;
	}
	if (loop->instant_max == 0 ||
	    scheduler->counts.events - loop->instant_from <=
		loop->instant_max + INSTANT_BIRTH * scheduler->counts.spawned)
		return;
	loop->is_endless = true;
	capacity_stall(&scheduler->capacity, scheduler->now, true);
}

/* Up to BATCH_EVENTS; it costs the others nothing that one is measured. */
static void
handle_events(struct scheduler *scheduler)
{
	unsigned int events = BATCH_EVENTS;

	if (scheduler->pace == PACE_REAL) {
		measure_event(scheduler);
		events--;
	}
	transaction_batch(scheduler, events);
	if (scheduler->pace == PACE_VIRTUAL)
		look_at_instant(scheduler);
}

/* The slice only when the run queue has had its turn. */
static bool
turn(struct scheduler *scheduler)
{
	bool did, can_work;

	read_clock(scheduler);
	begin_step(scheduler, "the mail of others");
	did = scheduler->schedulers > 1 && courier_turn(scheduler);
	did = attend(scheduler) || did;
	did =
	    (scheduler->number == 0 && node_retire_due(scheduler->node)) || did;
	can_work = scheduler_has_work(scheduler);
	capacity_note_waiting(&scheduler->capacity, scheduler->now,
	    !can_work && scheduler_has_queue(scheduler));
	if (can_work)
		handle_events(scheduler);
	did = can_work || did;
	capacity_settle(&scheduler->capacity, scheduler->now);
	begin_step(scheduler, "timers");
	did = process_tell_untold(scheduler) || did;
	did = fire_due(scheduler) || did;
	begin_step(scheduler, "a slice");
	did = answer_jobs(scheduler) || did;
	return run_slice(scheduler) || did;
}

static uint64_t
next_due(const struct scheduler *scheduler)
{
	const struct scheduler_loop *loop = scheduler->loop;
	uint64_t next = wheel_next(&scheduler->wheel), due;
	unsigned int i;

	next = next == WHEEL_NEVER ? NEVER : next * 1000;
	if (belated_next(scheduler) < next)
		next = belated_next(scheduler);
	if ((scheduler->untold.first != 0 || courier_waits(scheduler)) &&
	    scheduler->now + 1000 < next)
		next = scheduler->now + 1000; /* memory may be free again */
	if (loop->slice != NULL && loop->slice_due < next &&
	    !scheduler->capacity.is_stalled)
		next = loop->slice_due;
	if (scheduler_has_queue(scheduler) &&
	    scheduler->capacity.busy_until < next)
		next = scheduler->capacity.busy_until;
	for (i = 0; i < loop->workers; i++) {
		due = worker_next(loop->worker[i]);
		if (due < next)
			next = due;
	}
	return next < scheduler->now ? scheduler->now : next;
}

/* On the machine's clock, rounded up: so that it is not woken for nothing. */
static uint64_t
wait_for(const struct scheduler *scheduler, uint64_t until)
{
	const uint64_t times = loop_times(scheduler);

	return (until - scheduler->now + times - 1) / times;
}

/*
 * Polls the base until `until` µs of the run at the latest; not at all if
 * another has given it something, or wants it to stand still.
 */
static void
poll_until(struct scheduler *scheduler, uint64_t until)
{
	struct node *node = scheduler->node;
	struct scheduler_loop *loop = scheduler->loop;
	uint64_t wait = wait_for(scheduler, until);
	struct timeval timeout = { .tv_sec = (time_t)(wait / 1000000),
		.tv_usec = (suseconds_t)(wait % 1000000) };

	atomic_store(&node->station[scheduler->number].rests, true);
	begin_step(scheduler, "the base");
	if (!node_has_mail(scheduler) && !atomic_load(&node->stops) &&
	    (scheduler->number == 0 || !atomic_load(&node->halts))) {
		if (until != NEVER)
			(void)event_add(loop->tick, &timeout);
		(void)event_base_loop(loop->base, EVLOOP_ONCE);
		(void)event_del(loop->tick);
	}
	atomic_store(&node->station[scheduler->number].rests, false);
}

static uint64_t
due_anywhere(const struct scheduler *home)
{
	const uint64_t own = next_due(home), others = node_due(home->node);

	return others < own ? others : own;
}

bool
scheduler_is_due_by(const struct scheduler *home, uint64_t at)
{
	CHECK_OBJ(home, SCHEDULER_MAGIC);
	return due_anywhere(home) <= at;
}

static void
move_virtual(struct scheduler *home)
{
	const uint64_t next = due_anywhere(home);
	uint64_t horizon = home->loop->horizon;

	if (next <= horizon)
		home->now = next;
	else if (home->now < horizon)
		home->now = horizon;
	else
		poll_until(home, NEVER);
	node_move(home->node, home->now);
}

static void
move_real(struct scheduler *scheduler)
{
	const struct scheduler_loop *loop = scheduler->loop;
	uint64_t until = next_due(scheduler);

	if (loop->horizon > scheduler->now && loop->horizon < until)
		until = loop->horizon;
	if (scheduler->number == 0 && scheduler->node->retired != NULL &&
	    until > scheduler->now + RETIRE_LOOK_US)
		until = scheduler->now + RETIRE_LOOK_US;
	poll_until(scheduler, until);
}

/*
 * In virtual time the others stand still until the observer returns, whatever
 * it gives them to do; whether it gave them any.
 */
static bool
observe(struct scheduler *home)
{
	const struct scheduler_loop *loop = home->loop;
	bool has_roused = false;

	/* An operator's word takes no virtual time, however long it takes. */
	begin_step(home, home->pace == PACE_VIRTUAL ? NULL : "the observer");
	if (home->pace == PACE_VIRTUAL)
		scheduler_halt_others(home);
	if (loop->settled != NULL)
		loop->settled(loop->settled_arg);
	if (home->pace == PACE_VIRTUAL) {
		has_roused = node_has_roused(home->node);
		scheduler_let_go(home);
	}
	return has_roused;
}

/* Nothing is left to do at this instant, in virtual time by nobody. */
static void
settle_home(struct scheduler *home)
{
	struct node *node = home->node;
	bool has_roused;

	if (home->pace == PACE_VIRTUAL && !node_is_quiet(home))
		return;
	has_roused = observe(home);
	if (scheduler_has_work(home) || atomic_load(&node->stops) ||
	    node_retire_due(node))
		return;
	if (home->pace == PACE_REAL)
		move_real(home);
	else if (!has_roused)
		move_virtual(home);
}

static void
settle(struct scheduler *scheduler)
{
	if (scheduler->number == 0)
		settle_home(scheduler);
	else if (scheduler->pace == PACE_REAL)
		move_real(scheduler);
	else
		node_rest(scheduler, next_due(scheduler));
}

/* Whether one that has always something to do is to look for what comes. */
static bool
is_poll_due(struct scheduler *scheduler)
{
	struct scheduler_loop *loop = scheduler->loop;

	if (scheduler->pace == PACE_VIRTUAL)
		return loop->turns % TURNS_PER_POLL == 0;
	if (scheduler->now - loop->polled < POLL_US * loop_times(scheduler))
		return false;
	loop->polled = scheduler->now;
	return true;
}

static void
move_store(struct scheduler *scheduler)
{
	struct scheduler_loop *loop = scheduler->loop;
	const unsigned int since = loop->turns - loop->moved;

	if (since < MOVE_TURNS || since < loop->turns / MOVE_SHARE)
		return;
	(void)store_move(scheduler->store);
	loop->moved = loop->turns;
}

void
loop_run(void *arg)
{
	struct scheduler *scheduler = arg;
	struct scheduler_loop *loop = scheduler->loop;
	struct node *node = scheduler->node;
	char name[16];

	(void)snprintf(name, sizeof name, "scheduler %u", scheduler->number);
	thread_name(name);
	while (!atomic_load_explicit(&node->stops, memory_order_relaxed)) {
		loop->turns++;
		if (node->count > 1)
			node_begin_turn(scheduler);
		if (IS_RESTLESS)
			move_store(scheduler);
		if (!turn(scheduler))
			settle(scheduler);
		else if (is_poll_due(scheduler))
			(void)event_base_loop(loop->base, EVLOOP_NONBLOCK);
	}
	node_leave(scheduler);
}
