/*
 * recorder_host: what the host asks of the recorder, between two events.
 *
 * Whatever needs the file waits for the job that is out, if there is one, and
 * then does its work on the thread of the scheduler.
 */
#include <errno.h>
#include <stdio.h>

#include "calls/database/queue.h"
#include "calls/database/recorder_internal.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler.h"

/* A second time, if that begins with mending the file. */
static int
commit_first(struct recorder *recorder)
{
	const struct batch *first = queue_first(recorder->queue);
	int result = writer_commit(recorder->writer, first);

	if (result != 0 && writer_may_recover(recorder->writer))
		result = writer_commit(recorder->writer, first);
	return recorder_note(recorder, result);
}

int
recorder_write_all(struct recorder *recorder)
{
	int result = 0;

	worker_wait(recorder->worker);
	(void)recorder_settle(recorder); /* what failed is tried again below */
	while (result == 0 && queue_first(recorder->queue) != NULL) {
		result = commit_first(recorder);
		if (result == 0)
			queue_drop_first(recorder->queue);
	}
	return result;
}

int
recorder_flush(struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	recorder_take_waiting(recorder);
	return recorder_write_all(recorder);
}

static void
forget(void *arg, uint16_t kind, const void *bytes, size_t size)
{
	(void)arg, (void)kind, (void)bytes, (void)size;
}

void
recorder_discard(struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	worker_wait(recorder->worker);
	(void)recorder_settle(recorder);
	(void)record_take_waiting(recorder->scheduler, forget, NULL);
	while (queue_first(recorder->queue) != NULL)
		queue_drop_first(recorder->queue);
}

/* Reading back, and the few rows that no process brings */

/* `absent` says that there is no such row, which is no failure of the file. */
static int
note_unless(struct recorder *recorder, int absent, int result)
{
	return result == absent ? result : recorder_note(recorder, result);
}

int
recorder_cdr(struct recorder *recorder, uint64_t call,
    recorder_column_f *column, void *arg)
{
	if (recorder_flush(recorder) != 0)
		return -EIO;
	return note_unless(
	    recorder, -ESRCH, writer_cdr(recorder->writer, call, column, arg));
}

int
recorder_leg(struct recorder *recorder, uint64_t call, unsigned int leg,
    recorder_column_f *column, void *arg)
{
	if (recorder_flush(recorder) != 0)
		return -EIO;
	return note_unless(recorder, -ESRCH,
	    writer_leg(recorder->writer, call, leg, column, arg));
}

int
recorder_permanent(
    struct recorder *recorder, const char *module, char *version, size_t size)
{
	if (recorder_flush(recorder) != 0)
		return -EIO;
	return note_unless(recorder, -ENOENT,
	    writer_permanent(recorder->writer, module, version, size));
}

int
recorder_count_cdrs(struct recorder *recorder, uint64_t *ret_count)
{
	if (recorder_flush(recorder) != 0)
		return -EIO;
	return recorder_note(
	    recorder, writer_count_cdrs(recorder->writer, ret_count));
}

int
recorder_find_amiss(struct recorder *recorder, uint64_t *ret_call)
{
	if (recorder_flush(recorder) != 0)
		return -EIO;
	return recorder_note(
	    recorder, writer_find_amiss(recorder->writer, ret_call));
}

int
recorder_accounts(
    struct recorder *recorder, recorder_account_f *give, void *arg)
{
	if (recorder_flush(recorder) != 0)
		return -EIO;
	return recorder_note(
	    recorder, writer_accounts(recorder->writer, give, arg));
}

int
recorder_faults(struct recorder *recorder, recorder_fault_f *give, void *arg)
{
	if (recorder_flush(recorder) != 0)
		return -EIO;
	return recorder_note(
	    recorder, writer_faults(recorder->writer, give, arg));
}

int
recorder_restarts(struct recorder *recorder, recorder_event_f *give, void *arg)
{
	if (recorder_flush(recorder) != 0)
		return -EIO;
	return recorder_note(
	    recorder, writer_restarts(recorder->writer, give, arg));
}

int
recorder_alarms(struct recorder *recorder, recorder_event_f *give, void *arg)
{
	if (recorder_flush(recorder) != 0)
		return -EIO;
	return recorder_note(
	    recorder, writer_alarms(recorder->writer, give, arg));
}

int
recorder_stragglers(struct recorder *recorder, unsigned int most,
    recorder_straggler_f *give, void *arg)
{
	if (recorder_flush(recorder) != 0)
		return -EIO;
	return recorder_note(
	    recorder, writer_stragglers(recorder->writer, most, give, arg));
}

int
recorder_audit(
    struct recorder *recorder, const char *row, int holds, const char *text)
{
	if (recorder_flush(recorder) != 0)
		return -EIO;
	return recorder_note(
	    recorder, writer_audit(recorder->writer, row, holds, text));
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
		.left_out = recorder->left_out,
	};

	if (flushed != 0) {
		recorder_save_rest(recorder);
		return flushed;
	}
	return recorder_note(recorder, writer_end(recorder->writer, &end));
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
	return queue_taken(recorder->queue);
}

uint64_t
recorder_waiting(const struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	return queue_waiting(recorder->queue);
}

uint64_t
recorder_cdrs(const struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	return recorder->cdrs;
}

/* PID_NONE: there is none, and records wait for the next one, or the host. */
static struct pid
process_of(const struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	return registry_whereis(
	    scheduler_registry(recorder->scheduler), RECORD_RECIPIENT);
}

uint64_t
recorder_behind(const struct recorder *recorder)
{
	const struct pid pid = process_of(recorder);
	struct process_info info;

	if (pid_is_none(pid) ||
	    process_info(
		scheduler_where(recorder->scheduler, pid), pid, &info) != 0)
		return 0;
	return info.mailbox;
}

uint64_t
recorder_to_come(const struct recorder *recorder, uint16_t kind)
{
	const struct pid pid = process_of(recorder);

	return pid_is_none(pid)
	    ? 0
	    : process_awaits(
		  scheduler_where(recorder->scheduler, pid), pid, kind);
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

/* How it stands with the file */

enum recorder_condition
recorder_condition(const struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	if (recorder->is_down)
		return RECORDER_down;
	return recorder->is_failing ? RECORDER_waiting : RECORDER_ok;
}

const char *
recorder_condition_word(enum recorder_condition condition)
{
	static const char *const words[] = {
#define WORD(symbol) #symbol,
		RECORDER_CONDITIONS(WORD)
#undef WORD
	};

	return words[condition];
}

int
recorder_harm(struct recorder *recorder, enum harm harm)
{
	int result;

	CHECK_OBJ(recorder, RECORDER_MAGIC);
	worker_wait(recorder->worker);
	result = harm_do(recorder->writer, harm);
	if (result != 0)
		snprintf(recorder->error, sizeof recorder->error, "%s",
		    writer_error(recorder->writer));
	return result;
}

void
recorder_heal(struct recorder *recorder)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	worker_wait(recorder->worker);
	harm_heal(recorder->writer);
}

/* Room */

void
recorder_set_reserve(struct recorder *recorder, uint64_t records)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	recorder->reserve = records;
}

uint64_t
recorder_room(const struct recorder *recorder)
{
	uint64_t waiting;

	CHECK_OBJ(recorder, RECORDER_MAGIC);
	waiting = queue_waiting(recorder->queue) + recorder_behind(recorder);
	return waiting < recorder->reserve
	    ? (recorder->reserve - waiting) / RECORDS_OF_A_CALL
	    : 0;
}
