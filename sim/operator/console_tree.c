/*
 * console_tree: see console_tree.h for what it is.
 *
 *   root  4 running, 0 restarts
 *   ├─ calls  1200 running, 2 restarts
 *   └─ upgrade  1 running, 0 restarts
 *      └─ release_handler  ! restarting
 *
 * Each supervisor with what it has below it, how it is, and how often it has
 * restarted what.  Of a pool's children only the number is told.  A child that
 * should run and does not is `down`, or `restarting`.
 */
#include "sim/operator/console_tree.h"

#include <inttypes.h>
#include <string.h>

#include "sim/json.h"
#include "switch/scheduler.h"
#include "switch/supervisor.h"

/* No tree of this program is deeper, or has more children that are named. */
enum { DEPTH_MAX = 8, CHILDREN_MAX = 128, STEM_MAX = 64 };

struct drawing {
	struct scheduler *home;
	FILE *out, *text; /* text NULL: it is not drawn */
	unsigned int depth;
	char stem[STEM_MAX]; /* what stands before those below */
};

static void write_supervisor(
    struct drawing *drawing, const char *name, struct pid pid);

/* What is behind a name: its word if it is not as it should be. */
static void
draw(struct drawing *drawing, const char *name, const char *state,
    const struct supervisor_count *count)
{
	if (drawing->text == NULL)
		return;
	(void)fprintf(drawing->text, "%s", name);
	if (strcmp(state, "running") != 0)
		(void)fprintf(drawing->text, "  ! %s", state);
	if (count != NULL)
		(void)fprintf(drawing->text,
		    "  %" PRIu64 " running, %" PRIu64 " restart%s",
		    count->active, count->restarts,
		    count->restarts == 1 ? "" : "s");
	(void)fputc('\n', drawing->text);
}

static void
write_child(struct drawing *drawing, const struct child_entry *child)
{
	const char *state = child->is_restarting ? "restarting"
	    : pid_is_none(child->pid)		 ? "down"
						 : "running";

	if (child->type == CHILD_SUPERVISOR && !pid_is_none(child->pid) &&
	    drawing->depth < DEPTH_MAX) {
		write_supervisor(drawing, child->id, child->pid);
		return;
	}
	draw(drawing, child->id, state, NULL);
	(void)fputs("{\"name\":", drawing->out);
	json_string(drawing->out, child->id);
	(void)fprintf(drawing->out, ",\"state\":\"%s\"}", state);
}

/* One further down, behind its branch of the drawing. */
static void
descend(struct drawing *drawing, const struct child_entry *child, bool is_last)
{
	const size_t length = strlen(drawing->stem);

	if (drawing->text != NULL)
		(void)fprintf(drawing->text, "%s%s", drawing->stem,
		    is_last ? "└─ " : "├─ ");
	(void)snprintf(drawing->stem + length, STEM_MAX - length, "%s",
	    is_last ? "   " : "│  ");
	drawing->depth++;
	write_child(drawing, child);
	drawing->depth--;
	drawing->stem[length] = '\0';
}

/* Newest first is how they are listed; oldest first how they are drawn. */
static void
write_children(struct drawing *drawing, struct pid pid)
{
	struct child_entry entries[CHILDREN_MAX];
	struct child_listing listing = { .entries = entries,
		.max = CHILDREN_MAX };
	const char *between = "";
	uint32_t i;

	if (supervisor_which_children(
		scheduler_where(drawing->home, pid), pid, &listing) != 0)
		return;
	for (i = listing.count; i-- > 0;) {
		if (entries[i].id[0] == '\0') /* of a pool */
			continue;
		(void)fputs(between, drawing->out);
		descend(drawing, &entries[i], i == 0);
		between = ",";
	}
}

static void
write_supervisor(struct drawing *drawing, const char *name, struct pid pid)
{
	struct supervisor_count count = { 0 };
	bool is_there = !pid_is_none(pid) &&
	    supervisor_count_children(
		scheduler_where(drawing->home, pid), pid, &count) == 0;
	const char *state = is_there ? "running" : "down";

	draw(drawing, name, state, &count);
	(void)fputs("{\"name\":", drawing->out);
	json_string(drawing->out, name);
	(void)fprintf(drawing->out,
	    ",\"state\":\"%s\",\"active\":%" PRIu64 ",\"restarts\":%" PRIu64
	    ",\"children\":[",
	    state, count.active, count.restarts);
	if (is_there)
		write_children(drawing, pid);
	(void)fputs("]}", drawing->out);
}

void
console_tree(struct scheduler *home, struct pid root, FILE *out, FILE *text)
{
	struct drawing drawing = { .home = home, .out = out, .text = text };

	(void)fputs("\"tree\":", out);
	write_supervisor(&drawing, "root", root);
}
