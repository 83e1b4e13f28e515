/*
 * agenda: see agenda.h for what it is.
 */
#include "sim/agenda.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/action_internal.h"
#include "sim/frame.h"
#include "sim/noun.h"
#include "sim/scenario_internal.h"
#include "sim/script.h"
#include "sim/units.h"
#include "switch/nearest.h"
#include "switch/object.h"
#include "switch/scheduler.h"

enum { WATCHES_MAX = 1000, KEY_SIZE = 64 };

/* A body that is to be done: its number is that of its place. */
struct agenda_entry {
	uint64_t due;		/* UINT64_MAX: done for good */
	uint64_t period, until; /* µs; 0: once */
	unsigned int at;	/* the scenario's line */
	char when[24];		/* as it was written */
};

struct agenda_watch {
	unsigned int number;
	const struct noun *noun;
	char keys[2][KEY_SIZE];
	char mentions[WHY_SIZE]; /* "": all of its columns */
	uint64_t until;
	struct columns last;
};

static uint64_t
now_of(const struct scenario *scenario)
{
	return scheduler_now(scenario->scheduler);
}

/*--------------------------------------------------------------------
 * Bodies
 */

/* What is answered is the number by which the body is asked for. */
static int
add(struct scenario *scenario, const struct arguments *arguments,
    const struct agenda_entry *entry)
{
	struct agenda *agenda = &scenario->agenda;
	struct agenda_entry *entries;

	entries = object_grow(agenda->entries, agenda->entries_count,
	    &agenda->entries_room, sizeof *entries);
	if (entries == NULL)
		return action_refuse(
		    scenario, arguments, "no memory is left for it");
	agenda->entries = entries;
	(void)snprintf(scenario->value, sizeof scenario->value, "%u",
	    agenda->entries_count);
	entries[agenda->entries_count] = *entry;
	entries[agenda->entries_count].at = scenario->at;
	(void)snprintf(entries[agenda->entries_count].when, sizeof entry->when,
	    "%s", action_word(arguments, 0));
	agenda->entries_count++;
	return 0;
}

/* "10m" of the run, "+10m" from now. */
static uint64_t
time_of(const struct scenario *scenario, const char *text)
{
	return text[0] == '+' ? now_of(scenario) + action_duration(text + 1)
			      : action_duration(text);
}

static int
refuse_past(struct scenario *scenario, const struct arguments *arguments,
    const char *time)
{
	return action_refuse(scenario, arguments,
	    "%s is not to come, it is %.9g s of the run: %s is from now", time,
	    (double)now_of(scenario) / 1e6,
	    time[0] == '+' ? "+1s" : "a time with + in front");
}

int
agenda_at(struct scenario *scenario, const struct arguments *arguments)
{
	const char *time = action_word(arguments, 0);
	const struct agenda_entry entry = { .due = time_of(scenario, time) };

	if (entry.due <= now_of(scenario))
		return refuse_past(scenario, arguments, time);
	return add(scenario, arguments, &entry);
}

int
agenda_every(struct scenario *scenario, const struct arguments *arguments)
{
	const char *until = arguments_option(arguments, "-until");
	struct agenda_entry entry = {
		.period = action_duration(action_word(arguments, 0)),
		.until = until == NULL ? UINT64_MAX : time_of(scenario, until)
	};

	entry.due = now_of(scenario) + entry.period;
	if (entry.until <= now_of(scenario))
		return refuse_past(scenario, arguments, until);
	if (entry.due > entry.until)
		entry.due = UINT64_MAX;
	return add(scenario, arguments, &entry);
}

/* The first that is due; UINT_MAX: none is. */
static struct agenda_entry *
find_due(const struct scenario *scenario)
{
	const struct agenda *agenda = &scenario->agenda;
	struct agenda_entry *due = NULL;
	unsigned int i;

	for (i = 0; i < agenda->entries_count; i++)
		if (agenda->entries[i].due <= now_of(scenario) &&
		    (due == NULL || agenda->entries[i].due < due->due))
			due = &agenda->entries[i];
	return due;
}

static bool
begin_body(struct scenario *scenario)
{
	struct agenda_entry *entry = find_due(scenario);
	char number[16];
	const char *words[] = { "run", number };

	if (entry == NULL)
		return false;
	(void)snprintf(number, sizeof number, "%u",
	    (unsigned int)(entry - scenario->agenda.entries));
	if (entry->period > 0 && entry->until - entry->due >= entry->period)
		entry->due += entry->period;
	else
		entry->due = UINT64_MAX;
	(void)script_answer(scenario->script, 2, words);
	return true;
}

/*--------------------------------------------------------------------
 * Watches
 */

/* As it is now, of the columns that matter. */
static int
look(struct scenario *scenario, const struct agenda_watch *watch,
    struct columns *columns)
{
	return subject_look(
	    scenario, watch->noun, watch->keys[0], watch->keys[1], columns);
}

int
agenda_arm(struct scenario *scenario, const struct frame *frame)
{
	struct agenda *agenda = &scenario->agenda;
	struct agenda_watch *watch, **watches;
	uint64_t duration = UINT64_MAX - now_of(scenario);
	unsigned int i;

	(void)snprintf(scenario->why, sizeof scenario->why,
	    "never: only a scenario can do that");
	if (scenario->console != NULL) /* nothing is watched when it serves */
		return -EINVAL;
	(void)snprintf(scenario->why, sizeof scenario->why,
	    "more than %d things are watched at once", WATCHES_MAX);
	watches = object_grow(agenda->watches, agenda->watches_count,
	    &agenda->watches_room, sizeof *watches);
	if (watches == NULL || agenda->watches_count == WATCHES_MAX)
		return -EINVAL;
	agenda->watches = watches;
	watch = object_alloc(sizeof *watch);
	if (watch == NULL)
		return -EINVAL;
	watch->noun = noun_find(frame->words[5]);
	for (i = 0; i < 2 && i + 6 < frame->count; i++)
		(void)snprintf(
		    watch->keys[i], KEY_SIZE, "%s", frame->words[i + 6]);
	(void)snprintf(
	    watch->mentions, sizeof watch->mentions, "%s", frame->words[4]);
	(void)units_duration(frame->words[3], &duration);
	watch->until = now_of(scenario) + duration;
	watch->number = ++scenario->agenda.watched;
	if (watch->noun == NULL || look(scenario, watch, &watch->last) != 0) {
		object_free(watch, sizeof *watch);
		return -EINVAL;
	}
	watches[agenda->watches_count++] = watch;
	(void)snprintf(
	    scenario->value, sizeof scenario->value, "%u", watch->number);
	return 0;
}

void
agenda_disarm(struct scenario *scenario, unsigned int number)
{
	struct agenda *agenda = &scenario->agenda;
	unsigned int i = 0;

	while (
	    i < agenda->watches_count && agenda->watches[i]->number != number)
		i++;
	if (i == agenda->watches_count)
		return;
	object_free(agenda->watches[i], sizeof *agenda->watches[i]);
	agenda->watches_count--;
	memmove(agenda->watches + i, agenda->watches + i + 1,
	    (agenda->watches_count - i) * sizeof agenda->watches[0]);
	if (agenda->looked > i)
		agenda->looked--;
}

static bool
has_changed(const struct agenda_watch *watch, const struct columns *now)
{
	const struct columns *last = &watch->last;
	unsigned int i;

	if (strcmp(now->state, last->state) != 0 ||
	    strcmp(now->absent, last->absent) != 0 || now->count != last->count)
		return true;
	for (i = 0; i < now->count; i++)
		if (strcmp(now->column[i].value, last->column[i].value) != 0 &&
		    (watch->mentions[0] == '\0' ||
			word_is_in(now->column[i].name, watch->mentions)))
			return true;
	return false;
}

/* check NUMBER more|last STATE NOTE (NAME VALUE)... */
static void
say(struct scenario *scenario, const struct agenda_watch *watch, bool is_last)
{
	const struct columns *columns = &watch->last;
	const char *words[5 + 2 * COLUMNS_MAX] = { "check", NULL,
		is_last ? "last" : "more", columns->state, columns->absent };
	unsigned int i, count = 5;
	char number[16];

	(void)snprintf(number, sizeof number, "%u", watch->number);
	words[1] = number;
	scenario->agenda.is_asked = true;
	for (i = 0; i < columns->count; i++) {
		words[count++] = columns->column[i].name;
		words[count++] = columns->column[i].value;
	}
	(void)script_answer(scenario->script, count, words);
}

void
agenda_begin_look(struct scenario *scenario)
{
	scenario->agenda.looked = 0;
}

bool
agenda_look(struct scenario *scenario)
{
	struct agenda *agenda = &scenario->agenda;
	struct agenda_watch *watch;
	bool is_late;

	while (agenda->looked < agenda->watches_count) {
		watch = agenda->watches[agenda->looked++];
		is_late = now_of(scenario) >= watch->until;
		if (look(scenario, watch, &scenario->now) != 0 ||
		    (!is_late && !has_changed(watch, &scenario->now)))
			continue;
		watch->last = scenario->now;
		say(scenario, watch, is_late);
		return true;
	}
	return false;
}

bool
agenda_watches(const struct scenario *scenario)
{
	return scenario->agenda.watches_count > 0;
}

bool
agenda_watches_time(const struct scenario *scenario)
{
	const struct agenda *agenda = &scenario->agenda;
	unsigned int i;

	for (i = 0; i < agenda->watches_count; i++)
		if (word_is_in("elapsed_ms", agenda->watches[i]->mentions))
			return true;
	return false;
}

/*--------------------------------------------------------------------
 * Both
 */

uint64_t
agenda_next(const struct scenario *scenario)
{
	const struct agenda *agenda = &scenario->agenda;
	uint64_t next = UINT64_MAX;
	unsigned int i;

	for (i = 0; i < agenda->entries_count; i++)
		if (agenda->entries[i].due < next)
			next = agenda->entries[i].due;
	for (i = 0; i < agenda->watches_count; i++)
		if (agenda->watches[i]->until < next)
			next = agenda->watches[i]->until;
	return next;
}

bool
agenda_go_on(struct scenario *scenario)
{
	return begin_body(scenario) || agenda_look(scenario);
}

void
agenda_judge(struct scenario *scenario)
{
	const struct agenda *agenda = &scenario->agenda;
	const struct agenda_entry *entry = agenda->entries;

	for (; entry < agenda->entries + agenda->entries_count; entry++)
		if (entry->due != UINT64_MAX && entry->period == 0)
			verdict_fail(scenario->verdict, entry->at,
			    "at %s: the run ended before, at %.9g s: let more "
			    "time pass, or take it out",
			    entry->when, (double)now_of(scenario) / 1e6);
}

void
agenda_forget(struct scenario *scenario)
{
	struct agenda *agenda = &scenario->agenda;

	while (agenda->watches_count > 0)
		agenda_disarm(scenario,
		    agenda->watches[agenda->watches_count - 1]->number);
	object_free(
	    agenda->watches, agenda->watches_room * sizeof agenda->watches[0]);
	object_free(
	    agenda->entries, agenda->entries_room * sizeof agenda->entries[0]);
}
