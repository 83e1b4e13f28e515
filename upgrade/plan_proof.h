/*
 * plan_proof: whether going at once is the same as going through all between.
 *
 * A plan that is derived from two tables knows nothing of a release between
 * them: what was renamed twice it takes for new.  So it is run beside the
 * composition of the two steps, over live states and generated extremes.
 */
#ifndef UPGRADE_PLAN_PROOF_H
#define UPGRADE_PLAN_PROOF_H

#include <stddef.h>
#include <stdint.h>

struct conversion;
struct schema;

struct plan_proof {
	const struct schema *from, *to;
	const struct conversion *at_once, *first, *second;
	const uint8_t *samples; /* states of `from`, one after the other */
	uint32_t samples_size;
};

/*
 * 0: every state that has an image step by step has the same at once; or a
 * hook is in the way, which only the prover runs (code_proof.c says so).
 * -EINVAL and one clause in `why` that names the value and the state; -ENOMEM.
 */
int plan_prove(const struct plan_proof *given, char *why, size_t size);

#endif
