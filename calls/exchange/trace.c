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
#include "calls/exchange/watch.h"
#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "switch/witness.h"

struct trace {
	unsigned int magic;
#define TRACE_MAGIC 0x70c1e4a9
	struct office *office;
	struct watch *watch;
	bool is_recorded; /* all calls are, by the recorder */
	/* By scheduler: the call of its event, and what state it was in. */
	struct {
		uint64_t call;
		char before[CALL_EVENT_TEXT];
	} at[SCHEDULERS_MAX];
};

static void
set(char *place, size_t size, const char *text)
{
	(void)snprintf(place, size, "%s", text);
}

static bool
is_wanted(const struct trace *trace, uint64_t call)
{
	return trace->is_recorded || watch_has(trace->watch, call);
}

static void
send(struct trace *trace, struct scheduler *scheduler,
    const struct call_event *event)
{
	if (trace->is_recorded)
		record_send(scheduler, RECORD_CALL_EVENT, event, sizeof *event);
	if (watch_has(trace->watch, event->call))
		watch_keep(trace->watch, event);
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

	if (attempt == ATTEMPT_NONE ||
	    attempts_at(office->attempts, attempt)->in_register)
		return; /* nobody's call, or nobody's yet */
	record.call = attempts_at(office->attempts, attempt)->number;
	if (!is_wanted(trace, record.call))
		return;
	record.at = office_stamp(office) - 1;
	name_port(office, port, record.port);
	set(record.event, sizeof record.event, said->event);
	set(record.text, sizeof record.text, said->text);
	send(trace, office->lines->at, &record);
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
trace_asked(
    struct trace *trace, const char *event, const char *text, uint8_t cause)
{
	struct scheduler *scheduler = trace->office->lines->at;
	struct call_event record = { .at = scheduler_now(scheduler),
		.call = trace->at[scheduler_number(scheduler)].call,
		.way = CALL_EVENT_out,
		.cause = cause };

	CHECK_OBJ(trace, TRACE_MAGIC);
	if (record.call == 0 || !is_wanted(trace, record.call))
		return;
	set(record.port, sizeof record.port, CALL_EVENT_EXCHANGE);
	set(record.event, sizeof record.event, event);
	set(record.text, sizeof record.text, text);
	send(trace, scheduler, &record);
}

void
trace_end(struct trace *trace, uint64_t call)
{
	struct scheduler *scheduler = trace->office->lines->at;
	struct call_event record = { .at = office_stamp(trace->office) - 1,
		.way = CALL_EVENT_out,
		.call = call };

	CHECK_OBJ(trace, TRACE_MAGIC);
	if (!is_wanted(trace, call))
		return;
	set(record.port, sizeof record.port, CALL_EVENT_SUPERVISOR);
	set(record.event, sizeof record.event, "exit");
	send(trace, scheduler, &record);
	record = (struct call_event){ .way = CALL_EVENT_END, .call = call };
	send(trace, scheduler, &record);
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

/* Its supervisor has made it, in the version that is current. */
static void
send_start(struct trace *trace, struct scheduler *scheduler,
    const struct call_event *record)
{
	struct call_event start = {
		.at = record->at, .call = record->call, .way = CALL_EVENT_in
	};

	set(start.port, sizeof start.port, CALL_EVENT_SUPERVISOR);
	set(start.event, sizeof start.event, "start");
	set(start.text, sizeof start.text, record->version);
	set(start.version, sizeof start.version, record->version);
	send(trace, scheduler, &start);
}

static void
see_before(struct trace *trace, struct scheduler *scheduler,
    const struct witnessed *seen, struct call_event *record)
{
	const unsigned int at = scheduler_number(scheduler);

	set(trace->at[at].before, CALL_EVENT_TEXT, record->state);
	set(record->event, sizeof record->event, seen->word);
	/* To a call that has ended by itself its last event is nothing. */
	if ((seen->is_start && !fill_start(seen, record)) ||
	    (seen->is_end && strcmp(record->state, "ended") == 0))
		return;
	trace->at[at].call = record->call;
	if (!is_wanted(trace, record->call))
		return;
	if (seen->is_start)
		send_start(trace, scheduler, record);
	fill_in(trace, seen, record);
	send(trace, scheduler, record);
}

static void
see_after(
    struct trace *trace, struct scheduler *scheduler, struct call_event *record)
{
	const char *before = trace->at[scheduler_number(scheduler)].before;
	char now[CALL_EVENT_TEXT];

	memcpy(now, record->state, sizeof now);
	if (strcmp(now, before) == 0)
		return;
	set(record->state, sizeof record->state, before);
	set(record->event, sizeof record->event, "state");
	set(record->text, sizeof record->text, now);
	send(trace, scheduler, record);
}

static void
witness(void *arg, struct scheduler *scheduler, const struct witnessed *seen)
{
	struct trace *trace = arg;
	struct call_event record;

	if (strcmp(seen->behaviour->name, OFFICE_MODULE) != 0)
		return;
	if (!seen->is_start &&
	    !is_wanted(trace,
		call_state_number(seen->behaviour->module, seen->state))) {
		trace->at[scheduler_number(scheduler)].call = 0;
		return;
	}
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
		send(trace, scheduler, &record);
		break;
	case WITNESS_CONVERTED:
		set(record.event, sizeof record.event, "upgrade");
		set(record.text, sizeof record.text, record.version);
		send(trace, scheduler, &record);
		break;
	}
}

/*--------------------------------------------------------------------
 * Life
 */

/* It is told of events while there is one who wants them. */
static void
tell_all(struct office *office)
{
	struct trace *kept = office->trace_kept;
	struct trace *trace =
	    kept != NULL && (kept->is_recorded || watch_live(kept->watch) > 0)
	    ? kept
	    : NULL;

	if (trace == office->trace)
		return;
	office->trace = trace;
	office->lines->trace = trace;
	office->trunks->trace = trace;
	witness_set(office->scheduler, trace == NULL ? NULL : witness, trace);
}

static int
make(struct office *office)
{
	struct trace *trace;

	if (office->trace_kept != NULL)
		return 0;
	if (ALLOC_OBJ(trace, TRACE_MAGIC) == NULL)
		return -ENOMEM;
	trace->office = office;
	if (watch_alloc(&trace->watch) != 0) {
		trace_free(&trace);
		return -ENOMEM;
	}
	office->trace_kept = trace;
	return 0;
}

int
office_set_trace(struct office *office, bool is_on)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	if (is_on && make(office) != 0)
		return -ENOMEM;
	if (office->trace_kept != NULL)
		office->trace_kept->is_recorded = is_on;
	tell_all(office);
	return 0;
}

int
office_watch(struct office *office, uint64_t call)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	if (make(office) != 0 ||
	    watch_begin(office->trace_kept->watch, call) != 0)
		return -ENOMEM;
	tell_all(office);
	return 0;
}

void
office_watch_keep(struct office *office, const struct call_event *event)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	watch_keep(office->trace_kept->watch, event);
}

void
office_watch_rest(struct office *office)
{
	tell_all(office);
}

uint64_t
office_watch_order(const struct office *office)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	return office->trace_kept == NULL
	    ? 0
	    : watch_order(office->trace_kept->watch);
}

void
office_watched(struct office *office, uint64_t call,
    void (*give)(void *arg, const struct call_event *event), void *arg)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	if (office->trace_kept != NULL)
		watch_look(office->trace_kept->watch, call, give, arg);
}

void
trace_free(struct trace **tracep)
{
	if (*tracep != NULL)
		watch_free(&(*tracep)->watch);
	FREE_OBJ(tracep, TRACE_MAGIC);
}
