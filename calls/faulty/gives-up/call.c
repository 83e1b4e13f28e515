/*
 * faulty/gives-up: call 2.0, which exits with an error when it is answered.
 *
 * Nothing of it faults: the event returns, and is the last of its call.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

static void
give_up_on_answer(struct self *self, void *state, const struct message *event)
{
	if (event->kind == SIGNAL_ANSWER)
		(void)process_exit(
		    self, (struct reason){ .kind = REASON_ERROR, .number = 1 });
	else
		call_handle(self, state, event);
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "faulty/gives-up", call_fields, give_up_on_answer);
