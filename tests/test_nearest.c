/* Which word a mistyped one is taken for. */
#include "switch/nearest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char words[] = "call calls answer hangup upgrade summary rollback";

static void
assert_nearest(const char *word, const char *expected)
{
	char nearest[NEAREST_WORD_MAX + 1] = "untouched";

	if (expected == NULL) {
		assert_false(
		    nearest_word(word, words, nearest, sizeof nearest));
		assert_string_equal(nearest, "untouched");
		return;
	}
	assert_true(nearest_word(word, words, nearest, sizeof nearest));
	assert_string_equal(nearest, expected);
}

/* `trans` is far from `transfer` by edits, and yet only that can be meant. */
static void
where_none_is_near_one_that_goes_on_from_it_counts(void **state)
{
	static const char known[] = "balance_micro charge_micro charge_first";
	char nearest[NEAREST_WORD_MAX + 1];

	(void)state;
	assert_true(nearest_word("charge", known, nearest, sizeof nearest));
	assert_string_equal(nearest, "charge_micro");
	assert_true(nearest_word("BAL", known, nearest, sizeof nearest));
	assert_string_equal(nearest, "balance_micro");
	assert_false(nearest_word("ba", known, nearest, sizeof nearest));
	assert_false(nearest_word("micro", known, nearest, sizeof nearest));
	/* No room for it. */
	assert_false(nearest_word("charge", known, nearest, 12));
}

static void
of_releases_as_few_edits_away_the_nearest_number_counts(void **state)
{
	char nearest[NEAREST_WORD_MAX + 1];

	(void)state;
	assert_true(
	    nearest_word("4.0", "1.0 1.1 2.0 3.0", nearest, sizeof nearest));
	assert_string_equal(nearest, "3.0");
	assert_true(
	    nearest_word("1.9", "3.9 1.1 1.8 1.0", nearest, sizeof nearest));
	assert_string_equal(nearest, "1.8");
	assert_true(
	    nearest_word("fault", "faulty vault", nearest, sizeof nearest));
	assert_string_equal(nearest, "faulty");
}

/* Found by fuzz_line: an unknown option, whose words lie there already. */
static void
what_is_found_may_take_the_place_of_the_words(void **state)
{
	char words_and_nearest[NEAREST_WORD_MAX + 1] = "-on -within";

	(void)state;
	assert_true(nearest_word("-withn", words_and_nearest, words_and_nearest,
	    sizeof words_and_nearest));
	assert_string_equal(words_and_nearest, "-within");
}

static void
one_slip_of_each_kind_finds_the_word(void **state)
{
	(void)state;
	assert_nearest("anser", "answer");     /* left out */
	assert_nearest("upgrrade", "upgrade"); /* put in */
	assert_nearest("summery", "summary");  /* another letter */
	assert_nearest("hagnup", "hangup");    /* places changed: one edit */
	assert_nearest("SUMMARY", "summary");  /* case */
	assert_nearest("rolback", "rollback");
}

static void
a_swap_counts_once(void **state)
{
	char nearest[NEAREST_WORD_MAX + 1];

	(void)state;
	/* "ab": one edit allowed; as two replacements it would be too far. */
	assert_true(nearest_word("ba", "ab", nearest, sizeof nearest));
}

static void
the_fewest_edits_win_and_among_equals_the_first(void **state)
{
	(void)state;
	assert_nearest("calls", "calls");
	assert_nearest("call", "call");
	assert_nearest("calla", "call");
}

static void
what_is_far_from_all_finds_nothing(void **state)
{
	(void)state;
	assert_nearest("trunk", NULL);
	assert_nearest("", NULL);
	assert_nearest("xx", NULL);
	assert_nearest("suxxxxy", NULL); /* four of seven */
}

static void
long_words_and_small_buffers_are_passed_over(void **state)
{
	char longest[NEAREST_WORD_MAX + 2], nearest[NEAREST_WORD_MAX + 1];

	(void)state;
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_false(nearest_word(longest, longest, nearest, sizeof nearest));
	longest[NEAREST_WORD_MAX] = '\0';
	assert_true(nearest_word(longest, longest, nearest, sizeof nearest));
	assert_string_equal(nearest, longest);
	assert_false(nearest_word("call", "calls", nearest, 5));
	assert_true(nearest_word("calls", "  call  ", nearest, 5));
	assert_string_equal(nearest, "call");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    where_none_is_near_one_that_goes_on_from_it_counts),
		cmocka_unit_test(
		    of_releases_as_few_edits_away_the_nearest_number_counts),
		cmocka_unit_test(what_is_found_may_take_the_place_of_the_words),
		cmocka_unit_test(one_slip_of_each_kind_finds_the_word),
		cmocka_unit_test(a_swap_counts_once),
		cmocka_unit_test(
		    the_fewest_edits_win_and_among_equals_the_first),
		cmocka_unit_test(what_is_far_from_all_finds_nothing),
		cmocka_unit_test(long_words_and_small_buffers_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
