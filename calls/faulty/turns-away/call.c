/*
 * faulty/turns-away: call 2.0, which takes the answer of each third call for a
 * refusal.
 *
 * Nothing of it faults, and the books balance: it is only worse at what it is
 * for, which its answer seizure ratio tells, and nothing else.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

enum { TURNED_AWAY = 3 };

static void
turn_away(struct self *self, void *state, const struct message *event)
{
	const struct call *call = state;
	struct message refusal = *event;

	if (event->kind == SIGNAL_ANSWER && call->call % TURNED_AWAY == 0)
		refusal.kind = SIGNAL_REJECT;
	call_handle(self, state, &refusal);
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "faulty/turns-away", call_fields, turn_away);
