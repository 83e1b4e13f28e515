/*
 * plan_trial: the plans between two versions, run over sample states.
 *
 * The half of a trial (trial.h) that has to do with conversion: each sample is
 * converted from the resident version to the new one and back, as an upgrade
 * and a rollback would do it, on memory that ends where the state ends.
 *
 * Private to upgrade/trial.c.
 */
#ifndef UPGRADE_PLAN_TRIAL_H
#define UPGRADE_PLAN_TRIAL_H

#include <stdint.h>

struct module;
struct plan_trial;
struct trial;

/*
 * Derives both plans and makes room.  -EINVAL and one clause in the trial's
 * `why`: there is no plan; -ENOMEM.
 */
int plan_trial_begin(struct plan_trial **ret_plan_trial, struct trial *trial,
    const struct module *resident, const struct module *tried);

/*
 * Runs them over `size` bytes of live states of the resident version and over
 * generated ones.  -EINVAL and in `why` which of them went wrong, and how.  A
 * state without image, and one that a hook refuses in words, is left to the
 * upgrade, which pins it or counts it.  Asks nothing of the kernel.
 */
int plan_trial_run(
    struct plan_trial *plan_trial, const uint8_t *samples, uint32_t size);

#endif
