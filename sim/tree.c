/*
 * tree: see tree.h for what it is.
 *
 * A call is temporary: when it has ended there is nothing to begin again, the
 * subscriber dials anew.  Its fault is resumed up to three times (design 3),
 * so that rare faults among many calls do not add up to a cascade.
 */
#include "sim/tree.h"

#include <errno.h>

#include "calls/exchange/office.h"
#include "switch/object.h"
#include "switch/record.h"
#include "switch/scheduler.h"
#include "switch/supervisor.h"

/* OTP's defaults: intensity 1 in 5 s, shutdown 5000 ms for a worker. */
enum { INTENSITY = 1, PERIOD_S = 5, SHUTDOWN_MS = 5000, FAULT_LIMIT = 3 };

static const struct child_spec database_children[] = {
	{ .id = RECORD_RECIPIENT,
	    .behaviour = RECORD_RECIPIENT,
	    .restart = RESTART_PERMANENT,
	    .shutdown_ms = SHUTDOWN_MS,
	    .is_registered = true },
};
static const struct child_spec call_template[] = {
	{ .id = "call",
	    .behaviour = "call",
	    .restart = RESTART_TEMPORARY,
	    .shutdown_ms = SHUTDOWN_MS,
	    .on_fault = ON_FAULT_RESUME,
	    .fault_limit = FAULT_LIMIT },
};
static const struct child_spec upgrade_children[] = {
	{ .id = "release_handler",
	    .behaviour = "release_handler",
	    .restart = RESTART_PERMANENT,
	    .shutdown_ms = SHUTDOWN_MS,
	    .is_registered = true },
};
static const struct child_spec root_children[] = {
	{ .id = "database",
	    .behaviour = "database",
	    .restart = RESTART_PERMANENT,
	    .type = CHILD_SUPERVISOR,
	    .is_registered = true },
	{ .id = OFFICE_PROCESS,
	    .behaviour = OFFICE_PROCESS,
	    .restart = RESTART_PERMANENT,
	    .shutdown_ms = SHUTDOWN_MS,
	    .is_registered = true },
	{ .id = OFFICE_POOL,
	    .behaviour = OFFICE_POOL,
	    .restart = RESTART_PERMANENT,
	    .type = CHILD_SUPERVISOR,
	    .is_registered = true },
	{ .id = "upgrade",
	    .behaviour = "upgrade",
	    .restart = RESTART_PERMANENT,
	    .type = CHILD_SUPERVISOR,
	    .is_registered = true },
};

#define COUNT(children) (sizeof(children) / sizeof(children)[0])

static const struct supervisor_spec supervisors[] = {
	{ .name = "database",
	    .flags = { .intensity = INTENSITY, .period_s = PERIOD_S },
	    .count = COUNT(database_children),
	    .children = database_children },
	{ .name = OFFICE_POOL,
	    .flags = { .strategy = STRATEGY_POOL,
		.intensity = INTENSITY,
		.period_s = PERIOD_S,
		.orphans = ORPHANS_ADOPT },
	    .count = COUNT(call_template),
	    .children = call_template },
	{ .name = "upgrade",
	    .flags = { .intensity = INTENSITY, .period_s = PERIOD_S },
	    .count = COUNT(upgrade_children),
	    .children = upgrade_children },
	{ .name = "root",
	    .flags = { .intensity = INTENSITY, .period_s = PERIOD_S },
	    .count = COUNT(root_children),
	    .children = root_children },
};

struct tree {
	unsigned int magic;
#define TREE_MAGIC 0x4c02f9d6
	struct supervisor *supervisors[COUNT(supervisors)];
};

int
tree_alloc(struct tree **ret_tree, struct scheduler *scheduler)
{
	struct tree *tree;
	unsigned int i;
	int result;

	if (ALLOC_OBJ(tree, TREE_MAGIC) == NULL)
		return -ENOMEM;
	for (i = 0; i < COUNT(supervisors); i++) {
		result = supervisor_alloc(
		    &tree->supervisors[i], scheduler, &supervisors[i]);
		if (result != 0) {
			tree_free(&tree);
			return result;
		}
	}
	*ret_tree = tree;
	return 0;
}

void
tree_free(struct tree **treep)
{
	unsigned int i;

	if (*treep == NULL)
		return;
	CHECK_OBJ(*treep, TREE_MAGIC);
	for (i = 0; i < COUNT(supervisors); i++)
		supervisor_free(&(*treep)->supervisors[i]);
	FREE_OBJ(treep, TREE_MAGIC);
}

int
tree_start(struct scheduler *scheduler, struct pid *ret_root)
{
	return supervisor_start_root(scheduler, "root", ret_root);
}
