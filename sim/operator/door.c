/*
 * door: see door.h for what it is.
 *
 * Connections are counted as events of the base, since libevent 2.1 neither
 * counts them nor says when one ends: one that waits for a request is an event
 * and its time-out, and none has more of them for long.
 */
#include "sim/operator/door.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/resource.h>

#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "sim/operator/listening.h"
#include "switch/object.h"

enum {
	/*
	 * Four times the thousand that `tools/bench --serve` brings.  One that
	 * is silent takes 2 KiB (measured), one that says all that it may
	 * 80 KiB more.
	 */
	CONNECTIONS_MAX = 4096,
	EVENTS_EACH = 2,
	ASKERS = 4096,	 /* those who share a place share their asks */
	OTHERS_MAX = 256 /* descriptors that all else may need */
};

struct asks {
	uint64_t second;
	unsigned int count; /* in it */
};

struct door {
	unsigned int magic;
#define DOOR_MAGIC 0x7d00a1f3
	struct event_base *base;
	struct evconnlistener *listener; /* the server's */
	rlim_t most;
	unsigned int comers;
	struct asks asks[ASKERS];
};

static bool
is_full(const struct door *door)
{
	return (rlim_t)event_base_get_num_events(door->base,
		   EVENT_BASE_COUNT_ADDED) >= EVENTS_EACH * door->most;
}

/* Before each connection; NULL: it is to be one as others are. */
static struct bufferevent *
on_connection(struct event_base *base, void *arg)
{
	struct door *door = arg;

	(void)base;
	CHECK_OBJ(door, DOOR_MAGIC);
	if (++door->comers >= DOOR_COMERS || is_full(door))
		(void)evconnlistener_disable(door->listener);
	return NULL;
}

static rlim_t
most_connections(void)
{
	const rlim_t wanted = CONNECTIONS_MAX + OTHERS_MAX;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return OTHERS_MAX;
	if (limit.rlim_cur < wanted) {
		limit.rlim_cur =
		    limit.rlim_max < wanted ? limit.rlim_max : wanted;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
		(void)getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= wanted)
		return CONNECTIONS_MAX;
	return limit.rlim_cur >= 2 * OTHERS_MAX ? limit.rlim_cur - OTHERS_MAX
						: limit.rlim_cur / 2;
}

int
door_alloc(struct door **ret_door, struct event_base *base,
    struct evhttp *server, int descriptor)
{
	struct evhttp_bound_socket *bound;
	struct door *door;

	if (ALLOC_OBJ(door, DOOR_MAGIC) == NULL)
		return -ENOMEM;
	bound = evhttp_accept_socket_with_handle(server, descriptor);
	if (bound == NULL) {
		door_free(&door);
		return -ENOMEM;
	}
	door->base = base;
	door->listener = evhttp_bound_socket_get_listener(bound);
	door->most = most_connections();
	evconnlistener_set_error_cb(door->listener, listening_rest);
	evhttp_set_bevcb(server, on_connection, door);
	*ret_door = door;
	return 0;
}

void
door_free(struct door **doorp)
{
	FREE_OBJ(doorp, DOOR_MAGIC);
}

void
door_open(struct door *door)
{
	CHECK_OBJ(door, DOOR_MAGIC);
	door->comers = 0;
	if (!is_full(door))
		(void)evconnlistener_enable(door->listener);
}

bool
door_may_ask(struct door *door, int descriptor, uint64_t now)
{
	struct asks *asks = &door->asks[(unsigned int)descriptor % ASKERS];

	CHECK_OBJ(door, DOOR_MAGIC);
	if (asks->second != now)
		*asks = (struct asks){ .second = now };
	return ++asks->count <= DOOR_ASKS;
}
