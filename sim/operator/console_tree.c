/*
 * console_tree: the tree of supervisors, as a member of a JSON object.
 *
 * Each supervisor with what it has below it, how it is, and how often it has
 * restarted what.  Of a pool's children only the number is told.  A child that
 * should run and does not is `down`, or `restarting`.
 */
#include <inttypes.h>

#include "sim/json.h"
#include "sim/operator/console_internal.h"
#include "switch/scheduler.h"
#include "switch/supervisor.h"

/* No tree of this program is deeper, or has more children that are named. */
enum { DEPTH_MAX = 8, CHILDREN_MAX = 128 };

static void write_supervisor(struct scheduler *home, const char *name,
    struct pid pid, unsigned int depth, FILE *out);

static void
write_child(struct scheduler *home, const struct child_entry *child,
    unsigned int depth, FILE *out)
{
	if (child->type == CHILD_SUPERVISOR && !pid_is_none(child->pid) &&
	    depth < DEPTH_MAX) {
		write_supervisor(home, child->id, child->pid, depth, out);
		return;
	}
	(void)fputs("{\"name\":", out);
	json_string(out, child->id);
	(void)fprintf(out, ",\"state\":\"%s\"}",
	    child->is_restarting	  ? "restarting"
		: pid_is_none(child->pid) ? "down"
					  : "running");
}

/* Newest first is how they are listed; oldest first how they are drawn. */
static void
write_children(
    struct scheduler *home, struct pid pid, unsigned int depth, FILE *out)
{
	struct child_entry entries[CHILDREN_MAX];
	struct child_listing listing = { .entries = entries,
		.max = CHILDREN_MAX };
	const char *between = "";
	uint32_t i;

	if (supervisor_which_children(
		scheduler_where(home, pid), pid, &listing) != 0)
		return;
	for (i = listing.count; i-- > 0;) {
		if (entries[i].id[0] == '\0') /* of a pool */
			continue;
		(void)fputs(between, out);
		write_child(home, &entries[i], depth + 1, out);
		between = ",";
	}
}

static void
write_supervisor(struct scheduler *home, const char *name, struct pid pid,
    unsigned int depth, FILE *out)
{
	struct supervisor_count count = { 0 };
	bool is_there = !pid_is_none(pid) &&
	    supervisor_count_children(
		scheduler_where(home, pid), pid, &count) == 0;

	(void)fputs("{\"name\":", out);
	json_string(out, name);
	(void)fprintf(out,
	    ",\"state\":\"%s\",\"active\":%" PRIu64 ",\"restarts\":%" PRIu64
	    ",\"children\":[",
	    is_there ? "running" : "down", count.active, count.restarts);
	if (is_there)
		write_children(home, pid, depth, out);
	(void)fputs("]}", out);
}

void
console_tree(struct console *console, FILE *out)
{
	(void)fputs("\"tree\":", out);
	write_supervisor(console->scenario->scheduler, "root",
	    console->scenario->root, 0, out);
}
