/*
 * http: see http.h for what it is.
 *
 * What a request wants of the switch is a line, as from the control socket;
 * the request waits for its answer.  It is ours until it has one: if he who
 * asked goes before, it has no connection any more, and a reply only frees it
 * (libevent 2.1, evhttp_connection_incoming_fail).  A `status` is made on the
 * thread of the calls: those who ask for it, and those who listen to events,
 * share one, and the next is not made before STATUS_MS have gone by.  It is
 * never older than a request: what is still to come was made after all that
 * has been answered.
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

#include "sim/operator/door.h"
#include "sim/operator/http_internal.h"
#include "sim/operator/logger.h"
#include "sim/operator/metrics.h"
#include "sim/operator/token.h"
#include "switch/object.h"

enum {
	BODY_MAX = 64 * 1024,
	HEADERS_MAX = 16 * 1024,
	TIMEOUT_S = 30,
	WAITING_MAX = 256,  /* requests whose line is still to be answered */
	SHARING_MAX = 2048, /* and those that share a status */
	EVENTS_MS = 500,
	STATUS_MS = 250
};

/* Numbers of clients that no client of the control socket has. */
#define HTTP_CLIENTS  (UINT64_C(1) << 63)
#define STATUS_CLIENT (UINT64_MAX)

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
	struct door *door;
	struct event *tick, *rest; /* rest: until the next status is made */
	struct asker *askers;
	unsigned int askers_count, sharers_count; /* of these two kinds */
	uint64_t last;
	struct listeners *listeners;
	bool is_asking; /* for all who share a status */
	bool is_wanted; /* the next one */
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

static bool
is_head(struct evhttp_request *request)
{
	return evhttp_request_get_command(request) == EVHTTP_REQ_HEAD;
}

/* To HEAD goes what GET would get, without the body (RFC 9110, 9.3.2). */
void
http_send(struct evhttp_request *request, int status, const char *type,
    const char *bytes, size_t length)
{
	struct evbuffer *body = evbuffer_new();
	char digits[24];

	add_headers(request, type);
	(void)snprintf(digits, sizeof digits, "%zu", length);
	(void)evhttp_add_header(evhttp_request_get_output_headers(request),
	    "Content-Length", digits);
	if (body != NULL && !is_head(request))
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

static unsigned int *
count_of(struct http *http, uint64_t number)
{
	return number == STATUS_CLIENT ? &http->sharers_count
				       : &http->askers_count;
}

static void
forget(struct asker *asker)
{
	struct asker **at = &asker->http->askers;

	while (*at != asker)
		at = &(*at)->next;
	*at = asker->next;
	(*count_of(asker->http, asker->number))--;
	object_free(asker, sizeof *asker);
}

/* False: he has been refused. */
static bool
keep_waiting(struct http *http, struct evhttp_request *request, uint64_t number,
    http_answer_f *answer)
{
	unsigned int *count = count_of(http, number);
	struct asker *asker;

	if (*count >= (number == STATUS_CLIENT ? SHARING_MAX : WAITING_MAX)) {
		http_refuse(request, 503, "too many are asking at once");
		return false;
	}
	asker = object_alloc(sizeof *asker);
	if (asker == NULL) {
		http_refuse(request, 503, "no memory is left");
		return false;
	}
	*asker = (struct asker){ http->askers, http, request, number, answer };
	http->askers = asker;
	(*count)++;
	return true;
}

void
http_ask(struct http *http, struct evhttp_request *request, const char *line,
    http_answer_f *answer)
{
	uint64_t number = HTTP_CLIENTS | ++http->last;
	struct letter *letter = letter_alloc(number, line, strlen(line));

	if (letter == NULL) {
		http_refuse(request, 503, "no memory is left");
		return;
	}
	if (!keep_waiting(http, request, number, answer)) {
		letter_free(letter);
		return;
	}
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

/*--------------------------------------------------------------------
 * The status that is shared
 */

static void
ask_for_all(struct http *http)
{
	static const char line[] = "status";
	struct letter *letter;

	if (!http->is_wanted || http->is_asking ||
	    evtimer_pending(http->rest, NULL))
		return;
	letter = letter_alloc(STATUS_CLIENT, line, sizeof line - 1);
	if (letter == NULL)
		return; /* at the next tick */
	letter->user = (uint32_t)-1;
	http->is_asking = true;
	http->is_wanted = false;
	letterbox_put(http->options.lines, letter);
}

static void
want_status(struct http *http)
{
	if (!http->is_asking) /* else it is on its way */
		http->is_wanted = true;
	ask_for_all(http);
}

void
http_ask_status(
    struct http *http, struct evhttp_request *request, http_answer_f *answer)
{
	if (!keep_waiting(http, request, STATUS_CLIENT, answer))
		return;
	want_status(http);
}

/* Without memory for the timer the next is made at once. */
static void
share_status(struct http *http, const struct letter *letter)
{
	const struct timeval rest = { .tv_usec = STATUS_MS * 1000 };
	struct asker *asker, *next;

	http->is_asking = false;
	if (!http->is_closed)
		(void)event_add(http->rest, &rest);
	for (asker = http->askers; asker != NULL; asker = next) {
		next = asker->next;
		if (asker->number == STATUS_CLIENT)
			answer_asker(asker, letter);
	}
	listeners_give(http->listeners, letter);
}

bool
http_give(struct http *http, const struct letter *letter)
{
	struct asker *asker = http->askers;

	CHECK_OBJ(http, HTTP_MAGIC);
	if (letter->client == STATUS_CLIENT) {
		share_status(http, letter);
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
on_rest(evutil_socket_t descriptor, short what, void *arg)
{
	(void)descriptor;
	(void)what;
	ask_for_all(arg);
}

static void
want_for_listeners(struct http *http)
{
	if (listeners_count(http->listeners) > 0)
		want_status(http);
	else
		ask_for_all(http); /* for whom there was no memory before */
}

void
http_listen(struct http *http, struct evhttp_request *request)
{
	if (listeners_count(http->listeners) == LISTENERS_MAX) {
		http_refuse(request, 503, "64 are listening already");
		return;
	}
	add_headers(request, "text/event-stream");
	if (is_head(request)) {
		evhttp_send_reply(request, HTTP_OK, NULL, NULL);
		return;
	}
	listeners_add(http->listeners, request);
	want_for_listeners(http);
}

static void
on_tick(evutil_socket_t descriptor, short what, void *arg)
{
	struct http *http = arg;

	(void)descriptor;
	(void)what;
	door_open(http->door);
	want_for_listeners(http);
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
	http->rest = evtimer_new(base, on_rest, http);
	if (http->server == NULL || http->tick == NULL || http->rest == NULL ||
	    event_add(http->tick, &every) != 0 ||
	    listeners_alloc(&http->listeners) != 0)
		return -ENOMEM;
	evhttp_set_allowed_methods(
	    http->server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST);
	evhttp_set_max_body_size(http->server, BODY_MAX);
	evhttp_set_max_headers_size(http->server, HEADERS_MAX);
	evhttp_set_timeout(http->server, TIMEOUT_S);
	evhttp_set_gencb(http->server, on_request, http);
	return door_alloc(
	    &http->door, base, http->server, http->options.descriptor);
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
	if (http->rest != NULL)
		event_free(http->rest);
	while (http->askers != NULL)
		forget(http->askers);
	if (http->server != NULL)
		evhttp_free(http->server);
	door_free(&http->door);
	FREE_OBJ(httpp, HTTP_MAGIC);
}

void
http_close(struct http *http)
{
	CHECK_OBJ(http, HTTP_MAGIC);
	http->is_closed = true;
	(void)event_del(http->rest);
	ask_for_all(http); /* while there is somebody who answers */
	listeners_close(http->listeners);
}

bool
http_is_idle(const struct http *http)
{
	CHECK_OBJ(http, HTTP_MAGIC);
	return http->askers == NULL;
}
