/*
 * measure: what is counted of the calls of each version of the call module.
 *
 * A call is counted once, when its record is taken, for the version that it
 * ended in: so every ended call is one seizure, and no share passes 1.  What
 * is effective and what a post-dial delay is stands in telephony.md 1.7; the
 * reports of calls/database/ say the same of the records.
 *
 * For whoever has the office's lock.
 */
#ifndef CALLS_EXCHANGE_MEASURE_H
#define CALLS_EXCHANGE_MEASURE_H

#include "calls/exchange.h"

struct cdr;
struct histogram;
struct office;

/* What is counted of one call; small, since a live call has room for it. */
struct measured_call {
	uint64_t charge_micro;
	uint32_t pdd_us, bill_ms;
	uint16_t behaviour;
	uint8_t cause;
	bool has_pdd, is_answered, is_effective;
	bool is_lost; /* it rang or was answered, and the switch ended it */
};

struct measured_call measure_call(uint16_t behaviour, const struct cdr *cdr);

/* Over the run. */
struct measure {
	uint64_t bids; /* calls that ended, or were gapped */
	uint64_t ended, answers, effective;
	uint64_t unexpected; /* signals without a row: STATUS 101 */
	uint64_t bill_ms, charge_micro;
	const struct histogram *pdd; /* µs; or NULL, of none */
};

/* Of some calls, whichever those are. */
struct measured_sum {
	struct measure measure; /* but for its histogram */
	struct histogram *pdd;	/* made when it is needed; or NULL */
};
void measured_sum_add(
    struct measured_sum *tally, const struct measured_call *call);
/* The histogram is good until the next call ends. */
struct measure measured_sum_look(const struct measured_sum *tally);
void measured_sum_clear(struct measured_sum *tally);

struct measures;

/* -ENOMEM. */
int measures_alloc(struct measures **ret_measures);
void measures_free(struct measures **measuresp);

void measures_add_call(
    struct measures *measures, const struct measured_call *call);
void measures_add_gapped(struct measures *measures, uint16_t behaviour);
void measures_add_unexpected(struct measures *measures, uint16_t behaviour);
/* The histogram is good until the next call ends. */
struct measure measures_at(struct measures *measures, uint16_t behaviour);

/* office.c, at home, while the others are halted: of one version. */
struct measure office_measure(struct office *office, uint16_t behaviour);

#endif
