/*
 * http: see http.h for what it is.
 *
 * What a request wants of the switch is a line, as from the control socket;
 * the request waits for its answer.  It is ours until it has one: if he who
 * asked goes before, it has no connection any more, and a reply only frees it
 * (libevent 2.1, evhttp_connection_incoming_fail).  Those who listen to events
 * share one `status` for all, asked for while there is anybody.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "sim/operator/http_internal.h"
#include "sim/operator/logger.h"
#include "sim/operator/metrics.h"
#include "sim/operator/token.h"
#include "switch/object.h"

enum {
	BODY_MAX = 64 * 1024,
	HEADERS_MAX = 16 * 1024,
	TIMEOUT_S = 30,
	WAITING_MAX = 256, /* requests whose answer is still to come */
	EVENTS_MS = 500
};

/* Numbers of clients that no client of the control socket has. */
#define HTTP_CLIENTS  (UINT64_C(1) << 63)
#define EVENTS_CLIENT (UINT64_MAX)

/* A request that waits for the answer to its line. */
struct asker {
	struct asker *next;
	struct http *http;
	struct evhttp_request *request;
	uint64_t number;
	http_answer_f *answer;
};

struct http {
	unsigned int magic;
#define HTTP_MAGIC 0x4a90c1be
	struct http_options options;
	struct evhttp *server;
	struct event *tick;
	struct asker *askers;
	unsigned int askers_count;
	uint64_t last;
	struct listeners *listeners;
	bool is_asking; /* for all who listen to events */
	bool is_closed;
};

/*--------------------------------------------------------------------
 * Answers
 */

static void
add_headers(struct evhttp_request *request, const char *type)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);

	(void)evhttp_add_header(headers, "Content-Type", type);
	(void)evhttp_add_header(headers, "Cache-Control", "no-store");
	(void)evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	(void)evhttp_add_header(headers, "X-Frame-Options", "DENY");
	(void)evhttp_add_header(headers, "Referrer-Policy", "no-referrer");
	(void)evhttp_add_header(headers, "Content-Security-Policy",
	    "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
	    "'self' data:; connect-src 'self'; base-uri 'none'; form-action "
	    "'none'; frame-ancestors 'none'");
}

void
http_send(struct evhttp_request *request, int status, const char *type,
    const char *bytes, size_t length)
{
	struct evbuffer *body = evbuffer_new();

	add_headers(request, type);
	if (body != NULL)
		(void)evbuffer_add(body, bytes, length);
	evhttp_send_reply(request, status, NULL, body);
	if (body != NULL)
		evbuffer_free(body);
}

void
http_refuse(struct evhttp_request *request, int status, const char *why)
{
	struct letter *letter = answer_refusal(0, "", why, 2);

	if (status == 401)
		(void)evhttp_add_header(
		    evhttp_request_get_output_headers(request),
		    "WWW-Authenticate", "Bearer realm=\"hotswitch\"");
	if (letter == NULL)
		evhttp_send_error(request, status, NULL);
	else
		http_send(request, status, "application/json", letter->text,
		    letter->length);
	letter_free(letter);
}

/*--------------------------------------------------------------------
 * Asking the switch
 */

static void
forget(struct asker *asker)
{
	struct asker **at = &asker->http->askers;

	while (*at != asker)
		at = &(*at)->next;
	*at = asker->next;
	asker->http->askers_count--;
	object_free(asker, sizeof *asker);
}

void
http_ask(struct http *http, struct evhttp_request *request, const char *line,
    http_answer_f *answer)
{
	struct asker *asker;
	struct letter *letter;

	if (http->askers_count >= WAITING_MAX) {
		http_refuse(request, 503, "too many are asking at once");
		return;
	}
	asker = object_alloc(sizeof *asker);
	letter = letter_alloc(HTTP_CLIENTS | ++http->last, line, strlen(line));
	if (asker == NULL || letter == NULL) {
		object_free(asker, sizeof *asker);
		letter_free(letter);
		http_refuse(request, 503, "no memory is left");
		return;
	}
	*asker = (struct asker){ http->askers, http, request, letter->client,
		answer };
	http->askers = asker;
	http->askers_count++;
	letter->user = (uint32_t)-1; /* whoever knows the token */
	letterbox_put(http->options.lines, letter);
}

static void
answer_asker(struct asker *asker, const struct letter *letter)
{
	struct evhttp_request *request = asker->request;
	http_answer_f *answer = asker->answer;

	forget(asker);
	answer(request, letter);
}

bool
http_give(struct http *http, const struct letter *letter)
{
	struct asker *asker = http->askers;

	CHECK_OBJ(http, HTTP_MAGIC);
	if (letter->client == EVENTS_CLIENT) {
		http->is_asking = false;
		listeners_give(http->listeners, letter);
		return true;
	}
	while (asker != NULL && asker->number != letter->client)
		asker = asker->next;
	if (asker != NULL && letter->is_last)
		answer_asker(asker, letter);
	return (letter->client & HTTP_CLIENTS) != 0;
}

/*--------------------------------------------------------------------
 * Who may ask
 */

/* The host of "HOST[:PORT]", without brackets. */
static void
take_host(const char *text, char *host, size_t size)
{
	const char *end;

	if (text[0] == '[')
		end = strchr(++text, ']');
	else
		end = strrchr(text, ':');
	if (end == NULL)
		end = text + strlen(text);
	(void)snprintf(host, size, "%.*s", (int)(end - text), text);
}

/* A name that a page from elsewhere cannot have (DNS rebinding). */
static bool
is_our_host(const struct http *http, const char *value)
{
	char host[256], own[256];

	if (value == NULL)
		return false;
	take_host(value, host, sizeof host);
	take_host(http->options.address, own, sizeof own);
	return strcmp(host, own) == 0 || strcmp(host, "localhost") == 0 ||
	    strcmp(host, "127.0.0.1") == 0 || strcmp(host, "::1") == 0;
}

/* A page says where it is from; one of ours is from where it came. */
static bool
is_our_origin(const char *origin, const char *host)
{
	return origin == NULL ||
	    (strncmp(origin, "http://", 7) == 0 &&
		strcmp(origin + 7, host) == 0);
}

static bool
may_ask(const struct http *http, struct evhttp_request *request)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
	const char *host = evhttp_find_header(headers, "Host");

	if (!is_our_host(http, host))
		http_refuse(request, 403,
		    "the Host of the request is none of this switch");
	else if (!is_our_origin(evhttp_find_header(headers, "Origin"), host))
		http_refuse(request, 403,
		    "a page of another origin may not ask this switch");
	else
		return true;
	return false;
}

static const char *
peer_of(struct evhttp_request *request)
{
	char *address = NULL;
	ev_uint16_t port;

	evhttp_connection_get_peer(
	    evhttp_request_get_connection(request), &address, &port);
	return address == NULL ? "somewhere" : address;
}

bool
http_may_change(struct http *http, struct evhttp_request *request)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
	struct timespec now;
	enum token_answer answer;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	answer = token_check(http->options.token,
	    evhttp_find_header(headers, "Authorization"), (uint64_t)now.tv_sec);
	if (answer == TOKEN_RIGHT)
		return true;
	if (answer == TOKEN_TOO_OFTEN) {
		http_refuse(request, 429,
		    "too many wrong tokens; try again in a minute");
		return false;
	}
	logger_say(http->options.logger, LEVEL_warning,
	    "http: a wrong token was refused, it came from %s",
	    peer_of(request));
	http_refuse(request, 401,
	    "that needs `Authorization: Bearer TOKEN`, with the token "
	    "of the switch's token file");
	return false;
}

/*--------------------------------------------------------------------
 * Events
 */

static void
ask_for_all(struct http *http)
{
	static const char line[] = "status";
	struct letter *letter;

	if (http->is_asking || listeners_count(http->listeners) == 0)
		return;
	letter = letter_alloc(EVENTS_CLIENT, line, sizeof line - 1);
	if (letter == NULL)
		return; /* at the next tick */
	letter->user = (uint32_t)-1;
	http->is_asking = true;
	letterbox_put(http->options.lines, letter);
}

static void
on_tick(evutil_socket_t descriptor, short what, void *arg)
{
	(void)descriptor;
	(void)what;
	ask_for_all(arg);
}

void
http_listen(struct http *http, struct evhttp_request *request)
{
	add_headers(request, "text/event-stream");
	if (listeners_add(http->listeners, request) != 0)
		http_refuse(request, 503, "64 are listening already");
	else
		ask_for_all(http);
}

/*--------------------------------------------------------------------
 * The server
 */

static void
on_request(struct evhttp_request *request, void *arg)
{
	struct http *http = arg;

	CHECK_OBJ(http, HTTP_MAGIC);
	if (!may_ask(http, request))
		return;
	if (http->is_closed)
		http_refuse(request, 503, "the switch is ending");
	else
		http_route(http, request);
}

static int
build(struct http *http, struct event_base *base)
{
	const struct timeval every = { .tv_usec = EVENTS_MS * 1000 };

	http->server = evhttp_new(base);
	http->tick = event_new(base, -1, EV_PERSIST, on_tick, http);
	if (http->server == NULL || http->tick == NULL ||
	    event_add(http->tick, &every) != 0 ||
	    listeners_alloc(&http->listeners) != 0)
		return -ENOMEM;
	evhttp_set_allowed_methods(
	    http->server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST);
	evhttp_set_max_body_size(http->server, BODY_MAX);
	evhttp_set_max_headers_size(http->server, HEADERS_MAX);
	evhttp_set_timeout(http->server, TIMEOUT_S);
	evhttp_set_gencb(http->server, on_request, http);
	/* The server closes it. */
	return evhttp_accept_socket(http->server, http->options.descriptor) == 0
	    ? 0
	    : -ENOMEM;
}

int
http_alloc(struct http **ret_http, struct event_base *base,
    const struct http_options *options)
{
	struct http *http;
	int result;

	if (ALLOC_OBJ(http, HTTP_MAGIC) == NULL)
		return -ENOMEM;
	http->options = *options;
	result = build(http, base);
	if (result != 0)
		http_free(&http);
	else
		*ret_http = http;
	return result;
}

void
http_free(struct http **httpp)
{
	struct http *http = *httpp;

	if (http == NULL)
		return;
	CHECK_OBJ(http, HTTP_MAGIC);
	listeners_free(&http->listeners);
	if (http->tick != NULL)
		event_free(http->tick);
	while (http->askers != NULL)
		forget(http->askers);
	if (http->server != NULL)
		evhttp_free(http->server);
	FREE_OBJ(httpp, HTTP_MAGIC);
}

void
http_close(struct http *http)
{
	CHECK_OBJ(http, HTTP_MAGIC);
	http->is_closed = true;
	listeners_close(http->listeners);
}

bool
http_is_idle(const struct http *http)
{
	CHECK_OBJ(http, HTTP_MAGIC);
	return http->askers == NULL;
}
