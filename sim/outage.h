/*
 * outage: lines, trunk groups and circuits that fail, for a while or till they
 * are healed; ISDN terminals that say nothing; and schedulers that stall.
 */
#ifndef SIM_OUTAGE_H
#define SIM_OUTAGE_H

#include <stdbool.h>

struct arguments;
struct scenario;

/* `fault` and `heal` of any of these, as action_do(). */
int outage_begin(struct scenario *scenario, const struct arguments *arguments);
int outage_end(struct scenario *scenario, const struct arguments *arguments);

/* A script has ended: what it has stalled goes on. */
void outage_end_stalls(struct scenario *scenario);
/* Whether a scheduler is stalled that only a command can let go on. */
bool outage_stalls_for_ever(struct scenario *scenario);

/* Those that were to end in their time do not. */
void outage_forget(struct scenario *scenario);

#endif
