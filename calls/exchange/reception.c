/*
 * reception: see reception.h for what it is.
 *
 *     office --ANNOUNCE--> exchange --START_CHILD--> calls (a pool)
 *                          exchange <-- REPLY ------ calls
 *                          exchange <----- DOWN ---- calls
 *
 * It keeps nothing of an attempt: what is under way stands in the office, also
 * which pool was asked.  A pool that ends takes the requests in its mailbox
 * with it; hence the monitor, whose number is that of the pool.
 *
 * One that is killed takes with it what it was told, and never hears how what
 * it asked for went.  So its heir gives up the attempts that nobody was asked
 * about; and asks each pool for something that there is not: when the answer
 * comes, what was asked before has had its own, and whoever still has no
 * process will get none.
 */
#include "calls/exchange/reception.h"

#include <errno.h>
#include <string.h>

#include "calls/exchange/office_internal.h"
#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/registry.h"
#include "switch/scheduler.h"
#include "switch/supervisor.h"

_Static_assert(sizeof(struct reception_start) == MESSAGE_BODY,
    "so a pool sees that it names a starter");
enum { PID_SCHEDULER_SHIFT = 24 }; /* module.h */

struct reception {
	unsigned int magic;
#define RECEPTION_MAGIC 0x4ecef710
	struct office *office;
	struct module module;
};

struct reception_state {
	uint32_t next;			  /* the pool to be asked */
	struct pid pools[SCHEDULERS_MAX]; /* those that are monitored */
};
_Static_assert((int)SCHEDULERS_MAX < (int)POOL_BEFORE, "a pool leaves it room");

/* The pool's pid, monitored from here on; PID_NONE while there is none. */
static struct pid
find_pool(struct self *self, const struct office *office,
    struct reception_state *state, unsigned int number)
{
	char name[OFFICE_POOL_NAME_SIZE];
	struct pid pool;

	office_pool_name(office->scheduler, number, name);
	pool = registry_whereis(scheduler_registry(office->scheduler), name);
	if (!pid_is_none(pool) && !pid_equal(pool, state->pools[number]) &&
	    process_monitor(self, pool, number) == 0)
		state->pools[number] = pool;
	return pool;
}

/* Behind what one before this has asked it; nobody is there: nothing comes. */
static int
ask_behind(struct self *self, struct office *office,
    struct reception_state *state, unsigned int number)
{
	const struct child_request nobody = { .key = number };
	const struct pid pool = find_pool(self, office, state, number);

	if (!pid_is_none(pool))
		return process_send(
		    self, pool, EVENT_TERMINATE_CHILD, &nobody, sizeof nobody);
	office_starts_lost(office, (uint8_t)number);
	return 0;
}

/* Of a switch that begins there are no attempts, and nobody to be asked. */
static int
init(struct self *self, void *state, const struct message *start)
{
	const struct reception *reception = process_context(self);
	struct office *office = reception->office;
	unsigned int i;
	int status = 0;

	(void)start;
	CHECK_OBJ(reception, RECEPTION_MAGIC);
	if (!office_inherit_starts(office))
		return 0;
	for (i = 0; status == 0 && i < scheduler_count(office->scheduler); i++)
		status = ask_behind(self, office, state, i);
	return status;
}

static void
on_reply(struct office *office, const struct message *event)
{
	struct supervisor_reply reply;

	memcpy(&reply, event->body.bytes, sizeof reply);
	if (reply.request == EVENT_TERMINATE_CHILD)
		office_starts_lost(office, (uint8_t)reply.key);
	else if (reply.error != SUPERVISOR_OK)
		office_start_failed(office, reply.key);
}

/* The next pool that there is; of a consultation that of its starter. */
static struct pid
choose_pool(struct self *self, const struct office *office,
    struct reception_state *state, struct pid starter, unsigned int *ret_number)
{
	unsigned int count = scheduler_count(office->scheduler), i;
	struct pid pool = PID_NONE;

	if (!pid_is_none(starter)) {
		*ret_number = starter.slot >> PID_SCHEDULER_SHIFT;
		return find_pool(self, office, state, *ret_number);
	}
	for (i = 0; i < count && pid_is_none(pool); i++) {
		*ret_number = state->next;
		state->next = (state->next + 1) % count;
		pool = find_pool(self, office, state, *ret_number);
	}
	return pool;
}

static void
on_announce(struct self *self, struct office *office,
    struct reception_state *state, const struct message *event)
{
	unsigned int number = 0;
	struct reception_start start = { .starter = PID_NONE };
	struct pid pool;

	memcpy(&start, event->body.bytes,
	    event->length < sizeof start ? event->length : sizeof start);
	if (!office_awaits_start(office, start.signal.call))
		return; /* given up before this has begun */
	pool = choose_pool(self, office, state, start.starter, &number);
	if (pid_is_none(pool) ||
	    process_send(
		self, pool, EVENT_START_CHILD, &start, event->length) != 0)
		office_start_failed(office, start.signal.call);
	else
		office_start_asked(office, start.signal.call, (uint8_t)number);
}

static void
handle(struct self *self, void *state, const struct message *event)
{
	const struct reception *reception = process_context(self);
	struct reception_state *own = state;
	uint32_t number;

	CHECK_OBJ(reception, RECEPTION_MAGIC);
	if (event->kind == RECEPTION_ANNOUNCE) {
		on_announce(self, reception->office, state, event);
	} else if (event->kind == EVENT_SUPERVISOR_REPLY) {
		on_reply(reception->office, event);
	} else if (event->kind == EVENT_DOWN) {
		number = event->body.ended.monitor;
		own->pools[number] = PID_NONE; /* its heir may bear the same */
		office_starts_failed(reception->office, (uint8_t)number);
		office_starts_lost(reception->office, (uint8_t)number);
	}
}

static void
terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self; /* it holds nothing */
	(void)state;
	(void)reason;
}

int
reception_alloc(struct reception **ret_reception, struct office *office)
{
	struct reception *reception;
	uint16_t id;
	int error;

	if (ALLOC_OBJ(reception, RECEPTION_MAGIC) == NULL)
		return -ENOMEM;
	reception->office = office;
	reception->module = (struct module){ .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = OFFICE_PROCESS,
		.version = "native",
		.schema = { .size = sizeof(struct reception_state) },
		.init = init,
		.handle = handle,
		.terminate = terminate };
	error = behaviours_add_native(scheduler_behaviours(office->scheduler),
	    &reception->module, reception, &id);
	if (error != 0)
		FREE_OBJ(&reception, RECEPTION_MAGIC);
	else
		*ret_reception = reception;
	return error;
}

void
reception_free(struct reception **receptionp)
{
	FREE_OBJ(receptionp, RECEPTION_MAGIC);
}

int
reception_announce(struct office *office, const struct signal *start)
{
	struct pid exchange = registry_whereis(
	    scheduler_registry(office->scheduler), OFFICE_PROCESS);

	return process_post(office->scheduler, exchange, RECEPTION_ANNOUNCE,
	    start, sizeof *start);
}
