/*
 * rehearsal_result: what came of a rehearsal, summed and put into words.
 *
 * Every failure is counted; of the first ones it is known who and how, those
 * of a lower scheduler before the others'.
 */
#include "upgrade/rehearsal.h"

#include "switch/process.h"
#include "switch/text.h"

static void
add_states(uint64_t *sums, const uint64_t *counts)
{
	unsigned int i;

	for (i = 0; i <= UPGRADE_STATES; i++)
		sums[i] += counts[i];
}

void
rehearsal_add(struct rehearsal_result *sum, const struct rehearsal_result *one)
{
	unsigned int i;

	if (sum->lossy == 0)
		sum->loss = one->loss;
	sum->converted += one->converted;
	sum->pinned += one->pinned;
	sum->failed += one->failed;
	add_states(sum->converted_in, one->converted_in);
	add_states(sum->pinned_in, one->pinned_in);
	add_states(sum->failed_in, one->failed_in);
	sum->skipped += one->skipped;
	sum->lossy += one->lossy;
	sum->astray += one->astray;
	for (i = 0; i < one->failures && sum->failures < REHEARSAL_FAILURES;
	     i++)
		sum->failure[sum->failures++] = one->failure[i];
}

static void
append_failure(const struct rehearsal_failure *failure, char *text, size_t size)
{
	const char *who = failure->in_check ? "check" : "code_change";
	char how[64];

	if (!pid_is_none(failure->other))
		text_append(text, size,
		    "stays with <%u.%u>: ", failure->other.slot,
		    failure->other.generation);
	switch ((enum rehearsal_fault)failure->fault) {
	case REHEARSAL_LOST:
		text_append(text, size, "has no image any more");
		break;
	case REHEARSAL_SPOILT:
		text_append(
		    text, size, "its code_change writes to the old state");
		break;
	case REHEARSAL_CRASH:
		text_append(text, size, "%s in its %s",
		    reason_text(failure->reason, how, sizeof how), who);
		break;
	case REHEARSAL_HOOK:
	case REHEARSAL_CHECK:
		text_append(text, size, "its %s refuses it", who);
		break;
	}
	if (failure->is_down)
		text_append(text, size, " on the way back");
}

void
rehearsal_failure_text(
    const struct rehearsal_failure *failure, char *text, size_t size)
{
	text[0] = '\0';
	append_failure(failure, text, size);
}

void
rehearsal_text(const struct rehearsal_result *result, char *text, size_t size)
{
	const struct rehearsal_loss *loss = &result->loss;
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < result->failures; i++) {
		text_append(text, size, "%s<%u.%u> ",
		    text[0] == '\0' ? "" : ", ", result->failure[i].pid.slot,
		    result->failure[i].pid.generation);
		append_failure(&result->failure[i], text, size);
	}
	if (result->lossy > 0)
		text_append(text, size,
		    "%s<%u.%u> comes back with '%s' %s, not %s",
		    text[0] == '\0' ? "" : ", ", loss->pid.slot,
		    loss->pid.generation, loss->path, loss->is, loss->was);
}
