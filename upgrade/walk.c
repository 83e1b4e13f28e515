/*
 * walk: see walk.h for what it is.
 *
 * The pause of a process begins with the slice that works on it and ends with
 * that slice, since no event is handled in between: so all of one slice have
 * the same pause, and a slice is kept short.
 */
#include "upgrade/walk.h"

#include <string.h>

#include "switch/machine.h"
#include "switch/process.h"

/* No more than this many are looked at, most of them in vain. */
enum { LOOKS = 1024 };

struct clocks {
	uint64_t cpu, wall;
};

static struct clocks
read_clocks(void)
{
	return (struct clocks){ .cpu = machine_ns(CLOCK_THREAD_CPUTIME_ID),
		.wall = machine_ns(CLOCK_MONOTONIC) };
}

void
walk_begin(struct walk *walk, struct scheduler *scheduler)
{
	memset(walk, 0, sizeof *walk);
	walk->scheduler = scheduler;
	walk->most = WALK_SLICE;
}

static void
measure(struct walk *walk, struct clocks begun)
{
	struct clocks now = read_clocks();

	walk->cpu_ns = now.cpu - begun.cpu;
	histogram_add(&walk->cpu, walk->cpu_ns, walk->count);
	histogram_add(&walk->wall, now.wall - begun.wall, walk->count);
}

void
walk_done(struct walk *walk, struct pid pid)
{
	walk->done[walk->count++] = pid;
}

static bool
find_next(struct walk *walk, struct pid *ret_pid)
{
	return walk->next != NULL
	    ? walk->next(walk->next_arg, ret_pid)
	    : process_next(walk->scheduler, &walk->cursor, ret_pid);
}

bool
walk_slice(struct walk *walk, walk_visit_f *visit, void *arg)
{
	struct clocks begun = read_clocks();
	struct process_info info;
	struct pid pid;
	unsigned int looks, tries = 0;
	enum walk_visit what = WALK_UNWANTED;
	bool goes_on = true;

	walk->count = 0;
	for (looks = 0;
	     looks < LOOKS && tries < walk->most && what != WALK_ENOUGH;
	     looks++) {
		goes_on = find_next(walk, &pid);
		if (!goes_on)
			break;
		if (process_info(walk->scheduler, pid, &info) != 0)
			continue;
		what = visit(arg, &info);
		tries += what != WALK_UNWANTED;
		if (what == WALK_DONE)
			walk_done(walk, pid);
	}
	if (walk->count > 0)
		measure(walk, begun);
	if (!goes_on)
		walk->cursor = 0;
	return goes_on;
}
