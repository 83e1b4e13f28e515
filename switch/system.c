/*
 * system: see system.h for what it is.
 *
 *                 suspend
 *       RUNNING ------------> SUSPENDED
 *          ^                   |  |
 *          |      resume       |  | exit signal
 *          '-------------------'  v
 *          ^                   |  ENDING, or gone
 *          '-------------------'
 *            the supervisor's exit, where it is a message
 *
 * The mail of a suspended process stays in its mailbox.  What it may obey is
 * brought to the front, once when it is suspended and then as it comes; so a
 * process that is not suspended pays nothing for all this, not even a look.
 *
 * Invariants, of a process that is SUSPENDED:
 *   1. in its mailbox system messages come first, then all other mail, each in
 *      the order of arrival, and its supervisor's exit is not there;
 *   2. it is in the run queue if and only if the first is a system message.
 */
#include "switch/system.h"

#include <errno.h>
#include <string.h>

#include "switch/machine.h"
#include "switch/mailbox.h"
#include "switch/message.h"
#include "switch/scheduler_internal.h"
#include "switch/supervisor_internal.h"

static bool
is_obeyed(const struct process *process, const struct message *message)
{
	(void)process;
	return system_is_request(message->kind);
}

/* Only where it traps exits: else the signal has ended it by now. */
static bool
is_exit_of_supervisor(
    const struct process *process, const struct message *message)
{
	return message->kind == EVENT_EXIT &&
	    !pid_is_none(process->supervisor) &&
	    pid_equal(message->from, process->supervisor);
}

static bool
has_request(const struct scheduler *scheduler, const struct process *process)
{
	return process->mailbox_first != 0 &&
	    system_is_request(
		message_at(scheduler, process->mailbox_first)->kind);
}

/*--------------------------------------------------------------------
 * The two states
 */

static void
wake(struct scheduler *scheduler, struct process *process)
{
	process->status = PROCESS_RUNNING;
	if (process->mailbox_first != 0)
		process_make_ready(scheduler, process);
}

static void
leave_queue(struct scheduler *scheduler, struct process *process)
{
	process_leave_queue(scheduler, process);
	process->flags &= (uint8_t)~PROCESS_QUEUED;
}

/* A supervisor that takes its children down must hear of their ends. */
static int
suspend(struct scheduler *scheduler, struct process *process)
{
	if (process->status == PROCESS_SUSPENDED)
		return 0;
	if (process->status != PROCESS_RUNNING ||
	    supervisor_is_stopping(scheduler, process))
		return -EAGAIN;
	mailbox_advance(scheduler, process, is_obeyed);
	if (mailbox_advance(scheduler, process, is_exit_of_supervisor) > 0)
		return 0; /* and resumed by it */
	process->status = PROCESS_SUSPENDED;
	leave_queue(scheduler, process);
	if (has_request(scheduler, process))
		process_make_ready(scheduler, process);
	return 0;
}

static int
resume(struct scheduler *scheduler, struct process *process)
{
	if (process->status == PROCESS_SUSPENDED)
		wake(scheduler, process);
	return process->status == PROCESS_RUNNING ? 0 : -EAGAIN;
}

/* Behind the system messages that wait. */
static void
insert_request(
    struct scheduler *scheduler, struct process *process, uint32_t ref)
{
	uint32_t before = 0, next = process->mailbox_first;

	while (
	    next != 0 && system_is_request(message_at(scheduler, next)->kind)) {
		before = next;
		next = message_at(scheduler, next)->next;
	}
	mailbox_insert(scheduler, process, before, ref);
	process_make_ready(scheduler, process);
}

void
system_deliver(
    struct scheduler *scheduler, struct process *process, uint32_t ref)
{
	const struct message *message = message_at(scheduler, ref);

	if (system_is_request(message->kind)) {
		insert_request(scheduler, process, ref);
	} else if (is_exit_of_supervisor(process, message)) {
		mailbox_prepend(scheduler, process, ref);
		wake(scheduler, process);
	} else {
		mailbox_append(scheduler, process, ref);
	}
}

/*--------------------------------------------------------------------
 * Code
 */

static bool
is_version_of(struct behaviours *behaviours, uint16_t id, const char *name)
{
	const char *version;

	if (id == 0 || id >= BEHAVIOURS_MAX)
		return false;
	version = behaviour_version(behaviours, id);
	return version[0] != '\0' &&
	    behaviour_find(behaviours, name, version) == id;
}

static int
change_code(
    struct scheduler *scheduler, struct process *process, uint16_t target)
{
	const struct behaviour *behaviour =
	    behaviour_at(scheduler->behaviours, process->behaviour);
	struct pid pid = process_pid(scheduler, process);
	uint64_t begun = machine_ns(CLOCK_THREAD_CPUTIME_ID);
	int error;

	if (behaviour->native)
		return -ENOTSUP;
	if (process->status != PROCESS_SUSPENDED)
		return -EBUSY; /* otp.md 3.12 */
	if (!is_version_of(scheduler->behaviours, target, behaviour->name))
		return -EINVAL;
	error = process_change_code(scheduler, pid, target);
	if (error == 0)
		process_add_pause(scheduler, pid,
		    machine_ns(CLOCK_THREAD_CPUTIME_ID) - begun);
	return error;
}

static int
use_current(struct scheduler *scheduler, struct process *process)
{
	const struct behaviour *behaviour =
	    behaviour_at(scheduler->behaviours, process->behaviour);

	return process_convert(scheduler, process,
	    behaviour_qualified(scheduler->behaviours, behaviour->id));
}

/*--------------------------------------------------------------------
 * Requests
 */

static struct system_request
request_of(const struct message *message)
{
	struct system_request request;

	memcpy(&request, message->body.bytes, sizeof request);
	return request;
}

static int
obey(struct scheduler *scheduler, struct process *process,
    const struct message *message)
{
	switch (message->kind) {
	case EVENT_USE_CURRENT:
		return use_current(scheduler, process);
	case EVENT_SUSPEND:
		return suspend(scheduler, process);
	case EVENT_RESUME:
		return resume(scheduler, process);
	case EVENT_CHANGE_CODE:
		return change_code(
		    scheduler, process, request_of(message).behaviour);
	default:
		return 0; /* EVENT_GET_STATE */
	}
}

/* 0 when full. */
static uint32_t
reply_with_state(struct scheduler *scheduler, const struct process *process,
    const struct system_reply *head)
{
	const struct behaviour *behaviour =
	    behaviour_at(scheduler->behaviours, process->behaviour);
	uint32_t size = behaviour->module->schema.size;
	struct system_reply_state reply = { .head = *head, .size = size };
	uint32_t ref = message_alloc_parcel(scheduler, EVENT_SYSTEM_REPLY,
	    process_pid(scheduler, process), sizeof reply + size);
	uint8_t *bytes;

	if (ref == 0)
		return 0;
	bytes = message_parcel(scheduler, message_at(scheduler, ref))->bytes;
	memcpy(bytes, &reply, sizeof reply);
	memcpy(bytes + sizeof reply, store_at(scheduler->store, process->state),
	    size);
	return ref;
}

/* The request itself, turned round: an answer needs no room. */
static uint32_t
turn_round(struct scheduler *scheduler, const struct process *process,
    const struct system_reply *reply)
{
	struct running *running = &scheduler->running;
	struct message *message = message_at(scheduler, running->message);

	running->keeps_message = true;
	message->kind = EVENT_SYSTEM_REPLY;
	message->length = sizeof *reply;
	message->from = process_pid(scheduler, process);
	memset(message->body.bytes, 0, MESSAGE_BODY);
	memcpy(message->body.bytes, reply, sizeof *reply);
	return running->message;
}

static void
answer(struct scheduler *scheduler, const struct process *process, int error)
{
	const struct message *message =
	    message_at(scheduler, scheduler->running.message);
	struct system_reply reply = { .key = request_of(message).key,
		.error = error,
		.request = message->kind,
		.behaviour = process->behaviour };
	struct pid to = message->from;
	uint32_t ref = 0;

	if (pid_is_none(to) || message->kind == EVENT_USE_CURRENT)
		return;
	if (message->kind == EVENT_GET_STATE) {
		ref = reply_with_state(scheduler, process, &reply);
		reply.error = -ENOSPC;
	}
	if (ref == 0)
		ref = turn_round(scheduler, process, &reply);
	process_deliver(scheduler, to, ref);
}

bool
system_handle(struct scheduler *scheduler)
{
	struct running *running = &scheduler->running;
	struct process *process = running->process;
	struct message *message = message_at(scheduler, running->message);

	message_free_parcel(scheduler, message); /* none is due: key 0 */
	answer(scheduler, process, obey(scheduler, process, message));
	process->events++;
	scheduler->counts.events++;
	return process->mailbox_first != 0 &&
	    (process->status != PROCESS_SUSPENDED ||
		has_request(scheduler, process));
}

/*--------------------------------------------------------------------
 * For the host
 */

/* Whether it is between two events. */
static int
find(struct scheduler *scheduler, struct pid pid, struct process **ret_process)
{
	struct process *process = process_find(scheduler, pid);

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	if (process == NULL)
		return -ESRCH;
	if (process == scheduler->running.process ||
	    (process->status != PROCESS_RUNNING &&
		process->status != PROCESS_SUSPENDED))
		return -EAGAIN;
	*ret_process = process;
	return 0;
}

int
system_suspend(struct scheduler *scheduler, struct pid pid)
{
	struct process *process;
	int error = find(scheduler, pid, &process);

	return error != 0 ? error : suspend(scheduler, process);
}

int
system_resume(struct scheduler *scheduler, struct pid pid)
{
	struct process *process;
	int error = find(scheduler, pid, &process);

	return error != 0 ? error : resume(scheduler, process);
}

int
system_change_code(
    struct scheduler *scheduler, struct pid pid, uint16_t behaviour)
{
	struct process *process;
	int error = find(scheduler, pid, &process);

	return error != 0 ? error : change_code(scheduler, process, behaviour);
}
