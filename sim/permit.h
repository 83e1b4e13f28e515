/*
 * permit: an `allow` that says of what (-on), or for how long (-for).
 *
 * One without either lets everything of its kind pass, and is no permit: it is
 * the scenario's allowance.  Where something came that no allowance and no
 * `expect` covers, permits are asked about each of it by itself, at the end,
 * when it is known of what it was and when it came.  A dual seizure or a gapped
 * attempt is but counted: there a permit has what was counted while it held.
 */
#ifndef SIM_PERMIT_H
#define SIM_PERMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arguments;
struct named_call;
struct scenario;

/* Something that came; what is not known of it is NULL. */
struct permit_case {
	uint64_t at; /* µs of the run */
	const struct named_call *call;
	const char *line; /* its number */
	const char *module, *version;
	const char *process, *supervisor;
	const char *alarm;
};

/* The scenario's happening that a word of `allow` stands for. */
unsigned int permit_event(const char *word);

/*
 * Whether what an `allow` names can have what it allows; false, with why not in
 * one clause.  Of other commands true.
 */
bool permit_suits(const struct arguments *arguments, char *why, size_t size);

/* `allow` with -on or -for, as action_do(); `happening` as the scenario's. */
int permit_add(struct scenario *scenario, const struct arguments *arguments,
    unsigned int happening);
void permit_forget(struct scenario *scenario);

/* Whether a permit covers it; and it has come, for all that do. */
bool permit_covers(struct scenario *scenario, unsigned int happening,
    const struct permit_case *what);
/* At the end: how many of what is but counted they cover, of so many. */
uint64_t permit_covered(
    struct scenario *scenario, unsigned int happening, uint64_t count);

/* At the end, behind these: whether as many came as -count says. */
void permit_judge(struct scenario *scenario);

#endif
