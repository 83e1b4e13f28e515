/*
 * retry: an event that faults on a release on trial goes to the version before.
 *
 *      the event faults, and all that it did is undone (transaction.c)
 *        |
 *        v
 *      the process is converted to the fallback ---------> its on_fault
 *        |                                        cannot     decides
 *        v
 *      it is barred; the event is the next one of its mailbox
 *
 * So a bad release costs its subscribers nothing while it is on trial: the
 * fault is counted, logged and recorded as any, but not against the process,
 * and the same message, its parcel and all, is handled by code that is known
 * to work.  If that faults too it is a fault like any other, and on_fault
 * decides then.  What faults in init() has nothing yet to be converted: it is
 * born again, of the version before, from the same start.
 *
 * A process that was given back stays, and so does the other of its unit: no
 * sweep, event or use_current takes them to that release again until the trial
 * is over, one way or the other.  Then they follow at the next event, if the
 * release is still the target.
 *
 * Here, too, is what the words mean that are said of who is not where all else
 * goes.  There are two, and each process has one of them at most:
 *
 *   failed   the release on trial cannot have it: code_change or check has
 *            refused its state or faulted on it, or an event of it has faulted
 *            there; or that is so of the other of its unit.  It is barred,
 *            from then on and in no other case; it is called so until it is
 *            converted after all, or the next trial begins.
 *   pinned   it was tried and stays for now: its state has no image there, or,
 *            where nothing is on trial (on the way back, or once the release is
 *            permanent), code_change or check refuses it.  It is tried again
 *            after each of its events, once; before the next it is as it was.
 *            Whoever started it has it wait along from its birth.
 *
 * What this is not: a second chance for EVENT_FAULTED, which the process gets
 * where a faulted event was lost; for a start that init() refuses, which is its
 * answer (too many of them take the release back, release_trial.c); or for
 * terminate, after which there is nothing to save.
 *
 * Invariants:
 *   1. a process bears the number of a trial only while it has not been
 *      converted since that trial gave it back, or refused it;
 *   2. an event is tried twice at most: a fallback has no fallback;
 *   3. `barred` counts who bears the number of the trial `barred_in`;
 *   4. who waits for the aim that is (retry_waits) is counted as one that does
 *      (converter.waits), in the state that it was in after its last event.
 */
#include <errno.h>
#include <string.h>

#include "switch/log.h"
#include "switch/mailbox.h"
#include "switch/message.h"
#include "switch/record.h"
#include "switch/scheduler_internal.h"
#include "switch/unit.h"

bool
retry_is_barred(
    const struct scheduler *scheduler, const struct process *process)
{
	return process->barred != 0 &&
	    process->barred == behaviours_trial(scheduler->behaviours);
}

bool
retry_has_failed(
    const struct scheduler *scheduler, const struct process *process)
{
	return process->barred != 0 &&
	    process->barred == behaviours_last_trial(scheduler->behaviours);
}

bool
retry_is_in_vain(
    const struct scheduler *scheduler, const struct process *process)
{
	return process->tried != 0 &&
	    process->tried == behaviours_aim(scheduler->behaviours);
}

bool
retry_waits(const struct scheduler *scheduler, const struct process *process)
{
	return retry_is_in_vain(scheduler, process) &&
	    !retry_has_failed(scheduler, process) &&
	    process_behaviour(scheduler, process)->target != 0;
}

static unsigned int
state_of(const struct scheduler *scheduler, const struct process *process)
{
	const struct converter *converter =
	    behaviours_converter(scheduler->behaviours);

	return converter->state == NULL
	    ? 0
	    : converter->state(converter->arg, process->behaviour,
		  store_at(scheduler->store, process->state));
}

static void
count_waiting(struct scheduler *scheduler, unsigned int state, int change)
{
	const struct converter *converter =
	    behaviours_converter(scheduler->behaviours);

	if (converter->waits != NULL)
		converter->waits(
		    converter->arg, scheduler->number, state, change);
}

void
retry_note_state(struct scheduler *scheduler)
{
	struct running *running = &scheduler->running;

	if (retry_waits(scheduler, running->process))
		running->waited =
		    (uint8_t)(1 + state_of(scheduler, running->process));
}

/* It is counted in the state that it was in when it was, before its event. */
static void
stop_waiting(struct scheduler *scheduler, const struct process *process)
{
	struct running *running = &scheduler->running;
	unsigned int state;

	if (!retry_waits(scheduler, process))
		return;
	if (running->process == process && running->waited != 0) {
		state = running->waited - 1U;
		running->waited = 0;
	} else {
		state = state_of(scheduler, process);
	}
	count_waiting(scheduler, state, -1);
}

void
retry_wait(struct scheduler *scheduler, struct process *process)
{
	stop_waiting(scheduler, process);
	process->tried = behaviours_aim(scheduler->behaviours) &
	    (unsigned int)BEHAVIOURS_AIMS;
	if (retry_waits(scheduler, process))
		count_waiting(scheduler, state_of(scheduler, process), 1);
}

void
retry_bar(struct scheduler *scheduler, struct process *process, int error)
{
	const struct converter *converter =
	    behaviours_converter(scheduler->behaviours);
	uint16_t trial = behaviours_trial(scheduler->behaviours);

	if (process->barred == trial)
		return;
	stop_waiting(scheduler, process);
	if (scheduler->barred_in != trial)
		memset(scheduler->barred, 0, sizeof scheduler->barred);
	scheduler->barred_in = trial;
	scheduler->barred[process->behaviour]++;
	process->barred = trial & (unsigned int)BEHAVIOURS_TRIALS;
	if (converter->barred != NULL)
		converter->barred(
		    converter->arg, process_pid(scheduler, process), error);
}

void
retry_leave(struct scheduler *scheduler, struct process *process)
{
	stop_waiting(scheduler, process);
	if (process->barred != 0 && process->barred == scheduler->barred_in)
		scheduler->barred[process->behaviour]--;
	process->barred = 0;
	process->tried = process->by_other = 0;
}

uint64_t
process_failed(const struct scheduler *scheduler, uint16_t behaviour)
{
	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	assert(behaviour < BEHAVIOURS_MAX);
	return scheduler->barred_in ==
		behaviours_last_trial(scheduler->behaviours)
	    ? scheduler->barred[behaviour]
	    : 0;
}

static bool
is_retriable(const struct scheduler *scheduler)
{
	const struct running *running = &scheduler->running;

	return running->callback == CALLBACK_INIT ||
	    (running->callback == CALLBACK_HANDLE &&
		message_at(scheduler, running->message)->kind != EVENT_FAULTED);
}

/* Why it is not retried. */
static void
log_result(struct scheduler *scheduler, int result)
{
	const struct running *running = &scheduler->running;
	const struct behaviour *behaviour = running->behaviour;

	if (result != 0)
		log_line(scheduler->log,
		    process_entry(
			scheduler, LEVEL_warning, behaviour, running->pid),
		    "cannot go back to %s: %s",
		    behaviour_version(
			scheduler->behaviours, behaviour->fallback),
		    process_change_why(result));
}

/* It, and whoever has come back with it. */
static void
bar_unit(struct scheduler *scheduler, struct process *process)
{
	struct process *partner = unit_partner(scheduler, process);

	retry_bar(scheduler, process, -ECANCELED);
	if (partner == NULL)
		return;
	partner->by_other = 1;
	retry_bar(scheduler, partner, -ECANCELED);
}

/* As one of `id` is when it has not begun, in that state. */
static void
be_born_of(struct scheduler *scheduler, struct process *process, uint16_t id,
    uint32_t state)
{
	struct behaviour_tally *tallies = scheduler->tallies;
	const struct behaviour *from = process_behaviour(scheduler, process);

	store_give(scheduler->store, process->state, from->module->schema.size);
	process->state = state;
	process->behaviour = id;
	process->born = id & (BEHAVIOURS_MAX - 1U);
	tally_add(&tallies[from->id].holders, (uint64_t)-1);
	tally_add(&tallies[id].holders, 1);
	process_left(scheduler, from->id);
}

/* And its starter, who is of its version (unit.h), comes with it. */
static int
begin_again(struct scheduler *scheduler, struct process *process)
{
	uint16_t fallback = process_behaviour(scheduler, process)->fallback;
	struct process *starter = unit_partner(scheduler, process);
	uint32_t size = scheduler->behaviour[fallback].module->schema.size;
	uint32_t state = store_take(scheduler->store, size);
	int error = state == 0 ? -ENOSPC : 0;

	if (error == 0 && starter != NULL)
		error = process_change_alone(scheduler, starter, fallback);
	if (error == 0) {
		memset(store_at(scheduler->store, state), 0, size);
		be_born_of(scheduler, process, fallback, state);
	} else if (state != 0) {
		store_give(scheduler->store, state, size);
	}
	return error;
}

bool
retry_event(struct scheduler *scheduler, struct reason reason)
{
	struct running *running = &scheduler->running;
	struct process *process = running->process;
	int error;

	if (!is_retriable(scheduler))
		return false;
	error = running->callback == CALLBACK_INIT
	    ? begin_again(scheduler, process)
	    : process_fall_back(scheduler, process);
	log_result(scheduler, error);
	if (error != 0)
		return false;
	record_event_fault(scheduler, reason, true, true);
	tally_add(&scheduler->tallies[running->behaviour->id].retried, 1);
	bar_unit(scheduler, process);
	mailbox_prepend(scheduler, process, running->message);
	return true;
}
