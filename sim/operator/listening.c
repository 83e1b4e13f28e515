/*
 * listening: see listening.h for what it is.
 */
#include "sim/operator/listening.h"

#include <errno.h>
#include <stddef.h>
#include <sys/time.h>

#include <event2/event.h>
#include <event2/listener.h>

/* What it takes until a descriptor may be free: as long as the page's tick. */
enum { REST_MS = 500 };

int
listening_begin(struct event **ret_event, struct event *event)
{
	*ret_event = event;
	return event != NULL && event_add(event, NULL) == 0 ? 0 : -ENOMEM;
}

void
listening_end(struct event **eventp)
{
	if (*eventp != NULL)
		event_free(*eventp);
	*eventp = NULL;
}

static void
on_rested(evutil_socket_t descriptor, short what, void *arg)
{
	(void)descriptor;
	(void)what;
	(void)evconnlistener_enable(arg);
}

/*
 * Without a rest it would be called again at once, and for ever; so it is where
 * there is no memory for one.
 */
void
listening_rest(struct evconnlistener *listener, void *arg)
{
	const struct timeval rest = { .tv_usec = REST_MS * 1000 };

	(void)arg; /* of the listener's owner */
	if (event_base_once(evconnlistener_get_base(listener), -1, EV_TIMEOUT,
		on_rested, listener, &rest) == 0)
		(void)evconnlistener_disable(listener);
}

/* NB: without a callback a rest that ends enables nothing (libevent 2.1). */
void
listening_close(struct evconnlistener *listener)
{
	evconnlistener_set_cb(listener, NULL, NULL);
	(void)evconnlistener_disable(listener);
}

/* A bufferevent waits to write as long as it has something to. */
static int
waits_to_write(
    const struct event_base *base, const struct event *event, void *arg)
{
	(void)base;
	(void)arg;
	return (event_get_events(event) & EV_WRITE) != 0;
}

bool
listening_is_read(struct event_base *base)
{
	return event_base_foreach_event(base, waits_to_write, NULL) == 0;
}
