/*
 * line_table: the lines of the office, by their numbers and ids.
 *
 * They are added range by range and keep their ids; those that are withdrawn
 * keep their place as well.  How one changes stands in line.c.
 *
 * Invariants:
 *   1. there are as many lines as the numbering has numbers, by the same ids;
 *   2. adding lines may move them all: no pointer to one outlives that;
 *   3. a line is withdrawn if its number is.
 */
#include "calls/exchange/line.h"

#include <errno.h>

#include "switch/log.h"
#include "switch/object.h"
#include "switch/scheduler.h"

_Static_assert(sizeof(struct line) == 32, "a million lines are 32 MB");

int
lines_alloc(struct lines **ret_lines, struct scheduler *scheduler)
{
	struct lines *lines;

	if (ALLOC_OBJ(lines, LINES_MAGIC) == NULL)
		return -ENOMEM;
	if (numbering_alloc(&lines->numbering) != 0 ||
	    (scheduler_count(scheduler) > 1 &&
		notices_alloc(&lines->notices) != 0)) {
		lines_free(&lines);
		return -ENOMEM;
	}
	lines->at = scheduler;
	lines->others_free = LINE_NONE;
	*ret_lines = lines;
	return 0;
}

void
lines_free(struct lines **linesp)
{
	struct lines *lines = *linesp;

	if (lines != NULL) {
		numbering_free(&lines->numbering);
		notices_free(&lines->notices);
		object_free(
		    lines->others, lines->others_room * sizeof *lines->others);
		object_free(lines->lines, lines->room * sizeof *lines->lines);
	}
	FREE_OBJ(linesp, LINES_MAGIC);
}

/* Room for so many, and where they come singly for those that follow. */
static int
make_room(struct lines *lines, uint32_t count)
{
	const uint64_t more = (uint64_t)lines->room + lines->room / 8;
	const uint64_t room = more > count && more < LINE_NONE ? more : count;
	struct line *array;

	if (count <= lines->room)
		return 0;
	array = object_realloc(lines->lines, room * sizeof *array);
	if (array == NULL)
		return -ENOMEM;
	lines->lines = array;
	lines->room = (uint32_t)room;
	return 0;
}

int
lines_add(struct lines *lines, const char *first, const char *last,
    enum line_kind kind)
{
	uint32_t count;
	int status;

	CHECK_OBJ(lines, LINES_MAGIC);
	status = numbering_add(lines->numbering, first, last);
	if (status != 0)
		return status;
	count = numbering_count(lines->numbering);
	if (make_room(lines, count) != 0) {
		numbering_drop_last(lines->numbering);
		return -ENOMEM;
	}
	for (; lines->count < count; lines->count++)
		lines->lines[lines->count] = (struct line){
			.attempt = ATTEMPT_NONE,
			.peer = LINE_NONE,
			.other = LINE_NONE,
			.kind = (uint8_t)kind,
			.tariff = TARIFF_NONE,
			.account = ACCOUNT_NONE,
		};
	return 0;
}

void
lines_drop_last(struct lines *lines)
{
	CHECK_OBJ(lines, LINES_MAGIC);
	numbering_drop_last(lines->numbering);
	lines->count = numbering_count(lines->numbering);
}

static void
mark(void *arg, uint32_t first, uint32_t count, bool is_withdrawn)
{
	struct lines *lines = arg;
	uint32_t id;

	for (id = first; id < first + count; id++)
		lines->lines[id].is_withdrawn = is_withdrawn;
}

int
lines_set_withdrawn(
    struct lines *lines, const char *first, const char *last, bool is_withdrawn)
{
	struct log *log = scheduler_log(lines->at);
	int status;

	CHECK_OBJ(lines, LINES_MAGIC);
	status = numbering_set_withdrawn(
	    lines->numbering, first, last, is_withdrawn, mark, lines);
	if (status == 0)
		log_line(log, scheduler_entry(lines->at, LEVEL_info),
		    "lines %s to %s %s", first, last,
		    is_withdrawn ? "withdrawn" : "restored");
	return status;
}

bool
lines_set_kind(struct lines *lines, uint32_t id, enum line_kind kind)
{
	struct line *line = &lines->lines[id];

	CHECK_OBJ(lines, LINES_MAGIC);
	line->changes_kind =
	    line->kind != (uint8_t)kind && line->state != LINE_STATE_idle;
	if (!line->changes_kind)
		line->kind = (uint8_t)kind;
	return !line->changes_kind;
}

struct line *
lines_at(const struct lines *lines, uint32_t id)
{
	CHECK_OBJ(lines, LINES_MAGIC);
	return id < lines->count ? &lines->lines[id] : NULL;
}
