/*
 * What system.h promises, by messages of a client as another process would
 * send them, and by the host's functions.
 */
#include "tests/world.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "switch/audit.h"
#include "switch/registry.h"
#include "switch/supervisor.h"
#include "switch/system.h"

/* A toy writes down what it is sent; the client asks and keeps answers. */
enum { NOTE = 1, MORE, TRAP, TIMER, ASK, ASK_AND_END };
enum { NOTES = 16, ANSWERS = 8 };

struct toy {
	uint16_t seen[NOTES];
	uint32_t count;
	uint32_t addend; /* of version 2 */
};

struct asking {
	struct pid to;
	uint16_t kind;
	struct system_request request;
};

struct client {
	struct system_reply replies[ANSWERS];
	uint32_t count;
	uint32_t state_size;
	struct toy state;
};

struct fixture {
	struct world world;
	unsigned int there; /* where toys are, and the client is not */
	uint16_t one, two, other;
	struct pid client;
};

static void
toy_handle(struct self *self, void *state, const struct message *event)
{
	struct toy *toy = state;

	toy->seen[toy->count++ % NOTES] = event->kind;
	if (event->kind == TRAP)
		(void)process_trap_exit(self, true);
	else if (event->kind == TIMER)
		(void)process_start_timer(self, 1, 1, 1000000);
}

#define MODULE(its_name, its_version)                                          \
	{                                                                      \
		.magic = MODULE_MAGIC, .abi = MODULE_ABI, .name = its_name,    \
		.version = its_version,                                        \
		.schema = { .size = sizeof(struct toy) }, .init = idle_init,   \
		.handle = toy_handle, .terminate = idle_terminate,             \
	}
static const struct module toy_one = MODULE("toy", "1");
static const struct module toy_two = MODULE("toy", "2");
static const struct module another = MODULE("another", "1");

static void
keep_reply(
    struct client *client, struct self *self, const struct message *event)
{
	struct system_reply *reply = &client->replies[client->count++];
	size_t size = 0;
	const void *parcel = process_parcel(self, &size);
	const struct system_reply_state *with_state = parcel;

	memcpy(
	    reply, parcel != NULL ? parcel : event->body.bytes, sizeof *reply);
	if (parcel == NULL)
		return;
	client->state_size = with_state->size;
	memcpy(&client->state, with_state->bytes, sizeof client->state);
}

static void
client_handle(struct self *self, void *state, const struct message *event)
{
	struct asking asking;

	if (event->kind == EVENT_SYSTEM_REPLY) {
		keep_reply(state, self, event);
	} else if (event->kind == ASK || event->kind == ASK_AND_END) {
		memcpy(&asking, event->body.bytes, sizeof asking);
		(void)process_send(self, asking.to, asking.kind,
		    &asking.request, sizeof asking.request);
		if (event->kind == ASK_AND_END)
			(void)process_exit(
			    self, (struct reason){ .kind = REASON_NORMAL });
	}
}

static const struct module client_module = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "client",
	.version = "1",
	.schema = { .size = sizeof(struct client) },
	.init = idle_init,
	.handle = client_handle,
	.terminate = idle_terminate,
};

/* Version 2 adds 100; a toy that has seen 13 events has no image there. */
static int
convert(void *arg, struct state_change *change)
{
	struct toy *toy = change->new_state;

	(void)arg;
	memcpy(toy, change->old_state, sizeof *toy);
	if (toy->count == 13)
		return -EDOM;
	toy->addend = strcmp(change->to->version, "2") == 0 ? 100 : 0;
	return 0;
}

static struct pid
spawn(struct fixture *fixture, const struct spawn *how)
{
	struct pid pid;

	assert_int_equal(process_spawn(fixture->world.scheduler, how, &pid), 0);
	world_run(&fixture->world, 0);
	return pid;
}

static struct pid
spawn_toy(struct fixture *fixture)
{
	return spawn(fixture, &(struct spawn){ .behaviour = fixture->one });
}

static int
begin(void **state, unsigned int schedulers)
{
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.schedulers = schedulers };
	const struct converter converter = { .convert = convert };
	struct fixture *fixture = calloc(1, sizeof *fixture);

	world_set_up_with(&fixture->world, &options);
	fixture->there = schedulers - 1;
	fixture->two = world_add(&fixture->world, &toy_two);
	fixture->one = world_add(&fixture->world, &toy_one);
	fixture->other = world_add(&fixture->world, &another);
	behaviours_set_converter(
	    scheduler_behaviours(fixture->world.scheduler), &converter);
	fixture->client = spawn(fixture,
	    &(struct spawn){
		.behaviour = world_add(&fixture->world, &client_module) });
	*state = fixture;
	return 0;
}

static int
set_up(void **state)
{
	return begin(state, 1);
}

static int
set_up_apart(void **state)
{
	return begin(state, 2);
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;
	char text[160];

	assert_true(audit_owners(fixture->world.scheduler, text, sizeof text));
	assert_true(audit_bytes(fixture->world.scheduler, text, sizeof text));
	world_tear_down(&fixture->world);
	free(fixture);
	return 0;
}

static struct toy
toy_of(struct fixture *fixture, struct pid pid)
{
	struct process_info info = world_info(&fixture->world, pid);
	struct toy toy;

	memcpy(&toy, info.state, sizeof toy);
	return toy;
}

static struct client
client_of(struct fixture *fixture)
{
	struct process_info info = world_info(&fixture->world, fixture->client);
	struct client client;

	memcpy(&client, info.state, sizeof client);
	return client;
}

static uint8_t
status_of(struct fixture *fixture, struct pid pid)
{
	return world_info(&fixture->world, pid).status;
}

/* The client sends it; nothing has happened yet. */
static void
send(struct fixture *fixture, struct pid to, uint16_t kind, uint16_t behaviour)
{
	struct asking asking = { .to = to, .kind = kind };

	asking.request.key = 1000u + kind;
	asking.request.behaviour = behaviour;
	assert_int_equal(process_post(fixture->world.scheduler, fixture->client,
			     ASK, &asking, sizeof asking),
	    0);
}

/* The error that comes back, to the client that asks. */
static int
ask(struct fixture *fixture, struct pid to, uint16_t kind, uint16_t behaviour)
{
	uint32_t before = client_of(fixture).count;
	struct client client;

	send(fixture, to, kind, behaviour);
	world_run(&fixture->world, 0);
	client = client_of(fixture);
	assert_int_equal(client.count, before + 1);
	assert_int_equal(client.replies[before].request, kind);
	assert_int_equal(client.replies[before].key, 1000u + kind);
	return client.replies[before].error;
}

static void
post(struct fixture *fixture, struct pid pid, uint16_t kind)
{
	world_post(&fixture->world, pid, kind);
	world_run(&fixture->world, 0);
}

static void
expect_seen(struct fixture *fixture, struct pid pid, unsigned int count,
    const uint16_t *kinds)
{
	struct toy toy = toy_of(fixture, pid);
	unsigned int i;

	assert_int_equal(toy.count, count);
	for (i = 0; i < count; i++)
		assert_int_equal(toy.seen[i], kinds[i]);
}

static void
mail_waits_in_its_order_while_suspended(void **state)
{
	const uint16_t all[] = { NOTE, MORE, NOTE, MORE };
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);

	post(fixture, pid, NOTE);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	assert_int_equal(status_of(fixture, pid), PROCESS_SUSPENDED);
	post(fixture, pid, MORE);
	post(fixture, pid, NOTE);
	post(fixture, pid, MORE);
	expect_seen(fixture, pid, 1, all);
	assert_int_equal(world_info(&fixture->world, pid).mailbox, 3);
	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	expect_seen(fixture, pid, 4, all);
	assert_int_equal(status_of(fixture, pid), PROCESS_RUNNING);
}

/* What lies in the mailbox as the suspension begins is sorted once. */
static void
requests_overtake_the_mail_that_waits(void **state)
{
	const uint16_t all[] = { NOTE, MORE, NOTE };
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);
	struct client client;

	world_post(&fixture->world, pid, NOTE);
	world_post(&fixture->world, pid, EVENT_SUSPEND);
	world_post(&fixture->world, pid, MORE);
	send(fixture, pid, EVENT_GET_STATE, 0);
	send(fixture, pid, EVENT_CHANGE_CODE, fixture->two);
	send(fixture, pid, EVENT_GET_STATE, 0);
	world_run(&fixture->world, 0);
	world_post(&fixture->world, pid, NOTE);
	world_run(&fixture->world, 0);
	expect_seen(fixture, pid, 1, all);

	client = client_of(fixture);
	assert_int_equal(client.count, 3);
	assert_int_equal(client.replies[0].behaviour, fixture->one);
	assert_int_equal(client.replies[1].request, EVENT_CHANGE_CODE);
	assert_int_equal(client.replies[1].error, 0);
	assert_int_equal(client.replies[2].behaviour, fixture->two);
	assert_int_equal(client.state.addend, 100);
	assert_int_equal(client.state.count, 1);

	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	expect_seen(fixture, pid, 3, all);
}

static void
a_resume_that_waits_behind_mail_is_found(void **state)
{
	const uint16_t all[] = { NOTE, MORE };
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);

	world_post(&fixture->world, pid, EVENT_SUSPEND);
	world_post(&fixture->world, pid, NOTE);
	world_post(&fixture->world, pid, EVENT_RESUME);
	world_post(&fixture->world, pid, MORE);
	world_run(&fixture->world, 0);
	expect_seen(fixture, pid, 2, all);
}

/* sys: one resume ends it, however often it was suspended. */
static void
suspending_is_not_counted(void **state)
{
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);

	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	post(fixture, pid, NOTE);
	assert_int_equal(toy_of(fixture, pid).count, 1);
}

/* otp.md 2.11 */
static void
timers_go_on_and_their_messages_wait(void **state)
{
	const uint16_t all[] = { TIMER, NOTE, EVENT_TIMEOUT };
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);

	post(fixture, pid, TIMER);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	post(fixture, pid, NOTE);
	world_run(&fixture->world, 5000000);
	assert_int_equal(toy_of(fixture, pid).count, 1);
	assert_int_equal(
	    scheduler_counts(world_at(&fixture->world, pid))->timeouts, 1);
	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	expect_seen(fixture, pid, 3, all);
}

static void
signal_from(
    struct fixture *fixture, struct pid from, struct pid to, uint16_t kind)
{
	process_exit_signal(fixture->world.scheduler, from, to,
	    (struct reason){ .kind = kind });
	world_run(&fixture->world, 0);
}

static void
exit_signals_act_on_the_suspended(void **state)
{
	static const uint16_t kinds[] = { REASON_SHUTDOWN, REASON_ERROR,
		REASON_KILL };
	struct fixture *fixture = *state;
	struct pid pid;
	unsigned int i;

	for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		pid = spawn_toy(fixture);
		assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
		post(fixture, pid, NOTE);
		signal_from(fixture, fixture->client, pid, kinds[i]);
		assert_false(process_is_alive(fixture->world.scheduler, pid));
	}
}

static struct pid
spawn_below_client(struct fixture *fixture)
{
	struct pid pid = spawn(fixture,
	    &(struct spawn){ .behaviour = fixture->one,
		.supervisor = fixture->client,
		.traps_exit = true });

	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	return pid;
}

/* otp.md 2.9 */
static void
its_supervisors_exit_ends_the_suspension(void **state)
{
	const uint16_t all[] = { EVENT_EXIT, NOTE };
	struct fixture *fixture = *state;
	struct pid pid = spawn_below_client(fixture);

	post(fixture, pid, NOTE);
	signal_from(fixture, fixture->client, pid, REASON_SHUTDOWN);
	expect_seen(fixture, pid, 2, all);
	assert_int_equal(status_of(fixture, pid), PROCESS_RUNNING);
}

static void
an_exit_from_elsewhere_waits(void **state)
{
	struct fixture *fixture = *state;
	struct pid peer = spawn_toy(fixture), pid = spawn_below_client(fixture);

	signal_from(fixture, peer, pid, REASON_ERROR);
	assert_int_equal(toy_of(fixture, pid).count, 0);
	assert_int_equal(status_of(fixture, pid), PROCESS_SUSPENDED);
}

static void
an_exit_that_waits_behind_the_suspension_ends_it(void **state)
{
	const uint16_t all[] = { EVENT_EXIT, NOTE };
	struct fixture *fixture = *state;
	struct pid pid = spawn_below_client(fixture);

	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	world_post(&fixture->world, pid, EVENT_SUSPEND);
	world_post(&fixture->world, pid, NOTE);
	signal_from(fixture, fixture->client, pid, REASON_SHUTDOWN);
	expect_seen(fixture, pid, 2, all);
}

static void
get_state_answers_with_the_bytes_and_the_version(void **state)
{
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);
	struct client client;

	post(fixture, pid, NOTE);
	post(fixture, pid, MORE);
	assert_int_equal(ask(fixture, pid, EVENT_GET_STATE, 0), 0);
	client = client_of(fixture);
	assert_int_equal(client.replies[0].behaviour, fixture->one);
	assert_int_equal(client.state_size, sizeof(struct toy));
	assert_int_equal(client.state.count, 2);
	assert_int_equal(client.state.seen[1], MORE);
	assert_int_equal(toy_of(fixture, pid).count, 2); /* it saw nothing */
}

/* otp.md 3.12, 3.13 */
static void
change_code_is_for_the_suspended_and_atomic(void **state)
{
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);
	unsigned int i;

	assert_int_equal(
	    ask(fixture, pid, EVENT_CHANGE_CODE, fixture->two), -EBUSY);
	for (i = 0; i < 13; i++)
		post(fixture, pid, NOTE);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	assert_int_equal(
	    ask(fixture, pid, EVENT_CHANGE_CODE, fixture->two), -EDOM);
	assert_int_equal(status_of(fixture, pid), PROCESS_SUSPENDED);
	assert_int_equal(
	    world_info(&fixture->world, pid).behaviour, fixture->one);
	assert_int_equal(
	    ask(fixture, pid, EVENT_CHANGE_CODE, fixture->other), -EINVAL);
	assert_int_equal(ask(fixture, pid, EVENT_CHANGE_CODE, 0), -EINVAL);
	assert_int_equal(
	    ask(fixture, pid, EVENT_CHANGE_CODE, UINT16_MAX), -EINVAL);
}

static void
change_code_goes_there_and_back(void **state)
{
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);
	struct process_info info;

	post(fixture, pid, NOTE);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	assert_int_equal(ask(fixture, pid, EVENT_CHANGE_CODE, fixture->two), 0);
	assert_int_equal(client_of(fixture).replies[1].behaviour, fixture->two);
	assert_int_equal(ask(fixture, pid, EVENT_CHANGE_CODE, fixture->one), 0);
	assert_int_equal(ask(fixture, pid, EVENT_CHANGE_CODE, fixture->two), 0);
	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	post(fixture, pid, NOTE);
	info = world_info(&fixture->world, pid);
	assert_int_equal(info.behaviour, fixture->two);
	assert_int_equal(info.upgrades, 3);
	assert_true(info.pause_us > 0);
	assert_int_equal(toy_of(fixture, pid).addend, 100);
	assert_int_equal(toy_of(fixture, pid).count, 2);
}

/* An upgrade, which asks nobody (design 5). */
static void
the_suspended_are_converted_like_any(void **state)
{
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture), idle = spawn_toy(fixture);

	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	post(fixture, pid, NOTE);
	behaviour_make_current(
	    scheduler_behaviours(fixture->world.scheduler), fixture->two);
	post(fixture, pid, EVENT_USE_CURRENT);
	assert_int_equal(
	    world_info(&fixture->world, pid).behaviour, fixture->two);
	assert_int_equal(status_of(fixture, pid), PROCESS_SUSPENDED);
	assert_int_equal(toy_of(fixture, pid).count, 0);
	assert_int_equal(
	    world_info(&fixture->world, idle).behaviour, fixture->one);
}

static void
a_supervisor_can_be_suspended_and_looked_at(void **state)
{
	const struct child_spec kids[] = { { .id = "toy",
	    .behaviour = "toy",
	    .restart = RESTART_PERMANENT,
	    .shutdown_ms = 5000,
	    .is_registered = true } };
	const struct supervisor_spec spec = { .name = "top",
		.flags = { .intensity = 1, .period_s = 5 },
		.count = 1,
		.children = kids };
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;
	struct supervisor_count count;
	struct supervisor *top;
	struct pid pid;

	assert_int_equal(supervisor_alloc(&top, scheduler, &spec), 0);
	assert_int_equal(supervisor_start_root(scheduler, "top", &pid), 0);
	world_run(&fixture->world, 0);
	assert_int_equal(ask(fixture, pid, EVENT_GET_STATE, 0), 0);
	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	assert_int_equal(
	    ask(fixture, pid, EVENT_CHANGE_CODE, fixture->two), -ENOTSUP);
	signal_from(fixture, fixture->client,
	    registry_whereis(scheduler_registry(scheduler), "toy"),
	    REASON_KILL);
	assert_int_equal(scheduler_counts(scheduler)->restarts, 0);
	assert_int_equal(ask(fixture, pid, EVENT_RESUME, 0), 0);
	assert_int_equal(scheduler_counts(scheduler)->restarts, 1);
	assert_int_equal(supervisor_count_children(scheduler, pid, &count), 0);
	assert_int_equal(count.active, 1);

	assert_int_equal(ask(fixture, pid, EVENT_SUSPEND, 0), 0);
	signal_from(fixture, PID_NONE, pid, REASON_KILL);
	supervisor_free(&top);
}

/*
 * Its children are told to end though it was suspended; from then on it must
 * hear of their ends, whoever asks.
 */
static void
a_suspended_supervisor_is_taken_down_by_its_own(void **state)
{
	const struct child_spec low_kids[] = { { .id = "toy",
	    .behaviour = "toy",
	    .traps_exit = true, /* and so it stays */
	    .shutdown_ms = SHUTDOWN_INFINITY,
	    .is_registered = true } };
	const struct child_spec top_kids[] = { { .id = "low",
	    .behaviour = "low",
	    .type = CHILD_SUPERVISOR,
	    .shutdown_ms = SHUTDOWN_INFINITY,
	    .is_registered = true } };
	const struct supervisor_spec specs[] = {
		{ .name = "low",
		    .flags = { .intensity = 1, .period_s = 5 },
		    .count = 1,
		    .children = low_kids },
		{ .name = "top",
		    .flags = { .intensity = 1, .period_s = 5 },
		    .count = 1,
		    .children = top_kids },
	};
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;
	struct supervisor *supervisors[2];
	struct pid root, low, toy;

	assert_int_equal(
	    supervisor_alloc(&supervisors[0], scheduler, &specs[0]), 0);
	assert_int_equal(
	    supervisor_alloc(&supervisors[1], scheduler, &specs[1]), 0);
	assert_int_equal(supervisor_start_root(scheduler, "top", &root), 0);
	world_run(&fixture->world, 0);
	low = registry_whereis(scheduler_registry(scheduler), "low");
	toy = registry_whereis(scheduler_registry(scheduler), "toy");
	assert_int_equal(ask(fixture, low, EVENT_SUSPEND, 0), 0);
	signal_from(fixture, PID_NONE, root, REASON_SHUTDOWN);
	assert_int_equal(toy_of(fixture, toy).seen[0], EVENT_EXIT);
	assert_int_equal(ask(fixture, low, EVENT_SUSPEND, 0), -EAGAIN);
	signal_from(fixture, PID_NONE, toy, REASON_KILL);
	assert_false(process_is_alive(scheduler, root));
	assert_false(process_is_alive(scheduler, low));
	assert_int_equal(scheduler_counts(scheduler)->restarts, 0);
	supervisor_free(&supervisors[0]);
	supervisor_free(&supervisors[1]);
}

static void
the_host_may_do_it_too(void **state)
{
	const uint16_t all[] = { NOTE, MORE };
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;
	struct pid pid = spawn_toy(fixture), next = spawn_toy(fixture);
	struct pid unborn;

	world_post(&fixture->world, pid, NOTE); /* it is in the run queue */
	world_post(&fixture->world, next, NOTE);
	assert_int_equal(system_suspend(scheduler, pid), 0);
	post(fixture, pid, MORE);
	assert_int_equal(toy_of(fixture, pid).count, 0);
	assert_int_equal(toy_of(fixture, next).count, 1);
	assert_int_equal(system_resume(scheduler, pid), 0);
	world_run(&fixture->world, 0);
	expect_seen(fixture, pid, 2, all);
	assert_int_equal(
	    system_change_code(scheduler, pid, fixture->two), -EBUSY);
	assert_int_equal(
	    process_spawn(scheduler,
		&(struct spawn){ .behaviour = fixture->one }, &unborn),
	    0);
	assert_int_equal(system_suspend(scheduler, unborn), -EAGAIN);
	assert_int_equal(system_suspend(scheduler, PID_NONE), -ESRCH);
}

static void
the_answer_to_one_who_has_ended_is_dropped(void **state)
{
	struct fixture *fixture = *state;
	struct scheduler *scheduler = fixture->world.scheduler;
	struct pid pid = spawn_toy(fixture);
	struct asking asking = { .to = pid, .kind = EVENT_GET_STATE };

	assert_int_equal(process_post(scheduler, fixture->client, ASK_AND_END,
			     &asking, sizeof asking),
	    0);
	world_run(&fixture->world, 0);
	assert_false(process_is_alive(scheduler, fixture->client));
	assert_int_equal(scheduler_counts(scheduler)->undelivered, 1);
	assert_int_equal(status_of(fixture, pid), PROCESS_RUNNING);
}

/* Its key would be the parcel's ref: it is as if it had none. */
static void
a_parcel_on_a_request_is_dropped(void **state)
{
	const uint8_t bytes[100] = { 1 };
	struct fixture *fixture = *state;
	struct pid pid = spawn_toy(fixture);

	assert_int_equal(process_post_parcel(fixture->world.scheduler, pid,
			     EVENT_SUSPEND, bytes, sizeof bytes),
	    0);
	world_run(&fixture->world, 0);
	assert_int_equal(status_of(fixture, pid), PROCESS_SUSPENDED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define TEST_OF_TWO(name)                                                      \
	TEST(name),                                                            \
	{                                                                      \
#name "_apart", name, set_up_apart, tear_down, NULL            \
	}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OF_TWO(mail_waits_in_its_order_while_suspended),
		TEST_OF_TWO(requests_overtake_the_mail_that_waits),
		TEST_OF_TWO(a_resume_that_waits_behind_mail_is_found),
		TEST_OF_TWO(suspending_is_not_counted),
		TEST_OF_TWO(timers_go_on_and_their_messages_wait),
		TEST_OF_TWO(exit_signals_act_on_the_suspended),
		TEST(its_supervisors_exit_ends_the_suspension),
		TEST(an_exit_from_elsewhere_waits),
		TEST(an_exit_that_waits_behind_the_suspension_ends_it),
		TEST_OF_TWO(get_state_answers_with_the_bytes_and_the_version),
		TEST_OF_TWO(change_code_is_for_the_suspended_and_atomic),
		TEST_OF_TWO(change_code_goes_there_and_back),
		TEST_OF_TWO(the_suspended_are_converted_like_any),
		TEST(a_supervisor_can_be_suspended_and_looked_at),
		TEST(a_suspended_supervisor_is_taken_down_by_its_own),
		TEST(the_host_may_do_it_too),
		TEST(the_answer_to_one_who_has_ended_is_dropped),
		TEST(a_parcel_on_a_request_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
