/*
 * story: see story.h for what it is.
 */
#include "sim/story.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "calls/database/ladder.h"
#include "calls/database/recorder.h"
#include "calls/database/screen.h"
#include "calls/exchange/call_event.h"
#include "calls/exchange/office.h"
#include "sim/noun.h"
#include "sim/options.h"
#include "sim/output.h"
#include "sim/scenario_internal.h"
#include "sim/source.h"
#include "sim/terminal.h"
#include "switch/process.h"
#include "switch/scheduler.h"

/* What a page is wide that may be read anywhere. */
enum { PAGE_WIDTH = 76 };

/* Who takes the events of a call, but for the first ones. */
struct taking {
	struct ladder *ladder;
	unsigned int skips, count;
	int result;
};

void
story_phase(struct scenario *scenario, const char *text)
{
	struct story *story = &scenario->story;

	if (story->phases_count == STORY_PHASES)
		return;
	story->phases[story->phases_count].at =
	    scheduler_now(scenario->scheduler);
	story->phases[story->phases_count].order =
	    office_watch_order(scenario->office);
	(void)snprintf(story->phases[story->phases_count++].text,
	    STORY_PHASE_SIZE, "%s", text);
}

static void
count_event(void *arg, const struct call_event *event)
{
	unsigned int *count = arg;

	(void)event;
	*count += 1;
}

static void
take_event(void *arg, const struct call_event *event)
{
	struct taking *taking = arg;

	if (taking->count++ < taking->skips || taking->result != 0)
		return;
	taking->result = ladder_add(taking->ladder, event);
}

/* The last `most` events of a call, or all (0), under its name. */
static int
fill(struct scenario *scenario, const struct named_call *call,
    struct ladder *ladder, unsigned int most)
{
	struct taking taking = { .ladder = ladder };
	unsigned int count = 0;

	office_watched(scenario->office, call->number, count_event, &count);
	if (count == 0)
		return 0;
	if (most > 0 && count > most)
		taking.skips = count - most;
	taking.result = ladder_call(ladder, call->number, call->name);
	office_watched(scenario->office, call->number, take_event, &taking);
	return taking.result;
}

/* Behind the events, or they would stand before that of their own order. */
static int
fill_phases(const struct story *story, struct ladder *ladder)
{
	unsigned int i;
	int result = 0;

	for (i = 0; result == 0 && i < story->phases_count; i++)
		result = ladder_phase(ladder, story->phases[i].at,
		    story->phases[i].order, story->phases[i].text);
	return result;
}

/* Of a terminal; 0: whoever reads it has room. */
static unsigned int
width_of(FILE *out)
{
	return terminal_is(fileno(out)) ? screen_columns(out) : 0;
}

int
story_print(struct scenario *scenario, const struct named_call *call, FILE *out)
{
	struct ladder *ladder;
	int result;

	if (ladder_alloc(&ladder) != 0)
		return -ENOMEM;
	result = fill(scenario, call, ladder, 0);
	if (result == 0 && ladder_count(ladder) == 0)
		result = -ENODATA;
	if (result == 0)
		result = fill_phases(&scenario->story, ladder);
	if (result == 0)
		ladder_text(ladder, out, width_of(out));
	ladder_free(&ladder);
	return result;
}

static void
keep_event(void *arg, const struct call_event *event)
{
	office_watch_keep(arg, event);
}

int
story_follow(struct scenario *scenario, uint64_t call)
{
	struct office *office = scenario->office;
	unsigned int count = 0;

	office_watched(office, call, count_event, &count);
	if (count > 0)
		return 0;
	if (pid_is_none(office_call_pid(office, call)))
		return -ESRCH;
	if (office_watch(office, call) != 0)
		return -ENOMEM;
	recorder_look(scenario->recorder, call, keep_event, office);
	return 0;
}

void
story_show(struct scenario *scenario, const struct named_call *call)
{
	struct ladder *ladder;
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	if (call == NULL || !verdict_has_room(scenario->verdict) ||
	    ladder_alloc(&ladder) != 0)
		return;
	out = open_memstream(&text, &size);
	if (out != NULL) {
		if (fill(scenario, call, ladder, STORY_LAST) == 0)
			ladder_text(ladder, out, PAGE_WIDTH);
		(void)fclose(out);
	}
	if (text != NULL && text[0] != '\0')
		verdict_show(scenario->verdict, text + 1); /* its blank line */
	free(text);
	ladder_free(&ladder);
}

static const struct named_call *
call_of_line(struct scenario *scenario, const char *number)
{
	uint32_t line = office_find(scenario->office, number);
	const struct named_call *call;
	struct line_info info;
	unsigned int i;

	if (line == LINE_NONE)
		return NULL;
	office_line(scenario->office, line, &info);
	for (i = scenario->calls_count; i-- > 0;) {
		call = &scenario->calls[i];
		if (pid_is_none(info.call)
			? call->line == line
			: pid_equal(info.call,
			      office_call_pid(scenario->office, call->number)))
			return call;
	}
	return NULL;
}

const struct named_call *
story_call_of(struct scenario *scenario, const char *noun, const char *key)
{
	const struct noun *found = noun_find(noun);

	if (found == NULL)
		return NULL;
	if (found->number == NOUN_line)
		return call_of_line(scenario, key);
	if (found->number == NOUN_call || found->number == NOUN_cdr ||
	    found->number == NOUN_leg)
		return scenario_call(scenario, key);
	return NULL;
}

/*--------------------------------------------------------------------
 * --ladder
 */

static int
fill_all(struct scenario *scenario, struct ladder *ladder)
{
	const char *only = scenario->options->ladder_call;
	const struct named_call *call;
	unsigned int i;
	int result = 0;

	for (i = 0; result == 0 && i < scenario->calls_count; i++) {
		call = &scenario->calls[i];
		if (only == NULL || strcmp(only, call->name) == 0)
			result = fill(scenario, call, ladder, 0);
		if (result != -ENOSPC)
			continue;
		(void)fprintf(stderr,
		    "hotswitch: --ladder has no line left from call '%s' on: "
		    "--call draws one alone\n",
		    call->name);
		result = 0;
		break;
	}
	return result == 0 ? fill_phases(&scenario->story, ladder) : result;
}

static void
draw(const struct scenario *scenario, struct ladder *ladder, FILE *out)
{
	const char *dot = strrchr(scenario->options->ladder, '.');
	const char *title = scenario->source->question;

	if (strcmp(dot, ".svg") == 0)
		ladder_svg(ladder, out, title);
	else if (strcmp(dot, ".mmd") == 0)
		ladder_mermaid(ladder, out, title);
	else
		ladder_text(ladder, out, 0);
}

static int
write_file(struct scenario *scenario, struct ladder *ladder)
{
	struct output output;
	int result = output_open(&output, scenario->options->ladder);

	if (result != 0)
		return result;
	draw(scenario, ladder, output.stream);
	return output_close(&output, 0);
}

int
story_write(struct scenario *scenario, char *why, size_t size)
{
	const struct options *options = scenario->options;
	struct ladder *ladder;
	int result;

	if (options->ladder == NULL)
		return 0;
	if (options->ladder_call != NULL &&
	    scenario_call(scenario, options->ladder_call) == NULL) {
		(void)snprintf(why, size,
		    "--call '%.40s': no call of that "
		    "name was made",
		    options->ladder_call);
		return -ESRCH;
	}
	result = ladder_alloc(&ladder);
	if (result == 0)
		result = fill_all(scenario, ladder);
	if (result == 0)
		result = write_file(scenario, ladder);
	ladder_free(&ladder);
	if (result != 0)
		(void)snprintf(why, size, "ladder '%s': %s", options->ladder,
		    strerror(-result));
	return result;
}
