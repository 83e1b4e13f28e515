/*
 * letterbox: see letterbox.h for what it is.
 *
 * Those who put push onto a stack, and who takes takes all of it and turns it
 * over.  There is no lock: whoever puts may be of a lower priority than who
 * takes, and must not be able to keep him waiting.
 */
#include "sim/operator/letterbox.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "switch/object.h"

struct letterbox {
	unsigned int magic;
#define LETTERBOX_MAGIC 0x3d81a60b
	_Atomic(struct letter *) put; /* the last first */
	struct letter *first;	      /* of those taken out of there */
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
	if (letter != NULL)
		object_free(letter, sizeof *letter + letter->length + 1);
}

static void
tell(struct letterbox *letterbox)
{
	const uint64_t one = 1;

	(void)!write(letterbox->descriptor, &one, sizeof one);
}

/* Only the first of several need tell. */
void
letterbox_put(struct letterbox *letterbox, struct letter *letter)
{
	struct letter *before;

	CHECK_OBJ(letterbox, LETTERBOX_MAGIC);
	before = atomic_load(&letterbox->put);
	do {
		letter->next = before;
	} while (
	    !atomic_compare_exchange_weak(&letterbox->put, &before, letter));
	if (before == NULL)
		tell(letterbox);
}

/* All that has been put, the first first. */
static struct letter *
empty(struct letterbox *letterbox)
{
	struct letter *from = atomic_exchange(&letterbox->put, NULL);
	struct letter *to = NULL, *next;

	for (; from != NULL; from = next) {
		next = from->next;
		from->next = to;
		to = from;
	}
	return to;
}

/*
 * It is silent only when it is empty, else who takes a few would not be called
 * again.  Who put one just before was not heard, perhaps.
 */
static struct letter *
empty_or_silence(struct letterbox *letterbox)
{
	struct letter *letters = empty(letterbox);
	uint64_t count;

	if (letters != NULL)
		return letters;
	(void)!read(letterbox->descriptor, &count, sizeof count);
	letters = empty(letterbox);
	if (letters != NULL)
		tell(letterbox);
	return letters;
}

struct letter *
letterbox_take(struct letterbox *letterbox)
{
	struct letter *letter;

	CHECK_OBJ(letterbox, LETTERBOX_MAGIC);
	if (letterbox->first == NULL)
		letterbox->first = empty_or_silence(letterbox);
	letter = letterbox->first;
	if (letter != NULL)
		letterbox->first = letter->next;
	return letter;
}

int
letterbox_descriptor(const struct letterbox *letterbox)
{
	CHECK_OBJ(letterbox, LETTERBOX_MAGIC);
	return letterbox->descriptor;
}
