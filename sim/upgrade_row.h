/*
 * upgrade_row: the row of an upgrade's report in the call database.
 *
 * It stands here since calls/ and upgrade/ do not know each other.
 */
#ifndef SIM_UPGRADE_ROW_H
#define SIM_UPGRADE_ROW_H

#include "calls/database/row.h"

extern const struct row_type upgrade_row;

#endif
