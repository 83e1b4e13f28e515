/*
 * ground: see ground.h for what it is.
 *
 *     IDLE --ask--> ASKED --populated--> READY --take--> IDLE
 *       ^             |
 *       +----failed---+
 *
 * Invariant: while ASKED the addresses are the thread's; the store neither
 * uses nor moves them.
 */
#include "switch/ground.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

#include "switch/object.h"
#include "switch/thread.h"

enum ground_state { GROUND_IDLE, GROUND_ASKED, GROUND_READY };

struct ground {
	unsigned int magic;
#define GROUND_MAGIC 0x96a0d5e7
	pthread_mutex_t mutex; /* of all below but the thread's name */
	pthread_cond_t asked, done;
	pthread_t thread;
	enum ground_state state;
	bool ends;
	uint8_t *start;
	size_t bytes;
};

int
ground_populate(uint8_t *start, size_t bytes)
{
	if (mprotect(start, bytes, PROT_READ | PROT_WRITE) != 0)
		return -ENOSPC;
	(void)madvise(start, bytes, MADV_HUGEPAGE); /* a wish, no more */
	if (madvise(start, bytes, MADV_POPULATE_WRITE) != 0 &&
	    errno != EINVAL && errno != ENOSYS) {
		(void)madvise(start, bytes, MADV_DONTNEED);
		(void)mprotect(start, bytes, PROT_NONE);
		return -ENOSPC;
	}
	return 0;
}

static void *
work(void *arg)
{
	struct ground *ground = arg;
	int error;

	thread_name("ground");
	(void)pthread_mutex_lock(&ground->mutex);
	while (!ground->ends) {
		if (ground->state != GROUND_ASKED) {
			(void)pthread_cond_wait(&ground->asked, &ground->mutex);
			continue;
		}
		(void)pthread_mutex_unlock(&ground->mutex);
		error = ground_populate(ground->start, ground->bytes);
		(void)pthread_mutex_lock(&ground->mutex);
		ground->state = error == 0 ? GROUND_READY : GROUND_IDLE;
		(void)pthread_cond_signal(&ground->done);
	}
	(void)pthread_mutex_unlock(&ground->mutex);
	return NULL;
}

static void
destroy(struct ground **groundp)
{
	struct ground *ground = *groundp;

	(void)pthread_cond_destroy(&ground->done);
	(void)pthread_cond_destroy(&ground->asked);
	(void)pthread_mutex_destroy(&ground->mutex);
	FREE_OBJ(groundp, GROUND_MAGIC);
}

static struct ground *
begin(void)
{
	struct ground *ground;

	if (ALLOC_OBJ(ground, GROUND_MAGIC) == NULL)
		return NULL;
	(void)pthread_mutex_init(&ground->mutex, NULL);
	(void)pthread_cond_init(&ground->asked, NULL);
	(void)pthread_cond_init(&ground->done, NULL);
	if (thread_start(&ground->thread, NULL, work, ground) != 0)
		destroy(&ground);
	return ground;
}

void
ground_ask(struct ground **groundp, uint8_t *start, size_t bytes)
{
	struct ground *ground = *groundp;

	if (ground == NULL)
		ground = *groundp = begin();
	if (ground == NULL)
		return;
	CHECK_OBJ(ground, GROUND_MAGIC);
	(void)pthread_mutex_lock(&ground->mutex);
	if (ground->state == GROUND_IDLE) {
		ground->start = start;
		ground->bytes = bytes;
		ground->state = GROUND_ASKED;
		(void)pthread_cond_signal(&ground->asked);
	}
	(void)pthread_mutex_unlock(&ground->mutex);
}

bool
ground_take(struct ground *ground)
{
	bool is_ready;

	if (ground == NULL)
		return false;
	CHECK_OBJ(ground, GROUND_MAGIC);
	(void)pthread_mutex_lock(&ground->mutex);
	while (ground->state == GROUND_ASKED)
		(void)pthread_cond_wait(&ground->done, &ground->mutex);
	is_ready = ground->state == GROUND_READY;
	ground->state = GROUND_IDLE;
	(void)pthread_mutex_unlock(&ground->mutex);
	return is_ready;
}

void
ground_free(struct ground **groundp)
{
	struct ground *ground = *groundp;

	if (ground == NULL)
		return;
	CHECK_OBJ(ground, GROUND_MAGIC);
	(void)pthread_mutex_lock(&ground->mutex);
	ground->ends = true;
	(void)pthread_cond_signal(&ground->asked);
	(void)pthread_mutex_unlock(&ground->mutex);
	(void)pthread_join(ground->thread, NULL);
	destroy(groundp);
}
