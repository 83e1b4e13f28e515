/*
 * account_row: the row of an account, as it is made.
 */
#ifndef CALLS_DATABASE_ACCOUNT_ROW_H
#define CALLS_DATABASE_ACCOUNT_ROW_H

#include "calls/database/row.h"

extern const struct row_type account_row;

#endif
