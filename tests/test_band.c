/*
 * At which hours and days a price holds, and when that changes.
 */
#include "tests/world.h"

#include <errno.h>

#include "calls/exchange/band.h"
#include "calls/exchange/tariff.h"
#include "switch/object.h"

#define MINUTE		      UINT64_C(60000000)
#define AT(day, hour, minute) (MINUTE * (((day)*24 + (hour)) * 60 + (minute)))

enum { MONDAY, TUESDAY, FRIDAY = 4, SATURDAY, SUNDAY, WORKDAYS = 0x1f };

static const struct band office_hours = { 8 * 60, 18 * 60, WORKDAYS };
static const struct band night = { 22 * 60, 6 * 60, 1U << FRIDAY };
static const struct band weekend = { 0, 0, 1U << SATURDAY | 1U << SUNDAY };

static void
a_band_holds_at_its_hours(void **state)
{
	(void)state;
	assert_false(band_holds(&office_hours, AT(MONDAY, 8, 0) - 1));
	assert_true(band_holds(&office_hours, AT(MONDAY, 8, 0)));
	assert_true(band_holds(&office_hours, AT(FRIDAY, 18, 0) - 1));
	assert_false(band_holds(&office_hours, AT(FRIDAY, 18, 0)));
	assert_false(band_holds(&office_hours, AT(SATURDAY, 12, 0)));
	assert_true(band_holds(&weekend, AT(SATURDAY, 0, 0)));
	assert_true(band_holds(&weekend, AT(SUNDAY, 24, 0) - 1));
	assert_false(band_holds(&weekend, AT(MONDAY, 0, 0)));
}

static void
one_that_goes_over_midnight_is_of_the_day_it_begins(void **state)
{
	(void)state;
	assert_false(band_holds(&night, AT(FRIDAY, 5, 0)));
	assert_true(band_holds(&night, AT(FRIDAY, 22, 0)));
	assert_true(band_holds(&night, AT(SATURDAY, 5, 59)));
	assert_false(band_holds(&night, AT(SATURDAY, 6, 0)));
	assert_false(band_holds(&night, AT(SATURDAY, 22, 0)));
}

/* Nothing changes between a moment and the edge that is said to be next. */
static void
between_edges_nothing_changes(void **state)
{
	static const struct band *const bands[] = { &office_hours, &night,
		&weekend };
	uint64_t at, edge, between;
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++)
		for (at = 0; at < BAND_WEEK_US; at += 37 * MINUTE + 1) {
			edge = band_next_edge(bands[i], at);
			assert_true(edge > 0 && edge <= 24 * 60 * MINUTE);
			for (between = 0; between < edge;
			     between += 11 * MINUTE)
				assert_int_equal(
				    band_holds(bands[i],
					(at + between) % BAND_WEEK_US),
				    band_holds(bands[i], at));
		}
}

static void
of_several_that_hold_the_last_one_counts(void **state)
{
	const struct tariff_view price = { .first_ms = 1, .next_ms = 1 };
	struct tariffs *tariffs;

	(void)state;
	assert_int_equal(tariffs_alloc(&tariffs), 0);
	assert_int_equal(tariffs_add(tariffs, "t", &price, NULL), 0);
	assert_int_equal(tariffs_add(tariffs, "u", &price, NULL), 0);
	assert_int_equal(tariffs_holds_for(tariffs, 0, 0), 0);
	assert_int_equal(tariffs_add(tariffs, "t", &price, NULL), -EEXIST);
	assert_int_equal(tariffs_add(tariffs, "t", &price, &office_hours), 0);
	assert_int_equal(tariffs_add(tariffs, "t", &price, &weekend), 0);
	assert_int_equal(tariffs_find(tariffs, "t"), 0);
	assert_int_equal(tariffs_band(tariffs, 0, AT(MONDAY, 7, 0)), 0);
	assert_int_equal(tariffs_band(tariffs, 0, AT(MONDAY, 9, 0)), 2);
	assert_int_equal(tariffs_band(tariffs, 2, AT(SUNDAY, 9, 0)), 3);
	assert_int_equal(tariffs_band(tariffs, 1, AT(SUNDAY, 9, 0)), 1);
	assert_int_equal(
	    tariffs_holds_for(tariffs, 0, AT(MONDAY, 7, 0)), 60 * MINUTE);
	assert_int_equal(
	    tariffs_holds_for(tariffs, 3, AT(FRIDAY, 18, 0)), 6 * 60 * MINUTE);
	assert_int_equal(tariffs_holds_for(tariffs, 0, AT(SATURDAY, 0, 0)),
	    48 * 60 * MINUTE);
	tariffs_free(&tariffs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_band_holds_at_its_hours),
		cmocka_unit_test(
		    one_that_goes_over_midnight_is_of_the_day_it_begins),
		cmocka_unit_test(between_edges_nothing_changes),
		cmocka_unit_test(of_several_that_hold_the_last_one_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
