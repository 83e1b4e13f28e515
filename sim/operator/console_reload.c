/*
 * console_reload: a switch in operation reads its config again.
 *
 *   idle ── asked ──> reading ── it would come up ──> doing ──> idle
 *                        └── it would not: nothing has changed ───^
 *
 * Reading is done elsewhere (config_job.h), doing here, a little in each turn.
 * Who asks meanwhile may mean a text that is newer than what is being read: the
 * config is read once more then, for all who did.  What an operator says of the
 * office by hand stands beside what the config says, and outlives it.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "sim/office_data.h"
#include "sim/operator/config_job.h"
#include "sim/operator/console_internal.h"
#include "sim/options.h"
#include "sim/reload.h"
#include "switch/scheduler.h"

enum { STATUS_REFUSED = 1 };

static const char no_config[] =
    "there is no config to read again: it was begun without --config";

int
console_reload_alloc(struct console *console)
{
	struct reloading *reloading = &console->reloading;
	int result = office_data_alloc(&reloading->said);

	if (result == 0)
		result = office_data_alloc(&reloading->by_hand);
	if (result == 0 && console->options.reread != NULL)
		result =
		    config_job_alloc(&reloading->job, console->options.reread);
	return result;
}

static void
free_letters(struct letter **at)
{
	struct letter *letter;

	while ((letter = *at) != NULL) {
		*at = letter->next;
		letter_free(letter);
	}
}

void
console_reload_free(struct console *console)
{
	struct reloading *reloading = &console->reloading;

	config_job_free(&reloading->job);
	reload_free(&reloading->reload);
	office_data_free(&reloading->said);
	office_data_free(&reloading->now);
	office_data_free(&reloading->by_hand);
	free_letters(&reloading->asked);
	free_letters(&reloading->later);
}

/*--------------------------------------------------------------------
 * What is said of the office
 */

/* A switch that does not know what it is made of is none. */
void
console_note(
    struct console *console, unsigned int count, const char *const *words)
{
	struct scenario *scenario = console->scenario;

	if (office_data_add(console->reloading.said, count, words) != 0)
		(void)snprintf(scenario->impossible,
		    sizeof scenario->impossible,
		    "no memory is left for its config");
}

const struct office_data *
console_config(const struct console *console)
{
	return console->reloading.said;
}

/* Without memory it is as if the config had said so: it goes with a reload. */
void
console_reload_note_by_hand(
    struct console *console, unsigned int count, const char *const *words)
{
	(void)office_data_add(console->reloading.by_hand, count, words);
}

bool
console_reload_is_at_it(const struct console *console)
{
	return console->reloading.is_reading ||
	    console->reloading.reload != NULL;
}

/*--------------------------------------------------------------------
 * Answers
 */

static void
answer_done(struct console *console, uint64_t client, const char *text)
{
	struct answer answer;

	answer_begin(&answer, true, "reload");
	answer_text(&answer, "text", text);
	if (answer.out != NULL)
		reload_json(console->reloading.reload, answer.out);
	console_answer(console, answer_end(&answer, client, true));
}

static void
answer(
    struct console *console, struct letter **at, bool is_done, const char *text)
{
	struct letter *letter;

	for (letter = *at; letter != NULL; letter = letter->next)
		if (is_done)
			answer_done(console, letter->client, text);
		else
			console_answer(console,
			    answer_refusal(letter->client, "reload", text,
				STATUS_REFUSED));
	free_letters(at);
}

static void begin(struct console *console);

/* It has ended so; and what was asked meanwhile begins. */
static void
finish(struct console *console, bool is_done, const char *text)
{
	struct reloading *reloading = &console->reloading;
	char told[RELOAD_TEXT_SIZE + 64];

	answer(console, &reloading->asked, is_done, text);
	command_record_end(
	    &reloading->record, !is_done, text, console->scenario->scheduler);
	reload_free(&reloading->reload);
	(void)snprintf(told, sizeof told, "%s%s",
	    is_done ? "config read again: " : "config not read again: ", text);
	console->options.reloads(console->options.arg, told);
	if (!reloading->is_wanted_later)
		return;
	reloading->is_wanted_later = false;
	reloading->asked = reloading->later;
	reloading->later = NULL;
	begin(console);
}

/*--------------------------------------------------------------------
 * From the first to the last
 */

static void
begin_record(struct console *console)
{
	const struct letter *letter = console->reloading.asked;
	char who[COMMAND_NAME_SIZE] = "SIGHUP";

	if (letter != NULL)
		(void)snprintf(who, sizeof who, "uid %" PRIu32, letter->user);
	(void)command_record_begin(&console->reloading.record, who,
	    scheduler_now(console->scenario->scheduler), "reload", NULL, 0);
}

static void
begin(struct console *console)
{
	struct reloading *reloading = &console->reloading;
	int result;

	begin_record(console);
	console->options.reloads(console->options.arg, NULL);
	result = config_job_begin(
	    reloading->job, reloading->said, reloading->by_hand);
	reloading->is_reading = result == 0;
	if (result != 0)
		finish(console, false, strerror(-result));
}

static void
put(struct letter **at, struct letter *letter)
{
	if (letter == NULL)
		return;
	while (*at != NULL)
		at = &(*at)->next;
	letter->next = NULL;
	*at = letter;
}

void
console_reload(struct console *console, struct letter *letter)
{
	struct reloading *reloading = &console->reloading;
	const char *why = reloading->job == NULL ? no_config
	    : console->state != CONSOLE_SERVING	 ? "the switch is ending"
						 : NULL;

	if (why != NULL && letter == NULL) {
		console->options.reloads(console->options.arg, why);
	} else if (why != NULL) {
		letter->next = NULL;
		answer(console, &letter, false, why);
	} else if (console_reload_is_at_it(console)) {
		reloading->is_wanted_later = true;
		put(&reloading->later, letter);
	} else {
		put(&reloading->asked, letter);
		begin(console);
	}
}

/* What was read is right: it is to be done. */
static int
take_plan(struct console *console, char why[CONFIG_WHY])
{
	struct reloading *reloading = &console->reloading;
	struct reload_plan plan;
	int result =
	    config_job_end(reloading->job, &plan, &reloading->now, why);

	if (result != 0)
		return result;
	result = reload_alloc(&reloading->reload, console->scenario, &plan);
	if (result != 0) {
		reload_plan_done(&plan);
		office_data_free(&reloading->now);
		(void)snprintf(why, CONFIG_WHY, "no memory is left");
	}
	return result;
}

static void
look_whether_read(struct console *console)
{
	struct reloading *reloading = &console->reloading;
	char why[CONFIG_WHY], text[RELOAD_TEXT_SIZE];
	int result = take_plan(console, why);

	if (result == -EBUSY)
		return;
	reloading->is_reading = false;
	if (result == 0)
		return;
	(void)snprintf(text, sizeof text, "nothing has changed: %s", why);
	finish(console, false, text);
}

/* Without memory it is as if all had been obeyed. */
static void
keep_what_is_in_force(struct reloading *reloading)
{
	struct office_data *data;

	if (reload_in_force(
		reloading->reload, reloading->said, reloading->now, &data) == 0)
		office_data_free(&reloading->now);
	else
		data = reloading->now;
	reloading->now = NULL;
	office_data_free(&reloading->said);
	reloading->said = data;
}

static bool
go_on_doing(struct console *console)
{
	struct reloading *reloading = &console->reloading;
	char text[RELOAD_TEXT_SIZE];
	int result = reload_go_on(reloading->reload);

	if (result > 0)
		return true;
	if (result == 0) {
		keep_what_is_in_force(reloading);
		reload_tell(reloading->reload, text, sizeof text);
	} else {
		office_data_free(&reloading->now);
		(void)snprintf(text, sizeof text,
		    "what it had done before this stands: %s",
		    reload_why(reloading->reload));
	}
	finish(console, result == 0, text);
	return false;
}

bool
console_reload_go_on(struct console *console)
{
	if (console->state != CONSOLE_SERVING)
		return false;
	if (console->reloading.is_reading)
		look_whether_read(console);
	return console->reloading.reload != NULL && go_on_doing(console);
}

void
console_reload_dismiss(struct console *console, const char *why)
{
	answer(console, &console->reloading.asked, false, why);
	answer(console, &console->reloading.later, false, why);
	console->reloading.is_wanted_later = false;
}

void
console_reload_remove(struct console *console)
{
	/* It may hold tables of the office, which goes now. */
	reload_free(&console->reloading.reload);
}
