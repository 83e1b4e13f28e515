/*
 * crew: jobs that are done beside each other, each in an OS process of its
 * own, so that the end of one is the end of nothing else.
 *
 * A job's process has no input, says what it says into memory, and stands in a
 * group of its own with whatever it starts: a key that interrupts reaches the
 * crew, which ends them all before it returns.
 */
#ifndef SIM_CREW_H
#define SIM_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CREW_MAX = 64 };

/* What came of a job. */
struct crew_end {
	unsigned int job;
	int exit_status; /* or -1: it was ended by `signal` */
	int signal;
	bool is_late;	  /* by the crew, since its time was over */
	uint64_t wall_us; /* that it took */
	/* On its standard output, and error: of object_alloc(size + 1). */
	char *said, *warned;
	size_t said_size, warned_size;
};

struct crew_order {
	unsigned int jobs;     /* their numbers are 0 to jobs - 1 */
	unsigned int together; /* 1 to CREW_MAX */
	uint64_t limit_us;     /* of the machine's time, for one; 0: none */
	void *arg;
	/* In the new process: its exit status. */
	int (*work)(void *arg, unsigned int job);
	/*
	 * A job has ended.  false: no more of them.  It may have found
	 * further ones, and then adds to *jobs; a text that it keeps it
	 * sets to NULL.
	 */
	bool (*end)(void *arg, struct crew_end *end, unsigned int *jobs);
	/* Now and then, and when a job begins or ends; or NULL. */
	void (*look)(void *arg, unsigned int running);
};

/*
 * Does them in their order, until all have ended.  0; the number of the signal
 * that interrupted it; -errno when there can be no process.  None is left then.
 */
int crew_run(const struct crew_order *order);

/* Lets go of its texts, for whoever has kept one. */
void crew_forget(struct crew_end *end);

#endif
