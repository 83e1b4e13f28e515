/*
 * measurement_row: the row of an interval in table `measurement`.
 */
#ifndef CALLS_DATABASE_MEASUREMENT_ROW_H
#define CALLS_DATABASE_MEASUREMENT_ROW_H

#include "calls/database/row.h"

extern const struct row_type measurement_row;

#endif
