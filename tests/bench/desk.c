/*
 * desk: see desk.h for what it is.
 *
 * Under traffic the observer is never asked: home looks once a ms.
 */
#include "tests/bench/desk.h"

#include <stdlib.h>
#include <string.h>

#include "switch/scheduler.h"
#include "tests/bench/job.h"
#include "tests/bench/subscribers.h"
#include "upgrade/release_handler.h"

static struct desk *
open_desk(const struct lane_options *options)
{
	struct desk *desk = aligned_alloc(_Alignof(struct desk), sizeof *desk);

	meter_must(desk == NULL ? -1 : 0, "make room for the lanes");
	memset(desk, 0, sizeof *desk);
	desk->name = options->name;
	lanes_open(desk->lanes, LANES, options);
	return desk;
}

struct desk *
desk_open_toys(uint32_t calls)
{
	const struct lane_options options = { .name = "toy", .upgrades = true };
	struct desk *desk = open_desk(&options);
	struct lane *lane = desk->lanes;

	for (; lane < desk->lanes + LANES; lane++) {
		lane->count = calls / LANES;
		lane->calls = calloc(lane->count, sizeof *lane->calls);
		meter_must(lane->calls == NULL ? -1 : 0, "keep the pids");
	}
	(void)lanes_run(desk->lanes, LANES, job_start_calls, 0);
	(void)lanes_run(desk->lanes, LANES, job_talk, 0);
	return desk;
}

struct desk *
desk_open_calls(uint32_t calls)
{
	const struct lane_options options = { .name = "call",
		.with_office = true,
		.upgrades = true,
		.on_fault = ON_FAULT_RESUME };
	struct desk *desk = open_desk(&options);

	desk->lanes[0].count = calls;
	subscribers_move_in(&desk->lanes[0], calls);
	(void)lanes_run(desk->lanes, LANES, NULL, 0);
	return desk;
}

void
desk_close(struct desk **deskp)
{
	struct desk *desk = *deskp;

	*deskp = NULL;
	lanes_close(desk->lanes, LANES);
	free(desk);
}

/*--------------------------------------------------------------------
 * What is ordered, and whether it went well
 */

void
desk_upgrade(struct desk *desk, const char *version)
{
	const struct upgrade_order order = {
		.module = desk->name, .version = version, .keeps_old = true
	};

	(void)release_handler_upgrade(desk->lanes[0].handler, &order);
}

void
desk_roll_back(struct desk *desk)
{
	(void)release_handler_rollback(desk->lanes[0].handler, desk->name, 0);
}

void
desk_rehearse(struct desk *desk, const char *version)
{
	(void)release_handler_rehearse(
	    desk->lanes[0].handler, desk->name, version, 0);
}

const struct upgrade_report *
desk_report(const struct desk *desk)
{
	return release_handler_report(desk->lanes[0].handler);
}

/* Of the version that they were to leave. */
static uint64_t
left_behind(const struct desk *desk, const struct upgrade_report *report)
{
	struct behaviours *behaviours =
	    scheduler_behaviours(desk->lanes[0].scheduler);
	uint16_t from =
	    behaviour_find(behaviours, report->module, report->version_from);

	return report->is_rehearsal || from == 0
	    ? 0
	    : behaviour_counts(behaviours, from).holders;
}

/*
 * A conversion that took over 1 ms is told as failed, and is done all the same:
 * on a machine that others use such are not the switch's.
 */
void
desk_must_be_whole(struct desk *desk)
{
	const struct upgrade_report *report = desk_report(desk);
	bool good = report->stage == UPGRADE_installed ||
	    report->stage == UPGRADE_rolled_back ||
	    report->stage == UPGRADE_rehearsed;

	if (!good || left_behind(desk, report) > 0 ||
	    report->pinned + report->lost + report->lossy > 0)
		meter_must(1, report->text);
	histogram_merge(&desk->cpu, &report->pauses_cpu);
	histogram_merge(&desk->wall, &report->pauses_wall);
}

/*--------------------------------------------------------------------
 * Meanwhile
 */

/* A lane_settled_f: goes on until the report is done. */
static bool
is_waited_for(struct lane *home)
{
	scheduler_set_horizon(
	    home->scheduler, scheduler_now(home->scheduler) + DESK_LOOK_US);
	return !release_handler_report(home->handler)->is_done;
}

struct span
desk_wait(struct desk *desk)
{
	struct span span;

	desk->lanes[0].settled = is_waited_for;
	span = lanes_run(desk->lanes, LANES, NULL, 0);
	desk_must_be_whole(desk);
	return span;
}

/* A lane_settled_f. */
static bool
rests(struct lane *home)
{
	const struct desk *desk = (const struct desk *)home;

	scheduler_set_horizon(home->scheduler, desk->rests_until);
	return scheduler_now(home->scheduler) < desk->rests_until;
}

void
desk_rest(struct desk *desk, uint64_t us)
{
	desk->rests_until = scheduler_now(desk->lanes[0].scheduler) + us;
	desk->lanes[0].settled = rests;
	(void)lanes_run(desk->lanes, LANES, NULL, 0);
}

static void look(void *arg, uint64_t key);

static void
look_later(struct desk *desk)
{
	struct scheduler *home = desk->lanes[0].scheduler;

	meter_must(scheduler_at(
		       home, scheduler_now(home) + DESK_LOOK_US, look, desk, 0),
	    "look again");
}

/* A scheduler_due_f: home's look. */
static void
look(void *arg, uint64_t key)
{
	struct desk *desk = arg;
	unsigned int i;

	(void)key;
	if (!desk_report(desk)->is_done || desk->next(desk)) {
		look_later(desk);
		return;
	}
	for (i = 0; i < LANES; i++)
		desk->inquiries[i].is_told = true;
}

struct span
desk_run_traffic(struct desk *desk, uint32_t renewal, uint64_t ns)
{
	struct inquiry *inquiry = desk->inquiries;
	struct span span;
	unsigned int i;

	desk->lanes[0].settled = NULL;
	for (i = 0; i < LANES; i++) {
		inquiry_begin(&inquiry[i], ns);
		inquiry[i].renewal = renewal == 0 ? UINT32_MAX : renewal;
		desk->lanes[i].inquiry = &inquiry[i];
	}
	if (ns == 0)
		look_later(desk);
	span = lanes_run(desk->lanes, LANES, job_inquire, 0);
	for (i = 0; i < LANES; i++)
		meter_must(inquiry[i].asked != inquiry[i].answered,
		    "have every call answer");
	return span;
}
