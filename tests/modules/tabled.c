/*
 * tabled: a module that says by which table it works, rightly and wrongly.
 *
 * It does nothing by it: the table is there to be read, judged and drawn.
 * `gaps` has states in which a call could come to a stop; `lost` has a row that
 * leads nowhere; `wild` has one whose words are nowhere; `silent` says nothing.
 */
#include "switch/module.h"

/* clang-format off */
#define STATE(F)                                                               \
	F(ENUM, uint8_t, state, 0, "",                                         \
	    "null dialling routing talking clearing ended")
/* clang-format on */

struct state {
	STATE(SCHEMA_MEMBER)
};
#define SCHEMA_STATE struct state
static const struct field fields[] = { STATE(SCHEMA_FIELD) };

static int
begin(struct self *self, void *state, const struct message *start)
{
	(void)self;
	(void)state;
	(void)start;
	return 0;
}

static void
handle(struct self *self, void *state, const struct message *event)
{
	(void)self;
	(void)state;
	(void)event;
}

static void
terminate(struct self *self, void *state, const struct reason *why)
{
	(void)self;
	(void)state;
	(void)why;
}

struct row {
	const struct row_words *words;
	uint32_t mine;
};
#define ROW(number, event, side, guard, action, next, cause)                   \
	{                                                                      \
		&(const struct row_words){ #number, #event, #side, #guard,     \
			#action, #next, #cause },                              \
		    1                                                          \
	}
#define ROWS(rows, parties, timers)                                            \
	{                                                                      \
		rows, sizeof(rows) / sizeof(rows)[0], sizeof(struct row),      \
		    parties, timers                                            \
	}
enum { A = 1, B = 2, ONE = 1U << 1, TWO = 1U << 2 };

/* clang-format off */
static const struct row null_rows[] = {
ROW(R1, SIGNAL_OFFHOOK, A, NULL, listen, dialling, NONE),
};

static const struct row dialling_rows[] = {
ROW(R2, SIGNAL_DIGIT, A, is_whole, route, routing, NONE),
#ifdef LOST
ROW(R3, SIGNAL_DIGIT, A, NULL, NULL, dialing, NONE),
#else
ROW(R3, SIGNAL_DIGIT, A, NULL, NULL, dialling, NONE),
#endif
#ifdef GAPS
ROW(R4, ON(one), NONE, is_late, give_up, clearing, INVALID_FORMAT),
#else
ROW(R4, ON(one), NONE, NULL, give_up, clearing, INVALID_FORMAT),
#endif
ROW(R5, ON_GONE, A, NULL, NULL, ended, NORMAL),
ROW(R9, SIGNAL_CLEAR, NONE, NULL, give_up, clearing, UNSPECIFIED),
};

static const struct row routing_rows[] = {
ROW(R6, ON_ENTRY, NONE, is_nowhere, give_up, clearing, NO_ROUTE),
#ifndef GAPS
ROW(R6, ON_ENTRY, NONE, NULL, connect, talking, NONE),
#endif
};

static const struct row talking_rows[] = {
#ifdef GAPS
ROW(R7, ON_GONE, A, NULL, part, clearing, NORMAL),
#else
ROW(R7, ON_GONE, NONE, NULL, part, clearing, NORMAL),
ROW(R9, SIGNAL_CLEAR, NONE, NULL, give_up, clearing, UNSPECIFIED),
#endif
};

static const struct row clearing_rows[] = {
#ifdef WILD
{ NULL, 1 },
#endif
ROW(R8, ON_GONE, NONE, NULL, NULL, ended, NONE),
ROW(R8, ON(two), NONE, NULL, NULL, ended, NONE),
};

static const struct row any_rows[] = {
#ifdef GAPS
ROW(R10, ON_DOWN, NONE, NULL, look, same, NONE),
#else
ROW(R10, ON_RESYNC, NONE, NULL, look, same, NONE),
#endif
};
/* clang-format on */

static const struct state_table states[] = {
	ROWS(null_rows, 0, 0),
	ROWS(dialling_rows, A, ONE),
	ROWS(routing_rows, A, 0),
	ROWS(talking_rows, A | B, 0),
	ROWS(clearing_rows, A | B, TWO),
	{ 0 }, /* ended */
	ROWS(any_rows, 0, 0),
};
#ifdef SILENT
enum { COUNT = 0 };
#else
enum { COUNT = sizeof states / sizeof states[0] };
#endif

static const char *const none[] = { NULL };

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "tabled",
	.version = VERSION,
	.schema = { .fields = fields,
	    .no_way_back = none,
	    .timers = "one two",
	    .rules = none,
	    .count = sizeof fields / sizeof fields[0],
	    .size = sizeof(struct state) },
	.init = begin,
	.handle = handle,
	.terminate = terminate,
	.states = states,
	.states_count = COUNT,
};
