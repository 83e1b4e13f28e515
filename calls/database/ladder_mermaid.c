/*
 * ladder_mermaid: a ladder as a sequence diagram of Mermaid, which documents
 * draw by themselves.
 *
 * All lines are in one, since a file holds one diagram.  What its grammar keeps
 * for itself goes by its number, and so does the word `end`, at which it would
 * stop.
 */
#include "calls/database/ladder_internal.h"

#include <ctype.h>
#include <string.h>

static bool
is_of_word(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_';
}

static bool
is_end(const char *text, const char *at)
{
	return strncasecmp(at, "end", 3) == 0 && !is_of_word(at[3]) &&
	    (at == text || !is_of_word(at[-1]));
}

static void
put(FILE *out, const char *text)
{
	const char *at;

	for (at = text; *at != '\0'; at++)
		if (strchr("#;:<>%{}[]\"\\", *at) != NULL || is_end(text, at))
			(void)fprintf(out, "#%d;", *at);
		else
			(void)fputc((unsigned char)*at < ' ' ? ' ' : *at, out);
}

static void
put_rung(
    FILE *out, const struct ladder_part *part, const struct ladder_rung *rung)
{
	unsigned int from, to;

	ladder_ends(part, rung, &from, &to);
	if (rung->kind == LADDER_UPGRADE || rung->kind == LADDER_PHASE)
		(void)fprintf(
		    out, "    Note over p%u%s", from, from == to ? "" : ",");
	else if (from == to)
		(void)fprintf(out, "    Note over p%u", from);
	else
		(void)fprintf(out, "    p%u->>p%u", from, to);
	if (from != to && rung->kind >= LADDER_UPGRADE)
		(void)fprintf(out, "p%u", to);
	(void)fprintf(out, ": %.3f s ", (double)rung->at / 1e6);
	put(out, rung->kind == LADDER_PHASE ? "phase " : "");
	put(out, rung->label);
	(void)fputc('\n', out);
}

void
ladder_mermaid(struct ladder *ladder, FILE *out, const char *title)
{
	struct ladder_part part;
	char name[LADDER_TITLE];
	unsigned int i;

	ladder_whole(ladder, &part);
	(void)fputs("sequenceDiagram\n    accTitle: ", out);
	put(out, title);
	(void)fputc('\n', out);
	for (i = 0; i < part.count; i++) {
		(void)fprintf(out, "    %s p%u as ",
		    ladder_line(&part, i)->role == LADDER_PARTY ? "actor"
								: "participant",
		    i);
		put(out, ladder_name(&part, i, name));
		(void)fputc('\n', out);
	}
	for (i = 0; i < ladder->rungs_count; i++)
		if (ladder_is_of(&part, i))
			put_rung(out, &part, &ladder->rungs[i]);
}
