/*
 * faulty/has-constructor: call 2.0, with code that runs as it is opened.
 *
 * It would run before anybody could look at the descriptor, so the load is
 * refused before.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

__attribute__((constructor)) static void
run_unasked(void)
{
	__builtin_trap();
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "faulty/has-constructor", call_fields, call_handle);
