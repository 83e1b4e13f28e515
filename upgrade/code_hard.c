/*
 * code_hard: the copies of its format that each version has in the build hard.
 *
 * They come and go with the version's code, so there is nothing to be changed
 * while a process is in it.
 */
#include <errno.h>
#include <stdio.h>

#include "upgrade/code_internal.h"
#include "upgrade/hard.h"

int
code_harden(struct code *code, struct version *version)
{
	struct behaviour *behaviour =
	    behaviour_at(code->behaviours, version->id);
	char clause[CODE_CLAUSE_BYTES / 2];
	int error = hard_alloc(
	    &version->hard, &version->module->schema, clause, sizeof clause);

	if (error == -EINVAL)
		(void)fprintf(stderr, "hard: %s %s: %s\n", behaviour->name,
		    behaviour->version, clause);
	behaviour->hard = NULL;
	/* A wider state is over the limit, or there are too many fields. */
	if (error == -E2BIG)
		return 0;
	behaviour->hard = version->hard;
	return error;
}

/* Nobody finds it any more. */
void
code_soften(struct version *version)
{
	hard_free(&version->hard);
}

int
code_exercise(
    const void *hard, void *state, uint32_t turn, char *why, size_t size)
{
	return hard_exercise(hard, state, turn, why, size);
}
