/*
 * door: how many may be connected to the HTTP server at once, how fast they may
 * come, and how often one may ask.
 *
 * Whoever comes when it is full waits until another has gone, in the backlog
 * of the socket; and so when the process has no descriptor left.  Those that
 * all else needs (operators, the database, a release that is loaded) are never
 * given to connections.
 *
 * Who asks is known by his descriptor: one who comes again at once is still the
 * same, and so is, for a second at most, another who has got it after him.
 *
 * For the thread of its base alone.
 */
#ifndef SIM_OPERATOR_DOOR_H
#define SIM_OPERATOR_DOOR_H

#include <stdbool.h>
#include <stdint.h>

struct door;
struct event_base;
struct evhttp;

enum {
	/*
	 * From one opening to the next: a hundredth of a processor, as each
	 * takes 10 us (measured); and the thousand of a crowd are in after one
	 * second.
	 */
	DOOR_COMERS = 500,
	DOOR_ASKS = 200 /* in a second, of one client; a page asks for ten */
};

/*
 * The server takes connections from `descriptor`, which it closes; it is alone
 * on its base but for a few events.  May raise the process's own limit of
 * descriptors.  -ENOMEM.
 */
int door_alloc(struct door **ret_door, struct event_base *base,
    struct evhttp *server, int descriptor);
void door_free(struct door **doorp); /* after the server */

/* Opens it again, if there is room; to be called twice a second. */
void door_open(struct door *door);

/* Whether he may ask once more in the second `now` of any clock. */
bool door_may_ask(struct door *door, int descriptor, uint64_t now);

#endif
