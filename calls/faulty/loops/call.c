/*
 * faulty/loops: call 2.0, which never returns from an ANSWER.
 *
 * It loads and converts well; the watchdog ends the event when its budget is
 * used up, and what it had done is undone.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

static void
loop_on_answer(struct self *self, void *state, const struct message *event)
{
	volatile bool goes_on = true;

	call_handle(self, state, event);
	while (event->kind == SIGNAL_ANSWER && goes_on)
		;
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "faulty/loops", call_fields, loop_on_answer);
