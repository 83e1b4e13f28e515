/*
 * shelf: the events of calls, call by call, of which it is not known yet
 * whether anybody will want them.
 *
 * With `records -events failed` the recorder lays them here, and they are
 * given to the queue when a call has failed, or thrown away when it has not:
 * at its last event, which stands behind its CDR.  Those of calls that are
 * watched (watch.h) are looked at and stay.  For one thread.
 */
#ifndef CALLS_EXCHANGE_SHELF_H
#define CALLS_EXCHANGE_SHELF_H

#include <stdbool.h>
#include <stdint.h>

struct call_event;
struct shelf;

/* -ENOMEM. */
int shelf_alloc(struct shelf **ret_shelf);
void shelf_free(struct shelf **shelfp); /* what lies there is lost */

/* Behind the others of its call.  -ENOMEM: it is left out. */
int shelf_put(struct shelf *shelf, const struct call_event *event);

/* One that has none yet has a place, so that shelf_has() knows it.  -ENOMEM. */
int shelf_begin(struct shelf *shelf, uint64_t call);
bool shelf_has(struct shelf *shelf, uint64_t call);

/* Throws the first ones of a call away, but for so many. */
void shelf_shorten(struct shelf *shelf, uint64_t call, unsigned int most);

/* The CDR of a call is there. */
void shelf_judge(struct shelf *shelf, uint64_t call, bool has_failed);

/* Gives all of a call, in their order. */
typedef void shelf_give_f(void *arg, const struct call_event *event);
void shelf_look(
    struct shelf *shelf, uint64_t call, shelf_give_f *give, void *arg);

/* Nothing more will come: gives what is to be kept, in its order. */
void shelf_clear(
    struct shelf *shelf, uint64_t call, shelf_give_f *give, void *arg);

/* Events that lie there. */
uint64_t shelf_count(const struct shelf *shelf);

#endif
