/*
 * states: the state table of a release, judged and drawn.
 *
 * What a release says of itself (upgrade/state_chart.h) as text, as a graph for
 * dot(1), or as a picture.  One in which a call could come to a stop is not
 * drawn: in a state that calls rest in there is a row for whatever must come.
 */
#ifndef SIM_STATES_H
#define SIM_STATES_H

struct options;
struct scenario_roots;

/*
 * The release `options->words`, in its format, to standard output.  0; -EDOM:
 * the table is not complete; else as code_states().  One line in `why`, of
 * CODE_WHY_MAX bytes.
 */
int states_print(const struct options *options,
    const struct scenario_roots *roots, char *why);

#endif
