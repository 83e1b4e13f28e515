/*
 * lane: see lane.h for what it is.
 *
 * A job is over when nobody has anything left to do.  In real time only home
 * is told that it itself has not; it then looks, once a ms, whether the others
 * have, and they stand still for that moment.
 */
#include "tests/bench/lane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "switch/behaviour.h"
#include "switch/record.h"
#include "switch/scheduler.h"
#include "switch/store.h"
#include "switch/supervisor.h"
#include "upgrade/code.h"
#include "upgrade/prover.h"
#include "upgrade/release_handler.h"

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

/* What is recorded, wherever, goes to the driver of home. */
static void
add_driver(struct lane *lane)
{
	unsigned int number = scheduler_number(lane->scheduler);
	bool is_recorder = number == 0 && lane->recorder == NULL;
	struct spawn spawn = { .name = is_recorder ? RECORD_RECIPIENT : NULL };

	(void)snprintf(
	    lane->driver_name, sizeof lane->driver_name, "driver-%u", number);
	lane->driver_module = (struct module){ .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = lane->driver_name,
		.version = "native",
		.schema = { .size = 8 },
		.init = init,
		.handle = handle,
		.terminate = terminate };
	meter_must(behaviours_add_native(scheduler_behaviours(lane->scheduler),
		       &lane->driver_module, lane, &spawn.behaviour),
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

static void
add_pool(struct lane *lane, const struct lane_options *options)
{
	office_pool_name(lane->scheduler, scheduler_number(lane->scheduler),
	    lane->pool_name);
	lane->pool_spec = (struct supervisor_spec){ .name = lane->pool_name,
		.flags = { .strategy = STRATEGY_POOL,
		    .intensity = 1,
		    .period_s = 5 },
		.count = 1,
		.children =
		    &children[options->on_fault][options->with_office] };
	meter_must(
	    supervisor_alloc(&lane->pool, lane->scheduler, &lane->pool_spec),
	    "make the pool");
	meter_must(supervisor_start_root(
		       lane->scheduler, lane->pool_name, &lane->pool_pid),
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

static void
add_recorder(struct lane *lane, const char *path)
{
	const struct run_row run = { .path = path,
		.scenario = "bench",
		.question = "How fast?",
		.pace = "real" };
	struct spawn spawn = { .name = RECORD_RECIPIENT };
	struct pid pid;
	char why[512];

	meter_must(recorder_alloc(
		       &lane->recorder, lane->scheduler, &run, why, sizeof why),
	    why);
	spawn.behaviour = behaviour_current(
	    scheduler_behaviours(lane->scheduler), RECORD_RECIPIENT);
	meter_must(
	    process_spawn(lane->scheduler, &spawn, &pid), "start the recorder");
}

/* Before there is a thread; the process hears of the loader. */
static void
add_release_handler(struct lane *lane)
{
	struct spawn spawn = { .name = "release_handler" };
	struct pid pid;

	meter_must(
	    release_handler_alloc(&lane->handler, lane->scheduler, lane->code),
	    "make the release handler");
	code_set_prover(lane->code, lane->prover);
	spawn.behaviour = behaviour_current(
	    scheduler_behaviours(lane->scheduler), spawn.name);
	meter_must(process_spawn(lane->scheduler, &spawn, &pid),
	    "start the release handler");
}

/* By the switch's own loader, or linked in. */
static void
add_module(struct lane *lane, const struct lane_options *options)
{
	static const char *const roots[] = { HOTSWITCH_RELEASES,
		BENCH_RELEASES };
	struct behaviours *behaviours = scheduler_behaviours(lane->scheduler);
	const char *version =
	    options->version == NULL ? "1.0" : options->version;
	char why[CODE_WHY_MAX] = "";
	uint16_t id = 0;

	meter_must(
	    code_alloc(&lane->code, behaviours, roots, 2), "make the loader");
	if (options->module != NULL)
		meter_must(behaviours_add(behaviours, options->module, &id),
		    "add the linked module");
	else
		meter_must(
		    code_load(lane->code, options->name, version, &id, why),
		    why);
	behaviour_make_current(behaviours, id);
}

enum { LOOK_US = 1000 };

static void
settled(void *arg)
{
	struct lane *home = arg;
	struct scheduler *scheduler = home->scheduler;

	scheduler_halt_others(scheduler);
	if (!scheduler_is_quiet(scheduler))
		scheduler_set_horizon(
		    scheduler, scheduler_now(scheduler) + LOOK_US);
	else if (home->settled == NULL || !home->settled(home)) {
		home->cpu_ns = meter_thread_ns();
		scheduler_stop(scheduler);
	}
	scheduler_let_go(scheduler);
}

static void
open_home(
    struct lane *home, unsigned int count, const struct lane_options *options)
{
	const struct scheduler_options of_switch = {
		.pace = options->with_office && options->database == NULL
		    ? PACE_VIRTUAL
		    : PACE_REAL,
		.schedulers = count
	};

	if (options->upgrades)
		meter_must(prover_start(&home->prover), "start the prover");
	meter_must(
	    scheduler_alloc(&home->scheduler, &of_switch), "make a switch");
	scheduler_observe(home->scheduler, settled, home);
	if (options->with_office)
		meter_must(office_alloc(&home->office, home->scheduler),
		    "make the office");
	add_module(home, options);
	if (options->with_office)
		add_exchange(home);
	if (options->database != NULL)
		add_recorder(home, options->database);
	if (options->upgrades)
		add_release_handler(home);
}

void
lanes_open(
    struct lane *lanes, unsigned int count, const struct lane_options *options)
{
	unsigned int i;

	memset(lanes, 0, count * sizeof *lanes);
	open_home(&lanes[0], count, options);
	for (i = 0; i < count; i++) {
		lanes[i].scheduler = scheduler_peer(lanes[0].scheduler, i);
		add_pool(&lanes[i], options);
		add_driver(&lanes[i]);
	}
	meter_must(scheduler_run(lanes[0].scheduler), "run it");
}

void
lanes_close(struct lane *lanes, unsigned int count)
{
	unsigned int i;

	release_handler_free(&lanes[0].handler);
	recorder_free(&lanes[0].recorder);
	office_free(&lanes[0].office);
	code_free(&lanes[0].code);
	scheduler_free(&lanes[0].scheduler);
	prover_free(&lanes[0].prover);
	for (i = 0; i < count; i++) {
		supervisor_free(&lanes[i].pool);
		free(lanes[i].calls);
	}
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
	meter_must(scheduler_run(lanes[0].scheduler), "run the switch");
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
