/* state_copy: see state_copy.h for what it is. */
#include "switch/state_copy.h"

#include <string.h>

enum {
	WORD = 8, /* what the size of a state with a 64-bit field divides by */
	COPY_MAX = 256 /* beyond it a call more is nothing to the copying */
};

#define SIZES(S)                                                               \
	S(8)                                                                   \
	S(16)                                                                  \
	S(24)                                                                  \
	S(32)                                                                  \
	S(40)                                                                  \
	S(48)                                                                  \
	S(56)                                                                  \
	S(64)                                                                  \
	S(72)                                                                  \
	S(80)                                                                  \
	S(88)                                                                  \
	S(96)                                                                  \
	S(104)                                                                 \
	S(112)                                                                 \
	S(120)                                                                 \
	S(128)                                                                 \
	S(136)                                                                 \
	S(144)                                                                 \
	S(152)                                                                 \
	S(160)                                                                 \
	S(168)                                                                 \
	S(176)                                                                 \
	S(184)                                                                 \
	S(192)                                                                 \
	S(200)                                                                 \
	S(208)                                                                 \
	S(216)                                                                 \
	S(224)                                                                 \
	S(232)                                                                 \
	S(240)                                                                 \
	S(248)                                                                 \
	S(256)

#define DEFINE(bytes)                                                          \
	static void *copy_##bytes(void *to, const void *from, size_t size)     \
	{                                                                      \
		(void)size;                                                    \
		return memcpy(to, from, bytes);                                \
	}
#define ENTRY(bytes) [bytes / WORD] = copy_##bytes,

SIZES(DEFINE)

state_copy_f *
state_copy_for(size_t size)
{
	static state_copy_f *const copies[COPY_MAX / WORD + 1] = { SIZES(
	    ENTRY) };

	return size > 0 && size % WORD == 0 && size <= COPY_MAX
	    ? copies[size / WORD]
	    : memcpy;
}
