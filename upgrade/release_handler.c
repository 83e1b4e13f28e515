/*
 * release_handler: see release_handler.h for what it is.
 *
 * Here are the operator's commands and the process.  What an upgrade goes
 * through is drawn in release_stages.c; how a release is fetched is in
 * release_load.c, what a report is in release_report.c.
 *
 * All that there is to know lies in the host object.  The process
 * `release_handler` only hears that a job is done; killed and started again,
 * it finds the state there.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "switch/worker.h"
#include "upgrade/code.h"
#include "upgrade/rehearsal.h"
#include "upgrade/release_internal.h"

/*--------------------------------------------------------------------
 * The operator's commands
 */

static bool
is_running(const struct release_handler *handler)
{
	return handler->state != RELEASE_IDLE &&
	    handler->state != RELEASE_INSTALLED;
}

static const struct upgrade_report *
refuse_second(
    struct release_handler *handler, const struct release_request *request)
{
	const struct upgrade_report *first = &handler->report;

	if (is_running(handler))
		return release_refuse(handler, request, UPGRADE_REASON_running,
		    "%s %" PRIu64 " of '%s' from %s to %s is running; "
		    "nothing has changed",
		    upgrade_kind_word(first), first->number, first->module,
		    first->version_from, first->version_to);
	return release_refuse(handler, request, UPGRADE_REASON_running,
	    "'%s' %s is installed and on trial; make-permanent or rollback "
	    "comes first; nothing has changed",
	    behaviour_at(handler->behaviours, handler->to)->name,
	    behaviour_version(handler->behaviours, handler->to));
}

/*
 * What is common to an upgrade and its rehearsal: whether it may begin.  The
 * refusal, or NULL and request->from is set.
 */
static const struct upgrade_report *
refuse_begin(struct release_handler *handler, struct release_request *request)
{
	const char *module = request->module;
	uint16_t current = behaviour_current(handler->behaviours, module);

	request->from =
	    current == 0 ? "" : behaviour_version(handler->behaviours, current);
	if (current == 0 || behaviour_at(handler->behaviours, current)->native)
		return release_refuse(handler, request,
		    UPGRADE_REASON_not_found,
		    "no module '%s' is loaded; nothing has changed", module);
	if (is_running(handler))
		return refuse_second(handler, request);
	if (strcmp(request->from, request->to) == 0)
		return release_refuse(handler, request,
		    UPGRADE_REASON_already_current,
		    "'%s' %s is current already; nothing has changed", module,
		    request->to);
	/* A rehearsal changes nothing, so it need not wait for anything. */
	if (handler->state == RELEASE_INSTALLED && !request->is_rehearsal)
		return refuse_second(handler, request);
	return NULL;
}

/* The operator's conditions are used no more. */
static void
let_go(struct upgrade_conditions *conditions)
{
	if (conditions->release != NULL)
		conditions->release(conditions->arg);
	*conditions = (struct upgrade_conditions){ .arg = NULL };
}

/* Opens the report, notes order and versions; begins to load `to`, or on. */
static const struct upgrade_report *
begin(struct release_handler *handler, struct release_request *request,
    const struct upgrade_order *order)
{
	const struct upgrade_report *refusal = refuse_begin(handler, request);
	struct upgrade_conditions conditions = order->conditions;
	bool is_beside = handler->state == RELEASE_INSTALLED;

	if (refusal != NULL) {
		let_go(&conditions);
		return refusal;
	}
	release_put_off_rejecting(handler);
	if (is_beside)
		release_set_aside(handler);
	handler->from = behaviour_current(handler->behaviours, request->module);
	release_report_open(handler, request);
	let_go(&handler->order.conditions);
	handler->order = *order;
	handler->order.module = handler->report.module;
	handler->order.version = handler->report.version_to;
	handler->deadline = 0;
	handler->to =
	    behaviour_find(handler->behaviours, request->module, request->to);
	handler->is_resident = handler->to != 0;
	if (handler->is_resident)
		release_begin(handler);
	else
		release_begin_loading(handler, request);
	assert(release_assert_state(handler));
	if (handler->aside.is_set)
		handler->beside = handler->report;
	return is_beside ? &handler->beside : &handler->report;
}

const struct upgrade_report *
release_handler_upgrade(
    struct release_handler *handler, const struct upgrade_order *order)
{
	struct release_request request = { .report = &handler->report,
		.module = order->module,
		.to = order->version,
		.drains = order->drains };

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	return begin(handler, &request, order);
}

const struct upgrade_report *
release_handler_rehearse(struct release_handler *handler, const char *module,
    const char *version, uint64_t sample)
{
	struct release_request request = { .report = &handler->report,
		.module = module,
		.to = version,
		.is_rehearsal = true };

	const struct upgrade_order order = { .module = module,
		.version = version,
		.rehearse = sample == 0 ? UINT64_MAX : sample };

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	return begin(handler, &request, &order);
}

/* Whether `module` is what the handler has in hand. */
static bool
is_in_hand(const struct release_handler *handler, const char *module)
{
	return (handler->state == RELEASE_CANARY ||
		   handler->state == RELEASE_CONVERTING ||
		   handler->state == RELEASE_INSTALLED ||
		   handler->state == RELEASE_RETURNING) &&
	    strcmp(behaviour_at(handler->behaviours, handler->to)->name,
		module) == 0;
}

static bool
may_turn_round(const struct release_handler *handler)
{
	return handler->state == RELEASE_CANARY ||
	    handler->state == RELEASE_CONVERTING;
}

/* What runs now, and what it would be left for, as far as is known. */
static void
name_versions(
    const struct release_handler *handler, struct release_request *request)
{
	uint16_t current =
	    behaviour_current(handler->behaviours, request->module);

	if (is_in_hand(handler, request->module)) {
		request->from =
		    behaviour_version(handler->behaviours, handler->to);
		request->to =
		    behaviour_version(handler->behaviours, handler->from);
	} else if (current != 0) {
		request->from = behaviour_version(handler->behaviours, current);
	}
}

const struct upgrade_report *
release_handler_rollback(
    struct release_handler *handler, const char *module, uint64_t deadline)
{
	struct release_request request = { .report = &handler->report,
		.module = module,
		.from = "",
		.to = "",
		.is_rollback = true };

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	if (handler->aside.is_set &&
	    strcmp(handler->aside.report.module, module) == 0)
		release_give_up_rehearsal(handler, UPGRADE_REASON_command,
		    "what is on trial is rolled back");
	name_versions(handler, &request);
	if (is_running(handler) && !may_turn_round(handler))
		return refuse_second(handler, &request);
	if (!is_in_hand(handler, module))
		return release_refuse(handler, &request,
		    UPGRADE_REASON_not_found,
		    "'%s' has no release on trial to roll back; nothing has "
		    "changed",
		    module);
	handler->deadline = deadline;
	scheduler_halt_others(handler->scheduler);
	if (may_turn_round(handler))
		release_turn_round(handler, UPGRADE_REASON_command);
	else
		release_begin_returning(
		    handler, &request, UPGRADE_REASON_command);
	scheduler_let_go(handler->scheduler);
	return &handler->report;
}

const struct upgrade_report *
release_handler_make_permanent(
    struct release_handler *handler, const char *module, const char *version)
{
	struct release_request request = { .report = &handler->report,
		.module = module,
		.from = "",
		.to = version,
		.is_confirmation = true };
	struct release_request back = { .module = module, .from = "" };
	const char *on_trial;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	name_versions(handler, &back);
	request.from = is_in_hand(handler, module) ? back.to : back.from;
	if (is_running(handler))
		return refuse_second(handler, &request);
	if (!is_in_hand(handler, module))
		return release_refuse(handler, &request,
		    UPGRADE_REASON_not_found,
		    "'%s' has no release on trial to make permanent; nothing "
		    "has changed",
		    module);
	on_trial = behaviour_version(handler->behaviours, handler->to);
	if (strcmp(on_trial, version) != 0)
		return release_refuse(handler, &request,
		    UPGRADE_REASON_not_found,
		    "'%s' has %s on trial, not %s; nothing has changed", module,
		    on_trial, version);
	release_make_permanent(handler, &request);
	return &handler->report;
}

/* Whether a version is on trial, or all are on their way. */
static bool
has_begun(const struct release_handler *handler)
{
	return handler->state != RELEASE_LOADING &&
	    handler->state != RELEASE_REHEARSING;
}

static void
end_loading(struct release_handler *handler)
{
	if (handler->load == NULL)
		return;
	worker_wait(handler->loader);
	code_load_drop(&handler->load);
}

/* Nothing is walked or tried any more. */
static void
put_down(struct release_handler *handler)
{
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++)
		scheduler_set_slice(
		    scheduler_peer(handler->scheduler, i), NULL, NULL);
	rehearsal_free(&handler->rehearsal);
	release_end_shadow(handler);
	release_end_sweeps(handler);
	if (behaviours_trial(handler->behaviours) != 0)
		release_leave_trial(handler);
}

/* What it has done till then. */
static void
close_unconfirmed(struct release_handler *handler)
{
	scheduler_halt_others(handler->scheduler);
	release_follow_trial(handler);
	release_report_renew(handler);
	scheduler_let_go(handler->scheduler);
}

void
release_handler_abandon(struct release_handler *handler)
{
	struct upgrade_report *report = &handler->report;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	(void)release_end_rejecting(handler);
	end_loading(handler);
	if (handler->aside.is_set)
		release_give_up_rehearsal(handler, UPGRADE_REASON_stopped,
		    "the switch has stopped meanwhile");
	if (handler->state == RELEASE_INSTALLED)
		close_unconfirmed(handler);
	if (!is_running(handler))
		return;
	scheduler_halt_others(handler->scheduler);
	put_down(handler);
	if (has_begun(handler)) {
		release_count_up(handler, handler->to);
		release_read_books(handler);
	}
	handler->state = RELEASE_IDLE;
	snprintf(report->text, sizeof report->text,
	    "the switch has stopped meanwhile: nothing runs any more");
	release_report_close(handler, report, (enum upgrade_stage)report->stage,
	    UPGRADE_REASON_stopped);
	scheduler_let_go(handler->scheduler);
	assert(release_assert_state(handler));
}

const struct release_pauses *
release_handler_pauses(const struct release_handler *handler)
{
	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	return &handler->pauses;
}

const struct upgrade_report *
release_handler_report(struct release_handler *handler)
{
	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	if (handler->state == RELEASE_INSTALLED) {
		scheduler_halt_others(handler->scheduler);
		release_follow_trial(handler);
		scheduler_let_go(handler->scheduler);
	}
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

static int
init(struct self *self, void *state, const struct message *start)
{
	struct release_handler *handler = handler_of(self);
	int error;

	(void)state;
	(void)start;
	handler->pid = process_self(self);
	error = release_wait_for_closings(handler);
	if (error != 0 || handler->load == NULL)
		return error;
	return release_wait_for_loader(handler);
}

static void
handle(struct self *self, void *state, const struct message *event)
{
	uint64_t number;

	(void)state;
	if (event->kind == EVENT_LEFT)
		release_close_unused(handler_of(self));
	if (event->kind == EVENT_CLOSED) {
		memcpy(&number, event->body.bytes, sizeof number);
		release_on_closed(handler_of(self), number);
		/* There is room for more now. */
		release_close_unused(handler_of(self));
	}
	if (event->kind != EVENT_LOADED)
		return;
	memcpy(&number, event->body.bytes, sizeof number);
	release_on_loaded(handler_of(self), number);
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
	handler->books = object_alloc(count * sizeof *handler->books);
	if (handler->books == NULL) {
		FREE_OBJ(&handler, RELEASE_HANDLER_MAGIC);
		return -ENOMEM;
	}
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
	code_listen(code,
	    &(struct code_listener){ .arg = handler,
		.attempted = release_on_attempt,
		.goes = release_on_departure,
		.barred = release_on_barred,
		.state = release_state_number,
		.waits = release_on_waiting,
		.chooses = release_on_birth,
		.left = release_on_left });
	*ret_handler = handler;
	return 0;
}

void
release_handler_set_telephony(
    struct release_handler *handler, const struct upgrade_telephony *telephony)
{
	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	handler->telephony = *telephony;
}

void
release_handler_free(struct release_handler **handlerp)
{
	struct release_handler *handler = *handlerp;
	unsigned int i;

	if (handler == NULL)
		return;
	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	code_listen(handler->code, NULL);
	let_go(&handler->order.conditions);
	for (i = 0; i < handler->schedulers; i++)
		scheduler_set_slice(
		    scheduler_peer(handler->scheduler, i), NULL, NULL);
	shadow_run_free(&handler->shadow);
	rehearsal_free(&handler->rehearsal);
	worker_free(&handler->loader);
	code_load_drop(&handler->load);
	release_drop_closings(handler);
	object_free(
	    handler->books, handler->schedulers * sizeof *handler->books);
	FREE_OBJ(handlerp, RELEASE_HANDLER_MAGIC);
}
