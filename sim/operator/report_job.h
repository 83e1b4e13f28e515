/*
 * report_job: a report that is made while calls go on.
 *
 * A file of millions of records takes seconds to read: that is done on a
 * thread of its own, behind the calls, which touches nothing of the switch.
 * What it says is what is committed: the last fraction of a second may be
 * missing.  One on the switch as it runs is looked up first, a little at a
 * time on home's thread (sim/live.h); its rows are the thread's then.
 *
 * Invariant: home waits for none of these threads before the switch has ended,
 * since they may wait long for a processor.
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
 * and which everything in `asked` but the path points into; so is what is to be
 * seen of the switch, if that is asked for.  -EBUSY there are as many as may
 * be; -errno of pthread_create(3); then neither is taken.
 */
int report_jobs_begin(struct report_jobs *jobs, struct letter *letter,
    const struct reporting *asked);

/*
 * On home's thread, the others halted for the look: whether one wants to see
 * more of the switch; and looks a little further for it.
 */
bool report_jobs_want_to_look(const struct report_jobs *jobs);
void report_jobs_look(struct report_jobs *jobs);

/* Those that have not seen it yet never will. */
void report_jobs_dismiss(struct report_jobs *jobs, const char *why);

#endif
