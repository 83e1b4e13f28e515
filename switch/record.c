/*
 * record: see record.h for what it is; here is how a fault becomes one.
 *
 * A fault is told in three places, each once: the counters, the event log, and
 * the row.  The log leaves out where in the module it happened, which a new
 * build would change.
 */
#include "switch/record.h"

#include <string.h>

#include "switch/log.h"
#include "switch/message.h"
#include "switch/record_queue.h"
#include "switch/scheduler_internal.h"

struct reason
record_reason(
    const struct behaviour *behaviour, const struct fault_caught *caught)
{
	struct reason reason = { .kind = REASON_FAULT,
		.number = (uint16_t)caught->signal };
	unsigned int i;

	for (i = 0; i < FAULT_PLACES && reason.offset == 0; i++)
		if (caught->at[i] - behaviour->image < behaviour->image_size)
			reason.offset =
			    (uint32_t)(caught->at[i] - behaviour->image);
	return reason;
}

void
record_send_fault(struct scheduler *scheduler,
    const struct behaviour *behaviour, struct fault_record *record)
{
	struct reason reason = record->reason;
	char text[64];

	scheduler->counts.faults++;
	tally_add(&scheduler->tallies[behaviour->id].faults, 1);
	record->at = scheduler->now;
	memcpy(record->module, behaviour->name, sizeof behaviour->name);
	memcpy(record->version, behaviour->version, sizeof behaviour->version);
	reason.offset = 0;
	if (log_wants(scheduler->log, LEVEL_error))
		log_line(scheduler->log,
		    process_entry(scheduler,
			record->retried || record->resumed ? LEVEL_warning
							   : LEVEL_error,
			behaviour, record->pid),
		    "fault %s in %s%s", reason_text(reason, text, sizeof text),
		    record->event_name,
		    record->retried	  ? ", retried"
			: record->resumed ? ", resumes"
					  : "");
	record_send(scheduler, RECORD_FAULT, record, sizeof *record);
}

void
record_event_fault(struct scheduler *scheduler, struct reason reason,
    bool resumes, bool is_retried)
{
	const struct running *running = &scheduler->running;
	const struct message *message = message_at(scheduler, running->message);
	struct fault_record record = { .pid = running->pid,
		.reason = reason,
		.event = message->kind,
		.callback = running->callback,
		.resumed = resumes,
		.retried = is_retried };

	(void)event_word(
	    scheduler, message, record.event_name, sizeof record.event_name);
	record_send_fault(scheduler, running->behaviour, &record);
}
