/*
 * cdr_row: see cdr_row.h for what it is.
 *
 * A duration is 0 where its later moment is missing, and also where its
 * earlier one is (a line that answered without having rung).  Parts of a
 * millisecond are dropped, as charging does.
 */
#include "calls/database/cdr_row.h"

#include "calls/exchange/cdr.h"

static uint64_t
span_ms(uint64_t from, uint64_t to)
{
	if (from == 0 || to < from)
		return 0;
	return (to - from) / 1000;
}

static const char *
local_reason_word(uint8_t reason)
{
#define LOCAL_REASON_WORD(symbol) #symbol,
	static const char *const words[] = { LOCAL_REASONS(LOCAL_REASON_WORD) };
#undef LOCAL_REASON_WORD

	return reason < LOCAL_REASONS_COUNT ? words[reason] : "unknown";
}

static const char *
release_side_word(uint8_t side)
{
	switch ((enum side)side) {
	case SIDE_A:
		return "A";
	case SIDE_B:
	case SIDE_C: /* likewise not the one who called */
		return "B";
	case SIDE_NET:
		return "net";
	case SIDE_NONE:
		break;
	}
	return "";
}

/* What came of the call, in the words of Asterisk's disposition. */
static const char *
disposition_of(const struct call_record *call)
{
	if (call->t_answer != 0)
		return "answered";
	if (call->local_reason == LOCAL_CANCEL ||
	    call->local_reason == LOCAL_ABANDON)
		return "cancelled";
	switch (call->cause) {
	case CAUSE_BUSY:
		return "busy";
	case CAUSE_NO_RESPONSE:
	case CAUSE_NO_ANSWER:
		return "no-answer";
	case CAUSE_REJECTED:
		return "refused";
	case CAUSE_NORMAL: /* the caller gave up */
		return "cancelled";
	default:
		return "failed";
	}
}

/* clang-format off */
#define CDR_COLUMNS(X) \
	X(call, INTEGER, call->call) \
	X(pid, PID, cdr->pid) \
	X(calling, ARRAY, cdr->calling) \
	X(called_dialled, ARRAY, call->dialled) \
	X(called_translated, ARRAY, cdr->translated) \
	X(connected, ARRAY, cdr->connected) \
	X(cause, INTEGER, call->cause) \
	X(local_reason, WORD, local_reason_word(call->local_reason)) \
	X(release_side, WORD, release_side_word(call->release_side)) \
	X(disposition, WORD, disposition_of(call)) \
	X(t_seize, INTEGER, call->t_seize) \
	X(t_dialled, INTEGER, call->t_dialled) \
	X(t_alert, INTEGER, call->t_alert) \
	X(t_answer, INTEGER, call->t_answer) \
	X(t_release, INTEGER, call->t_release) \
	X(setup_ms, INTEGER, span_ms(call->t_dialled, call->t_alert)) \
	X(ring_ms, INTEGER, span_ms(call->t_alert, call->t_answer)) \
	X(bill_ms, INTEGER, span_ms(call->t_answer, call->t_release)) \
	X(hold_ms, INTEGER, call->hold_us / 1000) \
	X(legs, INTEGER, cdr->legs) \
	X(pulses, INTEGER, cdr->pulses) \
	X(charge_micro, INTEGER, cdr->charge_micro) \
	X(overdial, INTEGER, call->overdial) \
	X(route_attempts, INTEGER, call->attempts) \
	X(version_start, ARRAY, cdr->version_start) \
	X(version_end, ARRAY, cdr->version_end) \
	X(upgrades, INTEGER, cdr->upgrades) \
	X(crashes, INTEGER, cdr->crashes) \
	X(pause_us, INTEGER, cdr->pause_us)
/* clang-format on */

static void
fill(struct row *row, const void *record)
{
	const struct cdr *cdr = record;
	const struct call_record *call = &cdr->call;

	CDR_COLUMNS(ROW_FILL)
}

const struct row_type cdr_row = {
	.kind = RECORD_CDR,
	.size = sizeof(struct cdr),
	.table = "cdr",
	.columns = CDR_COLUMNS(ROW_NAME),
	.fill = fill,
};
