/*
 * process_end: exit signals, and how a process comes to its end.
 *
 *   process_signal --> process_end --> terminate(), its last event
 *         | kill            | not yet begun, or no room for the event
 *         v                 v
 *      process_finish: names, holdings, links and monitors, memory, and then
 *      the supervisor hears of it
 *
 * An exit signal acts at once, not when its turn in the mailbox comes: the
 * receiver is between two events, and OTP lets signals act anywhere.
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

/* How the start of `process` went, whose start event was `start`. */
static struct event_started
outcome(const struct scheduler *scheduler, const struct process *process,
    const struct message *start, struct reason reason)
{
	struct event_started started = { .pid = process_pid(scheduler, process),
		.requester = start->from,
		.reason = reason };

	memcpy(&started.key, start->body.bytes, sizeof started.key);
	return started;
}

/* That a child has ended or has not come: who is away has a bond with it. */
static void
deliver_end(struct scheduler *scheduler, struct pid supervisor, uint32_t ref)
{
	if (!pid_is_away(scheduler, supervisor))
		process_deliver(scheduler, supervisor, ref);
	else if (courier_reserve(scheduler, supervisor) == 0)
		courier_send_message(
		    scheduler, CARGO_CHILD_ENDED, supervisor, ref);
	else
		message_free(scheduler, ref);
}

static void
tell(struct scheduler *scheduler, struct pid supervisor, uint16_t kind,
    const struct event_started *started)
{
	uint32_t message;

	if (pid_is_none(supervisor))
		return;
	message = message_alloc(
	    scheduler, kind, started->pid, started, sizeof *started);
	if (message == 0)
		return;
	if (kind == EVENT_STARTED)
		process_deliver(scheduler, supervisor, message);
	else
		deliver_end(scheduler, supervisor, message);
}

void
process_tell_start(struct scheduler *scheduler, struct process *process,
    const struct message *start, uint16_t kind, struct reason reason)
{
	const struct event_started started =
	    outcome(scheduler, process, start, reason);

	tell(scheduler, process->supervisor, kind, &started);
}

static void
signal_as_message(struct scheduler *scheduler, struct pid from, struct pid to,
    struct reason reason)
{
	const struct event_ended ended = { .reason = reason };
	uint32_t message =
	    message_alloc(scheduler, EVENT_EXIT, from, &ended, sizeof ended);

	if (message == 0)
		return;
	deliver_end(scheduler, to, message);
}

/* The table of otp.md 2.5, row by row. */
void
process_signal(struct scheduler *scheduler, struct pid from, struct pid to,
    struct reason reason, bool by_link)
{
	struct process *process = process_find(scheduler, to);

	if (pid_is_away(scheduler, to))
		(void)courier_exit(scheduler,
		    by_link ? CARGO_LINK_EXIT : CARGO_EXIT, from, to, reason);
	if (process == NULL)
		return;
	if (!by_link && reason.kind == REASON_KILL) {
		reason.kind = REASON_KILLED;
		if (process == scheduler->running.process)
			process_end(scheduler, process, reason);
		else
			process_finish(scheduler, process, reason);
	} else if ((process->flags & PROCESS_TRAPS_EXIT) != 0) {
		signal_as_message(scheduler, from, to, reason);
	} else if (reason.kind != REASON_NORMAL || pid_equal(from, to)) {
		process_end(scheduler, process, reason);
	}
}

void
process_exit_signal(struct scheduler *scheduler, struct pid from, struct pid to,
    struct reason reason)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	process_signal(scheduler, from, to, reason, false);
}

void
process_end(
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
	mailbox_clear(scheduler, process);
	message = message_alloc(
	    scheduler, EVENT_TERMINATE, PID_NONE, &reason, sizeof reason);
	process->status = PROCESS_ENDING;
	if (message == 0) {
		process_finish(scheduler, process, reason);
		return;
	}
	mailbox_append(scheduler, process, message);
	process_make_ready(scheduler, process);
}

static void
log_end(struct scheduler *scheduler, const struct process *process,
    struct reason reason)
{
	const struct behaviour *behaviour =
	    behaviour_at(scheduler->behaviours, process->behaviour);
	char text[64];

	if (log_is_on(scheduler->log))
		log_line(scheduler->log, scheduler->now,
		    "%s %s <%u.%u> ended %s", behaviour->name,
		    behaviour->version, process_pid(scheduler, process).slot,
		    process->generation,
		    reason_text(reason, text, sizeof text));
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
	store_give(
	    scheduler->store, process->state, behaviour->module->schema.size);
	process->state = 0;
	tally_add(&tally->holders, (uint64_t)-1);
	tally_add(&tally->ends, 1);
	scheduler->counts.exited++;
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

/* All that is left of it goes. */
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
	slot_give(scheduler, pid.slot);
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
 * The order is OTP's: names and resources first, then those who listen, the
 * supervisor last, so that it can start the next under the same name.
 */
void
process_finish(
    struct scheduler *scheduler, struct process *process, struct reason reason)
{
	struct pid pid = process_pid(scheduler, process);
	struct pid supervisor = process->supervisor;
	bool is_known = (process->flags & PROCESS_FAILED) != 0;
	bool has_begun = process->status != PROCESS_STARTING ||
	    process->mailbox_first == 0 ||
	    message_at(scheduler, process->mailbox_first)->kind != EVENT_START;
	struct event_started started = { .pid = pid };

	if (!has_begun)
		started = outcome(scheduler, process,
		    message_at(scheduler, process->mailbox_first), reason);
	log_end(scheduler, process, reason);
	process->status = PROCESS_ENDING;
	process_forget_name(scheduler, process);
	if (has_begun && leaves_an_estate(scheduler, process))
		vacate(scheduler, process, reason);
	else
		clear_away(scheduler, process, reason);
	if (!has_begun)
		tell(scheduler, supervisor, EVENT_START_FAILED, &started);
	else if (!pid_is_none(supervisor) && !is_known)
		signal_as_message(scheduler, pid, supervisor, reason);
}

void
process_dissolve(
    struct scheduler *scheduler, struct pid pid, struct reason reason)
{
	struct process *process = process_place(scheduler, pid);

	if (process != NULL && process->status == PROCESS_VACANT)
		clear_away(scheduler, process, reason);
}
