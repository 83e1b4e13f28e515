/* Characters of UTF-8, and what only looks like one. */
#include "switch/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static size_t
length_of(const char *text)
{
	return utf8_length(text, strlen(text));
}

static void
a_character_has_one_to_four_bytes(void **state)
{
	(void)state;
	assert_int_equal(length_of("a"), 1);
	assert_int_equal(length_of("\xc3\xa9x"), 2);
	assert_int_equal(length_of("\xe2\x82\xac"), 3);
	assert_int_equal(length_of("\xf0\x9f\x98\x80"), 4);
	assert_int_equal(length_of("\xed\x9f\xbf"), 3);
	assert_int_equal(length_of("\xf4\x8f\xbf\xbf"), 4);
	assert_int_equal(utf8_length("", 0), 0);
}

static void
what_is_none_has_no_length(void **state)
{
	static const char *const none[] = { "\x80", "\xbf", "\xc0\x80",
		"\xc1\xbf", "\xc3", "\xc3x", "\xe2\x82", "\xe0\x80\x80",
		"\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xff", "\xf0\x9f\x98" };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof none / sizeof none[0]; i++)
		if (length_of(none[i]) != 0)
			fail_msg("the one of place %u has a length", i);
}

static void
a_text_is_whole_and_has_no_nul(void **state)
{
	(void)state;
	assert_true(utf8_is_text("", 0));
	assert_true(utf8_is_text("a\xc3\xa9\n", 4));
	assert_false(utf8_is_text("a\xc3\xa9\n", 2));
	assert_false(utf8_is_text("a\0b", 3));
	assert_false(utf8_is_text("\xff", 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_character_has_one_to_four_bytes),
		cmocka_unit_test(what_is_none_has_no_length),
		cmocka_unit_test(a_text_is_whole_and_has_no_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
