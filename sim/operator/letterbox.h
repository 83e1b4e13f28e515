/*
 * letterbox: letters from one thread to another.
 *
 * A switch in service has two, since its operators are not on the thread of
 * its calls: their lines go one way, what is answered comes back the other.
 * Whoever reads one waits in an event loop, for a descriptor that is readable
 * while there are letters.
 *
 * Invariants: letters are taken in the order in which they were put; one is
 * of whoever holds it; any thread may put, one alone takes.
 */
#ifndef SIM_OPERATOR_LETTERBOX_H
#define SIM_OPERATOR_LETTERBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct letterbox;

struct letter {
	struct letter *next;
	uint64_t client; /* of whom, or for whom */
	uint32_t user;	 /* his uid */
	bool is_last;	 /* of an answer: no more of it comes */
	bool is_parting; /* he who sent it is gone; it has no text */
	size_t length;	 /* of the text, without its NUL */
	char text[];
};

/* -errno of eventfd(2), or -ENOMEM. */
int letterbox_alloc(struct letterbox **ret_letterbox);
void letterbox_free(struct letterbox **letterboxp); /* with what is in it */

/* NULL without memory; the text is copied. */
struct letter *letter_alloc(uint64_t client, const char *text, size_t length);
void letter_free(struct letter *letter);

/* From any thread; the letter is the letterbox's from then on. */
void letterbox_put(struct letterbox *letterbox, struct letter *letter);

/* The oldest, or NULL; for one thread. */
struct letter *letterbox_take(struct letterbox *letterbox);

/* Readable while there may be letters; read by letterbox_take() alone. */
int letterbox_descriptor(const struct letterbox *letterbox);

#endif
