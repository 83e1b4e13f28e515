/*
 * subject_call: how a call is at this instant, and what its records say.
 *
 * States of calls are read by field name from the schema of the version that
 * holds them, so that no release is known here.  What is known of a call that
 * has ended is in its record.
 */
#include "sim/subject_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "calls/exchange/office_trunk.h"
#include "sim/port.h"
#include "sim/units.h"
#include "switch/nearest.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/schema.h"

/* Bits of a call's field `held`. */
enum { HELD_A = 1, HELD_B = 2 };

static const struct named_call *
call_of(const struct look *look)
{
	const struct named_call *call =
	    scenario_call(look->scenario, look->key);

	if (call == NULL)
		(void)subject_refuse(
		    look, "no call '%.40s' was made", look->key);
	return call;
}

/* The tone at a port while it is in this call. */
static const char *
heard(const struct look *look, uint32_t port, struct pid call)
{
	return tone_word(port_hears(look->scenario->office, port, call));
}

/* A field of the call's state as a number; 0 in a version without it. */
static uint64_t
state_number(const struct behaviour *behaviour, const struct process_info *info,
    const char *name)
{
	const struct field *field =
	    schema_find(&behaviour->module->schema, name);

	return field == NULL || info->state == NULL
	    ? 0
	    : (uint64_t)schema_number(field, info->state);
}

static void
add_numbers_of_call(const struct look *look, const struct named_call *call)
{
	char number[DIGITS_MAX + 1];

	if (!port_is_circuit(call->line))
		office_number(look->scenario->office, call->line, number);
	subject_add(look->into, "calling", "%s",
	    port_is_circuit(call->line) ? call->calling : number);
	subject_add(look->into, "called", "%s", call->dialled);
}

/* As the office has them; of one without a record by whom it was for.
 */
static void
add_class_and_legs(const struct look *look, const struct named_call *call)
{
	struct office_call_view view;

	office_look_at_call(look->scenario->scheduler, call->number, &view);
	if (view.port_a == PORT_NONE)
		view.class = office_class_of(
		    look->scenario->office, call->line, call->dialled);
	else
		subject_add_number(look->into, "legs", view.legs);
	subject_add(look->into, "class", "%s", line_class_word(view.class));
}

/* 3.0 has a state of its own for what the table of behaviours calls active. */
static void
set_state_of_call(
    struct columns *into, const struct field *field, const void *state)
{
	schema_text(field, state, into->state, sizeof into->state);
	if (strcmp(into->state, "held") == 0)
		subject_set_state(into, "active");
}

/* The circuit at its side B, if it is one. */
static void
add_way_out(const struct look *look, uint32_t port)
{
	struct circuit_info info = { .circuit = 0 };
	const char *trunk = "";

	if (port_is_circuit(port)) {
		office_circuit_look(look->scenario->office, port, &info);
		trunk = office_trunk_name(look->scenario->office, info.trunk);
	}
	subject_add(look->into, "out_trunk", "%s", trunk);
	subject_add_number(look->into, "out_circuit", info.circuit);
}

static void
look_at_live(const struct look *look, const struct named_call *call,
    const struct process_info *info)
{
	const struct behaviour *behaviour = behaviour_at(
	    scheduler_behaviours(look->scenario->scheduler), info->behaviour);
	const struct field *state =
	    schema_find(&behaviour->module->schema, "state");
	uint64_t held = state_number(behaviour, info, "held");

	if (state != NULL && info->state != NULL)
		set_state_of_call(look->into, state, info->state);
	add_numbers_of_call(look, call);
	add_class_and_legs(look, call);
	subject_add(look->into, "version", "%s", behaviour->version);
	subject_add(look->into, "hears_a", "%s",
	    heard(look, party_port(look->scenario, call, 0), info->pid));
	subject_add(look->into, "hears_b", "%s",
	    heard(look, party_port(look->scenario, call, 1), info->pid));
	add_way_out(look, party_port(look->scenario, call, 1));
	subject_add_number(look->into, "route_attempts",
	    state_number(behaviour, info, "route_attempts"));
	subject_add_number(look->into, "held_a", (held & HELD_A) != 0);
	subject_add_number(look->into, "held_b", (held & HELD_B) != 0);
	subject_add_number(look->into, "waiting",
	    state_number(behaviour, info, "waiting") == 1);
	subject_add_number(look->into, "elapsed_ms",
	    (scheduler_now(look->scenario->scheduler) - call->begun) / 1000);
}

/* What is known of one that has ended is in its record. */
static void
keep_recorded(void *arg, const char *name, const char *value, int is_number)
{
	struct columns *columns = arg;

	(void)is_number;
	if (strcmp(name, "version_end") == 0)
		subject_add(columns, "version", "%s", value);
	if (strcmp(name, "legs") == 0)
		subject_add(columns, "legs", "%s", value);
	if (strcmp(name, "class") == 0)
		subject_add(columns, "class", "%s", value);
}

/* What a call has only while its process lives, but who hears what at A. */
static void
add_nothing_of_process(const struct look *look)
{
	subject_add(look->into, "hears_b", "none");
	add_way_out(look, PORT_NONE);
	subject_add_number(look->into, "route_attempts", 0);
	subject_add_number(look->into, "held_a", 0);
	subject_add_number(look->into, "held_b", 0);
	subject_add_number(look->into, "waiting", 0);
}

/*
 * It has no process yet: its caller is heard by the office itself, or its first
 * event waits for its scheduler.
 */
static void
look_at_unborn(const struct look *look, const struct named_call *call,
    const struct office_call_view *view)
{
	subject_set_state(look->into,
	    view->in_register || call->dialled[0] == '\0' ? "collecting"
							  : "routing");
	add_numbers_of_call(look, call);
	add_class_and_legs(look, call);
	subject_add(look->into, "version", "%s", "");
	subject_add(
	    look->into, "hears_a", "%s", heard(look, call->line, PID_NONE));
	add_nothing_of_process(look);
	subject_add_number(look->into, "elapsed_ms",
	    (scheduler_now(look->scenario->scheduler) - call->begun) / 1000);
}

static void
look_at_ended(const struct look *look, const struct named_call *call)
{
	subject_set_state(look->into, "ended");
	add_numbers_of_call(look, call);
	(void)recorder_cdr(
	    look->scenario->recorder, call->number, keep_recorded, look->into);
	if (columns_find(look->into, "class") == NULL)
		add_class_and_legs(look, call); /* it was turned away */
	subject_add(look->into, "hears_a", "none");
	add_nothing_of_process(look);
	subject_add_number(look->into, "elapsed_ms", 0);
}

int
look_at_call(const struct look *look)
{
	const struct named_call *call = call_of(look);
	struct office_call_view view;
	struct process_info info;
	struct pid pid;

	if (call == NULL)
		return -EINVAL;
	pid = office_call_pid(look->scenario->office, call->number);
	office_look_at_call(look->scenario->scheduler, call->number, &view);
	if (!pid_is_none(pid) &&
	    process_info(scheduler_where(look->scenario->scheduler, pid), pid,
		&info) == 0)
		look_at_live(look, call, &info);
	else if (view.in_register || view.is_unborn)
		look_at_unborn(look, call, &view);
	else
		look_at_ended(look, call);
	return 0;
}

/* Only what noun.def promises. */
static void
add_promised(enum noun_number number, struct columns *into, const char *name,
    const char *value, int is_number)
{
	const struct noun *noun = noun_at(number);

	if (word_is_in(name, is_number ? noun->numbers : noun->texts))
		subject_add(into, name, "%s", value);
}

static void
add_cdr_column(void *arg, const char *name, const char *value, int is_number)
{
	add_promised(NOUN_cdr, arg, name, value, is_number);
}

static void
add_leg_column(void *arg, const char *name, const char *value, int is_number)
{
	add_promised(NOUN_leg, arg, name, value, is_number);
}

/* What the recorder said of a row that may not be there yet. */
static int
found(const struct look *look, int result, const char *what)
{
	if (result == -ESRCH)
		(void)snprintf(look->into->absent, sizeof look->into->absent,
		    "no record of %s yet", what);
	else if (result != 0)
		return subject_refuse(look, "the database cannot be read: %s",
		    recorder_error(look->scenario->recorder));
	return 0;
}

int
look_at_cdr(const struct look *look)
{
	const struct named_call *call = call_of(look);
	char what[64];
	int result;

	if (call == NULL)
		return -EINVAL;
	result = recorder_cdr(
	    look->scenario->recorder, call->number, add_cdr_column, look->into);
	(void)snprintf(what, sizeof what, "'%.40s'", call->name);
	return found(look, result, what);
}

/* A leg has its row when it has ended, its call may yet go on. */
int
look_at_leg(const struct look *look)
{
	const struct named_call *call = call_of(look);
	uint64_t number;
	char what[64];
	int result;

	if (call == NULL)
		return -EINVAL;
	if (!units_number(look->second_key, LEGS_MAX, &number) || number == 0)
		return subject_refuse(
		    look, "legs of a call have the numbers 1 to %d", LEGS_MAX);
	result = recorder_leg(look->scenario->recorder, call->number,
	    (unsigned int)number, add_leg_column, look->into);
	(void)snprintf(what, sizeof what, "leg %u of '%.40s'",
	    (unsigned int)number, call->name);
	return found(look, result, what);
}
