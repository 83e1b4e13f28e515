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
 * has been answered.  One who asks too often waits, too: until his second is
 * over, for a refusal, which is the cheapest there is.
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
#include "sim/operator/listening.h"
#include "sim/operator/logger.h"
#include "sim/operator/origin.h"
#include "sim/operator/token.h"
#include "switch/object.h"
#include "switch/utf8.h"

enum {
	BODY_MAX = 64 * 1024,
	HEADERS_MAX = 16 * 1024,
	TIMEOUT_S = 30,
	WAITING_MAX = 256,  /* requests whose line is still to be answered */
	SHARING_MAX = 2048, /* and those that share a status */
	HELD_MAX = 2048,    /* and those that have asked too often */
	EVENTS_MS = 500,
	HELD_MS = 1000,
	STATUS_MS = 250
};

static const char ending[] = "the switch is ending";

/* Numbers of clients that no client of the control socket has. */
#define HTTP_CLIENTS  (UINT64_C(1) << 63)
#define STATUS_CLIENT (UINT64_MAX)
#define HELD_CLIENT   (UINT64_MAX - 1)

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
	/* rest: until the next status is made; hold: until they are refused */
	struct event *tick, *rest, *hold;
	struct asker *askers;
	unsigned int askers_count, sharers_count, held_count; /* of each kind */
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
	    : number == HELD_CLIENT    ? &http->held_count
				       : &http->askers_count;
}

static unsigned int
most_of(uint64_t number)
{
	return number == STATUS_CLIENT ? SHARING_MAX
	    : number == HELD_CLIENT    ? HELD_MAX
				       : WAITING_MAX;
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

	if (*count >= most_of(number)) {
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
	struct letter *letter;

	if (!utf8_is_text(line, strlen(line))) {
		http_refuse(
		    request, 400, "what is asked for is no text (UTF-8)");
		return;
	}
	letter = letter_alloc(number, line, strlen(line));
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

/* Of all who wait under this number. */
static void
answer_all(struct http *http, uint64_t number, const struct letter *letter)
{
	struct asker *asker, *next;

	for (asker = http->askers; asker != NULL; asker = next) {
		next = asker->next;
		if (asker->number == number)
			answer_asker(asker, letter);
	}
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

	http->is_asking = false;
	if (!http->is_closed)
		(void)event_add(http->rest, &rest);
	answer_all(http, STATUS_CLIENT, letter);
	listeners_give(http->listeners, letter);
}

void
http_give(struct http *http, const struct letter *letter)
{
	struct asker *asker = http->askers;

	CHECK_OBJ(http, HTTP_MAGIC);
	if (letter->client == STATUS_CLIENT) {
		share_status(http, letter);
		return;
	}
	while (asker != NULL && asker->number != letter->client)
		asker = asker->next;
	if (asker != NULL && letter->is_last)
		answer_asker(asker, letter);
}

/*--------------------------------------------------------------------
 * Those who ask too often
 */

static uint64_t
now_s(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec;
}

static void
refuse_often(struct evhttp_request *request, const struct letter *letter)
{
	(void)letter;
	(void)evhttp_add_header(
	    evhttp_request_get_output_headers(request), "Retry-After", "1");
	http_refuse(request, 429, "too many requests in a second");
}

static void
on_hold(evutil_socket_t descriptor, short what, void *arg)
{
	(void)descriptor;
	(void)what;
	answer_all(arg, HELD_CLIENT, NULL);
}

/* Without memory for the timer he hears it at once. */
static void
hold(struct http *http, struct evhttp_request *request)
{
	const struct timeval a_second = { .tv_sec = HELD_MS / 1000 };

	if (!keep_waiting(http, request, HELD_CLIENT, refuse_often))
		return;
	if (!evtimer_pending(http->hold, NULL) &&
	    event_add(http->hold, &a_second) != 0)
		answer_all(http, HELD_CLIENT, NULL);
}

/* Who may change the switch may also be quick about it. */
static bool
may_ask_now(struct http *http, struct evhttp_request *request)
{
	struct bufferevent *bev = evhttp_connection_get_bufferevent(
	    evhttp_request_get_connection(request));

	return token_is_right(http->options.token,
		   evhttp_find_header(evhttp_request_get_input_headers(request),
		       "Authorization")) ||
	    door_may_ask(http->door, bufferevent_getfd(bev), now_s());
}

/*--------------------------------------------------------------------
 * Who may ask
 */

static bool
may_ask(const struct http *http, struct evhttp_request *request)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
	const char *host = evhttp_find_header(headers, "Host");

	if (!origin_is_host(http->options.address, host))
		http_refuse(request, 403,
		    "the Host of the request is none of this switch");
	else if (!origin_is_same(evhttp_find_header(headers, "Origin"), host))
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
	enum token_answer answer = token_check(http->options.token,
	    evhttp_find_header(headers, "Authorization"), now_s());

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
		http_refuse(request, 503, ending);
	else if (!may_ask_now(http, request))
		hold(http, request);
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
	http->hold = evtimer_new(base, on_hold, http);
	if (http->server == NULL || http->tick == NULL || http->rest == NULL ||
	    http->hold == NULL || event_add(http->tick, &every) != 0 ||
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
	listening_end(&http->tick);
	listening_end(&http->rest);
	listening_end(&http->hold);
	while (http->askers != NULL)
		forget(http->askers);
	if (http->server != NULL)
		evhttp_free(http->server);
	door_free(&http->door);
	FREE_OBJ(httpp, HTTP_MAGIC);
}

static void
refuse_ending(struct evhttp_request *request, const struct letter *letter)
{
	(void)letter;
	http_refuse(request, 503, ending);
}

/* Of those who share a status none will be made any more. */
void
http_close(struct http *http)
{
	struct asker *asker;

	CHECK_OBJ(http, HTTP_MAGIC);
	http->is_closed = true;
	(void)event_del(http->rest);
	for (asker = http->askers; asker != NULL; asker = asker->next)
		if (asker->number == STATUS_CLIENT)
			asker->answer = refuse_ending;
	answer_all(http, STATUS_CLIENT, NULL);
	answer_all(http, HELD_CLIENT, NULL);
	listeners_close(http->listeners);
}

bool
http_is_idle(const struct http *http)
{
	CHECK_OBJ(http, HTTP_MAGIC);
	return http->askers == NULL;
}
