/*
 * door: how many may be connected to the HTTP server at once.
 *
 * Whoever comes when it is full waits until another has gone, in the backlog
 * of the socket; and so when the process has no descriptor left.  Those that
 * all else needs (operators, the database, a release that is loaded) are never
 * given to connections.
 *
 * For the operators' thread alone.
 */
#ifndef SIM_OPERATOR_DOOR_H
#define SIM_OPERATOR_DOOR_H

struct door;
struct event_base;
struct evhttp;

/*
 * The server takes connections from `descriptor`, which it closes; it is alone
 * on its base but for a few events.  May raise the process's own limit of
 * descriptors.  -ENOMEM.
 */
int door_alloc(struct door **ret_door, struct event_base *base,
    struct evhttp *server, int descriptor);
void door_free(struct door **doorp); /* after the server */

/* Opens it again, if there is room; to be called from time to time. */
void door_open(struct door *door);

#endif
