/*
 * http: operators in a browser, and what counts the switch.
 *
 *   GET  /                      the live page, and what belongs to it
 *   GET  /metrics               OpenMetrics
 *   GET  /api/v1/status         as the command `status`
 *   GET  /api/v1/events         the same again and again, server-sent events
 *   GET  /api/v1/reports/NAME   a report as JSON
 *   GET  /api/v1/openapi.json   what all this is
 *   POST /api/v1/command        a line of the language; needs the token
 *
 * Only the last can change anything.  Host and Origin are looked at, so that
 * no page from elsewhere comes here in a browser's name; sizes, times and
 * numbers are bounded.  For the thread of its base alone.
 */
#ifndef SIM_OPERATOR_HTTP_H
#define SIM_OPERATOR_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/operator/letterbox.h"

struct event_base;
struct http;
struct logger;
struct token;

struct http_options {
	int descriptor;	     /* listens */
	const char *address; /* as it was asked for, "127.0.0.1:8080" */
	struct letterbox *lines;
	struct token *token;
	struct logger *logger;
};

/* -ENOMEM. */
int http_alloc(struct http **ret_http, struct event_base *base,
    const struct http_options *options);
void http_free(struct http **httpp);

/* What was answered; of one who has gone nobody hears. */
void http_give(struct http *http, const struct letter *letter);

/* No new requests; whether any is still to be answered. */
void http_close(struct http *http);
bool http_is_idle(const struct http *http);

#endif
