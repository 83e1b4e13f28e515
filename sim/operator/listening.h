/*
 * listening: what a thread waits for on its libevent base, begun and ended in
 * one way wherever that is.
 */
#ifndef SIM_OPERATOR_LISTENING_H
#define SIM_OPERATOR_LISTENING_H

#include <stdbool.h>

struct event;
struct event_base;
struct evconnlistener;

/*
 * Waits for an event that has just been made; NULL: there was no memory for it.
 * It is the caller's in any case.  -ENOMEM.
 */
int listening_begin(struct event **ret_event, struct event *event);
void listening_end(struct event **eventp); /* NULL inside is welcome */

/* An evconnlistener_errorcb: nobody can be let in, so it rests for a while. */
void listening_rest(struct evconnlistener *listener, void *arg);

/* For good, whatever has been begun. */
void listening_close(struct evconnlistener *listener);

/* Whether anybody has yet to read what was written to him. */
bool listening_is_read(struct event_base *base);

#endif
