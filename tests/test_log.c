/* What the event log promises, in the order of its header. */
#include "switch/log.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
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

static void
a_line_is_the_time_and_words(void **state)
{
	struct log *log;
	char line[64];
	FILE *file;

	(void)state;
	assert_int_equal(log_alloc(&log, path), 0);
	assert_true(log_is_on(log));
	log_line(log, 61000007, "call %u from %s", 3, "1001");
	assert_int_equal(log_free(&log), 0);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof line, file));
	assert_string_equal(line, "61.000007 call 3 from 1001\n");
	assert_null(fgets(line, sizeof line, file));
	fclose(file);
	unlink(path);
}

static void
without_a_path_nothing_is_kept(void **state)
{
	struct log *log;

	(void)state;
	assert_int_equal(log_alloc(&log, NULL), 0);
	assert_false(log_is_on(log));
	log_line(log, 0, "nobody reads this");
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
	log_line(log, 0, "lost");
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
		log_line(writer->log, writer->at * 1000000, "%s %u",
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_the_time_and_words),
		cmocka_unit_test(without_a_path_nothing_is_kept),
		cmocka_unit_test(what_cannot_be_written_is_told),
		cmocka_unit_test(
		    schedulers_write_whole_lines_at_their_own_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
