/*
 * Private to sim/operator/ctl*.c.
 *
 * ctl.c is the task, ctl_link.c the socket and what is printed of it,
 * ctl_prompt.c the prompt; ctl_top.c looks on, and shows a ctl_picture.c.
 */
#ifndef SIM_OPERATOR_CTL_INTERNAL_H
#define SIM_OPERATOR_CTL_INTERNAL_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

struct ctl_link;
struct options;

/* An enum exit_status; what is wrong has been told. */
int ctl_connect(struct ctl_link **ret_link, const struct options *options,
    bool is_coloured);
void ctl_disconnect(struct ctl_link **linkp);

/*
 * Says a line and prints what is answered, to its end.  What the program's exit
 * would be: EXIT_IMPOSSIBLE when the switch has gone.
 */
int ctl_say(struct ctl_link *link, const char *line);

/* Says a line, and takes the next object, or NULL; for who waits himself. */
bool ctl_send(struct ctl_link *link, const char *line);
json_t *ctl_receive(struct ctl_link *link);
int ctl_descriptor(const struct ctl_link *link);

/* A page of an answer to `status`, with rates since `before`, or its start. */
void ctl_picture(FILE *out, json_t *before, json_t *now);

/* Reads lines until there are no more; the status of the last. */
int ctl_prompt(struct ctl_link *link, const struct options *options);

/*
 * Asks, at a terminal, before the words do what cannot be undone; says it when
 * they are not to.
 */
bool ctl_is_sure(const struct options *options);

#endif
