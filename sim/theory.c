/*
 * theory: see theory.h for what it is.
 *
 * A group whose bids are all first choice stands beside Erlang B; if only so
 * many sources call over it, beside Engset; if its callers try again, beside
 * the extended Erlang B; one that takes what overflows from others beside
 * Wilkinson and Rapp.  Erlang C is what would have had to wait, had the group
 * a queue.
 */
#include "sim/theory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office_trunk.h"
#include "sim/erlang.h"
#include "sim/scenario_internal.h"
#include "sim/traffic.h"
#include "sim/trunk_figures.h"

/* A result names so many groups; `report routes` has them all. */
enum { GROUPS_MAX = 8, TEXT_MAX = 256, LATE_US = 100000 };

/* "5.1 %" */
static int
put_share(char *text, size_t size, const char *name, double share)
{
	return snprintf(text, size, "%s %.3g %%", name, share * 100);
}

/* Of a group that nobody overflows to. */
static void
first_choice(const struct scenario *scenario, uint32_t trunk,
    const struct trunk_figures *figures, char *text, size_t size)
{
	const uint32_t circuits = (uint32_t)figures->circuits.integer;
	struct traffic_stream stream;
	size_t at =
	    (size_t)put_share(text, size, "Erlang B", figures->erlang_b.real);

	if (!traffics_stream_to(scenario->traffics, trunk, &stream))
		return;
	if (stream.sources > 0 && stream.erlangs < stream.sources) {
		at += (size_t)snprintf(text + at, size - at, ", ");
		at += (size_t)put_share(text + at, size - at, "Engset",
		    erlang_engset(stream.erlangs, stream.sources, circuits));
	}
	if (stream.redial > 0 && stream.erlangs > 0) {
		at += (size_t)snprintf(text + at, size - at, ", ");
		(void)put_share(text + at, size - at, "extended",
		    erlang_b_extended(stream.erlangs, circuits, stream.redial));
	}
}

static void
tell_group(struct scenario *scenario, uint32_t trunk)
{
	struct trunk_figures figures;
	char text[TEXT_MAX] = "", error[32] = "", waiting[48] = "";

	trunk_figures_look(scenario->office, trunk, NULL, &figures);
	if (figures.bids.integer == 0 || isnan(figures.offered_erlangs.real))
		return;
	if (!isnan(figures.blocking_se.real))
		(void)snprintf(error, sizeof error, " (+- %.2g %%)",
		    figures.blocking_se.real * 100);
	if (!isnan(figures.erlang_b.real)) {
		first_choice(scenario, trunk, &figures, text, sizeof text);
		(void)put_share(waiting, sizeof waiting, "; waiting, Erlang C",
		    erlang_c(figures.offered_erlangs.real,
			(uint32_t)figures.circuits.integer));
	} else {
		(void)put_share(
		    text, sizeof text, "Wilkinson", figures.wilkinson.real);
	}
	verdict_find(scenario->verdict, "theory", 0, true,
	    "%s: %.3g erlangs on %lld circuits, blocking %.3g %%%s, %s%s",
	    office_trunk_name(scenario->office, trunk),
	    figures.offered_erlangs.real, (long long)figures.circuits.integer,
	    figures.blocking.real * 100, error, text, waiting);
}

/* Where what was measured says more of the machine than of the switch. */
static void
tell_generator(struct scenario *scenario)
{
	const uint64_t late = traffics_late(scenario->traffics);

	if (late >= LATE_US)
		verdict_find(scenario->verdict, "generator", 0, false,
		    "calls began up to %.3g s later than they should have: the "
		    "generator, not the switch, was the limit",
		    (double)late / 1e6);
}

void
theory_judge(struct scenario *scenario)
{
	uint32_t trunk;

	for (trunk = 0; trunk < GROUPS_MAX &&
	     office_trunk_name(scenario->office, trunk) != NULL;
	     trunk++)
		tell_group(scenario, trunk);
	tell_generator(scenario);
}
