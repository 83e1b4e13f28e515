/*
 * mishap_cells: every kind of fault in every callback (N11).
 *
 * What is to come of each: not how that is seen, which is test_containment.c.
 */
#ifndef TESTS_MISHAP_CELLS_H
#define TESTS_MISHAP_CELLS_H

#include <signal.h>
#include <stdbool.h>

#include "switch/process.h"
#include "switch/record.h"
#include "tests/modules/mishap.h"

enum { ANY_SIGNAL = 0xffff };

/* Which callbacks a kind can be met in. */
enum {
	WITH_SELF = 1, /* init, handle, terminate */
	WITHOUT = 2,   /* code_change, check */
	WITH_PARCEL = 4,
	NOT_IN_CHECK = 8, /* which comes too late to be told from the hook */
	WITHOUT_PLACE = 16,
	PLACE_ANYWHERE = 32, /* in the module */
	EVERYWHERE = WITH_SELF | WITHOUT
};

#define MISHAP_WORD(name) #name,
static const char *const words[] = { MISHAPS(MISHAP_WORD) };

static const struct kind {
	uint16_t signal, flags;
} kinds[MISHAPS_COUNT] = {
	[MISHAP_null_pointer] = { SIGSEGV, EVERYWHERE },
	[MISHAP_wild_pointer] = { SIGSEGV, EVERYWHERE },
	[MISHAP_const_byte] = { SIGSEGV, EVERYWHERE },
	[MISHAP_lost_file] = { SIGBUS, EVERYWHERE },
	[MISHAP_division] = { SIGFPE, EVERYWHERE },
	[MISHAP_illegal] = { SIGILL, EVERYWHERE },
	[MISHAP_trap] = { SIGTRAP, EVERYWHERE },
	[MISHAP_abort] = { SIGABRT, EVERYWHERE },
	[MISHAP_null_call] = { SIGSEGV, EVERYWHERE },
	[MISHAP_recursion] = { SIGSEGV, EVERYWHERE },
	[MISHAP_overrun_40] = { SIGILL, EVERYWHERE },
	/* Met by the frame's protector or by the page, as the frames lie. */
	[MISHAP_overrun_2000] = { ANY_SIGNAL, EVERYWHERE },
	[MISHAP_overrun_100000] = { SIGSEGV, EVERYWHERE },
	[MISHAP_state_end] = { SIGSEGV, EVERYWHERE },
	[MISHAP_state_begin] = { 0, EVERYWHERE | NOT_IN_CHECK | WITHOUT_PLACE },
	[MISHAP_loop] = { SIGXCPU, EVERYWHERE },
	[MISHAP_loop_of_verbs] = { SIGXCPU, WITH_SELF | PLACE_ANYWHERE },
	[MISHAP_bad_memcpy] = { SIGSEGV, EVERYWHERE },
	[MISHAP_bad_send] = { SIGSEGV, WITH_SELF },
	[MISHAP_bad_send_parcel] = { SIGSEGV, WITH_SELF },
	[MISHAP_bad_parcel] = { SIGSEGV, WITH_PARCEL },
	[MISHAP_bad_translate] = { SIGSEGV, WITH_SELF },
	[MISHAP_bad_unexpected] = { SIGSEGV, WITH_SELF },
	[MISHAP_bad_record] = { SIGSEGV, WITH_SELF },
	[MISHAP_bad_leg] = { SIGSEGV, WITH_SELF },
	[MISHAP_bad_closing] = { SIGSEGV, WITH_SELF },
	[MISHAP_made_up_self] = { SIGILL, EVERYWHERE },
	[MISHAP_full_outbox] = { 0, 0 },
};

/* One callback, and what is to come of a fault in it. */
static const struct column {
	const char *name, *event; /* as log and record call it */
	uint8_t where, callback, on_fault;
	uint8_t from, to, blamed; /* releases */
} columns[] = {
	{ "init", "start", MISHAP_IN_INIT, CALLBACK_INIT, ON_FAULT_RESUME, 1, 1,
	    1 },
	{ "handle_resumes", "event 0x1001", MISHAP_IN_HANDLE, CALLBACK_HANDLE,
	    ON_FAULT_RESUME, 1, 1, 1 },
	{ "handle_exits", "event 0x1001", MISHAP_IN_HANDLE, CALLBACK_HANDLE,
	    ON_FAULT_EXIT, 2, 2, 2 },
	{ "terminate", "terminate", MISHAP_IN_TERMINATE, CALLBACK_TERMINATE,
	    ON_FAULT_RESUME, 1, 1, 1 },
	{ "code_change_up", "code_change", MISHAP_IN_CODE_CHANGE,
	    CALLBACK_CODE_CHANGE, ON_FAULT_EXIT, 1, 2, 2 },
	{ "code_change_down", "code_change", MISHAP_IN_CODE_CHANGE,
	    CALLBACK_CODE_CHANGE, ON_FAULT_RESUME, 2, 1, 2 },
	{ "check_up", "check", MISHAP_IN_CHECK, CALLBACK_CODE_CHANGE,
	    ON_FAULT_RESUME, 1, 2, 2 },
	{ "check_down", "check", MISHAP_IN_CHECK, CALLBACK_CODE_CHANGE,
	    ON_FAULT_EXIT, 2, 1, 1 },
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

struct cell {
	const struct column *column;
	enum mishap mishap;
	char name[64];
};

static inline bool
is_met(enum mishap mishap, const struct column *column)
{
	unsigned int flags = kinds[mishap].flags;

	if (mishap == MISHAP_full_outbox)
		return column->callback != CALLBACK_CODE_CHANGE;
	if (column->callback == CALLBACK_HANDLE && (flags & WITH_PARCEL) != 0)
		return true;
	if (column->where == MISHAP_IN_CHECK && (flags & NOT_IN_CHECK) != 0)
		return false;
	return (flags &
		   (column->callback == CALLBACK_CODE_CHANGE ? WITHOUT
							     : WITH_SELF)) != 0;
}

#endif
