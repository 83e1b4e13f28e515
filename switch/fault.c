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
 * mark, notes what happened and jumps.  SA_NODEFER and sigsetjmp without the
 * mask keep system calls off the path of every event.
 *
 * This file is compiled without -fstack-clash-protection, which would probe,
 * and so touch, the page that descend() steps over, and without a bound on
 * the use of the stack, which is what descend() is about.
 *
 * Invariants:
 *   1. the mark is MODULE only inside fault_contain() on that thread;
 *   2. jumps[depth - 1] is the jump point of the innermost fault_contain();
 *   3. the scratch's canary is whole whenever the mark is HOST.
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

#include "switch/behaviour.h" /* BEHAVIOUR_STATE_MAX */
#include "switch/object.h"
#include "switch/watchdog.h"

enum {
	PAGE = 4096,
	HOST_STACK = 1 << 20, /* SQLite and libevent are never run here */
	MODULE_STACK = 256 << 10,
	SIGNAL_STACK = 64 << 10,
	CANARY = 16,
	SCRATCH = BEHAVIOUR_STATE_MAX + PAGE, /* canary and a page to spare */
	DEPTH_MAX = 2
};

struct fault {
	unsigned int magic;
#define FAULT_MAGIC 0xfa017ac7
	volatile sig_atomic_t mark;
	atomic_uint_fast64_t events; /* begun so far: the watchdog's measure */
	unsigned int depth;
	int error; /* of the thread's set-up */
	void *owner;
	struct fault_caught caught;
	uint8_t *stack, *page, *scratch_end;
	uint8_t *scratch, *signal_stack;
	struct watchdog *watchdog;
	fault_body_f *body;
	void *arg;
	pthread_t id;
	sigjmp_buf jumps[DEPTH_MAX];
};

static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
enum { SIGNALS_COUNT = sizeof signals / sizeof signals[0] };

static const uint8_t canary[CANARY] = { 0xc4, 0x11, 0x5e, 0x7d, 0x02, 0xe9,
	0x9a, 0x36, 0xf8, 0x4b, 0xa7, 0x60, 0xd3, 0x1c, 0x85, 0xbe };

/*
 * A signal handler is told of no object: the thread's own is found here.  It
 * is set once, when the thread begins, and cleared when it ends.
 */
static _Thread_local struct fault *here;

/* The host's own fault: as if this handler had never been, so a core. */
static void
die_of(int signal)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };

	(void)sigaction(signal, &standard, NULL);
	(void)raise(signal);
}

static uintptr_t
pc_of(const ucontext_t *context)
{
#if defined(__x86_64__)
	return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (uintptr_t)context->uc_mcontext.pc;
#else
#error "say where this machine keeps the program counter"
#endif
}

static void
on_signal(int signal, siginfo_t *info, void *context)
{
	struct fault *fault = here;

	(void)info;
	if (fault == NULL || fault->mark != MARK_MODULE) {
		die_of(signal);
		return;
	}
	fault->mark = MARK_HOST;
	fault->caught.signal = signal;
	fault->caught.pc = pc_of(context);
	siglongjmp(fault->jumps[fault->depth - 1], 1);
}

/* The watchdog's: for the event of that number, and only if a module runs. */
static void
on_time_up(int signal, siginfo_t *info, void *context)
{
	struct fault *fault = here;

	(void)signal;
	if (fault == NULL || fault->mark != MARK_MODULE ||
	    info->si_value.sival_int != (int)atomic_load(&fault->events))
		return;
	fault->mark = MARK_HOST;
	fault->caught.signal = SIGXCPU;
	fault->caught.pc = pc_of(context);
	siglongjmp(fault->jumps[fault->depth - 1], 1);
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
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	unsigned int i;

	for (i = 0; i < SIGNALS_COUNT; i++)
		if (sigaction(signals[i], &action, NULL) != 0)
			return -errno;
	action.sa_sigaction = on_time_up;
	action.sa_flags |= SA_RESTART;
	return sigaction(WATCHDOG_SIGNAL, &action, NULL) == 0 ? 0 : -errno;
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
map_scratch(struct fault *fault)
{
	fault->scratch = map(SCRATCH + PAGE, PROT_READ | PROT_WRITE);
	if (fault->scratch == NULL)
		return -ENOMEM;
	fault->scratch_end = fault->scratch + SCRATCH;
	return mprotect(fault->scratch_end, PAGE, PROT_NONE) == 0 ? 0 : -ENOMEM;
}

int
fault_alloc(struct fault **ret_fault, void *owner)
{
	struct fault *fault;

	if (ALLOC_OBJ(fault, FAULT_MAGIC) == NULL)
		return -ENOMEM;
	fault->owner = owner;
	fault->signal_stack = map(SIGNAL_STACK, PROT_READ | PROT_WRITE);
	if (fault->signal_stack == NULL || map_stack(fault) != 0 ||
	    map_scratch(fault) != 0 ||
	    watchdog_alloc(&fault->watchdog, &fault->events) != 0) {
		fault_free(&fault);
		return -ENOMEM;
	}
	*ret_fault = fault;
	return 0;
}

void
fault_free(struct fault **faultp)
{
	struct fault *fault = *faultp;

	if (fault == NULL)
		return;
	CHECK_OBJ(fault, FAULT_MAGIC);
	watchdog_free(&fault->watchdog);
	if (fault->stack != NULL)
		(void)munmap(fault->stack, HOST_STACK + MODULE_STACK + PAGE);
	if (fault->scratch != NULL)
		(void)munmap(fault->scratch, SCRATCH + PAGE);
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
fault_begin(struct fault *fault)
{
	uint_fast64_t events =
	    atomic_load_explicit(&fault->events, memory_order_relaxed);

	/* One writer: no need for an atomic addition. */
	atomic_store_explicit(&fault->events, events + 1, memory_order_relaxed);
}

enum fault_mark
fault_set_mark(enum fault_mark mark)
{
	struct fault *fault = here;
	enum fault_mark before;

	if (fault == NULL)
		return MARK_HOST;
	before = fault->mark == MARK_MODULE ? MARK_MODULE : MARK_HOST;
	fault->mark = (sig_atomic_t)mark;
	/* What comes before must not be moved behind the new mark. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	return before;
}

void *
fault_owner(void)
{
	return here == NULL ? NULL : here->owner;
}

void *
fault_scratch(struct fault *fault, size_t size)
{
	uint8_t *scratch = fault->scratch_end - size;

	assert(size > 0 && size <= BEHAVIOUR_STATE_MAX);
	memcpy(scratch - CANARY, canary, CANARY);
	return scratch;
}

bool
fault_canary_is_whole(const struct fault *fault, size_t size)
{
	return memcmp(fault->scratch_end - size - CANARY, canary, CANARY) == 0;
}
