/*
 * operators: those who are served at the control socket, and those who come
 * over HTTP.
 *
 * Each kind has a thread of its own (position.h), so that a thousand clients,
 * however they behave, cost the calls nothing but the time of a processor, and
 * that of HTTP only what the calls and the control socket leave: it has a lower
 * priority.  What they want of the switch goes through the letterboxes
 * (console.h), and nothing here ever touches it.
 */
#ifndef SIM_OPERATOR_OPERATORS_H
#define SIM_OPERATOR_OPERATORS_H

#include <stdbool.h>

struct letterbox;
struct logger;
struct operators;
struct token;

struct operators_options {
	int control;	     /* a listening unix socket */
	int http;	     /* likewise of TCP; -1: none */
	const char *address; /* of that, as it was asked for */
	struct token *token;
	struct logger *logger;
	struct letterbox *lines, *answers;
	bool is_patient; /* with who reads his last answers slowly */
};

/* -ENOMEM. */
int operators_alloc(
    struct operators **ret_operators, const struct operators_options *options);

/* Begins to serve, on threads of their own.  -errno of pthread_create(3). */
int operators_start(struct operators *operators);

/* Waits a while for those who still read their answers, and frees it. */
void operators_free(struct operators **operatorsp);

#endif
