/*
 * tree: see tree.h for what it is.
 *
 * A call is temporary: when it has ended there is nothing to begin again, the
 * subscriber dials anew.  Its fault is resumed up to three times (design 3),
 * so that rare faults among many calls do not add up to a cascade.
 */
#include "sim/tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/measurement.h"
#include "calls/exchange/office.h"
#include "switch/object.h"
#include "switch/record.h"
#include "switch/scheduler.h"
#include "switch/supervisor.h"

/* OTP's defaults: intensity 1 in 5 s, shutdown 5000 ms for a worker. */
enum { INTENSITY = 1, PERIOD_S = 5, SHUTDOWN_MS = 5000, FAULT_LIMIT = 3 };

/*
 * A start that fails wants something that is not there: N13.  First after what
 * a person does not notice, at last often enough for one who waits.
 */
enum { RETRY_MS = 100, RETRY_CAP_MS = 10000 };

#define POOL "pool" /* what each pool runs, where there are several */

#define FLAGS                                                                  \
	{                                                                      \
		.intensity = INTENSITY, .period_s = PERIOD_S,                  \
		.retry_ms = RETRY_MS, .retry_cap_ms = RETRY_CAP_MS             \
	}

static const struct child_spec database_children[] = {
	{ .id = RECORD_RECIPIENT,
	    .behaviour = RECORD_RECIPIENT,
	    .restart = RESTART_PERMANENT,
	    .shutdown_ms = SHUTDOWN_MS,
	    .is_registered = true },
	{ .id = MEASUREMENT_PROCESS,
	    .behaviour = MEASUREMENT_PROCESS,
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

/* But for the calls', which depend on how many schedulers there are. */
static const struct supervisor_spec supervisors[] = {
	{ .name = "database",
	    .flags = FLAGS,
	    .count = COUNT(database_children),
	    .children = database_children },
	{ .name = "upgrade",
	    .flags = FLAGS,
	    .count = COUNT(upgrade_children),
	    .children = upgrade_children },
	{ .name = "root",
	    .flags = FLAGS,
	    .count = COUNT(root_children),
	    .children = root_children },
};

/* The supervisors of calls: `calls`, and with several schedulers more. */
struct group {
	char name[CHILD_ID_MAX + 1];
	struct supervisor_spec spec;
	struct child_spec *children;
	struct supervisor *supervisor;
};

struct tree {
	unsigned int magic;
#define TREE_MAGIC 0x4c02f9d6
	unsigned int groups_count;
	struct supervisor *supervisors[COUNT(supervisors)];
	struct group groups[];
};

static int
make_known(struct group *group, struct scheduler *scheduler)
{
	group->spec.name = group->name;
	return supervisor_alloc(&group->supervisor, scheduler, &group->spec);
}

static int
alloc_pool(struct group *group, struct scheduler *scheduler, const char *name)
{
	(void)snprintf(group->name, sizeof group->name, "%s", name);
	group->spec = (struct supervisor_spec){
		.flags = { .strategy = STRATEGY_POOL,
		    .intensity = INTENSITY,
		    .period_s = PERIOD_S,
		    .orphans = ORPHANS_ADOPT },
		.count = COUNT(call_template),
		.children = call_template,
	};
	return make_known(group, scheduler);
}

/* One that has room for `count` supervisors below it. */
static int
begin_group(struct group *group, unsigned int count)
{
	group->children = object_alloc(count * sizeof *group->children);
	if (group->children == NULL)
		return -ENOMEM;
	group->spec = (struct supervisor_spec){
		.flags = FLAGS,
		.children = group->children,
	};
	return 0;
}

static struct child_spec *
add_child(struct group *group, const char *behaviour)
{
	struct child_spec *child = &group->children[group->spec.count++];

	*child = (struct child_spec){ .restart = RESTART_PERMANENT,
		.type = CHILD_SUPERVISOR,
		.is_registered = true };
	(void)snprintf(
	    child->behaviour, sizeof child->behaviour, "%s", behaviour);
	return child;
}

/* A pool of scheduler `number`, below `group`; its code is that of all. */
static void
add_pool(
    struct group *group, const struct scheduler *scheduler, unsigned int number)
{
	char name[OFFICE_POOL_NAME_SIZE];
	struct child_spec *child = add_child(group, POOL);

	office_pool_name(scheduler, number, name);
	(void)snprintf(child->id, sizeof child->id, "%s", name);
}

/* `calls-1`, to be started on scheduler 1 by the group of all. */
static int
alloc_branch(struct group *all, struct group *branch,
    struct scheduler *scheduler, unsigned int number)
{
	struct child_spec *child;

	(void)snprintf(
	    branch->name, sizeof branch->name, "%s-%u", OFFICE_POOL, number);
	if (begin_group(branch, 1) != 0)
		return -ENOMEM;
	add_pool(branch, scheduler, number);
	child = add_child(all, branch->name);
	(void)snprintf(child->id, sizeof child->id, "%s", branch->name);
	child->scheduler = (uint8_t)number;
	return make_known(branch, scheduler);
}

/* groups[0] is `calls`, groups[1] the pool, groups[1 + i] is `calls-i`. */
static int
alloc_groups(struct tree *tree, struct scheduler *scheduler)
{
	unsigned int count = scheduler_count(scheduler), i;
	struct group *all = &tree->groups[0];
	int result;

	if (count == 1)
		return alloc_pool(all, scheduler, OFFICE_POOL);
	(void)snprintf(all->name, sizeof all->name, "%s", OFFICE_POOL);
	result = alloc_pool(&tree->groups[1], scheduler, POOL);
	if (result == 0)
		result = begin_group(all, count);
	if (result == 0)
		add_pool(all, scheduler, 0);
	for (i = 1; result == 0 && i < count; i++)
		result = alloc_branch(all, &tree->groups[1 + i], scheduler, i);
	return result == 0 ? make_known(all, scheduler) : result;
}

int
tree_alloc(struct tree **ret_tree, struct scheduler *scheduler)
{
	unsigned int count = 1 + scheduler_count(scheduler), i;
	struct tree *tree;
	int result;

	tree =
	    ALLOC_OBJ_EXTRA(tree, TREE_MAGIC, count * sizeof tree->groups[0]);
	if (tree == NULL)
		return -ENOMEM;
	tree->groups_count = count;
	result = alloc_groups(tree, scheduler);
	for (i = 0; result == 0 && i < COUNT(supervisors); i++)
		result = supervisor_alloc(
		    &tree->supervisors[i], scheduler, &supervisors[i]);
	if (result != 0)
		tree_free(&tree);
	else
		*ret_tree = tree;
	return result;
}

static void
free_group(struct group *group, unsigned int room)
{
	supervisor_free(&group->supervisor);
	object_free(group->children, room * sizeof *group->children);
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
	for (i = 0; i < (*treep)->groups_count; i++)
		free_group(&(*treep)->groups[i],
		    i == 0 ? (*treep)->groups_count - 1 : 1);
	FREE_OBJ(treep, TREE_MAGIC);
}

int
tree_start(struct scheduler *scheduler, struct pid *ret_root)
{
	return supervisor_start_root(scheduler, "root", ret_root);
}

static void
append_name(char *text, size_t size, const char *name)
{
	const size_t at = strlen(text);

	(void)snprintf(text + at, size - at, "%s%s", at == 0 ? "" : " ", name);
}

static void
append_children(char *text, size_t size, const struct supervisor_spec *spec,
    enum child_type type)
{
	unsigned int i;

	if (spec->flags.strategy == STRATEGY_POOL)
		return; /* of a template there is no telling how many */
	for (i = 0; i < spec->count; i++)
		if (spec->children[i].type == type)
			append_name(text, size, spec->children[i].id);
}

/* The i-th of all there are, the root first; NULL at the end. */
static const struct supervisor_spec *
supervisor_at(const struct tree *tree, unsigned int i)
{
	enum { FIXED = COUNT(supervisors) };

	CHECK_OBJ(tree, TREE_MAGIC);
	if (i < FIXED)
		return &supervisors[FIXED - 1 - i];
	return i - FIXED < tree->groups_count ? &tree->groups[i - FIXED].spec
					      : NULL;
}

void
tree_names(const struct tree *tree, char *text, size_t size)
{
	const struct supervisor_spec *spec;
	unsigned int i;

	(void)snprintf(text, size, "root");
	for (i = 0; (spec = supervisor_at(tree, i)) != NULL; i++)
		append_children(text, size, spec, CHILD_SUPERVISOR);
}

void
tree_workers(const struct tree *tree, char *text, size_t size)
{
	const struct supervisor_spec *spec;
	unsigned int i;

	text[0] = '\0';
	for (i = 0; (spec = supervisor_at(tree, i)) != NULL; i++)
		append_children(text, size, spec, CHILD_WORKER);
}

const char *
tree_above(const struct tree *tree, const char *name)
{
	const struct supervisor_spec *spec;
	unsigned int i;

	for (i = 0; (spec = supervisor_at(tree, i)) != NULL; i++)
		if (spec->flags.strategy != STRATEGY_POOL &&
		    supervisor_spec_names(spec, name))
			return spec->name;
	return NULL;
}
