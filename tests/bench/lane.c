/* lane: see lane.h for what it is. */
#include "tests/bench/lane.h"

#include <stdlib.h>

#include "calls/exchange/office.h"
#include "switch/behaviour.h"
#include "switch/record.h"
#include "switch/scheduler.h"
#include "switch/store.h"
#include "switch/supervisor.h"
#include "upgrade/code.h"

static int
init(struct self *self, void *state, const struct message *start)
{
	(void)self;
	(void)state;
	(void)start;
	return 0;
}

/* It is the recorder too, so that what is recorded of a fault is paid for. */
static void
handle(struct self *self, void *state, const struct message *event)
{
	struct lane *lane = process_context(self);

	(void)state;
	if (event->kind < RECORD_FIRST || event->kind > RECORD_LAST)
		lane->job(lane, self, event);
}

static void
terminate(struct self *self, void *state, const struct reason *why)
{
	(void)self;
	(void)state;
	(void)why;
}

static const struct module driver = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "driver",
	.version = "native",
	.schema = { .size = 8 },
	.init = init,
	.handle = handle,
	.terminate = terminate,
};

static void
add_driver(struct lane *lane)
{
	struct spawn spawn = { .name = RECORD_RECIPIENT };

	meter_must(behaviours_add_native(scheduler_behaviours(lane->scheduler),
		       &driver, lane, &spawn.behaviour),
	    "add the driver");
	meter_must(process_spawn(lane->scheduler, &spawn, &lane->driver),
	    "start the driver");
}

static const struct child_spec children[][2] = {
	[ON_FAULT_EXIT] = { { .id = "call",
				.behaviour = "toy",
				.restart = RESTART_TEMPORARY,
				.shutdown_ms = 5000 },
	    { .id = "call",
		.behaviour = "call",
		.restart = RESTART_TEMPORARY,
		.shutdown_ms = 5000 } },
	[ON_FAULT_RESUME] = { { .id = "call",
				  .behaviour = "toy",
				  .restart = RESTART_TEMPORARY,
				  .shutdown_ms = 5000,
				  .on_fault = ON_FAULT_RESUME,
				  .fault_limit = 3 },
	    { .id = "call",
		.behaviour = "call",
		.restart = RESTART_TEMPORARY,
		.shutdown_ms = 5000,
		.on_fault = ON_FAULT_RESUME,
		.fault_limit = 3 } },
};
#define POOL(fault, call)                                                      \
	{                                                                      \
		.name = OFFICE_POOL, .count = 1,                               \
		.flags = { .strategy = STRATEGY_POOL,                          \
			.intensity = 1,                                        \
			.period_s = 5 },                                       \
		.children = &children[fault][call]                             \
	}
static const struct supervisor_spec pools[][2] = {
	{ POOL(ON_FAULT_EXIT, 0), POOL(ON_FAULT_EXIT, 1) },
	{ POOL(ON_FAULT_RESUME, 0), POOL(ON_FAULT_RESUME, 1) },
};

static void
add_pool(struct lane *lane, const struct lane_options *options)
{
	meter_must(supervisor_alloc(&lane->pool, lane->scheduler,
		       &pools[options->on_fault][options->with_office]),
	    "make the pool");
	meter_must(supervisor_start_root(
		       lane->scheduler, OFFICE_POOL, &lane->pool_pid),
	    "start the pool");
}

static void
add_exchange(struct lane *lane)
{
	struct spawn spawn = { .name = OFFICE_PROCESS,
		.behaviour = behaviour_current(
		    scheduler_behaviours(lane->scheduler), OFFICE_PROCESS) };
	struct pid pid;

	meter_must(
	    process_spawn(lane->scheduler, &spawn, &pid), "start the exchange");
}

/* By the switch's own loader, or linked in. */
static void
add_module(struct lane *lane, const struct lane_options *options)
{
	static const char *const roots[] = { HOTSWITCH_RELEASES,
		BENCH_RELEASES };
	struct behaviours *behaviours = scheduler_behaviours(lane->scheduler);
	char why[CODE_WHY_MAX] = "";
	uint16_t id = 0;

	meter_must(
	    code_alloc(&lane->code, behaviours, roots, 2), "make the loader");
	if (options->module != NULL)
		meter_must(behaviours_add(behaviours, options->module, &id),
		    "add the linked module");
	else
		meter_must(
		    code_load(lane->code, options->name, "1.0", &id, why), why);
	behaviour_make_current(behaviours, id);
}

static void
settled(void *arg)
{
	struct lane *lane = arg;

	if (lane->settled == NULL || !lane->settled(lane))
		scheduler_stop(lane->scheduler);
}

void
lane_open(struct lane *lane, const struct lane_options *options)
{
	const struct scheduler_options real = { .pace = PACE_REAL };

	*lane = (struct lane){ .scheduler = NULL };
	meter_must(scheduler_alloc(&lane->scheduler, &real), "make a switch");
	scheduler_observe(lane->scheduler, settled, lane);
	if (options->with_office)
		meter_must(office_alloc(&lane->office, lane->scheduler),
		    "make the office");
	add_module(lane, options);
	add_pool(lane, options);
	if (options->with_office)
		add_exchange(lane);
	add_driver(lane);
	meter_must(scheduler_run(lane->scheduler), "run it");
}

void
lane_close(struct lane *lane)
{
	free(lane->calls);
	office_free(&lane->office);
	code_free(&lane->code);
	scheduler_free(&lane->scheduler);
	supervisor_free(&lane->pool);
}

static void *
run(void *arg)
{
	struct lane *lane = arg;

	meter_must(scheduler_run(lane->scheduler), "run a switch");
	return NULL;
}

struct span
lanes_run(
    struct lane *lanes, unsigned int count, lane_job_f *job, uint32_t rounds)
{
	struct span began;
	unsigned int i;

	for (i = 0; i < count; i++) {
		lanes[i].job = job;
		lanes[i].done = 0;
		lanes[i].rounds = rounds;
		if (job != NULL)
			meter_must(process_post(lanes[i].scheduler,
				       lanes[i].driver, LANE_GO, NULL, 0),
			    "tell the driver");
	}
	began = meter_begin();
	for (i = 0; i < count; i++)
		meter_must(
		    -pthread_create(&lanes[i].thread, NULL, run, &lanes[i]),
		    "start a thread");
	for (i = 0; i < count; i++)
		(void)pthread_join(lanes[i].thread, NULL);
	return meter_since(began);
}

uint64_t
lanes_resident(const struct lane *lanes, unsigned int count)
{
	uint64_t resident = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		resident += store_resident(scheduler_store(lanes[i].scheduler));
	return resident;
}

uint64_t
lanes_events(const struct lane *lanes, unsigned int count)
{
	uint64_t events = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		events += scheduler_counts(lanes[i].scheduler)->events;
	return events;
}
