/*
 * letterbox: see letterbox.h for what it is.
 */
#include "sim/operator/letterbox.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "switch/object.h"

struct letterbox {
	unsigned int magic;
#define LETTERBOX_MAGIC 0x3d81a60b
	pthread_mutex_t mutex;
	struct letter *first, **last; /* where the next is put */
	int descriptor; /* an eventfd: not 0 while there are any */
};

int
letterbox_alloc(struct letterbox **ret_letterbox)
{
	struct letterbox *letterbox;

	if (ALLOC_OBJ(letterbox, LETTERBOX_MAGIC) == NULL)
		return -ENOMEM;
	letterbox->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (letterbox->descriptor < 0) {
		FREE_OBJ(&letterbox, LETTERBOX_MAGIC);
		return -errno;
	}
	(void)pthread_mutex_init(&letterbox->mutex, NULL);
	letterbox->last = &letterbox->first;
	*ret_letterbox = letterbox;
	return 0;
}

void
letterbox_free(struct letterbox **letterboxp)
{
	struct letter *letter;

	if (*letterboxp == NULL)
		return;
	CHECK_OBJ(*letterboxp, LETTERBOX_MAGIC);
	while ((letter = letterbox_take(*letterboxp)) != NULL)
		letter_free(letter);
	(void)close((*letterboxp)->descriptor);
	(void)pthread_mutex_destroy(&(*letterboxp)->mutex);
	FREE_OBJ(letterboxp, LETTERBOX_MAGIC);
}

struct letter *
letter_alloc(uint64_t client, const char *text, size_t length)
{
	struct letter *letter = object_alloc(sizeof *letter + length + 1);

	if (letter == NULL)
		return NULL;
	letter->client = client;
	letter->length = length;
	memcpy(letter->text, text, length);
	return letter;
}

void
letter_free(struct letter *letter)
{
	object_free(letter, sizeof *letter + letter->length + 1);
}

void
letterbox_put(struct letterbox *letterbox, struct letter *letter)
{
	const uint64_t one = 1;

	CHECK_OBJ(letterbox, LETTERBOX_MAGIC);
	letter->next = NULL;
	(void)pthread_mutex_lock(&letterbox->mutex);
	*letterbox->last = letter;
	letterbox->last = &letter->next;
	(void)pthread_mutex_unlock(&letterbox->mutex);
	(void)!write(letterbox->descriptor, &one, sizeof one);
}

/* Emptied only when it is: else who takes a few would not be called again. */
struct letter *
letterbox_take(struct letterbox *letterbox)
{
	struct letter *letter;
	uint64_t count;

	CHECK_OBJ(letterbox, LETTERBOX_MAGIC);
	(void)pthread_mutex_lock(&letterbox->mutex);
	letter = letterbox->first;
	if (letter != NULL)
		letterbox->first = letter->next;
	if (letterbox->first == NULL) {
		letterbox->last = &letterbox->first;
		(void)!read(letterbox->descriptor, &count, sizeof count);
	}
	(void)pthread_mutex_unlock(&letterbox->mutex);
	return letter;
}

int
letterbox_descriptor(const struct letterbox *letterbox)
{
	CHECK_OBJ(letterbox, LETTERBOX_MAGIC);
	return letterbox->descriptor;
}
