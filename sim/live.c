/*
 * live: see live.h for what it is.
 */
#include "sim/live.h"

#include <stdio.h>
#include <string.h>

#include "calls/database/report.h"
#include "calls/exchange/office.h"
#include "calls/exchange/office_trunk.h"
#include "sim/scenario_internal.h"
#include "switch/behaviour.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/schema.h"

enum { MAP_MAX = 128, TEXT_MAX = 64 };

static struct report_value
integer(uint64_t number)
{
	return (struct report_value){ .kind = REPORT_INTEGER,
		.integer = (int64_t)number };
}

static struct report_value
text(const char *word)
{
	return (struct report_value){ .kind = REPORT_TEXT, .text = word };
}

/*--------------------------------------------------------------------
 * Calls
 */

/* A field of the call's state under either name, as a text; "" without it. */
static void
read_state(const struct module *module, const void *state, const char *name,
    const char *former, char *word)
{
	const struct field *field = schema_find(&module->schema, name);

	word[0] = '\0';
	if (field == NULL && former != NULL)
		field = schema_find(&module->schema, former);
	if (field != NULL && state != NULL)
		schema_text(field, state, word, TEXT_MAX);
}

static void
add_call(const struct scenario *scenario, struct scheduler *at,
    const struct process_info *info, struct report_rows *rows)
{
	const struct behaviour *behaviour = behaviour_at(
	    scheduler_behaviours(scenario->scheduler), info->behaviour);
	const uint64_t call = telephony_call(&scenario->telephony, info);
	char calling[TEXT_MAX] = "", called[TEXT_MAX], state[TEXT_MAX];
	struct office_call_view view;

	if (call == 0)
		return;
	office_look_at_call(at, call, &view);
	if (view.port_a == PORT_NONE)
		return; /* it has ended, and its process is about to */
	office_number(scenario->office, view.port_a, calling);
	read_state(
	    behaviour->module, info->state, "called_dialled", "called", called);
	read_state(behaviour->module, info->state, "state", NULL, state);
	report_rows_add(rows,
	    (const struct report_value[]){ integer(call), text(calling),
		text(called), text(behaviour->version), text(state),
		{ .kind = REPORT_REAL, .real = (double)view.elapsed_us / 1e6 },
		integer(info->events), integer(info->mailbox) });
}

static void
add_calls(const struct scenario *scenario, struct scheduler *at,
    struct report_rows *rows)
{
	struct process_info info;
	uint32_t cursor = 0;
	struct pid pid;

	while (process_next(at, &cursor, &pid))
		if (process_info(at, pid, &info) == 0 && info.state != NULL)
			add_call(scenario, at, &info, rows);
}

/*--------------------------------------------------------------------
 * Circuits
 */

/* A letter for each circuit, from the first; what has no room, as dots. */
static void
draw_map(const struct scenario *scenario, uint32_t trunk, uint32_t circuits,
    uint32_t counts[], char *map)
{
	static const char letters[] = { [CIRCUIT_STATE_idle] = '.',
		[CIRCUIT_STATE_busy] = 'B',
		[CIRCUIT_STATE_down] = 'D',
		[CIRCUIT_STATE_blocked] = 'X' };
	struct circuit_info info;
	uint32_t i;

	for (i = 0; i < circuits; i++) {
		office_circuit_look(scenario->office,
		    office_circuit(scenario->office, trunk, i + 1), &info);
		counts[info.state]++;
		if (i < MAP_MAX)
			map[i] = letters[info.state];
	}
	map[i < MAP_MAX ? i : MAP_MAX] = '\0';
	if (i > MAP_MAX)
		memcpy(map + MAP_MAX, "...", sizeof "...");
}

static void
add_trunk(
    const struct scenario *scenario, uint32_t trunk, struct report_rows *rows)
{
	uint32_t counts[CIRCUIT_STATE_blocked + 1] = { 0 };
	struct trunk_info info;
	char map[MAP_MAX + sizeof "..."];

	office_trunk_look(scenario->office, trunk, &info);
	draw_map(scenario, trunk, info.circuits, counts, map);
	report_rows_add(rows,
	    (const struct report_value[]){
		text(office_trunk_name(scenario->office, trunk)),
		integer(info.circuits), integer(counts[CIRCUIT_STATE_idle]),
		integer(counts[CIRCUIT_STATE_busy]),
		integer(counts[CIRCUIT_STATE_blocked]),
		integer(counts[CIRCUIT_STATE_down]), integer(info.seizures),
		integer(info.incoming), integer(info.overflow),
		integer(info.glare), text(map) });
}

void
live_fill(void *arg, const char *name, struct report_rows *rows)
{
	const struct scenario *scenario = arg;
	unsigned int i, count = scheduler_count(scenario->scheduler);
	uint32_t trunk;

	if (strcmp(name, "circuits") == 0) {
		for (trunk = 0;
		     office_trunk_name(scenario->office, trunk) != NULL;
		     trunk++)
			add_trunk(scenario, trunk, rows);
		return;
	}
	for (i = 0; i < count; i++)
		add_calls(
		    scenario, scheduler_peer(scenario->scheduler, i), rows);
}
