/*
 * derivation_origin: where a value of the target comes from.
 *
 *   a rule of the newer release says "HERE from THERE"      from there
 *   what contains it has an origin, and in that one value
 *     there has its name, a former name of it, or its own
 *     former name is this one's (the way down); or both are
 *     the same element of their arrays                      that value
 *   none does                                               its default
 *   several do, or the source has been used before          refused
 *
 * What the releases have said is read here: no_way_back and the rules are
 * lines of words, and never more than a few.
 */
#include <string.h>

#include "upgrade/derivation_internal.h"
#include "upgrade/words.h"

/*--------------------------------------------------------------------
 * What the releases have said
 */

static const struct schema *
newer_of(const struct derivation *derivation)
{
	return derivation->way->down ? derivation->way->from
				     : derivation->way->to;
}

static bool
has_line(const char *const *line, const char *path, const char *word)
{
	char own[LAYOUT_PATH_MAX];

	for (; line != NULL && *line != NULL; line++)
		if (words_at(*line, 0, own, sizeof own) &&
		    strcmp(own, path) == 0 && words_find(*line, word) == 1)
			return true;
	return false;
}

/* Whether the source lists that this of a field may have no way back. */
bool
derivation_is_listed(
    const struct derivation *derivation, uint16_t from, const char *what)
{
	char path[LAYOUT_PATH_MAX];

	layout_plain_path(derivation->from, from, path);
	return has_line(derivation->way->from->no_way_back, path, what);
}

/* Whether the newer one has such a rule for its field; NOWHERE has none. */
bool
derivation_has_rule(const struct derivation *derivation, uint16_t from,
    uint16_t to, const char *what)
{
	bool down = derivation->way->down;
	uint16_t node = down ? from : to;
	char path[LAYOUT_PATH_MAX];

	if (node == LAYOUT_NOWHERE)
		return false;
	layout_plain_path(down ? derivation->from : derivation->to, node, path);
	return has_line(newer_of(derivation)->rules, path, what);
}

/* "state held as active": of an older release's words, on the way down. */
bool
derivation_other_word(const struct derivation *derivation, uint16_t from,
    const char *symbol, char *other, size_t size)
{
	const char *const *line = newer_of(derivation)->rules;
	char path[LAYOUT_PATH_MAX], own[LAYOUT_PATH_MAX];

	layout_plain_path(derivation->from, from, path);
	for (; derivation->way->down && line != NULL && *line != NULL; line++)
		if (words_at(*line, 0, own, sizeof own) &&
		    strcmp(own, path) == 0 && words_find(*line, "as") == 2 &&
		    words_at(*line, 1, own, sizeof own) &&
		    strcmp(own, symbol) == 0)
			return words_at(*line, 3, other, size);
	return false;
}

static bool
is_move(const char *line)
{
	return words_find(line, "from") == 1;
}

/* The first of its old places that `older` has. */
static uint16_t
old_place(const struct layout *older, const char *line)
{
	char path[LAYOUT_PATH_MAX];
	uint16_t place = LAYOUT_NOWHERE;
	unsigned int n;

	for (n = 2;
	     place == LAYOUT_NOWHERE && words_at(line, n, path, sizeof path);
	     n++)
		place = layout_find(older, path);
	return place;
}

/* Where `node` of the target was in the source, if this line says so. */
static uint16_t
moved_by(const struct derivation *derivation, const char *line, uint16_t node)
{
	bool down = derivation->way->down;
	const struct layout *newer = down ? derivation->from : derivation->to;
	const struct layout *older = down ? derivation->to : derivation->from;
	char path[LAYOUT_PATH_MAX];
	uint16_t now, then;

	if (!is_move(line))
		return LAYOUT_NOWHERE;
	(void)words_at(line, 0, path, sizeof path);
	now = layout_find(newer, path);
	then = old_place(older, line);
	if (now == LAYOUT_NOWHERE || node != (down ? then : now))
		return LAYOUT_NOWHERE;
	return down ? now : then;
}

/* Where a rule says that `to` was; LAYOUT_NOWHERE if none does. */
static uint16_t
moved_from(const struct derivation *derivation, uint16_t to)
{
	const char *const *line = newer_of(derivation)->rules;
	uint16_t from = LAYOUT_NOWHERE;

	for (; from == LAYOUT_NOWHERE && line != NULL && *line != NULL; line++)
		from = moved_by(derivation, *line, to);
	return from;
}

/*--------------------------------------------------------------------
 * Where a value comes from
 */

static const char *
path_of(const struct layout *layout, uint16_t node, char *path)
{
	layout_path(layout, node, path);
	return path;
}

static bool
is_counterpart(const struct node *from, const struct node *to)
{
	if (from->element >= 0 || to->element >= 0)
		return from->element == to->element;
	return schema_is_related(from->field, to->field);
}

/* Among what the origin of its container contains. */
static int
find_beside(
    const struct derivation *derivation, uint16_t to, uint16_t *ret_from)
{
	const struct layout *from = derivation->from;
	const struct node *node = &derivation->to->nodes[to];
	uint16_t parent = LAYOUT_NOWHERE, found = LAYOUT_NOWHERE, i;
	char one[LAYOUT_PATH_MAX], other[LAYOUT_PATH_MAX];

	if (node->parent != LAYOUT_NOWHERE) {
		parent = derivation->to_marks[node->parent].other;
		if (parent == LAYOUT_NOWHERE)
			return 0;
	}
	for (i = 0; i < from->count; i++) {
		if (from->nodes[i].parent != parent ||
		    !is_counterpart(&from->nodes[i], node))
			continue;
		if (found != LAYOUT_NOWHERE)
			return derivation_refuse(derivation,
			    "field '%s' may come from '%s' and from '%s'",
			    node->field->name, path_of(from, found, one),
			    path_of(from, i, other));
		found = i;
	}
	*ret_from = found;
	return 0;
}

int
derivation_find_origin(
    const struct derivation *derivation, uint16_t to, uint16_t *ret_from)
{
	struct mark *mark = &derivation->to_marks[to];
	char one[LAYOUT_PATH_MAX], two[LAYOUT_PATH_MAX], from_path[160];
	uint16_t from = moved_from(derivation, to);
	int error = 0;

	if (from != LAYOUT_NOWHERE)
		mark->is_moved = true;
	else
		error = find_beside(derivation, to, &from);
	if (error != 0 || from == LAYOUT_NOWHERE)
		return error;
	if (derivation->from_marks[from].other != LAYOUT_NOWHERE)
		return derivation_refuse(derivation,
		    "fields '%s' and '%s' both come from '%s'",
		    path_of(derivation->to, derivation->from_marks[from].other,
			one),
		    path_of(derivation->to, to, two),
		    path_of(derivation->from, from, from_path));
	*ret_from = from;
	return 0;
}
