/*
 * erlang: see erlang.h for what it is.
 *
 * Blocking is found by its recursion over the circuits, of which each step is
 * a mean of numbers from 0 to 1: nothing can overflow, and an error only ever
 * shrinks.  Rapp's equivalent group has a number of circuits that is not
 * whole; there the recursion begins at its fraction, from the formula's
 * integral form
 *
 *     1 / B(x, a) = a * integral from 0 of exp(-a t) (1 + t)^x dt
 *                 = exp(a) a^-x Gamma(x + 1, a)
 *
 * (Jagerman; Gamma(s, a) is the incomplete one), which is the recursion's own
 * continuation.
 */
#include "sim/erlang.h"

#include <assert.h>
#include <math.h>

/* From B of x circuits to that of x + 1, and so on for `steps`. */
static double
go_on(double blocking, double erlangs, double x, uint32_t steps)
{
	uint32_t i;

	for (i = 0; i < steps; i++) {
		x += 1;
		blocking = erlangs * blocking / (x + erlangs * blocking);
	}
	return blocking;
}

double
erlang_b(double erlangs, uint32_t circuits)
{
	assert(erlangs >= 0);
	return go_on(1, erlangs, 0, circuits);
}

/*
 * The traffic with all tries, E = erlangs + recall * E * B(E): what E leaves
 * over is monotone in it, so it is found by halving.  With recall 1 and more
 * erlangs than circuits there is none, and all is blocked.
 */
double
erlang_b_extended(double erlangs, uint32_t circuits, double recall)
{
	double low = erlangs, high = erlangs, middle;

	assert(recall >= 0 && recall <= 1);
	if (recall >= 1 && erlangs >= circuits)
		return 1;
	while (high * (1 - recall * erlang_b(high, circuits)) < erlangs)
		high *= 2;
	for (;;) {
		middle = low + (high - low) / 2;
		if (middle <= low || middle >= high)
			return erlang_b(middle, circuits);
		if (middle * (1 - recall * erlang_b(middle, circuits)) <
		    erlangs)
			low = middle;
		else
			high = middle;
	}
}

double
erlang_c(double erlangs, uint32_t circuits)
{
	double blocking = erlang_b(erlangs, circuits);

	if (erlangs >= circuits)
		return 1;
	return circuits * blocking / (circuits - erlangs * (1 - blocking));
}

/* Of `others`, since who makes a bid is not busy himself. */
double
erlang_engset(double erlangs, uint32_t sources, uint32_t circuits)
{
	double rate, bids, blocking = 1;
	uint32_t i, others = sources - 1;

	assert(sources > 0 && erlangs < sources);
	if (circuits >= sources)
		return 0;
	rate = erlangs / (sources - erlangs); /* of an idle one */
	for (i = 1; i <= circuits; i++) {
		bids = rate * (others - i + 1) * blocking;
		blocking = bids / (i + bids);
	}
	return blocking;
}

/*--------------------------------------------------------------------
 * Overflow
 */

struct erlang_overflow
erlang_overflow(double erlangs, uint32_t circuits)
{
	double mean = erlangs * erlang_b(erlangs, circuits);

	return (struct erlang_overflow){
		.mean = mean,
		.variance = mean *
		    (1 - mean + erlangs / (circuits + 1 - erlangs + mean)),
	};
}

enum { TERMS_MAX = 100000 };

/* Gamma(s, a) exp(a) a^-s by its series below 1, s from 1 to 2. */
static double
upper_gamma_series(double s, double a)
{
	double term = 1 / s, sum = term;
	int n;

	for (n = 1; term > sum * 1e-17 && n < TERMS_MAX; n++) {
		term *= a / (s + n);
		sum += term;
	}
	return tgamma(s) * exp(a) * pow(a, -s) - sum;
}

/* The same by its continued fraction, from behind (Lentz's method). */
static double
upper_gamma_fraction(double s, double a)
{
	double b = a + 1 - s, c = HUGE_VAL, d = 1 / b, all = d, part, delta = 0;
	int n;

	for (n = 1; fabs(delta - 1) > 1e-16 && n < TERMS_MAX; n++) {
		part = n * (s - n);
		b += 2;
		d = 1 / (part * d + b);
		c = b + part / c;
		delta = c * d;
		all *= delta;
	}
	return all;
}

/* Of a fraction of a circuit, from 0 to 1; 1 at 0. */
static double
blocking_of_fraction(double erlangs, double x)
{
	double gamma = erlangs < 1 ? upper_gamma_series(x + 1, erlangs)
				   : upper_gamma_fraction(x + 1, erlangs);

	return 1 / (erlangs * gamma);
}

static double
blocking_of_real(double erlangs, double circuits)
{
	double whole = floor(circuits), fraction = circuits - whole;

	return go_on(blocking_of_fraction(erlangs, fraction), erlangs, fraction,
	    (uint32_t)whole);
}

/*
 * Rapp: the group of first choice, of `groups` circuits with `all` erlangs,
 * from which traffic of that mean and peakedness would overflow.  Traffic
 * that is as smooth as a first choice's, or smoother, has none.
 */
double
erlang_wilkinson(const struct erlang_overflow *offered, uint32_t circuits)
{
	double mean = offered->mean, peakedness, all, group;

	if (mean <= 0)
		return circuits == 0;
	peakedness = offered->variance / mean;
	if (peakedness <= 1)
		return erlang_b(mean, circuits);
	all = offered->variance + 3 * peakedness * (peakedness - 1);
	group = all * (mean + peakedness) / (mean + peakedness - 1) - mean - 1;
	return all * blocking_of_real(all, group + circuits) / mean;
}
