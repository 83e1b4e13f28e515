/* Numbers that a seed decides. */
#include "sim/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { DRAWS = 60000, SIDES = 6 };

/*
 * The first numbers of xoshiro256** from the state {1, 2, 3, 4}, as the
 * authors' own program prints them.
 */
static void
it_is_the_generator_that_it_says(void **state)
{
	static const uint64_t numbers[] = { 11520, 0, 1509978240,
		UINT64_C(1215971899390074240), UINT64_C(1216172134540287360),
		UINT64_C(607988272756665600), UINT64_C(16172922978634559625) };
	struct random random = { { 1, 2, 3, 4 } };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		assert_true(random_next(&random) == numbers[i]);
}

static void
one_seed_one_sequence_and_streams_differ(void **state)
{
	struct random one, same, other;

	(void)state;
	random_seed(&one, 42, "crowd");
	random_seed(&same, 42, "crowd");
	random_seed(&other, 42, "street");
	assert_memory_equal(&one, &same, sizeof one);
	assert_memory_not_equal(&one, &other, sizeof one);
	assert_true(random_next(&one) == random_next(&same));
}

/* A die: each side within five standard deviations of its share. */
static void
below_favours_no_number(void **state)
{
	unsigned int counts[SIDES] = { 0 }, i;
	struct random random;

	(void)state;
	random_seed(&random, 1, "die");
	for (i = 0; i < DRAWS; i++)
		counts[random_below(&random, SIDES)]++;
	for (i = 0; i < SIDES; i++)
		assert_in_range(counts[i], 10000 - 456, 10000 + 456);
}

static void
shares_stay_below_one(void **state)
{
	struct random random;
	double share;
	int i;

	(void)state;
	random_seed(&random, 1, "share");
	for (i = 0; i < DRAWS; i++) {
		share = random_share(&random);
		assert_true(share >= 0 && share < 1);
	}
}

static void
orders_hold_each_number_once_and_all_come_up(void **state)
{
	unsigned int order[3], seen = 0, place, i;
	struct random random;

	(void)state;
	random_seed(&random, 1, "race");
	for (i = 0; i < 200; i++) {
		random_order(&random, order, 3);
		assert_int_equal(
		    1U << order[0] | 1U << order[1] | 1U << order[2], 7);
		place = order[0] * 2 + (order[1] > order[2]);
		seen |= 1U << place;
	}
	assert_int_equal(seen, 63); /* 3! orders */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_generator_that_it_says),
		cmocka_unit_test(one_seed_one_sequence_and_streams_differ),
		cmocka_unit_test(below_favours_no_number),
		cmocka_unit_test(shares_stay_below_one),
		cmocka_unit_test(orders_hold_each_number_once_and_all_come_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
