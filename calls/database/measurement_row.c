/*
 * measurement_row: see measurement_row.h for what it is.
 */
#include "calls/database/measurement_row.h"

#include "calls/exchange/measurement.h"

/* clang-format off */
#define MEASUREMENT_COLUMNS(X) \
	X(object, ARRAY, interval->object) \
	X(t_begin, INTEGER, interval->begin) \
	X(t_end, INTEGER, interval->end) \
	X(bids, INTEGER, interval->measured.bids) \
	X(first_bids, INTEGER, interval->measured.first_bids) \
	X(gapped, INTEGER, interval->measured.gapped) \
	X(gapped_rate, INTEGER, interval->measured.gapped_for[GATE_rate]) \
	X(gapped_live, INTEGER, interval->measured.gapped_for[GATE_live]) \
	X(gapped_delay, INTEGER, interval->measured.gapped_for[GATE_delay]) \
	X(gapped_records, INTEGER, \
	    interval->measured.gapped_for[GATE_records]) \
	X(gapped_alarm, INTEGER, interval->measured.gapped_for[GATE_alarm]) \
	X(overflow, INTEGER, interval->measured.overflow) \
	X(seizures, INTEGER, interval->measured.seizures) \
	X(answers, INTEGER, interval->measured.answers) \
	X(ended, INTEGER, interval->measured.ended) \
	X(live, INTEGER, interval->live) \
	X(busy_us, INTEGER, interval->measured.busy_us) \
	X(all_busy_us, INTEGER, interval->measured.all_busy_us) \
	X(unexpected, INTEGER, interval->measured.unexpected) \
	X(late, INTEGER, interval->measured.late) \
	X(glare, INTEGER, interval->measured.glare) \
	X(lost, INTEGER, interval->measured.lost) \
	X(is_suspect, INTEGER, interval->is_suspect)
/* clang-format on */

static void
fill(struct row *row, const void *record)
{
	const struct measurement_record *interval = record;

	MEASUREMENT_COLUMNS(ROW_FILL)
}

const struct row_type measurement_row = {
	.kind = RECORD_MEASUREMENT,
	.size = sizeof(struct measurement_record),
	.table = "measurement",
	.columns = MEASUREMENT_COLUMNS(ROW_NAME),
	.fill = fill,
};
