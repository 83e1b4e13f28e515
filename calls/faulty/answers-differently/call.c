/*
 * faulty/answers-differently: call 2.0, which lets the caller hear `busy` when
 * he is answered, and says in the state that he hears speech.
 *
 * Nothing of it faults, and no check sees it; only who compares what it does
 * with what 2.0 does will know.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

static void
differ_on_answer(struct self *self, void *state, const struct message *event)
{
	const struct call *call = state;

	call_handle(self, state, event);
	if (event->kind == SIGNAL_ANSWER && call->tone_a == TONE_speech)
		(void)port_tone(self, call->port_a, TONE_busy);
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module = CALL_MODULE(
    MODULE_ABI, "faulty/answers-differently", call_fields, differ_on_answer);
