/*
 * ctl: an operator's side of the control socket, for people.
 */
#ifndef SIM_OPERATOR_CTL_H
#define SIM_OPERATOR_CTL_H

#include <stdbool.h>

struct options;

/*
 * Tells the switch the words of the options, or, without any, what is typed at
 * a prompt; prints what it answers.  An enum exit_status.
 */
int ctl(const struct options *options, bool is_coloured);

/* Whether there is one at the socket of the options. */
bool ctl_finds(const struct options *options);

/* Shows how it is until whoever looks on has had enough; likewise. */
int ctl_top(const struct options *options);

#endif
