/* hard: see hard.h for what it is. */
#include "upgrade/hard.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/behaviour.h" /* BEHAVIOUR_STATE_MAX */
#include "switch/fault.h"
#include "switch/object.h"
#include "upgrade/conversion.h"
#include "upgrade/layout.h"
#include "upgrade/shuffle.h"

struct copy {
	struct shuffle *shuffle;
	struct conversion *there, *back;
};

struct hard {
	unsigned int magic;
#define HARD_MAGIC 0x4a2dc0de
	struct layout *layout;
	uint32_t size;
	struct copy copies[HARD_COPIES];
	/* Where a thread has none of its own: see hard_exercise(). */
	uint8_t *between[FAULT_BETWEEN];
};

static int
make_copy(struct copy *copy, const struct schema *schema, uint32_t n, char *why,
    size_t size)
{
	struct conversion_way there = { .from = schema };
	struct conversion_way back = { .to = schema, .down = true };
	int error = shuffle_alloc(&copy->shuffle, schema, n + 1);

	if (error != 0)
		return error;
	there.to = back.from = shuffle_schema(copy->shuffle);
	error = schema_check(there.to, why, size);
	if (error == 0)
		error = conversion_alloc(&copy->there, &there, why, size);
	if (error == 0)
		error = conversion_alloc(&copy->back, &back, why, size);
	return error;
}

int
hard_alloc(
    struct hard **ret_hard, const struct schema *schema, char *why, size_t size)
{
	struct hard *hard;
	uint32_t i;
	int error;

	if (ALLOC_OBJ(hard, HARD_MAGIC) == NULL)
		return -ENOMEM;
	hard->size = schema->size;
	error = layout_alloc(&hard->layout, schema);
	for (i = 0; error == 0 && i < HARD_COPIES; i++)
		error = make_copy(&hard->copies[i], schema, i, why, size);
	for (i = 0; error == 0 && i < FAULT_BETWEEN; i++) {
		hard->between[i] = object_alloc(BEHAVIOUR_STATE_MAX);
		error = hard->between[i] == NULL ? -ENOMEM : 0;
	}
	if (error != 0)
		hard_free(&hard);
	else
		*ret_hard = hard;
	return error;
}

void
hard_free(struct hard **hardp)
{
	struct hard *hard = *hardp;
	uint32_t i;

	if (hard == NULL)
		return;
	CHECK_OBJ(hard, HARD_MAGIC);
	for (i = 0; i < HARD_COPIES; i++) {
		conversion_free(&hard->copies[i].there);
		conversion_free(&hard->copies[i].back);
		shuffle_free(&hard->copies[i].shuffle);
	}
	for (i = 0; i < FAULT_BETWEEN; i++)
		object_free(hard->between[i], BEHAVIOUR_STATE_MAX);
	layout_free(&hard->layout);
	FREE_OBJ(hardp, HARD_MAGIC);
}

static uint8_t *
room_for(const struct hard *hard, unsigned int which, uint32_t size)
{
	void *room = fault_between(which, size);

	return room == NULL ? hard->between[which] : room;
}

static int
compare(const struct hard *hard, const uint8_t *was, const uint8_t *is,
    char *why, size_t size)
{
	char path[LAYOUT_PATH_MAX], before[SCHEMA_TEXT_MAX],
	    after[SCHEMA_TEXT_MAX];
	struct field field;
	uint16_t node;

	if (layout_states_are_equal(hard->layout, was, is, &node))
		return 0;
	field = layout_field(&hard->layout->nodes[node]);
	layout_path(hard->layout, node, path);
	schema_text(&field, was, before, sizeof before);
	schema_text(&field, is, after, sizeof after);
	(void)snprintf(why, size, "'%.64s' comes back as %.32s, not %.32s",
	    path, after, before);
	return -EINVAL;
}

int
hard_exercise(
    const struct hard *hard, void *state, uint32_t turn, char *why, size_t size)
{
	const struct copy *copy = &hard->copies[turn % HARD_COPIES];
	uint8_t *there, *back;
	int error;

	CHECK_OBJ(hard, HARD_MAGIC);
	there = room_for(hard, 0, shuffle_schema(copy->shuffle)->size);
	back = room_for(hard, 1, hard->size);
	error = conversion_run(copy->there, state, there);
	if (error == 0)
		error = conversion_run(copy->back, there, back);
	if (error != 0) {
		(void)snprintf(
		    why, size, "a state has no image: %s", strerror(-error));
		return -EINVAL;
	}
	error = compare(hard, state, back, why, size);
	if (error == 0)
		memcpy(state, back, hard->size);
	return error;
}

const struct conversion *
hard_there(const struct hard *hard, uint32_t n)
{
	CHECK_OBJ(hard, HARD_MAGIC);
	return hard->copies[n].there;
}

const struct conversion *
hard_back(const struct hard *hard, uint32_t n)
{
	CHECK_OBJ(hard, HARD_MAGIC);
	return hard->copies[n].back;
}
