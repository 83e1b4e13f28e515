/*
 * toy: the smallest call that is worth the name, for benchmarks.
 *
 *     init -> presented -ALERTING-> alerting -ANSWER-> active -TICK-> active
 *     HANGUP ends it in any state
 *
 * Built as a loadable module, linked in as `toy_module` with a handler that is
 * called by its name (fixed.h), and linked in for the floor with verbs that do
 * nothing (`floor_module`).
 *
 * And once more as release 2.0 (TOY_RELEASE), whose state is what a release of
 * a call may well make of it: a field renamed, one widened, two that are new,
 * a symbol in the middle of an enum, and what was charged so far worked out by
 * code_change.  Nothing of 1.0 is copied to where it was but its first fields.
 */
#include <string.h>

#include "tests/bench/toy.h"

#ifndef TOY_RELEASE
#define TOY_RELEASE 1
#endif

/* clang-format off */
#if TOY_RELEASE == 1
#define VERSION "1.0"
#define CALLED called
#define STATE(F, T)                                                            \
	F(UINT, uint64_t, call, 0, "", "")                                     \
	F(UINT, uint64_t, t_seize, 0, "", "")                                  \
	F(UINT, uint64_t, t_alert, 0, "", "")                                  \
	F(UINT, uint64_t, t_answer, 0, "", "")                                 \
	F(UINT, uint64_t, t_last, 0, "", "")                                   \
	F(UINT, uint32_t, line_a, 0, "", "")                                   \
	F(UINT, uint32_t, line_b, 0, "", "")                                   \
	F(UINT, uint32_t, pulses, 0, "", "")                                   \
	F(ENUM, uint32_t, phase, 0, "", "presented alerting active")           \
	T(called, 16, "")
enum { PHASE_PRESENTED, PHASE_ALERTING, PHASE_ACTIVE };
#else
#define VERSION "2.0"
#define CALLED called_dialled
#define STATE(F, T)                                                            \
	F(UINT, uint64_t, call, 0, "", "")                                     \
	F(UINT, uint64_t, t_seize, 0, "", "")                                  \
	F(UINT, uint64_t, t_alert, 0, "", "")                                  \
	F(UINT, uint64_t, t_answer, 0, "", "")                                 \
	F(UINT, uint64_t, t_last, 0, "", "")                                   \
	F(UINT, uint64_t, pulses, 0, "", "")                                   \
	F(UINT, uint64_t, charge, 0, "", "") /* micro-units */                 \
	F(UINT, uint32_t, line_a, 0, "", "")                                   \
	F(UINT, uint32_t, line_b, 0, "", "")                                   \
	F(UINT, uint32_t, forwarded_to, UINT32_MAX, "", "")                    \
	F(ENUM, uint32_t, phase, 0, "", "presented alerting held active")      \
	T(called_dialled, 16, "called")
enum { PHASE_PRESENTED, PHASE_ALERTING, PHASE_HELD, PHASE_ACTIVE };
static const char *const no_way_back[] = { "phase held", "pulses wide", NULL };
static const char *const rules[] = { "charge hook", NULL };
#endif
/* clang-format on */

struct state {
	STATE(SCHEMA_MEMBER, SCHEMA_MEMBER_TEXT)
};
#define SCHEMA_STATE struct state
static const struct field fields[] = { STATE(SCHEMA_FIELD, SCHEMA_FIELD_TEXT) };

static int
init(struct self *self, void *arg, const struct message *start)
{
	struct state *state = arg;
	struct toy_start body;

	(void)self;
	memcpy(&body, start->body.bytes, sizeof body);
	state->call = body.key;
	state->t_seize = body.at;
	state->line_a = body.line_a;
	state->line_b = body.line_b;
#if TOY_RELEASE == 2
	state->forwarded_to = UINT32_MAX;
#endif
	memcpy(state->CALLED, body.digits, sizeof state->CALLED);
	state->CALLED[sizeof state->CALLED - 1] = '\0';
	return 0;
}

#ifdef TOY_FIXED
#include "tests/bench/fixed.h"
#define handle_event fixed_handle
#define LINKAGE
_Static_assert(sizeof(struct state) == FIXED_STATE_SIZE, "fixed.h says so");
#else
#define LINKAGE static
#endif

LINKAGE void
handle_event(struct self *self, void *arg, const struct message *event)
{
	struct state *state = arg;
	struct toy_event body;

	memcpy(&body, event->body.bytes, sizeof body);
	if (event->kind == TOY_TICK && state->phase == PHASE_ACTIVE) {
		state->pulses += body.pulses;
		state->t_last = body.at;
	} else if (event->kind == TOY_ALERTING &&
	    state->phase == PHASE_PRESENTED) {
		state->phase = PHASE_ALERTING;
		state->t_alert = body.at;
	} else if (event->kind == TOY_ANSWER &&
	    state->phase == PHASE_ALERTING) {
		state->phase = PHASE_ACTIVE;
		state->t_answer = body.at;
	} else if (event->kind == TOY_ASK) {
		(void)process_send(
		    self, event->from, TOY_ANSWERED, &body, sizeof body);
	} else if (event->kind == TOY_HANGUP) {
		(void)process_exit(
		    self, (struct reason){ .kind = REASON_NORMAL });
	}
}

static void
terminate(struct self *self, void *state, const struct reason *why)
{
	(void)self;
	(void)state;
	(void)why;
}

#if TOY_RELEASE == 1
#define CODE_CHANGE NULL
#define NO_WAY_BACK NULL
#define RULES	    NULL
#else
#define CODE_CHANGE code_change
#define NO_WAY_BACK no_way_back
#define RULES	    rules
enum { MICRO_UNITS = 100000 }; /* of a pulse */

/* On the way back 1.0 has no charge, and what it had by pulses it has still. */
static int
code_change(const void *from, void *to, bool down)
{
	struct state *state = to;

	(void)from;
	if (!down)
		state->charge = state->pulses * MICRO_UNITS;
	return 0;
}
#endif

#ifndef TOY_SYMBOL
#define TOY_SYMBOL hotswitch_module
MODULE_VERB extern const struct module hotswitch_module;
#endif
const struct module TOY_SYMBOL = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "toy",
	.version = VERSION,
	.schema = { .fields = fields,
	    .no_way_back = NO_WAY_BACK,
	    .timers = "",
	    .count = sizeof fields / sizeof fields[0],
	    .size = sizeof(struct state),
	    .rules = RULES },
	.init = init,
	.handle = handle_event,
	.terminate = terminate,
	.code_change = CODE_CHANGE,
};
