/*
 * fault: runs module code so that its faults cost one event, not the switch.
 *
 * Signals SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT and SIGTRAP are obeyed only
 * while the thread bears the mark MODULE; under HOST they mean a core, as
 * everywhere.  The jump point is set once per batch, in a frame that a
 * PROT_NONE page separates from all module frames, so that an overrun of the
 * module's stack cannot reach it.
 *
 * A handler that does not end is ended by the watchdog, under the same mark;
 * of the host's code that does not, it leaves a note (watchdog.h).
 *
 * What this is not: protection against a wild write into mapped memory.  The
 * scratch copy of the state lies between a canary and a guard page, and that
 * is all that is promised.
 */
#ifndef SWITCH_FAULT_H
#define SWITCH_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "switch/watchdog.h"

struct fault;

/*
 * MET and OVERDUE are the host, as for whoever asks: a look of the watchdog has
 * met it since this mark was set; the module is to end behind it.
 */
enum fault_mark { MARK_HOST, MARK_MODULE, MARK_MET, MARK_OVERDUE };

enum { FAULT_PLACES = 8 };
struct fault_caught {
	int signal; /* SIGSEGV ...; SIGXCPU: its time was up; 0: canary */
	/*
	 * Where: the program counter; and if that lies outside the module's
	 * code the calls that led there, as far as one of the module's.
	 */
	uintptr_t at[FAULT_PLACES];
};

/*
 * One for each thread that runs module code.  `owner` is what fault_owner()
 * answers on that thread, and what goes to `tell`, who is told of the notes,
 * on the watchdog's thread.  -ENOMEM.
 */
int fault_alloc(struct fault **ret_fault, void *owner, hold_up_f *tell);
void fault_free(struct fault **faultp);

/*
 * Runs body(arg) on a new thread, whose stack has the page; and waits for its
 * end.  -errno of pthread_create(3), or of the thread's own set-up.
 */
typedef void fault_body_f(void *arg);
int fault_start(struct fault *fault, fault_body_f *body, void *arg);
int fault_join(struct fault *fault);

/*
 * Runs body(arg) below the page.  true if it came to its end; false if a fault
 * under MODULE ended it, and then *ret_caught tells which, and the mark is
 * HOST.  May be nested once; only on the thread of fault_start().
 */
bool fault_contain(struct fault *fault, fault_body_f *body, void *arg,
    struct fault_caught *ret_caught);

/*
 * A new step begins, which has the watchdog's budget of CPU time: an event, a
 * new state that is made, a part of the loop's turn.  Where the code of its
 * module lies, if it is one's; and what it is called in a note: NULL leaves
 * none, else it is there as long as this thread.
 */
void fault_begin(struct fault *fault, const char *where, uintptr_t code,
    uintptr_t code_size);
/* Steps that have left a note. */
uint64_t fault_notes(const struct fault *fault);

/*
 * The mark of this thread.  Without a struct fault (a test, a worker) they do
 * nothing: a fault is then a core whatever ran.
 */
enum fault_mark fault_set_mark(enum fault_mark mark); /* the one before */
void *fault_owner(void); /* NULL on a thread without one */

/*
 * For a handler of signals: the address at which `context`, its third argument,
 * was left.
 */
uintptr_t fault_pc(const void *context);

/*
 * The memory for a state of `size` bytes (at most BEHAVIOUR_STATE_MAX) while
 * a module works on it: it ends at a guard page, and the 16 bytes before it
 * are a canary that fault_canary_is_whole() looks at.
 */
void *fault_scratch(struct fault *fault, size_t size);

/*
 * Likewise, on this thread and until the next fault_scratch(): for the states
 * on the way to the one that lies there.  NULL on a thread without one.
 */
enum { FAULT_BETWEEN = 2 };
void *fault_between(unsigned int which, size_t size);

/* Of the scratch, where a state of `size` bytes lies, and of those between. */
bool fault_canary_is_whole(const struct fault *fault, size_t size);

#endif
