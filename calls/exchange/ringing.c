/*
 * ringing: see ringing.h for what it is.
 */
#include "calls/exchange/ringing.h"

#include <errno.h>

#include "calls/exchange/office_internal.h"
#include "switch/object.h"

void
ringing_clear(struct ringing *ringing)
{
	object_free(ringing->lists, ringing->count * sizeof *ringing->lists);
	*ringing = (struct ringing){ .count = 0 };
}

int
ringing_reserve(struct ringing *ringing, uint16_t group)
{
	struct ringing_list *lists;

	if (group <= ringing->count)
		return 0;
	lists = object_realloc(ringing->lists, group * sizeof *lists);
	if (lists == NULL)
		return -ENOMEM;
	for (; ringing->count < group; ringing->count++)
		lists[ringing->count] =
		    (struct ringing_list){ ATTEMPT_NONE, ATTEMPT_NONE };
	ringing->lists = lists;
	return 0;
}

static struct ringing_list *
list_of(const struct office *office, uint16_t group)
{
	return &office->ringing.lists[group - 1];
}

static uint16_t
group_of(const struct office *office, uint32_t line)
{
	return lines_at(office->lines, line)->is_grouped
	    ? services_at(office->services, line, SERVICE_group).group
	    : 0;
}

/* Which has room, if it stands in a list. */
static struct annex *
annex_of(const struct office *office, uint32_t place)
{
	return attempts_make_annex(office->attempts, place);
}

void
ringing_remove(struct office *office, uint32_t place)
{
	const struct annex *own = attempts_annex(office->attempts, place);
	struct ringing_list *list;

	if (own->group == 0)
		return;
	list = list_of(office, own->group);
	if (own->rings_before == ATTEMPT_NONE)
		list->first = own->rings_behind;
	else
		annex_of(office, own->rings_before)->rings_behind =
		    own->rings_behind;
	if (own->rings_behind == ATTEMPT_NONE)
		list->last = own->rings_before;
	else
		annex_of(office, own->rings_behind)->rings_before =
		    own->rings_before;
	annex_of(office, place)->group = 0;
}

void
ringing_add(struct office *office, uint32_t place, uint32_t line)
{
	const uint16_t group = group_of(office, line);
	struct ringing_list *list;
	struct annex *own;

	ringing_remove(office, place);
	own = group == 0 ? NULL : annex_of(office, place);
	if (own == NULL)
		return;
	list = list_of(office, group);
	own->group = group;
	own->rings_at = line;
	own->rings_before = list->last;
	own->rings_behind = ATTEMPT_NONE;
	if (list->last == ATTEMPT_NONE)
		list->first = place;
	else
		annex_of(office, list->last)->rings_behind = place;
	list->last = place;
}

uint32_t
ringing_first(const struct office *office, uint16_t group)
{
	return list_of(office, group)->first;
}

uint32_t
ringing_behind(const struct office *office, uint32_t place)
{
	return attempts_annex(office->attempts, place)->rings_behind;
}
