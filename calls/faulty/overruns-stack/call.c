/*
 * faulty/overruns-stack: call 2.0, which at every ANSWER calls itself until
 * its stack is used up.
 *
 * It loads and converts well; at the end of the stack there is a page that
 * must not be touched, and the handler that meets it has a stack of its own.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

/* Keeps a KiB a turn, and has an end only in the eyes of the compiler. */
static int /* NOLINTNEXTLINE(misc-no-recursion): it is what is wrong */
descend(volatile uint8_t *turns)
{
	volatile uint8_t room[1024];

	room[0] = ++*turns;
	if (*turns == 0)
		*turns = 1;
	else if (room[0] == 0)
		return 0;
	return descend(turns) + room[0];
}

static void
descend_on_answer(struct self *self, void *state, const struct message *event)
{
	volatile uint8_t turns = 0;

	call_handle(self, state, event);
	if (event->kind == SIGNAL_ANSWER)
		(void)descend(&turns);
}

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module = CALL_MODULE(
    MODULE_ABI, "faulty/overruns-stack", call_fields, descend_on_answer);
