/*
 * What processes promise about mail, timers, names and slots, as reference
 * otp.md section 2 lists it; what two of them promise each other also where
 * each is on a scheduler of its own.
 */
#include "tests/toy_world.h"

#include <errno.h>

#include "switch/registry.h"
#include "switch/system.h"

static void
a_new_one_is_in_the_list_with_its_behaviour(void **state)
{
	struct fixture *fixture = *state;
	struct process_info info = world_info(&fixture->world, fixture->one);
	uint32_t cursor = 0, count = 0;
	struct pid pid;

	assert_int_equal(info.behaviour, fixture->behaviour);
	assert_int_equal(info.status, PROCESS_RUNNING);
	assert_int_equal(info.events, 1);
	while (process_next(fixture->world.scheduler, &cursor, &pid))
		count++;
	assert_int_equal(count, 2);
}

static void
mail_of_one_sender_comes_once_and_in_order(void **state)
{
	struct fixture *fixture = *state;
	const struct toy *toy;

	tell(fixture, fixture->one, PASS_ON, fixture->two);
	toy = toy_of(fixture, fixture->two);
	assert_int_equal(toy->count, 2);
	assert_int_equal(toy->seen[0], NOTE);
	assert_int_equal(toy->seen[1], PASSED_ON);
}

/* In its mailbox, in a ring, and (they are more than that holds) before it. */
static void
what_is_on_its_way_is_counted(void **state)
{
	enum { SENT = 600 };
	struct fixture *fixture = *state;
	struct scheduler *here = world_at(&fixture->world, fixture->one);
	struct scheduler *there = world_at(&fixture->world, fixture->two);
	unsigned int i;

	for (i = 0; i < SENT; i++)
		assert_int_equal(
		    process_post(there, fixture->one, NOTE, NULL, 0), 0);
	assert_int_equal(process_post(there, fixture->one, TRAP, NULL, 0), 0);
	assert_int_equal(process_post(here, fixture->one, NOTE, NULL, 0), 0);
	assert_true(process_awaits(here, fixture->one, NOTE) == SENT + 1);
	assert_true(process_awaits(here, fixture->one, TRAP) == 1);
	assert_true(process_awaits(there, fixture->two, NOTE) == 0);
	world_run(&fixture->world, 0);
	assert_true(process_awaits(here, fixture->one, NOTE) == 0);
	assert_int_equal(toy_of(fixture, fixture->one)->count, SENT + 2);
}

static void
mail_to_a_stale_pid_is_harmless(void **state)
{
	struct fixture *fixture = *state;
	struct pid stale = fixture->one;

	tell(fixture, fixture->one, EXIT_NORMAL, PID_NONE);
	assert_false(lives(fixture, stale));
	assert_int_equal(process_post(world_at(&fixture->world, stale), stale,
			     NOTE, NULL, 0),
	    -ESRCH);
	tell(fixture, fixture->two, PASS_ON, stale);
	assert_int_equal(
	    scheduler_sum(fixture->world.scheduler).undelivered, 2);
}

static void
a_slot_used_again_has_another_generation(void **state)
{
	struct fixture *fixture = *state;
	struct pid old = fixture->one, new;

	tell(fixture, old, EXIT_NORMAL, PID_NONE);
	new = spawn(fixture, "one");
	assert_int_equal(new.slot, old.slot);
	assert_int_not_equal(new.generation, old.generation);
	assert_false(lives(fixture, old));
}

static void
a_taken_name_is_refused_and_no_slot_lost(void **state)
{
	struct fixture *fixture = *state;
	const struct spawn again = { .behaviour = fixture->behaviour,
		.name = "one" };
	struct pid pid = fixture->two;

	assert_int_equal(
	    process_spawn(fixture->world.scheduler, &again, &pid), -EEXIST);
	assert_true(pid_equal(pid, fixture->two));
	assert_true(
	    pid_equal(registry_whereis(
			  scheduler_registry(fixture->world.scheduler), "one"),
		fixture->one));
}

static void
a_timer_comes_at_its_time_with_its_key(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, TIMER, PID_NONE);
	world_run(&fixture->world, 1999000);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 1);
	world_run(&fixture->world, 1000);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 2);
	assert_int_equal(toy_of(fixture, fixture->one)->seen[1], EVENT_TIMEOUT);
}

static void
a_stopped_or_replaced_timer_does_not_come(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, TIMER, PID_NONE);
	world_run(&fixture->world, 1000000);
	tell(fixture, fixture->one, TIMER, PID_NONE); /* anew: 2 s from here */
	world_run(&fixture->world, 1500000);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 2);
	tell(fixture, fixture->one, STOP_TIMER, PID_NONE);
	world_run(&fixture->world, 5000000);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 3);
}

static void
the_timer_of_a_dead_process_is_gone_with_it(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, TIMER, PID_NONE);
	tell(fixture, fixture->one, EXIT_NORMAL, PID_NONE);
	world_run(&fixture->world, 5000000);
	assert_int_equal(
	    scheduler_counts(fixture->world.scheduler)->timeouts, 0);
}

static void
a_name_is_free_before_the_down_arrives(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->two, MONITOR, fixture->one);
	tell(fixture, fixture->one, EXIT_NORMAL, PID_NONE);
	assert_int_equal(toy_of(fixture, fixture->two)->seen[1], EVENT_DOWN);
	(void)spawn_on(fixture, fixture->one.slot >> 24, "one");
}

static void
one_that_is_ending_takes_no_more_mail(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;

	process_exit_signal(scheduler, PID_NONE, fixture->two,
	    (struct reason){ .kind = REASON_SHUTDOWN });
	assert_true(lives(fixture, fixture->two)); /* terminate is to come */
	assert_int_equal(
	    process_post(scheduler, fixture->two, NOTE, NULL, 0), -ESRCH);
	tell(fixture, fixture->one, PASS_ON, fixture->two);
	assert_int_equal(scheduler_counts(scheduler)->undelivered, 2);
	assert_false(lives(fixture, fixture->two));
}

static void
a_full_mailbox_is_an_answer_and_loses_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;
	uint32_t accepted = 0;

	while (process_post(scheduler, fixture->two, NOTE, NULL, 0) == 0)
		accepted++;
	assert_int_equal(accepted, 1 << 20);
	assert_int_equal(scheduler_counts(scheduler)->refused, 1);
	assert_int_equal(
	    process_post_parcel(scheduler, fixture->two, NOTE, "parcel", 6),
	    -ENOSPC);
	assert_int_equal(scheduler_counts(scheduler)->refused, 2);
	world_run(&fixture->world, 0);
	assert_int_equal(toy_of(fixture, fixture->two)->count, accepted);
}

/* What a process sends to one whose mailbox is full, which is not read. */
static void
ten_million_messages_are_bounded_counted_and_none_accepted_is_lost(void **state)
{
	struct fixture *fixture = *state;
	const uint32_t ten_million = 10000000;
	const struct scheduler_counts *counts =
	    scheduler_counts(fixture->world.scheduler);
	uint32_t i, events = (ten_million + FLOOD_BURST - 1) / FLOOD_BURST;

	assert_int_equal(
	    system_suspend(fixture->world.scheduler, fixture->two), 0);
	for (i = 0; i < events; i++)
		tell(fixture, fixture->one, FLOOD, fixture->two);
	assert_int_equal(
	    counts->refused, events * FLOOD_BURST - UINT32_C(1048576));
	assert_int_equal(
	    world_info(&fixture->world, fixture->two).mailbox, 1 << 20);
	assert_int_equal(
	    system_resume(fixture->world.scheduler, fixture->two), 0);
	world_run(&fixture->world, 0);
	assert_int_equal(toy_of(fixture, fixture->two)->count, 1 << 20);
	assert_int_equal(counts->undelivered, 0);
}

static void
the_last_in_the_run_queue_may_be_killed(void **state)
{
	struct fixture *fixture = *state;
	struct pid third = spawn(fixture, NULL);

	world_run(&fixture->world, 0);
	world_post(&fixture->world, fixture->one, NOTE);
	world_post(&fixture->world, fixture->two, NOTE);
	process_exit_signal(fixture->world.scheduler, PID_NONE, fixture->two,
	    (struct reason){ .kind = REASON_KILL });
	world_post(&fixture->world, third, NOTE);
	world_run(&fixture->world, 0);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 1);
	assert_int_equal(toy_of(fixture, third)->count, 1);
}

/* The header begins with the generation; the slot is free, so nobody looks. */
static void
a_slot_whose_generations_are_used_up_is_not_used_again(void **state)
{
	struct fixture *fixture = *state;
	struct store *store = scheduler_store(fixture->world.scheduler);
	const uint32_t last = UINT32_MAX;
	struct pid old = fixture->one, new;

	tell(fixture, old, EXIT_NORMAL, PID_NONE);
	memcpy(store_slot(store, old.slot), &last, sizeof last);
	new = spawn(fixture, NULL);
	assert_int_equal(new.slot, old.slot);
	assert_true(new.generation == last);
	world_run(&fixture->world, 0);
	tell(fixture, new, EXIT_NORMAL, PID_NONE);
	new = spawn(fixture, NULL);
	assert_int_not_equal(new.slot, old.slot);
}

/* A native that kills `two` and starts another in its slot. */
static void
killer_handle(struct self *self, void *state, const struct message *event)
{
	struct fixture *fixture = process_context(self);

	(void)state;
	(void)event;
	process_exit_signal(fixture->world.scheduler, PID_NONE, fixture->two,
	    (struct reason){ .kind = REASON_KILL });
	fixture->one = spawn(fixture, NULL);
	world_post(&fixture->world, fixture->one, NOTE);
}

/* Both were ready to run when the first of them was handled. */
static void
one_born_in_the_place_of_one_about_to_run_runs_once(void **state)
{
	struct fixture *fixture = *state;
	struct module killer;
	struct pid pid = spawn_native(fixture, &killer, killer_handle);

	world_post(&fixture->world, pid, NOTE);
	world_post(&fixture->world, fixture->two, NOTE);
	world_run(&fixture->world, 0);
	assert_int_equal(fixture->one.slot, fixture->two.slot);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 1);
	assert_int_equal(world_info(&fixture->world, fixture->one).events, 2);
	world_post(&fixture->world, pid, NOTE);
	world_run(&fixture->world, 0);
	world_run(&fixture->world, 0);
}

static void
a7_nothing_is_left_of_those_who_ended(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, LINK, fixture->two);
	tell(fixture, fixture->one, MONITOR, fixture->two);
	tell(fixture, fixture->two, TIMER, fixture->one);
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	assert_false(lives(fixture, fixture->one));
	a7_nothing_is_in_use(fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_one_is_in_the_list_with_its_behaviour),
		TEST_OF_TWO(mail_of_one_sender_comes_once_and_in_order),
		TEST_OF_TWO(what_is_on_its_way_is_counted),
		TEST_OF_TWO(mail_to_a_stale_pid_is_harmless),
		TEST(a_slot_used_again_has_another_generation),
		TEST(a_taken_name_is_refused_and_no_slot_lost),
		TEST(a_timer_comes_at_its_time_with_its_key),
		TEST(a_stopped_or_replaced_timer_does_not_come),
		TEST_OF_TWO(the_timer_of_a_dead_process_is_gone_with_it),
		TEST(one_that_is_ending_takes_no_more_mail),
		TEST(a_full_mailbox_is_an_answer_and_loses_nothing),
		TEST(
		    ten_million_messages_are_bounded_counted_and_none_accepted_is_lost),
		TEST(the_last_in_the_run_queue_may_be_killed),
		TEST(a_slot_whose_generations_are_used_up_is_not_used_again),
		TEST_OF_TWO(a_name_is_free_before_the_down_arrives),
		TEST(one_born_in_the_place_of_one_about_to_run_runs_once),
		TEST_OF_TWO(a7_nothing_is_left_of_those_who_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
