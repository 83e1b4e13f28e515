/*
 * cdr_row: the row of a struct cdr, with what is worked out from it.
 */
#ifndef CALLS_DATABASE_CDR_ROW_H
#define CALLS_DATABASE_CDR_ROW_H

#include "calls/database/row.h"

extern const struct row_type cdr_row;

#endif
