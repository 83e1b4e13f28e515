/*
 * Private to switch/: how often something may be restarted, exactly as OTP
 * counts it (otp.md 1.10).
 */
#ifndef SWITCH_RESTART_LIMIT_H
#define SWITCH_RESTART_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "switch/store.h"

/* Its stamps are one piece of the store. */
enum { INTENSITY_MAX = STORE_PIECE_MAX / (int)sizeof(uint32_t) };

struct restart_limit {
	uint32_t stamps; /* ref of whole seconds, oldest first */
	uint16_t capacity, count;
};

/* Makes room for `intensity` stamps, keeping those there are.  -ENOSPC. */
int restart_limit_reserve(
    struct store *store, struct restart_limit *limit, unsigned int intensity);

/* Counts one more restart at `now_s`; false, and not counted: give up. */
bool restart_limit_allows(struct store *store, struct restart_limit *limit,
    unsigned int intensity, unsigned int period_s, uint32_t now_s);

void restart_limit_release(struct store *store, struct restart_limit *limit);
size_t restart_limit_footprint(const struct restart_limit *limit);

#endif
