/*
 * release_trial: what is done for as long as a release may be taken back.
 *
 * A trial begins before the first call runs the release and ends when that is
 * permanent or on its way out.  Meanwhile an event that faults on the release
 * is given to the version before (switch/retry.c), so that nobody suffers; but
 * a release that does it often is taken back before its supervisors would act
 * (N12): with more than five faults, and more than one in a hundred events.
 * One in a hundred is what a switch has to bear (N11).  A process that ends in
 * an event of its own, for a reason that is no normal one, is as bad as one
 * that faults there, and that event cannot be given to the version before: of
 * these, too, so many take it back.  So does an `init` that refuses more than
 * five processes, and more than half of them: a few are refused by any release,
 * as when two want one line.  What ends for a normal reason, only too early, is
 * known by the figures of its calls alone: that is what a canary compares.
 *
 * Home looks every tenth of a second of the run; a trial with an end (-trial)
 * is over when that comes.  Timers are not stopped but forgotten: each carries
 * a number, and one whose number is not the last means nothing.  While another
 * release is rehearsed beside it both look again a little later: nobody suffers
 * meanwhile.
 */
#include <inttypes.h>
#include <stdio.h>

#include "switch/object.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/release_internal.h"

enum {
	LOOK_US = 100000,
	FAULTS_MAX = 5, /* the limit of -fail-when where none is given */
	EVENTS_PER_FAULT = 100,
	BIRTHS_PER_REFUSAL = 2
};

/*--------------------------------------------------------------------
 * Looking after it
 */

/* More than a few, and more than one in `per`. */
static bool
are_too_many(uint64_t bad, uint64_t all, unsigned int per)
{
	return bad > FAULTS_MAX && bad * per > all;
}

/* Who could not be converted is -on-error's business. */
static uint64_t
faults_of_events(
    const struct release_handler *handler, const struct behaviour_counts *now)
{
	const uint64_t hooks = release_hooks_faulted(handler);
	const uint64_t all = now->faults - handler->before.faults_to;

	return all > hooks ? all - hooks : 0;
}

static bool
fails_too_often(struct release_handler *handler)
{
	const struct release_baseline *before = &handler->before;
	const struct behaviour_counts now =
	    behaviour_counts(handler->behaviours, handler->to);
	const char *version =
	    behaviour_version(handler->behaviours, handler->to);
	const uint64_t events = now.events - before->events_to;
	const uint64_t faults = faults_of_events(handler, &now);
	const uint64_t given_up = now.given_up - before->given_up_to;
	const uint64_t births = now.births - before->births_to;
	const uint64_t unborn = now.unborn - before->unborn_to;
	char *why = handler->why_text;

	if (are_too_many(faults, events, EVENTS_PER_FAULT))
		snprintf(why, sizeof handler->why_text,
		    "%" PRIu64 " of %" PRIu64 " events faulted on %s", faults,
		    events, version);
	else if (are_too_many(given_up, events, EVENTS_PER_FAULT))
		snprintf(why, sizeof handler->why_text,
		    "%" PRIu64 " processes gave up in %" PRIu64 " events on %s",
		    given_up, events, version);
	else if (are_too_many(unborn, births, BIRTHS_PER_REFUSAL))
		snprintf(why, sizeof handler->why_text,
		    "%" PRIu64 " of %" PRIu64
		    " processes could not begin on %s",
		    unborn, births, version);
	else
		return false;
	return true;
}

static void
go_back(struct release_handler *handler, enum upgrade_reason why)
{
	struct release_request request = { .report = &handler->report,
		.module = behaviour_at(handler->behaviours, handler->to)->name,
		.from = behaviour_version(handler->behaviours, handler->to),
		.to = behaviour_version(handler->behaviours, handler->from),
		.is_rollback = true };

	handler->deadline = 0;
	scheduler_halt_others(handler->scheduler);
	if (handler->state == RELEASE_INSTALLED)
		release_begin_returning(handler, &request, why);
	else
		release_turn_round(handler, why);
	scheduler_let_go(handler->scheduler);
}

/*
 * In drain mode: nobody is left on the old code but who was given back to it.
 * He began on the new, stays for as long as it is on trial, and no deadline is
 * for him.  The others are halted.
 */
static bool
is_drained(const struct release_handler *handler)
{
	uint16_t ids[RELEASE_RESIDENTS_MAX];
	unsigned int i, count;

	count = code_residents(
	    handler->code, handler->report.module, ids, RELEASE_RESIDENTS_MAX);
	for (i = 0; i < count; i++)
		if (ids[i] != handler->to &&
		    behaviour_counts(handler->behaviours, ids[i]).holders >
			release_failed(handler, ids[i]))
			return false;
	return true;
}

static void
watch_drain(struct release_handler *handler)
{
	scheduler_halt_others(handler->scheduler);
	if (is_drained(handler))
		release_install(handler);
	scheduler_let_go(handler->scheduler);
}

/* The deadline of a drain is for all who are on the old code. */
static bool
is_draining(const struct release_handler *handler)
{
	return handler->state == RELEASE_CONVERTING && handler->order.drains &&
	    handler->order.deadline > 0;
}

static void look(void *arg, uint64_t key);

static void
look_later(struct release_handler *handler)
{
	uint64_t at = scheduler_now(handler->scheduler) + LOOK_US;

	if (handler->state == RELEASE_CANARY)
		at = release_next_look(handler, at);
	(void)scheduler_at(
	    handler->scheduler, at, look, handler, ++handler->watch.tick);
}

/* A scheduler_due_f. */
static void
look(void *arg, uint64_t key)
{
	struct release_handler *handler = arg;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	if (key != handler->watch.tick ||
	    behaviours_trial(handler->behaviours) == 0)
		return;
	if (handler->aside.is_set) {
		look_later(handler);
		return;
	}
	if (fails_too_often(handler)) {
		go_back(handler, UPGRADE_REASON_faults);
	} else if (handler->state == RELEASE_CANARY) {
		release_watch_canary(handler);
	} else if (handler->state == RELEASE_CONVERTING &&
	    handler->order.drains) {
		watch_drain(handler);
	}
	if (behaviours_trial(handler->behaviours) != 0)
		look_later(handler);
	assert(release_assert_state(handler));
}

/*--------------------------------------------------------------------
 * Its begin and its end
 */

/* Who comes there again has been left behind by no deadline's upgrade. */
static void
spare(struct release_handler *handler, uint16_t version)
{
	unsigned int i;

	for (i = 0; i < handler->left_count; i++)
		if (handler->left[i] == version)
			handler->left[i] = 0;
}

void
release_enter_trial(struct release_handler *handler)
{
	struct behaviour *to = behaviour_at(handler->behaviours, handler->to);

	behaviours_begin_trial(handler->behaviours);
	to->target = 0;
	to->fallback = handler->from;
	spare(handler, handler->to);
	look_later(handler);
}

void
release_leave_trial(struct release_handler *handler)
{
	behaviour_at(handler->behaviours, handler->from)->canary = 0;
	behaviour_at(handler->behaviours, handler->to)->fallback = 0;
	behaviours_end_trial(handler->behaviours);
	handler->trial_until = 0;
	handler->trial_key++;
}

/* A scheduler_due_f. */
static void
end_unconfirmed(void *arg, uint64_t key)
{
	struct release_handler *handler = arg;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	if (key != handler->trial_key)
		return;
	if (handler->aside.is_set) {
		(void)scheduler_at(handler->scheduler,
		    scheduler_now(handler->scheduler) + LOOK_US,
		    end_unconfirmed, handler, key);
		return;
	}
	if (handler->state != RELEASE_INSTALLED)
		return;
	snprintf(handler->why_text, sizeof handler->why_text,
	    "the trial of %s has ended unconfirmed",
	    behaviour_version(handler->behaviours, handler->to));
	go_back(handler, UPGRADE_REASON_trial_ended);
}

void
release_time_trial(struct release_handler *handler)
{
	handler->trial_until =
	    scheduler_now(handler->scheduler) + handler->order.trial;
	(void)scheduler_at(handler->scheduler, handler->trial_until,
	    end_unconfirmed, handler, ++handler->trial_key);
}

/*--------------------------------------------------------------------
 * The deadline
 */

static void reject(void *arg, uint64_t key);

static void
reject_later(struct release_handler *handler)
{
	(void)scheduler_at(handler->scheduler,
	    scheduler_now(handler->scheduler) + LOOK_US, reject, handler,
	    handler->deadline_key);
}

/*
 * A scheduler_due_f.  While another upgrade is under way it waits for that one:
 * who is pinned then is not settled, and its sweeps come first.
 */
static void
reject(void *arg, uint64_t key)
{
	struct release_handler *handler = arg;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	if (key != handler->deadline_key || handler->telephony.reject == NULL)
		return;
	if (handler->state == RELEASE_IDLE ||
	    handler->state == RELEASE_INSTALLED || is_draining(handler)) {
		scheduler_halt_others(handler->scheduler);
		release_begin_reject_sweeps(handler);
		scheduler_let_go(handler->scheduler);
	} else {
		reject_later(handler);
	}
}

void
release_put_off_rejecting(struct release_handler *handler)
{
	if (release_end_rejecting(handler))
		reject_later(handler);
}

static void
note_left(struct release_handler *handler)
{
	const char *module = handler->report.module;
	uint16_t current = behaviour_current(handler->behaviours, module);
	unsigned int i;

	handler->left_count = code_residents(
	    handler->code, module, handler->left, RELEASE_RESIDENTS_MAX);
	for (i = 0; i < handler->left_count; i++)
		if (handler->left[i] == current)
			handler->left[i] = 0;
}

/* One that is pending goes on where none is given. */
void
release_set_deadline(struct release_handler *handler, uint64_t deadline)
{
	if (deadline == 0)
		return;
	note_left(handler);
	handler->deadline_of = handler->report.number;
	handler->dated.is_done = false;
	(void)scheduler_at(handler->scheduler,
	    scheduler_now(handler->scheduler) + deadline, reject, handler,
	    ++handler->deadline_key);
}

void
release_drop_deadline(struct release_handler *handler)
{
	release_put_off_rejecting(handler);
	if (handler->report.number == handler->deadline_of)
		handler->deadline_key++;
}
