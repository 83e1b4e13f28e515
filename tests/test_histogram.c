/* What a histogram promises of its quantiles. */
#include "switch/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
an_empty_one_answers_nothing(void **state)
{
	static const struct histogram empty;

	(void)state;
	assert_int_equal(histogram_quantile(&empty, 0.5), 0);
	assert_int_equal(histogram_quantile(&empty, 1), 0);
}

static void
small_values_are_exact(void **state)
{
	static struct histogram histogram;
	uint64_t i;

	(void)state;
	for (i = 1; i <= 10; i++)
		histogram_add(&histogram, i, 1);
	assert_int_equal(histogram.count, 10);
	assert_int_equal(histogram.sum, 55);
	assert_int_equal(histogram_quantile(&histogram, 0.5), 5);
	assert_int_equal(histogram_quantile(&histogram, 0.9), 9);
	assert_int_equal(histogram_quantile(&histogram, 1), 10);
}

static void
a_quantile_is_at_most_a_sixteenth_above_the_truth(void **state)
{
	static struct histogram histogram;
	uint64_t value, answer;

	(void)state;
	for (value = 1; value < UINT64_C(1) << 62; value = value * 3 + 1) {
		histogram = (struct histogram){ .count = 0 };
		histogram_add(&histogram, value, 99);
		histogram_add(&histogram, UINT64_MAX, 1);
		answer = histogram_quantile(&histogram, 0.99);
		assert_in_range(answer, value, value + value / 16);
	}
}

static void
the_largest_is_exact_and_bounds_all(void **state)
{
	static struct histogram histogram;

	(void)state;
	histogram_add(&histogram, 1000001, 3);
	histogram_add(&histogram, 77, 0);
	assert_int_equal(histogram.count, 3);
	assert_int_equal(histogram.sum, 3000003);
	assert_int_equal(histogram.max, 1000001);
	assert_int_equal(histogram_quantile(&histogram, 0.5), 1000001);
}

static void
what_came_since_is_told_apart(void **state)
{
	static struct histogram before, now, since;

	(void)state;
	histogram_add(&before, 9000000, 1);
	histogram_add(&before, 5, 10);
	now = before;
	histogram_add(&now, 7, 1);
	histogram_add(&now, 12, 3);
	histogram_since(&now, &before, &since);
	assert_int_equal(since.count, 4);
	assert_int_equal(histogram_quantile(&since, 0.25), 7);
	assert_int_equal(histogram_quantile(&since, 1), 12);
	assert_int_equal(since.max, 12);
	assert_int_equal(since.sum, 43);
	histogram_merge(&before, &since);
	assert_int_equal(before.count, now.count);
	assert_int_equal(before.sum, now.sum);
	histogram_since(&now, &now, &since);
	assert_int_equal(since.count, 0);
	assert_int_equal(since.max, 0);
}

static void
each_octave_has_what_lies_in_it(void **state)
{
	static struct histogram histogram;

	(void)state;
	histogram_add(&histogram, 0, 1);
	histogram_add(&histogram, 1, 1);
	histogram_add(&histogram, 15, 3);
	histogram_add(&histogram, 16, 5);
	histogram_add(&histogram, 31, 7);
	histogram_add(&histogram, 32, 11);
	histogram_add(&histogram, UINT64_MAX, 13);
	assert_int_equal(histogram_octave(&histogram, 0), 2);
	assert_int_equal(histogram_octave(&histogram, 1), 0);
	assert_int_equal(histogram_octave(&histogram, 3), 3);
	assert_int_equal(histogram_octave(&histogram, 4), 12);
	assert_int_equal(histogram_octave(&histogram, 5), 11);
	assert_int_equal(histogram_octave(&histogram, 63), 13);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_one_answers_nothing),
		cmocka_unit_test(small_values_are_exact),
		cmocka_unit_test(
		    a_quantile_is_at_most_a_sixteenth_above_the_truth),
		cmocka_unit_test(the_largest_is_exact_and_bounds_all),
		cmocka_unit_test(what_came_since_is_told_apart),
		cmocka_unit_test(each_octave_has_what_lies_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
