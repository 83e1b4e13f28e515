/*
 * What a call costs: by rule 1 and rule 2, on each release, over every way
 * between two of them, and however often it is looked at.
 */
#include "tests/call_releases.h"

#include "upgrade/schema.h"

static int
setup(void **state)
{
	*state = begin_with_releases(CALL_3_0);
	return 0;
}

static int
teardown(void **state)
{
	end_with_releases(*state);
	return 0;
}

/*--------------------------------------------------------------------
 * What it should be: telephony.md 1.7, written down without any counting
 */

static uint64_t
following(uint64_t bill_ms, unsigned int rule)
{
	uint64_t more = bill_ms > 60000 ? bill_ms - 60000 : 0;

	return rule == 1 ? more / 30000 : (more + 29999) / 30000;
}

/* Of a call to 1000-1099: 0.10, 0.05 for 60 s, 0.02 for each 30 s more. */
static uint64_t
town(uint64_t bill_ms, unsigned int rule)
{
	if (bill_ms == 0)
		return 0;
	return 100000 + 50000 + 20000 * following(bill_ms, rule);
}

static uint64_t
town_pulses(uint64_t bill_ms, unsigned int rule)
{
	return bill_ms == 0 ? 0 : 1 + following(bill_ms, rule);
}

static unsigned int
rule_of(unsigned int release)
{
	return release == 0 ? 1 : 2;
}

static void
talk(struct office_world *w, const char *called)
{
	call(w, "1001", called);
	pass(w, 6 * S);
	answer(w, called);
	expect_state(w, "active");
}

static void
end(struct office_world *w, const char *called)
{
	hang_up(w, "1001");
	if (look(w, called).is_offhook)
		hang_up(w, called);
	expect_state(w, "ended");
	assert_int_equal(w->cdr.call.call, w->call);
}

static void
expect_charge(const struct office_world *w, uint64_t pulses, uint64_t micro)
{
	assert_int_equal(w->cdr.pulses, pulses);
	assert_int_equal(w->cdr.charge_micro, micro);
}

static const uint64_t bills_ms[] = { 0, 1, 59999, 60000, 60001, 89999, 90000,
	90001, 120000, 120001, 3600000, 3600001 };
enum { BILLS = sizeof bills_ms / sizeof bills_ms[0] };

/*--------------------------------------------------------------------
 * One release
 */

static void
t21_t37_each_release_charges_by_its_rule(void **state)
{
	struct office_world *w = *state;
	unsigned int release, i;

	for (release = 0; release < CALL_RELEASES; release++) {
		use(w, release);
		for (i = 0; i < BILLS; i++) {
			talk(w, "1002");
			assert_int_equal(number(w, "rule"), rule_of(release));
			pass(w, bills_ms[i] * MS);
			end(w, "1002");
			expect_charge(w,
			    town_pulses(bills_ms[i], rule_of(release)),
			    town(bills_ms[i], rule_of(release)));
		}
	}
}

static void
what_is_left_of_a_millisecond_is_dropped(void **state)
{
	struct office_world *w = *state;

	use(w, 1);
	talk(w, "1002");
	pass(w, MS - 1);
	end(w, "1002");
	expect_charge(w, 0, 0);
	talk(w, "1002");
	pass(w, 60 * S + MS - 1);
	end(w, "1002");
	expect_charge(w, 1, 150000);
}

/* Events on the way bring the pulses up to date, and change no sum. */
static void
how_often_it_is_looked_at_makes_no_difference(void **state)
{
	struct office_world *w = *state;
	const uint64_t step = 7 * S + 13;
	unsigned int release, i;

	for (release = 0; release < CALL_RELEASES; release++) {
		use(w, release);
		talk(w, "1002");
		for (i = 0; i < 40; i++) {
			pass(w, step);
			dial(w, "1001", "5"); /* T69 */
			assert_int_equal(number(w, "pulses"),
			    (i + 1) * step < 60 * S
				? 0
				: town_pulses((i + 1) * step / MS, 1));
		}
		end(w, "1002");
		expect_charge(w, town_pulses(40 * step / MS, rule_of(release)),
		    town(40 * step / MS, rule_of(release)));
	}
}

static void
without_an_answer_or_a_tariff_it_is_free(void **state)
{
	struct office_world *w = *state;

	call(w, "1001", "1002");
	pass(w, 60 * S);
	hang_up(w, "1001");
	expect_charge(w, 0, 0);
	talk(w, "305"); /* whose line has none */
	pass(w, 100 * S);
	assert_int_equal(number(w, "first_ms"), 0);
	end(w, "305");
	expect_charge(w, 0, 0);
}

/* It is that of the called line when it is answered, and stays so. */
static void
a_call_keeps_the_tariff_of_its_answer(void **state)
{
	const struct tariff_view dear = {
		.first_micro = 1, .first_ms = 1, .next_micro = 5, .next_ms = 7
	};
	struct office_world *w = *state;

	use(w, 2);
	assert_int_equal(office_add_tariff(w->office, "dear", &dear), 0);
	call(w, "1001", "1002");
	office_set_tariff(w->office, line(w, "1002"), 1,
	    office_find_tariff(w->office, "dear"));
	answer(w, "1002");
	office_set_tariff(w->office, line(w, "1002"), 1,
	    office_find_tariff(w->office, "town"));
	pass(w, 16 * MS);
	end(w, "1002");
	expect_charge(w, 4, 1 + 3 * 5);
}

/* A call that is given up pays for what it had (T39). */
static void
t39_a_cleared_call_pays_for_its_time(void **state)
{
	struct office_world *w = *state;

	use(w, 2);
	talk(w, "1002");
	pass(w, 61 * S);
	assert_int_equal(office_clear(w->office, pid_of(w), 0), 0);
	pass(w, 40 * S); /* T306 */
	expect_state(w, "ended");
	expect_charge(w, 2, 170000);
}

/* While the called party may come back it is charged: if she does (T81). */
static void
t80_t82_a_suspended_call_pays_for_it_if_it_is_resumed(void **state)
{
	struct office_world *w = *state;
	unsigned int release;

	office_set_control(w->office, line(w, "1002"), 1, CONTROL_CALLING);
	for (release = 2; release < CALL_RELEASES; release++) {
		use(w, release);
		talk(w, "1002");
		pass(w, 50 * S);
		hang_up(w, "1002");
		pass(w, 45 * S);
		answer(w, "1002");
		pass(w, 10 * S);
		end(w, "1002");
		expect_charge(w, town_pulses(105000, 2), town(105000, 2));
		talk(w, "1002");
		pass(w, 50 * S);
		hang_up(w, "1002");
		pass(w, 80 * S);
		send(w, "1001", SIGNAL_HOLD); /* an event, none with a row */
		pass(w, 10 * S);	      /* Tsusp */
		expect_state(w, "ended");
		hang_up(w, "1001");
		expect_charge(w, 1, town(50000, 2));
	}
}

/* Small numbers from a seed (Knuth's multiplier of MMIX). */
static uint32_t
draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)((*seed >> 33) % below);
}

static uint64_t
formula(const struct tariff_view *prices, uint64_t bill_ms, unsigned int rule)
{
	uint64_t more =
	    bill_ms > prices->first_ms ? bill_ms - prices->first_ms : 0;

	if (bill_ms == 0)
		return 0;
	if (rule == 2)
		more += prices->next_ms - 1;
	return prices->setup_micro + (uint64_t)prices->first_micro +
	    more / prices->next_ms * prices->next_micro;
}

/* Any tariff, any length, any events and conversions on the way (U19). */
static void
u19_whatever_comes_between_the_sum_is_the_formulas(void **state)
{
	struct office_world *w = *state;
	struct tariff_view prices;
	uint64_t seed = 19, bill_ms, step;
	unsigned int i, k, start;
	char name[16];

	for (i = 0; i < 300; i++) {
		prices = (struct tariff_view){
			.setup_micro = draw(&seed, 3) * draw(&seed, 1000000),
			.first_micro = draw(&seed, 2) * draw(&seed, 1000000),
			.first_ms = 1 + draw(&seed, 90000),
			.next_micro = draw(&seed, 4) * draw(&seed, 1000000),
			.next_ms = 1 + draw(&seed, 40000),
		};
		snprintf(name, sizeof name, "t%u", i);
		assert_int_equal(
		    office_add_tariff(w->office, name, &prices), 0);
		office_set_tariff(w->office, line(w, "1002"), 1,
		    office_find_tariff(w->office, name));
		start = draw(&seed, CALL_RELEASES);
		use(w, start);
		talk(w, "1002");
		for (bill_ms = 0, k = draw(&seed, 5); k > 0; k--) {
			step = draw(&seed, 100000);
			bill_ms += step;
			pass(w, step * MS);
			if (draw(&seed, 2) == 0)
				dial(w, "1001", "1");
			assert_int_equal(
			    convert(w, draw(&seed, CALL_RELEASES)), 0);
		}
		end(w, "1002");
		assert_int_equal(w->cdr.charge_micro,
		    formula(&prices, bill_ms, rule_of(start)));
	}
}

/*--------------------------------------------------------------------
 * U19: from release to release
 */

/* The money that the call has accrued, read from its state. */
static uint64_t
accrued(struct office_world *w, unsigned int release)
{
	uint64_t pulses = number(w, "pulses");

	if (release >= 2)
		return number(w, "charge_micro");
	return pulses == 0
	    ? 0
	    : number(w, "setup_micro") + number(w, "first_micro") +
		(pulses - 1) * number(w, "next_micro");
}

static const char *const lasting[] = { "t_answer", "t_release", "pulses",
	"rule", "setup_micro", "first_micro", "first_ms", "next_micro",
	"next_ms" };
enum { LASTING = sizeof lasting / sizeof lasting[0] };

/* There, and nothing that has to do with money is any different. */
static void
convert_exactly(struct office_world *w, unsigned int from, unsigned int to)
{
	uint64_t before = accrued(w, from), was[LASTING];
	unsigned int i;

	for (i = 0; i < LASTING; i++)
		was[i] = number(w, lasting[i]);
	assert_int_equal(convert(w, to), 0);
	assert_int_equal(accrued(w, to), before);
	for (i = 0; i < LASTING; i++)
		assert_int_equal(number(w, lasting[i]), was[i]);
}

/* Each ordered pair of releases, there and back, in the state at hand. */
static void
convert_over_all_pairs(struct office_world *w, unsigned int start)
{
	unsigned int from, to;

	for (from = 0; from < CALL_RELEASES; from++)
		for (to = 0; to < CALL_RELEASES; to++) {
			assert_int_equal(convert(w, from), 0);
			convert_exactly(w, from, to);
			convert_exactly(w, to, from);
		}
	assert_int_equal(convert(w, start), 0);
}

static void
u19_no_pair_of_releases_changes_money(void **state)
{
	struct office_world *w = *state;
	unsigned int start, i;

	for (start = 0; start < CALL_RELEASES; start++) {
		use(w, start);
		offhook(w, "1001");
		convert_over_all_pairs(w, start);
		hang_up(w, "1001");
		call(w, "1001", "2001");
		convert_over_all_pairs(w, start); /* presented */
		hang_up(w, "1001");
		call(w, "1001", "1002");
		convert_over_all_pairs(w, start); /* alerting */
		answer(w, "1002");
		for (i = 0; i < 9; i++) {
			convert_over_all_pairs(w, start);
			pass(w, 16 * S);
			dial(w, "1002", "1");
		}
		hang_up(w, "1001");
		convert_over_all_pairs(w, start); /* clearing */
		assert_true(accrued(w, start) > 0);
		hang_up(w, "1002");
		expect_charge(w, town_pulses(9 * 16 * S / MS, rule_of(start)),
		    town(9 * 16 * S / MS, rule_of(start)));
	}
}

/* Converted in mid-interval, it ends on the one and pays as on the other. */
static void
u19_a_call_pays_by_the_rule_of_its_answer(void **state)
{
	struct office_world *w = *state;
	unsigned int from, to, i;

	for (from = 0; from < CALL_RELEASES; from++)
		for (to = 0; to < CALL_RELEASES; to++)
			for (i = 0; i < BILLS; i++) {
				use(w, from);
				talk(w, "1002");
				pass(w, bills_ms[i] / 2 * MS);
				convert_exactly(w, from, to);
				pass(w, (bills_ms[i] - bills_ms[i] / 2) * MS);
				end(w, "1002");
				expect_charge(w,
				    town_pulses(bills_ms[i], rule_of(from)),
				    town(bills_ms[i], rule_of(from)));
			}
}

/* 16 bits of pulses: a call by the second fills them in 18 hours. */
static void
u19_a_full_counter_loses_nothing(void **state)
{
	enum { FULL = UINT16_MAX, SECONDS = FULL + 100 };
	struct office_world *w = *state;

	use(w, 1);
	talk(w, "2001");
	pass(w, (uint64_t)SECONDS * S);
	dial(w, "1001", "1");
	assert_int_equal(number(w, "pulses"), FULL);
	convert_exactly(w, 1, 2);
	convert_exactly(w, 2, 1);
	convert_exactly(w, 1, 2);
	dial(w, "1001", "1"); /* now there is room */
	assert_int_equal(number(w, "pulses"), SECONDS);
	assert_int_equal(accrued(w, 2), SECONDS * UINT64_C(10000));
	/* And so it has no way back: it is pinned, and whole. */
	assert_int_equal(convert(w, 1), -EDOM);
	assert_int_equal(number(w, "pulses"), SECONDS);
	end(w, "2001");
	expect_charge(w, SECONDS, SECONDS * UINT64_C(10000));
}

static const struct schema *
schema_at(struct office_world *w, unsigned int release)
{
	return &behaviour_at(behaviours_of(w), releases_of(w)->ids[release])
		    ->module->schema;
}

/* 1.1 is code only: the format is that of 1.0, byte for byte. */
static void
u19_1_1_has_the_format_of_1_0(void **state)
{
	struct office_world *w = *state;
	const struct schema *one = schema_at(w, 0), *other = schema_at(w, 1);
	uint32_t i;

	assert_true(schema_is_same(one, other));
	assert_int_equal(schema_fingerprint(one), schema_fingerprint(other));
	assert_int_equal(one->size, other->size);
	assert_int_equal(one->count, other->count);
	for (i = 0; i < one->count; i++) {
		assert_string_equal(one->fields[i].name, other->fields[i].name);
		assert_int_equal(
		    one->fields[i].offset, other->fields[i].offset);
	}
	assert_false(schema_is_same(one, schema_at(w, 2)));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(t21_t37_each_release_charges_by_its_rule),
		TEST(what_is_left_of_a_millisecond_is_dropped),
		TEST(how_often_it_is_looked_at_makes_no_difference),
		TEST(without_an_answer_or_a_tariff_it_is_free),
		TEST(a_call_keeps_the_tariff_of_its_answer),
		TEST(t39_a_cleared_call_pays_for_its_time),
		TEST(t80_t82_a_suspended_call_pays_for_it_if_it_is_resumed),
		TEST(u19_whatever_comes_between_the_sum_is_the_formulas),
		TEST(u19_no_pair_of_releases_changes_money),
		TEST(u19_a_call_pays_by_the_rule_of_its_answer),
		TEST(u19_a_full_counter_loses_nothing),
		TEST(u19_1_1_has_the_format_of_1_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
