/*
 * release_stages: the machine that takes the switch from one release to
 * another, and back.
 *
 *                upgrade            loaded               swept
 *        IDLE ------------> LOADING ------> CONVERTING --------> INSTALLED
 *        ^ ^ ^                 |                |                 |  |
 *        | | |    refused      |       rollback |        rollback |  |
 *        | | +-----------------+      or failed |                 |  |
 *        | |                          conversion v                |  |
 *        | +-------------------------------- RETURNING <----------+  |
 *        |              swept                                        |
 *        +-----------------------------------------------------------+
 *                              make_permanent
 *
 *                rehearse           loaded
 *        IDLE ------------> LOADING ------> REHEARSING
 *         ^     refused        |                |
 *         +--------------------+----------------+
 *                                 rehearsed
 *
 * transition                 function
 * IDLE to LOADING            release_begin_loading
 * IDLE to CONVERTING         release_begin_converting (it is resident)
 * LOADING to CONVERTING      release_on_loaded, release_begin_converting
 * LOADING to IDLE            release_on_loaded, refuse_load
 * IDLE to REHEARSING         release_begin_rehearsing (it is resident)
 * LOADING to REHEARSING      release_on_loaded, release_begin_rehearsing
 * REHEARSING to IDLE         close_rehearsal, clear_away
 * CONVERTING to INSTALLED    close_sweeps, install
 * CONVERTING to RETURNING    close_sweeps or release_return_at_once, turn_round
 * INSTALLED to RETURNING     release_begin_returning
 * INSTALLED to IDLE          release_make_permanent
 * RETURNING to IDLE          close_sweeps, end_return
 *
 * What may be trusted in a state, checked by release_assert_state():
 *   IDLE        nothing is on its way; the current version is the only one
 *               that anything is born in
 *   LOADING     as IDLE, and a load is on the loader's thread
 *   REHEARSING  as IDLE, and `to` is resident, with a plan to it and back from
 *               all other versions; nobody is on the way there
 *   CONVERTING  `to` is current and the target of all other versions
 *   INSTALLED   as CONVERTING; whoever is not there is pinned
 *   RETURNING   `from` is current and the target of all other versions
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

#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/release_internal.h"

/* From now on births belong to `id`, and all else is on its way there. */
static void
aim_at(const struct release_handler *handler, uint16_t id)
{
	const struct behaviour *aim = behaviour_at(handler->behaviours, id);
	uint16_t ids[RELEASE_RESIDENTS_MAX];
	unsigned int i, count;

	behaviour_make_current(handler->behaviours, id);
	count = code_residents(
	    handler->code, aim->name, ids, RELEASE_RESIDENTS_MAX);
	for (i = 0; i < count; i++)
		behaviour_at(handler->behaviours, ids[i])->target =
		    ids[i] == id ? 0 : id;
}

static bool
is_aimed_at(const struct release_handler *handler, uint16_t id)
{
	const struct behaviour *aim = behaviour_at(handler->behaviours, id);
	uint16_t ids[RELEASE_RESIDENTS_MAX];
	unsigned int i, count;

	count = code_residents(
	    handler->code, aim->name, ids, RELEASE_RESIDENTS_MAX);
	for (i = 0; i < count; i++)
		if (behaviour_at(handler->behaviours, ids[i])->target !=
		    (ids[i] == id ? 0 : id))
			return false;
	return behaviour_is_current(handler->behaviours, id);
}

bool
release_assert_state(const struct release_handler *handler)
{
	assert((handler->state == RELEASE_LOADING) == (handler->load != NULL));
	assert((handler->state == RELEASE_REHEARSING) ==
	    (handler->rehearsal != NULL));
	switch (handler->state) {
	case RELEASE_IDLE:
		break;
	case RELEASE_LOADING:
		assert(!handler->report.is_done);
		break;
	case RELEASE_REHEARSING:
		assert(!handler->report.is_done);
		assert(
		    behaviour_is_current(handler->behaviours, handler->from));
		break;
	case RELEASE_CONVERTING:
		assert(!handler->report.is_done);
		assert(is_aimed_at(handler, handler->to));
		break;
	case RELEASE_INSTALLED:
		assert(handler->report.is_done);
		assert(is_aimed_at(handler, handler->to));
		break;
	case RELEASE_RETURNING:
		assert(!handler->report.is_done);
		assert(is_aimed_at(handler, handler->from));
		break;
	}
	return true;
}

/*--------------------------------------------------------------------
 * Where it ends
 */

static void
install(struct release_handler *handler)
{
	char suffix[96];

	handler->state = RELEASE_INSTALLED;
	release_count_up(handler, handler->to);
	snprintf(suffix, sizeof suffix,
	    "; %s stays for the way back until make-permanent",
	    behaviour_version(handler->behaviours, handler->from));
	release_say_what_runs(handler, handler->to, "", suffix);
	release_report_close(
	    handler, &handler->report, UPGRADE_installed, UPGRADE_REASON_none);
}

static void
end_return(struct release_handler *handler)
{
	char prefix[96] = "";

	handler->state = RELEASE_IDLE;
	release_count_up(handler, handler->from);
	if (handler->why_back == UPGRADE_REASON_failed_conversion)
		snprintf(prefix, sizeof prefix,
		    "%" PRIu64 " could not be converted to %s: ",
		    handler->report.failed,
		    behaviour_version(handler->behaviours, handler->to));
	release_say_what_runs(handler, handler->from, prefix, "");
	release_report_close(
	    handler, &handler->report, UPGRADE_rolled_back, handler->why_back);
}

/*--------------------------------------------------------------------
 * The sweeps
 */

static bool slice(void *arg);

static void
begin_sweeps(struct release_handler *handler, uint16_t target)
{
	struct scheduler *home = handler->scheduler, *peer;
	unsigned int i;

	aim_at(handler, target);
	for (i = 0; i < handler->schedulers; i++) {
		peer = scheduler_peer(home, i);
		sweep_begin(&handler->sweeps[i], peer, target,
		    handler->state == RELEASE_CONVERTING);
		if (peer != home)
			scheduler_set_slice(
			    peer, sweep_slice, &handler->sweeps[i]);
	}
	scheduler_set_slice(home, slice, handler);
	assert(release_assert_state(handler));
}

/* Their pauses go into the report; how many could not be converted. */
static uint64_t
end_sweeps(struct release_handler *handler)
{
	struct upgrade_report *report = &handler->report;
	struct sweep *sweep;
	uint64_t failed = 0;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++) {
		sweep = &handler->sweeps[i];
		histogram_merge(&report->pauses_cpu, &sweep->walk.cpu);
		histogram_merge(&report->pauses_wall, &sweep->walk.wall);
		failed += sweep->failed;
		sweep->target = 0;
	}
	return failed;
}

static void
turn_round(struct release_handler *handler, enum upgrade_reason why)
{
	handler->state = RELEASE_RETURNING;
	handler->why_back = why;
	handler->report.converted =
	    release_conversions_to(handler, handler->to);
	release_report_log(handler, &handler->report, "turns round");
	begin_sweeps(handler, handler->from);
}

/* All who can come have come, or one could not: the others are halted. */
static void
close_sweeps(struct release_handler *handler)
{
	struct upgrade_report *report = &handler->report;
	uint16_t target = handler->sweeps[0].target;
	uint64_t failed = end_sweeps(handler);

	if (handler->state == RELEASE_CONVERTING)
		report->failed = failed;
	if (handler->state == RELEASE_CONVERTING || report->is_rollback)
		report->converted = release_conversions_to(handler, target);
	if (handler->state == RELEASE_RETURNING)
		end_return(handler);
	else if (failed > 0)
		turn_round(handler, UPGRADE_REASON_failed_conversion);
	else
		install(handler);
}

static bool
are_over(const struct release_handler *handler)
{
	bool over = true, failed = false;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++) {
		over = over && handler->sweeps[i].is_over;
		failed = failed || handler->sweeps[i].has_failed;
	}
	return over || (failed && handler->state == RELEASE_CONVERTING);
}

/*
 * One slice on home, a scheduler_slice_f: of its own sweep while that goes on,
 * and a look at the others'.
 */
static bool
slice(void *arg)
{
	struct release_handler *handler = arg;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	if (!handler->sweeps[0].is_over)
		(void)sweep_slice(&handler->sweeps[0]);
	if (are_over(handler)) {
		scheduler_halt_others(handler->scheduler);
		close_sweeps(handler);
		scheduler_let_go(handler->scheduler);
	}
	assert(release_assert_state(handler));
	return !handler->report.is_done;
}

/*
 * An event, or use_current, has had a process converted, on the thread of the
 * scheduler that has it; struct code_listener.
 */
void
release_on_attempt(void *arg, struct pid pid, int result, uint64_t cpu_ns)
{
	struct release_handler *handler = arg;
	unsigned int number = pid_scheduler(pid);
	struct sweep *sweep = &handler->sweeps[number];

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	if (result == 0)
		process_add_pause(
		    scheduler_peer(handler->scheduler, number), pid, cpu_ns);
	if (sweep->target != 0)
		sweep_add_attempt(sweep, pid, result, cpu_ns);
}

/*--------------------------------------------------------------------
 * What the operator, or the loader, sets going
 */

void
release_begin_converting(struct release_handler *handler)
{
	scheduler_halt_others(handler->scheduler);
	handler->state = RELEASE_CONVERTING;
	handler->report.stage = UPGRADE_converting;
	release_take_baseline(handler, handler->to);
	release_report_log(handler, &handler->report, "converting");
	begin_sweeps(handler, handler->to);
	scheduler_let_go(handler->scheduler);
}

/* Of an upgrade that is installed. */
void
release_begin_returning(
    struct release_handler *handler, const struct release_request *request)
{
	scheduler_halt_others(handler->scheduler);
	release_report_open(handler, request);
	handler->state = RELEASE_RETURNING;
	handler->why_back = UPGRADE_REASON_command;
	handler->report.stage = UPGRADE_converting;
	release_take_baseline(handler, handler->from);
	release_report_log(handler, &handler->report, "rolling back");
	begin_sweeps(handler, handler->from);
	scheduler_let_go(handler->scheduler);
}

/* Of one that is still converting. */
void
release_return_at_once(struct release_handler *handler)
{
	scheduler_halt_others(handler->scheduler);
	handler->report.failed = end_sweeps(handler);
	turn_round(handler, UPGRADE_REASON_command);
	scheduler_let_go(handler->scheduler);
}

void
release_make_permanent(
    struct release_handler *handler, const struct release_request *request)
{
	release_report_open(handler, request);
	scheduler_halt_others(handler->scheduler);
	release_take_baseline(handler, handler->to);
	release_count_up(handler, handler->to);
	release_say_what_runs(handler, handler->to, "", ", for good");
	scheduler_let_go(handler->scheduler);
	handler->state = RELEASE_IDLE;
	release_report_close(handler, &handler->report, UPGRADE_permanent,
	    UPGRADE_REASON_command);
}
