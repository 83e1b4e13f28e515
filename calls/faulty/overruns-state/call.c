/*
 * faulty/overruns-state: call 2.0, which at every ANSWER writes one byte more
 * than its state has.
 *
 * It loads and converts well; behind the state there is a page that must not
 * be touched, so that nobody else's state is.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

static void
overrun_on_answer(struct self *self, void *state, const struct message *event)
{
	volatile uint8_t *volatile end = (uint8_t *)state + sizeof(struct call);

	call_handle(self, state, event);
	if (event->kind == SIGNAL_ANSWER)
		*end = 1;
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module = CALL_MODULE(
    MODULE_ABI, "faulty/overruns-state", call_fields, overrun_on_answer);
