/*
 * measure: see measure.h for what it is.
 *
 * Counts of all versions stand in one array, by the number of the behaviour.
 * A histogram is large and most numbers are never used, so each is made when
 * the first delay of its version is met.  Counting cannot fail; if there is no
 * memory then, that delay is left out of the histogram, and nothing else.
 */
#include "calls/exchange/measure.h"

#include <errno.h>

#include "calls/exchange/cdr.h"
#include "switch/behaviour.h"
#include "switch/histogram.h"
#include "switch/object.h"

struct measures {
	unsigned int magic;
#define MEASURES_MAGIC 0x4ea5c3b7
	struct measured_sum tallies[BEHAVIOURS_MAX];
};

static bool
is_effective(const struct call_record *record)
{
	if (record->t_answer != 0)
		return true;
	switch (record->cause) {
	case CAUSE_BUSY:
		return true;
	case CAUSE_NORMAL:
	case CAUSE_NO_ANSWER:
		return record->t_alert != 0;
	case CAUSE_NO_RESPONSE:
		return true; /* it counts with an alert and without one */
	case CAUSE_SUBSCRIBER_ABSENT:
	case CAUSE_REJECTED:
	case CAUSE_INCOMPATIBLE_DESTINATION:
		return record->t_alert == 0;
	default:
		return false;
	}
}

/* By the switch: neither a subscriber nor the operator meant this call. */
static bool
is_cut(const struct call_record *record)
{
	return record->local_reason == LOCAL_CRASH ||
	    record->local_reason == LOCAL_UPGRADE_REJECT ||
	    record->local_reason == LOCAL_SHUTDOWN;
}

static uint32_t
clamp(uint64_t value)
{
	return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

static uint64_t
span(uint64_t from, uint64_t to)
{
	return from == 0 || to < from ? 0 : to - from;
}

struct measured_call
measure_call(uint16_t behaviour, const struct cdr *cdr)
{
	const struct call_record *record = &cdr->call;
	/* One that answered without having rung counts with its answer. */
	uint64_t reached =
	    record->t_alert != 0 ? record->t_alert : record->t_answer;

	return (struct measured_call){
		.behaviour = behaviour,
		.pdd_us = clamp(span(record->t_dialled, reached)),
		.bill_ms =
		    clamp(span(record->t_answer, record->t_release) / 1000),
		.charge_micro = cdr->charge_micro,
		.cause = record->cause,
		.has_pdd = record->t_dialled != 0 && reached != 0,
		.is_answered = record->t_answer != 0,
		.is_effective = is_effective(record),
		.is_lost = record->t_alert != 0 && is_cut(record),
	};
}

int
measures_alloc(struct measures **ret_measures)
{
	struct measures *measures;

	if (ALLOC_OBJ(measures, MEASURES_MAGIC) == NULL)
		return -ENOMEM;
	*ret_measures = measures;
	return 0;
}

void
measures_free(struct measures **measuresp)
{
	struct measures *measures = *measuresp;
	unsigned int i;

	if (measures != NULL)
		for (i = 0; i < BEHAVIOURS_MAX; i++)
			measured_sum_clear(&measures->tallies[i]);
	FREE_OBJ(measuresp, MEASURES_MAGIC);
}

static struct measured_sum *
tally_of(struct measures *measures, uint16_t behaviour)
{
	CHECK_OBJ(measures, MEASURES_MAGIC);
	assert(behaviour < BEHAVIOURS_MAX);
	return &measures->tallies[behaviour];
}

static void
add_delay(struct measured_sum *tally, uint32_t pdd_us)
{
	if (tally->pdd == NULL)
		tally->pdd = object_alloc(sizeof *tally->pdd);
	if (tally->pdd != NULL)
		histogram_add(tally->pdd, pdd_us, 1);
}

void
measured_sum_add(struct measured_sum *tally, const struct measured_call *call)
{
	tally->measure.bids++;
	tally->measure.ended++;
	tally->measure.answers += call->is_answered;
	tally->measure.effective += call->is_effective;
	tally->measure.bill_ms += call->bill_ms;
	tally->measure.charge_micro += call->charge_micro;
	if (call->has_pdd)
		add_delay(tally, call->pdd_us);
}

struct measure
measured_sum_look(const struct measured_sum *tally)
{
	struct measure measure = tally->measure;

	measure.pdd = tally->pdd;
	return measure;
}

void
measured_sum_clear(struct measured_sum *tally)
{
	object_free(tally->pdd, sizeof *tally->pdd);
	tally->pdd = NULL;
}

void
measures_add_call(struct measures *measures, const struct measured_call *call)
{
	measured_sum_add(tally_of(measures, call->behaviour), call);
}

void
measures_add_gapped(struct measures *measures, uint16_t behaviour)
{
	tally_of(measures, behaviour)->measure.bids++;
}

void
measures_add_unexpected(struct measures *measures, uint16_t behaviour)
{
	tally_of(measures, behaviour)->measure.unexpected++;
}

struct measure
measures_at(struct measures *measures, uint16_t behaviour)
{
	return measured_sum_look(tally_of(measures, behaviour));
}
