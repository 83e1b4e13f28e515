/*
 * version_measures: see version_measures.h for what it is.
 */
#include "upgrade/version_measures.h"

#include <math.h>

static double
share(uint64_t part, uint64_t whole)
{
	return whole == 0 ? (double)NAN : (double)part / (double)whole;
}

double
version_asr(const struct version_measures *measures)
{
	return share(measures->answers, measures->ended);
}

double
version_abr(const struct version_measures *measures)
{
	return share(measures->answers, measures->bids);
}

double
version_ner(const struct version_measures *measures)
{
	return share(measures->effective, measures->ended);
}

double
version_acd_s(const struct version_measures *measures)
{
	return share(measures->bill_ms, measures->answers) / 1000;
}

double
version_pdd_p95_ms(const struct version_measures *measures)
{
	if (measures->pdd.count == 0)
		return (double)NAN;
	return (double)histogram_quantile(&measures->pdd, 0.95) / 1000;
}

void
version_measures_since(const struct version_measures *now,
    const struct version_measures *before,
    struct version_measures *ret_measures)
{
	*ret_measures = (struct version_measures){
		.events = now->events - before->events,
		.crashes = now->crashes - before->crashes,
		.retried = now->retried - before->retried,
		.differences = now->differences - before->differences,
		.unexpected = now->unexpected - before->unexpected,
		.bids = now->bids - before->bids,
		.ended = now->ended - before->ended,
		.answers = now->answers - before->answers,
		.effective = now->effective - before->effective,
		.bill_ms = now->bill_ms - before->bill_ms,
		.charge_micro = now->charge_micro - before->charge_micro,
	};
	histogram_since(&now->pdd, &before->pdd, &ret_measures->pdd);
}
