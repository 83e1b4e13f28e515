/* What words with a unit mean, and which are refused. */
#include "sim/units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sim/distribution.h"
#include "sim/random.h"

enum { DRAWS = 20000 };

static void
durations_have_a_unit(void **state)
{
	uint64_t us = 7;

	(void)state;
	assert_true(units_duration("250ms", &us));
	assert_int_equal(us, 250000);
	assert_true(units_duration("1.5s", &us));
	assert_int_equal(us, 1500000);
	assert_true(units_duration("2h", &us));
	assert_int_equal(us, UINT64_C(7200000000));
	assert_true(units_duration("1d", &us));
	assert_int_equal(us, UINT64_C(86400000000));
	assert_true(units_duration("0s", &us));
	assert_int_equal(us, 0);
}

static void
what_is_no_duration_is_refused_and_changes_nothing(void **state)
{
	static const char *const words[] = { "", "3", "s", "-1s", "3x", "3 s",
		"3sec", "1.s", ".5s", "99999999d", "1e3s", "0x10s" };
	uint64_t us = 7;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		assert_false(units_duration(words[i], &us));
		assert_int_equal(us, 7);
	}
}

static void
numbers_stop_at_their_limit(void **state)
{
	uint64_t number;

	(void)state;
	assert_true(units_number("18446744073709551615", UINT64_MAX, &number));
	assert_true(number == UINT64_MAX);
	assert_false(units_number("18446744073709551616", UINT64_MAX, &number));
	assert_true(units_number("127", 127, &number));
	assert_false(units_number("128", 127, &number));
	assert_false(units_number("9", 8, &number));
	assert_false(units_number("+1", 127, &number));
	assert_false(units_number("", 127, &number));
}

static void
rates_are_told_per_second(void **state)
{
	double rate;

	(void)state;
	assert_true(units_rate("20/s", &rate));
	assert_true(rate == 20);
	assert_true(units_rate("3/m", &rate));
	assert_true(rate == 0.05);
	assert_false(units_rate("0/s", &rate));
	assert_false(units_rate("20", &rate));
	assert_false(units_rate("9999999/s", &rate));
}

static void
money_has_at_most_six_decimals(void **state)
{
	static const char *const words[] = { "", ".5", "5.", "-1", "0.0000001",
		"4294.967296", "99999999999999999999", "1,5", "0.05 ",
		"0.05/" };
	uint32_t micro = 77;
	unsigned int i;

	(void)state;
	assert_true(units_money("0.05", &micro));
	assert_int_equal(micro, 50000);
	assert_true(units_money("12", &micro));
	assert_int_equal(micro, 12000000);
	assert_true(units_money("0.000333", &micro));
	assert_int_equal(micro, 333);
	assert_true(units_money("4294.967295", &micro));
	assert_int_equal(micro, UINT32_MAX);
	assert_true(units_money("0", &micro));
	assert_int_equal(micro, 0);
	micro = 77;
	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		assert_false(units_money(words[i], &micro));
	assert_int_equal(micro, 77);
}

static void
a_price_is_money_for_an_interval(void **state)
{
	static const char *const words[] = { "0.05", "0.05/", "0.05/0s",
		"0.05/60", "0.05/0.0001s", "0.05/50d", "/60s", "0.05/60s/2" };
	uint32_t micro = 77, ms = 78;
	unsigned int i;

	(void)state;
	assert_true(units_price("0.05/60s", &micro, &ms));
	assert_int_equal(micro, 50000);
	assert_int_equal(ms, 60000);
	assert_true(units_price("0/1ms", &micro, &ms));
	assert_int_equal(micro, 0);
	assert_int_equal(ms, 1);
	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		assert_false(units_price(words[i], &micro, &ms));
	assert_int_equal(micro, 0);
	assert_int_equal(ms, 1);
}

static void
ranges_keep_their_zeros(void **state)
{
	char number[DIGITS_MAX + 1];
	struct range range;

	(void)state;
	assert_true(units_range("0098-0101", &range));
	assert_int_equal(range_count(&range), 4);
	range_number(&range, 0, number);
	assert_string_equal(number, "0098");
	range_number(&range, 2, number);
	assert_string_equal(number, "0100");
	assert_true(units_range("1001", &range));
	assert_int_equal(range_count(&range), 1);
	assert_true(units_range("1*8#-2*1#", &range));
	assert_int_equal(range_count(&range), 4);
	range_number(&range, 2, number);
	assert_string_equal(number, "2*0#");
	assert_false(units_range("*10-#19", &range));
	assert_false(units_range("*10-109", &range));
	assert_false(units_range("99-100", &range));
	assert_false(units_range("200-100", &range));
	assert_false(units_range("1-", &range));
	assert_false(units_range("-1", &range));
	assert_false(units_range("1234567890123456", &range));
}

static double
mean_of(const char *text)
{
	struct distribution distribution;
	struct random random;
	double sum = 0;
	int i;

	assert_true(units_distribution(text, &distribution));
	random_seed(&random, 1, text);
	for (i = 0; i < DRAWS; i++)
		sum += (double)distribution_draw(&distribution, &random);
	return sum / DRAWS / 1e6;
}

/* Five standard errors of the mean of so many draws, at most. */
static void
distributions_have_the_mean_that_they_say(void **state)
{
	(void)state;
	assert_true(mean_of("fixed:90s") == 90);
	assert_true(mean_of("exp:90s") > 86.8 && mean_of("exp:90s") < 93.2);
	assert_true(mean_of("uniform:5s-20s") > 12.3 &&
	    mean_of("uniform:5s-20s") < 12.7);
	assert_true(mean_of("lognormal:8s/4s") > 7.85 &&
	    mean_of("lognormal:8s/4s") < 8.15);
}

static void
what_is_no_distribution_is_refused(void **state)
{
	static const char *const words[] = { "90s", "exp:", "exp:90",
		"uniform:20s-5s", "uniform:5s", "lognormal:0s/1s",
		"normal:1s/1s", "fixed:1s/2s" };
	struct distribution distribution;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		assert_false(units_distribution(words[i], &distribution));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_have_a_unit),
		cmocka_unit_test(
		    what_is_no_duration_is_refused_and_changes_nothing),
		cmocka_unit_test(numbers_stop_at_their_limit),
		cmocka_unit_test(rates_are_told_per_second),
		cmocka_unit_test(money_has_at_most_six_decimals),
		cmocka_unit_test(a_price_is_money_for_an_interval),
		cmocka_unit_test(ranges_keep_their_zeros),
		cmocka_unit_test(distributions_have_the_mean_that_they_say),
		cmocka_unit_test(what_is_no_distribution_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
