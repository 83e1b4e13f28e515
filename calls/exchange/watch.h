/*
 * watch: the events of a few calls, kept in memory for whoever may ask.
 *
 * So the last of them can be shown of a call that a scenario has named, without
 * a database; and calls that nobody has named are known for such at once.
 *
 * Private to calls/exchange/: office_watch() and office_watched() are for all.
 */
#ifndef CALLS_EXCHANGE_WATCH_H
#define CALLS_EXCHANGE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "calls/exchange/shelf.h"

struct watch;

enum {
	WATCH_CALLS = 1000, /* the first ones make room for others */
	WATCH_EVENTS = 256  /* of each, the last ones */
};

int watch_alloc(struct watch **ret_watch); /* -ENOMEM */
void watch_free(struct watch **watchp);

/* While all schedulers but home's are halted.  -ENOMEM. */
int watch_begin(struct watch *watch, uint64_t call);
void watch_look(
    struct watch *watch, uint64_t call, shelf_give_f *give, void *arg);
/* Of the last event that was kept. */
uint64_t watch_order(struct watch *watch);
/* How many of them have not ended. */
unsigned int watch_live(const struct watch *watch);

/* On any thread. */
bool watch_has(struct watch *watch, uint64_t call);
void watch_keep(struct watch *watch, const struct call_event *event);

#endif
