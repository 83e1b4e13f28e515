/*
 * object: see object.h for what it is.
 *
 * The seam counts down to a failure that a test has ordered.  The counter is
 * the one mutable global of the program: a test's order must reach every
 * allocation, and no object could carry it there.  Threads other than the
 * test's may allocate meanwhile, so it is atomic.
 */
#include "switch/object.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static atomic_long until_failure = -1;

static bool
must_fail(void)
{
	return atomic_load_explicit(&until_failure, memory_order_relaxed) >=
	    0 &&
	    atomic_fetch_sub(&until_failure, 1) == 0;
}

enum { SMALL_PAGE = 4096, HUGE_PAGE = 2 << 20 };

static bool
is_zero(const uint8_t *bytes, size_t size)
{
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0;
}

/*
 * To where all is zero: what nobody has used yet takes no memory there.  It is
 * zero where it comes from, too, but valgrind cannot know that of a page that
 * the kernel gave (tests/valgrind.supp).
 */
static void
copy_used(uint8_t *to, const uint8_t *from, size_t size)
{
	size_t at, part;

	for (at = 0; at < size; at += part) {
		part = size - at < SMALL_PAGE ? size - at : SMALL_PAGE;
		if (!is_zero(from + at, part))
			memcpy(to + at, from + at, part);
	}
}

/*
 * A table of lines or calls is touched at random.  In small pages what is
 * waited for first is where the page is, and 16 bytes behind the front of one,
 * where malloc(3) begins, half of the elements lie in two lines of the caches.
 * One that grows by an element at a time moves once in a huge page.
 */
static void *
realloc_large(void *old, size_t size)
{
	const size_t room = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	const size_t had = malloc_usable_size(old);
	uint8_t *table;

	if (had >= size)
		return old;
	table = aligned_alloc(HUGE_PAGE, room);
	if (table == NULL)
		return NULL;
	if (madvise(table, room, MADV_DONTNEED) != 0) /* zero from here on */
		memset(table, 0, room);
	(void)madvise(table, room, MADV_HUGEPAGE);
	copy_used(table, old, had);
	free(old);
	return table;
}

void *
object_alloc(size_t size)
{
	if (must_fail())
		return NULL;
	return calloc(1, size);
}

void *
object_realloc(void *old, size_t size)
{
	if (must_fail())
		return NULL;
	return size < 2 * HUGE_PAGE ? realloc(old, size)
				    : realloc_large(old, size);
}

enum { GROW_FIRST = 16 }; /* elements: own choice */

void *
object_grow(void *array, unsigned int count, unsigned int *room, size_t size)
{
	unsigned int more = *room == 0 ? GROW_FIRST : *room * 2;
	void *larger;

	if (count < *room)
		return array;
	larger = object_realloc(array, more * size);
	if (larger != NULL)
		*room = more;
	return larger;
}

void
object_free(void *object, size_t size)
{
	if (object == NULL)
		return;
	explicit_bzero(object, size);
	free(object);
}

void
object_fail_after(long n)
{
	atomic_store(&until_failure, n < 0 ? -1 : n);
}

bool
object_has_failed(void)
{
	return atomic_load(&until_failure) < 0;
}
