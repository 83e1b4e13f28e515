/*
 * conductor_race: in which order the bodies of a `race` come.
 *
 * The seed draws it, or --orders says it (orders.h); either way the races that
 * there were are noted, so that an order of the run has a name.
 */
#include "sim/conductor_internal.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/frame.h"
#include "sim/orders.h"
#include "sim/random.h"
#include "sim/scenario_internal.h"
#include "sim/units.h"

enum { RACERS_MAX = COMMAND_WORDS_MAX };

static void
note_race(struct scenario *scenario, unsigned int bodies)
{
	struct races *met = &scenario->met;

	if (met->count == ORDERS_RACES)
		return;
	met->bodies[met->count] = bodies;
	met->lines[met->count++] = scenario->at;
}

/* As --orders says, or else as the seed has it; false: that was no order. */
static bool
draw(struct scenario *scenario, unsigned int bodies, unsigned int *order)
{
	const unsigned int number = scenario->met.count;

	note_race(scenario, bodies);
	if (scenario->order == NULL) {
		random_order(&scenario->races, order, bodies);
		return true;
	}
	if (order_bodies(scenario->order, number, bodies, order))
		return true;
	(void)snprintf(scenario->why, sizeof scenario->why,
	    "race: --orders says order %" PRIu64 " of it, a race of %u bodies "
	    "has orders 1 to %" PRIu64,
	    scenario->order->numbers[number], bodies, order_of_bodies(bodies));
	conductor_answer(scenario, "error", scenario->why);
	return false;
}

/* race LINE COUNT */
void
conductor_race(struct scenario *scenario, const struct frame *frame)
{
	unsigned int order[RACERS_MAX], i;
	uint64_t count = 0;
	char text[RACERS_MAX * 4] = "";
	size_t at = 0;

	if (scenario->is_racing) {
		conductor_answer(
		    scenario, "error", "race: there is a race already");
		return;
	}
	if (frame->count < 3 ||
	    !units_number(frame->words[2], RACERS_MAX, &count) || count == 0)
		count = 1;
	if (!draw(scenario, (unsigned int)count, order))
		return;
	for (i = 0; i < count; i++)
		at += (size_t)snprintf(
		    text + at, sizeof text - at, "%u ", order[i]);
	scenario->is_racing = true;
	conductor_answer(scenario, "ok", text);
}
