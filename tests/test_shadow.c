/*
 * What shadow.h promises (U13): an event is handled by a copy as well, what
 * either asked is known, and nothing of the copy is let out.
 *
 * The toys' two versions do what the test gives them to do, each a function.
 * Whoever could notice the copy is looked at: the mailboxes and timers of all,
 * the counts, the event log.
 */
#include "tests/world.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "switch/log.h"
#include "switch/shadow.h"
#include "switch/store.h"

enum { GO = 1, HEARD, T_ONE = 0, T_TWO, COUNTER_START = 40 };

struct toy {
	uint64_t count;
	char note[24];
};

struct fixture;
typedef void does_f(struct self *self, struct toy *toy, const struct message *);

/* What was seen of a trial; its own memory is gone by then. */
struct seen {
	unsigned int trials;
	struct shadow_trial trial;
	char event[32];
	struct noting real, copy;
	struct toy before, after, copied;
};

static struct {
	struct world world;
	uint16_t old, new, listener;
	struct pid pid, peer;
	struct shadow *shadow;
	struct seen seen;
	unsigned int wanted; /* trials */
	does_f *does_old, *does_new;
	unsigned int heard; /* by the peer */
	int converts;	    /* what the converter answers */
	bool is_sound;
} here;

/*--------------------------------------------------------------------
 * The toys
 */

static int
init(struct self *self, void *state, const struct message *start)
{
	struct toy *toy = state;

	(void)self, (void)start;
	toy->count = COUNTER_START;
	return 0;
}

static void
handle_old(struct self *self, void *state, const struct message *event)
{
	if (here.does_old != NULL)
		here.does_old(self, state, event);
}

static void
handle_new(struct self *self, void *state, const struct message *event)
{
	if (here.does_new != NULL)
		here.does_new(self, state, event);
}

static void
hear(struct self *self, void *state, const struct message *event)
{
	(void)self, (void)state;
	here.heard += event->kind == HEARD;
}

static void
terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self, (void)state, (void)reason;
}

static bool
check(const void *state)
{
	(void)state;
	return here.is_sound;
}

#define TOY(its_name, its_version, its_handle, its_check)                      \
	{                                                                      \
		.magic = MODULE_MAGIC, .abi = MODULE_ABI, .name = (its_name),  \
		.version = (its_version),                                      \
		.schema = { .size = sizeof(struct toy), .timers = "T1 T2" },   \
		.init = init, .handle = (its_handle), .terminate = terminate,  \
		.check = (its_check)                                           \
	}
static const struct module toy_old = TOY("toy", "1", handle_old, NULL);
static const struct module toy_new = TOY("toy", "2", handle_new, check);
static const struct module listener = TOY("listener", "1", hear, NULL);

static int
convert(void *arg, struct state_change *change)
{
	(void)arg;
	if (here.converts == 0)
		memcpy(
		    change->new_state, change->old_state, sizeof(struct toy));
	return here.converts;
}

/* Of shadow_order. */
static bool
tried(void *arg, const struct shadow_trial *trial)
{
	struct seen *seen = arg;

	seen->trials++;
	seen->trial = *trial;
	snprintf(seen->event, sizeof seen->event, "%s", trial->event);
	seen->real = *trial->real;
	seen->copy = *trial->copy;
	memcpy(&seen->before, trial->before, sizeof seen->before);
	memcpy(&seen->after, trial->after, sizeof seen->after);
	if (trial->copied != NULL)
		memcpy(&seen->copied, trial->copied, sizeof seen->copied);
	return seen->trials < here.wanted;
}

/*--------------------------------------------------------------------
 * The world
 */

static struct pid
spawn(uint16_t behaviour)
{
	const struct spawn spawn = { .behaviour = behaviour,
		.on_fault = ON_FAULT_RESUME,
		.fault_limit = 9 };
	struct pid pid;

	assert_int_equal(process_spawn(here.world.scheduler, &spawn, &pid), 0);
	return pid;
}

static void
begin_shadow(uint32_t share)
{
	const struct shadow_order order = { .to = here.new,
		.share = share,
		.tried = tried,
		.arg = &here.seen };

	memset(&here.seen, 0, sizeof here.seen);
	assert_int_equal(
	    shadow_alloc(&here.shadow, here.world.scheduler, &order), 0);
}

static int
set_up_logged(const char *log)
{
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.log = log };
	const struct converter converter = { .convert = convert };

	memset(&here, 0, sizeof here);
	here.is_sound = true;
	here.wanted = 1000;
	world_set_up_with(&here.world, &options);
	here.new = world_add(&here.world, &toy_new);
	here.old = world_add(&here.world, &toy_old);
	here.listener = world_add(&here.world, &listener);
	behaviours_set_converter(
	    scheduler_behaviours(here.world.scheduler), &converter);
	here.pid = spawn(here.old);
	here.peer = spawn(here.listener);
	world_run(&here.world, 10);
	return 0;
}

static int
set_up(void **state)
{
	(void)state;
	return set_up_logged(NULL);
}

static int
tear_down(void **state)
{
	(void)state;
	shadow_free(&here.shadow);
	world_tear_down(&here.world);
	return 0;
}

/* One event, the old version doing the one and the new version the other. */
static void
go(does_f *does_old, does_f *does_new)
{
	here.does_old = does_old;
	here.does_new = does_new;
	world_post(&here.world, here.pid, GO);
	world_run(&here.world, 10);
	here.does_old = here.does_new = NULL;
}

/* The lines of what was asked, those with a promise; then that is all. */
static void
expect_effects(const struct noting *noting, const char *const *lines)
{
	const struct noted *noted;
	uint32_t cursor = 0;

	for (; *lines != NULL; lines++) {
		noted = noting_next(noting, &cursor);
		if (noted == NULL)
			fail_msg("there is no '%s'", *lines);
		assert_string_equal(noted->text, *lines);
	}
	noted = noting_next(noting, &cursor);
	if (noted != NULL)
		fail_msg("there is also '%s'", noted->text);
}
#define EXPECT_EFFECTS(noting, ...)                                            \
	expect_effects(noting, (const char *const[]){ __VA_ARGS__, NULL })

/*--------------------------------------------------------------------
 * What is known of either
 */

/* Every verb of module.h that wants something done. */
static void
does_all(struct self *self, struct toy *toy, const struct message *event)
{
	static const char body[4] = { 1, 2, 0, 0 };

	(void)event;
	toy->count++;
	(void)process_send(self, here.peer, HEARD, body, sizeof body);
	(void)process_send(self, process_self(self), HEARD, NULL, 0);
	(void)process_send_parcel(self, here.peer, HEARD, "parcel", 6);
	(void)process_link(self, here.peer);
	(void)process_unlink(self, here.peer);
	(void)process_monitor(self, here.peer, 7);
	(void)process_demonitor(self, 7);
	(void)process_trap_exit(self, true);
	(void)process_start_timer(self, T_TWO, 3, 5000);
	(void)process_stop_timer(self, T_ONE, 4);
	(void)process_use_current(self);
	(void)process_exit(self, (struct reason){ .kind = REASON_SHUTDOWN });
}

static void
does_nothing(struct self *self, struct toy *toy, const struct message *event)
{
	(void)self, (void)toy, (void)event;
}

static void
expect_all(const struct noting *noting)
{
	char to[32], send[64], parcel[96], link[48], unlink[48], monitor[48];

	snprintf(
	    to, sizeof to, "<%u.%u>", here.peer.slot, here.peer.generation);
	snprintf(send, sizeof send, "send %s event 0x2 4 bytes 0102", to);
	/* FNV-1a of the six bytes, as noting_digest() begins. */
	snprintf(parcel, sizeof parcel,
	    "send_parcel %s event 0x2 6 bytes #%016llx", to,
	    (unsigned long long)noting_digest(0, "parcel", 6));
	snprintf(link, sizeof link, "link %s", to);
	snprintf(unlink, sizeof unlink, "unlink %s", to);
	snprintf(monitor, sizeof monitor, "monitor %s as 7", to);
	EXPECT_EFFECTS(noting, send, "send self event 0x2 0 bytes ", parcel,
	    link, unlink, monitor, "demonitor 7", "trap_exit on",
	    "start_timer T2 key 3 in 5000 us", "stop_timer T1 key 4",
	    "use_current", "exit shutdown");
}

static void
u13_each_verb_is_noted_and_the_copy_s_is_not_done(void **state)
{
	const struct scheduler_counts before =
	    *scheduler_counts(here.world.scheduler);
	const struct scheduler_counts *now =
	    scheduler_counts(here.world.scheduler);
	struct process_info info;

	(void)state;
	begin_shadow(UINT32_MAX);
	go(does_nothing, does_all);
	assert_int_equal(here.seen.trials, 1);
	assert_int_equal(here.seen.trial.outcome, SHADOW_RAN);
	assert_string_equal(here.seen.event, "event 0x1");
	assert_int_equal(here.seen.real.count, 0);
	expect_all(&here.seen.copy);
	/* Whoever would notice has not. */
	world_run(&here.world, 10000);
	assert_int_equal(here.heard, 0);
	assert_int_equal(now->sends, before.sends + 1); /* our own */
	assert_int_equal(now->timeouts, 0);
	assert_int_equal(now->exited, 0);
	assert_int_equal(now->events, before.events + 1);
	info = world_info(&here.world, here.pid);
	assert_int_equal(info.behaviour, here.old);
	assert_int_equal(info.events, 2);
	assert_int_equal(info.mailbox, 0);
	assert_int_equal(
	    ((const struct toy *)info.state)->count, COUNTER_START);
}

static void
u13_the_real_run_is_noted_and_done(void **state)
{
	(void)state;
	begin_shadow(UINT32_MAX);
	go(does_all, does_nothing);
	expect_all(&here.seen.real);
	assert_int_equal(here.seen.copy.count, 0);
	assert_int_equal(here.heard, 2);
	assert_false(process_is_alive(here.world.scheduler, here.pid));
}

static void
counts_one(struct self *self, struct toy *toy, const struct message *event)
{
	(void)self, (void)event;
	toy->count += 1;
}

static void
counts_two(struct self *self, struct toy *toy, const struct message *event)
{
	(void)self, (void)event;
	toy->count += 2;
}

static void
u13_both_begin_with_the_state_before_and_the_real_one_stays(void **state)
{
	struct process_info info;

	(void)state;
	begin_shadow(UINT32_MAX);
	go(counts_one, counts_two);
	go(counts_one, counts_two);
	assert_int_equal(here.seen.trials, 2);
	assert_int_equal(here.seen.before.count, COUNTER_START + 1);
	assert_int_equal(here.seen.after.count, COUNTER_START + 2);
	assert_int_equal(here.seen.copied.count, COUNTER_START + 3);
	info = world_info(&here.world, here.pid);
	assert_int_equal(
	    ((const struct toy *)info.state)->count, COUNTER_START + 2);
}

/*--------------------------------------------------------------------
 * Answers
 */

enum { FAR = 41 }; /* 2^41 us: no timer goes so far, -EINVAL */

static void
asks(struct self *self, struct toy *toy, const struct message *event)
{
	int far = process_start_timer(self, T_ONE, 1, UINT64_C(1) << FAR);
	int near = process_start_timer(self, T_ONE, 1, 1000);
	size_t size = 0;
	const char *parcel = process_parcel(self, &size);

	(void)event;
	snprintf(toy->note, sizeof toy->note, "%d %d %d %.*s", far, near,
	    (int)process_now(self), (int)size, parcel == NULL ? "" : parcel);
}

/* The same, but the one that is refused twice, and one nobody has asked. */
static void
asks_more(struct self *self, struct toy *toy, const struct message *event)
{
	int far = process_start_timer(self, T_ONE, 1, UINT64_C(1) << FAR);
	int again = process_start_timer(self, T_ONE, 1, UINT64_C(1) << FAR);
	int other = process_start_timer(self, T_TWO, 1, UINT64_C(1) << FAR);

	(void)event;
	snprintf(toy->note, sizeof toy->note, "%d %d %d", far, again, other);
}

static void
u13_the_copy_hears_what_the_real_run_was_answered(void **state)
{
	char wanted[64];

	(void)state;
	begin_shadow(UINT32_MAX);
	here.does_old = here.does_new = asks;
	assert_int_equal(
	    process_post_parcel(here.world.scheduler, here.pid, GO, "words", 5),
	    0);
	world_run(&here.world, 10);
	snprintf(wanted, sizeof wanted, "%d 0 10 words", -EINVAL);
	assert_string_equal(here.seen.after.note, wanted);
	assert_string_equal(here.seen.copied.note, wanted);
	/* What was refused is no effect. */
	EXPECT_EFFECTS(&here.seen.real, "start_timer T1 key 1 in 1000 us");
	EXPECT_EFFECTS(&here.seen.copy, "start_timer T1 key 1 in 1000 us");
	/* An answer is given once; who was not asked says yes. */
	go(asks, asks_more);
	snprintf(wanted, sizeof wanted, "%d 0 0", -EINVAL);
	assert_string_equal(here.seen.copied.note, wanted);
}

/* A real -ENOSPC is counted once, though the copy hears it too (outbox). */
static void
asks_for_300(struct self *self, struct toy *toy, const struct message *event)
{
	unsigned int i;

	(void)event;
	for (i = 0; i < 300; i++)
		toy->count += process_stop_timer(self, T_ONE, (uint16_t)i) == 0;
}

static void
u13_more_than_fits_is_still_compared(void **state)
{
	uint64_t refused;

	(void)state;
	begin_shadow(UINT32_MAX);
	refused = scheduler_counts(here.world.scheduler)->refused;
	go(asks_for_300, asks_for_300);
	assert_int_equal(here.seen.real.count, 300);
	assert_int_equal(here.seen.copy.count, 300);
	assert_true(here.seen.real.digest == here.seen.copy.digest);
	assert_true(here.seen.real.digest != 0);
	assert_int_equal(here.seen.after.count, COUNTER_START + 256);
	assert_int_equal(scheduler_counts(here.world.scheduler)->refused,
	    refused + 300 - 256);
}

/*--------------------------------------------------------------------
 * What goes wrong
 */

static void
crashes(struct self *self, struct toy *toy, const struct message *event)
{
	(void)toy, (void)event;
	(void)process_send(self, here.peer, HEARD, NULL, 0);
	__builtin_trap();
}

static void
reads_nowhere(struct self *self, struct toy *toy, const struct message *event)
{
	(void)toy, (void)event;
	(void)process_send(
	    self, here.peer, HEARD, (const void *)(uintptr_t)16, 8);
}

static void
overruns(struct self *self, struct toy *toy, const struct message *event)
{
	volatile char *behind = (volatile char *)(toy + 1);

	(void)self, (void)event;
	*behind = 1;
}

static void
underruns(struct self *self, struct toy *toy, const struct message *event)
{
	volatile char *before = (volatile char *)toy;

	(void)self, (void)event;
	before[-1] = 1;
}

static void
loops(struct self *self, struct toy *toy, const struct message *event)
{
	(void)event;
	for (toy->count = 1; process_now(self) > 0;)
		toy->count++;
}

static void
expect_crash(does_f *does, int number)
{
	const struct scheduler_counts before =
	    *scheduler_counts(here.world.scheduler);
	const struct scheduler_counts *now =
	    scheduler_counts(here.world.scheduler);
	struct behaviours *behaviours =
	    scheduler_behaviours(here.world.scheduler);
	uint64_t count = here.seen.after.count;

	go(counts_one, does);
	assert_int_equal(here.seen.trial.outcome, SHADOW_CRASHED);
	assert_int_equal(here.seen.trial.reason.kind, REASON_FAULT);
	assert_int_equal(here.seen.trial.reason.number, number);
	assert_int_equal(
	    here.seen.after.count, count == 0 ? COUNTER_START + 1 : count + 1);
	assert_int_equal(now->faults, before.faults);
	assert_int_equal(now->events, before.events + 1);
	assert_int_equal(behaviour_counts(behaviours, here.new).faults, 0);
	assert_int_equal(behaviour_counts(behaviours, here.new).events, 0);
	assert_int_equal(behaviour_counts(behaviours, here.new).holders, 0);
	assert_int_equal(behaviour_counts(behaviours, here.new).conversions, 0);
	assert_int_equal(behaviour_counts(behaviours, here.old).faults, 0);
	assert_int_equal(world_info(&here.world, here.pid).faults, 0);
	assert_int_equal(world_info(&here.world, here.pid).upgrades, 0);
	assert_int_equal(here.heard, 0);
}

static void
u13_a_copy_that_crashes_harms_nobody(void **state)
{
	(void)state;
	begin_shadow(UINT32_MAX);
	expect_crash(crashes, SIGILL);
	assert_int_equal(here.seen.copy.count, 1); /* what it did before */
	expect_crash(reads_nowhere, SIGSEGV);
	expect_crash(overruns, SIGSEGV);
	expect_crash(underruns, 0);
	expect_crash(loops, SIGXCPU);
	/* The process has its state, and goes on. */
	assert_int_equal(
	    ((const struct toy *)world_info(&here.world, here.pid).state)
		->count,
	    COUNTER_START + 5);
}

static void
u13_a_state_that_fails_its_check_is_told(void **state)
{
	(void)state;
	begin_shadow(UINT32_MAX);
	here.is_sound = false;
	go(counts_one, counts_one);
	assert_int_equal(here.seen.trial.outcome, SHADOW_UNSOUND);
	here.is_sound = true;
	go(counts_one, counts_one);
	assert_int_equal(here.seen.trial.outcome, SHADOW_RAN);
}

static void
u13_what_cannot_be_converted_is_not_tried(void **state)
{
	(void)state;
	begin_shadow(UINT32_MAX);
	here.converts = -EDOM;
	go(counts_one, crashes);
	assert_int_equal(here.seen.trial.outcome, SHADOW_PINNED);
	here.converts = -EBADMSG;
	go(counts_one, crashes);
	assert_int_equal(here.seen.trial.outcome, SHADOW_UNCONVERTED);
	here.converts = 0;
	assert_int_equal(
	    ((const struct toy *)world_info(&here.world, here.pid).state)
		->count,
	    COUNTER_START + 2);
}

static void
u13_an_event_that_faults_is_not_tried(void **state)
{
	(void)state;
	begin_shadow(UINT32_MAX);
	here.does_old = crashes;
	here.does_new = counts_one;
	world_post(&here.world, here.pid, GO);
	world_run(&here.world, 10);
	/* Neither that one nor, as it crashes too, EVENT_FAULTED. */
	assert_int_equal(here.seen.trials, 0);
	assert_true(scheduler_counts(here.world.scheduler)->faults > 0);
}

/*--------------------------------------------------------------------
 * Whom it takes
 */

static void
u13_a_share_is_a_sample_by_pid(void **state)
{
	unsigned int i, taken = 0, again = 0;

	(void)state;
	for (i = 1; i <= 10000; i++) {
		assert_false(shadow_takes(0, (struct pid){ i, 1 }));
		assert_true(shadow_takes(UINT32_MAX, (struct pid){ i, 1 }));
		taken += shadow_takes(UINT32_MAX / 10, (struct pid){ i, 1 });
		again += shadow_takes(UINT32_MAX / 10, (struct pid){ 7, i });
	}
	assert_in_range(taken, 900, 1100);
	assert_in_range(again, 900, 1100);
	/* Who is not in it is not tried. */
	begin_shadow(0);
	go(counts_one, counts_one);
	assert_int_equal(here.seen.trials, 0);
}

static void
u13_only_other_versions_of_that_module_are_tried(void **state)
{
	struct pid new = spawn(here.new);

	(void)state;
	begin_shadow(UINT32_MAX);
	world_run(&here.world, 10); /* its init() */
	world_post(&here.world, new, GO);
	world_post(&here.world, here.peer, GO);
	world_run(&here.world, 10);
	assert_int_equal(here.seen.trials, 0);
}

static void
u13_it_ends_when_enough_was_seen_or_when_it_is_freed(void **state)
{
	(void)state;
	here.wanted = 2;
	begin_shadow(UINT32_MAX);
	go(counts_one, counts_one);
	go(counts_one, counts_one);
	go(counts_one, counts_one);
	assert_int_equal(here.seen.trials, 2);
	shadow_free(&here.shadow);
	begin_shadow(UINT32_MAX);
	go(counts_one, counts_one);
	assert_int_equal(here.seen.trials, 1);
	shadow_free(&here.shadow);
	go(counts_one, counts_one);
	assert_int_equal(here.seen.trials, 1);
}

/*--------------------------------------------------------------------
 * The event log
 */

static void
does_some(struct self *self, struct toy *toy, const struct message *event)
{
	(void)event;
	toy->count++;
	(void)process_send(self, here.peer, HEARD, NULL, 0);
	(void)process_start_timer(self, T_ONE, 1, 2000);
}

static void
run_logged(char *path, bool has_shadow)
{
	int file = mkstemp(path);

	assert_true(file >= 0);
	(void)close(file);
	(void)set_up_logged(path);
	if (has_shadow)
		begin_shadow(UINT32_MAX);
	go(does_some, does_all);
	go(does_some, crashes);
	world_run(&here.world, 5000);
	if (has_shadow) /* and the two that time out: one key, one timer */
		assert_int_equal(here.seen.trials, 3);
	(void)tear_down(NULL);
}

static size_t
slurp(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t length;

	assert_non_null(file);
	length = fread(text, 1, size - 1, file);
	text[length] = '\0';
	(void)fclose(file);
	(void)unlink(path);
	return length;
}

static void
u13_the_event_log_is_the_same_without_it(void **state)
{
	char with[] = "/tmp/shadow-XXXXXX", without[] = "/tmp/shadow-XXXXXX";
	char one[3000], other[3000];

	(void)state;
	run_logged(with, true);
	run_logged(without, false);
	assert_true(slurp(with, one, sizeof one) > 200);
	(void)slurp(without, other, sizeof other);
	assert_string_equal(one, other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(u13_each_verb_is_noted_and_the_copy_s_is_not_done),
		TEST(u13_the_real_run_is_noted_and_done),
		TEST(
		    u13_both_begin_with_the_state_before_and_the_real_one_stays),
		TEST(u13_the_copy_hears_what_the_real_run_was_answered),
		TEST(u13_more_than_fits_is_still_compared),
		TEST(u13_a_copy_that_crashes_harms_nobody),
		TEST(u13_a_state_that_fails_its_check_is_told),
		TEST(u13_what_cannot_be_converted_is_not_tried),
		TEST(u13_an_event_that_faults_is_not_tried),
		TEST(u13_a_share_is_a_sample_by_pid),
		TEST(u13_only_other_versions_of_that_module_are_tried),
		TEST(u13_it_ends_when_enough_was_seen_or_when_it_is_freed),
		cmocka_unit_test(u13_the_event_log_is_the_same_without_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
