/*
 * conductor: speaks with the script and drives the scenario's time.
 *
 * It is the scheduler's observer: asked whenever nothing is left to do at an
 * instant, it either takes the script's next request, or looks whether what
 * the last one waits for has come, and says how far time may go on.  So every
 * command finds a switch that is idle at its instant, and time passes only
 * while one waits.
 *
 * Invariants:
 *   1. the script waits for an answer exactly while `waiting` is not
 *      WAITING_REQUEST, or a request is being done;
 *   2. with WAITING_REQUEST the horizon is now: virtual time stands;
 *   3. during a race nothing of the switch runs between two requests: they
 *      are read here, one after the other, till it is over;
 *   4. whatever is done or looked at here, all other schedulers stand still
 *      meanwhile, and had nothing left to do either;
 *   5. between `run` or `check` to the script and its `ran` or `checked` the
 *      command that time passes for stands in `interrupted`, and time with it.
 */
#include "sim/conductor_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "calls/database/recorder.h"
#include "calls/exchange/call_event.h"
#include "calls/exchange/office.h"
#include "sim/frame.h"
#include "sim/noun.h"
#include "sim/orders.h"
#include "sim/outage.h"
#include "sim/operator/console.h"
#include "sim/script.h"
#include "sim/search.h"
#include "sim/threshold.h"
#include "sim/units.h"
#include "switch/log.h"
#include "switch/nearest.h"
#include "switch/object.h"
#include "switch/scheduler.h"
#include "upgrade/release_handler.h"

enum { ANSWER_WORDS = 4 + 2 * COLUMNS_MAX };

/*
 * A condition about elapsed time is looked at each millisecond; so is any in
 * real time, when others must be halted for it.
 */
enum { STEP_US = 1000 };

/* Whether others run while this one has nothing to do. */
static bool
must_halt(const struct scenario *scenario)
{
	return scheduler_pace(scenario->scheduler) == PACE_REAL &&
	    scheduler_count(scenario->scheduler) > 1;
}

/* No further than to what the agenda has; what is due now, in a moment. */
void
conductor_let_time_pass(struct scenario *scenario, uint64_t until)
{
	uint64_t now = scheduler_now(scenario->scheduler);
	uint64_t next = agenda_next(scenario);

	if (agenda_watches(scenario) && now + STEP_US < next &&
	    (must_halt(scenario) || agenda_watches_time(scenario)))
		next = now + STEP_US;
	if (next <= now)
		next = now + 1;
	if (next < until)
		until = next;
	if (scenario->look_at > until)
		scenario->look_at = until;
	scheduler_set_horizon(scenario->scheduler, until);
}

void
conductor_wait_for_request(struct scenario *scenario)
{
	scenario->waiting = WAITING_REQUEST;
	scenario->look_at = 0;
	scheduler_set_horizon(
	    scenario->scheduler, scheduler_now(scenario->scheduler));
	if (event_add(scenario->readable, NULL) != 0)
		scenario->has_input = true; /* then it is looked for always */
}

/* What cannot be sent has nobody to read it; the next read will say so. */
void
conductor_answer(struct scenario *scenario, const char *kind, const char *text)
{
	const char *words[] = { kind, text };

	if (scenario->is_recording && scenario->impossible[0] == '\0')
		command_record_end(&scenario->command, strcmp(kind, "ok") != 0,
		    text, scenario->scheduler);
	scenario->is_recording = false;
	(void)script_answer(scenario->script, 2, words);
	conductor_wait_for_request(scenario);
}

static void
answer_seen(struct scenario *scenario, bool is_last)
{
	const struct columns *columns = &scenario->last;
	const char *words[ANSWER_WORDS] = { "seen", is_last ? "last" : "more",
		columns->state, columns->absent };
	unsigned int i, count = 4;

	for (i = 0; i < columns->count; i++) {
		words[count++] = columns->column[i].name;
		words[count++] = columns->column[i].value;
	}
	(void)script_answer(scenario->script, count, words);
	conductor_wait_for_request(scenario);
}

/* That a release is permanent is said when the database has it. */
static void
answer_upgrade(struct scenario *scenario)
{
	const struct upgrade_report *report =
	    release_handler_report(scenario->handler);

	judge_keep_report(scenario);
	if (report->stage != UPGRADE_permanent ||
	    recorder_flush(scenario->recorder) == 0) {
		conductor_answer(scenario, "ok",
		    upgrade_stage_word((enum upgrade_stage)report->stage));
		return;
	}
	(void)snprintf(scenario->why, sizeof scenario->why,
	    "make-permanent: '%s' %s is permanent until this run ends and no "
	    "longer: %s",
	    report->module, report->version_to,
	    recorder_error(scenario->recorder));
	conductor_answer(scenario, "error", scenario->why);
}

static void
answer_no_time(struct scenario *scenario)
{
	release_handler_abandon(scenario->handler); /* what it may have begun */
	judge_keep_report(scenario);
	stop_say_no_time(scenario, scenario->why, sizeof scenario->why);
	conductor_answer(scenario, "error", scenario->why);
}

/* do LINE COMMAND WORD... */
static void
on_do(struct scenario *scenario, const struct frame *frame)
{
	const struct command *command =
	    frame->count > 2 ? command_find(frame->words[2]) : NULL;
	const struct command_words words = { frame->words + 3,
		frame->count > 3 ? frame->count - 3 : 0, false };
	struct arguments arguments;
	int result = -EINVAL;

	scenario->is_recording = frame->count > 2 &&
	    command_record_begin(&scenario->command, "scenario",
		scheduler_now(scenario->scheduler), frame->words[2],
		frame->words + 3, frame->count - 3);
	scenario->command.line = scenario->at;
	scenario->value[0] = '\0';
	if (command == NULL)
		(void)snprintf(scenario->why, sizeof scenario->why,
		    "there is no such command");
	else
		result = command_match(command, &words, &arguments,
		    scenario->why, sizeof scenario->why);
	if (result == 0 && scenario->interrupted.is_so)
		result = conductor_refuse_time(scenario, &arguments);
	if (result == 0)
		result = action_do(scenario, &arguments);
	if (result >= 0 && scenario->console != NULL)
		console_note(
		    scenario->console, frame->count - 2, frame->words + 2);
	if (result < 0)
		conductor_answer(scenario, "error", scenario->why);
	else if (result == 0)
		conductor_answer(scenario, "ok", scenario->value);
	else if (stop_look(scenario))
		answer_no_time(scenario);
	else
		conductor_let_time_pass(scenario, scenario->until);
}

/* look LINE MODE DUR COLUMNS SUBJECT KEY... */
static void
on_look(struct scenario *scenario, const struct frame *frame)
{
	uint64_t duration = 0;
	unsigned int i;

	scenario->watched.noun =
	    frame->count > 5 ? noun_find(frame->words[5]) : NULL;
	for (i = 0; i < 3; i++)
		(void)snprintf(scenario->subject[i],
		    sizeof scenario->subject[i], "%s",
		    i + 5 < frame->count ? frame->words[i + 5] : "");
	if (scenario->watched.noun == NULL ||
	    subject_look(scenario, scenario->watched.noun, scenario->subject[1],
		scenario->subject[2], &scenario->last) != 0) {
		conductor_answer(scenario, "error", scenario->why);
		return;
	}
	if (frame->words[3][0] != '\0')
		(void)units_duration(frame->words[3], &duration);
	if (scenario->is_racing || stop_look(scenario))
		duration = 0;
	judge_note_expected(scenario, scenario->watched.noun,
	    scenario->subject[1], frame->words[4]);
	scenario->is_watching_time = word_is_in("elapsed_ms", frame->words[4]);
	scenario->until = scheduler_now(scenario->scheduler) + duration;
	answer_seen(scenario, duration == 0);
}

static void
on_watch(struct scenario *scenario)
{
	uint64_t now = scheduler_now(scenario->scheduler);
	uint64_t horizon = scenario->until;

	scenario->waiting = WAITING_CHANGE;
	if ((scenario->is_watching_time || must_halt(scenario)) &&
	    now + STEP_US < horizon)
		horizon = now + STEP_US;
	scenario->look_at = must_halt(scenario) ? horizon : now;
	conductor_let_time_pass(scenario, horizon);
}

static void
on_failure(struct scenario *scenario, const struct frame *frame)
{
	const char *text = frame->count > 2 ? frame->words[2] : "";

	verdict_fail(scenario->verdict, scenario->at, "%s", text);
	story_show(scenario,
	    story_call_of(
		scenario, scenario->subject[0], scenario->subject[1]));
	log_line(scheduler_log(scenario->scheduler),
	    scheduler_entry(scenario->scheduler, LEVEL_info), "failure line %u",
	    scenario->at);
	conductor_answer(scenario, "ok", "");
}

/* finish LINE: the text is at its end; what goes on in the background is not.
 */
static void
on_finish(struct scenario *scenario)
{
	outage_end_stalls(scenario);
	if (judge_upgrade_is_done(scenario)) {
		conductor_answer(scenario, "ok", "");
		return;
	}
	scenario->waiting = WAITING_BACKGROUND;
	scenario->until = UINT64_MAX;
	conductor_let_time_pass(scenario, scenario->until);
}

void
conductor_on_request(struct scenario *scenario, const struct frame *frame)
{
	const char *kind = frame->words[0];

	blame_settle(scenario);
	office_watch_rest(scenario->office);
	if (frame->count > 1)
		scenario->at = (unsigned int)strtoul(frame->words[1], NULL, 10);
	if (strcmp(kind, "do") == 0) {
		on_do(scenario, frame);
	} else if (strcmp(kind, "look") == 0 && frame->count > 4) {
		on_look(scenario, frame);
	} else if (strcmp(kind, "watch") == 0) {
		on_watch(scenario);
	} else if (strcmp(kind, "arm") == 0) {
		conductor_arm(scenario, frame);
	} else if (word_is_in(kind, "ran checked") &&
	    scenario->interrupted.is_so) {
		conductor_resume(scenario, frame);
	} else if (strcmp(kind, "finish") == 0) {
		on_finish(scenario);
	} else if (strcmp(kind, "race") == 0) {
		conductor_race(scenario, frame);
	} else if (strcmp(kind, "raced") == 0) {
		scenario->is_racing = false;
		conductor_answer(scenario, "ok", "");
	} else if (strcmp(kind, "failure") == 0) {
		on_failure(scenario, frame);
	} else {
		if (strcmp(kind, "broken") == 0 && frame->count > 2)
			judge_cut(scenario, frame->words[2]);
		scenario->is_racing = false;
		conductor_end_script(scenario);
	}
}

static void
take_request(struct scenario *scenario)
{
	struct frame frame;
	int result;

	do {
		result =
		    script_read(scenario->script, scenario->is_racing, &frame);
		scenario->has_input = false;
		if (result == -EAGAIN)
			conductor_wait_for_request(scenario);
		else if (result != 0)
			conductor_bury(scenario);
		else
			conductor_take(scenario, &frame);
	} while (scenario->is_racing);
}

static bool
has_changed(struct scenario *scenario)
{
	struct columns *now = &scenario->now;
	struct columns *last = &scenario->last;
	unsigned int i;

	if (subject_look(scenario, scenario->watched.noun, scenario->subject[1],
		scenario->subject[2], now) != 0)
		return false;
	if (strcmp(now->state, last->state) != 0 ||
	    strcmp(now->absent, last->absent) != 0 || now->count != last->count)
		return true;
	for (i = 0; i < now->count; i++)
		if (strcmp(now->column[i].value, last->column[i].value) != 0 &&
		    (scenario->is_watching_time ||
			strcmp(now->column[i].name, "elapsed_ms") != 0))
			return true;
	return false;
}

/*
 * Timers are of whole milliseconds, rounded up: one that is due at an end which
 * lies within a millisecond, as behind an upgrade, comes when that is full.
 */
static bool
awaits_timer(struct scenario *scenario)
{
	const uint64_t past = scenario->until % STEP_US;

	if (past == 0 || scheduler_pace(scenario->scheduler) != PACE_VIRTUAL ||
	    !scheduler_is_due_by(
		scenario->scheduler, scenario->until + STEP_US - past))
		return false;
	scenario->until += STEP_US - past;
	return true;
}

static void
look_again(struct scenario *scenario)
{
	bool is_late = stop_look(scenario) ||
	    (scheduler_now(scenario->scheduler) >= scenario->until &&
		!awaits_timer(scenario));

	if (!has_changed(scenario) && !is_late) {
		on_watch(scenario);
		return;
	}
	scenario->last = scenario->now;
	answer_seen(scenario, is_late);
}

static void
note_highest(struct scenario *scenario)
{
	uint64_t live = office_counts(scenario->office)->live;

	if (live > scenario->verdict->calls.highest)
		scenario->verdict->calls.highest = live;
}

/* Whether a command of the script waits till time has passed. */
static bool
lets_time_pass(const struct scenario *scenario)
{
	return !scenario->interrupted.is_so &&
	    scenario->waiting != WAITING_REQUEST &&
	    scenario->waiting != WAITING_END &&
	    scenario->waiting != WAITING_CONSOLE;
}

/* Whether what the script waits for may have come. */
static bool
may_have_come(struct scenario *scenario, bool has_stopped)
{
	switch (scenario->waiting) {
	case WAITING_REQUEST:
		return scenario->has_input;
	case WAITING_TIME:
	case WAITING_SEARCH:
		return has_stopped ||
		    scheduler_now(scenario->scheduler) >= scenario->until;
	case WAITING_CHANGE:
		return true;
	case WAITING_UPGRADE:
	case WAITING_BACKGROUND:
	case WAITING_END:
		return judge_upgrade_is_done(scenario);
	case WAITING_CONSOLE:
		return has_stopped;
	}
	return false;
}

static void
go_on_searching(struct scenario *scenario)
{
	if (stop_look(scenario))
		answer_no_time(scenario);
	else if (search_go_on(scenario))
		conductor_let_time_pass(scenario, scenario->until);
	else
		conductor_answer(scenario, "ok", scenario->value);
}

bool
conductor_is_wanted(struct scenario *scenario)
{
	uint64_t now = scheduler_now(scenario->scheduler);
	bool has_stopped = stop_look(scenario);

	if (now < scenario->look_at && !has_stopped)
		return false;
	if (lets_time_pass(scenario) &&
	    (agenda_watches(scenario) || agenda_next(scenario) <= now))
		return true;
	return may_have_come(scenario, has_stopped);
}

static void
do_awaited(struct scenario *scenario, bool has_stopped)
{
	switch (scenario->waiting) {
	case WAITING_REQUEST:
		take_request(scenario);
		break;
	case WAITING_BACKGROUND:
		conductor_answer(scenario, "ok", "");
		break;
	case WAITING_TIME:
		if (has_stopped)
			answer_no_time(scenario);
		else if (awaits_timer(scenario))
			conductor_let_time_pass(scenario, scenario->until);
		else
			conductor_answer(scenario, "ok", "");
		break;
	case WAITING_CHANGE:
		look_again(scenario);
		break;
	case WAITING_UPGRADE:
		if (has_stopped)
			answer_no_time(scenario);
		else
			answer_upgrade(scenario);
		break;
	case WAITING_SEARCH:
		go_on_searching(scenario);
		break;
	case WAITING_END:
		conductor_close(scenario);
		break;
	case WAITING_CONSOLE:
		console_stopped(scenario->console);
		break;
	}
}

void
conductor_go_on(struct scenario *scenario)
{
	const bool has_stopped = stop_look(scenario);

	if (lets_time_pass(scenario) && !has_stopped) {
		if (agenda_go_on(scenario)) {
			conductor_interrupt(scenario);
			return;
		}
		if (!may_have_come(scenario, has_stopped)) {
			conductor_let_time_pass(scenario, scenario->until);
			return;
		}
	}
	do_awaited(scenario, has_stopped);
}

/* What thresholds ask is asked of a switch that stands still. */
static void
look_at_thresholds(struct scenario *scenario)
{
	if (scenario->thresholds == NULL ||
	    scheduler_now(scenario->scheduler) < threshold_due(scenario))
		return;
	scheduler_halt_others(scenario->scheduler);
	threshold_look(scenario);
	scheduler_let_go(scenario->scheduler);
}

static void
look_later(struct scenario *scenario)
{
	scenario->look_at = scheduler_now(scenario->scheduler) + STEP_US;
	scheduler_set_horizon(scenario->scheduler, scenario->look_at);
}

/* Nothing is left to do at this instant. */
static void
settled(void *arg)
{
	struct scenario *scenario = arg;
	struct scheduler *home = scenario->scheduler;

	CHECK_OBJ(scenario, SCENARIO_MAGIC);
	if (conductor_cut_endless(scenario))
		return;
	progress_tell(scenario, false);
	note_highest(scenario);
	look_at_thresholds(scenario);
	if (lets_time_pass(scenario))
		agenda_begin_look(scenario);
	if (!conductor_is_wanted(scenario))
		return;
	scheduler_halt_others(home);
	if (scheduler_is_quiet(home))
		conductor_go_on(scenario);
	else /* in real time: one of them is still at it */
		look_later(scenario);
	scheduler_let_go(home);
}

/* The script has said something, or is gone: settled() will look. */
static void
on_readable(evutil_socket_t descriptor, short what, void *arg)
{
	struct scenario *scenario = arg;

	(void)descriptor;
	(void)what;
	scenario->has_input = true;
}

int
conductor_install(struct scenario *scenario)
{
	const char *go[] = { "go" };

	scenario->readable = event_new(scheduler_base(scenario->scheduler),
	    script_socket(scenario->script), EV_READ, on_readable, scenario);
	if (scenario->readable == NULL)
		return -ENOMEM;
	scheduler_observe(scenario->scheduler, settled, scenario);
	conductor_wait_for_request(scenario);
	return script_answer(scenario->script, 1, go);
}

void
conductor_remove(struct scenario *scenario)
{
	if (scenario->readable != NULL)
		event_free(scenario->readable);
	scenario->readable = NULL;
}
