/*
 * shelf: the events of calls of which it is not known yet whether they fail.
 *
 * With `records -events failed` they are laid here, call by call, and given to
 * the queue when a call has failed, or thrown away when it has not: at its
 * last event, which stands behind its CDR.  For one thread.
 */
#ifndef CALLS_DATABASE_SHELF_H
#define CALLS_DATABASE_SHELF_H

#include <stdbool.h>
#include <stdint.h>

struct call_event;
struct shelf;

/* -ENOMEM. */
int shelf_alloc(struct shelf **ret_shelf);
void shelf_free(struct shelf **shelfp); /* what lies there is lost */

/* Behind the others of its call.  -ENOMEM: it is left out. */
int shelf_put(struct shelf *shelf, const struct call_event *event);

/* The CDR of a call is there. */
void shelf_judge(struct shelf *shelf, uint64_t call, bool has_failed);

/* Nothing more will come: gives what is to be kept, in its order. */
typedef void shelf_give_f(void *arg, const struct call_event *event);
void shelf_clear(
    struct shelf *shelf, uint64_t call, shelf_give_f *give, void *arg);

/* Events that lie there. */
uint64_t shelf_count(const struct shelf *shelf);

#endif
