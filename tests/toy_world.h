/*
 * toy_world: two processes that note what they receive, `one` and `two`, for
 * tests of what processes promise each other; on one scheduler, or each on one
 * of its own.
 */
#ifndef TESTS_TOY_WORLD_H
#define TESTS_TOY_WORLD_H

#include "tests/world.h"

#include <string.h>

#include "switch/store.h"

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

static inline int
toy_init(struct self *self, void *state, const struct message *start)
{
	struct toy *toy = state;

	(void)self;
	(void)start;
	toy->monitor = 7;
	return 0;
}

static inline struct pid
peer_of(const struct message *event)
{
	struct pid peer;

	memcpy(&peer, event->body.bytes, sizeof peer);
	return peer;
}

static inline void
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

static inline struct pid
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

static inline struct pid
spawn(struct fixture *fixture, const char *name)
{
	return spawn_on(fixture, fixture->there, name);
}

static inline int
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

static inline int
setup(void **state)
{
	return set_up(state, 1, 0);
}

/* `one` at home and the others away; the other way round. */
static inline int
setup_apart(void **state)
{
	return set_up(state, 2, 0);
}

static inline int
setup_opposite(void **state)
{
	return set_up(state, 2, 1);
}

/* Posts `kind` with `peer` in it to `to`, and lets it happen. */
static inline void
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

static inline bool
lives(struct fixture *fixture, struct pid pid)
{
	return process_is_alive(world_at(&fixture->world, pid), pid);
}

static inline void
a7_nothing_is_in_use(const struct fixture *fixture)
{
	struct scheduler *home = fixture->world.scheduler;
	unsigned int i;

	for (i = 0; i < scheduler_count(home); i++)
		assert_int_equal(
		    scheduler_store(scheduler_peer(home, i))->bytes_in_use, 0);
}

/* A native on home that does `handle`; it has begun. */
static inline struct pid
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_leave)
#define PLACED(name, how)                                                      \
	{                                                                      \
#name "_" #how, name, setup_##how, world_leave, NULL           \
	}
#define TEST_OF_TWO(name)                                                      \
	TEST(name), PLACED(name, apart), PLACED(name, opposite)

#endif
