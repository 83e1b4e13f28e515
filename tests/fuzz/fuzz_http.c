/*
 * Whatever a browser asks, who asks is answered once, in the way that it is
 * promised; and the switch is asked for what may be asked: on one line, of
 * text, and by who does not know the token for nothing but to be shown.
 *
 * An input is a text of requests with a line "~" between them: the first line
 * a method and an address, then headers, an empty line, a body; the word TOKEN
 * in a header is the right one.  If the text begins with an empty line the
 * switch ends before it has answered any.  The server is the real one, and
 * libevent, but for connections: those are what is defined here in its place.
 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>

#include <jansson.h>

#include "sim/operator/control.h"
#include "sim/operator/http_internal.h"
#include "sim/operator/phrase.h"
#include "sim/operator/token.h"
#include "switch/utf8.h"

enum { REQUESTS_MAX = 16, WORDS_MAX = 64, TOKEN_LENGTH = 64 };

/* What became of a request. */
struct asked {
	struct evhttp_request *request; /* NULL: its reply is over */
	bool may_ask, may_change, is_head, listens;
};

static struct event_base *base;
static struct letterbox *lines;
static struct token *token;
static char right[TOKEN_LENGTH + 1];
static struct evhttp_connection *connection;
static struct http *http;
static void (*on_request)(struct evhttp_request *request, void *arg);
static struct asked asked[REQUESTS_MAX];
static unsigned int count, comers;

/*--------------------------------------------------------------------
 * In libevent's place
 */

void
evhttp_set_gencb(struct evhttp *server,
    void (*callback)(struct evhttp_request *request, void *arg), void *arg)
{
	(void)server;
	must(arg != NULL, "no server asks");
	on_request = callback;
}

/* Each comes over another connection: nobody asks too often. */
evutil_socket_t
bufferevent_getfd(struct bufferevent *of)
{
	(void)of;
	return (evutil_socket_t)(++comers % INT16_MAX);
}

static struct asked *
find(const struct evhttp_request *request)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (asked[i].request == request)
			return &asked[i];
	must(false, "a reply to nobody, or a second one");
	return NULL;
}

static const char *
header_of(struct evhttp_request *request, const char *name)
{
	const char *value = evhttp_find_header(
	    evhttp_request_get_output_headers(request), name);

	must(value != NULL, "no %s", name);
	return value;
}

static void
expect_object(const struct asked *one, int status, const char *text)
{
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	const json_t *ok = json_object_get(root, "ok");

	must(root != NULL, "no JSON: %s", text);
	if (ok != NULL)
		must(json_is_true(ok) == (status == 200), "%d: %s", status,
		    text);
	if (json_is_false(ok))
		expect_clause(
		    json_string_value(json_object_get(root, "error")));
	must(one->may_ask || status == 403, "%d to a page from elsewhere: %s",
	    status, text);
	json_decref(root);
}

/* Of each line the first word, and the end that is promised. */
static void
expect_metrics(const char *text)
{
	static const char end[] = "# EOF\n";
	const char *at = text, *next;

	for (; (next = strchr(at, '\n')) != NULL; at = next + 1)
		must(strncmp(at, "# ", 2) == 0 ||
			strncmp(at, "hotswitch_", 10) == 0,
		    "no metric: %.80s", at);
	must(*at == '\0' && strlen(text) >= sizeof end - 1 &&
		strcmp(at - (sizeof end - 1), end) == 0,
	    "no end: %s", text);
}

static void
expect_body(const struct asked *one, int status, const char *text)
{
	const char *type = header_of(one->request, "Content-Type");
	const size_t length = strlen(text);
	const char *digits = header_of(one->request, "Content-Length");

	must(one->is_head ? length == 0 : strtoul(digits, NULL, 10) == length,
	    "%zu bytes are said to be %s", length, digits);
	if (one->is_head)
		return;
	if (strcmp(type, "application/json") == 0)
		expect_object(one, status, text);
	else if (strncmp(type, "application/openmetrics", 23) == 0)
		expect_metrics(text);
}

static void
end_of(struct asked *one)
{
	evhttp_request_free(one->request);
	one->request = NULL;
}

void
evhttp_send_reply(struct evhttp_request *request, int status,
    const char *reason, struct evbuffer *body)
{
	static const int promised[] = { 200, 400, 401, 403, 404, 405, 409, 414,
		429, 503 };
	struct asked *one = find(request);
	unsigned int i = 0;
	char *text;

	(void)reason;
	while (promised[i] != status)
		must(++i < sizeof promised / sizeof promised[0], "%d", status);
	(void)header_of(request, "Content-Security-Policy");
	if (one->is_head && body == NULL) {
		end_of(one); /* who would have listened */
		return;
	}
	text = text_of(evbuffer_pullup(body, -1), evbuffer_get_length(body));
	expect_body(one, status, text);
	free(text);
	end_of(one);
}

void
evhttp_send_reply_start(
    struct evhttp_request *request, int status, const char *reason)
{
	struct asked *one = find(request);

	(void)reason;
	must(status == 200 && one->may_ask && !one->listens, "it begins %d",
	    status);
	one->listens = true;
}

/* Server-sent: one line of data, and an empty one. */
void
evhttp_send_reply_chunk(struct evhttp_request *request, struct evbuffer *chunk)
{
	const size_t length = evbuffer_get_length(chunk);
	char *text = text_of(evbuffer_pullup(chunk, -1), length);

	must(find(request)->listens, "who does not listen is told");
	must(strncmp(text, "data: {", 7) == 0 &&
		strcspn(text, "\r\n") + 2 == length &&
		strcmp(text + length - 2, "\n\n") == 0,
	    "no event: %s", text);
	free(text);
}

void
evhttp_send_reply_end(struct evhttp_request *request)
{
	struct asked *one = find(request);

	must(one->listens, "what has not begun ends");
	end_of(one);
}

/*--------------------------------------------------------------------
 * What the switch is asked
 */

static void
expect_text(const struct letter *letter)
{
	must(letter->length <= CONTROL_LINE_MAX, "a line of %zu bytes",
	    letter->length);
	must(strlen(letter->text) == letter->length &&
		strpbrk(letter->text, "\r\n") == NULL,
	    "more than a line: %s", letter->text);
	must(utf8_is_text(letter->text, letter->length), "no text: %s",
	    letter->text);
}

static bool
someone(bool may_change)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (asked[i].may_ask && (asked[i].may_change || !may_change))
			return true;
	return false;
}

/* What anybody may ask for: a report, a ladder, or how the switch is. */
static bool
is_shown(const struct letter *letter)
{
	char *line = text_of((const uint8_t *)letter->text, letter->length);
	const char *words[WORDS_MAX];
	char why[128];
	int split = phrase_split(line, words, WORDS_MAX, why, sizeof why);
	bool is_shown = split == -E2BIG; /* that nobody will do */

	if (split == 1)
		is_shown = strcmp(words[0], "status") == 0;
	else if (split > 1 && strcmp(words[0], "report") == 0)
		is_shown = strcmp(words[split - 2], "-format") == 0 &&
		    strcmp(words[split - 1], "json") == 0;
	else if (split > 1 && strcmp(words[0], "ladder") == 0)
		is_shown = split == 2;
	free(line);
	return is_shown;
}

/* An alarm of the line's name: what is shown may be any text. */
static struct letter *
answer_status(const struct letter *line, const char *name)
{
	struct answer answer;

	answer_begin(&answer, true, "status");
	(void)fputs(
	    ",\"status\":{\"alarms\":[{\"severity\":\"minor\"", answer.out);
	answer_text(&answer, "name", name);
	(void)fputs("}]}", answer.out);
	return answer_end(&answer, line->client, true);
}

static struct letter *
answer_line(const struct letter *line, const char *name)
{
	struct answer answer;

	if (strcmp(line->text, "status") == 0)
		return answer_status(line, name);
	if (line->length % 3 > 0)
		return answer_refusal(line->client, line->text, "not now",
		    (int)(line->length % 3));
	answer_begin(&answer, true, line->text);
	answer_text(&answer, "text", "[]");
	return answer_end(&answer, line->client, true);
}

static void
answer_all(const char *name)
{
	struct letter *line, *answer;

	while ((line = letterbox_take(lines)) != NULL) {
		expect_text(line);
		must(someone(!is_shown(line)), "that may not be asked: %s",
		    line->text);
		answer = answer_line(line, name);
		http_give(http, answer);
		letter_free(answer);
		letter_free(line);
	}
}

/*--------------------------------------------------------------------
 * Requests
 */

/* The line at *at, ended; *at is behind it, NULL behind the last. */
static char *
next_line(char **at)
{
	char *line = *at, *end = strchr(line, '\n');

	*at = end == NULL ? NULL : end + 1;
	if (end != NULL)
		*end = '\0';
	return line;
}

static bool
read_first(struct evhttp_request *request, const char *line)
{
	request->type = strncmp(line, "POST ", 5) == 0 ? EVHTTP_REQ_POST
	    : strncmp(line, "HEAD ", 5) == 0	       ? EVHTTP_REQ_HEAD
						       : EVHTTP_REQ_GET;
	line = strchr(line, ' ');
	if (line == NULL)
		return false;
	request->uri_elems =
	    evhttp_uri_parse_with_flags(line + 1, EVHTTP_URI_NONCONFORMANT);
	return request->uri_elems != NULL;
}

static void
read_header(struct evhttp_request *request, char *line)
{
	char value[1024], *colon = strchr(line, ':');
	char *word;

	if (colon == NULL)
		return;
	*colon++ = '\0';
	colon += strspn(colon, " ");
	word = strstr(colon, "TOKEN");
	if (word == NULL)
		(void)snprintf(value, sizeof value, "%s", colon);
	else
		(void)snprintf(value, sizeof value, "%.*s%s%s",
		    (int)(word - colon), colon, right, word + 5);
	(void)evhttp_add_header(request->input_headers, line, value);
}

/* What the headers are for is asked in other words than the server's. */
static void
judge(struct asked *one)
{
	struct evkeyvalq *headers = one->request->input_headers;
	const char *host = evhttp_find_header(headers, "Host");
	const char *origin = evhttp_find_header(headers, "Origin");
	const char *said = evhttp_find_header(headers, "Authorization");
	char own[1024];

	(void)snprintf(own, sizeof own, "http://%s", host == NULL ? "" : host);
	one->may_ask = host != NULL &&
	    (strncmp(host, "localhost", 9) == 0 ||
		strncmp(host, "127.0.0.1", 9) == 0 ||
		strncmp(host, "::1", 3) == 0 ||
		strncmp(host, "[::1", 4) == 0) &&
	    (origin == NULL || strcmp(origin, own) == 0);
	one->may_change = said != NULL && strstr(said, right) != NULL &&
	    strlen(said) == TOKEN_LENGTH + 7;
}

static void
ask(char *text)
{
	struct evhttp_request *request = evhttp_request_new(NULL, NULL);
	struct asked *one = &asked[count];
	char *at = text;

	must(request != NULL, "no memory");
	if (!read_first(request, next_line(&at))) {
		evhttp_request_free(request); /* libevent refuses it */
		return;
	}
	while (at != NULL && *at != '\n')
		read_header(request, next_line(&at));
	if (at != NULL)
		(void)evbuffer_add(
		    request->input_buffer, at + 1, strlen(at + 1));
	request->evcon = connection;
	*one = (struct asked){ .request = request,
		.is_head = request->type == EVHTTP_REQ_HEAD };
	count++;
	judge(one);
	on_request(request, http);
}

static void
ask_all(char *text)
{
	char *end;

	for (; text != NULL && count < REQUESTS_MAX; text = end) {
		end = strstr(text, "\n~\n");
		if (end != NULL) {
			*end = '\0';
			end += 3;
		}
		ask(text);
	}
}

static void
read_token(const char *path)
{
	FILE *file = fopen(path, "r");

	must(
	    file != NULL && fread(right, 1, TOKEN_LENGTH, file) == TOKEN_LENGTH,
	    "no token in %s", path);
	(void)fclose(file);
	(void)unlink(path);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char path[] = "/tmp/fuzz_http.XXXXXX", why[128];
	int descriptor = mkstemp(path);

	(void)argc;
	(void)argv;
	(void)close(descriptor);
	must(token_alloc(&token, path, why, sizeof why) == 0, "%s", why);
	read_token(path);
	base = event_base_new();
	must(base != NULL && letterbox_alloc(&lines) == 0, "no memory");
	connection = evhttp_connection_base_bufferevent_new(
	    base, NULL, bufferevent_socket_new(base, -1, 0), "127.0.0.1", 9);
	must(connection != NULL, "no connection");
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct http_options options = { .descriptor = eventfd(0, 0),
		.address = "127.0.0.1:8080",
		.lines = lines,
		.token = token };
	char *text = text_of(bytes, size), *name = text_of(bytes, size);
	unsigned int i;
	bool ends;

	must(http_alloc(&http, base, &options) == 0, "no server");
	count = 0;
	ends = text[0] == '\n';
	ask_all(text + ends);
	if (ends)
		http_close(http);
	answer_all(name);
	if (!ends)
		http_close(http);
	must(http_is_idle(http), "somebody still waits");
	for (i = 0; i < count; i++)
		must(asked[i].request == NULL, "a request without a reply");
	http_free(&http);
	free(name);
	free(text);
	return 0;
}
