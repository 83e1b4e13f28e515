/*
 * trunk: see trunk.h for what it is.
 *
 * Of each group the circuits that can be taken are kept twice: as bits, where
 * the lowest and the highest are found in a few words, and as a queue, whose
 * first is the one that has been idle longest.
 *
 * Invariants, of every circuit:
 *   1. it can be taken if nobody has it and it is neither blocked nor down nor
 *      withdrawn; then its bit is set and it stands in the queue, else neither;
 *   2. it is busy if it has an owner or an attempt; one that is not has no
 *      peer, no tone and has heard nothing;
 *   3. trunk.busy and trunk.usable count its circuits;
 *   4. it keeps its id and its number, however its group grows.
 */
#include "calls/exchange/trunk.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/line.h"
#include "calls/exchange/trace.h"
#include "switch/log.h"
#include "switch/object.h"
#include "switch/scheduler.h"

enum { BITS = 64 };

int
trunks_alloc(struct trunks **ret_trunks, struct scheduler *scheduler)
{
	struct trunks *trunks;

	if (ALLOC_OBJ(trunks, TRUNKS_MAGIC) == NULL)
		return -ENOMEM;
	trunks->at = scheduler;
	trunks->untold_first = CIRCUIT_NONE;
	*ret_trunks = trunks;
	return 0;
}

size_t
trunk_words(uint32_t circuits)
{
	return (circuits + BITS - 1) / BITS;
}

void
trunk_free_shelves(struct trunk *trunk)
{
	object_free(
	    trunk->free, trunk_words(trunk->made) * sizeof *trunk->free);
	object_free(trunk->ids, trunk->made * sizeof *trunk->ids);
}

void
trunks_free(struct trunks **trunksp)
{
	struct trunks *trunks = *trunksp;
	uint32_t i;

	if (trunks != NULL) {
		for (i = 0; i < trunks->trunks_count; i++)
			trunk_free_shelves(&trunks->trunks[i]);
		object_free(trunks->trunks,
		    trunks->trunks_count * sizeof *trunks->trunks);
		object_free(trunks->circuits,
		    trunks->circuits_count * sizeof *trunks->circuits);
	}
	FREE_OBJ(trunksp, TRUNKS_MAGIC);
}

/*--------------------------------------------------------------------
 * Which can be taken
 */

static uint64_t
bit_of(const struct circuit *circuit)
{
	return UINT64_C(1) << ((circuit->number - 1U) % BITS);
}

static bool
is_usable(const struct circuit *circuit)
{
	return !circuit->is_blocked && !circuit->is_down &&
	    !circuit->is_withdrawn;
}

static bool
is_to_be_had(const struct circuit *circuit)
{
	return pid_is_none(circuit->owner) &&
	    circuit->attempt == ATTEMPT_NONE && is_usable(circuit);
}

bool
circuit_is_free(const struct circuit *circuit)
{
	return is_to_be_had(circuit) && circuit->keeper == ATTEMPT_NONE;
}

bool
circuit_is_kept_free(const struct circuit *circuit)
{
	return is_to_be_had(circuit) && circuit->keeper != ATTEMPT_NONE;
}

/* As the last of its group's queue. */
static void
enqueue(struct trunks *trunks, uint32_t id)
{
	struct trunk *trunk = trunk_of(trunks, id);
	struct circuit *circuit = &trunks->circuits[id];

	trunk->free[(circuit->number - 1U) / BITS] |= bit_of(circuit);
	circuit->previous = trunk->newest;
	circuit->next = CIRCUIT_NONE;
	if (trunk->newest == CIRCUIT_NONE)
		trunk->oldest = id;
	else
		trunks->circuits[trunk->newest].next = id;
	trunk->newest = id;
}

static void
dequeue(struct trunks *trunks, uint32_t id)
{
	struct trunk *trunk = trunk_of(trunks, id);
	struct circuit *circuit = &trunks->circuits[id];

	trunk->free[(circuit->number - 1U) / BITS] &= ~bit_of(circuit);
	if (circuit->previous == CIRCUIT_NONE)
		trunk->oldest = circuit->next;
	else
		trunks->circuits[circuit->previous].next = circuit->next;
	if (circuit->next == CIRCUIT_NONE)
		trunk->newest = circuit->previous;
	else
		trunks->circuits[circuit->next].previous = circuit->previous;
}

/* Before a change, and after it: whether it can be taken may differ. */
static void
note_change(struct trunks *trunks, uint32_t id, bool was_free)
{
	bool is_free = circuit_is_free(&trunks->circuits[id]);

	if (is_free && !was_free)
		enqueue(trunks, id);
	if (!is_free && was_free)
		dequeue(trunks, id);
}

static uint32_t
lowest(const struct trunk *trunk)
{
	size_t i;

	for (i = 0; i < trunk_words(trunk->made); i++)
		if (trunk->free[i] != 0)
			return trunk->ids[i * BITS +
			    (size_t)__builtin_ctzll(trunk->free[i])];
	return CIRCUIT_NONE;
}

static uint32_t
highest(const struct trunk *trunk)
{
	size_t i;

	for (i = trunk_words(trunk->made); i-- > 0;)
		if (trunk->free[i] != 0)
			return trunk->ids[i * BITS + BITS - 1 -
			    (size_t)__builtin_clzll(trunk->free[i])];
	return CIRCUIT_NONE;
}

uint32_t
trunk_hunt(const struct trunks *trunks, uint32_t number, bool is_incoming)
{
	const struct trunk *trunk = trunks_at(trunks, number);

	if (trunk->direction == (is_incoming ? TRUNK_OUT : TRUNK_IN))
		return CIRCUIT_NONE;
	if (trunk->hunt == HUNT_IDLE)
		return is_incoming ? trunk->newest : trunk->oldest;
	return (trunk->hunt == HUNT_LOW) != is_incoming ? lowest(trunk)
							: highest(trunk);
}

bool
circuit_is_ours(const struct trunks *trunks, uint32_t id)
{
	const bool is_even = trunks->circuits[id].number % 2 == 0;

	switch ((enum trunk_control)trunk_of(trunks, id)->control) {
	case OURS_ALL:
		return true;
	case OURS_EVEN:
		return is_even;
	case OURS_ODD:
		return !is_even;
	case OURS_NONE:
		break;
	}
	return false;
}

/*--------------------------------------------------------------------
 * Finding them again
 */

uint32_t
trunks_find(const struct trunks *trunks, const char *name)
{
	uint32_t i;

	CHECK_OBJ(trunks, TRUNKS_MAGIC);
	for (i = 0; i < trunks->trunks_count; i++)
		if (strcmp(trunks->trunks[i].name, name) == 0 &&
		    (trunks->trunks[i].count > 0 || trunks->trunks[i].busy > 0))
			return i;
	return TRUNK_NONE;
}

struct trunk *
trunks_at(const struct trunks *trunks, uint32_t trunk)
{
	CHECK_OBJ(trunks, TRUNKS_MAGIC);
	return trunk < trunks->trunks_count ? &trunks->trunks[trunk] : NULL;
}

struct circuit *
circuits_at(const struct trunks *trunks, uint32_t id)
{
	CHECK_OBJ(trunks, TRUNKS_MAGIC);
	return id < trunks->circuits_count ? &trunks->circuits[id] : NULL;
}

struct trunk *
trunk_of(const struct trunks *trunks, uint32_t id)
{
	return &trunks->trunks[trunks->circuits[id].trunk];
}

struct circuit *
circuit_of_port(const struct trunks *trunks, uint32_t port)
{
	return port_is_circuit(port) ? circuits_at(trunks, circuit_id(port))
				     : NULL;
}

uint32_t
circuit_port(uint32_t id)
{
	return id | PORT_CIRCUIT;
}

uint32_t
circuit_id(uint32_t port)
{
	return port & ~PORT_CIRCUIT;
}

const char *
circuit_text(const struct trunks *trunks, uint32_t id, char *text)
{
	(void)snprintf(text, CIRCUIT_TEXT_SIZE, "%s %u",
	    trunk_of(trunks, id)->name, trunks->circuits[id].number);
	return text;
}

/*--------------------------------------------------------------------
 * What becomes of them
 */

/* What its call has sent to the far end, or sent it to hear. */
static void
trace_way(const struct trunks *trunks, uint32_t id, const char *way,
    const char *word, uint8_t cause)
{
	const struct trace_said message = { word, "", cause };
	const struct trace_said tone = { "tone", word, cause };
	uint32_t attempt = circuits_at(trunks, id)->attempt;

	if (strcmp(way, "<- ") == 0)
		trace_out(trunks->trace, attempt, circuit_port(id), &message);
	else if (strcmp(way, "tone ") == 0)
		trace_out(trunks->trace, attempt, circuit_port(id), &tone);
}

void
circuits_log(const struct trunks *trunks, uint32_t id, const char *way,
    const char *word, uint8_t cause)
{
	struct log *log = scheduler_log(trunks->at);
	char text[CIRCUIT_TEXT_SIZE], why[16] = "";

	if (trunks->trace != NULL)
		trace_way(trunks, id, way, word, cause);
	if (!log_wants(log, LEVEL_debug))
		return;
	if (cause != CAUSE_NONE)
		(void)snprintf(why, sizeof why, " cause %u", cause);
	log_line(log, scheduler_entry(trunks->at, LEVEL_debug),
	    "circuit %s %s%s%s", circuit_text(trunks, id, text), way, word,
	    why);
}

void
circuits_tell(struct trunks *trunks, uint32_t id)
{
	struct circuit *circuit = circuits_at(trunks, id);

	if (trunks->far_end == NULL || circuit->is_untold)
		return;
	circuit->is_untold = true;
	circuit->untold = CIRCUIT_NONE;
	if (trunks->untold_first == CIRCUIT_NONE)
		trunks->untold_first = id;
	else
		trunks->circuits[trunks->untold_last].untold = id;
	trunks->untold_last = id;
	scheduler_call_on(scheduler_home(trunks->at));
}

uint32_t
circuits_take_untold(struct trunks *trunks)
{
	uint32_t id = trunks->untold_first;

	if (id != CIRCUIT_NONE) {
		trunks->untold_first = trunks->circuits[id].untold;
		trunks->circuits[id].is_untold = false;
	}
	return id;
}

bool
circuit_is_busy(const struct circuit *circuit)
{
	return !pid_is_none(circuit->owner) || circuit->attempt != ATTEMPT_NONE;
}

/* Before it becomes busy. */
static void
begin_to_be_busy(struct trunks *trunks, uint32_t id)
{
	struct trunk *trunk = trunk_of(trunks, id);

	trunk_count_time(trunks, trunk);
	trunk->busy++;
	circuits_log(trunks, id, "busy", "", CAUSE_NONE);
}

void
circuits_reserve(
    struct trunks *trunks, uint32_t id, uint32_t attempt, bool is_incoming)
{
	struct circuit *circuit = circuits_at(trunks, id);
	bool was_free = circuit_is_free(circuit);

	if (!circuit_is_busy(circuit))
		begin_to_be_busy(trunks, id);
	circuit->attempt = attempt;
	circuit->is_incoming = is_incoming;
	if (is_incoming) {
		circuit->far = FAR_ANSWERED;
		trunk_counts(trunks, trunk_of(trunks, id))->incoming++;
	}
	note_change(trunks, id, was_free);
}

void
circuits_take(struct trunks *trunks, uint32_t id, struct pid owner)
{
	struct circuit *circuit = circuits_at(trunks, id);
	bool was_free = circuit_is_free(circuit);

	if (!circuit_is_busy(circuit))
		begin_to_be_busy(trunks, id);
	circuit->owner = owner;
	note_change(trunks, id, was_free);
}

void
circuits_give_back(struct trunks *trunks, uint32_t id)
{
	struct circuit *circuit = circuits_at(trunks, id);
	struct trunk *trunk = trunk_of(trunks, id);
	bool was_free = circuit_is_free(circuit);

	trunk_count_time(trunks, trunk);
	trunk->busy--;
	circuit->owner = PID_NONE;
	circuit->attempt = ATTEMPT_NONE;
	circuit->peer = PORT_NONE;
	circuit->route = ROUTE_NONE;
	circuit->tariff = TARIFF_NONE;
	circuit->far = FAR_NOTHING;
	circuit->tone = TONE_none;
	circuit->cause = CAUSE_NONE;
	circuit->is_incoming = circuit->is_set_up = false;
	circuit->is_released = circuit->has_alerted = false;
	circuit->t_answer = 0;
	circuit->has_failed = false;
	circuit->glare.number = 0;
	circuits_tell(trunks, id);
	circuits_log(trunks, id, "idle", "", CAUSE_NONE);
	note_change(trunks, id, was_free);
}

void
circuits_keep(struct trunks *trunks, uint32_t id, uint32_t attempt)
{
	struct circuit *circuit = circuits_at(trunks, id);
	bool was_free = circuit_is_free(circuit);

	if (circuit->keeper == attempt)
		return;
	trunk_count_time(trunks, trunk_of(trunks, id));
	circuit->keeper = attempt;
	note_change(trunks, id, was_free);
	circuits_log(trunks, id,
	    attempt == ATTEMPT_NONE ? "no longer kept" : "kept", "",
	    CAUSE_NONE);
}

static void
set_service(struct trunks *trunks, uint32_t id, bool *what, bool value)
{
	struct circuit *circuit = circuits_at(trunks, id);
	struct trunk *trunk = trunk_of(trunks, id);
	bool was_free = circuit_is_free(circuit);

	trunk_count_time(trunks, trunk);
	trunk->usable -= is_usable(circuit);
	*what = value;
	trunk->usable += is_usable(circuit);
	note_change(trunks, id, was_free);
}

void
circuits_set_blocked(struct trunks *trunks, uint32_t id, bool is_blocked)
{
	struct circuit *circuit = circuits_at(trunks, id);

	if (circuit->is_blocked == is_blocked)
		return;
	set_service(trunks, id, &circuit->is_blocked, is_blocked);
	circuits_log(
	    trunks, id, is_blocked ? "blocked" : "unblocked", "", CAUSE_NONE);
}

void
circuits_set_withdrawn(struct trunks *trunks, uint32_t id, bool is_withdrawn)
{
	struct circuit *circuit = circuits_at(trunks, id);

	if (circuit->is_withdrawn != is_withdrawn)
		set_service(trunks, id, &circuit->is_withdrawn, is_withdrawn);
}

void
circuits_set_down(struct trunks *trunks, uint32_t id, bool is_down)
{
	struct circuit *circuit = circuits_at(trunks, id);

	if (circuit->is_down == is_down)
		return;
	set_service(trunks, id, &circuit->is_down, is_down);
	circuits_log(trunks, id, is_down ? "down" : "healed", "", CAUSE_NONE);
}

void
circuits_tone(struct trunks *trunks, uint32_t id, enum tone tone)
{
	struct circuit *circuit = circuits_at(trunks, id);

	if (circuit->tone == tone)
		return;
	circuit->tone = (uint8_t)tone;
	circuits_tell(trunks, id);
	circuits_log(trunks, id, "tone ", tone_word(tone), CAUSE_NONE);
}
