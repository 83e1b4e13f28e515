/*
 * outage: lines, trunk groups and circuits that fail, for a while or till they
 * are healed; and ISDN terminals that say nothing.
 */
#ifndef SIM_OUTAGE_H
#define SIM_OUTAGE_H

struct arguments;
struct scenario;

/* `fault` and `heal` of a line, a trunk group or a circuit, as action_do(). */
int outage_begin(struct scenario *scenario, const struct arguments *arguments);
int outage_end(struct scenario *scenario, const struct arguments *arguments);

/* Those that were to end in their time do not. */
void outage_forget(struct scenario *scenario);

#endif
