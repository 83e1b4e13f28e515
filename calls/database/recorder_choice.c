/*
 * recorder_choice: which records are kept, where that is a choice: the events
 * of calls.  Whether CDRs are is the office's (office_keep_records).
 *
 * Events give way to all else: they never take more than half of the room that
 * there is for records, and those that are left out for that are counted.
 */
#include <errno.h>

#include "calls/database/queue.h"
#include "calls/database/recorder_internal.h"
#include "calls/exchange/call_event.h"
#include "calls/exchange/cdr.h"
#include "calls/exchange/leg.h"
#include "calls/exchange/shelf.h"

const char *
recorder_events_word(enum recorder_events events)
{
	static const char *const words[] = {
#define WORD(symbol) #symbol,
		RECORDER_EVENTS(WORD)
#undef WORD
	};

	return words[events];
}

void
recorder_set_events(struct recorder *recorder, enum recorder_events events)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	recorder->events = events;
}

/* As the scenarios' judge has it: any end but 16 and 31, or with a fault. */
static bool
has_failed(const struct cdr *cdr)
{
	return (cdr->call.cause != CAUSE_NORMAL &&
		   cdr->call.cause != CAUSE_UNSPECIFIED) ||
	    cdr->crashes > 0;
}

static void
keep_event(void *arg, const struct call_event *event)
{
	struct recorder *recorder = arg;
	bool has_room = queue_waiting(recorder->queue) < recorder->reserve / 2;

	if (!has_room ||
	    recorder_append(
		recorder, RECORD_CALL_EVENT, event, sizeof *event) != 0)
		recorder->left_out++;
}

static void
take_event(struct recorder *recorder, const struct call_event *event)
{
	if (event->way == CALL_EVENT_END)
		shelf_clear(recorder->shelf, event->call, keep_event, recorder);
	else if (recorder->events == RECORDER_all)
		keep_event(recorder, event);
	else if (recorder->events == RECORDER_failed &&
	    shelf_put(recorder->shelf, event) != 0)
		recorder->left_out++;
}

void
recorder_look(const struct recorder *recorder, uint64_t call,
    void (*give)(void *arg, const struct call_event *event), void *arg)
{
	CHECK_OBJ(recorder, RECORDER_MAGIC);
	shelf_look(recorder->shelf, call, give, arg);
}

bool
recorder_choose(struct recorder *recorder, uint16_t kind, const void *bytes)
{
	const struct cdr *cdr = bytes;

	if (kind == RECORD_CALL_EVENT) {
		take_event(recorder, bytes);
		return false;
	}
	if (kind != RECORD_CDR)
		return true;
	shelf_judge(recorder->shelf, cdr->call.call, has_failed(cdr));
	return !cdr->is_unkept;
}
