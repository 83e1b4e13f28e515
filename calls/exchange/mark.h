/*
 * mark: what the exchange counts of the calls that somebody has marked.
 *
 * Who begins calls from outside (generated traffic) may mark them as his; what
 * comes of these, and of the consultations that they begin, is counted apart,
 * by the exchange itself and as it counts all calls.
 *
 * For whoever has the office's lock; office_*() for home.
 */
#ifndef CALLS_EXCHANGE_MARK_H
#define CALLS_EXCHANGE_MARK_H

#include "calls/exchange/measure.h"

enum { MARK_NONE = 0, MARKS_MAX = 255 };

struct mark_counts {
	uint64_t attempts, gapped, answers, ended, live;
	uint64_t records, lost;
	uint64_t blocked;	/* ended without a circuit (34) */
	uint64_t busy_us;	/* live calls times time */
	struct measure measure; /* of those that have ended */
};

struct marks;

/* -ENOMEM. */
int marks_alloc(struct marks **ret_marks);
void marks_free(struct marks **marksp);

/* All of these: nothing, of MARK_NONE.  `now`: µs of the run. */
void marks_begin(struct marks *marks, uint8_t mark, uint64_t now);
void marks_undo(struct marks *marks, uint8_t mark, uint64_t now);
void marks_answered(struct marks *marks, uint8_t mark);
void marks_gapped(struct marks *marks, uint8_t mark, uint64_t now);
void marks_ended(struct marks *marks, uint8_t mark, uint64_t now);
void marks_recorded(
    struct marks *marks, uint8_t mark, const struct measured_call *measured);

/* A mark that nobody has; MARK_NONE: there are MARKS_MAX, or no memory. */
uint8_t office_new_mark(struct office *office);
/* A call that has begun just now is of that mark; or was, and is gapped (T2).
 */
void office_mark(struct office *office, uint64_t call, uint8_t mark);
void office_mark_gapped(struct office *office, uint8_t mark);
/* Its histogram is good until time goes on. */
void office_look_at_mark(
    struct office *office, uint8_t mark, struct mark_counts *ret_counts);

#endif
