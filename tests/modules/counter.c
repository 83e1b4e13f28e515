/*
 * counter: a module for the tests of upgrade/, in releases 1.0, 2.0 and 3.0.
 *
 * A process counts the ticks that it gets, and ticks its peer.  Release 2.0
 * renames and widens the count, lets phase and note grow, and adds a field;
 * what has no way back is listed.  Release 3.0 has 2.0's format and a hook:
 * the note "bad" is refused on the way up and "stuck" on the way down, "boom"
 * makes it fault, "spin" go round for ever, and "slow" takes some milliseconds;
 * "boomdn", "spindn" and "slowdn" do so on the way down.  The releases steps/1
 * to 3 are 1.0, 2.0 and 2.0 again, and each has a hook for the one before it
 * alone; steps/9 is 2.0.  RENAMED 1 to 3 has another name for the count each
 * time, and knows the one before alone.  NAMED is 2.0 with a state that
 * upgrades know by name, and two of them without a way back.
 *
 * RELEASE is 1, 2 or 3; BREAK, if defined, breaks one thing (CMakeLists.txt).
 */
#include <string.h>

#include "counter.h"
#include "switch/module.h"

#ifndef NAME
#define NAME "counter"
#endif
#ifndef ABI
#define ABI MODULE_ABI
#endif
#ifndef MAGIC
#define MAGIC MODULE_MAGIC
#endif
#ifndef HAS_INIT
#define HAS_INIT 1
#endif
#ifndef HAS_HANDLE
#define HAS_HANDLE 1
#endif
#ifndef HAS_TERMINATE
#define HAS_TERMINATE 1
#endif

/* clang-format off */
#ifdef BREAK_LARGE /* 8 KiB more */
#define EIGHT(T, n)                                                            \
	T(n##0, 256, "") T(n##1, 256, "") T(n##2, 256, "") T(n##3, 256, "")    \
	T(n##4, 256, "") T(n##5, 256, "") T(n##6, 256, "") T(n##7, 256, "")
#define MORE(T) EIGHT(T, a) EIGHT(T, b) EIGHT(T, c) EIGHT(T, d)
#else
#define MORE(T)
#endif
#if defined BREAK_FORMAT
#define STATE(F, T)                                                            \
	F(ENUM, uint8_t, phase, 0, "", "IDLE COUNTING")                        \
	F(UINT, uint32_t, ticks, 0, "", "")                                    \
	F(UINT, uint32_t, peer_slot, 0, "", "")                                \
	F(UINT, uint32_t, peer_generation, 0, "", "")                          \
	T(note, 16, "")
#elif defined RENAMED
#if RENAMED == 1
#define STATE(F, T) F(UINT, uint32_t, ticks, 0, "", "") REST(F, T)
#define COUNT ticks
#elif RENAMED == 2
#define STATE(F, T) F(UINT, uint32_t, beats, 0, "ticks", "") REST(F, T)
#define COUNT beats
#else
#define STATE(F, T) F(UINT, uint32_t, strokes, 0, "beats", "") REST(F, T)
#define COUNT strokes
#endif
#define COUNT_TYPE uint32_t
#define REST(F, T)                                                             \
	F(UINT, uint32_t, phase, 0, "", "")                                    \
	F(UINT, uint32_t, peer_slot, 0, "", "")                                \
	F(UINT, uint32_t, peer_generation, 0, "", "")                          \
	T(note, 8, "")
#elif RELEASE == 1
#define STATE(F, T)                                                            \
	F(ENUM, uint8_t, phase, 0, "", "IDLE COUNTING")                        \
	F(UINT, uint32_t, ticks, 0, "", "")                                    \
	F(UINT, uint32_t, peer_slot, 0, "", "")                                \
	F(UINT, uint32_t, peer_generation, 0, "", "")                          \
	T(note, 8, "") MORE(T)
#elif defined BREAK_PLAN
#define STATE(F, T)                                                            \
	F(ENUM, uint8_t, phase, 0, "", "IDLE COUNTING")                        \
	F(UINT, uint16_t, ticks, 0, "", "")                                    \
	F(UINT, uint32_t, peer_slot, 0, "", "")                                \
	F(UINT, uint32_t, peer_generation, 0, "", "")                          \
	T(note, 8, "")
#else
#define STATE(F, T)                                                            \
	F(UINT, uint64_t, count, 0, "ticks", "")                               \
	F(UINT, uint32_t, peer_slot, 0, "", "")                                \
	F(UINT, uint32_t, peer_generation, 0, "", "")                          \
	PHASE_FIELD(F)                                                         \
	F(UINT, uint8_t, step, 1, "", "")                                      \
	T(note, 12, "")
#define HAS_STEP
#ifdef NAMED
#define PHASE_FIELD(F)                                                         \
	F(ENUM, uint8_t, state, 0, "phase", "IDLE HELD PARKED COUNTING")
#define PHASE state
static const char *const no_way_back[] = {
	"state HELD", "state PARKED", "count wide", "note wide", NULL
};
#else
#define PHASE_FIELD(F) F(ENUM, uint8_t, phase, 0, "", "IDLE HELD COUNTING")
static const char *const no_way_back[] = {
	"phase HELD", "count wide", "note wide", NULL
};
#endif
#endif
#ifndef PHASE
#define PHASE phase
#endif
/* clang-format on */

struct state {
	STATE(SCHEMA_MEMBER, SCHEMA_MEMBER_TEXT)
};
#define SCHEMA_STATE struct state
/* Where FIELDS says otherwise only its size is of use. */
__attribute__((unused)) static const struct field fields[] = { STATE(
    SCHEMA_FIELD, SCHEMA_FIELD_TEXT) };

#ifdef FIELDS
#define barred_fields ((const struct field *)4096) /* in no segment */
#else
#define FIELDS fields
#endif

#if defined COUNT
#elif defined HAS_STEP
#define COUNT	   count
#define COUNT_TYPE uint64_t
#elif defined BREAK_PLAN
#define COUNT	   ticks
#define COUNT_TYPE uint16_t
#else
#define COUNT	   ticks
#define COUNT_TYPE uint32_t
#endif

static void
add(struct state *state, uint32_t n)
{
	state->COUNT = (COUNT_TYPE)(state->COUNT + n);
}

#ifdef LINKED
#define TIMERS "beat late"
static const struct field later[] = {
	{ "more", "", "", 0, 0, FIELD_UINT, .width = 4, .by = "" },
};
static const struct field messages[] = {
	{ "LATER", "", "", 0, COUNTER_LATER, FIELD_RECORD, .width = 4,
	    .count = 1, .fields = later, .by = "" },
};
#else
#define TIMERS "beat"
#endif

static void
tick(struct self *self, struct state *state)
{
	const struct pid peer = { state->peer_slot, state->peer_generation };

#ifdef HAS_STEP
	state->count += state->step;
#else
	state->COUNT++;
#endif
	if (!pid_is_none(peer))
		(void)process_send(self, peer, COUNTER_COUNT, NULL, 0);
}

static void
be_busy(void)
{
	volatile uint32_t turns = 3000000;

	while (turns > 0)
		turns--;
}

static int
init(struct self *self, void *arg, const struct message *start)
{
	struct state *state = arg;
	struct counter_start body;

	(void)self;
	memcpy(&body, start->body.bytes, sizeof body);
	if (strcmp(body.note, "unborn") == 0)
		return -1;
	state->peer_slot = body.peer.slot;
	state->peer_generation = body.peer.generation;
#ifdef HAS_STEP
	state->step = 1;
#endif
	memcpy(state->note, body.note, sizeof body.note);
	return 0;
}

/* What is on its way when a process is converted. */
static void
handle_more(struct self *self, struct state *state, const struct message *event)
{
	const struct pid peer = { state->peer_slot, state->peer_generation };
	const uint8_t *bytes = event->body.bytes;
	uint32_t number;

	memcpy(&number, bytes, sizeof number);
	switch (event->kind) {
	case COUNTER_ARM:
		(void)process_start_timer(
		    self, bytes[0], 0, 1000 * (uint64_t)bytes[1]);
		break;
	case COUNTER_NEXT:
		add(state, number - 1 == state->COUNT);
		break;
	case COUNTER_ASK:
		(void)process_send(self, peer, COUNTER_LATER, NULL, 0);
		break;
	case COUNTER_LATER:
		add(state, COUNTER_LATERS);
		break;
	case EVENT_TIMEOUT:
		add(state, COUNTER_TIMEOUTS);
		break;
	case EVENT_UNKNOWN:
		add(state, COUNTER_UNKNOWNS);
		break;
	}
}

static void
handle(struct self *self, void *arg, const struct message *event)
{
	struct state *state = arg;

	switch (event->kind) {
	case COUNTER_TICK:
		tick(self, state);
		break;
	case COUNTER_COUNT:
#ifdef HAS_STEP
		state->count += state->step;
#else
		state->COUNT++;
#endif
		break;
	case COUNTER_PHASE:
		state->PHASE = event->body.bytes[0];
		break;
	case COUNTER_STOP:
		if (event->body.bytes[0] != 0)
			state->PHASE = event->body.bytes[0];
		(void)process_exit(
		    self, (struct reason){ .kind = REASON_NORMAL });
		break;
	case COUNTER_GIVE_UP:
		(void)process_exit(
		    self, (struct reason){ .kind = REASON_ERROR });
		break;
	case COUNTER_USE_CURRENT:
		(void)process_use_current(self);
		break;
	case COUNTER_LONG:
		be_busy();
		tick(self, state);
		break;
	default:
		handle_more(self, state, event);
		break;
	}
}

static void
terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self;
	(void)state;
	(void)reason;
}

#if RELEASE == 3
static int
code_change(const void *from, void *to, bool down)
{
	const char *note = ((const struct state *)(down ? from : to))->note;

	if (strcmp(note, down ? "boomdn" : "boom") == 0)
		__builtin_trap();
	while (strcmp(note, down ? "spindn" : "spin") == 0)
		be_busy();
	if (strcmp(note, down ? "slowdn" : "slow") == 0)
		for (int i = 0; i < 4; i++) /* some milliseconds */
			be_busy();
	return strcmp(note, down ? "stuck" : "bad") == 0 ? -1 : 0;
}
#define CODE_CHANGE code_change
#elif defined LINKED
/*
 * What the release before has counted, in its own struct: 100 more, then ten
 * times as much.  A hook that is given another release's state sees garbage.
 */
static const char *const rules[] = { "count hook " LINKED, NULL };
struct first {
	uint8_t phase;
	uint32_t ticks;
};

static int
code_change(const void *from, void *to, bool down)
{
	const struct state *new = from;
	const struct first *old = from;

#if LINK == 1
	if (down)
		((struct first *)to)->ticks = (uint32_t) new->count - 100;
	else
		((struct state *)to)->count = old->ticks + 100;
#else
	(void)old;
	((struct state *)to)->count = down ? new->count / 10 : 10 * new->count;
#endif
	return 0;
}
#define CODE_CHANGE code_change
#define RULES	    rules
#elif defined HOOK
int HOOK(const void *from, void *to, bool down); /* in barred.c */
#define CODE_CHANGE HOOK
#else
#define CODE_CHANGE NULL
#endif

#ifndef RULES
#define RULES NULL
#endif

#ifdef BREAK_SELF_TEST
static int
self_test(void)
{
	return 7;
}
#define SELF_TEST self_test
#elif defined SELF_TEST
int SELF_TEST(void); /* in barred.c */
#else
#define SELF_TEST NULL
#endif

#ifdef BREAK_CHECK
static bool
check(const void *state)
{
	return ((const struct state *)state)->note[0] != 'x';
}
#define CHECK check
#else
#define CHECK NULL
#endif

#ifdef BREAK_UNDEFINED
int nobody_has_this(void);
#endif

MODULE_VERB extern const struct module hotswitch_module;
#ifdef BREAK_SYMBOL
MODULE_VERB extern const struct module another_module;
const struct module another_module = {
#else
const struct module hotswitch_module = {
#endif
	.magic = MAGIC,
	.abi = ABI,
	.name = NAME,
	.version = VERSION,
	.schema = { .fields = FIELDS,
#if defined HAS_STEP
	    .no_way_back = no_way_back,
#endif
	    .rules = RULES,
	    .timers = TIMERS,
#ifdef LINKED
	    .messages = messages,
	    .message_count = 1,
#endif
	    .count = sizeof fields / sizeof fields[0],
#if defined BREAK_SCHEMA
	    .size = sizeof(struct state) + 8,
#elif defined BREAK_SIZE
	    .size = 0,
#else
	    .size = sizeof(struct state),
#endif
	},
	.init = HAS_INIT ? init : NULL,
	.handle = HAS_HANDLE ? handle : NULL,
	.terminate = HAS_TERMINATE ? terminate : NULL,
	.code_change = CODE_CHANGE,
	.check = CHECK,
	.self_test = SELF_TEST,
};

#ifdef BREAK_UNDEFINED
MODULE_VERB int calls_nobody(void);
int
calls_nobody(void)
{
	return nobody_has_this();
}
#endif
