/*
 * stray_row: see stray_row.h for what it is.
 */
#include "calls/database/stray_row.h"

#include "calls/exchange/office.h"
#include "calls/exchange/stray.h"

static const char *
word_of(uint16_t kind)
{
	const char *word = signal_word(kind);

	return word == NULL ? "event" : word;
}

/* clang-format off */
#define STRAY_COLUMNS(X) \
	X(number, INTEGER, row_number(row)) \
	X(t_signal, INTEGER, stray->at) \
	X(pid, PID, stray->pid) \
	X(version, ARRAY, stray->version) \
	X(state, ARRAY, stray->state) \
	X(signal, WORD, word_of(stray->kind)) \
	X(from_number, ARRAY, stray->number)
/* clang-format on */

static void
fill(struct row *row, const void *record)
{
	const struct stray_record *stray = record;

	STRAY_COLUMNS(ROW_FILL)
}

const struct row_type stray_row = {
	.kind = RECORD_STRAY,
	.size = sizeof(struct stray_record),
	.table = "unexpected",
	.columns = STRAY_COLUMNS(ROW_NAME),
	.fill = fill,
};
