/*
 * conference: three who talk in one call.
 *
 * Who has brought them together keeps his side, and `consultant` says which it
 * is; who has joined last is C.  When one leaves, the two who go on are A and B
 * again, and the call is one as any.
 */
#ifndef CALLS_CALL_CONFERENCE_H
#define CALLS_CALL_CONFERENCE_H

#include "calls/call/prepaid.h"
#include "calls/call/transfer.h"

static bool
may_confer(const struct step *step)
{
	struct other_call other;

	if (!is_consultant(step))
		return false;
	other = consultation_of(step);
	return other.stage == OTHER_ACTIVE &&
	    may_join(step, SERVICE_three_way, &other);
}

static void
bridge(struct step *step)
{
	struct call *call = step->call;
	const uint32_t line = port_of(call, step->side);
	const uint32_t far = consultation_of(step).far;

	must(step, exchange_join(step->self, line, LOCAL_CONF));
	join(call, SIDE_C, far);
	clear_holds(step);
	must(step, port_connect(step->self, line, far));
	hear_all(step, TONE_speech);
	look_again(step);
}

/* Who has brought them together may leave them alone if he may transfer. */
static bool
may_leave_two(const struct step *step)
{
	const uint32_t line = port_of(step->call, step->side);

	return !is_consultant(step) ||
	    line_service(step->self, line, SERVICE_transfer).is_on;
}

static void
go_on_as_two(struct step *step, enum side gone)
{
	struct call *call = step->call;

	close_legs_to(step, gone);
	let_go(step, gone);
	if (gone != SIDE_C)
		move(call, SIDE_C, gone);
	forget(call, SIDE_C);
	call->consultant = SIDE_NONE;
	connect_ports(step);
}

static void
leave_two(struct step *step)
{
	go_on_as_two(step, (enum side)step->side);
}

static void
release_last(struct step *step)
{
	go_on_as_two(step, SIDE_C);
}

static void
part_from_two(struct step *step)
{
	step->call->consultant = SIDE_NONE;
	part(step);
}

static void
clear_three(struct step *step)
{
	step->call->consultant = SIDE_NONE;
	clear(step);
}

/* T57, here. */
static void
be_preempted_three(struct step *step)
{
	step->call->consultant = SIDE_NONE;
	be_preempted(step);
}

/* clang-format off */
/* Of CONSULT. */
#define CONFERENCE_ROWS                                                        \
ROW(T32, SIGNAL_CONFERENCE, NONE, may_confer, bridge, conference, NONE),       \
ROW(T73, SIGNAL_CONFERENCE, NONE, NULL, refuse, consulting, FACILITY_REJECTED)

static const struct row conference_rows[] = {
PREEMPTION_ROW(be_preempted_three),
PREPAID_ROWS(conference, clear_three),
ROW(T76, ON_GONE, NONE, may_leave_two, leave_two, active, NORMAL),
ROW(T77, ON_GONE, NONE, NULL, part_from_two, clearing, NORMAL),
ROW(T78, SIGNAL_FLASH, NONE, is_consultant, release_last, active, NORMAL),
ROW(T69, SIGNAL_DIGIT, NONE, NULL, NULL, conference, NONE),
ROW(T45, SIGNAL_CLEAR, NONE, NULL, clear_three, clearing, UNSPECIFIED),
};
/* clang-format on */

#endif
