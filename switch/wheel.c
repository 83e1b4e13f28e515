/*
 * wheel: see wheel.h for what it is.
 *
 * Invariants:
 *   1. an entry with due > now stands at level l, place p, where l is the
 *      level of the highest bit in which due and now differ and p the six
 *      bits of due there; so p is never the place of now at that level, and
 *      all entries of level l are due before all of level l + 1;
 *   2. bit p of taken[l] is set if and only if that slot is not empty;
 *   3. a slot's entries are in the order of their start: when now reaches a
 *      slot of a higher level, its entries go down in their order, before
 *      anything newer can be put beside them;
 *   4. scout[l] is 0, or stands at level l.
 */
#include "switch/wheel.h"

#include <assert.h>
#include <string.h>

#include "switch/store.h"

enum { SLOT_BITS = 6, WHEEL_DUE = WHEEL_LEVELS * WHEEL_SLOTS };
enum {
	SCOUTED = 2, /* levels: higher ones come down too seldom */
	SCOUTED_FROM = WHEEL_SLOTS * 3 / 4 /* place of level 1; see there */
};

static struct wheel_entry *
entry_at(const struct wheel *wheel, uint32_t ref)
{
	uint8_t *piece = store_at(wheel->store, ref);

	return (struct wheel_entry *)(void *)(piece + WHEEL_OFFSET);
}

static unsigned int
level_of(uint64_t due, uint64_t now)
{
	unsigned int bit = 63 - (unsigned int)__builtin_clzll(due ^ now);
	unsigned int level = bit / SLOT_BITS;

	return level < WHEEL_LEVELS ? level : WHEEL_LEVELS - 1;
}

static unsigned int
place_of(uint64_t time, unsigned int level)
{
	return (unsigned int)(time >> (level * SLOT_BITS)) & (WHEEL_SLOTS - 1);
}

static void
append(struct wheel *wheel, struct wheel_list *list, uint32_t ref)
{
	struct wheel_entry *entry = entry_at(wheel, ref);

	entry->next = 0;
	entry->previous = list->last;
	if (list->last != 0)
		entry_at(wheel, list->last)->next = ref;
	else
		list->first = ref;
	list->last = ref;
}

static void
place(struct wheel *wheel, uint32_t ref)
{
	struct wheel_entry *entry = entry_at(wheel, ref);
	unsigned int level, place;

	if (entry->due <= wheel->now) {
		entry->slot = WHEEL_DUE;
		append(wheel, &wheel->due, ref);
		return;
	}
	level = level_of(entry->due, wheel->now);
	place = place_of(entry->due, level);
	entry->slot = (uint16_t)(level * WHEEL_SLOTS + place);
	append(wheel, &wheel->slots[entry->slot], ref);
	wheel->taken[level] |= UINT64_C(1) << place;
}

static void
scout_at(struct wheel *wheel, unsigned int level, uint32_t ref)
{
	wheel->scout[level] = ref;
	__builtin_prefetch(entry_at(wheel, ref)); /* harmless where it is 0 */
}

/* To the first entry of the slot of that level that comes down next. */
static void
send_scout(struct wheel *wheel, unsigned int level)
{
	const uint64_t taken = wheel->taken[level];
	const struct wheel_list *slots = &wheel->slots[level * WHEEL_SLOTS];

	scout_at(
	    wheel, level, taken == 0 ? 0 : slots[__builtin_ctzll(taken)].first);
}

/*
 * Their entries are there by now: on to the next ones.  On level 2 in the last
 * second before the slot comes down: what was fetched sooner would be gone.
 */
static void
move_scouts(struct wheel *wheel)
{
	unsigned int level;

	for (level = 1; level <= SCOUTED; level++)
		if (wheel->scout[level] != 0 &&
		    (level == 1 || place_of(wheel->now, 1) >= SCOUTED_FROM))
			scout_at(wheel, level,
			    entry_at(wheel, wheel->scout[level])->next);
}

/* Empties the slot of now at `level`, each entry to where it now belongs. */
static void
cascade(struct wheel *wheel, unsigned int level)
{
	unsigned int place_now = place_of(wheel->now, level);
	struct wheel_list *slot =
	    &wheel->slots[level * WHEEL_SLOTS + place_now];
	uint32_t ref = slot->first, next;

	*slot = (struct wheel_list){ 0, 0 };
	wheel->taken[level] &= ~(UINT64_C(1) << place_now);
	for (; ref != 0; ref = next) {
		next = entry_at(wheel, ref)->next;
		place(wheel, ref);
	}
	if (level > 0)
		send_scout(wheel, level);
	if (level > 1)
		send_scout(wheel, level - 1);
}

/*
 * By invariant 1 the lowest level that is not empty holds the next entry, in
 * its first slot after now's place.  The start of that slot is the answer, and
 * of no slot of a higher level, for that place is not 0.
 */
static uint64_t
next_slot(const struct wheel *wheel, unsigned int *ret_level)
{
	unsigned int level, bits, place_next;

	for (level = 0; level < WHEEL_LEVELS; level++) {
		if (wheel->taken[level] == 0)
			continue;
		*ret_level = level;
		bits = level * SLOT_BITS;
		place_next = (unsigned int)__builtin_ctzll(wheel->taken[level]);
		return (wheel->now >> (bits + SLOT_BITS)
			       << (bits + SLOT_BITS)) |
		    (uint64_t)place_next << bits;
	}
	return WHEEL_NEVER;
}

void
wheel_init(struct wheel *wheel, struct store *store)
{
	memset(wheel, 0, sizeof *wheel);
	wheel->store = store;
}

void
wheel_add(struct wheel *wheel, uint32_t ref)
{
	place(wheel, ref);
	wheel->count++;
}

void
wheel_remove(struct wheel *wheel, uint32_t ref)
{
	struct wheel_entry *entry = entry_at(wheel, ref);
	struct wheel_list *list =
	    entry->slot == WHEEL_DUE ? &wheel->due : &wheel->slots[entry->slot];

	if (entry->previous != 0)
		entry_at(wheel, entry->previous)->next = entry->next;
	else
		list->first = entry->next;
	if (entry->next != 0)
		entry_at(wheel, entry->next)->previous = entry->previous;
	else
		list->last = entry->previous;
	if (entry->slot != WHEEL_DUE &&
	    wheel->scout[entry->slot / WHEEL_SLOTS] == ref)
		wheel->scout[entry->slot / WHEEL_SLOTS] = entry->next;
	if (list->first == 0 && entry->slot != WHEEL_DUE)
		wheel->taken[entry->slot / WHEEL_SLOTS] &=
		    ~(UINT64_C(1) << entry->slot % WHEEL_SLOTS);
	assert(wheel->count > 0);
	wheel->count--;
}

/* From slot to slot that holds something, never by single ticks. */
bool
wheel_advance(struct wheel *wheel, uint64_t now)
{
	unsigned int level = 0, highest = 0;
	uint64_t next;

	if (now > wheel->now)
		move_scouts(wheel);
	while ((next = next_slot(wheel, &level)) <= now) {
		wheel->now = next;
		cascade(wheel, level);
		highest = level > highest ? level : highest;
	}
	if (now > wheel->now)
		wheel->now = now;
	return highest > 0;
}

unsigned int
wheel_near(const struct wheel *wheel, uint32_t *ret_refs, unsigned int max)
{
	uint64_t left = wheel->taken[0];
	unsigned int count = 0;
	uint32_t ref;

	for (; left != 0; left &= left - 1) {
		ref = wheel->slots[__builtin_ctzll(left)].first;
		for (; ref != 0; ref = entry_at(wheel, ref)->next) {
			if (count == max)
				return count;
			ret_refs[count++] = ref;
		}
	}
	return count;
}

uint32_t
wheel_take(struct wheel *wheel)
{
	uint32_t ref = wheel->due.first;

	if (ref != 0) {
		move_scouts(wheel);
		wheel_remove(wheel, ref);
	}
	return ref;
}

uint64_t
wheel_next(const struct wheel *wheel)
{
	unsigned int level;

	return wheel->due.first != 0 ? wheel->now : next_slot(wheel, &level);
}
