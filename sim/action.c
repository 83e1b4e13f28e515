/*
 * action: does what a command of a scenario asks of the switch.
 *
 * One function for each command that reaches the switch, in the order of
 * command.def.  Each either does its work, or leaves one clause in `why` that
 * says what cannot be done and why; the script gets that as a Tcl error.
 */
#include "sim/scenario_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/exchange/office.h"
#include "sim/noun.h"
#include "sim/options.h"
#include "sim/traffic.h"
#include "sim/units.h"
#include "switch/log.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"

enum { TIME_PASSES = 1, CALLS_STEP = 64, VERSIONS_SHOWN = 64 };

/* Digits that are still to be sent, one by one. */
struct dialling {
	struct dialling *next;
	struct scenario *scenario;
	uint32_t line;
	uint64_t every;
	char digits[2 * DIGITS_MAX + 2];
};

__attribute__((format(printf, 3, 4))) static int
refuse(struct scenario *scenario, const struct arguments *arguments,
    const char *format, ...)
{
	va_list values;
	int length = snprintf(scenario->why, sizeof scenario->why,
	    "%s: ", arguments->command->name);

	va_start(values, format);
	(void)vsnprintf(scenario->why + length,
	    sizeof scenario->why - (size_t)length, format, values);
	va_end(values);
	return -EINVAL;
}

/* The answer of the office: 0, or why it cannot be done. */
static int
office_says(struct scenario *scenario, const struct arguments *arguments,
    int result, const char *why)
{
	return result == 0 ? 0
			   : refuse(scenario, arguments, "%s",
				 why == NULL ? "no memory is left" : why);
}

static const char *
positional(const struct arguments *arguments, unsigned int i)
{
	return arguments->positional[i];
}

static uint64_t
number_of(const char *text)
{
	uint64_t number = 0;

	(void)units_number(text, UINT64_MAX, &number);
	return number;
}

static uint64_t
duration_of(const char *text)
{
	uint64_t us = 0;

	(void)units_duration(text, &us);
	return us;
}

static uint8_t
cause_of(const struct arguments *arguments, uint8_t otherwise)
{
	const char *cause = arguments_option(arguments, "-cause");

	return cause == NULL ? otherwise : (uint8_t)number_of(cause);
}

/*--------------------------------------------------------------------
 * Calls and lines by the words that name them
 */

struct named_call *
scenario_call(struct scenario *scenario, const char *name)
{
	unsigned int i;

	for (i = 0; i < scenario->calls_count; i++)
		if (strcmp(scenario->calls[i].name, name) == 0)
			return &scenario->calls[i];
	return NULL;
}

static int
find_line(struct scenario *scenario, const struct arguments *arguments,
    const char *number, uint32_t *ret_line)
{
	*ret_line = office_find(scenario->office, number);
	if (*ret_line != LINE_NONE)
		return 0;
	return refuse(scenario, arguments,
	    "no line has the number %s "
	    "(`lines` makes them)",
	    number);
}

/* The called line of a call, by what was dialled; LINE_NONE while unknown. */
static int
find_side(struct scenario *scenario, const struct arguments *arguments,
    const char *party, uint32_t *ret_line)
{
	const char *dot = strrchr(party, '.');
	char name[CALL_NAME_SIZE];
	struct named_call *call;

	(void)snprintf(name, sizeof name, "%.*s", (int)(dot - party), party);
	call = scenario_call(scenario, name);
	if (call == NULL)
		return refuse(
		    scenario, arguments, "no call '%s' was made", name);
	*ret_line = dot[1] == 'a'
	    ? call->line
	    : office_find(scenario->office, call->dialled);
	if (*ret_line == LINE_NONE)
		return refuse(scenario, arguments,
		    "call '%s' has no line at "
		    "its side b yet",
		    name);
	return 0;
}

static int
find_party(struct scenario *scenario, const struct arguments *arguments,
    uint32_t *ret_line)
{
	const char *party = positional(arguments, 0);

	return strchr(party, '.') == NULL
	    ? find_line(scenario, arguments, party, ret_line)
	    : find_side(scenario, arguments, party, ret_line);
}

static int
find_call(struct scenario *scenario, const struct arguments *arguments,
    struct pid *ret_pid)
{
	const char *name = positional(arguments, 0);
	const struct named_call *call = scenario_call(scenario, name);

	if (call == NULL)
		return refuse(
		    scenario, arguments, "no call '%s' was made", name);
	*ret_pid = office_call_pid(scenario->office, call->number);
	if (pid_is_none(*ret_pid))
		return refuse(scenario, arguments, "call '%s' has ended", name);
	return 0;
}

/* Room for one more named call; NULL without memory. */
static struct named_call *
new_call(struct scenario *scenario)
{
	struct named_call *calls;
	unsigned int room = scenario->calls_room + CALLS_STEP;

	if (scenario->calls_count < scenario->calls_room)
		return &scenario->calls[scenario->calls_count];
	calls = object_realloc(scenario->calls, room * sizeof *calls);
	if (calls == NULL)
		return NULL;
	scenario->calls = calls;
	scenario->calls_room = room;
	return &calls[scenario->calls_count];
}

static int
begin_call(struct scenario *scenario, const struct arguments *arguments,
    uint32_t line, const char *digits)
{
	const char *name = positional(arguments, 0), *why = NULL;
	struct named_call *call;
	uint64_t number;
	int result;

	if (scenario_call(scenario, name) != NULL)
		return refuse(scenario, arguments,
		    "there is a call '%s' "
		    "already",
		    name);
	if (scenario->module[0] == '\0')
		return refuse(scenario, arguments,
		    "no release handles calls "
		    "yet (`module call 1.0` first)");
	call = new_call(scenario);
	if (call == NULL)
		return refuse(scenario, arguments, "no memory is left");
	result = digits == NULL
	    ? office_offhook(scenario->office, line, &number, &why)
	    : office_call(scenario->office, line, digits, &number, &why);
	if (result != 0)
		return office_says(scenario, arguments, result, why);
	memset(call, 0, sizeof *call);
	(void)snprintf(call->name, sizeof call->name, "%s", name);
	(void)snprintf(call->dialled, sizeof call->dialled, "%s",
	    digits == NULL ? "" : digits);
	call->number = number;
	call->line = line;
	call->begun = scheduler_now(scenario->scheduler);
	call->at = scenario->at;
	scenario->calls_count++;
	return 0;
}

/* What a caller has dialled belongs to the last call that it began. */
static void
note_dialled(struct scenario *scenario, uint32_t line, const char *digits)
{
	struct named_call *call;
	unsigned int i;
	size_t length;

	for (i = scenario->calls_count; i-- > 0;) {
		call = &scenario->calls[i];
		if (call->line != line)
			continue;
		length = strlen(call->dialled);
		(void)snprintf(call->dialled + length,
		    sizeof call->dialled - length, "%s", digits);
		return;
	}
}

/*--------------------------------------------------------------------
 * The run
 */

/*
 * The seed stands in the run's row, which is made before: scenario_check() has
 * found it in the text, and --seed wins over both.
 */
static int
do_seed(struct scenario *scenario, const struct arguments *arguments)
{
	uint64_t seed = number_of(positional(arguments, 0));

	if (!scenario->options->has_seed && seed != scenario->verdict->seed)
		return refuse(scenario, arguments,
		    "it must be one literal "
		    "number, the run has begun with %" PRIu64,
		    scenario->verdict->seed);
	(void)snprintf(scenario->value, sizeof scenario->value, "%" PRIu64,
	    scenario->verdict->seed);
	return 0;
}

static int
do_phase(struct scenario *scenario, const struct arguments *arguments)
{
	(void)snprintf(scenario->phase, sizeof scenario->phase, "%s",
	    positional(arguments, 0));
	log_line(scheduler_log(scenario->scheduler),
	    scheduler_now(scenario->scheduler), "phase %s", scenario->phase);
	return 0;
}

/* A line of people's, so that the machine's own must not be mixed with it. */
static void
say(const struct scenario *scenario, const char *text)
{
	FILE *out = scenario->options->format == FORMAT_TEXT ? stdout : stderr;

	progress_clear();
	(void)fprintf(out, "%s\n", text);
	(void)fflush(out);
}

static int
do_note(struct scenario *scenario, const struct arguments *arguments)
{
	log_line(scheduler_log(scenario->scheduler),
	    scheduler_now(scenario->scheduler), "note %s",
	    positional(arguments, 0));
	say(scenario, positional(arguments, 0));
	return 0;
}

static int
do_module(struct scenario *scenario, const struct arguments *arguments)
{
	const char *module = positional(arguments, 0);
	const char *version = positional(arguments, 1);
	char why[CODE_WHY_MAX];
	uint16_t id;

	if (strcmp(module, "call") != 0)
		return refuse(scenario, arguments,
		    "calls are handled by "
		    "module 'call', not by '%s'",
		    module);
	if (scenario->module[0] != '\0')
		return refuse(scenario, arguments,
		    "'%s' %s is current since "
		    "the start, `upgrade` goes to another",
		    scenario->module, scenario->version);
	if (code_load(scenario->code, module, version, &id, why) != 0)
		return refuse(scenario, arguments, "%s", why);
	behaviour_make_current(scheduler_behaviours(scenario->scheduler), id);
	(void)snprintf(scenario->module, sizeof scenario->module, "%s", module);
	(void)snprintf(
	    scenario->version, sizeof scenario->version, "%s", version);
	return 0;
}

static int
do_lines(struct scenario *scenario, const struct arguments *arguments)
{
	const char *kind = arguments_option(arguments, "-kind");
	struct range range;
	int result;

	(void)units_range(positional(arguments, 0), &range);
	result = office_add_lines(scenario->office, range.first, range.last,
	    kind != NULL && strcmp(kind, "isdn") == 0 ? LINE_ISDN
						      : LINE_ANALOG);
	if (result == -EEXIST)
		return refuse(scenario, arguments,
		    "%s has a line that "
		    "exists already",
		    positional(arguments, 0));
	if (result != 0)
		return refuse(scenario, arguments, "%s: %s",
		    positional(arguments, 0), strerror(-result));
	return 0;
}

/*--------------------------------------------------------------------
 * Subscribers and the operator
 */

static int
do_call(struct scenario *scenario, const struct arguments *arguments)
{
	uint32_t line;
	int result =
	    find_line(scenario, arguments, positional(arguments, 1), &line);

	return result != 0
	    ? result
	    : begin_call(scenario, arguments, line, positional(arguments, 2));
}

static int
do_offhook(struct scenario *scenario, const struct arguments *arguments)
{
	uint32_t line;
	int result =
	    find_line(scenario, arguments, positional(arguments, 1), &line);

	return result != 0 ? result
			   : begin_call(scenario, arguments, line, NULL);
}

static void
forget_dialling(struct dialling *dialling)
{
	struct dialling **at = &dialling->scenario->diallings;

	while (*at != dialling)
		at = &(*at)->next;
	*at = dialling->next;
	object_free(dialling, sizeof *dialling);
}

/* The next digit; a line that is gone meanwhile takes no more. */
static void
dial_next(void *arg, uint64_t at)
{
	struct dialling *dialling = arg;
	struct scenario *scenario = dialling->scenario;
	const char digit[2] = { dialling->digits[at], '\0' };
	const char *why;

	if (office_dial(scenario->office, dialling->line, digit, &why) != 0 ||
	    dialling->digits[at + 1] == '\0' ||
	    scheduler_at(scenario->scheduler,
		scheduler_now(scenario->scheduler) + dialling->every, dial_next,
		dialling, at + 1) != 0)
		forget_dialling(dialling);
}

static int
dial_slowly(struct scenario *scenario, const struct arguments *arguments,
    uint32_t line, const char *every)
{
	struct dialling *dialling;
	const char *digits = positional(arguments, 1), *why = NULL;
	const char first[2] = { digits[0], '\0' };
	int result = office_dial(scenario->office, line, first, &why);

	if (result != 0)
		return office_says(scenario, arguments, result, why);
	if (digits[1] == '\0')
		return 0;
	dialling = object_alloc(sizeof *dialling);
	if (dialling == NULL)
		return refuse(scenario, arguments, "no memory is left");
	dialling->scenario = scenario;
	dialling->line = line;
	dialling->every = duration_of(every);
	(void)snprintf(dialling->digits, sizeof dialling->digits, "%s", digits);
	dialling->next = scenario->diallings;
	scenario->diallings = dialling;
	if (scheduler_at(scenario->scheduler,
		scheduler_now(scenario->scheduler) + dialling->every, dial_next,
		dialling, 1) == 0)
		return 0;
	forget_dialling(dialling);
	return refuse(scenario, arguments, "no memory is left");
}

static int
do_dial(struct scenario *scenario, const struct arguments *arguments)
{
	const char *every = arguments_option(arguments, "-every");
	const char *digits = positional(arguments, 1), *why = NULL;
	uint32_t line;
	int result = find_party(scenario, arguments, &line);

	if (result != 0)
		return result;
	if (strlen(digits) > 2 * DIGITS_MAX)
		return refuse(
		    scenario, arguments, "more than %d digits", 2 * DIGITS_MAX);
	result = every == NULL
	    ? office_says(scenario, arguments,
		  office_dial(scenario->office, line, digits, &why), why)
	    : dial_slowly(scenario, arguments, line, every);
	if (result == 0)
		note_dialled(scenario, line, digits);
	return result;
}

static int
do_answer(struct scenario *scenario, const struct arguments *arguments)
{
	const char *why = NULL;
	uint32_t line;
	int result = find_party(scenario, arguments, &line);

	if (result != 0)
		return result;
	result = office_answer(scenario->office, line, &why);
	return office_says(scenario, arguments, result, why);
}

static int
do_reject(struct scenario *scenario, const struct arguments *arguments)
{
	const char *why = NULL;
	uint32_t line;
	int result = find_party(scenario, arguments, &line);

	if (result != 0)
		return result;
	result = office_reject(
	    scenario->office, line, cause_of(arguments, CAUSE_REJECTED), &why);
	return office_says(scenario, arguments, result, why);
}

static int
do_hangup(struct scenario *scenario, const struct arguments *arguments)
{
	const char *why = NULL;
	uint32_t line;
	int result = find_party(scenario, arguments, &line);

	if (result != 0)
		return result;
	result = office_hangup(scenario->office, line, &why);
	return office_says(scenario, arguments, result, why);
}

static int
send_signal(struct scenario *scenario, const struct arguments *arguments,
    enum signal_kind signal, uint8_t cause)
{
	const char *why = NULL;
	uint32_t line;
	int result = find_party(scenario, arguments, &line);

	if (result != 0)
		return result;
	result = office_signal(scenario->office, line, signal, cause, &why);
	return office_says(scenario, arguments, result, why);
}

static int
do_hold(struct scenario *scenario, const struct arguments *arguments)
{
	return send_signal(scenario, arguments, SIGNAL_HOLD, 0);
}

static int
do_retrieve(struct scenario *scenario, const struct arguments *arguments)
{
	return send_signal(scenario, arguments, SIGNAL_RETRIEVE, 0);
}

/* The signal of that word, which command_match() has found to be one. */
static uint16_t
signal_of(const char *word)
{
	uint16_t kind;

	for (kind = 1; kind < UINT8_MAX; kind++)
		if (signal_word(kind) != NULL &&
		    strcmp(signal_word(kind), word) == 0)
			break;
	return kind;
}

static int
do_signal(struct scenario *scenario, const struct arguments *arguments)
{
	return send_signal(scenario, arguments,
	    (enum signal_kind)signal_of(positional(arguments, 1)),
	    cause_of(arguments, CAUSE_NONE));
}

static int
do_clear(struct scenario *scenario, const struct arguments *arguments)
{
	struct pid pid;
	int result = find_call(scenario, arguments, &pid);

	if (result != 0)
		return result;
	result = office_clear(
	    scenario->office, pid, cause_of(arguments, CAUSE_UNSPECIFIED));
	return result == 0 ? 0
			   : refuse(scenario, arguments,
				 "call '%s' takes no "
				 "message now",
				 positional(arguments, 0));
}

/*--------------------------------------------------------------------
 * Time, traffic, verdict
 */

static int
do_advance(struct scenario *scenario, const struct arguments *arguments)
{
	if (scenario->is_racing)
		return refuse(scenario, arguments, "no time passes in a race");
	scenario->waiting = WAITING_TIME;
	scenario->until = scheduler_now(scenario->scheduler) +
	    duration_of(positional(arguments, 0));
	return TIME_PASSES;
}

static int
do_allow(struct scenario *scenario, const struct arguments *arguments)
{
	static const char *const words[] = { "crash", "restart", "refused",
		"rolled-back", "unexpected-signal", "cause", "late" };
	const char *span = arguments_option(arguments, "-count");
	struct allowance *allowance;
	unsigned int i = 0;
	const char *dash;

	while (strcmp(words[i], positional(arguments, 0)) != 0)
		i++;
	allowance = &scenario->allowances[i];
	*allowance =
	    (struct allowance){ true, allowance->is_expected, 0, UINT64_MAX };
	if (span == NULL)
		return 0;
	dash = strchr(span, '-');
	allowance->to = strtoull(dash == NULL ? span : dash + 1, NULL, 10);
	if (dash != NULL)
		allowance->from = strtoull(span, NULL, 10);
	return 0;
}

static int
do_audit(struct scenario *scenario, const struct arguments *arguments)
{
	(void)arguments;
	audit_look(scenario);
	return 0;
}

static void
read_distribution(const struct arguments *arguments, const char *option,
    struct distribution *distribution)
{
	const char *text = arguments_option(arguments, option);

	if (text != NULL)
		(void)units_distribution(text, distribution);
}

static int
do_traffic(struct scenario *scenario, const struct arguments *arguments)
{
	/* Mean holding 90 s: the usual planning value for local calls. */
	struct traffic_options options = {
		.name = positional(arguments, 0),
		.hold = { DISTRIBUTION_EXPONENTIAL, 90000000, 0 },
		.answer_after = { DISTRIBUTION_UNIFORM, 2000000, 10000000 },
		.duration = UINT64_MAX,
	};
	const char *arrivals = arguments_option(arguments, "-arrivals");
	const char *duration = arguments_option(arguments, "-for");
	char why[WHY_SIZE];

	if (scenario->module[0] == '\0')
		return refuse(scenario, arguments,
		    "no release handles calls "
		    "yet (`module call 1.0` first)");
	(void)units_range(arguments_option(arguments, "-from"), &options.from);
	(void)units_range(arguments_option(arguments, "-to"), &options.to);
	(void)units_rate(arguments_option(arguments, "-rate"), &options.rate);
	read_distribution(arguments, "-hold", &options.hold);
	read_distribution(arguments, "-answer-after", &options.answer_after);
	options.is_constant =
	    arrivals != NULL && strcmp(arrivals, "constant") == 0;
	if (duration != NULL)
		options.duration = duration_of(duration);
	if (traffics_start(scenario->traffics, &options, why, sizeof why) != 0)
		return refuse(scenario, arguments, "%s", why);
	return 0;
}

static int
do_stop(struct scenario *scenario, const struct arguments *arguments)
{
	const char *name = positional(arguments, 0);

	if (traffics_stop(scenario->traffics, name,
		arguments_option(arguments, "-now") != NULL) != 0)
		return refuse(scenario, arguments,
		    "no traffic '%s' was "
		    "started",
		    name);
	return 0;
}

/*--------------------------------------------------------------------
 * Releases and faults
 */

static int
await_upgrade(struct scenario *scenario, const struct arguments *arguments,
    const struct upgrade_report *report)
{
	if (report->is_done)
		judge_keep_report(scenario);
	if (report->is_done ||
	    arguments_option(arguments, "-background") != NULL) {
		(void)snprintf(scenario->value, sizeof scenario->value, "%s",
		    upgrade_stage_word((enum upgrade_stage)report->stage));
		return 0;
	}
	scenario->waiting = WAITING_UPGRADE;
	scenario->until = UINT64_MAX;
	return TIME_PASSES;
}

static int
check_release(struct scenario *scenario, const struct arguments *arguments)
{
	if (scenario->is_racing &&
	    arguments_option(arguments, "-background") == NULL)
		return refuse(scenario, arguments,
		    "no time passes in a race, "
		    "give -background");
	if (strcmp(scenario->module, positional(arguments, 0)) != 0)
		return refuse(scenario, arguments, "no module '%s' is in use",
		    positional(arguments, 0));
	return 0;
}

static int
do_upgrade(struct scenario *scenario, const struct arguments *arguments)
{
	int result = check_release(scenario, arguments);

	if (result != 0)
		return result;
	judge_keep_report(scenario);
	return await_upgrade(scenario, arguments,
	    release_handler_upgrade(scenario->handler, positional(arguments, 0),
		positional(arguments, 1)));
}

static int
do_rollback(struct scenario *scenario, const struct arguments *arguments)
{
	int result = check_release(scenario, arguments);

	if (result != 0)
		return result;
	judge_keep_report(scenario);
	return await_upgrade(scenario, arguments,
	    release_handler_rollback(
		scenario->handler, positional(arguments, 0)));
}

static int
do_make_permanent(struct scenario *scenario, const struct arguments *arguments)
{
	int result = check_release(scenario, arguments);

	if (result != 0)
		return result;
	judge_keep_report(scenario);
	return await_upgrade(scenario, arguments,
	    release_handler_make_permanent(scenario->handler,
		positional(arguments, 0), positional(arguments, 1)));
}

static int
do_versions(struct scenario *scenario, const struct arguments *arguments)
{
	const char *module = positional(arguments, 0);
	const struct behaviour *behaviour;
	uint16_t ids[VERSIONS_SHOWN];
	unsigned int i, count;
	char text[WHY_SIZE];

	count = code_residents(scenario->code, module == NULL ? "call" : module,
	    ids, VERSIONS_SHOWN);
	for (i = 0; i < count; i++) {
		behaviour = behaviour_at(
		    scheduler_behaviours(scenario->scheduler), ids[i]);
		(void)snprintf(text, sizeof text,
		    "%s %s: %s, %" PRIu64 " calls, %" PRIu64
		    " converted to it, %" PRIu64 " crashes",
		    behaviour->name, behaviour->version,
		    behaviour->current ? "current" : "old", behaviour->holders,
		    behaviour->conversions, behaviour->faults);
		say(scenario, text);
	}
	return 0;
}

static int
do_fault(struct scenario *scenario, const struct arguments *arguments)
{
	static const struct {
		const char *word;
		enum fault_way way;
	} ways[] = {
		{ "crash", FAULT_CRASH },
		{ "abort", FAULT_ABORT },
		{ "divide", FAULT_DIVIDE },
		{ "overrun", FAULT_OVERRUN },
	};
	const char *message = arguments_option(arguments, "-on");
	const char *count = arguments_option(arguments, "-count");
	unsigned int i = 0;
	struct pid pid;
	int result = find_call(scenario, arguments, &pid);

	if (result != 0)
		return result;
	while (strcmp(ways[i].word, positional(arguments, 1)) != 0)
		i++;
	result = process_break(scenario->scheduler, pid,
	    message == NULL ? 0 : signal_of(message), ways[i].way,
	    count == NULL ? 1 : (uint32_t)number_of(count));
	return result == 0
	    ? 0
	    : refuse(scenario, arguments, "%s", strerror(-result));
}

static int
do_show(struct scenario *scenario, const struct arguments *arguments)
{
	struct columns *columns = &scenario->now;
	char text[4096];
	size_t at;
	unsigned int i;

	if (subject_look(scenario, arguments->noun,
		arguments->key == NULL ? "" : arguments->key,
		arguments->second_key == NULL ? "" : arguments->second_key,
		columns) != 0)
		return -EINVAL;
	at = (size_t)snprintf(text, sizeof text, "%s%s%s: %s",
	    arguments->noun->name, arguments->key == NULL ? "" : " ",
	    arguments->key == NULL ? "" : arguments->key,
	    columns->absent[0] != '\0' ? columns->absent : columns->state);
	for (i = 0; i < columns->count && at < sizeof text; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, " %s=%s",
		    columns->column[i].name, columns->column[i].value);
	say(scenario, text);
	return 0;
}

typedef int action_f(struct scenario *, const struct arguments *);

int
action_do(struct scenario *scenario, const struct arguments *arguments)
{
	static const struct {
		const char *name;
		action_f *does;
	} actions[] = {
		{ "seed", do_seed },
		{ "phase", do_phase },
		{ "note", do_note },
		{ "module", do_module },
		{ "lines", do_lines },
		{ "call", do_call },
		{ "offhook", do_offhook },
		{ "dial", do_dial },
		{ "answer", do_answer },
		{ "reject", do_reject },
		{ "hangup", do_hangup },
		{ "hold", do_hold },
		{ "retrieve", do_retrieve },
		{ "signal", do_signal },
		{ "clear", do_clear },
		{ "advance", do_advance },
		{ "allow", do_allow },
		{ "audit", do_audit },
		{ "traffic", do_traffic },
		{ "stop", do_stop },
		{ "upgrade", do_upgrade },
		{ "rollback", do_rollback },
		{ "make-permanent", do_make_permanent },
		{ "versions", do_versions },
		{ "fault", do_fault },
		{ "show", do_show },
	};
	unsigned int i;

	for (i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (strcmp(actions[i].name, arguments->command->name) == 0)
			return actions[i].does(scenario, arguments);
	return refuse(scenario, arguments, "only a script can do that");
}

void
action_forget(struct scenario *scenario)
{
	while (scenario->diallings != NULL)
		forget_dialling(scenario->diallings);
	object_free(
	    scenario->calls, scenario->calls_room * sizeof scenario->calls[0]);
}
