/*
 * faulty/crash-on-answer: call 2.0, but for a null pointer at every ANSWER.
 *
 * It loads and converts well; what it does is seen only when calls are
 * answered.  The fault comes after the work, so that there is much to undo.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

static void
crash_on_answer(struct self *self, void *state, const struct message *event)
{
	volatile uint8_t *volatile nowhere = NULL;

	call_handle(self, state, event);
	if (event->kind == SIGNAL_ANSWER)
		*nowhere = 1; /* NOLINT(clang-analyzer-core.NullDereference) */
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module = CALL_MODULE(
    MODULE_ABI, "faulty/crash-on-answer", call_fields, crash_on_answer);
