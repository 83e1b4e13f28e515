/*
 * call 1.0: a call between two lines.
 *
 * Dialled or en bloc, busy, no answer, refused, abandoned, released by either
 * side or by the operator (rows of basic.h, all of them and no more).
 *
 * The list below is the format of its state.  It is frozen: what later
 * releases know of this one's calls, they know from here.
 */
/* clang-format off */
#define CALL_FIELDS(X, TEXT)                                                   \
	X(UINT, uint64_t, call, 0, "", "")                                     \
	X(UINT, uint64_t, t_seize, 0, "", "")                                  \
	X(UINT, uint64_t, t_dialled, 0, "", "")                                \
	X(UINT, uint64_t, t_alert, 0, "", "")                                  \
	X(UINT, uint64_t, t_answer, 0, "", "")                                 \
	X(UINT, uint64_t, t_release, 0, "", "")                                \
	X(UINT, uint32_t, line_a, LINE_NONE, "", "")                           \
	X(UINT, uint32_t, line_b, LINE_NONE, "", "")                           \
	TEXT(called, DIGITS_MAX + 1, "")                                       \
	X(UINT, uint16_t, overdial, 0, "", "")                                 \
	X(UINT, uint16_t, serial, 0, "", "") /* key of the timer */            \
	X(ENUM, uint8_t, timer, 0, "",                                         \
	    "none Tdial T302 T303 T310 T301 T306 Ttreat")                      \
	X(ENUM, uint8_t, state, 0, "",                                         \
	    "null collecting routing presented alerting active treated "       \
	    "clearing releasing ended")                                        \
	X(ENUM, uint8_t, tone_a, 0, "",                                        \
	    "none dial ringback speech busy congestion reorder no_answer "     \
	    "disconnect announcement")                                         \
	X(ENUM, uint8_t, tone_b, 0, "",                                        \
	    "none dial ringback speech busy congestion reorder no_answer "     \
	    "disconnect announcement")                                         \
	X(UINT, uint8_t, parties, 0, "", "") /* 1 A, 2 B: the line is ours */  \
	X(UINT, uint8_t, setups, 0, "", "") /* SETUP sent to B so often */     \
	X(UINT, uint8_t, cause, 0, "", "")                                     \
	X(ENUM, uint8_t, local_reason, 0, "",                                  \
	    "NONE ABANDON CANCEL ADMIN CRASH")                                 \
	X(ENUM, uint8_t, release_side, 0, "", "none A B net")
/* clang-format on */
#define CALLED called

#include "calls/call/basic.h"

static const struct row active_rows[] = { ACTIVE_ROWS };

static const struct release release = {
	.states = { BASIC_STATES, [STATE_active] = ROWS(active_rows) },
};

static const char *const no_way_back[] = { NULL };

const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "1.0", call_fields, call_handle);
