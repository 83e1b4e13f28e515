/*
 * position: a thread on which operators are served.
 *
 * It has an event loop of its own, to which those who serve them add what they
 * listen to; letters reach it through its mail.  What it serves is given as a
 * table: it knows neither socket nor page.
 *
 * Invariant: what the table names is called on the thread alone.
 */
#ifndef SIM_OPERATOR_POSITION_H
#define SIM_OPERATOR_POSITION_H

#include <stdbool.h>

struct event_base;
struct letter;
struct letterbox;
struct position;

/* What is served; `arg` stands in front. */
struct position_options {
	struct letterbox *mail;
	/* A letter has come, and is freed afterwards unless it is taken. */
	void (*give)(void *arg, struct letter **letterp);
	void (*close)(void *arg);	  /* no new clients */
	bool (*is_idle)(const void *arg); /* nobody waits for an answer */
	void *arg;
	const char *name; /* of the thread */
	bool is_patient;  /* with who reads his last answers slowly */
	bool stands_back; /* behind the calls (switch/thread.h) */
};

/* -errno. */
int position_alloc(
    struct position **ret_position, const struct position_options *options);
struct event_base *position_base(struct position *position);

/* -errno of pthread_create(3). */
int position_start(struct position *position);

/*
 * Gives the last answers, waits a while for those who still read them, and
 * ends the thread; what was added to the base is still there.
 */
void position_stop(struct position *position);
void position_free(struct position **positionp); /* with its base */

#endif
