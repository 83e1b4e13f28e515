/*
 * progress: says on standard error how far a scenario is, while it runs.
 *
 * On a terminal one line that is written over; elsewhere nothing, or with
 * --verbose a line every few seconds.  Never in the event log, and never on
 * standard output: both must not depend on how fast the machine is.
 */
#include "sim/scenario_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "calls/exchange/office.h"
#include "sim/source.h"
#include "sim/terminal.h"
#include "switch/machine.h"
#include "switch/scheduler.h"

/* Often enough to look alive; seldom enough to cost nothing. */
enum { TERMINAL_US = 100000, PLAIN_US = 2000000 };

uint64_t
wall_us(void)
{
	return machine_ns(CLOCK_MONOTONIC) / 1000;
}

static void
print(const struct scenario *scenario, const char *before, const char *after)
{
	const struct office_counts *counts = office_counts(scenario->office);

	(void)fprintf(stderr,
	    "%s%8.1f s  %8" PRIu64 " live  %8" PRIu64 " ended  %.40s%s", before,
	    (double)scheduler_now(scenario->scheduler) / 1e6, counts->live,
	    counts->ended, scenario->phase, after);
	(void)fflush(stderr);
}

void
progress_clear(void)
{
	if (terminal_is(STDERR_FILENO))
		(void)fputs("\r\033[K", stderr);
}

void
progress_tell(struct scenario *scenario, bool is_last)
{
	uint64_t now;

	if (scenario->console != NULL) /* it has no end to be near to */
		return;
	if (is_last) {
		progress_clear();
		return;
	}
	if (!scenario->is_on_terminal && !scenario->options->is_verbose)
		return; /* nor is the clock read for nobody, at each instant */
	now = wall_us();
	if (now - scenario->wall_told <
	    (scenario->is_on_terminal ? TERMINAL_US : PLAIN_US))
		return;
	scenario->wall_told = now;
	if (scenario->is_on_terminal)
		print(scenario, "\r", "\033[K");
	else
		print(scenario, "", "\n");
}
