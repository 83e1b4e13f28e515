/* A5 and A7: everything in the store belongs to someone who lives. */
#include "tests/world.h"

#include <string.h>

#include "switch/audit.h"
#include "switch/holding.h"
#include "switch/scheduler_internal.h"

enum { TIMER = 3, CALLS = 20 };

struct state {
	uint64_t events;
};

/* Starts a timer and sends itself a parcel. */
static int
init(struct self *self, void *state, const struct message *start)
{
	static const char bytes[200] = "a parcel";

	(void)state;
	(void)start;
	(void)process_start_timer(self, TIMER, 1, 5000000);
	(void)process_send_parcel(
	    self, process_self(self), EVENT_PRIVATE, bytes, sizeof bytes);
	return 0;
}

static void
handle(struct self *self, void *state, const struct message *event)
{
	struct state *mine = state;

	mine->events++;
	if (event->kind == EVENT_TIMEOUT)
		(void)process_exit(
		    self, (struct reason){ REASON_NORMAL, 0, 0 });
}

static const struct module toy = { .magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "toy",
	.version = "1",
	.schema = { .size = sizeof(struct state) },
	.init = init,
	.handle = handle,
	.terminate = idle_terminate };

static void
never_due(void *arg, uint64_t key)
{
	(void)arg;
	(void)key;
}

static struct pid
fill(struct world *world)
{
	struct spawn spawn = { .behaviour = world_add(world, &toy) };
	struct pid pid = PID_NONE;
	int i;

	for (i = 0; i < CALLS; i++)
		assert_int_equal(
		    process_spawn(world->scheduler, &spawn, &pid), 0);
	assert_int_equal(
	    scheduler_at(world->scheduler, 9000000, never_due, NULL, 0), 0);
	return pid;
}

static int
setup(void **state)
{
	static struct world world;

	*state = &world;
	world_set_up(&world);
	return 0;
}

static void
holds(struct world *world, bool a5, bool a7)
{
	char text[200];

	if (audit_owners(world->scheduler, text, sizeof text) != a5)
		fail_msg("A5: %s", text);
	if (audit_bytes(world->scheduler, text, sizeof text) != a7)
		fail_msg("A7: %s", text);
}

static void
a5_a7_hold_at_every_moment_of_a_life(void **state)
{
	struct world *world = *state;

	holds(world, true, true);
	(void)fill(world); /* mail of the start, not yet handled */
	holds(world, true, true);
	world_run(world, 0);
	holds(world, true, true);
	world_run(world, 6000000); /* all have ended, one due is left */
	holds(world, true, true);
	assert_true(scheduler_counts(world->scheduler)->exited == CALLS);
}

static void
a7_a_piece_that_nobody_has_is_found(void **state)
{
	struct world *world = *state;
	struct store *store = scheduler_store(world->scheduler);
	uint32_t ref;

	(void)fill(world);
	world_run(world, 0);
	ref = store_take(store, 100);
	holds(world, true, false);
	store_give(store, ref, 100);
	holds(world, true, true);
}

/* One store has what another lacks: the sum agrees, and yet both are wrong. */
static void
a7_each_store_is_looked_at_for_itself(void **state)
{
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.schedulers = 2 };
	struct world world;
	struct store *stores[2];

	(void)state;
	world_set_up_with(&world, &options);
	(void)fill(&world);
	world_run(&world, 0);
	stores[0] = scheduler_store(world.scheduler);
	stores[1] = scheduler_store(scheduler_peer(world.scheduler, 1));
	holds(&world, true, true);
	stores[0]->bytes_in_use -= 64;
	stores[1]->bytes_in_use += 64;
	holds(&world, true, false);
	stores[0]->bytes_in_use += 64;
	stores[1]->bytes_in_use -= 64;
	holds(&world, true, true);
	world_tear_down(&world);
}

static void
a5_a_timer_of_the_dead_is_found(void **state)
{
	struct world *world = *state;
	struct pid pid = fill(world);
	struct holding_timer *timer;
	struct process *process;
	uint32_t ref;

	world_run(world, 0);
	process = process_find(world->scheduler, pid);
	ref = holding_find(world->scheduler, process,
	    &(struct holding){
		.kind = HOLDING_TIMER, .number = TIMER, .id = 1 });
	assert_int_not_equal(ref, 0);
	timer = store_at(scheduler_store(world->scheduler), ref);
	timer->owner.generation++;
	holds(world, false, true);
	timer->owner.generation--;
	holds(world, true, true);
}

static void
a5_what_a_dead_slot_still_has_is_found(void **state)
{
	struct world *world = *state;
	struct process *process;

	(void)fill(world);
	world_run(world, 6000000);
	process = process_at(world->scheduler, 1);
	assert_int_equal(process->status, PROCESS_FREE);
	process->holdings = 7;
	holds(world, false, true);
	process->holdings = 0;
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, world_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a5_a7_hold_at_every_moment_of_a_life),
		TEST(a7_a_piece_that_nobody_has_is_found),
		cmocka_unit_test(a7_each_store_is_looked_at_for_itself),
		TEST(a5_a_timer_of_the_dead_is_found),
		TEST(a5_what_a_dead_slot_still_has_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
