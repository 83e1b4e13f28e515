/*
 * ladder_part: calls that have to do with each other, apart from the others.
 *
 * Calls that have had a party in common while both lived are drawn together, as
 * a consultation and the call that it began in; others below each other, since
 * what is a page wide for nothing cannot be read.
 */
#include "calls/database/ladder_internal.h"

#include <string.h>

#include "switch/object.h"

/* Which lines a call has had to do with. */
struct contacts {
	bool is_with[LADDER_LINES];
};

static void
note_rung(struct ladder *ladder, struct contacts *contacts, unsigned int i)
{
	const struct ladder_rung *rung = &ladder->rungs[i];
	struct ladder_line *call;

	if (rung->kind == LADDER_PHASE)
		return;
	call = &ladder->lines[rung->call];
	call->last = i;
	if (i < call->first)
		call->first = i;
	if (rung->party != LADDER_NOWHERE &&
	    ladder->lines[rung->party].role == LADDER_PARTY)
		contacts[rung->call].is_with[rung->party] = true;
}

static bool
are_together(const struct ladder *ladder, const struct contacts *contacts,
    unsigned int one, unsigned int other)
{
	const struct ladder_line *a = &ladder->lines[one];
	const struct ladder_line *b = &ladder->lines[other];
	unsigned int i;

	if (a->first > b->last || b->first > a->last)
		return false;
	for (i = 0; i < ladder->lines_count; i++)
		if (contacts[one].is_with[i] && contacts[other].is_with[i])
			return true;
	return false;
}

/* Both, and whoever is with either: the first of them is their number. */
static void
join(struct ladder *ladder, unsigned int one, unsigned int other)
{
	const unsigned int a = ladder->lines[one].group;
	const unsigned int b = ladder->lines[other].group;
	unsigned int i;

	for (i = 0; i < ladder->lines_count; i++)
		if (ladder->lines[i].group == a || ladder->lines[i].group == b)
			ladder->lines[i].group = a < b ? a : b;
}

void
ladder_group(struct ladder *ladder)
{
	const size_t size = LADDER_LINES * sizeof(struct contacts);
	struct contacts *contacts = object_alloc(size);
	unsigned int i, j;

	for (i = 0; i < ladder->lines_count; i++) {
		ladder->lines[i].group = i;
		ladder->lines[i].first = ladder->rungs_count;
		ladder->lines[i].last = 0;
	}
	if (contacts == NULL)
		return; /* each alone is right too */
	for (i = 0; i < ladder->rungs_count; i++)
		note_rung(ladder, contacts, i);
	for (i = 0; i < ladder->lines_count; i++)
		for (j = 0; j < i; j++)
			if (are_together(ladder, contacts, i, j))
				join(ladder, i, j);
	object_free(contacts, size);
}

static bool
is_own(const struct ladder_part *part, const struct ladder_rung *rung)
{
	return rung->kind != LADDER_PHASE &&
	    (part->group == LADDER_NOWHERE ||
		part->ladder->lines[rung->call].group == part->group);
}

static bool
is_same(const struct ladder_rung *one, const struct ladder_rung *other)
{
	return one->kind == LADDER_UPGRADE && other->kind == one->kind &&
	    other->at == one->at && strcmp(one->label, other->label) == 0;
}

bool
ladder_is_of(const struct ladder_part *part, unsigned int i)
{
	const struct ladder_rung *rung = &part->ladder->rungs[i];

	if (rung->kind == LADDER_PHASE)
		return i == part->phase || (i > part->first && i < part->last);
	if (!is_own(part, rung))
		return false;
	/* Several calls at once have gone there. */
	return i == part->first || !is_own(part, rung - 1) ||
	    !is_same(rung, rung - 1);
}

static bool
has_line(const struct ladder_part *part, unsigned int line)
{
	return line == LADDER_NOWHERE || part->places[line] != LADDER_NOWHERE;
}

static void
put_line(struct ladder_part *part, unsigned int line)
{
	if (has_line(part, line))
		return;
	part->places[line] = part->count;
	part->lines[part->count++] = line;
}

static enum ladder_role
role_of(const struct ladder_part *part, unsigned int line)
{
	return line == LADDER_NOWHERE ? LADDER_PARTY
				      : part->ladder->lines[line].role;
}

/* Those at the left, if a rung of the part leads there. */
static void
put_role(struct ladder_part *part, enum ladder_role role)
{
	const struct ladder *ladder = part->ladder;
	unsigned int i;

	for (i = 0; i < ladder->rungs_count; i++)
		if (ladder_is_of(part, i) &&
		    ladder->rungs[i].party != LADDER_NOWHERE &&
		    role_of(part, ladder->rungs[i].party) == role)
			put_line(part, ladder->rungs[i].party);
}

/* A call stands behind the first of its parties. */
static void
put_lines(struct ladder_part *part)
{
	const struct ladder *ladder = part->ladder;
	const struct ladder_rung *rung;
	unsigned int i;

	for (i = 0; i <= LADDER_LINES; i++)
		part->places[i] = LADDER_NOWHERE;
	part->count = 0;
	put_role(part, LADDER_SUPERVISOR);
	put_role(part, LADDER_EXCHANGE);
	for (i = 0; i < ladder->rungs_count; i++) {
		rung = &ladder->rungs[i];
		if (!ladder_is_of(part, i) || rung->party == LADDER_NOWHERE ||
		    role_of(part, rung->party) != LADDER_PARTY)
			continue;
		put_line(part, rung->party);
		put_line(part, rung->call);
	}
	for (i = 0; i < ladder->rungs_count; i++)
		if (ladder_is_of(part, i))
			put_line(part, ladder->rungs[i].call);
}

/* First and last of its own, for phases are nobody's. */
static void
find_span(struct ladder_part *part)
{
	unsigned int i;

	part->first = part->phase = part->ladder->rungs_count;
	part->last = 0;
	for (i = 0; i < part->ladder->rungs_count; i++) {
		if (!is_own(part, &part->ladder->rungs[i]))
			continue;
		part->first = i < part->first ? i : part->first;
		part->last = i;
	}
	for (i = 0; i < part->first; i++)
		if (part->ladder->rungs[i].kind == LADDER_PHASE)
			part->phase = i;
}

static void
make(const struct ladder *ladder, unsigned int group, struct ladder_part *part)
{
	part->ladder = ladder;
	part->group = group;
	find_span(part);
	put_lines(part);
}

bool
ladder_next(const struct ladder *ladder, const struct ladder_part *after,
    struct ladder_part *ret_part)
{
	unsigned int i, group, next = LADDER_NOWHERE;

	for (i = 0; i < ladder->lines_count; i++) {
		group = ladder->lines[i].group;
		if (ladder->lines[i].role == LADDER_CALL && group < next &&
		    (after == NULL || group > after->group))
			next = group;
	}
	if (next == LADDER_NOWHERE)
		return false;
	make(ladder, next, ret_part);
	return true;
}

void
ladder_whole(const struct ladder *ladder, struct ladder_part *ret_part)
{
	make(ladder, LADDER_NOWHERE, ret_part);
}

const struct ladder_line *
ladder_line(const struct ladder_part *part, unsigned int place)
{
	return &part->ladder->lines[part->lines[place]];
}

void
ladder_ends(const struct ladder_part *part, const struct ladder_rung *rung,
    unsigned int *ret_from, unsigned int *ret_to)
{
	unsigned int call = part->places[rung->call];
	unsigned int party = part->places[rung->party];

	if (rung->kind == LADDER_UPGRADE || rung->kind == LADDER_PHASE) {
		*ret_from = 0;
		*ret_to = part->count - 1;
		return;
	}
	*ret_from = *ret_to = call;
	if (rung->party != LADDER_NOWHERE && rung->kind == LADDER_IN)
		*ret_from = party;
	else if (rung->party != LADDER_NOWHERE)
		*ret_to = party;
}

const char *
ladder_name(
    const struct ladder_part *part, unsigned int place, char name[LADDER_TITLE])
{
	const struct ladder_line *line = ladder_line(part, place);

	(void)snprintf(name, LADDER_TITLE, "%s%s%s",
	    line->role == LADDER_CALL ? "call" : "",
	    line->role == LADDER_CALL && line->name[0] != '\0' ? " " : "",
	    line->name);
	return name;
}

void
ladder_say_ends(const struct ladder_part *part, const struct ladder_rung *rung,
    char *text, size_t size)
{
	unsigned int from, to;
	char one[LADDER_TITLE], other[LADDER_TITLE];

	text[0] = '\0';
	if (rung->kind == LADDER_UPGRADE || rung->kind == LADDER_PHASE)
		return;
	ladder_ends(part, rung, &from, &to);
	(void)snprintf(text, size, "%s%s%s", ladder_name(part, from, one),
	    from == to ? "" : " to ",
	    from == to ? "" : ladder_name(part, to, other));
}
