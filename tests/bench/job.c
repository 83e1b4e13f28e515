/* job: see job.h for what it is. */
#include "tests/bench/job.h"

#include <string.h>

#include "switch/supervisor.h"
#include "tests/bench/meter.h"
#include "tests/bench/probe.h"
#include "tests/bench/toy.h"

/*
 * Messages sent in one event, below what the outbox holds; OTP's sender has
 * its time slice of 4,000 reductions, some 800 messages.
 */
enum { BURST = 192 };

/*
 * Bursts on their way to another scheduler: what is there is soon handled, but
 * to send is quicker.  Measured: fewer are slower, more are no faster.
 */
enum { WINDOW = 8 };

static void
tell(struct self *self, struct pid to, uint16_t kind, uint64_t at)
{
	const struct toy_event body = { .at = at, .pulses = 1 };

	meter_must(
	    process_send(self, to, kind, &body, sizeof body), "send an event");
}

static void
go_on(struct lane *lane, struct self *self)
{
	meter_must(process_send(self, lane->driver, LANE_GO, NULL, 0), "go on");
}

static void
ask_for_call(struct lane *lane, struct self *self)
{
	const struct toy_start start = { .key = lane->done,
		.at = lane->done,
		.line_a = lane->done,
		.line_b = lane->count + lane->done,
		.digits = "3000000" };

	if (lane->done < lane->count)
		meter_must(process_send(self, lane->pool_pid, EVENT_START_CHILD,
			       &start, sizeof start),
		    "ask for a call");
}

static struct pid
started(const struct message *event)
{
	struct supervisor_reply reply;

	meter_must(event->kind != EVENT_SUPERVISOR_REPLY, "ask for a call");
	memcpy(&reply, event->body.bytes, sizeof reply);
	meter_must(reply.error, supervisor_error_text(reply.error));
	return reply.child;
}

void
job_start_calls(
    struct lane *lane, struct self *self, const struct message *event)
{
	if (event->kind != LANE_GO) {
		if (lane->calls != NULL)
			lane->calls[lane->done] = started(event);
		else
			(void)started(event);
		lane->done++;
	}
	ask_for_call(lane, self);
}

void
job_talk(struct lane *lane, struct self *self, const struct message *event)
{
	uint32_t i;

	(void)event;
	for (i = 0; i < BURST / 2 && lane->done < lane->count; i++) {
		tell(self, lane->calls[lane->done], TOY_ALERTING, 1);
		tell(self, lane->calls[lane->done++], TOY_ANSWER, 2);
	}
	if (lane->done < lane->count)
		go_on(lane, self);
}

void
job_hang_up(struct lane *lane, struct self *self, const struct message *event)
{
	uint32_t i;

	(void)event;
	for (i = 0; i < BURST && lane->done < lane->count; i++)
		tell(self, lane->calls[lane->done++], TOY_HANGUP, 3);
	if (lane->done < lane->count)
		go_on(lane, self);
}

void
job_tick(struct lane *lane, struct self *self, const struct message *event)
{
	uint32_t i;

	(void)event;
	for (i = 0; i < BURST && lane->done < lane->count; i++)
		tell(self, lane->calls[lane->done++], TOY_TICK, i);
	if (lane->done == lane->count && lane->rounds > 0) {
		lane->rounds--;
		lane->done = 0;
	}
	if (lane->done < lane->count)
		go_on(lane, self);
}

/* A burst is followed by a request, which is answered when it has arrived. */
void
job_tick_across(
    struct lane *lane, struct self *self, const struct message *event)
{
	uint32_t i;

	if (event->kind == LANE_ASK) {
		meter_must(process_send(self, event->from, LANE_GO, NULL, 0),
		    "let it go on");
		return;
	}
	for (i = 1; i < WINDOW && pid_is_none(event->from); i++)
		go_on(lane, self);
	for (i = 0; i < BURST && lane->done < lane->count; i++)
		tell(self, lane->calls[lane->done++], TOY_TICK, i);
	if (lane->done == lane->count && lane->rounds > 0) {
		lane->rounds--;
		lane->done = 0;
	}
	if (i > 0)
		meter_must(process_send(self, lane->beyond, LANE_ASK, NULL, 0),
		    "ask whether it has come");
}

void
job_whole_calls(
    struct lane *lane, struct self *self, const struct message *event)
{
	struct pid call;

	if (event->kind != LANE_GO) {
		call = started(event);
		tell(self, call, TOY_ALERTING, lane->done);
		tell(self, call, TOY_ANSWER, lane->done);
		tell(self, call, TOY_TICK, lane->done);
		tell(self, call, TOY_HANGUP, lane->done);
		lane->done++;
	}
	ask_for_call(lane, self);
}

static void
crash_next(struct lane *lane, struct self *self)
{
	struct pid other = lane->calls[lane->count - 1];
	struct probe *probe = &lane->probe[lane->done];

	if (lane->done == lane->count - 1)
		return;
	meter_must(process_send(self, lane->calls[lane->done++], TOY_CRASH,
		       &probe, sizeof probe),
	    "send a crash");
	meter_must(process_send(self, other, TOY_PROBE, &probe, sizeof probe),
	    "send a probe");
}

/* The end of one is the last that is heard of it. */
void
job_fault(struct lane *lane, struct self *self, const struct message *event)
{
	if (event->kind == PROBE_DONE)
		return;
	if (event->kind == EVENT_DOWN)
		lane->probe[lane->done - 1].down = meter_wall_ns();
	if (lane->done < lane->count - 1)
		meter_must(
		    process_monitor(self, lane->calls[lane->done], lane->done),
		    "monitor a call");
	crash_next(lane, self);
}

void
job_resume(struct lane *lane, struct self *self, const struct message *event)
{
	(void)event;
	crash_next(lane, self);
}
