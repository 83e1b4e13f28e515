/*
 * supervisor: see supervisor.h for what it is.
 *
 * It is a machine that never blocks: what OTP's supervisor does in one call,
 * waiting inside it for each child, is here a task, done step by step as the
 * children answer (supervisor_task.c).
 *
 *            init: start the children, one after another
 *   STARTING -----------------------------------------> IDLE <-------------.
 *      |  ^                                             |  |               |
 *      |  |   start anew those that must be    a child  |  | start_child,  |
 *      |  '------------------- ENDING <------- has -----'  | restart_child |
 *      |                         ^ |           ended       |               |
 *      |                         | | it was    (group)     v               |
 *      |   parent's exit, limit  | | terminate_child    STARTING ----------'
 *      '--- passed, init failed -' '--------------------------------> IDLE
 *                                | nobody is left
 *                                v
 *                              OVER: process_exit(reason)
 *
 * transition                        function
 * IDLE, STARTING -> ENDING          restart_child_ended, supervisor_stop
 * ENDING -> STARTING, IDLE, OVER    ending_done
 * STARTING -> IDLE                  starting_done, task_child_failed
 * a pool never leaves IDLE but to   pool_stop
 *
 * The numbers of otp.md section 1 stand beside the code that keeps them.
 *
 * Invariants:
 *   1. a child with a pid that is not RESTARTING or DEAD is alive, or its end
 *      is in our mailbox;
 *   2. at most one child is STARTING or ENDING, the one at the cursor; a pool
 *      has many, and no cursor;
 *   3. what cannot be done while a task runs waits in the family; as long as
 *      anything waits, the first of it is the next event of every IDLE.
 *
 * Its state is plain bytes in the store, its children hang on its process; the
 * struct supervisor below only ties a specification to a behaviour.
 */
#include "switch/supervisor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/alarm.h"
#include "switch/courier.h"
#include "switch/message.h"
#include "switch/outbox.h"
#include "switch/supervisor_internal.h"

static struct hand
take_in_hand(struct self *self, void *state)
{
	struct scheduler *scheduler = self->scheduler;

	return (struct hand){ .self = self,
		.scheduler = scheduler,
		.store = scheduler->store,
		.state = state,
		.pid = scheduler->running.pid,
		.name = scheduler->running.behaviour->name };
}

static void
take_family(struct hand *hand, struct family *family)
{
	hand->family = family;
	hand->table = &family->table;
}

void
supervisor_postpone(struct hand *hand)
{
	struct running *running = &hand->scheduler->running;

	running->keeps_message = true;
	family_postpone(hand->scheduler, hand->family, running->message);
}

int
supervisor_send(struct hand *hand, struct pid to, uint16_t kind,
    const void *body, size_t length)
{
	struct running *running = &hand->scheduler->running;
	const struct message message =
	    message_make(kind, hand->pid, body, length);
	const struct effect effect = {
		.type = EFFECT_SEND, .a = running->message, .b = pid_pack(to)
	};

	if (running->keeps_message || pid_is_away(hand->scheduler, to))
		return process_send(hand->self, to, kind, body, length);
	if (outbox_add(hand->scheduler, &effect) != 0)
		return -ENOSPC;
	message_become(hand->scheduler, running->message, &message);
	running->keeps_message = true;
	return 0;
}

/* A task that is cut short leaves a child whose end is not awaited. */
static void
abandon_task(struct hand *hand)
{
	struct supervisor_state *state = hand->state;
	struct child *child;

	if (state->phase != PHASE_ENDING || state->cursor == 0)
		return;
	child = child_at(hand->store, state->cursor);
	if (child->status == CHILD_ENDING)
		child->status = CHILD_RUNNING;
	(void)process_stop_timer(hand->self, TIMER_SHUTDOWN, 0);
}

/* otp.md 1.22. */
void
supervisor_stop(struct hand *hand, struct reason reason)
{
	struct supervisor_state *state = hand->state;

	if (state->task == TASK_STOP)
		return;
	state->reason = reason;
	(void)process_stop_timer(hand->self, TIMER_RETRY, 0);
	abandon_task(hand);
	if (is_pool(hand))
		pool_stop(hand);
	else
		task_end(
		    hand, TASK_STOP, hand->table->last, hand->table->first);
}

/* The start event is kept till now, so that this cannot fail. */
static void
tell_start(struct hand *hand, uint16_t kind)
{
	uint32_t start = hand->family->start;

	hand->family->start = 0;
	process_tell_start(hand->scheduler, hand->scheduler->running.process,
	    start, kind, hand->state->reason);
}

static bool
was_asked_for(const struct hand *hand)
{
	return hand->family->start != 0 &&
	    !pid_is_none(
		message_at(hand->scheduler, hand->family->start)->from);
}

/* A failed start is told by the exit itself, but to who asked for it. */
void
supervisor_over(struct hand *hand)
{
	struct supervisor_state *state = hand->state;

	state->phase = PHASE_OVER;
	(void)process_stop_timer(hand->self, TIMER_SHUTDOWN, 0);
	if (!state->has_started && was_asked_for(hand)) {
		tell_start(hand, EVENT_START_FAILED);
		hand->scheduler->running.process->flags |= PROCESS_FAILED;
	}
	(void)process_exit(hand->self, state->reason);
}

/* One that was given up before, or another under its name, is back. */
static void
clear_restart_limit(struct hand *hand)
{
	char object[ALARM_OBJECT_SIZE];

	if (!alarm_stands(hand->scheduler))
		return;
	(void)snprintf(object, sizeof object, "supervisor %s", hand->name);
	alarm_clear(hand->scheduler, ALARM_RESTART_LIMIT, object);
}

void
supervisor_started(struct hand *hand)
{
	hand->state->has_started = true;
	clear_restart_limit(hand);
	tell_start(hand, EVENT_STARTED);
}

/* OTP's init/1: what the specification says becomes the supervisor's own. */
static int
take_spec(struct hand *hand, const struct supervisor_spec *spec)
{
	unsigned int i;

	hand->state->flags = spec->flags;
	if (!spec->flags.limit_is_per_child &&
	    restart_limit_reserve(
		hand->store, &hand->family->limit, spec->flags.intensity) != 0)
		return -ENOSPC;
	if (is_pool(hand)) {
		hand->state->template = child_spec_complete(spec->children);
		return 0;
	}
	for (i = 0; i < spec->count; i++)
		if (child_table_add(
			hand->store, hand->table, &spec->children[i]) == 0)
			return -ENOSPC;
	return 0;
}

static int
init(struct self *self, void *state, const struct message *start)
{
	struct hand hand = take_in_hand(self, state);
	struct process *process = hand.scheduler->running.process;
	struct family *family = family_found(hand.scheduler, process);
	const struct supervisor *supervisor = process_context(self);

	CHECK_OBJ(supervisor, SUPERVISOR_MAGIC);
	if (family == NULL)
		return -ENOSPC;
	take_family(&hand, family);
	if (take_spec(&hand, supervisor->spec) != 0)
		return -ENOSPC;
	process->flags |= PROCESS_TRAPS_EXIT; /* otp.md 1.1 */
	if (hand.state->flags.orphans == ORPHANS_ADOPT)
		process->flags |= PROCESS_BEQUEATHS;
	(void)start;
	if (is_pool(&hand)) {
		hand.state->has_started = true;
		clear_restart_limit(&hand);
		return 0;
	}
	family->start = hand.scheduler->running.message;
	hand.scheduler->running.keeps_message = true;
	task_start(&hand, TASK_INIT, hand.table->first, hand.table->last);
	task_go_on(&hand);
	return INIT_STARTS_LATER;
}

static void
on_start_answer(struct hand *hand, const struct message *event)
{
	bool has_started = event->kind == EVENT_STARTED;
	struct event_started started;
	uint32_t ref;

	memcpy(&started, event->body.bytes, sizeof started);
	started.pid = event->from; /* who can only speak for itself */
	ref = child_table_find_pid(hand->store, hand->table, event->from);
	if (is_pool(hand) && has_started)
		pool_started(hand, &started);
	else if (is_pool(hand))
		pool_failed(hand, &started);
	else if (ref != 0 && has_started)
		task_child_started(hand, ref);
	else if (ref != 0 && started.reason.kind == REASON_NORMAL)
		task_child_ignored(hand, ref);
	else if (ref != 0)
		task_child_failed(hand, ref, started.reason);
}

/* otp.md 1.9: an unknown pid is ignored. */
static void
on_child_exit(struct hand *hand, struct pid pid, struct reason reason)
{
	uint32_t ref = child_table_find_pid(hand->store, hand->table, pid);
	struct child *child = child_at(hand->store, ref);

	if (ref == 0)
		return;
	if (child->status == CHILD_STARTING) {
		task_child_failed(hand, ref, reason);
	} else if (child->status == CHILD_ENDING) {
		task_child_ended(hand, ref, reason);
	} else if (child->status == CHILD_RUNNING ||
	    child->status == CHILD_DEAD) {
		child->status = CHILD_DEAD;
		child->reason = reason;
		if (hand->state->phase == PHASE_IDLE)
			restart_child_ended(hand, ref, reason);
		else
			supervisor_postpone(hand);
	}
}

static void
on_exit_signal(struct hand *hand, const struct message *event)
{
	struct process *process = hand->scheduler->running.process;
	struct reason reason = event->body.ended.reason;

	if (pid_equal(event->from, process->supervisor))
		supervisor_stop(hand, reason); /* otp.md 1.27 */
	else if (is_pool(hand))
		pool_child_ended(hand, event->from, reason);
	else
		on_child_exit(hand, event->from, reason);
}

static void
on_timeout(struct hand *hand, const struct message *event)
{
	if (event->body.timeout.timer == TIMER_RETRY)
		restart_retry_due(hand);
	else if (is_pool(hand))
		pool_timed_out(hand);
	else
		task_timed_out(hand);
}

static void
handle(struct self *self, void *state, const struct message *event)
{
	struct hand hand = take_in_hand(self, state);
	struct process *process = hand.scheduler->running.process;

	take_family(&hand, family_of(hand.scheduler, hand.pid));
	switch (event->kind) {
	case EVENT_STARTED:
	case EVENT_START_FAILED:
		on_start_answer(&hand, event);
		break;
	case EVENT_EXIT:
		on_exit_signal(&hand, event);
		break;
	case EVENT_TIMEOUT:
		on_timeout(&hand, event);
		break;
	case EVENT_TRY_AGAIN:
		restart_try_again(&hand, event);
		break;
	default: /* otp.md 1.9: a supervisor never dies of its mail */
		(void)administration_handle(&hand, event);
		break;
	}
	task_go_on(&hand);
	if (hand.state->phase == PHASE_IDLE && pid_is_none(hand.state->ending))
		family_take_up(hand.scheduler, process, hand.family);
}

static void
terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self; /* its children have ended, or end with it */
	(void)state;
	(void)reason;
}

int
supervisor_alloc(struct supervisor **ret_supervisor,
    struct scheduler *scheduler, const struct supervisor_spec *spec)
{
	struct supervisor *supervisor;
	uint16_t id;
	int error;

	if (supervisor_spec_check(spec) != SUPERVISOR_OK)
		return -EINVAL;
	if (ALLOC_OBJ(supervisor, SUPERVISOR_MAGIC) == NULL)
		return -ENOMEM;
	supervisor->spec = spec;
	supervisor->module = (struct module){ .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = spec->name,
		.version = "native",
		.schema = { .size = sizeof(struct supervisor_state) },
		.init = init,
		.handle = handle,
		.terminate = terminate };
	error = behaviours_add_native(
	    scheduler->behaviours, &supervisor->module, supervisor, &id);
	if (error != 0)
		FREE_OBJ(&supervisor, SUPERVISOR_MAGIC);
	else
		*ret_supervisor = supervisor;
	return error;
}

void
supervisor_free(struct supervisor **supervisorp)
{
	FREE_OBJ(supervisorp, SUPERVISOR_MAGIC);
}

int
supervisor_start_root(
    struct scheduler *scheduler, const char *name, struct pid *ret_pid)
{
	const struct spawn spawn = { .behaviour = behaviour_current(
					 scheduler->behaviours, name),
		.name = name };

	return process_spawn(scheduler, &spawn, ret_pid);
}

bool
supervisor_is(const struct scheduler *scheduler, const struct process *process)
{
	return behaviour_at(scheduler->behaviours, process->behaviour)
		   ->module->handle == handle;
}

bool
supervisor_is_stopping(
    const struct scheduler *scheduler, const struct process *process)
{
	const struct supervisor_state *state =
	    store_at(scheduler->store, process->state);

	return supervisor_is(scheduler, process) && state->task == TASK_STOP;
}
