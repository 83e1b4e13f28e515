/*
 * Moments, hours and days as people write them.
 */
#include "tests/world.h"

#include "sim/civil.h"

#define SECOND UINT64_C(1000000)
#define AT(day, hour, minute, second)                                          \
	(SECOND * ((((day)*24 + (hour)) * 60 + (minute)) * 60 + (second)))

static void
a_moment_is_told_by_the_time_of_its_zone(void **state)
{
	static const struct {
		const char *text;
		uint64_t week_us;
	} moments[] = {
		{ "2026-11-30T08:00:00+01:00", AT(0, 8, 0, 0) },
		{ "2026-12-06T23:59:59Z", AT(6, 23, 59, 59) },
		{ "2024-02-29T12:30-05:30", AT(3, 12, 30, 0) },
		{ "2000-01-01T00:00Z", AT(5, 0, 0, 0) },
		{ "1970-01-01T00:00:00Z", AT(3, 0, 0, 0) },
	};
	uint64_t week_us;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof moments / sizeof moments[0]; i++) {
		assert_true(civil_moment(moments[i].text, &week_us));
		assert_int_equal(week_us, moments[i].week_us);
	}
}

static void
what_is_no_moment_is_none(void **state)
{
	static const char *const texts[] = { "", "2026-11-30",
		"2026-11-30T08:00:00", "2026-11-31T08:00Z", "2025-02-29T08:00Z",
		"2026-13-01T08:00Z", "2026-11-30T24:00Z", "2026-11-30T08:60Z",
		"2026-11-30T08:00:60Z", "2026-11-30 08:00Z",
		"2026-11-30T08:00+1:00", "2026-11-30T08:00Zulu",
		"2026-1-30T08:00Z" };
	uint64_t week_us;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_false(civil_moment(texts[i], &week_us));
}

static void
hours_are_two_times_of_a_day(void **state)
{
	static const char *const none[] = { "", "8", "8-", "8-8", "8-25",
		"24-8", "8:5-9", "8:60-9", "8-18x", "-8-18", "8..18" };
	uint16_t from, to;
	unsigned int i;

	(void)state;
	assert_true(civil_hours("8-18", &from, &to));
	assert_int_equal(from, 8 * 60);
	assert_int_equal(to, 18 * 60);
	assert_true(civil_hours("22:30-06:15", &from, &to));
	assert_int_equal(from, 22 * 60 + 30);
	assert_int_equal(to, 6 * 60 + 15);
	assert_true(civil_hours("18-24", &from, &to));
	assert_int_equal(to, 0);
	for (i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(civil_hours(none[i], &from, &to));
}

static void
days_are_words_and_spans(void **state)
{
	static const char *const none[] = { "", "monday", "mo", "mon-", "-mon",
		"mon,,tue", "monx", "mon," };
	uint8_t days;
	unsigned int i;

	(void)state;
	assert_true(civil_days("mon-fri", &days));
	assert_int_equal(days, 0x1f);
	assert_true(civil_days("sat,sun", &days));
	assert_int_equal(days, 0x60);
	assert_true(civil_days("sat-mon wed", &days));
	assert_int_equal(days, 0x65);
	for (i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(civil_days(none[i], &days));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_moment_is_told_by_the_time_of_its_zone),
		cmocka_unit_test(what_is_no_moment_is_none),
		cmocka_unit_test(hours_are_two_times_of_a_day),
		cmocka_unit_test(days_are_words_and_spans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
