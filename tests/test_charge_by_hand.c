/*
 * What calls cost, worked out by hand: each sum stands beside its row, and no
 * function of ours has a part in it.  Rule 1 (1.0) forgets the following
 * interval that has begun and not ended, rule 2 (from 1.1 on) charges it.
 *
 *            set-up      first            following
 *   town     0.10        0.05 / 60 s      0.02     / 30 s
 *   second   -           0.01 / 1 s       0.01     / 1 s
 *   crumbs   0.000001    0.000003 / 7 ms  0.000002 / 3 ms
 *   gift     -           0    / 180 s     0.05     / 60 s
 *   dear     4294.967295 the same / 60 s  the same / 60 s
 *   hours    0.12        0.30 / 90 s      0.013    / 17.5 s   else
 *            0.06        0.10 / 60 s      0.004321 / 1 s      22-6, mon-fri
 *            -           0.05 / 120 s     0.011    / 10 s     sat, sun
 */
#include "tests/office_world.h"

#include "calls/exchange/band.h"

enum day { MON, TUE, WED, THU, FRI, SAT, SUN };

/* ms of the week */
#define AT(day, h, m, s)                                                       \
	((((day)*24 + (h)) * 60 + (m)) * UINT64_C(60000) + (s)*1000)
#define ANY	 AT(WED, 12, 0, 0)
#define HOURS(n) ((n)*UINT64_C(3600000))

static const struct price {
	const char *name;
	struct tariff_view prices;
	struct band band;
} prices[] = {
	{ "crumbs", { 0, 0, 1, 3, 7, 2, 3 }, { 0, 0, BAND_ALL_DAYS } },
	{ "gift", { 0, 0, 0, 0, 180000, 50000, 60000 },
	    { 0, 0, BAND_ALL_DAYS } },
	{ "dear", { 0, 0, 4294967295, 4294967295, 60000, 4294967295, 60000 },
	    { 0, 0, BAND_ALL_DAYS } },
	{ "hours", { 0, 0, 120000, 300000, 90000, 13000, 17500 },
	    { 0, 0, BAND_ALL_DAYS } },
	{ "hours", { 0, 0, 60000, 100000, 60000, 4321, 1000 },
	    { 22 * 60, 6 * 60,
		1U << MON | 1U << TUE | 1U << WED | 1U << THU | 1U << FRI } },
	{ "hours", { 0, 0, 0, 50000, 120000, 11000, 10000 },
	    { 0, 0, 1U << SAT | 1U << SUN } },
};

static const struct row {
	const char *tariff; /* or NULL */
	uint64_t answer, ms, by_rule_1, pulses_1, by_rule_2, pulses_2;
} rows[] = {
	{ NULL, ANY, 100000, 0, 0, 0, 0 },
	/* 0 ms cost nothing */
	{ "town", ANY, 0, 0, 0, 0, 0 },
	/* 0.10 + 0.05 */
	{ "town", ANY, 1, 150000, 1, 150000, 1 },
	{ "town", ANY, 60000, 150000, 1, 150000, 1 },
	/* 0.10 + 0.05; + 0.02, which 1 ms has begun */
	{ "town", ANY, 60001, 150000, 1, 170000, 2 },
	/* 0.10 + 0.05 + 0.02 */
	{ "town", ANY, 89999, 150000, 1, 170000, 2 },
	{ "town", ANY, 90000, 170000, 2, 170000, 2 },
	{ "town", ANY, 90001, 170000, 2, 190000, 3 },
	/* 3600 - 60 = 3540 = 118 * 30: 0.10 + 0.05 + 118 * 0.02 = 2.51 */
	{ "town", ANY, HOURS(1), 2510000, 119, 2510000, 119 },
	/* 117 are whole: 0.15 + 117 * 0.02 = 2.49 */
	{ "town", ANY, HOURS(1) - 1, 2490000, 118, 2510000, 119 },

	{ "second", ANY, 999, 10000, 1, 10000, 1 },
	{ "second", ANY, 1000, 10000, 1, 10000, 1 },
	{ "second", ANY, 1001, 10000, 1, 20000, 2 },
	/* 0.01 + 60 * 0.01; of the 62nd second 999 ms */
	{ "second", ANY, 61000, 610000, 61, 610000, 61 },
	{ "second", ANY, 61999, 610000, 61, 620000, 62 },

	/* 1 + 3 */
	{ "crumbs", ANY, 7, 4, 1, 4, 1 },
	{ "crumbs", ANY, 8, 4, 1, 6, 2 },
	{ "crumbs", ANY, 10, 6, 2, 6, 2 },
	/* 60000 - 7 = 59993 = 19997 * 3 + 2: 4 + 19997 * 2, and 2 more */
	{ "crumbs", ANY, 60000, 39998, 19998, 40000, 19999 },

	/* three minutes are free */
	{ "gift", ANY, 179999, 0, 1, 0, 1 },
	{ "gift", ANY, 180000, 0, 1, 0, 1 },
	{ "gift", ANY, 180001, 0, 1, 50000, 2 },
	/* 2 * 0.05 */
	{ "gift", ANY, 300000, 100000, 3, 100000, 3 },

	/* 4 * 4294.967295: more than 32 bits hold */
	{ "dear", ANY, 180000, 17179869180, 3, 17179869180, 3 },

	/* 125 - 90 = 2 * 17.5: 0.12 + 0.30 + 2 * 0.013 */
	{ "hours", AT(TUE, 12, 0, 0), 125000, 446000, 3, 446000, 3 },
	{ "hours", AT(TUE, 12, 0, 0), 125001, 446000, 3, 459000, 4 },
	/* the last ms of the day: its set-up and its first, 0.42 */
	{ "hours", AT(MON, 21, 59, 60) - 1, 90000, 420000, 1, 420000, 1 },
	/* the night begins: 0.06 + 0.10 */
	{ "hours", AT(MON, 22, 0, 0), 60000, 160000, 1, 160000, 1 },
	/* first to 22:00:30, then 10 s of night: 0.42 + 10 * 0.004321 */
	{ "hours", AT(TUE, 21, 59, 0), 100000, 463210, 11, 463210, 11 },
	/*
	 * First to 21:59:30; by day from there and from 21:59:47.5; from
	 * 22:00:05 25 s of night: 0.42 + 2 * 0.013 + 25 * 0.004321
	 */
	{ "hours", AT(TUE, 21, 58, 0), 150000, 554025, 28, 554025, 28 },
	{ "hours", AT(TUE, 21, 58, 0), 150500, 554025, 28, 558346, 29 },
	/* midnight is in the night: 0.06 + 0.10 + 30 * 0.004321 */
	{ "hours", AT(TUE, 23, 59, 30), 90000, 289630, 31, 289630, 31 },
	/* first to 6:00:30; 40 s by day, 35 of them whole: 0.16 + 2 * 0.013 */
	{ "hours", AT(WED, 5, 59, 30), 100000, 186000, 3, 199000, 4 },
	/* first to Saturday, 0:00: then 3 * 0.011 */
	{ "hours", AT(FRI, 23, 59, 0), 90000, 193000, 4, 193000, 4 },
	/* first to 0:00:30; of the weekend 1 s */
	{ "hours", AT(FRI, 23, 59, 30), 61000, 160000, 1, 171000, 2 },
	/* Friday's night lasts to 6:00, but the weekend was said later */
	{ "hours", AT(SAT, 5, 0, 0), 120000, 50000, 1, 50000, 1 },
	/* first to Monday, 0:01; no night began on Sunday: 30 s by day */
	{ "hours", AT(SUN, 23, 59, 0), 150000, 63000, 2, 76000, 3 },
	{ "hours", AT(MON, 5, 59, 0), 60000, 420000, 1, 420000, 1 },
	/*
	 * From Friday, 20:00, to Saturday, 6:00.  First to 20:01:30; by day
	 * 407 intervals, since 406 * 17.5 = 7105 are less than the 7110 s up
	 * to 22:00, and 407 end at 22:00:12.5; 7188 of the night, which end at
	 * 0:00:00.5; 2159 whole ones of the weekend, and one of 9.5 s:
	 * 0.42 + 407 * 0.013 + 7188 * 0.004321 + 2160 * 0.011
	 *   = 0.42 + 5.291 + 31.059348 + 23.76
	 */
	{ "hours", AT(FRI, 20, 0, 0), HOURS(10), 60519348, 9755, 60530348,
	    9756 },
};

static void
add_prices(struct office *office)
{
	unsigned int i;

	for (i = 0; i < sizeof prices / sizeof prices[0]; i++)
		assert_int_equal(office_add_tariff_band(office, prices[i].name,
				     &prices[i].prices, &prices[i].band),
		    0);
}

/* 300 calls 301, who answers at that time of the week. */
static void
talk(struct office_world *w, const struct row *row)
{
	const uint64_t now = scheduler_now(w->world.scheduler) % BAND_WEEK_US;

	office_set_date(w->office, BAND_WEEK_US + row->answer * MS - now);
	office_set_tariff(w->office, line(w, "301"), 1,
	    row->tariff == NULL ? TARIFF_NONE
				: office_find_tariff(w->office, row->tariff));
	call(w, "300", "301");
	answer(w, "301");
	pass(w, row->ms * MS);
	hang_up(w, "300");
	hang_up(w, "301");
}

static void
expect_rows(const char *version, bool is_rule_1)
{
	struct office_world *w = office_world_begin(version);
	uint64_t micro, pulses;
	unsigned int i;

	add_prices(w->office);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		talk(w, &rows[i]);
		micro = is_rule_1 ? rows[i].by_rule_1 : rows[i].by_rule_2;
		pulses = is_rule_1 ? rows[i].pulses_1 : rows[i].pulses_2;
		if (w->cdr.charge_micro != micro || w->cdr.pulses != pulses)
			fail_msg("%s, row %u: %llu in %llu pulses, by hand "
				 "%llu in %llu",
			    version, i, (unsigned long long)w->cdr.charge_micro,
			    (unsigned long long)w->cdr.pulses,
			    (unsigned long long)micro,
			    (unsigned long long)pulses);
		assert_int_equal(w->leg.charge_micro, micro);
		assert_int_equal(w->leg.pulses, pulses);
	}
	expect_order(w);
	office_world_end(w);
}

static void
t21_by_rule_1(void **state)
{
	(void)state;
	expect_rows("1.0", true);
}

static void
t21_by_rule_2(void **state)
{
	(void)state;
	expect_rows("1.1", false);
	expect_rows("2.0", false);
	expect_rows("3.0", false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(t21_by_rule_1),
		cmocka_unit_test(t21_by_rule_2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
