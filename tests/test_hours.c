/*
 * What calls cost whose price changes while they last, worked out interval by
 * interval as a person would, for both charging rules.
 */
#include "tests/office_world.h"

#include "calls/exchange/band.h"

enum { DAY_S = 24 * 3600 };

static const struct tariff_view by_day = { .setup_micro = 30000,
	.first_micro = 50000,
	.first_ms = 90000,
	.next_micro = 7000,
	.next_ms = 60000 };
static const struct tariff_view by_night = { .setup_micro = 10000,
	.first_micro = 20000,
	.first_ms = 60000,
	.next_micro = 300,
	.next_ms = 1000 };
static const struct band night = { 18 * 60, 8 * 60, BAND_ALL_DAYS };

static const struct tariff_view *
price_at(uint64_t second)
{
	const uint64_t hour = second % DAY_S / 3600;

	return hour >= 18 || hour < 8 ? &by_night : &by_day;
}

/* Of a call that is answered at that second and lasts so many ms. */
static uint64_t
worth(uint64_t answered_s, uint64_t ms, bool last_is_free)
{
	const struct tariff_view *price = price_at(answered_s);
	uint64_t micro = price->setup_micro + price->first_micro, begin;

	if (ms == 0)
		return 0;
	for (begin = price->first_ms; begin < ms; begin += price->next_ms) {
		price = price_at(answered_s + begin / 1000);
		if (last_is_free && begin + price->next_ms > ms)
			break;
		micro += price->next_micro;
	}
	return micro;
}

static void
expect_worth(struct office_world *w, bool last_is_free)
{
	static const uint64_t answers[] = { 0, 7 * 3600 + 3599, 8 * 3600,
		17 * 3600 + 3540, 18 * 3600 - 1, 18 * 3600 };
	static const uint64_t lengths[] = { 0, 1, 60000, 60001, 90000, 119000,
		150001, 3600000, 15 * 3600 * 1000ULL + 500 };
	unsigned int i, j;

	for (i = 0; i < sizeof answers / sizeof answers[0]; i++)
		for (j = 0; j < sizeof lengths / sizeof lengths[0]; j++) {
			/* It is answered when the day is that old. */
			office_set_date(w->office,
			    BAND_WEEK_US + answers[i] * S -
				scheduler_now(w->world.scheduler) %
				    BAND_WEEK_US);
			call(w, "300", "301");
			answer(w, "301");
			pass(w, lengths[j] * MS);
			hang_up(w, "300");
			hang_up(w, "301");
			assert_int_equal(w->cdr.charge_micro,
			    worth(answers[i], lengths[j], last_is_free));
			assert_int_equal(
			    w->leg.charge_micro, w->cdr.charge_micro);
		}
}

static void
each_interval_has_the_price_of_its_begin(const char *version, bool is_floor)
{
	struct office_world *w = office_world_begin(version);

	assert_int_equal(office_add_tariff(w->office, "hours", &by_day), 0);
	assert_int_equal(
	    office_add_tariff_band(w->office, "hours", &by_night, &night), 0);
	office_set_tariff(w->office, line(w, "301"), 1,
	    office_find_tariff(w->office, "hours"));
	expect_worth(w, is_floor);
	office_world_end(w);
}

static void
by_rule_1_the_last_one_is_free(void **state)
{
	(void)state;
	each_interval_has_the_price_of_its_begin("1.0", true);
}

static void
by_rule_2_a_begun_one_is_charged(void **state)
{
	(void)state;
	each_interval_has_the_price_of_its_begin("1.1", false);
	each_interval_has_the_price_of_its_begin("3.0", false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_rule_1_the_last_one_is_free),
		cmocka_unit_test(by_rule_2_a_begun_one_is_charged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
