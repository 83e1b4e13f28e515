/* What quotes somebody stays one line of text. */
#include "switch/clause.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
expect_tidied(const char *said, const char *expected)
{
	char clause[64];

	strcpy(clause, said);
	clause_tidy(clause);
	assert_string_equal(clause, expected);
}

static void
a_text_stays_as_it_is(void **state)
{
	(void)state;
	expect_tidied("", "");
	expect_tidied("'d\xc3\xb6rfer 5' is none \xe2\x82\xac",
	    "'d\xc3\xb6rfer 5' is none \xe2\x82\xac");
}

static void
it_stays_on_its_line(void **state)
{
	(void)state;
	expect_tidied("'a\nb\tc\x1b[1m\x7f' is none", "'a b c [1m ' is none");
}

static void
what_was_cut_in_a_character_is_text(void **state)
{
	(void)state;
	expect_tidied("'d\xc3' is none", "'d?' is none");
	expect_tidied("\xe2\x82", "??");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_stays_as_it_is),
		cmocka_unit_test(it_stays_on_its_line),
		cmocka_unit_test(what_was_cut_in_a_character_is_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
