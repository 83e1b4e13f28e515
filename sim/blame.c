/*
 * blame: see blame.h for what it is.
 *
 * Faults are read back from the database, which alone has all of them: what
 * they came from is found by the call and the event that was undone.
 */
#include "sim/blame.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "calls/exchange/office.h"
#include "sim/noun.h"
#include "sim/permit.h"
#include "sim/scenario_internal.h"
#include "switch/object.h"
#include "switch/scheduler.h"

struct blame_order {
	struct blame_order *next;
	uint64_t call, since; /* its number; µs of the run */
	uint64_t before;      /* faults of the run that came before it */
	uint64_t count, came;
	unsigned int at;
	char event[24]; /* "": any */
};

/* Who asks for the faults of a run. */
struct asking {
	struct scenario *scenario;
	bool is_unwanted;
	uint64_t told, untold;
	uint64_t heard; /* faults, so far */
};

/*--------------------------------------------------------------------
 * What commands do
 */

int
blame_order(struct scenario *scenario, const struct named_call *call,
    const char *event, uint32_t count)
{
	struct blame_order *order = object_alloc(sizeof *order);

	if (order == NULL)
		return -ENOMEM;
	order->call = call->number;
	order->since = scheduler_now(scenario->scheduler);
	order->before = scheduler_sum(scenario->scheduler).faults;
	order->count = count;
	order->at = scenario->at;
	(void)snprintf(order->event, sizeof order->event, "%s",
	    event == NULL ? "" : event);
	order->next = scenario->blame.orders;
	scenario->blame.orders = order;
	return 0;
}

void
blame_forget(struct scenario *scenario)
{
	struct blame_order *order;

	while ((order = scenario->blame.orders) != NULL) {
		scenario->blame.orders = order->next;
		object_free(order, sizeof *order);
	}
}

/*--------------------------------------------------------------------
 * Signals without a row, and late ones
 */

static const struct named_call *
find_by_pid(struct scenario *scenario, struct pid pid)
{
	unsigned int i;

	for (i = 0; i < scenario->calls_count; i++)
		if (pid_equal(pid,
			office_call_pid(
			    scenario->office, scenario->calls[i].number)))
			return &scenario->calls[i];
	return NULL;
}

/* "call 'c' (1.0, active)"; of one that has no name, or has ended, less. */
static void
describe_call(
    struct scenario *scenario, struct pid pid, char *text, size_t size)
{
	const struct named_call *call = find_by_pid(scenario, pid);
	struct columns *columns = &scenario->now;
	const char *version;

	(void)snprintf(text, size, "a call that has ended, or no name,");
	if (call == NULL ||
	    subject_look(
		scenario, noun_at(NOUN_call), call->name, "", columns) != 0)
		return;
	version = columns_find(columns, "version");
	(void)snprintf(text, size, "call '%s' (%s, %s)", call->name,
	    version == NULL ? "?" : version, columns->state);
}

/* "call 'c' (1.0, active) does not know hold of 1001" */
static void
describe_stray(struct scenario *scenario, enum stray_kind kind,
    const struct stray_note *note, struct blame_stray *stray)
{
	const struct named_call *named = find_by_pid(scenario, note->pid);
	const char *word = signal_word(note->kind);
	char call[BLAME_TEXT_SIZE / 2], number[DIGITS_MAX + 1] = "";

	describe_call(scenario, note->pid, call, sizeof call);
	if (note->port != PORT_NONE)
		office_number(scenario->office, note->port, number);
	*stray = (struct blame_stray){ .at = scenario->at,
		.when = note->at,
		.call = named == NULL ? 0 : named->number };
	memcpy(stray->line, number, sizeof stray->line);
	(void)snprintf(stray->text, sizeof stray->text, "%s %s %s%s%s%s", call,
	    kind == STRAY_LATE ? "got" : "does not know",
	    word == NULL ? "an event" : word, number[0] == '\0' ? "" : " of ",
	    number, kind == STRAY_LATE ? " too late" : "");
}

static void
settle(struct scenario *scenario, enum stray_kind kind)
{
	unsigned int *noted = &scenario->blame.strays[kind].noted;
	struct stray_note note;

	for (; *noted < STRAYS_NOTED &&
	     office_stray(scenario->office, kind, *noted, &note);
	     (*noted)++)
		describe_stray(scenario, kind, &note,
		    &scenario->blame.strays[kind].met[*noted]);
}

void
blame_settle(struct scenario *scenario)
{
	if (scenario->is_racing)
		return;
	settle(scenario, STRAY_UNEXPECTED);
	settle(scenario, STRAY_LATE);
}

static bool
is_permitted(struct scenario *scenario, enum stray_kind kind,
    const struct blame_stray *stray)
{
	const struct permit_case what = { .at = stray->when,
		.call = scenario_call_numbered(scenario, stray->call),
		.line = stray->line };

	return permit_covers(scenario,
	    kind == STRAY_LATE ? HAPPENED_late : HAPPENED_unexpected_signal,
	    &what);
}

void
blame_strays(struct scenario *scenario, enum stray_kind kind, uint64_t count,
    bool is_unwanted)
{
	const struct blame *blame = &scenario->blame;
	const struct blame_stray *stray = blame->strays[kind].met;
	const struct blame_stray *end = stray + blame->strays[kind].noted;
	unsigned int told = 0;

	for (; stray < end; stray++) {
		if (is_permitted(scenario, kind, stray)) {
			count--;
		} else if (is_unwanted && told < BLAME_TOLD_MAX) {
			told++;
			verdict_fail(
			    scenario->verdict, stray->at, "%s", stray->text);
		}
	}
	if (is_unwanted && count > told)
		verdict_fail(scenario->verdict, 0,
		    "%" PRIu64 " more %s that nothing expects or allows",
		    count - told,
		    kind == STRAY_LATE ? "signals too late"
				       : "signals without a row");
}

/*--------------------------------------------------------------------
 * Faults
 */

static const struct named_call *
find_call(struct scenario *scenario, const struct recorded_fault *fault)
{
	return fault->call != 0 ? scenario_call_numbered(scenario, fault->call)
				: find_by_pid(scenario, fault->pid);
}

/* Not of a later order of the same instant. */
static struct blame_order *
find_order(const struct asking *asking, const struct named_call *call,
    const struct recorded_fault *fault)
{
	struct blame_order *order = asking->scenario->blame.orders;

	for (; call != NULL && order != NULL; order = order->next)
		if (order->call == call->number && order->since <= fault->at &&
		    order->before <= asking->heard &&
		    order->came < order->count &&
		    (order->event[0] == '\0' ||
			strcmp(order->event, fault->event) == 0))
			return order;
	return NULL;
}

static void
tell_fault(struct scenario *scenario, const struct named_call *call,
    const struct blame_order *order, const struct recorded_fault *fault)
{
	struct verdict *verdict = scenario->verdict;

	if (order != NULL)
		verdict_fail(verdict, order->at,
		    "the fault ordered here came at %s of call '%s', and "
		    "nothing expects or allows it",
		    fault->event, call->name);
	else if (call != NULL)
		verdict_fail(verdict, call->at,
		    "call '%s' (%s) has faulted at %s: %s, and nothing expects "
		    "or allows it",
		    call->name, fault->version, fault->event, fault->reason);
	else
		verdict_fail(verdict, 0,
		    "process %" PRIu32 ".%" PRIu32 " (%s %s) has faulted at "
		    "%s: %s, and nothing expects or allows it",
		    fault->pid.slot, fault->pid.generation, fault->module,
		    fault->version, fault->event, fault->reason);
}

static void
take_fault(void *arg, const struct recorded_fault *fault)
{
	struct asking *asking = arg;
	struct scenario *scenario = asking->scenario;
	const struct named_call *call = find_call(scenario, fault);
	struct blame_order *order = find_order(asking, call, fault);
	const struct permit_case what = { .at = fault->at,
		.call = call,
		.module = fault->module,
		.version = fault->version };

	asking->heard++;
	if (order != NULL)
		order->came++;
	if (permit_covers(scenario, HAPPENED_crash, &what) ||
	    !asking->is_unwanted)
		return;
	if (asking->told == BLAME_TOLD_MAX) {
		asking->untold++;
		return;
	}
	asking->told++;
	tell_fault(scenario, call, order, fault);
}

int
blame_faults(struct scenario *scenario, bool is_unwanted)
{
	struct asking asking = { .scenario = scenario,
		.is_unwanted = is_unwanted };
	int result = recorder_faults(scenario->recorder, take_fault, &asking);
	const struct blame_order *order = scenario->blame.orders;

	if (result != 0)
		return result;
	if (asking.untold > 0)
		verdict_fail(scenario->verdict, 0,
		    "%" PRIu64 " more fault%s that nothing expects or allows",
		    asking.untold, asking.untold == 1 ? "" : "s");
	for (; order != NULL; order = order->next)
		if (order->came == 0)
			verdict_fail(scenario->verdict, order->at,
			    "the fault ordered here never came");
	return 0;
}
