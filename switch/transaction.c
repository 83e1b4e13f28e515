/*
 * transaction: one event, from the mailbox to its commit or to nothing.
 *
 *   take the message, convert the process if a release is on its way
 *   copy the state to the scratch, mark MODULE, call the handler, mark HOST
 *   |       (while there is a shadow run its copy is handled here, shadow.h)
 *   |-- it returned:  canary whole? copy back, outbox in order, message freed
 *   '-- it faulted:   outbox undone in reverse, state as before, then
 *         of a release on trial, in init or handle: the version before is
 *                       given the event (retry.c); else, or if that faults too
 *         in init       the start has failed: the process ends
 *         in handle     on_fault exit: it ends with the reason
 *                       on_fault resume: the message becomes EVENT_FAULTED,
 *                       ahead of its mailbox, unless that is what faulted or
 *                       its limit is passed; then it ends
 *         in terminate  it ends with the reason that it had
 *         in code_change  state and version stay
 *
 * A native is trusted: it works on its state in place and under HOST.
 */
#include <signal.h>
#ifdef HOTSWITCH_HARD
#include <stdio.h>
#endif
#include <stdlib.h>
#include <string.h>

#include "switch/event_code.h"
#include "switch/holding.h"
#include "switch/log.h"
#include "switch/mailbox.h"
#include "switch/message.h"
#include "switch/outbox.h"
#include "switch/record.h"
#include "switch/scheduler_internal.h"

/* What the handler works on: of a module a copy, of a native the thing. */
static void
lay_out_state(struct scheduler *scheduler)
{
	struct running *running = &scheduler->running;
	const struct behaviour *behaviour = running->behaviour;
	void *state = store_at(scheduler->store, running->process->state);

	fault_begin(scheduler->fault, behaviour->name, behaviour->image,
	    behaviour->image_size);
	if (behaviour->native) {
		running->state = state;
		return;
	}
	running->state =
	    fault_scratch(scheduler->fault, event_state_size(behaviour));
	event_copy_state(behaviour, running->state, state);
}

/*
 * The machine's own fault, in the middle of an event: for scenarios.  Two
 * schedulers that write to nowhere are no race, and to tell of one there would
 * fault with the teller's locks held.
 */
__attribute__((noinline, no_sanitize("undefined", "thread"))) static void
break_down(struct scheduler *scheduler, enum fault_way way)
{
	volatile uint8_t *state = scheduler->running.state;
	volatile int zero = 0;

	switch (way) {
	case FAULT_CRASH:
		/* NOLINTNEXTLINE: what is analysed away here is the point */
		*(volatile int *)(uintptr_t)zero = 1;
		break;
	case FAULT_ABORT:
		abort();
	case FAULT_DIVIDE:
		(void)raise(SIGFPE); /* not every machine traps 1 / 0 */
		break;
	case FAULT_LOOP:
		while (zero == 0)
			continue;
		break;
	case FAULT_OVERRUN:
		state[scheduler->running.behaviour->state_size] = 1;
		break;
	}
}

/* Whether this event is to break, as one order of the process says. */
static bool
take_order(struct scheduler *scheduler, uint16_t kind, enum fault_way *ret_way)
{
	struct process *process = scheduler->running.process;
	struct holding *order;
	uint32_t ref;

	for (ref = process->holdings; ref != 0; ref = order->next) {
		order = holding_at(scheduler, ref);
		if (order->kind == HOLDING_BREAK &&
		    (order->number == 0 || order->number == kind))
			break;
	}
	if (ref == 0)
		return false;
	*ret_way = order->type;
	if (--order->count == 0)
		holding_drop(scheduler, process, ref);
	return true;
}

/* After the handler: so what it did is seen to be undone. */
static void
break_if_ordered(struct scheduler *scheduler, uint16_t kind)
{
	const struct behaviour *behaviour = scheduler->running.behaviour;
	enum fault_way way;

	if (!take_order(scheduler, kind, &way) &&
	    (scheduler->breaker == NULL || behaviour->native ||
		!scheduler->breaker(
		    scheduler->breaker_arg, scheduler, behaviour, kind, &way)))
		return;
	(void)fault_set_mark(MARK_MODULE);
	break_down(scheduler, way);
	(void)fault_set_mark(MARK_HOST);
}

static int
call_back(struct scheduler *scheduler, const struct message *message)
{
	struct running *running = &scheduler->running;
	const struct behaviour *behaviour = running->behaviour;
	struct reason reason;
	int error = 0;

	if (!behaviour->native)
		(void)fault_set_mark(MARK_MODULE);
	switch ((enum fault_callback)running->callback) {
	case CALLBACK_INIT:
		error = behaviour->module->init(
		    &scheduler->self, running->state, message);
		break;
	case CALLBACK_HANDLE:
		event_handle(
		    behaviour, &scheduler->self, running->state, message);
		break;
	case CALLBACK_TERMINATE:
		memcpy(&reason, message->body.bytes, sizeof reason);
		behaviour->module->terminate(
		    &scheduler->self, running->state, &reason);
		break;
	case CALLBACK_CODE_CHANGE:
		break;
	}
	(void)fault_set_mark(MARK_HOST);
	return error;
}

static void
tell_start(struct scheduler *scheduler, uint16_t kind, struct reason reason)
{
	struct running *running = &scheduler->running;

	assert(!running->keeps_message); /* it would have told, or will */
	running->keeps_message = true;
	process_tell_start(
	    scheduler, running->process, running->message, kind, reason);
}

#ifdef HOTSWITCH_HARD
/* The state goes to another format and comes back, or there is a core. */
static void
exercise(struct scheduler *scheduler)
{
	const struct running *running = &scheduler->running;
	const struct behaviour *behaviour = running->behaviour;
	const struct converter *converter =
	    behaviours_converter(scheduler->behaviours);
	char why[256];

	if (behaviour->hard == NULL ||
	    converter->exercise(behaviour->hard,
		store_at(scheduler->store, running->process->state),
		running->process->events, why, sizeof why) == 0)
		return;
	(void)fprintf(stderr, "hard: %s %s <%u.%u>: %s\n", behaviour->name,
	    behaviour->version, running->pid.slot, running->pid.generation,
	    why);
	abort();
}
#endif

/* The end of an event that returned; from here nothing can fail. */
static void
commit(struct scheduler *scheduler)
{
	struct running *running = &scheduler->running;
	struct process *process = running->process;

	if (!running->behaviour->native)
		event_copy_state(running->behaviour,
		    store_at(scheduler->store, process->state), running->state);
#ifdef HOTSWITCH_HARD
	exercise(scheduler);
#endif
	process->events++;
	scheduler->counts.events++;
	event_count(scheduler, running->behaviour);
	outbox_commit(scheduler);
	if (running->callback != CALLBACK_INIT)
		return;
	process->status = PROCESS_RUNNING;
	if (!running->starts_later)
		tell_start(scheduler, EVENT_STARTED,
		    (struct reason){ .kind = REASON_NORMAL });
}

/* A start that came to nothing: what init() asked for is undone with it. */
static void
fail_start(struct scheduler *scheduler, struct reason reason)
{
	struct process *process = scheduler->running.process;

	outbox_undo(scheduler);
	process_forget_name(scheduler, process); /* it may be wanted at once */
	tell_start(scheduler, EVENT_START_FAILED, reason);
	process->flags |= PROCESS_FAILED;
	process_finish(scheduler, process, reason);
}

/* Where it goes now that the event is over; or 0. */
static uint16_t
destination(const struct scheduler *scheduler)
{
	const struct running *running = &scheduler->running;

	return running->move == MOVE_TO_CURRENT
	    ? behaviour_qualified(scheduler->behaviours, running->behaviour->id)
	    : event_target(running->behaviour);
}

/* One that waits, and was not tried: it does so in the state that it is in. */
static void
wait_on(struct scheduler *scheduler)
{
	struct running *running = &scheduler->running;

	if (running->waited != 0)
		retry_wait(scheduler, running->process);
}

/* To OTP, too, any other reason to exit is as a crash. */
static void
count_giving_up(struct scheduler *scheduler)
{
	const struct running *running = &scheduler->running;

	if (running->reason.kind != REASON_NORMAL &&
	    running->reason.kind != REASON_SHUTDOWN)
		tally_add(
		    &scheduler->tallies[running->behaviour->id].given_up, 1);
}

/* What has been asked of the process, or found out about it, in the event. */
static void
settle(struct scheduler *scheduler, const struct message *message)
{
	struct running *running = &scheduler->running;
	struct process *process = running->process;

	if (running->callback == CALLBACK_TERMINATE) {
		memcpy(&running->reason, message->body.bytes,
		    sizeof running->reason);
		process_finish(scheduler, process, running->reason);
	} else if (running->exits) {
		wait_on(scheduler);
		count_giving_up(scheduler);
		process_terminate(scheduler, process, running->reason);
	} else if (running->move != MOVE_NOT) {
		(void)process_convert(
		    scheduler, process, destination(scheduler));
		wait_on(scheduler);
	}
}

/* The event in hand is no more. */
static void
leave_event(struct scheduler *scheduler, bool frees_message)
{
	struct running *running = &scheduler->running;

	if (frees_message && !running->keeps_message)
		message_free(scheduler, running->message);
	*running = (struct running){ .process = NULL };
}

/* And the mail goes on. */
static void
close_event(struct scheduler *scheduler, bool frees_message)
{
	struct process *process = scheduler->running.process;
	struct pid pid = scheduler->running.pid;

	leave_event(scheduler, frees_message);
	/* When it has ended its slot has no mail, or is of another life. */
	if (process->mailbox_first != 0 && process_find(scheduler, pid) != NULL)
		process_make_ready(scheduler, process);
}

static void
tell_witness(struct scheduler *scheduler, enum witness_moment moment)
{
	if (scheduler->witness != NULL)
		witness_tell(scheduler, moment, (struct reason){ 0 });
}

/* The event that is about to be handled. */
static void
show(struct scheduler *scheduler)
{
	tell_witness(scheduler, WITNESS_BEFORE);
	if (event_has_shadow(scheduler))
		shadow_open(scheduler);
}

static void
log_event(struct scheduler *scheduler, const struct message *message)
{
	const struct running *running = &scheduler->running;
	struct log_entry entry = process_entry(
	    scheduler, LEVEL_debug, running->behaviour, running->pid);
	char word[32];

	entry.is_unlogged = running->behaviour->is_unlogged;
	log_line(scheduler->log, entry, "%s",
	    event_word(scheduler, message, word, sizeof word));
}

/* Takes the next message out; the mailbox is not empty. */
static struct message *
open_event(struct scheduler *scheduler, struct process *process)
{
	struct running *running = &scheduler->running;
	struct message *message;

	running->process = process;
	running->pid = process_pid(scheduler, process);
	running->message = mailbox_take(scheduler, process);
	message = message_at(scheduler, running->message);
	running->callback = message->kind == EVENT_START ? CALLBACK_INIT
	    : message->kind == EVENT_TERMINATE		 ? CALLBACK_TERMINATE
							 : CALLBACK_HANDLE;
	return message;
}

/*
 * A release is on its way: the process goes to it before its next event, unless
 * it has been tried as it is; and after it, if it has not gone.  A release
 * comes and goes between two events: all others have this one look at it.
 */
static void
bring_up_to_date(struct scheduler *scheduler)
{
	struct running *running = &scheduler->running;

	running->behaviour = process_behaviour(scheduler, running->process);
	if (event_target(running->behaviour) == 0)
		return;
	running->move = MOVE_ON;
	if (running->callback == CALLBACK_HANDLE &&
	    !retry_is_in_vain(scheduler, running->process)) {
		(void)process_convert(
		    scheduler, running->process, running->behaviour->target);
		running->behaviour =
		    process_behaviour(scheduler, running->process);
	}
	retry_note_state(scheduler);
}

/* The handler has returned, and its state is whole. */
static void
end_event(struct scheduler *scheduler, struct message *message, int error,
    bool is_watched)
{
	struct running *running = &scheduler->running;

	running->starts_later =
	    error == INIT_STARTS_LATER && running->behaviour->native;
	if (error == INIT_IGNORE) {
		fail_start(scheduler, (struct reason){ .kind = REASON_NORMAL });
	} else if (error != 0 && !running->starts_later) {
		tally_add(
		    &scheduler->tallies[running->behaviour->id].unborn, 1);
		fail_start(scheduler,
		    (struct reason){ .kind = REASON_ERROR,
			.number = (uint16_t)(error < 0 ? -error : error) });
	} else {
		commit(scheduler);
		if (is_watched)
			tell_witness(scheduler, WITNESS_AFTER);
		settle(scheduler, message);
	}
	close_event(scheduler, true);
}

/* What the module never sees; it cannot end the process. */
static void
handle_request(struct scheduler *scheduler, struct process *process)
{
	bool goes_on = system_handle(scheduler);

	leave_event(scheduler, true);
	if (goes_on)
		process_make_ready(scheduler, process);
}

/* A message of a kind that only another version of the module has. */
static bool
is_unknown(const struct running *running, uint16_t kind)
{
	return kind >= EVENT_PRIVATE && kind < EVENT_TIMEOUT &&
	    running->callback == CALLBACK_HANDLE &&
	    event_is_foreign(running->behaviour, kind);
}

/* It becomes its own answer, so that there is room for that. */
static void
answer_unknown(struct scheduler *scheduler, struct message *message)
{
	struct running *running = &scheduler->running;
	const struct pid to = message->from;
	const struct message answer = message_make(
	    EVENT_UNKNOWN, running->pid, &message->kind, sizeof message->kind);

	tally_add(&scheduler->tallies[running->behaviour->id].unknown, 1);
	if (!pid_is_none(to)) {
		message_become(scheduler, running->message, &answer);
		running->keeps_message = true;
		process_deliver(scheduler, to, running->message);
	}
	close_event(scheduler, true);
}

/* What the host does itself; whether the event was such a one. */
static bool
is_kept_from_module(struct scheduler *scheduler, struct message *message)
{
	struct running *running = &scheduler->running;

	if (system_is_request(message->kind))
		handle_request(scheduler, running->process);
	else if (is_unknown(running, message->kind))
		answer_unknown(scheduler, message);
	else
		return false;
	return true;
}

static void
handle_next(struct scheduler *scheduler, struct process *process)
{
	struct message *message = open_event(scheduler, process);
	struct running *running = &scheduler->running;
	const bool is_watched = scheduler->is_watched;
	uint16_t kind = message->kind;
	int error;

	bring_up_to_date(scheduler);
	if (log_wants(scheduler->log, LEVEL_debug))
		log_event(scheduler, message);
	/* Of the kinds that calls speak in, none is. */
	if (kind >= EVENT_PRIVATE && is_kept_from_module(scheduler, message))
		return;
	lay_out_state(scheduler);
	if (is_watched)
		show(scheduler);
	error = call_back(scheduler, message);
	if ((process->flags & PROCESS_BROKEN) != 0)
		break_if_ordered(scheduler, kind);
	if (!running->behaviour->native &&
	    !fault_canary_is_whole(
		scheduler->fault, event_state_size(running->behaviour))) {
		transaction_fault(
		    scheduler, &(struct fault_caught){ .signal = 0 });
		return;
	}
	if (is_watched && scheduler->self.shadow != NULL)
		shadow_try(scheduler);
	end_event(scheduler, message, error, is_watched);
}

static void
batch(void *arg)
{
	struct scheduler *scheduler = arg;
	struct process *process;

	while (scheduler->batch_left > 0 &&
	    (process = process_take_ready(scheduler)) != NULL) {
		scheduler->batch_left--;
		if (process->mailbox_first == 0)
			continue;
		/* Before it: a fault ends the batch here. */
		if (!capacity_spend(&scheduler->capacity))
			scheduler->batch_left = 0;
		handle_next(scheduler, process);
	}
}

/* The faulted message becomes the next event, ahead of the mailbox. */
static void
resume(struct scheduler *scheduler, struct reason reason)
{
	struct running *running = &scheduler->running;
	const struct message *message = message_at(scheduler, running->message);
	struct event_faulted faulted = { .reason = reason,
		.kind = message->kind,
		.length = message->length };
	struct message next;

	memcpy(faulted.first, message->body.bytes, sizeof faulted.first);
	next = message_make(
	    EVENT_FAULTED, message->from, &faulted, sizeof faulted);
	message_become(scheduler, running->message, &next);
	mailbox_prepend(scheduler, running->process, running->message);
}

static bool
may_resume(const struct scheduler *scheduler)
{
	const struct running *running = &scheduler->running;
	const struct process *process = running->process;

	return running->callback == CALLBACK_HANDLE &&
	    (process->flags & PROCESS_RESUMES) != 0 &&
	    process->faults <= process->fault_limit &&
	    message_at(scheduler, running->message)->kind != EVENT_FAULTED;
}

/* What its on_fault says, or the callback. */
static void
obey_fault(struct scheduler *scheduler, struct reason reason)
{
	struct running *running = &scheduler->running;
	struct process *process = running->process;
	bool resumes;

	process->events++;
	if (process->faults < UINT8_MAX)
		process->faults++;
	resumes = may_resume(scheduler);
	record_event_fault(scheduler, reason, resumes, false);
	if (running->callback == CALLBACK_TERMINATE) {
		memcpy(&reason,
		    message_at(scheduler, running->message)->body.bytes,
		    sizeof reason);
		process_finish(scheduler, process, reason);
	} else if (running->callback == CALLBACK_INIT) {
		fail_start(scheduler, reason);
	} else if (resumes) {
		resume(scheduler, reason);
	} else {
		process_terminate(scheduler, process, reason);
	}
	close_event(scheduler, !resumes);
}

void
transaction_fault(
    struct scheduler *scheduler, const struct fault_caught *caught)
{
	const struct behaviour *behaviour = scheduler->running.behaviour;
	struct reason reason = record_reason(behaviour, caught);

	shadow_close(scheduler);
	outbox_undo(scheduler);
	if (scheduler->witness != NULL)
		witness_tell(scheduler, WITNESS_UNDONE, reason);
	tally_add(&scheduler->tallies[behaviour->id].events, 1);
	if (behaviour->fallback != 0 && retry_event(scheduler, reason))
		close_event(scheduler, false);
	else
		obey_fault(scheduler, reason);
}

void
transaction_batch(struct scheduler *scheduler, unsigned int events)
{
	struct fault_caught caught;

	scheduler->batch_left = events;
	while (scheduler_has_work(scheduler) && scheduler->batch_left > 0)
		if (!fault_contain(scheduler->fault, batch, scheduler, &caught))
			transaction_fault(scheduler, &caught);
}
