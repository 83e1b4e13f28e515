/*
 * chaos: see chaos.h for what it is.
 *
 * One entry of the scheduler's timers is the next fault, and one for each that
 * stays is its end; both come on home's thread, and what they touch of the
 * other schedulers is touched while those are halted.
 *
 * A kind that finds nothing to break at its instant gives way to the next one
 * of the list: a rate is a promise, also where there is no trunk group.
 */
#include "sim/chaos.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "calls/exchange/measurement.h"
#include "calls/exchange/office_trunk.h"
#include "sim/action_internal.h"
#include "sim/tree.h"
#include "sim/units.h"
#include "switch/behaviour.h"
#include "switch/log.h"
#include "switch/nearest.h"
#include "switch/process.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/scheduler.h"

enum {
	OBJECT_SIZE = 64,
	NAMES_SIZE = 1024,
	FOR_US = 60000000,	  /* without -for */
	MEAN_US = 5000000,	  /* of what stays broken: own choice */
	KILLS_APART_US = 6000000, /* more than the 5 s of any supervisor */
	MENDED_US = 10000000,	  /* in which a file is noticed and mended */
	ID_BITS = 32
};

/* A bit for each. */
#define ALL_KINDS ((UINT32_C(1) << CHAOS_KINDS_COUNT) - 1)

/* Of what far ends say, while it is disturbed: own choice. */
#define DISTURBED 0.2

/* Breaks something, and says what; false: there is nothing to break. */
typedef bool break_f(struct scenario *scenario, unsigned int how, char *object);

static uint64_t
now_of(const struct scenario *scenario)
{
	return scheduler_now(scenario->scheduler);
}

static void
tell(struct scenario *scenario, const char *what, const char *object)
{
	log_line(scheduler_log(scenario->scheduler),
	    scheduler_entry(scenario->scheduler, LEVEL_warning), "chaos %s %s",
	    what, object);
}

/* One of so many; of none, 0. */
static uint32_t
draw(struct scenario *scenario, uint32_t count)
{
	return count == 0
	    ? 0
	    : (uint32_t)random_below(&scenario->chaos.random, count);
}

/* How long what is broken now stays so: not beyond the end. */
static uint64_t
draw_duration(struct scenario *scenario)
{
	struct chaos *chaos = &scenario->chaos;
	double us = random_exponential(&chaos->random) * MEAN_US;
	uint64_t left = chaos->until - now_of(scenario);

	return us < (double)left ? (uint64_t)us + 1 : left;
}

/*--------------------------------------------------------------------
 * Calls
 */

/* Live calls before number `wanted`, which is *ret_pid if there are more. */
static uint32_t
find_call(struct scenario *scenario, uint32_t wanted, struct pid *ret_pid)
{
	struct behaviours *behaviours =
	    scheduler_behaviours(scenario->scheduler);
	uint32_t count = 0, cursor;
	struct process_info info;
	struct scheduler *at;
	unsigned int i;

	for (i = 0; i < scheduler_count(scenario->scheduler); i++) {
		at = scheduler_peer(scenario->scheduler, i);
		cursor = 0;
		while (process_next(at, &cursor, ret_pid))
			if (process_info(at, *ret_pid, &info) == 0 &&
			    strcmp(
				behaviour_at(behaviours, info.behaviour)->name,
				scenario->module) == 0 &&
			    count++ == wanted)
				return wanted;
	}
	return count;
}

static bool
break_call(struct scenario *scenario, unsigned int how, char *object)
{
	uint32_t count, wanted;
	struct pid pid;

	count = find_call(scenario, UINT32_MAX, &pid);
	wanted = draw(scenario, count);
	if (find_call(scenario, wanted, &pid) == count)
		return false;
	(void)snprintf(object, OBJECT_SIZE, "<%" PRIu32 ".%" PRIu32 ">",
	    pid.slot, pid.generation);
	return process_break(scheduler_where(scenario->scheduler, pid), pid, 0,
		   (enum fault_way)how, 1) == 0;
}

/*--------------------------------------------------------------------
 * Processes and supervisors
 */

/* A kill that is ordered in a stall is only felt when that is over. */
static bool
may_kill(const struct scenario *scenario)
{
	unsigned int i, count = scheduler_count(scenario->scheduler);

	for (i = 0; i < count; i++)
		if (scheduler_is_stalled(
			scheduler_peer(scenario->scheduler, i)))
			return false;
	return now_of(scenario) >= scenario->chaos.kills;
}

static bool
kill_one_of(struct scenario *scenario, const char *names, char *object)
{
	const struct reason reason = { .kind = REASON_KILL };
	uint32_t count = 1, wanted;
	const char *at;
	struct pid pid;

	if (!may_kill(scenario))
		return false;
	for (at = names; (at = strchr(at, ' ')) != NULL; at++)
		count++;
	at = names;
	for (wanted = draw(scenario, count); wanted > 0; wanted--)
		at = strchr(at, ' ') + 1;
	(void)snprintf(object, OBJECT_SIZE, "%.*s", (int)strcspn(at, " "), at);
	pid = registry_whereis(scheduler_registry(scenario->scheduler), object);
	if (pid_is_none(pid) || pid_equal(pid, scenario->root))
		return false;
	scenario->chaos.kills = now_of(scenario) + KILLS_APART_US;
	process_exit_signal(scenario->scheduler, PID_NONE, pid, reason);
	return true;
}

static bool
kill_process(struct scenario *scenario, unsigned int how, char *object)
{
	(void)how;
	return kill_one_of(scenario,
	    RECORD_RECIPIENT " " MEASUREMENT_PROCESS " " OFFICE_PROCESS
			     " release_handler",
	    object);
}

static bool
kill_supervisor(struct scenario *scenario, unsigned int how, char *object)
{
	char names[NAMES_SIZE];

	(void)how;
	tree_names(scenario->tree, names, sizeof names);
	return kill_one_of(scenario, names, object);
}

/*--------------------------------------------------------------------
 * Lines, trunks and schedulers
 */

/* 0, or what has kept it from coming about. */
static int
set_down(
    struct scenario *scenario, enum chaos_kind kind, uint32_t id, bool is_down)
{
	struct office *office = scenario->office;
	const char *why;

	if (kind == CHAOS_scheduler_stall) {
		scheduler_stall(
		    scheduler_peer(scenario->scheduler, id), is_down);
		return 0;
	}
	if (kind == CHAOS_line_down)
		return office_fail_line(office, id, is_down, &why);
	return kind == CHAOS_trunk_down
	    ? office_fail_trunk(office, id, is_down)
	    : office_fail_circuit(office, id, is_down);
}

static bool
is_down(const struct scenario *scenario, enum chaos_kind kind, uint32_t id)
{
	struct circuit_info circuit;
	struct trunk_info trunk;
	struct line_info line;

	if (kind == CHAOS_scheduler_stall)
		return scheduler_is_stalled(
		    scheduler_peer(scenario->scheduler, id));
	if (kind == CHAOS_line_down) {
		office_line(scenario->office, id, &line);
		return line.state == LINE_STATE_down;
	}
	if (kind == CHAOS_trunk_down) {
		office_trunk_look(scenario->office, id, &trunk);
		return trunk.is_down;
	}
	office_circuit_look(scenario->office, id, &circuit);
	return circuit.state == CIRCUIT_STATE_down;
}

static void
name_place(const struct scenario *scenario, enum chaos_kind kind, uint32_t id,
    char *object)
{
	char number[DIGITS_MAX + 1];
	struct circuit_info info;

	if (kind == CHAOS_scheduler_stall) {
		(void)snprintf(object, OBJECT_SIZE, "%" PRIu32, id);
	} else if (kind == CHAOS_line_down) {
		office_number(scenario->office, id, number);
		(void)snprintf(object, OBJECT_SIZE, "%s", number);
	} else if (kind == CHAOS_trunk_down) {
		(void)snprintf(object, OBJECT_SIZE, "%s",
		    office_trunk_name(scenario->office, id));
	} else {
		office_circuit_look(scenario->office, id, &info);
		(void)snprintf(object, OBJECT_SIZE, "%s %" PRIu32,
		    office_trunk_name(scenario->office, info.trunk),
		    info.circuit);
	}
}

/* Without room for what a call must be told, it is tried again. */
static void
mend_place(void *arg, uint64_t key)
{
	const enum chaos_kind kind = (enum chaos_kind)(key >> ID_BITS);
	struct scenario *scenario = arg;
	const uint32_t id = (uint32_t)key;
	char object[OBJECT_SIZE];

	scheduler_halt_others(scenario->scheduler);
	if (set_down(scenario, kind, id, false) != 0)
		(void)scheduler_at(scenario->scheduler,
		    now_of(scenario) + MEAN_US, mend_place, scenario, key);
	name_place(scenario, kind, id, object);
	tell(scenario, "mends", object);
	scheduler_let_go(scenario->scheduler);
}

/* A scheduler, a line, a group, or the first, say, of the circuits of one. */
static bool
draw_place(struct scenario *scenario, enum chaos_kind kind, uint32_t *ret_id)
{
	struct office *office = scenario->office;
	struct trunk_info info;
	uint32_t trunks = 0;

	if (kind == CHAOS_scheduler_stall) {
		*ret_id = draw(scenario, scheduler_count(scenario->scheduler));
		return true;
	}
	if (kind == CHAOS_line_down) {
		*ret_id = draw(scenario, office_lines(office));
		return office_lines(office) > 0;
	}
	while (office_trunk_name(office, trunks) != NULL)
		trunks++;
	*ret_id = draw(scenario, trunks);
	if (kind == CHAOS_trunk_down || trunks == 0)
		return trunks > 0;
	office_trunk_look(office, *ret_id, &info);
	*ret_id =
	    office_circuit(office, *ret_id, 1 + draw(scenario, info.circuits));
	return *ret_id != PORT_NONE;
}

static bool
break_place(struct scenario *scenario, unsigned int how, char *object)
{
	const enum chaos_kind kind = (enum chaos_kind)how;
	uint64_t until;
	uint32_t id;

	if (!draw_place(scenario, kind, &id) || is_down(scenario, kind, id))
		return false;
	until = now_of(scenario) + draw_duration(scenario);
	if (set_down(scenario, kind, id, true) != 0)
		return false;
	name_place(scenario, kind, id, object);
	if (scheduler_at(scenario->scheduler, until, mend_place, scenario,
		(uint64_t)kind << ID_BITS | id) == 0)
		return true;
	(void)set_down(scenario, kind, id, false);
	return false;
}

/*--------------------------------------------------------------------
 * The database
 */

/*
 * What is deleted while it is damaged is gone for good, which is nothing that a
 * switch could be asked about: one of the two at a time, and the next when
 * the file is whole again.
 */
static bool
can_befall(const struct scenario *scenario, enum harm harm)
{
	if (harm != HARM_vanish && harm != HARM_corrupt)
		return true;
	return now_of(scenario) >= scenario->chaos.whole &&
	    recorder_condition(scenario->recorder) != RECORDER_down;
}

static bool
break_database(struct scenario *scenario, unsigned int how, char *object)
{
	const enum harm harm = (enum harm)how;
	uint64_t until = now_of(scenario);

	if (harm != HARM_vanish)
		until += draw_duration(scenario);
	if (!can_befall(scenario, harm) ||
	    recorder_harm(scenario->recorder, harm) != 0)
		return false;
	if (harm == HARM_vanish || harm == HARM_corrupt)
		scenario->chaos.whole = until + MENDED_US;
	(void)snprintf(object, OBJECT_SIZE, "till %.6f", (double)until / 1e6);
	return harm == HARM_vanish ||
	    action_heal_database(scenario, until) == 0;
}

/*--------------------------------------------------------------------
 * Messages
 */

static bool
disturb_messages(struct scenario *scenario, unsigned int how, char *object)
{
	const uint64_t until = now_of(scenario) + draw_duration(scenario);

	if (office_trunk_name(scenario->office, 0) == NULL)
		return false;
	(void)snprintf(object, OBJECT_SIZE, "till %.6f", (double)until / 1e6);
	return wire_disturb(scenario, (enum wire_fault)how, DISTURBED, until) ==
	    0;
}

/*--------------------------------------------------------------------
 * The stream
 */

static const struct {
	break_f *breaks;
	unsigned int how;
} kinds[CHAOS_KINDS_COUNT] = {
#define KIND(symbol, breaks, how) [CHAOS_##symbol] = { breaks, how }
	KIND(call_crash, break_call, FAULT_CRASH),
	KIND(call_abort, break_call, FAULT_ABORT),
	KIND(call_divide, break_call, FAULT_DIVIDE),
	KIND(call_loop, break_call, FAULT_LOOP),
	KIND(call_overrun, break_call, FAULT_OVERRUN),
	KIND(process_kill, kill_process, 0),
	KIND(supervisor_kill, kill_supervisor, 0),
	KIND(line_down, break_place, CHAOS_line_down),
	KIND(trunk_down, break_place, CHAOS_trunk_down),
	KIND(circuit_down, break_place, CHAOS_circuit_down),
	KIND(database_busy, break_database, HARM_busy),
	KIND(database_full, break_database, HARM_full),
	KIND(database_readonly, break_database, HARM_readonly),
	KIND(database_vanish, break_database, HARM_vanish),
	KIND(database_corrupt, break_database, HARM_corrupt),
	KIND(database_slow, break_database, HARM_slow),
	KIND(messages_drop, disturb_messages, WIRE_drop),
	KIND(messages_delay, disturb_messages, WIRE_delay),
	KIND(messages_duplicate, disturb_messages, WIRE_duplicate),
	KIND(scheduler_stall, break_place, CHAOS_scheduler_stall),
#undef KIND
};

static const char *const words[CHAOS_KINDS_COUNT] = {
#define WORD(symbol, word) word,
	CHAOS_KINDS(WORD)
#undef WORD
};

static void come(void *arg, uint64_t key);

/* Without room for a timer the switch has troubles enough: it ends. */
static void
plan_next(struct scenario *scenario)
{
	struct chaos *chaos = &scenario->chaos;
	const double us =
	    random_exponential(&chaos->random) * 1e6 / chaos->rate;
	const uint64_t now = now_of(scenario);

	if (us < (double)(chaos->until - now))
		(void)scheduler_at(
		    scenario->scheduler, now + (uint64_t)us, come, scenario, 0);
}

/* Of the kinds from `first` on, the first that finds something. */
static void
break_something(struct scenario *scenario, uint32_t first)
{
	char object[OBJECT_SIZE] = "";
	unsigned int i, kind;

	for (i = 0; i < CHAOS_KINDS_COUNT; i++) {
		kind = (first + i) % CHAOS_KINDS_COUNT;
		if ((scenario->chaos.kinds >> kind & 1) == 0 ||
		    !kinds[kind].breaks(scenario, kinds[kind].how, object))
			continue;
		tell(scenario, words[kind], object);
		return;
	}
	tell(scenario, "finds", "nothing to break");
}

static void
come(void *arg, uint64_t key)
{
	struct scenario *scenario = arg;

	(void)key;
	if (scenario->stopped[0] != '\0')
		return; /* there is no switch any more */
	scheduler_halt_others(scenario->scheduler);
	break_something(scenario, draw(scenario, CHAOS_KINDS_COUNT));
	scheduler_let_go(scenario->scheduler);
	plan_next(scenario);
}

/* What follows from faults is no surprise once they are asked for. */
static void
expect_it(struct scenario *scenario)
{
	static const enum happening happenings[] = { HAPPENED_crash,
		HAPPENED_restart, HAPPENED_alarm, HAPPENED_unexpected_signal,
		HAPPENED_cause, HAPPENED_late, HAPPENED_overload };
	unsigned int i;

	for (i = 0; i < sizeof happenings / sizeof happenings[0]; i++)
		scenario->allowances[happenings[i]].is_expected = true;
}

/* A bit for each word of the option; `otherwise` where it says none yet. */
static uint32_t
kinds_of(
    const struct arguments *arguments, const char *option, uint32_t otherwise)
{
	const char *list = arguments_option(arguments, option);
	uint32_t set = 0;
	unsigned int i;

	if (list == NULL || list[0] == '\0') /* it is not known */
		return otherwise;
	for (i = 0; i < CHAOS_KINDS_COUNT; i++)
		if (word_is_in(words[i], list))
			set |= UINT32_C(1) << i;
	return set;
}

static uint32_t
kinds_left(const struct arguments *arguments)
{
	return kinds_of(arguments, "-only", ALL_KINDS) &
	    ~kinds_of(arguments, "-except", 0);
}

bool
chaos_suits(const struct arguments *arguments, char *why, size_t size)
{
	const char *duration = arguments_option(arguments, "-for");
	uint64_t us;

	if (kinds_left(arguments) == 0)
		(void)snprintf(why, size,
		    "-only and -except leave no kind of fault: name one in "
		    "-only that is not in -except");
	else if (duration != NULL && units_duration(duration, &us) && us == 0)
		(void)snprintf(why, size,
		    "in no time nothing breaks: give 1s or more, or leave -for "
		    "out for 1m");
	else
		return true;
	return false;
}

int
chaos_begin(struct scenario *scenario, const struct arguments *arguments)
{
	const char *rate = arguments_option(arguments, "-rate");
	const char *duration = arguments_option(arguments, "-for");
	struct chaos *chaos = &scenario->chaos;
	const uint64_t now = now_of(scenario);

	if (now < chaos->until)
		return action_refuse(scenario, arguments,
		    "it goes on already, till %.9g s of the run",
		    (double)chaos->until / 1e6);
	chaos->kinds = kinds_left(arguments);
	chaos->until =
	    now + (duration == NULL ? FOR_US : action_duration(duration));
	chaos->rate = 1;
	if (rate != NULL)
		(void)units_rate(rate, &chaos->rate);
	expect_it(scenario);
	plan_next(scenario);
	return 0;
}
