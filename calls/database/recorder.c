/*
 * recorder: see recorder.h for what it is.
 *
 * The queue is a row of batches.  Records go to the last; the first is the
 * next to be written, in one transaction, by one job of the worker; while that
 * job is out nothing more is added to its batch.  A batch is given when the
 * next one has begun, or BATCH_US after a record came, whichever is earlier.
 * All of this hangs on the order of events and on the run's clock, nothing on
 * how fast the machine writes.
 *
 *       taken          full, or BATCH_US       commit known
 *     ---------> last ------------------> out --------------> gone
 *                  ^                       | commit failed
 *                  +-----------------------+ again after RETRY_US, doubled
 *                                            each time up to RETRY_MAX_US
 *
 * The process keeps nothing of its own.  When it is killed, its successor
 * gives the job again that may be out, since only a job's answer tells that it
 * is done: one that finds its batch written meets equal rows, and all is well.
 *
 * Invariants, checked by assert_recorder():
 *   1. taken - written records lie in the batches, and no batch is empty;
 *   2. the batch that is out is the first;
 *   3. a job's struct is the worker's until its answer or worker_wait();
 *   4. the spare batch is empty; where there is none, one in the row is it.
 */
#include "calls/database/recorder.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/batch.h"
#include "calls/database/cdr_row.h"
#include "calls/database/row.h"
#include "calls/database/switch_row.h"
#include "calls/database/writer.h"
#include "calls/exchange/cdr.h"
#include "switch/behaviour.h"
#include "switch/module.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/scheduler.h"
#include "switch/worker.h"

enum {
	BATCH_US = 100 * 1000, /* what a killed switch may lose */
	RETRY_US = 1000 * 1000,
	RETRY_MAX_US = 64 * RETRY_US
};

enum { EVENT_WRITTEN = EVENT_PRIVATE + 1 }; /* the worker's answer */
enum { TIMER_BATCH };

struct job {
	struct writer *writer;
	struct batch *batch; /* NULL: none is out */
	int result;
};

struct recorder {
	unsigned int magic;
#define RECORDER_MAGIC 0x3fd82b6e
	struct scheduler *scheduler;
	struct writer *writer;
	struct worker *worker;
	TAILQ_HEAD(batches, batch) batches;
	struct batch *spare; /* or NULL: it is in the row */
	struct job job;
	uint64_t jobs;	   /* given so far */
	uint64_t awaiting; /* the number of the one to be answered; 0: none */
	uint64_t taken, written, cdrs, missing, gapped;
	uint64_t retry_us; /* 0: the last commit went well */
	int64_t run;
	uint64_t conflicts;
	char error[256];
};

struct recorder_state {
	struct recorder *recorder;
	bool has_timer;
};

static bool
assert_recorder(const struct recorder *recorder)
{
	const struct batch *batch;
	uint64_t records = 0;

	TAILQ_FOREACH(batch, &recorder->batches, next) {
		assert(batch->count > 0);
		records += batch->count;
	}
	assert(records == recorder->taken - recorder->written);
	assert(recorder->job.batch == NULL ||
	    recorder->job.batch == TAILQ_FIRST(&recorder->batches));
	return true;
}

/* The queue */

static struct batch *
last_open(struct recorder *recorder)
{
	struct batch *last = TAILQ_LAST(&recorder->batches, batches);

	return last == recorder->job.batch ? NULL : last;
}

/* Empty: the spare, or a new one; or NULL. */
static struct batch *
take_batch(struct recorder *recorder)
{
	struct batch *batch = recorder->spare;

	recorder->spare = NULL;
	return batch != NULL ? batch : batch_alloc();
}

static void
drop_first(struct recorder *recorder)
{
	struct batch *first = TAILQ_FIRST(&recorder->batches);

	recorder->written += first->count;
	TAILQ_REMOVE(&recorder->batches, first, next);
	if (recorder->spare == NULL) {
		batch_clear(first);
		recorder->spare = first;
		return;
	}
	batch_free(&first);
}

/* Takes over what the writer says, while no job is out. */
static int
note(struct recorder *recorder, int result)
{
	recorder->run = writer_run(recorder->writer);
	recorder->conflicts = writer_conflicts(recorder->writer);
	if (result == 0)
		recorder->retry_us = 0;
	else
		snprintf(recorder->error, sizeof recorder->error, "%s",
		    writer_error(recorder->writer));
	return result == 0 ? 0 : -EIO;
}

/* Jobs */

static void
write_batch(void *arg)
{
	struct job *job = arg;

	job->result = writer_commit(job->writer, job->batch);
}

/* The job is done, or failed: what becomes of its batch. */
static int
settle(struct recorder *recorder)
{
	int result = 0;

	if (recorder->job.batch != NULL) {
		recorder->job.batch = NULL;
		result = note(recorder, recorder->job.result);
		if (result == 0)
			drop_first(recorder);
	}
	assert(assert_recorder(recorder));
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
	bool is_new = recorder->job.batch == NULL;

	if (is_new)
		recorder->job = (struct job){
			.writer = recorder->writer,
			.batch = TAILQ_FIRST(&recorder->batches),
		};
	give_job(recorder, self);
	if (is_new && recorder->awaiting == 0)
		recorder->job.batch = NULL; /* no memory: a timer tries again */
}

/* After each event: a job where one is due, else a timer for one. */
static void
go_on(struct recorder_state *state, struct self *self)
{
	struct recorder *recorder = state->recorder;
	struct batch *first = TAILQ_FIRST(&recorder->batches);

	if (recorder->awaiting != 0 || first == NULL)
		return;
	if (recorder->retry_us == 0 && TAILQ_NEXT(first, next) != NULL)
		give_first(recorder, self);
	if (recorder->awaiting == 0 && !state->has_timer)
		state->has_timer =
		    process_start_timer(self, TIMER_BATCH, 0,
			recorder->retry_us > 0 ? recorder->retry_us
					       : BATCH_US) == 0;
}

/* Events */

/* All that the queue holds, now and here. */
static int
write_all(struct recorder *recorder)
{
	int result = 0;

	worker_wait(recorder->worker);
	(void)settle(recorder); /* what failed is tried again below */
	while (result == 0 && !TAILQ_EMPTY(&recorder->batches)) {
		result = note(recorder,
		    writer_commit(
			recorder->writer, TAILQ_FIRST(&recorder->batches)));
		if (result == 0)
			drop_first(recorder);
	}
	assert(assert_recorder(recorder));
	return result;
}

/* If no memory is left, all is written now: then there is a spare again. */
static int
append(struct recorder *recorder, uint16_t type, const void *bytes, size_t size)
{
	struct batch *last = last_open(recorder);
	uint64_t number = recorder->taken + 1;

	if (last != NULL && batch_add(last, number, type, bytes, size) == 0)
		return 0;
	last = take_batch(recorder);
	if (last == NULL && write_all(recorder) == 0)
		last = take_batch(recorder);
	if (last == NULL)
		return -ENOMEM;
	TAILQ_INSERT_TAIL(&recorder->batches, last, next);
	return batch_add(last, number, type, bytes, size);
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
	if (append(recorder, (uint16_t)type, bytes, size) != 0)
		return -ENOMEM;
	recorder->taken++;
	recorder->cdrs += kind == RECORD_CDR;
	return 0;
}

static void
take(void *arg, uint16_t kind, const void *bytes, size_t size)
{
	struct recorder *recorder = arg;

	recorder->missing += recorder_take(recorder, kind, bytes, size) != 0;
}

static void
take_parcel(struct recorder *recorder, struct self *self, uint16_t kind)
{
	size_t size = 0;
	const void *bytes = process_parcel(self, &size);

	take(recorder, kind, bytes, size);
}

/* What was told while no process was there to hear it. */
static void
take_waiting(struct recorder *recorder)
{
	recorder->missing +=
	    record_take_waiting(recorder->scheduler, take, recorder);
}

static void
on_written(struct recorder *recorder, const struct message *event)
{
	uint64_t number;

	memcpy(&number, event->body.bytes, sizeof number);
	if (number != recorder->awaiting)
		return; /* of a job given again by a successor */
	recorder->awaiting = 0;
	if (settle(recorder) == 0)
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
	if (recorder->awaiting == 0 && !TAILQ_EMPTY(&recorder->batches))
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
	take_waiting(state->recorder);
	if (state->recorder->job.batch != NULL)
		give_first(state->recorder, self);
	go_on(state, self);
	return 0;
}

static void
terminate(struct self *self, void *bytes, const struct reason *reason)
{
	(void)self;
	(void)bytes;
	(void)reason; /* the queue stays, invariant 1 */
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
	static const struct row_type *const types[] = { &cdr_row, &fault_row,
		&restart_row, &alarm_row };
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
	TAILQ_INIT(&recorder->batches);
	recorder->scheduler = scheduler;
	recorder->spare = batch_alloc();
	if (recorder->spare == NULL)
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
		note(recorder, result);
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
	while (!TAILQ_EMPTY(&recorder->batches))
		drop_first(recorder);
	batch_free(&recorder->spare);
	writer_free(&recorder->writer);
	FREE_OBJ(recorderp, RECORDER_MAGIC);
}

/* For the host */

int
recorder_flush(struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	take_waiting(recorder);
	return write_all(recorder);
}

int
recorder_cdr(struct recorder *recorder, uint64_t call,
    recorder_column_f *column, void *arg)
{
	int result = recorder_flush(recorder);

	if (result == 0)
		result = writer_cdr(recorder->writer, call, column, arg);
	return result == 0 || result == -ESRCH ? result
					       : note(recorder, result);
}

int
recorder_faults(struct recorder *recorder, recorder_fault_f *give, void *arg)
{
	int result = recorder_flush(recorder);

	if (result != 0)
		return result;
	return note(recorder, writer_faults(recorder->writer, give, arg));
}

int
recorder_stragglers(struct recorder *recorder, unsigned int most,
    recorder_straggler_f *give, void *arg)
{
	int result = recorder_flush(recorder);

	if (result != 0)
		return result;
	return note(
	    recorder, writer_stragglers(recorder->writer, most, give, arg));
}

int
recorder_permanent(
    struct recorder *recorder, const char *module, char *version, size_t size)
{
	int result = recorder_flush(recorder);

	if (result == 0)
		result =
		    writer_permanent(recorder->writer, module, version, size);
	return result == 0 || result == -ENOENT ? result
						: note(recorder, result);
}

int
recorder_audit(
    struct recorder *recorder, const char *row, int holds, const char *text)
{
	int result = recorder_flush(recorder);

	if (result != 0)
		return result;
	return note(recorder, writer_audit(recorder->writer, row, holds, text));
}

int
recorder_finish(struct recorder *recorder, const char *result,
    uint64_t virtual_us, uint64_t wall_us, unsigned int failures)
{
	int flushed = recorder_flush(recorder);
	struct run_end end = {
		.result = result,
		.failures = failures,
		.virtual_us = virtual_us,
		.wall_us = wall_us,
		.gapped = recorder->gapped,
		.missing = recorder->missing,
	};

	if (flushed != 0)
		return flushed;
	return note(recorder, writer_end(recorder->writer, &end));
}

void
recorder_set_gapped(struct recorder *recorder, uint64_t gapped)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	recorder->gapped = gapped;
}

/* Looking */

int64_t
recorder_run(const struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	return recorder->run;
}

uint64_t
recorder_taken(const struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	return recorder->taken;
}

uint64_t
recorder_waiting(const struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	return recorder->taken - recorder->written;
}

uint64_t
recorder_cdrs(const struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	return recorder->cdrs;
}

uint64_t
recorder_conflicts(const struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	return recorder->conflicts;
}

uint64_t
recorder_missing(const struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	return recorder->missing;
}

const char *
recorder_error(const struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	return recorder->error;
}
