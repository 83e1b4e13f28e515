/*
 * verdict: see verdict.h for what it is.
 *
 * Each format has a file of its own.  All are printed from the same figures, so
 * that no two of them can disagree.
 */
#include "sim/verdict.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "sim/part.h"
#include "sim/script.h"
#include "switch/object.h"

enum { FAILURES_MAX = 100, FAILURE_MAX = 2048, LADDERS_MAX = 5 };

static char *
copy_text(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = object_alloc(size);

	if (copy != NULL)
		memcpy(copy, text, size);
	return copy;
}

static void
forget_text(char *text)
{
	if (text != NULL)
		object_free(text, strlen(text) + 1);
}

/* Of another file, "lib.tcl:4: " in front, and no line of the scenario's. */
static unsigned int
place_of(const struct verdict *verdict, unsigned int line, char *place)
{
	place[0] = '\0';
	if (verdict->script == NULL ||
	    script_is_own_line(verdict->script, line))
		return line;
	script_place(verdict->script, line, place);
	(void)strcat(place, ": ");
	return 0;
}

/* With its place in front, if that is another file. */
__attribute__((format(printf, 3, 0))) static char *
say(const struct verdict *verdict, unsigned int *line, const char *format,
    va_list arguments)
{
	char said[FAILURE_MAX], place[PLACE_SIZE + 2];
	size_t length;

	*line = place_of(verdict, *line, place);
	length = strlen(place);
	memcpy(said, place, length);
	(void)vsnprintf(said + length, sizeof said - length, format, arguments);
	return copy_text(said);
}

void
verdict_fail(
    struct verdict *verdict, unsigned int line, const char *format, ...)
{
	struct verdict_failure *failures = NULL;
	char *text = NULL;
	va_list arguments;

	if (verdict->failures_count < FAILURES_MAX) {
		failures =
		    object_grow(verdict->failures, verdict->failures_count,
			&verdict->failures_room, sizeof *failures);
		va_start(arguments, format);
		text = say(verdict, &line, format, arguments);
		va_end(arguments);
	}
	if (failures != NULL)
		verdict->failures = failures;
	if (failures == NULL || text == NULL) {
		verdict->failures_unkept++;
		return;
	}
	failures[verdict->failures_count++] =
	    (struct verdict_failure){ line, text, NULL };
}

bool
verdict_has_room(const struct verdict *verdict)
{
	return verdict->failures_count > 0 && verdict->failures_unkept == 0 &&
	    verdict->ladders < LADDERS_MAX;
}

void
verdict_show(struct verdict *verdict, const char *ladder)
{
	struct verdict_failure *last =
	    &verdict->failures[verdict->failures_count - 1];

	forget_text(last->ladder);
	last->ladder = copy_text(ladder);
	verdict->ladders += last->ladder != NULL;
}

void
verdict_find(struct verdict *verdict, const char *kind, unsigned int line,
    bool holds, const char *format, ...)
{
	struct verdict_finding *findings = object_grow(verdict->findings,
	    verdict->findings_count, &verdict->findings_room, sizeof *findings);
	va_list arguments;
	char *text;

	if (findings == NULL)
		return;
	verdict->findings = findings;
	va_start(arguments, format);
	text = say(verdict, &line, format, arguments);
	va_end(arguments);
	if (text == NULL)
		return;
	findings[verdict->findings_count++] =
	    (struct verdict_finding){ line, kind, holds, text };
}

struct verdict_upgrade *
verdict_add_upgrade(struct verdict *verdict, unsigned int line,
    const struct upgrade_report *report)
{
	struct verdict_upgrade *upgrades = object_grow(verdict->upgrades,
	    verdict->upgrades_count, &verdict->upgrades_room, sizeof *upgrades);
	unsigned int place = verdict->upgrades_count;

	if (upgrades == NULL)
		return NULL;
	verdict->upgrades = upgrades;
	verdict->upgrades_count++;
	while (place > 0 && upgrades[place - 1].report.number > report->number)
		place--;
	upgrades += place;
	memmove(upgrades + 1, upgrades,
	    (verdict->upgrades_count - 1 - place) * sizeof *upgrades);
	upgrades->line = line;
	upgrades->report = *report;
	upgrades->stragglers_count = 0;
	upgrades->shadow = NULL;
	return upgrades;
}

bool
verdict_passed(const struct verdict *verdict)
{
	return verdict->failures_count == 0 && verdict->failures_unkept == 0 &&
	    !verdict->is_undone;
}

void
verdict_clear(struct verdict *verdict)
{
	unsigned int i;

	for (i = 0; i < verdict->failures_count; i++) {
		forget_text(verdict->failures[i].text);
		forget_text(verdict->failures[i].ladder);
	}
	object_free(verdict->failures,
	    verdict->failures_room * sizeof verdict->failures[0]);
	for (i = 0; i < verdict->upgrades_count; i++)
		verdict_drop_shadow(&verdict->upgrades[i]);
	object_free(verdict->upgrades,
	    verdict->upgrades_room * sizeof verdict->upgrades[0]);
	for (i = 0; i < verdict->findings_count; i++)
		object_free(verdict->findings[i].text,
		    strlen(verdict->findings[i].text) + 1);
	object_free(verdict->findings,
	    verdict->findings_room * sizeof verdict->findings[0]);
	memset(verdict, 0, sizeof *verdict);
}

/*--------------------------------------------------------------------
 * The verdicts of one command line
 */

int
verdict_begin(struct printing *printing)
{
	if (printing->format == FORMAT_TAP)
		(void)fprintf(
		    printing->out, "TAP version 13\n1..%u\n", printing->count);
	if (printing->format != FORMAT_JUNIT)
		return 0;
	printing->held = open_memstream(&printing->text, &printing->size);
	return printing->held == NULL ? -errno : 0;
}

void
verdict_piece(const struct verdict *verdict, const struct printing *printing,
    unsigned int number, FILE *out)
{
	switch (printing->format) {
	case FORMAT_JSON:
		verdict_json(verdict, out);
		break;
	case FORMAT_TAP:
		verdict_tap(verdict, number, out);
		break;
	case FORMAT_JUNIT:
		verdict_junit(verdict, out);
		break;
	case FORMAT_TEXT:
	case FORMAT_TABLE:
	case FORMAT_CSV:
	case FORMAT_HTML:
	case FORMAT_DOT:
	case FORMAT_SVG:
		if (printing->is_brief && verdict_passed(verdict))
			verdict_line(verdict, out, printing->is_coloured);
		else
			verdict_text(verdict, out, printing->is_coloured);
		break;
	}
}

static void
count(struct printing *printing, enum exit_status status, uint64_t wall_us)
{
	printing->printed++;
	printing->failed += status == EXIT_FAILED;
	printing->undone += status > EXIT_FAILED;
	printing->wall_us += wall_us;
}

static FILE *
stream_of(const struct printing *printing)
{
	return printing->held != NULL ? printing->held : printing->out;
}

void
verdict_print(const struct verdict *verdict, struct printing *printing)
{
	count(printing,
	    verdict->is_undone		  ? EXIT_IMPOSSIBLE
		: verdict_passed(verdict) ? EXIT_PASSED
					  : EXIT_FAILED,
	    verdict->wall_us);
	verdict_piece(
	    verdict, printing, printing->printed, stream_of(printing));
}

void
verdict_put(struct printing *printing, enum exit_status status,
    uint64_t wall_us, const char *text, size_t size)
{
	count(printing, status, wall_us);
	if (size > 0)
		(void)fwrite(text, 1, size, stream_of(printing));
}

void
verdict_end(struct printing *printing)
{
	if (printing->held == NULL)
		return;
	(void)fclose(printing->held);
	(void)fprintf(printing->out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
	    "<testsuite name=\"hotswitch\" tests=\"%u\" failures=\"%u\" "
	    "errors=\"%u\" time=\"%.3f\">\n%s</testsuite>\n</testsuites>\n",
	    printing->printed, printing->failed, printing->undone,
	    (double)printing->wall_us / 1e6, printing->text);
	free(printing->text);
	printing->held = NULL;
	printing->text = NULL;
}
