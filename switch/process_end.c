/*
 * process_end: exit signals, and how a process comes to its end.
 *
 *   process_signal --> process_end --> terminate(), its last event
 *         | kill            | not yet begun
 *         v                 v
 *      process_finish: names, holdings, links and monitors, memory, and then
 *      the supervisor hears of it
 *
 * An exit signal acts at once, not when its turn in the mailbox comes: the
 * receiver is between two events, and OTP lets signals act anywhere.  Only the
 * process that runs is told when its event is over.
 *
 * None of this may be lost because memory is short, so each message is made
 * from something that the end itself frees:
 *
 *   started, failed   the start event
 *   EXIT of a link    the bond, which is as large as a message for this; so
 *   DOWN              there is no list of what waits, and no order to keep
 *   terminate()       the event in hand, or the first of the mail
 *   EXIT to the       EVENT_TERMINATE, or the first of the mail
 *   supervisor
 *
 * Where there is none of these (one is killed that has no mail) and the store
 * is full, the process waits in the list `untold`, first in, first out, with
 * its reason in its own header: ENDING until it can run terminate(), UNTOLD
 * until its supervisor can be told; all else of it is free by then.  The
 * scheduler tries again each turn and, when nothing else is to be done, each
 * millisecond: if memory never comes back the clock goes on all the same.
 *
 * Invariants:
 *   1. one that is_untold stands in the list, is ENDING or UNTOLD, and has no
 *      mail: where its mailbox would be is its reason;
 *   2. a pool that leaves an estate is not killed before it can be told of:
 *      its place must not wait, but be its heir's.
 */
#include <string.h>

#include "switch/courier.h"
#include "switch/family.h"
#include "switch/holding.h"
#include "switch/log.h"
#include "switch/mailbox.h"
#include "switch/message.h"
#include "switch/registry.h"
#include "switch/scheduler_internal.h"
#include "switch/supervisor.h"

/* The start event `start` as the word of how it went. */
static struct message
start_told(const struct scheduler *scheduler, const struct process *process,
    const struct message *start, uint16_t kind, struct reason reason)
{
	struct event_started started = { .pid = process_pid(scheduler, process),
		.requester = start->from,
		.reason = reason };

	memcpy(&started.key, start->body.bytes, sizeof started.key);
	return message_make(kind, started.pid, &started, sizeof started);
}

/* A supervisor who is away has a bond with its child, till that ends. */
static void
tell(struct scheduler *scheduler, struct pid to, uint32_t ref)
{
	uint16_t kind = message_at(scheduler, ref)->kind;
	bool is_end = kind == EVENT_EXIT || kind == EVENT_START_FAILED;

	if (pid_is_away(scheduler, to))
		courier_must_send(scheduler,
		    is_end ? CARGO_CHILD_ENDED : CARGO_MESSAGE, to, ref);
	else
		process_deliver(scheduler, to, ref);
}

/* As its pool would, one event later.  Written in place: it is many starts. */
static void
answer_start(
    struct scheduler *scheduler, const struct process *process, uint32_t start)
{
	struct message *message = message_at(scheduler, start);
	struct supervisor_reply reply = { .child =
					      process_pid(scheduler, process),
		.request = EVENT_START_CHILD,
		.error = SUPERVISOR_OK };
	struct pid asker = message->from;

	memcpy(&reply.key, message->body.bytes, sizeof reply.key);
	memcpy(message->body.bytes, &reply, sizeof reply);
	message->kind = EVENT_SUPERVISOR_REPLY;
	message->length = sizeof reply;
	message->from = process->supervisor;
	if (pid_is_none(asker))
		message_free(scheduler, start);
	else
		tell(scheduler, asker, start);
}

void
process_tell_start(struct scheduler *scheduler, struct process *process,
    uint32_t start, uint16_t kind, struct reason reason)
{
	struct message told;

	if (kind == EVENT_STARTED && process->tells_asker) {
		answer_start(scheduler, process, start);
		return;
	}
	told = start_told(
	    scheduler, process, message_at(scheduler, start), kind, reason);
	message_become(scheduler, start, &told);
	if (pid_is_none(process->supervisor))
		message_free(scheduler, start);
	else
		tell(scheduler, process->supervisor, start);
}

static struct message
exit_message(struct pid from, struct reason reason)
{
	const struct event_ended ended = { .reason = reason };

	return message_make(EVENT_EXIT, from, &ended, sizeof ended);
}

/*
 * To one that traps exits, in the piece `bond` or a new one.  There may be none
 * for the supervisor's: then it is obeyed, as what does not trap obeys it.
 */
static void
signal_as_message(struct scheduler *scheduler, struct process *process,
    const struct message *exit, uint32_t bond)
{
	uint32_t ref = bond;

	if (ref == 0)
		ref = message_alloc(scheduler, EVENT_EXIT, exit->from, NULL, 0);
	if (ref == 0) {
		process_end(scheduler, process, exit->body.ended.reason);
		return;
	}
	*message_at(scheduler, ref) = *exit;
	process_deliver(scheduler, process_pid(scheduler, process), ref);
}

/* To one elsewhere; who it is for is asked there how he takes it. */
static void
signal_away(struct scheduler *scheduler, const struct message *exit,
    struct pid to, uint32_t bond)
{
	enum cargo_type type = bond != 0 ? CARGO_LINK_EXIT : CARGO_EXIT;
	uint32_t ref = bond;

	if (ref == 0)
		ref = message_alloc(scheduler, EVENT_EXIT, exit->from, NULL, 0);
	if (ref == 0) {
		(void)courier_exit(
		    scheduler, type, exit->from, to, exit->body.ended.reason);
		return;
	}
	*message_at(scheduler, ref) = *exit;
	courier_must_send(scheduler, type, to, ref);
}

/* What exit/2 with `kill` does: nobody can trap it. */
static void
kill_process(struct scheduler *scheduler, struct process *process)
{
	const struct reason killed = { .kind = REASON_KILLED };

	if (process == scheduler->running.process)
		process_end(scheduler, process, killed);
	else
		process_finish(scheduler, process, killed);
}

/* The table of otp.md 2.5, row by row. */
void
process_signal(struct scheduler *scheduler, struct pid from, struct pid to,
    struct reason reason, uint32_t bond)
{
	struct process *process = process_find(scheduler, to);
	struct message exit = exit_message(from, reason);

	if (pid_is_away(scheduler, to)) {
		signal_away(scheduler, &exit, to, bond);
		return;
	}
	if (process != NULL && bond == 0 && reason.kind == REASON_KILL) {
		kill_process(scheduler, process);
	} else if (process != NULL &&
	    (process->flags & PROCESS_TRAPS_EXIT) != 0) {
		signal_as_message(scheduler, process, &exit, bond);
		return;
	} else if (process != NULL &&
	    (reason.kind != REASON_NORMAL || pid_equal(from, to))) {
		process_end(scheduler, process, reason);
	}
	if (bond != 0)
		holding_free(scheduler, bond);
}

void
process_exit_signal(struct scheduler *scheduler, struct pid from, struct pid to,
    struct reason reason)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	process_signal(scheduler, from, to, reason, 0);
}

/* What would be freed now can tell of the end; else a new one; 0 when full. */
static uint32_t
last_message(struct scheduler *scheduler, struct process *process)
{
	struct running *running = &scheduler->running;
	uint32_t ref;

	if (running->process == process && !running->keeps_message) {
		running->keeps_message = true;
		return running->message;
	}
	if (process->mailbox_first != 0) {
		ref = mailbox_take(scheduler, process);
		mailbox_lose(scheduler, ref);
		return ref;
	}
	return message_alloc(scheduler, EVENT_EXIT, PID_NONE, NULL, 0);
}

/* It waits for a message, with its reason where it has no mail any more. */
static void
put_off(
    struct scheduler *scheduler, struct process *process, struct reason reason)
{
	if (!process->is_untold)
		slot_append(scheduler, &scheduler->untold,
		    process_slot(scheduler, process));
	process->is_untold = true;
	process->reason = reason;
}

static void
give_last_event(struct scheduler *scheduler, struct process *process,
    uint32_t ref, struct reason reason)
{
	const struct message event =
	    message_make(EVENT_TERMINATE, PID_NONE, &reason, sizeof reason);

	message_become(scheduler, ref, &event);
	mailbox_append(scheduler, process, ref);
	process_make_ready(scheduler, process);
}

void
process_terminate(
    struct scheduler *scheduler, struct process *process, struct reason reason)
{
	uint32_t message;

	if (process->status == PROCESS_ENDING)
		return;
	if (process->status == PROCESS_STARTING) {
		/* what has not begun has nothing to put in order */
		process_finish(scheduler, process, reason);
		return;
	}
	message = last_message(scheduler, process);
	mailbox_clear(scheduler, process);
	process->status = PROCESS_ENDING;
	if (message == 0)
		put_off(scheduler, process, reason);
	else
		give_last_event(scheduler, process, message, reason);
}

void
process_end(
    struct scheduler *scheduler, struct process *process, struct reason reason)
{
	struct running *running = &scheduler->running;

	if (running->process != process) {
		process_terminate(scheduler, process, reason);
	} else if (!running->exits) {
		running->exits = true;
		running->reason = reason;
	}
}

static void
log_end(struct scheduler *scheduler, const struct process *process,
    struct reason reason)
{
	const struct behaviour *behaviour;
	char text[64];

	if (!log_wants(scheduler->log, LEVEL_debug))
		return;
	behaviour = behaviour_at(scheduler->behaviours, process->behaviour);
	log_line(scheduler->log,
	    process_entry(scheduler, LEVEL_debug, behaviour,
		process_pid(scheduler, process)),
	    "ended %s", reason_text(reason, text, sizeof text));
}

/* What it held, and the code that it ran. */
static void
give_back(
    struct scheduler *scheduler, struct process *process, struct reason reason)
{
	const struct behaviour *behaviour =
	    behaviour_at(scheduler->behaviours, process->behaviour);
	struct behaviour_tally *tally = &scheduler->tallies[behaviour->id];

	holding_release_all(scheduler, process, reason);
	process_leave_queue(scheduler, process);
	retry_leave(scheduler, process);
	store_give(
	    scheduler->store, process->state, behaviour->module->schema.size);
	process->state = 0;
	tally_add(&tally->holders, (uint64_t)-1);
	tally_add(&tally->ends, 1);
	scheduler->counts.exited++;
	process_left(scheduler, behaviour->id);
}

/*
 * It ends, but its children wait for an heir under its pid.  Its mail is lost,
 * as who sent it is told by link and monitor; what comes now is the heir's.
 */
static void
vacate(
    struct scheduler *scheduler, struct process *process, struct reason reason)
{
	uint32_t family =
	    holding_find_kind(scheduler, process, HOLDING_CHILDREN);

	mailbox_clear(scheduler, process);
	holding_detach(scheduler, process, family);
	give_back(scheduler, process, reason);
	process->holdings = family;
	holding_at(scheduler, family)->next = 0;
	process->status = PROCESS_VACANT;
	process->flags = 0;
}

/* All that is left of it goes, but for its slot. */
static void
clear_away(
    struct scheduler *scheduler, struct process *process, struct reason reason)
{
	struct pid pid = process_pid(scheduler, process);
	const struct family *family = family_of(scheduler, pid);
	uint32_t youngest = family == NULL ? 0 : family->youngest;

	mailbox_clear(scheduler, process);
	if (process->status == PROCESS_VACANT)
		holding_release_all(scheduler, process, reason);
	else
		give_back(scheduler, process, reason);
	family_orphan(scheduler, youngest, reason);
	family_leave(scheduler, process);
}

static bool
leaves_an_estate(
    const struct scheduler *scheduler, const struct process *process)
{
	return (process->flags & PROCESS_BEQUEATHS) != 0 &&
	    (process->flags & PROCESS_FAILED) == 0 &&
	    process_find(scheduler, process->supervisor) != NULL &&
	    holding_find_kind(scheduler, process, HOLDING_CHILDREN) != 0;
}

/*
 * For the supervisor of one that ends; 0 if there is none, or when full.  One
 * that waits already is told of in its turn, and once.
 */
static uint32_t
last_word(
    struct scheduler *scheduler, struct process *process, struct reason reason)
{
	uint32_t ref = process->mailbox_first;
	struct message word =
	    exit_message(process_pid(scheduler, process), reason);

	if (pid_is_none(process->supervisor) ||
	    (process->flags & PROCESS_FAILED) != 0 || process->is_untold)
		return 0;
	if (process->status == PROCESS_STARTING && ref != 0 &&
	    message_at(scheduler, ref)->kind == EVENT_START) {
		(void)mailbox_take(scheduler, process);
		word = start_told(scheduler, process,
		    message_at(scheduler, ref), EVENT_START_FAILED, reason);
	} else {
		ref = last_message(scheduler, process);
	}
	if (ref != 0)
		message_become(scheduler, ref, &word);
	return ref;
}

static bool
must_be_told(const struct scheduler *scheduler, const struct process *process)
{
	return (pid_is_away(scheduler, process->supervisor) ||
		   process_find(scheduler, process->supervisor) != NULL) &&
	    (process->flags & PROCESS_FAILED) == 0;
}

/* The slot is free, or remembers what is still to be told. */
static void
leave_slot(struct scheduler *scheduler, struct process *process, bool is_late,
    struct reason reason)
{
	uint32_t slot = process_slot(scheduler, process);

	if (is_late) {
		process->status = PROCESS_UNTOLD;
		put_off(scheduler, process, reason);
		return;
	}
	if (process->is_untold) /* no longer: memory has come back meanwhile */
		slot_remove(scheduler, &scheduler->untold, slot);
	process->is_untold = false;
	slot_give(scheduler, slot);
}

/*
 * The order is OTP's: names and resources first, then those who listen, the
 * supervisor last, so that it can start the next under the same name.
 */
void
process_finish(
    struct scheduler *scheduler, struct process *process, struct reason reason)
{
	struct pid supervisor = process->supervisor;
	bool has_estate = process->status != PROCESS_STARTING &&
	    leaves_an_estate(scheduler, process);
	bool is_late = must_be_told(scheduler, process);
	uint32_t word;

	if (process->is_untold) /* where its reason stands is no mail */
		process->mailbox_last = process->mailbox_length = 0;
	word = last_word(scheduler, process, reason);
	is_late = is_late && word == 0;
	if (is_late && has_estate) { /* its place must be its heir's */
		process_terminate(scheduler, process, reason);
		return;
	}
	log_end(scheduler, process, reason);
	process->status = PROCESS_ENDING;
	process_forget_name(scheduler, process);
	if (has_estate) {
		vacate(scheduler, process, reason);
	} else {
		clear_away(scheduler, process, reason);
		leave_slot(scheduler, process, is_late, reason);
	}
	if (word != 0)
		tell(scheduler, supervisor, word);
}

/* One that has waited gets its last event, or its supervisor the news. */
static void
catch_up(struct scheduler *scheduler, struct process *process, uint32_t ref)
{
	const struct reason reason = process->reason;
	struct pid supervisor = process->supervisor;

	process->is_untold = false;
	process->mailbox_last = process->mailbox_length = 0;
	if (process->status == PROCESS_ENDING) {
		give_last_event(scheduler, process, ref, reason);
		return;
	}
	*message_at(scheduler, ref) =
	    exit_message(process_pid(scheduler, process), reason);
	slot_give(scheduler, process_slot(scheduler, process));
	tell(scheduler, supervisor, ref);
}

bool
process_tell_untold(struct scheduler *scheduler)
{
	bool has_told = false;
	uint32_t ref;

	while (scheduler->untold.first != 0) {
		ref = message_alloc(scheduler, EVENT_EXIT, PID_NONE, NULL, 0);
		if (ref == 0)
			break;
		has_told = true;
		catch_up(scheduler,
		    process_at(scheduler,
			slot_take_first(scheduler, &scheduler->untold)),
		    ref);
	}
	return has_told;
}

void
process_dissolve(
    struct scheduler *scheduler, struct pid pid, struct reason reason)
{
	struct process *process = process_place(scheduler, pid);

	if (process != NULL && process->status == PROCESS_VACANT) {
		clear_away(scheduler, process, reason);
		slot_give(scheduler, pid.slot);
	}
}
