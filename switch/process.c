/*
 * process: see process.h for what it is.
 *
 * A life: process_spawn() takes a slot, leaves the start event in the mailbox
 * and makes it ready (STARTING); init() has run: RUNNING; process_end() leaves
 * EVENT_TERMINATE as its only mail (ENDING); after terminate(), or at once
 * where it is killed, process_finish() frees all and the slot gets its next
 * generation (FREE).  A pool that leaves its children to an heir is VACANT
 * first: its slot, its children and the mail that comes wait for the
 * process_spawn() that inherits them, or for process_dissolve().
 *
 * Invariants:
 *   1. a slot is on the list of free ones, or FREE above `slots`, or alive;
 *   2. a live process whose mailbox is not empty is queued or running;
 *   3. a message lies in one mailbox, or is `running.message`;
 *   4. a process with a supervisor stands in that one's list of children.
 *
 * An exit signal acts at once, not when its turn in the mailbox comes: the
 * receiver is between two events, and OTP lets signals act anywhere.
 */
#include "switch/process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "switch/family.h"
#include "switch/holding.h"
#include "switch/log.h"
#include "switch/message.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler_internal.h"

enum { CACHE_LINE = 64, STATE_AHEAD = 192 /* what a call keeps */ };

struct process *
process_place(const struct scheduler *scheduler, struct pid pid)
{
	struct process *process;

	if (pid.slot == 0 || pid.slot >= scheduler->slots)
		return NULL;
	process = process_at(scheduler, pid.slot);
	if (process->status == PROCESS_FREE ||
	    process->generation != pid.generation)
		return NULL;
	return process;
}

struct process *
process_find(const struct scheduler *scheduler, struct pid pid)
{
	struct process *process = process_place(scheduler, pid);

	return process == NULL || process->status == PROCESS_VACANT ? NULL
								    : process;
}

static uint32_t
slot_of(const struct scheduler *scheduler, const struct process *process)
{
	return (uint32_t)(process - process_at(scheduler, 0));
}

struct pid
process_pid(const struct scheduler *scheduler, const struct process *process)
{
	return (struct pid){ slot_of(scheduler, process), process->generation };
}

static void
list_append(struct scheduler *scheduler, struct slot_list *list, uint32_t slot)
{
	process_at(scheduler, slot)->next = 0;
	if (list->last != 0)
		process_at(scheduler, list->last)->next = slot;
	else
		list->first = slot;
	list->last = slot;
}

static uint32_t
list_take(struct scheduler *scheduler, struct slot_list *list)
{
	uint32_t slot = list->first;

	if (slot == 0)
		return 0;
	list->first = process_at(scheduler, slot)->next;
	if (list->first == 0)
		list->last = 0;
	return slot;
}

/* What an event reads of the state: asked for early, it is there in time. */
static void
fetch_state(const struct scheduler *scheduler, const struct process *process)
{
	const uint8_t *state = store_at(scheduler->store, process->state);
	unsigned int i;

	for (i = 0; i < STATE_AHEAD; i += CACHE_LINE)
		__builtin_prefetch(state + i);
}

void
process_make_ready(struct scheduler *scheduler, struct process *process)
{
	if ((process->flags & PROCESS_QUEUED) != 0)
		return;
	process->flags |= PROCESS_QUEUED;
	fetch_state(scheduler, process); /* a short queue needs no more */
	list_append(
	    scheduler, &scheduler->run_queue, slot_of(scheduler, process));
}

/*
 * Memory is slow and processes are many: what the next ones need is asked for
 * while those before them run.
 */
static void
look_ahead(struct scheduler *scheduler)
{
	const struct process *process;
	unsigned int i;

	scheduler->ready_next = scheduler->ready_count = 0;
	while (scheduler->ready_count < READY_AHEAD &&
	    scheduler->run_queue.first != 0) {
		i = scheduler->ready_count++;
		scheduler->ready[i] =
		    list_take(scheduler, &scheduler->run_queue);
		process = process_at(scheduler, scheduler->ready[i]);
		__builtin_prefetch(
		    message_at(scheduler, process->mailbox_first));
		fetch_state(scheduler, process);
	}
}

struct process *
process_take_ready(struct scheduler *scheduler)
{
	struct process *process;
	uint32_t slot = 0;

	while (slot == 0) { /* 0: it has ended meanwhile */
		if (scheduler->ready_next == scheduler->ready_count)
			look_ahead(scheduler);
		if (scheduler->ready_next == scheduler->ready_count)
			return NULL;
		slot = scheduler->ready[scheduler->ready_next++];
	}
	process = process_at(scheduler, slot);
	process->flags &= (uint8_t)~PROCESS_QUEUED;
	return process;
}

/* Free slots are used again first in, first out, so that pids differ long. */
static uint32_t
take_slot(struct scheduler *scheduler)
{
	uint32_t slot = list_take(scheduler, &scheduler->free_slots);

	if (slot != 0)
		return slot;
	if (store_grow_table(scheduler->store, scheduler->slots) != 0)
		return 0;
	process_at(scheduler, scheduler->slots)->generation = 1;
	return scheduler->slots++;
}

/* A slot whose generations are used up is not used again. */
static void
give_slot(struct scheduler *scheduler, uint32_t slot)
{
	struct process *process = process_at(scheduler, slot);
	uint32_t generation = process->generation;

	memset(process, 0, sizeof *process);
	process->generation = generation + 1;
	if (process->generation != 0)
		list_append(scheduler, &scheduler->free_slots, slot);
}

static void
mail_append(struct scheduler *scheduler, struct process *process, uint32_t ref)
{
	message_at(scheduler, ref)->next = 0;
	if (process->mailbox_last != 0)
		message_at(scheduler, process->mailbox_last)->next = ref;
	else
		process->mailbox_first = ref;
	process->mailbox_last = ref;
	process_count_mail(scheduler, process, 1);
}

static void
mail_prepend(struct scheduler *scheduler, struct process *process, uint32_t ref)
{
	message_at(scheduler, ref)->next = process->mailbox_first;
	process->mailbox_first = ref;
	if (process->mailbox_last == 0)
		process->mailbox_last = ref;
	process_count_mail(scheduler, process, 1);
}

void
process_free_mail(struct scheduler *scheduler, struct process *process)
{
	uint32_t ref, next;

	for (ref = process->mailbox_first; ref != 0; ref = next) {
		next = message_at(scheduler, ref)->next;
		message_free(scheduler, ref);
		scheduler->counts.undelivered++;
	}
	process->mailbox_first = process->mailbox_last = 0;
	process_count_mail(scheduler, process, -process->mailbox_length);
}

void
process_deliver(struct scheduler *scheduler, struct pid to, uint32_t message)
{
	struct process *process = process_place(scheduler, to);

	scheduler->counts.sends++;
	if (process == NULL || process->status == PROCESS_ENDING) {
		scheduler->counts.undelivered++;
		message_free(scheduler, message);
		return;
	}
	mail_append(scheduler, process, message);
	if (process->status != PROCESS_VACANT)
		process_make_ready(scheduler, process);
}

static int
give_memory(struct scheduler *scheduler, struct process *process,
    const struct spawn *spawn)
{
	const struct behaviour *behaviour =
	    behaviour_at(scheduler->behaviours, spawn->behaviour);
	uint32_t size = behaviour->module->schema.size;
	uint32_t start;

	process->state = store_take(scheduler->store, size);
	if (process->state == 0)
		return -ENOSPC;
	memset(store_at(scheduler->store, process->state), 0, size);
	start = message_alloc(scheduler, EVENT_START, spawn->requester,
	    spawn->start, spawn->length);
	if (start == 0) {
		store_give(scheduler->store, process->state, size);
		return -ENOSPC;
	}
	mail_prepend(scheduler, process, start); /* an heir has mail already */
	return 0;
}

static void
describe(struct process *process, const struct spawn *spawn)
{
	process->status = PROCESS_STARTING;
	process->behaviour = process->born = spawn->behaviour;
	process->supervisor = spawn->supervisor;
	process->fault_limit = spawn->fault_limit;
	if (spawn->traps_exit)
		process->flags |= PROCESS_TRAPS_EXIT;
	if (spawn->on_fault == ON_FAULT_RESUME)
		process->flags |= PROCESS_RESUMES;
}

/* The place that an heir takes; NULL: there is none, it takes a new one. */
static struct process *
place_to_inherit(const struct scheduler *scheduler, const struct spawn *spawn)
{
	struct process *process = process_place(scheduler, spawn->inherits);

	return process != NULL && process->status == PROCESS_VACANT &&
		pid_equal(process->supervisor, spawn->supervisor)
	    ? process
	    : NULL;
}

/* Few have a name: the others' ends need not be looked up. */
static void
forget_name(struct scheduler *scheduler, struct process *process)
{
	if ((process->flags & PROCESS_NAMED) == 0)
		return;
	process->flags &= (uint8_t)~PROCESS_NAMED;
	registry_forget(scheduler->registry, process_pid(scheduler, process));
}

static int
give_name_and_memory(struct scheduler *scheduler, struct process *process,
    const struct spawn *spawn)
{
	struct pid pid = process_pid(scheduler, process);
	int error = 0;

	if (spawn->name != NULL) {
		error =
		    registry_register(scheduler->registry, spawn->name, pid);
		process->flags |= error == 0 ? PROCESS_NAMED : 0;
	}
	if (error == 0)
		error = give_memory(scheduler, process, spawn);
	if (error != 0)
		forget_name(scheduler, process);
	return error;
}

static void
enter(struct scheduler *scheduler, struct process *process,
    const struct spawn *spawn)
{
	struct behaviour *behaviour =
	    behaviour_at(scheduler->behaviours, spawn->behaviour);

	describe(process, spawn);
	process_make_ready(scheduler, process);
	behaviour->holders++;
	behaviour->births++;
	scheduler->counts.spawned++;
}

int
process_spawn(
    struct scheduler *scheduler, const struct spawn *spawn, struct pid *ret_pid)
{
	struct process *process = place_to_inherit(scheduler, spawn);
	bool inherits = process != NULL;
	uint32_t slot;
	int error;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	if (spawn->behaviour == 0 || spawn->length > MESSAGE_BODY)
		return -EINVAL;
	if (!inherits) {
		slot = take_slot(scheduler);
		if (slot == 0)
			return -ENOSPC;
		process = process_at(scheduler, slot);
	}
	error = give_name_and_memory(scheduler, process, spawn);
	if (error == 0)
		enter(scheduler, process, spawn);
	if (error == 0 && !inherits)
		family_enter(scheduler, process);
	if (error != 0 && !inherits)
		give_slot(scheduler, slot_of(scheduler, process));
	if (error == 0)
		*ret_pid = process_pid(scheduler, process);
	return error;
}

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

static void
tell(struct scheduler *scheduler, struct pid supervisor, uint16_t kind,
    const struct event_started *started)
{
	uint32_t message;

	if (pid_is_none(supervisor))
		return;
	message = message_alloc(
	    scheduler, kind, started->pid, started, sizeof *started);
	if (message != 0)
		process_deliver(scheduler, supervisor, message);
}

void
process_tell_start(struct scheduler *scheduler, struct process *process,
    const struct message *start, uint16_t kind, struct reason reason)
{
	const struct event_started started =
	    outcome(scheduler, process, start, reason);

	tell(scheduler, process->supervisor, kind, &started);
}

void *
process_context(struct self *self)
{
	return self->scheduler->running.behaviour->context;
}

int
process_post(struct scheduler *scheduler, struct pid to, uint16_t kind,
    const void *body, size_t length)
{
	struct process *process = process_find(scheduler, to);
	uint32_t message;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	if (process == NULL || process->status == PROCESS_ENDING)
		return -ESRCH;
	if (process->mailbox_length >= MAILBOX_MAX)
		return -ENOSPC;
	message = message_alloc(scheduler, kind, PID_NONE, body, length);
	if (message == 0)
		return -ENOSPC;
	process_deliver(scheduler, to, message);
	return 0;
}

int
process_post_parcel(struct scheduler *scheduler, struct pid to, uint16_t kind,
    const void *bytes, size_t size)
{
	uint32_t message;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	if (!process_is_alive(scheduler, to))
		return -ESRCH;
	message = message_alloc_parcel(scheduler, kind, PID_NONE, size);
	if (message == 0)
		return -ENOSPC;
	memcpy(message_parcel(scheduler, message_at(scheduler, message))->bytes,
	    bytes, size);
	process_deliver(scheduler, to, message);
	return 0;
}

static void
signal_as_message(struct scheduler *scheduler, struct pid from, struct pid to,
    struct reason reason)
{
	const struct event_ended ended = { .reason = reason };
	uint32_t message =
	    message_alloc(scheduler, EVENT_EXIT, from, &ended, sizeof ended);

	if (message != 0)
		process_deliver(scheduler, to, message);
}

/* The table of otp.md 2.5, row by row. */
void
process_signal(struct scheduler *scheduler, struct pid from, struct pid to,
    struct reason reason, bool by_link)
{
	struct process *process = process_find(scheduler, to);

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
	process_free_mail(scheduler, process);
	message = message_alloc(
	    scheduler, EVENT_TERMINATE, PID_NONE, &reason, sizeof reason);
	process->status = PROCESS_ENDING;
	if (message == 0) {
		process_finish(scheduler, process, reason);
		return;
	}
	mail_append(scheduler, process, message);
	process_make_ready(scheduler, process);
}

static bool
leave_ready(struct scheduler *scheduler, uint32_t slot)
{
	unsigned int i;

	for (i = scheduler->ready_next; i < scheduler->ready_count; i++)
		if (scheduler->ready[i] == slot) {
			scheduler->ready[i] = 0;
			return true;
		}
	return false;
}

static void
leave_run_queue(struct scheduler *scheduler, struct process *process)
{
	struct slot_list *queue = &scheduler->run_queue;
	uint32_t slot = slot_of(scheduler, process), one, before = 0;

	if ((process->flags & PROCESS_QUEUED) == 0 ||
	    leave_ready(scheduler, slot))
		return;
	for (one = queue->first; one != slot;
	     one = process_at(scheduler, one)->next)
		before = one;
	if (before == 0)
		queue->first = process->next;
	else
		process_at(scheduler, before)->next = process->next;
	if (queue->last == slot)
		queue->last = before;
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
		    behaviour->version, slot_of(scheduler, process),
		    process->generation,
		    reason_text(reason, text, sizeof text));
}

/* What it held, and the code that it ran. */
static void
give_back(
    struct scheduler *scheduler, struct process *process, struct reason reason)
{
	struct behaviour *behaviour =
	    behaviour_at(scheduler->behaviours, process->behaviour);

	holding_release_all(scheduler, process, reason);
	leave_run_queue(scheduler, process);
	store_give(
	    scheduler->store, process->state, behaviour->module->schema.size);
	process->state = 0;
	behaviour->holders--;
	behaviour->ends++;
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

	process_free_mail(scheduler, process);
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

	process_free_mail(scheduler, process);
	if (process->status == PROCESS_VACANT)
		holding_release_all(scheduler, process, reason);
	else
		give_back(scheduler, process, reason);
	family_orphan(scheduler, youngest, reason);
	family_leave(scheduler, process);
	give_slot(scheduler, pid.slot);
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
	forget_name(scheduler, process);
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

bool
process_is_alive(struct scheduler *scheduler, struct pid pid)
{
	return process_find(scheduler, pid) != NULL;
}

int
process_info(
    struct scheduler *scheduler, struct pid pid, struct process_info *ret_info)
{
	const struct process *process = process_find(scheduler, pid);
	const struct behaviour *behaviour;

	if (process == NULL)
		return -ESRCH;
	behaviour = behaviour_at(scheduler->behaviours, process->behaviour);
	*ret_info = (struct process_info){
		.pid = pid,
		.supervisor = process->supervisor,
		.behaviour = process->behaviour,
		.born = process->born,
		.status = process->status,
		.on_fault = (process->flags & PROCESS_RESUMES) != 0
		    ? ON_FAULT_RESUME
		    : ON_FAULT_EXIT,
		.faults = process->faults,
		.upgrades = process->upgrades,
		.mailbox = process->mailbox_length,
		.events = process->events,
		.state_size = behaviour->module->schema.size,
		.pause_us = (process->pause_ns + 999) / 1000,
		.state = store_at(scheduler->store, process->state),
	};
	return 0;
}

bool
process_next(struct scheduler *scheduler, uint32_t *cursor, struct pid *ret_pid)
{
	uint32_t slot = *cursor == 0 ? 1 : *cursor;

	for (; slot < scheduler->slots; slot++) {
		if (process_at(scheduler, slot)->status == PROCESS_FREE ||
		    process_at(scheduler, slot)->status == PROCESS_VACANT)
			continue;
		*ret_pid = process_pid(scheduler, process_at(scheduler, slot));
		*cursor = slot + 1;
		return true;
	}
	*cursor = slot;
	return false;
}

void
process_add_pause(struct scheduler *scheduler, struct pid pid, uint64_t cpu_ns)
{
	struct process *process = process_find(scheduler, pid);
	uint64_t sum;

	if (process == NULL)
		return;
	sum = process->pause_ns + cpu_ns;
	process->pause_ns = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}

int
process_break(struct scheduler *scheduler, struct pid pid, uint16_t kind,
    enum fault_way way, uint32_t count)
{
	struct process *process = process_find(scheduler, pid);
	struct holding *order;
	uint32_t ref;

	if (process == NULL)
		return -ESRCH;
	if (count == 0)
		return -EINVAL;
	ref = holding_alloc(scheduler, HOLDING_BREAK);
	if (ref == 0)
		return -ENOSPC;
	order = holding_at(scheduler, ref);
	order->type = (uint8_t)way;
	order->number = kind;
	order->count = count;
	holding_attach(scheduler, process, ref);
	process->flags |= PROCESS_BROKEN;
	return 0;
}

static const char *
fault_text(struct reason reason, char *text, size_t size)
{
	size_t used;
	const char *name = reason.number == 0 ? "overrun of the state"
					      : sigabbrev_np(reason.number);

	(void)snprintf(text, size, "%s%s", reason.number == 0 ? "" : "SIG",
	    name == NULL ? "?" : name);
	used = strlen(text);
	if (reason.offset != 0)
		(void)snprintf(
		    text + used, size - used, " at +0x%x", reason.offset);
	return text;
}

const char *
reason_text(struct reason reason, char *text, size_t size)
{
	switch ((enum reason_kind)reason.kind) {
	case REASON_NORMAL:
		return "normal";
	case REASON_SHUTDOWN:
		return "shutdown";
	case REASON_KILL:
		return "kill";
	case REASON_KILLED:
		return "killed";
	case REASON_NOPROC:
		return "noproc";
	case REASON_ERROR:
		(void)snprintf(text, size, "error %u", reason.number);
		return text;
	case REASON_FAULT:
		return fault_text(reason, text, size);
	}
	return "unknown";
}
