/* mishap: what the tests say to the processes of tests/modules/mishap.c. */
#ifndef TESTS_MODULES_MISHAP_H
#define TESTS_MODULES_MISHAP_H

#include "switch/module.h"

/* The ways to go wrong; the function of each is called mishap_NAME. */
#define MISHAPS(X)                                                             \
	X(null_pointer)                                                        \
	X(wild_pointer)                                                        \
	X(const_byte)                                                          \
	X(lost_file)                                                           \
	X(division)                                                            \
	X(illegal)                                                             \
	X(trap)                                                                \
	X(abort)                                                               \
	X(null_call)                                                           \
	X(recursion)                                                           \
	X(overrun_40)                                                          \
	X(overrun_2000)                                                        \
	X(overrun_100000)                                                      \
	X(state_end)                                                           \
	X(state_begin)                                                         \
	X(loop)                                                                \
	X(loop_of_verbs)                                                       \
	X(bad_memcpy)                                                          \
	X(bad_send)                                                            \
	X(bad_send_parcel)                                                     \
	X(bad_parcel)                                                          \
	X(bad_translate)                                                       \
	X(bad_unexpected)                                                      \
	X(bad_record)                                                          \
	X(bad_leg)                                                             \
	X(bad_closing)                                                         \
	X(made_up_self)                                                        \
	X(full_outbox) /* which is an answer, and no fault */
#define MISHAP_ENUM(name) MISHAP_##name,
enum mishap { MISHAPS(MISHAP_ENUM) MISHAPS_COUNT };
#undef MISHAP_ENUM

/* The callback in which it happens. */
enum mishap_where {
	MISHAP_NOWHERE,
	MISHAP_IN_INIT,
	MISHAP_IN_HANDLE,
	MISHAP_IN_TERMINATE,
	MISHAP_IN_CODE_CHANGE,
	MISHAP_IN_CHECK
};

enum {
	MISHAP_NOW = EVENT_PRIVATE + 1, /* goes wrong, if in handle */
	MISHAP_COUNT,			/* counts */
	MISHAP_LEAK /* to the witness, if the event counts */
};

/* The start event. */
struct mishap_start {
	uint64_t key;
	struct pid witness;
	uint64_t
	    lost_file; /* the address of a page that has no file any more */
	uint32_t port; /* that it seizes before it goes wrong */
	uint8_t where, mishap;
};

/* One list for both releases. */
/* clang-format off */
#define MISHAP_STATE(F, T)                                                     \
	F(UINT, uint64_t, lost_file, 0, "", "")                                \
	F(UINT, uint32_t, witness_slot, 0, "", "")                             \
	F(UINT, uint32_t, witness_generation, 0, "", "")                       \
	F(UINT, uint32_t, port, 0, "", "")                                     \
	F(UINT, uint32_t, count, 0, "", "")                                    \
	F(UINT, uint32_t, faulted, 0, "", "")                                  \
	F(UINT, uint16_t, where, 0, "", "")                                    \
	F(UINT, uint16_t, mishap, 0, "", "")
/* clang-format on */
struct mishap_state {
	MISHAP_STATE(SCHEMA_MEMBER, SCHEMA_MEMBER_TEXT)
};

#endif
