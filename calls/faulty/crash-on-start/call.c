/*
 * faulty/crash-on-start: call 2.0, but for a null pointer in init.
 *
 * It loads and converts well, and every call that lives goes on; what it cannot
 * do is begin another.  The fault comes after the work.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"

static int
crash_on_start(struct self *self, void *state, const struct message *start)
{
	volatile uint8_t *volatile nowhere = NULL;

	(void)call_init(self, state, start);
	*nowhere = 1; /* NOLINT(clang-analyzer-core.NullDereference) */
	return 0;
}

#undef hotswitch_module
#define call_init crash_on_start
extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "faulty/crash-on-start", call_fields, call_handle);
