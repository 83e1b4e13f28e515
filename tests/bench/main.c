/*
 * main: `bench MEASURES CALLS [ROUNDS]` runs one set of measures on CALLS
 * calls.
 *
 *     million  starts, ends, starts again and ticks while all of them live
 *     loaded   ticks alone, in short samples
 *     linked   the same, the call's code linked in
 *     memory   calls of release 1.0 talk: bytes
 *     memory-3.0  the same of release 3.0
 *     calls    whole toy calls, one after another in each lane
 *     real     whole calls of release 1.0, two lines each
 *     recorded the same, their records in a database; and a bare loop
 *     fault    one call faults, another is next; on_fault exit
 *     resume   the same; on_fault resume
 *     upgrade  toy calls to 2.0; nothing else goes on
 *     upgrade-calls  talking calls of release 1.0 likewise
 *     pause    upgrades and rollbacks under traffic
 *     rehearsal  rehearsals under traffic
 *     soak     ROUNDS upgrades in a row under traffic
 *     numbers  CALLS lines and two routes for each five: what digits lead to
 *     floor    what those would cost if the switch were nothing (floor.h)
 *
 * Each prints a line `NAME VALUE` for each of its measures: per second, bytes
 * per call or ns.  tools/bench makes a table of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/exchange/office.h"
#include "switch/scheduler.h"
#include "tests/bench/floor.h"
#include "tests/bench/job.h"
#include "tests/bench/meter.h"
#include "tests/bench/numbers.h"
#include "tests/bench/probe.h"
#include "tests/bench/recorded.h"
#include "tests/bench/soak.h"
#include "tests/bench/subscribers.h"
#include "tests/bench/toy.h"
#include "tests/bench/upgrading.h"

/* Long enough to be measured, and about as long at any number of calls. */
enum { EVENTS_WANTED = 10000000 };

/* Short, so that others disturb few of them, and many: the median is told. */
enum { SAMPLE_EVENTS = 1000000, SAMPLES = 25 };

static void
open_lanes(struct lane *lanes, unsigned int lanes_count,
    const struct lane_options *options, uint32_t calls)
{
	unsigned int i;

	lanes_open(lanes, lanes_count, options);
	for (i = 0; i < lanes_count; i++)
		lanes[i].count = calls / lanes_count;
}

/* Touched at once, so that it does not count as memory of calls. */
static void
keep_pids(struct lane *lane)
{
	size_t bytes = lane->count * sizeof *lane->calls;

	lane->calls = malloc(bytes);
	meter_must(lane->calls == NULL ? -1 : 0, "keep the pids");
	memset(lane->calls, 1, bytes);
}

/* From the order of their start to that of meter_next(). */
static void
shuffle(struct lane *lane)
{
	struct pid *order = malloc(lane->count * sizeof *order);
	uint32_t i, index = 0;

	meter_must(order == NULL ? -1 : 0, "shuffle the calls");
	for (i = 0; i < lane->count; i++) {
		order[i] = lane->calls[index];
		index = meter_next(index, lane->count);
	}
	meter_must(index != 0, "come round");
	free(lane->calls);
	lane->calls = order;
}

/*
 * What is resident beyond `before`.  The stores came into being with the
 * switch, their first steps populated: they belong to the calls all the same.
 */
static void
print_memory(const char *measure, uint64_t before, uint64_t calls)
{
	meter_print(
	    measure, (double)(meter_resident() - before) / (double)calls);
}

static uint64_t
resident_but_stores(const struct lane *lanes)
{
	return meter_resident() - lanes_resident(lanes, LANES);
}

static void
start_all(struct lane *lanes, uint32_t calls)
{
	uint64_t resident;
	struct span span;
	unsigned int i;

	for (i = 0; i < LANES; i++)
		keep_pids(&lanes[i]);
	resident = resident_but_stores(lanes);
	span = lanes_run(lanes, LANES, job_start_calls, 0);
	meter_print_rate("starts", calls, span);
	print_memory("toy-memory", resident, calls);
}

static uint64_t
exits(const struct lane *lanes)
{
	uint64_t exited = 0;
	unsigned int i;

	for (i = 0; i < LANES; i++)
		exited += scheduler_counts(lanes[i].scheduler)->exited;
	return exited;
}

/* The memory is there; nothing else is left of those before. */
static void
start_again(struct lane *lanes, uint32_t calls)
{
	struct span span;

	(void)lanes_run(lanes, LANES, job_hang_up, 0);
	meter_must(exits(lanes) != calls, "end them all");
	span = lanes_run(lanes, LANES, job_start_calls, 0);
	meter_print_rate("starts-again", calls, span);
}

static void
tick_all(struct lane *lanes, uint32_t calls)
{
	uint32_t rounds = EVENTS_WANTED / calls < 1 ? 1 : EVENTS_WANTED / calls;
	uint64_t before, ticks = (uint64_t)rounds * calls;
	struct span span;
	unsigned int i;

	for (i = 0; i < LANES; i++)
		shuffle(&lanes[i]);
	(void)lanes_run(lanes, LANES, job_talk, 0);
	(void)lanes_run(lanes, LANES, job_tick, 0); /* caches as they will be */
	before = lanes_events(lanes, LANES);
	span = lanes_run(lanes, LANES, job_tick, rounds - 1);
	meter_must(lanes_events(lanes, LANES) - before < ticks, "count them");
	meter_print_rate("events", (double)ticks, span);
}

/* Each driver sends to the calls of the other. */
static void
tick_across(struct lane *lanes, uint32_t calls)
{
	uint32_t rounds = EVENTS_WANTED / calls < 1 ? 1 : EVENTS_WANTED / calls;
	uint64_t before = lanes_events(lanes, LANES);
	struct pid *own = lanes[0].calls;
	struct span span;

	lanes[0].calls = lanes[1].calls;
	lanes[1].calls = own;
	lanes[0].beyond = lanes[1].driver;
	lanes[1].beyond = lanes[0].driver;
	span = lanes_run(lanes, LANES, job_tick_across, rounds - 1);
	meter_must(
	    lanes_events(lanes, LANES) - before < (uint64_t)rounds * calls,
	    "count them");
	meter_print_rate("events-across", (double)calls * rounds, span);
}

static void
run_million(uint32_t calls)
{
	const struct lane_options options = { .name = "toy" };
	struct lane lanes[LANES];

	open_lanes(lanes, LANES, &options, calls);
	start_all(lanes, calls);
	start_again(lanes, calls);
	tick_all(lanes, calls);
	tick_across(lanes, calls);
	lanes_close(lanes, LANES);
}

static void
sample_ticks(struct lane *lanes, uint32_t calls)
{
	uint32_t rounds = SAMPLE_EVENTS / calls < 1 ? 1 : SAMPLE_EVENTS / calls;
	uint64_t wall[SAMPLES], cpu[SAMPLES];
	struct span span;
	unsigned int i;

	for (i = 0; i < SAMPLES; i++) {
		span = lanes_run(lanes, LANES, job_tick, rounds - 1);
		wall[i] = span.wall;
		cpu[i] = span.cpu;
	}
	span.wall = meter_median(wall, SAMPLES);
	span.cpu = meter_median(cpu, SAMPLES);
	meter_print_rate("events", (double)rounds * calls, span);
}

static void
run_ticks(uint32_t calls, const struct module *module)
{
	const struct lane_options options = { .name = "toy", .module = module };
	struct lane lanes[LANES];
	unsigned int i;

	open_lanes(lanes, LANES, &options, calls);
	for (i = 0; i < LANES; i++)
		keep_pids(&lanes[i]);
	(void)lanes_run(lanes, LANES, job_start_calls, 0);
	for (i = 0; i < LANES; i++)
		shuffle(&lanes[i]);
	(void)lanes_run(lanes, LANES, job_talk, 0);
	(void)lanes_run(lanes, LANES, job_tick, 0);
	sample_ticks(lanes, calls);
	lanes_close(lanes, LANES);
}

static void
run_loaded(uint32_t calls)
{
	run_ticks(calls, NULL);
}

static void
run_linked(uint32_t calls)
{
	run_ticks(calls, &toy_module);
}

static void
run_calls(uint32_t calls)
{
	const struct lane_options options = { .name = "toy" };
	struct lane lanes[LANES];
	struct span span;

	open_lanes(lanes, LANES, &options, calls);
	span = lanes_run(lanes, LANES, job_whole_calls, 0);
	meter_must(exits(lanes) != calls, "end them all");
	meter_print_rate("calls", calls, span);
	lanes_close(lanes, LANES);
}

/* All subscribers are home's; the calls are on both schedulers in turn. */
static void
run_talking(uint32_t calls, const char *version, const char *measure)
{
	const struct lane_options options = { .name = "call",
		.version = version,
		.with_office = true,
		.on_fault = ON_FAULT_RESUME };
	struct lane lanes[LANES], *home = &lanes[0];
	uint64_t resident;

	open_lanes(lanes, LANES, &options, calls);
	home->count = calls;
	subscribers_move_in(home, calls);
	resident = resident_but_stores(lanes);
	(void)lanes_run(lanes, LANES, NULL, 0);
	meter_must(office_counts(home->office)->answered != calls,
	    "have them all talk");
	print_memory(measure, resident, calls);
	lanes_close(lanes, LANES);
}

static void
run_memory(uint32_t calls)
{
	run_talking(calls, "1.0", "memory");
}

static void
run_memory_3(uint32_t calls)
{
	run_talking(calls, "3.0", "memory-3.0");
}

static void
run_real(uint32_t calls)
{
	const struct lane_options options = {
		.name = "call", .with_office = true, .on_fault = ON_FAULT_RESUME
	};
	struct lane lanes[LANES], *home = &lanes[0];
	struct span span;

	open_lanes(lanes, LANES, &options, calls);
	home->count = calls;
	subscribers_move_in(home, SUBSCRIBERS_FEW);
	subscribers_hang_up(home);
	span = lanes_run(lanes, LANES, NULL, 0);
	meter_must(office_counts(home->office)->ended != calls, "end them all");
	meter_print_rate("call-1.0", calls, span);
	lanes_close(lanes, LANES);
}

/* One lane: the next one is the next on the same scheduler. */
static void
print_faults(struct lane *lane, uint64_t *samples, const char *name)
{
	uint32_t i, calls = lane->count - 1;

	for (i = 0; i < calls; i++)
		samples[i] = lane->probe[i].served - lane->probe[i].faulted;
	meter_print(name, (double)meter_median(samples, calls));
	if (lane->probe[0].down == 0)
		return;
	for (i = 0; i < calls; i++)
		samples[i] = lane->probe[i].down - lane->probe[i].faulted;
	meter_print("fault-down", (double)meter_median(samples, calls));
}

static void
run_faults(uint32_t calls, enum on_fault on_fault, const char *name)
{
	const struct lane_options options = { .module = &probe_module,
		.on_fault = on_fault };
	uint64_t *samples = calloc(calls, sizeof *samples);
	struct lane lane;

	meter_must(samples == NULL ? -1 : 0, "keep the samples");
	open_lanes(&lane, 1, &options, calls + 1);
	keep_pids(&lane);
	lane.probe = calloc(calls, sizeof *lane.probe);
	meter_must(lane.probe == NULL ? -1 : 0, "keep the probes");
	(void)lanes_run(&lane, 1, job_start_calls, 0);
	(void)lanes_run(
	    &lane, 1, on_fault == ON_FAULT_EXIT ? job_fault : job_resume, 0);
	meter_must(
	    scheduler_counts(lane.scheduler)->faults < calls, "have faults");
	print_faults(&lane, samples, name);
	free(lane.probe);
	free(samples);
	lanes_close(&lane, 1);
}

static void
run_fault(uint32_t calls)
{
	run_faults(calls, ON_FAULT_EXIT, "fault");
}

static void
run_resume(uint32_t calls)
{
	run_faults(calls, ON_FAULT_RESUME, "resume");
}

static const struct {
	const char *name;
	void (*run)(uint32_t calls);
} measures[] = {
	{ "million", run_million },
	{ "loaded", run_loaded },
	{ "linked", run_linked },
	{ "memory", run_memory },
	{ "memory-3.0", run_memory_3 },
	{ "calls", run_calls },
	{ "real", run_real },
	{ "recorded", recorded_run },
	{ "fault", run_fault },
	{ "resume", run_resume },
	{ "upgrade", upgrading_run },
	{ "upgrade-calls", upgrading_run_calls },
	{ "pause", upgrading_run_pause },
	{ "rehearsal", upgrading_run_rehearsal },
	{ "numbers", numbers_run },
	{ "floor", floor_run },
};
enum { MEASURES = sizeof measures / sizeof measures[0] };

int
main(int argc, char **argv)
{
	unsigned long calls = argc >= 3 ? strtoul(argv[2], NULL, 10) : 0;
	unsigned long rounds = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
	unsigned int i;

	if (rounds >= 2 && calls >= LANES && strcmp(argv[1], "soak") == 0) {
		soak_run(
		    (uint32_t)calls / LANES * LANES, (uint32_t)rounds / 2 * 2);
		return fflush(stdout) == 0 ? 0 : 1;
	}

	for (i = 0;
	     i < MEASURES && argc == 3 && calls >= LANES && calls <= 1 << 24;
	     i++) {
		if (strcmp(argv[1], measures[i].name) != 0)
			continue;
		measures[i].run((uint32_t)calls / LANES * LANES);
		return fflush(stdout) == 0 ? 0 : 1;
	}
	(void)fprintf(
	    stderr, "usage: bench MEASURES CALLS [ROUNDS]; see tools/bench\n");
	return 2;
}
