/*
 * shadow_world: two versions of a toy, the second of which is given copies of
 * the first one's events.
 *
 * They do what the test gives them to do, each a function.  Whoever could
 * notice the copy is looked at: the mailboxes and timers of all, the counts,
 * the event log.
 */
#ifndef TESTS_SHADOW_WORLD_H
#define TESTS_SHADOW_WORLD_H

#include "tests/effects.h"
#include "tests/world.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "switch/log.h"
#include "switch/shadow.h"
#include "switch/store.h"

enum { GO = 1, HEARD, T_ONE = 0, T_TWO, COUNTER_START = 40 };

struct toy {
	uint64_t count;
	char note[24];
};

struct fixture;
typedef void does_f(struct self *self, struct toy *toy, const struct message *);

/* What was seen of a trial; its own memory is gone by then. */
struct seen {
	unsigned int trials;
	struct shadow_trial trial;
	char event[32];
	struct noting real, copy;
	struct toy before, after, copied;
};

static struct {
	struct world world;
	uint16_t old, new, listener;
	struct pid pid, peer;
	struct shadow *shadow;
	struct seen seen;
	unsigned int wanted; /* trials */
	does_f *does_old, *does_new;
	unsigned int heard; /* by the peer */
	int converts;	    /* what the converter answers */
	bool is_sound;
} here;

/*--------------------------------------------------------------------
 * The toys
 */

static inline int
init(struct self *self, void *state, const struct message *start)
{
	struct toy *toy = state;

	(void)self, (void)start;
	toy->count = COUNTER_START;
	return 0;
}

static inline void
handle_old(struct self *self, void *state, const struct message *event)
{
	if (here.does_old != NULL)
		here.does_old(self, state, event);
}

static inline void
handle_new(struct self *self, void *state, const struct message *event)
{
	if (here.does_new != NULL)
		here.does_new(self, state, event);
}

static inline void
hear(struct self *self, void *state, const struct message *event)
{
	(void)self, (void)state;
	here.heard += event->kind == HEARD;
}

static inline bool
check(const void *state)
{
	(void)state;
	return here.is_sound;
}

#define TOY(its_name, its_version, its_handle, its_check)                      \
	{                                                                      \
		.magic = MODULE_MAGIC, .abi = MODULE_ABI, .name = (its_name),  \
		.version = (its_version),                                      \
		.schema = { .size = sizeof(struct toy), .timers = "T1 T2" },   \
		.init = init, .handle = (its_handle),                          \
		.terminate = idle_terminate, .check = (its_check)              \
	}
static const struct module toy_old = TOY("toy", "1", handle_old, NULL);
static const struct module toy_new = TOY("toy", "2", handle_new, check);
static const struct module listener = TOY("listener", "1", hear, NULL);

static inline int
convert(void *arg, struct state_change *change)
{
	(void)arg;
	if (here.converts == 0)
		memcpy(
		    change->new_state, change->old_state, sizeof(struct toy));
	return here.converts;
}

/* Of shadow_order. */
static inline bool
tried(void *arg, const struct shadow_trial *trial)
{
	struct seen *seen = arg;

	seen->trials++;
	seen->trial = *trial;
	snprintf(seen->event, sizeof seen->event, "%s", trial->event);
	seen->real = *trial->real;
	seen->copy = *trial->copy;
	memcpy(&seen->before, trial->before, sizeof seen->before);
	memcpy(&seen->after, trial->after, sizeof seen->after);
	if (trial->copied != NULL)
		memcpy(&seen->copied, trial->copied, sizeof seen->copied);
	return seen->trials < here.wanted;
}

/*--------------------------------------------------------------------
 * The world
 */

static inline struct pid
spawn(uint16_t behaviour)
{
	const struct spawn spawn = { .behaviour = behaviour,
		.on_fault = ON_FAULT_RESUME,
		.fault_limit = 9 };
	struct pid pid;

	assert_int_equal(process_spawn(here.world.scheduler, &spawn, &pid), 0);
	return pid;
}

static inline void
begin_shadow(uint32_t share)
{
	const struct shadow_order order = { .to = here.new,
		.share = share,
		.tried = tried,
		.arg = &here.seen };

	memset(&here.seen, 0, sizeof here.seen);
	assert_int_equal(
	    shadow_alloc(&here.shadow, here.world.scheduler, &order), 0);
}

static inline int
set_up_logged(const char *log)
{
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.log = log };
	const struct converter converter = { .convert = convert };

	memset(&here, 0, sizeof here);
	here.is_sound = true;
	here.wanted = 1000;
	world_set_up_with(&here.world, &options);
	here.new = world_add(&here.world, &toy_new);
	here.old = world_add(&here.world, &toy_old);
	here.listener = world_add(&here.world, &listener);
	behaviours_set_converter(
	    scheduler_behaviours(here.world.scheduler), &converter);
	here.pid = spawn(here.old);
	here.peer = spawn(here.listener);
	world_run(&here.world, 10);
	return 0;
}

static inline int
set_up(void **state)
{
	(void)state;
	return set_up_logged(NULL);
}

static inline int
tear_down(void **state)
{
	(void)state;
	shadow_free(&here.shadow);
	world_tear_down(&here.world);
	return 0;
}

/* One event, the old version doing the one and the new version the other. */
static inline void
go(does_f *does_old, does_f *does_new)
{
	here.does_old = does_old;
	here.does_new = does_new;
	world_post(&here.world, here.pid, GO);
	world_run(&here.world, 10);
	here.does_old = here.does_new = NULL;
}

/*--------------------------------------------------------------------
 * What a toy may do
 */

/* Every verb of module.h that wants something done. */
static inline void
does_all(struct self *self, struct toy *toy, const struct message *event)
{
	static const char body[4] = { 1, 2, 0, 0 };

	(void)event;
	toy->count++;
	(void)process_send(self, here.peer, HEARD, body, sizeof body);
	(void)process_send(self, process_self(self), HEARD, NULL, 0);
	(void)process_send_parcel(self, here.peer, HEARD, "parcel", 6);
	(void)process_link(self, here.peer);
	(void)process_unlink(self, here.peer);
	(void)process_monitor(self, here.peer, 7);
	(void)process_demonitor(self, 7);
	(void)process_trap_exit(self, true);
	(void)process_start_timer(self, T_TWO, 3, 5000);
	(void)process_stop_timer(self, T_ONE, 4);
	(void)process_use_current(self);
	(void)process_exit(self, (struct reason){ .kind = REASON_SHUTDOWN });
}

static inline void
counts_one(struct self *self, struct toy *toy, const struct message *event)
{
	(void)self, (void)event;
	toy->count += 1;
}

#endif
