/*
 * leg_row: the row of a leg that has ended, and what is said of it later.
 */
#ifndef CALLS_DATABASE_LEG_ROW_H
#define CALLS_DATABASE_LEG_ROW_H

#include "calls/database/row.h"

extern const struct row_type leg_row, leg_amendment_row;

#endif
