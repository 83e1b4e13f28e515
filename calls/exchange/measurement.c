/*
 * measurement: see measurement.h for what it is.
 *
 * What is known of the interval that has begun belongs to the exchange and not
 * to the process, so that one that is killed loses no count: its successor
 * goes on with the interval, and marks it.
 *
 * What happens at the very moment that an interval ends belongs to the next.
 */
#include "calls/exchange/measurement.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office_internal.h"
#include "calls/exchange/trunk.h"
#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/registry.h"
#include "switch/scheduler.h"

enum { TIMER_INTERVAL };
enum { EVENT_INTERVAL = EVENT_PRIVATE + 1 }; /* another length, from now on */

struct measurement {
	unsigned int magic;
#define MEASUREMENT_MAGIC 0x4be81d93
	struct office *office;
	uint64_t interval_us;
	uint64_t begin; /* of the interval that has begun */
	bool is_suspect, has_begun, is_last;
	uint32_t befores_room;
	struct measured
	    *befores; /* as it began: the office, each trunk group */
};

struct measurement_state {
	struct measurement *measurement;
};

static void
read_office(struct measurement *measurement, struct measured *ret_measured,
    uint64_t *ret_live)
{
	struct office *office = measurement->office;
	const struct office_counts *counts = measurement->is_last
	    ? office_counts(office)
	    : office_counts_before(office);
	struct gate_view gate;

	office_look_at_gate(office, &gate);
	*ret_live = counts->live;
	*ret_measured = (struct measured){
		.bids = counts->attempts,
		.gapped = counts->gapped,
		.seizures = counts->seizures,
		.answers = counts->answered,
		.ended = counts->ended,
		.busy_us = counts->busy_us,
		.unexpected = counts->unexpected,
		.late = counts->late,
		.glare = counts->glare,
		.lost = counts->lost,
	};
	memcpy(ret_measured->gapped_for, gate.gapped, sizeof gate.gapped);
}

/* What the counters have gone on by; one goes back when a call is gapped. */
static struct measured
difference(const struct measured *before, const struct measured *now)
{
	struct measured result;
	const uint64_t *a = (const uint64_t *)before;
	const uint64_t *b = (const uint64_t *)now;
	uint64_t *c = (uint64_t *)&result;
	unsigned int i;

	for (i = 0; i < sizeof result / sizeof *c; i++)
		c[i] = b[i] > a[i] ? b[i] - a[i] : 0;
	return result;
}

/*
 * The run may end with an interval: what happens then, at that very moment, has
 * one of no length, so that the intervals add up to all.
 */
static bool
has_counted(const struct measured *measured)
{
	static const struct measured nothing;

	return memcmp(measured, &nothing, sizeof nothing) != 0;
}

/* A group that was made since then has begun at nothing. */
static int
make_room(struct measurement *measurement, uint32_t objects)
{
	uint32_t old = measurement->befores_room;
	struct measured *befores;

	if (objects <= old)
		return 0;
	befores =
	    object_realloc(measurement->befores, objects * sizeof *befores);
	if (befores == NULL)
		return -ENOMEM;
	memset(befores + old, 0, (objects - old) * sizeof *befores);
	measurement->befores = befores;
	measurement->befores_room = objects;
	return 0;
}

static void
read_trunk(struct measurement *measurement, uint32_t id,
    struct measured *ret_measured, struct measurement_record *record)
{
	struct office *office = measurement->office;
	const struct trunk_counts *counts;
	struct trunk *trunk;

	office_enter(office->scheduler);
	trunk = trunks_at(office->trunks, id);
	trunk_count_time(office->trunks, trunk);
	counts = measurement->is_last ? &trunk->counts : &trunk->before;
	*ret_measured = (struct measured){
		.bids = counts->bids,
		.first_bids = counts->first_bids,
		.overflow = counts->overflow,
		.seizures = counts->seizures,
		.answers = counts->answers,
		.busy_us = counts->busy_us,
		.all_busy_us = counts->all_busy_us,
		.glare = counts->glare,
	};
	record->live = measurement->is_last ? trunk->busy : trunk->busy_before;
	snprintf(
	    record->object, sizeof record->object, "trunk %s", trunk->name);
	office_leave(office);
}

static void
send(void *arg, uint16_t kind, const void *record, size_t size)
{
	struct measurement *measurement = arg;

	record_send(measurement->office->scheduler, kind, record, size);
}

/* The interval ends here and now, and the next begins. */
static void
turn(struct measurement *measurement, measurement_give_f *give, void *arg)
{
	struct measurement_record record = { .begin = measurement->begin,
		.end = scheduler_now(measurement->office->scheduler),
		.object = "office" };
	uint32_t objects = 1 + measurement->office->trunks->trunks_count, i;
	struct measured now;

	if (record.end == record.begin && !measurement->is_last)
		return;
	if (make_room(measurement, objects) != 0)
		return; /* it goes on, and is told when there is memory */
	record.is_suspect = measurement->is_suspect ||
	    record.end - record.begin < measurement->interval_us;
	for (i = 0; i < objects; i++) {
		if (i == 0)
			read_office(measurement, &now, &record.live);
		else
			read_trunk(measurement, i - 1, &now, &record);
		record.measured = difference(&measurement->befores[i], &now);
		measurement->befores[i] = now;
		if (record.end > record.begin || has_counted(&record.measured))
			give(arg, RECORD_MEASUREMENT, &record, sizeof record);
	}
	measurement->begin = record.end;
	measurement->is_suspect = false;
}

static void
wait_for_end(const struct measurement *measurement, struct self *self)
{
	uint64_t end = measurement->begin + measurement->interval_us;
	uint64_t now = scheduler_now(measurement->office->scheduler);

	(void)process_start_timer(self, TIMER_INTERVAL, 0,
	    end > now ? end - now : measurement->interval_us);
}

static int
init(struct self *self, void *bytes, const struct message *start)
{
	struct measurement_state *state = bytes;
	struct measurement *measurement = process_context(self);

	(void)start;
	CHECK_OBJ(measurement, MEASUREMENT_MAGIC);
	state->measurement = measurement;
	if (measurement->has_begun)
		measurement->is_suspect = true;
	measurement->has_begun = true;
	wait_for_end(measurement, self);
	return 0;
}

static void
handle(struct self *self, void *bytes, const struct message *event)
{
	struct measurement_state *state = bytes;

	if (event->kind == EVENT_TIMEOUT)
		turn(state->measurement, send, state->measurement);
	if (event->kind == EVENT_TIMEOUT || event->kind == EVENT_INTERVAL)
		wait_for_end(state->measurement, self);
}

static void
terminate(struct self *self, void *bytes, const struct reason *reason)
{
	(void)self, (void)bytes, (void)reason;
}

static const struct module descriptor = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = MEASUREMENT_PROCESS,
	.version = "native",
	.schema = { .size = sizeof(struct measurement_state) },
	.init = init,
	.handle = handle,
	.terminate = terminate,
};

int
measurement_alloc(struct measurement **ret_measurement, struct office *office)
{
	struct measurement *measurement;
	uint16_t id;
	int result;

	if (ALLOC_OBJ(measurement, MEASUREMENT_MAGIC) == NULL)
		return -ENOMEM;
	measurement->office = office;
	measurement->interval_us = MEASUREMENT_INTERVAL_US;
	result = behaviours_add_native(scheduler_behaviours(office->scheduler),
	    &descriptor, measurement, &id);
	if (result != 0)
		measurement_free(&measurement);
	else
		*ret_measurement = measurement;
	return result;
}

void
measurement_free(struct measurement **measurementp)
{
	if (*measurementp != NULL)
		object_free((*measurementp)->befores,
		    (*measurementp)->befores_room *
			sizeof *(*measurementp)->befores);
	FREE_OBJ(measurementp, MEASUREMENT_MAGIC);
}

void
measurement_set_interval(struct measurement *measurement, uint64_t us)
{
	struct scheduler *scheduler = measurement->office->scheduler;

	CHECK_OBJ(measurement, MEASUREMENT_MAGIC);
	turn(measurement, send, measurement);
	measurement->interval_us = us;
	(void)process_post(scheduler,
	    registry_whereis(
		scheduler_registry(scheduler), MEASUREMENT_PROCESS),
	    EVENT_INTERVAL, NULL, 0);
}

void
measurement_close(
    struct measurement *measurement, measurement_give_f *give, void *arg)
{
	CHECK_OBJ(measurement, MEASUREMENT_MAGIC);
	measurement->is_last = true;
	turn(measurement, give, arg);
}
