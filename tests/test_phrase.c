/* Lines of an operator as words, and words as they must stand on one. */
#include "sim/operator/phrase.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 8 };

static void
splits(const char *line, const char *expected)
{
	char copy[256], seen[256] = "", why[64];
	const char *words[ROOM];
	int count, i;

	(void)strcpy(copy, line);
	count = phrase_split(copy, words, ROOM, why, sizeof why);
	assert_true(count >= 0);
	for (i = 0; i < count; i++) {
		(void)strcat(seen, words[i]);
		(void)strcat(seen, "|");
	}
	assert_string_equal(seen, expected);
}

static void
words_are_those_of_a_list(void **state)
{
	(void)state;
	splits("", "");
	splits("  \t ", "");
	splits("call c 1001 1002", "call|c|1001|1002|");
	splits("  a\tb  ", "a|b|");
	splits("expect c {$held_a == 1 && {x} eq \"y\"}",
	    "expect|c|$held_a == 1 && {x} eq \"y\"|");
	splits("note \"two words\\n\" {}", "note|two words\n||");
	splits("a\\ b c\\{", "a b|c{|");
	splits("{\\}}", "\\}|");
}

static void
refuses(const char *line, int error, const char *words_of_why)
{
	char copy[256], why[64];
	const char *words[ROOM];

	(void)strcpy(copy, line);
	assert_int_equal(
	    phrase_split(copy, words, ROOM, why, sizeof why), error);
	assert_non_null(strstr(why, words_of_why));
}

static void
what_is_not_closed_is_told(void **state)
{
	(void)state;
	refuses("a {b", -EINVAL, "{ is not closed");
	refuses("a {b\\}", -EINVAL, "{ is not closed");
	refuses("a \"b", -EINVAL, "\" is not closed");
	refuses("a {b}c", -EINVAL, "blank is missing");
	refuses("1 2 3 4 5 6 7 8 9", -E2BIG, "more than 8 words");
}

static void
a_quoted_word_comes_back(void **state)
{
	static const char *const samples[] = { "", "plain", "two words",
		"$x == 1", "{", "}", "a{b", "\"", "back\\slash", "new\nline",
		"[x]", "{braced}", "ends \\", "tab\t" };
	char quoted[64], why[64];
	const char *words[ROOM];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		assert_true(
		    phrase_quote(samples[i], quoted, sizeof quoted) > 0);
		assert_null(strchr(quoted, '\n'));
		assert_int_equal(
		    phrase_split(quoted, words, ROOM, why, sizeof why), 1);
		assert_string_equal(words[0], samples[i]);
	}
	assert_int_equal(phrase_quote("longer", quoted, 4), -E2BIG);
	assert_int_equal(phrase_quote("{{{{", quoted, 6), -E2BIG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_those_of_a_list),
		cmocka_unit_test(what_is_not_closed_is_told),
		cmocka_unit_test(a_quoted_word_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
