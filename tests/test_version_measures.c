/* What the figures of a version say, and what they do not know. */
#include "upgrade/version_measures.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
figures_are_shares_of_what_ended(void **state)
{
	static struct version_measures measures = { .bids = 250,
		.ended = 200,
		.answers = 100,
		.effective = 150,
		.bill_ms = 9000000 };

	(void)state;
	histogram_add(&measures.pdd, 1000, 94);
	histogram_add(&measures.pdd, 12000, 6);
	assert_true(version_asr(&measures) == 0.5);
	assert_true(version_abr(&measures) == 0.4);
	assert_true(version_ner(&measures) == 0.75);
	assert_true(version_acd_s(&measures) == 90);
	assert_true(version_pdd_p95_ms(&measures) == 12);
}

static void
of_no_call_nothing_is_known_and_no_comparison_holds(void **state)
{
	static const struct version_measures none;
	double figures[] = { version_asr(&none), version_abr(&none),
		version_ner(&none), version_acd_s(&none),
		version_pdd_p95_ms(&none) };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof figures / sizeof figures[0]; i++) {
		assert_true(isnan(figures[i]));
		assert_false(figures[i] < 1e9);
		assert_false(figures[i] > -1e9);
	}
}

static void
u3_what_was_before_the_watch_does_not_count(void **state)
{
	static struct version_measures before = { .events = 10,
		.crashes = 1,
		.retried = 2,
		.unexpected = 3,
		.bids = 9,
		.ended = 4,
		.answers = 4,
		.effective = 4,
		.bill_ms = 100,
		.charge_micro = 7 };
	static struct version_measures now, since;

	(void)state;
	histogram_add(&before.pdd, 5000000, 4);
	now = before;
	now.events += 90;
	now.crashes += 5;
	now.retried += 6;
	now.unexpected += 7;
	now.bids += 8;
	now.ended += 4;
	now.answers += 1;
	now.effective += 2;
	now.bill_ms += 3000;
	now.charge_micro += 170000;
	histogram_add(&now.pdd, 1000, 4);
	version_measures_since(&now, &before, &since);
	assert_int_equal(since.events, 90);
	assert_int_equal(since.crashes, 5);
	assert_int_equal(since.retried, 6);
	assert_int_equal(since.unexpected, 7);
	assert_int_equal(since.bids, 8);
	assert_true(version_asr(&since) == 0.25);
	assert_true(version_ner(&since) == 0.5);
	assert_true(version_acd_s(&since) == 3);
	assert_int_equal(since.charge_micro, 170000);
	assert_true(version_pdd_p95_ms(&since) < 1.1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_shares_of_what_ended),
		cmocka_unit_test(
		    of_no_call_nothing_is_known_and_no_comparison_holds),
		cmocka_unit_test(u3_what_was_before_the_watch_does_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
