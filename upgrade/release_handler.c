/*
 * release_handler: see release_handler.h for what it is.
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
 * transition                 function
 * IDLE to LOADING            begin_loading
 * IDLE to CONVERTING         begin_converting (the release is resident)
 * LOADING to CONVERTING      on_loaded, begin_converting
 * LOADING to IDLE            on_loaded, refuse_load
 * CONVERTING to INSTALLED    close_sweeps, install
 * CONVERTING to RETURNING    close_sweeps or return_at_once, turn_round
 * INSTALLED to RETURNING     begin_returning
 * INSTALLED to IDLE          release_handler_make_permanent
 * RETURNING to IDLE          close_sweeps, end_return
 *
 * What may be trusted in a state, checked by assert_release_state():
 *   IDLE        nothing is on its way; the current version is the only one
 *               that anything is born in
 *   LOADING     as IDLE, and a load is on the loader's thread
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
 *
 * All of this lies in the host object.  The process `release_handler` only
 * hears that a job is done; killed and started again, it finds the state here,
 * and because jobs are answered in order, an empty one tells it when the one
 * it may have missed is done.
 */
#include "upgrade/release_handler.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "switch/log.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler.h"
#include "switch/worker.h"
#include "upgrade/code.h"
#include "upgrade/sweep.h"

enum { EVENT_LOADED = EVENT_PRIVATE, RESIDENTS_MAX = 256 };

enum release_state { IDLE, LOADING, CONVERTING, INSTALLED, RETURNING };

/* Counts at the begin of a report, from which its own are differences. */
struct baseline {
	uint64_t live, births, ends, faults, conversions, ns;
};

struct release_handler {
	unsigned int magic;
#define RELEASE_HANDLER_MAGIC 0x3e1ea5e0
	struct scheduler *scheduler;
	struct behaviours *behaviours;
	struct code *code;
	struct worker *loader;
	struct pid pid; /* of the process; stale while there is none */
	enum release_state state;
	struct code_load *load;
	uint16_t from, to; /* of the upgrade that runs or is installed */
	enum upgrade_reason why_back;
	struct baseline before;
	uint64_t numbers; /* of reports given so far */
	const struct upgrade_report *last;
	struct upgrade_report report, refusal;
	unsigned int schedulers;
	struct sweep sweeps[]; /* one on each */
};

/* What is asked for, and on which report it will be answered. */
struct request {
	struct upgrade_report *report;
	const char *module, *from, *to;
	bool is_rollback;
};

/*--------------------------------------------------------------------
 * Versions
 */

/* Over all resident versions of the module, one of which is `of`. */
struct sums {
	uint64_t live, elsewhere, births, ends, faults;
};

static struct sums
sum_up(const struct release_handler *handler, uint16_t of)
{
	uint16_t ids[RESIDENTS_MAX];
	unsigned int i, count;
	struct behaviour_counts one;
	struct sums sums = { 0 };

	count = code_residents(handler->code,
	    behaviour_at(handler->behaviours, of)->name, ids, RESIDENTS_MAX);
	for (i = 0; i < count; i++) {
		one = behaviour_counts(handler->behaviours, ids[i]);
		sums.live += one.holders;
		sums.births += one.births;
		sums.ends += one.ends;
		sums.faults += one.faults;
		if (ids[i] != of)
			sums.elsewhere += one.holders;
	}
	return sums;
}

/* From now on births belong to `id`, and all else is on its way there. */
static void
aim_at(const struct release_handler *handler, uint16_t id)
{
	const struct behaviour *aim = behaviour_at(handler->behaviours, id);
	uint16_t ids[RESIDENTS_MAX];
	unsigned int i, count;

	behaviour_make_current(handler->behaviours, id);
	count = code_residents(handler->code, aim->name, ids, RESIDENTS_MAX);
	for (i = 0; i < count; i++)
		behaviour_at(handler->behaviours, ids[i])->target =
		    ids[i] == id ? 0 : id;
}

static bool
is_aimed_at(const struct release_handler *handler, uint16_t id)
{
	const struct behaviour *aim = behaviour_at(handler->behaviours, id);
	uint16_t ids[RESIDENTS_MAX];
	unsigned int i, count;

	count = code_residents(handler->code, aim->name, ids, RESIDENTS_MAX);
	for (i = 0; i < count; i++)
		if (behaviour_at(handler->behaviours, ids[i])->target !=
		    (ids[i] == id ? 0 : id))
			return false;
	return behaviour_is_current(handler->behaviours, id);
}

static bool
assert_release_state(const struct release_handler *handler)
{
	assert((handler->state == LOADING) == (handler->load != NULL));
	switch (handler->state) {
	case IDLE:
		break;
	case LOADING:
		assert(!handler->report.is_done);
		break;
	case CONVERTING:
		assert(!handler->report.is_done);
		assert(is_aimed_at(handler, handler->to));
		break;
	case INSTALLED:
		assert(handler->report.is_done);
		assert(is_aimed_at(handler, handler->to));
		break;
	case RETURNING:
		assert(!handler->report.is_done);
		assert(is_aimed_at(handler, handler->from));
		break;
	}
	return true;
}

/*--------------------------------------------------------------------
 * Reports
 */

static uint64_t
machine_ns(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void
open_report(struct release_handler *handler, const struct request *request)
{
	struct upgrade_report *report = request->report;

	*report = (struct upgrade_report){ .number = ++handler->numbers,
		.begun = scheduler_now(handler->scheduler),
		.mode = "sweep",
		.is_rollback = request->is_rollback };
	snprintf(report->module, sizeof report->module, "%s", request->module);
	snprintf(report->version_from, sizeof report->version_from, "%s",
	    request->from);
	snprintf(
	    report->version_to, sizeof report->version_to, "%s", request->to);
	handler->last = report;
	if (report == &handler->report)
		handler->before.ns = machine_ns();
}

static void
log_report(struct release_handler *handler, const struct upgrade_report *report,
    const char *what)
{
	log_line(scheduler_log(handler->scheduler),
	    scheduler_now(handler->scheduler),
	    "upgrade %" PRIu64 " %s %s -> %s %s", report->number,
	    report->module, report->version_from, report->version_to, what);
}

/* No more is known of it from here on; the recorder gets a copy. */
static void
close_report(struct release_handler *handler, struct upgrade_report *report,
    enum upgrade_stage stage, enum upgrade_reason reason)
{
	char what[160];

	report->stage = (uint8_t)stage;
	report->reason = (uint8_t)reason;
	report->ended = scheduler_now(handler->scheduler);
	report->is_done = true;
	handler->last = report;
	snprintf(what, sizeof what,
	    "%s %s converted %" PRIu64 " failed %" PRIu64 " pinned %" PRIu64,
	    upgrade_stage_word(stage), upgrade_reason_word(reason),
	    report->converted, report->failed, report->pinned);
	log_report(handler, report, what);
	(void)process_post_parcel(handler->scheduler,
	    registry_whereis(
		scheduler_registry(handler->scheduler), RECORD_RECIPIENT),
	    RECORD_UPGRADE, report, sizeof *report);
}

__attribute__((format(printf, 4, 5))) static const struct upgrade_report *
refuse(struct release_handler *handler, const struct request *request,
    enum upgrade_reason reason, const char *format, ...)
{
	struct request refused = *request;
	va_list args;

	refused.report = &handler->refusal;
	open_report(handler, &refused);
	va_start(args, format);
	vsnprintf(
	    refused.report->text, sizeof refused.report->text, format, args);
	va_end(args);
	close_report(handler, refused.report, UPGRADE_refused, reason);
	return refused.report;
}

static void
take_baseline(struct release_handler *handler, uint16_t target)
{
	const struct sums sums = sum_up(handler, target);

	handler->before = (struct baseline){ .live = sums.live,
		.births = sums.births,
		.ends = sums.ends,
		.faults = sums.faults,
		.conversions =
		    behaviour_counts(handler->behaviours, target).conversions,
		.ns = handler->before.ns };
	handler->report.live = sums.live;
}

static uint64_t
excess(uint64_t one, uint64_t other)
{
	return one > other ? one - other : 0;
}

/*
 * Whoever lived, or was born since, and neither lives nor has ended as the
 * runtime counts it, is lost; there is never one, and this would tell.
 */
static void
count_up(struct release_handler *handler, uint16_t current)
{
	struct upgrade_report *report = &handler->report;
	const struct baseline *before = &handler->before;
	const struct sums sums = sum_up(handler, current);

	report->pinned = sums.elsewhere;
	report->born = sums.births - before->births;
	report->died = sums.ends - before->ends;
	report->lost =
	    excess(before->live + report->born, sums.live + report->died);
	report->crashes = sums.faults - before->faults;
	report->total_us = (machine_ns() - before->ns) / 1000;
}

/*--------------------------------------------------------------------
 * Converting
 */

static void
say_what_runs(struct release_handler *handler, uint16_t current,
    const char *prefix, const char *suffix)
{
	struct upgrade_report *report = &handler->report;
	const struct behaviour *runs =
	    behaviour_at(handler->behaviours, current);
	uint64_t holders =
	    behaviour_counts(handler->behaviours, current).holders;
	char pinned[64] = "";

	if (report->pinned > 0)
		snprintf(pinned, sizeof pinned,
		    ", %" PRIu64 " pinned on another version", report->pinned);
	snprintf(report->text, sizeof report->text,
	    "%s'%s' %s is current and runs %" PRIu64 " of %" PRIu64 "%s%s",
	    prefix, runs->name, runs->version, holders,
	    holders + report->pinned, pinned, suffix);
}

static void
install(struct release_handler *handler)
{
	char suffix[96];

	handler->state = INSTALLED;
	count_up(handler, handler->to);
	snprintf(suffix, sizeof suffix,
	    "; %s stays for the way back until make-permanent",
	    behaviour_version(handler->behaviours, handler->from));
	say_what_runs(handler, handler->to, "", suffix);
	close_report(
	    handler, &handler->report, UPGRADE_installed, UPGRADE_REASON_none);
}

static void
end_return(struct release_handler *handler)
{
	char prefix[96] = "";

	handler->state = IDLE;
	count_up(handler, handler->from);
	if (handler->why_back == UPGRADE_REASON_failed_conversion)
		snprintf(prefix, sizeof prefix,
		    "%" PRIu64 " could not be converted to %s: ",
		    handler->report.failed,
		    behaviour_version(handler->behaviours, handler->to));
	say_what_runs(handler, handler->from, prefix, "");
	close_report(
	    handler, &handler->report, UPGRADE_rolled_back, handler->why_back);
}

static uint64_t
conversions_to(const struct release_handler *handler, uint16_t id)
{
	return behaviour_counts(handler->behaviours, id).conversions -
	    handler->before.conversions;
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
		    handler->state == CONVERTING);
		if (peer != home)
			scheduler_set_slice(
			    peer, sweep_slice, &handler->sweeps[i]);
	}
	scheduler_set_slice(home, slice, handler);
	assert(assert_release_state(handler));
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
		histogram_merge(&report->pauses_cpu, &sweep->cpu);
		histogram_merge(&report->pauses_wall, &sweep->wall);
		failed += sweep->failed;
		sweep->target = 0;
	}
	return failed;
}

static void
turn_round(struct release_handler *handler, enum upgrade_reason why)
{
	handler->state = RETURNING;
	handler->why_back = why;
	handler->report.converted = conversions_to(handler, handler->to);
	log_report(handler, &handler->report, "turns round");
	begin_sweeps(handler, handler->from);
}

/* All who can come have come, or one could not: the others are halted. */
static void
close_sweeps(struct release_handler *handler)
{
	struct upgrade_report *report = &handler->report;
	uint16_t target = handler->sweeps[0].target;
	uint64_t failed = end_sweeps(handler);

	if (handler->state == CONVERTING)
		report->failed = failed;
	if (handler->state == CONVERTING || report->is_rollback)
		report->converted = conversions_to(handler, target);
	if (handler->state == RETURNING)
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
	return over || (failed && handler->state == CONVERTING);
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
	assert(assert_release_state(handler));
	return !handler->report.is_done;
}

/*
 * An event, or use_current, has had a process converted, on the thread of the
 * scheduler that has it; code_attempted_f.
 */
static void
on_attempt(void *arg, struct pid pid, int result, uint64_t cpu_ns)
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

static void
begin_converting(struct release_handler *handler)
{
	scheduler_halt_others(handler->scheduler);
	handler->state = CONVERTING;
	handler->report.stage = UPGRADE_converting;
	take_baseline(handler, handler->to);
	log_report(handler, &handler->report, "converting");
	begin_sweeps(handler, handler->to);
	scheduler_let_go(handler->scheduler);
}

/*--------------------------------------------------------------------
 * Loading
 */

static enum upgrade_reason
reason_of_load(int error)
{
	switch (error) {
	case -ENOENT:
		return UPGRADE_REASON_not_found;
	case -EBADMSG:
		return UPGRADE_REASON_self_test;
	case -EINVAL:
		return UPGRADE_REASON_plan;
	default:
		return UPGRADE_REASON_admission;
	}
}

static void
refuse_load(struct release_handler *handler, int error, const char *why)
{
	struct upgrade_report *report = &handler->report;

	handler->state = IDLE;
	report->total_us = (machine_ns() - handler->before.ns) / 1000;
	snprintf(report->text, sizeof report->text,
	    "%.420s; nothing has changed, %s stays current", why,
	    report->version_from);
	close_report(handler, report, UPGRADE_refused, reason_of_load(error));
}

static void
on_loaded(struct release_handler *handler, uint64_t number)
{
	struct upgrade_report *report = &handler->report;
	char why[CODE_WHY_MAX];
	int error;

	if (handler->state != LOADING || number != report->number)
		return; /* the empty job of a process that was started anew */
	error = code_load_finish(
	    &handler->load, &handler->to, why, &report->load_us);
	if (error != 0) {
		refuse_load(handler, error, why);
	} else {
		report->stage = UPGRADE_loaded;
		begin_converting(handler);
	}
	assert(assert_release_state(handler));
}

static int
give_loader(struct release_handler *handler, worker_job_f *job, void *arg)
{
	const struct worker_answer answer = { .owner = handler->pid,
		.kind = EVENT_LOADED,
		.number = handler->report.number };

	return worker_submit(handler->loader, job, arg, &answer);
}

static void
begin_loading(struct release_handler *handler, const struct request *request)
{
	int error;

	error = code_load_begin(
	    handler->code, request->module, request->to, &handler->load);
	if (error == 0) {
		handler->state = LOADING;
		log_report(handler, &handler->report, "loading");
		error = give_loader(handler, code_load_work, handler->load);
		if (error != 0)
			code_load_drop(&handler->load);
	}
	if (error != 0)
		refuse_load(handler, error, strerror(-error));
}

/*--------------------------------------------------------------------
 * The operator's commands
 */

static bool
is_running(const struct release_handler *handler)
{
	return handler->state != IDLE && handler->state != INSTALLED;
}

/* Of an upgrade that is installed. */
static void
begin_returning(struct release_handler *handler, const struct request *request)
{
	scheduler_halt_others(handler->scheduler);
	open_report(handler, request);
	handler->state = RETURNING;
	handler->why_back = UPGRADE_REASON_command;
	handler->report.stage = UPGRADE_converting;
	take_baseline(handler, handler->from);
	log_report(handler, &handler->report, "rolling back");
	begin_sweeps(handler, handler->from);
	scheduler_let_go(handler->scheduler);
}

/* Of one that is still converting. */
static void
return_at_once(struct release_handler *handler)
{
	scheduler_halt_others(handler->scheduler);
	handler->report.failed = end_sweeps(handler);
	turn_round(handler, UPGRADE_REASON_command);
	scheduler_let_go(handler->scheduler);
}

static const struct upgrade_report *
refuse_second(struct release_handler *handler, const struct request *request)
{
	const struct upgrade_report *first = &handler->report;

	if (is_running(handler))
		return refuse(handler, request, UPGRADE_REASON_running,
		    "upgrade %" PRIu64 " of '%s' from %s to %s is running; "
		    "nothing has changed",
		    first->number, first->module, first->version_from,
		    first->version_to);
	return refuse(handler, request, UPGRADE_REASON_running,
	    "'%s' %s is installed and on trial; make-permanent or rollback "
	    "comes first",
	    behaviour_at(handler->behaviours, handler->to)->name,
	    behaviour_version(handler->behaviours, handler->to));
}

const struct upgrade_report *
release_handler_upgrade(
    struct release_handler *handler, const char *module, const char *version)
{
	struct request request = {
		.report = &handler->report, .module = module, .to = version
	};
	uint16_t current;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	current = behaviour_current(handler->behaviours, module);
	request.from =
	    current == 0 ? "" : behaviour_version(handler->behaviours, current);
	if (current == 0 || behaviour_at(handler->behaviours, current)->native)
		return refuse(handler, &request, UPGRADE_REASON_not_found,
		    "no module '%s' is loaded", module);
	if (is_running(handler))
		return refuse_second(handler, &request);
	if (strcmp(request.from, version) == 0)
		return refuse(handler, &request, UPGRADE_REASON_already_current,
		    "'%s' %s is current already; nothing has changed", module,
		    version);
	if (handler->state == INSTALLED)
		return refuse_second(handler, &request);
	open_report(handler, &request);
	handler->from = current;
	handler->to = behaviour_find(handler->behaviours, module, version);
	if (handler->to == 0)
		begin_loading(handler, &request);
	else
		begin_converting(handler);
	assert(assert_release_state(handler));
	return &handler->report;
}

/* Whether `module` is what the handler has in hand. */
static bool
is_in_hand(const struct release_handler *handler, const char *module)
{
	return handler->state != IDLE && handler->state != LOADING &&
	    strcmp(behaviour_at(handler->behaviours, handler->to)->name,
		module) == 0;
}

const struct upgrade_report *
release_handler_rollback(struct release_handler *handler, const char *module)
{
	struct request request = { .report = &handler->report,
		.module = module,
		.from = "",
		.to = "",
		.is_rollback = true };

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	if (handler->state == LOADING || handler->state == RETURNING)
		return refuse_second(handler, &request);
	if (!is_in_hand(handler, module))
		return refuse(handler, &request, UPGRADE_REASON_not_found,
		    "'%s' has no release on trial to roll back", module);
	request.from = behaviour_version(handler->behaviours, handler->to);
	request.to = behaviour_version(handler->behaviours, handler->from);
	if (handler->state == CONVERTING)
		return_at_once(handler);
	else
		begin_returning(handler, &request);
	return &handler->report;
}

const struct upgrade_report *
release_handler_make_permanent(
    struct release_handler *handler, const char *module, const char *version)
{
	struct request request = { .report = &handler->report,
		.module = module,
		.from = version,
		.to = version };
	const char *on_trial;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	if (is_running(handler))
		return refuse_second(handler, &request);
	if (!is_in_hand(handler, module))
		return refuse(handler, &request, UPGRADE_REASON_not_found,
		    "'%s' has no release on trial to make permanent", module);
	on_trial = behaviour_version(handler->behaviours, handler->to);
	if (strcmp(on_trial, version) != 0)
		return refuse(handler, &request, UPGRADE_REASON_not_found,
		    "'%s' has %s on trial, not %s", module, on_trial, version);
	request.from = behaviour_version(handler->behaviours, handler->from);
	open_report(handler, &request);
	scheduler_halt_others(handler->scheduler);
	take_baseline(handler, handler->to);
	count_up(handler, handler->to);
	say_what_runs(handler, handler->to, "", ", for good");
	scheduler_let_go(handler->scheduler);
	handler->state = IDLE;
	close_report(handler, &handler->report, UPGRADE_permanent,
	    UPGRADE_REASON_command);
	return &handler->report;
}

const struct upgrade_report *
release_handler_report(const struct release_handler *handler)
{
	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	return handler->last;
}

/*--------------------------------------------------------------------
 * The process
 */

static struct release_handler *
handler_of(struct self *self)
{
	struct release_handler *handler = process_context(self);

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	return handler;
}

static void
do_nothing(void *arg)
{
	(void)arg;
}

static int
init(struct self *self, void *state, const struct message *start)
{
	struct release_handler *handler = handler_of(self);

	(void)state;
	(void)start;
	handler->pid = process_self(self);
	if (handler->state != LOADING)
		return 0;
	return give_loader(handler, do_nothing, NULL);
}

static void
handle(struct self *self, void *state, const struct message *event)
{
	uint64_t number;

	(void)state;
	if (event->kind != EVENT_LOADED)
		return;
	memcpy(&number, event->body.bytes, sizeof number);
	on_loaded(handler_of(self), number);
}

static void
terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self;
	(void)state;
	(void)reason;
}

static const struct module native = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "release_handler",
	.version = "native",
	.schema = { .size = 8 }, /* it keeps nothing, but 0 is no size */
	.init = init,
	.handle = handle,
	.terminate = terminate,
};

int
release_handler_alloc(struct release_handler **ret_handler,
    struct scheduler *scheduler, struct code *code)
{
	struct release_handler *handler;
	unsigned int count = scheduler_count(scheduler);
	uint16_t id;
	int error;

	if (ALLOC_OBJ_EXTRA(handler, RELEASE_HANDLER_MAGIC,
		count * sizeof handler->sweeps[0]) == NULL)
		return -ENOMEM;
	handler->schedulers = count;
	handler->scheduler = scheduler;
	handler->behaviours = scheduler_behaviours(scheduler);
	handler->code = code;
	error = worker_alloc(&handler->loader, scheduler, "loader");
	if (error == 0)
		error = behaviours_add_native(
		    handler->behaviours, &native, handler, &id);
	if (error != 0) {
		release_handler_free(&handler);
		return error;
	}
	code_join(code, scheduler);
	code_listen(code, on_attempt, handler);
	*ret_handler = handler;
	return 0;
}

void
release_handler_free(struct release_handler **handlerp)
{
	struct release_handler *handler = *handlerp;
	unsigned int i;

	if (handler == NULL)
		return;
	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	code_listen(handler->code, NULL, NULL);
	for (i = 0; i < handler->schedulers; i++)
		scheduler_set_slice(
		    scheduler_peer(handler->scheduler, i), NULL, NULL);
	worker_free(&handler->loader);
	code_load_drop(&handler->load);
	FREE_OBJ(handlerp, RELEASE_HANDLER_MAGIC);
}

/*--------------------------------------------------------------------
 * Words
 */

#define WORD(symbol, word) word,

const char *
upgrade_stage_word(enum upgrade_stage stage)
{
	static const char *const words[] = { UPGRADE_STAGES(WORD) };

	assert((unsigned int)stage < sizeof words / sizeof words[0]);
	return words[stage];
}

const char *
upgrade_reason_word(enum upgrade_reason reason)
{
	static const char *const words[] = { UPGRADE_REASONS(WORD) };

	assert((unsigned int)reason < sizeof words / sizeof words[0]);
	return words[reason];
}
