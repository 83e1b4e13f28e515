/*
 * account_row: see account_row.h for what it is.
 */
#include "calls/database/account_row.h"

#include "calls/exchange/office.h"

/* clang-format off */
#define ACCOUNT_COLUMNS(X) \
	X(name, ARRAY, account->name) \
	X(kind, WORD, account->is_prepaid ? "prepaid" : "billed") \
	X(deposit_micro, INTEGER, account->deposit_micro) \
	X(warn_micro, INTEGER, account->warn_micro)
/* clang-format on */

static void
fill(struct row *row, const void *record)
{
	const struct account_record *account = record;

	ACCOUNT_COLUMNS(ROW_FILL)
}

const struct row_type account_row = {
	.kind = RECORD_ACCOUNT,
	.size = sizeof(struct account_record),
	.table = "account",
	.columns = ACCOUNT_COLUMNS(ROW_NAME),
	.is_renewed = true,
	.fill = fill,
};
