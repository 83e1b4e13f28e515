/* A scenario file is read whole, or refused with its reason. */
#include "sim/source.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FOLDER	  "test_source.folder"
#define FILE_NAME FOLDER "/s.tcl"

static int
setup(void **state)
{
	(void)state;
	(void)mkdir(FOLDER, 0700);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(FILE_NAME);
	return rmdir(FOLDER);
}

static void
write_file(const char *bytes, size_t size)
{
	FILE *file = fopen(FILE_NAME, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void
refused(const char *path, int result, const char *words)
{
	struct source source;
	char why[256] = "";

	assert_int_equal(source_read(&source, path, why, sizeof why), result);
	if (strstr(why, words) == NULL)
		fail_msg("'%s' does not say '%s'", why, words);
}

static void
the_question_is_line_one_without_its_mark(void **state)
{
	struct source source;
	char why[256];

	(void)state;
	write_file("# Is it so?\nnote b\n", 19);
	assert_int_equal(source_read(&source, FILE_NAME, why, sizeof why), 0);
	assert_string_equal(source.question, "Is it so?");
	assert_int_equal(source.length, 19);
	assert_string_equal(source.text, "# Is it so?\nnote b\n");
	source_free(&source);
	write_file("#q? (T89)", 9);
	assert_int_equal(source_read(&source, FILE_NAME, why, sizeof why), 0);
	assert_string_equal(source.question, "q? (T89)");
	source_free(&source);
}

static void
what_asks_nothing_is_refused(void **state)
{
	(void)state;
	write_file("", 0);
	refused(FILE_NAME, -ENOMSG, "it is empty: line 1 of every scenario");
	write_file("note b", 6);
	refused(FILE_NAME, -ENOMSG, "line 1 is no question");
	write_file("# It is so.\n# Is it?\n", 21);
	refused(FILE_NAME, -ENOMSG, "line 1 is no question");
}

static void
what_is_no_file_is_refused(void **state)
{
	(void)state;
	refused(FOLDER, -EISDIR, "it is a directory");
	refused("/dev/null", -EINVAL, "it is no regular file");
	refused(FOLDER "/none", -ENOENT, "No such file");
}

static void
what_is_no_text_is_refused_with_its_line(void **state)
{
	(void)state;
	write_file("note a\nnote \0b\n", 15);
	refused(FILE_NAME, -EILSEQ, "line 2");
	write_file("\x7f"
		   "ELF",
	    4);
	refused(FILE_NAME, -EILSEQ, "line 1");
	write_file("a\n\nb\xff\n", 6);
	refused(FILE_NAME, -EILSEQ, "line 3");
	write_file("\xc3", 1); /* cut in the middle of a character */
	refused(FILE_NAME, -EILSEQ, "line 1");
}

static void
what_is_huge_is_refused_unread(void **state)
{
	(void)state;
	write_file("", 0);
	assert_int_equal(truncate(FILE_NAME, 100 * 1024 * 1024), 0);
	refused(FILE_NAME, -EFBIG, "larger than");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_question_is_line_one_without_its_mark),
		TEST(what_asks_nothing_is_refused),
		TEST(what_is_no_file_is_refused),
		TEST(what_is_no_text_is_refused_with_its_line),
		TEST(what_is_huge_is_refused_unread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
