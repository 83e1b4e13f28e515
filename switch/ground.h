/*
 * Private to switch/store.c: pages that are made present before they are used.
 *
 * To make a step of 16 MiB present takes the kernel 1 to 10 ms, for it has to
 * be cleared: too long for a scheduler whose calls wait.  So a thread does it
 * for the next step while the last one is being used; whoever needs the step
 * earlier than that waits, as he would have had to anyway.
 *
 * It decides nothing: where it comes too late, or cannot, all is as without.
 */
#ifndef SWITCH_GROUND_H
#define SWITCH_GROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ground;

/*
 * Makes `bytes` from `start` usable and their pages present, so that it is
 * learnt here that memory is short, and not by a signal at the first touch.
 * -ENOSPC.
 */
int ground_populate(uint8_t *start, size_t bytes);

/*
 * Has it done by the thread, which begins with the first call, unless one is
 * asked for already; *groundp is NULL before.
 */
void ground_ask(struct ground **groundp, uint8_t *start, size_t bytes);

/* Whether what was asked for last is there; then it is the caller's. */
bool ground_take(struct ground *ground);

/* Ends the thread; NULL inside is welcome. */
void ground_free(struct ground **groundp);

#endif
