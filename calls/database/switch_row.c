/*
 * switch_row: see switch_row.h for what it is.
 *
 * Faults, restarts and alarms have no number of their own; the place of the
 * record among all of the run serves as one.
 */
#include "calls/database/switch_row.h"

#include "switch/process.h"
#include "switch/record.h"

enum { REASON_TEXT = 64 };

static const char *
callback_word(uint8_t callback)
{
	switch ((enum fault_callback)callback) {
	case CALLBACK_INIT:
		return "init";
	case CALLBACK_HANDLE:
		return "handle";
	case CALLBACK_TERMINATE:
		return "terminate";
	case CALLBACK_CODE_CHANGE:
		return "code_change";
	}
	return "unknown";
}

/* clang-format off */
#define FAULT_COLUMNS(X) \
	X(number, INTEGER, row_number(row)) \
	X(t_fault, INTEGER, fault->at) \
	X(pid, PID, fault->pid) \
	X(module, ARRAY, fault->module) \
	X(version, ARRAY, fault->version) \
	X(event, ARRAY, fault->event_name) \
	X(callback, WORD, callback_word(fault->callback)) \
	X(kind, COPIED, reason_text(what, text, sizeof text)) \
	X(place, INTEGER, fault->reason.offset) \
	X(resumed, INTEGER, fault->resumed)

#define RESTART_COLUMNS(X) \
	X(number, INTEGER, row_number(row)) \
	X(t_restart, INTEGER, restart->at) \
	X(supervisor, ARRAY, restart->supervisor) \
	X(child, ARRAY, restart->child) \
	X(old_pid, PID, restart->old_pid) \
	X(new_pid, PID, restart->new_pid) \
	X(reason, COPIED, reason_text(restart->reason, text, sizeof text))

#define ALARM_COLUMNS(X) \
	X(number, INTEGER, row_number(row)) \
	X(t_alarm, INTEGER, alarm->at) \
	X(name, ARRAY, alarm->name) \
	X(object, ARRAY, alarm->object) \
	X(severity, WORD, alarm_severity_word(alarm->severity)) \
	X(state, WORD, alarm->is_raised ? "raised" : "cleared") \
	X(text, ARRAY, alarm->text)
/* clang-format on */

static void
fill_fault(struct row *row, const void *record)
{
	const struct fault_record *fault = record;
	struct reason what = fault->reason;
	char text[REASON_TEXT];

	what.offset = 0; /* which has a column of its own */
	FAULT_COLUMNS(ROW_FILL)
}

static void
fill_restart(struct row *row, const void *record)
{
	const struct restart_record *restart = record;
	char text[REASON_TEXT];

	RESTART_COLUMNS(ROW_FILL)
}

static void
fill_alarm(struct row *row, const void *record)
{
	const struct alarm_record *alarm = record;

	ALARM_COLUMNS(ROW_FILL)
}

const struct row_type fault_row = {
	.kind = RECORD_FAULT,
	.size = sizeof(struct fault_record),
	.table = "fault",
	.columns = FAULT_COLUMNS(ROW_NAME),
	.fill = fill_fault,
};

const struct row_type restart_row = {
	.kind = RECORD_RESTART,
	.size = sizeof(struct restart_record),
	.table = "restart",
	.columns = RESTART_COLUMNS(ROW_NAME),
	.fill = fill_restart,
};

const struct row_type alarm_row = {
	.kind = RECORD_ALARM,
	.size = sizeof(struct alarm_record),
	.table = "alarm",
	.columns = ALARM_COLUMNS(ROW_NAME),
	.fill = fill_alarm,
};
