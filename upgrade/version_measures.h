/*
 * version_measures: how well one version of a module does, in figures.
 *
 * What the runtime counts of every module, and what telephony counts of calls
 * (telephony.md 1.7).  A call belongs to the version that it ended in: so the
 * shares below never pass 1.  Sums over the run; two of them, taken at two
 * moments, give what was in between.
 */
#ifndef UPGRADE_VERSION_MEASURES_H
#define UPGRADE_VERSION_MEASURES_H

#include "switch/histogram.h"

struct version_measures {
	/* The runtime's. */
	uint64_t events, crashes;
	uint64_t retried; /* events that the version before it had to handle */
	/* Of a version that is given events in a shadow run (shadow_run.h). */
	uint64_t differences;
	/* Telephony's. */
	uint64_t unexpected; /* signals without a row: STATUS 101 */
	uint64_t bids;	     /* calls that ended, or were gapped */
	uint64_t ended;	     /* all of them seizures */
	uint64_t answers;    /* of the ended */
	uint64_t effective;  /* likewise: the network did its part */
	uint64_t bill_ms, charge_micro;
	struct histogram pdd; /* µs from the last digit to alerting */
};

/*
 * Shares (0 to 1) and means.  A figure of no call at all is NaN, with which
 * every comparison is false: what is not known passes no limit.
 */
double version_asr(const struct version_measures *measures);
double version_abr(const struct version_measures *measures);
double version_ner(const struct version_measures *measures);
double version_acd_s(const struct version_measures *measures);
double version_pdd_p95_ms(const struct version_measures *measures);

/*
 * What has come between `before` and `now`, which was taken later.  Of the
 * largest delay only its bucket is known then.
 */
void version_measures_since(const struct version_measures *now,
    const struct version_measures *before,
    struct version_measures *ret_measures);

#endif
