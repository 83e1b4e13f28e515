/*
 * verdict_junit: a scenario's verdict as one test case of JUnit's XML.
 */
#include "sim/verdict.h"

#include <string.h>

#include "switch/utf8.h"

/* A byte by itself; XML 1.0 has no way to write most control characters. */
static void
put_ascii(FILE *out, char byte, bool is_attribute)
{
	if (byte == '&')
		(void)fputs("&amp;", out);
	else if (byte == '<')
		(void)fputs("&lt;", out);
	else if (byte == '>')
		(void)fputs("&gt;", out);
	else if (byte == '"')
		(void)fputs("&quot;", out);
	else if ((unsigned char)byte >= 0x20 || (byte == '\n' && !is_attribute))
		(void)fputc(byte, out);
	else
		(void)fputc(' ', out);
}

static void
put(FILE *out, const char *text, bool is_attribute)
{
	size_t length;

	for (; *text != '\0'; text += length == 0 ? 1 : length) {
		length = utf8_length(text, strnlen(text, 4));
		if (length == 0)
			(void)fputs("&#xfffd;", out);
		else if (length == 1)
			put_ascii(out, *text, is_attribute);
		else
			(void)fwrite(text, 1, length, out);
	}
}

/* "line 4: text", of what belongs to no line the text alone. */
static void
put_failure(FILE *out, const struct verdict_failure *failure, bool is_attribute)
{
	if (failure->line > 0)
		(void)fprintf(out, "line %u: ", failure->line);
	put(out, failure->text, is_attribute);
}

/* Its readers want one `failure` in a test: the first, in it all of them. */
static void
print_failures(const struct verdict *verdict, FILE *out)
{
	const char *word = verdict->is_undone ? "error" : "failure";
	unsigned int i;

	(void)fprintf(out, "<%s message=\"", word);
	if (verdict->failures_count > 0)
		put_failure(out, &verdict->failures[0], true);
	(void)fputs("\">", out);
	for (i = 0; i < verdict->failures_count; i++) {
		if (i > 0)
			(void)fputc('\n', out);
		put_failure(out, &verdict->failures[i], false);
	}
	(void)fprintf(out, "</%s>\n", word);
}

void
verdict_junit(const struct verdict *verdict, FILE *out)
{
	(void)fputs("<testcase classname=\"", out);
	put(out, verdict->scenario, true);
	(void)fputs("\" name=\"", out);
	put(out,
	    verdict->question[0] != '\0' ? verdict->question
					 : verdict->scenario,
	    true);
	(void)fprintf(
	    out, "\" time=\"%.3f\">\n", (double)verdict->wall_us / 1e6);
	if (!verdict_passed(verdict))
		print_failures(verdict, out);
	(void)fputs("</testcase>\n", out);
}
