/*
 * release_close: what nobody uses any more is closed.
 *
 * When a release is permanent, or has been taken back, each version that is
 * not current and that no process runs is taken out of the tables, and its
 * code is unmapped on the loader's thread.  Where somebody still runs it, the
 * scheduler on which the last one leaves tells the process `release_handler`.
 * purge -force ends those who would not leave by themselves.
 *
 * A closing is on its way from taking out to the answer of the loader, which
 * answers in order: the number of one is that of all before it too.  So an
 * empty job tells a process that was killed and started again what it missed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "switch/alarm.h"
#include "switch/log.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/registry.h"
#include "switch/scheduler.h"
#include "switch/worker.h"
#include "upgrade/code.h"
#include "upgrade/holders.h"
#include "upgrade/release_internal.h"

/*--------------------------------------------------------------------
 * One closing
 */

static int
give_loader(struct release_handler *handler, worker_job_f *job, void *arg,
    uint64_t number)
{
	const struct worker_answer answer = {
		.owner = handler->pid, .kind = EVENT_CLOSED, .number = number
	};

	return worker_submit(handler->loader, job, arg, &answer);
}

/* Without memory for it, it waits for the next look. */
static void
give(struct release_handler *handler, struct release_closing *closing)
{
	uint64_t number = handler->closing_number + 1;

	if (closing->number == 0 &&
	    give_loader(handler, code_close_work, closing->closing, number) ==
		0)
		closing->number = handler->closing_number = number;
}

static void
do_nothing(void *arg)
{
	(void)arg;
}

int
release_wait_for_closings(struct release_handler *handler)
{
	return handler->closing_count == 0
	    ? 0
	    : give_loader(handler, do_nothing, NULL, handler->closing_number);
}

static void
say_closed(struct release_handler *handler, const struct code_closing *closing,
    bool is_gone)
{
	const char *module = code_close_module(closing);
	const char *version = code_close_version(closing);
	struct alarm alarm = { .name = ALARM_VERSION_MAPPED,
		.severity = ALARM_warning };

	log_line(scheduler_log(handler->scheduler),
	    scheduler_entry(handler->scheduler, LEVEL_notice),
	    "release_handler native closed %s %s%s", module, version,
	    is_gone ? "" : ", but it stays mapped");
	(void)snprintf(
	    alarm.object, sizeof alarm.object, "%s %s", module, version);
	(void)snprintf(alarm.text, sizeof alarm.text,
	    "nobody runs '%s' %s, but something keeps its code mapped", module,
	    version);
	if (!is_gone)
		alarm_raise(handler->scheduler, &alarm);
}

/* Those behind it move up: they are in the order of their numbers. */
static void
finish(struct release_handler *handler, struct release_closing *closing)
{
	struct code_closing *one = closing->closing;

	say_closed(handler, one, code_close_error(one) == 0);
	(void)code_close_finish(&one);
	handler->closing_count--;
	memmove(closing, closing + 1,
	    (size_t)(handler->closings + handler->closing_count - closing) *
		sizeof *closing);
}

void
release_on_closed(struct release_handler *handler, uint64_t number)
{
	unsigned int i = 0;

	while (i < handler->closing_count) {
		if (handler->closings[i].number == 0 ||
		    handler->closings[i].number > number)
			i++;
		else
			finish(handler, &handler->closings[i]);
	}
}

void
release_drop_closings(struct release_handler *handler)
{
	while (handler->closing_count > 0)
		(void)code_close_finish(
		    &handler->closings[--handler->closing_count].closing);
}

/*--------------------------------------------------------------------
 * Which
 */

static bool
is_in_use_by_upgrade(const struct release_handler *handler, uint16_t id)
{
	return handler->state != RELEASE_IDLE &&
	    (id == handler->from || id == handler->to);
}

static int
close_one(struct release_handler *handler, uint16_t id)
{
	struct release_closing *closing =
	    &handler->closings[handler->closing_count];
	int error;

	if (handler->closing_count == RELEASE_CLOSINGS_MAX)
		return -ENOSPC; /* the next answer makes room, and looks again
				 */
	error = code_close_begin(handler->code, id, &closing->closing);
	if (error != 0)
		return error;
	closing->number = 0;
	handler->purges[id] = false;
	handler->closing_count++;
	return 0;
}

static bool
may_close(const struct release_handler *handler, uint16_t id)
{
	return !is_in_use_by_upgrade(handler, id) &&
	    (handler->state == RELEASE_IDLE || handler->purges[id]);
}

/* How many; and how many are left, which somebody still uses. */
static unsigned int
close_once(struct release_handler *handler, unsigned int *ret_left)
{
	uint16_t ids[RELEASE_RESIDENTS_MAX];
	unsigned int i, count, closed = 0;

	*ret_left = 0;
	count = code_old(handler->code, ids, RELEASE_RESIDENTS_MAX);
	for (i = 0; i < count; i++) {
		if (!may_close(handler, ids[i]))
			continue;
		if (close_one(handler, ids[i]) == 0)
			closed++;
		else
			++*ret_left;
	}
	return closed;
}

/*
 * One that goes takes plans with it, which may have been all that held
 * another.  Whether there are some that somebody still uses.
 */
static bool
close_those_unused(struct release_handler *handler)
{
	unsigned int left;

	while (close_once(handler, &left) > 0 && left > 0)
		;
	return left > 0;
}

/*
 * Whoever leaves a version first notes that, then asks whether that is waited
 * for; here it is first the other and then the one: so one of both sees it.
 */
void
release_close_unused(struct release_handler *handler)
{
	unsigned int i;

	handler->waits_for_leavers = true;
	atomic_thread_fence(memory_order_seq_cst);
	if (!close_those_unused(handler))
		handler->waits_for_leavers = false;
	for (i = 0; i < handler->closing_count; i++)
		give(handler, &handler->closings[i]);
}

/* On the thread of the scheduler on which the last has left. */
void
release_on_left(void *arg, unsigned int scheduler, uint16_t behaviour)
{
	struct release_handler *handler = arg;
	struct scheduler *at;

	atomic_thread_fence(memory_order_seq_cst);
	if (!handler->waits_for_leavers)
		return;
	at = scheduler_peer(handler->scheduler, scheduler);
	/* Without memory for it, the next one to leave or command will do. */
	(void)process_post(at,
	    registry_whereis(scheduler_registry(at), "release_handler"),
	    EVENT_LEFT, &behaviour, sizeof behaviour);
}

/*--------------------------------------------------------------------
 * The operator's purge
 */

struct refusal {
	char *why;
	size_t size;
};

__attribute__((format(printf, 3, 4))) static int
refuse(const struct refusal *refusal, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(refusal->why, refusal->size, format, args);
	va_end(args);
	return error;
}

static int
refuse_held(struct release_handler *handler, const struct refusal *refusal,
    const struct behaviour *version)
{
	struct holders *holders;
	char who[384] = ""; /* of two, whatever their reasons are */
	int error = holders_alloc(&holders, handler, version->name);

	if (error == 0)
		holders_say_who(holders, version->id, who, sizeof who);
	holders_free(&holders);
	return refuse(refusal, -EBUSY,
	    "'%s' %s is in use by %" PRIu64 "%s; nothing has changed, -force "
	    "ends them",
	    version->name, version->version,
	    behaviour_counts(handler->behaviours, version->id).holders, who);
}

/* What ends that an upgrade needs both of its versions, as far as one can. */
static const char *
way_out(const struct release_handler *handler)
{
	static const char *const ways[] = {
		[RELEASE_CANARY] = "rollback comes first",
		[RELEASE_CONVERTING] = "rollback or its end comes first",
		[RELEASE_INSTALLED] = "rollback or make-permanent comes first",
		[RELEASE_CONFIRMING] = "wait until it is permanent",
		[RELEASE_RETURNING] = "wait until all have returned",
	};

	return ways[handler->state];
}

/* What no force overcomes. */
static int
refuse_purge(struct release_handler *handler, const struct refusal *refusal,
    const struct behaviour *version)
{
	if (handler->state == RELEASE_LOADING ||
	    handler->state == RELEASE_REHEARSING)
		return refuse(refusal, -EBUSY,
		    "upgrade %" PRIu64 " of '%s' is running; nothing has "
		    "changed",
		    handler->report.number, handler->report.module);
	if (is_in_use_by_upgrade(handler, version->id))
		return refuse(refusal, -EBUSY, "'%s' %s is %s; %s",
		    version->name, version->version,
		    version->id == handler->to
			? "on trial"
			: "the way back of the release on trial",
		    way_out(handler));
	if (behaviour_is_current(handler->behaviours, version->id))
		return refuse(refusal, -EBUSY,
		    "'%s' %s is current; upgrade to another version first",
		    version->name, version->version);
	return 0;
}

static uint16_t
find_resident(struct release_handler *handler,
    const struct release_purge *purge, const struct refusal *refusal)
{
	uint16_t ids[RELEASE_RESIDENTS_MAX];
	uint16_t id =
	    behaviour_find(handler->behaviours, purge->module, purge->version);
	unsigned int i,
	    count = code_residents(
		handler->code, purge->module, ids, RELEASE_RESIDENTS_MAX);
	char loaded[160] = "";
	size_t length = 0;

	for (i = 0; i < count; i++) {
		if (ids[i] == id)
			return id;
		length +=
		    (size_t)snprintf(loaded + length, sizeof loaded - length,
			" %s", behaviour_version(handler->behaviours, ids[i]));
		if (length >= sizeof loaded)
			break;
	}
	if (count == 0)
		refuse(refusal, 0, "no module '%s' is loaded", purge->module);
	else
		refuse(refusal, 0, "'%s' %s is not loaded, loaded are:%s",
		    purge->module, purge->version, loaded);
	return 0;
}

/* A call is rejected: its record says why it ended.  Others are killed. */
static void
end_user(struct release_handler *handler, struct scheduler *scheduler,
    const struct process_info *info)
{
	const struct upgrade_telephony *telephony = &handler->telephony;
	const struct reason kill = { .kind = REASON_KILL };

	if (telephony->reject != NULL && telephony->call != NULL &&
	    telephony->call(telephony->arg, info) != 0)
		(void)telephony->reject(telephony->arg, scheduler, info->pid);
	else
		process_exit_signal(scheduler, PID_NONE, info->pid, kill);
}

/* While the others are halted. */
static void
end_users(struct release_handler *handler, uint16_t id)
{
	struct scheduler *scheduler;
	struct process_info info;
	struct pid pid;
	uint32_t cursor;
	unsigned int i;

	for (i = 0; i < handler->schedulers; i++) {
		scheduler = scheduler_peer(handler->scheduler, i);
		cursor = 0;
		while (process_next(scheduler, &cursor, &pid))
			if (process_info(scheduler, pid, &info) == 0 &&
			    info.behaviour == id)
				end_user(handler, scheduler, &info);
	}
}

int
release_handler_purge(struct release_handler *handler,
    const struct release_purge *purge, char *why, size_t size)
{
	const struct refusal refusal = { why, size };
	const struct behaviour *version;
	uint16_t id;
	int error;

	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	id = find_resident(handler, purge, &refusal);
	if (id == 0)
		return -ENOENT;
	version = behaviour_at(handler->behaviours, id);
	error = refuse_purge(handler, &refusal, version);
	if (error != 0)
		return error;
	if (code_is_on_the_way(handler->code, id))
		return refuse(&refusal, -EBUSY,
		    "'%s' %s is in use by the plan between two others, which "
		    "needs its code_change; purge one of those first",
		    version->name, version->version);
	if (behaviour_counts(handler->behaviours, id).holders > 0) {
		if (!purge->is_forced)
			return refuse_held(handler, &refusal, version);
		scheduler_halt_others(handler->scheduler);
		end_users(handler, id);
		scheduler_let_go(handler->scheduler);
	}
	handler->purges[id] = true;
	release_close_unused(handler);
	return 0;
}
