/*
 * administration: what may be asked of a supervisor (otp.md 1.31 to 1.34).
 *
 *   request           answered   refused with
 *   start_child       later      already_started, already_present, a word of
 *                                child_spec_check(), start_failed, full
 *   terminate_child   later      not_found
 *   restart_child     later      not_found, running, restarting
 *   delete_child      at once    not_found, running, restarting
 *   get_childspec     at once    not_found
 *   count_children    at once
 *   which_children    at once    not_found (what the list shall go on after)
 *
 * Of a pool restart_child and delete_child are refused with
 * simple_one_for_one, and terminate_child takes a pid.
 */
#include <string.h>

#include "switch/message.h"
#include "switch/supervisor_internal.h"

static const struct reason normal = { .kind = REASON_NORMAL };

void
administration_reply(struct hand *hand, const struct asker *asker,
    enum supervisor_error error, struct pid child, struct reason reason)
{
	const struct supervisor_reply reply = { .key = asker->key,
		.child = child,
		.reason = reason,
		.request = asker->request,
		.error = (uint16_t)error };

	if (!pid_is_none(asker->pid))
		(void)supervisor_send(hand, asker->pid, EVENT_SUPERVISOR_REPLY,
		    &reply, sizeof reply);
}

static void
refuse(
    struct hand *hand, const struct asker *asker, enum supervisor_error error)
{
	administration_reply(hand, asker, error, PID_NONE, normal);
}

static struct child_request
request_of(const struct message *event)
{
	struct child_request request;

	memcpy(&request, event->body.bytes, sizeof request);
	request.id[CHILD_ID_MAX] = '\0';
	return request;
}

static struct asker
asker_of(const struct message *event)
{
	struct asker asker = { .pid = event->from, .request = event->kind };

	memcpy(&asker.key, event->body.bytes, sizeof asker.key);
	return asker;
}

/* otp.md 1.21, 1.31. */
static void
refuse_double(struct hand *hand, const struct asker *asker, uint32_t ref)
{
	const struct child *child = child_at(hand->store, ref);

	if (child->status == CHILD_RUNNING)
		administration_reply(hand, asker, SUPERVISOR_ALREADY_STARTED,
		    child->pid, normal);
	else
		refuse(hand, asker, SUPERVISOR_ALREADY_PRESENT);
}

static void
start_child(struct hand *hand, const struct message *event)
{
	struct asker asker = { .pid = event->from, .request = event->kind };
	struct child_request_start request;
	enum supervisor_error error;
	size_t size = 0;
	const void *parcel = process_parcel(hand->self, &size);
	uint32_t ref;

	if (size != sizeof request) {
		refuse(hand, &asker, SUPERVISOR_BAD_REQUEST);
		return;
	}
	memcpy(&request, parcel, sizeof request);
	asker.key = request.key;
	error = child_spec_check(&request.spec, &hand->state->flags);
	if (error != SUPERVISOR_OK) {
		refuse(hand, &asker, error);
		return;
	}
	ref = child_table_find(hand->store, hand->table, request.spec.id);
	if (ref != 0) {
		refuse_double(hand, &asker, ref);
		return;
	}
	ref = child_table_add(hand->store, hand->table, &request.spec);
	if (ref == 0) {
		refuse(hand, &asker, SUPERVISOR_FULL);
		return;
	}
	hand->state->asker = asker;
	task_start(hand, TASK_START_CHILD, ref, ref);
}

static void
terminate_child(struct hand *hand, const struct asker *asker, uint32_t ref)
{
	hand->state->asker = *asker;
	task_end(hand, TASK_TERMINATE_CHILD, ref, ref);
}

static void
restart_or_delete(struct hand *hand, const struct asker *asker, uint32_t ref)
{
	const struct child *child = child_at(hand->store, ref);

	if (child->status == CHILD_RESTARTING) {
		refuse(hand, asker, SUPERVISOR_RESTARTING);
	} else if (child->status != CHILD_STOPPED) {
		refuse(hand, asker, SUPERVISOR_RUNNING);
	} else if (asker->request == EVENT_DELETE_CHILD) {
		child_table_remove(hand->store, hand->table, ref);
		refuse(hand, asker, SUPERVISOR_OK);
	} else {
		hand->state->asker = *asker;
		task_start(hand, TASK_RESTART_CHILD, ref, ref);
	}
}

/* Requests that name one child by its id. */
static void
change_child(struct hand *hand, const struct message *event)
{
	const struct child_request request = request_of(event);
	const struct asker asker = asker_of(event);
	uint32_t ref;

	if (is_pool(hand) && event->kind == EVENT_TERMINATE_CHILD) {
		pool_terminate_child(hand, &asker, request.child);
		return;
	}
	ref = is_pool(hand)
	    ? 0
	    : child_table_find(hand->store, hand->table, request.id);
	if (is_pool(hand))
		refuse(hand, &asker, SUPERVISOR_SIMPLE_ONE_FOR_ONE);
	else if (ref == 0)
		refuse(hand, &asker, SUPERVISOR_NOT_FOUND);
	else if (event->kind == EVENT_TERMINATE_CHILD)
		terminate_child(hand, &asker, ref);
	else
		restart_or_delete(hand, &asker, ref);
}

static void
count_children(struct hand *hand, const struct message *event)
{
	const struct asker asker = asker_of(event);
	const struct supervisor_count count = census_count(hand);
	const struct supervisor_reply reply = { .key = asker.key,
		.request = asker.request,
		.specs = (uint32_t)count.specs,
		.active = (uint32_t)count.active,
		.supervisors = (uint32_t)count.supervisors,
		.workers = (uint32_t)count.workers };

	if (!pid_is_none(asker.pid))
		(void)supervisor_send(hand, asker.pid, EVENT_SUPERVISOR_REPLY,
		    &reply, sizeof reply);
}

static void
get_childspec(struct hand *hand, const struct message *event)
{
	const struct child_request request = request_of(event);
	const struct asker asker = asker_of(event);
	struct supervisor_reply_spec reply = { .head = { .key = asker.key,
						   .request = asker.request } };
	uint32_t ref;

	if (is_pool(hand)) {
		reply.spec = hand->state->template;
	} else {
		ref = child_table_find(hand->store, hand->table, request.id);
		if (ref == 0) {
			refuse(hand, &asker, SUPERVISOR_NOT_FOUND);
			return;
		}
		reply.spec = child_at(hand->store, ref)->as.spec;
	}
	if (!pid_is_none(asker.pid) &&
	    process_send_parcel(hand->self, asker.pid, EVENT_SUPERVISOR_REPLY,
		&reply, sizeof reply) != 0)
		refuse(hand, &asker, SUPERVISOR_FULL);
}

/* Written straight into its parcel: it may be large. */
static void
which_children(struct hand *hand, const struct message *event)
{
	const struct child_request request = request_of(event);
	const struct asker asker = asker_of(event);
	struct supervisor_reply_list *list;
	struct parcel *parcel;
	uint32_t count = 0, message;

	if (pid_is_none(asker.pid))
		return;
	if (census_list(hand, &request, NULL, CHILD_ENTRIES, &count) != 0) {
		refuse(hand, &asker, SUPERVISOR_NOT_FOUND);
		return;
	}
	message = message_alloc_parcel(hand->scheduler, EVENT_SUPERVISOR_REPLY,
	    hand->pid, sizeof *list + count * sizeof list->entries[0]);
	if (message == 0) {
		refuse(hand, &asker, SUPERVISOR_FULL);
		return;
	}
	parcel = message_parcel(
	    hand->scheduler, message_at(hand->scheduler, message));
	assert(parcel != NULL);
	list = (void *)parcel->bytes;
	memset(list, 0, sizeof *list);
	list->head.key = asker.key;
	list->head.request = asker.request;
	(void)census_list(hand, &request, list->entries, count, &list->count);
	process_deliver(hand->scheduler, asker.pid, message);
}

/* Whether it must wait until the task in hand is done. */
static bool
must_wait(const struct hand *hand, const struct message *event)
{
	if (is_pool(hand))
		return event->kind != EVENT_START_CHILD &&
		    !pid_is_none(hand->state->ending);
	return hand->state->phase != PHASE_IDLE;
}

static void
change(struct hand *hand, const struct message *event)
{
	if (hand->state->task == TASK_STOP)
		return; /* who asked hears of our end by link or monitor */
	if (must_wait(hand, event))
		supervisor_postpone(hand);
	else if (event->kind != EVENT_START_CHILD)
		change_child(hand, event);
	else if (is_pool(hand))
		pool_start_child(hand, event);
	else
		start_child(hand, event);
}

bool
administration_handle(struct hand *hand, const struct message *event)
{
	switch (event->kind) {
	case EVENT_START_CHILD:
	case EVENT_TERMINATE_CHILD:
	case EVENT_RESTART_CHILD:
	case EVENT_DELETE_CHILD:
		change(hand, event);
		return true;
	case EVENT_COUNT_CHILDREN:
		count_children(hand, event);
		return true;
	case EVENT_GET_CHILDSPEC:
		get_childspec(hand, event);
		return true;
	case EVENT_WHICH_CHILDREN:
		which_children(hand, event);
		return true;
	default:
		return false;
	}
}
