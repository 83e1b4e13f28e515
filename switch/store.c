/*
 * store: see store.h for what it is.
 *
 * Size classes: steps of 16 bytes up to 1 KiB, of 256 up to 8 KiB, of 4 KiB up
 * to 64 KiB.  A class takes slabs of 64 KiB (512 KiB for the large ones) from
 * the front of what is left and cuts them into pieces lazily, so that a slab
 * is touched only as far as it is used.  A free piece holds the ref of the
 * next one in its first bytes; last in, first out, for the caches' sake.
 *
 * Invariants:
 *   1. everything below table_end and between heap_start and heap_end is
 *      mapped, populated and writable, all else is PROT_NONE;
 *   2. every piece is on exactly one list of free ones, or taken, or beyond
 *      its class's `fresh`;
 *   3. ref 0 is slot 0's header, which no process ever has.
 */
#include "switch/store.h"

#include <errno.h>
#include <sys/mman.h>

#include "switch/object.h"

enum {
	SMALL_MAX = 1024,
	MIDDLE_MAX = 8192,
	SMALL_STEP = 16,
	MIDDLE_STEP = 256,
	LARGE_STEP = 4096,
	CLASSES = SMALL_MAX / SMALL_STEP +
	    (MIDDLE_MAX - SMALL_MAX) / MIDDLE_STEP +
	    (STORE_PIECE_MAX - MIDDLE_MAX) / LARGE_STEP,
	SLAB = 64 << 10,
	LARGE_SLAB = 512 << 10
};

/* Design 3: populated steps; 2^32 units is what a ref can say. */
#define STEP	    (UINT64_C(16) << 20)
#define HUGE_PAGE   (UINT64_C(2) << 20)
#define RESERVE_MAX ((UINT64_C(1) << 32) * STORE_UNIT)
#define TABLE_BYTES ((uint64_t)STORE_SLOTS * STORE_HEADER)

struct class {
	uint32_t free;	     /* the first free piece, or 0 */
	uint32_t size;	     /* bytes of a piece */
	uint64_t fresh, end; /* the part of the last slab not yet cut */
};

struct store_heap {
	unsigned int magic;
#define HEAP_MAGIC 0x4ea951ab
	void *mapping;
	uint64_t mapped; /* bytes of the mapping */
	uint64_t size;	 /* bytes of the range */
	uint64_t table_end, next, heap_end;
	struct class classes[CLASSES];
};

static unsigned int
class_of(size_t size)
{
	unsigned int small = SMALL_MAX / SMALL_STEP;
	unsigned int middle = (MIDDLE_MAX - SMALL_MAX) / MIDDLE_STEP;

	assert(size > 0 && size <= STORE_PIECE_MAX);
	if (size <= SMALL_MAX)
		return (unsigned int)((size - 1) / SMALL_STEP);
	if (size <= MIDDLE_MAX)
		return small +
		    (unsigned int)((size - SMALL_MAX - 1) / MIDDLE_STEP);
	return small + middle +
	    (unsigned int)((size - MIDDLE_MAX - 1) / LARGE_STEP);
}

static void
set_up_classes(struct store_heap *heap)
{
	uint32_t size;

	for (size = SMALL_STEP; size <= SMALL_MAX; size += SMALL_STEP)
		heap->classes[class_of(size)].size = size;
	size = SMALL_MAX + MIDDLE_STEP;
	for (; size <= MIDDLE_MAX; size += MIDDLE_STEP)
		heap->classes[class_of(size)].size = size;
	size = MIDDLE_MAX + LARGE_STEP;
	for (; size <= STORE_PIECE_MAX; size += LARGE_STEP)
		heap->classes[class_of(size)].size = size;
}

/*
 * Makes [from, from + bytes) usable and its pages present: that memory is
 * short is learnt here, not by a signal at the first touch.
 */
static int
populate(struct store *store, uint64_t from, uint64_t bytes)
{
	uint8_t *start = store->base + from;

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

static int
new_slab(struct store *store, struct class *class)
{
	struct store_heap *heap = store->heap;
	uint64_t bytes = class->size > MIDDLE_MAX ? LARGE_SLAB : SLAB;

	if (heap->next + bytes > heap->heap_end) {
		if (heap->heap_end + STEP > heap->size ||
		    populate(store, heap->heap_end, STEP) != 0)
			return -ENOSPC;
		heap->heap_end += STEP;
	}
	class->fresh = heap->next;
	class->end = heap->next + bytes;
	heap->next += bytes;
	return 0;
}

static int
reserve(struct store *store, uint64_t bytes)
{
	struct store_heap *heap = store->heap;
	uintptr_t start;
	void *mapping;

	mapping = mmap(NULL, bytes + HUGE_PAGE, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mapping == MAP_FAILED)
		return -ENOMEM;
	heap->mapping = mapping;
	heap->mapped = bytes + HUGE_PAGE;
	heap->size = bytes;
	heap->next = heap->heap_end = TABLE_BYTES;
	start = (uintptr_t)mapping;
	start += (HUGE_PAGE - start % HUGE_PAGE) % HUGE_PAGE;
	store->base = (uint8_t *)start;
	return 0;
}

/* As much as a ref can say, or what there is of it: some machines give less. */
static int
reserve_most(struct store *store)
{
	uint64_t bytes = RESERVE_MAX;

	while (reserve(store, bytes) != 0) {
		bytes /= 2;
		if (bytes < 2 * TABLE_BYTES)
			return -ENOMEM;
	}
	return 0;
}

int
store_alloc(struct store **ret_store, size_t bytes)
{
	struct store *store;
	int error;

	if ((bytes != 0 && bytes < 2 * TABLE_BYTES) || bytes > RESERVE_MAX)
		return -EINVAL;
	if (ALLOC_OBJ(store, STORE_MAGIC) == NULL)
		return -ENOMEM;
	if (ALLOC_OBJ(store->heap, HEAP_MAGIC) == NULL)
		goto fail;
	set_up_classes(store->heap);
	error = bytes == 0 ? reserve_most(store) : reserve(store, bytes);
	if (error != 0 || store_grow_table(store, 0) != 0)
		goto fail;
	*ret_store = store;
	return 0;
fail:
	store_free(&store);
	return -ENOMEM;
}

void
store_free(struct store **storep)
{
	struct store *store = *storep;

	if (store == NULL)
		return;
	CHECK_OBJ(store, STORE_MAGIC);
	if (store->heap != NULL && store->heap->mapping != NULL)
		(void)munmap(store->heap->mapping, store->heap->mapped);
	FREE_OBJ(&store->heap, HEAP_MAGIC);
	FREE_OBJ(storep, STORE_MAGIC);
}

int
store_grow_table(struct store *store, uint32_t slot)
{
	struct store_heap *heap;

	CHECK_OBJ(store, STORE_MAGIC);
	heap = store->heap;
	if (slot >= STORE_SLOTS)
		return -ENOSPC;
	while (slot >= store->slots) {
		if (populate(store, heap->table_end, STEP) != 0)
			return -ENOSPC;
		heap->table_end += STEP;
		store->slots = (uint32_t)(heap->table_end / STORE_HEADER);
	}
	return 0;
}

uint32_t
store_take(struct store *store, size_t size)
{
	struct class *class = &store->heap->classes[class_of(size)];
	uint32_t ref = class->free;

	if (ref != 0) {
		class->free = *(uint32_t *)store_at(store, ref);
	} else {
		if (class->fresh + class->size > class->end &&
		    new_slab(store, class) != 0)
			return 0;
		ref = (uint32_t)(class->fresh / STORE_UNIT);
		class->fresh += class->size;
	}
	store->bytes_in_use += class->size;
	return ref;
}

void
store_give(struct store *store, uint32_t ref, size_t size)
{
	struct class *class = &store->heap->classes[class_of(size)];

	assert(ref != 0 && store->bytes_in_use >= class->size);
	*(uint32_t *)store_at(store, ref) = class->free;
	class->free = ref;
	store->bytes_in_use -= class->size;
}

size_t
store_piece(size_t size)
{
	if (size <= SMALL_MAX)
		return (size + SMALL_STEP - 1) / SMALL_STEP * SMALL_STEP;
	if (size <= MIDDLE_MAX)
		return (size + MIDDLE_STEP - 1) / MIDDLE_STEP * MIDDLE_STEP;
	return (size + LARGE_STEP - 1) / LARGE_STEP * LARGE_STEP;
}

uint64_t
store_resident(const struct store *store)
{
	CHECK_OBJ(store, STORE_MAGIC);
	return store->heap->table_end + store->heap->heap_end - TABLE_BYTES;
}
