/*
 * listeners: see http_internal.h for what they are.
 */
#include <assert.h>
#include <errno.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>

#include "sim/operator/http_internal.h"
#include "switch/object.h"

/* What may wait to be read by one of them. */
enum { UNREAD_MAX = 256 * 1024 };

struct listeners {
	unsigned int magic;
#define LISTENERS_MAGIC 0x6e1f72d4
	unsigned int count;
	struct evhttp_request *requests[LISTENERS_MAX];
};

int
listeners_alloc(struct listeners **ret_listeners)
{
	return ALLOC_OBJ(*ret_listeners, LISTENERS_MAGIC) == NULL ? -ENOMEM : 0;
}

unsigned int
listeners_count(const struct listeners *listeners)
{
	CHECK_OBJ(listeners, LISTENERS_MAGIC);
	return listeners->count;
}

static void
take_out(struct listeners *listeners, unsigned int i)
{
	listeners->requests[i] = listeners->requests[--listeners->count];
}

/* Of one who has gone it frees the request. */
static void
end(struct listeners *listeners, unsigned int i)
{
	struct evhttp_request *request = listeners->requests[i];

	take_out(listeners, i);
	evhttp_send_reply_end(request);
}

void
listeners_add(struct listeners *listeners, struct evhttp_request *request)
{
	CHECK_OBJ(listeners, LISTENERS_MAGIC);
	assert(listeners->count < LISTENERS_MAX);
	listeners->requests[listeners->count++] = request;
	evhttp_send_reply_start(request, HTTP_OK, NULL);
}

/* He has closed his page, or does not read what he is told. */
static bool
is_gone(struct evhttp_request *request)
{
	struct evhttp_connection *connection =
	    evhttp_request_get_connection(request);

	return connection == NULL ||
	    evbuffer_get_length(bufferevent_get_output(
		evhttp_connection_get_bufferevent(connection))) > UNREAD_MAX;
}

void
listeners_give(struct listeners *listeners, const struct letter *letter)
{
	struct evbuffer *event;
	unsigned int i;

	CHECK_OBJ(listeners, LISTENERS_MAGIC);
	for (i = listeners->count; i-- > 0;) {
		if (is_gone(listeners->requests[i])) {
			end(listeners, i);
			continue;
		}
		event = evbuffer_new();
		if (event == NULL)
			return;
		/* The letter ends with a newline; an event with an empty line.
		 */
		(void)evbuffer_add_printf(event, "data: %s\n", letter->text);
		evhttp_send_reply_chunk(listeners->requests[i], event);
		evbuffer_free(event);
	}
}

void
listeners_close(struct listeners *listeners)
{
	CHECK_OBJ(listeners, LISTENERS_MAGIC);
	while (listeners->count > 0)
		end(listeners, listeners->count - 1);
}

void
listeners_free(struct listeners **listenersp)
{
	if (*listenersp == NULL)
		return;
	listeners_close(*listenersp);
	FREE_OBJ(listenersp, LISTENERS_MAGIC);
}
