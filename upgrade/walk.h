/*
 * walk: one scheduler's way over its processes, in slices.
 *
 * What a sweep and a rehearsal share: a slice is taken between the events of a
 * turn, on the scheduler's own thread; it looks at a bounded number of
 * processes, works on 64 at most, and is measured.  What is done to a process
 * is the visitor's business.
 *
 * Births and deaths between two slices are allowed; what is born behind the
 * cursor is not met in this pass.
 */
#ifndef UPGRADE_WALK_H
#define UPGRADE_WALK_H

#include "switch/histogram.h"
#include "switch/module.h"

struct process_info;
struct scheduler;

enum { WALK_SLICE = 64 }; /* design 3 */

/*
 * What a visitor has made of a process; one DONE has waited for the slice, and
 * with ENOUGH the slice ends.
 */
enum walk_visit { WALK_UNWANTED, WALK_TRIED, WALK_DONE, WALK_ENOUGH };
typedef enum walk_visit walk_visit_f(
    void *arg, const struct process_info *info);

/* The next one to be looked at; false: there is none. */
typedef bool walk_next_f(void *arg, struct pid *ret_pid);

struct walk {
	struct scheduler *scheduler;
	walk_next_f *next; /* NULL: all that there are, from the cursor on */
	void *next_arg;
	uint32_t cursor;
	unsigned int most;	    /* processes in a slice: 1 to WALK_SLICE */
	struct histogram cpu, wall; /* ns, one entry per process that is DONE */
	/* Of the last slice. */
	unsigned int count;
	uint64_t cpu_ns;
	struct pid done[2 * WALK_SLICE];
};

void walk_begin(struct walk *walk, struct scheduler *scheduler);

/* One more that has waited for the slice: the other of one that is visited. */
void walk_done(struct walk *walk, struct pid pid);

/* One slice; false at the end of a pass, and the next begins another. */
bool walk_slice(struct walk *walk, walk_visit_f *visit, void *arg);

#endif
