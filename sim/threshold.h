/*
 * threshold: what traffic, or anything else, has to keep to in a run.
 *
 * A condition that is asked of its subject at the end, of all that has come
 * since -warmup; with -over besides of each such stretch of time by itself.
 * What was seen stands in the result, held or not.
 */
#ifndef SIM_THRESHOLD_H
#define SIM_THRESHOLD_H

#include <stdint.h>

struct arguments;
struct scenario;
struct threshold;

/* As an action_f. */
int threshold_do(struct scenario *scenario, const struct arguments *arguments);

/* When the next one wants to be looked at, µs of the run; does so. */
uint64_t threshold_due(const struct scenario *scenario);
void threshold_look(struct scenario *scenario);

/* At the end of the run, for its verdict; and then no more of them. */
void threshold_judge(struct scenario *scenario);
void threshold_forget(struct scenario *scenario);

#endif
