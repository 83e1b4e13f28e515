/* What a limit of restarts promises: OTP's algorithm, stamp by stamp. */
#include "switch/restart_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct store *store;
	struct restart_limit limit;
};

static int
setup(void **state)
{
	static struct fixture fixture;

	memset(&fixture, 0, sizeof fixture);
	*state = &fixture;
	return store_alloc(&fixture.store, (size_t)2 << 30);
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(fixture->store->bytes_in_use,
	    restart_limit_footprint(&fixture->limit));
	restart_limit_release(fixture->store, &fixture->limit);
	assert_int_equal(fixture->store->bytes_in_use, 0);
	store_free(&fixture->store);
	return 0;
}

static bool
allows(struct fixture *fixture, unsigned int intensity, uint32_t now_s)
{
	return restart_limit_allows(
	    fixture->store, &fixture->limit, intensity, 5, now_s);
}

static void
an_intensity_of_zero_allows_none_and_costs_nothing(void **state)
{
	struct fixture *fixture = *state;

	assert_false(allows(fixture, 0, 0));
	assert_int_equal(fixture->store->bytes_in_use, 0);
}

static void
the_period_is_inclusive(void **state)
{
	struct fixture *fixture = *state;

	assert_true(allows(fixture, 1, 10));
	assert_false(allows(fixture, 1, 15));
	assert_true(allows(fixture, 1, 16));
}

/* otp.md 1.10, written as OTP does it: the list with all of its stamps. */
static bool
as_otp(uint32_t *stamps, unsigned int *count, unsigned int intensity,
    uint32_t now_s)
{
	unsigned int i, kept = 0;

	for (i = 0; i < *count; i++)
		if (stamps[i] + 5 >= now_s)
			stamps[kept++] = stamps[i];
	stamps[kept++] = now_s;
	*count = kept;
	return kept <= intensity;
}

static void
it_agrees_with_otp_until_the_first_that_is_too_many(void **state)
{
	struct fixture *fixture = *state;
	uint32_t stamps[16], now_s;
	unsigned int count, intensity, run;
	bool allowed, answer;

	srand(1);
	for (run = 0; run < 2000; run++) {
		restart_limit_release(fixture->store, &fixture->limit);
		intensity = 1 + (unsigned int)rand() % 8;
		now_s = 0;
		count = 0;
		do {
			now_s += (uint32_t)rand() % 4;
			allowed = as_otp(stamps, &count, intensity, now_s);
			answer = allows(fixture, intensity, now_s);
			assert_int_equal(answer, allowed);
		} while (allowed && now_s < 200);
	}
}

static void
a_new_intensity_keeps_what_was_counted(void **state)
{
	struct fixture *fixture = *state;

	assert_true(allows(fixture, 2, 1));
	assert_true(allows(fixture, 2, 1));
	assert_true(allows(fixture, 3, 1));
	assert_false(allows(fixture, 3, 1));
	assert_false(allows(fixture, 1, 2));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_intensity_of_zero_allows_none_and_costs_nothing),
		TEST(the_period_is_inclusive),
		TEST(it_agrees_with_otp_until_the_first_that_is_too_many),
		TEST(a_new_intensity_keeps_what_was_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
