/*
 * mailbox: see mailbox.h for what it is.
 *
 * The scheduler counts the mailboxes that are full, so that as long as none is
 * a sender need not look at its receiver.
 */
#include "switch/mailbox.h"

#include "switch/message.h"
#include "switch/record_queue.h"

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

void
mailbox_insert(struct scheduler *scheduler, struct process *process,
    uint32_t before, uint32_t message)
{
	if (before == 0) {
		mailbox_prepend(scheduler, process, message);
		return;
	}
	message_at(scheduler, message)->next =
	    message_at(scheduler, before)->next;
	message_at(scheduler, before)->next = message;
	if (process->mailbox_last == before)
		process->mailbox_last = message;
	count(scheduler, process, 1);
}

/* A list that grows at its end. */
struct chain {
	uint32_t first, last;
};

static void
chain_append(
    const struct scheduler *scheduler, struct chain *chain, uint32_t message)
{
	if (chain->last != 0)
		message_at(scheduler, chain->last)->next = message;
	else
		chain->first = message;
	chain->last = message;
}

uint32_t
mailbox_advance(const struct scheduler *scheduler, struct process *process,
    mailbox_wanted_f *wanted)
{
	struct chain ahead = { 0 }, behind = { 0 };
	uint32_t ref = process->mailbox_first, next, found = 0;

	for (; ref != 0; ref = next) {
		next = message_at(scheduler, ref)->next;
		message_at(scheduler, ref)->next = 0;
		if (wanted(process, message_at(scheduler, ref))) {
			found++;
			chain_append(scheduler, &ahead, ref);
		} else {
			chain_append(scheduler, &behind, ref);
		}
	}
	process->mailbox_first = ahead.first != 0 ? ahead.first : behind.first;
	process->mailbox_last = behind.last != 0 ? behind.last : ahead.last;
	if (ahead.last != 0)
		message_at(scheduler, ahead.last)->next = behind.first;
	return found;
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
mailbox_lose(struct scheduler *scheduler, uint32_t message)
{
	scheduler->counts.undelivered++;
	record_keep(scheduler, message_at(scheduler, message));
}

void
mailbox_clear(struct scheduler *scheduler, struct process *process)
{
	uint32_t ref, next;

	for (ref = process->mailbox_first; ref != 0; ref = next) {
		next = message_at(scheduler, ref)->next;
		mailbox_lose(scheduler, ref);
		message_free(scheduler, ref);
	}
	process->mailbox_first = process->mailbox_last = 0;
	count(scheduler, process, -process->mailbox_length);
}
