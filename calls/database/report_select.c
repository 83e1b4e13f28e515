/*
 * report_select: which rows of its view a report is asked for.
 *
 * By its run and, where it is about one object, by the keys of that; then by
 * filters, words NAME=VALUE, of which each column of the view is one; then by
 * the condition of whoever asks, which SQLite calls for each row as a function
 * `wants`; and no more than so many.
 */
#include "calls/database/report_internal.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "switch/nearest.h"

enum { COLUMNS_MAX = 64, WORD_MAX = 64, KNOWN_MAX = 1024 };

/* The columns of a view. */
struct columns {
	int count;
	const char *names[COLUMNS_MAX]; /* as long as `plain` is */
	sqlite3_stmt *plain;
};

static unsigned int
count_words(const char *words)
{
	unsigned int count = 0;

	for (; *words != '\0'; words += strspn(words, " ")) {
		count++;
		words += strcspn(words, " ");
	}
	return count;
}

static const char *
keys_of(const struct report *report)
{
	return report->kind->keys == NULL ? "" : report->kind->keys;
}

/* As SQL has one: "nan", "inf" and "0x10" mean something else there. */
static bool
is_number(const char *text)
{
	char *end;

	return text[strspn(text, "0123456789+-.eE")] == '\0' &&
	    isfinite(strtod(text, &end)) && end != text && *end == '\0';
}

static int
read_columns(struct report *report, struct columns *columns)
{
	char *sql = sqlite3_mprintf("SELECT * FROM %s", report->view);
	int i, status = SQLITE_NOMEM;

	if (sql == NULL)
		return report_refuse(report, -ENOMEM, "no memory is left");
	status = sqlite3_prepare_v2(report->db, sql, -1, &columns->plain, NULL);
	sqlite3_free(sql);
	if (status != SQLITE_OK)
		return report_fail_by_sqlite(report);
	columns->count = sqlite3_column_count(columns->plain);
	for (i = 0; i < columns->count && i < COLUMNS_MAX; i++)
		columns->names[i] = sqlite3_column_name(columns->plain, i);
	return 0;
}

/*--------------------------------------------------------------------
 * Keys
 */

/* A number for a column that is one, else a text. */
static void
append_value(
    struct report *report, sqlite3_str *sql, const char *column, const char *is)
{
	if (report_is_text(report->kind, column))
		sqlite3_str_appendf(sql, "%Q", is);
	else
		sqlite3_str_appendf(sql, "%s", is);
}

int
report_check_words(
    const char *name, unsigned int count, char *why, unsigned int size)
{
	const struct report_kind *kind = report_find(name);

	if (kind == NULL || kind->keys == NULL ||
	    count >= count_words(kind->keys))
		return 0;
	(void)snprintf(why, size, "report '%s' wants %s behind its name", name,
	    kind->usage);
	return -ENOENT;
}

static int
append_keys(struct report *report, sqlite3_str *sql)
{
	const struct report_options *options = report->options;
	const char *keys = keys_of(report);
	unsigned int i, count = count_words(keys);
	char column[WORD_MAX];

	if (report_check_words(report->kind->name, options->words_count,
		report->why, report->size) != 0)
		return -ENOENT;
	for (i = 0; i < count; i++) {
		(void)snprintf(column, sizeof column, "%.*s",
		    (int)strcspn(keys, " "), keys);
		keys += strcspn(keys, " ");
		keys += strspn(keys, " ");
		if (!report_is_text(report->kind, column) &&
		    !is_number(options->words[i]))
			return report_refuse(report, -ENOENT,
			    "report '%s' wants %s behind its name, '%.60s' is "
			    "no number",
			    report->kind->name, report->kind->usage,
			    options->words[i]);
		sqlite3_str_appendf(sql, " AND \"%w\" = ", column);
		append_value(report, sql, column, options->words[i]);
	}
	return 0;
}

/* What the statement `sql`, which it frees, has in its one row; "" for NULL. */
static int
read_text(struct report *report, char *sql, char *text, size_t size)
{
	sqlite3_stmt *statement;
	int status = SQLITE_NOMEM;

	if (sql == NULL)
		return report_refuse(report, -ENOMEM, "no memory is left");
	status = sqlite3_prepare_v2(report->db, sql, -1, &statement, NULL);
	sqlite3_free(sql);
	if (status != SQLITE_OK)
		return report_fail_by_sqlite(report);
	text[0] = '\0';
	if (sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_type(statement, 0) != SQLITE_NULL)
		(void)snprintf(text, size, "%s",
		    (const char *)sqlite3_column_text(statement, 0));
	return sqlite3_finalize(statement) == SQLITE_OK
	    ? 0
	    : report_fail_by_sqlite(report);
}

/* The first values of the columns that are keys, "1, 2, 3 ... 249". */
static int
read_known(struct report *report, char *known, size_t size)
{
	return read_text(report,
	    sqlite3_mprintf(
		"WITH known AS MATERIALIZED (SELECT DISTINCT %s AS k FROM %s"
		" WHERE run = %lld)\n"
		"SELECT group_concat(k, ', ') || CASE WHEN (SELECT count(*)"
		" FROM known) > count(*) THEN ' ... ' || (SELECT max(k)"
		" FROM known) ELSE '' END\n"
		"FROM (SELECT k FROM known ORDER BY k LIMIT 12)",
		report->kind->known, report->view, report->run),
	    known, size);
}

/* The words that keys may be, where that can be said of each by itself. */
static int
read_words(struct report *report, char *words, size_t size)
{
	char *from;
	int result;

	words[0] = '\0';
	if (report->kind->words == NULL)
		return 0;
	from = sqlite3_mprintf(report->kind->words, report->run);
	result = read_text(report,
	    sqlite3_mprintf("SELECT group_concat(k, ' ') FROM (%s)", from),
	    words, size);
	sqlite3_free(from);
	return result;
}

/* The first of its keys that is none of the words; NULL: they all are. */
static const char *
find_strange(const struct report *report, const char *words)
{
	const struct report_options *options = report->options;
	unsigned int i, count = count_words(keys_of(report));

	for (i = 0; i < count && words[0] != '\0'; i++)
		if (!word_is_in(options->words[i], words))
			return options->words[i];
	return NULL;
}

static int
refuse_strange(struct report *report, const char *asked, const char *strange,
    const char *words)
{
	char nearest[NEAREST_WORD_MAX + 1];

	if (nearest_word(strange, words, nearest, sizeof nearest))
		return report_refuse(report, -ENOENT,
		    "report '%s%s' is of nothing: run %lld has no '%.60s', did "
		    "you mean '%s'?",
		    report->kind->name, asked, report->run, strange, nearest);
	return report_refuse(report, -ENOENT,
	    "report '%s%s' is of nothing: run %lld has no '%.60s', there are: "
	    "%.600s",
	    report->kind->name, asked, report->run, strange, words);
}

int
report_refuse_keys(struct report *report)
{
	const struct report_options *options = report->options;
	char known[KNOWN_MAX] = "", words[KNOWN_MAX], asked[4 * WORD_MAX] = "";
	unsigned int i, count = count_words(keys_of(report));
	const char *strange;
	size_t at = 0;
	int result = read_known(report, known, sizeof known);

	if (result == 0)
		result = read_words(report, words, sizeof words);
	if (result != 0)
		return result;
	for (i = 0; i < count && at < sizeof asked; i++)
		at += (size_t)snprintf(
		    asked + at, sizeof asked - at, " %.60s", options->words[i]);
	strange = find_strange(report, words);
	if (strange != NULL)
		return refuse_strange(report, asked, strange, words);
	if (known[0] == '\0')
		return report_refuse(report, -ENOENT,
		    "report '%s%s' is of nothing: run %lld has none",
		    report->kind->name, asked, report->run);
	return report_refuse(report, -ENOENT,
	    "report '%s%s' is of nothing: run %lld has %.600s",
	    report->kind->name, asked, report->run, known);
}

/*--------------------------------------------------------------------
 * Filters
 */

/* The named filter or NULL. */
static const struct report_filter *
find_filter(const struct report_kind *kind, const char *name)
{
	const struct report_filter *filter = kind->filters;

	if (filter == NULL)
		return NULL;
	for (; filter->name != NULL; filter++)
		if (strcmp(filter->name, name) == 0)
			return filter;
	return NULL;
}

static int
refuse_filter(
    struct report *report, const struct columns *columns, const char *name)
{
	const struct report_filter *filter = report->kind->filters;
	char known[KNOWN_MAX] = "", nearest[NEAREST_WORD_MAX + 1];
	size_t at = 0;
	int i;

	for (; filter != NULL && filter->name != NULL; filter++)
		at += (size_t)snprintf(
		    known + at, sizeof known - at, "%s ", filter->name);
	for (i = 0; i < columns->count && at < sizeof known; i++)
		at += (size_t)snprintf(
		    known + at, sizeof known - at, "%s ", columns->names[i]);
	if (nearest_word(name, known, nearest, sizeof nearest))
		return report_refuse(report, -ENOENT,
		    "report '%s' has no filter '%.60s', did you mean '%s'?",
		    report->kind->name, name, nearest);
	return report_refuse(report, -ENOENT,
	    "report '%s' has no filter '%.60s', there are: %s",
	    report->kind->name, name, known);
}

static int
refuse_value(struct report *report, const char *word,
    const struct report_filter *filter, const char *value)
{
	char nearest[NEAREST_WORD_MAX + 1];

	if (filter->is_least)
		return report_refuse(report, -ENOENT,
		    "'%.80s' is no duration, as in %s=10s", word, filter->name);
	if (filter->is_span)
		return report_refuse(report, -ENOENT,
		    "'%.80s' is no span of the run, as in %s=10s-90s", word,
		    filter->name);
	if (filter->words == NULL)
		return report_refuse(
		    report, -ENOENT, "'%.80s': that is no number", word);
	if (nearest_word(value, filter->words, nearest, sizeof nearest))
		return report_refuse(report, -ENOENT,
		    "'%.80s': a call is never that, did you mean '%s'?", word,
		    nearest);
	return report_refuse(report, -ENOENT,
	    "'%.80s': a call is never that, expected one of: %s", word,
	    filter->words);
}

/* "10-90": at least the one and below the other. */
static bool
append_span(sqlite3_str *sql, const char *column, const char *value)
{
	char *dash, *end;
	double from = strtod(value, &dash), to;

	if (dash == value || *dash != '-' || !isdigit((unsigned char)dash[1]))
		return false;
	to = strtod(dash + 1, &end);
	if (*end != '\0' || from < 0 || to < from)
		return false;
	sqlite3_str_appendf(sql, " AND \"%w\" >= %.6f AND \"%w\" < %.6f",
	    column, from, column, to);
	return true;
}

static bool
append_least(sqlite3_str *sql, const char *column, const char *value)
{
	if (!is_number(value))
		return false;
	sqlite3_str_appendf(
	    sql, " AND \"%w\" >= %.6f", column, strtod(value, NULL));
	return true;
}

/* One of the columns has the value. */
static void
append_among(struct report *report, sqlite3_str *sql, const char *columns,
    const char *value)
{
	char column[WORD_MAX];
	const char *before = " AND (";

	for (; *columns != '\0'; columns += strspn(columns, " ")) {
		(void)snprintf(column, sizeof column, "%.*s",
		    (int)strcspn(columns, " "), columns);
		columns += strcspn(columns, " ");
		sqlite3_str_appendf(sql, "%s\"%w\" = ", before, column);
		append_value(report, sql, column, value);
		before = " OR ";
	}
	sqlite3_str_appendall(sql, ")");
}

static bool
is_column(const struct columns *columns, const char *name)
{
	int i;

	for (i = 0; i < columns->count; i++)
		if (strcmp(columns->names[i], name) == 0)
			return true;
	return false;
}

static int
append_filter(struct report *report, sqlite3_str *sql,
    const struct columns *columns, const char *word)
{
	const struct report_filter *filter;
	const char *value = strchr(word, '=');
	char name[WORD_MAX];
	struct report_filter by_column = { .name = name, .columns = name };
	bool is_good = true;

	if (value == NULL || value - word >= WORD_MAX)
		return report_refuse(report, -ENOENT,
		    "report '%s': '%.80s' is no filter, as in NAME=VALUE",
		    report->kind->name, word);
	(void)snprintf(name, sizeof name, "%.*s", (int)(value - word), word);
	value++;
	filter = find_filter(report->kind, name);
	if (filter == NULL && !is_column(columns, name))
		return refuse_filter(report, columns, name);
	filter = filter == NULL ? &by_column : filter;
	if (filter->is_least)
		is_good = append_least(sql, filter->columns, value);
	else if (filter->is_span)
		is_good = append_span(sql, filter->columns, value);
	else if (filter->words != NULL)
		is_good = word_is_in(value, filter->words);
	else if (filter == &by_column && !report_is_text(report->kind, name))
		is_good = is_number(value);
	if (!is_good)
		return refuse_value(report, word, filter, value);
	if (!filter->is_span && !filter->is_least)
		append_among(report, sql, filter->columns, value);
	return 0;
}

static int
append_filters(
    struct report *report, sqlite3_str *sql, const struct columns *columns)
{
	const struct report_options *options = report->options;
	unsigned int i = count_words(keys_of(report));
	const char *otherwise = report->kind->otherwise;
	const size_t length =
	    otherwise == NULL ? 0 : strcspn(otherwise, "=") + 1;
	int result = 0;

	for (; result == 0 && i < options->words_count; i++) {
		result = append_filter(report, sql, columns, options->words[i]);
		if (otherwise != NULL &&
		    strncmp(options->words[i], otherwise, length) == 0)
			otherwise = NULL;
	}
	if (result == 0 && otherwise != NULL)
		result = append_filter(report, sql, columns, otherwise);
	return result;
}

/*--------------------------------------------------------------------
 * The condition of whoever asks
 */

static struct report_value
value_of(sqlite3_value *value)
{
	switch (sqlite3_value_type(value)) {
	case SQLITE_INTEGER:
		return (struct report_value){ .kind = REPORT_INTEGER,
			.integer = sqlite3_value_int64(value) };
	case SQLITE_FLOAT:
		return (struct report_value){ .kind = REPORT_REAL,
			.real = sqlite3_value_double(value) };
	case SQLITE_TEXT:
		return (struct report_value){ .kind = REPORT_TEXT,
			.text = (const char *)sqlite3_value_text(value) };
	default:
		return (struct report_value){ .kind = REPORT_NULL };
	}
}

/* The SQL function: all columns of the row, in their order. */
static void
ask(sqlite3_context *context, int count, sqlite3_value **arguments)
{
	const struct report *report = sqlite3_user_data(context);
	const struct report_options *options = report->options;
	struct report_value values[COLUMNS_MAX];
	int i;

	for (i = 0; i < count && i < COLUMNS_MAX; i++)
		values[i] = value_of(arguments[i]);
	sqlite3_result_int(context, options->wants(options->arg, values));
}

static int
append_condition(
    struct report *report, sqlite3_str *sql, const struct columns *columns)
{
	int i;

	if (report->options->wants == NULL)
		return 0;
	if (sqlite3_create_function(report->db, "wants", columns->count,
		SQLITE_UTF8, report, ask, NULL, NULL) != SQLITE_OK)
		return report_fail_by_sqlite(report);
	for (i = 0; i < columns->count; i++)
		sqlite3_str_appendf(sql, "%s\"%w\"",
		    i == 0 ? " AND wants(" : ", ", columns->names[i]);
	sqlite3_str_appendall(sql, ")");
	return 0;
}

/*--------------------------------------------------------------------
 * All of it
 */

/*
 * What is about one object has few rows, which may be dear, and is read more
 * than once: it is kept in a table of the reader's own.
 */
static int
keep(struct report *report, sqlite3_str **textp)
{
	char *select = sqlite3_str_finish(*textp), *sql;
	int status = SQLITE_NOMEM;

	*textp = sqlite3_str_new(report->db);
	sql = sqlite3_mprintf("PRAGMA query_only = off;"
			      "CREATE TEMP TABLE asked AS %s",
	    select == NULL ? "" : select);
	if (select != NULL && sql != NULL)
		status = sqlite3_exec(report->db, sql, NULL, NULL, NULL);
	sqlite3_free(select);
	sqlite3_free(sql);
	return status == SQLITE_OK ? 0 : report_fail_by_sqlite(report);
}

/* What is made of the columns of a row. */
enum shape { SHAPE_PLAIN, SHAPE_OBJECT, SHAPE_KEPT };

/*
 * All columns; or "json_object('run', "run", ...)"; or, to be kept, without
 * affinity, so that a number beside texts stays one.
 */
static void
append_values(sqlite3_str *sql, const struct columns *columns, enum shape shape)
{
	const char *name;
	int i;

	if (shape == SHAPE_OBJECT)
		sqlite3_str_appendall(sql, "json_object(");
	for (i = 0; i < columns->count; i++) {
		name = columns->names[i];
		sqlite3_str_appendall(sql, i == 0 ? "" : ", ");
		if (shape == SHAPE_OBJECT)
			sqlite3_str_appendf(sql, "%Q, \"%w\"", name, name);
		else if (shape == SHAPE_KEPT)
			sqlite3_str_appendf(
			    sql, "+\"%w\" AS \"%w\"", name, name);
		else
			sqlite3_str_appendf(sql, "\"%w\"", name);
	}
	if (shape == SHAPE_OBJECT)
		sqlite3_str_appendall(sql, ")");
}

static int
prepare(struct report *report, sqlite3_str *text, sqlite3_stmt **ret_statement)
{
	char *sql = sqlite3_str_finish(text);
	int status = SQLITE_NOMEM;

	if (sql == NULL)
		return report_refuse(report, -ENOMEM, "no memory is left");
	status = sqlite3_prepare_v2(report->db, sql, -1, ret_statement, NULL);
	sqlite3_free(sql);
	return status == SQLITE_OK ? 0 : report_fail_by_sqlite(report);
}

int
report_select(struct report *report, bool is_json, sqlite3_stmt **ret_statement)
{
	const enum shape shape = is_json ? SHAPE_OBJECT : SHAPE_PLAIN;
	struct columns columns = { .count = 0 };
	sqlite3_str *sql;
	int result = read_columns(report, &columns);

	if (result != 0)
		return result;
	sql = sqlite3_str_new(report->db);
	sqlite3_str_appendall(sql, "SELECT ");
	append_values(
	    sql, &columns, report->kind->keys != NULL ? SHAPE_KEPT : shape);
	sqlite3_str_appendf(
	    sql, " FROM %s WHERE run = %lld", report->view, report->run);
	result = append_keys(report, sql);
	if (result == 0)
		result = append_filters(report, sql, &columns);
	if (result == 0)
		result = append_condition(report, sql, &columns);
	if (report->options->limit > 0)
		sqlite3_str_appendf(
		    sql, " LIMIT %lld", (long long)report->options->limit);
	if (result == 0 && report->kind->keys != NULL) {
		result = keep(report, &sql);
		sqlite3_str_appendall(sql, "SELECT ");
		append_values(sql, &columns, shape);
		sqlite3_str_appendall(sql, " FROM temp.asked");
	}
	sqlite3_finalize(columns.plain);
	if (result == 0)
		return prepare(report, sql, ret_statement);
	sqlite3_free(sqlite3_str_finish(sql));
	return result;
}
