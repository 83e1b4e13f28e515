/*
 * worker: one thread for work that blocks, so that no scheduler ever does.
 *
 * Two exist: the writer (SQLite) and the loader (ELF, dlopen, plans).  A job
 * is a function and its argument, done in the order given; its owner, a
 * native process, hears of the end by a message.  In virtual time a job
 * answers exactly 1 ms after it was given and the clock waits for it, so that
 * the machine's speed decides nothing.
 */
#ifndef SWITCH_WORKER_H
#define SWITCH_WORKER_H

#include "switch/module.h"

struct scheduler;
struct worker;

/* Runs on the worker's thread; must touch nothing that a scheduler touches. */
typedef void worker_job_f(void *arg);

/*
 * Starts the thread, which is called `name` (thread.h); it is not copied.  The
 * scheduler polls it; worker_free comes before scheduler_free.
 */
int worker_alloc(
    struct worker **ret_worker, struct scheduler *scheduler, const char *name);

/* Does what was given, then ends the thread; NULL inside is welcome. */
void worker_free(struct worker **workerp);

/* Who hears that a job is done: an event `kind`, first 8 bytes `number`. */
struct worker_answer {
	struct pid owner;
	uint64_t number;
	uint16_t kind;
};

/*
 * Gives a job.  `arg` belongs to the job until it is done.  -ENOMEM, -ENOSPC
 * (there is no room for the answer): it is not done.
 */
int worker_submit(struct worker *worker, worker_job_f *run, void *arg,
    const struct worker_answer *answer);

/* Blocks until every job given so far is done (not: answered). */
void worker_wait(struct worker *worker);

/* Jobs not yet answered. */
unsigned int worker_outstanding(const struct worker *worker);

#endif
