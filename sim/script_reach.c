/*
 * script_reach: what a scenario can never come to.
 *
 * Only what is certain from the text alone: a command behind one that leaves
 * the body it stands in, the body of a condition that is a constant, and what
 * is behind a loop without an end that nothing in it can leave.
 */
#include "sim/script_text.h"

#include <stdio.h>
#include <string.h>

#include "switch/nearest.h"

/* Words by which a body could leave the loop around it. */
static const char *const ways_out[] = { "break", "return", "error", "throw",
	"tailcall", "eval", "uplevel", "{*}", "apply" };

/* A constant of the language: 1 true, 0 false; else -1. */
static int
constant(const struct cut *cut, unsigned int i)
{
	const char *word = i < cut->count ? cut->literals[i] : NULL;

	if (word == NULL)
		return -1;
	word += strspn(word, " \t\n");
	if (word_is_in(word, "1 true yes on"))
		return 1;
	return word_is_in(word, "0 false no off") ? 0 : -1;
}

static void
refuse(
    struct check *check, const struct cut *cut, unsigned int i, const char *why)
{
	if (i < cut->count)
		check_mistake(check, cut->words[i]->start,
		    "this cannot be reached: the condition of `%s` is %s",
		    cut->literals[0], why);
}

/* A procedure leaves the loop that it is called in by `return -code break`. */
static bool
procs_leave(const struct check *check)
{
	static const char way_out[] = "-code";
	const struct part *part = check->parts->part;
	const struct part *end = part + check->parts->count;

	for (; part < end; part++)
		if (memmem(part->text, part->length, way_out,
			sizeof way_out - 1) != NULL)
			return true;
	return false;
}

static bool
can_be_left(const struct check *check, const Tcl_Token *body)
{
	const char *start;
	size_t length;
	unsigned int i;

	if (!check_literal(body, &start, &length) || procs_leave(check))
		return true;
	for (i = 0; i < sizeof ways_out / sizeof ways_out[0]; i++)
		if (memmem(start, length, ways_out[i], strlen(ways_out[i])) !=
		    NULL)
			return true;
	return false;
}

static void
reach_while(struct check *check, const struct cut *cut)
{
	int is = constant(cut, 1);

	if (is == 0)
		refuse(check, cut, 2, "never true");
	if (is == 1 && cut->count == 3 && !can_be_left(check, cut->words[2]))
		(void)snprintf(check->leaver, sizeof check->leaver, "while 1");
}

/* if COND ?then? BODY ?elseif COND ?then? BODY?... ??else? BODY? */
static void
reach_if(struct check *check, const struct cut *cut)
{
	unsigned int i = 1;
	bool is_settled = false;
	int is;

	while (i < cut->count) {
		is = constant(cut, i);
		i++;
		i += cut_is_word(cut, i, "then");
		if (is_settled)
			refuse(check, cut, i, "always true before");
		else if (is == 0)
			refuse(check, cut, i, "never true");
		is_settled |= is == 1;
		i++;
		if (!cut_is_word(cut, i, "elseif"))
			break;
		i++;
	}
	i += cut_is_word(cut, i, "else");
	if (is_settled)
		refuse(check, cut, i, "always true");
}

void
check_reach(struct check *check, const struct cut *cut)
{
	const char *name = cut->literals[0];

	if (word_is_in(name, "return break continue error throw tailcall"))
		(void)snprintf(check->leaver, sizeof check->leaver, "%s", name);
	else if (strcmp(name, "while") == 0)
		reach_while(check, cut);
	else if (strcmp(name, "if") == 0)
		reach_if(check, cut);
}
