/*
 * gate: see gate.h for what it is.
 *
 * Alarms are told on the thread of whoever raises them, so it is one number
 * that any thread may change.
 */
#include "calls/exchange/gate.h"

#include "switch/alarm.h"

static void
on_alarm(void *arg, const struct alarm *alarm)
{
	struct gate *gate = arg;

	if (alarm->severity == ALARM_critical)
		atomic_fetch_add(&gate->reasons, alarm->is_raised ? 1 : -1);
}

void
gate_install(struct gate *gate, struct scheduler *scheduler)
{
	alarm_observe(scheduler, on_alarm, gate);
}

bool
gate_is_open(struct gate *gate)
{
	return atomic_load(&gate->reasons) == 0;
}
