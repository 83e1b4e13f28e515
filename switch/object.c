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

/* A new one, from the front of a page on, with what the old one holds. */
static void *
begin_large(void *old, size_t size)
{
	const size_t room = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	const size_t had = malloc_usable_size(old);
	void *table = aligned_alloc(HUGE_PAGE, room);

	if (table == NULL)
		return NULL;
	if (old != NULL)
		memcpy(table, old, had < size ? had : size);
	free(old);
	return table;
}

/*
 * A table of lines or calls is touched at random.  In small pages what is
 * waited for first is where the page is, and 16 bytes behind the front of one,
 * where malloc(3) begins, half of the elements lie in two lines of the caches.
 * One that is large already is moved by its pages: what nobody has used of it
 * stays untouched, and takes no memory.
 */
static void *
realloc_large(void *old, size_t size)
{
	const bool is_large = old != NULL && (uintptr_t)old % SMALL_PAGE == 0;
	void *table = is_large ? realloc(old, size) : begin_large(old, size);

	if (table != NULL)
		(void)madvise(table, size, MADV_HUGEPAGE);
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
