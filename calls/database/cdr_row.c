/*
 * cdr_row: see cdr_row.h for what it is.
 *
 * A duration is 0 where its later moment is missing, and also where its
 * earlier one is (a line that answered without having rung).  Parts of a
 * millisecond are dropped, as charging does.
 */
#include "calls/database/cdr_row.h"

#include <inttypes.h>
#include <stdio.h>

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

/* As 3GPP TS 32.298 tells records apart, by where a call came from and went. */
static const char *
record_type_word(const struct cdr *cdr)
{
	const unsigned int joined =
	    1U << SERVED_transfer | 1U << SERVED_conference;

	if ((cdr->services & joined) != 0)
		return "xfer";
	if (cdr->redirect_count != 0)
		return "fwd";
	if (cdr->in_trunk[0] == '\0')
		return "orig";
	return cdr->out_trunk[0] == '\0' ? "term" : "transit";
}

enum { DECIMAL_SIZE = 24, SERVICES_SIZE = 64 };

static const char *
decimal(uint64_t number, char *text)
{
	snprintf(text, DECIMAL_SIZE, "%" PRIu64, number);
	return text;
}

/* "hold transfer" */
static const char *
service_words(uint16_t services, char *text)
{
#define CALL_SERVICE_WORD(symbol) #symbol,
	static const char *const words[] = { CALL_SERVICES(CALL_SERVICE_WORD) };
#undef CALL_SERVICE_WORD
	size_t length = 0;
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < SERVED_COUNT; i++)
		if ((services & 1U << i) != 0)
			length += (size_t)snprintf(text + length,
			    SERVICES_SIZE - length, "%s%s",
			    length == 0 ? "" : " ", words[i]);
	return text;
}

/* clang-format off */
#define CDR_COLUMNS(X) \
	X(call, INTEGER, call->call) \
	X(pid, PID, cdr->pid) \
	X(calling, ARRAY, cdr->calling) \
	X(called_dialled, ARRAY, call->dialled) \
	X(called_translated, ARRAY, cdr->translated) \
	X(connected, ARRAY, cdr->connected) \
	X(orig_called, ARRAY, cdr->orig_called) \
	X(redirecting, ARRAY, cdr->redirecting) \
	X(redirect_reason, WORD, redirect_reason_word(cdr->redirect_reason)) \
	X(redirect_count, INTEGER, cdr->redirect_count) \
	X(record_type, WORD, record_type_word(cdr)) \
	X(seq, INTEGER, row_number(row)) \
	X(linked_id, COPIED, decimal(cdr->linked, linked)) \
	X(in_trunk, ARRAY, cdr->in_trunk) \
	X(in_circuit, INTEGER, cdr->in_circuit) \
	X(out_trunk, ARRAY, cdr->out_trunk) \
	X(out_circuit, INTEGER, cdr->out_circuit) \
	X(class, WORD, line_class_word((enum line_class)cdr->class)) \
	X(cause, INTEGER, call->cause) \
	X(diagnostic, INTEGER, call->diagnostic) \
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
	X(service_flags, COPIED, service_words(cdr->services, services)) \
	X(account, ARRAY, cdr->account) \
	X(tariff, ARRAY, cdr->tariff) \
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
	char linked[DECIMAL_SIZE], services[SERVICES_SIZE];

	CDR_COLUMNS(ROW_FILL)
}

const struct row_type cdr_row = {
	.kind = RECORD_CDR,
	.size = sizeof(struct cdr),
	.table = "cdr",
	.columns = CDR_COLUMNS(ROW_NAME),
	.fill = fill,
};
