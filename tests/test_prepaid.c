/*
 * One prepaid account, ten lines that pay from it at once, and prices that
 * differ and change with the hour: whatever the seed, it is spent, and never
 * overdrawn by more than one pulse (T38, T54).
 */
#include "tests/office_world.h"

#include "calls/exchange/band.h"

enum { LINES = 10, TARIFFS = 5, SEEDS = 20, STEPS = 400, ANNA = 0 };

struct spending {
	struct office_world *w;
	uint64_t seed;
	uint64_t paid_in;
	uint64_t dearest; /* pulse: a set-up with a first, or a following */
	unsigned int refused;
};

/* Knuth's MMIX. */
static uint32_t
draw(struct spending *s, uint32_t below)
{
	s->seed = s->seed * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)((s->seed >> 33) % below);
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void
add_band(struct spending *s, const char *name, const struct band *band)
{
	const struct tariff_view prices = { .setup_micro = draw(s, 30000),
		.first_micro = 1 + draw(s, 20000),
		.first_ms = 1 + draw(s, 20000),
		.next_micro = 1 + draw(s, 20000),
		.next_ms = 100 + draw(s, 3000) };

	assert_int_equal(
	    office_add_tariff_band(s->w->office, name, &prices, band), 0);
	s->dearest = larger(s->dearest,
	    larger(prices.setup_micro + prices.first_micro, prices.next_micro));
}

/* 2000, 2005 cost as t0 says, 2001, 2006 as t1 ...; it is about noon. */
static void
set_prices(struct spending *s)
{
	static const struct band always = { 0, 0, BAND_ALL_DAYS };
	const uint32_t first = line(s->w, "2000");
	char name[] = "t0";
	struct band noon = { .days = BAND_ALL_DAYS };
	unsigned int i;

	office_set_date(s->w->office, UINT64_C(12) * 3600 * S);
	for (i = 0; i < TARIFFS; i++) {
		name[1] = (char)('0' + i);
		noon.from = (uint16_t)(12 * 60 + draw(s, 5));
		noon.to = (uint16_t)(noon.from + 1 + draw(s, 3));
		add_band(s, name, &always);
		add_band(s, name, &noon);
		office_set_tariff(s->w->office, first + i, 1,
		    office_find_tariff(s->w->office, name));
		office_set_tariff(s->w->office, first + TARIFFS + i, 1,
		    office_find_tariff(s->w->office, name));
	}
}

static void
pay_in(struct spending *s)
{
	struct account_plan plan = { .name = "anna", .is_prepaid = true };

	s->paid_in = plan.deposit_micro = 500000 + draw(s, 1500000);
	assert_int_equal(office_add_account(s->w->office, &plan), 0);
	office_set_account(s->w->office, line(s->w, "1000"), LINES, ANNA);
}

static struct account_info
anna(const struct spending *s)
{
	struct account_info info;

	assert_true(office_account(s->w->office, ANNA, &info));
	return info;
}

static void
part(struct spending *s, const char *number)
{
	if (look(s->w, number).is_offhook)
		hang_up(s->w, number);
}

static void
talk(struct spending *s, const char *from, const char *to)
{
	call(s->w, from, to);
	if (look(s->w, to).state == LINE_STATE_idle) {
		s->refused++;
		return;
	}
	send(s->w, to, SIGNAL_ALERTING);
	pass(s->w, (uint64_t)draw(s, 2000) * MS);
	if (look(s->w, to).state == LINE_STATE_ringing)
		answer(s->w, to);
}

/* One of them calls, or one whose call goes on or has been cut hangs up. */
static void
do_something(struct spending *s)
{
	char from[8], to[8];
	const unsigned int n = draw(s, LINES);

	snprintf(from, sizeof from, "%u", 1000 + n);
	snprintf(to, sizeof to, "%u", 2000 + n);
	if (look(s->w, from).state == LINE_STATE_idle &&
	    look(s->w, to).state == LINE_STATE_idle) {
		talk(s, from, to);
	} else if (draw(s, 2) == 0) {
		part(s, from);
		part(s, to);
	}
	pass(s->w, (uint64_t)draw(s, 2500) * MS + draw(s, MS));
}

static void
hang_up_all(struct spending *s)
{
	char number[8];
	unsigned int n;

	for (n = 0; n < LINES; n++) {
		snprintf(number, sizeof number, "%u", 1000 + n);
		part(s, number);
		snprintf(number, sizeof number, "%u", 2000 + n);
		part(s, number);
	}
}

static void
expect_not_overdrawn(const struct spending *s, uint64_t seed)
{
	if (anna(s).charged_micro > s->paid_in + s->dearest)
		fail_msg("seed %llu: %llu charged of %llu, a pulse is %llu",
		    (unsigned long long)seed,
		    (unsigned long long)anna(s).charged_micro,
		    (unsigned long long)s->paid_in,
		    (unsigned long long)s->dearest);
}

static void
spend(uint64_t seed)
{
	struct spending s = { .w = office_world_begin_with("3.0", false),
		.seed = seed };
	unsigned int i;

	set_prices(&s);
	pay_in(&s);
	for (i = 0; i < STEPS; i++) {
		do_something(&s);
		expect_not_overdrawn(&s, seed);
	}
	hang_up_all(&s);
	expect_not_overdrawn(&s, seed);
	assert_int_equal(anna(&s).reserved_micro, 0);
	assert_int_equal(
	    anna(&s).charged_micro, office_counts(s.w->office)->charge_micro);
	/* It was put to the test: there is no pulse left for everybody. */
	assert_true(s.refused > 0);
	assert_true(anna(&s).charged_micro + s.dearest > s.paid_in);
	expect_order(s.w);
	office_world_end(s.w);
}

static void
t38_calls_that_share_overdraw_it_by_no_more_than_a_pulse(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++)
		spend(seed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(
	    t38_calls_that_share_overdraw_it_by_no_more_than_a_pulse) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
