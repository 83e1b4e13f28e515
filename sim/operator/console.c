/*
 * console: see console.h for what it is.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <event2/event.h>

#include "calls/exchange/office_gate.h"
#include "sim/operator/console_internal.h"
#include "sim/operator/listening.h"
#include "sim/operator/logger.h"
#include "sim/operator/report_job.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "switch/store.h"

enum {
	LINES_PER_TURN = 16, /* calls come first */
	TICK_US = 20000,     /* how often those who wait are looked at */
	/* Between two looks of a report: they handle calls all the while. */
	REST_US = 1000,
	STATUS_ENDING = 3 /* it can no longer be done */
};

static const char ending[] = "the switch is ending";

int
console_alloc(
    struct console **ret_console, const struct console_options *options)
{
	struct console *console;

	if (ALLOC_OBJ(console, CONSOLE_MAGIC) == NULL)
		return -ENOMEM;
	console->options = *options;
	if (report_jobs_alloc(&console->jobs, options->answers) != 0 ||
	    console_reload_alloc(console) != 0) {
		console_free(&console);
		return -ENOMEM;
	}
	*ret_console = console;
	return 0;
}

void
console_free(struct console **consolep)
{
	if (*consolep != NULL) {
		report_jobs_free(&(*consolep)->jobs);
		console_reload_free(*consolep);
	}
	FREE_OBJ(consolep, CONSOLE_MAGIC);
}

bool
console_ended_well(const struct console *console, char *why, size_t size)
{
	CHECK_OBJ(console, CONSOLE_MAGIC);
	(void)snprintf(why, size, "%s", console->why);
	return console->why[0] == '\0';
}

void
console_answer(struct console *console, struct letter *answer)
{
	if (answer != NULL)
		letterbox_put(console->options.answers, answer);
}

/*--------------------------------------------------------------------
 * Its end
 */

/* In order, so that each call ends with its record. */
static void
end(struct console *console)
{
	struct scenario *scenario = console->scenario;
	const struct reason reason = { .kind = REASON_SHUTDOWN };

	console->state = CONSOLE_ENDING;
	console_dismiss(console, ending);
	console_reload_dismiss(console, ending);
	report_jobs_dismiss(console->jobs, ending);
	process_exit_signal(
	    scenario->scheduler, PID_NONE, scenario->root, reason);
}

/* New calls are refused as those beyond a limit are; emergency calls pass. */
static void
drain(struct console *console)
{
	const struct gate_limits none = { .live = 1 };

	console->state = CONSOLE_DRAINING;
	office_set_gate(console->scenario->office, &none);
}

static void
on_told_to_end(struct console *console)
{
	struct scenario *scenario = console->scenario;

	if (console->state == CONSOLE_CONFIGURING) {
		(void)snprintf(scenario->impossible,
		    sizeof scenario->impossible,
		    "it was told to end before its config was done");
		scheduler_stop(scenario->scheduler);
		return;
	}
	if (console->state == CONSOLE_SERVING)
		console->options.ends(console->options.arg);
	if (console->state == CONSOLE_SERVING && console->options.drains)
		drain(console);
	else if (console->state < CONSOLE_ENDING)
		end(console);
}

void
console_stopped(struct console *console)
{
	CHECK_OBJ(console, CONSOLE_MAGIC);
	if (console->state == CONSOLE_ENDED)
		return;
	if (console->state != CONSOLE_ENDING) {
		(void)snprintf(console->why, sizeof console->why,
		    "the switch has stopped by itself: %s",
		    console->scenario->stopped);
		console->options.ends(console->options.arg);
		console_dismiss(console, console->why);
		console_reload_dismiss(console, console->why);
		report_jobs_dismiss(console->jobs, console->why);
	}
	console->state = CONSOLE_ENDED;
	office_give_up_starts(console->scenario->office);
	judge_close_operation(console->scenario);
	scheduler_stop(console->scenario->scheduler);
}

/*--------------------------------------------------------------------
 * Its turns
 */

static void call_later(struct console *console, uint64_t us);
static void look_later(struct console *console);

static void
take_lines(struct console *console)
{
	struct letter *letter = NULL;
	unsigned int i;

	for (i = 0; i < LINES_PER_TURN; i++) {
		letter = letterbox_take(console->options.lines);
		if (letter == NULL)
			return;
		if (letter->is_parting) {
			console_forget(console, letter->client);
			letter_free(letter);
			continue;
		}
		if (console->state == CONSOLE_SERVING ||
		    console->state == CONSOLE_DRAINING) {
			console_do(console, letter);
			continue;
		}
		console_answer(console,
		    answer_refusal(letter->client, "", ending, STATUS_ENDING));
		letter_free(letter);
	}
}

/* One that was told before it serves is obeyed when it does. */
static void
take_hangups(struct console *console)
{
	for (; console->hangups > 0 && console->state >= CONSOLE_SERVING;
	     console->hangups--)
		console_reload(console, NULL);
}

static void
turn(void *arg, uint64_t is_tick)
{
	struct console *console = arg;
	struct scheduler *home = console->scenario->scheduler;
	bool wants_more, wants_now;

	CHECK_OBJ(console, CONSOLE_MAGIC);
	if (is_tick)
		console->is_ticking = false;
	else
		console->is_called = false;
	scheduler_halt_others(home);
	for (; console->signals > 0; console->signals--)
		on_told_to_end(console);
	take_hangups(console);
	take_lines(console);
	wants_now = console_reload_go_on(console);
	wants_more =
	    console_look_after(console) || console_reload_is_at_it(console);
	if (console->state == CONSOLE_DRAINING) {
		wants_more = true;
		if (office_counts(console->scenario->office)->live == 0)
			end(console);
	}
	scheduler_let_go(home);
	look_later(console);
	if (console->state >= CONSOLE_SERVING &&
	    event_add(console->mail, NULL) != 0)
		wants_more = true; /* then letters are looked for */
	if (wants_more)
		call_later(console, TICK_US);
	if (wants_now)
		call_later(console, 0);
}

/*
 * In a while, in a turn of the scheduler: there the clock has just been read.
 * Without memory the next letter or signal tries again.
 */
static void
call_at(struct console *console, uint64_t at, bool is_tick)
{
	bool *is_due = is_tick ? &console->is_ticking : &console->is_called;

	if (!*is_due)
		*is_due = scheduler_at(console->scenario->scheduler, at, turn,
			      console, is_tick) == 0;
}

static void
call_later(struct console *console, uint64_t us)
{
	call_at(
	    console, scheduler_now(console->scenario->scheduler) + us, us > 0);
}

/* Apart from all else, so that between two looks there always is a rest. */
static void
look(void *arg, uint64_t key)
{
	struct console *console = arg;
	struct scheduler *home = console->scenario->scheduler;

	(void)key;
	CHECK_OBJ(console, CONSOLE_MAGIC);
	console->is_looking = false;
	scheduler_halt_others(home);
	report_jobs_look(console->jobs);
	scheduler_let_go(home);
	look_later(console);
}

static void
look_later(struct console *console)
{
	struct scheduler *home = console->scenario->scheduler;

	if (!console->is_looking && report_jobs_want_to_look(console->jobs))
		console->is_looking =
		    scheduler_at(home, scheduler_now(home) + REST_US, look,
			console, 0) == 0;
}

/* In the very next turn of the scheduler, not when a ms has gone by. */
static void
call_next(struct console *console)
{
	call_at(console, 0, false);
}

static void
on_mail(evutil_socket_t descriptor, short what, void *arg)
{
	(void)descriptor;
	(void)what;
	call_next(arg);
}

static void
on_signal(evutil_socket_t number, short what, void *arg)
{
	struct console *console = arg;

	(void)number;
	(void)what;
	console->signals++;
	call_next(console);
}

static void
on_hangup(evutil_socket_t number, short what, void *arg)
{
	struct console *console = arg;

	(void)number;
	(void)what;
	console->hangups++;
	call_next(console);
}

/*--------------------------------------------------------------------
 * Its place in the switch
 */

int
console_install(struct console *console, struct scenario *scenario)
{
	struct event_base *base = scheduler_base(scenario->scheduler);
	int result;

	CHECK_OBJ(console, CONSOLE_MAGIC);
	console->scenario = scenario;
	result = logger_install(
	    console->options.logger, scheduler_log(scenario->scheduler));
	if (result != 0)
		return result;
	/* Not persistent: a base polled in between must find it once only. */
	console->mail =
	    event_new(base, letterbox_descriptor(console->options.lines),
		EV_READ, on_mail, console);
	result = listening_begin(&console->terminate,
	    evsignal_new(base, SIGTERM, on_signal, console));
	if (result == 0)
		result = listening_begin(&console->interrupt,
		    evsignal_new(base, SIGINT, on_signal, console));
	if (result == 0)
		result = listening_begin(&console->hangup,
		    evsignal_new(base, SIGHUP, on_hangup, console));
	return result;
}

void
console_warn(struct console *console, const char *text)
{
	logger_say(console->options.logger, LEVEL_warning, "%s", text);
}

void
console_remove(struct console *console)
{
	if (console == NULL)
		return;
	CHECK_OBJ(console, CONSOLE_MAGIC);
	listening_end(&console->mail);
	listening_end(&console->terminate);
	listening_end(&console->interrupt);
	listening_end(&console->hangup);
	console_reload_remove(console);
}

/* One that finds no memory for the next time will be found dead, which it is.
 */
static void
live_on(void *arg, uint64_t key)
{
	struct console *console = arg;
	struct scheduler *home = console->scenario->scheduler;

	console->options.alive(console->options.arg);
	(void)scheduler_at(home,
	    scheduler_now(home) + console->options.alive_us, live_on, console,
	    key);
}

void
console_open(struct console *console)
{
	CHECK_OBJ(console, CONSOLE_MAGIC);
	if (event_add(console->mail, NULL) != 0) {
		console->signals++; /* it could never hear of anything */
		call_later(console, 0);
		return;
	}
	console->state = CONSOLE_SERVING;
	console->options.opened(console->options.arg);
	if (console->options.alive_us > 0)
		live_on(console, 0);
	if (console->hangups > 0)
		call_later(console, 0);
}
