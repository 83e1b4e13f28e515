/*
 * writer_run: the part of writer.h that is about the run and not its records:
 * its row, its audit, and reading back.
 *
 * These happen a few times in a run, so each makes its statement anew; all but
 * the row's own, which belongs to the first transaction whatever it brings.
 */
#include "calls/database/writer_internal.h"

#include <errno.h>
#include <stdio.h>

#include "calls/database/schema.h"

/* The row */

int
writer_prepare_run(struct writer *writer)
{
	const struct run_row *run = &writer->described;
	struct row row = { 0 };
	int result = writer_prepare(writer,
	    "INSERT INTO run(scenario, question, seed, pace, started)"
	    " VALUES(?1, ?2, ?3, ?4, ?5)",
	    &writer->insert_run);

	if (result != 0)
		return result;
	row.statement = writer->insert_run;
	row_text(&row, run->scenario, SIZE_MAX);
	row_text(&row, run->question, SIZE_MAX);
	row_integer(&row, (int64_t)run->seed);
	row_text(&row, run->pace, SIZE_MAX);
	row_text(&row, writer->started, SIZE_MAX);
	return row.status == SQLITE_OK ? 0 : writer_fail(writer);
}

int
writer_find_run(struct writer *writer, bool *ret_is_there)
{
	struct row row = { 0 };
	int step,
	    result = writer_prepare(writer,
		"SELECT 1 FROM run WHERE run = ?1 AND started = ?2 AND seed = "
		"?3"
		" AND scenario = ?4",
		&row.statement);

	if (result != 0)
		return result;
	row_integer(&row, writer->run);
	row_text(&row, writer->started, SIZE_MAX);
	row_integer(&row, (int64_t)writer->described.seed);
	row_text(&row, writer->described.scenario, SIZE_MAX);
	step = sqlite3_step(row.statement);
	if (step != SQLITE_ROW && step != SQLITE_DONE)
		result = writer_fail(writer);
	else
		*ret_is_there = step == SQLITE_ROW;
	sqlite3_finalize(row.statement);
	return result;
}

/* A statement of one use; its values are those of `row`, and then it ends. */
static int
run_row(struct writer *writer, struct row *row)
{
	int result = row->status == SQLITE_OK
	    ? writer_step(writer, row->statement)
	    : writer_fail(writer);

	sqlite3_finalize(row->statement);
	return result;
}

static int
write_audit(
    struct writer *writer, const char *name, int holds, const char *text)
{
	/* What was broken once stays so. */
	static const char sql[] =
	    "INSERT INTO audit(run, row, holds, text) VALUES(?1, ?2, ?3, ?4)"
	    " ON CONFLICT DO UPDATE SET holds = excluded.holds,"
	    " text = excluded.text WHERE holds";
	struct row row = { 0 };
	int result = writer_prepare(writer, sql, &row.statement);

	if (result != 0)
		return result;
	row_integer(&row, writer->run);
	row_copied_text(&row, name);
	row_integer(&row, holds != 0);
	row_copied_text(&row, text);
	return run_row(writer, &row);
}

int
writer_audit(
    struct writer *writer, const char *row, int holds, const char *text)
{
	struct transaction transaction;
	int result;

	CHECK_OBJ(writer, WRITER_MAGIC);
	result = writer_begin_once(writer, &transaction);
	if (result == 0)
		result = write_audit(writer, row, holds, text);
	return writer_commit_or_undo(writer, &transaction, result);
}

static int
write_end(struct writer *writer, const struct run_end *run_end)
{
	static const char sql[] =
	    "UPDATE run SET result = ?2, failures = ?3, virtual_us = ?4,"
	    " wall_us = ?5, gapped = ?6, missing = ?7, conflicts = ?8,"
	    " left_out = ?9"
	    " WHERE run = ?1";
	struct row row = { 0 };
	int result = writer_prepare(writer, sql, &row.statement);

	if (result != 0)
		return result;
	row_integer(&row, writer->run);
	row_copied_text(&row, run_end->result);
	row_integer(&row, (int64_t)run_end->failures);
	row_integer(&row, (int64_t)run_end->virtual_us);
	row_integer(&row, (int64_t)run_end->wall_us);
	row_integer(&row, (int64_t)run_end->gapped);
	row_integer(&row, (int64_t)run_end->missing);
	row_integer(&row, (int64_t)writer->conflicts);
	row_integer(&row, (int64_t)run_end->left_out);
	return run_row(writer, &row);
}

int
writer_end(struct writer *writer, const struct run_end *run_end)
{
	struct transaction transaction;
	int result;

	CHECK_OBJ(writer, WRITER_MAGIC);
	result = writer_begin_once(writer, &transaction);
	if (result == 0)
		result = write_end(writer, run_end);
	return writer_commit_or_undo(writer, &transaction, result);
}

/* Reading back */

static void
give_columns(sqlite3_stmt *statement, recorder_column_f *column, void *arg)
{
	const char *value;
	int i;

	for (i = 0; i < sqlite3_column_count(statement); i++) {
		value = (const char *)sqlite3_column_text(statement, i);
		column(arg, sqlite3_column_name(statement, i),
		    value == NULL ? "" : value,
		    sqlite3_column_type(statement, i) != SQLITE_TEXT);
	}
}

/* A statement about the run. */
static int
ask(struct writer *writer, const char *sql, struct row *row)
{
	const int result = writer_prepare(writer, sql, &row->statement);

	if (result == 0)
		row_integer(row, writer->run);
	return result;
}

/* The row that a statement finds, whose first places are run and call. */
static int
give_row(struct writer *writer, const char *sql, uint64_t call,
    unsigned int leg, recorder_column_f *column, void *arg)
{
	struct row row = { 0 };
	int result = ask(writer, sql, &row);

	if (result != 0)
		return result;
	row_integer(&row, (int64_t)call);
	if (leg != 0)
		row_integer(&row, leg);
	switch (sqlite3_step(row.statement)) {
	case SQLITE_ROW:
		give_columns(row.statement, column, arg);
		break;
	case SQLITE_DONE:
		result = -ESRCH;
		break;
	default:
		result = writer_fail(writer);
	}
	sqlite3_finalize(row.statement);
	return result;
}

int
writer_cdr(
    struct writer *writer, uint64_t call, recorder_column_f *column, void *arg)
{
	CHECK_OBJ(writer, WRITER_MAGIC);
	return give_row(writer,
	    "SELECT * FROM cdr WHERE run = ?1 AND call = ?2", call, 0, column,
	    arg);
}

int
writer_leg(struct writer *writer, uint64_t call, unsigned int leg,
    recorder_column_f *column, void *arg)
{
	CHECK_OBJ(writer, WRITER_MAGIC);
	return give_row(writer,
	    "SELECT * FROM leg WHERE run = ?1 AND call = ?2 AND leg = ?3", call,
	    leg, column, arg);
}

/* Whether there is another row; else it is done with, or that has failed. */
static bool
has_next(struct writer *writer, struct row *row, int *result)
{
	const int step = sqlite3_step(row->statement);

	if (step == SQLITE_ROW)
		return true;
	if (step != SQLITE_DONE)
		*result = writer_fail(writer);
	sqlite3_finalize(row->statement);
	return false;
}

/* The one number that a statement gives of the run. */
static int
ask_number(struct writer *writer, const char *sql, uint64_t *ret_number)
{
	struct row row = { 0 };
	int result = ask(writer, sql, &row);

	if (result != 0)
		return result;
	if (sqlite3_step(row.statement) == SQLITE_ROW)
		*ret_number = (uint64_t)sqlite3_column_int64(row.statement, 0);
	else
		result = writer_fail(writer);
	sqlite3_finalize(row.statement);
	return result;
}

int
writer_count_cdrs(struct writer *writer, uint64_t *ret_count)
{
	CHECK_OBJ(writer, WRITER_MAGIC);
	return ask_number(
	    writer, "SELECT count(*) FROM cdr WHERE run = ?1", ret_count);
}

int
writer_find_amiss(struct writer *writer, uint64_t *ret_call)
{
	CHECK_OBJ(writer, WRITER_MAGIC);
	return ask_number(writer,
	    "SELECT ifnull(min(call), 0) FROM cdr LEFT JOIN (SELECT call,"
	    " count(*) AS count, sum(charge_micro) AS micro, sum(pulses) AS sum"
	    " FROM leg WHERE run = ?1 GROUP BY call) USING(call) WHERE run = ?1"
	    " AND (legs IS NOT count OR charge_micro <> micro"
	    " OR pulses <> sum)",
	    ret_call);
}

int
writer_accounts(struct writer *writer, recorder_account_f *give, void *arg)
{
	struct row row = { 0 };
	int result;

	CHECK_OBJ(writer, WRITER_MAGIC);
	result = ask(writer,
	    "SELECT account, sum(charge_micro) FROM leg WHERE run = ?1"
	    " AND account <> '' GROUP BY account",
	    &row);
	while (result == 0 && has_next(writer, &row, &result))
		give(arg, (const char *)sqlite3_column_text(row.statement, 0),
		    (uint64_t)sqlite3_column_int64(row.statement, 1));
	return result;
}

static void
give_fault(sqlite3_stmt *statement, recorder_fault_f *give, void *arg)
{
	uint64_t pid = (uint64_t)sqlite3_column_int64(statement, 2);
	const struct recorded_fault fault = {
		.at = (uint64_t)sqlite3_column_int64(statement, 0),
		.call = (uint64_t)sqlite3_column_int64(statement, 1),
		.pid = { (uint32_t)(pid >> 32), (uint32_t)pid },
		.module = (const char *)sqlite3_column_text(statement, 3),
		.version = (const char *)sqlite3_column_text(statement, 4),
		.event = (const char *)sqlite3_column_text(statement, 5),
		.reason = (const char *)sqlite3_column_text(statement, 6),
	};

	give(arg, &fault);
}

int
writer_faults(struct writer *writer, recorder_fault_f *give, void *arg)
{
	struct row row = { 0 };
	int result;

	CHECK_OBJ(writer, WRITER_MAGIC);
	result = ask(writer,
	    "SELECT t_fault, call, fault.pid, module, version, event,"
	    " " SCHEMA_FAULT_REASON " FROM fault LEFT JOIN cdr USING(run, pid)"
	    " WHERE run = ?1 ORDER BY number",
	    &row);
	while (result == 0 && has_next(writer, &row, &result))
		give_fault(row.statement, give, arg);
	return result;
}

static int
give_events(
    struct writer *writer, const char *sql, recorder_event_f *give, void *arg)
{
	struct recorded_event event;
	struct row row = { 0 };
	int result;

	CHECK_OBJ(writer, WRITER_MAGIC);
	result = ask(writer, sql, &row);
	while (result == 0 && has_next(writer, &row, &result)) {
		event = (struct recorded_event){
			(uint64_t)sqlite3_column_int64(row.statement, 0),
			(const char *)sqlite3_column_text(row.statement, 1),
			(const char *)sqlite3_column_text(row.statement, 2),
			(const char *)sqlite3_column_text(row.statement, 3),
		};
		give(arg, &event);
	}
	return result;
}

int
writer_restarts(struct writer *writer, recorder_event_f *give, void *arg)
{
	return give_events(writer,
	    "SELECT t_restart, child, supervisor, reason FROM restart"
	    " WHERE run = ?1 ORDER BY number",
	    give, arg);
}

int
writer_alarms(struct writer *writer, recorder_event_f *give, void *arg)
{
	return give_events(writer,
	    "SELECT t_alarm, name, object, text FROM alarm"
	    " WHERE run = ?1 AND state = 'raised' ORDER BY number",
	    give, arg);
}

static void
give_straggler(sqlite3_stmt *statement, recorder_straggler_f *give, void *arg)
{
	const struct recorded_straggler straggler = {
		.upgrade = (uint64_t)sqlite3_column_int64(statement, 0),
		.call = (uint64_t)sqlite3_column_int64(statement, 1),
		.kind = (const char *)sqlite3_column_text(statement, 2),
		.version = (const char *)sqlite3_column_text(statement, 3),
		.state = (const char *)sqlite3_column_text(statement, 4),
		.text = (const char *)sqlite3_column_text(statement, 5),
	};

	give(arg, &straggler);
}

int
writer_stragglers(struct writer *writer, unsigned int most,
    recorder_straggler_f *give, void *arg)
{
	struct row row = { 0 };
	int result;

	CHECK_OBJ(writer, WRITER_MAGIC);
	result = ask(writer,
	    "SELECT upgrade, call, kind, version, state, text FROM (SELECT *,"
	    " row_number() OVER (PARTITION BY upgrade"
	    " ORDER BY kind = 'rehearsed', number) AS place"
	    " FROM upgrade_failure WHERE run = ?1) WHERE place <= ?2"
	    " ORDER BY upgrade, place",
	    &row);
	if (result == 0)
		row_integer(&row, (int64_t)most);
	while (result == 0 && has_next(writer, &row, &result))
		give_straggler(row.statement, give, arg);
	return result;
}

int
writer_permanent(
    struct writer *writer, const char *module, char *version, size_t size)
{
	struct row row = { 0 };
	int result;

	CHECK_OBJ(writer, WRITER_MAGIC);
	result = writer_prepare(writer,
	    "SELECT version FROM release WHERE module = ?1"
	    " AND status = 'permanent' ORDER BY rowid DESC LIMIT 1",
	    &row.statement);
	if (result != 0)
		return result;
	row_copied_text(&row, module);
	switch (sqlite3_step(row.statement)) {
	case SQLITE_ROW:
		(void)snprintf(version, size, "%s",
		    (const char *)sqlite3_column_text(row.statement, 0));
		break;
	case SQLITE_DONE:
		result = -ENOENT;
		break;
	default:
		result = writer_fail(writer);
	}
	sqlite3_finalize(row.statement);
	return result;
}
