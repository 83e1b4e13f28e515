/*
 * faulty/refuses-answered: call 2.0, whose code_change refuses each call that
 * has been answered, and only on the way up.
 *
 * A hook may refuse, so the load lets it in; a rehearsal tells how many it
 * would refuse, and an upgrade turns round at the first.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

static int
refuse_answered(const void *from, void *to, bool down)
{
	const struct call *call = to;

	(void)from;
	return !down && call->t_answer != 0 ? -1 : 0;
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "call",
	.version = "faulty/refuses-answered",
	.schema = { .fields = call_fields,
	    .no_way_back = no_way_back,
	    .timers = CALL_TIMERS,
	    .count = CALL_FIELDS_COUNT,
	    .size = sizeof(struct call) },
	.init = call_init,
	.handle = call_handle,
	.terminate = call_terminate,
	.code_change = refuse_answered,
	.check = call_check,
	.self_test = call_self_test,
};
