/* What reports print, to the letter, of a small database. */
#include "tests/report_place.h"

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

	setenv("COLUMNS", "80", 1);
	assert_int_equal(print(place, "upgrades", REPORT_TABLE, "2", 1), 0);
	assert_text_of(place, "upgrades-on-a-terminal");
}

static void
csv_quotes_what_needs_it_and_ends_lines_by_rfc_4180(void **state)
{
	struct place *place = *state;

	place->limit = 2; /* write_run() has written so many */
	assert_int_equal(
	    print(place, "audit looked=switch", REPORT_CSV, "last", 0), 0);
	assert_string_equal(place->text,
	    "run,row,looked,verdict,text\r\n"
	    "2,A1,switch,holds,4 = 4\r\n"
	    "2,A2,switch,broken,\"said \"\"no\"\", twice\"\r\n");
}

static void
json_is_an_array_of_objects(void **state)
{
	struct place *place = *state;

	place->limit = 2;
	assert_int_equal(
	    print(place, "audit looked=switch", REPORT_JSON, "last", 0), 0);
	assert_string_equal(place->text,
	    "[\n{\"run\":2,\"row\":\"A1\",\"looked\":\"switch\","
	    "\"verdict\":\"holds\",\"text\":\"4 = 4\"},\n"
	    "{\"run\":2,\"row\":\"A2\",\"looked\":\"switch\","
	    "\"verdict\":\"broken\","
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
	    "report 'hung' asks a running switch and no file: say `hotswitch"
	    " ctl report hung`, or `report hung` in a scenario");
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

static void
control_characters_do_not_reach_the_terminal(void **state)
{
	struct place *place = *state;

	run_sql(place, "UPDATE audit SET text = char(27) || '[2J' || char(10)");
	assert_int_equal(print(place, "audit", REPORT_TABLE, NULL, 0), 0);
	assert_null(strchr(place->text, 27));
}

int
main(void)
{
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
		TEST(setup_runs, control_characters_do_not_reach_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
