/*
 * What an event promises: all of it happens, or nothing, whatever the handler
 * does (N11, N14, N15).  Each kind of fault is made for real.
 */
#include "tests/world.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "switch/registry.h"
#include "switch/scheduler_internal.h"
#include "switch/store.h"

enum {
	COUNT = 1,
	CRASH_NULL,
	CRASH_WILD,
	CRASH_DIVIDE,
	CRASH_ABORT,
	CRASH_TRAP,
	OVERRUN_STATE,
	UNDERRUN_STATE,
	ENDLESS_RECURSION,
	OVERRUN_STACK_40,
	OVERRUN_STACK_2000,
	OVERRUN_STACK_100000,
	BAD_POINTER_TO_VERB,
	BAD_POINTER_TO_PARCEL,
	MADE_UP_SELF,
	ENDLESS_LOOP,
	LOOP_OF_VERBS,
	FULL_OUTBOX,
	FORGE, /* messages that only the switch may send */
	PREPARE_TO_CRASH_AGAIN,
	POKE, /* COUNT to the process in the message */
	ANOTHER_KIND
};

enum { ANY_SIGNAL = 0xffff };

struct toy {
	uint64_t count, faulted, at_fault;
	uint16_t last_kind, last_signal;
	uint16_t crashes_again, starts_badly;
	uint64_t sends;
};

static int
toy_init(struct self *self, void *state, const struct message *start)
{
	struct toy *toy = state;

	(void)self;
	memcpy(&toy->starts_badly, start->body.bytes, 2);
	if (toy->starts_badly == 1)
		return -EPERM;
	if (toy->starts_badly == 2)
		*(volatile int *)(uintptr_t)toy->count = 1;
	return 0;
}

static __attribute__((noinline)) uint64_t
recurse(volatile uint64_t *above)
{
	volatile uint64_t here[64];

	here[0] = *above + 1;
	if (here[0] == 0) /* never, but only we know */
		return 0;
	return recurse(here) + here[0];
}

/* Writes `bytes` upwards from a buffer in this frame. */
static __attribute__((noinline)) void
overrun(size_t bytes)
{
	volatile char buffer[16];
	volatile char *volatile place = buffer;
	size_t i;

	for (i = 0; i < 16 + bytes; i++)
		place[i] = 'x';
}

static void
fill_outbox(struct self *self, struct toy *toy)
{
	while (process_send(self, process_self(self), COUNT, NULL, 0) == 0)
		toy->sends++;
}

static void
forge(struct self *self, struct toy *toy)
{
	struct pid me = process_self(self);

	toy->sends += process_send(self, me, EVENT_START, NULL, 0) == -EINVAL;
	toy->sends +=
	    process_send(self, me, EVENT_TERMINATE, NULL, 0) == -EINVAL;
	toy->sends +=
	    process_send_parcel(self, me, EVENT_START, toy, 8) == -EINVAL;
}

static void
poke(struct self *self, const struct message *event)
{
	struct pid peer;

	memcpy(&peer, event->body.bytes, sizeof peer);
	(void)process_send(self, peer, COUNT, NULL, 0);
}

static void
on_faulted(struct toy *toy, const struct message *event)
{
	toy->faulted++;
	toy->at_fault = toy->count;
	toy->last_kind = event->body.faulted.kind;
	toy->last_signal = event->body.faulted.reason.number;
	if (toy->crashes_again)
		abort();
}

static void
go_wrong(struct self *self, struct toy *toy, uint16_t kind)
{
	volatile int zero = 0;
	volatile uint64_t bottom = 0;
	int nothing;

	switch (kind) {
	case CRASH_NULL:
		*(volatile int *)(uintptr_t)zero = 1;
		break;
	case CRASH_WILD:
		/* No address at all: a sanitizer may have mapped any other. */
		*(volatile int *)(uintptr_t)0xdead5e7d02e99a36 = 1;
		break;
	case CRASH_DIVIDE:
		(void)raise(SIGFPE);
		break;
	case CRASH_ABORT:
		abort();
	case CRASH_TRAP:
		__builtin_trap();
	case OVERRUN_STATE:
		((volatile char *)toy)[sizeof *toy] = 1;
		break;
	case UNDERRUN_STATE:
		((volatile char *)toy)[-1] = 1;
		break;
	case ENDLESS_RECURSION:
		toy->count += recurse(&bottom);
		break;
	case OVERRUN_STACK_40:
		overrun(40);
		break;
	case OVERRUN_STACK_2000:
		overrun(2000);
		break;
	case OVERRUN_STACK_100000:
		overrun(100000);
		break;
	case BAD_POINTER_TO_VERB:
		(void)process_send(
		    self, process_self(self), COUNT, (void *)8, 48);
		break;
	case BAD_POINTER_TO_PARCEL:
		(void)process_send_parcel(
		    self, process_self(self), COUNT, (void *)8, 4000);
		break;
	case MADE_UP_SELF:
		(void)process_use_current((void *)&nothing);
		break;
	case ENDLESS_LOOP:
		while (zero == 0)
			continue;
		break;
	case LOOP_OF_VERBS:
		while (zero == 0)
			(void)process_trap_exit(self, true);
		break;
	}
}

static void
toy_handle(struct self *self, void *state, const struct message *event)
{
	struct toy *toy = state;

	toy->count++;
	if (event->kind == EVENT_FAULTED) {
		on_faulted(toy, event);
		return;
	}
	if (event->kind == PREPARE_TO_CRASH_AGAIN)
		toy->crashes_again = 1;
	if (event->kind == FULL_OUTBOX)
		fill_outbox(self, toy);
	if (event->kind == FORGE)
		forge(self, toy);
	if (event->kind == POKE)
		poke(self, event);
	if (event->kind < CRASH_NULL || event->kind > LOOP_OF_VERBS)
		return;
	/* None of these may be seen of an event that faults. */
	(void)process_send(self, process_self(self), COUNT, NULL, 0);
	(void)process_send_parcel(self, process_self(self), COUNT, toy, 40);
	(void)process_start_timer(self, 1, 1, 1000);
	(void)process_monitor(self, process_self(self), 1);
	(void)process_exit(self, (struct reason){ REASON_NORMAL, 0, 0 });
	go_wrong(self, toy, event->kind);
}

static void
toy_terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self;
	(void)state;
	if (reason->kind == REASON_SHUTDOWN)
		abort(); /* a fault in terminate */
}

static const struct module toy_module = { .magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "toy",
	.version = "1",
	.schema = { .size = sizeof(struct toy) },
	.init = toy_init,
	.handle = toy_handle,
	.terminate = toy_terminate };

struct fixture {
	struct world world;
	uint16_t behaviour;
	struct pid pid;
};

static struct pid
spawn(struct fixture *fixture, uint8_t on_fault, uint16_t starts)
{
	const struct spawn spawn = { .behaviour = fixture->behaviour,
		.on_fault = on_fault,
		.fault_limit = 3,
		.start = &starts,
		.length = sizeof starts };
	struct pid pid = PID_NONE;

	assert_int_equal(
	    process_spawn(fixture->world.scheduler, &spawn, &pid), 0);
	world_run(&fixture->world, 0);
	return pid;
}

static int
setup(void **state)
{
	static struct fixture fixture;

	world_set_up(&fixture.world);
	fixture.behaviour = world_add(&fixture.world, &toy_module);
	fixture.pid = spawn(&fixture, ON_FAULT_RESUME, 0);
	*state = &fixture;
	return 0;
}

static const struct toy *
toy_of(struct fixture *fixture)
{
	return world_info(&fixture->world, fixture->pid).state;
}

/*
 * One event that goes wrong: afterwards the process is as it was before, but
 * that it has been told, and the mail behind the event has been handled.
 */
static void
goes_wrong(struct fixture *fixture, uint16_t kind, uint16_t signal)
{
	struct store *store = scheduler_store(fixture->world.scheduler);
	uint64_t in_use = store->bytes_in_use;

	world_post(&fixture->world, fixture->pid, kind);
	world_post(&fixture->world, fixture->pid, COUNT);
	world_run(&fixture->world, 10000);
	assert_int_equal(toy_of(fixture)->faulted, 1);
	assert_int_equal(toy_of(fixture)->at_fault, 1); /* ahead of its mail */
	assert_int_equal(toy_of(fixture)->count, 2);
	assert_int_equal(toy_of(fixture)->last_kind, kind);
	if (signal != ANY_SIGNAL)
		assert_int_equal(toy_of(fixture)->last_signal, signal);
	assert_int_equal(store->bytes_in_use, in_use);
	assert_int_equal(world_info(&fixture->world, fixture->pid).faults, 1);
	assert_int_equal(scheduler_counts(fixture->world.scheduler)->faults, 1);
}

#define GOES_WRONG(name, kind, signal)                                         \
	static void name(void **state)                                         \
	{                                                                      \
		goes_wrong(*state, kind, signal);                              \
	}

GOES_WRONG(n11_a_null_pointer, CRASH_NULL, SIGSEGV)
GOES_WRONG(n11_a_wild_pointer, CRASH_WILD, SIGSEGV)
GOES_WRONG(n11_a_division_by_zero, CRASH_DIVIDE, SIGFPE)
GOES_WRONG(n11_an_abort, CRASH_ABORT, SIGABRT)
GOES_WRONG(n11_an_illegal_instruction, CRASH_TRAP, SIGILL)
GOES_WRONG(n11_a_state_overrun_by_one_byte, OVERRUN_STATE, SIGSEGV)
GOES_WRONG(n11_a_state_underrun_by_one_byte, UNDERRUN_STATE, 0)
GOES_WRONG(n11_an_endless_recursion, ENDLESS_RECURSION, SIGSEGV)
GOES_WRONG(n11_a_stack_overrun_by_40_bytes, OVERRUN_STACK_40, SIGILL)
/* Met by the frame's protector or by the page, as the frames happen to lie. */
GOES_WRONG(n11_a_stack_overrun_by_2000_bytes, OVERRUN_STACK_2000, ANY_SIGNAL)
GOES_WRONG(n11_a_stack_overrun_by_100000_bytes, OVERRUN_STACK_100000, SIGSEGV)
GOES_WRONG(n11_a_bad_pointer_to_a_verb, BAD_POINTER_TO_VERB, SIGSEGV)
GOES_WRONG(n11_a_bad_pointer_to_a_parcel, BAD_POINTER_TO_PARCEL, SIGSEGV)
GOES_WRONG(n11_an_endless_loop, ENDLESS_LOOP, SIGXCPU)
GOES_WRONG(n11_an_endless_loop_of_verbs, LOOP_OF_VERBS, SIGXCPU)
GOES_WRONG(n11_a_self_that_is_made_up, MADE_UP_SELF, SIGILL)

static void
a_module_cannot_pose_as_the_runtime(void **state)
{
	struct fixture *fixture = *state;

	world_post(&fixture->world, fixture->pid, FORGE);
	world_run(&fixture->world, 0);
	assert_int_equal(toy_of(fixture)->count, 1);
	assert_int_equal(toy_of(fixture)->sends, 3);
}

static void
a_full_outbox_is_an_answer_and_what_was_taken_happens(void **state)
{
	struct fixture *fixture = *state;

	world_post(&fixture->world, fixture->pid, FULL_OUTBOX);
	world_run(&fixture->world, 0);
	assert_int_equal(toy_of(fixture)->sends, 256);
	assert_int_equal(toy_of(fixture)->count, 257);
	assert_int_equal(
	    scheduler_counts(fixture->world.scheduler)->refused, 1);
}

static void
a_fault_about_a_fault_ends_it(void **state)
{
	struct fixture *fixture = *state;

	world_post(&fixture->world, fixture->pid, PREPARE_TO_CRASH_AGAIN);
	world_post(&fixture->world, fixture->pid, CRASH_NULL);
	world_run(&fixture->world, 0);
	assert_false(process_is_alive(fixture->world.scheduler, fixture->pid));
	assert_int_equal(scheduler_counts(fixture->world.scheduler)->faults, 2);
}

/* Its mailbox was empty when it faulted, and is not when it hears of it. */
static void
n15_mail_that_comes_after_the_fault_waits_behind_it(void **state)
{
	struct fixture *fixture = *state;
	struct pid other = spawn(fixture, ON_FAULT_RESUME, 0);

	world_post(&fixture->world, fixture->pid, CRASH_NULL);
	assert_int_equal(process_post(fixture->world.scheduler, other, POKE,
			     &fixture->pid, sizeof fixture->pid),
	    0);
	world_run(&fixture->world, 0);
	assert_int_equal(toy_of(fixture)->faulted, 1);
	assert_int_equal(toy_of(fixture)->at_fault, 1);
	assert_int_equal(toy_of(fixture)->count, 2);
}

static void
an_ordered_fault_comes_as_often_as_ordered(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(process_break(fixture->world.scheduler, fixture->pid,
			     COUNT, FAULT_OVERRUN, 1),
	    0);
	world_post(&fixture->world, fixture->pid, ANOTHER_KIND);
	world_run(&fixture->world, 0);
	assert_int_equal(toy_of(fixture)->faulted, 0); /* not that kind */
	world_post(&fixture->world, fixture->pid, COUNT);
	world_post(&fixture->world, fixture->pid, COUNT);
	world_run(&fixture->world, 0);
	assert_int_equal(scheduler_counts(fixture->world.scheduler)->faults, 1);
	assert_int_equal(toy_of(fixture)->faulted, 1);
	assert_int_equal(toy_of(fixture)->count, 3);
	assert_int_equal(process_break(fixture->world.scheduler, PID_NONE,
			     COUNT, FAULT_OVERRUN, 1),
	    -ESRCH);
}

static void
a_process_past_its_limit_ends(void **state)
{
	struct fixture *fixture = *state;
	int i;

	for (i = 0; i < 3; i++) {
		world_post(&fixture->world, fixture->pid, CRASH_ABORT);
		world_run(&fixture->world, 0);
		assert_true(
		    process_is_alive(fixture->world.scheduler, fixture->pid));
	}
	world_post(&fixture->world, fixture->pid, CRASH_ABORT);
	world_run(&fixture->world, 0);
	assert_false(process_is_alive(fixture->world.scheduler, fixture->pid));
}

static void
on_fault_exit_ends_it_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct pid pid = spawn(fixture, ON_FAULT_EXIT, 0);

	world_post(&fixture->world, pid, CRASH_NULL);
	world_run(&fixture->world, 0);
	assert_false(process_is_alive(fixture->world.scheduler, pid));
	assert_true(process_is_alive(fixture->world.scheduler, fixture->pid));
}

static void
a_start_that_fails_or_faults_leaves_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct store *store = scheduler_store(fixture->world.scheduler);
	uint64_t in_use = store->bytes_in_use;
	struct pid no = spawn(fixture, ON_FAULT_RESUME, 1);
	struct pid crash = spawn(fixture, ON_FAULT_RESUME, 2);

	assert_false(process_is_alive(fixture->world.scheduler, no));
	assert_false(process_is_alive(fixture->world.scheduler, crash));
	assert_int_equal(store->bytes_in_use, in_use);
}

static void
a_fault_in_terminate_ends_it_all_the_same(void **state)
{
	struct fixture *fixture = *state;

	process_exit_signal(fixture->world.scheduler, PID_NONE, fixture->pid,
	    (struct reason){ .kind = REASON_SHUTDOWN });
	world_run(&fixture->world, 0);
	assert_false(process_is_alive(fixture->world.scheduler, fixture->pid));
	assert_int_equal(scheduler_counts(fixture->world.scheduler)->faults, 1);
	assert_int_equal(
	    scheduler_store(fixture->world.scheduler)->bytes_in_use, 0);
}

static void
n11_one_event_in_a_hundred_crashing_harms_no_other(void **state)
{
	enum { TOYS = 100, ROUNDS = 99 };
	struct fixture *fixture = *state;
	struct pid toys[TOYS];
	const struct toy *toy;
	int i, round;

	for (i = 0; i < TOYS; i++)
		toys[i] = spawn(fixture, ON_FAULT_RESUME, 0);
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < TOYS; i++)
			world_post(&fixture->world, toys[i],
			    i == round ? CRASH_NULL : COUNT);
	world_run(&fixture->world, 0);
	for (i = 0; i < TOYS; i++) {
		toy = world_info(&fixture->world, toys[i]).state;
		assert_int_equal(toy->count, ROUNDS);
		assert_int_equal(toy->faulted, i < ROUNDS);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(n11_a_null_pointer),
		TEST(n11_a_wild_pointer),
		TEST(n11_a_division_by_zero),
		TEST(n11_an_abort),
		TEST(n11_an_illegal_instruction),
		TEST(n11_a_state_overrun_by_one_byte),
		TEST(n11_a_state_underrun_by_one_byte),
		TEST(n11_an_endless_recursion),
		TEST(n11_a_stack_overrun_by_40_bytes),
		TEST(n11_a_stack_overrun_by_2000_bytes),
		TEST(n11_a_stack_overrun_by_100000_bytes),
		TEST(n11_a_bad_pointer_to_a_verb),
		TEST(n11_a_bad_pointer_to_a_parcel),
		TEST(n11_a_self_that_is_made_up),
		TEST(n11_an_endless_loop),
		TEST(n11_an_endless_loop_of_verbs),
		TEST(a_module_cannot_pose_as_the_runtime),
		TEST(a_full_outbox_is_an_answer_and_what_was_taken_happens),
		TEST(a_fault_about_a_fault_ends_it),
		TEST(n15_mail_that_comes_after_the_fault_waits_behind_it),
		TEST(an_ordered_fault_comes_as_often_as_ordered),
		TEST(a_process_past_its_limit_ends),
		TEST(on_fault_exit_ends_it_at_once),
		TEST(a_start_that_fails_or_faults_leaves_nothing),
		TEST(a_fault_in_terminate_ends_it_all_the_same),
		TEST(n11_one_event_in_a_hundred_crashing_harms_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
