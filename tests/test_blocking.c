/*
 * Blocking on trunk groups, held against theory (telephony.md 1.7, section 3):
 * after a warm-up of ten mean holding times, the mean of forty batches must
 * lie within three standard errors, which are those of the batches.
 *
 * One group would notice a fault of a tenth; all together notice one of 2 % in
 * how long calls last, or how often they come, and one circuit too few.  The
 * word `long` behind its name makes it a third of that, in some minutes.
 */
#include "tests/office_world.h"

#include <math.h>

#include "calls/exchange/office_trunk.h"
#include "sim/erlang.h"
#include "sim/traffic.h"

enum { SEED = 12, HOLD_S = 100, BATCHES = 40 };

static double batch_bids = 500;

static struct traffics *traffics;

static int
set_up(void **state)
{
	struct office_world *w = office_world_begin_with("1.0", false);

	assert_int_equal(
	    office_add_lines(w->office, "40000", "45999", LINE_ANALOG), 0);
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

static uint16_t
group(struct office_world *w, const char *name, uint32_t circuits)
{
	const struct trunk_plan plan = { .name = name, .circuits = circuits };

	assert_int_equal(office_add_trunk(w->office, &plan), 0);
	return (uint16_t)office_find_trunk(w->office, name);
}

/* What has this prefix goes to the one, and if that is full to the other. */
static void
route(
    struct office_world *w, const char *prefix, uint16_t first, uint16_t second)
{
	const struct route_plan plan = { .prefix = prefix,
		.targets = { first, second },
		.count = first == second ? 1 : 2,
		.tariff = TARIFF_NONE };

	assert_int_equal(office_add_route(w->office, &plan), 0);
}

/* From 500 lines of its own, to numbers that begin with its own two digits. */
static void
offer(unsigned int i, struct traffic_options how)
{
	char name[8], from[24], to[24], why[256] = "";

	snprintf(name, sizeof name, "t%u", i);
	snprintf(from, sizeof from, "%u-%u", 40000 + 500 * i, 40499 + 500 * i);
	snprintf(to, sizeof to, "%u000-%u099", 60 + i, 60 + i);
	how.name = name;
	how.from_trunk = TRUNK_NONE;
	how.hold.a = (uint64_t)HOLD_S * S;
	how.mix = mix_plain;
	how.mix.answer_after =
	    (struct distribution){ DISTRIBUTION_FIXED, 0, 0, NULL };
	how.duration = UINT64_MAX;
	(void)units_range(from, &how.from);
	(void)units_range(to, &how.to);
	if (traffics_start(traffics, &how, why, sizeof why) != 0)
		fail_msg("%s", why);
}

/* And an end of it, for the next one. */
static void
stop(struct office_world *w, unsigned int i)
{
	char name[8];

	snprintf(name, sizeof name, "t%u", i);
	assert_int_equal(traffics_stop(traffics, name, true), 0);
	pass(w, S);
}

/* A group of its own, to which these numbers lead. */
static uint32_t
group_for(struct office_world *w, unsigned int i, uint32_t circuits)
{
	char name[8], prefix[8];
	uint16_t trunk;

	snprintf(name, sizeof name, "T%u", i);
	snprintf(prefix, sizeof prefix, "%u", 60 + i);
	trunk = group(w, name, circuits);
	route(w, prefix, trunk, trunk);
	return trunk;
}

/*--------------------------------------------------------------------
 * Batch means
 */

struct estimate {
	double mean, error; /* of blocking; standard */
	struct trunk_info counts;
};

/* What has come since. */
static void
take_off(struct trunk_info *now, const struct trunk_info *before)
{
	now->bids -= before->bids;
	now->overflow -= before->overflow;
	now->seizures -= before->seizures;
	now->busy_us -= before->busy_us;
	now->passed_us -= before->passed_us;
}

/* The share of bids of the group that found no circuit in one batch. */
static double
run_batch(struct office_world *w, uint32_t trunk, uint64_t us)
{
	struct trunk_info before, after;

	office_trunk_look(w->office, trunk, &before);
	pass(w, us);
	office_trunk_look(w->office, trunk, &after);
	take_off(&after, &before);
	return (double)after.overflow / (double)after.bids;
}

/* `bids` is how many there are in a mean holding time, about. */
static struct estimate
measure(struct office_world *w, uint32_t trunk, double bids)
{
	double holds = fmax(batch_bids / bids, 10), sum = 0, squares = 0, share;
	struct estimate estimate;
	struct trunk_info before;
	unsigned int i;

	pass(w, (uint64_t)10 * HOLD_S * S);
	office_trunk_look(w->office, trunk, &before);
	for (i = 0; i < BATCHES; i++) {
		share = run_batch(w, trunk, (uint64_t)(holds * HOLD_S * S));
		sum += share;
		squares += share * share;
	}
	estimate.mean = sum / BATCHES;
	estimate.error =
	    sqrt((squares / BATCHES - estimate.mean * estimate.mean) /
		(BATCHES - 1));
	office_trunk_look(w->office, trunk, &estimate.counts);
	take_off(&estimate.counts, &before);
	return estimate;
}

static void
expect_theory(const char *what, const struct estimate *found, double theory)
{
	if (!(fabs(found->mean - theory) <= 3 * found->error))
		fail_msg("%s: %.4f, standard error %.4f, theory %.4f", what,
		    found->mean, found->error, theory);
	if (!(found->error < theory / 8))
		fail_msg("%s: a standard error of %.4f says nothing of %.4f",
		    what, found->error, theory);
}

/*--------------------------------------------------------------------
 * Poisson traffic
 */

static const struct {
	double erlangs;
	uint32_t circuits;
} pairs[] = { { 0.5, 1 }, { 2, 2 }, { 2, 4 }, { 4, 5 }, { 7, 8 }, { 10, 10 },
	{ 12, 15 }, { 18, 20 }, { 27, 30 }, { 30, 20 }, { 45, 50 },
	{ 96, 100 } };
enum { PAIRS = sizeof pairs / sizeof pairs[0] };

/* By how many percent blocking is more if as much traffic is 1 % more. */
static double
elasticity(double erlangs, uint32_t circuits)
{
	const double little = 0.001;

	return (erlang_b(erlangs * (1 + little), circuits) -
		   erlang_b(erlangs * (1 - little), circuits)) /
	    (2 * little * erlang_b(erlangs, circuits));
}

/*
 * Together they say by what share more traffic there would have to be for what
 * was found, which is none: each counts as much as it knows of that.  And their
 * deviations are no larger than chance makes them, nor smaller.
 */
static void
expect_pooled(const struct estimate *found)
{
	double share = 0, known = 0, chi = 0, theory, slope, off;
	unsigned int i;

	for (i = 0; i < PAIRS; i++) {
		theory = erlang_b(pairs[i].erlangs, pairs[i].circuits);
		slope = elasticity(pairs[i].erlangs, pairs[i].circuits) *
		    theory / found[i].error;
		off = (found[i].mean - theory) / found[i].error;
		share += slope * off;
		known += slope * slope;
		chi += off * off;
	}
	share /= known;
	print_message("as if of %+.2f %% more traffic, +- %.2f %%; chi square "
		      "%.1f of %d\n",
	    share * 100, 100 / sqrt(known), chi, PAIRS);
	if (!(fabs(share) <= 3 / sqrt(known)) || !(1 / sqrt(known) < 0.005))
		fail_msg("as if there were %.2f %% more traffic, +- %.2f %%",
		    share * 100, 100 / sqrt(known));
	/* Of twelve at random, once in a thousand each. */
	if (!(chi < 32.9 && chi > 2.2))
		fail_msg("the sum of squared deviations is %.1f", chi);
}

/*
 * How long circuits were held, and how often they were bid for, in the mean:
 * of exponential holding times and of Poisson arrivals the deviation is one.
 */
static void
expect_means(const struct estimate *found, enum distribution_kind kind)
{
	double seizures = 0, bids = 0, busy_s = 0, offered = 0, hold, arrivals;
	unsigned int i;

	for (i = 0; i < PAIRS; i++) {
		seizures += (double)found[i].counts.seizures;
		busy_s += (double)found[i].counts.busy_us / S;
		bids += (double)found[i].counts.bids;
		offered += pairs[i].erlangs *
		    (double)found[i].counts.passed_us / S / HOLD_S;
	}
	hold = busy_s / seizures / HOLD_S - 1;
	arrivals = bids / offered - 1;
	if (!(fabs(hold) <=
		(kind == DISTRIBUTION_FIXED ? 0.001 : 3 / sqrt(seizures))))
		fail_msg("held %+.3f %% too long", hold * 100);
	if (!(fabs(arrivals) <= 3 / sqrt(offered)))
		fail_msg("%+.3f %% too many bids", arrivals * 100);
}

static void
expect_erlang_b(struct office_world *w, enum distribution_kind kind)
{
	struct estimate found[PAIRS];
	char what[64];
	uint32_t trunk;
	unsigned int i;

	for (i = 0; i < PAIRS; i++) {
		trunk = group_for(w, i, pairs[i].circuits);
		offer(i,
		    (struct traffic_options){
			.erlangs = pairs[i].erlangs, .hold.kind = kind });
		found[i] = measure(w, trunk, pairs[i].erlangs);
		stop(w, i);
	}
	expect_means(found, kind);
	expect_pooled(found);
	for (i = 0; i < PAIRS; i++) {
		snprintf(what, sizeof what, "%g erlangs on %u circuits",
		    pairs[i].erlangs, pairs[i].circuits);
		expect_theory(what, &found[i],
		    erlang_b(pairs[i].erlangs, pairs[i].circuits));
	}
}

static void
blocking_is_that_of_erlang_b(void **state)
{
	expect_erlang_b(*state, DISTRIBUTION_EXPONENTIAL);
}

/* Erlang B asks only for the mean. */
static void
it_is_for_fixed_holding_times_too(void **state)
{
	expect_erlang_b(*state, DISTRIBUTION_FIXED);
}

/*--------------------------------------------------------------------
 * Other traffic
 */

static void
few_sources_block_as_engset_says(void **state)
{
	static const struct {
		double erlangs;
		uint32_t sources, circuits;
	} cases[] = { { 3, 6, 5 }, { 5, 10, 8 }, { 8, 14, 11 } };
	struct office_world *w = *state;
	struct estimate found;
	uint32_t trunk;
	unsigned int i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		trunk = group_for(w, i, cases[i].circuits);
		offer(i,
		    (struct traffic_options){ .erlangs = cases[i].erlangs,
			.sources = cases[i].sources,
			.hold.kind = DISTRIBUTION_EXPONENTIAL });
		/* Of thirty bids one finds all busy: four times as many. */
		found = measure(w, trunk, cases[i].erlangs / 4);
		expect_theory("few sources", &found,
		    erlang_engset(
			cases[i].erlangs, cases[i].sources, cases[i].circuits));
		/* Erlang B would have it otherwise. */
		assert_true(found.mean + 3 * found.error <
		    erlang_b(cases[i].erlangs, cases[i].circuits));
		stop(w, i);
	}
}

/* T1 and T2 overflow to T3, which has no traffic of its own. */
static void
a_second_choice_blocks_as_wilkinson_says(void **state)
{
	struct office_world *w = *state;
	uint16_t first = group(w, "T1", 10), second = group(w, "T2", 20),
		 third = group(w, "T3", 8);
	const struct traffic_options ten = { .erlangs = 10,
		.hold.kind = DISTRIBUTION_EXPONENTIAL },
				     twenty = { .erlangs = 20,
					     .hold.kind =
						 DISTRIBUTION_EXPONENTIAL };
	struct erlang_overflow of_first = erlang_overflow(10, 10),
			       of_second = erlang_overflow(20, 20);
	const struct erlang_overflow both = { of_first.mean + of_second.mean,
		of_first.variance + of_second.variance };
	double theory = erlang_wilkinson(&both, 8);
	struct estimate found;

	route(w, "60", first, third);
	route(w, "61", second, third);
	offer(0, ten);
	offer(1, twenty);
	found = measure(w, third, both.mean);
	if (!(fabs(found.mean - theory) <= 3 * found.error + 0.05 * theory))
		fail_msg("%.4f, standard error %.4f, theory %.4f", found.mean,
		    found.error, theory);
	/* As much Poisson traffic would be blocked less. */
	assert_true(found.mean - 3 * found.error > erlang_b(both.mean, 8));
}

int
main(int argc, char **argv)
{
#define BLOCKING_TEST(test)                                                    \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		BLOCKING_TEST(blocking_is_that_of_erlang_b),
		BLOCKING_TEST(it_is_for_fixed_holding_times_too),
		BLOCKING_TEST(few_sources_block_as_engset_says),
		BLOCKING_TEST(a_second_choice_blocks_as_wilkinson_says),
	};

	if (argc > 1 && strcmp(argv[1], "long") == 0)
		batch_bids *= 10;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
