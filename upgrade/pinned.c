/*
 * pinned: see pinned.h for what it is.
 */
#include "upgrade/pinned.h"

#include <stdio.h>

#include "switch/object.h"
#include "upgrade/conversion_internal.h"
#include "upgrade/schema.h"

enum { VALUE_BYTES = 64 };

/* `nothing` has room for the target's state and is not looked at. */
static const struct line *
find_blocker(const struct conversion *plan, const void *state, void *nothing)
{
	const struct line *line = plan->lines;

	for (; line < plan->lines + plan->line_count; line++)
		if (line_is_guarded(plan, line) &&
		    layout_holds(plan->from.conditions, line->when, state) &&
		    conversion_run_line(plan, line, state, nothing) != 0)
			return line;
	return NULL;
}

static void
say(const struct layout *layout, const struct line *line, const void *state,
    char *text, size_t size)
{
	const struct node *node = &layout->nodes[line->from];
	struct field field = layout_field(node);
	char path[LAYOUT_PATH_MAX], value[VALUE_BYTES];

	layout_path(layout, line->from, path);
	if (!layout_is_leaf(node)) {
		(void)snprintf(text, size, "field '%.60s' is in use", path);
		return;
	}
	schema_text(&field, state, value, sizeof value);
	(void)snprintf(text, size, "field '%.60s' is '%s'", path, value);
}

bool
pinned_why(const struct conversion *plan, const struct schema *from,
    const void *state, char *text, size_t size)
{
	const struct line *line = NULL;
	struct layout *layout;
	void *nothing;

	CHECK_OBJ(plan, CONVERSION_MAGIC);
	if (layout_alloc(&layout, from) != 0)
		return false;
	nothing = object_alloc(plan->to.size);
	if (nothing != NULL)
		line = find_blocker(plan, state, nothing);
	if (line != NULL && line->from != LAYOUT_NOWHERE)
		say(layout, line, state, text, size);
	else if (line != NULL)
		(void)snprintf(text, size, "one of its fields is in use");
	object_free(nothing, plan->to.size);
	layout_free(&layout);
	return line != NULL;
}
