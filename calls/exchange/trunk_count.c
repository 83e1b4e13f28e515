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

#include <math.h>

#include "switch/scheduler.h"

/* E.503 and telephony.md 1.7: so much is left out, so many must be left. */
enum { TRUNK_WARMUP = 10 /* mean holding times */, TRUNK_BATCHES_LEAST = 20 };

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

/*--------------------------------------------------------------------
 * Batch means
 */

static void
halve(struct trunk_batches *batches)
{
	uint32_t i;

	for (i = 0; i < TRUNK_BATCHES_MAX / 2; i++) {
		batches->batch[i] = batches->batch[2 * i + 1];
		batches->batch[i].overflow += batches->batch[2 * i].overflow;
	}
	batches->count = TRUNK_BATCHES_MAX / 2;
	batches->size *= 2;
}

static void
batch_bid(struct trunk_batches *batches, bool is_seizure, uint64_t now)
{
	if (batches->size == 0)
		batches->size = TRUNK_BATCH_BIDS;
	batches->overflow += !is_seizure;
	if (++batches->bids < batches->size)
		return;
	batches->batch[batches->count].end = now;
	batches->batch[batches->count++].overflow = batches->overflow;
	batches->bids = batches->overflow = 0;
	if (batches->count == TRUNK_BATCHES_MAX)
		halve(batches);
}

/* The first batch that began after that moment. */
static uint32_t
first_after(const struct trunk_batches *batches, uint64_t at)
{
	uint32_t i = 0;

	while (i < batches->count && batches->batch[i].end < at)
		i++;
	return at == 0 ? 0 : i + 1;
}

double
trunk_blocking_error(const struct trunk *trunk)
{
	const struct trunk_batches *batches = &trunk->batches;
	const double calls =
	    (double)(trunk->counts.seizures + trunk->counts.incoming);
	const double hold =
	    calls > 0 ? (double)trunk->counts.busy_us / calls : 0;
	const uint32_t first = first_after(
	    batches, trunk->began_at + (uint64_t)(TRUNK_WARMUP * hold));
	double share, sum = 0, squares = 0, count;
	uint32_t i;

	if (first + TRUNK_BATCHES_LEAST > batches->count)
		return -1;
	for (i = first; i < batches->count; i++) {
		share = (double)batches->batch[i].overflow / batches->size;
		sum += share;
		squares += share * share;
	}
	count = batches->count - first;
	squares = squares / count - sum / count * (sum / count);
	return squares <= 0 ? 0 : sqrt(squares / (count - 1));
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
	batch_bid(&trunk->batches, is_seizure, scheduler_now(trunks->at));
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
