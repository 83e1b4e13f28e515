/*
 * leg_row: see leg_row.h for what it is.
 *
 * Billed is what was talked in the call in which the leg ends; of one that has
 * moved to another call it stands there.
 */
#include "calls/database/leg_row.h"

#include "calls/exchange/leg.h"

static uint64_t
bill_ms(const struct leg_record *leg)
{
	if (leg->t_answer == 0 || leg->kind == LEG_moved)
		return 0;
	return (leg->t_end - leg->t_answer) / 1000;
}

static uint8_t
diagnostic_of(struct leg_timer timer)
{
	return timer.number == 0 ? CAUSE_NONE : CAUSE_TIMER_RECOVERY;
}

/* clang-format off */
#define LEG_COLUMNS(X) \
	X(call, INTEGER, leg->call) \
	X(leg, INTEGER, leg->number) \
	X(kind, WORD, leg_kind_word(leg->kind)) \
	X(number, ARRAY, leg->called) \
	X(payer, ARRAY, leg->payer) \
	X(account, ARRAY, leg->account) \
	X(tariff, ARRAY, leg->tariff) \
	X(out_trunk, ARRAY, leg->out_trunk) \
	X(reason, WORD, redirect_reason_word(leg->reason)) \
	X(cause, INTEGER, leg->cause) \
	X(diagnostic, INTEGER, diagnostic_of(leg->timer)) \
	X(timer, WORD, leg_timer_word(leg->timer)) \
	X(t_begin, INTEGER, leg->t_begin) \
	X(t_answer, INTEGER, leg->t_answer) \
	X(t_end, INTEGER, leg->t_end) \
	X(bill_ms, INTEGER, bill_ms(leg)) \
	X(pulses, INTEGER, leg->pulses) \
	X(charge_micro, INTEGER, leg->charge_micro)
/* clang-format on */

static void
fill(struct row *row, const void *record)
{
	const struct leg_record *leg = record;

	LEG_COLUMNS(ROW_FILL)
}

const struct row_type leg_row = {
	.kind = RECORD_LEG,
	.size = sizeof(struct leg_record),
	.table = "leg",
	.columns = LEG_COLUMNS(ROW_NAME),
	.fill = fill,
};

/* clang-format off */
#define AMENDMENT_COLUMNS(X) \
	X(call, INTEGER, amendment->call) \
	X(leg, INTEGER, amendment->number) \
	X(diagnostic, INTEGER, diagnostic_of(amendment->timer)) \
	X(timer, WORD, leg_timer_word(amendment->timer))
/* clang-format on */

static void
fill_amendment(struct row *row, const void *record)
{
	const struct leg_amendment *amendment = record;

	AMENDMENT_COLUMNS(ROW_FILL)
}

const struct row_type leg_amendment_row = {
	.kind = RECORD_LEG_AMENDMENT,
	.size = sizeof(struct leg_amendment),
	.table = "leg",
	.columns = AMENDMENT_COLUMNS(ROW_NAME),
	.amends = "(run, call, leg) = (?1, ?2, ?3)",
	.fill = fill_amendment,
};
