/*
 * console_wait: operators whose answer waits for what they have begun.
 *
 * An upgrade is told about while it goes on: an object each time that
 * something has changed, and a last one when it is done.  `expect` and `never`
 * look at their subject at each tick; their conditions are those of
 * condition.h, since there is no interpreter here.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "sim/condition.h"
#include "sim/noun.h"
#include "sim/operator/console_internal.h"
#include "sim/units.h"
#include "switch/object.h"
#include "switch/scheduler.h"
#include "upgrade/release_handler.h"

/* A change that nobody could read is not told. */
enum { TELL_US = 200000 };

static uint64_t
now_of(const struct console *console)
{
	return scheduler_now(console->scenario->scheduler);
}

static const char *
command_of(const struct waiter *waiter)
{
	return waiter->arguments.command->name;
}

static void
free_waiter(struct waiter *waiter)
{
	letter_free(waiter->letter);
	condition_free(&waiter->condition);
	object_free(waiter, sizeof *waiter);
}

/* NULL without memory; then the client has been told. */
static struct waiter *
add_waiter(struct console *console, struct letter *letter,
    const struct arguments *arguments)
{
	struct waiter *waiter = object_alloc(sizeof *waiter);

	if (waiter == NULL) {
		console_answer(console,
		    answer_refusal(letter->client, arguments->command->name,
			"no memory is left", 1));
		letter_free(letter);
		return NULL;
	}
	waiter->letter = letter;
	waiter->arguments = *arguments;
	waiter->next = console->waiters;
	console->waiters = waiter;
	return waiter;
}

static void
end_record(struct console *console, struct waiter *waiter, bool is_refused,
    const char *answer)
{
	if (waiter->is_recorded)
		command_record_end(&waiter->record, is_refused, answer,
		    console->scenario->scheduler);
	waiter->is_recorded = false;
}

static void
refuse(struct console *console, struct waiter *waiter, const char *why)
{
	end_record(console, waiter, true, why);
	console_answer(console,
	    answer_refusal(waiter->letter->client, command_of(waiter), why, 1));
}

/*--------------------------------------------------------------------
 * Upgrades
 */

static bool
has_gone_well(const struct upgrade_report *report)
{
	return report->stage != UPGRADE_refused &&
	    (report->stage != UPGRADE_rolled_back || report->is_rollback ||
		report->reason == UPGRADE_REASON_command);
}

void
console_tell_upgrade(struct console *console, uint64_t client,
    const char *command, const struct upgrade_report *report)
{
	const bool is_well = has_gone_well(report);
	struct answer answer;

	if (report->is_done) {
		answer_begin(&answer, is_well, command);
		answer_text(&answer, is_well ? "text" : "error", report->text);
		if (answer.out != NULL && !is_well)
			(void)fputs(",\"status\":1", answer.out);
		answer_text(&answer, "value",
		    upgrade_stage_word((enum upgrade_stage)report->stage));
	} else {
		answer_begin_progress(&answer, command);
	}
	if (answer.out != NULL) {
		(void)fprintf(answer.out,
		    ",\"%s\":", report->is_done ? "upgrade" : "progress");
		verdict_json_report(report, answer.out);
	}
	console_answer(console, answer_end(&answer, client, report->is_done));
}

/*
 * That it is permanent is told when the file has it, and not as long as its
 * record is on the way there: 0, -EAGAIN, or -EIO with the cause in `why`.
 */
static int
find_permanent(struct scenario *scenario, const struct upgrade_report *report,
    char *why, size_t size)
{
	char version[sizeof report->version_to];
	int result = recorder_permanent(
	    scenario->recorder, report->module, version, sizeof version);

	if (result == -ENOENT ||
	    (result == 0 && strcmp(version, report->version_to) != 0))
		return -EAGAIN;
	if (result != 0)
		(void)snprintf(why, size,
		    "'%s' %s is permanent in this switch, but not for its next "
		    "start until the database has it: %s",
		    report->module, report->version_to,
		    recorder_error(scenario->recorder));
	return result;
}

static bool
look_at_upgrade(struct console *console, struct waiter *waiter)
{
	struct scenario *scenario = console->scenario;
	const struct upgrade_report *report =
	    release_handler_report(scenario->handler);
	char why[WHY_SIZE];
	int result = 0;

	if (report == NULL || report->number != waiter->upgrade) {
		refuse(console, waiter, "another upgrade has begun since");
		return true;
	}
	if (!report->is_done) {
		if (now_of(console) >= waiter->told + TELL_US) {
			waiter->told = now_of(console);
			console_tell_upgrade(console, waiter->letter->client,
			    command_of(waiter), report);
		}
		return false;
	}
	if (report->stage == UPGRADE_permanent)
		result = find_permanent(scenario, report, why, sizeof why);
	if (result == -EAGAIN)
		return false;
	if (result != 0) {
		refuse(console, waiter, why);
		return true;
	}
	end_record(console, waiter, false,
	    upgrade_stage_word((enum upgrade_stage)report->stage));
	console_tell_upgrade(
	    console, waiter->letter->client, command_of(waiter), report);
	return true;
}

void
console_wait(struct console *console, struct letter *letter,
    const struct arguments *arguments, const struct command_record *record)
{
	struct scenario *scenario = console->scenario;
	struct waiter *waiter = add_waiter(console, letter, arguments);
	const struct upgrade_report *report;

	if (waiter == NULL)
		return;
	if (record != NULL) {
		waiter->record = *record;
		waiter->is_recorded = true;
	}
	waiter->waiting = scenario->waiting;
	waiter->until = scenario->until;
	report = release_handler_report(scenario->handler);
	if (waiter->waiting == WAITING_UPGRADE && report != NULL)
		waiter->upgrade = report->number;
}

/*--------------------------------------------------------------------
 * expect and never
 */

static const char *
blank_if_null(const char *word)
{
	return word == NULL ? "" : word;
}

/* The value of a column, as a condition has it. */
static struct condition_value
value_of(const struct columns *columns, const char *name, bool is_text)
{
	const char *text = columns_find(columns, name);
	char *end;
	int64_t integer;

	if (is_text)
		return condition_text(text);
	if (text == NULL)
		return condition_real((double)NAN);
	integer = strtoll(text, &end, 10);
	if (*end == '\0')
		return (struct condition_value){ .type = CONDITION_INTEGER,
			.integer = integer };
	return condition_real(strtod(text, NULL));
}

/* Of the names in `names` the values; how many. */
static unsigned int
take_values(const struct columns *columns, const char *names, bool is_text,
    struct condition_value *values)
{
	char name[sizeof columns->column[0].name];
	unsigned int count = 0;
	size_t length;

	for (; *names != '\0'; names += length, names += *names == ' ') {
		length = strcspn(names, " ");
		(void)snprintf(name, sizeof name, "%.*s", (int)length, names);
		values[count++] = value_of(columns, name, is_text);
	}
	return count;
}

/* Whether it is as it was said; looks anew.  -EINVAL: nobody can say so. */
static int
holds(struct console *console, const struct waiter *waiter)
{
	const struct arguments *arguments = &waiter->arguments;
	struct scenario *scenario = console->scenario;
	struct columns *columns = &scenario->now;
	struct condition_value values[COLUMNS_MAX];
	unsigned int texts;

	if (subject_look(scenario, arguments->noun,
		blank_if_null(arguments->key),
		blank_if_null(arguments->second_key), columns) != 0)
		return -EINVAL;
	if (columns->absent[0] != '\0')
		return 0;
	if (arguments->state != NULL &&
	    strcmp(arguments->state, columns->state) != 0)
		return 0;
	if (waiter->condition == NULL)
		return 1;
	texts = take_values(columns, arguments->noun->texts, true, values);
	(void)take_values(
	    columns, arguments->noun->numbers, false, values + texts);
	return condition_holds(waiter->condition, values) ? 1 : 0;
}

/* "saw line 1001 idle: tone=none ..." */
static void
say_seen(const struct console *console, const struct waiter *waiter, char *text,
    size_t size)
{
	const struct arguments *arguments = &waiter->arguments;
	const struct columns *columns = &console->scenario->now;
	size_t at;
	unsigned int i;

	at = (size_t)snprintf(text, size, "%s%s %s %s: it is %s",
	    arguments->state == NULL ? "" : arguments->state,
	    arguments->condition == NULL ? "" : " {condition}",
	    strcmp(command_of(waiter), "never") == 0 ? "came" : "did not come",
	    strcmp(command_of(waiter), "never") == 0 ? "after all" : "in time",
	    columns->absent[0] != '\0' ? columns->absent : columns->state);
	for (i = 0; i < columns->count && at < size; i++)
		at += (size_t)snprintf(text + at, size - at, " %s=%s",
		    columns->column[i].name, columns->column[i].value);
}

static void
answer_held(struct console *console, const struct waiter *waiter)
{
	struct answer answer;

	answer_begin(&answer, true, command_of(waiter));
	console_answer(
	    console, answer_end(&answer, waiter->letter->client, true));
}

/* Whether it is answered. */
static bool
look_at_change(struct console *console, struct waiter *waiter)
{
	const bool is_never = strcmp(command_of(waiter), "never") == 0;
	const bool is_late = now_of(console) >= waiter->until;
	int it_holds = holds(console, waiter);
	char text[WHY_SIZE];

	if (it_holds < 0) {
		refuse(console, waiter, console->scenario->why);
		return true;
	}
	if ((it_holds == 1) == is_never && (is_never || is_late)) {
		say_seen(console, waiter, text, sizeof text);
		refuse(console, waiter, text);
		return true;
	}
	if ((it_holds == 1 && !is_never) || is_late) {
		answer_held(console, waiter);
		return true;
	}
	return false;
}

void
console_look(struct console *console, struct letter *letter,
    const struct arguments *arguments)
{
	const char *option =
	    strcmp(arguments->command->name, "never") == 0 ? "-for" : "-within";
	const char *duration = arguments_option(arguments, option);
	struct waiter *waiter = add_waiter(console, letter, arguments);
	const struct condition_columns columns = { arguments->noun->texts,
		arguments->noun->numbers };
	uint64_t us = 0;
	char why[WHY_SIZE];

	if (waiter == NULL)
		return;
	waiter->waiting = WAITING_CHANGE;
	if (duration != NULL)
		(void)units_duration(duration, &us);
	waiter->until = now_of(console) + us;
	if (arguments->condition == NULL ||
	    condition_compile(&waiter->condition, arguments->condition,
		&columns, why, sizeof why) == 0)
		return;
	refuse(console, waiter, why);
	console->waiters = waiter->next;
	free_waiter(waiter);
}

/*--------------------------------------------------------------------
 * All of them
 */

/* Whether it is answered. */
static bool
look(struct console *console, struct waiter *waiter)
{
	if (waiter->waiting == WAITING_UPGRADE)
		return look_at_upgrade(console, waiter);
	if (waiter->waiting == WAITING_CHANGE)
		return look_at_change(console, waiter);
	if (now_of(console) < waiter->until)
		return false;
	answer_held(console, waiter);
	return true;
}

bool
console_look_after(struct console *console)
{
	struct waiter **at = &console->waiters, *waiter;

	while ((waiter = *at) != NULL) {
		if (look(console, waiter)) {
			*at = waiter->next;
			free_waiter(waiter);
		} else {
			at = &waiter->next;
		}
	}
	return console->waiters != NULL;
}

/* An upgrade's record is still to be ended. */
void
console_forget(struct console *console, uint64_t client)
{
	struct waiter **at = &console->waiters, *waiter;

	while ((waiter = *at) != NULL) {
		if (waiter->letter->client == client && !waiter->is_recorded) {
			*at = waiter->next;
			free_waiter(waiter);
		} else {
			at = &waiter->next;
		}
	}
}

void
console_dismiss(struct console *console, const char *why)
{
	struct waiter *waiter;

	while ((waiter = console->waiters) != NULL) {
		refuse(console, waiter, why);
		console->waiters = waiter->next;
		free_waiter(waiter);
	}
}
