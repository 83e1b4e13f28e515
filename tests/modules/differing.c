/*
 * differing: a module for the tests of the shadow run, in releases 1.0 and 2.0.
 *
 * For each kind of message the two do the same but for one thing, which the
 * kind is called after.  2.0 declares what is to be overlooked.
 */
#include "differing.h"

#include "switch/module.h"

enum { T_ONE, T_TWO };

/* clang-format off */
#if RELEASE == 1
#define STATE(F)                                                               \
	F(UINT, uint32_t, count, 0, "", "")                                    \
	F(UINT, uint64_t, total, 0, "", "")                                    \
	F(ENUM, uint8_t, state, 0, "", "idle busy")
#else
#define STATE(F)                                                               \
	F(UINT, uint32_t, count, 0, "", "")                                    \
	F(UINT, uint32_t, total, 0, "", "") /* clamped on the way up */        \
	F(UINT, uint32_t, fresh, 0, "", "")                                    \
	F(ENUM, uint8_t, state, 0, "", "idle busy held")
static const char *const no_way_back[] = { "state held", NULL };
static const char *const rules[] = { "total clamp", NULL };
static const char *const differs[] = { "verb stop_timer", "* state.fresh",
	"field state.count", NULL };
#endif
/* clang-format on */

struct state {
	STATE(SCHEMA_MEMBER)
};
#define SCHEMA_STATE struct state
static const struct field fields[] = { STATE(SCHEMA_FIELD) };

enum { IS_NEW = RELEASE == 2 };

static void
start(struct self *self, uint16_t timer, uint16_t key)
{
	(void)process_start_timer(self, timer, key, 1000000000);
}

static void
stop(struct self *self, uint16_t timer, uint16_t key)
{
	(void)process_stop_timer(self, timer, key);
}

/* Effects alone. */
static void
do_effects(struct self *self, enum differing_kind kind)
{
	start(self, kind == DIFFERING_ORDER && IS_NEW ? T_TWO : T_ONE, 1);
	start(self, kind == DIFFERING_ORDER && IS_NEW ? T_ONE : T_TWO, 1);
	if (kind != DIFFERING_FEWER || !IS_NEW)
		stop(self, T_ONE, 7);
	if (kind == DIFFERING_ARGUMENT)
		stop(self, T_TWO, IS_NEW ? 2 : 1);
	if ((kind == DIFFERING_MORE || kind == DIFFERING_VERB) && IS_NEW)
		stop(self, T_TWO, 3);
}

static void
do_state(struct state *state, enum differing_kind kind)
{
	state->count++;
	state->state = 1;
	if (kind == DIFFERING_STATE || kind == DIFFERING_FIELD)
		state->count += IS_NEW;
	if (kind == DIFFERING_UNSOUND && IS_NEW)
		state->count = 0xbad;
#if RELEASE == 2
	if (kind == DIFFERING_NEWER)
		state->fresh = 5;
	if (kind == DIFFERING_HELD)
		state->state = 2;
#else
	if (kind == DIFFERING_CLAMPED)
		state->total = UINT64_C(1) << 40;
#endif
#if RELEASE == 2
	if (kind == DIFFERING_CLAMPED)
		state->total = UINT32_MAX;
#endif
}

/* A timer that is too long is refused: whoever is told so counts it. */
static void
do_as_answered(struct self *self, struct state *state)
{
	if (process_start_timer(self, T_ONE, 9, UINT64_C(1) << 41) != 0)
		state->count += 100;
}

static int
init(struct self *self, void *state, const struct message *start_event)
{
	(void)self, (void)state, (void)start_event;
	return 0;
}

static void
handle(struct self *self, void *arg, const struct message *event)
{
	volatile int zero = 0;

	do_effects(self, event->kind);
	do_state(arg, event->kind);
	if (event->kind == DIFFERING_ANSWER)
		do_as_answered(self, arg);
	if (event->kind == DIFFERING_CRASH && IS_NEW)
		__builtin_trap();
	while (event->kind == DIFFERING_LOOP && IS_NEW && zero == 0)
		continue;
}

static void
terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self, (void)state, (void)reason;
}

static bool
check(const void *state)
{
	return ((const struct state *)state)->count != 0xbad;
}

MODULE_VERB extern const struct module hotswitch_module;
const struct module hotswitch_module = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "differing",
	.version = VERSION,
	.schema = { .fields = fields,
	    .timers = "T1 T2",
#if RELEASE == 2
	    .no_way_back = no_way_back,
	    .rules = rules,
	    .differs = differs,
#endif
	    .count = sizeof fields / sizeof fields[0],
	    .size = sizeof(struct state) },
	.init = init,
	.handle = handle,
	.terminate = terminate,
	.check = check,
};
