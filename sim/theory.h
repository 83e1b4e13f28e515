/*
 * theory: what stands beside the figures of a run, for its result: blocking as
 * it was measured and as theory has it, and whether the generator kept up.
 */
#ifndef SIM_THEORY_H
#define SIM_THEORY_H

struct scenario;

/* At the end of the run, for its verdict. */
void theory_judge(struct scenario *scenario);

#endif
