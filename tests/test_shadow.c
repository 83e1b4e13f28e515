/*
 * What shadow.h promises (U13): an event is handled by a copy as well, what
 * either asked is known, and nothing of the copy is let out.
 */
#include "tests/shadow_world.h"

/*--------------------------------------------------------------------
 * What is known of either
 */

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
