/*
 * verdict: see verdict.h for what it is.
 *
 * TAP 14 and JUnit XML are here; text and JSON have files of their own.  All
 * are printed from the same figures, so that no two formats can disagree.
 */
#include "sim/verdict.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "switch/object.h"

enum { FAILURES_MAX = 100, FAILURE_MAX = 2048 };

/* Room for one more of `size` bytes behind `count`; NULL without memory. */
static void *
grown(void *array, unsigned int count, unsigned int *room, size_t size)
{
	unsigned int more = *room == 0 ? 8 : *room * 2;
	void *larger;

	if (count < *room)
		return array;
	larger = object_realloc(array, more * size);
	if (larger != NULL)
		*room = more;
	return larger;
}

__attribute__((format(printf, 1, 0))) static char *
copy_text(const char *format, va_list arguments)
{
	char text[FAILURE_MAX], *copy;
	size_t size;

	(void)vsnprintf(text, sizeof text, format, arguments);
	size = strlen(text) + 1;
	copy = object_alloc(size);
	if (copy != NULL)
		memcpy(copy, text, size);
	return copy;
}

void
verdict_fail(
    struct verdict *verdict, unsigned int line, const char *format, ...)
{
	struct verdict_failure *failures = NULL;
	va_list arguments;
	char *text = NULL;

	if (verdict->failures_count < FAILURES_MAX) {
		failures = grown(verdict->failures, verdict->failures_count,
		    &verdict->failures_room, sizeof *failures);
		va_start(arguments, format);
		text = copy_text(format, arguments);
		va_end(arguments);
	}
	if (failures != NULL)
		verdict->failures = failures;
	if (failures == NULL || text == NULL) {
		verdict->failures_unkept++;
		return;
	}
	failures[verdict->failures_count].line = line;
	failures[verdict->failures_count++].text = text;
}

bool
verdict_add_upgrade(struct verdict *verdict, unsigned int line,
    const struct upgrade_report *report)
{
	struct verdict_upgrade *upgrades = grown(verdict->upgrades,
	    verdict->upgrades_count, &verdict->upgrades_room, sizeof *upgrades);

	if (upgrades == NULL)
		return false;
	verdict->upgrades = upgrades;
	upgrades += verdict->upgrades_count++;
	upgrades->line = line;
	upgrades->report = *report;
	upgrades->stragglers_count = 0;
	upgrades->shadow = NULL;
	return true;
}

bool
verdict_passed(const struct verdict *verdict)
{
	return verdict->failures_count == 0 && verdict->failures_unkept == 0;
}

void
verdict_clear(struct verdict *verdict)
{
	unsigned int i;

	for (i = 0; i < verdict->failures_count; i++)
		object_free(verdict->failures[i].text,
		    strlen(verdict->failures[i].text) + 1);
	object_free(verdict->failures,
	    verdict->failures_room * sizeof verdict->failures[0]);
	for (i = 0; i < verdict->upgrades_count; i++)
		verdict_drop_shadow(&verdict->upgrades[i]);
	object_free(verdict->upgrades,
	    verdict->upgrades_room * sizeof verdict->upgrades[0]);
	memset(verdict, 0, sizeof *verdict);
}

/* `#` begins a directive in TAP. */
static void
put_tap(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '#' || *text == '\\')
			(void)fputc('\\', out);
		(void)fputc(*text, out);
	}
}

static void
print_tap(const struct verdict *verdict, unsigned int number, FILE *out)
{
	unsigned int i;

	(void)fprintf(
	    out, "%sok %u - ", verdict_passed(verdict) ? "" : "not ", number);
	put_tap(out, verdict->scenario);
	if (verdict->question[0] != '\0')
		(void)fputs(": ", out);
	put_tap(out, verdict->question);
	(void)fputc('\n', out);
	for (i = 0; i < verdict->failures_count; i++) {
		(void)fprintf(out, "# %s:", verdict->scenario);
		if (verdict->failures[i].line > 0)
			(void)fprintf(out, "%u:", verdict->failures[i].line);
		(void)fprintf(out, " %s\n", verdict->failures[i].text);
	}
}

/* XML 1.0 has no way to write most control characters: they become blanks. */
static void
put_xml(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '&')
			(void)fputs("&amp;", out);
		else if (*text == '<')
			(void)fputs("&lt;", out);
		else if (*text == '>')
			(void)fputs("&gt;", out);
		else if (*text == '"')
			(void)fputs("&quot;", out);
		else
			(void)fputc(
			    (unsigned char)*text < 0x20 ? ' ' : *text, out);
	}
}

/* "line 4: text", of what belongs to no line the text alone. */
static void
put_failure(FILE *out, const struct verdict_failure *failure)
{
	if (failure->line > 0)
		(void)fprintf(out, "line %u: ", failure->line);
	put_xml(out, failure->text);
}

/* Its readers want one `failure` in a test: the first, in it all of them. */
static void
print_junit(const struct verdict *verdict, FILE *out)
{
	unsigned int i;

	(void)fputs("<testcase classname=\"", out);
	put_xml(out, verdict->scenario);
	(void)fputs("\" name=\"", out);
	put_xml(out,
	    verdict->question[0] != '\0' ? verdict->question
					 : verdict->scenario);
	(void)fprintf(
	    out, "\" time=\"%.3f\">\n", (double)verdict->wall_us / 1e6);
	if (verdict->failures_count > 0) {
		(void)fputs("<failure message=\"", out);
		put_failure(out, &verdict->failures[0]);
		(void)fputs("\">", out);
	}
	for (i = 0; i < verdict->failures_count; i++) {
		put_failure(out, &verdict->failures[i]);
		(void)fputs(
		    i + 1 == verdict->failures_count ? "</failure>\n" : "\n",
		    out);
	}
	(void)fputs("</testcase>\n", out);
}

int
verdict_begin(struct printing *printing)
{
	if (printing->format == FORMAT_TAP)
		(void)fprintf(
		    printing->out, "TAP version 14\n1..%u\n", printing->count);
	if (printing->format != FORMAT_JUNIT)
		return 0;
	printing->held = open_memstream(&printing->text, &printing->size);
	return printing->held == NULL ? -errno : 0;
}

void
verdict_print(const struct verdict *verdict, struct printing *printing)
{
	printing->printed++;
	printing->failed += !verdict_passed(verdict);
	printing->wall_us += verdict->wall_us;
	switch (printing->format) {
	case FORMAT_JSON:
		verdict_json(verdict, printing->out);
		break;
	case FORMAT_TAP:
		print_tap(verdict, printing->printed, printing->out);
		break;
	case FORMAT_JUNIT:
		print_junit(verdict, printing->held);
		break;
	case FORMAT_TEXT:
	case FORMAT_TABLE:
	case FORMAT_CSV:
	case FORMAT_HTML:
	case FORMAT_DOT:
	case FORMAT_SVG:
		verdict_text(verdict, printing->out, printing->is_coloured);
		break;
	}
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
	    "errors=\"0\" time=\"%.3f\">\n%s</testsuite>\n</testsuites>\n",
	    printing->printed, printing->failed,
	    (double)printing->wall_us / 1e6, printing->text);
	free(printing->text);
	printing->held = NULL;
	printing->text = NULL;
}
