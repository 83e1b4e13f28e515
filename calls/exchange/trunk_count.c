/*
 * trunk_count: what is counted of a trunk group and its circuits.
 *
 * Time by the clock, bids with what came of them, and calls that have ended.
 * Rates are worked out of it by who asks (sim/trunk_figures.c, reports).
 *
 * Invariants:
 *   1. bids = seizures + overflow;
 *   2. time is counted up to a change before the change is made, and what had
 *      been counted before the first change of this very moment is known.
 */
#include "calls/exchange/trunk.h"

#include "switch/scheduler.h"

void
trunk_count_time(const struct trunks *trunks, struct trunk *trunk)
{
	uint64_t now = scheduler_now(trunks->at), passed;

	if (now <= trunk->counted_at)
		return; /* clocks of two schedulers may differ by a turn */
	passed = now - trunk->counted_at;
	trunk->counts.busy_us += trunk->busy * passed;
	if (trunk->oldest == CIRCUIT_NONE)
		trunk->counts.all_busy_us += passed;
	trunk->counted_at = now;
	trunk->before = trunk->counts;
	trunk->busy_before = trunk->busy;
}

struct trunk_counts *
trunk_counts(const struct trunks *trunks, struct trunk *trunk)
{
	trunk_count_time(trunks, trunk);
	return &trunk->counts;
}

void
trunk_count_bid(
    const struct trunks *trunks, struct trunk *trunk, bool is_seizure)
{
	struct trunk_counts *counts = trunk_counts(trunks, trunk);

	counts->bids++;
	if (is_seizure)
		counts->seizures++;
	else
		counts->overflow++;
}

void
trunk_note_source(struct trunk *trunk, uint16_t source)
{
	uint32_t i;

	for (i = 0; i < trunk->sources_count; i++)
		if (trunk->sources[i] == source)
			return;
	if (i < TRUNK_SOURCES_MAX)
		trunk->sources[trunk->sources_count++] = source;
}

/* NER: the network has done what it could (E.425; telephony.md 1.7). */
static bool
is_effective(const struct circuit *circuit, uint8_t cause)
{
	if (circuit->t_answer != 0 || cause == CAUSE_BUSY ||
	    cause == CAUSE_NO_RESPONSE)
		return true;
	if (circuit->has_alerted)
		return cause == CAUSE_NORMAL || cause == CAUSE_NO_ANSWER;
	return cause == CAUSE_SUBSCRIBER_ABSENT || cause == CAUSE_REJECTED ||
	    cause == CAUSE_INCOMPATIBLE_DESTINATION;
}

void
circuit_count_end(
    const struct trunks *trunks, uint32_t id, uint8_t cause, uint64_t stamp)
{
	const struct circuit *circuit = &trunks->circuits[id];
	struct trunk_counts *counts;

	if (!circuit->is_set_up)
		return;
	counts = trunk_counts(trunks, trunk_of(trunks, id));
	counts->effective += is_effective(circuit, cause);
	if (circuit->t_answer != 0)
		counts->bill_ms += (stamp - circuit->t_answer) / 1000;
}
