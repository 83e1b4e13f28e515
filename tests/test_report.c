/* What reports print, to the letter, of a small database. */
#include "calls/database/report.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "calls/database/batch.h"
#include "calls/database/cdr_row.h"
#include "calls/database/writer.h"
#include "calls/exchange/cdr.h"

struct place {
	char folder[32], path[64], why[1024];
	char *text; /* of the last report */
	size_t length;
	/* What the next one is asked with. */
	report_wants_f *wants;
	report_fill_f *fill;
	int64_t limit;
};

enum { SECOND = 1000000 };

/* Calls of 1, 2 ... : answered, busy, no answer, refused, crashed. */
static const struct cdr cdrs[] = {
	{
	    .call = { .call = 1,
		.t_seize = 1 * SECOND,
		.t_dialled = 2 * SECOND,
		.t_alert = 2 * SECOND + 100000,
		.t_answer = 8 * SECOND + 100000,
		.t_release = 98 * SECOND + 100000,
		.hold_us = 5 * SECOND,
		.cause = CAUSE_NORMAL,
		.release_side = SIDE_A,
		.attempts = 1,
		.dialled = "1002" },
	    .charge_micro = 170000,
	    .pulses = 2,
	    .legs = 1,
	    .pid = { 7, 2 },
	    .calling = "1001",
	    .translated = "1002",
	    .connected = "1002",
	    .version_start = "1.0",
	    .version_end = "2.0",
	    .upgrades = 1,
	    .pause_us = 12,
	},
	{
	    .call = { .call = 2,
		.t_seize = 3 * SECOND,
		.t_dialled = 3 * SECOND,
		.t_release = 5 * SECOND,
		.cause = CAUSE_BUSY,
		.release_side = SIDE_NET,
		.dialled = "1001" },
	    .legs = 1,
	    .calling = "1003",
	    .translated = "1001",
	    .version_start = "1.0",
	    .version_end = "1.0",
	},
	{
	    .call = { .call = 3,
		.t_seize = 3 * SECOND,
		.t_dialled = 3 * SECOND,
		.t_alert = 3 * SECOND + 300000,
		.t_release = 13 * SECOND,
		.cause = CAUSE_NO_ANSWER,
		.release_side = SIDE_NET,
		.dialled = "1004" },
	    .legs = 1,
	    .calling = "1003",
	    .translated = "1004",
	    .version_start = "2.0",
	    .version_end = "2.0",
	},
	{
	    .call = { .call = 4,
		.t_seize = 3 * SECOND,
		.t_dialled = 3 * SECOND,
		.t_alert = 3 * SECOND + 200000,
		.t_release = 7 * SECOND,
		.cause = CAUSE_TEMPORARY_FAILURE,
		.local_reason = LOCAL_CRASH,
		.release_side = SIDE_NET,
		.dialled = "1005" },
	    .legs = 1,
	    .calling = "1006",
	    .translated = "1005",
	    .version_start = "2.0",
	    .version_end = "2.0",
	    .crashes = 3,
	},
};

static void
run_sql(struct place *place, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void
write_run(struct place *place, const char *question, unsigned int calls)
{
	const struct run_row run = { .path = place->path,
		.scenario = "s.tcl",
		.question = question,
		.seed = 42,
		.pace = "virtual" };
	const struct run_end end = { .result = "pass",
		.virtual_us = 98 * SECOND,
		.wall_us = SECOND / 2,
		.gapped = 1 };
	struct batch *batch = batch_alloc();
	struct writer *writer = NULL;
	unsigned int i;

	assert_int_equal(
	    writer_alloc(&writer, &run, place->why, sizeof place->why), 0);
	assert_int_equal(writer_add_type(writer, &cdr_row), 0);
	for (i = 0; i < calls; i++)
		assert_int_equal(
		    batch_add(batch, i + 1, 0, &cdrs[i], sizeof cdrs[i]), 0);
	assert_int_equal(writer_commit(writer, batch), 0);
	assert_int_equal(writer_audit(writer, "A1", 1, "4 = 4"), 0);
	assert_int_equal(
	    writer_audit(writer, "A2", 0, "said \"no\", twice"), 0);
	assert_int_equal(writer_end(writer, &end), 0);
	batch_free(&batch);
	writer_free(&writer);
	run_sql(place, "UPDATE run SET started = '2026-11-22T10:00:00Z'");
}

static int
setup(void **state)
{
	struct place *place = calloc(1, sizeof *place);

	strcpy(place->folder, "/tmp/hotswitch-XXXXXX");
	if (mkdtemp(place->folder) == NULL)
		return -1;
	snprintf(place->path, sizeof place->path, "%s/calls.db", place->folder);
	*state = place;
	return 0;
}

static int
setup_runs(void **state)
{
	struct place *place;

	if (setup(state) != 0)
		return -1;
	place = *state;
	write_run(place, "Is one enough?", 1);
	write_run(place, "Does a call survive?", 4);
	run_sql(place,
	    "INSERT INTO upgrade VALUES(2, 1, 'call', '1.0', '2.0', 'sweep',"
	    " 'installed', 'none', 0, 3, 2, 1, 0, 0, 5, 6, 7, 0, 1500, 2500,"
	    " 1.25, 8.5, 30, 66.75, 1, 2, 3, 4, 1000000, 2000000,"
	    " 'all run 2.0', 3, 4, 1, 2, 0, 0, 0, 0, 0, 1500, 1000, 800, 900,"
	    " 0, 0, 200, 100, '[{\"state\":\"active\",\"converted\":2,"
	    "\"pinned\":0,\"failed\":1}]'),"
	    " (2, 2, 'call', '2.0', '9.9', 'sweep', 'refused', 'admission', 0,"
	    " 3, 0, 0, 0, 0, 0, 0, 0, 0, 10, 20, 0, 0, 0, 0, 0, 0, 0, 0,"
	    " 3000000, 3000000, 'cannot load ''call'' 9.9', 0, 0, 0, 0, 0, 0,"
	    " 0, 0, 0, 10, 10, 0, 0, 0, 0, 0, 0, '[]')");
	run_sql(place,
	    "INSERT INTO upgrade_failure VALUES(2, 1, 1, 2000000, 'failed',"
	    " 2, 8589934593, 'call', '1.0', 'active', 'its check refuses it')");
	return 0;
}

static int
teardown(void **state)
{
	struct place *place = *state;

	unlink(place->path);
	assert_int_equal(rmdir(place->folder), 0); /* no -wal, no -shm */
	free(place->text);
	free(place);
	return 0;
}

/* `name` may have words behind it: "upgrade 1". */
static int
print(struct place *place, const char *name, enum report_format format,
    const char *run, int is_terminal)
{
	char text[128] = "", *rest = text;
	const char *words[8] = { NULL };
	struct report_options options = { .name = name,
		.words = words + 1,
		.path = place->path,
		.run = run,
		.format = format,
		.is_terminal = is_terminal };
	FILE *out;
	int result;
	unsigned int i;

	if (name != NULL)
		snprintf(text, sizeof text, "%s", name);
	for (i = 0; i < 8 && (words[i] = strsep(&rest, " ")) != NULL; i++)
		;
	options.name = name == NULL ? NULL : words[0];
	options.words_count = i == 0 ? 0 : i - 1;
	options.limit = place->limit;
	options.wants = place->wants;
	options.fill = place->fill;
	free(place->text);
	out = open_memstream(&place->text, &place->length);
	assert_non_null(out);
	result = report_print(&options, out, place->why, sizeof place->why);
	fclose(out);
	return result;
}

/* The last report reads as tests/report/NAME.txt does. */
static void
assert_text_of(struct place *place, const char *name)
{
	char path[256], text[4096];
	FILE *file;

	snprintf(
	    path, sizeof path, HOTSWITCH_SOURCE "/tests/report/%s.txt", name);
	file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(place->text, text);
}

static unsigned int
count_lines(const struct place *place)
{
	unsigned int count = 0;
	const char *at;

	for (at = place->text; (at = strchr(at, '\n')) != NULL; at++)
		count++;
	return count;
}

/* Formats */

static void
the_summary_is_a_page_of_figures_and_definitions(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, NULL, REPORT_TABLE, NULL, 0), 0);
	assert_text_of(place, "summary");
}

static void
calls_are_a_table_with_units_in_the_headings(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "calls", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "calls");
}

static void
on_a_terminal_columns_that_do_not_fit_are_named_instead(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "upgrades", REPORT_TABLE, "2", 1), 0);
	assert_text_of(place, "upgrades-on-a-terminal");
}

static void
csv_quotes_what_needs_it_and_ends_lines_by_rfc_4180(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "audit", REPORT_CSV, "last", 0), 0);
	assert_string_equal(place->text,
	    "run,row,verdict,text\r\n"
	    "2,A1,holds,4 = 4\r\n"
	    "2,A2,broken,\"said \"\"no\"\", twice\"\r\n");
}

static void
json_is_an_array_of_objects(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "audit", REPORT_JSON, "last", 0), 0);
	assert_string_equal(place->text,
	    "[\n{\"run\":2,\"row\":\"A1\",\"verdict\":\"holds\","
	    "\"text\":\"4 = 4\"},\n"
	    "{\"run\":2,\"row\":\"A2\",\"verdict\":\"broken\","
	    "\"text\":\"said \\\"no\\\", twice\"}\n]\n");
	assert_int_equal(print(place, "faults", REPORT_JSON, "last", 0), 0);
	assert_string_equal(place->text, "[\n]\n");
}

static void
the_summary_for_programs_has_exact_shares_and_null(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "summary", REPORT_JSON, "2", 0), 0);
	assert_non_null(strstr(place->text,
	    "\"calls\":4,\"gapped\":1,\"answered\":1,\"asr\":0.25,"
	    "\"abr\":0.2,\"ner\":0.75,\"acd_s\":90.0,\"mht_s\":28.275,"
	    "\"pdd_p50_ms\":200.0,\"pdd_p95_ms\":300.0,\"charge_micro\":170000,"
	    "\"without_alert\":1,\"busy\":1,\"no_answer\":1,\"cancelled\":0,"
	    "\"refused\":0,\"failed\":1,\"lost\":1,"));
	assert_int_equal(print(place, "summary", REPORT_JSON, "1", 0), 0);
	assert_non_null(strstr(place->text, "\"pause_max_us\":null"));
}

static void
an_empty_report_says_so(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "faults", REPORT_TABLE, NULL, 0), 0);
	assert_string_equal(place->text, "faults of run 2\n\nnone\n");
	assert_int_equal(print(place, "faults", REPORT_CSV, NULL, 0), 0);
	assert_string_equal(place->text,
	    "run,id,at_s,call,module,version,event,callback,reason,resumed,"
	    "pid\r\n");
}

/* A fault names the call that it came to, if there is a record of one. */
static void
a_fault_has_its_call_and_no_exponent(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "INSERT INTO fault SELECT 2, 90, 1, pid, 'call', '1.0', 'onhook',"
	    " 'handle', 'SIGSEGV', 0, 1 FROM cdr WHERE run = 2 AND call = 2");
	run_sql(place,
	    "INSERT INTO fault VALUES(2, 91, 2, -1, 'x', '1', 'e', 'handle',"
	    " 'SIGSEGV', 418, 0)");
	assert_int_equal(print(place, "faults", REPORT_CSV, NULL, 0), 0);
	assert_non_null(
	    strstr(place->text, "\r\n2,90,0.000001,2,call,1.0,onhook,handle,"));
	assert_non_null(strstr(place->text,
	    "\r\n2,91,0.000002,,x,1,e,handle,SIGSEGV at +0x1a2,0,"));
}

/* A column that is said to be a text holds none else, and so on. */
static void
assert_kinds(
    struct place *place, const char *name, const char *column, bool is_text)
{
	char *sql =
	    sqlite3_mprintf("SELECT 1 FROM report_%q WHERE (typeof(\"%w\")"
			    " = 'text') <> %d AND \"%w\" IS NOT NULL",
		name, column, is_text, column);
	sqlite3_stmt *statement;
	sqlite3 *db;
	char *at;

	for (at = strchr(sql, '-'); at != NULL; at = strchr(at, '-'))
		*at = '_'; /* report_busy_hour */
	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	if (sqlite3_step(statement) != SQLITE_DONE)
		fail_msg("report %s: column %s", name, column);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	sqlite3_free(sql);
}

struct named {
	struct place *place;
	const char *name;
	unsigned int columns, values;
};

static void
look_at_column(void *arg, const char *column, bool is_text)
{
	struct named *named = arg;

	named->columns++;
	/* One column of all kinds: a condition has it as a text. */
	if (strcmp(column, "value") != 0 && strcmp(named->name, "hung") != 0 &&
	    strcmp(named->name, "circuits") != 0)
		assert_kinds(named->place, named->name, column, is_text);
}

static void
assert_refused(struct place *place, const char *name, const char *run,
    int result, const char *expected)
{
	assert_int_equal(print(place, name, REPORT_TABLE, run, 0), result);
	assert_string_equal(place->why, expected);
	assert_string_equal(place->text, "");
}

/* Two calls, or a trunk group. */
static void
fill(void *arg, const char *name, struct report_rows *rows)
{
	const struct report_value calls[2][8] = {
		{ { REPORT_INTEGER, 7, 0, NULL }, { REPORT_TEXT, 0, 0, "1001" },
		    { REPORT_TEXT, 0, 0, "1002" }, { REPORT_TEXT, 0, 0, "2.0" },
		    { REPORT_TEXT, 0, 0, "active" },
		    { REPORT_REAL, 0, 3600.5, NULL },
		    { REPORT_INTEGER, 9, 0, NULL },
		    { REPORT_INTEGER, 0, 0, NULL } },
		{ { REPORT_INTEGER, 8, 0, NULL }, { REPORT_TEXT, 0, 0, "1003" },
		    { REPORT_TEXT, 0, 0, "" }, { REPORT_TEXT, 0, 0, "2.0" },
		    { REPORT_TEXT, 0, 0, "active" },
		    { REPORT_REAL, 0, 3599.5, NULL },
		    { REPORT_INTEGER, 1, 0, NULL },
		    { REPORT_INTEGER, 0, 0, NULL } },
	};
	const struct report_value trunk[11] = { { REPORT_TEXT, 0, 0, "T1" },
		{ REPORT_INTEGER, 4, 0, NULL }, { 0 }, { 0 }, { 0 }, { 0 },
		{ 0 }, { 0 }, { 0 }, { 0 }, { REPORT_TEXT, 0, 0, ".BXD" } };

	(void)arg;
	if (strcmp(name, "circuits") == 0) {
		report_rows_add(rows, trunk);
		return;
	}
	report_rows_add(rows, calls[0]);
	report_rows_add(rows, calls[1]);
}

static void
a_running_switch_is_asked_for_what_no_file_holds(void **state)
{
	struct place *place = *state;

	assert_refused(place, "hung", "2", -ENOENT,
	    "report 'hung' asks a running switch, which there is only in a"
	    " scenario: write `report hung` there");
	place->fill = fill;
	assert_int_equal(print(place, "hung", REPORT_CSV, "2", 0), 0);
	assert_string_equal(place->text,
	    "run,call,calling,called,state,version,age_s,events,waiting\r\n"
	    "2,7,1001,1002,active,2.0,3600.500000,9,0\r\n");
	assert_int_equal(
	    print(place, "hung longer=10 call=8", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 2);
	assert_non_null(strstr(place->text, "\r\n2,8,1003,"));
	assert_int_equal(print(place, "circuits", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text, "2,T1,4,,,,,,,,,.BXD\r\n"));
	assert_refused(place, "hung longer=soon", "2", -ENOENT,
	    "'longer=soon' is no duration, as in longer=10s");
}

static void
every_named_report_has_its_view(void **state)
{
	struct place *place = *state;
	char names[REPORT_NAMES_MAX], *name, *rest = names;
	char asked[64];

	place->fill = fill;
	report_names(names, sizeof names);
	while ((name = strsep(&rest, " ")) != NULL) {
		struct named named = { .place = place, .name = name };

		snprintf(asked, sizeof asked, "%s%s", name,
		    strcmp(name, "upgrade") == 0 || strcmp(name, "call") == 0
			? " 1"
			: strcmp(name, "compare") == 0 ? " call 1.0 2.0"
						       : "");
		assert_int_equal(print(place, asked, REPORT_CSV, "2", 0), 0);
		assert_int_equal(strncmp(place->text, "run,", 4), 0);
		assert_int_equal(report_columns(name, look_at_column, &named,
				     place->why, sizeof place->why),
		    0);
		assert_true(named.columns > 2);
	}
}

static int
count_old(const struct place *place)
{
	sqlite3_stmt *statement;
	sqlite3 *db;
	int count;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "SELECT count(*) FROM report_releases"
			     " WHERE run = 2 AND status = 'old'",
			     -1, &statement, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	count = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return count;
}

/*
 * In OTP's words.  Run 1: 1.0 is the first, 2.0 is installed; run 2: it begins
 * with 1.0 again, 2.0 is made permanent, 3.0 is tried and taken back.
 */
static void
r5_releases_have_a_status_and_can_be_picked_by_it(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "INSERT INTO release VALUES(1, 1, 0, 'call', '1.0', 'permanent'),"
	    " (1, 2, 10, 'call', '2.0', 'current'),"
	    " (2, 1, 0, 'call', '1.0', 'current'),"
	    " (2, 5, 0, 'call', '2.0', 'current'),"
	    " (2, 6, 2500000, 'call', '2.0', 'permanent'),"
	    " (2, 7, 3000000, 'call', '3.0', 'current'),"
	    " (2, 8, 4000000, 'call', '2.0', 'current'),"
	    " (2, 9, 4000000, 'other', '1', 'permanent')");
	assert_int_equal(print(place, "releases", REPORT_CSV, "1", 0), 0);
	assert_string_equal(place->text,
	    "run,module,version,status,since_run,since_s\r\n"
	    "1,call,1.0,permanent,1,0.000000\r\n"
	    "1,call,2.0,current,1,0.000010\r\n");
	assert_int_equal(print(place, "releases", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "releases");
	assert_int_equal(count_old(place), 2); /* 1.0 and 3.0 */
	run_sql(place,
	    "INSERT INTO run(run, scenario, question, seed, pace,"
	    " started) VALUES(3, '', '', 1, '', '')");
	assert_int_equal(print(place, "releases", REPORT_CSV, "3", 0), 0);
	assert_non_null(strstr(place->text, "3,call,1.0,old,2,"));
	assert_non_null(strstr(place->text, "3,call,2.0,permanent,2,"));
	assert_non_null(strstr(place->text, "3,call,3.0,old,2,"));
	run_sql(place, "DELETE FROM release WHERE number = 8");
	assert_int_equal(print(place, "releases", REPORT_CSV, "3", 0), 0);
	assert_non_null(strstr(place->text, "3,call,3.0,unpacked,2,"));
}

static void
control_characters_do_not_reach_the_terminal(void **state)
{
	struct place *place = *state;

	run_sql(place, "UPDATE audit SET text = char(27) || '[2J' || char(10)");
	assert_int_equal(print(place, "audit", REPORT_TABLE, NULL, 0), 0);
	assert_null(strchr(place->text, 27));
}

/* A child writes a CDR and dies without closing its file. */
static void
write_and_die(struct place *place)
{
	const struct run_row run = {
		.path = place->path, .scenario = "", .question = "", .pace = ""
	};
	struct batch *batch = batch_alloc();
	struct writer *writer = NULL;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (writer_alloc(
			&writer, &run, place->why, sizeof place->why) != 0 ||
		    writer_add_type(writer, &cdr_row) != 0 ||
		    batch_add(batch, 1, 0, &cdrs[0], sizeof cdrs[0]) != 0 ||
		    writer_commit(writer, batch) != 0)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	batch_free(&batch);
}

static void
a_run_that_was_killed_can_be_read_and_leaves_one_file(void **state)
{
	struct place *place = *state;
	char wal[80];

	write_and_die(place);
	snprintf(wal, sizeof wal, "%s-wal", place->path);
	assert_int_equal(access(wal, F_OK), 0);
	assert_int_equal(print(place, "summary", REPORT_CSV, NULL, 0), 0);
	assert_non_null(strstr(place->text, ",unfinished,"));
	assert_int_equal(print(place, "calls", REPORT_CSV, NULL, 0), 0);
	assert_non_null(strstr(place->text, "\r\n1,1,1001,1002,"));
	assert_int_equal(access(wal, F_OK), -1);
}

/* Which rows */

static void
words_are_filters_of_columns_and_of_what_calls_have(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "calls cause=17", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text, "\r\n2,2,1003,1001,"));
	assert_int_equal(count_lines(place), 2);
	assert_int_equal(
	    print(place, "calls number=1004", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text, "\r\n2,3,1003,1004,"));
	assert_int_equal(count_lines(place), 2);
	assert_int_equal(
	    print(place, "calls version=1.0", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 3);
	assert_int_equal(
	    print(place, "calls version=1.0 state=busy", REPORT_CSV, "2", 0),
	    0);
	assert_int_equal(count_lines(place), 2);
	/* From the first moment to before the second. */
	assert_int_equal(print(place, "calls time=1-3", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 2);
	assert_int_equal(
	    print(place, "calls time=3-3.5", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 4);
	place->limit = 2;
	assert_int_equal(print(place, "calls", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 3);
}

static bool
wants_the_longest(void *arg, const struct report_value *values)
{
	(void)arg;
	assert_int_equal(values[0].kind, REPORT_INTEGER); /* run */
	assert_int_equal(values[2].kind, REPORT_TEXT);	  /* calling */
	return values[7].integer == 90000;		  /* bill_ms */
}

static void
a_condition_is_asked_for_each_row(void **state)
{
	struct place *place = *state;

	place->wants = wants_the_longest;
	assert_int_equal(print(place, "calls", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 2);
	assert_non_null(strstr(place->text, "\r\n2,1,1001,"));
}

static void
an_upgrade_is_told_on_a_page(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "upgrade 1", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "upgrade");
	assert_int_equal(print(place, "upgrade 2", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text, "2,2,upgrade,reason,admission,"));
}

static void
a_call_is_told_on_a_page(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "INSERT INTO leg(run, call, leg, kind, number, payer, account,"
	    " tariff,"
	    " out_trunk, reason, cause, t_begin, t_answer, t_end, bill_ms,"
	    " pulses, charge_micro) VALUES(2, 1, 1, 'dialled', '1002', '1001',"
	    " '', 'town', '', '', 16, 2000000, 8100000, 98100000, 90000, 2,"
	    " 170000);"
	    "INSERT INTO unexpected SELECT 2, 1, 9000000, pid, '1.0', 'active',"
	    " 'hold', '1001' FROM cdr WHERE run = 2 AND call = 1;"
	    "INSERT INTO fault SELECT 2, 90, 9500000, pid, 'call', '1.0',"
	    " 'digit', 'handle', 'SIGSEGV', 418, 1 FROM cdr"
	    " WHERE run = 2 AND call = 1");
	assert_int_equal(print(place, "call 1", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "call");
	assert_int_equal(print(place, "unexpected", REPORT_CSV, "2", 0), 0);
	assert_string_equal(place->text,
	    "run,version,state,signal,signals,calls,first_s,last_s,first_call"
	    "\r\n2,1.0,active,hold,1,1,9.000000,9.000000,1\r\n");
	assert_refused(place, "call 9", "2", -ENOENT,
	    "report 'call 9' is of nothing: run 2 has 1, 2, 3, 4");
}

static void
what_went_between_its_parties_is_a_ladder(void **state)
{
	struct place *place = *state;
	char *ladder;

	run_sql(place,
	    "INSERT INTO call_event VALUES"
	    "(2, 1, 1, 1000000, 'in', '1001', 'setup', '1002', 0, '', '1.0'),"
	    "(2, 1, 2, 1000000, 'out', '1002', 'setup', '', 0, '', ''),"
	    "(2, 1, 3, 1000000, 'of', '', 'state', 'presented', 0, 'null',"
	    " '1.0'),"
	    "(2, 1, 4, 1100000, 'in', '1002', 'alerting', '', 0, 'presented',"
	    " '1.0'),"
	    "(2, 1, 5, 1100000, 'out', '1001', 'tone', 'ringback', 0, '', ''),"
	    "(2, 1, 6, 2000000, 'of', '', 'upgrade', '2.0', 0, 'alerting',"
	    " '2.0'),"
	    "(2, 1, 7, 3000000, 'of', '', 'timeout', 'T301', 0, 'alerting',"
	    " '2.0'),"
	    "(2, 1, 8, 4000000, 'in', '1002', 'onhook', '', 16, 'active',"
	    " '2.0'),"
	    "(2, 1, 9, 4000000, 'in', '1003', 'a much too long one', '', 0,"
	    " 'active', '2.0')");
	assert_int_equal(print(place, "call 1", REPORT_TABLE, "2", 0), 0);
	ladder = strstr(place->text, "\n\n      at s") + 2;
	memmove(place->text, ladder, strlen(ladder) + 1);
	assert_text_of(place, "ladder");
	assert_int_equal(print(place, "call 1", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text,
	    "2,1,event,4.000000,1002: onhook,,\"in active of 2.0, cause 16\""));
}

/* Behind the lines: what nobody said, and whoever has no line of his own. */
static void
a_ladder_names_who_has_no_line(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n"
	    " WHERE n < 7) INSERT INTO call_event SELECT 2, 1, n, n * 1000000,"
	    " CASE n WHEN 1 THEN 'in' ELSE 'out' END, 1000 + n, 'setup', '', 0,"
	    " '', '1.0' FROM n");
	run_sql(place,
	    "INSERT INTO call_event VALUES(2, 1, 8, 8000000, 'of', '1001',"
	    " 'credit-low', '', 0, 'active', '1.0')");
	assert_int_equal(print(place, "call 1", REPORT_TABLE, "2", 0), 0);
	assert_non_null(strstr(place->text, "|    setup to 1007\n"));
	assert_non_null(strstr(place->text, "|    credit-low at 1001\n"));
	assert_int_equal(print(place, "call 1", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text, ",credit-low at 1001,,"));
}

static void
causes_have_names_and_shares(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "causes", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "causes");
}

static void
accounts_have_what_they_paid_and_what_is_left(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "INSERT INTO account(run, name, kind, deposit_micro, warn_micro)"
	    " VALUES(2, 'shop', 'prepaid', 1000000, 0),"
	    " (2, 'villa', 'billed', 0, 0);"
	    "INSERT INTO leg(run, call, leg, kind, number, payer, account,"
	    " tariff, out_trunk, reason, cause, t_begin, t_answer, t_end,"
	    " bill_ms, pulses, charge_micro) SELECT 2, value / 10, value % 10,"
	    " '', '', '', iif(value < 30, 'shop', ''), '', '', '', 16, 1, 1, 1,"
	    " 1000 * value, 2, 100000 * (value % 10)"
	    " FROM json_each('[11,12,21,31]')");
	assert_int_equal(print(place, "accounts", REPORT_CSV, "2", 0), 0);
	assert_string_equal(place->text,
	    "run,account,kind,calls,legs,bill_ms,pulses,charged_micro,"
	    "paid_in_micro,balance_micro\r\n"
	    "2,,,1,1,31000,2,100000,,\r\n"
	    "2,shop,prepaid,2,3,44000,6,400000,1000000,600000\r\n"
	    "2,villa,billed,0,0,0,0,0,,\r\n");
}

static void
short_are_the_answered_below_10_s(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "CREATE TEMP TABLE more AS SELECT * FROM cdr WHERE run = 2"
	    " AND call = 1;"
	    "UPDATE more SET call = 10, bill_ms = 9999;"
	    "INSERT INTO cdr SELECT * FROM more;"
	    "UPDATE more SET call = 11, bill_ms = 10000;"
	    "INSERT INTO cdr SELECT * FROM more");
	assert_int_equal(print(place, "short", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 2);
	assert_non_null(strstr(place->text, "\r\n2,10,"));
}

/*
 * T1 of 10 circuits, offered 5 E: of 1,000 bids 18 find none, which is Erlang's
 * 1.84 %; 4.91 E carried make 5 again.  T2 takes what T1 has no room for, and
 * has no formula; T3 stands behind T1 and has been the first choice of all that
 * came there, since the order is by weight: 0.5 E and one circuit are 1/3.
 */
static void
routes_have_their_load_beside_erlang_b(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "INSERT INTO office VALUES(2, 1, 0, 'trunk', 'T1', '10'),"
	    " (2, 2, 0, 'trunk', 'T2', '5 -kind isdn'),"
	    " (2, 3, 0, 'trunk', 'T3', '1'),"
	    " (2, 4, 0, 'route', '0', 'T1 T2 -strip 1'),"
	    " (2, 5, 0, 'route', '1', 'T1 T3 -order weight');"
	    "INSERT INTO measurement WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL"
	    " SELECT i + 1 FROM n WHERE i < 19) SELECT 2, 'trunk T1',"
	    " i * 300000000, (i + 1) * 300000000, 50, 50, 0, 0, 0, 0, 0, 0, 1, "
	    "49 "
	    "+ (i < 2), 25,"
	    " 49, 5, 4.91 * 300000000, 3000000, 0, 0, 2, 0, 0 FROM n;"
	    "INSERT INTO measurement VALUES(2, 'trunk T2', 0, 300000000, 18, 0,"
	    " 0, 0, 0, 0, 0, 0, 0, 18, 9, 18, 0, 30000000, 0, 0, 0, 0, 0, 0),"
	    " (2, 'trunk T3', 0, 300000000, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1,"
	    " 0, 150000000, 0, 0, 0, 0, 0, 0);"
	    "UPDATE cdr SET out_trunk = 'T1' WHERE call = 1;"
	    "UPDATE cdr SET in_trunk = 'T1' WHERE run = 2 AND call > 2");
	assert_int_equal(print(place, "routes", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text,
	    "\r\n2,T1,10,1000,982,500,20,0.509165,1.000000,90.000000,"
	    "100.000000,6.100000,4.910000,5.000000,0.018000,"));
	assert_non_null(strstr(place->text, ",0.018385,0.010000,40,1,2\r\n"));
	assert_non_null(strstr(place->text,
	    "\r\n2,T2,5,18,18,9,0,0.500000,,,,,0.100000,0.100000,0.000000,,,"
	    "0.000000,0,,0\r\n"));
	assert_non_null(strstr(place->text, "\r\n2,T3,1,1,1,1,0,"));
	assert_non_null(strstr(place->text,
	    ",0.500000,0.500000,0.000000,,0.333333,0.000000,0,,0\r\n"));
}

/*
 * Twenty calls that ended in A, of which 5 are answered after 1 to 5 ms, talk
 * for 1 to 5 s, and pay 2 each; and 20 in B, of which all are.  Wilson's
 * intervals of 5/20 and 20/20 are 0.1119 to 0.4687 and 0.8389 to 1; the mean
 * of 1 to 5 has the standard error sqrt(2.5 / 5) = 0.7071; the 50th percentile
 * of 5 values is the third, between the first and the fifth (2.5 - 2.19 and
 * 2.5 + 2.19); charges are 10 for 15 s.
 */
static void
two_versions_are_compared_with_how_sure_that_is(void **state)
{
	struct place *place = *state;

	run_sql(place,
	    "CREATE TEMP TABLE more AS WITH RECURSIVE n(i) AS (SELECT 1"
	    " UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
	    " SELECT cdr.* FROM cdr, n WHERE run = 2 AND call = 1;"
	    "UPDATE more SET call = rowid, t_dialled = 1000, t_alert = 0,"
	    " t_answer = 0, bill_ms = 0, charge_micro = 0, cause = 21,"
	    " version_start = iif(rowid <= 20, 'A', 'B'),"
	    " version_end = iif(rowid <= 20, 'A', 'B');"
	    "UPDATE more SET cause = 16, t_answer = 9000,"
	    " t_alert = 1000 + 1000 * (1 + (call - 1) % 20),"
	    " bill_ms = 1000 * (1 + (call - 1) % 20), charge_micro = 2000000"
	    " WHERE call <= 5 OR call > 20;"
	    "DELETE FROM cdr; INSERT INTO cdr SELECT * FROM more");
	assert_int_equal(
	    print(place, "compare call A B", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "compare");
	assert_int_equal(
	    print(place, "compare call B A", REPORT_CSV, "2", 0), 0);
	assert_non_null(strstr(place->text, "2,call,B,A,ASR,1.000000,0.838"));
	assert_non_null(strstr(place->text, ",lower,"));
}

/* Measures */

static void
percentiles_are_by_nearest_rank(void **state)
{
	struct place *place = *state;

	/* Of 20 values 1..20: the 50th percentile is the 10th, 95th the 19th */
	run_sql(place,
	    "CREATE TEMP TABLE more AS SELECT cdr.* FROM cdr, json_each("
	    "'[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]')"
	    " WHERE run = 2 AND call = 1;"
	    "UPDATE more SET call = rowid + 100, t_dialled = 1000,"
	    " t_alert = 1000 + (rowid * 7 % 20 + 1) * 1000, t_answer = 0;"
	    "INSERT INTO cdr SELECT * FROM more;"
	    "DELETE FROM cdr WHERE run = 2 AND call < 100");
	assert_int_equal(print(place, "summary", REPORT_JSON, "2", 0), 0);
	assert_non_null(
	    strstr(place->text, "\"pdd_p50_ms\":10.0,\"pdd_p95_ms\":19.0"));
}

/* Refusals */

/* U4: what an upgrade took, whom it brought along and whom not. */
static void
u4_an_upgrade_is_told_by_stage_by_state_and_by_failure(void **state)
{
	struct place *place = *state;

	assert_int_equal(print(place, "stages", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "stages");
	assert_int_equal(print(place, "conversions", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "conversions");
	assert_int_equal(print(place, "failures", REPORT_TABLE, "2", 0), 0);
	assert_text_of(place, "failures");
}

static void
an_unknown_report_is_answered_with_the_nearest(void **state)
{
	struct place *place = *state;
	char all[REPORT_NAMES_MAX + 64], names[REPORT_NAMES_MAX];

	assert_refused(place, "sumary", NULL, -ENOENT,
	    "no report 'sumary': did you mean 'summary'?");
	assert_refused(place, "callz", NULL, -ENOENT,
	    "no report 'callz': did you mean 'calls'?");
	report_names(names, sizeof names);
	snprintf(all, sizeof all, "no report 'weather': there are %s", names);
	assert_refused(place, "weather", NULL, -ENOENT, all);
	snprintf(all, sizeof all, "no report '': there are %s", names);
	assert_refused(place, "", NULL, -ENOENT, all);
	assert_non_null(strstr(all, "summary calls "));
}

static void
what_is_asked_for_wrongly_is_answered_with_what_there_is(void **state)
{
	struct place *place = *state;

	assert_refused(place, "upgrade", "2", -ENOENT,
	    "report 'upgrade' wants ID behind its name");
	assert_refused(place, "upgrade one", "2", -ENOENT,
	    "report 'upgrade' wants ID behind its name, 'one' is no number");
	assert_refused(place, "upgrade 7", "2", -ENOENT,
	    "report 'upgrade 7' is of nothing: run 2 has 1, 2");
	assert_refused(place, "upgrade 1", "1", -ENOENT,
	    "report 'upgrade 1' is of nothing: run 1 has none");
	assert_refused(place, "compare call 1.0 3.0", "2", -ENOENT,
	    "report 'compare call 1.0 3.0' is of nothing: run 2 has call 1.0"
	    " 2.0, call 2.0 1.0");
	assert_refused(place, "calls caus=17", "2", -ENOENT,
	    "report 'calls' has no filter 'caus', did you mean 'cause'?");
	assert_refused(place, "faults numbr=1", "2", -ENOENT,
	    "report 'faults' has no filter 'numbr', there are: run id at_s call"
	    " module version event callback reason resumed pid ");
	assert_refused(place, "calls 17", "2", -ENOENT,
	    "report 'calls': '17' is no filter, as in NAME=VALUE");
	assert_refused(place, "calls cause=busy", "2", -ENOENT,
	    "'cause=busy': that is no number");
	assert_refused(place, "calls state=buzy", "2", -ENOENT,
	    "'state=buzy': a call is never that, did you mean 'busy'?");
	assert_refused(place, "calls time=9-3", "2", -ENOENT,
	    "'time=9-3' is no span of the run, as in time=10s-90s");
	/* A text is quoted, whatever it is. */
	assert_int_equal(
	    print(place, "calls number=1'--", REPORT_CSV, "2", 0), 0);
	assert_int_equal(count_lines(place), 1);
}

static void
an_unknown_run_is_answered_with_those_that_are_there(void **state)
{
	struct place *place = *state;
	char expected[256];
	static const char *const words[] = { "3", "0", "-1", "2x", "first",
		"99999999999999999999" };
	unsigned int i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		snprintf(expected, sizeof expected,
		    "no run '%s' in database '%s': there are 1 to 2,"
		    " or 'last'",
		    words[i], place->path);
		assert_refused(place, "calls", words[i], -ENOENT, expected);
	}
}

static void
assert_unreadable(struct place *place, int result, const char *clause)
{
	char expected[256];

	snprintf(expected, sizeof expected, "cannot read database '%s': %s",
	    place->path, clause);
	assert_refused(place, "calls", NULL, result, expected);
}

static void
what_is_no_call_database_is_refused(void **state)
{
	struct place *place = *state;
	FILE *file;

	assert_unreadable(place, -ENOENT, "No such file or directory");
	assert_int_equal(access(place->path, F_OK), -1); /* nor made */
	file = fopen(place->path, "w");
	assert_unreadable(place, -EINVAL, "it is empty");
	fputs("Dear diary, today I called my aunt.\n", file);
	fclose(file);
	assert_unreadable(place, -EINVAL, "it is no SQLite database");
	unlink(place->path);
	run_sql(place, "CREATE TABLE t(x)");
	assert_unreadable(place, -EINVAL, "it belongs to another program");
	snprintf(place->path, sizeof place->path, "%s", place->folder);
	assert_unreadable(place, -EISDIR, "it is a folder");
	snprintf(place->path, sizeof place->path, "%s/calls.db", place->folder);
}

static void
a_database_without_a_run_says_so(void **state)
{
	struct place *place = *state;
	const struct run_row run = {
		.path = place->path, .scenario = "", .question = "", .pace = ""
	};
	struct writer *writer = NULL;
	char expected[256];

	assert_int_equal(
	    writer_alloc(&writer, &run, place->why, sizeof place->why), 0);
	writer_free(&writer);
	snprintf(expected, sizeof expected,
	    "no run stands in database '%s' yet", place->path);
	assert_refused(place, "calls", NULL, -ENOENT, expected);
}

static void
a_full_disk_is_told_and_a_reader_that_left_is_not(void **state)
{
	struct place *place = *state;
	const struct report_options options = {
		.name = "calls", .path = place->path, .format = REPORT_CSV
	};
	FILE *full = fopen("/dev/full", "w");
	int ends[2];

	assert_int_equal(
	    report_print(&options, full, place->why, sizeof place->why),
	    -ENOSPC);
	assert_string_equal(
	    place->why, "cannot write report 'calls': No space left on device");
	fclose(full);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	full = fdopen(ends[1], "w");
	assert_int_equal(
	    report_print(&options, full, place->why, sizeof place->why), 0);
	fclose(full);
}

int
main(void)
{
#define TEST(setup, function)                                                  \
	cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(setup_runs,
		    the_summary_is_a_page_of_figures_and_definitions),
		TEST(setup_runs, calls_are_a_table_with_units_in_the_headings),
		TEST(setup_runs,
		    on_a_terminal_columns_that_do_not_fit_are_named_instead),
		TEST(setup_runs,
		    csv_quotes_what_needs_it_and_ends_lines_by_rfc_4180),
		TEST(setup_runs, json_is_an_array_of_objects),
		TEST(setup_runs,
		    the_summary_for_programs_has_exact_shares_and_null),
		TEST(setup_runs, an_empty_report_says_so),
		TEST(setup_runs, a_fault_has_its_call_and_no_exponent),
		TEST(setup_runs,
		    a_running_switch_is_asked_for_what_no_file_holds),
		TEST(setup_runs, every_named_report_has_its_view),
		TEST(setup_runs,
		    r5_releases_have_a_status_and_can_be_picked_by_it),
		TEST(setup_runs, control_characters_do_not_reach_the_terminal),
		TEST(setup_runs,
		    words_are_filters_of_columns_and_of_what_calls_have),
		TEST(setup_runs, a_condition_is_asked_for_each_row),
		TEST(setup_runs, an_upgrade_is_told_on_a_page),
		TEST(setup_runs, a_call_is_told_on_a_page),
		TEST(setup_runs, what_went_between_its_parties_is_a_ladder),
		TEST(setup_runs, a_ladder_names_who_has_no_line),
		TEST(setup_runs, causes_have_names_and_shares),
		TEST(setup_runs, short_are_the_answered_below_10_s),
		TEST(setup_runs, accounts_have_what_they_paid_and_what_is_left),
		TEST(setup_runs, routes_have_their_load_beside_erlang_b),
		TEST(setup_runs,
		    two_versions_are_compared_with_how_sure_that_is),
		TEST(setup_runs,
		    what_is_asked_for_wrongly_is_answered_with_what_there_is),
		TEST(setup_runs, percentiles_are_by_nearest_rank),
		TEST(setup_runs,
		    u4_an_upgrade_is_told_by_stage_by_state_and_by_failure),
		TEST(
		    setup_runs, an_unknown_report_is_answered_with_the_nearest),
		TEST(setup_runs,
		    an_unknown_run_is_answered_with_those_that_are_there),
		TEST(setup, what_is_no_call_database_is_refused),
		TEST(setup,
		    a_run_that_was_killed_can_be_read_and_leaves_one_file),
		TEST(setup, a_database_without_a_run_says_so),
		TEST(setup_runs,
		    a_full_disk_is_told_and_a_reader_that_left_is_not),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
