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
_Static_assert(SCHEDULERS_MAX < UINT8_MAX, "a pool is a byte, or POOL_NONE");

static int
init(struct self *self, void *state, const struct message *start)
{
	(void)self;
	(void)state;
	(void)start;
	return 0;
}

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
	struct supervisor_reply reply;
	uint32_t number;

	CHECK_OBJ(reception, RECEPTION_MAGIC);
	if (event->kind == RECEPTION_ANNOUNCE) {
		on_announce(self, reception->office, state, event);
	} else if (event->kind == EVENT_SUPERVISOR_REPLY) {
		memcpy(&reply, event->body.bytes, sizeof reply);
		if (reply.error != SUPERVISOR_OK)
			office_start_failed(reception->office, reply.key);
	} else if (event->kind == EVENT_DOWN) {
		number = event->body.ended.monitor;
		own->pools[number] = PID_NONE; /* its heir may bear the same */
		office_starts_failed(reception->office, (uint8_t)number);
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
