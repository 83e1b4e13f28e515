/*
 * writer: puts records into the call database, a transaction at a time.
 *
 * All that the recorder asks of SQLite is here.  For one thread at a time: in
 * a run the worker's, and the scheduler's own while no job is out.  Nothing
 * of a run is in the file before its first transaction; that begins with its
 * row in table `run`.
 *
 * The file may be harmed while it is written.  What has been committed is not
 * given up then while there is a way to keep it: see writer_file.c.
 */
#ifndef CALLS_DATABASE_WRITER_H
#define CALLS_DATABASE_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "calls/database/recorder.h" /* struct run_row */

struct batch;
struct row_type;
struct writer;

/* As recorder_alloc(). */
int writer_alloc(struct writer **ret_writer, const struct run_row *run,
    char *why, unsigned int size);
void writer_free(struct writer **writerp);

enum { WRITER_TYPES_MAX = 16 };

/*
 * Adds a type of record, which must outlive the writer.  -EINVAL when table
 * or columns are not those of the file, with a clause in writer_error();
 * -EEXIST the kind has one; -ENOSPC.
 */
int writer_add_type(struct writer *writer, const struct row_type *type);

/* What a batch calls the type of `kind`; -ENOENT without one. */
int writer_type(const struct writer *writer, uint16_t kind);
const struct row_type *writer_type_at(
    const struct writer *writer, unsigned int type);

/*
 * Writes the batch in one transaction: all, or -errno and nothing.  A record
 * that stands already counts as written; one whose key stands with other
 * values is kept in table conflict.
 */
int writer_commit(struct writer *writer, const struct batch *batch);

/* As those of the recorder. */
int writer_audit(
    struct writer *writer, const char *row, int holds, const char *text);
int writer_cdr(
    struct writer *writer, uint64_t call, recorder_column_f *column, void *arg);
int writer_leg(struct writer *writer, uint64_t call, unsigned int leg,
    recorder_column_f *column, void *arg);
int writer_count_cdrs(struct writer *writer, uint64_t *ret_count);
int writer_find_amiss(struct writer *writer, uint64_t *ret_call);
int writer_accounts(struct writer *writer, recorder_account_f *give, void *arg);
int writer_faults(struct writer *writer, recorder_fault_f *give, void *arg);
int writer_restarts(struct writer *writer, recorder_event_f *give, void *arg);
int writer_alarms(struct writer *writer, recorder_event_f *give, void *arg);
int writer_stragglers(struct writer *writer, unsigned int most,
    recorder_straggler_f *give, void *arg);
int writer_permanent(
    struct writer *writer, const char *module, char *version, size_t size);

/* What the run's row gets at its end. */
struct run_end {
	const char *result; /* "pass", "fail" */
	uint64_t failures, virtual_us, wall_us;
	uint64_t gapped, missing, left_out;
};
int writer_end(struct writer *writer, const struct run_end *end);

/*
 * The cause of the last -errno, as a sentence that names the file, and as the
 * clause in it.
 */
const char *writer_error(const struct writer *writer);
const char *writer_clause(const struct writer *writer);

/* Whether the next attempt begins with opening the file anew. */
bool writer_may_recover(const struct writer *writer);

/* What it was made with. */
const struct run_row *writer_described(const struct writer *writer);
unsigned int writer_types(const struct writer *writer);

int64_t writer_run(const struct writer *writer); /* 0: nothing written yet */
uint64_t writer_conflicts(const struct writer *writer);

#endif
