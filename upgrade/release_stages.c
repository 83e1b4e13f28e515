/*
 * release_stages: the machine that takes the switch from one release to
 * another, and back.
 *
 *      IDLE
 *       | upgrade
 *       v           refused
 *      LOADING ---------------------------------------------> IDLE
 *       | loaded    refused
 *       v   .----------------------------------------------> IDLE
 *      REHEARSING          (unless none is wanted)
 *       | rehearsed
 *       v
 *      CANARY ------------- rollback, failed conversion, ----.
 *       | watched           faults, fail-when                |
 *       v                                                    v
 *      CONVERTING --------- rollback, failed conversion, -> RETURNING -> IDLE
 *       | swept, drained    faults                           ^  swept
 *       v                                                    |
 *      INSTALLED ---------- rollback, faults, trial ended ---'
 *       | make_permanent
 *       v
 *      CONFIRMING         (where something is kept for the way back)
 *       | let go
 *       v
 *      IDLE
 *
 * What is resident is not loaded; without -rehearse 0 states are tried on
 * copies first; without -canary and -shadow nothing is watched.  A rehearsal
 * by itself is IDLE, LOADING, REHEARSING, IDLE; or so from INSTALLED and back
 * to it, as it changes nothing: the trial goes on beside it, and what would
 * take the release back waits for its end, but for the operator's rollback.
 *
 * transition                 function
 * IDLE to LOADING            release_begin_loading
 * INSTALLED to LOADING ...   release_set_aside, and back release_resume
 * LOADING to IDLE            release_on_loaded, refuse_load
 * ... to REHEARSING          release_begin, release_begin_rehearsing
 * REHEARSING to IDLE         close_rehearsal (release_rehearsal.c)
 * ... to CANARY              release_begin_trial, release_begin_canary
 * ... to CONVERTING          release_begin_trial, release_begin_converting
 * CANARY to CONVERTING       release_watch_canary
 * CONVERTING to INSTALLED    release_install
 * ... to RETURNING           release_turn_round, release_begin_returning
 * INSTALLED to CONFIRMING    release_make_permanent
 * ... to IDLE                release_confirm
 * RETURNING to IDLE          release_end_return
 *
 * What may be trusted in a state, checked by release_assert_state():
 *   IDLE        nothing is on its way and nothing on trial; the current version
 *               is the only one that anything is born in
 *   LOADING     as IDLE, or INSTALLED of what is set aside, and a load is on
 *               the loader's thread
 *   REHEARSING  likewise, and `to` is resident, with a plan to it and back from
 *               all other versions; nobody is on the way there
 *   CANARY      `from` is current, `to` on trial and nobody's target: births
 *               and live calls come there only as the canary takes them
 *   CONVERTING  `to` is current, on trial, and the target of all other
 *               versions; in drain mode nothing has a target
 *   INSTALLED   `to` is current, on trial, and the target of all others;
 *               whoever is not there is pinned or barred.  The report is
 *               done, but goes on: each way out of here closes it
 *               (release_close_trial), and then only opens the next
 *   CONFIRMING  as INSTALLED, but nothing is on trial
 *   RETURNING   nothing is on trial; `from` is current and the target of all
 *               other versions
 *
 * Each way back is the same: end_sweeps, leave_trial, aim at `from`, sweep.
 *
 * Converting never asks whether it may: both plans were derived before the
 * version was let in, and current is switched first, so that from then on
 * nothing is born behind the sweep.  A process that gets an event before its
 * turn is converted by the scheduler, which is why a target stands at every
 * version.
 *
 * On several schedulers each has a sweep of its own.  This machine runs on
 * home, and each of its steps is taken while the others stand still between
 * two turns: what a report counts is of one moment, and all schedulers change
 * direction at the same.  In between home only looks which sweeps are over.
 */
#include <inttypes.h>
#include <stdio.h>

#include "switch/alarm.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/release_internal.h"

/*--------------------------------------------------------------------
 * Where processes belong
 */

/* All other versions are on the way to `id`, or (false) stay. */
static void
set_targets(
    const struct release_handler *handler, uint16_t id, bool are_on_the_way)
{
	uint16_t ids[RELEASE_RESIDENTS_MAX];
	unsigned int i, count;

	count = code_residents(handler->code,
	    behaviour_at(handler->behaviours, id)->name, ids,
	    RELEASE_RESIDENTS_MAX);
	for (i = 0; i < count; i++)
		behaviour_at(handler->behaviours, ids[i])->target =
		    ids[i] == id || !are_on_the_way ? 0 : id;
}

/*
 * From now on births belong to `id`, and all else is on its way there, or
 * (false) stays.
 */
static void
aim_at(struct release_handler *handler, uint16_t id, bool are_on_the_way)
{
	behaviour_make_current(handler->behaviours, id);
	code_note_current(
	    handler->code, behaviour_at(handler->behaviours, id)->name);
	release_count_waiting_anew(handler);
	set_targets(handler, id, are_on_the_way);
}

static bool
is_aimed_at(
    const struct release_handler *handler, uint16_t id, bool are_on_the_way)
{
	uint16_t ids[RELEASE_RESIDENTS_MAX];
	unsigned int i, count;

	count = code_residents(handler->code,
	    behaviour_at(handler->behaviours, id)->name, ids,
	    RELEASE_RESIDENTS_MAX);
	for (i = 0; i < count; i++)
		if (behaviour_at(handler->behaviours, ids[i])->target !=
		    (ids[i] == id || !are_on_the_way ? 0 : id))
			return false;
	return behaviour_is_current(handler->behaviours, id);
}

static bool
is_on_trial(const struct release_handler *handler)
{
	const struct release_aside *aside = &handler->aside;
	uint16_t from = aside->is_set ? aside->from : handler->from;
	uint16_t to = aside->is_set ? aside->to : handler->to;

	return behaviours_trial(handler->behaviours) != 0 &&
	    behaviour_at(handler->behaviours, to)->fallback == from;
}

static bool
assert_aim(const struct release_handler *handler)
{
	const struct behaviour *from, *to;

	switch (handler->state) {
	case RELEASE_IDLE:
	case RELEASE_LOADING:
		break;
	case RELEASE_REHEARSING:
		assert(
		    behaviour_is_current(handler->behaviours, handler->from));
		break;
	case RELEASE_CANARY:
		from = behaviour_at(handler->behaviours, handler->from);
		to = behaviour_at(handler->behaviours, handler->to);
		assert(
		    behaviour_is_current(handler->behaviours, handler->from));
		assert(from->target == 0 && to->target == 0);
		break;
	case RELEASE_CONVERTING:
		assert(
		    is_aimed_at(handler, handler->to, !handler->order.drains));
		break;
	case RELEASE_INSTALLED:
	case RELEASE_CONFIRMING:
		assert(is_aimed_at(handler, handler->to, true));
		break;
	case RELEASE_RETURNING:
		assert(is_aimed_at(handler, handler->from, true));
		break;
	}
	return true;
}

bool
release_assert_state(const struct release_handler *handler)
{
	const enum release_state state = handler->state;
	bool is_on_its_way =
	    state != RELEASE_IDLE && state != RELEASE_INSTALLED;
	bool has_trial = state == RELEASE_CANARY ||
	    state == RELEASE_CONVERTING || state == RELEASE_INSTALLED ||
	    handler->aside.is_set;

	assert(!handler->aside.is_set || state == RELEASE_LOADING ||
	    state == RELEASE_REHEARSING);
	assert(state == RELEASE_CANARY || handler->shadow == NULL);
	assert(state != RELEASE_LOADING || handler->load != NULL);
	assert((state == RELEASE_REHEARSING) == (handler->rehearsal != NULL));
	assert(!is_on_its_way || !handler->report.is_done);
	assert(state != RELEASE_INSTALLED || handler->report.is_done);
	assert(has_trial ? is_on_trial(handler)
			 : behaviours_trial(handler->behaviours) == 0);
	return assert_aim(handler);
}

/*--------------------------------------------------------------------
 * A rehearsal beside a trial
 */

void
release_set_aside(struct release_handler *handler)
{
	struct release_aside *aside = &handler->aside;

	aside->is_set = true;
	aside->from = handler->from;
	aside->to = handler->to;
	aside->order = handler->order;
	handler->order.conditions = (struct upgrade_conditions){ .arg = NULL };
	aside->before = handler->before;
	aside->report = handler->report;
}

void
release_resume(struct release_handler *handler, enum upgrade_stage stage,
    enum upgrade_reason reason)
{
	struct release_aside *aside = &handler->aside;

	handler->state = RELEASE_IDLE;
	release_report_close(handler, &handler->report, stage, reason);
	if (!aside->is_set)
		return;
	handler->beside = handler->report;
	handler->last = &handler->beside;
	aside->is_set = false;
	handler->state = RELEASE_INSTALLED;
	handler->from = aside->from;
	handler->to = aside->to;
	handler->order = aside->order;
	handler->before = aside->before;
	handler->report = aside->report;
	set_targets(handler, handler->to, true); /* of what stays loaded, too */
}

/*--------------------------------------------------------------------
 * Onwards
 */

void
release_begin(struct release_handler *handler)
{
	if (handler->report.is_rehearsal || handler->order.rehearse > 0)
		release_begin_rehearsing(handler);
	else
		release_begin_trial(handler);
}

void
release_begin_trial(struct release_handler *handler)
{
	scheduler_halt_others(handler->scheduler);
	release_take_baseline(handler);
	release_open_books(handler, handler->to);
	release_enter_trial(handler);
	if (handler->order.canary > 0 || handler->order.shadow > 0)
		release_begin_canary(handler);
	else
		release_begin_converting(handler);
	scheduler_let_go(handler->scheduler);
	assert(release_assert_state(handler));
}

void
release_begin_converting(struct release_handler *handler)
{
	bool drains = handler->order.drains;

	release_end_shadow(handler);
	handler->state = RELEASE_CONVERTING;
	handler->report.stage = UPGRADE_converting;
	release_begin_stage(handler);
	behaviour_at(handler->behaviours, handler->from)->canary = 0;
	release_report_log(
	    handler, &handler->report, drains ? "draining" : "converting");
	aim_at(handler, handler->to, !drains);
	if (drains)
		release_set_deadline(handler, handler->order.deadline);
	else
		release_begin_sweeps(handler, handler->to);
	assert(release_assert_state(handler));
}

void
release_say_installed(struct release_handler *handler)
{
	const char *from =
	    behaviour_version(handler->behaviours, handler->from);
	char suffix[160];

	if (handler->order.trial > 0)
		snprintf(suffix, sizeof suffix,
		    "; on trial for %g s: then %s comes back, unless "
		    "make-permanent is said",
		    (double)handler->order.trial / 1e6, from);
	else
		snprintf(suffix, sizeof suffix,
		    "; %s stays for the way back until make-permanent", from);
	release_say_what_runs(handler, handler->to, "", suffix);
}

void
release_install(struct release_handler *handler)
{
	bool has_end = handler->order.trial > 0;

	handler->state = RELEASE_INSTALLED;
	set_targets(handler, handler->to, true); /* after a drain */
	release_end_stage(handler, &handler->report.converting);
	release_close_books(handler);
	release_count_up(handler, handler->to);
	release_read_books(handler);
	release_count_pinned(handler);
	release_say_installed(handler);
	if (!handler->order.drains)
		release_set_deadline(handler, handler->order.deadline);
	if (has_end)
		release_time_trial(handler);
	alarm_clear(
	    handler->scheduler, ALARM_ROLLED_BACK, handler->report.module);
	release_report_close(handler, &handler->report,
	    has_end ? UPGRADE_trial : UPGRADE_installed, UPGRADE_REASON_none);
	release_reopen(handler);
}

void
release_confirm(struct release_handler *handler)
{
	handler->state = RELEASE_IDLE;
	release_count_up(handler, handler->to);
	release_say_what_runs(handler, handler->to, "", ", for good");
	release_report_close(handler, &handler->report, UPGRADE_permanent,
	    UPGRADE_REASON_command);
	release_close_unused(handler);
}

/* Whether any process has something for a way back. */
static bool
is_anything_kept(const struct release_handler *handler)
{
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++)
		if (process_pieces_kept(scheduler_peer(handler->scheduler, i)) >
		    0)
			return true;
	return false;
}

void
release_make_permanent(
    struct release_handler *handler, const struct release_request *request)
{
	release_put_off_rejecting(handler);
	scheduler_halt_others(handler->scheduler);
	release_close_trial(handler,
	    "'%s' %s was made permanent, see upgrade %" PRIu64, request->module,
	    request->to, handler->numbers + 1);
	release_report_open(handler, request);
	handler->report.stage = UPGRADE_installed;
	release_take_baseline(handler);
	release_leave_trial(handler);
	if (is_anything_kept(handler)) {
		handler->state = RELEASE_CONFIRMING;
		release_begin_letting_go(handler);
	} else {
		release_confirm(handler);
	}
	scheduler_let_go(handler->scheduler);
	assert(release_assert_state(handler));
}

/*--------------------------------------------------------------------
 * And back
 */

static void
begin_return(struct release_handler *handler, enum upgrade_reason why)
{
	handler->state = RELEASE_RETURNING;
	handler->why_back = why;
	release_leave_trial(handler);
	behaviours_forget_trial(handler->behaviours);
	release_begin_stage(handler);
	aim_at(handler, handler->from, true);
	release_begin_sweeps(handler, handler->from);
	assert(release_assert_state(handler));
}

void
release_turn_round(struct release_handler *handler, enum upgrade_reason why)
{
	struct upgrade_report *report = &handler->report;

	release_end_shadow(handler);
	release_drop_deadline(handler);
	release_end_sweeps(handler);
	release_end_stage(handler,
	    handler->state == RELEASE_CANARY ? &report->watching
					     : &report->converting);
	release_turn_books(handler);
	release_read_books(handler);
	report->stage = UPGRADE_converting;
	release_report_log(handler, report, "turns round");
	begin_return(handler, why);
}

void
release_begin_returning(struct release_handler *handler,
    const struct release_request *request, enum upgrade_reason why)
{
	release_drop_deadline(handler);
	scheduler_halt_others(handler->scheduler);
	release_close_trial(handler,
	    "'%s' %s was taken back (%s), see upgrade %" PRIu64,
	    request->module, request->from, upgrade_reason_word(why),
	    handler->numbers + 1);
	release_report_open(handler, request);
	handler->report.stage = UPGRADE_converting;
	release_take_baseline(handler);
	release_open_books(handler, handler->from);
	release_report_log(handler, &handler->report, "rolling back");
	begin_return(handler, why);
	scheduler_let_go(handler->scheduler);
}

/* What it did on trial, unless it came back for that. */
static void
say_faults(const struct release_handler *handler, char *text, size_t size)
{
	const struct upgrade_report *tried = &handler->tried;

	if (handler->report.is_rollback && tried->crashes_to > 0 &&
	    handler->why_back != UPGRADE_REASON_faults)
		snprintf(text, size,
		    "; on trial %" PRIu64 " event%s had faulted on %s, "
		    "see upgrade %" PRIu64,
		    tried->crashes_to, tried->crashes_to == 1 ? "" : "s",
		    tried->version_to, tried->number);
}

/* Why it came back, if not by command, in front of what runs now. */
static void
say_returned(struct release_handler *handler)
{
	char prefix[200] = "", suffix[160] = "";

	if (handler->why_back == UPGRADE_REASON_failed_conversion)
		snprintf(prefix, sizeof prefix,
		    "%" PRIu64 " could not be converted to %s: ",
		    handler->report.failed,
		    behaviour_version(handler->behaviours, handler->to));
	else if (handler->why_text[0] != '\0')
		snprintf(prefix, sizeof prefix, "%s: ", handler->why_text);
	say_faults(handler, suffix, sizeof suffix);
	release_say_what_runs(handler, handler->from, prefix, suffix);
}

/* Nobody may have been looking: what came back by itself is an alarm. */
static void
raise_alarm(struct release_handler *handler)
{
	struct alarm alarm = { .name = ALARM_ROLLED_BACK,
		.severity = ALARM_major };

	if (handler->why_back == UPGRADE_REASON_command)
		return;
	snprintf(
	    alarm.object, sizeof alarm.object, "%s", handler->report.module);
	snprintf(alarm.text, sizeof alarm.text, "%s came back to %s: %s",
	    behaviour_version(handler->behaviours, handler->to),
	    behaviour_version(handler->behaviours, handler->from),
	    upgrade_reason_word(handler->why_back));
	alarm_raise(handler->scheduler, &alarm);
}

void
release_end_return(struct release_handler *handler)
{
	struct upgrade_report *report = &handler->report;

	handler->state = RELEASE_IDLE;
	if (report->is_rollback)
		release_end_stage(handler, &report->converting);
	release_close_books(handler);
	release_count_up(handler, handler->from);
	release_read_books(handler);
	release_count_pinned(handler);
	say_returned(handler);
	release_set_deadline(handler, handler->deadline);
	release_report_close(
	    handler, report, UPGRADE_rolled_back, handler->why_back);
	raise_alarm(handler);
	handler->why_text[0] = '\0';
	handler->deadline = 0;
	release_close_unused(handler);
	release_reopen(handler);
}
