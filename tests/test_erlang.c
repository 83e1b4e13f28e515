/* What theory says of a group of circuits: telephony.md, section 3. */
#include "sim/erlang.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
expect_near(double found, double wanted, double share)
{
	if (!(fabs(found - wanted) <= share * fabs(wanted)))
		fail_msg("%.12g is not %.12g", found, wanted);
}

/* Offered erlangs, as printed, the last digit up or down. */
static const struct {
	uint32_t circuits;
	double erlangs[5];
	double last_digit;
} rows[] = {
	{ 1, { 0.001, 0.005, 0.0101, 0.0204, 0.0526 }, 0.0001 },
	{ 5, { 0.762, 1.132, 1.361, 1.657, 2.219 }, 0.001 },
	{ 10, { 3.092, 3.961, 4.461, 5.084, 6.216 }, 0.001 },
	{ 20, { 9.412, 11.092, 12.031, 13.182, 15.249 }, 0.001 },
	{ 30, { 16.684, 19.034, 20.337, 21.932, 24.802 }, 0.001 },
	{ 50, { 32.512, 35.982, 37.901, 40.255, 44.533 }, 0.001 },
	{ 100, { 75.242, 80.910, 84.064, 87.972, 95.240 }, 0.001 },
};

static void
erlang_b_has_the_values_of_the_tables(void **state)
{
	static const double blocking[] = { 0.001, 0.005, 0.01, 0.02, 0.05 };
	unsigned int i, k;
	double erlangs;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (k = 0; k < 5; k++) {
			erlangs = rows[i].erlangs[k];
			assert_true(erlang_b(erlangs - rows[i].last_digit,
					rows[i].circuits) <= blocking[k]);
			assert_true(erlang_b(erlangs + rows[i].last_digit,
					rows[i].circuits) >= blocking[k]);
		}
	expect_near(erlang_b(8.108, 15), 0.01, 1e-3);
	assert_true(erlang_b(33.333, 45) <= 0.01);
	assert_true(erlang_b(33.333, 44) > 0.01);
	expect_near(erlang_b(25, 30), 0.05, 0.06);
}

/* Worked by hand: B(2, 2) = 2 / (1 + 2 + 2). */
static void
erlang_b_is_exact_where_one_can_count(void **state)
{
	(void)state;
	expect_near(erlang_b(2, 2), 0.4, 1e-15);
	expect_near(erlang_b(1, 3), 1.0 / 16, 1e-15);
	assert_true(erlang_b(7, 0) == 1);
	assert_true(erlang_b(0, 7) == 0);
}

/* B(N, N) goes to sqrt(2 / (pi N)), and 1 / B grows by 1 with each circuit. */
static void
erlang_b_is_stable_to_ten_thousand_circuits(void **state)
{
	double last = 1, now;
	uint32_t circuits;

	(void)state;
	expect_near(erlang_b(10000, 10000), sqrt(2 / (acos(-1) * 10000)), 0.01);
	expect_near(erlang_b(20000, 10000), 0.5, 1e-3);
	expect_near(erlang_b(1e9, 10000), 1 - 1e-5, 1e-9);
	assert_true(erlang_b(100, 10000) >= 0);
	assert_true(erlang_b(100, 10000) < 1e-300);
	for (circuits = 1; circuits <= 10000; circuits++) {
		now = erlang_b(9500, circuits);
		assert_true(now < last && now > 0);
		expect_near(1 / now, 1 + circuits / (9500 * last), 1e-12);
		last = now;
	}
}

static void
who_tries_again_blocks_more(void **state)
{
	double blocking = erlang_b_extended(25, 30, 0.5), all;

	(void)state;
	expect_near(erlang_b_extended(25, 30, 0), erlang_b(25, 30), 1e-12);
	all = 25 / (1 - 0.5 * blocking);
	expect_near(erlang_b(all, 30), blocking, 1e-9); /* it is stable */
	assert_true(blocking > erlang_b(25, 30));
	/* All of them, until all that there is is busy. */
	blocking = erlang_b_extended(25, 30, 1);
	expect_near(25 / (1 - blocking) * (1 - blocking), 25, 1e-9);
	expect_near(erlang_b(25 / (1 - blocking), 30), blocking, 1e-6);
	assert_true(erlang_b_extended(30, 30, 1) == 1);
	assert_true(erlang_b_extended(0, 30, 1) == 0);
}

/* C(2, 1) = 1/3; C = B / (1 - a / N (1 - B)). */
static void
erlang_c_is_the_share_that_waits(void **state)
{
	(void)state;
	expect_near(erlang_c(1, 2), 1.0 / 3, 1e-15);
	expect_near(erlang_c(0.7, 1), 0.7, 1e-15); /* M/M/1 */
	expect_near(erlang_c(20, 25),
	    25 * erlang_b(20, 25) / (25 - 20 * (1 - erlang_b(20, 25))), 1e-12);
	assert_true(erlang_c(25, 25) == 1);
	assert_true(erlang_c(30, 25) == 1);
	assert_true(erlang_c(0, 25) == 0);
}

/* Of binomial weights, for so few that one can add them up. */
static double
engset_by_sums(double rate, uint32_t others, uint32_t circuits)
{
	double weight = 1, sum = 1;
	uint32_t i;

	for (i = 1; i <= circuits; i++) {
		weight *= rate * (others - i + 1) / i;
		sum += weight;
	}
	return weight / sum;
}

static void
engset_is_for_few_sources(void **state)
{
	double last = 0, now;
	uint32_t sources;

	(void)state;
	expect_near(
	    erlang_engset(4, 10, 5), engset_by_sums(4.0 / 6, 9, 5), 1e-12);
	expect_near(erlang_engset(0.5, 2, 1), (1.0 / 3) / (4.0 / 3), 1e-12);
	assert_true(erlang_engset(4, 5, 5) == 0);
	assert_true(erlang_engset(4, 5, 6) == 0);
	for (sources = 11; sources < 100000; sources *= 3) {
		now = erlang_engset(5, sources, 10);
		assert_true(now > last && now < erlang_b(5, 10));
		last = now;
	}
	expect_near(last, erlang_b(5, 10), 1e-3); /* in the end the same */
}

/* Wilkinson (1956): 10 erlangs on 10 circuits. */
static void
overflow_is_peaked(void **state)
{
	struct erlang_overflow overflow = erlang_overflow(10, 10);

	(void)state;
	expect_near(overflow.mean, 2.146, 1e-3);
	expect_near(overflow.variance,
	    overflow.mean *
		(1 - overflow.mean + 10 / (11 - 10 + overflow.mean)),
	    1e-12);
	assert_true(overflow.variance > 1.5 * overflow.mean);
	overflow = erlang_overflow(5, 0); /* no group: Poisson */
	expect_near(overflow.mean, 5, 1e-15);
	expect_near(overflow.variance, 5, 1e-12);
}

/*
 * One group and then another are one group of both, if only the first has a
 * traffic of its own: then Rapp's group must be the first, nearly.
 */
static void
wilkinson_finds_the_group_before(void **state)
{
	static const struct {
		double erlangs;
		uint32_t first, second;
	} groups[] = { { 10, 8, 6 }, { 20, 20, 10 }, { 50, 40, 20 },
		{ 5, 4, 3 }, { 100, 90, 30 }, { 1000, 950, 100 } };
	struct erlang_overflow overflow;
	unsigned int i;
	double wanted;

	(void)state;
	for (i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		overflow = erlang_overflow(groups[i].erlangs, groups[i].first);
		wanted = groups[i].erlangs *
		    erlang_b(
			groups[i].erlangs, groups[i].first + groups[i].second) /
		    overflow.mean;
		expect_near(erlang_wilkinson(&overflow, groups[i].second),
		    wanted, 0.05);
	}
}

static void
wilkinson_is_erlang_b_where_nothing_is_peaked(void **state)
{
	const struct erlang_overflow smooth = { 5, 4 }, poisson = { 5, 5 },
				     nearly = { 5, 5.000001 },
				     nothing = { 0, 0 };

	(void)state;
	expect_near(erlang_wilkinson(&smooth, 8), erlang_b(5, 8), 1e-12);
	expect_near(erlang_wilkinson(&poisson, 8), erlang_b(5, 8), 1e-12);
	expect_near(erlang_wilkinson(&nearly, 8), erlang_b(5, 8), 1e-5);
	assert_true(erlang_wilkinson(&nothing, 8) == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(erlang_b_has_the_values_of_the_tables),
		cmocka_unit_test(erlang_b_is_exact_where_one_can_count),
		cmocka_unit_test(erlang_b_is_stable_to_ten_thousand_circuits),
		cmocka_unit_test(who_tries_again_blocks_more),
		cmocka_unit_test(erlang_c_is_the_share_that_waits),
		cmocka_unit_test(engset_is_for_few_sources),
		cmocka_unit_test(overflow_is_peaked),
		cmocka_unit_test(wilkinson_finds_the_group_before),
		cmocka_unit_test(wilkinson_is_erlang_b_where_nothing_is_peaked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
