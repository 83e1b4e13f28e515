/* traffic_figures: see traffic_figures.h for what it is. */
#include "sim/traffic_figures.h"

#include <math.h>
#include <string.h>

#define UNKNOWN ((double)NAN)

static double
share(uint64_t part, uint64_t whole)
{
	return whole == 0 ? UNKNOWN : (double)part / (double)whole;
}

void
traffic_mark_set(struct traffic_mark *mark, const struct traffic_counts *counts,
    uint64_t now)
{
	mark->at = now;
	mark->counts = *counts;
	mark->counts.calls.measure.pdd = NULL;
	memset(&mark->pdd, 0, sizeof mark->pdd);
	if (counts->calls.measure.pdd != NULL)
		mark->pdd = *counts->calls.measure.pdd;
}

/* What has come since; `live` and `late_us` are as they are now. */
static void
take_off(struct traffic_counts *now, const struct traffic_counts *before)
{
	struct mark_counts *calls = &now->calls;
	const struct mark_counts *had = &before->calls;

	now->unmade -= before->unmade;
	now->unreached -= before->unreached;
	calls->attempts -= had->attempts;
	calls->gapped -= had->gapped;
	calls->answers -= had->answers;
	calls->ended -= had->ended;
	calls->records -= had->records;
	calls->lost -= had->lost;
	calls->blocked -= had->blocked;
	calls->busy_us -= had->busy_us;
	calls->measure.ended -= had->measure.ended;
	calls->measure.answers -= had->measure.answers;
	calls->measure.effective -= had->measure.effective;
	calls->measure.bill_ms -= had->measure.bill_ms;
}

/* Of what shares are taken. */
struct base {
	uint64_t calls, answers, effective, bids;
};

/*
 * From the begin of a traffic on all seizures, of which those that live have
 * been answered, or may be.  Of a stretch of time those calls that ended in it,
 * so that no share passes 1.
 */
static struct base
base_of(const struct traffic_counts *counts, bool is_stretch)
{
	const struct mark_counts *calls = &counts->calls;
	const struct measure *ended = &calls->measure;
	const uint64_t seizures = calls->attempts - calls->gapped;

	if (is_stretch)
		return (struct base){ ended->ended, ended->answers,
			ended->effective,
			ended->ended + calls->gapped + counts->unreached };
	return (struct base){ seizures, calls->answers,
		calls->answers + ended->effective - ended->answers,
		calls->attempts + counts->unreached };
}

static void
fill_shares(const struct traffic_counts *counts, bool is_stretch,
    uint64_t length, struct traffic_figures *figures)
{
	const struct mark_counts *calls = &counts->calls;
	const struct base base = base_of(counts, is_stretch);

	figures->asr = condition_real(share(base.answers, base.calls));
	figures->abr = condition_real(share(base.answers, base.bids));
	figures->ner = condition_real(share(base.effective, base.calls));
	figures->acd_s = condition_real(
	    share(calls->measure.bill_ms, calls->measure.answers) / 1000);
	figures->blocking = condition_real(
	    share(calls->blocked + counts->unreached, base.bids));
	figures->carried_erlangs =
	    condition_real(share(calls->busy_us, length));
}

static double
delay_ms(const struct histogram *pdd, double quantile)
{
	return pdd->count == 0
	    ? UNKNOWN
	    : (double)histogram_quantile(pdd, quantile) / 1000;
}

static void
fill_delays(const struct traffic_counts *counts,
    const struct traffic_mark *since, struct traffic_figures *figures)
{
	struct histogram pdd = { .count = 0 };

	if (counts->calls.measure.pdd != NULL && since != NULL)
		histogram_since(counts->calls.measure.pdd, &since->pdd, &pdd);
	else if (counts->calls.measure.pdd != NULL)
		pdd = *counts->calls.measure.pdd;
	figures->pdd_p50_ms = condition_real(delay_ms(&pdd, 0.5));
	figures->pdd_p95_ms = condition_real(delay_ms(&pdd, 0.95));
}

void
traffic_figures_look(const struct traffic_counts *counts, uint64_t now,
    const struct traffic_mark *since, struct traffic_figures *ret_figures)
{
	struct traffic_counts part = *counts;
	const struct mark_counts *calls = &part.calls;

	if (since != NULL)
		take_off(&part, &since->counts);
	*ret_figures = (struct traffic_figures){
		.attempts = condition_integer(calls->attempts),
		.gapped = condition_integer(calls->gapped),
		.unmade = condition_integer(part.unmade),
		.seizures = condition_integer(calls->attempts - calls->gapped),
		.answers = condition_integer(calls->answers),
		.ended = condition_integer(calls->ended),
		.live = condition_integer(calls->live),
		.cdrs = condition_integer(calls->records),
		.lost = condition_integer(calls->lost),
		.late_ms = condition_real((double)part.late_us / 1000),
	};
	fill_shares(&part, since != NULL,
	    now - (since == NULL ? part.begun_us : since->at), ret_figures);
	fill_delays(counts, since, ret_figures);
}
