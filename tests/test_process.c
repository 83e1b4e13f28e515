/*
 * What processes promise: mail, timers, links, monitors and exit signals, as
 * reference otp.md section 2 lists them; what two of them promise each other
 * also where each is on a scheduler of its own.
 */
#include "tests/world.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "switch/registry.h"
#include "switch/store.h"
#include "switch/system.h"

/* A toy notes what it receives and does what the kind of message says. */
enum {
	NOTE = 1,
	LINK,
	UNLINK,
	MONITOR,
	DEMONITOR,
	TRAP,
	EXIT_NORMAL,
	EXIT_ERROR,
	EXIT_KILL,
	TIMER,
	STOP_TIMER,
	PASS_ON,
	PASSED_ON,
	FLOOD
};
enum { FLOOD_BURST = 256 };

struct toy {
	uint16_t seen[24];
	uint16_t reasons[24];
	uint32_t count;
	uint32_t monitor;
};

static int
toy_init(struct self *self, void *state, const struct message *start)
{
	struct toy *toy = state;

	(void)self;
	(void)start;
	toy->monitor = 7;
	return 0;
}

static struct pid
peer_of(const struct message *event)
{
	struct pid peer;

	memcpy(&peer, event->body.bytes, sizeof peer);
	return peer;
}

static void
toy_handle(struct self *self, void *state, const struct message *event)
{
	struct toy *toy = state;
	const struct reason error = { .kind = REASON_ERROR, .number = 5 };
	unsigned int i;

	toy->seen[toy->count % 24] = event->kind;
	if (event->kind == EVENT_EXIT || event->kind == EVENT_DOWN)
		toy->reasons[toy->count % 24] = event->body.ended.reason.kind;
	toy->count++;
	switch (event->kind) {
	case LINK:
		(void)process_link(self, peer_of(event));
		break;
	case UNLINK:
		(void)process_unlink(self, peer_of(event));
		break;
	case MONITOR:
		(void)process_monitor(self, peer_of(event), toy->monitor);
		break;
	case DEMONITOR:
		(void)process_demonitor(self, toy->monitor);
		break;
	case TRAP:
		(void)process_trap_exit(self, true);
		break;
	case EXIT_NORMAL:
		(void)process_exit(
		    self, (struct reason){ REASON_NORMAL, 0, 0 });
		break;
	case EXIT_ERROR:
		(void)process_exit(self, error);
		break;
	case EXIT_KILL:
		(void)process_exit(self, (struct reason){ REASON_KILL, 0, 0 });
		break;
	case TIMER:
		(void)process_start_timer(self, 3, 9, 2000000);
		break;
	case STOP_TIMER:
		(void)process_stop_timer(self, 3, 9);
		break;
	case PASS_ON:
		(void)process_send(self, peer_of(event), NOTE, NULL, 0);
		(void)process_send(self, peer_of(event), PASSED_ON, NULL, 0);
		break;
	case FLOOD:
		for (i = 0; i < FLOOD_BURST; i++)
			(void)process_send(self, peer_of(event), NOTE, NULL, 0);
		break;
	}
}

static const struct module toy_module = { .magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "toy",
	.version = "1",
	.schema = { .size = sizeof(struct toy), .timers = "a b c d" },
	.init = toy_init,
	.handle = toy_handle,
	.terminate = idle_terminate };

struct fixture {
	struct world world;
	uint16_t behaviour;
	struct pid one, two;
	unsigned int there; /* the scheduler of all but `one` */
};

static struct pid
spawn_on(struct fixture *fixture, unsigned int number, const char *name)
{
	const struct spawn spawn = { .behaviour = fixture->behaviour,
		.name = name };
	struct pid pid = PID_NONE;

	assert_int_equal(
	    process_spawn(
		scheduler_peer(fixture->world.scheduler, number), &spawn, &pid),
	    0);
	return pid;
}

static struct pid
spawn(struct fixture *fixture, const char *name)
{
	return spawn_on(fixture, fixture->there, name);
}

static int
set_up(void **state, unsigned int schedulers, unsigned int here)
{
	static struct fixture fixture;
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.schedulers = schedulers };

	world_set_up_with(&fixture.world, &options);
	fixture.behaviour = world_add(&fixture.world, &toy_module);
	fixture.there = schedulers == 1 ? 0 : 1 - here;
	fixture.one = spawn_on(&fixture, here, "one");
	fixture.two = spawn(&fixture, NULL);
	world_run(&fixture.world, 0);
	*state = &fixture;
	return 0;
}

static int
setup(void **state)
{
	return set_up(state, 1, 0);
}

/* `one` at home and the others away; the other way round. */
static int
setup_apart(void **state)
{
	return set_up(state, 2, 0);
}

static int
setup_opposite(void **state)
{
	return set_up(state, 2, 1);
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	world_tear_down(&fixture->world);
	return 0;
}

/* Posts `kind` with `peer` in it to `to`, and lets it happen. */
static void
tell(struct fixture *fixture, struct pid to, uint16_t kind, struct pid peer)
{
	assert_int_equal(process_post(world_at(&fixture->world, to), to, kind,
			     &peer, sizeof peer),
	    0);
	world_run(&fixture->world, 0);
}

static const struct toy *
toy_of(struct fixture *fixture, struct pid pid)
{
	return world_info(&fixture->world, pid).state;
}

static bool
lives(struct fixture *fixture, struct pid pid)
{
	return process_is_alive(world_at(&fixture->world, pid), pid);
}

static void
signal_exit(struct fixture *fixture, struct pid to, enum reason_kind kind)
{
	process_exit_signal(world_at(&fixture->world, fixture->two),
	    fixture->two, to, (struct reason){ .kind = (uint16_t)kind });
	world_run(&fixture->world, 0);
}

static void
a_new_one_is_in_the_list_with_its_behaviour(void **state)
{
	struct fixture *fixture = *state;
	struct process_info info = world_info(&fixture->world, fixture->one);
	uint32_t cursor = 0, count = 0;
	struct pid pid;

	assert_int_equal(info.behaviour, fixture->behaviour);
	assert_int_equal(info.status, PROCESS_RUNNING);
	assert_int_equal(info.events, 1);
	while (process_next(fixture->world.scheduler, &cursor, &pid))
		count++;
	assert_int_equal(count, 2);
}

static void
mail_of_one_sender_comes_once_and_in_order(void **state)
{
	struct fixture *fixture = *state;
	const struct toy *toy;

	tell(fixture, fixture->one, PASS_ON, fixture->two);
	toy = toy_of(fixture, fixture->two);
	assert_int_equal(toy->count, 2);
	assert_int_equal(toy->seen[0], NOTE);
	assert_int_equal(toy->seen[1], PASSED_ON);
}

static void
mail_to_a_stale_pid_is_harmless(void **state)
{
	struct fixture *fixture = *state;
	struct pid stale = fixture->one;

	tell(fixture, fixture->one, EXIT_NORMAL, PID_NONE);
	assert_false(lives(fixture, stale));
	assert_int_equal(process_post(world_at(&fixture->world, stale), stale,
			     NOTE, NULL, 0),
	    -ESRCH);
	tell(fixture, fixture->two, PASS_ON, stale);
	assert_int_equal(
	    scheduler_sum(fixture->world.scheduler).undelivered, 2);
}

static void
a_slot_used_again_has_another_generation(void **state)
{
	struct fixture *fixture = *state;
	struct pid old = fixture->one, new;

	tell(fixture, old, EXIT_NORMAL, PID_NONE);
	new = spawn(fixture, "one");
	assert_int_equal(new.slot, old.slot);
	assert_int_not_equal(new.generation, old.generation);
	assert_false(lives(fixture, old));
}

static void
a_taken_name_is_refused_and_no_slot_lost(void **state)
{
	struct fixture *fixture = *state;
	const struct spawn again = { .behaviour = fixture->behaviour,
		.name = "one" };
	struct pid pid = fixture->two;

	assert_int_equal(
	    process_spawn(fixture->world.scheduler, &again, &pid), -EEXIST);
	assert_true(pid_equal(pid, fixture->two));
	assert_true(
	    pid_equal(registry_whereis(
			  scheduler_registry(fixture->world.scheduler), "one"),
		fixture->one));
}

static void
a_timer_comes_at_its_time_with_its_key(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, TIMER, PID_NONE);
	world_run(&fixture->world, 1999000);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 1);
	world_run(&fixture->world, 1000);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 2);
	assert_int_equal(toy_of(fixture, fixture->one)->seen[1], EVENT_TIMEOUT);
}

static void
a_stopped_or_replaced_timer_does_not_come(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, TIMER, PID_NONE);
	world_run(&fixture->world, 1000000);
	tell(fixture, fixture->one, TIMER, PID_NONE); /* anew: 2 s from here */
	world_run(&fixture->world, 1500000);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 2);
	tell(fixture, fixture->one, STOP_TIMER, PID_NONE);
	world_run(&fixture->world, 5000000);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 3);
}

static void
the_timer_of_a_dead_process_is_gone_with_it(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, TIMER, PID_NONE);
	tell(fixture, fixture->one, EXIT_NORMAL, PID_NONE);
	world_run(&fixture->world, 5000000);
	assert_int_equal(
	    scheduler_counts(fixture->world.scheduler)->timeouts, 0);
}

static void
a_link_carries_an_abnormal_end_both_ways_but_not_a_normal_one(void **state)
{
	struct fixture *fixture = *state;
	struct pid three = spawn(fixture, NULL);

	tell(fixture, fixture->one, LINK, fixture->two);
	tell(fixture, fixture->one, LINK, three);
	tell(fixture, three, EXIT_NORMAL, PID_NONE);
	assert_true(lives(fixture, fixture->one));
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	assert_false(lives(fixture, fixture->one));
}

static void
an_unlinked_one_hears_nothing(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, LINK, fixture->two);
	tell(fixture, fixture->one, LINK, fixture->two); /* no second one */
	tell(fixture, fixture->two, UNLINK, fixture->one);
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	assert_true(lives(fixture, fixture->one));
}

static void
a_link_to_nobody_is_noproc(void **state)
{
	struct fixture *fixture = *state;
	const struct toy *toy;

	tell(fixture, fixture->two, EXIT_NORMAL, PID_NONE);
	tell(fixture, fixture->one, TRAP, PID_NONE);
	tell(fixture, fixture->one, LINK, fixture->two);
	toy = toy_of(fixture, fixture->one);
	assert_int_equal(toy->seen[2], EVENT_EXIT);
	assert_int_equal(toy->reasons[2], REASON_NOPROC);
}

static void
kill_is_not_trapped_and_links_see_killed(void **state)
{
	struct fixture *fixture = *state;
	struct pid three = spawn(fixture, NULL);
	const struct toy *toy;

	tell(fixture, fixture->one, TRAP, PID_NONE);
	tell(fixture, three, TRAP, PID_NONE);
	tell(fixture, three, LINK, fixture->one);
	signal_exit(fixture, fixture->one, REASON_KILL);
	assert_false(lives(fixture, fixture->one));
	toy = toy_of(fixture, three);
	assert_int_equal(toy->seen[2], EVENT_EXIT);
	assert_int_equal(toy->reasons[2], REASON_KILLED);
}

static void
a_linked_kill_is_an_ordinary_reason(void **state)
{
	struct fixture *fixture = *state;
	const struct toy *toy;

	tell(fixture, fixture->one, TRAP, PID_NONE);
	tell(fixture, fixture->one, LINK, fixture->two);
	tell(fixture, fixture->two, EXIT_KILL, PID_NONE);
	assert_true(lives(fixture, fixture->one));
	toy = toy_of(fixture, fixture->one);
	assert_int_equal(toy->seen[2], EVENT_EXIT);
	assert_int_equal(toy->reasons[2], REASON_KILL);
}

static void
a_trapping_one_gets_other_signals_as_mail(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, TRAP, PID_NONE);
	signal_exit(fixture, fixture->one, REASON_SHUTDOWN);
	signal_exit(fixture, fixture->one, REASON_NORMAL);
	assert_true(lives(fixture, fixture->one));
	assert_int_equal(toy_of(fixture, fixture->one)->count, 3);
}

static void
one_that_does_not_trap_dies_of_all_but_normal(void **state)
{
	struct fixture *fixture = *state;

	signal_exit(fixture, fixture->one, REASON_NORMAL);
	assert_true(lives(fixture, fixture->one));
	signal_exit(fixture, fixture->one, REASON_SHUTDOWN);
	assert_false(lives(fixture, fixture->one));
}

static void
each_monitor_gives_one_down(void **state)
{
	struct fixture *fixture = *state;
	const struct toy *toy;

	tell(fixture, fixture->one, MONITOR, fixture->two);
	tell(fixture, fixture->one, MONITOR, fixture->two);
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	toy = toy_of(fixture, fixture->one);
	assert_int_equal(toy->count, 4);
	assert_int_equal(toy->seen[2], EVENT_DOWN);
	assert_int_equal(toy->seen[3], EVENT_DOWN);
	assert_int_equal(toy->reasons[2], REASON_ERROR);
}

static void
a_monitor_of_nobody_is_down_at_once(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->two, EXIT_NORMAL, PID_NONE);
	tell(fixture, fixture->one, MONITOR, fixture->two);
	assert_int_equal(toy_of(fixture, fixture->one)->seen[1], EVENT_DOWN);
	assert_int_equal(
	    toy_of(fixture, fixture->one)->reasons[1], REASON_NOPROC);
}

static void
a_monitor_taken_back_is_silent(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, MONITOR, fixture->two);
	tell(fixture, fixture->one, DEMONITOR, PID_NONE);
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 2);
}

static void
a_name_is_free_before_the_down_arrives(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->two, MONITOR, fixture->one);
	tell(fixture, fixture->one, EXIT_NORMAL, PID_NONE);
	assert_int_equal(toy_of(fixture, fixture->two)->seen[1], EVENT_DOWN);
	(void)spawn_on(fixture, fixture->one.slot >> 24, "one");
}

static void
one_that_is_ending_takes_no_more_mail(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;

	process_exit_signal(scheduler, PID_NONE, fixture->two,
	    (struct reason){ .kind = REASON_SHUTDOWN });
	assert_true(lives(fixture, fixture->two)); /* terminate is to come */
	assert_int_equal(
	    process_post(scheduler, fixture->two, NOTE, NULL, 0), -ESRCH);
	tell(fixture, fixture->one, PASS_ON, fixture->two);
	assert_int_equal(scheduler_counts(scheduler)->undelivered, 2);
	assert_false(lives(fixture, fixture->two));
}

static void
a_full_mailbox_is_an_answer_and_loses_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;
	uint32_t accepted = 0;

	while (process_post(scheduler, fixture->two, NOTE, NULL, 0) == 0)
		accepted++;
	assert_int_equal(accepted, 1 << 20);
	assert_int_equal(scheduler_counts(scheduler)->refused, 1);
	assert_int_equal(
	    process_post_parcel(scheduler, fixture->two, NOTE, "parcel", 6),
	    -ENOSPC);
	assert_int_equal(scheduler_counts(scheduler)->refused, 2);
	world_run(&fixture->world, 0);
	assert_int_equal(toy_of(fixture, fixture->two)->count, accepted);
}

/* What a process sends to one whose mailbox is full, which is not read. */
static void
ten_million_messages_are_bounded_counted_and_none_accepted_is_lost(void **state)
{
	struct fixture *fixture = *state;
	const uint32_t ten_million = 10000000;
	const struct scheduler_counts *counts =
	    scheduler_counts(fixture->world.scheduler);
	uint32_t i, events = (ten_million + FLOOD_BURST - 1) / FLOOD_BURST;

	assert_int_equal(
	    system_suspend(fixture->world.scheduler, fixture->two), 0);
	for (i = 0; i < events; i++)
		tell(fixture, fixture->one, FLOOD, fixture->two);
	assert_int_equal(
	    counts->refused, events * FLOOD_BURST - UINT32_C(1048576));
	assert_int_equal(
	    world_info(&fixture->world, fixture->two).mailbox, 1 << 20);
	assert_int_equal(
	    system_resume(fixture->world.scheduler, fixture->two), 0);
	world_run(&fixture->world, 0);
	assert_int_equal(toy_of(fixture, fixture->two)->count, 1 << 20);
	assert_int_equal(counts->undelivered, 0);
}

static void
the_last_in_the_run_queue_may_be_killed(void **state)
{
	struct fixture *fixture = *state;
	struct pid third = spawn(fixture, NULL);

	world_run(&fixture->world, 0);
	world_post(&fixture->world, fixture->one, NOTE);
	world_post(&fixture->world, fixture->two, NOTE);
	process_exit_signal(fixture->world.scheduler, PID_NONE, fixture->two,
	    (struct reason){ .kind = REASON_KILL });
	world_post(&fixture->world, third, NOTE);
	world_run(&fixture->world, 0);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 1);
	assert_int_equal(toy_of(fixture, third)->count, 1);
}

/* The header begins with the generation; the slot is free, so nobody looks. */
static void
a_slot_whose_generations_are_used_up_is_not_used_again(void **state)
{
	struct fixture *fixture = *state;
	struct store *store = scheduler_store(fixture->world.scheduler);
	const uint32_t last = UINT32_MAX;
	struct pid old = fixture->one, new;

	tell(fixture, old, EXIT_NORMAL, PID_NONE);
	memcpy(store_slot(store, old.slot), &last, sizeof last);
	new = spawn(fixture, NULL);
	assert_int_equal(new.slot, old.slot);
	assert_true(new.generation == last);
	world_run(&fixture->world, 0);
	tell(fixture, new, EXIT_NORMAL, PID_NONE);
	new = spawn(fixture, NULL);
	assert_int_not_equal(new.slot, old.slot);
}

/* A native that kills `two` and starts another in its slot. */
static void
killer_handle(struct self *self, void *state, const struct message *event)
{
	struct fixture *fixture = process_context(self);

	(void)state;
	(void)event;
	process_exit_signal(fixture->world.scheduler, PID_NONE, fixture->two,
	    (struct reason){ .kind = REASON_KILL });
	fixture->one = spawn(fixture, NULL);
	world_post(&fixture->world, fixture->one, NOTE);
}

static void
a7_nothing_is_in_use(const struct fixture *fixture)
{
	struct scheduler *home = fixture->world.scheduler;
	unsigned int i;

	for (i = 0; i < scheduler_count(home); i++)
		assert_int_equal(
		    scheduler_store(scheduler_peer(home, i))->bytes_in_use, 0);
}

/* At home, between two turns of those who are away: their news is on its way.
 */
static void
assassin_handle(struct self *self, void *state, const struct message *event)
{
	struct fixture *fixture = process_context(self);
	struct scheduler *home = fixture->world.scheduler;

	(void)state;
	(void)event;
	scheduler_halt_others(home);
	process_exit_signal(world_at(&fixture->world, fixture->two), PID_NONE,
	    fixture->two, (struct reason){ .kind = REASON_KILL });
	scheduler_let_go(home);
}

/* A native on home that does `handle`; it has begun. */
static struct pid
spawn_native(struct fixture *fixture, struct module *native,
    void (*handle)(struct self *, void *, const struct message *))
{
	struct spawn spawn = { .name = NULL };
	struct pid pid = PID_NONE;

	*native = toy_module;
	native->name = "native";
	native->handle = handle;
	assert_int_equal(behaviours_add_native(
			     scheduler_behaviours(fixture->world.scheduler),
			     native, fixture, &spawn.behaviour),
	    0);
	assert_int_equal(
	    process_spawn(fixture->world.scheduler, &spawn, &pid), 0);
	world_run(&fixture->world, 0);
	return pid;
}

/* After its unlink a process hears of no end, also of one on its way. */
static void
an_exit_that_meets_an_unlink_is_not_heard(void **state)
{
	struct fixture *fixture = *state;
	struct module native;
	struct pid assassin = spawn_native(fixture, &native, assassin_handle);

	tell(fixture, fixture->one, LINK, fixture->two);
	world_post(&fixture->world, assassin, NOTE);
	tell(fixture, fixture->one, UNLINK, fixture->two);
	assert_false(lives(fixture, fixture->two));
	assert_true(lives(fixture, fixture->one));
	tell(fixture, fixture->one, EXIT_NORMAL, PID_NONE);
	process_exit_signal(fixture->world.scheduler, PID_NONE, assassin,
	    (struct reason){ .kind = REASON_KILL });
	a7_nothing_is_in_use(fixture);
}

/* Both at once, which is what being apart is about. */
static void
tell_both(struct fixture *fixture, uint16_t kind_one, uint16_t kind_two)
{
	struct world *world = &fixture->world;
	struct pid one = fixture->one, two = fixture->two;

	assert_int_equal(
	    process_post(world_at(world, one), one, kind_one, &two, sizeof two),
	    0);
	assert_int_equal(
	    process_post(world_at(world, two), two, kind_two, &one, sizeof one),
	    0);
	world_run(world, 0);
}

/* At home, until `two` has done what it was told: its news is on its way. */
static void
waiter_handle(struct self *self, void *state, const struct message *event)
{
	struct fixture *fixture = process_context(self);
	struct scheduler *home = fixture->world.scheduler;
	bool is_done = false;

	(void)state;
	(void)event;
	while (!is_done) {
		scheduler_halt_others(home);
		is_done = toy_of(fixture, fixture->two)->count > 0;
		scheduler_let_go(home);
	}
}

static void
two_links_that_cross_are_one(void **state)
{
	struct fixture *fixture = *state;
	struct module native;
	struct pid waiter = spawn_native(fixture, &native, waiter_handle);

	world_post(&fixture->world, waiter, NOTE);
	tell_both(fixture, LINK, LINK);
	tell(fixture, fixture->one, UNLINK, fixture->two);
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	assert_true(lives(fixture, fixture->one));
}

/* Both were ready to run when the first of them was handled. */
static void
one_born_in_the_place_of_one_about_to_run_runs_once(void **state)
{
	struct fixture *fixture = *state;
	struct module killer;
	struct pid pid = spawn_native(fixture, &killer, killer_handle);

	world_post(&fixture->world, pid, NOTE);
	world_post(&fixture->world, fixture->two, NOTE);
	world_run(&fixture->world, 0);
	assert_int_equal(fixture->one.slot, fixture->two.slot);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 1);
	assert_int_equal(world_info(&fixture->world, fixture->one).events, 2);
	world_post(&fixture->world, pid, NOTE);
	world_run(&fixture->world, 0);
	world_run(&fixture->world, 0);
}

static void
a7_nothing_is_left_of_those_who_ended(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, LINK, fixture->two);
	tell(fixture, fixture->one, MONITOR, fixture->two);
	tell(fixture, fixture->two, TIMER, fixture->one);
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	assert_false(lives(fixture, fixture->one));
	a7_nothing_is_in_use(fixture);
}

static void
a_link_undone_and_made_again_holds(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, LINK, fixture->two);
	tell(fixture, fixture->one, UNLINK, fixture->two);
	tell(fixture, fixture->two, LINK, fixture->one);
	tell(fixture, fixture->one, EXIT_ERROR, PID_NONE);
	assert_false(lives(fixture, fixture->two));
}

/* How many exits it was told of, from the event `from` on. */
static unsigned int
exits_of(struct fixture *fixture, struct pid pid, uint32_t from)
{
	const struct toy *toy = toy_of(fixture, pid);
	unsigned int count = 0;
	uint32_t i;

	for (i = from; i < toy->count; i++)
		count += toy->seen[i % 24] == EVENT_EXIT;
	return count;
}

static void
a_link_that_meets_an_unlink_is_no_half_link(void **state)
{
	struct fixture *fixture = *state;
	struct pid one = fixture->one, two = fixture->two;

	tell(fixture, one, TRAP, PID_NONE);
	tell(fixture, one, LINK, two);
	tell_both(fixture, UNLINK, LINK);
	tell(fixture, two, UNLINK, one); /* whatever came of it */
	tell(fixture, two, EXIT_ERROR, PID_NONE);
	assert_int_equal(exits_of(fixture, one, 0), 0);
	tell(fixture, one, EXIT_NORMAL, PID_NONE);
	a7_nothing_is_in_use(fixture);
}

/* The one case of the table in which `normal` ends somebody. */
static void
an_exit_with_normal_to_oneself_is_an_end(void **state)
{
	struct fixture *fixture = *state;

	process_exit_signal(world_at(&fixture->world, fixture->one),
	    fixture->one, fixture->one,
	    (struct reason){ .kind = REASON_NORMAL });
	world_run(&fixture->world, 0);
	assert_false(lives(fixture, fixture->one));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define PLACED(name, how)                                                      \
	{                                                                      \
#name "_" #how, name, setup_##how, teardown, NULL              \
	}
#define TEST_OF_TWO(name)                                                      \
	TEST(name), PLACED(name, apart), PLACED(name, opposite)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_one_is_in_the_list_with_its_behaviour),
		TEST_OF_TWO(mail_of_one_sender_comes_once_and_in_order),
		TEST_OF_TWO(mail_to_a_stale_pid_is_harmless),
		TEST(a_slot_used_again_has_another_generation),
		TEST(a_taken_name_is_refused_and_no_slot_lost),
		TEST(a_timer_comes_at_its_time_with_its_key),
		TEST(a_stopped_or_replaced_timer_does_not_come),
		TEST_OF_TWO(the_timer_of_a_dead_process_is_gone_with_it),
		TEST_OF_TWO(
		    a_link_carries_an_abnormal_end_both_ways_but_not_a_normal_one),
		TEST_OF_TWO(a_link_undone_and_made_again_holds),
		TEST_OF_TWO(a_link_that_meets_an_unlink_is_no_half_link),
		PLACED(two_links_that_cross_are_one, apart),
		PLACED(an_exit_that_meets_an_unlink_is_not_heard, apart),
		TEST(an_exit_with_normal_to_oneself_is_an_end),
		TEST_OF_TWO(an_unlinked_one_hears_nothing),
		TEST_OF_TWO(a_link_to_nobody_is_noproc),
		TEST_OF_TWO(kill_is_not_trapped_and_links_see_killed),
		TEST_OF_TWO(a_linked_kill_is_an_ordinary_reason),
		TEST_OF_TWO(a_trapping_one_gets_other_signals_as_mail),
		TEST(one_that_is_ending_takes_no_more_mail),
		TEST(a_full_mailbox_is_an_answer_and_loses_nothing),
		TEST(
		    ten_million_messages_are_bounded_counted_and_none_accepted_is_lost),
		TEST(the_last_in_the_run_queue_may_be_killed),
		TEST(a_slot_whose_generations_are_used_up_is_not_used_again),
		TEST_OF_TWO(one_that_does_not_trap_dies_of_all_but_normal),
		TEST_OF_TWO(each_monitor_gives_one_down),
		TEST_OF_TWO(a_monitor_of_nobody_is_down_at_once),
		TEST_OF_TWO(a_monitor_taken_back_is_silent),
		TEST_OF_TWO(a_name_is_free_before_the_down_arrives),
		TEST(one_born_in_the_place_of_one_about_to_run_runs_once),
		TEST_OF_TWO(a7_nothing_is_left_of_those_who_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
