/*
 * http_route: what each path answers.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include <jansson.h>

#include "sim/operator/asset.h"
#include "sim/operator/http_internal.h"
#include "sim/operator/metrics.h"
#include "sim/operator/phrase.h"
#include "switch/nearest.h"

enum { LINE_SIZE = 64 * 1024 };

static const char of_json[] = "application/json";

/*--------------------------------------------------------------------
 * Answers of the switch
 */

/* What was not done is the request's fault, or the switch's state, or end. */
static int
status_of(const struct letter *letter)
{
	static const char ok[] = "{\"ok\":true"; /* as each begins */
	json_int_t status;
	json_t *answer;

	if (strncmp(letter->text, ok, sizeof ok - 1) == 0)
		return 200;
	answer = json_loads(letter->text, 0, NULL);
	status = json_integer_value(json_object_get(answer, "status"));
	json_decref(answer);
	return status == 2 ? 400 : status == 3 ? 503 : 409;
}

static void
answer_json(struct evhttp_request *request, const struct letter *letter)
{
	http_send(
	    request, status_of(letter), of_json, letter->text, letter->length);
}

static void
answer_metrics(struct evhttp_request *request, const struct letter *letter)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int result = out == NULL ? -ENOMEM : metrics_write(out, letter->text);

	if (out != NULL && fclose(out) != 0)
		result = -ENOMEM;
	if (result == 0)
		http_send(request, 200,
		    "application/openmetrics-text; version=1.0.0; "
		    "charset=utf-8",
		    text, length);
	else
		http_refuse(request, 503, "the switch does not say how it is");
	free(text);
}

/* A report that was asked for as JSON stands in the text of the answer. */
static void
answer_report(struct evhttp_request *request, const struct letter *letter)
{
	json_t *answer = json_loads(letter->text, 0, NULL);
	const char *text = json_string_value(json_object_get(answer, "text"));

	if (text == NULL)
		answer_json(request, letter);
	else
		http_send(request, 200, of_json, text, strlen(text));
	json_decref(answer);
}

/*--------------------------------------------------------------------
 * Lines
 */

static const char *
method_of(struct evhttp_request *request)
{
	return evhttp_request_get_command(request) == EVHTTP_REQ_POST ? "POST"
								      : "GET";
}

/* A word behind others on a line; false: there is no room. */
static bool
add_word(char *line, size_t size, const char *word)
{
	size_t at = strlen(line);
	int length;

	if (at + 2 >= size)
		return false;
	line[at++] = ' ';
	length = phrase_quote(word, line + at, size - at);
	return length >= 0;
}

/* `NAME/WORD...` and, of each item of the query, NAME=VALUE. */
static void
ask_report(struct http *http, struct evhttp_request *request, const char *path)
{
	static const char options[] = "where limit";
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	const char *query = evhttp_uri_get_query(uri);
	struct evkeyvalq items;
	struct evkeyval *item;
	char line[4096] = "report", word[1024], *at, *next, *decoded;
	bool fits = true;

	decoded = evhttp_uridecode(path, 0, NULL);
	for (at = decoded; at != NULL && fits; at = next) {
		next = strchr(at, '/');
		if (next != NULL)
			*next++ = '\0';
		fits = add_word(line, sizeof line, at);
	}
	free(decoded);
	if (evhttp_parse_query_str(query == NULL ? "" : query, &items) != 0) {
		http_refuse(request, 400, "the query cannot be read");
		return;
	}
	for (item = items.tqh_first; item != NULL && fits;
	     item = item->next.tqe_next) {
		if (word_is_in(item->key, options)) {
			(void)snprintf(word, sizeof word, "-%s", item->key);
			fits = add_word(line, sizeof line, word) &&
			    add_word(line, sizeof line, item->value);
			continue;
		}
		(void)snprintf(
		    word, sizeof word, "%s=%s", item->key, item->value);
		fits = add_word(line, sizeof line, word);
	}
	evhttp_clear_headers(&items);
	if (fits && add_word(line, sizeof line, "-format") &&
	    add_word(line, sizeof line, "json"))
		http_ask(http, request, line, answer_report);
	else
		http_refuse(request, 414, "the address is too long");
}

/* What has gone between the parties of a call that has a name, so far. */
static void
ask_ladder(struct http *http, struct evhttp_request *request, const char *name)
{
	char line[1024] = "ladder";
	char *decoded = evhttp_uridecode(name, 0, NULL);
	bool fits = decoded != NULL && add_word(line, sizeof line, decoded);

	free(decoded);
	if (fits)
		http_ask(http, request, line, answer_json);
	else
		http_refuse(request, 414, "the address is too long");
}

/* {"line":"..."} */
static void
ask_command(struct http *http, struct evhttp_request *request)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(request);
	size_t length = evbuffer_get_length(body);
	json_t *root = json_loadb(
	    (const char *)evbuffer_pullup(body, -1), length, 0, NULL);
	const char *line = json_string_value(json_object_get(root, "line"));

	if (line == NULL || strpbrk(line, "\r\n") != NULL)
		http_refuse(request, 400,
		    "the body is to be {\"line\": \"a command on one line\"}");
	else
		http_ask(http, request, line, answer_json);
	json_decref(root);
}

/*--------------------------------------------------------------------
 * Paths
 */

static void
route_post(struct http *http, struct evhttp_request *request, const char *path)
{
	if (strcmp(path, "/api/v1/command") != 0)
		http_refuse(request, 404, "nothing can be posted there");
	else if (http_may_change(http, request))
		ask_command(http, request);
}

static void
route_get(struct http *http, struct evhttp_request *request, const char *path)
{
	static const char reports[] = "/api/v1/reports/";
	static const char ladders[] = "/api/v1/ladders/";
	const struct asset *asset = asset_find(path);

	if (asset != NULL)
		http_send(
		    request, 200, asset->type, asset->bytes, asset->length);
	else if (strcmp(path, "/metrics") == 0)
		http_ask_status(http, request, answer_metrics);
	else if (strcmp(path, "/api/v1/status") == 0)
		http_ask_status(http, request, answer_json);
	else if (strcmp(path, "/api/v1/events") == 0)
		http_listen(http, request);
	else if (strncmp(path, reports, sizeof reports - 1) == 0)
		ask_report(http, request, path + sizeof reports - 1);
	else if (strncmp(path, ladders, sizeof ladders - 1) == 0)
		ask_ladder(http, request, path + sizeof ladders - 1);
	else if (strcmp(path, "/api/v1/command") == 0)
		http_refuse(request, 405, "a command is posted");
	else
		http_refuse(request, 404,
		    "there is no such page; /api/v1/openapi.json says what "
		    "there is");
}

void
http_route(struct http *http, struct evhttp_request *request)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	const char *path = uri == NULL ? NULL : evhttp_uri_get_path(uri);

	if (path == NULL || strlen(path) > LINE_SIZE)
		http_refuse(request, 400, "the address cannot be read");
	else if (strcmp(method_of(request), "POST") == 0)
		route_post(http, request, path);
	else
		route_get(http, request, path[0] == '\0' ? "/" : path);
}
