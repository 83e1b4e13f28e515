/*
 * subject: how the things that a scenario can ask about are at this instant.
 *
 * One function for each noun of noun.def; each fills the columns that stand
 * there, and says in `absent` why a subject that may come to be is not there
 * yet.  States of calls are read by field name from the schema of the version
 * that holds them, so that no release is known here.
 */
#include "sim/scenario_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "calls/exchange/office_gate.h"
#include "calls/exchange/office_trunk.h"
#include "sim/condition.h"
#include "sim/noun.h"
#include "sim/port.h"
#include "sim/traffic.h"
#include "sim/trunk_figures.h"
#include "sim/units.h"
#include "sim/version_column.h"
#include "switch/alarm.h"
#include "switch/nearest.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/registry.h"
#include "switch/scheduler.h"
#include "switch/supervisor.h"
#include "upgrade/code.h"
#include "upgrade/schema.h"

/* Bits of a call's field `held`. */
enum { HELD_A = 1, HELD_B = 2 };

/* One subject that is being looked at. */
struct look {
	struct scenario *scenario;
	const char *key, *second_key;
	struct columns *into;
};

__attribute__((format(printf, 3, 4))) static void
add(struct columns *columns, const char *name, const char *format, ...)
{
	va_list arguments;

	if (columns->count == COLUMNS_MAX)
		return;
	(void)snprintf(columns->column[columns->count].name,
	    sizeof columns->column[0].name, "%s", name);
	va_start(arguments, format);
	(void)vsnprintf(columns->column[columns->count].value,
	    sizeof columns->column[0].value, format, arguments);
	va_end(arguments);
	columns->count++;
}

static void
add_number(struct columns *columns, const char *name, uint64_t number)
{
	add(columns, name, "%" PRIu64, number);
}

static void
set_state(struct columns *columns, const char *state)
{
	(void)snprintf(columns->state, sizeof columns->state, "%s", state);
}

__attribute__((format(printf, 2, 3))) static int
refuse(const struct look *look, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(
	    look->scenario->why, sizeof look->scenario->why, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

/*--------------------------------------------------------------------
 * Calls and lines
 */

static const struct named_call *
call_of(const struct look *look)
{
	const struct named_call *call =
	    scenario_call(look->scenario, look->key);

	if (call == NULL)
		(void)refuse(look, "no call '%.40s' was made", look->key);
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
	add(look->into, "calling", "%s",
	    port_is_circuit(call->line) ? call->calling : number);
	add(look->into, "called", "%s", call->dialled);
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
		add_number(look->into, "legs", view.legs);
	add(look->into, "class", "%s", line_class_word(view.class));
}

/* 3.0 has a state of its own for what the table of behaviours calls active. */
static void
set_state_of_call(
    struct columns *into, const struct field *field, const void *state)
{
	schema_text(field, state, into->state, sizeof into->state);
	if (strcmp(into->state, "held") == 0)
		set_state(into, "active");
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
	add(look->into, "out_trunk", "%s", trunk);
	add_number(look->into, "out_circuit", info.circuit);
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
	add(look->into, "version", "%s", behaviour->version);
	add(look->into, "hears_a", "%s",
	    heard(look, party_port(look->scenario, call, 0), info->pid));
	add(look->into, "hears_b", "%s",
	    heard(look, party_port(look->scenario, call, 1), info->pid));
	add_way_out(look, party_port(look->scenario, call, 1));
	add_number(look->into, "route_attempts",
	    state_number(behaviour, info, "route_attempts"));
	add_number(look->into, "held_a", (held & HELD_A) != 0);
	add_number(look->into, "held_b", (held & HELD_B) != 0);
	add_number(look->into, "waiting",
	    state_number(behaviour, info, "waiting") == 1);
	add_number(look->into, "elapsed_ms",
	    (scheduler_now(look->scenario->scheduler) - call->begun) / 1000);
}

/* What is known of one that has ended is in its record. */
static void
keep_recorded(void *arg, const char *name, const char *value, int is_number)
{
	struct columns *columns = arg;

	(void)is_number;
	if (strcmp(name, "version_end") == 0)
		add(columns, "version", "%s", value);
	if (strcmp(name, "legs") == 0)
		add(columns, "legs", "%s", value);
	if (strcmp(name, "class") == 0)
		add(columns, "class", "%s", value);
}

static int
look_at_call(const struct look *look)
{
	const struct named_call *call = call_of(look);
	struct process_info info;
	struct pid pid;

	if (call == NULL)
		return -EINVAL;
	pid = office_call_pid(look->scenario->office, call->number);
	if (!pid_is_none(pid) &&
	    process_info(scheduler_where(look->scenario->scheduler, pid), pid,
		&info) == 0) {
		look_at_live(look, call, &info);
		return 0;
	}
	set_state(look->into, "ended");
	add_numbers_of_call(look, call);
	(void)recorder_cdr(
	    look->scenario->recorder, call->number, keep_recorded, look->into);
	if (columns_find(look->into, "class") == NULL)
		add_class_and_legs(look, call); /* it was turned away */
	add(look->into, "hears_a", "none");
	add(look->into, "hears_b", "none");
	add_way_out(look, PORT_NONE);
	add_number(look->into, "route_attempts", 0);
	add_number(look->into, "held_a", 0);
	add_number(look->into, "held_b", 0);
	add_number(look->into, "waiting", 0);
	add_number(look->into, "elapsed_ms", 0);
	return 0;
}

/* The name that the scenario gave to the call of that number. */
static const char *
name_of_call(const struct look *look, uint64_t number)
{
	unsigned int i;

	for (i = 0; number != 0 && i < look->scenario->calls_count; i++)
		if (look->scenario->calls[i].number == number)
			return look->scenario->calls[i].name;
	return "";
}

/* The group that the key names, or TRUNK_NONE. */
static uint32_t
trunk_of(const struct look *look)
{
	uint32_t trunk = office_find_trunk(look->scenario->office, look->key);

	if (trunk == TRUNK_NONE)
		(void)refuse(look,
		    "there is no trunk group '%.40s' (`trunk` makes one)",
		    look->key);
	return trunk;
}

static void
add_value(struct columns *columns, const char *name,
    const struct condition_value value)
{
	if (value.type == CONDITION_INTEGER)
		add(columns, name, "%" PRId64, value.integer);
	else if (isnan(value.real)) /* which fulfils no comparison of Tcl */
		add(columns, name, "NaN");
	else
		add(columns, name, "%.6g", value.real);
}

static int
look_at_trunk(const struct look *look)
{
	uint32_t trunk = trunk_of(look);
	struct trunk_figures figures;
	struct trunk_info info;

	if (trunk == TRUNK_NONE)
		return -EINVAL;
	office_trunk_look(look->scenario->office, trunk, &info);
	trunk_figures_look(look->scenario->office, trunk, &figures);
	set_state(look->into,
	    info.is_down	  ? "down"
		: info.is_blocked ? "blocked"
				  : "up");
#define COLUMN_ADD(name) add_value(look->into, #name, figures.name);
	TRUNK_FIGURES(COLUMN_ADD)
#undef COLUMN_ADD
	return 0;
}

static int
look_at_circuit(const struct look *look)
{
	uint32_t trunk = trunk_of(look), port = PORT_NONE;
	struct circuit_info info;
	uint64_t number;

	if (trunk == TRUNK_NONE)
		return -EINVAL;
	if (units_number(look->second_key, TRUNK_CIRCUITS_MAX, &number))
		port = office_circuit(
		    look->scenario->office, trunk, (uint32_t)number);
	if (port == PORT_NONE)
		return refuse(look, "trunk group '%.40s' has no circuit %.20s",
		    look->key, look->second_key);
	office_circuit_look(look->scenario->office, port, &info);
	set_state(look->into, circuit_state_word(info.state));
	add(look->into, "call", "%s", name_of_call(look, info.number));
	return 0;
}

static int
look_at_line(const struct look *look)
{
	uint32_t line = office_find(look->scenario->office, look->key);
	char number[DIGITS_MAX + 1] = "";
	struct line_info info;

	if (line == LINE_NONE)
		return refuse(look, "no line has the number %.40s", look->key);
	office_line(look->scenario->office, line, &info);
	if (info.peer != LINE_NONE)
		office_number(look->scenario->office, info.peer, number);
	set_state(look->into, line_state_word(info.state));
	add(look->into, "tone", "%s", tone_word(info.tone));
	add(look->into, "talking_to", "%s", number);
	add_number(look->into, "calls", info.calls);
	add_number(look->into, "offhook", info.is_offhook);
	return 0;
}

/* Only what noun.def promises. */
static void
add_promised(enum noun_number number, struct columns *into, const char *name,
    const char *value, int is_number)
{
	const struct noun *noun = noun_at(number);

	if (word_is_in(name, is_number ? noun->numbers : noun->texts))
		add(into, name, "%s", value);
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
		return refuse(look, "the database cannot be read: %s",
		    recorder_error(look->scenario->recorder));
	return 0;
}

static int
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
static int
look_at_leg(const struct look *look)
{
	const struct named_call *call = call_of(look);
	uint64_t number;
	char what[64];
	int result;

	if (call == NULL)
		return -EINVAL;
	if (!units_number(look->second_key, LEGS_MAX, &number) || number == 0)
		return refuse(
		    look, "legs of a call have the numbers 1 to %d", LEGS_MAX);
	result = recorder_leg(look->scenario->recorder, call->number,
	    (unsigned int)number, add_leg_column, look->into);
	(void)snprintf(what, sizeof what, "leg %u of '%.40s'",
	    (unsigned int)number, call->name);
	return found(look, result, what);
}

static int
look_at_account(const struct look *look)
{
	struct office *office = look->scenario->office;
	uint16_t number = office_find_account(office, look->key);
	struct account_info info;

	if (!office_account(office, number, &info))
		return refuse(look, "no account '%.40s' was made", look->key);
	add(look->into, "balance_micro", "%" PRId64,
	    (int64_t)(info.deposit_micro - info.charged_micro));
	add_number(look->into, "reserved_micro", info.reserved_micro);
	add_number(look->into, "charged_micro", info.charged_micro);
	return 0;
}

static int
look_at_traffic(const struct look *look)
{
	struct traffic_counts counts;

	if (traffics_count(look->scenario->traffics, look->key, &counts) != 0)
		return refuse(
		    look, "no traffic '%.40s' was started", look->key);
	set_state(look->into, counts.is_running ? "running" : "stopped");
	add_number(look->into, "attempts", counts.attempts);
	add_number(look->into, "gapped", counts.gapped);
	add_number(look->into, "unmade", counts.unmade);
	add_number(look->into, "answers", counts.answers);
	add_number(look->into, "ended", counts.ended);
	add_number(look->into, "live", counts.live);
	return 0;
}

/*--------------------------------------------------------------------
 * Releases
 */

static void
add_counts_of_upgrade(struct columns *into, const struct upgrade_report *report)
{
	add_number(into, "live", report->live);
	add_number(into, "converted", report->converted);
	add_number(into, "returned", report->returned);
	add_number(into, "failed", report->failed);
	add_number(into, "pinned", report->pinned);
	add_number(into, "lossy", report->lossy);
	add_number(into, "born", report->born);
	add_number(into, "ended", report->died);
	add_number(into, "lost", report->lost);
	add_number(into, "crashes", report->crashes);
	add_number(into, "crashes_from", report->crashes_from);
	add_number(into, "crashes_to", report->crashes_to);
	add_number(into, "retried", report->retried);
	add_number(into, "rehearsed", report->rehearsed);
	add_number(into, "canaries", report->canaries);
	add_number(into, "prolonged", report->prolonged);
	add_number(into, "differences", report->differences);
	add_number(into, "rejected", report->rejected);
}

static void
add_pauses(struct columns *into, const struct histogram *pauses)
{
	add_number(
	    into, "pause_p50_us", histogram_quantile(pauses, 0.5) / 1000);
	add_number(
	    into, "pause_p99_us", histogram_quantile(pauses, 0.99) / 1000);
	add_number(
	    into, "pause_p9999_us", histogram_quantile(pauses, 0.9999) / 1000);
	add_number(into, "pause_max_us", pauses->max / 1000);
}

static int
look_at_upgrade(const struct look *look)
{
	const struct upgrade_report *report =
	    release_handler_report(look->scenario->handler);
	struct columns *into = look->into;

	if (report == NULL) {
		(void)snprintf(into->absent, sizeof into->absent,
		    "no upgrade was asked for");
		return 0;
	}
	set_state(into, upgrade_stage_word((enum upgrade_stage)report->stage));
	add(into, "version_from", "%s", report->version_from);
	add(into, "version_to", "%s", report->version_to);
	add(into, "stage", "%s", into->state);
	add(into, "reason", "%s",
	    upgrade_reason_word((enum upgrade_reason)report->reason));
	add_counts_of_upgrade(into, report);
	add_pauses(into, &report->pauses_cpu);
	add_number(into, "total_us", report->total_us);
	return 0;
}

/* Of the calls that ended in it; NaN is what nobody knows yet. */
static void
add_measures(const struct look *look, uint16_t id)
{
	struct version_measures *measures = object_alloc(sizeof *measures);
	const struct behaviour_counts counts = behaviour_counts(
	    scheduler_behaviours(look->scenario->scheduler), id);

	if (measures == NULL)
		return;
	measures->events = counts.events;
	measures->crashes = counts.faults;
	telephony_measure(&look->scenario->telephony, id, measures);
#define COLUMN_ADD(name, value) add_value(look->into, #name, value);
	VERSION_COLUMNS(COLUMN_ADD)
#undef COLUMN_ADD
	object_free(measures, sizeof *measures);
}

static int
look_at_version(const struct look *look)
{
	struct behaviours *behaviours =
	    scheduler_behaviours(look->scenario->scheduler);
	uint16_t id = behaviour_find(behaviours, look->key, look->second_key);
	/* What it has counted outlives it. */
	uint16_t past =
	    behaviour_find_past(behaviours, look->key, look->second_key);
	uint64_t holders =
	    id == 0 ? 0 : behaviour_counts(behaviours, id).holders;

	set_state(look->into,
	    id == 0				       ? "absent"
		: behaviour_is_current(behaviours, id) ? "current"
						       : "old");
	add_number(look->into, "holders", holders);
	add_number(look->into, "calls", holders);
	add_measures(look, past);
	return 0;
}

static int
look_at_module(const struct look *look)
{
	struct behaviours *behaviours =
	    scheduler_behaviours(look->scenario->scheduler);
	uint16_t id = behaviour_current(behaviours, look->key);
	char permanent[sizeof behaviour_at(behaviours, id)->version] = "";
	int result;

	if (id == 0) {
		(void)snprintf(look->into->absent, sizeof look->into->absent,
		    "no module '%.40s' is in use", look->key);
		return 0;
	}
	result = recorder_permanent(
	    look->scenario->recorder, look->key, permanent, sizeof permanent);
	if (result != 0 && result != -ENOENT)
		return refuse(look, "the database cannot be read: %s",
		    recorder_error(look->scenario->recorder));
	add(look->into, "version", "%s", behaviour_at(behaviours, id)->version);
	add(look->into, "permanent", "%s", permanent);
	return 0;
}

/*--------------------------------------------------------------------
 * The switch
 */

static int
look_at_database(const struct look *look)
{
	const struct recorder *recorder = look->scenario->recorder;

	set_state(
	    look->into, recorder_condition_word(recorder_condition(recorder)));
	add_number(look->into, "waiting", recorder_waiting(recorder));
	add_number(look->into, "written",
	    recorder_taken(recorder) - recorder_waiting(recorder));
	return 0;
}

static int
look_at_gate(const struct look *look)
{
	struct gate_view view;
	uint64_t gapped = 0;
	unsigned int i;

	office_look_at_gate(look->scenario->office, &view);
	for (i = 0; i < GATE_REASONS_COUNT; i++)
		gapped += view.gapped[i];
	set_state(look->into, view.is_open ? "open" : "closed");
	add(look->into, "reason", "%s",
	    view.is_open ? "" : gate_reason_word(view.reason));
	add_number(look->into, "gapped", gapped);
	return 0;
}

/* Those that something here raises, of the vocabulary's. */
static const char alarm_names[] = ALARM_PROCESS_DOWN
    " " ALARM_RESTART_LIMIT " " ALARM_VERSION_MAPPED " " ALARM_ROLLED_BACK
    " " ALARM_DATABASE_DOWN " " ALARM_CIRCUIT_BLOCKED;

static int
look_at_alarm(const struct look *look)
{
	struct alarm alarm = { .is_raised = false };
	const char *severity = "";

	if (!word_is_in(look->key, alarm_names))
		return refuse(look,
		    "no alarm has the name '%.40s', there are %s", look->key,
		    alarm_names);
	if (alarm_look(look->scenario->scheduler, look->key, &alarm) == 0)
		severity = alarm_severity_word(alarm.severity);
	set_state(look->into, alarm.is_raised ? "raised" : "cleared");
	add(look->into, "severity", "%s", severity);
	add(look->into, "text", "%s", alarm.text);
	add_number(look->into, "count", alarm.count);
	return 0;
}

static int
look_at_process(const struct look *look)
{
	struct pid pid = registry_whereis(
	    scheduler_registry(look->scenario->scheduler), look->key);

	set_state(look->into, pid_is_none(pid) ? "down" : "running");
	return 0;
}

static int
look_at_supervisor(const struct look *look)
{
	struct pid pid = registry_whereis(
	    scheduler_registry(look->scenario->scheduler), look->key);
	struct supervisor_count count = { 0 };

	if (strcmp(look->key, "root") == 0)
		pid = look->scenario->root;
	if (!pid_is_none(pid) &&
	    supervisor_count_children(
		scheduler_where(look->scenario->scheduler, pid), pid, &count) ==
		-EINVAL)
		return refuse(look, "'%.40s' is no supervisor", look->key);
	set_state(look->into, pid_is_none(pid) ? "down" : "running");
	add_number(look->into, "children", count.active);
	add_number(look->into, "restarts", count.restarts);
	return 0;
}

static int
look_at_scheduler(const struct look *look)
{
	struct scheduler *home = look->scenario->scheduler, *scheduler;
	const struct scheduler_counts *counts;
	uint64_t number;

	if (!units_number(look->key, scheduler_count(home) - 1, &number))
		return refuse(look, "there are the schedulers 0 to %u",
		    scheduler_count(home) - 1);
	scheduler = scheduler_peer(home, (unsigned int)number);
	counts = scheduler_counts(scheduler);
	set_state(look->into, "running");
	add_number(look->into, "births", counts->spawned);
	add_number(look->into, "processes", counts->spawned - counts->exited);
	add_number(look->into, "events", counts->events);
	add_number(look->into, "refused", counts->refused);
	return 0;
}

static int
look_at_run(const struct look *look)
{
	const struct scenario *scenario = look->scenario;
	const struct office_counts *office = office_counts(scenario->office);
	const struct scheduler_counts counts =
	    scheduler_sum(scenario->scheduler);
	const struct behaviours *behaviours =
	    scheduler_behaviours(scenario->scheduler);
	uint64_t conversions = 0;
	uint16_t cursor = 0, id;

	while ((id = behaviour_next(behaviours, "call", &cursor)) != 0)
		conversions += behaviour_counts(behaviours, id).conversions;
	add_number(look->into, "attempts", office->attempts);
	add_number(look->into, "gapped", office->gapped);
	add_number(look->into, "live", office->live);
	add_number(look->into, "ended", office->ended);
	add_number(look->into, "cdrs", recorder_cdrs(scenario->recorder));
	add_number(look->into, "lost", office->lost);
	add_number(look->into, "crashes", counts.faults);
	add_number(look->into, "restarts", counts.restarts);
	add_number(look->into, "alarms", alarm_total(scenario->scheduler));
	add_number(look->into, "upgrades", conversions);
	add_number(look->into, "unexpected", office->unexpected);
	add_number(look->into, "late", office->late);
	add_number(look->into, "glare", office->glare);
	add_number(look->into, "charge_micro", office->charge_micro);
	return 0;
}

typedef int look_f(const struct look *look);

int
subject_look(struct scenario *scenario, const struct noun *noun,
    const char *key, const char *second_key, struct columns *ret_columns)
{
	static look_f *const looks[NOUNS_COUNT] = {
#define NOUN(noun, keys, states, texts, numbers) look_at_##noun,
#include "sim/noun.def"
#undef NOUN
	};
	const struct look look = { scenario, key, second_key, ret_columns };

	ret_columns->state[0] = '\0';
	ret_columns->absent[0] = '\0';
	ret_columns->count = 0;
	return looks[noun->number](&look);
}

const char *
columns_find(const struct columns *columns, const char *name)
{
	unsigned int i;

	for (i = 0; i < columns->count; i++)
		if (strcmp(columns->column[i].name, name) == 0)
			return columns->column[i].value;
	return NULL;
}
