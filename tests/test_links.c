/*
 * What processes promise about links, monitors and exit signals, as reference
 * otp.md section 2 lists it; also where each is on a scheduler of its own.
 */
#include "tests/toy_world.h"

static void
signal_exit(struct fixture *fixture, struct pid to, enum reason_kind kind)
{
	process_exit_signal(world_at(&fixture->world, fixture->two),
	    fixture->two, to, (struct reason){ .kind = (uint16_t)kind });
	world_run(&fixture->world, 0);
}

static void
a_link_carries_an_abnormal_end_both_ways_but_not_a_normal_one(void **state)
{
	struct fixture *fixture = *state;
	struct pid three = spawn(fixture, NULL);

	tell(fixture, fixture->one, LINK, fixture->two);
	tell(fixture, fixture->one, LINK, three);
	tell(fixture, three, EXIT_NORMAL, PID_NONE);
	assert_true(lives(fixture, fixture->one));
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	assert_false(lives(fixture, fixture->one));
}

static void
an_unlinked_one_hears_nothing(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, LINK, fixture->two);
	tell(fixture, fixture->one, LINK, fixture->two); /* no second one */
	tell(fixture, fixture->two, UNLINK, fixture->one);
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	assert_true(lives(fixture, fixture->one));
}

static void
a_link_to_nobody_is_noproc(void **state)
{
	struct fixture *fixture = *state;
	const struct toy *toy;

	tell(fixture, fixture->two, EXIT_NORMAL, PID_NONE);
	tell(fixture, fixture->one, TRAP, PID_NONE);
	tell(fixture, fixture->one, LINK, fixture->two);
	toy = toy_of(fixture, fixture->one);
	assert_int_equal(toy->seen[2], EVENT_EXIT);
	assert_int_equal(toy->reasons[2], REASON_NOPROC);
}

static void
kill_is_not_trapped_and_links_see_killed(void **state)
{
	struct fixture *fixture = *state;
	struct pid three = spawn(fixture, NULL);
	const struct toy *toy;

	tell(fixture, fixture->one, TRAP, PID_NONE);
	tell(fixture, three, TRAP, PID_NONE);
	tell(fixture, three, LINK, fixture->one);
	signal_exit(fixture, fixture->one, REASON_KILL);
	assert_false(lives(fixture, fixture->one));
	toy = toy_of(fixture, three);
	assert_int_equal(toy->seen[2], EVENT_EXIT);
	assert_int_equal(toy->reasons[2], REASON_KILLED);
}

static void
a_linked_kill_is_an_ordinary_reason(void **state)
{
	struct fixture *fixture = *state;
	const struct toy *toy;

	tell(fixture, fixture->one, TRAP, PID_NONE);
	tell(fixture, fixture->one, LINK, fixture->two);
	tell(fixture, fixture->two, EXIT_KILL, PID_NONE);
	assert_true(lives(fixture, fixture->one));
	toy = toy_of(fixture, fixture->one);
	assert_int_equal(toy->seen[2], EVENT_EXIT);
	assert_int_equal(toy->reasons[2], REASON_KILL);
}

static void
a_trapping_one_gets_other_signals_as_mail(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, TRAP, PID_NONE);
	signal_exit(fixture, fixture->one, REASON_SHUTDOWN);
	signal_exit(fixture, fixture->one, REASON_NORMAL);
	assert_true(lives(fixture, fixture->one));
	assert_int_equal(toy_of(fixture, fixture->one)->count, 3);
}

static void
one_that_does_not_trap_dies_of_all_but_normal(void **state)
{
	struct fixture *fixture = *state;

	signal_exit(fixture, fixture->one, REASON_NORMAL);
	assert_true(lives(fixture, fixture->one));
	signal_exit(fixture, fixture->one, REASON_SHUTDOWN);
	assert_false(lives(fixture, fixture->one));
}

static void
each_monitor_gives_one_down(void **state)
{
	struct fixture *fixture = *state;
	const struct toy *toy;

	tell(fixture, fixture->one, MONITOR, fixture->two);
	tell(fixture, fixture->one, MONITOR, fixture->two);
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	toy = toy_of(fixture, fixture->one);
	assert_int_equal(toy->count, 4);
	assert_int_equal(toy->seen[2], EVENT_DOWN);
	assert_int_equal(toy->seen[3], EVENT_DOWN);
	assert_int_equal(toy->reasons[2], REASON_ERROR);
}

static void
a_monitor_of_nobody_is_down_at_once(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->two, EXIT_NORMAL, PID_NONE);
	tell(fixture, fixture->one, MONITOR, fixture->two);
	assert_int_equal(toy_of(fixture, fixture->one)->seen[1], EVENT_DOWN);
	assert_int_equal(
	    toy_of(fixture, fixture->one)->reasons[1], REASON_NOPROC);
}

static void
a_monitor_taken_back_is_silent(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, MONITOR, fixture->two);
	tell(fixture, fixture->one, DEMONITOR, PID_NONE);
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	assert_int_equal(toy_of(fixture, fixture->one)->count, 2);
}

/* At home, between two turns of those who are away: their news is on its way.
 */
static void
assassin_handle(struct self *self, void *state, const struct message *event)
{
	struct fixture *fixture = process_context(self);
	struct scheduler *home = fixture->world.scheduler;

	(void)state;
	(void)event;
	scheduler_halt_others(home);
	process_exit_signal(world_at(&fixture->world, fixture->two), PID_NONE,
	    fixture->two, (struct reason){ .kind = REASON_KILL });
	scheduler_let_go(home);
}

/* After its unlink a process hears of no end, also of one on its way. */
static void
an_exit_that_meets_an_unlink_is_not_heard(void **state)
{
	struct fixture *fixture = *state;
	struct module native;
	struct pid assassin = spawn_native(fixture, &native, assassin_handle);

	tell(fixture, fixture->one, LINK, fixture->two);
	world_post(&fixture->world, assassin, NOTE);
	tell(fixture, fixture->one, UNLINK, fixture->two);
	assert_false(lives(fixture, fixture->two));
	assert_true(lives(fixture, fixture->one));
	tell(fixture, fixture->one, EXIT_NORMAL, PID_NONE);
	process_exit_signal(fixture->world.scheduler, PID_NONE, assassin,
	    (struct reason){ .kind = REASON_KILL });
	a7_nothing_is_in_use(fixture);
}

/* Both at once, which is what being apart is about. */
static void
tell_both(struct fixture *fixture, uint16_t kind_one, uint16_t kind_two)
{
	struct world *world = &fixture->world;
	struct pid one = fixture->one, two = fixture->two;

	assert_int_equal(
	    process_post(world_at(world, one), one, kind_one, &two, sizeof two),
	    0);
	assert_int_equal(
	    process_post(world_at(world, two), two, kind_two, &one, sizeof one),
	    0);
	world_run(world, 0);
}

/* At home, until `two` has done what it was told: its news is on its way. */
static void
waiter_handle(struct self *self, void *state, const struct message *event)
{
	struct fixture *fixture = process_context(self);
	struct scheduler *home = fixture->world.scheduler;
	bool is_done = false;

	(void)state;
	(void)event;
	while (!is_done) {
		scheduler_halt_others(home);
		is_done = toy_of(fixture, fixture->two)->count > 0;
		scheduler_let_go(home);
	}
}

static void
two_links_that_cross_are_one(void **state)
{
	struct fixture *fixture = *state;
	struct module native;
	struct pid waiter = spawn_native(fixture, &native, waiter_handle);

	world_post(&fixture->world, waiter, NOTE);
	tell_both(fixture, LINK, LINK);
	tell(fixture, fixture->one, UNLINK, fixture->two);
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	assert_true(lives(fixture, fixture->one));
}

static void
a_link_undone_and_made_again_holds(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->one, LINK, fixture->two);
	tell(fixture, fixture->one, UNLINK, fixture->two);
	tell(fixture, fixture->two, LINK, fixture->one);
	tell(fixture, fixture->one, EXIT_ERROR, PID_NONE);
	assert_false(lives(fixture, fixture->two));
}

/* How many exits it was told of, from the event `from` on. */
static unsigned int
exits_of(struct fixture *fixture, struct pid pid, uint32_t from)
{
	const struct toy *toy = toy_of(fixture, pid);
	unsigned int count = 0;
	uint32_t i;

	for (i = from; i < toy->count; i++)
		count += toy->seen[i % 24] == EVENT_EXIT;
	return count;
}

static void
a_link_that_meets_an_unlink_is_no_half_link(void **state)
{
	struct fixture *fixture = *state;
	struct pid one = fixture->one, two = fixture->two;

	tell(fixture, one, TRAP, PID_NONE);
	tell(fixture, one, LINK, two);
	tell_both(fixture, UNLINK, LINK);
	tell(fixture, two, UNLINK, one); /* whatever came of it */
	tell(fixture, two, EXIT_ERROR, PID_NONE);
	assert_int_equal(exits_of(fixture, one, 0), 0);
	tell(fixture, one, EXIT_NORMAL, PID_NONE);
	a7_nothing_is_in_use(fixture);
}

/* The one case of the table in which `normal` ends somebody. */
static void
an_exit_with_normal_to_oneself_is_an_end(void **state)
{
	struct fixture *fixture = *state;

	process_exit_signal(world_at(&fixture->world, fixture->one),
	    fixture->one, fixture->one,
	    (struct reason){ .kind = REASON_NORMAL });
	world_run(&fixture->world, 0);
	assert_false(lives(fixture, fixture->one));
}

/* A call with a wrong pid, and nobody else, pays for it. */
static void
a_module_has_no_link_with_what_is_native(void **state)
{
	struct fixture *fixture = *state;
	struct module native;
	struct pid host = spawn_native(fixture, &native, idle_handle);

	tell(fixture, fixture->two, TRAP, PID_NONE);
	tell(fixture, fixture->two, LINK, host);
	assert_int_equal(toy_of(fixture, fixture->two)->seen[2], EVENT_EXIT);
	assert_int_equal(
	    toy_of(fixture, fixture->two)->reasons[2], REASON_NOPROC);
	tell(fixture, fixture->two, EXIT_ERROR, PID_NONE);
	assert_false(lives(fixture, fixture->two));
	assert_true(lives(fixture, host));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OF_TWO(
		    a_link_carries_an_abnormal_end_both_ways_but_not_a_normal_one),
		TEST_OF_TWO(a_link_undone_and_made_again_holds),
		TEST_OF_TWO(a_link_that_meets_an_unlink_is_no_half_link),
		PLACED(two_links_that_cross_are_one, apart),
		PLACED(an_exit_that_meets_an_unlink_is_not_heard, apart),
		TEST(an_exit_with_normal_to_oneself_is_an_end),
		TEST_OF_TWO(an_unlinked_one_hears_nothing),
		TEST_OF_TWO(a_link_to_nobody_is_noproc),
		TEST_OF_TWO(a_module_has_no_link_with_what_is_native),
		TEST_OF_TWO(kill_is_not_trapped_and_links_see_killed),
		TEST_OF_TWO(a_linked_kill_is_an_ordinary_reason),
		TEST_OF_TWO(a_trapping_one_gets_other_signals_as_mail),
		TEST_OF_TWO(one_that_does_not_trap_dies_of_all_but_normal),
		TEST_OF_TWO(each_monitor_gives_one_down),
		TEST_OF_TWO(a_monitor_of_nobody_is_down_at_once),
		TEST_OF_TWO(a_monitor_taken_back_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
