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
#include "sim/scenario_internal.h"
#include "switch/object.h"
#include "switch/scheduler.h"

struct blame_order {
	struct blame_order *next;
	uint64_t call, since; /* its number; µs of the run */
	uint64_t count, came;
	unsigned int at;
	char event[24]; /* "": any */
};

/* Who asks for the faults of a run. */
struct asking {
	struct scenario *scenario;
	bool is_unwanted;
	uint64_t told, untold;
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
	order->count = count;
	order->at = scenario->at;
	(void)snprintf(order->event, sizeof order->event, "%s",
	    event == NULL ? "" : event);
	order->next = scenario->blame.orders;
	scenario->blame.orders = order;
	return 0;
}

void
blame_signal(struct scenario *scenario, uint32_t line, uint16_t signal)
{
	struct blame *blame = &scenario->blame;

	blame->is_sent = true;
	blame->sent_at = scenario->at;
	blame->sent_line = line;
	blame->sent = signal;
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
 * Signals without a row
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

static void
describe_strange(
    struct scenario *scenario, struct pid pid, char text[BLAME_TEXT_SIZE])
{
	const char *word = signal_word(scenario->blame.sent);
	const struct named_call *call = find_by_pid(scenario, pid);
	struct columns *columns = &scenario->now;
	const char *version;

	if (call == NULL ||
	    subject_look(
		scenario, noun_at(NOUN_call), call->name, "", columns) != 0) {
		(void)snprintf(text, BLAME_TEXT_SIZE,
		    "the call of that line does not know %s", word);
		return;
	}
	version = columns_find(columns, "version");
	(void)snprintf(text, BLAME_TEXT_SIZE,
	    "call '%s' (%s, %s) does not know %s", call->name,
	    version == NULL ? "?" : version, columns->state, word);
}

void
blame_settle(struct scenario *scenario)
{
	struct blame *blame = &scenario->blame;
	uint64_t unexpected = office_counts(scenario->office)->unexpected;
	struct line_info info;

	if (scenario->is_racing)
		return;
	if (blame->is_sent && unexpected > blame->unexpected &&
	    blame->told < BLAME_TOLD_MAX &&
	    !port_is_circuit(blame->sent_line)) {
		office_line(scenario->office, blame->sent_line, &info);
		if (info.status == CAUSE_INCOMPATIBLE_STATE) {
			blame->strange[blame->told].at = blame->sent_at;
			describe_strange(scenario, info.call,
			    blame->strange[blame->told++].text);
		}
	}
	blame->unexpected = unexpected;
	blame->is_sent = false;
}

void
blame_signals(struct scenario *scenario)
{
	struct blame *blame = &scenario->blame;
	uint64_t i, rest = blame->unexpected - blame->told;

	for (i = 0; i < blame->told; i++)
		verdict_fail(scenario->verdict, blame->strange[i].at, "%s",
		    blame->strange[i].text);
	if (rest > 0)
		verdict_fail(scenario->verdict, 0,
		    "%" PRIu64 " %ssignal%s without a row that nothing expects "
		    "or allows",
		    rest, blame->told > 0 ? "more " : "", rest == 1 ? "" : "s");
}

/*--------------------------------------------------------------------
 * Faults
 */

static const struct named_call *
find_call(struct scenario *scenario, const struct recorded_fault *fault)
{
	unsigned int i;

	for (i = 0; fault->call != 0 && i < scenario->calls_count; i++)
		if (scenario->calls[i].number == fault->call)
			return &scenario->calls[i];
	return fault->call != 0 ? NULL : find_by_pid(scenario, fault->pid);
}

static struct blame_order *
find_order(const struct scenario *scenario, const struct named_call *call,
    const struct recorded_fault *fault)
{
	struct blame_order *order = scenario->blame.orders;

	for (; call != NULL && order != NULL; order = order->next)
		if (order->call == call->number && order->since <= fault->at &&
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
	struct blame_order *order = find_order(scenario, call, fault);

	if (order != NULL)
		order->came++;
	if (!asking->is_unwanted)
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
	struct asking asking = { scenario, is_unwanted, 0, 0 };
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
