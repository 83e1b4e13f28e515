/*
 * call_event_row: see call_event_row.h for what it is.
 */
#include "calls/database/call_event_row.h"

#include "calls/exchange/call_event.h"

static const char *
way_word(uint8_t way)
{
#define WORD(symbol) #symbol,
	static const char *const words[] = { CALL_EVENT_WAYS(WORD) };
#undef WORD

	return way < CALL_EVENT_END ? words[way] : "";
}

/* clang-format off */
#define CALL_EVENT_COLUMNS(X) \
	X(call, INTEGER, event->call) \
	X(number, INTEGER, row_number(row)) \
	X(t_event, INTEGER, event->at) \
	X(way, WORD, way_word(event->way)) \
	X(party, ARRAY, event->port) \
	X(event, ARRAY, event->event) \
	X(text, ARRAY, event->text) \
	X(cause, INTEGER, event->cause) \
	X(state, ARRAY, event->state) \
	X(version, ARRAY, event->version)
/* clang-format on */

static void
fill(struct row *row, const void *record)
{
	const struct call_event *event = record;

	CALL_EVENT_COLUMNS(ROW_FILL)
}

const struct row_type call_event_row = {
	.kind = RECORD_CALL_EVENT,
	.size = sizeof(struct call_event),
	.table = "call_event",
	.columns = CALL_EVENT_COLUMNS(ROW_NAME),
	.fill = fill,
};
