/*
 * upgrade_row: the rows of the records that upgrade/ sends.
 *
 * They stand here since calls/ and upgrade/ do not know each other.
 */
#ifndef SIM_UPGRADE_ROW_H
#define SIM_UPGRADE_ROW_H

#include "calls/database/row.h"

extern const struct row_type upgrade_row, upgrade_failure_row,
    upgrade_shadow_row, release_row;

#endif
