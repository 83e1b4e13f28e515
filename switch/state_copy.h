/*
 * state_copy: a state to where a handler works on it, and back.
 *
 * Every event does it twice, and how large a state is only its version knows.
 * So there is a function for each size that states commonly have, which copies
 * in line what is so large; for all others it is memcpy(3).  A version has the
 * one of its size at hand.
 */
#ifndef SWITCH_STATE_COPY_H
#define SWITCH_STATE_COPY_H

#include <stddef.h>

/* As memcpy(3); `size` is the one that it was chosen for. */
typedef void *state_copy_f(void *to, const void *from, size_t size);

state_copy_f *state_copy_for(size_t size);

#endif
