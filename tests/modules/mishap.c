/*
 * mishap: a module that goes wrong, in the way and the callback it is told.
 *
 * Each way is an exported function, so that the place in a fault's reason can
 * be looked up: it must be in the function that went wrong.  Before an event
 * goes wrong it asks for one effect of every sort, none of which may be seen.
 *
 * Release 2 has a code_change, and so faults in it both ways.
 */
#include <stdlib.h>
#include <string.h>

#include "calls/exchange.h"
#include "mishap.h"

#define NOWHERE ((void *)8)
/* What was called last must be called, and not jumped to. */
#define STAY __asm__ volatile("")

#define MISHAP_DECLARE(name)                                                   \
	MODULE_VERB void mishap_##name(struct self *self, void *state);
MISHAPS(MISHAP_DECLARE)

void
mishap_null_pointer(struct self *self, void *state)
{
	volatile int *volatile nowhere = NULL;

	(void)self, (void)state;
	*nowhere = 1;
}

void
mishap_wild_pointer(struct self *self, void *state)
{
	(void)self, (void)state;
	/* No address at all: a sanitizer may have mapped any other. */
	*(volatile int *)(uintptr_t)0xdead5e7d02e99a36 = 1;
}

static const char constant[] = "as it was";

void
mishap_const_byte(struct self *self, void *state)
{
	(void)self, (void)state;
	*(volatile char *)(uintptr_t)constant = 1;
}

void
mishap_lost_file(struct self *self, void *state)
{
	const struct mishap_state *mishap = state;

	(void)self;
	(void)*(volatile int *)(uintptr_t)mishap->lost_file;
}

void
mishap_division(struct self *self, void *state)
{
	volatile int dividend = 40, zero = 0;

	(void)self, (void)state;
	dividend = dividend / zero;
}

void
mishap_illegal(struct self *self, void *state)
{
	(void)self, (void)state;
	__builtin_trap();
}

void
mishap_trap(struct self *self, void *state)
{
	(void)self, (void)state;
#ifdef __x86_64__
	__asm__ volatile("int3");
#else
	__builtin_trap();
#endif
}

void
mishap_abort(struct self *self, void *state)
{
	(void)self, (void)state;
	abort();
}

void
mishap_null_call(struct self *self, void *state)
{
	void (*volatile nowhere)(void) = NULL;

	(void)self, (void)state;
	nowhere();
	STAY;
}

void
mishap_recursion(struct self *self, void *state)
{
	volatile char here[512];

	here[0] = state != NULL;
	if (here[0] != 0)
		mishap_recursion(self, state);
	here[1] = 1;
}

/* Writes `bytes` upwards from a buffer in its frame. */
#define OVERRUN(bytes)                                                         \
	void mishap_overrun_##bytes(struct self *self, void *state)            \
	{                                                                      \
		volatile char buffer[16];                                      \
		volatile char *volatile place = buffer;                        \
		size_t i;                                                      \
                                                                               \
		(void)self, (void)state;                                       \
		for (i = 0; i < sizeof buffer + bytes; i++)                    \
			place[i] = 'x';                                        \
	}
OVERRUN(40)
OVERRUN(2000)
OVERRUN(100000)

void
mishap_state_end(struct self *self, void *state)
{
	(void)self;
	((volatile char *)state)[sizeof(struct mishap_state)] = 1;
}

void
mishap_state_begin(struct self *self, void *state)
{
	(void)self;
	((volatile char *)state)[-1] = 1;
}

void
mishap_loop(struct self *self, void *state)
{
	volatile bool on = true;

	(void)self, (void)state;
	while (on)
		continue;
}

void
mishap_loop_of_verbs(struct self *self, void *state)
{
	volatile bool on = true;

	(void)state;
	while (on)
		(void)process_trap_exit(self, true);
}

void
mishap_bad_memcpy(struct self *self, void *state)
{
	volatile size_t size = 4000;
	char *volatile to = NOWHERE;

	(void)self;
	memcpy(to, state, size);
	STAY;
}

void
mishap_bad_send(struct self *self, void *state)
{
	(void)state;
	(void)process_send(self, process_self(self), MISHAP_LEAK, NOWHERE, 48);
	STAY;
}

void
mishap_bad_send_parcel(struct self *self, void *state)
{
	(void)state;
	(void)process_send_parcel(
	    self, process_self(self), MISHAP_LEAK, NOWHERE, 4000);
	STAY;
}

void
mishap_bad_parcel(struct self *self, void *state)
{
	(void)state;
	(void)process_parcel(self, NOWHERE);
	STAY;
}

void
mishap_bad_translate(struct self *self, void *state)
{
	(void)state;
	(void)exchange_translate(self, NOWHERE);
	STAY;
}

void
mishap_bad_unexpected(struct self *self, void *state)
{
	(void)state;
	(void)exchange_unexpected(self, NOWHERE);
	STAY;
}

void
mishap_bad_record(struct self *self, void *state)
{
	(void)state;
	(void)exchange_record(self, NOWHERE);
	STAY;
}

void
mishap_bad_leg(struct self *self, void *state)
{
	(void)state;
	(void)leg_open(self, NOWHERE);
	STAY;
}

void
mishap_bad_closing(struct self *self, void *state)
{
	(void)state;
	(void)leg_close(self, NOWHERE);
	STAY;
}

void
mishap_made_up_self(struct self *self, void *state)
{
	(void)self;
	(void)process_use_current(state);
	STAY;
}

static struct pid
witness(const struct mishap_state *state)
{
	return (struct pid){ state->witness_slot, state->witness_generation };
}

void
mishap_full_outbox(struct self *self, void *state)
{
	while (process_send(self, witness(state), MISHAP_LEAK, NULL, 0) == 0)
		continue;
}

#define MISHAP_WAY(name) mishap_##name,
static void (*const ways[])(struct self *, void *) = { MISHAPS(MISHAP_WAY) };

/* One of every sort, of an event that will not count. */
static void
ask_for_everything(struct self *self, struct mishap_state *state)
{
	state->count += 1000;
	(void)process_send(self, witness(state), MISHAP_LEAK, NULL, 0);
	(void)process_send_parcel(
	    self, witness(state), MISHAP_LEAK, state, sizeof *state);
	(void)process_start_timer(self, 1, 1, 1000);
	(void)process_monitor(self, witness(state), 1);
	(void)process_link(self, witness(state));
	(void)process_trap_exit(self, true);
	(void)process_exit(self, (struct reason){ REASON_NORMAL, 0, 0 });
	(void)port_seize(self, state->port, false);
	(void)port_tone(self, state->port, TONE_busy);
}

static void
go_wrong(struct self *self, struct mishap_state *state)
{
	if (state->mishap != MISHAP_full_outbox)
		ask_for_everything(self, state);
	ways[state->mishap](self, state);
}

static int
init(struct self *self, void *arg, const struct message *event)
{
	struct mishap_state *state = arg;
	struct mishap_start start;

	memcpy(&start, event->body.bytes, sizeof start);
	state->lost_file = start.lost_file;
	state->witness_slot = start.witness.slot;
	state->witness_generation = start.witness.generation;
	state->port = start.port;
	state->where = start.where;
	state->mishap = start.mishap;
	if (state->where == MISHAP_IN_INIT)
		go_wrong(self, state);
	return 0;
}

static void
handle(struct self *self, void *arg, const struct message *event)
{
	struct mishap_state *state = arg;

	if (event->kind == MISHAP_NOW && state->where == MISHAP_IN_HANDLE)
		go_wrong(self, state);
	else if (event->kind == MISHAP_COUNT)
		state->count++;
	else if (event->kind == EVENT_FAULTED)
		state->faulted++;
}

static void
terminate(struct self *self, void *arg, const struct reason *reason)
{
	struct mishap_state *state = arg;

	(void)reason;
	if (state->where == MISHAP_IN_TERMINATE)
		go_wrong(self, state);
}

static bool
check(const void *arg)
{
	const struct mishap_state *state = arg;

	if (state->where == MISHAP_IN_CHECK)
		ways[state->mishap](NULL, (void *)(uintptr_t)state);
	return true;
}

#if RELEASE == 2
static int
code_change(const void *from, void *to, bool down)
{
	struct mishap_state *state = to;

	(void)from, (void)down;
	if (state->where == MISHAP_IN_CODE_CHANGE)
		ways[state->mishap](NULL, state);
	return 0;
}
#define CODE_CHANGE code_change
#else
#define CODE_CHANGE NULL
#endif

#define SCHEMA_STATE struct mishap_state
static const struct field fields[] = { MISHAP_STATE(
    SCHEMA_FIELD, SCHEMA_FIELD_TEXT) };

MODULE_VERB extern const struct module hotswitch_module;
const struct module hotswitch_module = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "mishap",
	.version = VERSION,
	.schema = { .fields = fields,
	    .timers = "",
	    .count = sizeof fields / sizeof fields[0],
	    .size = sizeof(struct mishap_state) },
	.init = init,
	.handle = handle,
	.terminate = terminate,
	.code_change = CODE_CHANGE,
	.check = check,
};
