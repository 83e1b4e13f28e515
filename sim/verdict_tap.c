/*
 * verdict_tap: a scenario's verdict as one test of the Test Anything Protocol.
 *
 * Version 13, which prove(1) knows: what failed stands in a block of YAML
 * below its test, in strings as JSON has them, which YAML has too.
 */
#include "sim/json.h"
#include "sim/verdict.h"

#include <string.h>

enum { LADDER_ROW = 512 };

/* `#` begins a directive. */
static void
put(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '#' || *text == '\\')
			(void)fputc('\\', out);
		(void)fputc(*text, out);
	}
}

/* A string for each row: what prove reads of YAML is not all of it. */
static void
print_ladder(const char *ladder, FILE *out)
{
	char row[LADDER_ROW];

	(void)fputs("      ladder:\n", out);
	for (; *ladder != '\0'; ladder += strcspn(ladder, "\n") + 1) {
		(void)snprintf(row, sizeof row, "%.*s",
		    (int)strcspn(ladder, "\n"), ladder);
		(void)fputs("        - ", out);
		json_string(out, row);
		(void)fputc('\n', out);
	}
}

static void
print_failures(const struct verdict *verdict, FILE *out)
{
	const struct verdict_failure *failure = verdict->failures;
	unsigned int i;

	(void)fprintf(out, "  ---\n  result: %s\n  failures:\n",
	    verdict->is_undone ? "error" : "fail");
	for (i = 0; i < verdict->failures_count; i++, failure++) {
		(void)fprintf(
		    out, "    - line: %u\n      text: ", failure->line);
		json_string(out, failure->text);
		(void)fputc('\n', out);
		if (failure->ladder != NULL)
			print_ladder(failure->ladder, out);
	}
	if (verdict->failures_unkept > 0)
		(void)fprintf(out, "  more: %u\n", verdict->failures_unkept);
	(void)fputs("  ...\n", out);
}

void
verdict_tap(const struct verdict *verdict, unsigned int number, FILE *out)
{
	(void)fprintf(
	    out, "%sok %u - ", verdict_passed(verdict) ? "" : "not ", number);
	put(out, verdict->scenario);
	if (verdict->question[0] != '\0')
		(void)fputs(": ", out);
	put(out, verdict->question);
	(void)fputc('\n', out);
	if (!verdict_passed(verdict))
		print_failures(verdict, out);
}
