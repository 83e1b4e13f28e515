/*
 * console_latency: how long things take, as a member of a JSON object.
 *
 *   setup       from the last digit to alerting, of calls that have ended
 *   event       one event in its process; one of each turn is measured
 *   pause_cpu   of a call that is converted, in CPU time and by the clock
 *   pause_wall
 *
 * Each is counted since the switch began and never forgets.  The bounds of its
 * buckets are the same always, one for each octave; a bucket counts what is up
 * to its bound, as those of OpenMetrics do, and the last has none.
 */
#include <inttypes.h>

#include "calls/exchange/measure.h"
#include "sim/operator/console_internal.h"
#include "switch/behaviour.h"
#include "switch/histogram.h"
#include "switch/scheduler.h"
#include "upgrade/release_handler.h"

/* What a histogram counts, and the octaves that have a bound. */
struct range {
	double us; /* of its unit */
	unsigned int first, last;
};

static const struct range of_setups = { 1, 10, 26 };   /* 2 ms to 134 s */
static const struct range of_events = { 1e-3, 7, 26 }; /* 255 ns to 134 ms */
static const struct range of_pauses = { 1e-3, 9, 30 }; /* 1 us to 2 s */

static void
write_latency(FILE *out, const char *name, const struct histogram *histogram,
    const struct range *range)
{
	uint64_t seen = 0;
	unsigned int bit;

	(void)fprintf(out,
	    "\"%s\":{\"count\":%" PRIu64
	    ",\"sum_us\":%.3f,\"p50_us\":%.3f,\"p99_us\":%.3f,"
	    "\"max_us\":%.3f,\"buckets\":[",
	    name, histogram->count, (double)histogram->sum * range->us,
	    (double)histogram_quantile(histogram, 0.5) * range->us,
	    (double)histogram_quantile(histogram, 0.99) * range->us,
	    (double)histogram->max * range->us);
	for (bit = 0; bit <= range->last; bit++) {
		seen += histogram_octave(histogram, bit);
		if (bit < range->first)
			continue;
		(void)fprintf(out,
		    "%s{\"up_to_us\":%.3f,\"count\":%" PRIu64 "}",
		    bit == range->first ? "" : ",",
		    (double)((UINT64_C(2) << bit) - 1) * range->us, seen);
	}
	(void)fputs("]}", out);
}

/* Of all versions that the module has had. */
static void
sum_setups(const struct scenario *scenario, struct histogram *ret_setups)
{
	struct behaviours *behaviours =
	    scheduler_behaviours(scenario->scheduler);
	struct measure measure;
	uint16_t cursor = 0, id;

	while (
	    (id = behaviour_next(behaviours, scenario->module, &cursor)) != 0) {
		measure = office_measure(scenario->office, id);
		if (measure.pdd != NULL)
			histogram_merge(ret_setups, measure.pdd);
	}
}

void
console_latency(struct console *console, FILE *out)
{
	const struct scenario *scenario = console->scenario;
	const struct release_pauses *pauses =
	    release_handler_pauses(scenario->handler);
	struct histogram *sum = &console->sum;

	(void)fputs("\"latency\":{", out);
	*sum = (struct histogram){ .count = 0 };
	sum_setups(scenario, sum);
	write_latency(out, "setup", sum, &of_setups);
	(void)fputc(',', out);
	*sum = (struct histogram){ .count = 0 };
	scheduler_service(scenario->scheduler, sum);
	write_latency(out, "event", sum, &of_events);
	(void)fputc(',', out);
	write_latency(out, "pause_cpu", &pauses->cpu, &of_pauses);
	(void)fputc(',', out);
	write_latency(out, "pause_wall", &pauses->wall, &of_pauses);
	(void)fputc('}', out);
}
