/* What subscribers do in their calls is what the shares say, call by call. */
#include "sim/mix.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sim/random.h"

enum { CALLS = 100000 };

static struct mix
people(void)
{
	struct mix mix = mix_plain;
	char why[128];

	mix.shares[MIX_answer] = 0;
	mix.shares[MIX_busy] = 0.15;
	mix.shares[MIX_no_answer] = 0.1;
	mix.shares[MIX_reject] = 0.05;
	mix.hold = 0.2;
	mix.transfer = 0.1;
	mix.redial = 0.5;
	assert_int_equal(mix_settle(&mix, why, sizeof why), 0);
	return mix;
}

static uint64_t
seed_of(unsigned int call)
{
	struct random random;

	random_fork(&random, 7, call);
	return random_next(&random);
}

static void
expect_share(unsigned int count, double share)
{
	const double error = sqrt(share * (1 - share) * CALLS);

	if (!(fabs(count - share * CALLS) <= 4 * error))
		fail_msg("%u of %d are no %g", count, CALLS, share);
}

/* What is left of the shares is answered. */
static void
each_outcome_has_its_share(void **state)
{
	const struct mix mix = people();
	unsigned int outcomes[MIX_OUTCOMES_COUNT] = { 0 }, i;
	unsigned int talks[3] = { 0 }, redials = 0;

	(void)state;
	for (i = 0; i < CALLS; i++) {
		outcomes[mix_outcome(&mix, seed_of(i))]++;
		talks[mix_talk(&mix, seed_of(i))]++;
		redials += mix_redials(&mix, seed_of(i));
	}
	expect_share(outcomes[MIX_answer], 0.7);
	expect_share(outcomes[MIX_busy], 0.15);
	expect_share(outcomes[MIX_no_answer], 0.1);
	expect_share(outcomes[MIX_reject], 0.05);
	assert_int_equal(outcomes[MIX_abandon] + outcomes[MIX_misdial], 0);
	expect_share(talks[MIX_HOLDS], 0.2);
	expect_share(talks[MIX_TRANSFERS], 0.1);
	expect_share(redials, 0.5);
}

static void
with_answer_what_is_left_is_not_answered(void **state)
{
	struct mix mix = mix_plain;
	char why[128];
	unsigned int i, answers = 0, rings = 0;

	(void)state;
	mix.shares[MIX_answer] = 0.6;
	mix.is_answer_said = true;
	assert_int_equal(mix_settle(&mix, why, sizeof why), 0);
	for (i = 0; i < CALLS; i++) {
		answers += mix_outcome(&mix, seed_of(i)) == MIX_answer;
		rings += mix_outcome(&mix, seed_of(i)) == MIX_no_answer;
	}
	expect_share(answers, 0.6);
	assert_int_equal(answers + rings, CALLS);
}

static void
more_than_the_whole_is_refused(void **state)
{
	struct mix mix = mix_plain;
	char why[256] = "";

	(void)state;
	mix.shares[MIX_busy] = 0.01;
	assert_int_equal(mix_settle(&mix, why, sizeof why), -EINVAL);
	assert_non_null(strstr(why, "101% together"));
	mix.shares[MIX_answer] = 0.99;
	assert_int_equal(mix_settle(&mix, why, sizeof why), 0);
	mix.hold = 0.5;
	mix.transfer = 0.6;
	assert_int_equal(mix_settle(&mix, why, sizeof why), -EINVAL);
	assert_non_null(strstr(why, "-hold and -transfer are 110%"));
}

/* Each draw of a call is its own: asked for again, or first, it is the same. */
static void
what_is_drawn_of_a_call_does_not_depend_on_when(void **state)
{
	const struct mix mix = people();
	const struct distribution hold = { DISTRIBUTION_EXPONENTIAL, 90000000,
		0, NULL };
	const uint64_t seed = seed_of(1);
	const uint64_t talk = mix_hold(&hold, seed);
	const uint64_t ring = mix_answer_after(&mix, seed);

	(void)state;
	assert_int_equal(mix_answer_after(&mix, seed), ring);
	assert_int_equal(mix_hold(&hold, seed), talk);
	assert_int_not_equal(mix_hold(&hold, seed_of(2)), talk);
	assert_int_not_equal(mix_again(seed), seed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_outcome_has_its_share),
		cmocka_unit_test(with_answer_what_is_left_is_not_answered),
		cmocka_unit_test(more_than_the_whole_is_refused),
		cmocka_unit_test(
		    what_is_drawn_of_a_call_does_not_depend_on_when),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
