/* mix: see mix.h for what it is. */
#include "sim/mix.h"

#include <errno.h>
#include <stdio.h>

#include "sim/random.h"

/* What is drawn of a call; each is a stream of its own, for ever. */
enum purpose {
	FOR_OUTCOME,
	FOR_TALK,
	FOR_REDIAL,
	FOR_ANSWER_AFTER,
	FOR_ABANDON_AFTER,
	FOR_REDIAL_AFTER,
	FOR_HOLD,
	FOR_AGAIN,
	FOR_DIAL_AFTER, /* and one for each digit behind it */
	FOR_BEYOND = 1000
};

/* Own choice: ring for a while, and try again when one has thought it over. */
const struct mix mix_plain = {
	.shares = { 1 },
	.answer_after = { DISTRIBUTION_UNIFORM, 2000000, 10000000, NULL },
	.abandon_after = { DISTRIBUTION_UNIFORM, 5000000, 30000000, NULL },
	.redial_after = { DISTRIBUTION_EXPONENTIAL, 30000000, 0, NULL },
};

/* A sum of shares of a hundredth of a percent may be off by so much. */
static const double rounding = 1e-9;

int
mix_settle(struct mix *mix, char *why, size_t size)
{
	double sum = 0;
	unsigned int i;

	for (i = 0; i < MIX_OUTCOMES_COUNT; i++)
		sum += mix->shares[i];
	if (sum > 1 + rounding) {
		(void)snprintf(why, size,
		    "-answer -busy -no-answer -reject -abandon -misdial are "
		    "%.6g%% together, more than all calls",
		    sum * 100);
		return -EINVAL;
	}
	if (mix->hold + mix->transfer > 1 + rounding) {
		(void)snprintf(why, size,
		    "-hold and -transfer are %.6g%% together, more than all "
		    "answered calls",
		    (mix->hold + mix->transfer) * 100);
		return -EINVAL;
	}
	if (sum < 1)
		mix->shares[mix->is_answer_said ? MIX_no_answer : MIX_answer] +=
		    1 - sum;
	return 0;
}

static double
draw_share(uint64_t seed, unsigned int purpose)
{
	struct random random;

	random_fork(&random, seed, purpose);
	return random_share(&random);
}

static uint64_t
draw(const struct distribution *distribution, uint64_t seed,
    unsigned int purpose)
{
	struct random random;

	if (distribution->kind == DISTRIBUTION_FIXED)
		return distribution->a;
	random_fork(&random, seed, purpose);
	return distribution_draw(distribution, &random);
}

enum mix_outcome
mix_outcome(const struct mix *mix, uint64_t seed)
{
	unsigned int outcome;
	double share;

	if (mix->shares[MIX_answer] >= 1)
		return MIX_answer;
	share = draw_share(seed, FOR_OUTCOME);
	for (outcome = 0; outcome < MIX_OUTCOMES_COUNT - 1; outcome++) {
		if (share < mix->shares[outcome])
			break;
		share -= mix->shares[outcome];
	}
	return (enum mix_outcome)outcome;
}

enum mix_talk
mix_talk(const struct mix *mix, uint64_t seed)
{
	double share;

	if (mix->hold + mix->transfer <= 0)
		return MIX_TALKS;
	share = draw_share(seed, FOR_TALK);
	if (share < mix->hold)
		return MIX_HOLDS;
	return share < mix->hold + mix->transfer ? MIX_TRANSFERS : MIX_TALKS;
}

bool
mix_redials(const struct mix *mix, uint64_t seed)
{
	return mix->redial > 0 && draw_share(seed, FOR_REDIAL) < mix->redial;
}

uint64_t
mix_answer_after(const struct mix *mix, uint64_t seed)
{
	return draw(&mix->answer_after, seed, FOR_ANSWER_AFTER);
}

uint64_t
mix_abandon_after(const struct mix *mix, uint64_t seed)
{
	return draw(&mix->abandon_after, seed, FOR_ABANDON_AFTER);
}

uint64_t
mix_redial_after(const struct mix *mix, uint64_t seed)
{
	return draw(&mix->redial_after, seed, FOR_REDIAL_AFTER);
}

uint64_t
mix_dial_after(const struct mix *mix, uint64_t seed, unsigned int n)
{
	return draw(&mix->dial_every, seed, FOR_DIAL_AFTER + n);
}

uint64_t
mix_hold(const struct distribution *hold, uint64_t seed)
{
	return draw(hold, seed, FOR_HOLD);
}

static uint64_t
draw_seed(uint64_t seed, unsigned int purpose)
{
	struct random random;

	random_fork(&random, seed, purpose);
	return random_next(&random);
}

uint64_t
mix_again(uint64_t seed)
{
	return draw_seed(seed, FOR_AGAIN);
}

uint64_t
mix_beyond(uint64_t seed)
{
	return draw_seed(seed, FOR_BEYOND);
}

double
mix_occupied(const struct mix *mix, const struct distribution *hold,
    uint64_t no_answer_us)
{
	const double ring = distribution_mean(&mix->answer_after);

	return mix->shares[MIX_answer] * (ring + distribution_mean(hold)) +
	    mix->shares[MIX_no_answer] * (double)no_answer_us +
	    mix->shares[MIX_reject] * ring +
	    mix->shares[MIX_abandon] * distribution_mean(&mix->abandon_after);
}
