/*
 * verdict_junit: a scenario's verdict as one test case of JUnit's XML.
 */
#include "sim/verdict.h"

#include "switch/xml.h"

/* "line 4: text", of what belongs to no line the text alone. */
static void
put_failure(FILE *out, const struct verdict_failure *failure)
{
	if (failure->line > 0)
		(void)fprintf(out, "line %u: ", failure->line);
	xml_text(out, failure->text);
}

/* Its readers want one `failure` in a test: the first, in it all of them. */
static void
print_failures(const struct verdict *verdict, FILE *out)
{
	const char *word = verdict->is_undone ? "error" : "failure";
	unsigned int i;

	(void)fprintf(out, "<%s message=\"", word);
	if (verdict->failures_count > 0)
		put_failure(out, &verdict->failures[0]);
	(void)fputs("\">", out);
	for (i = 0; i < verdict->failures_count; i++) {
		if (i > 0)
			(void)fputc('\n', out);
		put_failure(out, &verdict->failures[i]);
		if (verdict->failures[i].ladder == NULL)
			continue;
		(void)fputc('\n', out);
		xml_text(out, verdict->failures[i].ladder);
	}
	(void)fprintf(out, "</%s>\n", word);
}

void
verdict_junit(const struct verdict *verdict, FILE *out)
{
	(void)fputs("<testcase classname=\"", out);
	xml_text(out, verdict->scenario);
	(void)fputs("\" name=\"", out);
	xml_text(out,
	    verdict->question[0] != '\0' ? verdict->question
					 : verdict->scenario);
	(void)fprintf(
	    out, "\" time=\"%.3f\">\n", (double)verdict->wall_us / 1e6);
	if (!verdict_passed(verdict))
		print_failures(verdict, out);
	(void)fputs("</testcase>\n", out);
}
