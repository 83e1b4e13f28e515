/*
 * position: see position.h for what it is.
 */
#include "sim/operator/position.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>

#include "sim/operator/letterbox.h"
#include "sim/operator/listening.h"
#include "switch/object.h"
#include "switch/thread.h"

enum {
	/*
	 * What one who reads slowly may keep the switch from ending; and if it
	 * waits for its calls, too: far less than systemd waits for it.
	 */
	LAST_WORDS_MS = 1000,
	PATIENT_MS = 10000,
	LOOK_MS = 10
};

struct position {
	unsigned int magic;
#define POSITION_MAGIC 0x0b9e44d7
	struct position_options options;
	struct event_base *base;
	struct event *mail, *word; /* of home; of position_stop() */
	int word_fd;
	atomic_bool ends;
	pthread_t thread;
	bool has_thread;
};

/*--------------------------------------------------------------------
 * On its thread
 */

static void
on_mail(evutil_socket_t descriptor, short what, void *arg)
{
	struct position *position = arg;
	struct letter *letter;

	(void)descriptor;
	(void)what;
	while ((letter = letterbox_take(position->options.mail)) != NULL) {
		position->options.give(position->options.arg, &letter);
		letter_free(letter);
	}
}

static void
on_word(evutil_socket_t descriptor, short what, void *arg)
{
	struct position *position = arg;
	uint64_t count;

	(void)what;
	(void)!read(descriptor, &count, sizeof count);
	if (atomic_load(&position->ends))
		(void)event_base_loopbreak(position->base);
}

/* What has just been answered is written by its loop, not before. */
static void
give_last_words(struct position *position)
{
	const struct position_options *options = &position->options;
	const struct timeval a_while = { .tv_usec = LOOK_MS * 1000 };
	const unsigned int most =
	    options->is_patient ? PATIENT_MS : LAST_WORDS_MS;
	unsigned int ms = 0;

	options->close(options->arg);
	on_mail(-1, 0, position);
	do {
		(void)event_base_loopexit(position->base, &a_while);
		(void)event_base_dispatch(position->base);
		ms += LOOK_MS;
	} while (ms < most &&
	    !(options->is_idle(options->arg) &&
		listening_is_read(position->base)));
}

static void *
serve(void *arg)
{
	struct position *position = arg;

	thread_name(position->options.name);
	if (position->options.stands_back)
		thread_stand_back();
	while (!atomic_load(&position->ends))
		(void)event_base_dispatch(position->base);
	give_last_words(position);
	return NULL;
}

/*--------------------------------------------------------------------
 * On others'
 */

static int
build(struct position *position)
{
	const struct letterbox *mail = position->options.mail;
	int result;

	position->word_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (position->word_fd < 0)
		return -errno;
	position->base = event_base_new();
	if (position->base == NULL)
		return -ENOMEM;
	result = listening_begin(&position->mail,
	    event_new(position->base, letterbox_descriptor(mail),
		EV_READ | EV_PERSIST, on_mail, position));
	if (result == 0)
		result = listening_begin(&position->word,
		    event_new(position->base, position->word_fd,
			EV_READ | EV_PERSIST, on_word, position));
	return result;
}

int
position_alloc(
    struct position **ret_position, const struct position_options *options)
{
	struct position *position;
	int result;

	if (ALLOC_OBJ(position, POSITION_MAGIC) == NULL)
		return -ENOMEM;
	position->options = *options;
	result = build(position);
	if (result != 0)
		position_free(&position);
	else
		*ret_position = position;
	return result;
}

struct event_base *
position_base(struct position *position)
{
	CHECK_OBJ(position, POSITION_MAGIC);
	return position->base;
}

int
position_start(struct position *position)
{
	int result;

	CHECK_OBJ(position, POSITION_MAGIC);
	result = thread_start(&position->thread, NULL, serve, position);
	position->has_thread = result == 0;
	return result;
}

void
position_stop(struct position *position)
{
	const uint64_t one = 1;

	CHECK_OBJ(position, POSITION_MAGIC);
	if (!position->has_thread)
		return;
	atomic_store(&position->ends, true);
	(void)!write(position->word_fd, &one, sizeof one);
	(void)pthread_join(position->thread, NULL);
	position->has_thread = false;
}

void
position_free(struct position **positionp)
{
	struct position *position = *positionp;

	if (position == NULL)
		return;
	CHECK_OBJ(position, POSITION_MAGIC);
	position_stop(position);
	listening_end(&position->mail);
	listening_end(&position->word);
	if (position->base != NULL)
		event_base_free(position->base);
	if (position->word_fd >= 0)
		(void)close(position->word_fd);
	FREE_OBJ(positionp, POSITION_MAGIC);
}
