/*
 * toy: the smallest call that is worth the name, for benchmarks.
 *
 *     init -> presented -ALERTING-> alerting -ANSWER-> active -TICK-> active
 *     HANGUP ends it in any state
 *
 * Built three times: as a loadable module, linked in as `toy_module`, and
 * linked in for the floor with verbs that do nothing (`floor_module`).
 */
#include <string.h>

#include "tests/bench/toy.h"

/* clang-format off */
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
/* clang-format on */

enum { PHASE_PRESENTED, PHASE_ALERTING, PHASE_ACTIVE };

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
	memcpy(state->called, body.digits, sizeof state->called);
	state->called[sizeof state->called - 1] = '\0';
	return 0;
}

static void
handle(struct self *self, void *arg, const struct message *event)
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

#ifndef TOY_SYMBOL
#define TOY_SYMBOL hotswitch_module
MODULE_VERB extern const struct module hotswitch_module;
#endif
const struct module TOY_SYMBOL = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "toy",
	.version = "1.0",
	.schema = { .fields = fields,
	    .timers = "",
	    .count = sizeof fields / sizeof fields[0],
	    .size = sizeof(struct state) },
	.init = init,
	.handle = handle,
	.terminate = terminate,
};
