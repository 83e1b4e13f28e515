/* What the clock and the loop promise (U15, and "same seed, same run"). */
#include "tests/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "switch/log.h"
#include "switch/object.h"
#include "switch/store.h"

struct fixture {
	struct world world;
	uint64_t order[16];
	unsigned int count;
	unsigned int slices;
	uint64_t slice_times[4];
};

static int
setup(void **state)
{
	static struct fixture fixture;

	memset(&fixture, 0, sizeof fixture);
	world_set_up(&fixture.world);
	*state = &fixture;
	return 0;
}

static void
note(void *arg, uint64_t key)
{
	struct fixture *fixture = arg;

	assert_true(fixture->count < 16);
	fixture->order[fixture->count++] = key;
}

static void
at(struct fixture *fixture, uint64_t time, uint64_t key)
{
	assert_int_equal(
	    scheduler_at(fixture->world.scheduler, time, note, fixture, key),
	    0);
}

static void
virtual_time_stands_at_the_horizon_and_goes_no_further(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(scheduler_now(fixture->world.scheduler), 0);
	world_run(&fixture->world, 12345);
	assert_int_equal(scheduler_now(fixture->world.scheduler), 12345);
}

static void
what_is_due_comes_in_order_of_due_and_asking(void **state)
{
	static const uint64_t wanted[] = { 1, 2, 3, 4 };
	struct fixture *fixture = *state;

	at(fixture, 5000, 2);
	at(fixture, 1000, 1);
	at(fixture, 5000, 3);
	at(fixture, 90000000, 4);
	at(fixture, 90001000, 5);
	world_run(&fixture->world, 90000000); /* due at the end: has happened */
	assert_int_equal(fixture->count, 4);
	assert_memory_equal(fixture->order, wanted, sizeof wanted);
	assert_int_equal(
	    scheduler_store(fixture->world.scheduler)->bytes_in_use,
	    store_piece(64));
}

enum { MANY = 100, ROOM = 10 };

struct counting {
	uint64_t count, last;
	bool is_ordered;
};

static void
count_up(void *arg, uint64_t key)
{
	struct counting *counting = arg;

	counting->is_ordered = counting->is_ordered && key >= counting->last;
	counting->last = key;
	counting->count++;
}

static void
end_it(void *arg, uint64_t key)
{
	(void)key;
	scheduler_stop(arg);
}

static void
go_on(void *arg)
{
	scheduler_set_horizon(arg, UINT64_MAX);
}

static void
a_full_store_loses_nothing_that_is_due(void **state)
{
	struct store_shortage shortage = { .pieces = ROOM, .lasts = true };
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.shortage = &shortage };
	struct counting counting = { .is_ordered = true };
	struct scheduler *home;
	uint64_t i;

	(void)state;
	assert_int_equal(scheduler_alloc(&home, &options), 0);
	for (i = 1; i <= MANY; i++)
		assert_int_equal(
		    scheduler_at(home, i * 1000, count_up, &counting, i), 0);
	assert_true(
	    shortage.refused >= MANY - ROOM); /* else it shows nothing */
	assert_int_equal(
	    scheduler_at(home, (MANY + 1) * UINT64_C(1000), end_it, home, 0),
	    0);
	scheduler_observe(home, go_on, home);
	assert_int_equal(scheduler_run(home), 0);
	assert_int_equal(counting.count, MANY);
	assert_true(counting.is_ordered);
	scheduler_free(&home);
}

static bool
slice(void *arg)
{
	struct fixture *fixture = arg;

	fixture->slice_times[fixture->slices] =
	    scheduler_now(fixture->world.scheduler);
	return ++fixture->slices < 4;
}

static void
a_slice_takes_50_us_of_virtual_time(void **state)
{
	struct fixture *fixture = *state;
	unsigned int i;

	world_run(&fixture->world, 1000);
	scheduler_set_slice(fixture->world.scheduler, slice, fixture);
	world_run(&fixture->world, 1000);
	assert_int_equal(fixture->slices, 4);
	for (i = 0; i < 4; i++)
		assert_int_equal(
		    fixture->slice_times[i], 1000 + i * SCHEDULER_SLICE_US);
}

static void
who_stalls_has_its_slices_afterwards(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;

	scheduler_stall(scheduler, true);
	scheduler_set_slice(scheduler, slice, fixture);
	world_run(&fixture->world, 1000);
	assert_int_equal(fixture->slices, 0);
	scheduler_stall(scheduler, false);
	world_run(&fixture->world, 1000);
	assert_int_equal(fixture->slices, 4);
	assert_int_equal(fixture->slice_times[0], 1000);
}

static void
real_time_passes_by_itself(void **state)
{
	const struct scheduler_options options = { .pace = PACE_REAL };
	struct timespec before, after;
	struct world world;
	int64_t passed;

	(void)state;
	world_set_up_with(&world, &options);
	(void)clock_gettime(CLOCK_MONOTONIC, &before);
	world_run(&world, 50000);
	(void)clock_gettime(CLOCK_MONOTONIC, &after);
	passed = (after.tv_sec - before.tv_sec) * 1000000 +
	    (after.tv_nsec - before.tv_nsec) / 1000;
	assert_true(passed >= 50000);
	assert_true(scheduler_now(world.scheduler) >= 50000);
	world_tear_down(&world);
}

static void
sleep_long(void *arg, uint64_t key)
{
	const struct timespec time = { .tv_nsec = 40000000 };

	(void)arg;
	(void)key;
	(void)nanosleep(&time, NULL);
}

/* Either the second is, by what the first sleeps, or the first is already. */
static void
a_timer_that_comes_late_in_real_time_is_said(void **state)
{
	const struct scheduler_options options = { .pace = PACE_REAL };
	struct world world;

	(void)state;
	world_set_up_with(&world, &options);
	assert_int_equal(
	    scheduler_at(world.scheduler, 1000, sleep_long, NULL, 0), 0);
	assert_int_equal(
	    scheduler_at(world.scheduler, 10000, sleep_long, NULL, 0), 0);
	world_run(&world, 50000);
	assert_true(scheduler_late(world.scheduler) >= 9000);
	world_tear_down(&world);
}

static void
the_event_log_tells_what_was_done_and_when(void **state)
{
	char path[] = "/tmp/test_scheduler.XXXXXX", line[80] = "";
	const struct scheduler_options options = { .log = path };
	int fd = mkstemp(path);
	struct world world;
	FILE *file;

	(void)state;
	assert_true(fd >= 0);
	world_set_up_with(&world, &options);
	world_run(&world, 2000003);
	log_line(scheduler_log(world.scheduler),
	    scheduler_entry(world.scheduler, LEVEL_info), "%s", "hello");
	world_tear_down(&world);
	file = fdopen(fd, "r");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file));
	assert_string_equal(line, "2.000003 hello\n");
	assert_null(fgets(line, sizeof line, file));
	(void)fclose(file);
	(void)unlink(path);
}

static void
a_log_that_cannot_be_opened_is_said(void **state)
{
	const struct scheduler_options options = { .log = "/nowhere/at/all" };
	struct scheduler *scheduler = NULL;

	(void)state;
	assert_int_equal(scheduler_alloc(&scheduler, &options), -ENOENT);
	assert_null(scheduler);
}

/* libre's testcase_oom: the n-th allocation fails, n = 0, 1 ... until none. */
static void
each_allocation_may_fail_and_nothing_stays_behind(void **state)
{
	const struct scheduler_options options = { .pace = PACE_VIRTUAL };
	struct scheduler *scheduler = NULL;
	int error = -ENOMEM;
	long n;

	(void)state;
	for (n = 0; error != 0 && n < 100; n++) {
		object_fail_after(n);
		error = scheduler_alloc(&scheduler, &options);
		object_fail_after(-1);
		assert_true(error == 0 || error == -ENOMEM);
		assert_true((error == 0) == (scheduler != NULL));
	}
	assert_in_range(n, 5, 20);
	scheduler_free(&scheduler);
}

static const struct module toy = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "toy",
	.version = "1.0",
	.schema = { .size = 8 },
	.init = idle_init,
	.handle = idle_handle,
	.terminate = idle_terminate,
};

static void
who_ends_while_it_waits_is_late_no_longer(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;
	const struct spawn spawn = { .behaviour =
					 world_add(&fixture->world, &toy) };
	struct pid pid;

	assert_int_equal(process_spawn(scheduler, &spawn, &pid), 0);
	world_run(&fixture->world, 0);
	scheduler_stall(scheduler, true);
	world_post(&fixture->world, pid, 1);
	world_run(&fixture->world, 1000);
	assert_int_equal(scheduler_late(scheduler), 1000);
	process_exit_signal(
	    scheduler, pid, pid, (struct reason){ .kind = REASON_KILL });
	assert_false(process_is_alive(scheduler, pid));
	world_run(&fixture->world, 5000);
	assert_int_equal(scheduler_late(scheduler), 1000);
}

/* Sends to itself as often as it was told to, and that is counted down. */
static void
go_round(struct self *self, void *state, const struct message *event)
{
	uint32_t left;

	(void)state;
	memcpy(&left, event->body.bytes, sizeof left);
	if (left == 0)
		return;
	left -= left < UINT32_MAX; /* for ever */
	(void)process_send(self, process_self(self), 1, &left, sizeof left);
}

static const struct module rounds = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "rounds",
	.version = "toy",
	.schema = { .size = 8 },
	.init = idle_init,
	.handle = go_round,
	.terminate = idle_terminate,
};

static void
send_round(struct world *world, struct pid pid, uint32_t times)
{
	assert_int_equal(
	    process_post(world_at(world, pid), pid, 1, &times, sizeof times),
	    0);
	world_run(world, 1000);
}

/* Of those that there are each may have a hundred more. */
static void
who_lets_no_time_pass_is_stalled(void **state)
{
	struct world *world = &((struct fixture *)*state)->world;
	struct scheduler *home = world->scheduler;
	const struct spawn spawn = { .behaviour = world_add(world, &rounds) };
	struct pid pids[10], next;
	unsigned int i;

	for (i = 0; i < 10; i++)
		assert_int_equal(process_spawn(home, &spawn, &pids[i]), 0);
	scheduler_limit_instant(home, 5000);
	for (i = 0; i < 10; i++)
		send_round(world, pids[i], 5900); /* in an instant of its own */
	assert_null(scheduler_endless(home, &next));
	assert_false(scheduler_is_stalled(home));
	send_round(world, pids[7], UINT32_MAX);
	assert_ptr_equal(scheduler_endless(home, &next), home);
	assert_true(pid_equal(next, pids[7]));
	assert_true(scheduler_is_stalled(home));
	assert_int_equal(scheduler_now(home), 11000); /* time goes on */
}

static void
who_lets_no_time_pass_is_stalled_alone(void **state)
{
	const struct scheduler_options options = { .schedulers = 3 };
	struct spawn spawn = { .scheduler = 2 };
	struct world world;
	struct pid pid, next;

	(void)state;
	world_set_up_with(&world, &options);
	spawn.behaviour = world_add(&world, &rounds);
	assert_int_equal(
	    process_spawn(scheduler_peer(world.scheduler, 2), &spawn, &pid), 0);
	scheduler_limit_instant(world.scheduler, 5000);
	send_round(&world, pid, UINT32_MAX);
	assert_ptr_equal(scheduler_endless(world.scheduler, &next),
	    scheduler_peer(world.scheduler, 2));
	assert_true(pid_equal(next, pid));
	assert_false(scheduler_is_stalled(world.scheduler));
	world_tear_down(&world);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_store_loses_nothing_that_is_due),
		TEST(virtual_time_stands_at_the_horizon_and_goes_no_further),
		TEST(what_is_due_comes_in_order_of_due_and_asking),
		TEST(a_slice_takes_50_us_of_virtual_time),
		TEST(who_stalls_has_its_slices_afterwards),
		TEST(who_ends_while_it_waits_is_late_no_longer),
		TEST(who_lets_no_time_pass_is_stalled),
		cmocka_unit_test(who_lets_no_time_pass_is_stalled_alone),
		cmocka_unit_test(real_time_passes_by_itself),
		cmocka_unit_test(a_timer_that_comes_late_in_real_time_is_said),
		cmocka_unit_test(the_event_log_tells_what_was_done_and_when),
		cmocka_unit_test(a_log_that_cannot_be_opened_is_said),
		cmocka_unit_test(
		    each_allocation_may_fail_and_nothing_stays_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
