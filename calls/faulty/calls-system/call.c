/*
 * faulty/calls-system: call 2.0, which has a command run at every ANSWER.
 *
 * A module may import verbs and plain functions of bytes, so the load is
 * refused before any of its code runs.
 */
#include <stdlib.h>

#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

static void
call_system(struct self *self, void *state, const struct message *event)
{
	call_handle(self, state, event);
	if (event->kind == SIGNAL_ANSWER)
		/* NOLINTNEXTLINE(cert-env33-c): it is what is wrong with it */
		(void)!system("true");
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "faulty/calls-system", call_fields, call_system);
