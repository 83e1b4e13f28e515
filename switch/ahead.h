/*
 * ahead: what is due soon finds its memory in the caches.
 *
 * Calls are many, and each sleeps for long: when something is due, all that it
 * touches must come from memory, one thing after the other, since each says
 * where the next one is.  So when the wheel has brought down what is due in the
 * next 64 ms, all of that is fetched (__builtin_prefetch) round by round: in
 * each round one link more of each, so that many are waited for at once.
 *
 * Nothing is changed by it, and nobody may count on it.
 */
#ifndef SWITCH_AHEAD_H
#define SWITCH_AHEAD_H

#include "switch/scheduler.h"

/*
 * Asks for the line of the caches at that address, whatever it is.  By itself
 * the prefetch is no effect to the compiler, which leaves out the call of a
 * function that has none.
 */
static inline void
ahead_fetch(const void *address)
{
	__builtin_prefetch(address);
	__asm__ volatile("");
}

/* A call in all of its holdings, from the timer of one of its subscribers. */
enum { AHEAD_ROUNDS = 6 };

/*
 * Before `due` of scheduler_at() is called `fetch` is, with the same arg and
 * key, in each round from 0 on: what it fetches in one is there, mostly, in the
 * next.  One for a scheduler; NULL: none.
 */
typedef void ahead_fetch_f(void *arg, uint64_t key, unsigned int round);
void ahead_set_fetch(
    struct scheduler *scheduler, scheduler_due_f *due, ahead_fetch_f *fetch);

/* In such rounds: what the next event of a process will touch. */
void ahead_fetch_process(
    const struct scheduler *scheduler, struct pid pid, unsigned int round);

/* `size` bytes of its state, at once. */
struct process;
void ahead_fetch_state(const struct scheduler *scheduler,
    const struct process *process, uint32_t size);

/* For the loop, when timers have come down: all rounds. */
void ahead_look(const struct scheduler *scheduler);

#endif
