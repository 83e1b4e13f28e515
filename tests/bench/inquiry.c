/* inquiry: see inquiry.h for what it is. */
#include "tests/bench/inquiry.h"

#include <string.h>

#include "tests/bench/toy.h"

/* In one event: more are due only after a pause, and then the next has them. */
enum { BURST = 64 };

void
inquiry_begin(struct inquiry *inquiry, uint64_t ns)
{
	*inquiry = (struct inquiry){ .renewal = UINT32_MAX };
	inquiry->begun = meter_wall_ns();
	inquiry->ends = ns == 0 ? 0 : inquiry->begun + ns;
}

/* When the question of that number is due. */
static uint64_t
due(const struct inquiry *inquiry, uint64_t number)
{
	return inquiry->begun + number * 1000000000 / INQUIRIES_PER_S;
}

/* One that has been hung up, and its place not yet taken, is not asked. */
static uint32_t
next_place(const struct lane *lane, uint32_t place)
{
	const struct inquiry *inquiry = lane->inquiry;

	place = place + 1 == lane->count ? 0 : place + 1;
	if (inquiry->starts && inquiry->place == place)
		place = place + 1 == lane->count ? 0 : place + 1;
	return place;
}

static void
replace(struct lane *lane, struct self *self, uint32_t place)
{
	const struct toy_start start = { .key = place,
		.line_a = place,
		.line_b = lane->count + place,
		.digits = "3000000" };
	struct inquiry *inquiry = lane->inquiry;

	inquiry->starts = true;
	inquiry->place = place;
	inquiry->ended++;
	meter_must(process_send(self, lane->calls[place], TOY_HANGUP, NULL, 0),
	    "hang up");
	meter_must(process_send(self, lane->pool_pid, EVENT_START_CHILD, &start,
		       sizeof start),
	    "ask for a call");
}

static void
note_start(struct lane *lane, const struct message *event)
{
	struct supervisor_reply reply;

	memcpy(&reply, event->body.bytes, sizeof reply);
	meter_must(reply.error, supervisor_error_text(reply.error));
	lane->calls[lane->inquiry->place] = reply.child;
	lane->inquiry->starts = false;
}

static void
ask(struct lane *lane, struct self *self, uint64_t at)
{
	const struct toy_event body = { .at = at };
	struct inquiry *inquiry = lane->inquiry;

	meter_must(process_send(self, lane->calls[lane->done], TOY_ASK, &body,
		       sizeof body),
	    "ask a call");
	if (++inquiry->asked % inquiry->renewal == 0 && !inquiry->starts)
		replace(lane, self, lane->done);
	lane->done = next_place(lane, lane->done);
}

static void
note(struct inquiry *inquiry, const struct message *event)
{
	struct toy_event body;

	memcpy(&body, event->body.bytes, sizeof body);
	histogram_add(&inquiry->waits, meter_wall_ns() - body.at, 1);
	inquiry->answered++;
}

/* What the scheduler has done since the driver's last turn. */
static void
note_turn(struct inquiry *inquiry)
{
	uint64_t now = meter_thread_ns();

	if (inquiry->cpu != 0)
		histogram_add(&inquiry->turns, now - inquiry->cpu, 1);
	inquiry->cpu = now;
}

/* It sends itself the word to go on, so a turn is never without it. */
void
job_inquire(struct lane *lane, struct self *self, const struct message *event)
{
	struct inquiry *inquiry = lane->inquiry;
	uint64_t now;
	unsigned int i;

	if (event->kind == TOY_ANSWERED) {
		note(inquiry, event);
		return;
	}
	if (event->kind == EVENT_SUPERVISOR_REPLY) {
		note_start(lane, event);
		return;
	}
	note_turn(inquiry);
	now = meter_wall_ns();
	if (inquiry->is_told || (inquiry->ends != 0 && now >= inquiry->ends))
		return;
	for (i = 0; i < BURST && due(inquiry, inquiry->asked) <= now; i++)
		ask(lane, self, due(inquiry, inquiry->asked));
	meter_must(process_send(self, lane->driver, LANE_GO, NULL, 0), "go on");
}
