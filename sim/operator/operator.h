/*
 * operator: the thread on which operators are served.
 *
 * It has an event loop of its own, so that a thousand clients, however they
 * behave, cost the calls nothing but the time of a processor: what they want of
 * the switch goes through the letterboxes (console.h), and nothing here ever
 * touches it.
 */
#ifndef SIM_OPERATOR_OPERATOR_H
#define SIM_OPERATOR_OPERATOR_H

struct letterbox;
struct operator;

struct operator_options {
	int control; /* a listening unix socket */
	struct letterbox *lines, *answers;
};

/* -ENOMEM. */
int operator_alloc(
    struct operator** ret_operator, const struct operator_options *options);

/* Begins to serve, on a thread of its own.  -errno of pthread_create(3). */
int operator_start(struct operator* operator);

/* Any thread: no new clients; the last answers are still given. */
void operator_close(struct operator* operator);

/* Waits a while for those who still read their answers, and frees it. */
void operator_free(struct operator** operatorp);

#endif
