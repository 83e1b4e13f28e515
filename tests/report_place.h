/*
 * report_place: a small database, and reports of it, for tests.
 */
#ifndef TESTS_REPORT_PLACE_H
#define TESTS_REPORT_PLACE_H

#include "calls/database/report.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "calls/database/batch.h"
#include "calls/database/cdr_row.h"
#include "calls/database/screen.h"
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

static inline void
run_sql(struct place *place, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static inline void
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

static inline int
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

static inline int
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

static inline int
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
static inline int
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
		.is_coloured = is_terminal != 0 };
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
	options.width = is_terminal ? screen_columns(out) : 0;
	result = report_print(&options, out, place->why, sizeof place->why);
	fclose(out);
	return result;
}

/* The last report reads as tests/report/NAME.txt does. */
static inline void
assert_text_of(struct place *place, const char *name)
{
	char path[256];
	static char text[8192];
	FILE *file;

	snprintf(
	    path, sizeof path, HOTSWITCH_SOURCE "/tests/report/%s.txt", name);
	file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(place->text, text);
}

static inline unsigned int
count_lines(const struct place *place)
{
	unsigned int count = 0;
	const char *at;

	for (at = place->text; (at = strchr(at, '\n')) != NULL; at++)
		count++;
	return count;
}

static inline void
assert_refused(struct place *place, const char *name, const char *run,
    int result, const char *expected)
{
	assert_int_equal(print(place, name, REPORT_TABLE, run, 0), result);
	assert_string_equal(place->why, expected);
	assert_string_equal(place->text, "");
}

#define TEST(setup, function)                                                  \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
