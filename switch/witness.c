/*
 * witness: see witness.h for what it is.
 */
#include "switch/witness.h"

#include "switch/record.h"
#include "switch/scheduler_internal.h"

void
witness_set(struct scheduler *home, witness_f *witness, void *arg)
{
	struct scheduler *scheduler;
	unsigned int i;

	for (i = 0; i < scheduler_count(home); i++) {
		scheduler = scheduler_peer(home, i);
		scheduler->witness = witness;
		scheduler->witness_arg = arg;
		scheduler_note_watchers(scheduler);
	}
}

/* Of the event in hand. */
void
witness_tell(struct scheduler *scheduler, enum witness_moment moment,
    struct reason reason)
{
	const struct running *running = &scheduler->running;
	const struct message *message = message_at(scheduler, running->message);
	char word[32];
	const struct witnessed seen = { .moment = moment,
		.pid = running->pid,
		.behaviour = running->behaviour,
		.state = store_at(scheduler->store, running->process->state),
		.message = message,
		.is_start = message->kind == EVENT_START,
		.is_end = message->kind == EVENT_TERMINATE,
		.word = event_word(scheduler, message, word, sizeof word),
		.reason = reason };

	if (!running->behaviour->native)
		scheduler->witness(scheduler->witness_arg, scheduler, &seen);
}

void
witness_tell_conversion(
    struct scheduler *scheduler, const struct process *process)
{
	const struct witnessed seen = { .moment = WITNESS_CONVERTED,
		.pid = process_pid(scheduler, process),
		.behaviour =
		    behaviour_at(scheduler->behaviours, process->behaviour),
		.state = store_at(scheduler->store, process->state),
		.word = "" };

	scheduler->witness(scheduler->witness_arg, scheduler, &seen);
}
