/*
 * party: the calls and lines that a scenario's words name.
 */
#include "sim/action_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/call_event.h"
#include "calls/exchange/office_trunk.h"
#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/schema.h"

struct named_call *
scenario_call(struct scenario *scenario, const char *name)
{
	unsigned int i;

	for (i = 0; i < scenario->calls_count; i++)
		if (strcmp(scenario->calls[i].name, name) == 0)
			return &scenario->calls[i];
	return NULL;
}

const struct named_call *
scenario_call_numbered(const struct scenario *scenario, uint64_t number)
{
	unsigned int i;

	for (i = 0; number != 0 && i < scenario->calls_count; i++)
		if (scenario->calls[i].number == number)
			return &scenario->calls[i];
	return NULL;
}

int
party_line(struct scenario *scenario, const struct arguments *arguments,
    const char *number, uint32_t *ret_line)
{
	*ret_line = office_find(scenario->office, number);
	if (*ret_line != LINE_NONE)
		return 0;
	return action_refuse(scenario, arguments,
	    "no line has the number %s "
	    "(`lines` makes them)",
	    number);
}

/* The port of that side, 0 to 2, as the state of a call has it. */
static uint32_t
port_in(const struct schema *schema, const void *state, unsigned int side)
{
	static const char *const names[] = { "port_a", "port_b", "port_c" };
	const struct field *field = schema_find(schema, names[side]);
	const struct field *party = schema_find(schema, "party");
	const struct schema record = { .fields =
					   party == NULL ? NULL : party->fields,
		.count = party == NULL ? 0 : party->count };
	const char *at = state;

	if (field == NULL && side < (party == NULL ? 0 : party->length)) {
		field = schema_find(&record, "port");
		at += party->offset + (size_t)side * party->width;
	}
	return field == NULL ? PORT_NONE : (uint32_t)schema_number(field, at);
}

/* Whether a call is still there, or about to be, at the circuit it came by. */
static bool
is_at_circuit(const struct scenario *scenario, const struct named_call *call)
{
	struct circuit_info info;

	if (!port_is_circuit(call->line))
		return true;
	office_circuit_look(scenario->office, call->line, &info);
	return info.number == call->number;
}

uint32_t
party_port(const struct scenario *scenario, const struct named_call *call,
    unsigned int side)
{
	struct scheduler *home = scenario->scheduler;
	struct pid pid = office_call_pid(scenario->office, call->number);
	struct process_info info;

	if (pid_is_none(pid) ||
	    process_info(scheduler_where(home, pid), pid, &info) != 0 ||
	    info.state == NULL)
		return side == 0 && is_at_circuit(scenario, call) ? call->line
								  : PORT_NONE;
	return port_in(&behaviour_at(scheduler_behaviours(home), info.behaviour)
			    ->module->schema,
	    info.state, side);
}

/* The line at a side of a call; and the number of that call. */
static int
find_side(struct scenario *scenario, const struct arguments *arguments,
    const char *party, uint32_t *ret_line, uint64_t *ret_call)
{
	const char *dot = strrchr(party, '.');
	char name[CALL_NAME_SIZE];
	struct named_call *call;

	(void)snprintf(name, sizeof name, "%.*s", (int)(dot - party), party);
	call = scenario_call(scenario, name);
	if (call == NULL)
		return action_refuse(
		    scenario, arguments, "no call '%s' was made", name);
	*ret_call = call->number;
	*ret_line = party_port(scenario, call, (unsigned int)(dot[1] - 'a'));
	if (*ret_line == LINE_NONE)
		return action_refuse(scenario, arguments,
		    "call '%s' has nobody at its side %c now", name, dot[1]);
	return 0;
}

static int
find(struct scenario *scenario, const struct arguments *arguments,
    const char *party, uint32_t *ret_line, uint64_t *ret_call)
{
	*ret_call = 0;
	return strchr(party, '.') == NULL
	    ? party_line(scenario, arguments, party, ret_line)
	    : find_side(scenario, arguments, party, ret_line, ret_call);
}

int
party_find_in(struct scenario *scenario, const struct arguments *arguments,
    uint32_t *ret_line, uint64_t *ret_call)
{
	return find(
	    scenario, arguments, action_word(arguments, 0), ret_line, ret_call);
}

uint32_t
party_gone(const struct scenario *scenario, const char *party)
{
	const struct named_call *call = scenario->calls;
	const struct named_call *end = call + scenario->calls_count;

	for (; call < end; call++)
		if (strncmp(party, call->name, strlen(call->name)) == 0 &&
		    strcmp(party + strlen(call->name), ".a") == 0)
			return is_at_circuit(scenario, call) ? PORT_NONE
							     : call->line;
	return PORT_NONE;
}

int
party_find_second(struct scenario *scenario, const struct arguments *arguments,
    uint32_t *ret_line)
{
	uint64_t call;

	return find(
	    scenario, arguments, action_word(arguments, 1), ret_line, &call);
}

int
party_find(struct scenario *scenario, const struct arguments *arguments,
    uint32_t *ret_line)
{
	uint64_t call;

	return party_find_in(scenario, arguments, ret_line, &call);
}

int
party_call(struct scenario *scenario, const struct arguments *arguments,
    const char *name, struct pid *ret_pid)
{
	const struct named_call *call = scenario_call(scenario, name);
	struct office_call_view view;

	if (call == NULL)
		return action_refuse(
		    scenario, arguments, "no call '%s' was made", name);
	*ret_pid = office_call_pid(scenario->office, call->number);
	office_look_at_call(scenario->scheduler, call->number, &view);
	if (pid_is_none(*ret_pid))
		return action_refuse(scenario, arguments,
		    view.in_register ? "call '%s' has no process yet: its "
				       "caller still dials"
			: view.is_unborn
			? "call '%s' has no process yet: its first event "
			  "waits for its scheduler"
			: "call '%s' has ended",
		    name);
	return 0;
}

/* Room for one more named call; NULL without memory. */
static struct named_call *
new_call(struct scenario *scenario)
{
	struct named_call *calls = object_grow(scenario->calls,
	    scenario->calls_count, &scenario->calls_room, sizeof *calls);

	if (calls == NULL)
		return NULL;
	scenario->calls = calls;
	return &calls[scenario->calls_count];
}

typedef int begin_f(struct office *office, uint32_t line, const char *digits,
    uint64_t *ret_call, const char **ret_why);

static int
begin_offhook(struct office *office, uint32_t line, const char *digits,
    uint64_t *ret_call, const char **ret_why)
{
	(void)digits;
	return office_offhook(office, line, ret_call, ret_why);
}

/* Whether one of that name can begin now. */
static int
may_begin(struct scenario *scenario, const struct arguments *arguments)
{
	const char *name = action_word(arguments, 0);

	if (scenario_call(scenario, name) != NULL)
		return action_refuse(scenario, arguments,
		    "there is a call '%s' "
		    "already",
		    name);
	if (scenario->module[0] == '\0')
		return action_refuse(scenario, arguments,
		    "no release handles calls "
		    "yet (`module call 1.0` first)");
	return new_call(scenario) == NULL
	    ? action_refuse(scenario, arguments, "no memory is left")
	    : 0;
}

/* It has begun, under the name at place 0. */
static struct named_call *
name_call(struct scenario *scenario, const struct arguments *arguments,
    uint64_t number, uint32_t port, const char *digits)
{
	struct named_call *call = new_call(scenario);

	memset(call, 0, sizeof *call);
	(void)snprintf(
	    call->name, sizeof call->name, "%s", action_word(arguments, 0));
	(void)snprintf(call->dialled, sizeof call->dialled, "%s", digits);
	call->number = number;
	call->line = port;
	call->begun = scheduler_now(scenario->scheduler);
	call->at = scenario->at;
	scenario->calls_count++;
	/* Without memory there is nothing to be shown of it, and no more. */
	(void)office_watch(scenario->office, number);
	return call;
}

static int
begin(struct scenario *scenario, const struct arguments *arguments,
    uint32_t line, const char *digits, begin_f *how)
{
	const char *why = NULL;
	uint64_t number;
	int result = may_begin(scenario, arguments);

	if (result != 0)
		return result;
	result = how(scenario->office, line, digits, &number, &why);
	if (result != 0)
		return action_refuse(scenario, arguments, "%s",
		    why == NULL ? "no memory is left" : why);
	(void)name_call(scenario, arguments, number, line, digits);
	return 0;
}

int
party_begin_trunk_call(struct scenario *scenario,
    const struct arguments *arguments, const struct trunk_call *how)
{
	const char *why = NULL;
	struct named_call *call;
	uint64_t number;
	uint32_t port;
	int result = may_begin(scenario, arguments);

	if (result != 0)
		return result;
	result = office_trunk_call(scenario->office, how, &number, &port, &why);
	if (result != 0)
		return action_refuse(scenario, arguments, "%s", why);
	call = name_call(scenario, arguments, number, port, how->digits);
	(void)snprintf(call->calling, sizeof call->calling, "%s", how->calling);
	return 0;
}

int
party_begin_call(struct scenario *scenario, const struct arguments *arguments,
    uint32_t line, const char *digits)
{
	return digits == NULL
	    ? begin(scenario, arguments, line, "", begin_offhook)
	    : begin(scenario, arguments, line, digits, office_call);
}

int
party_begin_consultation(struct scenario *scenario,
    const struct arguments *arguments, uint32_t line, const char *digits)
{
	return begin(scenario, arguments, line, digits, office_consult);
}

/* Whether it is going on, and digits may still be of its number (T70). */
static bool
is_being_dialled(const struct scenario *scenario, uint64_t number)
{
	struct office_call_view view;

	office_look_at_call(scenario->scheduler, number, &view);
	return view.port_a != PORT_NONE && !view.is_dialled;
}

/* What a caller has dialled belongs to the last call that it began. */
void
party_note_dialled(struct scenario *scenario, uint32_t line, const char *digits)
{
	struct named_call *call;
	unsigned int i;
	size_t length;

	for (i = scenario->calls_count; i-- > 0;) {
		call = &scenario->calls[i];
		if (call->line != line)
			continue;
		if (!is_being_dialled(scenario, call->number))
			return;
		length = strlen(call->dialled);
		(void)snprintf(call->dialled + length,
		    sizeof call->dialled - length, "%s", digits);
		return;
	}
}
