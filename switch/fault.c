/*
 * fault: see fault.h for what it is.
 *
 * The stack of a scheduler's thread, high addresses first:
 *
 *     host frames      the scheduler's loop, fault_contain() with jump point
 *     PROT_NONE page   descend() steps over it without touching it
 *     module frames    the batch, handlers, the verbs that they call
 *     PROT_NONE page   the end: an endless recursion faults here
 *
 * A handler runs on a stack of its own (sigaltstack), so that it can run when
 * the thread's stack is used up.  It may rely on nothing: it looks at the
 * mark, notes what happened and jumps.  It gives the thread its mask of
 * signals back itself: sigsetjmp without the mask keeps that system call off
 * the path of every event.
 *
 * Where it happened is the program counter, if that lies in the module.  If
 * not (abort(), a verb that reads a bad pointer, a call of a null pointer),
 * the return addresses above it are noted as far as the module's own.  The
 * unwinder reads a stack that a module may have spoilt: what faults in there
 * ends the search and nothing else.
 *
 * This file is compiled without -fstack-clash-protection, which would probe,
 * and so touch, the page that descend() steps over, and without a bound on
 * the use of the stack, which is what descend() is about.
 *
 * Invariants:
 *   1. the mark is MODULE only inside fault_contain() on that thread;
 *   2. jumps[depth - 1] is the jump point of the innermost fault_contain();
 *   3. the scratch's canary is whole whenever the mark is HOST;
 *   4. `searches` only while a handler looks for the module's own frame.
 */
#include "switch/fault.h"

#include <alloca.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unwind.h>

#include "switch/object.h"
#include "switch/scratch.h"

enum {
	PAGE = 4096,
	HOST_STACK = 1 << 20, /* SQLite and libevent are never run here */
	MODULE_STACK = 256 << 10,
	SIGNAL_STACK = 64 << 10,
	CANARY = 16,
	DEPTH_MAX = 2
};

struct fault {
	unsigned int magic;
#define FAULT_MAGIC 0xfa017ac7
	volatile sig_atomic_t mark, searches;
	atomic_uint_fast64_t steps; /* begun so far: the watchdog's measure */
	uint64_t noted; /* the last step that may leave no other note */
	atomic_uint_fast64_t notes;
	const char *where;
	unsigned int depth;
	int error; /* of the thread's set-up */
	void *owner;
	uintptr_t code, code_size; /* of the step in hand */
	struct fault_caught caught;
	uint8_t *stack, *page, *signal_stack;
	struct scratch scratch, between[FAULT_BETWEEN];
	size_t between_size[FAULT_BETWEEN]; /* 0: none lies there */
	struct watchdog *watchdog;
	fault_body_f *body;
	void *arg;
	pthread_t id;
	sigjmp_buf jumps[DEPTH_MAX];
};

/* SIGTRAP: what lies between functions, and a trap on some machines. */
static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT,
	SIGTRAP };
enum { SIGNALS_COUNT = sizeof signals / sizeof signals[0] };

/*
 * A signal handler is told of no object: the thread's own is found here.  It
 * is set once, when the thread begins, and cleared when it ends.
 */
static _Thread_local struct fault *here;

/*
 * The host's own fault: as if this handler had never been, so a core.  The
 * signal is blocked until the handler returns, to where the fault was.
 */
static void
die_of(int signal)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };

	(void)sigaction(signal, &standard, NULL);
	(void)raise(signal);
}

uintptr_t
fault_pc(const void *context)
{
	const ucontext_t *at = context;

#if defined(__x86_64__)
	return (uintptr_t)at->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (uintptr_t)at->uc_mcontext.pc;
#else
#error "say where this machine keeps the program counter"
#endif
}

/* Where a call that led nowhere would have returned to; or 0. */
static uintptr_t
caller_of(const struct fault *fault, const ucontext_t *context)
{
	uintptr_t caller = 0;
#if defined(__x86_64__)
	uintptr_t top = (uintptr_t)context->uc_mcontext.gregs[REG_RSP] -
	    (uintptr_t)fault->stack;

	if (top >= PAGE && top < MODULE_STACK)
		memcpy(&caller, fault->stack + top, sizeof caller);
#else
	(void)fault;
	caller = (uintptr_t)context->uc_mcontext.regs[30];
#endif
	return caller;
}

/* Where no code is, the unwinder would look for some all the same. */
static bool
is_code(uintptr_t pc)
{
	void *behind;

	pc++;
	memcpy(&behind, &pc, sizeof behind);
	return _Unwind_FindEnclosingFunction(behind) != NULL;
}

struct search {
	struct fault *fault;
	unsigned int found; /* 0: still in the handler's own frames */
};

static _Unwind_Reason_Code
note_frame(struct _Unwind_Context *context, void *arg)
{
	struct search *search = arg;
	struct fault *fault = search->fault;
	uintptr_t pc = (uintptr_t)_Unwind_GetIP(context);

	if (search->found == 0) {
		search->found = pc == fault->caught.at[0];
		return _URC_NO_REASON;
	}
	/* One back from where it returns to is still within the call. */
	fault->caught.at[search->found++] = pc - 1;
	return search->found == FAULT_PLACES ||
		pc - 1 - fault->code < fault->code_size
	    ? _URC_END_OF_STACK
	    : _URC_NO_REASON;
}

/* Fills caught.at; of a linked-in toy there is nothing to be found. */
static void
find_place(struct fault *fault, const ucontext_t *context)
{
	struct fault_caught *caught = &fault->caught;
	struct search search = { .fault = fault };

	memset(caught->at, 0, sizeof caught->at);
	caught->at[0] = fault_pc(context);
	if (caught->at[0] - fault->code < fault->code_size ||
	    fault->code_size == 0)
		return;
	fault->searches = true;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (is_code(caught->at[0]))
		(void)_Unwind_Backtrace(note_frame, &search);
	else
		caught->at[1] = caller_of(fault, context) - 1;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	fault->searches = false;
}

/*
 * By a fault of the module, or by one of the search for its place.  The mark
 * comes first: with the mask back, the watchdog's next signal may be here.
 */
static void
jump_out(struct fault *fault, int signal, const ucontext_t *context)
{
	bool is_first = !fault->searches;

	fault->mark = MARK_HOST;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	(void)pthread_sigmask(SIG_SETMASK, &context->uc_sigmask, NULL);
	if (is_first) {
		fault->caught.signal = signal;
		find_place(fault, context);
	}
	fault->searches = false;
	siglongjmp(fault->jumps[fault->depth - 1], 1);
}

static void
on_signal(int signal, siginfo_t *info, void *context)
{
	struct fault *fault = here;

	(void)info;
	if (fault != NULL && (fault->mark == MARK_MODULE || fault->searches))
		jump_out(fault, signal, context);
	else
		die_of(signal);
}

/* One writer: no need for an atomic addition. */
static void
add_notes(struct fault *fault, uint_fast64_t difference)
{
	atomic_store_explicit(&fault->notes,
	    atomic_load_explicit(&fault->notes, memory_order_relaxed) +
		difference,
	    memory_order_relaxed);
}

/*
 * The host's time is up: once for each step, unless it was to leave none.  When
 * a later look meets it again, and a module has run in between, that one calls
 * verb after verb, and is to end when it comes back from this one.  If it is at
 * the same verb still, the time is the host's own, or the machine's.
 */
static void
leave_note(struct fault *fault, uint64_t step, const ucontext_t *context)
{
	if (fault->noted == step) {
		if (fault->mark == MARK_HOST)
			fault->mark = MARK_OVERDUE;
		return;
	}
	if (fault->where == NULL)
		return;
	fault->mark = MARK_MET;
	fault->noted = step;
	add_notes(fault, 1);
	watchdog_note(fault->watchdog, fault->where, fault_pc(context));
}

/*
 * It is the module's, also if the host was at a verb of it when its time was up
 * first, or is searching for the place when the next signal comes.
 */
static void
leave_no_note(struct fault *fault, uint64_t step)
{
	if (fault->noted == step) {
		add_notes(fault, (uint_fast64_t)-1);
		watchdog_forget(fault->watchdog);
	}
	fault->noted = step;
}

/* The watchdog's, for the step of that number. */
static void
on_time_up(int signal, siginfo_t *info, void *context)
{
	struct fault *fault = here;
	uint64_t step;

	if (info->si_code != SI_QUEUE) {
		die_of(signal);
		return;
	}
	if (fault == NULL)
		return;
	step = atomic_load_explicit(&fault->steps, memory_order_relaxed);
	if (info->si_value.sival_int != (int)step)
		return;
	if (fault->mark != MARK_MODULE) {
		leave_note(fault, step, context);
		return;
	}
	leave_no_note(fault, step);
	jump_out(fault, SIGXCPU, context);
}

/*
 * What gcc's -fstack-protector calls when a frame was overrun.  The host's
 * own stands in for libc's, so that it is a fault of the module like any.
 */
__attribute__((visibility("default"), noreturn)) void __stack_chk_fail(void);

void
__stack_chk_fail(void)
{
	__builtin_trap();
}

static int
listen_for_signals(void)
{
	struct sigaction action = { .sa_sigaction = on_signal,
		.sa_flags = SA_SIGINFO | SA_ONSTACK };
	unsigned int i;

	for (i = 0; i < SIGNALS_COUNT; i++)
		if (sigaction(signals[i], &action, NULL) != 0)
			return -errno;
	action.sa_sigaction = on_time_up;
	action.sa_flags |= SA_RESTART;
	return sigaction(watchdog_signal(), &action, NULL) == 0 ? 0 : -errno;
}

static void *
thread(void *arg)
{
	struct fault *fault = arg;
	stack_t stack = { .ss_sp = fault->signal_stack,
		.ss_size = SIGNAL_STACK };

	fault->error = listen_for_signals();
	if (fault->error == 0 && sigaltstack(&stack, NULL) != 0)
		fault->error = -errno;
	if (fault->error == 0)
		fault->error = watchdog_start(fault->watchdog);
	if (fault->error != 0)
		return NULL;
	here = fault;
	fault->body(fault->arg);
	here = NULL;
	watchdog_stop(fault->watchdog);
	stack.ss_flags = SS_DISABLE;
	(void)sigaltstack(&stack, NULL);
	return NULL;
}

static uint8_t *
map(size_t bytes, int protection)
{
	void *start = mmap(NULL, bytes, protection,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return start == MAP_FAILED ? NULL : start;
}

static int
map_stack(struct fault *fault)
{
	fault->stack =
	    map(HOST_STACK + MODULE_STACK + PAGE, PROT_READ | PROT_WRITE);
	if (fault->stack == NULL)
		return -ENOMEM;
	fault->page = fault->stack + MODULE_STACK;
	if (mprotect(fault->page, PAGE, PROT_NONE) != 0 ||
	    mprotect(fault->stack, PAGE, PROT_NONE) != 0)
		return -ENOMEM;
	return 0;
}

static int
map_scratches(struct fault *fault)
{
	unsigned int i;
	int error = scratch_map(&fault->scratch);

	for (i = 0; error == 0 && i < FAULT_BETWEEN; i++)
		error = scratch_map(&fault->between[i]);
	return error;
}

int
fault_alloc(struct fault **ret_fault, void *owner, hold_up_f *tell)
{
	struct fault *fault;

	if (ALLOC_OBJ(fault, FAULT_MAGIC) == NULL)
		return -ENOMEM;
	fault->owner = owner;
	fault->signal_stack = map(SIGNAL_STACK, PROT_READ | PROT_WRITE);
	if (fault->signal_stack == NULL || map_stack(fault) != 0 ||
	    map_scratches(fault) != 0 ||
	    watchdog_alloc(&fault->watchdog, &fault->steps) != 0) {
		fault_free(&fault);
		return -ENOMEM;
	}
	watchdog_tell(fault->watchdog, tell, owner);
	*ret_fault = fault;
	return 0;
}

void
fault_free(struct fault **faultp)
{
	struct fault *fault = *faultp;
	unsigned int i;

	if (fault == NULL)
		return;
	CHECK_OBJ(fault, FAULT_MAGIC);
	watchdog_free(&fault->watchdog);
	if (fault->stack != NULL)
		(void)munmap(fault->stack, HOST_STACK + MODULE_STACK + PAGE);
	scratch_unmap(&fault->scratch);
	for (i = 0; i < FAULT_BETWEEN; i++)
		scratch_unmap(&fault->between[i]);
	if (fault->signal_stack != NULL)
		(void)munmap(fault->signal_stack, SIGNAL_STACK);
	FREE_OBJ(faultp, FAULT_MAGIC);
}

int
fault_start(struct fault *fault, fault_body_f *body, void *arg)
{
	pthread_attr_t attributes;
	int error;

	CHECK_OBJ(fault, FAULT_MAGIC);
	fault->body = body;
	fault->arg = arg;
	error = pthread_attr_init(&attributes);
	if (error != 0)
		return -error;
	error = pthread_attr_setstack(
	    &attributes, fault->stack, HOST_STACK + MODULE_STACK + PAGE);
	if (error == 0)
		error = pthread_create(&fault->id, &attributes, thread, fault);
	(void)pthread_attr_destroy(&attributes);
	return -error;
}

int
fault_join(struct fault *fault)
{
	int error = pthread_join(fault->id, NULL);

	return error != 0 ? -error : fault->error;
}

/*
 * Steps over the page: takes so much stack that the next frame lies below it,
 * touching nothing between.  Already below it, there is nothing to step over.
 */
__attribute__((noinline, no_sanitize("address"))) static void
descend(struct fault *fault, fault_body_f *body, void *arg)
{
	uint8_t *frame = __builtin_frame_address(0);
	void *gap = NULL;

	if (frame > fault->page)
		gap = alloca((size_t)(frame - fault->page) + CANARY);
	__asm__ volatile("" : : "r"(gap) : "memory");
	body(arg);
	__asm__ volatile("" : : "r"(gap) : "memory");
}

bool
fault_contain(struct fault *fault, fault_body_f *body, void *arg,
    struct fault_caught *ret_caught)
{
	CHECK_OBJ(fault, FAULT_MAGIC);
	assert(here == fault && fault->depth < DEPTH_MAX);
	if (sigsetjmp(fault->jumps[fault->depth++], 0) == 0) {
		descend(fault, body, arg);
		fault->depth--;
		return true;
	}
	fault->depth--;
	*ret_caught = fault->caught;
	return false;
}

void
fault_begin(
    struct fault *fault, const char *where, uintptr_t code, uintptr_t code_size)
{
	uint_fast64_t steps =
	    atomic_load_explicit(&fault->steps, memory_order_relaxed);

	fault->where = where;
	fault->code = code;
	fault->code_size = code_size;
	/* One writer: no need for an atomic addition. */
	atomic_store_explicit(&fault->steps, steps + 1, memory_order_relaxed);
}

uint64_t
fault_notes(const struct fault *fault)
{
	return atomic_load_explicit(&fault->notes, memory_order_relaxed);
}

/*
 * A module that calls one verb after another is hardly ever met by a look of
 * the watchdog: so it is ended where it comes back from one, if the step is
 * still that which was too long.
 */
static void
end_overdue(const struct fault *fault)
{
	const uint64_t step =
	    atomic_load_explicit(&fault->steps, memory_order_relaxed);
	const union sigval value = { .sival_int = (int)step };

	if (fault->noted == step)
		(void)pthread_sigqueue(
		    pthread_self(), watchdog_signal(), value);
}

enum fault_mark
fault_set_mark(enum fault_mark mark)
{
	struct fault *fault = here;
	enum fault_mark before;

	if (fault == NULL)
		return MARK_HOST;
	before = (enum fault_mark)fault->mark;
	fault->mark = (sig_atomic_t)mark;
	/* What comes before must not be moved behind the new mark. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (before == MARK_OVERDUE && mark == MARK_MODULE)
		end_overdue(fault);
	return before == MARK_MODULE ? MARK_MODULE : MARK_HOST;
}

void *
fault_owner(void)
{
	return here == NULL ? NULL : here->owner;
}

void *
fault_scratch(struct fault *fault, size_t size)
{
	memset(fault->between_size, 0, sizeof fault->between_size);
	return scratch_take(&fault->scratch, size);
}

void *
fault_between(unsigned int which, size_t size)
{
	if (here == NULL)
		return NULL;
	here->between_size[which] = size;
	return scratch_take(&here->between[which], size);
}

bool
fault_canary_is_whole(const struct fault *fault, size_t size)
{
	bool is_whole = scratch_is_whole(&fault->scratch, size);
	unsigned int i;

	for (i = 0; is_whole && i < FAULT_BETWEEN; i++)
		is_whole = fault->between_size[i] == 0 ||
		    scratch_is_whole(
			&fault->between[i], fault->between_size[i]);
	return is_whole;
}
