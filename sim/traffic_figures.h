/*
 * traffic_figures: what is measured of a traffic (telephony.md 1.7), since it
 * began or since any moment after that.
 *
 * Seizures are attempts that were not gapped, and shares are of those: a call
 * that is live has been answered or may still be; of a stretch of time shares
 * are of the calls that ended in it.  Blocking is of bids: of all attempts, and
 * what came no further than a trunk group without a free circuit. NaN is what
 * nobody knows.
 */
#ifndef SIM_TRAFFIC_FIGURES_H
#define SIM_TRAFFIC_FIGURES_H

#include <stdint.h>

#include "sim/condition.h"
#include "sim/traffic.h"
#include "switch/histogram.h"

#define TRAFFIC_FIGURES(X)                                                     \
	X(attempts)                                                            \
	X(gapped)                                                              \
	X(unmade)                                                              \
	X(seizures)                                                            \
	X(answers)                                                             \
	X(ended)                                                               \
	X(live)                                                                \
	X(cdrs)                                                                \
	X(lost)                                                                \
	X(asr)                                                                 \
	X(abr)                                                                 \
	X(ner)                                                                 \
	X(acd_s)                                                               \
	X(pdd_p50_ms)                                                          \
	X(pdd_p95_ms)                                                          \
	X(blocking)                                                            \
	X(carried_erlangs) X(late_ms)

#define TRAFFIC_FIGURE(name) struct condition_value name;
struct traffic_figures {
	TRAFFIC_FIGURES(TRAFFIC_FIGURE)
};
#undef TRAFFIC_FIGURE

/* How far a traffic had come at a moment: a copy of all counts. */
struct traffic_mark {
	uint64_t at; /* µs of the run */
	struct traffic_counts counts;
	struct histogram pdd;
};
void traffic_mark_set(struct traffic_mark *mark,
    const struct traffic_counts *counts, uint64_t now);

/* `since`: NULL: it began. */
void traffic_figures_look(const struct traffic_counts *counts, uint64_t now,
    const struct traffic_mark *since, struct traffic_figures *ret_figures);

#endif
