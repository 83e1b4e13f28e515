/*
 * faulty/converts-wrongly: call 2.0, whose code_change lets every call have
 * been answered a second later.
 *
 * The state that it makes is sound in itself; but it is not the same when it
 * comes back, so the load is refused when its plans are tried.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

static int
convert_wrongly(const void *from, void *to, bool down)
{
	struct call *call = to;

	if (!down && call->t_answer != 0)
		call->t_answer += 1000000;
	return code_change(from, to, down);
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "call",
	.version = "faulty/converts-wrongly",
	.schema = { .fields = call_fields,
	    .no_way_back = no_way_back,
	    .timers = CALL_TIMERS,
	    .rules = rules,
	    .count = CALL_FIELDS_COUNT,
	    .size = sizeof(struct call) },
	.init = call_init,
	.handle = call_handle,
	.terminate = call_terminate,
	.code_change = convert_wrongly,
	.check = call_check,
	.self_test = call_self_test,
};
