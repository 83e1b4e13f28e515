/*
 * operator: see operator.h for what it is.
 */
#include "sim/operator/operator.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>

#include "sim/operator/control.h"
#include "sim/operator/letterbox.h"
#include "switch/object.h"

enum {
	/* What one who reads slowly may keep the switch from ending. */
	LAST_WORDS_MS = 1000,
	LOOK_MS = 10
};

struct operator
{
	unsigned int magic;
#define OPERATOR_MAGIC 0x0b9e44d7
	struct operator_options options;
	struct event_base *base;
	struct event *mail,
	    *word; /* of home; of operator_close() and _free() */
	int word_fd;
	atomic_bool closes, ends;
	struct control *control;
	pthread_t thread;
	bool has_thread;
};

/*--------------------------------------------------------------------
 * On its thread
 */

static void
on_mail(evutil_socket_t descriptor, short what, void *arg)
{
	struct operator* operator= arg;
	struct letter *letter;

	(void)descriptor;
	(void)what;
	while ((letter = letterbox_take(operator->options.answers)) != NULL) {
		(void)control_give(operator->control, letter);
		letter_free(letter);
	}
}

static void
on_word(evutil_socket_t descriptor, short what, void *arg)
{
	struct operator* operator= arg;
	uint64_t count;

	(void)what;
	(void)!read(descriptor, &count, sizeof count);
	if (atomic_load(&operator->closes))
		control_close(operator->control);
	if (atomic_load(&operator->ends))
		(void)event_base_loopbreak(operator->base);
}

static void give_last_words(struct operator* operator)
{
	const struct timeval a_while = { .tv_usec = LOOK_MS * 1000 };
	unsigned int ms;

	control_close(operator->control);
	on_mail(-1, 0, operator);
	for (ms = 0; ms < LAST_WORDS_MS && !control_is_idle(operator->control);
	     ms += LOOK_MS) {
		(void)event_base_loopexit(operator->base, &a_while);
		(void)event_base_dispatch(operator->base);
	}
}

static void *
serve(void *arg)
{
	struct operator* operator= arg;

	while (!atomic_load(&operator->ends))
		(void)event_base_dispatch(operator->base);
	give_last_words(operator);
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

static int build(struct operator* operator)
{
	int result;

	operator->word_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (operator->word_fd<0)
		return -errno;
	operator->base = event_base_new();
	if (operator->base == NULL)
		return -ENOMEM;
	result = add(&operator->mail,
	    event_new(operator->base,
		letterbox_descriptor(operator->options.answers),
		EV_READ | EV_PERSIST, on_mail, operator));
	if (result == 0)
		result = add(&operator->word,
		    event_new(operator->base, operator->word_fd,
			EV_READ | EV_PERSIST, on_word, operator));
	if (result == 0)
		result =
		    control_alloc(&operator->control, operator->base,
						      operator->options.control,
						      operator->options.lines);
	return result;
}

int
operator_alloc(
    struct operator** ret_operator, const struct operator_options *options)
{
	struct operator* operator;
	int result;

	if (ALLOC_OBJ(operator, OPERATOR_MAGIC) == NULL)
		return -ENOMEM;
	operator->options = * options;
	result = build(operator);
	if (result != 0)
		operator_free(&operator);
	else
		*ret_operator = operator;
	return result;
}

/* Signals are for the threads of the switch. */
int operator_start(struct operator* operator)
{
	sigset_t all, before;
	int result;

	CHECK_OBJ(operator, OPERATOR_MAGIC);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	result = pthread_create(&operator->thread, NULL, serve, operator);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	operator->has_thread = result == 0;
	return -result;
}

static void send_word(struct operator* operator)
{
	const uint64_t one = 1;

	(void)!write(operator->word_fd, &one, sizeof one);
}

void operator_close(struct operator* operator)
{
	CHECK_OBJ(operator, OPERATOR_MAGIC);
	atomic_store(&operator->closes, true);
	send_word(operator);
}

static void
take_away(struct event *event)
{
	if (event != NULL)
		event_free(event);
}

void operator_free(struct operator** operatorp)
{
	struct operator* operator= * operatorp;

	if (operator== NULL)
		return;
	CHECK_OBJ(operator, OPERATOR_MAGIC);
	atomic_store(&operator->ends, true);
	send_word(operator);
	if (operator->has_thread)
		(void)pthread_join(operator->thread, NULL);
	control_free(&operator->control);
	take_away(operator->mail);
	take_away(operator->word);
	if (operator->base != NULL)
		event_base_free(operator->base);
	if (operator->word_fd >= 0)
		(void)close(operator->word_fd);
	FREE_OBJ(operatorp, OPERATOR_MAGIC);
}
