/*
 * call_event_row: the row of a call's event in table `call_event`.
 */
#ifndef CALLS_DATABASE_CALL_EVENT_ROW_H
#define CALLS_DATABASE_CALL_EVENT_ROW_H

#include "calls/database/row.h"

extern const struct row_type call_event_row;

#endif
