/*
 * live: see live.h for what it is.
 *
 * A row is kept as its values one behind the other: the kind in one byte, then
 * eight bytes, or a text with its end.
 */
#include "sim/live.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/report.h"
#include "calls/exchange/office.h"
#include "calls/exchange/office_trunk.h"
#include "sim/telephony.h"
#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/schema.h"

enum {
	MAP_MAX = 128,
	TEXT_MAX = 64,
	CALL_VALUES = 8,
	TRUNK_VALUES = 11,
	BLOCK_SIZE = 64 * 1024,
	ROW_MAX = 1024 /* eleven values, and two of them texts */
};

struct block {
	struct block *next;
	size_t used;
	char bytes[BLOCK_SIZE];
};

/* A trunk group, as far as its circuits have been counted. */
struct group {
	uint32_t trunk, circuit;
	uint32_t counts[CIRCUIT_STATE_blocked + 1];
	char map[MAP_MAX + sizeof "..."];
};

struct live {
	unsigned int magic;
#define LIVE_MAGIC 0x3e90b7c5
	const struct telephony *telephony;
	bool of_circuits;
	unsigned int values; /* of a row */
	unsigned int seen;   /* in this look */
	/* Where it has come to. */
	unsigned int scheduler;
	uint32_t cursor;
	struct group group;
	struct block *first, *last;
};

int
live_alloc(
    struct live **ret_live, const struct telephony *telephony, const char *name)
{
	struct live *live;

	if (ALLOC_OBJ(live, LIVE_MAGIC) == NULL)
		return -ENOMEM;
	live->telephony = telephony;
	live->of_circuits = strcmp(name, "circuits") == 0;
	live->values = live->of_circuits ? TRUNK_VALUES : CALL_VALUES;
	*ret_live = live;
	return 0;
}

void
live_free(struct live **livep)
{
	struct block *block, *next;

	if (*livep == NULL)
		return;
	CHECK_OBJ(*livep, LIVE_MAGIC);
	for (block = (*livep)->first; block != NULL; block = next) {
		next = block->next;
		object_free(block, sizeof *block);
	}
	FREE_OBJ(livep, LIVE_MAGIC);
}

/*--------------------------------------------------------------------
 * Rows that are kept
 */

static struct block *
block_with_room(struct live *live)
{
	struct block *block = live->last;

	if (block != NULL && BLOCK_SIZE - block->used >= ROW_MAX)
		return block;
	block = object_alloc(sizeof *block);
	if (block == NULL)
		return NULL;
	if (live->last == NULL)
		live->first = block;
	else
		live->last->next = block;
	live->last = block;
	return block;
}

static void
put(struct block *block, const void *bytes, size_t size)
{
	memcpy(block->bytes + block->used, bytes, size);
	block->used += size;
}

static int
keep_row(struct live *live, const struct report_value *values)
{
	struct block *block = block_with_room(live);
	const struct report_value *value = values;

	if (block == NULL)
		return -ENOMEM;
	for (; value < values + live->values; value++) {
		put(block, &(const char){ (char)value->kind }, 1);
		if (value->kind == REPORT_TEXT)
			put(block, value->text, strlen(value->text) + 1);
		else if (value->kind == REPORT_REAL)
			put(block, &value->real, sizeof value->real);
		else
			put(block, &value->integer, sizeof value->integer);
	}
	return 0;
}

/* What stands behind it. */
static const char *
read_value(const char *at, struct report_value *value)
{
	*value = (struct report_value){ .kind = (unsigned char)*at };
	at++;
	if (value->kind == REPORT_TEXT) {
		value->text = at;
		return at + strlen(at) + 1;
	}
	if (value->kind == REPORT_REAL)
		memcpy(&value->real, at, sizeof value->real);
	else
		memcpy(&value->integer, at, sizeof value->integer);
	return at + sizeof value->integer;
}

void
live_fill(void *arg, const char *name, struct report_rows *rows)
{
	const struct live *live = arg;
	struct report_value values[TRUNK_VALUES];
	const struct block *block;
	const char *at;
	unsigned int i;

	CHECK_OBJ(live, LIVE_MAGIC);
	(void)name; /* it was allocated for that */
	for (block = live->first; block != NULL; block = block->next)
		for (at = block->bytes; at < block->bytes + block->used;) {
			for (i = 0; i < live->values; i++)
				at = read_value(at, &values[i]);
			report_rows_add(rows, values);
		}
}

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

static int
keep_call(
    struct live *live, struct scheduler *at, const struct process_info *info)
{
	const struct telephony *telephony = live->telephony;
	const struct behaviour *behaviour =
	    behaviour_at(telephony->behaviours, info->behaviour);
	const uint64_t call = telephony_call(telephony, info);
	char calling[TEXT_MAX] = "", called[TEXT_MAX], state[TEXT_MAX];
	struct office_call_view view;

	if (call == 0)
		return 0;
	office_look_at_call(at, call, &view);
	if (view.port_a == PORT_NONE)
		return 0; /* it has ended, and its process is about to */
	office_number(telephony->office, view.port_a, calling);
	read_state(
	    behaviour->module, info->state, "called_dialled", "called", called);
	read_state(behaviour->module, info->state, "state", NULL, state);
	return keep_row(live,
	    (const struct report_value[]){ integer(call), text(calling),
		text(called), text(behaviour->version), text(state),
		{ .kind = REPORT_REAL, .real = (double)view.elapsed_us / 1e6 },
		integer(info->events), integer(info->mailbox) });
}

static int
look_at_calls(struct live *live)
{
	struct scheduler *home = live->telephony->scheduler, *at;
	uint32_t places = LIVE_PLACES;
	struct process_info info;
	struct pid pid;

	while (live->scheduler < scheduler_count(home)) {
		at = scheduler_peer(home, live->scheduler);
		if (process_next_of(at, &live->cursor, &places, &pid)) {
			if (process_info(at, pid, &info) == 0 &&
			    info.state != NULL &&
			    keep_call(live, at, &info) != 0)
				return -ENOMEM;
			if (++live->seen == LIVE_SEEN)
				return 1;
		} else if (places == 0) {
			return 1;
		} else {
			live->scheduler++;
			live->cursor = 0;
		}
	}
	return 0;
}

/*--------------------------------------------------------------------
 * Circuits
 */

/* A letter for each circuit, from the first; what has no room, as dots. */
static void
look_at_circuit(struct live *live)
{
	static const char letters[] = { [CIRCUIT_STATE_idle] = '.',
		[CIRCUIT_STATE_busy] = 'B',
		[CIRCUIT_STATE_down] = 'D',
		[CIRCUIT_STATE_blocked] = 'X' };
	struct office *office = live->telephony->office;
	struct group *group = &live->group;
	struct circuit_info info;

	office_circuit_look(office,
	    office_circuit(office, group->trunk, group->circuit + 1), &info);
	group->counts[info.state]++;
	if (group->circuit < MAP_MAX)
		group->map[group->circuit] = letters[info.state];
	else
		memcpy(group->map + MAP_MAX, "...", sizeof "...");
	group->circuit++;
}

static int
keep_group(struct live *live, const struct trunk_info *info)
{
	const struct group *group = &live->group;

	return keep_row(live,
	    (const struct report_value[]){
		text(office_trunk_name(live->telephony->office, group->trunk)),
		integer(group->circuit),
		integer(group->counts[CIRCUIT_STATE_idle]),
		integer(group->counts[CIRCUIT_STATE_busy]),
		integer(group->counts[CIRCUIT_STATE_blocked]),
		integer(group->counts[CIRCUIT_STATE_down]),
		integer(info->seizures), integer(info->incoming),
		integer(info->overflow), integer(info->glare),
		text(group->map) });
}

/* A reload may have given it fewer circuits since the last look. */
static int
look_at_circuits(struct live *live)
{
	struct office *office = live->telephony->office;
	struct group *group = &live->group;
	struct trunk_info info;

	while (office_trunk_name(office, group->trunk) != NULL) {
		office_trunk_look(office, group->trunk, &info);
		while (group->circuit < info.circuits) {
			look_at_circuit(live);
			if (++live->seen == LIVE_SEEN)
				return 1;
		}
		if (keep_group(live, &info) != 0)
			return -ENOMEM;
		*group = (struct group){ .trunk = group->trunk + 1 };
	}
	return 0;
}

int
live_look(struct live *live)
{
	CHECK_OBJ(live, LIVE_MAGIC);
	live->seen = 0;
	return live->of_circuits ? look_at_circuits(live) : look_at_calls(live);
}
