/*
 * action: does what a command of a scenario asks of the switch.
 *
 * Each command that reaches the switch has one function.  It either does its
 * work, or leaves one clause in `why` that says what cannot be done and why;
 * the script gets that as a Tcl error.  Here are those about the run itself.
 */
#include "sim/action_internal.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "calls/database/report.h"
#include "calls/exchange/office.h"
#include "sim/live.h"
#include "sim/noun.h"
#include "sim/outage.h"
#include "sim/options.h"
#include "sim/permit.h"
#include "sim/reporting.h"
#include "sim/search.h"
#include "sim/threshold.h"
#include "sim/units.h"
#include "switch/log.h"
#include "switch/nearest.h"
#include "switch/object.h"
#include "switch/scheduler.h"

int
action_refuse(struct scenario *scenario, const struct arguments *arguments,
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

int
action_refuse_error(struct scenario *scenario,
    const struct arguments *arguments, const char *name, int error)
{
	return error == -ENOSPC
	    ? action_refuse(scenario, arguments,
		  "%s: there are as many as there can be, with those that are "
		  "no more in use",
		  name)
	    : action_refuse(
		  scenario, arguments, "%s: %s", name, strerror(-error));
}

const char *
action_word(const struct arguments *arguments, unsigned int i)
{
	return arguments->positional[i];
}

uint64_t
action_number(const char *text)
{
	uint64_t number = 0;

	(void)units_number(text, UINT64_MAX, &number);
	return number;
}

uint64_t
action_duration(const char *text)
{
	uint64_t us = 0;

	(void)units_duration(text, &us);
	return us;
}

/* The signal of that word, which command_match() has found to be one. */
uint16_t
action_signal(const char *word)
{
	uint16_t kind;

	for (kind = 1; kind < UINT8_MAX; kind++)
		if (signal_word(kind) != NULL &&
		    strcmp(signal_word(kind), word) == 0)
			break;
	return kind;
}

/* What is people's must not be mixed with the machine's own lines. */
static FILE *
begin_saying(const struct scenario *scenario)
{
	if (scenario->out != NULL)
		return scenario->out;
	progress_clear();
	return scenario->options->format == FORMAT_TEXT ? stdout : stderr;
}

void
action_say(const struct scenario *scenario, const char *text)
{
	FILE *out = begin_saying(scenario);

	(void)fprintf(out, "%s\n", text);
	(void)fflush(out);
}

/*
 * The seed stands in the run's row, which is made before: scenario_check() has
 * found it in the text, and --seed wins over both.
 */
static int
do_seed(struct scenario *scenario, const struct arguments *arguments)
{
	uint64_t seed = action_number(action_word(arguments, 0));

	if (!scenario->options->has_seed && seed != scenario->verdict->seed)
		return action_refuse(scenario, arguments,
		    "it must be one literal "
		    "number, the run has begun with %" PRIu64,
		    scenario->verdict->seed);
	(void)snprintf(scenario->value, sizeof scenario->value, "%" PRIu64,
	    scenario->verdict->seed);
	return 0;
}

/* As of the seed: the switch is made before. */
static int
do_schedulers(struct scenario *scenario, const struct arguments *arguments)
{
	uint64_t number = action_number(action_word(arguments, 0));
	unsigned int count = scheduler_count(scenario->scheduler);

	if (scenario->options->schedulers == 0 && number != count)
		return action_refuse(scenario, arguments,
		    "it must be one literal number, the run has begun with %u",
		    count);
	(void)snprintf(scenario->value, sizeof scenario->value, "%u", count);
	return 0;
}

/* Likewise. */
static int
do_pace(struct scenario *scenario, const struct arguments *arguments)
{
	const unsigned int runs = scheduler_times(scenario->scheduler);
	unsigned int times;

	(void)units_pace(action_word(arguments, 0), &times);
	if (scenario->options->is_real || times == runs)
		return 0;
	return action_refuse(scenario, arguments,
	    "it must be one literal word, the run has begun as %s",
	    runs == 0 ? "virtual" : "real");
}

static int
do_phase(struct scenario *scenario, const struct arguments *arguments)
{
	(void)snprintf(scenario->phase, sizeof scenario->phase, "%s",
	    action_word(arguments, 0));
	story_phase(scenario, scenario->phase);
	log_line(scheduler_log(scenario->scheduler),
	    scheduler_entry(scenario->scheduler, LEVEL_info), "phase %s",
	    scenario->phase);
	return 0;
}

static int
do_note(struct scenario *scenario, const struct arguments *arguments)
{
	log_line(scheduler_log(scenario->scheduler),
	    scheduler_entry(scenario->scheduler, LEVEL_info), "note %s",
	    action_word(arguments, 0));
	action_say(scenario, action_word(arguments, 0));
	return 0;
}

static int
do_timer(struct scenario *scenario, const struct arguments *arguments)
{
	const uint64_t us = action_duration(action_word(arguments, 1));
	unsigned int timer = 0;

	while (strcmp(office_timer_word((enum office_timer)timer),
		   action_word(arguments, 0)) != 0)
		timer++;
	office_set_timer(scenario->office, (enum office_timer)timer, us);
	return 0;
}

static int
do_advance(struct scenario *scenario, const struct arguments *arguments)
{
	uint64_t duration;

	if (scenario->is_racing)
		return action_refuse(
		    scenario, arguments, "no time passes in a race");
	duration = action_duration(action_word(arguments, 0));
	if (duration == 0)
		return 0; /* this instant has settled */
	scenario->waiting = WAITING_TIME;
	scenario->until = scheduler_now(scenario->scheduler) + duration;
	return TIME_PASSES;
}

void
action_span(const struct arguments *arguments, const char *option,
    uint64_t *ret_from, uint64_t *ret_to)
{
	const char *span = arguments_option(arguments, option), *dash;

	*ret_from = 0;
	*ret_to = UINT64_MAX;
	if (span == NULL)
		return;
	dash = strchr(span, '-');
	*ret_to = strtoull(dash == NULL ? span : dash + 1, NULL, 10);
	if (dash != NULL)
		*ret_from = strtoull(span, NULL, 10);
}

static int
do_allow(struct scenario *scenario, const struct arguments *arguments)
{
	const unsigned int event = permit_event(action_word(arguments, 0));
	struct allowance *allowance = &scenario->allowances[event];

	if (arguments_option(arguments, "-on") != NULL ||
	    arguments_option(arguments, "-for") != NULL)
		return permit_add(scenario, arguments, event);
	allowance->is_allowed = true;
	allowance->at = scenario->at;
	action_span(arguments, "-count", &allowance->from, &allowance->to);
	return 0;
}

static int
do_audit(struct scenario *scenario, const struct arguments *arguments)
{
	bool holds;

	if (scenario->is_racing)
		return action_refuse(scenario, arguments,
		    "what a race has begun is not done yet");
	holds = audit_look(scenario);
	if (scenario->console == NULL) /* else the verdict tells */
		return 0;
	if (!holds)
		return -EINVAL;
	(void)fputs("A1 to A7 hold\n", scenario->out);
	return 0;
}

static const char *
blank_if_null(const char *word)
{
	return word == NULL ? "" : word;
}

static int
do_show(struct scenario *scenario, const struct arguments *arguments)
{
	const char *key = arguments->key, *second = arguments->second_key;
	struct columns *columns = &scenario->now;
	const char *seen;
	char text[4096];
	size_t at;
	unsigned int i;

	if (subject_look(scenario, arguments->noun, blank_if_null(key),
		blank_if_null(second), columns) != 0)
		return -EINVAL;
	seen = columns->absent[0] != '\0' ? columns->absent : columns->state;
	at = (size_t)snprintf(text, sizeof text, "%s%s%s%s%s:%s%s",
	    arguments->noun->name, key == NULL ? "" : " ", blank_if_null(key),
	    second == NULL ? "" : " ", blank_if_null(second),
	    *seen == '\0' ? "" : " ", seen);
	for (i = 0; i < columns->count && at < sizeof text; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, " %s=%s",
		    columns->column[i].name, columns->column[i].value);
	action_say(scenario, text);
	return 0;
}

int
action_read_report(struct scenario *scenario, const struct arguments *arguments,
    struct reporting *ret_asked)
{
	const char *format = arguments_option(arguments, "-format");
	const char *limit = arguments_option(arguments, "-limit");
	const char *width = arguments_option(arguments, "-width");

	*ret_asked = (struct reporting){ .name = action_word(arguments, 0),
		.words = arguments->repeated,
		.words_count = arguments->repeated_count,
		.where = arguments_option(arguments, "-where"),
		.limit = limit == NULL ? 0 : action_number(limit),
		.width = width == NULL ? 0 : (unsigned int)action_number(width),
		.is_coloured = arguments_option(arguments, "-coloured") != NULL,
		.path = scenario->options->database,
		.format = format == NULL || strcmp(format, "table") == 0
		    ? FORMAT_TABLE
		    : strcmp(format, "csv") == 0 ? FORMAT_CSV
						 : FORMAT_JSON };
	if (limit != NULL && ret_asked->limit == 0)
		return action_refuse(
		    scenario, arguments, "-limit 0: that is no row at all");
	return 0;
}

/* Of a report on the switch as it runs, all at once: who asks waits for it. */
static int
look_at_all(struct scenario *scenario, const char *name, struct live **ret_live)
{
	struct live *live;
	int result = live_alloc(&live, &scenario->telephony, name);

	if (result != 0)
		return result;
	while ((result = live_look(live)) > 0)
		;
	if (result != 0)
		live_free(&live);
	else
		*ret_live = live;
	return result;
}

/* As its commit is not waited for, what is written is what was taken. */
static int
do_report(struct scenario *scenario, const struct arguments *arguments)
{
	char why[REPORTING_WHY] = "no memory is left", run[24];
	FILE *out = begin_saying(scenario);
	struct reporting asked;
	int result = 0;

	if (action_read_report(scenario, arguments, &asked) != 0)
		return -EINVAL;
	if (recorder_flush(scenario->recorder) != 0)
		return action_refuse(scenario, arguments, "%s",
		    recorder_error(scenario->recorder));
	(void)snprintf(
	    run, sizeof run, "%" PRId64, recorder_run(scenario->recorder));
	asked.run = run;
	if (report_is_live(asked.name))
		result = look_at_all(scenario, asked.name, &asked.seen);
	if (result == 0)
		result = reporting_print(&asked, out, why);
	live_free(&asked.seen);
	if (result != 0)
		(void)action_refuse(scenario, arguments, "%s", why);
	return result;
}

/* One that nobody has named, by its number. */
static int
follow(struct scenario *scenario, const struct arguments *arguments,
    struct named_call *call)
{
	const char *which = action_word(arguments, 0);
	int result;

	if (!isdigit((unsigned char)which[0]))
		return action_refuse(
		    scenario, arguments, "no call '%.40s' was made", which);
	*call = (struct named_call){ .number = action_number(which) };
	(void)snprintf(call->name, sizeof call->name, "%s", which);
	result = story_follow(scenario, call->number);
	if (result == -ESRCH)
		return action_refuse(scenario, arguments,
		    "call %s does not live, and nothing is kept of it; `report "
		    "call %s` says what is recorded",
		    which, which);
	return result == 0
	    ? 0
	    : action_refuse(scenario, arguments, "%s", strerror(-result));
}

static int
do_ladder(struct scenario *scenario, const struct arguments *arguments)
{
	const char *name = action_word(arguments, 0);
	const struct named_call *call = scenario_call(scenario, name);
	FILE *out = begin_saying(scenario);
	struct named_call unnamed;
	int result;

	if (call == NULL && follow(scenario, arguments, &unnamed) != 0)
		return -EINVAL;
	result = story_print(scenario, call == NULL ? &unnamed : call, out);
	if (result == -ENODATA && call == NULL) {
		(void)fprintf(out, "call %s: nothing since it is watched\n",
		    unnamed.name);
		return 0;
	}
	if (result == -ENODATA)
		return action_refuse(scenario, arguments,
		    "nothing is kept of call '%.40s': of a thousand calls "
		    "after it there is",
		    name);
	return result == 0
	    ? 0
	    : action_refuse(scenario, arguments, "%s", strerror(-result));
}

/* Of the run itself. */
static action_f *
action_of_run(const char *name)
{
	static const struct {
		const char *name;
		action_f *does;
	} actions[] = {
		{ "seed", do_seed },
		{ "schedulers", do_schedulers },
		{ "pace", do_pace },
		{ "phase", do_phase },
		{ "note", do_note },
		{ "module", action_module },
		{ "account", action_account },
		{ "date", action_date },
		{ "tariff", action_tariff },
		{ "lines", action_lines },
		{ "service", action_service },
		{ "gate", action_gate },
		{ "capacity", action_capacity },
		{ "timer", do_timer },
		{ "advance", do_advance },
		{ "at", agenda_at },
		{ "every", agenda_every },
		{ "allow", do_allow },
		{ "audit", do_audit },
		{ "show", do_show },
		{ "report", do_report },
		{ "ladder", do_ladder },
	};
	unsigned int i;

	for (i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (strcmp(actions[i].name, name) == 0)
			return actions[i].does;
	return NULL;
}

/* A switch that serves has no script any more, and no end at which it is
 * judged. */
static bool
is_for_scenarios(const struct scenario *scenario, const char *name)
{
	return scenario->console != NULL &&
	    word_is_in(name, "at every search threshold");
}

int
action_do(struct scenario *scenario, const struct arguments *arguments)
{
	const char *name = arguments->command->name;
	action_f *does = action_of_run(name);

	if (is_for_scenarios(scenario, name))
		return action_refuse(
		    scenario, arguments, "only a scenario can do that");
	if (does == NULL)
		does = action_of_call(name);
	if (does == NULL)
		does = action_of_trunk(name);
	if (does == NULL)
		does = action_of_traffic(name);
	if (does == NULL)
		does = action_of_release(name);
	if (does == NULL)
		does = action_of_fault(name);
	if (does == NULL)
		does = action_of_upgrade(name);
	if (does == NULL)
		does = action_of_database(name);
	if (does == NULL)
		return action_refuse(
		    scenario, arguments, "only a script can do that");
	return does(scenario, arguments);
}

void
action_forget(struct scenario *scenario)
{
	action_forget_dialling(scenario);
	agenda_forget(scenario);
	threshold_forget(scenario);
	search_forget(scenario);
	blame_forget(scenario);
	outage_forget(scenario);
	permit_forget(scenario);
	wire_forget(scenario);
	object_free(
	    scenario->calls, scenario->calls_room * sizeof scenario->calls[0]);
}
