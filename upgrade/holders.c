/* holders: see holders.h for what it is. */
#include "upgrade/holders.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/release_internal.h"

struct look {
	struct release_handler *handler;
	struct holders *holders;
	uint64_t wanted; /* how many more are worth to be looked for */
};

/*--------------------------------------------------------------------
 * Who
 */

static struct holders_version *
find_version(struct holders *holders, uint16_t id)
{
	unsigned int i;

	for (i = 0; i < holders->count; i++)
		if (holders->versions[i].id == id)
			return &holders->versions[i];
	return NULL;
}

static void
add_holder(struct look *look, const struct process_info *info)
{
	struct holders_version *version =
	    find_version(look->holders, info->behaviour);
	const struct upgrade_telephony *telephony = &look->handler->telephony;
	struct holder *holder;

	if (version == NULL || version->is_current ||
	    version->listed == HOLDERS_LISTED)
		return;
	holder = &version->holders[version->listed++];
	holder->pid = info->pid;
	if (telephony->call != NULL)
		holder->call = telephony->call(telephony->arg, info);
	release_say_why(look->handler, info, holder->why, sizeof holder->why);
	look->wanted--;
}

static void
look_on(struct look *look, struct scheduler *scheduler)
{
	struct process_info info;
	uint32_t cursor = 0;
	struct pid pid;

	while (look->wanted > 0 && process_next(scheduler, &cursor, &pid))
		if (process_info(scheduler, pid, &info) == 0)
			add_holder(look, &info);
}

/*--------------------------------------------------------------------
 * What
 */

/* Who has been tried and stays, once nobody is on the way any more. */
static void
count_stragglers(const struct release_handler *handler,
    const struct behaviour *behaviour, struct holders_version *version)
{
	if (behaviour->target == 0)
		return;
	version->failed = release_failed(handler, behaviour->id);
	if (handler->state == RELEASE_IDLE ||
	    handler->state == RELEASE_INSTALLED)
		version->pinned = version->counts.holders - version->failed;
}

static void
add_version(struct look *look, uint16_t id)
{
	struct release_handler *handler = look->handler;
	const struct behaviour *behaviour =
	    behaviour_at(handler->behaviours, id);
	struct code_times times = code_times(handler->code, id);
	bool has_trial = handler->state == RELEASE_CANARY ||
	    handler->state == RELEASE_CONVERTING ||
	    handler->state == RELEASE_INSTALLED;
	struct holders_version *version =
	    &look->holders->versions[look->holders->count++];

	*version = (struct holders_version){ .id = id,
		.is_current = behaviour_is_current(handler->behaviours, id),
		.is_on_trial = has_trial && id == handler->to,
		.is_way_back = has_trial && id == handler->from,
		.stage = has_trial && handler->state != RELEASE_INSTALLED &&
			id == handler->to
		    ? upgrade_stage_word(
			  (enum upgrade_stage)handler->report.stage)
		    : NULL,
		.loaded = times.loaded,
		.since = times.since,
		.trial_until =
		    has_trial && id == handler->to ? handler->trial_until : 0,
		.counts = behaviour_counts(handler->behaviours, id),
		.resident = code_resident_bytes(handler->code, id) };
	memcpy(version->module, behaviour->name, sizeof version->module);
	memcpy(version->version, behaviour->version, sizeof version->version);
	count_stragglers(handler, behaviour, version);
	if (!version->is_current)
		look->wanted += version->counts.holders < HOLDERS_LISTED
		    ? version->counts.holders
		    : HOLDERS_LISTED;
}

static int
compare(const void *one_arg, const void *other_arg)
{
	const struct holders_version *one = one_arg, *other = other_arg;
	int order = strcmp(one->module, other->module);

	return order != 0 ? order : strverscmp(one->version, other->version);
}

int
holders_alloc(struct holders **ret_holders, struct release_handler *handler,
    const char *module)
{
	uint16_t ids[RELEASE_RESIDENTS_MAX];
	unsigned int i,
	    count = code_residents(
		handler->code, module, ids, RELEASE_RESIDENTS_MAX);
	struct look look = { .handler = handler };

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	*ret_holders = NULL;
	if (ALLOC_OBJ_EXTRA(look.holders, HOLDERS_MAGIC,
		count * sizeof look.holders->versions[0]) == NULL)
		return -ENOMEM;
	scheduler_halt_others(handler->scheduler);
	for (i = 0; i < count; i++)
		add_version(&look, ids[i]);
	for (i = 0; i < handler->schedulers; i++)
		look_on(&look, scheduler_peer(handler->scheduler, i));
	scheduler_let_go(handler->scheduler);
	qsort(look.holders->versions, count, sizeof look.holders->versions[0],
	    compare);
	*ret_holders = look.holders;
	return 0;
}

void
holders_free(struct holders **holdersp)
{
	FREE_OBJ(holdersp, HOLDERS_MAGIC);
}
