/*
 * operator: what is asked about a call, and done to it, from outside.
 *
 * Not by its subscribers, who have a line (office_line.c), but by whoever looks
 * after the switch: the operator, and an upgrade.  A call is named by its
 * number here, and may have ended meanwhile.
 */
#include "calls/exchange/office.h"

#include <errno.h>

#include "calls/exchange/office_internal.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"

int
office_clear(struct office *office, struct pid pid, uint8_t cause)
{
	const struct signal signal = { .port = PORT_NONE, .cause = cause };

	CHECK_OBJ(office, OFFICE_MAGIC);
	return process_post(
	    office->scheduler, pid, SIGNAL_CLEAR, &signal, sizeof signal);
}

int
office_reject_call(struct scheduler *at, uint64_t call)
{
	const struct reason shutdown = { .kind = REASON_SHUTDOWN };
	struct office *office = office_enter(at);
	uint32_t place = attempts_find(office->attempts, call);
	struct pid pid = PID_NONE;

	if (place != ATTEMPT_NONE) {
		pid = attempts_at(office->attempts, place)->pid;
		attempts_at(office->attempts, place)->is_rejected = true;
	}
	office_leave(office);
	if (pid_is_none(pid))
		return -ESRCH;
	process_exit_signal(at, PID_NONE, pid, shutdown);
	return 0;
}

void
office_look_at_call(
    struct scheduler *at, uint64_t call, struct office_call_view *ret_view)
{
	struct office *office = office_enter(at);
	uint32_t place = attempts_find(office->attempts, call);
	const struct attempt *attempt;

	*ret_view = (struct office_call_view){ .port_a = PORT_NONE };
	if (place != ATTEMPT_NONE) {
		attempt = attempts_at(office->attempts, place);
		ret_view->port_a = attempt->port_a;
		ret_view->class = (enum line_class)attempt->class;
		ret_view->is_dialled = attempt->is_dialled;
		ret_view->in_register = attempt->in_register;
		ret_view->is_unborn = office_is_unborn(office, place);
		ret_view->legs = attempt->legs.count;
		ret_view->elapsed_us = office_stamp(office) - attempt->t_seize;
	}
	office_leave(office);
}

struct pid
office_call_pid(struct office *office, uint64_t call)
{
	struct pid pid = PID_NONE;
	uint32_t place;

	office_enter(office->scheduler);
	place = attempts_find(office->attempts, call);
	if (place != ATTEMPT_NONE)
		pid = attempts_at(office->attempts, place)->pid;
	office_leave(office);
	return pid;
}

struct measure
office_measure(struct office *office, uint16_t behaviour)
{
	struct measure measure;

	office_enter(office->scheduler);
	measure = measures_at(office->measures, behaviour);
	office_leave(office);
	return measure;
}
