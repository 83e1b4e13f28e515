/*
 * code_change: takes one process from one version of its module to another.
 *
 * The new state is made on the scratch, under the same guards as an event, and
 * only then copied into a slab of its own: whatever goes wrong on the way, the
 * process keeps its state and its version.  What code_change is given to read
 * is a copy; one that writes to it is refused.  Of two that are one unit
 * (unit.h) both states are made before either process takes its own over.
 *
 * Invariants:
 *   1. up to take_over() a process has its version, its state and all it holds;
 *   2. what is prepared has all the memory that take_over() wants, so that it
 *      cannot fail; else all of that is given back.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "switch/holding.h"
#include "switch/log.h"
#include "switch/machine.h"
#include "switch/record.h"
#include "switch/scheduler_internal.h"
#include "switch/unit.h"

struct change {
	const struct converter *converter;
	const struct behaviour *from, *to;
	struct pid pid;
	const void *live; /* the state, which the module sees a copy of */
	struct state_change state;
	int result;
	bool is_tried;	      /* only: nothing is recorded or counted */
	bool is_hooks;	      /* the fault that it has met */
	struct reason reason; /* and how, if it is tried only */
};

/*
 * A hook that has taken all of its time so often is not asked on the way down
 * any more: each time is 50 ms in which no call of the scheduler goes on.
 */
enum { STUCK_MAX = 3 /* design 5: the third such */ };

static void
convert(void *arg)
{
	struct change *change = arg;

	change->result =
	    change->converter->convert(change->converter->arg, &change->state);
}

/*
 * The fault of a hook, or of the check of what it has made.  A state that was
 * overrun is found only after both; then it is the hook's, which writes.
 */
static bool
is_of_check(const struct change *change, const struct fault_caught *caught)
{
	return change->state.hook == NULL ||
	    (change->state.checks && caught->signal != 0);
}

static const struct behaviour *
who_faulted(const struct change *change, const struct fault_caught *caught)
{
	return is_of_check(change, caught) || change->state.hook == change->to
	    ? change->to
	    : change->from;
}

static void
record_change_fault(struct scheduler *scheduler, const struct change *change,
    const struct fault_caught *caught)
{
	const struct behaviour *behaviour = who_faulted(change, caught);
	struct fault_record record = { .pid = change->pid,
		.reason = record_reason(behaviour, caught),
		.callback = CALLBACK_CODE_CHANGE };

	(void)snprintf(record.event_name, sizeof record.event_name, "%s",
	    is_of_check(change, caught) ? "check" : "code_change");
	record_send_fault(scheduler, behaviour, &record);
}

/* Fills the scratch; false: a hook or a check has faulted on the way. */
static bool
contain(struct scheduler *scheduler, struct change *change,
    struct fault_caught *ret_caught)
{
	uint32_t size = change->to->module->schema.size;

	*ret_caught = (struct fault_caught){ .signal = 0 };
	memcpy(scheduler->was, change->live, change->from->module->schema.size);
	change->state.old_state = scheduler->was;
	fault_begin(scheduler->fault, change->to->name, change->to->image,
	    change->to->image_size);
	change->state.new_state = fault_scratch(scheduler->fault, size);
	memset(change->state.new_state, 0, size);
	return fault_contain(scheduler->fault, convert, change, ret_caught) &&
	    fault_canary_is_whole(scheduler->fault, size);
}

static bool
is_spoilt(const struct scheduler *scheduler, const struct change *change)
{
	return change->state.hook != NULL &&
	    memcmp(scheduler->was, change->live,
		change->from->module->schema.size) != 0;
}

static int
try_change(struct scheduler *scheduler, struct change *change)
{
	struct fault_caught caught;

	if (contain(scheduler, change, &caught)) {
		change->is_hooks = is_spoilt(scheduler, change);
		return change->is_hooks ? -EROFS : change->result;
	}
	change->is_hooks = !is_of_check(change, &caught);
	change->reason = record_reason(who_faulted(change, &caught), &caught);
	if (!change->is_tried)
		record_change_fault(scheduler, change, &caught);
	return caught.signal == SIGXCPU ? -ETIME : -EFAULT;
}

/* It is not for this state, or not sound: nothing will be different later. */
static bool
is_refusal(int error)
{
	return error == -EBADMSG || error == -EFAULT || error == -ETIME ||
	    error == -EROFS;
}

/* Whether its hook, which has just done wrong, is to be left out. */
static bool
must_skip(const struct change *change, int error)
{
	return is_refusal(error) && change->is_hooks &&
	    change->state.may_skip_hook && !change->state.skips_hook;
}

static bool
is_stuck(const struct behaviour *behaviour)
{
	return atomic_load_explicit(&behaviour->stuck, memory_order_relaxed) >=
	    STUCK_MAX;
}

static int
try_twice(struct scheduler *scheduler, struct change *change)
{
	struct behaviour *from = &scheduler->behaviour[change->from->id];
	int error;

	/* The newer one has the hook, and on the way down that is left. */
	change->state.skips_hook = change->state.skips_hook || is_stuck(from);
	error = try_change(scheduler, change);
	if (!must_skip(change, error))
		return error;
	if (error == -ETIME && !change->is_tried)
		atomic_fetch_add(&from->stuck, 1);
	change->state.skips_hook = true;
	return try_change(scheduler, change);
}

/* What one process will be, when nothing can go wrong any more. */
struct prepared {
	struct process *process;
	const struct behaviour *from, *to;
	uint32_t state, kept; /* refs; what its new state cannot hold, or 0 */
	uint32_t restored; /* ref of the HOLDING_KEPT that comes back, or 0 */
	uint16_t lost_timer, lost_end; /* as of struct state_change */
};

/* Room for the new state and for what it cannot hold; all or nothing. */
static int
take_room(struct scheduler *scheduler, const struct change *change,
    struct prepared *prepared)
{
	uint32_t kept = 0;
	uint32_t state =
	    store_take(scheduler->store, change->to->module->schema.size);

	if (state == 0)
		return -ENOSPC;
	if (change->state.kept > 0) {
		kept = holding_alloc_kept(
		    scheduler, change->from->id, change->state.kept);
		if (kept == 0) {
			store_give(scheduler->store, state,
			    change->to->module->schema.size);
			return -ENOSPC;
		}
		memcpy(holding_at(scheduler, kept) + 1, scheduler->keep,
		    change->state.kept);
	}
	memcpy(store_at(scheduler->store, state), change->state.new_state,
	    change->to->module->schema.size);
	prepared->state = state;
	prepared->kept = kept;
	prepared->lost_timer = change->state.lost_timer;
	prepared->lost_end = change->state.lost_end;
	return 0;
}

static void
give_back(struct scheduler *scheduler, const struct prepared *prepared)
{
	store_give(scheduler->store, prepared->state,
	    prepared->to->module->schema.size);
	if (prepared->kept != 0)
		holding_free(scheduler, prepared->kept);
}

/* The next of its timers, from `ref` on, that is one of those; or 0. */
static uint32_t
find_timer(const struct scheduler *scheduler, uint32_t ref, uint16_t first,
    uint16_t end)
{
	const struct holding *timer;

	for (; ref != 0; ref = timer->next) {
		timer = holding_at(scheduler, ref);
		if (timer->kind == HOLDING_TIMER && timer->number >= first &&
		    timer->number < end)
			return ref;
	}
	return 0;
}

/* What the new version does not declare it could not tell from another. */
static void
cancel_timers(struct scheduler *scheduler, const struct prepared *prepared)
{
	struct process *process = prepared->process;
	struct pid pid = process_pid(scheduler, process);
	uint32_t ref;

	while ((ref = find_timer(scheduler, process->holdings,
		    prepared->lost_timer, prepared->lost_end)) != 0) {
		log_line(scheduler->log,
		    process_entry(scheduler, LEVEL_notice, prepared->to, pid),
		    "timer %u cancelled", holding_at(scheduler, ref)->number);
		holding_drop(scheduler, process, ref);
	}
}

void
process_left(struct scheduler *scheduler, uint16_t behaviour)
{
	const struct converter *converter =
	    behaviours_converter(scheduler->behaviours);

	if (scheduler->tallies[behaviour].holders == 0 &&
	    converter->left != NULL)
		converter->left(converter->arg, scheduler->number, behaviour);
}

static void
tell_departure(struct scheduler *scheduler, const struct prepared *prepared)
{
	const struct converter *converter =
	    behaviours_converter(scheduler->behaviours);
	const struct departure departure = { .scheduler = scheduler->number,
		.from = prepared->from->id,
		.to = prepared->to->id,
		.state = store_at(scheduler->store, prepared->process->state) };

	if (converter->goes != NULL)
		converter->goes(converter->arg, &departure);
}

static void
take_over(struct scheduler *scheduler, const struct prepared *prepared)
{
	struct process *process = prepared->process;
	struct behaviour_tally *tallies = scheduler->tallies;

	tell_departure(scheduler, prepared);
	retry_leave(scheduler, process);
	store_give(scheduler->store, process->state,
	    prepared->from->module->schema.size);
	process->state = prepared->state;
	process->behaviour = prepared->to->id;
	process->upgrades++;
	if (scheduler->witness != NULL)
		witness_tell_conversion(scheduler, process);
	if (prepared->lost_timer < prepared->lost_end)
		cancel_timers(scheduler, prepared);
	holding_drop(scheduler, process, prepared->restored);
	if (prepared->kept != 0) {
		holding_attach(scheduler, process, prepared->kept);
		process->flags |= PROCESS_KEEPS;
	}
	tally_add(&tallies[prepared->from->id].holders, (uint64_t)-1);
	tally_add(&tallies[prepared->to->id].holders, 1);
	tally_add(&tallies[prepared->to->id].conversions, 1);
	process_left(scheduler, prepared->from->id);
}

/*
 * It could not go, for itself or for the other of its unit: as long as no event
 * changes either there is no need to try again.  If a release on trial cannot
 * have it, it is not tried while that lasts: hooks would be run in vain after
 * each of its events.
 */
static void
stay(struct scheduler *scheduler, struct process *process, uint16_t target,
    int error, bool by_other)
{
	const struct behaviour *to =
	    behaviour_at(scheduler->behaviours, target);

	process->by_other = by_other;
	if (to->fallback != 0 && process_change_is_failure(error))
		retry_bar(scheduler, process, error);
	retry_wait(scheduler, process);
}

/* A release that it has faulted on is not to have it while it is on trial. */
static bool
may_go_to(const struct scheduler *scheduler, const struct process *process,
    uint16_t target)
{
	return process->barred == 0 ||
	    behaviour_at(scheduler->behaviours, target)->fallback == 0 ||
	    !retry_is_barred(scheduler, process);
}

/* The process is as it was, whatever comes of it. */
static int
prepare(struct scheduler *scheduler, struct process *process, uint16_t target,
    struct prepared *prepared)
{
	struct behaviours *behaviours = scheduler->behaviours;
	const struct behaviour *from = process_behaviour(scheduler, process);
	const struct behaviour *to = behaviour_at(behaviours, target);
	struct change change = { .converter = behaviours_converter(behaviours),
		.from = from,
		.to = to,
		.pid = process_pid(scheduler, process),
		.live = store_at(scheduler->store, process->state),
		.state = { .from = from, .to = to, .keep = scheduler->keep } };
	int error;

	if (change.converter->convert == NULL)
		return -ENOENT;
	*prepared = (struct prepared){ .process = process,
		.from = from,
		.to = to,
		.restored = keeping_find(scheduler, process, to->id) };
	change.state.restore = keeping_bytes(scheduler, prepared->restored);
	error = try_twice(scheduler, &change);
	return error == 0 ? take_room(scheduler, &change, prepared) : error;
}

static bool
is_between_events(const struct process *process)
{
	return process->status == PROCESS_RUNNING ||
	    process->status == PROCESS_SUSPENDED;
}

/*
 * What comes of two: a refusal is one of both, then whoever has no image has
 * the other wait.  So it does not matter which of them is asked first.
 */
static int
prepare_both(struct scheduler *scheduler, struct process *const both[2],
    uint16_t target, struct prepared prepared[2], int errors[2])
{
	errors[0] = prepare(scheduler, both[0], target, &prepared[0]);
	if (is_refusal(errors[0]))
		return errors[0];
	errors[1] = prepare(scheduler, both[1], target, &prepared[1]);
	if (errors[0] == 0 && errors[1] != 0)
		give_back(scheduler, &prepared[0]);
	if (errors[1] == 0 && errors[0] != 0)
		give_back(scheduler, &prepared[1]);
	return is_refusal(errors[1]) || errors[0] == 0 ? errors[1] : errors[0];
}

static int
change_one(
    struct scheduler *scheduler, struct process *process, uint16_t target)
{
	struct prepared prepared;
	int error = prepare(scheduler, process, target, &prepared);

	if (error == 0)
		take_over(scheduler, &prepared);
	else
		stay(scheduler, process, target, error, false);
	return error;
}

/* One of a unit is converted with the other, or not at all. */
static int
change_unit(struct scheduler *scheduler, struct process *process,
    struct process *partner, uint16_t target)
{
	struct process *const both[2] = { process, partner };
	struct prepared prepared[2];
	int error, errors[2] = { 0, 0 };

	if (!is_between_events(partner))
		return -EAGAIN;
	if (!may_go_to(scheduler, partner, target)) {
		stay(scheduler, process, target, -EPERM, true);
		return -EPERM;
	}
	error = prepare_both(scheduler, both, target, prepared, errors);
	if (error != 0) {
		stay(scheduler, process, target, error, errors[0] != error);
		stay(scheduler, partner, target, error, errors[1] != error);
		return error;
	}
	take_over(scheduler, &prepared[0]);
	take_over(scheduler, &prepared[1]);
	return 0;
}

static int
change_code(
    struct scheduler *scheduler, struct process *process, uint16_t target)
{
	struct process *partner = unit_partner(scheduler, process);

	return partner != NULL && partner->behaviour != target
	    ? change_unit(scheduler, process, partner, target)
	    : change_one(scheduler, process, target);
}

int
process_convert(
    struct scheduler *scheduler, struct process *process, uint16_t target)
{
	const struct converter *converter =
	    behaviours_converter(scheduler->behaviours);
	uint64_t begun;
	int result;

	if (target == 0 || target == process->behaviour)
		return 0;
	if (!may_go_to(scheduler, process, target))
		return -EPERM;
	begun = machine_ns(CLOCK_THREAD_CPUTIME_ID);
	result = change_code(scheduler, process, target);
	if (converter->attempted != NULL)
		converter->attempted(converter->arg,
		    process_pid(scheduler, process), result,
		    machine_ns(CLOCK_THREAD_CPUTIME_ID) - begun);
	return result;
}

int
process_fall_back(struct scheduler *scheduler, struct process *process)
{
	uint16_t fallback = process_behaviour(scheduler, process)->fallback;
	uint64_t begun = machine_ns(CLOCK_THREAD_CPUTIME_ID);
	int error = change_code(scheduler, process, fallback);

	if (error == 0)
		process_add_pause(scheduler, process_pid(scheduler, process),
		    machine_ns(CLOCK_THREAD_CPUTIME_ID) - begun);
	return error;
}

int
process_change_alone(
    struct scheduler *scheduler, struct process *process, uint16_t target)
{
	if (process->behaviour == target)
		return 0;
	return is_between_events(process)
	    ? change_one(scheduler, process, target)
	    : -EAGAIN;
}

const char *
process_change_why(int error)
{
	switch (error) {
	case -EDOM:
		return "its state has no image there";
	case -EBADMSG:
		return "its code_change or check refuses the state";
	case -EFAULT:
		return "its code_change or check faulted";
	case -EROFS:
		return "its code_change writes to the old state";
	case -ENOENT:
		return "no plan leads there";
	case -ENOSPC:
		return "there is no memory for its new state";
	case -ETIME:
		return "its code_change or check did not end and was stopped "
		       "at the limit of processor time";
	case -ETIMEDOUT:
		return "its conversion took over 1 ms of processor time";
	case -ECANCELED:
		return "an event of it faulted there";
	case -EPERM:
		return "it is barred from there";
	default:
		return strerror(-error);
	}
}

bool
process_change_is_failure(int error)
{
	return is_refusal(error) || error == -ECANCELED || error == -EPERM;
}

int
process_change_code(
    struct scheduler *scheduler, struct pid pid, uint16_t behaviour)
{
	struct process *process = process_find(scheduler, pid);

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	if (process == NULL)
		return -ESRCH;
	if (process->is_untold) { /* nobody knows for how long */
		retry_wait(scheduler, process);
		return -ENOSPC;
	}
	if (!is_between_events(process))
		return -EAGAIN;
	if (process->behaviour == behaviour)
		return 0;
	if (!may_go_to(scheduler, process, behaviour))
		return -EPERM;
	return change_code(scheduler, process, behaviour);
}

int
process_try_change(struct scheduler *scheduler, struct state_change *change,
    struct reason *ret_fault)
{
	struct change trial = { .converter =
				    behaviours_converter(scheduler->behaviours),
		.from = change->from,
		.to = change->to,
		.live = change->old_state,
		.is_tried = true,
		.state = *change };
	int error;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	if (trial.converter->convert == NULL)
		return -ENOENT;
	error = try_twice(scheduler, &trial);
	*change = trial.state;
	change->old_state = trial.live;
	*ret_fault = trial.reason;
	return error;
}

int
process_timer(
    struct scheduler *scheduler, struct pid pid, uint16_t first, uint16_t end)
{
	const struct process *process = process_find(scheduler, pid);
	uint32_t ref;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	ref = process == NULL
	    ? 0
	    : find_timer(scheduler, process->holdings, first, end);
	return ref == 0 ? -1 : holding_at(scheduler, ref)->number;
}
