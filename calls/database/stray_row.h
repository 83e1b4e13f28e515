/*
 * stray_row: the row of a signal that a call had no row for.
 */
#ifndef CALLS_DATABASE_STRAY_ROW_H
#define CALLS_DATABASE_STRAY_ROW_H

#include "calls/database/row.h"

extern const struct row_type stray_row;

#endif
