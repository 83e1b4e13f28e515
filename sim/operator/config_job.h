/*
 * config_job: reads the config of a switch again, while its calls go on.
 *
 * A process of its own, this program as `serve --check`, does what the config
 * says in an office that nobody sees, and says which commands those were; so
 * what would be refused at a start is refused here, in the same words.  A
 * thread waits for it, and compares.  The switch, which has threads, forks
 * nothing: posix_spawn(3) begins with no copy of it.
 */
#ifndef SIM_OPERATOR_CONFIG_JOB_H
#define SIM_OPERATOR_CONFIG_JOB_H

#include <stdbool.h>

#include "sim/reload_plan.h"

struct config_job;
struct office_data;
struct options;

enum { CONFIG_WHY = 512 };

/* -ENOMEM. */
int config_job_alloc(
    struct config_job **ret_job, const struct options *options);
/* Ends the process, if one is at it. */
void config_job_free(struct config_job **jobp);

/*
 * Begins to read it; what it is compared with must not change till it is done.
 * -errno of pthread_create(3).
 */
int config_job_begin(struct config_job *job, const struct office_data *before,
    const struct office_data *by_hand);

/*
 * When it is done: the plan, and what the config says now, both the caller's;
 * -EBUSY it is not; else -errno with one line in `why`: it would not come up.
 */
int config_job_end(struct config_job *job, struct reload_plan *ret_plan,
    struct office_data **ret_now, char why[CONFIG_WHY]);

#endif
