/*
 * upgrade_condition: what the operator says about the calls of an upgrade.
 *
 * `-only` is a condition over a call: whether the canary may have it.
 * `-fail-when` is one over the columns of a version, as $new_crashes of the
 * release that is watched and $old_crashes of the one before it, both counted
 * since the first call ran the new one: whether it is to be taken back.
 */
#ifndef SIM_UPGRADE_CONDITION_H
#define SIM_UPGRADE_CONDITION_H

#include <stdbool.h>
#include <stddef.h>

struct arguments;
struct telephony;
struct upgrade_conditions;

/* As the language has it, where the words do not say. */
#define UPGRADE_FAIL_WHEN                                                      \
	"$new_crashes > 5 || $new_asr < $old_asr - 0.05 || "                   \
	"$new_ner < $old_ner - 0.02 || "                                       \
	"$new_pdd_p95_ms > 2 * $old_pdd_p95_ms"

/* Whether that option's value is one of these conditions. */
bool upgrade_condition_is(const char *option);

/* -EINVAL, with what is wrong in `why`. */
int upgrade_condition_check(
    const char *option, const char *text, char *why, size_t size);

/*
 * The two of an `upgrade`, for the order; its release() frees them.
 * -EINVAL, -ENOMEM with one clause in `why`.
 */
int upgrade_condition_read(const struct arguments *arguments,
    const struct telephony *telephony,
    struct upgrade_conditions *ret_conditions, char *why, size_t size);

#endif
