/* A scenario's files have one numbering of lines, and lie in its folder. */
#include "sim/part.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/source.h"

#define FOLDER "test_part.folder"
#define OWN    "# q?\nnote a\nnote \303\251b"

static char text[] = OWN;
static const struct source source = { FOLDER "/s.tcl", text, text,
	sizeof text - 1 };

static void
write_file(const char *name, const char *bytes)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_true(fputs(bytes, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int
setup(void **state)
{
	(void)state;
	(void)mkdir(FOLDER, 0700);
	(void)mkdir(FOLDER "/lib", 0700);
	write_file(source.path, OWN);
	write_file(FOLDER "/lib/a.tcl", "note c\nnote d\n");
	write_file(FOLDER "/bytes.csv", "a\001b");
	write_file("test_part.outside", "note e\n");
	(void)symlink("../test_part.outside", FOLDER "/way.out");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(source.path);
	(void)unlink(FOLDER "/lib/a.tcl");
	(void)unlink(FOLDER "/bytes.csv");
	(void)unlink(FOLDER "/way.out");
	(void)unlink("test_part.outside");
	(void)rmdir(FOLDER "/lib");
	return rmdir(FOLDER);
}

static void
refused(struct parts *parts, const char *name, int result, const char *words)
{
	unsigned int number, before = parts->count;
	char why[256];

	assert_int_equal(
	    parts_read(parts, name, &number, why, sizeof why), result);
	if (strstr(why, words) == NULL)
		fail_msg("'%s' does not say '%s'", why, words);
	assert_int_equal(parts->count, before);
}

static void
nothing_outside_of_the_folder_is_read(void **state)
{
	static struct parts parts;

	(void)state;
	parts_begin(&parts, &source);
	refused(&parts, "../test_part.outside", -EXDEV, "outside of");
	refused(&parts, "lib/../../test_part.outside", -EXDEV, "outside of");
	refused(&parts, "way.out", -EXDEV, "outside of");
	refused(&parts, "/etc/passwd", -EXDEV, "outside of");
	refused(&parts, "lib", -EISDIR, "it is a directory");
	refused(&parts, "nowhere.tcl", -ENOENT, "No such file");
	refused(&parts, "bytes.csv", -EILSEQ, "line 1 holds bytes");
	parts_free(&parts);
}

static void
a_file_is_read_once(void **state)
{
	static struct parts parts;
	unsigned int number, again;
	char why[256];

	(void)state;
	parts_begin(&parts, &source);
	assert_int_equal(
	    parts_read(&parts, "lib/a.tcl", &number, why, sizeof why), 0);
	assert_int_equal(number, 1);
	assert_int_equal(
	    parts_read(&parts, "lib/../lib/a.tcl", &again, why, sizeof why), 0);
	assert_int_equal(again, 1);
	assert_int_equal(
	    parts_read(&parts, "s.tcl", &again, why, sizeof why), 0);
	assert_int_equal(again, 0);
	assert_int_equal(parts.count, 2);
	parts_free(&parts);
}

static void
lines_are_counted_on(void **state)
{
	static struct parts parts;
	char why[256], place[PLACE_SIZE];
	unsigned int number;
	const char *where;

	(void)state;
	parts_begin(&parts, &source);
	assert_int_equal(
	    parts_read(&parts, "lib/a.tcl", &number, why, sizeof why), 0);
	parts_place(&parts, 3, place);
	assert_string_equal(place, FOLDER "/s.tcl:3");
	parts_place(&parts, 5, place);
	assert_string_equal(place, FOLDER "/lib/a.tcl:2");
	where = strchr(text, 'b');
	assert_int_equal(parts_line(&parts, where), 3);
	assert_int_equal(parts_column(&parts, where), 7);
	where = strchr(parts.part[1].text, 'd');
	assert_int_equal(parts_find(&parts, where), 1);
	assert_int_equal(parts_line(&parts, where), 5);
	assert_int_equal(parts_column(&parts, where), 6);
	parts_free(&parts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_outside_of_the_folder_is_read),
		cmocka_unit_test(a_file_is_read_once),
		cmocka_unit_test(lines_are_counted_on),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
