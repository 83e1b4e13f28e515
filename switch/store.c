/*
 * store: see store.h for what it is.
 *
 * Size classes: steps of 16 bytes up to 1 KiB, of 256 up to 8 KiB, of 4 KiB up
 * to 64 KiB.  A class cuts slabs of 64 KiB (512 KiB for the large ones) into
 * pieces lazily, so that a slab is touched only as far as it is used.  A free
 * piece holds the ref of the slab's next one in its first bytes; last in,
 * first out, for the caches' sake.
 *
 * A slab that has become empty serves any class next; when there are more such
 * than SPARE_MAX units, their pages go back to the system, and are had again,
 * by populating, when the slab is used again: so a slab may be `bare`.
 *
 * Invariants:
 *   1. everything below table_end and between TABLE_BYTES and heap_end is
 *      mapped and writable, all else is PROT_NONE; it is populated but for
 *      slabs that are bare;
 *   2. a slab stands in its class's list if it has room and a piece taken, or
 *      is the only one of its class with room; in a list of spares if it has
 *      none taken otherwise; in none if it is full;
 *   3. every piece is in its slab's list of free ones, or taken, or not cut;
 *   4. ref 0 is slot 0's header, which no process ever has;
 *   5. the step behind heap_end may be the thread's of ground.h, none other.
 */
#include "switch/store.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "switch/ground.h"
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
	LARGE_UNITS = 8, /* slabs of 64 KiB that make a large one */
	SPARE_MAX = 64 /* units, 4 MiB: what comes and goes in a busy second */
};

/* Design 3: populated steps; 2^32 units is what a ref can say. */
#define STEP	    (UINT64_C(16) << 20)
#define HUGE_PAGE   (UINT64_C(2) << 20)
#define RESERVE_MAX ((UINT64_C(1) << 32) * STORE_UNIT)
#define TABLE_BYTES ((uint64_t)STORE_SLOTS * STORE_HEADER)

/* Slabs are known by number, from 1; 0 is none. */
struct slab {
	uint32_t free;		 /* ref of its first free piece, or 0 */
	uint32_t next, previous; /* in the list where it stands */
	uint16_t cut, taken;	 /* pieces */
	uint8_t class;
	uint8_t lead; /* units back to the one that speaks for a large slab */
	bool is_bare;
};

struct class {
	uint32_t size;	 /* bytes of a piece */
	uint32_t pieces; /* of a slab */
	uint32_t first;	 /* slab with room, or 0 */
	uint8_t units;	 /* of a slab */
};

struct store_heap {
	unsigned int magic;
#define HEAP_MAGIC 0x4ea951ab
	void *mapping;
	uint64_t mapped; /* bytes of the mapping */
	uint64_t size;	 /* bytes of the range */
	uint64_t table_end, heap_end, bare_bytes;
	struct slab *slabs;
	uint32_t slab_count, slab_room; /* made so far; that `slabs` can hold */
	uint32_t spare, spare_large;	/* first of their lists */
	uint32_t spare_units;		/* in both lists, and not bare */
	struct class classes[CLASSES];
	struct ground *ground; /* the step behind heap_end, if asked for */
};

static inline uint8_t
class_of(size_t size)
{
	const size_t small = SMALL_MAX / SMALL_STEP;
	const size_t middle = (MIDDLE_MAX - SMALL_MAX) / MIDDLE_STEP;

	assert(size > 0 && size <= STORE_PIECE_MAX);
	if (size <= SMALL_MAX)
		return (uint8_t)((size - 1) / SMALL_STEP);
	if (size <= MIDDLE_MAX)
		return (uint8_t)(small + (size - SMALL_MAX - 1) / MIDDLE_STEP);
	return (uint8_t)(small + middle + (size - MIDDLE_MAX - 1) / LARGE_STEP);
}

static void
set_up_class(struct store_heap *heap, uint32_t size)
{
	struct class *class = &heap->classes[class_of(size)];

	class->size = size;
	class->units = size > MIDDLE_MAX ? LARGE_UNITS : 1;
	class->pieces = class->units * (uint32_t)SLAB / size;
}

static void
set_up_classes(struct store_heap *heap)
{
	uint32_t size;

	for (size = SMALL_STEP; size <= SMALL_MAX; size += SMALL_STEP)
		set_up_class(heap, size);
	size = SMALL_MAX + MIDDLE_STEP;
	for (; size <= MIDDLE_MAX; size += MIDDLE_STEP)
		set_up_class(heap, size);
	size = MIDDLE_MAX + LARGE_STEP;
	for (; size <= STORE_PIECE_MAX; size += LARGE_STEP)
		set_up_class(heap, size);
}

static int
populate(struct store *store, uint64_t from, uint64_t bytes)
{
	return ground_populate(store->base + from, bytes);
}

static struct slab *
slab_at(const struct store *store, uint32_t number)
{
	return &store->heap->slabs[number - 1];
}

static uint64_t
offset_of(uint32_t number)
{
	return TABLE_BYTES + (uint64_t)(number - 1) * SLAB;
}

/* The slab that a piece lies in. */
static uint32_t
slab_of(const struct store *store, uint32_t ref)
{
	uint64_t offset = (uint64_t)ref * STORE_UNIT;
	uint32_t number = (uint32_t)((offset - TABLE_BYTES) / SLAB) + 1;

	return number - slab_at(store, number)->lead;
}

static void
enlist(struct store *store, uint32_t *list, uint32_t number)
{
	struct slab *slab = slab_at(store, number);

	slab->previous = 0;
	slab->next = *list;
	if (*list != 0)
		slab_at(store, *list)->previous = number;
	*list = number;
}

static void
delist(struct store *store, uint32_t *list, uint32_t number)
{
	struct slab *slab = slab_at(store, number);

	if (slab->previous != 0)
		slab_at(store, slab->previous)->next = slab->next;
	else
		*list = slab->next;
	if (slab->next != 0)
		slab_at(store, slab->next)->previous = slab->previous;
}

/* Room for the description of `count` slabs in all. */
static int
describe_slabs(struct store_heap *heap, uint32_t count)
{
	uint32_t room = heap->slab_room == 0 ? 256 : heap->slab_room;
	struct slab *slabs;

	if (count <= heap->slab_room)
		return 0;
	while (room < count)
		room *= 2;
	slabs = object_realloc(heap->slabs, room * sizeof *slabs);
	if (slabs == NULL)
		return -ENOSPC;
	heap->slabs = slabs;
	heap->slab_room = room;
	return 0;
}

static int
grow(struct store *store)
{
	struct store_heap *heap = store->heap;

	if (heap->heap_end + STEP > heap->size)
		return -ENOSPC;
	if (!ground_take(heap->ground) &&
	    populate(store, heap->heap_end, STEP) != 0)
		return -ENOSPC;
	heap->heap_end += STEP;
	return 0;
}

/* The next step, when half of the last one is in use; in tests as ordered. */
static void
ask_ahead(struct store *store, uint64_t used)
{
	struct store_heap *heap = store->heap;

	if (store->shortage == NULL && heap->heap_end - used < STEP / 2 &&
	    heap->heap_end + STEP <= heap->size)
		ground_ask(&heap->ground, store->base + heap->heap_end, STEP);
}

/* One from ground that no slab has stood on yet; 0 when full. */
static uint32_t
break_ground(struct store *store, uint8_t units)
{
	struct store_heap *heap = store->heap;
	uint32_t first = heap->slab_count + 1;
	uint64_t end = offset_of(first + units);
	uint8_t i;

	if (describe_slabs(heap, heap->slab_count + units) != 0)
		return 0;
	if (end > heap->heap_end && grow(store) != 0)
		return 0;
	ask_ahead(store, end);
	for (i = 0; i < units; i++)
		heap->slabs[heap->slab_count++] = (struct slab){ .lead = i };
	return first;
}

/* One that was used before; 0 if there is none, or its pages are not had. */
static uint32_t
use_spare(struct store *store, uint8_t units)
{
	struct store_heap *heap = store->heap;
	uint32_t *list = units == 1 ? &heap->spare : &heap->spare_large;
	uint32_t number = *list;
	struct slab *slab;

	if (number == 0)
		return 0;
	slab = slab_at(store, number);
	if (slab->is_bare) {
		if (populate(
			store, offset_of(number), units * (uint64_t)SLAB) != 0)
			return 0;
		heap->bare_bytes -= units * (uint64_t)SLAB;
	} else {
		heap->spare_units -= units;
	}
	delist(store, list, number);
	*slab = (struct slab){ .lead = 0 };
	return number;
}

/* Seldom: kept apart, what is done for each piece needs no frame. */
__attribute__((noinline)) static int
new_slab(struct store *store, uint8_t index)
{
	struct class *class = &store->heap->classes[index];
	uint32_t number = use_spare(store, class->units);

	if (number == 0)
		number = break_ground(store, class->units);
	if (number == 0)
		return -ENOSPC;
	slab_at(store, number)->class = index;
	enlist(store, &class->first, number);
	return 0;
}

/* The pages of a slab go back to the system; its place stays. */
static void
strip(struct store *store, uint32_t number, uint8_t units)
{
	struct store_heap *heap = store->heap;

	if (madvise(store->base + offset_of(number), units * (size_t)SLAB,
		MADV_DONTNEED) != 0)
		return;
	slab_at(store, number)->is_bare = true;
	heap->bare_bytes += units * (uint64_t)SLAB;
	heap->spare_units -= units;
}

/* Nothing of it is taken any more: it may serve another class. */
__attribute__((noinline)) static void
retire(struct store *store, struct class *class, uint32_t number)
{
	struct store_heap *heap = store->heap;

	delist(store, &class->first, number);
	enlist(store, class->units == 1 ? &heap->spare : &heap->spare_large,
	    number);
	heap->spare_units += class->units;
	if (heap->spare_units > SPARE_MAX)
		strip(store, number, class->units);
}

static int
reserve(struct store *store, uint64_t bytes)
{
	struct store_heap *heap = store->heap;
	void *mapping;

	mapping = mmap(NULL, bytes + HUGE_PAGE, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (mapping == MAP_FAILED)
		return -ENOMEM;
	heap->mapping = mapping;
	heap->mapped = bytes + HUGE_PAGE;
	heap->size = bytes;
	heap->heap_end = TABLE_BYTES;
	store->base = mapping;
	store->base += (HUGE_PAGE - (uintptr_t)mapping % HUGE_PAGE) % HUGE_PAGE;
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
	if (store->heap != NULL)
		ground_free(&store->heap->ground);
	if (store->heap != NULL && store->heap->mapping != NULL)
		(void)munmap(store->heap->mapping, store->heap->mapped);
	if (store->heap != NULL)
		object_free(store->heap->slabs,
		    store->heap->slab_room * sizeof(struct slab));
	FREE_OBJ(&store->heap, HEAP_MAGIC);
	FREE_OBJ(storep, STORE_MAGIC);
}

__attribute__((noinline)) static bool
is_refused(struct store_shortage *shortage)
{
	if (shortage == NULL)
		return false;
	if (shortage->pieces > 0) {
		shortage->pieces--;
		return false;
	}
	if (shortage->refused > 0 && !shortage->lasts)
		return false;
	shortage->refused++;
	return true;
}

int
store_grow_table(struct store *store, uint32_t slot)
{
	struct store_heap *heap;

	CHECK_OBJ(store, STORE_MAGIC);
	heap = store->heap;
	if (slot >= STORE_SLOTS || is_refused(store->shortage))
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
	uint8_t index = class_of(size);
	struct class *class = &store->heap->classes[index];
	struct slab *slab;
	uint32_t ref, number;

	if (store->shortage != NULL && is_refused(store->shortage))
		return 0;
	if (class->first == 0 && new_slab(store, index) != 0)
		return 0;
	number = class->first;
	slab = slab_at(store, number);
	ref = slab->free;
	if (ref != 0)
		slab->free = *(uint32_t *)store_at(store, ref);
	else
		ref = (uint32_t)((offset_of(number) +
				     (uint64_t)slab->cut++ * class->size) /
		    STORE_UNIT);
	/* The next one is read when it is taken; 0 is a harmless address. */
	__builtin_prefetch(store_at(store, slab->free));
	if (++slab->taken == class->pieces)
		delist(store, &class->first, number);
	store->bytes_in_use += class->size;
	return ref;
}

void
store_give(struct store *store, uint32_t ref, size_t size)
{
	struct class *class = &store->heap->classes[class_of(size)];
	uint32_t number = slab_of(store, ref);
	struct slab *slab = slab_at(store, number);

	assert(store->heap->classes[slab->class].size == class->size);
	assert(slab->taken > 0);
	*(uint32_t *)store_at(store, ref) = slab->free;
	slab->free = ref;
	if (slab->taken-- == class->pieces)
		enlist(store, &class->first, number);
	store->bytes_in_use -= class->size;
	if (slab->taken == 0 && (slab->next != 0 || slab->previous != 0))
		retire(store, class, number);
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
	return store->heap->table_end + store->heap->heap_end - TABLE_BYTES -
	    store->heap->bare_bytes;
}

/*
 * The same pages at another address.  The old range stays mapped, and empty:
 * a hole in it could be given to another thread before all of it is let go.
 */
static bool
move_part(const struct store *from, const struct store *to, uint64_t start,
    uint64_t end)
{
	return end == start ||
	    mremap(from->base + start, end - start, end - start,
		MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP,
		to->base + start) != MAP_FAILED;
}

/* A system that cannot move pages so (valgrind's) moves nothing. */
int
store_move(struct store *store)
{
	struct store_heap *heap = store->heap;
	const struct store old = *store;
	struct store_heap before;

	CHECK_OBJ(store, STORE_MAGIC);
	if (ground_take(heap->ground))
		heap->heap_end += STEP; /* what is there moves with the rest */
	before = *heap;
	if (reserve(store, heap->size) != 0)
		return -ENOMEM;
	heap->heap_end = before.heap_end;
	if (!move_part(&old, store, 0, heap->table_end)) {
		(void)munmap(heap->mapping, heap->mapped);
		*heap = before;
		store->base = old.base;
		return -ENOMEM;
	}
	if (!move_part(&old, store, TABLE_BYTES, heap->heap_end))
		abort(); /* half moved: nothing can be trusted any more */
	(void)munmap(before.mapping, before.mapped);
	return 0;
}
