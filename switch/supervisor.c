/*
 * supervisor: see supervisor.h for what it is.
 *
 *            init: start children, one after another
 *   STARTING ------------------------------------------> RUNNING
 *      | a child fails to start                            |  a child exits:
 *      |                                                   |  restart, or give
 * up v                                                   v STOPPING
 * <------------------------------------------ (parent's exit, | children end,
 * last first, each with its time-out  limit passed)
 *      v
 *   process_exit(reason)
 *
 * transition             function
 * start the next child   start_next
 * child started          on_started
 * child ended            on_child_exit -> restart -> may_restart
 * begin to stop          stop -> stop_next, of a pool stop_pool
 *
 * The numbers of otp.md section 1 stand beside the code that keeps them.
 *
 * Invariants:
 *   1. a child with a pid is alive, or its EVENT_EXIT is in our mailbox;
 *   2. while STARTING, children below `next` are started, others are not;
 *   3. while STOPPING, no child is started.
 *
 * A supervisor is its process's state, plain bytes in the store; the struct
 * below it only ties a specification to a behaviour.
 */
#include "switch/supervisor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/behaviour.h"
#include "switch/holding.h"
#include "switch/message.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler_internal.h"

enum phase { PHASE_STARTING, PHASE_RUNNING, PHASE_STOPPING };
enum { TIMER_SHUTDOWN = 0, EVENT_TRY_AGAIN = EVENT_PRIVATE };

struct supervisor { /* the host object: one per specification */
	unsigned int magic;
#define SUPERVISOR_MAGIC 0x50be1e5a
	const struct supervisor_spec *spec;
	struct module module;
};

struct supervisor_state {
	struct pid children[SUPERVISOR_CHILDREN_MAX];
	uint64_t restarts;
	uint32_t stamps[SUPERVISOR_INTENSITY_MAX + 1]; /* whole seconds */
	uint32_t stamp_count;
	uint32_t next;	      /* child to start, or (stopping) to end, plus 1 */
	struct reason reason; /* why it stops */
	uint8_t phase;
};

/* One event of one supervisor: what every function below needs. */
struct hand {
	struct self *self;
	struct scheduler *scheduler;
	const struct supervisor_spec *spec;
	struct supervisor_state *state;
	struct pid pid;
};

static struct hand
take_in_hand(struct self *self, void *state)
{
	struct scheduler *scheduler = self->scheduler;
	const struct supervisor *supervisor = process_context(self);

	CHECK_OBJ(supervisor, SUPERVISOR_MAGIC);
	return (struct hand){ .self = self,
		.scheduler = scheduler,
		.spec = supervisor->spec,
		.state = state,
		.pid = scheduler->running.pid };
}

static int
spawn_child(struct hand *hand, const struct child_spec *child,
    const struct message *request, struct pid *ret_pid)
{
	const struct spawn spawn = { .behaviour = behaviour_current(
					 hand->scheduler->behaviours,
					 child->behaviour),
		.on_fault = (uint8_t)child->on_fault,
		.fault_limit = child->fault_limit,
		.traps_exit = child->traps_exit,
		.supervisor = hand->pid,
		.requester = request == NULL ? PID_NONE : request->from,
		.name = child->is_registered ? child->id : NULL,
		.start = request == NULL ? NULL : request->body.bytes,
		.length = request == NULL ? 0 : request->length };

	return process_spawn(hand->scheduler, &spawn, ret_pid);
}

static void stop(struct hand *hand, struct reason reason);

/* otp.md 1.2: left to right, each acknowledged before the next. */
static void
start_next(struct hand *hand)
{
	struct supervisor_state *state = hand->state;

	if (state->next == hand->spec->count) {
		state->phase = PHASE_RUNNING;
		process_started(hand->scheduler, hand->pid);
	} else if (spawn_child(hand, &hand->spec->children[state->next], NULL,
		       &state->children[state->next]) != 0) {
		stop(hand, (struct reason){ .kind = REASON_SHUTDOWN });
	}
}

static int
find_child(const struct hand *hand, struct pid pid)
{
	unsigned int i;

	for (i = 0; i < hand->spec->count; i++)
		if (pid_equal(hand->state->children[i], pid))
			return (int)i;
	return -1;
}

/* otp.md 1.10, exactly: true if one more restart is within the limit. */
static bool
may_restart(struct hand *hand)
{
	struct supervisor_state *state = hand->state;
	uint32_t now = (uint32_t)(hand->scheduler->now / 1000000);
	uint32_t i, kept = 0;

	for (i = 0; i < state->stamp_count; i++)
		if (now - state->stamps[i] <= hand->spec->period_s)
			state->stamps[kept++] = state->stamps[i];
	state->stamps[kept++] = now;
	state->stamp_count = kept;
	return kept <= hand->spec->intensity;
}

static void
record_restart(struct hand *hand, unsigned int index, struct pid old_pid,
    struct reason reason)
{
	struct restart_record record = { .at = hand->scheduler->now,
		.old_pid = old_pid,
		.new_pid = hand->state->children[index],
		.reason = reason };

	(void)snprintf(record.supervisor, sizeof record.supervisor, "%s",
	    hand->spec->name);
	(void)snprintf(record.child, sizeof record.child, "%s",
	    hand->spec->children[index].id);
	(void)process_post_parcel(hand->scheduler,
	    registry_whereis(hand->scheduler->registry, RECORD_RECIPIENT),
	    RECORD_RESTART, &record, sizeof record);
}

/* otp.md 1.11 to 1.13 and 1.19: each try counts; a failed one is repeated. */
static void
restart(struct hand *hand, unsigned int index, struct reason reason)
{
	struct supervisor_state *state = hand->state;
	struct pid old_pid = state->children[index];
	uint32_t again = index;

	state->children[index] = PID_NONE;
	if (!may_restart(hand)) {
		record_restart(hand, index, old_pid, reason);
		stop(hand, (struct reason){ .kind = REASON_SHUTDOWN });
		return;
	}
	state->restarts++;
	hand->scheduler->counts.restarts++;
	if (spawn_child(hand, &hand->spec->children[index], NULL,
		&state->children[index]) != 0)
		(void)process_send(hand->self, hand->pid, EVENT_TRY_AGAIN,
		    &again, sizeof again);
	record_restart(hand, index, old_pid, reason);
}

/* otp.md 1.6 to 1.8. */
static bool
wants_restart(enum restart_type type, struct reason reason)
{
	switch (type) {
	case RESTART_PERMANENT:
		return true;
	case RESTART_TRANSIENT:
		return reason.kind != REASON_NORMAL &&
		    reason.kind != REASON_SHUTDOWN;
	case RESTART_TEMPORARY:
		return false;
	}
	return false;
}

static void
exit_child(struct hand *hand, struct pid child, enum reason_kind kind)
{
	process_exit_signal(hand->scheduler, hand->pid, child,
	    (struct reason){ .kind = (uint16_t)kind });
}

/* otp.md 1.23: shutdown, wait, kill; brutal: kill at once. */
static void
shut_down(struct hand *hand, const struct child_spec *child, struct pid pid)
{
	int ms = child->shutdown_ms;

	if (ms == 0) {
		exit_child(hand, pid, REASON_KILL);
		return;
	}
	exit_child(hand, pid, REASON_SHUTDOWN);
	if (ms != SHUTDOWN_INFINITY)
		(void)process_start_timer(
		    hand->self, TIMER_SHUTDOWN, 0, (uint64_t)ms * 1000);
}

/* otp.md 1.22: in reverse, one after another; then it ends itself. */
static void
stop_next(struct hand *hand)
{
	struct supervisor_state *state = hand->state;

	while (state->next > 0) {
		state->next--;
		if (process_is_alive(
			hand->scheduler, state->children[state->next])) {
			shut_down(hand, &hand->spec->children[state->next],
			    state->children[state->next]);
			return;
		}
	}
	(void)process_stop_timer(hand->self, TIMER_SHUTDOWN, 0);
	(void)process_exit(hand->self, state->reason);
}

static uint32_t
youngest_child(const struct hand *hand)
{
	const struct process *process =
	    process_find(hand->scheduler, hand->pid);
	uint32_t ref =
	    holding_find(hand->scheduler, process, HOLDING_CHILDREN, 0, 0, 0);

	return holding_at(hand->scheduler, ref)->count;
}

/* otp.md 1.26: all at once, one timer; later kill who is left. */
static void
signal_pool(struct hand *hand, enum reason_kind kind)
{
	uint32_t slot = youngest_child(hand), older;

	for (; slot != 0; slot = older) {
		older = process_at(hand->scheduler, slot)->older;
		exit_child(hand,
		    process_pid(
			hand->scheduler, process_at(hand->scheduler, slot)),
		    kind);
	}
}

static void
stop_pool(struct hand *hand)
{
	int ms = hand->spec->children[0].shutdown_ms;

	signal_pool(hand, ms == 0 ? REASON_KILL : REASON_SHUTDOWN);
	if (youngest_child(hand) == 0)
		(void)process_exit(hand->self, hand->state->reason);
	else if (ms > 0)
		(void)process_start_timer(
		    hand->self, TIMER_SHUTDOWN, 0, (uint64_t)ms * 1000);
}

static void
stop(struct hand *hand, struct reason reason)
{
	struct supervisor_state *state = hand->state;

	if (state->phase == PHASE_STOPPING)
		return;
	state->phase = PHASE_STOPPING;
	state->reason = reason;
	if (hand->spec->is_pool) {
		stop_pool(hand);
		return;
	}
	state->next = hand->spec->count;
	stop_next(hand);
}

static void
on_shutdown_timeout(struct hand *hand)
{
	if (hand->state->phase != PHASE_STOPPING)
		return;
	if (hand->spec->is_pool)
		signal_pool(hand, REASON_KILL);
	else
		exit_child(hand, hand->state->children[hand->state->next],
		    REASON_KILL);
}

static void
answer_request(struct hand *hand, uint16_t kind,
    const struct event_started *started, struct reason reason)
{
	const struct event_child_failed failed = { .key = started->key,
		.reason = reason };

	if (pid_is_none(started->requester))
		return;
	if (kind == EVENT_CHILD_STARTED)
		(void)process_send(hand->self, started->requester, kind,
		    started, sizeof *started);
	else
		(void)process_send(hand->self, started->requester, kind,
		    &failed, sizeof failed);
}

static void
on_started(struct hand *hand, const struct event_started *started)
{
	if (hand->spec->is_pool) {
		answer_request(hand, EVENT_CHILD_STARTED, started,
		    (struct reason){ .kind = REASON_NORMAL });
	} else if (hand->state->phase == PHASE_STARTING) {
		hand->state->next++;
		start_next(hand);
	}
}

/* The start of a child came to nothing (otp.md 1.4, 1.19). */
static void
on_start_failed(struct hand *hand, const struct event_started *started,
    struct reason reason)
{
	int index = find_child(hand, started->pid);

	if (hand->spec->is_pool) {
		answer_request(hand, EVENT_CHILD_FAILED, started, reason);
	} else if (index < 0 || hand->state->phase == PHASE_STOPPING) {
		return;
	} else if (hand->state->phase == PHASE_STARTING) {
		hand->state->children[index] = PID_NONE;
		stop(hand, (struct reason){ .kind = REASON_SHUTDOWN });
	} else {
		restart(hand, (unsigned int)index, reason);
	}
}

static void
on_child_exit(struct hand *hand, struct pid child, struct reason reason)
{
	struct supervisor_state *state = hand->state;
	int index = find_child(hand, child);

	if (state->phase == PHASE_STOPPING) {
		if (hand->spec->is_pool && youngest_child(hand) == 0)
			(void)process_exit(hand->self, state->reason);
		else if (!hand->spec->is_pool && index == (int)state->next)
			stop_next(hand);
	} else if (index >= 0) { /* otp.md 1.9: an unknown pid is ignored */
		if (wants_restart(hand->spec->children[index].restart, reason))
			restart(hand, (unsigned int)index, reason);
		else
			state->children[index] = PID_NONE;
	}
}

static void
on_exit_signal(struct hand *hand, const struct message *event)
{
	struct reason reason = event->body.ended.reason;
	struct process *process = process_find(hand->scheduler, hand->pid);

	if (pid_equal(event->from, process->supervisor))
		stop(hand, reason); /* otp.md 1.27 */
	else
		on_child_exit(hand, event->from, reason);
}

static void
on_start_child(struct hand *hand, const struct message *request)
{
	struct event_started asked = { .requester = request->from };
	struct pid pid;

	memcpy(&asked.key, request->body.bytes, sizeof asked.key);
	if (!hand->spec->is_pool || hand->state->phase != PHASE_RUNNING ||
	    spawn_child(hand, &hand->spec->children[0], request, &pid) != 0)
		answer_request(hand, EVENT_CHILD_FAILED, &asked,
		    (struct reason){ .kind = REASON_ERROR });
}

static int
init(struct self *self, void *state, const struct message *start)
{
	struct hand hand = take_in_hand(self, state);
	uint32_t children = holding_alloc(hand.scheduler, HOLDING_CHILDREN);

	(void)start;
	if (children == 0)
		return -ENOSPC;
	holding_attach(
	    hand.scheduler, process_find(hand.scheduler, hand.pid), children);
	if (hand.spec->is_pool) {
		hand.state->phase = PHASE_RUNNING;
		return 0;
	}
	start_next(&hand);
	return INIT_STARTS_LATER;
}

static void
handle(struct self *self, void *state, const struct message *event)
{
	struct hand hand = take_in_hand(self, state);
	struct event_started started;
	uint32_t index;

	memcpy(&started, event->body.bytes, sizeof started);
	switch (event->kind) {
	case EVENT_START_CHILD:
		on_start_child(&hand, event);
		break;
	case EVENT_STARTED:
		on_started(&hand, &started);
		break;
	case EVENT_START_FAILED:
		on_start_failed(&hand, &started, started.reason);
		break;
	case EVENT_EXIT:
		on_exit_signal(&hand, event);
		break;
	case EVENT_TIMEOUT:
		on_shutdown_timeout(&hand);
		break;
	case EVENT_TRY_AGAIN:
		memcpy(&index, event->body.bytes, sizeof index);
		if (hand.state->phase == PHASE_RUNNING)
			restart(&hand, index,
			    (struct reason){ .kind = REASON_ERROR });
		break;
	default: /* otp.md 1.9: a supervisor never dies of its mail */
		break;
	}
}

static void
terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self; /* its children have ended, or end with it */
	(void)state;
	(void)reason;
}

static bool
is_sound(const struct supervisor_spec *spec)
{
	unsigned int i, j;

	if (spec->count == 0 || spec->count > SUPERVISOR_CHILDREN_MAX ||
	    spec->period_s == 0 || spec->intensity > SUPERVISOR_INTENSITY_MAX ||
	    (spec->is_pool &&
		(spec->count != 1 ||
		    spec->children[0].restart != RESTART_TEMPORARY)))
		return false;
	for (i = 0; i < spec->count; i++) {
		if (spec->children[i].id == NULL ||
		    spec->children[i].id[0] == '\0' ||
		    spec->children[i].behaviour == NULL ||
		    spec->children[i].shutdown_ms < SHUTDOWN_INFINITY)
			return false;
		for (j = 0; j < i; j++)
			if (strcmp(spec->children[i].id,
				spec->children[j].id) == 0)
				return false;
	}
	return true;
}

int
supervisor_alloc(struct supervisor **ret_supervisor,
    struct scheduler *scheduler, const struct supervisor_spec *spec)
{
	struct supervisor *supervisor;
	uint16_t id;
	int error;

	if (!is_sound(spec))
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
		.traps_exit = true,
		.name = name };

	return process_spawn(scheduler, &spawn, ret_pid);
}

static bool
is_supervisor(const struct scheduler *scheduler, const struct process *process)
{
	return behaviour_at(scheduler->behaviours, process->behaviour)
		   ->module->handle == handle;
}

int
supervisor_count_children(struct scheduler *scheduler, struct pid pid,
    struct supervisor_count *ret_count)
{
	const struct process *process = process_find(scheduler, pid);
	const struct supervisor_state *state;
	uint32_t slot, ref;

	if (process == NULL)
		return -ESRCH;
	if (!is_supervisor(scheduler, process))
		return -EINVAL;
	*ret_count = (struct supervisor_count){ 0, 0 };
	state = store_at(scheduler->store, process->state);
	ret_count->restarts = state->restarts;
	ref = holding_find(scheduler, process, HOLDING_CHILDREN, 0, 0, 0);
	slot = ref == 0 ? 0 : holding_at(scheduler, ref)->count;
	for (; slot != 0; slot = process_at(scheduler, slot)->older)
		ret_count->active++;
	return 0;
}
