/* The table of tariffs: numbers that stay, names, and what is no tariff. */
#include "calls/exchange/tariff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <errno.h>

#include "switch/object.h"

static const struct tariff_view prices = { .tariff = 77,
	.setup_micro = 1,
	.first_micro = 2,
	.first_ms = 3,
	.next_micro = 4,
	.next_ms = 5 };

static void
a_number_is_given_once_and_stays(void **state)
{
	struct tariffs *tariffs;
	struct tariff_view view;
	char name[16];
	unsigned int i;

	(void)state;
	assert_int_equal(tariffs_alloc(&tariffs), 0);
	for (i = 0; i < 100; i++) {
		view = prices;
		view.next_micro = i;
		snprintf(name, sizeof name, "t%u", i);
		assert_int_equal(tariffs_add(tariffs, name, &view, NULL), 0);
	}
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "t%u", i);
		assert_int_equal(tariffs_find(tariffs, name), i);
		view = tariffs_at(tariffs, (uint16_t)i);
		assert_int_equal(view.tariff, i);
		assert_int_equal(view.next_micro, i);
		assert_int_equal(view.first_ms, 3);
	}
	tariffs_free(&tariffs);
	assert_null(tariffs);
	tariffs_free(&tariffs);
}

/* A number has sixteen bits, and one of them all means that there is none. */
static void
there_are_no_more_than_numbers(void **state)
{
	const struct band band = { .days = BAND_ALL_DAYS };
	struct tariffs *tariffs;
	unsigned int i;

	(void)state;
	assert_int_equal(tariffs_alloc(&tariffs), 0);
	for (i = 0; i < TARIFF_NONE; i++)
		if (tariffs_add(tariffs, "t", &prices, &band) != 0)
			fail_msg("%u are all", i);
	assert_int_equal(tariffs_add(tariffs, "t", &prices, &band), -ENOSPC);
	assert_int_equal(tariffs_add(tariffs, "u", &prices, NULL), -ENOSPC);
	assert_int_equal(tariffs_find(tariffs, "t"), 0);
	assert_int_equal(tariffs_find(tariffs, "u"), TARIFF_NONE);
	assert_int_equal(tariffs_band(tariffs, 0, 0), TARIFF_NONE - 1);
	tariffs_free(&tariffs);
}

static void
what_is_no_tariff_is_refused(void **state)
{
	struct tariff_view view = prices;
	struct tariffs *tariffs;

	(void)state;
	assert_int_equal(tariffs_alloc(&tariffs), 0);
	assert_int_equal(tariffs_add(tariffs, "", &prices, NULL), -EINVAL);
	assert_int_equal(
	    tariffs_add(tariffs, "a-name-that-is-longer-than-any-may-be",
		&prices, NULL),
	    -EINVAL);
	view.first_ms = 0;
	assert_int_equal(tariffs_add(tariffs, "town", &view, NULL), -EINVAL);
	view.first_ms = 1;
	view.next_ms = 0;
	assert_int_equal(tariffs_add(tariffs, "town", &view, NULL), -EINVAL);
	assert_int_equal(tariffs_find(tariffs, "town"), TARIFF_NONE);
	assert_int_equal(tariffs_at(tariffs, 0).tariff, TARIFF_NONE);
	assert_int_equal(tariffs_add(tariffs, "town", &prices, NULL), 0);
	assert_int_equal(tariffs_add(tariffs, "town", &prices, NULL), -EEXIST);
	assert_int_equal(tariffs_at(tariffs, TARIFF_NONE).tariff, TARIFF_NONE);
	tariffs_free(&tariffs);
}

/* Also of those that are many at once, and of which some would have room. */
static void
no_memory_changes_nothing(void **state)
{
	const struct tariff_part parts[] = { { prices, { .days = 1 } },
		{ prices, { .days = 2 } } };
	struct tariffs *tariffs = NULL;
	unsigned int count = 1;
	int status;

	(void)state;
	object_fail_after(0);
	assert_int_equal(tariffs_alloc(&tariffs), -ENOMEM);
	object_fail_after(-1);
	assert_int_equal(tariffs_alloc(&tariffs), 0);
	assert_int_equal(tariffs_add(tariffs, "town", &prices, NULL), 0);
	object_fail_after(0);
	while ((status = tariffs_add(
		    tariffs, "far", &prices, &parts[0].band)) == 0)
		count++;
	assert_int_equal(status, -ENOMEM);
	assert_true(tariffs_at(tariffs, (uint16_t)(count - 1)).next_ms == 5);
	assert_int_equal(
	    tariffs_at(tariffs, (uint16_t)count).tariff, TARIFF_NONE);
	assert_int_equal(tariffs_find(tariffs, "town"), 0);
	object_fail_after(0);
	assert_int_equal(tariffs_change(tariffs, "town", parts, 2), -ENOMEM);
	assert_int_equal(tariffs_find(tariffs, "town"), 0);
	object_fail_after(-1);
	assert_int_equal(tariffs_change(tariffs, "town", parts, 2), 0);
	assert_int_equal(tariffs_find(tariffs, "town"), count);
	tariffs_free(&tariffs);
}

/* New prices have numbers of their own; the old ones stay with their bands. */
static void
a_change_is_for_who_asks_then(void **state)
{
	const struct band night = {
		.days = BAND_ALL_DAYS, .from = 22 * 60, .to = 0
	};
	const uint64_t at_night = 23 * UINT64_C(3600000000);
	struct tariff_part parts[] = { { prices, { .days = BAND_ALL_DAYS } },
		{ prices, night } };
	struct tariffs *tariffs;
	uint16_t number;

	(void)state;
	assert_int_equal(tariffs_alloc(&tariffs), 0);
	assert_int_equal(tariffs_add(tariffs, "town", &prices, NULL), 0);
	assert_int_equal(tariffs_add(tariffs, "town", &prices, &night), 0);
	assert_int_equal(tariffs_add(tariffs, "far", &prices, NULL), 0);
	assert_int_equal(tariffs_change(tariffs, "near", parts, 2), -ENOENT);
	assert_int_equal(tariffs_change(tariffs, "town", parts, 0), -EINVAL);
	parts[1].prices.next_ms = 0;
	assert_int_equal(tariffs_change(tariffs, "town", parts, 2), -EINVAL);
	parts[1].prices.next_ms = 9;
	assert_int_equal(tariffs_find(tariffs, "town"), 0);
	for (number = 3; number < 9; number += 2) {
		parts[0].prices.setup_micro = number;
		assert_int_equal(tariffs_change(tariffs, "town", parts, 2), 0);
		assert_int_equal(tariffs_find(tariffs, "town"), number);
		assert_int_equal(tariffs_current(tariffs, 0), number);
		assert_int_equal(tariffs_current(tariffs, 3), number);
		assert_int_equal(
		    tariffs_band(tariffs, number, at_night), number + 1);
		assert_int_equal(tariffs_band(tariffs, 0, at_night), 1);
		assert_int_equal(tariffs_band(tariffs, 1, 0), 0);
		assert_int_equal(tariffs_at(tariffs, 1).next_ms, 5);
	}
	assert_int_equal(tariffs_current(tariffs, 2), 2);
	assert_int_equal(tariffs_current(tariffs, TARIFF_NONE), TARIFF_NONE);
	/* One more band is the new ones'. */
	assert_int_equal(tariffs_add(tariffs, "town", &prices, &night), 0);
	assert_int_equal(tariffs_band(tariffs, 7, at_night), 9);
	assert_int_equal(tariffs_band(tariffs, 0, at_night), 1);
	tariffs_free(&tariffs);
}

/* As an office has by day and by night, for years. */
static void
prices_that_come_back_take_no_more_room(void **state)
{
	struct tariff_part day = { prices, { .days = BAND_ALL_DAYS } };
	struct tariff_part night = day;
	struct tariffs *tariffs;
	unsigned int i;

	(void)state;
	night.prices.setup_micro = 77;
	assert_int_equal(tariffs_alloc(&tariffs), 0);
	assert_int_equal(tariffs_add(tariffs, "town", &prices, NULL), 0);
	for (i = 0; i < 70000; i++) {
		assert_int_equal(tariffs_change(tariffs, "town", &night, 1), 0);
		assert_int_equal(tariffs_find(tariffs, "town"), 1);
		assert_int_equal(tariffs_current(tariffs, 0), 1);
		assert_int_equal(tariffs_change(tariffs, "town", &day, 1), 0);
		assert_int_equal(tariffs_find(tariffs, "town"), 0);
		assert_int_equal(tariffs_current(tariffs, 1), 0);
	}
	assert_int_equal(tariffs_add(tariffs, "far", &prices, NULL), 0);
	assert_int_equal(tariffs_find(tariffs, "far"), 2);
	tariffs_free(&tariffs);
}

static void
one_that_is_withdrawn_is_found_no_more(void **state)
{
	struct tariff_part part = { prices, { .days = BAND_ALL_DAYS } };
	struct tariffs *tariffs;

	(void)state;
	assert_int_equal(tariffs_alloc(&tariffs), 0);
	assert_int_equal(tariffs_add(tariffs, "town", &prices, NULL), 0);
	tariffs_withdraw(tariffs, "far");
	tariffs_withdraw(tariffs, "town");
	assert_int_equal(tariffs_find(tariffs, "town"), TARIFF_NONE);
	assert_int_equal(tariffs_at(tariffs, 0).next_ms, 5);
	assert_int_equal(tariffs_current(tariffs, 0), 0);
	part.prices.next_ms = 6;
	assert_int_equal(tariffs_change(tariffs, "town", &part, 1), 0);
	assert_int_equal(tariffs_find(tariffs, "town"), 1);
	tariffs_withdraw(tariffs, "town");
	assert_int_equal(tariffs_add(tariffs, "town", &prices, NULL), 0);
	assert_int_equal(tariffs_find(tariffs, "town"), 2);
	tariffs_free(&tariffs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_given_once_and_stays),
		cmocka_unit_test(there_are_no_more_than_numbers),
		cmocka_unit_test(what_is_no_tariff_is_refused),
		cmocka_unit_test(no_memory_changes_nothing),
		cmocka_unit_test(a_change_is_for_who_asks_then),
		cmocka_unit_test(prices_that_come_back_take_no_more_room),
		cmocka_unit_test(one_that_is_withdrawn_is_found_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
