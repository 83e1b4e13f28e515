/*
 * switch_row: the rows of the records that the switch itself sends.
 */
#ifndef CALLS_DATABASE_SWITCH_ROW_H
#define CALLS_DATABASE_SWITCH_ROW_H

#include "calls/database/row.h"

extern const struct row_type fault_row, restart_row, alarm_row;

#endif
