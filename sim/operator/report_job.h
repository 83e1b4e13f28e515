/*
 * report_job: a report that is read from the database while calls go on.
 *
 * A file of millions of records takes seconds to read: that is done on a
 * thread of its own, which touches nothing of the switch.  What it says is
 * what is committed: the last fraction of a second may be missing.
 */
#ifndef SIM_OPERATOR_REPORT_JOB_H
#define SIM_OPERATOR_REPORT_JOB_H

#include "sim/operator/letterbox.h"
#include "sim/reporting.h"

struct report_jobs;

enum { REPORT_JOBS_MAX = 4 };

/* -ENOMEM. */
int report_jobs_alloc(struct report_jobs **ret_jobs, struct letterbox *answers);
/* Waits for those that are under way. */
void report_jobs_free(struct report_jobs **jobsp);

/*
 * Answers the client who asked by `letter`, which is the job's from then on,
 * and which everything in `asked` but the path points into.  -EBUSY there are
 * as many as may be; -errno of pthread_create(3); then the letter is not taken.
 */
int report_jobs_begin(struct report_jobs *jobs, struct letter *letter,
    const struct reporting *asked);

#endif
