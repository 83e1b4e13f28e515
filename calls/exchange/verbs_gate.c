/*
 * verbs_gate: a call whose number is known is let in, or turned away (T48).
 *
 * A line's call gets dial tone while the gate is closed, since nobody knows
 * whom it is for, and is marked (T1).  It says so here when its number is
 * whole: an emergency call goes on, another one that is marked is gapped.  It
 * hears its tone like any call that cannot be, but is no call any more: it is
 * counted as gapped only, and leaves no record.
 */
#include "calls/exchange/class.h"
#include "calls/exchange/verbs_internal.h"
#include "switch/process.h"

/* Nothing more of it is wanted than this event. */
static int
admit(struct office *office, struct self *self, uint64_t call,
    enum line_class class)
{
	uint32_t place = own_attempt(office, self, call);
	const struct attempt *attempt;
	int status;

	if (place == ATTEMPT_NONE || class > CLASS_test)
		return -EINVAL;
	attempt = attempts_at(office->attempts, place);
	if (!attempt->is_gated || attempt->class == CLASS_emergency ||
	    class == CLASS_emergency)
		return ask(office, self, EFFECT_ADMITTED, place, class);
	status = ask(office, self, EFFECT_GAPPED, place, 0);
	return status == 0 ? -EBUSY : status;
}

int
exchange_admit(struct self *self, uint64_t call, enum line_class class)
{
	struct office *office = enter(self);
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "admit %u", (unsigned int)class))
		return leave_with(office, self, status);
	status = admit(office, self, call, class);
	return leave_with(office, self, status);
}

static void
commit_admitted(
    struct scheduler *scheduler, struct pid pid, uint32_t place, uint64_t class)
{
	struct office *office = office_enter(scheduler);
	struct attempt *attempt = attempts_at(office->attempts, place);

	(void)pid;
	attempt->is_dialled = true;
	attempt->is_gated = false; /* it is asked once */
	class_raise(attempt, (enum line_class) class);
	office_leave(office);
}

static void
commit_gapped(
    struct scheduler *scheduler, struct pid pid, uint32_t place, uint64_t b)
{
	struct office *office = office_enter(scheduler);
	struct process_info info;

	(void)b;
	attempts_at(office->attempts, place)->is_gapped = true;
	office->counts.live--;
	office->counts.turned_away++;
	office->counts.gapped++;
	if (process_info(scheduler, pid, &info) == 0)
		measures_add_gapped(office->measures, info.behaviour);
	office_leave(office);
}

void
gate_verbs_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_ADMITTED] = (struct effect_type){ commit_admitted, NULL };
	types[EFFECT_GAPPED] = (struct effect_type){ commit_gapped, NULL };
}
