/*
 * faulty/crash-always: call 2.0, but for a null pointer at every event.
 *
 * It loads and converts well, and then no call gets on: each event is undone,
 * and so is the one that tells of it.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

static void
crash(struct self *self, void *state, const struct message *event)
{
	volatile uint8_t *volatile nowhere = NULL;

	call_handle(self, state, event);
	*nowhere = 1; /* NOLINT(clang-analyzer-core.NullDereference) */
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "faulty/crash-always", call_fields, crash);
