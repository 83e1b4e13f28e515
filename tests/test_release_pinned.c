/*
 * Who is pinned is counted by state as it begins to wait and ceases to, and
 * that count is right at any time, whatever happens to those who wait (U18).
 *
 * Of some hundred processes a third is in states that have no way back to 1.0:
 * more than the lists of the sweeps have room for.
 */
#include "tests/release_world.h"
#include "upgrade/release_internal.h"

#define NAMED "steps/named"

enum { MANY = 600, HELD = 1, PARKED };

struct waiting {
	uint64_t in[UPGRADE_STATES + 1];
};

static uint32_t
draw(struct office *office, uint32_t below)
{
	office->seed =
	    office->seed * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(office->seed >> 33) % below;
}

/* By looking at each of them, as nobody else does. */
static struct waiting
look(struct office *office, bool tried_only)
{
	struct waiting waiting = { .in = { 0 } };
	struct process_info info;
	unsigned int i;
	struct pid pid;
	uint32_t cursor;

	for (i = 0; i < office->schedulers; i++) {
		struct scheduler *peer = scheduler_peer(office->scheduler, i);

		cursor = 0;
		while (process_next(peer, &cursor, &pid))
			if (process_info(peer, pid, &info) == 0 &&
			    behaviour_at(office->behaviours, info.behaviour)
				    ->target != 0 &&
			    (tried_only ? info.is_pinned : !info.has_failed))
				waiting.in[state_names_find(
				    &office->handler->names, info.behaviour,
				    info.state)]++;
	}
	return waiting;
}

static bool
is_counted(struct office *office)
{
	const struct waiting found = look(office, !office->report->is_done);
	uint64_t counted;
	unsigned int i, j;

	for (i = 0; i <= UPGRADE_STATES; i++) {
		counted = 0;
		for (j = 0; j < office->schedulers; j++)
			counted += office->handler->books[j].waiting_in[i];
		if (counted != found.in[i])
			print_error("state %u: %d counted, there are %d\n", i,
			    (int)counted, (int)found.in[i]);
		EXPECT(office, counted == found.in[i]);
	}
	return true;
}

/* When all who can come have come: so says the report, and all of them. */
static bool
is_reported(struct office *office)
{
	const struct upgrade_report *report = office->report;
	const struct waiting found = look(office, false);
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < report->state_count; i++) {
		EXPECT(office, report->states[i].pinned == found.in[i]);
		sum += report->states[i].pinned;
	}
	EXPECT(office, report->state_count == 4);
	EXPECT(office, sum + found.in[UPGRADE_STATES] == report->pinned);
	return true;
}

/*--------------------------------------------------------------------
 * What befalls them
 */

static void
tell(struct office *office, struct pid pid, uint16_t kind, uint32_t byte)
{
	uint8_t body = (uint8_t)byte;

	(void)process_post(at(office, pid), pid, kind, &body, sizeof body);
}

/* A state that its version has. */
static void
change_state(struct office *office, struct pid pid)
{
	uint32_t states =
	    version_id(office, pid) == id_of(office, NAMED) ? 4 : 2;

	tell(office, pid, COUNTER_PHASE, draw(office, states));
}

/* It starts another at once, or while it has something else to do. */
static void
start_other(struct office *office, struct pid pid)
{
	const struct counter_start start = { .peer = PID_NONE };
	const struct spawn spawn = { .behaviour = behaviour_current(
					 office->behaviours, "counter"),
		.start = &start,
		.length = sizeof start,
		.on_fault = ON_FAULT_RESUME,
		.fault_limit = 3,
		.starter = pid };
	struct pid child;

	if (draw(office, 2) == 0)
		change_state(office, pid);
	if (process_spawn(at(office, pid), &spawn, &child) == 0)
		office->counters[draw(office, MANY)] = child;
}

static void
befall(struct office *office)
{
	struct pid pid = office->counters[draw(office, MANY)];

	switch (draw(office, 8)) {
	case 0:
	case 1:
	case 2:
		change_state(office, pid);
		break;
	case 3:
		tell(office, pid, COUNTER_COUNT, 0);
		break;
	case 4:
		tell(office, pid, COUNTER_USE_CURRENT, 0);
		break;
	case 5:
		start_other(office, pid);
		break;
	case 6: /* it is undone, or that is its end */
		(void)process_break(
		    at(office, pid), pid, 0, FAULT_CRASH, 1 + draw(office, 2));
		change_state(office, pid);
		break;
	case 7:
		if (draw(office, 4) == 0)
			tell(office, pid, COUNTER_STOP, draw(office, 2));
		break;
	}
}

static void
begin(struct office *office)
{
	struct counter_start start = { .peer = PID_NONE };
	struct spawn spawn = { .behaviour = behaviour_current(
				   office->behaviours, "counter"),
		.on_fault = ON_FAULT_RESUME,
		.fault_limit = 3,
		.start = &start,
		.length = sizeof start };

	for (; office->count < MANY; office->count++) {
		strcpy(start.note, office->count % 4 == 0 ? "bad" : "");
		if (process_spawn(scheduler_peer(office->scheduler,
				      office->count % office->schedulers),
			&spawn, &office->counters[office->count]) != 0)
			office->failed = true;
	}
	order(office, (struct upgrade_order){ .version = NAMED });
}

static void
hold_a_third(struct office *office)
{
	unsigned int i;

	for (i = 0; i < MANY; i++)
		if (i % 3 == 0)
			post(office, i, COUNTER_PHASE,
			    i % 2 == 0 ? HELD : PARKED);
}

/* Those that 3.0 will not have. */
static void
set_aside(struct office *office, uint8_t state)
{
	unsigned int i;

	for (i = 0; i < MANY; i += 4)
		if (version_id(office, office->counters[i]) ==
		    id_of(office, "1.0"))
			tell(office, office->counters[i], COUNTER_PHASE, state);
}

/* Once at each instant; whether it is over. */
static bool
go_on(struct office *office)
{
	if (now(office) > office->ticked) {
		befall(office);
		befall(office);
		(void)is_counted(office); /* who has not begun, too */
	}
	office->ticked = now(office);
	return office->report->is_done;
}

/*--------------------------------------------------------------------
 * On the way back, after it, and up again
 */

static bool
go_up(struct office *office)
{
	switch (office->step) {
	case 1000: /* the few are counted, and then all go the other way */
		order(office,
		    (struct upgrade_order){
			.version = NAMED, .canary = 0.5, .watch = 100000 });
		break;
	case 1001:
		if (office->report->stage != UPGRADE_canary)
			return true;
		go_back(office);
		break;
	case 1002:
		if (!go_on(office))
			return true;
		EXPECT(office, is_reported(office));
		EXPECT(office, office->report->pinned > 0);
		order(office, (struct upgrade_order){ .version = NAMED });
		break;
	case 1003: /* not all the way: half of them turn round */
		if (holders(office, NAMED) < MANY / 2 && !go_on(office))
			return true;
		EXPECT(office, !office->report->is_done);
		go_back(office);
		break;
	case 1004:
		if (!go_on(office))
			return true;
		EXPECT(office, is_reported(office));
		set_aside(office, 2); /* 1.0 has no such state */
		break;
	case 1005:
		upgrade_keeping_old(office);
		break;
	case 1006: /* whom it cannot have has failed, and waits no more */
		if (!go_on(office))
			return true;
		EXPECT(office, office->report->failed > 0);
		EXPECT(office, office->report->pinned > MANY / 8);
		set_aside(office, 0);
		break;
	case 1500:
		return false;
	default:
		(void)go_on(office);
		break;
	}
	office->step++;
	return true;
}

static bool
live_with_it(struct office *office)
{
	if (office->step > 1 && !is_counted(office))
		return false;
	if (office->step >= 1000)
		return go_up(office);
	switch (office->step) {
	case 0:
		begin(office);
		break;
	case 1:
		if (!office->report->is_done)
			return true;
		hold_a_third(office);
		break;
	case 2:
		go_back(office);
		break;
	case 3:
		if (!go_on(office))
			return true;
		EXPECT(office, is_reported(office));
		EXPECT(office, office->report->pinned > 100);
		break;
	default:
		(void)go_on(office);
		break;
	}
	office->step++;
	return true;
}

static void
u18_who_is_pinned_is_counted_whatever_befalls_him(void **state)
{
	play(*state, live_with_it);
}

/*--------------------------------------------------------------------
 * In drain mode
 */

/* Who asks for the current version and cannot have it has ended, too. */
static bool
drain(struct office *office)
{
	unsigned int i;

	switch (office->step) {
	case 0:
		begin(office);
		break;
	case 1:
		if (!office->report->is_done)
			return true;
		(void)release_handler_make_permanent(
		    office->handler, "counter", NAMED);
		hold_a_third(office);
		break;
	case 2:
		order(office,
		    (struct upgrade_order){ .version = "1.0", .drains = true });
		break;
	case 3:
		if (office->report->stage != UPGRADE_converting)
			return true;
		for (i = 0; i < MANY; i++)
			post(office, i, COUNTER_USE_CURRENT, 0);
		break;
	case 4: /* and what they wait in is no longer what they waited in */
		for (i = 0; i < MANY; i += 3)
			post(office, i, COUNTER_PHASE, HELD);
		break;
	case 5:
		EXPECT(office, holders(office, NAMED) == MANY / 3);
		for (i = 0; i < MANY; i++)
			post(office, i, COUNTER_STOP, 0);
		break;
	case 6:
		if (!office->report->is_done)
			return true;
		EXPECT(office, is_reported(office));
		EXPECT(office, is_counted(office));
		return false;
	}
	office->step++;
	return true;
}

static void
u18_who_has_drained_is_pinned_no_more(void **state)
{
	play(*state, drain);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) TEST_ON(one, name), TEST_ON(two, name), TEST_ON(four, name)
		TEST(u18_who_is_pinned_is_counted_whatever_befalls_him),
		TEST(u18_who_has_drained_is_pinned_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
