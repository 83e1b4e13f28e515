/*
 * mailbox: see mailbox.h for what it is.
 *
 * The scheduler counts the mailboxes that are full, so that as long as none is
 * a sender need not look at its receiver.
 */
#include "switch/mailbox.h"

#include "switch/message.h"

/* `more` messages, or (two's complement) fewer. */
static void
count(struct scheduler *scheduler, struct process *process, uint32_t more)
{
	scheduler->full_mailboxes -= process->mailbox_length >= MAILBOX_MAX;
	process->mailbox_length += more;
	scheduler->full_mailboxes += process->mailbox_length >= MAILBOX_MAX;
}

void
mailbox_append(
    struct scheduler *scheduler, struct process *process, uint32_t message)
{
	message_at(scheduler, message)->next = 0;
	if (process->mailbox_last != 0)
		message_at(scheduler, process->mailbox_last)->next = message;
	else
		process->mailbox_first = message;
	process->mailbox_last = message;
	count(scheduler, process, 1);
}

void
mailbox_prepend(
    struct scheduler *scheduler, struct process *process, uint32_t message)
{
	message_at(scheduler, message)->next = process->mailbox_first;
	process->mailbox_first = message;
	if (process->mailbox_last == 0)
		process->mailbox_last = message;
	count(scheduler, process, 1);
}

uint32_t
mailbox_take(struct scheduler *scheduler, struct process *process)
{
	uint32_t ref = process->mailbox_first;

	process->mailbox_first = message_at(scheduler, ref)->next;
	if (process->mailbox_first == 0)
		process->mailbox_last = 0;
	count(scheduler, process, -UINT32_C(1));
	return ref;
}

void
mailbox_clear(struct scheduler *scheduler, struct process *process)
{
	uint32_t ref, next;

	for (ref = process->mailbox_first; ref != 0; ref = next) {
		next = message_at(scheduler, ref)->next;
		message_free(scheduler, ref);
		scheduler->counts.undelivered++;
	}
	process->mailbox_first = process->mailbox_last = 0;
	count(scheduler, process, -process->mailbox_length);
}
