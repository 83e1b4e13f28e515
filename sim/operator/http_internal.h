/*
 * Private to sim/operator/http*.c and listeners.c.
 *
 * http.c is the server and who may ask it, http_route.c what each path is,
 * listeners.c has those who wait for events.
 */
#ifndef SIM_OPERATOR_HTTP_INTERNAL_H
#define SIM_OPERATOR_HTTP_INTERNAL_H

#include "sim/operator/answer.h"
#include "sim/operator/http.h"

struct evhttp_request;
struct listeners;

void http_send(struct evhttp_request *request, int status, const char *type,
    const char *bytes, size_t length);
/* One JSON object, as from the control socket. */
void http_refuse(struct evhttp_request *request, int status, const char *why);

/* Whether he knows the token; else he has been told. */
bool http_may_change(struct http *http, struct evhttp_request *request);

/* The switch does the line; `answer` gets the last object of its answer. */
typedef void http_answer_f(
    struct evhttp_request *request, const struct letter *letter);
void http_ask(struct http *http, struct evhttp_request *request,
    const char *line, http_answer_f *answer);
/* Likewise `status`, one for all who ask at the time. */
void http_ask_status(
    struct http *http, struct evhttp_request *request, http_answer_f *answer);

/* He is told each status from now on. */
void http_listen(struct http *http, struct evhttp_request *request);

/* Answers a request that may be asked. */
void http_route(struct http *http, struct evhttp_request *request);

/*
 * Requests that stay open and are sent events (HTML, 9.2).  One who does not
 * read them is dropped.
 */
enum { LISTENERS_MAX = 64 };
int listeners_alloc(struct listeners **ret_listeners);
void listeners_free(struct listeners **listenersp);
/* While there are fewer than LISTENERS_MAX. */
void listeners_add(struct listeners *listeners, struct evhttp_request *request);
unsigned int listeners_count(const struct listeners *listeners);
void listeners_give(struct listeners *listeners, const struct letter *letter);
/* Each reply ends. */
void listeners_close(struct listeners *listeners);

#endif
