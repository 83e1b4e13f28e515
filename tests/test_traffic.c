/* How much traffic is generated, from whom and to whom. */
#include "tests/office_world.h"

#include <errno.h>
#include <math.h>

#include "calls/exchange/office_trunk.h"
#include "sim/traffic.h"

enum { TRUNK_CIRCUITS = 5, SEED = 7 };

static struct traffics *traffics;

/* T1, for what begins with 08; lines 4000 to 4999 besides. */
static int
set_up(void **state)
{
	const struct trunk_plan trunk = { .name = "T1",
		.circuits = TRUNK_CIRCUITS };
	struct route_plan route = {
		.prefix = "08", .count = 1, .tariff = TARIFF_NONE
	};
	struct office_world *w = office_world_begin("1.0");

	assert_int_equal(
	    office_add_lines(w->office, "4000", "4999", LINE_ANALOG), 0);
	assert_int_equal(office_add_trunk(w->office, &trunk), 0);
	route.targets[0] = (uint16_t)office_find_trunk(w->office, "T1");
	assert_int_equal(office_add_route(w->office, &route), 0);
	assert_int_equal(
	    traffics_alloc(&traffics, w->world.scheduler, w->office, SEED), 0);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	traffics_free(&traffics);
	office_world_end(*state);
	return 0;
}

/* A fixed hold of 10 s, answered at once: so many erlangs, or calls. */
static struct traffic_options
options(const char *from, const char *to)
{
	struct traffic_options made = { .name = "t",
		.from_trunk = TRUNK_NONE,
		.hold = { DISTRIBUTION_FIXED, 10 * S, 0, NULL },
		.mix = mix_plain,
		.duration = UINT64_MAX };

	made.mix.answer_after =
	    (struct distribution){ DISTRIBUTION_FIXED, 0, 0, NULL };
	(void)units_range(from, &made.from);
	(void)units_range(to, &made.to);
	return made;
}

static void
start(const struct traffic_options *how)
{
	char why[256] = "";

	if (traffics_start(traffics, how, why, sizeof why) != 0)
		fail_msg("%s", why);
}

static void
refused(const struct traffic_options *how, const char *words)
{
	char why[256] = "";

	assert_int_not_equal(traffics_start(traffics, how, why, sizeof why), 0);
	if (strstr(why, words) == NULL)
		fail_msg("'%s' does not say '%s'", why, words);
}

static struct traffic_counts
counts(void)
{
	struct traffic_counts seen;

	assert_int_equal(traffics_count(traffics, "t", &seen), 0);
	return seen;
}

static void
expect_about(double found, double wanted, double share)
{
	if (!(fabs(found - wanted) <= share * wanted))
		fail_msg("%g is not about %g", found, wanted);
}

/* Erlangs come in a mean time of setting up and holding. */
static void
erlangs_say_how_many_calls_begin(void **state)
{
	struct office_world *w = *state;
	struct traffic_options how = options("4000-4499", "4500-4999");

	how.erlangs = 50;
	how.mix.answer_after =
	    (struct distribution){ DISTRIBUTION_UNIFORM, 5 * S, 15 * S, NULL };
	start(&how);
	pass(w, UINT64_C(4000) * S);
	expect_about((double)counts().calls.attempts, 50 * 4000 / 20.0, 0.03);
	expect_about((double)counts().calls.live, 50, 0.35);
}

/* Of two sources with 1 erlang each is busy half of the time. */
static void
a_source_has_one_call_at_a_time(void **state)
{
	struct office_world *w = *state;
	struct traffic_options how = options("4000-4499", "4500-4999");
	unsigned int i, busy = 0;

	how.erlangs = 1;
	how.sources = 2;
	how.duration = UINT64_C(20000) * S;
	start(&how);
	for (i = 0; i < 2000; i++) {
		pass(w, 10 * S);
		busy += look(w, "4000").is_offhook;
		busy += look(w, "4001").is_offhook;
		assert_false(look(w, "4002").is_offhook);
	}
	expect_about(busy / 2000.0, 1, 0.06);
	expect_about((double)counts().calls.attempts, 2000, 0.06);
	pass(w, 100 * S); /* then nobody calls any more */
	assert_false(counts().is_running);
	assert_int_equal(counts().calls.live, 0);
	assert_string_equal(line_state_word(look(w, "4002").state), "idle");
}

static void
far_ends_call_and_hang_up(void **state)
{
	struct office_world *w = *state;
	struct traffic_options how = options("1", "4500-4999");
	struct trunk_info trunk;

	how.from_trunk = office_find_trunk(w->office, "T1");
	how.erlangs = 20;
	start(&how);
	pass(w, UINT64_C(1000) * S);
	office_trunk_look(w->office, how.from_trunk, &trunk);
	assert_int_equal(trunk.incoming, counts().calls.attempts);
	expect_about(
	    (double)(counts().calls.attempts + counts().unmade), 2000, 0.1);
	assert_true(counts().unmade > 1000); /* there are five circuits */
	assert_int_equal(traffics_stop(traffics, "t", false), 0);
	pass(w, 20 * S);
	assert_int_equal(counts().calls.live, 0);
	assert_int_equal(counts().calls.answers, counts().calls.attempts);
	office_trunk_look(w->office, how.from_trunk, &trunk);
	assert_int_equal(trunk.busy, 0);
	expect_order(w);
}

static void
what_contradicts_itself_is_refused(void **state)
{
	struct office_world *w = *state;
	struct traffic_options how = options("4000-4009", "4500-4599");

	refused(&how, "either -rate or -erlangs");
	how.rate = how.erlangs = 1;
	refused(&how, "either -rate or -erlangs");
	how.rate = 0;
	how.sources = 11;
	refused(&how, "not as many lines");
	how.sources = 1;
	refused(&how, "less than one for each");
	how.sources = 2;
	how.is_constant = true;
	refused(&how, "call at random");
	how.is_constant = false;
	how.from_trunk = office_find_trunk(w->office, "T1");
	refused(&how, "call at random");
	how.sources = 0;
	(void)units_range("7000", &how.to);
	refused(&how, "no line has the number 7000, and no route leads there");
	(void)units_range("0999-1000", &how.to);
	refused(&how, "and no route leads there");
	(void)units_range("0800-0899", &how.to);
	start(&how);
}

/* From one call in a second to three, over 100 s: twice as many, and half. */
static void
a_rate_goes_up_as_a_ramp(void **state)
{
	struct office_world *w = *state;
	struct traffic_options how = options("4000-4499", "4500-4999");
	const struct traffic_amount three = { .rate = 3, .over = 100 * S };
	char why[256] = "";
	uint64_t before;

	how.rate = 1;
	how.is_constant = true;
	start(&how);
	pass(w, 100 * S);
	before = counts().calls.attempts;
	assert_in_range(before, 100, 101);
	assert_int_equal(
	    traffics_rate(traffics, "t", &three, why, sizeof why), 0);
	pass(w, 100 * S);
	assert_in_range(counts().calls.attempts - before, 199, 201);
	before = counts().calls.attempts;
	pass(w, 100 * S);
	assert_in_range(counts().calls.attempts - before, 299, 301);
	assert_int_equal(
	    traffics_rate(traffics, "u", &three, why, sizeof why), -ESRCH);
	assert_int_equal(traffics_stop(traffics, NULL, false), 0);
	assert_int_equal(
	    traffics_rate(traffics, "t", &three, why, sizeof why), -EINVAL);
	assert_string_equal(why, "it has stopped");
}

/* What a minute of one traffic has come to, beside another or not. */
static struct mark_counts
minute_beside(void **state, bool is_alone)
{
	struct traffic_options how = options("4000-4199", "4200-4399");
	struct traffic_options other = options("4400-4499", "4500-4999");
	struct mark_counts seen;

	(void)set_up(state);
	other.name = "other";
	other.rate = 7;
	if (!is_alone)
		start(&other);
	how.rate = 5;
	how.hold =
	    (struct distribution){ DISTRIBUTION_LOGNORMAL, 8 * S, 4 * S, NULL };
	how.mix.answer_after =
	    (struct distribution){ DISTRIBUTION_EXPONENTIAL, 3 * S, 0, NULL };
	start(&how);
	pass(*state, 60 * S);
	seen = counts().calls;
	(void)tear_down(state);
	return seen;
}

static void
another_traffic_changes_nothing(void **state)
{
	const struct mark_counts alone = minute_beside(state, true);
	const struct mark_counts beside = minute_beside(state, false);

	assert_in_range(alone.attempts, 200, 400);
	assert_int_equal(beside.attempts, alone.attempts);
	assert_int_equal(beside.answers, alone.answers);
	assert_int_equal(beside.ended, alone.ended);
	assert_int_equal(beside.busy_us, alone.busy_us);
	assert_int_equal(beside.measure.bill_ms, alone.measure.bill_ms);
}

/* Each line calls and is called, of one range, and by two traffics. */
static void
a_range_may_be_shared(void **state)
{
	struct office_world *w = *state;
	struct traffic_options how = options("4000-4099", "4000-4099");

	how.rate = 2;
	start(&how);
	how.name = "u";
	how.from_trunk = office_find_trunk(w->office, "T1");
	start(&how);
	how.name = "v";
	how.from_trunk = TRUNK_NONE;
	(void)units_range("4050-4149", &how.from);
	refused(&how, "have no line in common");
	pass(w, 100 * S);
	assert_int_equal(traffics_stop(traffics, NULL, false), 0);
	pass(w, 60 * S);
	assert_in_range(counts().calls.attempts, 140, 260);
	assert_int_equal(counts().calls.answers, counts().calls.attempts);
	assert_int_equal(counts().calls.live, 0);
	expect_order(w);
}

int
main(void)
{
#define TRAFFIC_TEST(test)                                                     \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TRAFFIC_TEST(erlangs_say_how_many_calls_begin),
		TRAFFIC_TEST(a_source_has_one_call_at_a_time),
		TRAFFIC_TEST(far_ends_call_and_hang_up),
		TRAFFIC_TEST(what_contradicts_itself_is_refused),
		TRAFFIC_TEST(a_rate_goes_up_as_a_ramp),
		cmocka_unit_test(another_traffic_changes_nothing),
		TRAFFIC_TEST(a_range_may_be_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
