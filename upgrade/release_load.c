/*
 * release_load: a release that is not resident is fetched by the loader's
 * thread, and is let in or refused when that has answered.
 *
 * The answer is a message to the process `release_handler`.  Since jobs are
 * answered in order, an empty one tells a process that was killed and started
 * again when the one that it may have missed is done.
 *
 * A load that is given up goes on, as nothing can take it from the loader; its
 * answer has it dropped, and until then there is no other.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/machine.h"
#include "switch/object.h"
#include "switch/worker.h"
#include "upgrade/code.h"
#include "upgrade/release_internal.h"

static enum upgrade_reason
reason_of_load(int error)
{
	switch (error) {
	case -EBUSY:
		return UPGRADE_REASON_running;
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

	report->total_us =
	    (machine_ns(CLOCK_MONOTONIC) - handler->before.ns) / 1000;
	snprintf(report->text, sizeof report->text,
	    "%.420s; nothing has changed, %s stays current", why,
	    report->version_from);
	release_resume(handler, UPGRADE_refused, reason_of_load(error));
}

/* As far as it is more than one step. */
static void
log_proof(struct release_handler *handler)
{
	char proof[256], what[300];

	code_say_proof(
	    handler->code, handler->from, handler->to, proof, sizeof proof);
	if (proof[0] == '\0')
		return;
	snprintf(what, sizeof what, "plan: %s", proof);
	release_report_log(handler, &handler->report, what);
}

/* What waited for its end, as the loader reads all versions, is closed. */
static void
drop_given_up(struct release_handler *handler)
{
	if (handler->load == NULL)
		return;
	code_load_drop(&handler->load);
	release_close_unused(handler);
}

void
release_on_loaded(struct release_handler *handler, uint64_t number)
{
	struct upgrade_report *report = &handler->report;
	char why[CODE_WHY_MAX];
	int error;

	if (handler->state != RELEASE_LOADING) {
		drop_given_up(handler);
		return;
	}
	if (number != report->number)
		return; /* the empty job of a process that was started anew */
	error = code_load_finish(
	    &handler->load, &handler->to, why, &report->load_us);
	if (error != 0) {
		refuse_load(handler, error, why);
	} else {
		report->stage = UPGRADE_loaded;
		release_end_stage(handler, &report->loading);
		log_proof(handler);
		release_begin(handler);
	}
	assert(release_assert_state(handler));
}

static int
give_loader(struct release_handler *handler, worker_job_f *job, void *arg)
{
	const struct worker_answer answer = { .owner = handler->pid,
		.kind = EVENT_LOADED,
		.number = handler->report.number };

	return worker_submit(handler->loader, job, arg, &answer);
}

void
release_begin_loading(
    struct release_handler *handler, const struct release_request *request)
{
	int error;

	error = code_load_begin(
	    handler->code, request->module, request->to, &handler->load);
	if (error == 0) {
		handler->state = RELEASE_LOADING;
		release_begin_stage(handler);
		release_report_log(handler, &handler->report, "loading");
		error = give_loader(handler, code_load_work, handler->load);
		if (error != 0)
			code_load_drop(&handler->load);
	}
	if (error != 0)
		refuse_load(handler, error,
		    error == -EBUSY ? "a load that was given up is not over yet"
				    : strerror(-error));
}

static void
do_nothing(void *arg)
{
	(void)arg;
}

int
release_wait_for_loader(struct release_handler *handler)
{
	return give_loader(handler, do_nothing, NULL);
}
