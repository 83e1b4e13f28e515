/*
 * conductor_agenda: how what the agenda wants is done while a command waits.
 *
 * The script waits for the answer of that command and takes `run` and `check`
 * meanwhile; what it asks for in a body are requests as any other, but that no
 * time passes for them.  The command itself stands aside in `interrupted`.
 */
#include "sim/conductor_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/frame.h"
#include "sim/script.h"
#include "switch/nearest.h"
#include "switch/object.h"
#include "switch/scheduler.h"

/* What lets time pass has no place in a body of `at` and `every`. */
int
conductor_refuse_time(
    struct scenario *scenario, const struct arguments *arguments)
{
	const char *name = arguments->command->name;
	bool can_wait = word_is_in(name, "upgrade rehearse rollback");

	if (!word_is_in(name, "advance search") &&
	    (!can_wait || arguments_option(arguments, "-background") != NULL))
		return 0;
	(void)snprintf(scenario->why, sizeof scenario->why,
	    "%s: no time passes in a body of `at` and `every`%s", name,
	    can_wait ? ", give -background" : "");
	return -EINVAL;
}

void
conductor_arm(struct scenario *scenario, const struct frame *frame)
{
	scenario->value[0] = '\0';
	if (frame->count > 5 && agenda_arm(scenario, frame) == 0)
		conductor_answer(scenario, "ok", scenario->value);
	else
		conductor_answer(scenario, "error", scenario->why);
}

void
conductor_interrupt(struct scenario *scenario)
{
	struct interrupted *interrupted = &scenario->interrupted;

	interrupted->is_so = true;
	interrupted->waiting = scenario->waiting;
	interrupted->until = scenario->until;
	interrupted->at = scenario->at;
	interrupted->upgrade = scenario->upgrade;
	interrupted->upgrade_number = scenario->upgrade_number;
	interrupted->upgrade_at = scenario->upgrade_at;
	interrupted->watched = scenario->watched.noun;
	interrupted->last = scenario->last;
	interrupted->is_watching_time = scenario->is_watching_time;
	interrupted->is_recording = scenario->is_recording;
	interrupted->command = scenario->command;
	memcpy(interrupted->subject, scenario->subject,
	    sizeof interrupted->subject);
	scenario->is_recording = false;
	conductor_wait_for_request(scenario);
}

/* The switch has nothing left to do: it was idle before the last answer. */
static void
resume(struct scenario *scenario)
{
	struct interrupted *interrupted = &scenario->interrupted;

	interrupted->is_so = false;
	scenario->waiting = interrupted->waiting;
	scenario->until = interrupted->until;
	scenario->at = interrupted->at;
	if (interrupted->waiting == WAITING_UPGRADE) {
		scenario->upgrade = interrupted->upgrade;
		scenario->upgrade_number = interrupted->upgrade_number;
		scenario->upgrade_at = interrupted->upgrade_at;
	}
	scenario->watched.noun = interrupted->watched;
	scenario->last = interrupted->last;
	scenario->is_watching_time = interrupted->is_watching_time;
	scenario->is_recording = interrupted->is_recording;
	scenario->command = interrupted->command;
	memcpy(scenario->subject, interrupted->subject,
	    sizeof interrupted->subject);
	if (conductor_is_wanted(scenario))
		conductor_go_on(scenario);
	else
		conductor_let_time_pass(scenario, scenario->until);
}

/* checked LINE NUMBER yes|no: whether it is watched further. */
static void
note_checked(struct scenario *scenario, const struct frame *frame)
{
	scenario->agenda.is_asked = false;
	if (frame->count == 4 && strcmp(frame->words[3], "no") == 0)
		agenda_disarm(
		    scenario, (unsigned int)strtoul(frame->words[2], NULL, 10));
}

void
conductor_resume(struct scenario *scenario, const struct frame *frame)
{
	if (strcmp(frame->words[0], "ran") == 0)
		agenda_begin_look(scenario); /* it may have changed anything */
	else
		note_checked(scenario, frame);
	resume(scenario);
}

/* Its words in memory of their own, so that others may be read; NULL: none. */
static char *
keep_words(struct frame *frame, size_t *ret_size)
{
	const char *first = frame->words[0];
	const char *last = frame->words[frame->count - 1];
	char *words;
	unsigned int i;

	*ret_size = (size_t)(last - first) + strlen(last) + 1;
	words = object_alloc(*ret_size);
	if (words == NULL)
		return NULL;
	memcpy(words, first, *ret_size);
	for (i = 0; i < frame->count; i++)
		frame->words[i] = words + (frame->words[i] - first);
	return words;
}

/* What the script has to say to a `check`; false: it has ended. */
static bool
hear_checked(struct scenario *scenario)
{
	struct frame frame;

	for (;;) {
		if (script_read(scenario->script, 1, &frame) != 0) {
			conductor_bury(scenario);
			return false;
		}
		if (strcmp(frame.words[0], "checked") == 0)
			break;
		conductor_on_request(scenario, &frame);
		if (scenario->is_cut)
			return false;
	}
	note_checked(scenario, &frame);
	return true;
}

/*
 * What is watched is looked at before each request, too: it may be so at this
 * instant and no longer at the next.  The script waits for an answer, so it
 * can be asked, and no time passes.  False: it has ended.
 */
static bool
look_before(struct scenario *scenario, struct frame *frame, char **ret_words,
    size_t *ret_size)
{
	agenda_begin_look(scenario);
	while (agenda_look(scenario)) {
		if (*ret_words == NULL)
			*ret_words = keep_words(frame, ret_size);
		if (!hear_checked(scenario))
			return false;
	}
	return true;
}

void
conductor_take(struct scenario *scenario, struct frame *frame)
{
	char *words = NULL;
	size_t size = 0;

	if (scenario->is_racing || scenario->agenda.is_asked ||
	    word_is_in(frame->words[0], "ran checked end broken") ||
	    look_before(scenario, frame, &words, &size))
		conductor_on_request(scenario, frame);
	object_free(words, size);
}
