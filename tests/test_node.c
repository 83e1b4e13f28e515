/*
 * Several schedulers in one switch: what travels between them comes in order
 * and whole, virtual time moves as one, and home can halt the others.
 */
#include "tests/world.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "switch/audit.h"
#include "switch/behaviour.h"
#include "switch/system.h"

enum {
	FLOOD = EVENT_PRIVATE,
	FLOOD_MORE,
	NUMBERED,
	PARCEL,
	ALARM,
	NEXT_ALARM,
	ROUND
};
enum { BURST = 200, BURSTS = 500, PARCEL_SIZE = 5000 };

/* What all processes here are: they send, and look at what comes. */
struct peer {
	struct pid to;
	uint32_t sent, goal, seen, refused, out_of_order;
	uint64_t due, parcels_whole;
};

/* A burst in each event, and one more event for the next. */
static void
flood(struct self *self, struct peer *peer)
{
	unsigned int i;

	for (i = 0; i < BURST; i++, peer->sent++)
		if (process_send(self, peer->to, NUMBERED, &peer->sent,
			sizeof peer->sent) != 0) {
			peer->refused++;
			break;
		}
	if (peer->refused == 0 && peer->sent < peer->goal)
		(void)process_send(self, process_self(self), FLOOD, &peer->to,
		    sizeof peer->to);
}

static void
take_number(struct peer *peer, const struct message *event)
{
	uint32_t number;

	memcpy(&number, event->body.bytes, sizeof number);
	peer->out_of_order += number != peer->seen;
	peer->seen++;
}

static void
send_parcel(struct self *self, struct pid to)
{
	uint8_t bytes[PARCEL_SIZE];
	unsigned int i;

	for (i = 0; i < PARCEL_SIZE; i++)
		bytes[i] = (uint8_t)(i * 7);
	(void)process_send_parcel(self, to, PARCEL, bytes, sizeof bytes);
}

static void
take_parcel(struct self *self, struct peer *peer)
{
	size_t size = 0, i;
	const uint8_t *bytes = process_parcel(self, &size);
	bool is_whole = size == PARCEL_SIZE;

	for (i = 0; is_whole && i < size; i++)
		is_whole = bytes[i] == (uint8_t)(i * 7);
	peer->parcels_whole += is_whole;
}

static void
peer_handle(struct self *self, void *state, const struct message *event)
{
	struct peer *peer = state;

	if (event->length == sizeof peer->to)
		memcpy(&peer->to, event->body.bytes, sizeof peer->to);
	switch (event->kind) {
	case FLOOD:
		if (peer->goal == 0)
			peer->goal = BURST * BURSTS;
		flood(self, peer);
		break;
	case FLOOD_MORE:
		peer->goal = peer->sent + BURST * BURSTS;
		flood(self, peer);
		break;
	case NUMBERED:
		take_number(peer, event);
		break;
	case PARCEL:
		if (event->length == sizeof peer->to && peer->sent++ == 0)
			send_parcel(self, peer->to);
		else
			take_parcel(self, peer);
		break;
	case ALARM:
		(void)process_start_timer(self, 1, 0, 3000000);
		break;
	case EVENT_TIMEOUT:
		peer->due = process_now(self);
		(void)process_send(self, peer->to, NEXT_ALARM, NULL, 0);
		break;
	case NEXT_ALARM:
		peer->due = process_now(self);
		break;
	case ROUND: /* back and forth */
		peer->seen++;
		(void)process_send(self, peer->to, ROUND, NULL, 0);
		break;
	}
}

static const struct module peer_module = { .magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "peer",
	.version = "1",
	.schema = { .size = sizeof(struct peer), .timers = "a b" },
	.init = idle_init,
	.handle = peer_handle,
	.terminate = idle_terminate };

struct fixture {
	struct world world;
	struct spawn spawn;
	struct pid one, two; /* at home, and on the last scheduler */
};

static struct pid
spawn_on(struct fixture *fixture, unsigned int number)
{
	struct pid pid = PID_NONE;

	assert_int_equal(
	    process_spawn(scheduler_peer(fixture->world.scheduler, number),
		&fixture->spawn, &pid),
	    0);
	return pid;
}

static void
set_up(struct fixture *fixture, enum pace pace, unsigned int schedulers)
{
	const struct scheduler_options options = { .pace = pace,
		.schedulers = schedulers };

	memset(fixture, 0, sizeof *fixture);
	world_set_up_with(&fixture->world, &options);
	fixture->spawn.behaviour = world_add(&fixture->world, &peer_module);
	fixture->one = spawn_on(fixture, 0);
	fixture->two = spawn_on(fixture, schedulers - 1);
	world_run(&fixture->world, 0);
}

static int
setup(void **state)
{
	static struct fixture fixture;

	set_up(&fixture, PACE_VIRTUAL, 3);
	*state = &fixture;
	return 0;
}

static int
setup_real(void **state)
{
	static struct fixture fixture;

	set_up(&fixture, PACE_REAL, 3);
	*state = &fixture;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *home = fixture->world.scheduler;
	char text[160];
	unsigned int i;

	for (i = 0; i < scheduler_count(home); i++) {
		assert_true(
		    audit_bytes(scheduler_peer(home, i), text, sizeof text));
		assert_true(
		    audit_owners(scheduler_peer(home, i), text, sizeof text));
	}
	world_tear_down(&fixture->world);
	return 0;
}

/* `kind` to `pid`, which is to do it with `to`. */
static void
post(struct fixture *fixture, struct pid pid, uint16_t kind, struct pid to)
{
	assert_int_equal(process_post(world_at(&fixture->world, pid), pid, kind,
			     &to, sizeof to),
	    0);
}

static const struct peer *
peer_at(struct fixture *fixture, struct pid pid)
{
	return world_info(&fixture->world, pid).state;
}

static void
a_pid_says_where_its_process_is(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(fixture->one.slot >> 24, 0);
	assert_int_equal(fixture->two.slot >> 24, 2);
	assert_false(process_is_alive(fixture->world.scheduler, fixture->two));
}

/* More than a ring holds, both ways at once. */
static void
a_flood_comes_whole_and_in_order(void **state)
{
	struct fixture *fixture = *state;
	const struct peer *one, *two;

	post(fixture, fixture->one, FLOOD, fixture->two);
	post(fixture, fixture->two, FLOOD, fixture->one);
	world_run(&fixture->world, 0);
	one = peer_at(fixture, fixture->one);
	two = peer_at(fixture, fixture->two);
	assert_int_equal(one->refused + two->refused, 0);
	assert_int_equal(one->seen, BURST * BURSTS);
	assert_int_equal(two->seen, BURST * BURSTS);
	assert_int_equal(one->out_of_order + two->out_of_order, 0);
}

static void
a_parcel_comes_whole(void **state)
{
	struct fixture *fixture = *state;

	post(fixture, fixture->one, PARCEL, fixture->two);
	world_run(&fixture->world, 0);
	assert_int_equal(peer_at(fixture, fixture->two)->parcels_whole, 1);
}

/* One who handles nothing is flooded until the flooder hears `full`. */
static void
a_mailbox_elsewhere_is_bounded_and_loses_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *away = world_at(&fixture->world, fixture->two);
	uint32_t sent;

	assert_int_equal(system_suspend(away, fixture->two), 0);
	do {
		sent = peer_at(fixture, fixture->one)->sent;
		post(fixture, fixture->one, FLOOD_MORE, fixture->two);
		world_run(&fixture->world, 0);
	} while (peer_at(fixture, fixture->one)->refused == 0);
	assert_true(sent >= 1 << 20);
	assert_true(sent < (1 << 20) + 2 * BURST * BURSTS);
	assert_int_equal(scheduler_counts(fixture->world.scheduler)->refused,
	    peer_at(fixture, fixture->one)->refused);
	sent = peer_at(fixture, fixture->one)->sent;
	assert_int_equal(system_resume(away, fixture->two), 0);
	world_run(&fixture->world, 0);
	assert_int_equal(peer_at(fixture, fixture->two)->seen, sent);
	assert_int_equal(peer_at(fixture, fixture->two)->out_of_order, 0);
	assert_int_equal(process_post(fixture->world.scheduler, fixture->two,
			     NUMBERED, &sent, sizeof sent),
	    0);
	world_run(&fixture->world, 0);
}

/* It comes to nobody, and is freed: see the audit at the end. */
static void
a_parcel_for_one_who_has_ended_is_freed(void **state)
{
	struct fixture *fixture = *state;

	process_exit_signal(world_at(&fixture->world, fixture->two), PID_NONE,
	    fixture->two, (struct reason){ .kind = REASON_KILL });
	post(fixture, fixture->one, PARCEL, fixture->two);
	world_run(&fixture->world, 0);
	assert_int_equal(
	    scheduler_sum(fixture->world.scheduler).undelivered, 1);
}

static void
a_pid_of_a_scheduler_that_is_not_there_is_noproc(void **state)
{
	struct fixture *fixture = *state;
	const struct pid foreign = { .slot = 7u << 24 | 1, .generation = 1 };

	assert_int_equal(
	    process_post(fixture->world.scheduler, foreign, NUMBERED, NULL, 0),
	    -ESRCH);
	post(fixture, fixture->one, PARCEL, foreign);
	world_run(&fixture->world, 0);
	assert_int_equal(
	    scheduler_sum(fixture->world.scheduler).undelivered, 1);
}

/* A timer there is due at the same instant everywhere. */
static void
virtual_time_is_one(void **state)
{
	struct fixture *fixture = *state;

	post(fixture, fixture->two, ALARM, fixture->one);
	world_run(&fixture->world, 10000000);
	assert_int_equal(peer_at(fixture, fixture->two)->due, 3000000);
	assert_int_equal(peer_at(fixture, fixture->one)->due, 3000000);
}

/*--------------------------------------------------------------------
 * In real time, with two who never come to an end
 */

struct look {
	struct fixture *fixture;
	uint32_t rounds, looks, changes;
	bool is_retired, is_asked;
	unsigned int attended;
};

static void
retired(void *arg)
{
	struct look *look = arg;

	look->is_retired = true;
	scheduler_stop(look->fixture->world.scheduler);
}

/* While the others are halted nothing of theirs changes. */
static void
look_twice(struct look *look)
{
	struct fixture *fixture = look->fixture;
	volatile const struct peer *two;
	uint32_t seen;
	unsigned int i;

	scheduler_halt_others(fixture->world.scheduler);
	scheduler_halt_others(fixture->world.scheduler); /* may be nested */
	two = peer_at(fixture, fixture->two);
	seen = two->seen;
	for (i = 0; i < 10000; i++)
		look->changes += two->seen != seen;
	scheduler_let_go(fixture->world.scheduler);
	scheduler_let_go(fixture->world.scheduler);
	look->rounds = seen;
	look->looks++;
}

static void
on_look(void *arg, uint64_t key)
{
	struct look *look = arg;
	struct scheduler *home = look->fixture->world.scheduler;

	(void)key;
	look_twice(look);
	if (look->looks < 50)
		assert_int_equal(scheduler_at(home, scheduler_now(home) + 1000,
				     on_look, look, 0),
		    0);
	else
		assert_int_equal(scheduler_retire(home, retired, look), 0);
}

static void
others_stand_still_while_they_are_halted(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *home = fixture->world.scheduler;
	struct look look = { .fixture = fixture };
	struct pid three = spawn_on(fixture, 1);

	post(fixture, fixture->two, ROUND, three);
	post(fixture, three, ROUND, fixture->two);
	assert_int_equal(scheduler_at(home, 0, on_look, &look, 0), 0);
	scheduler_observe(home, NULL, NULL);
	assert_int_equal(scheduler_run(home), 0);
	assert_int_equal(look.looks, 50);
	assert_int_equal(look.changes, 0);
	assert_true(look.rounds > 0);
	assert_true(look.is_retired);
}

static void
ask_to_retire(void *arg, uint64_t key)
{
	struct look *look = arg;

	(void)key;
	assert_int_equal(
	    scheduler_retire(look->fixture->world.scheduler, retired, look), 0);
}

/* Who sleeps is in the middle of nothing. */
static void
what_is_retired_does_not_wait_for_who_sleeps(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *home = fixture->world.scheduler;
	struct look look = { .fixture = fixture };

	scheduler_observe(home, NULL, NULL);
	assert_int_equal(scheduler_at(home, 1000, ask_to_retire, &look, 0), 0);
	scheduler_set_horizon(home, 1000000);
	assert_int_equal(scheduler_run(home), 0);
	assert_true(look.is_retired);
}

/* Called from another scheduler's thread, done at home. */
static void
attend(void *arg)
{
	struct look *look = arg;

	look->attended++;
	scheduler_stop(look->fixture->world.scheduler);
}

static void
call_home(void *arg, uint64_t key)
{
	struct look *look = arg;

	(void)key;
	scheduler_call_on(look->fixture->world.scheduler);
}

static void
an_attendant_is_called_from_another_thread(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *home = fixture->world.scheduler;
	struct look look = { .fixture = fixture };

	scheduler_set_attendant(home, attend, &look);
	scheduler_observe(home, NULL, NULL);
	assert_int_equal(
	    scheduler_at(scheduler_peer(home, 2), 1000, call_home, &look, 0),
	    0);
	scheduler_set_horizon(home, 1000000);
	assert_int_equal(scheduler_run(home), 0);
	assert_int_equal(look.attended, 1);
}

#define TEST(name, how)                                                        \
	{                                                                      \
#name "_" #how, name, how, teardown, NULL                      \
	}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pid_says_where_its_process_is, setup),
		TEST(a_flood_comes_whole_and_in_order, setup),
		TEST(a_mailbox_elsewhere_is_bounded_and_loses_nothing, setup),
		TEST(a_parcel_comes_whole, setup),
		TEST(a_parcel_for_one_who_has_ended_is_freed, setup),
		TEST(a_pid_of_a_scheduler_that_is_not_there_is_noproc, setup),
		TEST(virtual_time_is_one, setup),
		TEST(others_stand_still_while_they_are_halted, setup_real),
		TEST(what_is_retired_does_not_wait_for_who_sleeps, setup),
		TEST(what_is_retired_does_not_wait_for_who_sleeps, setup_real),
		TEST(an_attendant_is_called_from_another_thread, setup_real),
		TEST(an_attendant_is_called_from_another_thread, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
