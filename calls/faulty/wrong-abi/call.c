/*
 * faulty/wrong-abi: call 1.0, built for a switch that does not exist.
 *
 * The load is refused before any of its code runs.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/1.0/call.c"
#undef hotswitch_module

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI + 1, "faulty/wrong-abi", call_fields, call_handle);
