/*
 * object: long-lived structures with a magic, and the one seam through which
 * the host allocates memory.
 *
 * An object's first member is `unsigned int magic`, a random number of its
 * type; CHECK_OBJ() opens every public function that is given one, and
 * FREE_OBJ() wipes the whole, so that a stale pointer is met at once.
 * Bugs die here by assert; being out of memory is an answer (NULL).
 */
#ifndef SWITCH_OBJECT_H
#define SWITCH_OBJECT_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Zeroed memory, or NULL.  Every allocation of the host's own objects passes
 * here, so that a test can make the n-th one fail (object_fail_after).
 */
void *object_alloc(size_t size);

/* As realloc(3) through the same seam; what is added is not zeroed. */
void *object_realloc(void *old, size_t size);

/*
 * Room for one more element of `size` bytes behind the `count` that `array`
 * has, which was made here: the array, that may have moved, and *room is how
 * many it holds (0 at first, with NULL).  NULL without memory, and all is as it
 * was.
 */
void *object_grow(
    void *array, unsigned int count, unsigned int *room, size_t size);

/* Wipes `size` bytes and releases them; NULL is welcome. */
void object_free(void *object, size_t size);

/*
 * For tests: the allocation after `n` more successful ones fails, once.
 * A negative `n` ends it.
 */
void object_fail_after(long n);
bool object_has_failed(void); /* or nothing was ordered */

#define ALLOC_OBJ(object, type_magic) ALLOC_OBJ_EXTRA(object, type_magic, 0)

/* `object` with `extra` bytes behind it, zeroed, its magic set; or NULL. */
#define ALLOC_OBJ_EXTRA(object, type_magic, extra)                             \
	(((object) = object_alloc(sizeof *(object) + (extra))) == NULL         \
		? NULL                                                         \
		: ((object)->magic = (type_magic), (object)))

#define CHECK_OBJ(object, type_magic)                                          \
	assert((object) != NULL && (object)->magic == (type_magic))

/* Wipes and frees *objectp and sets it to NULL; NULL inside is welcome. */
#define FREE_OBJ(objectp, type_magic)                                          \
	do {                                                                   \
		if (*(objectp) == NULL)                                        \
			break;                                                 \
		CHECK_OBJ(*(objectp), type_magic);                             \
		object_free(*(objectp), sizeof **(objectp));                   \
		*(objectp) = NULL;                                             \
	} while (0)

#endif
