/*
 * system_world: toys that write down what they are sent, and a client that asks
 * them as any process may (system.h) and keeps the answers; on one scheduler,
 * or each on one of its own.
 */
#ifndef TESTS_SYSTEM_WORLD_H
#define TESTS_SYSTEM_WORLD_H

#include "tests/world.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "switch/audit.h"
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

static inline void
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

static inline void
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

static inline void
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
static inline int
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

static inline struct pid
spawn(struct fixture *fixture, const struct spawn *how)
{
	struct pid pid;

	assert_int_equal(process_spawn(fixture->world.scheduler, how, &pid), 0);
	world_run(&fixture->world, 0);
	return pid;
}

static inline struct pid
spawn_toy(struct fixture *fixture)
{
	return spawn(fixture, &(struct spawn){ .behaviour = fixture->one });
}

static inline int
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

static inline int
set_up(void **state)
{
	return begin(state, 1);
}

static inline int
set_up_apart(void **state)
{
	return begin(state, 2);
}

static inline int
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

static inline struct toy
toy_of(struct fixture *fixture, struct pid pid)
{
	struct process_info info = world_info(&fixture->world, pid);
	struct toy toy;

	memcpy(&toy, info.state, sizeof toy);
	return toy;
}

static inline struct client
client_of(struct fixture *fixture)
{
	struct process_info info = world_info(&fixture->world, fixture->client);
	struct client client;

	memcpy(&client, info.state, sizeof client);
	return client;
}

static inline uint8_t
status_of(struct fixture *fixture, struct pid pid)
{
	return world_info(&fixture->world, pid).status;
}

/* The client sends it; nothing has happened yet. */
static inline void
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
static inline int
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

static inline void
post(struct fixture *fixture, struct pid pid, uint16_t kind)
{
	world_post(&fixture->world, pid, kind);
	world_run(&fixture->world, 0);
}

static inline void
expect_seen(struct fixture *fixture, struct pid pid, unsigned int count,
    const uint16_t *kinds)
{
	struct toy toy = toy_of(fixture, pid);
	unsigned int i;

	assert_int_equal(toy.count, count);
	for (i = 0; i < count; i++)
		assert_int_equal(toy.seen[i], kinds[i]);
}

static inline void
signal_from(
    struct fixture *fixture, struct pid from, struct pid to, uint16_t kind)
{
	process_exit_signal(fixture->world.scheduler, from, to,
	    (struct reason){ .kind = kind });
	world_run(&fixture->world, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define TEST_OF_TWO(name)                                                      \
	TEST(name),                                                            \
	{                                                                      \
#name "_apart", name, set_up_apart, tear_down, NULL            \
	}

#endif
