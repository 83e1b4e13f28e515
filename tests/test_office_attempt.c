/* How a call is born, or is not: each leaves its record, and the line is told.
 */
#include "tests/office_world.h"

#include <errno.h>

static int
setup(void **state)
{
	*state = office_world_begin("1.0");
	return 0;
}

static struct pid
kill_process(struct office_world *w, const char *name)
{
	struct pid pid =
	    registry_whereis(scheduler_registry(w->world.scheduler), name);

	process_exit_signal(w->world.scheduler, PID_NONE, pid,
	    (struct reason){ .kind = REASON_KILL });
	return pid;
}

static void
without_its_process_the_exchange_takes_no_calls(void **state)
{
	struct office_world *w = *state;
	const char *why = "";
	uint64_t number;

	kill_process(w, OFFICE_PROCESS);
	pass(w, 0);
	assert_int_equal(
	    office_offhook(w->office, line(w, "1001"), &number, &why),
	    -ENOTSUP);
	assert_string_equal(
	    why, "line 1001 is idle: the process 'exchange' takes no calls");
	assert_int_equal(office_counts(w->office)->attempts, 0);
	expect_line(w, "1001", "idle", "none");
	expect_order(w);
}

/* N14: the subscriber is answered, and there is a record of it. */
static void
n14_without_a_pool_a_call_ends_with_its_record(void **state)
{
	struct office_world *w = *state;

	kill_process(w, OFFICE_POOL);
	pass(w, 0);
	call(w, "1001", "1002");
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	expect_line(w, "1001", "parked", "disconnect");
	expect_order(w);
}

static void
assassin_handle(struct self *self, void *state, const struct message *event)
{
	(void)state;
	(void)event;
	kill_process(process_context(self), OFFICE_POOL);
}

/*
 * The exchange's turn comes first, then the assassin's, then the pool's: so
 * the request lies in the pool's mailbox when the pool is killed.
 */
static void
n14_a_pool_that_dies_with_requests_loses_no_record(void **state)
{
	static const struct module assassin = { .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = "assassin",
		.version = "native",
		.schema = { .size = 8 },
		.init = idle_init,
		.handle = assassin_handle,
		.terminate = idle_terminate };
	struct office_world *w = *state;
	struct scheduler *scheduler = w->world.scheduler;
	struct spawn spawn = { .name = NULL };
	const char *why = "";
	struct pid pid;

	assert_int_equal(behaviours_add_native(scheduler_behaviours(scheduler),
			     &assassin, w, &spawn.behaviour),
	    0);
	assert_int_equal(process_spawn(scheduler, &spawn, &pid), 0);
	pass(w, 0);
	assert_int_equal(
	    office_call(w->office, line(w, "1001"), "1002", &w->call, &why), 0);
	world_post(&w->world, pid, EVENT_PRIVATE);
	pass(w, 0);
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	expect_line(w, "1001", "parked", "disconnect");
	expect_order(w);
}

/* Both at one instant: the call is born into an abandoned line. */
static void
a_caller_may_hang_up_before_the_call_is_born(void **state)
{
	struct office_world *w = *state;
	const char *why = "";

	assert_int_equal(
	    office_offhook(w->office, line(w, "1001"), &w->call, &why), 0);
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_ABANDON, SIDE_A);
	expect_line(w, "1001", "idle", "none");
	assert_int_equal(
	    office_call(w->office, line(w, "2001"), "1002", &w->call, &why), 0);
	hang_up(w, "2001");
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	expect_line(w, "1002", "idle", "none");
	expect_order(w);
}

/* A module whose init() seizes and then faults, or seizes nothing at all. */
static int
faulty_init(struct self *self, void *state, const struct message *start)
{
	struct signal signal;

	(void)state;
	memcpy(&signal, start->body.bytes, sizeof signal);
	if (signal.digits[0] != '0')
		port_seize(self, signal.port, true);
	return -1;
}

static const struct module faulty = { .magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "call",
	.version = "faulty",
	.schema = { .size = 8 },
	.init = faulty_init,
	.handle = idle_handle,
	.terminate = idle_terminate };

static void
a_call_whose_start_fails_leaves_its_record(void **state)
{
	struct office_world *w = *state;

	world_add(&w->world, &faulty);
	call(w, "1001", "1002");
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	assert_string_equal(w->cdr.version_start, "faulty");
	expect_line(w, "1001", "parked", "disconnect");
	assert_int_equal(office_counts(w->office)->lost, 0);
	expect_order(w);
}

static void
n14_a_call_that_was_never_started_leaves_its_record(void **state)
{
	struct office_world *w = *state;

	world_add(&w->world, &faulty);
	call(w, "1001", "0");
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	expect_line(w, "1001", "parked", "disconnect");
	expect_order(w);

	behaviour_make_current(
	    scheduler_behaviours(w->world.scheduler), w->release);
	call(w, "1003", "1002");
	expect_state(w, "alerting");
}

/* The switch ends before it is born. */
static void
n14_a_call_that_waits_at_the_end_leaves_its_record(void **state)
{
	struct office_world *w = *state;
	const char *why = "";

	call(w, "1001", "1002");
	assert_int_equal(
	    office_call(w->office, line(w, "1003"), "1004", &w->call, &why), 0);
	office_give_up_starts(w->office);
	assert_int_equal(office_counts(w->office)->ended, 1);
	assert_int_equal(office_counts(w->office)->live, 1); /* it is born */
	pass(w, 0);
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	expect_line(w, "1003", "parked", "disconnect");
	expect_order(w);
}

#define OFFICE_TEST(name)                                                      \
	cmocka_unit_test_setup_teardown(name, setup, office_world_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OFFICE_TEST(without_its_process_the_exchange_takes_no_calls),
		OFFICE_TEST(n14_without_a_pool_a_call_ends_with_its_record),
		OFFICE_TEST(n14_a_pool_that_dies_with_requests_loses_no_record),
		OFFICE_TEST(a_caller_may_hang_up_before_the_call_is_born),
		OFFICE_TEST(a_call_whose_start_fails_leaves_its_record),
		OFFICE_TEST(
		    n14_a_call_that_was_never_started_leaves_its_record),
		OFFICE_TEST(n14_a_call_that_waits_at_the_end_leaves_its_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
