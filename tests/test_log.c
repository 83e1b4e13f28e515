/* What the event log promises, in the order of its header. */
#include "switch/log.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { LINES = 20000, WORD = 200 };

static const char path[] = "test_log.txt";

/* That line and no other; and takes the file away. */
static void
expect_file(const char *wanted)
{
	char line[64];
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file));
	assert_string_equal(line, wanted);
	assert_null(fgets(line, sizeof line, file));
	fclose(file);
	unlink(path);
}

static void
a_line_is_the_time_and_words(void **state)
{
	struct log *log;

	(void)state;
	assert_int_equal(log_alloc(&log, path), 0);
	assert_true(log_wants(log, LEVEL_debug));
	log_line(log, (struct log_entry){ .now = 61000007 }, "call %u from %s",
	    3, "1001");
	assert_int_equal(log_free(&log), 0);
	expect_file("61.000007 call 3 from 1001\n");
}

static void
without_a_path_nothing_is_kept(void **state)
{
	struct log *log;

	(void)state;
	assert_int_equal(log_alloc(&log, NULL), 0);
	assert_false(log_wants(log, LEVEL_emergency));
	log_line(log, (struct log_entry){ .now = 0 }, "nobody reads this");
	assert_int_equal(log_flush(log), 0);
	assert_int_equal(log_free(&log), 0);
	assert_int_equal(log_alloc(&log, "/no/such/folder/log"), -ENOENT);
}

static void
what_cannot_be_written_is_told(void **state)
{
	struct log *log;

	(void)state;
	assert_int_equal(log_alloc(&log, "/dev/full"), 0);
	log_line(log, (struct log_entry){ .now = 0 }, "lost");
	assert_int_equal(log_flush(log), -EIO);
	assert_int_equal(log_free(&log), -EIO);
}

struct writer {
	struct log *log;
	char word[WORD + 1];
	uint64_t at; /* the second that each of its lines bears */
};

static void *
write_lines(void *arg)
{
	struct writer *writer = arg;
	unsigned int i;

	for (i = 0; i < LINES; i++)
		log_line(writer->log,
		    (struct log_entry){ .now = writer->at * 1000000 }, "%s %u",
		    writer->word, i);
	return NULL;
}

/* Whether the line is the next one of the writer. */
static int
is_next(const char *line, const struct writer *writer, unsigned int *next)
{
	char expected[WORD + 64];

	snprintf(expected, sizeof expected, "%u.000000 %s %u\n",
	    (unsigned int)writer->at, writer->word, *next);
	if (strcmp(line, expected) != 0)
		return 0;
	++*next;
	return 1;
}

static void
schedulers_write_whole_lines_at_their_own_times(void **state)
{
	struct writer writers[2] = { { .at = 1 }, { .at = 2 } };
	unsigned int next[2] = { 0, 0 };
	char line[WORD + 64];
	pthread_t thread;
	struct log *log;
	FILE *file;

	(void)state;
	assert_int_equal(log_alloc(&log, path), 0);
	writers[0].log = writers[1].log = log;
	memset(writers[0].word, 'a', WORD);
	memset(writers[1].word, 'b', WORD);
	assert_int_equal(
	    pthread_create(&thread, NULL, write_lines, &writers[1]), 0);
	write_lines(&writers[0]);
	pthread_join(thread, NULL);
	assert_int_equal(log_free(&log), 0);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file) != NULL)
		assert_true(is_next(line, &writers[0], &next[0]) ||
		    is_next(line, &writers[1], &next[1]));
	assert_int_equal(next[0], LINES);
	assert_int_equal(next[1], LINES);
	fclose(file);
	unlink(path);
}

/*--------------------------------------------------------------------
 * The listener
 */

struct heard {
	unsigned int count;
	enum log_level level;
	char text[64];
};

static void
hear(void *arg, const struct log_entry *entry, const char *text)
{
	struct heard *heard = arg;

	heard->count++;
	heard->level = entry->level;
	snprintf(heard->text, sizeof heard->text, "%s", text);
}

static const struct pid one = { 7, 1 }, other = { 8, 1 };

/* Whether the listener hears a line of that level of that process. */
static bool
hears(struct log *log, struct heard *heard, struct pid pid, const char *module,
    enum log_level level)
{
	unsigned int before = heard->count;

	log_line(log,
	    (struct log_entry){ .level = level, .module = module, .pid = pid },
	    "line %d", (int)level);
	return heard->count > before;
}

static void
the_listener_hears_from_its_level_on(void **state)
{
	struct heard heard = { 0 };
	struct log *log;

	(void)state;
	assert_int_equal(log_alloc(&log, NULL), 0);
	log_listen(log, hear, &heard);
	assert_int_equal(log_level(log), LEVEL_notice);
	assert_true(hears(log, &heard, PID_NONE, NULL, LEVEL_notice));
	assert_string_equal(heard.text, "line 5");
	assert_int_equal(heard.level, LEVEL_notice);
	assert_false(hears(log, &heard, PID_NONE, NULL, LEVEL_info));
	assert_false(log_wants(log, LEVEL_info));
	log_set_level(log, LEVEL_debug);
	assert_true(hears(log, &heard, one, "call", LEVEL_debug));
	log_set_level(log, LEVEL_emergency);
	assert_false(hears(log, &heard, one, "call", LEVEL_alert));
	assert_true(hears(log, &heard, one, "call", LEVEL_emergency));
	log_free(&log);
}

static void
a_process_goes_before_its_module_and_that_before_all(void **state)
{
	const struct log_rule of_one = { .pid = one, .level = LEVEL_debug };
	struct log_rule of_calls = { .module = "call", .level = LEVEL_error };
	struct heard heard = { 0 };
	unsigned int cursor = 0;
	struct log *log;

	(void)state;
	assert_int_equal(log_alloc(&log, NULL), 0);
	log_listen(log, hear, &heard);
	assert_int_equal(log_add_rule(log, &of_one), 0);
	assert_true(log_wants(log, LEVEL_debug));
	assert_true(hears(log, &heard, one, "call", LEVEL_debug));
	assert_false(hears(log, &heard, other, "call", LEVEL_debug));
	assert_int_equal(log_add_rule(log, &of_calls), 0);
	assert_false(hears(log, &heard, other, "call", LEVEL_notice));
	assert_true(hears(log, &heard, one, "call", LEVEL_debug));
	assert_true(hears(log, &heard, other, "recorder", LEVEL_notice));
	of_calls.level = LEVEL_info; /* in the place of the one before */
	assert_int_equal(log_add_rule(log, &of_calls), 0);
	assert_true(hears(log, &heard, other, "call", LEVEL_info));
	log_drop_rule(log, &of_one);
	assert_false(log_wants(log, LEVEL_debug));
	assert_non_null(log_next_rule(log, &cursor));
	assert_null(log_next_rule(log, &cursor));
	log_drop_rule(log, &(struct log_rule){ .level = LEVEL_debug });
	assert_false(hears(log, &heard, other, "call", LEVEL_info));
	log_free(&log);
}

static void
there_is_an_end_to_rules(void **state)
{
	struct log_rule rule = { .pid = one, .level = LEVEL_debug };
	struct log *log;

	(void)state;
	assert_int_equal(log_alloc(&log, NULL), 0);
	for (; rule.pid.slot < one.slot + LOG_RULES_MAX; rule.pid.slot++)
		assert_int_equal(log_add_rule(log, &rule), 0);
	assert_int_equal(log_add_rule(log, &rule), -ENOSPC);
	rule.pid = one; /* there is one about it */
	assert_int_equal(log_add_rule(log, &rule), 0);
	log_free(&log);
}

/* Whatever the listener wants, the event log is the same. */
static void
the_file_takes_every_line_but_those_it_must_not(void **state)
{
	struct log_entry entry = { .now = 1000000,
		.level = LEVEL_debug,
		.module = "call",
		.version = "2.0",
		.pid = one };
	struct heard heard = { 0 };
	struct log *log;

	(void)state;
	assert_int_equal(log_alloc(&log, path), 0);
	log_listen(log, hear, &heard);
	log_line(log, entry, "answer");
	assert_int_equal(heard.count, 0);
	log_set_level(log, LEVEL_debug);
	entry.is_unlogged = true;
	log_line(log, entry, "of the world");
	assert_string_equal(heard.text, "of the world");
	assert_int_equal(log_free(&log), 0);
	expect_file("1.000000 call 2.0 <7.1> answer\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_the_time_and_words),
		cmocka_unit_test(without_a_path_nothing_is_kept),
		cmocka_unit_test(what_cannot_be_written_is_told),
		cmocka_unit_test(
		    schedulers_write_whole_lines_at_their_own_times),
		cmocka_unit_test(the_listener_hears_from_its_level_on),
		cmocka_unit_test(
		    a_process_goes_before_its_module_and_that_before_all),
		cmocka_unit_test(there_is_an_end_to_rules),
		cmocka_unit_test(
		    the_file_takes_every_line_but_those_it_must_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
