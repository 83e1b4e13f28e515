/*
 * wheel: what is due later, in order of (due, start).
 *
 * A hierarchical timing wheel (Varghese and Lauck) of 1 ms ticks, 64 slots a
 * level.  An entry stands at the level of the highest bit in which its due
 * time and the wheel's now differ; slots are first in, first out, so that
 * entries of one instant come out in the order in which they went in, without
 * any sorting.  Adding, removing and expiring one entry is O(1).
 *
 * Entries lie in the store and are known by the ref of the piece that embeds
 * them, WHEEL_OFFSET bytes from its front.
 *
 * To go through the list of a slot is to wait for memory at each entry.  So a
 * scout goes through the slot that comes down next, an entry at a time, while
 * there is something else to do.
 */
#ifndef SWITCH_WHEEL_H
#define SWITCH_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

struct store;

enum { WHEEL_LEVELS = 7, WHEEL_SLOTS = 64 }; /* 2^42 ms: 139 years */
enum { WHEEL_OFFSET = 16 };
#define WHEEL_NEVER UINT64_MAX

struct wheel_entry {
	uint64_t due; /* ms */
	uint32_t next, previous;
	uint16_t slot; /* level * WHEEL_SLOTS + place, or WHEEL_DUE */
	uint16_t spare[3];
};

struct wheel_list {
	uint32_t first, last;
};

struct wheel {
	struct store *store;
	uint64_t now; /* ms */
	uint64_t count;
	uint64_t taken[WHEEL_LEVELS]; /* bit per slot that is not empty */
	uint32_t scout[WHEEL_LEVELS]; /* ref of who is fetched there, or 0 */
	struct wheel_list slots[WHEEL_LEVELS * WHEEL_SLOTS];
	struct wheel_list due;
};

void wheel_init(struct wheel *wheel, struct store *store);

/* Adds an entry whose `due` is set; what is past is due at once. */
void wheel_add(struct wheel *wheel, uint32_t ref);

/* Takes an entry out, also one that is due and has not been taken. */
void wheel_remove(struct wheel *wheel, uint32_t ref);

/*
 * Moves now to `now` ms; what has become due waits for wheel_take().  Whether
 * entries have come down from a higher level.
 */
bool wheel_advance(struct wheel *wheel, uint64_t now);

/* Those due in less than WHEEL_SLOTS ms, the first `max`; how many. */
unsigned int wheel_near(
    const struct wheel *wheel, uint32_t *ret_refs, unsigned int max);

/* The next entry that is due, taken out; or 0. */
uint32_t wheel_take(struct wheel *wheel);

/*
 * No entry is due before this time, ms; at it there may be one, or only work
 * for the wheel itself.  WHEEL_NEVER when it is empty.
 */
uint64_t wheel_next(const struct wheel *wheel);

#endif
