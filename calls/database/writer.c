/*
 * writer: see writer.h for what it is.
 *
 * Each type of record has a prepared insertion, made from its table and the
 * names of its columns; a type that does not fit the file is found when it is
 * added, before the run.  Whether a key that stands already has equal values
 * is looked up only when an insertion met one, so those statements are made
 * when needed.
 *
 * Invariants:
 *   1. outside the functions here no transaction is open;
 *   2. what was counted in a transaction that failed is taken back: run and
 *      conflicts always say what the file says.
 */
#include "calls/database/writer_internal.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "calls/database/batch.h"
#include "calls/database/database.h"

/* Errors: SQLite's codes end here, what leaves is 0 or -errno. */

int
writer_refuse(struct writer *writer, int result, const char *clause)
{
	snprintf(writer->clause, sizeof writer->clause, "%s", clause);
	snprintf(writer->error, sizeof writer->error,
	    "cannot write database '%s': %s", writer->path, writer->clause);
	return result;
}

/* What passes by itself leaves the file as it is, all else may not. */
int
writer_fail(struct writer *writer)
{
	switch (sqlite3_errcode(writer->db) & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		writer->is_damaged = true;
		writer->is_ill = true;
		break;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
		writer->is_ill = true;
		break;
	default:
		break;
	}
	return writer_refuse(
	    writer, database_errno(writer->db), database_error(writer->db));
}

int
writer_step(struct writer *writer, sqlite3_stmt *statement)
{
	int result = 0;

	if (sqlite3_step(statement) != SQLITE_DONE)
		result = writer_fail(writer);
	sqlite3_reset(statement);
	return result;
}

int
writer_prepare(
    struct writer *writer, const char *sql, sqlite3_stmt **ret_statement)
{
	if (writer->db == NULL)
		return -ENODEV; /* why not stands in writer->error */
	if (sqlite3_prepare_v3(writer->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
		ret_statement, NULL) != SQLITE_OK)
		return writer_fail(writer);
	return 0;
}

/* Types */

static int
count_columns(const char *columns)
{
	int count = 1; /* run */

	for (; *columns != '\0'; columns++)
		count += *columns == ',';
	return count;
}

/* "?1, ?2, ... ?count"; NULL without memory. */
static char *
places(int count)
{
	sqlite3_str *text = sqlite3_str_new(NULL);
	int i;

	for (i = 1; i <= count; i++)
		sqlite3_str_appendf(text, "%s?%d", i == 1 ? "" : ", ", i);
	return sqlite3_str_finish(text);
}

/* "'run', ?1, 'call', ?2 ..." */
static char *
named_places(const char *columns)
{
	sqlite3_str *text = sqlite3_str_new(NULL);
	size_t length;
	int i;

	sqlite3_str_appendall(text, "'run', ?1");
	for (i = 2; *columns != '\0'; i++) {
		columns += strspn(columns, ", ");
		length = strcspn(columns, ",");
		sqlite3_str_appendf(
		    text, ", '%.*s', ?%d", (int)length, columns, i);
		columns += length;
	}
	return sqlite3_str_finish(text);
}

/*
 * Prepares one of a type's statements; `format` is given the names of table
 * and columns, then `values`, which end here.
 */
static int
prepare_for(struct writer *writer, const struct row_type *type,
    const char *format, char *values, sqlite3_stmt **ret_statement)
{
	int result = -ENOMEM;
	char *sql = NULL;

	if (values != NULL)
		sql =
		    sqlite3_mprintf(format, type->table, type->columns, values);
	if (sql != NULL)
		result = writer_prepare(writer, sql, ret_statement);
	else
		(void)writer_refuse(writer, -ENOMEM, "no memory");
	sqlite3_free(sql);
	sqlite3_free(values);
	return result;
}

/* "UPDATE leg SET (run, call, ...) = (?1, ?2, ...) WHERE ..." */
static int
prepare_amendment(struct writer *writer, struct type *type)
{
	char *values = places(type->columns);
	char *rest = values == NULL
	    ? NULL
	    : sqlite3_mprintf("(%s) WHERE %s", values, type->type->amends);

	sqlite3_free(values);
	return prepare_for(writer, type->type, "UPDATE %s SET (run%s) = %s",
	    rest, &type->insert);
}

int
writer_prepare_insert(struct writer *writer, struct type *type)
{
	if (type->type->amends != NULL)
		return prepare_amendment(writer, type);
	return prepare_for(writer, type->type,
	    type->type->is_renewed
		? "INSERT OR REPLACE INTO %s(run%s) VALUES(%s)"
		: "INSERT INTO %s(run%s) VALUES(%s) ON CONFLICT DO NOTHING",
	    places(type->columns), &type->insert);
}

/* What only a key that stands already asks for. */
static int
prepare_meeting(struct writer *writer, struct type *type)
{
	int result = 0;

	if (type->find == NULL)
		result = prepare_for(writer, type->type,
		    "SELECT 1 FROM %s WHERE (run%s) IS (%s)",
		    places(type->columns), &type->find);
	if (result == 0 && type->keep == NULL)
		result = prepare_for(writer, type->type,
		    "INSERT INTO conflict(run, name, record)"
		    " VALUES(?1, '%s', %.0sjson_object(%s))"
		    " ON CONFLICT DO NOTHING",
		    named_places(type->type->columns), &type->keep);
	return result;
}

int
writer_add_type(struct writer *writer, const struct row_type *type)
{
	struct type *place;
	int result;

	CHECK_OBJ(writer, WRITER_MAGIC);
	assert(type->size <= BATCH_BYTES / 2);
	if (writer_type(writer, type->kind) >= 0)
		return -EEXIST;
	if (writer->types_count == WRITER_TYPES_MAX)
		return -ENOSPC;
	place = &writer->types[writer->types_count];
	place->type = type;
	place->columns = count_columns(type->columns);
	result = writer_prepare_insert(writer, place);
	if (result != 0)
		return result == -ENOMEM ? result : -EINVAL;
	writer->types_count++;
	return 0;
}

int
writer_type(const struct writer *writer, uint16_t kind)
{
	unsigned int i;

	for (i = 0; i < writer->types_count; i++)
		if (writer->types[i].type->kind == kind)
			return (int)i;
	return -ENOENT;
}

const struct row_type *
writer_type_at(const struct writer *writer, unsigned int type)
{
	assert(type < writer->types_count);
	return writer->types[type].type;
}

/* Transactions */

static int
begin(struct writer *writer, struct transaction *transaction)
{
	int result = writer_make_ready(writer);

	transaction->run = writer->run;
	transaction->conflicts = writer->conflicts;
	if (result == 0)
		result = writer_step(writer, writer->begin);
	if (result != 0 || writer->run != 0)
		return result;
	result = writer_step(writer, writer->insert_run);
	if (result == 0)
		writer->run = sqlite3_last_insert_rowid(writer->db);
	return result;
}

int
writer_begin_once(struct writer *writer, struct transaction *transaction)
{
	int result = begin(writer, transaction);

	if (result != 0 && writer->is_ill)
		result = begin(writer, transaction);
	return result;
}

int
writer_commit_or_undo(
    struct writer *writer, const struct transaction *transaction, int result)
{
	harm_delay(writer);
	if (result == 0)
		result = writer_step(writer, writer->commit);
	if (result == 0) {
		writer->is_damaged = false;
		return 0;
	}
	if (writer->db != NULL && !sqlite3_get_autocommit(writer->db))
		sqlite3_exec(writer->db, "ROLLBACK", NULL, NULL, NULL);
	writer->run = transaction->run;
	writer->conflicts = transaction->conflicts;
	return result;
}

/* Records */

/* Gives the record's values to a statement of its type. */
static int
fill(struct writer *writer, const struct type *type, sqlite3_stmt *statement,
    const struct batch_record *record)
{
	struct row row = { .statement = statement, .number = record->number };

	row_integer(&row, writer->run);
	type->type->fill(&row, record->bytes);
	assert(row.column == type->columns);
	return row.status == SQLITE_OK ? 0 : writer_fail(writer);
}

static int
stands_equally(struct writer *writer, const struct type *type,
    const struct batch_record *record, int *ret_equal)
{
	int result = fill(writer, type, type->find, record), step;

	if (result != 0)
		return result;
	step = sqlite3_step(type->find);
	*ret_equal = step == SQLITE_ROW;
	if (step != SQLITE_ROW && step != SQLITE_DONE)
		result = writer_fail(writer);
	sqlite3_reset(type->find);
	return result;
}

/* The key of the record stands: written before, or a conflict. */
static int
meet(
    struct writer *writer, struct type *type, const struct batch_record *record)
{
	int equal = 0, result;

	result = prepare_meeting(writer, type);
	if (result == 0)
		result = stands_equally(writer, type, record, &equal);
	if (result != 0 || equal)
		return result;
	result = fill(writer, type, type->keep, record);
	if (result == 0)
		result = writer_step(writer, type->keep);
	if (result == 0)
		writer->conflicts += (uint64_t)sqlite3_changes(writer->db);
	return result;
}

static int
write_record(struct writer *writer, const struct batch_record *record)
{
	struct type *type = &writer->types[record->type];
	int result = fill(writer, type, type->insert, record);

	if (result == 0)
		result = writer_step(writer, type->insert);
	if (result == 0 && sqlite3_changes(writer->db) == 0)
		result = meet(writer, type, record);
	return result;
}

int
writer_commit(struct writer *writer, const struct batch *batch)
{
	const struct batch_record *record = NULL;
	struct transaction transaction;
	int result;

	CHECK_OBJ(writer, WRITER_MAGIC);
	result = begin(writer, &transaction);
	while (result == 0 && (record = batch_next(batch, record)) != NULL)
		result = write_record(writer, record);
	return writer_commit_or_undo(writer, &transaction, result);
}

/* Life */

/* A text goes to `place`, which is then behind it. */
static const char *
keep(char **place, const char *text)
{
	size_t size = strlen(text) + 1;
	char *kept = memcpy(*place, text, size);

	*place += size;
	return kept;
}

static void
describe(struct writer *writer, const struct run_row *run)
{
	time_t now = time(NULL);
	char *place = writer->texts;
	struct tm civil;

	gmtime_r(&now, &civil);
	(void)strftime(writer->started, sizeof writer->started,
	    "%Y-%m-%dT%H:%M:%SZ", &civil);
	writer->path = keep(&place, run->path);
	writer->described = (struct run_row){ .path = writer->path,
		.scenario = keep(&place, run->scenario),
		.question = keep(&place, run->question),
		.seed = run->seed,
		.pace = keep(&place, run->pace) };
}

int
writer_alloc(struct writer **ret_writer, const struct run_row *run, char *why,
    unsigned int size)
{
	size_t room = strlen(run->path) + strlen(run->scenario) +
	    strlen(run->question) + strlen(run->pace) + 4;
	struct writer *writer;
	int result;

	if (ALLOC_OBJ_EXTRA(writer, WRITER_MAGIC, room) == NULL) {
		snprintf(why, size, "no memory for database '%s'", run->path);
		return -ENOMEM;
	}
	describe(writer, run);
	result = writer_open(writer, why, size);
	if (result != 0)
		writer_free(&writer);
	else
		*ret_writer = writer;
	return result;
}

void
writer_free(struct writer **writerp)
{
	struct writer *writer = *writerp;

	if (writer == NULL)
		return;
	CHECK_OBJ(writer, WRITER_MAGIC);
	harm_heal(writer);
	writer_close(writer);
	FREE_OBJ(writerp, WRITER_MAGIC);
}

/* Looking */

const char *
writer_error(const struct writer *writer)
{
	CHECK_OBJ(writer, WRITER_MAGIC);
	return writer->error;
}

const char *
writer_clause(const struct writer *writer)
{
	CHECK_OBJ(writer, WRITER_MAGIC);
	return writer->clause;
}

const struct run_row *
writer_described(const struct writer *writer)
{
	CHECK_OBJ(writer, WRITER_MAGIC);
	return &writer->described;
}

unsigned int
writer_types(const struct writer *writer)
{
	CHECK_OBJ(writer, WRITER_MAGIC);
	return writer->types_count;
}

bool
writer_may_recover(const struct writer *writer)
{
	CHECK_OBJ(writer, WRITER_MAGIC);
	return writer->is_ill;
}

int64_t
writer_run(const struct writer *writer)
{
	CHECK_OBJ(writer, WRITER_MAGIC);
	return writer->run;
}

uint64_t
writer_conflicts(const struct writer *writer)
{
	CHECK_OBJ(writer, WRITER_MAGIC);
	return writer->conflicts;
}
