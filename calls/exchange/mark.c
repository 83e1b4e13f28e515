/*
 * mark: see mark.h for what it is.
 *
 * Invariant: of each mark attempts = gapped + live + ended, as of all (A1).
 */
#include "calls/exchange/mark.h"

#include <errno.h>

#include "calls/exchange/office_internal.h"
#include "switch/object.h"
#include "switch/scheduler.h"

struct mark {
	struct mark_counts counts; /* but for its histogram */
	struct measured_sum tally;
	uint64_t counted_at; /* µs: up to there is busy_us counted */
};

struct marks {
	unsigned int magic;
#define MARKS_MAGIC 0x60d7a1c9
	unsigned int count;
	struct mark *marks[MARKS_MAX];
};

int
marks_alloc(struct marks **ret_marks)
{
	struct marks *marks;

	if (ALLOC_OBJ(marks, MARKS_MAGIC) == NULL)
		return -ENOMEM;
	*ret_marks = marks;
	return 0;
}

void
marks_free(struct marks **marksp)
{
	struct marks *marks = *marksp;
	unsigned int i;

	for (i = 0; marks != NULL && i < marks->count; i++) {
		measured_sum_clear(&marks->marks[i]->tally);
		object_free(marks->marks[i], sizeof *marks->marks[i]);
	}
	FREE_OBJ(marksp, MARKS_MAGIC);
}

/* NULL: nobody's. */
static struct mark *
at(const struct marks *marks, uint8_t mark)
{
	assert(mark <= marks->count);
	return mark == MARK_NONE ? NULL : marks->marks[mark - 1];
}

static void
count_time(struct mark *mark, uint64_t now)
{
	if (now <= mark->counted_at)
		return; /* another scheduler's clock was ahead */
	mark->counts.busy_us += mark->counts.live * (now - mark->counted_at);
	mark->counted_at = now;
}

void
marks_begin(struct marks *marks, uint8_t mark, uint64_t now)
{
	struct mark *found = at(marks, mark);

	if (found == NULL)
		return;
	count_time(found, now);
	found->counts.attempts++;
	found->counts.live++;
}

void
marks_undo(struct marks *marks, uint8_t mark, uint64_t now)
{
	struct mark *found = at(marks, mark);

	if (found == NULL)
		return;
	count_time(found, now);
	found->counts.attempts--;
	found->counts.live--;
}

void
marks_answered(struct marks *marks, uint8_t mark)
{
	if (mark != MARK_NONE)
		at(marks, mark)->counts.answers++;
}

void
marks_gapped(struct marks *marks, uint8_t mark, uint64_t now)
{
	struct mark *found = at(marks, mark);

	if (found == NULL)
		return;
	count_time(found, now);
	found->counts.gapped++;
	found->counts.live--;
}

void
marks_ended(struct marks *marks, uint8_t mark, uint64_t now)
{
	struct mark *found = at(marks, mark);

	if (found == NULL)
		return;
	count_time(found, now);
	found->counts.ended++;
	found->counts.live--;
}

void
marks_recorded(
    struct marks *marks, uint8_t mark, const struct measured_call *measured)
{
	struct mark *found = at(marks, mark);

	if (found == NULL)
		return;
	found->counts.records++;
	found->counts.lost += measured->is_lost;
	found->counts.blocked += measured->cause == CAUSE_NO_CIRCUIT;
	measured_sum_add(&found->tally, measured);
}

/*--------------------------------------------------------------------
 * For who marks them
 */

uint8_t
office_new_mark(struct office *office)
{
	struct marks *marks = office->marks;
	struct mark *mark;
	uint8_t number = MARK_NONE;

	office_enter(office->scheduler);
	if (marks->count < MARKS_MAX) {
		mark = object_alloc(sizeof *mark);
		if (mark != NULL) {
			mark->counted_at = scheduler_now(office->scheduler);
			marks->marks[marks->count++] = mark;
			number = (uint8_t)marks->count;
		}
	}
	office_leave(office);
	return number;
}

void
office_mark(struct office *office, uint64_t call, uint8_t mark)
{
	uint32_t place;

	office_enter(office->scheduler);
	place = attempts_find(office->attempts, call);
	if (place != ATTEMPT_NONE) {
		attempts_at(office->attempts, place)->mark = mark;
		marks_begin(
		    office->marks, mark, scheduler_now(office->scheduler));
	}
	office_leave(office);
}

void
office_mark_gapped(struct office *office, uint8_t mark)
{
	const uint64_t now = scheduler_now(office->scheduler);

	office_enter(office->scheduler);
	marks_begin(office->marks, mark, now);
	marks_gapped(office->marks, mark, now);
	office_leave(office);
}

void
office_look_at_mark(
    struct office *office, uint8_t mark, struct mark_counts *ret_counts)
{
	struct mark *found;

	office_enter(office->scheduler);
	found = at(office->marks, mark);
	assert(found != NULL);
	count_time(found, scheduler_now(office->scheduler));
	*ret_counts = found->counts;
	ret_counts->measure = measured_sum_look(&found->tally);
	office_leave(office);
}
