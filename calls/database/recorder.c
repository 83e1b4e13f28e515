/*
 * recorder: see recorder.h for what it is.
 *
 * Records go to the end of a queue (queue.h); its first batch is written in
 * one transaction, by one job of the worker.  A batch is given when the next
 * one has begun, or BATCH_US after a record came, whichever is earlier.  All of
 * this hangs on the order of events and on the run's clock, nothing on how
 * fast the machine writes.
 *
 *       taken          full, or BATCH_US       commit known
 *     ---------> last ------------------> out --------------> gone
 *                  ^                       | commit failed
 *                  +-----------------------+ again after RETRY_US, doubled
 *                                            each time up to RETRY_MAX_US
 *
 * A failure raises the alarm database-down, and the next commit clears it: at
 * once where nothing passes by itself, else if it has lasted for PATIENCE_US.
 *
 * The process keeps nothing of its own.  When it is killed, its successor
 * gives the job again that may be out, since only a job's answer tells that it
 * is done: one that finds its batch written meets equal rows, and all is well.
 *
 * Invariant: a job's struct is the worker's until its answer or worker_wait().
 */
#include "calls/database/recorder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/account_row.h"
#include "calls/database/call_event_row.h"
#include "calls/database/cdr_row.h"
#include "calls/database/leg_row.h"
#include "calls/database/measurement_row.h"
#include "calls/database/queue.h"
#include "calls/database/recorder_internal.h"
#include "calls/database/stray_row.h"
#include "calls/database/switch_row.h"
#include "calls/exchange/cdr.h"
#include "calls/exchange/shelf.h"
#include "switch/alarm.h"
#include "switch/behaviour.h"
#include "switch/module.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/scheduler.h"

enum {
	BATCH_US = 100 * 1000, /* what a killed switch may lose */
	RETRY_US = 1000 * 1000,
	RETRY_MAX_US = 8 * RETRY_US,
	PATIENCE_US = 5 * RETRY_US /* with another program's lock */
};

enum { EVENT_WRITTEN = EVENT_PRIVATE + 1 }; /* the worker's answer */
enum { TIMER_BATCH };

struct recorder_state {
	struct recorder *recorder;
	bool has_timer;
};

/* The file */

static void
raise_alarm(struct recorder *recorder)
{
	struct alarm alarm = { .name = ALARM_DATABASE_DOWN,
		.object = "database",
		.severity = ALARM_major };

	snprintf(alarm.text, sizeof alarm.text, "%s",
	    writer_clause(recorder->writer));
	alarm_raise(recorder->scheduler, &alarm);
	recorder->is_down = true;
}

static void
note_failure(struct recorder *recorder, int result)
{
	uint64_t now = scheduler_now(recorder->scheduler);

	snprintf(recorder->error, sizeof recorder->error, "%s",
	    writer_error(recorder->writer));
	if (!recorder->is_failing)
		recorder->failing_since = now;
	recorder->is_failing = true;
	if (result != -EBUSY || now - recorder->failing_since >= PATIENCE_US)
		raise_alarm(recorder);
}

int
recorder_note(struct recorder *recorder, int result)
{
	recorder->run = writer_run(recorder->writer);
	recorder->conflicts = writer_conflicts(recorder->writer);
	if (result != 0) {
		note_failure(recorder, result);
		return -EIO;
	}
	if (recorder->is_down)
		alarm_clear(
		    recorder->scheduler, ALARM_DATABASE_DOWN, "database");
	recorder->is_down = false;
	recorder->is_failing = false;
	recorder->retry_us = 0;
	return 0;
}

/* Jobs */

static void
write_batch(void *arg)
{
	struct job *job = arg;

	job->result = writer_commit(job->writer, job->batch);
}

int
recorder_settle(struct recorder *recorder)
{
	int result = 0;

	if (!queue_is_out(recorder->queue))
		return 0;
	queue_take_back(recorder->queue);
	result = recorder_note(recorder, recorder->job.result);
	if (result == 0)
		queue_drop_first(recorder->queue);
	return result;
}

static void
give_job(struct recorder *recorder, struct self *self)
{
	const struct worker_answer answer = { .owner = process_self(self),
		.kind = EVENT_WRITTEN,
		.number = recorder->jobs + 1 };

	if (worker_submit(
		recorder->worker, write_batch, &recorder->job, &answer) == 0)
		recorder->awaiting = ++recorder->jobs;
}

/* One that may be out already, for a process before this, is not touched. */
static void
give_first(struct recorder *recorder, struct self *self)
{
	bool is_new = !queue_is_out(recorder->queue);

	if (is_new) {
		queue_hand_out(recorder->queue);
		recorder->job = (struct job){
			.writer = recorder->writer,
			.batch = queue_first(recorder->queue),
		};
	}
	give_job(recorder, self);
	if (is_new && recorder->awaiting == 0)
		queue_take_back(recorder->queue); /* a timer tries again */
}

/* After each event: a job where one is due, else a timer for one. */
static void
go_on(struct recorder_state *state, struct self *self)
{
	struct recorder *recorder = state->recorder;

	if (recorder->awaiting != 0 || queue_first(recorder->queue) == NULL)
		return;
	if (recorder->retry_us == 0 && queue_has_next(recorder->queue))
		give_first(recorder, self);
	if (recorder->awaiting == 0 && !state->has_timer)
		state->has_timer =
		    process_start_timer(self, TIMER_BATCH, 0,
			recorder->retry_us > 0 ? recorder->retry_us
					       : BATCH_US) == 0;
}

/* Events */

/* If no memory is left, all is written now: then there is some again. */
static int
append(struct recorder *recorder, uint16_t type, const void *bytes, size_t size)
{
	int result = queue_add(recorder->queue, type, bytes, size);

	if (result != 0 && recorder_write_all(recorder) == 0)
		result = queue_add(recorder->queue, type, bytes, size);
	return result;
}

int
recorder_append(
    struct recorder *recorder, uint16_t kind, const void *bytes, size_t size)
{
	int type = writer_type(recorder->writer, kind);

	return append(recorder, (uint16_t)type, bytes, size);
}

int
recorder_take(
    struct recorder *recorder, uint16_t kind, const void *bytes, size_t size)
{
	int type = writer_type(recorder->writer, kind);

	CHECK_OBJ(recorder, RECORDER_MAGIC);
	if (type < 0 || bytes == NULL ||
	    size != writer_type_at(recorder->writer, (unsigned int)type)->size)
		return -EINVAL;
	if (recorder_choose(recorder, kind, bytes)) {
		if (append(recorder, (uint16_t)type, bytes, size) != 0)
			return -ENOMEM;
		recorder->cdrs += kind == RECORD_CDR;
	}
	return 0;
}

void
recorder_keep(void *arg, uint16_t kind, const void *bytes, size_t size)
{
	struct recorder *recorder = arg;

	recorder->missing += recorder_take(recorder, kind, bytes, size) != 0;
}

static void
take_parcel(struct recorder *recorder, struct self *self, uint16_t kind)
{
	size_t size = 0;
	const void *bytes = process_parcel(self, &size);

	recorder_keep(recorder, kind, bytes, size);
}

void
recorder_take_waiting(struct recorder *recorder)
{
	recorder->missing +=
	    record_take_waiting(recorder->scheduler, recorder_keep, recorder);
}

static void
on_written(struct recorder *recorder, const struct message *event)
{
	uint64_t number;

	memcpy(&number, event->body.bytes, sizeof number);
	if (number != recorder->awaiting)
		return; /* of a job given again by a successor */
	recorder->awaiting = 0;
	if (recorder_settle(recorder) == 0)
		return;
	recorder->retry_us =
	    recorder->retry_us == 0 ? RETRY_US : recorder->retry_us * 2;
	if (recorder->retry_us > RETRY_MAX_US)
		recorder->retry_us = RETRY_MAX_US;
}

static void
on_timer(struct recorder_state *state, struct self *self)
{
	struct recorder *recorder = state->recorder;

	state->has_timer = false;
	if (recorder->awaiting == 0 && queue_first(recorder->queue) != NULL)
		give_first(recorder, self);
}

static void
handle(struct self *self, void *bytes, const struct message *event)
{
	struct recorder_state *state = bytes;

	if (event->kind == EVENT_WRITTEN)
		on_written(state->recorder, event);
	else if (event->kind == EVENT_TIMEOUT)
		on_timer(state, self);
	else if (event->kind >= RECORD_FIRST && event->kind <= RECORD_LAST)
		take_parcel(state->recorder, self, event->kind);
	go_on(state, self);
}

static struct recorder *
recorder_of(struct self *self)
{
	struct recorder *recorder = process_context(self);

	CHECK_OBJ(recorder, RECORDER_MAGIC);
	return recorder;
}

static int
init(struct self *self, void *bytes, const struct message *start)
{
	struct recorder_state *state = bytes;

	(void)start;
	state->recorder = recorder_of(self);
	state->recorder->awaiting = 0; /* that answer went to the one before */
	recorder_take_waiting(state->recorder);
	if (queue_is_out(state->recorder->queue))
		give_first(state->recorder, self);
	go_on(state, self);
	return 0;
}

static void
terminate(struct self *self, void *bytes, const struct reason *reason)
{
	(void)self;
	(void)bytes;
	(void)reason; /* the queue stays */
}

static const struct module descriptor = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = RECORD_RECIPIENT,
	.version = "1",
	.schema = { .size = sizeof(struct recorder_state) },
	.init = init,
	.handle = handle,
	.terminate = terminate,
};

/* Life */

static int
open_file(struct recorder *recorder, const struct run_row *run, char *why,
    unsigned int size)
{
	static const struct row_type *const types[] = { &cdr_row, &leg_row,
		&leg_amendment_row, &account_row, &call_event_row,
		&measurement_row, &stray_row, &fault_row, &restart_row,
		&alarm_row };
	unsigned int i;
	int result;

	result = writer_alloc(&recorder->writer, run, why, size);
	for (i = 0; result == 0 && i < sizeof types / sizeof types[0]; i++)
		if ((result = writer_add_type(recorder->writer, types[i])) != 0)
			snprintf(
			    why, size, "%s", writer_error(recorder->writer));
	return result;
}

int
recorder_alloc(struct recorder **ret_recorder, struct scheduler *scheduler,
    const struct run_row *run, char *why, unsigned int size)
{
	struct recorder *recorder;
	uint16_t behaviour;
	int result = -ENOMEM;

	if (ALLOC_OBJ(recorder, RECORDER_MAGIC) == NULL)
		goto fail;
	recorder->scheduler = scheduler;
	recorder_set_reserve(recorder, RECORDER_RESERVE);
	result = queue_alloc(&recorder->queue);
	if (result == 0)
		result = shelf_alloc(&recorder->shelf);
	if (result != 0)
		goto fail;
	result = worker_alloc(&recorder->worker, scheduler, "writer");
	if (result != 0)
		goto fail;
	result = open_file(recorder, run, why, size);
	if (result != 0) {
		recorder_free(&recorder);
		return result;
	}
	result = behaviours_add_native(
	    scheduler_behaviours(scheduler), &descriptor, recorder, &behaviour);
	if (result != 0)
		goto fail;
	behaviour_at(scheduler_behaviours(scheduler), behaviour)->is_unlogged =
	    true;
	*ret_recorder = recorder;
	return 0;
fail:
	snprintf(why, size, "cannot start the recorder: %s", strerror(-result));
	recorder_free(&recorder);
	return result;
}

int
recorder_add_type(struct recorder *recorder, const struct row_type *type)
{
	int result;

	CHECK_OBJ(recorder, RECORDER_MAGIC);
	worker_wait(recorder->worker);
	result = writer_add_type(recorder->writer, type);
	if (result == -EINVAL)
		snprintf(recorder->error, sizeof recorder->error, "%s",
		    writer_error(recorder->writer));
	return result;
}

void
recorder_free(struct recorder **recorderp)
{
	struct recorder *recorder = *recorderp;

	if (recorder == NULL)
		return;
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	if (recorder->worker != NULL && recorder->writer != NULL)
		(void)recorder_flush(recorder); /* whoever minds has done so */
	worker_free(&recorder->worker);
	queue_free(&recorder->queue);
	shelf_free(&recorder->shelf);
	writer_free(&recorder->writer);
	FREE_OBJ(recorderp, RECORDER_MAGIC);
}
