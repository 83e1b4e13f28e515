/*
 * faulty/never-rests: call 2.0, but for a call that sends to itself without end
 * from its ANSWER on.
 *
 * Nothing of it faults, and each event is short; in virtual time none ever
 * passes again.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

static void
go_round(struct self *self, void *state, const struct message *event)
{
	const bool is_own = event->kind == SIGNAL_RESYNC;

	if (!is_own)
		call_handle(self, state, event);
	if (is_own || event->kind == SIGNAL_ANSWER)
		(void)process_send(
		    self, process_self(self), SIGNAL_RESYNC, NULL, 0);
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "faulty/never-rests", call_fields, go_round);
