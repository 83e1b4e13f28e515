/*
 * operators: see operators.h for what it is.
 */
#include "sim/operator/operators.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>

#include "sim/operator/control.h"
#include "sim/operator/http.h"
#include "sim/operator/letterbox.h"
#include "switch/object.h"
#include "switch/thread.h"

enum {
	/* What one who reads slowly may keep the switch from ending. */
	LAST_WORDS_MS = 1000,
	LOOK_MS = 10
};

struct operators {
	unsigned int magic;
#define OPERATORS_MAGIC 0x0b9e44d7
	struct operators_options options;
	struct event_base *base;
	struct event *mail,
	    *word; /* of home; of operators_close() and _free() */
	int word_fd;
	atomic_bool closes, ends;
	struct control *control;
	struct http *http; /* or NULL */
	pthread_t thread;
	bool has_thread;
};

/*--------------------------------------------------------------------
 * On its thread
 */

static void
on_mail(evutil_socket_t descriptor, short what, void *arg)
{
	struct operators *operators = arg;
	struct letter *letter;

	(void)descriptor;
	(void)what;
	while ((letter = letterbox_take(operators->options.answers)) != NULL) {
		if (!control_give(operators->control, letter) &&
		    operators->http != NULL)
			(void)http_give(operators->http, letter);
		letter_free(letter);
	}
}

static void
close_ports(struct operators *operators)
{
	control_close(operators->control);
	if (operators->http != NULL)
		http_close(operators->http);
}

static bool
is_idle(const struct operators *operators)
{
	return control_is_idle(operators->control) &&
	    (operators->http == NULL || http_is_idle(operators->http));
}

static void
on_word(evutil_socket_t descriptor, short what, void *arg)
{
	struct operators *operators = arg;
	uint64_t count;

	(void)what;
	(void)!read(descriptor, &count, sizeof count);
	if (atomic_load(&operators->closes))
		close_ports(operators);
	if (atomic_load(&operators->ends))
		(void)event_base_loopbreak(operators->base);
}

static void
give_last_words(struct operators *operators)
{
	const struct timeval a_while = { .tv_usec = LOOK_MS * 1000 };
	unsigned int ms;

	close_ports(operators);
	on_mail(-1, 0, operators);
	for (ms = 0; ms < LAST_WORDS_MS && !is_idle(operators); ms += LOOK_MS) {
		(void)event_base_loopexit(operators->base, &a_while);
		(void)event_base_dispatch(operators->base);
	}
}

static void *
serve(void *arg)
{
	struct operators *operators = arg;

	while (!atomic_load(&operators->ends))
		(void)event_base_dispatch(operators->base);
	give_last_words(operators);
	return NULL;
}

/*--------------------------------------------------------------------
 * On others'
 */

static int
add(struct event **ret_event, struct event *event)
{
	*ret_event = event;
	return event != NULL && event_add(event, NULL) == 0 ? 0 : -ENOMEM;
}

static int
open_http(struct operators *operators)
{
	const struct http_options options = {
		.descriptor = operators->options.http,
		.address = operators->options.address,
		.lines = operators->options.lines,
		.token = operators->options.token,
		.logger = operators->options.logger,
	};

	return http_alloc(&operators->http, operators->base, &options);
}

static int
build(struct operators *operators)
{
	int result;

	operators->word_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (operators->word_fd < 0)
		return -errno;
	operators->base = event_base_new();
	if (operators->base == NULL)
		return -ENOMEM;
	result = add(&operators->mail,
	    event_new(operators->base,
		letterbox_descriptor(operators->options.answers),
		EV_READ | EV_PERSIST, on_mail, operators));
	if (result == 0)
		result = add(&operators->word,
		    event_new(operators->base, operators->word_fd,
			EV_READ | EV_PERSIST, on_word, operators));
	if (result == 0)
		result = control_alloc(&operators->control, operators->base,
		    operators->options.control, operators->options.lines);
	if (result == 0 && operators->options.http >= 0)
		result = open_http(operators);
	return result;
}

int
operators_alloc(
    struct operators **ret_operators, const struct operators_options *options)
{
	struct operators *operators;
	int result;

	if (ALLOC_OBJ(operators, OPERATORS_MAGIC) == NULL)
		return -ENOMEM;
	operators->options = *options;
	result = build(operators);
	if (result != 0)
		operators_free(&operators);
	else
		*ret_operators = operators;
	return result;
}

int
operators_start(struct operators *operators)
{
	int result;

	CHECK_OBJ(operators, OPERATORS_MAGIC);
	result = thread_start(&operators->thread, NULL, serve, operators);
	operators->has_thread = result == 0;
	return result;
}

static void
send_word(struct operators *operators)
{
	const uint64_t one = 1;

	(void)!write(operators->word_fd, &one, sizeof one);
}

void
operators_close(struct operators *operators)
{
	CHECK_OBJ(operators, OPERATORS_MAGIC);
	atomic_store(&operators->closes, true);
	send_word(operators);
}

static void
take_away(struct event *event)
{
	if (event != NULL)
		event_free(event);
}

void
operators_free(struct operators **operatorsp)
{
	struct operators *operators = *operatorsp;

	if (operators == NULL)
		return;
	CHECK_OBJ(operators, OPERATORS_MAGIC);
	atomic_store(&operators->ends, true);
	send_word(operators);
	if (operators->has_thread)
		(void)pthread_join(operators->thread, NULL);
	control_free(&operators->control);
	http_free(&operators->http);
	take_away(operators->mail);
	take_away(operators->word);
	if (operators->base != NULL)
		event_base_free(operators->base);
	if (operators->word_fd >= 0)
		(void)close(operators->word_fd);
	FREE_OBJ(operatorsp, OPERATORS_MAGIC);
}
