/* What fits where a report is shown to people. */
#include "calls/database/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
assert_wrapped(const char *text, unsigned int width, unsigned int indent,
    const char *expected)
{
	char *wrapped = NULL;
	size_t length;
	FILE *out = open_memstream(&wrapped, &length);

	screen_wrap(out, text, width, indent);
	fclose(out);
	assert_string_equal(wrapped, expected);
	free(wrapped);
}

static void
assert_printed(const char *text, size_t length, const char *expected)
{
	char *printed = NULL;
	size_t size;
	FILE *out = open_memstream(&printed, &size);

	screen_print(out, text, length);
	fclose(out);
	assert_string_equal(printed, expected);
	free(printed);
}

static void
a_text_is_as_wide_as_it_looks(void **state)
{
	(void)state;
	assert_int_equal(screen_width(""), 0);
	assert_int_equal(screen_width("1001"), 4);
	assert_int_equal(screen_width("\303\245\303\244\303\266"), 3);
	assert_int_equal(screen_width("a\314\212"), 1); /* a and a ring */
	assert_int_equal(screen_width("\351\233\273\350\251\261"), 4);
	assert_int_equal(screen_width("\303"), 1);    /* cut off */
	assert_int_equal(screen_width("a\tb\nc"), 5); /* each a blank */
}

static void
what_would_steer_a_terminal_is_a_blank(void **state)
{
	(void)state;
	assert_printed("a\033[2J\n\177b", SIZE_MAX, "a [2J  b");
	/* CSI of one character, as some terminals have it in UTF-8 */
	assert_printed("a\302\233b", SIZE_MAX, "a b");
	assert_printed(
	    "\303\245ngstr\303\266m", SIZE_MAX, "\303\245ngstr\303\266m");
	assert_printed("\303\245\303\244", 2, "\303\245");
	assert_printed("\303\245\303\244", 3, "\303\245");
}

static void
lines_end_at_blanks_before_the_width(void **state)
{
	(void)state;
	assert_wrapped("one two three", 9, 0, "one two\nthree\n");
	assert_wrapped("one two three", 7, 0, "one two\nthree\n");
	assert_wrapped("one two three", 9, 4, "    one\n    two\n    three\n");
	assert_wrapped("seventeen", 4, 0, "seve\nntee\nn\n");
	assert_wrapped("one\ntwo", 80, 0, "one\ntwo\n");
	assert_wrapped(
	    "\351\233\273 \350\251\261", 4, 0, "\351\233\273\n\350\251\261\n");
	assert_wrapped("", 10, 0, "");
	assert_wrapped("ab", 1, 4, "    a\n    b\n");
}

/* No terminal is behind a file: what COLUMNS says, else the usual. */
static void
columns_says_how_wide_a_terminal_is(void **state)
{
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	setenv("COLUMNS", "132", 1);
	assert_int_equal(screen_columns(file), 132);
	setenv("COLUMNS", "-3", 1);
	assert_int_equal(screen_columns(file), 80);
	setenv("COLUMNS", "12x", 1);
	assert_int_equal(screen_columns(file), 80);
	setenv("COLUMNS", "0", 1);
	assert_int_equal(screen_columns(file), 80);
	unsetenv("COLUMNS");
	assert_int_equal(screen_columns(file), 80);
	fclose(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_as_wide_as_it_looks),
		cmocka_unit_test(what_would_steer_a_terminal_is_a_blank),
		cmocka_unit_test(lines_end_at_blanks_before_the_width),
		cmocka_unit_test(columns_says_how_wide_a_terminal_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
