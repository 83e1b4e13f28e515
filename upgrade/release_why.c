/*
 * release_why: why a process is where it is, in words, for `versions` and for
 * the rows of an upgrade.
 *
 * That follows from what is known of it: it has nowhere to go; it was barred
 * when its state was refused or an event of it faulted; its state has no image
 * there; or, where none of that is so, code of the module has refused it.  Of
 * two that are one unit only one may have a reason of its own.
 */
#include <inttypes.h>
#include <stdio.h>

#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/pinned.h"
#include "upgrade/release_internal.h"

static bool
has_no_image(const struct release_handler *handler,
    const struct process_info *info, char *text, size_t size)
{
	const struct behaviour *version =
	    behaviour_at(handler->behaviours, info->behaviour);
	const struct conversion *plan =
	    code_plan(handler->code, info->behaviour, version->target);

	return plan != NULL &&
	    pinned_why(plan, &version->module->schema, info->state, text, size);
}

/* As far as it lies in the process itself. */
static void
say_own(const struct release_handler *handler, const struct process_info *info,
    char *text, size_t size)
{
	const struct behaviour *version =
	    behaviour_at(handler->behaviours, info->behaviour);
	const char *target =
	    behaviour_version(handler->behaviours, version->target);
	char clause[80];

	if (info->has_failed)
		snprintf(text, size,
		    "%s refused its state, or faulted on an event of it",
		    target);
	else if (has_no_image(handler, info, clause, sizeof clause))
		snprintf(
		    text, size, "%s, which has no image in %s", clause, target);
	else if (info->is_pinned)
		snprintf(
		    text, size, "its conversion to %s was refused", target);
	else
		snprintf(text, size, "it is on its way to %s", target);
}

/* "its other, call 3, stays: ..." */
static void
say_other(const struct release_handler *handler,
    const struct process_info *other, char *text, size_t size)
{
	const struct upgrade_telephony *telephony = &handler->telephony;
	uint64_t call = telephony->call == NULL
	    ? 0
	    : telephony->call(telephony->arg, other);
	char why[112];

	say_own(handler, other, why, sizeof why);
	if (call == 0)
		snprintf(text, size, "its other, <%u.%u>, stays: %s",
		    other->pid.slot, other->pid.generation, why);
	else
		snprintf(text, size, "its other, call %" PRIu64 ", stays: %s",
		    call, why);
}

void
release_say_why(struct release_handler *handler,
    const struct process_info *info, char *text, size_t size)
{
	const struct behaviour *version =
	    behaviour_at(handler->behaviours, info->behaviour);
	struct scheduler *at = scheduler_where(handler->scheduler, info->pid);
	struct process_info other;

	if (version->target == 0)
		snprintf(text, size, "%s",
		    handler->state == RELEASE_CANARY &&
			    version->id == handler->to
			? "it is of the canary"
			: "it stays until it ends");
	else if (info->by_other &&
	    process_info(at, process_partner(at, info->pid), &other) == 0)
		say_other(handler, &other, text, size);
	else
		say_own(handler, info, text, size);
}
