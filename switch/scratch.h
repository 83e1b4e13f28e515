/*
 * scratch: memory for a state while the code of a module works on it.
 *
 * It ends at a page that must not be touched, and the bytes before it are a
 * canary: whoever writes outside of the state is met by the one or the other.
 *
 * Private to switch/fault.c.
 */
#ifndef SWITCH_SCRATCH_H
#define SWITCH_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scratch {
	uint8_t *pages, *end;
};

/* For states of up to BEHAVIOUR_STATE_MAX bytes.  -ENOMEM. */
int scratch_map(struct scratch *scratch);
void scratch_unmap(struct scratch *scratch);

/* Where a state of `size` bytes lies; the one before is no more. */
void *scratch_take(const struct scratch *scratch, size_t size);

/* Whether the canary of a state of that size is untouched. */
bool scratch_is_whole(const struct scratch *scratch, size_t size);

#endif
