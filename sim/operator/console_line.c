/*
 * console_line: does what one line of an operator says.
 *
 * The words are those of scenarios, from command.def; those that need a script
 * which goes on, or an end to be judged at (at, every, race, param, search,
 * threshold), are refused.  Beside them stand
 * a few that only an operator has, console_operation.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "calls/database/report.h"
#include "sim/action_internal.h"
#include "sim/json.h"
#include "sim/live.h"
#include "sim/noun.h"
#include "sim/operator/console_internal.h"
#include "sim/operator/report_job.h"
#include "sim/operator/phrase.h"
#include "sim/reload_plan.h"
#include "switch/nearest.h"
#include "switch/object.h"
#include "switch/scheduler.h"
#include "upgrade/release_handler.h"

enum { STATUS_REFUSED = 1, STATUS_WRONG = 2 };

/* One line that is being done. */
struct doing {
	struct console *console;
	struct letter *letter;
	const char *words[COMMAND_WORDS_MAX];
	unsigned int count;
	char why[WHY_SIZE];
	struct command_record record;
	bool is_recorded;
};

static void
refuse(struct doing *doing, int status)
{
	console_answer(doing->console,
	    answer_refusal(doing->letter->client,
		doing->count > 0 ? doing->words[0] : "", doing->why, status));
	letter_free(doing->letter);
}

/* A word that only an operator has. */
static void
do_operation(struct doing *doing, const struct arguments *arguments)
{
	struct answer answer;
	struct letter *letter;
	int result = 0;

	if (strcmp(doing->words[0], "reload") == 0) { /* that takes a while */
		console_reload(doing->console, doing->letter);
		return;
	}
	answer_begin(&answer, true, doing->words[0]);
	if (answer.out != NULL)
		result = console_operate(doing->console, arguments, answer.out);
	letter = answer_end(&answer, doing->letter->client, true);
	if (result == 0) {
		console_answer(doing->console, letter);
		letter_free(doing->letter);
		return;
	}
	letter_free(letter);
	(void)snprintf(
	    doing->why, sizeof doing->why, "%s", doing->console->scenario->why);
	refuse(doing, STATUS_REFUSED);
}

/*--------------------------------------------------------------------
 * Words of the language
 */

/* What `show` has looked at, for programs. */
static void
write_columns(const struct columns *columns, FILE *out)
{
	unsigned int i;

	(void)fputs(",\"state\":", out);
	json_string(out, columns->state);
	(void)fputs(",\"columns\":{", out);
	for (i = 0; i < columns->count; i++) {
		if (i > 0)
			(void)fputc(',', out);
		json_string(out, columns->column[i].name);
		(void)fputc(':', out);
		json_string(out, columns->column[i].value);
	}
	(void)fputc('}', out);
}

/* A lone newline at the end is the line's, not the text's. */
static void
cut_newline(char *text)
{
	size_t length = strlen(text);

	if (length > 0 && text[length - 1] == '\n')
		text[length - 1] = '\0';
}

static void
answer_done(struct doing *doing, const struct arguments *arguments, char *said)
{
	struct scenario *scenario = doing->console->scenario;
	struct answer answer;

	cut_newline(said);
	answer_begin(&answer, true, doing->words[0]);
	answer_text(&answer, "value", scenario->value);
	answer_text(&answer, "text", said);
	if (answer.out != NULL && strcmp(arguments->command->name, "show") == 0)
		write_columns(&scenario->now, answer.out);
	console_answer(
	    doing->console, answer_end(&answer, doing->letter->client, true));
	letter_free(doing->letter);
}

/* The books say who asked for what, as they do of a scenario. */
static void
begin_record(struct doing *doing)
{
	struct scheduler *home = doing->console->scenario->scheduler;
	char who[COMMAND_NAME_SIZE];

	(void)snprintf(who, sizeof who, "uid %" PRIu32, doing->letter->user);
	doing->is_recorded =
	    command_record_begin(&doing->record, who, scheduler_now(home),
		doing->words[0], doing->words + 1, doing->count - 1);
	if (doing->is_recorded)
		log_line(scheduler_log(home), scheduler_entry(home, LEVEL_info),
		    "%s says: %s %s", who, doing->record.command,
		    doing->record.text);
}

static void
end_record(struct doing *doing, int result)
{
	struct scenario *scenario = doing->console->scenario;

	if (doing->is_recorded)
		command_record_end(&doing->record, result < 0,
		    result < 0 ? scenario->why : scenario->value,
		    scenario->scheduler);
}

/* The action says what it says into `said`, which is freed by the caller. */
static int
act(struct doing *doing, const struct arguments *arguments, char **said)
{
	struct scenario *scenario = doing->console->scenario;
	size_t length;
	int result;

	*said = NULL;
	scenario->value[0] = '\0';
	scenario->asked = NULL;
	scenario->out = open_memstream(said, &length);
	if (scenario->out == NULL) {
		(void)snprintf(
		    scenario->why, sizeof scenario->why, "no memory is left");
		return -ENOMEM;
	}
	begin_record(doing);
	result = action_do(scenario, arguments);
	(void)fclose(scenario->out);
	scenario->out = NULL;
	if (result != TIME_PASSES) /* else when it has */
		end_record(doing, result);
	if (result == 0 && reload_knows(arguments->command->name))
		console_reload_note_by_hand(
		    doing->console, doing->count, doing->words);
	return result;
}

/* What a report on the switch as it runs is to see of it; NULL: it is none. */
static int
begin_look(struct scenario *scenario, struct reporting *asked)
{
	return report_is_live(asked->name)
	    ? live_alloc(&asked->seen, &scenario->telephony, asked->name)
	    : 0;
}

/* A report is made on a thread of its own: one may take seconds. */
static void
begin_report(struct doing *doing, const struct arguments *arguments)
{
	struct scenario *scenario = doing->console->scenario;
	struct reporting asked;
	char run[24];
	int result;

	if (action_read_report(scenario, arguments, &asked) != 0) {
		(void)snprintf(
		    doing->why, sizeof doing->why, "%s", scenario->why);
		refuse(doing, STATUS_WRONG);
		return;
	}
	(void)snprintf(
	    run, sizeof run, "%" PRId64, recorder_run(scenario->recorder));
	asked.run = run;
	result = begin_look(scenario, &asked);
	if (result == 0)
		result = report_jobs_begin(
		    doing->console->jobs, doing->letter, &asked);
	if (result == 0)
		return;
	live_free(&asked.seen);
	(void)snprintf(doing->why, sizeof doing->why, "report: %s",
	    result == -EBUSY ? "four are being made already, try again"
			     : strerror(-result));
	refuse(doing, STATUS_REFUSED);
}

static void
do_command(struct doing *doing, const struct arguments *arguments)
{
	struct scenario *scenario = doing->console->scenario;
	char *said;
	int result;

	if (word_is_in(arguments->command->name, "expect never")) {
		console_look(doing->console, doing->letter, arguments);
		return;
	}
	if (strcmp(arguments->command->name, "report") == 0) {
		begin_report(doing, arguments);
		return;
	}
	if (reload_knows(arguments->command->name) &&
	    console_reload_is_at_it(doing->console)) {
		(void)snprintf(doing->why, sizeof doing->why,
		    "%s: the config is being read again, say it when that is "
		    "done",
		    arguments->command->name);
		refuse(doing, STATUS_REFUSED);
		return;
	}
	result = act(doing, arguments, &said);
	if (result < 0) {
		(void)snprintf(
		    doing->why, sizeof doing->why, "%s", scenario->why);
		refuse(doing, STATUS_REFUSED);
	} else if (result == TIME_PASSES) {
		console_wait(doing->console, doing->letter, arguments,
		    doing->is_recorded ? &doing->record : NULL);
		scenario->waiting = WAITING_CONSOLE;
	} else if (scenario->asked != NULL && scenario->asked->is_done) {
		console_tell_upgrade(doing->console, doing->letter->client,
		    doing->words[0], scenario->asked);
		letter_free(doing->letter);
	} else {
		answer_done(doing, arguments, said);
	}
	free(said);
}

/* The nearest of all words that there are. */
static void
tell_unknown(struct doing *doing)
{
	char words[2048] = "", nearest[NEAREST_WORD_MAX + 1];
	const struct command *command;
	size_t at = 0;
	unsigned int i;

	for (i = 0; (command = operator_word_at(i)) != NULL; i++)
		at += (size_t)snprintf(
		    words + at, sizeof words - at, "%s ", command->name);
	if (nearest_word(doing->words[0], words, nearest, sizeof nearest))
		(void)snprintf(doing->why, sizeof doing->why,
		    "unknown command '%.40s', did you mean '%s'?",
		    doing->words[0], nearest);
	else
		(void)snprintf(doing->why, sizeof doing->why,
		    "unknown command '%.40s', expected one of: %.600s",
		    doing->words[0], words);
}

static int
cut(struct doing *doing)
{
	char why[128];
	int count = phrase_split(doing->letter->text, doing->words,
	    COMMAND_WORDS_MAX, why, sizeof why);

	if (count > 0) {
		doing->count = (unsigned int)count;
		return 0;
	}
	(void)snprintf(doing->why, sizeof doing->why, "%s",
	    count == 0 ? "the line is empty" : why);
	return -EINVAL;
}

void
console_do(struct console *console, struct letter *letter)
{
	struct doing doing = { .console = console, .letter = letter };
	struct command_words words;
	struct arguments arguments;
	const struct command *command;

	if (cut(&doing) != 0) {
		refuse(&doing, STATUS_WRONG);
		return;
	}
	command = operator_word_find(doing.words[0]);
	words =
	    (struct command_words){ doing.words + 1, doing.count - 1, false };
	if (command == NULL) {
		tell_unknown(&doing);
		refuse(&doing, STATUS_WRONG);
	} else if (command_match(command, &words, &arguments, doing.why,
		       sizeof doing.why) != 0) {
		refuse(&doing, STATUS_WRONG);
	} else if (operation_find(command->name) != NULL) {
		do_operation(&doing, &arguments);
	} else {
		do_command(&doing, &arguments);
	}
}
