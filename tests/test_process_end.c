/*
 * What is never lost when no memory is left: the ends of processes, and what
 * must be said of them and of starts.  The store is full from one moment, and
 * has room again at another; in between the clock goes on.
 *
 * A toy notes what it hears, and does what it is told.  Each test runs on one
 * scheduler, and with the supervisor and the others each on their own.
 */
#include "tests/world.h"

#include <errno.h>
#include <string.h>

#include "switch/audit.h"
#include "switch/object.h"
#include "switch/scheduler_internal.h"
#include "switch/store.h"

enum { NOTE = 1, LINK, MONITOR };
enum { KEPT = 12 };

struct toy {
	uint32_t heard;
	uint16_t kinds[KEPT], reasons[KEPT];
	struct pid from[KEPT];
};

struct fixture {
	struct world world;
	uint16_t behaviour;
	struct store_shortage shortages[3];
	struct pid supervisor, child, other;
	unsigned int there;  /* the scheduler of all but the supervisor */
	uint32_t terminated; /* in all */
};

/* The body of a start: it is to fail. */
static int
toy_init(struct self *self, void *state, const struct message *start)
{
	(void)state;
	(void)process_trap_exit(self, start->length == 0);
	return start->length == sizeof(int) ? -EIO : 0;
}

static void
note(struct toy *toy, const struct message *event)
{
	uint32_t i = toy->heard++ % KEPT;
	struct event_started started;

	toy->kinds[i] = event->kind;
	toy->from[i] = event->from;
	if (event->kind == EVENT_EXIT || event->kind == EVENT_DOWN)
		toy->reasons[i] = event->body.ended.reason.kind;
	if (event->kind == EVENT_STARTED || event->kind == EVENT_START_FAILED) {
		memcpy(&started, event->body.bytes, sizeof started);
		toy->reasons[i] = started.reason.kind;
	}
}

static void
toy_handle(struct self *self, void *state, const struct message *event)
{
	struct pid peer;

	memcpy(&peer, event->body.bytes, sizeof peer);
	switch (event->kind) {
	case LINK:
		(void)process_link(self, peer);
		break;
	case MONITOR:
		(void)process_monitor(self, peer, 7);
		break;
	default:
		note(state, event);
	}
}

static void
toy_terminate(struct self *self, void *state, const struct reason *reason)
{
	struct fixture *fixture = process_context(self);

	(void)state;
	(void)reason;
	fixture->terminated++;
}

static const struct module toy_module = { .magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "toy",
	.version = "native",
	.schema = { .size = sizeof(struct toy), .timers = "a" },
	.init = toy_init,
	.handle = toy_handle,
	.terminate = toy_terminate };

/*--------------------------------------------------------------------
 * Set-up
 */

static struct scheduler *
peer(struct fixture *fixture, unsigned int number)
{
	return scheduler_peer(fixture->world.scheduler, number);
}

/* With a start that fails if `failing`; it does not trap if it is to. */
static struct pid
spawn(struct fixture *fixture, unsigned int on, struct pid supervisor,
    const int *failing)
{
	const struct spawn spawn = { .behaviour = fixture->behaviour,
		.scheduler = (uint8_t)on,
		.supervisor = supervisor,
		.start = failing,
		.length = failing == NULL ? 0 : sizeof *failing };
	struct pid pid = PID_NONE;

	assert_int_equal(
	    process_spawn(world_at(&fixture->world, supervisor), &spawn, &pid),
	    0);
	return pid;
}

static struct pid
spawn_root_on(struct fixture *fixture, unsigned int number)
{
	const struct spawn spawn = { .behaviour = fixture->behaviour };
	struct pid pid = PID_NONE;

	assert_int_equal(process_spawn(peer(fixture, number), &spawn, &pid), 0);
	return pid;
}

static int
set_up(void **state, unsigned int schedulers)
{
	static struct fixture fixture;
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.schedulers = schedulers };

	memset(&fixture, 0, sizeof fixture);
	world_set_up_with(&fixture.world, &options);
	assert_int_equal(
	    behaviours_add_native(scheduler_behaviours(fixture.world.scheduler),
		&toy_module, &fixture, &fixture.behaviour),
	    0);
	fixture.there = schedulers == 1 ? 0 : 1;
	fixture.supervisor = spawn(&fixture, 0, PID_NONE, NULL);
	fixture.child =
	    spawn(&fixture, fixture.there, fixture.supervisor, NULL);
	fixture.other = schedulers < 3 ? spawn(&fixture, 0, PID_NONE, NULL)
				       : spawn_root_on(&fixture, 2);
	world_run(&fixture.world, 0);
	*state = &fixture;
	return 0;
}

static int
setup(void **state)
{
	return set_up(state, 1);
}

static int
setup_apart(void **state)
{
	return set_up(state, 2);
}

/* `other` on a third, to which that of the child has not sent anything. */
static int
setup_on_three(void **state)
{
	return set_up(state, 3);
}

/* Whatever was short, nothing lies about afterwards. */
static int
teardown(void **state)
{
	struct fixture *fixture = *state;
	char text[160];

	object_fail_after(-1);
	assert_true(audit_owners(fixture->world.scheduler, text, sizeof text));
	assert_true(audit_bytes(fixture->world.scheduler, text, sizeof text));
	world_tear_down(&fixture->world);
	return 0;
}

/* Not one piece more, on any scheduler; until give_memory(). */
static void
take_memory(struct fixture *fixture)
{
	unsigned int i;

	for (i = 0; i < scheduler_count(fixture->world.scheduler); i++) {
		fixture->shortages[i] =
		    (struct store_shortage){ .lasts = true };
		scheduler_store(peer(fixture, i))->shortage =
		    &fixture->shortages[i];
	}
}

static void
give_memory(struct fixture *fixture)
{
	unsigned int i;

	for (i = 0; i < scheduler_count(fixture->world.scheduler); i++)
		scheduler_store(peer(fixture, i))->shortage = NULL;
}

static bool
was_short(const struct fixture *fixture)
{
	return fixture->shortages[0].refused +
	    fixture->shortages[fixture->there].refused >
	    0;
}

static const struct toy *
toy_of(struct fixture *fixture, struct pid pid)
{
	return world_info(&fixture->world, pid).state;
}

static bool
lives(struct fixture *fixture, struct pid pid)
{
	return process_is_alive(world_at(&fixture->world, pid), pid);
}

static void
signal_exit(struct fixture *fixture, struct pid to, enum reason_kind kind)
{
	process_exit_signal(world_at(&fixture->world, to), PID_NONE, to,
	    (struct reason){ .kind = (uint16_t)kind });
}

static void
tell(struct fixture *fixture, struct pid to, uint16_t kind, struct pid about)
{
	assert_int_equal(process_post(world_at(&fixture->world, to), to, kind,
			     &about, sizeof about),
	    0);
	world_run(&fixture->world, 0);
}

/* `pid` has heard `count` things, the last of this kind, about `from`. */
static void
expect_heard(struct fixture *fixture, struct pid pid, uint32_t count,
    uint16_t kind, struct pid from, enum reason_kind reason)
{
	const struct toy *toy = toy_of(fixture, pid);

	assert_int_equal(toy->heard, count);
	assert_int_equal(toy->kinds[count - 1], kind);
	assert_true(pid_equal(toy->from[count - 1], from));
	assert_int_equal(toy->reasons[count - 1], reason);
}

/*--------------------------------------------------------------------
 * Ends
 */

static void
one_killed_without_mail_is_told_of_when_memory_is_back(void **state)
{
	struct fixture *fixture = *state;
	struct pid child = fixture->child, next;

	take_memory(fixture);
	signal_exit(fixture, child, REASON_KILL);
	world_run(&fixture->world, 0);
	assert_true(was_short(fixture));
	assert_false(lives(fixture, child));
	assert_int_equal(toy_of(fixture, fixture->supervisor)->heard, 1);
	give_memory(fixture);
	world_run(&fixture->world, 1000);
	expect_heard(
	    fixture, fixture->supervisor, 2, EVENT_EXIT, child, REASON_KILLED);
	next = spawn(fixture, fixture->there, fixture->supervisor, NULL);
	assert_false(pid_equal(next, child));
	world_run(&fixture->world, 1000000);
	assert_int_equal(fixture->terminated, 0);
	assert_int_equal(
	    toy_of(fixture, fixture->supervisor)->kinds[2], EVENT_STARTED);
	assert_int_equal(toy_of(fixture, fixture->supervisor)->heard, 3);
}

static void
time_goes_on_when_memory_never_comes_back(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before = scheduler_now(fixture->world.scheduler);

	take_memory(fixture);
	signal_exit(fixture, fixture->child, REASON_KILL);
	world_run(&fixture->world, 10000000);
	assert_true(was_short(fixture));
	assert_int_equal(
	    scheduler_now(fixture->world.scheduler), before + 10000000);
	assert_int_equal(toy_of(fixture, fixture->supervisor)->heard, 1);
	give_memory(fixture); /* for the audit: it was kept all the time */
	world_run(&fixture->world, 1000);
	assert_int_equal(toy_of(fixture, fixture->supervisor)->heard, 2);
}

/* One that does not trap is obeyed by its own terminate(). */
static void
terminate_runs_when_memory_is_back(void **state)
{
	struct fixture *fixture = *state;
	const char start[2] = "x"; /* neither traps nor fails */
	const struct spawn order = { .behaviour = fixture->behaviour,
		.supervisor = fixture->other,
		.start = start,
		.length = sizeof start };
	struct pid pid;

	assert_int_equal(
	    process_spawn(fixture->world.scheduler, &order, &pid), 0);
	world_run(&fixture->world, 0);
	take_memory(fixture);
	signal_exit(fixture, pid, REASON_SHUTDOWN);
	world_run(&fixture->world, 5000);
	assert_true(was_short(fixture));
	assert_true(lives(fixture, pid));
	assert_int_equal(fixture->terminated, 0);
	assert_int_equal(
	    process_post(fixture->world.scheduler, pid, NOTE, NULL, 0), -ESRCH);
	give_memory(fixture);
	world_run(&fixture->world, 1000);
	assert_int_equal(fixture->terminated, 1);
	expect_heard(
	    fixture, fixture->other, 2, EVENT_EXIT, pid, REASON_SHUTDOWN);
}

/* It waits for its terminate(), and then it is killed: that is all. */
static void
one_killed_while_it_waits_is_told_of_once(void **state)
{
	struct fixture *fixture = *state;
	const char start[2] = "x";
	const struct spawn order = { .behaviour = fixture->behaviour,
		.supervisor = fixture->other,
		.start = start,
		.length = sizeof start };
	struct pid pid;

	assert_int_equal(
	    process_spawn(fixture->world.scheduler, &order, &pid), 0);
	world_run(&fixture->world, 0);
	take_memory(fixture);
	signal_exit(fixture, pid, REASON_SHUTDOWN);
	world_run(&fixture->world, 0);
	give_memory(fixture);
	signal_exit(fixture, pid, REASON_KILL);
	world_run(&fixture->world, 5000);
	assert_false(lives(fixture, pid));
	assert_int_equal(fixture->terminated, 0);
	expect_heard(
	    fixture, fixture->other, 2, EVENT_EXIT, pid, REASON_KILLED);
}

static void
those_that_wait_are_told_of_in_the_order_of_their_ends(void **state)
{
	struct fixture *fixture = *state;
	struct pid kids[4];
	unsigned int i;

	for (i = 0; i < 4; i++)
		kids[i] =
		    spawn(fixture, fixture->there, fixture->supervisor, NULL);
	world_run(&fixture->world, 0);
	assert_int_equal(toy_of(fixture, fixture->supervisor)->heard, 5);
	take_memory(fixture);
	for (i = 0; i < 4; i++)
		signal_exit(fixture, kids[3 - i], REASON_KILL);
	world_run(&fixture->world, 2000);
	assert_true(was_short(fixture));
	assert_int_equal(toy_of(fixture, fixture->supervisor)->heard, 5);
	give_memory(fixture);
	world_run(&fixture->world, 1000);
	assert_int_equal(toy_of(fixture, fixture->supervisor)->heard, 9);
	for (i = 0; i < 4; i++)
		assert_true(
		    pid_equal(toy_of(fixture, fixture->supervisor)->from[5 + i],
			kids[3 - i]));
}

/* The bond becomes the news, so that it comes although nothing can be had. */
static void
links_and_monitors_hear_while_the_store_is_full(void **state)
{
	struct fixture *fixture = *state;

	tell(fixture, fixture->other, LINK, fixture->child);
	tell(fixture, fixture->supervisor, MONITOR, fixture->child);
	world_run(&fixture->world, 0);
	take_memory(fixture);
	signal_exit(fixture, fixture->child, REASON_KILL);
	world_run(&fixture->world, 0);
	assert_true(was_short(fixture)); /* the supervisor's EXIT waits */
	expect_heard(fixture, fixture->other, 1, EVENT_EXIT, fixture->child,
	    REASON_KILLED);
	expect_heard(fixture, fixture->supervisor, 2, EVENT_DOWN,
	    fixture->child, REASON_KILLED);
	give_memory(fixture);
	world_run(&fixture->world, 1000);
	expect_heard(fixture, fixture->supervisor, 3, EVENT_EXIT,
	    fixture->child, REASON_KILLED);
}

/* The start event becomes the word of how it went. */
static void
starts_are_told_of_while_the_store_is_full(void **state)
{
	struct fixture *fixture = *state;
	const int fails = 1;
	struct pid good, bad;

	good = spawn(fixture, 0, fixture->other, NULL);
	bad = spawn(fixture, 0, fixture->other, &fails);
	take_memory(fixture);
	world_run(&fixture->world, 0);
	assert_true(lives(fixture, good));
	assert_false(lives(fixture, bad));
	assert_int_equal(toy_of(fixture, fixture->other)->heard, 2);
	assert_int_equal(
	    toy_of(fixture, fixture->other)->kinds[0], EVENT_STARTED);
	expect_heard(
	    fixture, fixture->other, 2, EVENT_START_FAILED, bad, REASON_ERROR);
	give_memory(fixture);
}

/*--------------------------------------------------------------------
 * Between schedulers
 */

/*
 * There is no room for what goes to `other` and none to be had: the news waits
 * as the message that it is, and what follows to anyone waits behind it.
 */
static void
news_for_elsewhere_wait_for_room_in_their_order(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *scheduler = peer(fixture, 1);

	tell(fixture, fixture->other, LINK, fixture->child);
	tell(fixture, fixture->other, MONITOR, fixture->child);
	take_memory(fixture);
	object_fail_after(0);
	signal_exit(fixture, fixture->child, REASON_KILL);
	assert_true(object_has_failed());
	assert_int_not_equal(scheduler->late.first, 0);
	assert_int_equal(process_post(scheduler, fixture->other, NOTE, NULL, 0),
	    -ENOSPC); /* may not overtake */
	world_run(&fixture->world, 1000);
	assert_int_equal(scheduler->late.first, 0);
	assert_int_equal(toy_of(fixture, fixture->other)->heard, 2);
	assert_int_equal(toy_of(fixture, fixture->other)->kinds[0], EVENT_DOWN);
	expect_heard(fixture, fixture->other, 2, EVENT_EXIT, fixture->child,
	    REASON_KILLED);
	give_memory(fixture);
	world_run(&fixture->world, 1000);
	expect_heard(fixture, fixture->supervisor, 2, EVENT_EXIT,
	    fixture->child, REASON_KILLED);
}

#define TEST(name)                                                             \
	{ #name, name, setup, teardown, NULL },                                \
	{                                                                      \
#name " apart", name, setup_apart, teardown, NULL              \
	}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_killed_without_mail_is_told_of_when_memory_is_back),
		TEST(time_goes_on_when_memory_never_comes_back),
		TEST(terminate_runs_when_memory_is_back),
		TEST(one_killed_while_it_waits_is_told_of_once),
		TEST(those_that_wait_are_told_of_in_the_order_of_their_ends),
		TEST(links_and_monitors_hear_while_the_store_is_full),
		TEST(starts_are_told_of_while_the_store_is_full),
		cmocka_unit_test_setup_teardown(
		    news_for_elsewhere_wait_for_room_in_their_order,
		    setup_on_three, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
