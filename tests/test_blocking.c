/*
 * Blocking on trunk groups, held against theory (telephony.md 1.7, section 3):
 * after a warm-up of ten mean holding times, the mean of twenty batches must
 * lie within three standard errors, which are those of the batches.
 */
#include "tests/office_world.h"

#include <math.h>

#include "calls/exchange/office_trunk.h"
#include "sim/erlang.h"
#include "sim/traffic.h"

enum { SEED = 12, HOLD_S = 100, BATCHES = 20, BATCH_BIDS = 250 };

static struct traffics *traffics;

static int
set_up(void **state)
{
	struct office_world *w = office_world_begin("1.0");

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
	double mean, error; /* standard */
};

/* The share of bids of the group that found no circuit in one batch. */
static double
run_batch(struct office_world *w, uint32_t trunk, uint64_t us)
{
	struct trunk_info before, after;

	office_trunk_look(w->office, trunk, &before);
	pass(w, us);
	office_trunk_look(w->office, trunk, &after);
	return (double)(after.overflow - before.overflow) /
	    (double)(after.bids - before.bids);
}

/* `bids` is how many there are in a mean holding time, about. */
static struct estimate
measure(struct office_world *w, uint32_t trunk, double bids)
{
	double holds = fmax(BATCH_BIDS / bids, 10), sum = 0, squares = 0, share;
	struct estimate estimate;
	unsigned int i;

	pass(w, (uint64_t)10 * HOLD_S * S);
	for (i = 0; i < BATCHES; i++) {
		share = run_batch(w, trunk, (uint64_t)(holds * HOLD_S * S));
		sum += share;
		squares += share * share;
	}
	estimate.mean = sum / BATCHES;
	estimate.error =
	    sqrt((squares / BATCHES - estimate.mean * estimate.mean) /
		(BATCHES - 1));
	return estimate;
}

static void
expect_theory(const char *what, struct estimate found, double theory)
{
	if (!(fabs(found.mean - theory) <= 3 * found.error))
		fail_msg("%s: %.4f, standard error %.4f, theory %.4f", what,
		    found.mean, found.error, theory);
	if (!(found.error < theory / 4))
		fail_msg("%s: a standard error of %.4f says nothing of %.4f",
		    what, found.error, theory);
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

static void
expect_erlang_b(struct office_world *w, enum distribution_kind kind)
{
	struct estimate found;
	char what[64];
	uint32_t trunk;
	unsigned int i;

	for (i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		trunk = group_for(w, i, pairs[i].circuits);
		offer(i,
		    (struct traffic_options){
			.erlangs = pairs[i].erlangs, .hold.kind = kind });
		found = measure(w, trunk, pairs[i].erlangs);
		snprintf(what, sizeof what, "%g erlangs on %u circuits",
		    pairs[i].erlangs, pairs[i].circuits);
		expect_theory(
		    what, found, erlang_b(pairs[i].erlangs, pairs[i].circuits));
		stop(w, i);
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
		found = measure(w, trunk, cases[i].erlangs);
		expect_theory("few sources", found,
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
main(void)
{
#define BLOCKING_TEST(test)                                                    \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		BLOCKING_TEST(blocking_is_that_of_erlang_b),
		BLOCKING_TEST(it_is_for_fixed_holding_times_too),
		BLOCKING_TEST(few_sources_block_as_engset_says),
		BLOCKING_TEST(a_second_choice_blocks_as_wilkinson_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
