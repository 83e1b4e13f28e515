/* The command line, right and wrong. */
#include "sim/options.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS_MAX = 16 };

struct line {
	char text[256];
	char *argv[WORDS_MAX + 1];
	int argc;
	struct options options;
	char why[512];
};

static int
read_line(struct line *line, const char *text)
{
	char *rest, *word;

	memset(line, 0, sizeof *line);
	(void)strcpy(line->text, text);
	word = strtok_r(line->text, " ", &rest);
	for (; word != NULL; word = strtok_r(NULL, " ", &rest))
		line->argv[line->argc++] = word;
	return options_read(&line->options, line->argc, line->argv, line->why,
	    sizeof line->why);
}

static void
refuses(const char *text, const char *words)
{
	struct line line;

	assert_int_equal(read_line(&line, text), -EINVAL);
	if (strstr(line.why, words) == NULL)
		fail_msg("'%s' does not say '%s'", line.why, words);
}

static void
what_is_not_said_has_its_default(void **state)
{
	struct line line;

	(void)state;
	assert_int_equal(read_line(&line, "hotswitch run a.tcl"), 0);
	assert_int_equal(line.options.task, TASK_RUN);
	assert_int_equal(line.options.format, FORMAT_TEXT);
	assert_string_equal(line.options.database, "calls.db");
	assert_int_equal(line.options.words_count, 1);
	assert_string_equal(line.options.words[0], "a.tcl");
	assert_int_equal(line.options.seed, 1);
	assert_false(line.options.has_seed);
	assert_int_equal(read_line(&line, "hotswitch report"), 0);
	assert_int_equal(line.options.format, FORMAT_TABLE);
	assert_string_equal(line.options.run, "last");
}

static void
options_stand_before_and_behind_files(void **state)
{
	struct line line;

	(void)state;
	assert_int_equal(read_line(&line,
			     "hotswitch run --seed 7 a.tcl --format json "
			     "b.tcl -D n=1 -D m=a=b --db x.db --real-time"),
	    0);
	assert_int_equal(line.options.words_count, 2);
	assert_string_equal(line.options.words[1], "b.tcl");
	assert_int_equal(line.options.format, FORMAT_JSON);
	assert_int_equal(line.options.seed, 7);
	assert_true(line.options.has_seed);
	assert_true(line.options.is_real);
	assert_int_equal(line.options.definitions_count, 2);
	assert_string_equal(line.options.definitions[1], "m=a=b");
	assert_string_equal(line.options.database, "x.db");
}

static void
help_is_there_for_each(void **state)
{
	struct line line;

	(void)state;
	assert_int_equal(read_line(&line, "hotswitch --help"), 0);
	assert_int_equal(line.options.task, TASK_HELP);
	assert_int_equal(read_line(&line, "hotswitch check --help"), 0);
	assert_int_equal(line.options.task, TASK_HELP);
	assert_int_equal(line.options.help_of, TASK_CHECK);
	assert_non_null(strstr(options_help(TASK_CHECK), "check FILE"));
	assert_int_equal(read_line(&line, "hotswitch -h"), 0);
	assert_int_equal(line.options.help_of, TASK_HELP);
	assert_int_equal(read_line(&line, "hotswitch help run"), 0);
	assert_int_equal(line.options.help_of, TASK_RUN);
	assert_null(line.options.help_word);
	assert_int_equal(read_line(&line, "hotswitch help expect"), 0);
	assert_string_equal(line.options.help_word, "expect");
	assert_int_equal(read_line(&line, "hotswitch run --help expect"), 0);
	assert_int_equal(line.options.task, TASK_HELP);
	assert_string_equal(line.options.help_word, "expect");
	assert_int_equal(read_line(&line, "hotswitch run -h"), 0);
	assert_int_equal(line.options.task, TASK_HELP);
	assert_null(line.options.help_word);
	assert_int_equal(read_line(&line, "hotswitch --version"), 0);
	assert_int_equal(line.options.task, TASK_VERSION);
}

static void
each_mistake_is_told_with_what_was_expected(void **state)
{
	(void)state;
	refuses("hotswitch", "run|check|report");
	refuses("hotswitch rnu a", "unknown command 'rnu', did you mean 'run'");
	refuses("hotswitch run", "no scenario file");
	refuses("hotswitch check", "no scenario file");
	refuses("hotswitch run a --formt json",
	    "unknown option '--formt', did you mean '--format'");
	refuses("hotswitch run a --format table", "unknown format 'table'");
	refuses("hotswitch report --format tap", "unknown format 'tap'");
	refuses("hotswitch run a --seed x", "'x' is not a whole number");
	refuses("hotswitch run a --seed", "'--seed' wants a value");
	refuses(
	    "hotswitch run a --schedulers 65", "'65' is not a number from 1");
	refuses("hotswitch run a --schedulers 0", "from 1 to 64");
	refuses("hotswitch run a --schedulers two", "'two' is not a number");
	refuses("hotswitch run a -D n", "is not NAME=VALUE");
	refuses("hotswitch run a -D 1=2", "cannot be the name");
	refuses("hotswitch run a --run 3", "is no option of 'run'");
	refuses("hotswitch check a -D n=1", "'-D' is no option of 'check'");
	refuses("hotswitch report calls --limit 0", "is not a number of rows");
	refuses("hotswitch run a --limit 3", "is no option of 'run'");
	refuses("hotswitch run a -j 0", "-j '0' is not a number from 1 to 64");
	refuses("hotswitch run a --jobs 65", "-j '65' is not a number");
	refuses("hotswitch run a --timeout 0s", "--timeout '0s' is not a");
	refuses("hotswitch report --only a", "'--only' is no option of");
}

static void
schedulers_are_one_to_64(void **state)
{
	struct line line;

	(void)state;
	assert_int_equal(read_line(&line, "hotswitch run a"), 0);
	assert_int_equal(line.options.schedulers, 0);
	assert_int_equal(read_line(&line, "hotswitch run a --schedulers 1"), 0);
	assert_int_equal(line.options.schedulers, 1);
	assert_int_equal(
	    read_line(&line, "hotswitch run a --schedulers 64"), 0);
	assert_int_equal(line.options.schedulers, 64);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_said_has_its_default),
		cmocka_unit_test(options_stand_before_and_behind_files),
		cmocka_unit_test(help_is_there_for_each),
		cmocka_unit_test(each_mistake_is_told_with_what_was_expected),
		cmocka_unit_test(schedulers_are_one_to_64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
