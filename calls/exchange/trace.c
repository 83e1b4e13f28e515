/*
 * trace: see trace.h for what it is, and call_event.h for what it tells.
 *
 * An event is told before it is handled, so that what it leads to stands
 * behind it; another state is told when the event is done.
 */
#include "calls/exchange/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/call_event.h"
#include "calls/exchange/call_state.h"
#include "calls/exchange/office_internal.h"
#include "calls/exchange/trunk.h"
#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "switch/witness.h"

struct trace {
	unsigned int magic;
#define TRACE_MAGIC 0x70c1e4a9
	struct office *office;
	/* By scheduler: the state that the call of its event was in. */
	char before[SCHEDULERS_MAX][CALL_EVENT_TEXT];
};

static void
set(char *place, size_t size, const char *text)
{
	(void)snprintf(place, size, "%s", text);
}

static void
send(struct scheduler *scheduler, const struct call_event *event)
{
	record_send(scheduler, RECORD_CALL_EVENT, event, sizeof *event);
}

/* What the party at a port is called. */
static void
name_port(const struct office *office, uint32_t port, char *text)
{
	char circuit[CIRCUIT_TEXT_SIZE];

	if (port == PORT_NONE)
		text[0] = '\0';
	else if ((port & PORT_CIRCUIT) == 0)
		numbering_text(office->lines->numbering, port, text);
	else
		set(text, CALL_EVENT_PORT,
		    circuit_text(office->trunks, circuit_id(port), circuit));
}

static void
tell(struct trace *trace, enum call_event_way way, uint32_t attempt,
    uint32_t port, const struct trace_said *said)
{
	struct office *office = trace->office;
	struct call_event record = { .way = (uint8_t)way,
		.cause = said->cause };

	if (attempt == ATTEMPT_NONE)
		return;
	record.at = office_stamp(office) - 1;
	record.call = attempts_at(office->attempts, attempt)->number;
	name_port(office, port, record.port);
	set(record.event, sizeof record.event, said->event);
	set(record.text, sizeof record.text, said->text);
	send(office->lines->at, &record);
}

void
trace_out(struct trace *trace, uint32_t attempt, uint32_t port,
    const struct trace_said *said)
{
	CHECK_OBJ(trace, TRACE_MAGIC);
	tell(trace, CALL_EVENT_out, attempt, port, said);
}

/* "call 2" */
static void
tell_other(struct trace *trace, uint32_t attempt, uint32_t port,
    const char *event, uint32_t other)
{
	const struct attempts *attempts = trace->office->attempts;
	char text[CALL_EVENT_TEXT];
	const struct trace_said said = { event, text, 0 };

	(void)snprintf(text, sizeof text, "call %" PRIu64,
	    attempts_at(attempts, other)->number);
	tell(trace, CALL_EVENT_of, attempt, port, &said);
}

void
trace_moved(struct trace *trace, uint32_t port, uint32_t from, uint32_t attempt)
{
	CHECK_OBJ(trace, TRACE_MAGIC);
	tell_other(trace, from, port, "moved-to", attempt);
	tell_other(trace, attempt, port, "moved-from", from);
}

void
trace_end(struct trace *trace, uint64_t call)
{
	const struct call_event record = { .way = CALL_EVENT_END,
		.call = call };

	CHECK_OBJ(trace, TRACE_MAGIC);
	send(trace->office->lines->at, &record);
}

/*--------------------------------------------------------------------
 * What a call is given
 */

static bool
read_signal(const struct message *message, struct signal *ret_signal)
{
	if (message->length < sizeof *ret_signal)
		return false;
	memcpy(ret_signal, message->body.bytes, sizeof *ret_signal);
	return true;
}

/* Of others it stands in the body, and means nothing. */
static bool
has_cause(uint16_t kind)
{
	return kind == SIGNAL_ONHOOK || kind == SIGNAL_REJECT ||
	    kind == SIGNAL_CLEAR || kind == SIGNAL_STATUS ||
	    kind == SIGNAL_DISCONNECT || kind == SIGNAL_RELEASE ||
	    kind == SIGNAL_RELEASE_COMPLETE || kind == SIGNAL_TRUNK_DOWN;
}

/* The exchange says so of a port: whoever is there has said nothing. */
static bool
is_of_exchange(uint16_t kind)
{
	return kind == SIGNAL_LEFT || kind == SIGNAL_CREDIT_LOW ||
	    kind == SIGNAL_CREDIT_WARNED || kind == SIGNAL_CREDIT_GONE ||
	    kind == SIGNAL_PREEMPT || kind == SIGNAL_CIRCUIT_FREE;
}

/* Why it must end; what another call has to do with it stands beside this. */
static void
fill_reason(const struct message *message, struct call_event *record)
{
	struct reason reason;

	memcpy(&reason, message->body.bytes, sizeof reason);
	if ((reason.number & ENDED_BY_ANOTHER) == 0)
		(void)reason_text(reason, record->text, sizeof record->text);
}

/* Who sent it, and what with it. */
static void
fill_in(struct trace *trace, const struct witnessed *seen,
    struct call_event *record)
{
	struct office *office = trace->office;
	struct signal signal;

	record->way = CALL_EVENT_of;
	if (seen->is_end)
		fill_reason(seen->message, record);
	if ((signal_word(seen->message->kind) == NULL && !seen->is_start) ||
	    !read_signal(seen->message, &signal))
		return;
	if (has_cause(seen->message->kind))
		record->cause = signal.cause;
	set(record->text, sizeof record->text, signal.digits);
	if (signal.port == PORT_NONE)
		return;
	if (!is_of_exchange(seen->message->kind))
		record->way = CALL_EVENT_in;
	(void)office_enter(scheduler_where(office->scheduler, seen->pid));
	name_port(office, signal.port, record->port);
	office_leave(office);
}

static void
fill(const struct witnessed *seen, struct scheduler *scheduler,
    struct call_event *record)
{
	const struct module *module = seen->behaviour->module;

	*record = (struct call_event){ .at = scheduler_now(scheduler),
		.way = CALL_EVENT_of,
		.call = call_state_number(module, seen->state) };
	call_state_word(
	    module, seen->state, record->state, sizeof record->state);
	set(record->version, sizeof record->version, seen->behaviour->version);
}

/* What starts has no state yet: who it is stands in what it starts with. */
static bool
fill_start(const struct witnessed *seen, struct call_event *record)
{
	struct signal signal;

	record->state[0] = '\0';
	if (!read_signal(seen->message, &signal))
		return false;
	record->call = signal.call;
	set(record->event, sizeof record->event,
	    signal.digits[0] == '\0' ? "offhook" : "setup");
	return true;
}

static void
see_before(struct trace *trace, struct scheduler *scheduler,
    const struct witnessed *seen, struct call_event *record)
{
	set(trace->before[scheduler_number(scheduler)], CALL_EVENT_TEXT,
	    record->state);
	set(record->event, sizeof record->event, seen->word);
	/* To a call that has ended by itself its last event is nothing. */
	if ((seen->is_start && !fill_start(seen, record)) ||
	    (seen->is_end && strcmp(record->state, "ended") == 0))
		return;
	fill_in(trace, seen, record);
	send(scheduler, record);
}

static void
see_after(
    struct trace *trace, struct scheduler *scheduler, struct call_event *record)
{
	const char *before = trace->before[scheduler_number(scheduler)];
	char now[CALL_EVENT_TEXT];

	memcpy(now, record->state, sizeof now);
	if (strcmp(now, before) == 0)
		return;
	set(record->state, sizeof record->state, before);
	set(record->event, sizeof record->event, "state");
	set(record->text, sizeof record->text, now);
	send(scheduler, record);
}

static void
witness(void *arg, struct scheduler *scheduler, const struct witnessed *seen)
{
	struct trace *trace = arg;
	struct call_event record;

	if (strcmp(seen->behaviour->name, OFFICE_MODULE) != 0)
		return;
	fill(seen, scheduler, &record);
	switch (seen->moment) {
	case WITNESS_BEFORE:
		see_before(trace, scheduler, seen, &record);
		break;
	case WITNESS_AFTER:
		see_after(trace, scheduler, &record);
		break;
	case WITNESS_UNDONE:
		set(record.event, sizeof record.event, "fault");
		(void)reason_text(
		    seen->reason, record.text, sizeof record.text);
		send(scheduler, &record);
		break;
	case WITNESS_CONVERTED:
		set(record.event, sizeof record.event, "upgrade");
		set(record.text, sizeof record.text, record.version);
		send(scheduler, &record);
		break;
	}
}

/*--------------------------------------------------------------------
 * Life
 */

static void
tell_all(struct office *office, struct trace *trace)
{
	office->trace = trace;
	office->lines->trace = trace;
	office->trunks->trace = trace;
	witness_set(office->scheduler, trace == NULL ? NULL : witness, trace);
}

int
office_set_trace(struct office *office, bool is_on)
{
	struct trace *trace;

	CHECK_OBJ(office, OFFICE_MAGIC);
	if (is_on == (office->trace != NULL))
		return 0;
	if (!is_on) {
		trace_free(&office->trace);
		tell_all(office, NULL);
		return 0;
	}
	if (ALLOC_OBJ(trace, TRACE_MAGIC) == NULL)
		return -ENOMEM;
	trace->office = office;
	tell_all(office, trace);
	return 0;
}

void
trace_free(struct trace **tracep)
{
	FREE_OBJ(tracep, TRACE_MAGIC);
}
