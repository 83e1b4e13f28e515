/*
 * samples: see samples.h for what it is.
 *
 * The looks are spread over the whole table of processes, as far as the
 * number of holders tells how long it is.  Slots are taken first in, first
 * out, so that neighbours are as old as each other, and often alike.
 */
#include "upgrade/samples.h"

#include <errno.h>
#include <string.h>

#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/schema.h"

enum {
	/* 256 looks take some 20 us, as measured with a million calls. */
	LOOKS = 256,
	/* So many are taken as they come, before only the new is new. */
	PLAIN = 8,
	STATES_MAX = 64,
	SYMBOLS = 64 /* of an enum, that are told apart */
};

struct samples {
	unsigned int magic;
#define SAMPLES_MAGIC 0x5a3b1e07
	const struct schema *schema;
	uint32_t count;
	uint64_t seen[SCHEMA_FIELDS_MAX]; /* symbols of each field, as bits */
	uint8_t bytes[];
};

/* Whether it has a symbol that none before it had; from then on they have. */
static bool
is_new(struct samples *samples, const void *state)
{
	const struct schema *schema = samples->schema;
	const struct field *field;
	uint64_t symbol, bit;
	uint32_t i;
	bool is = false;

	for (i = 0; i < schema->count && i < SCHEMA_FIELDS_MAX; i++) {
		field = &schema->fields[i];
		if (field->kind != FIELD_ENUM)
			continue;
		symbol = (uint64_t)schema_number(field, state);
		bit = UINT64_C(1) << (symbol < SYMBOLS ? symbol : SYMBOLS - 1);
		is |= (samples->seen[i] & bit) == 0;
		samples->seen[i] |= bit;
	}
	return is;
}

static void
look_at(struct samples *samples, const struct process_info *info)
{
	const uint32_t size = samples->schema->size;
	bool is_wanted = is_new(samples, info->state);

	if (samples->count == STATES_MAX ||
	    (samples->count >= PLAIN && !is_wanted))
		return;
	memcpy(
	    samples->bytes + (size_t)samples->count * size, info->state, size);
	samples->count++;
}

int
samples_take(struct samples **ret_samples, struct scheduler *scheduler,
    uint16_t behaviour)
{
	struct behaviours *behaviours = scheduler_behaviours(scheduler);
	const struct schema *schema =
	    &behaviour_at(behaviours, behaviour)->module->schema;
	uint32_t stride =
	    (uint32_t)(behaviour_counts(behaviours, behaviour).holders / LOOKS /
		scheduler_count(scheduler));
	uint32_t cursor = 0;
	struct samples *samples;
	struct process_info info;
	struct pid pid;
	unsigned int i;

	if (ALLOC_OBJ_EXTRA(samples, SAMPLES_MAGIC,
		(size_t)STATES_MAX * schema->size) == NULL)
		return -ENOMEM;
	samples->schema = schema;
	for (i = 0; i < LOOKS; i++, cursor += stride) {
		if (!process_next(scheduler, &cursor, &pid))
			break;
		if (process_info(scheduler, pid, &info) == 0 &&
		    info.behaviour == behaviour &&
		    info.state_size == schema->size)
			look_at(samples, &info);
	}
	*ret_samples = samples;
	return 0;
}

const uint8_t *
samples_bytes(const struct samples *samples)
{
	CHECK_OBJ(samples, SAMPLES_MAGIC);
	return samples->bytes;
}

uint32_t
samples_size(const struct samples *samples)
{
	CHECK_OBJ(samples, SAMPLES_MAGIC);
	return samples->count * samples->schema->size;
}

void
samples_free(struct samples **samplesp)
{
	struct samples *samples = *samplesp;

	if (samples == NULL)
		return;
	CHECK_OBJ(samples, SAMPLES_MAGIC);
	FREE_OBJ(samplesp, SAMPLES_MAGIC);
}
