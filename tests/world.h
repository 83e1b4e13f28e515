/*
 * world: a scheduler in virtual time for tests of the runtime.
 *
 * Whatever a test wants done is done between two calls of world_run(), when no
 * thread but the test's own exists.  Toys are modules linked into the test:
 * to the runtime they are modules like any, on the scratch and contained.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "switch/process.h"
#include "switch/scheduler.h"
#include "tests/idle.h"

struct world {
	struct scheduler *scheduler;
	uint64_t until;
};

static inline void
world_settled(void *arg)
{
	struct world *world = arg;

	if (scheduler_now(world->scheduler) >= world->until)
		scheduler_stop(world->scheduler);
}

static inline void
world_set_up_with(struct world *world, const struct scheduler_options *options)
{
	world->until = 0;
	assert_int_equal(scheduler_alloc(&world->scheduler, options), 0);
	scheduler_observe(world->scheduler, world_settled, world);
}

static inline void
world_set_up(struct world *world)
{
	const struct scheduler_options options = { .pace = PACE_VIRTUAL };

	world_set_up_with(world, &options);
}

static inline void
world_tear_down(struct world *world)
{
	scheduler_free(&world->scheduler);
	assert_null(world->scheduler);
}

/* After a test whose state is a world, or begins with one. */
static inline int
world_leave(void **state)
{
	world_tear_down(*state);
	return 0;
}

/* Lets `us` of virtual time pass, and everything in it happen. */
static inline void
world_run(struct world *world, uint64_t us)
{
	world->until = scheduler_now(world->scheduler) + us;
	scheduler_set_horizon(world->scheduler, world->until);
	assert_int_equal(scheduler_run(world->scheduler), 0);
}

/* Adds a module, current from now on; its number. */
static inline uint16_t
world_add(struct world *world, const struct module *module)
{
	struct behaviours *behaviours = scheduler_behaviours(world->scheduler);
	uint16_t id = 0;

	assert_int_equal(behaviours_add(behaviours, module, &id), 0);
	behaviour_make_current(behaviours, id);
	return id;
}

/* The scheduler that a process is with. */
static inline struct scheduler *
world_at(const struct world *world, struct pid pid)
{
	return scheduler_peer(world->scheduler, pid.slot >> 24);
}

static inline struct process_info
world_info(struct world *world, struct pid pid)
{
	struct process_info info = { .pid = PID_NONE };

	assert_int_equal(process_info(world_at(world, pid), pid, &info), 0);
	return info;
}

static inline void
world_post(struct world *world, struct pid pid, uint16_t kind)
{
	assert_int_equal(
	    process_post(world_at(world, pid), pid, kind, NULL, 0), 0);
}

#endif
