/* plan_proof: see plan_proof.h for what it is. */
#include "upgrade/plan_proof.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "upgrade/conversion.h"
#include "upgrade/extremes.h"
#include "upgrade/layout.h"

enum { NAME_BYTES = 64 };

struct proof {
	const struct plan_proof *given;
	struct conversion *composed;
	struct layout *from, *to;
	uint8_t *state, *at_once, *stepped;
	char name[NAME_BYTES]; /* of the state */
	char *why;
	size_t size;
};

static int
prove_state(const struct proof *proof, const uint8_t *state)
{
	char path[LAYOUT_PATH_MAX];
	uint16_t node;
	int error;

	/* What a step refuses may well have an image at once. */
	if (conversion_run(proof->composed, state, proof->stepped) != 0)
		return 0;
	error = conversion_run(proof->given->at_once, state, proof->at_once);
	if (error != 0) {
		(void)snprintf(proof->why, proof->size,
		    "%s has an image step by step and none at once",
		    proof->name);
		return -EINVAL;
	}
	if (layout_states_are_equal(
		proof->to, proof->stepped, proof->at_once, &node))
		return 0;
	layout_path(proof->to, node, path);
	(void)snprintf(proof->why, proof->size,
	    "%s has another '%.64s' at once than step by step", proof->name,
	    path);
	return -EINVAL;
}

static int
prove_all(struct proof *proof)
{
	const struct plan_proof *given = proof->given;
	uint32_t size = given->from->size, n, count;
	int error = 0;

	count = given->samples == NULL ? 0 : given->samples_size / size;
	for (n = 0; error == 0 && n < count; n++) {
		(void)snprintf(proof->name, sizeof proof->name,
		    "live state %u of %u", n + 1, count);
		error = prove_state(proof, given->samples + (size_t)n * size);
	}
	for (n = 0; error == 0; n++) {
		(void)strcpy(proof->name, "a state with ");
		if (!extremes_state(proof->from, n, proof->state,
			proof->name + strlen(proof->name),
			sizeof proof->name - strlen(proof->name)))
			break;
		error = prove_state(proof, proof->state);
	}
	return error;
}

int
plan_prove(const struct plan_proof *given, char *why, size_t size)
{
	struct proof proof = { .given = given };
	uint32_t from = given->from->size, to = given->to->size;
	int error;

	proof.why = why;
	proof.size = size;
	if (conversion_has_hook(given->at_once) ||
	    conversion_has_hook(given->first) ||
	    conversion_has_hook(given->second))
		return 0;
	error =
	    conversion_compose(&proof.composed, given->first, given->second);
	if (error != 0)
		return error;
	proof.state = object_alloc(from);
	proof.at_once = object_alloc(to);
	proof.stepped = object_alloc(to);
	error = proof.state == NULL || proof.at_once == NULL ||
		proof.stepped == NULL
	    ? -ENOMEM
	    : layout_alloc(&proof.from, given->from);
	if (error == 0)
		error = layout_alloc(&proof.to, given->to);
	if (error == 0)
		error = prove_all(&proof);
	layout_free(&proof.from);
	layout_free(&proof.to);
	object_free(proof.state, from);
	object_free(proof.at_once, to);
	object_free(proof.stepped, to);
	conversion_free(&proof.composed);
	return error;
}
