/*
 * script_arity: how many words Tcl's own commands take, where a wrong number of
 * them is what a scenario's author slips into: other languages write their
 * loops, conditions and assignments with other words.
 */
#include "sim/script_text.h"

#include <stdio.h>
#include <string.h>

#include "switch/nearest.h"

enum { ANY = COMMAND_WORDS_MAX };

/* How many words follow the name, at least and at most. */
static const struct arity {
	const char *name;
	unsigned int least, most;
	const char *usage;
} arities[] = {
	{ "break", 0, 0, "" },
	{ "catch", 1, 3, "BODY ?NAME? ?NAME?" },
	{ "continue", 0, 0, "" },
	{ "error", 1, 3, "TEXT" },
	{ "expr", 1, ANY, "{...}" },
	{ "for", 4, 4, "{set i 0} {$i < 3} {incr i} BODY" },
	{ "foreach", 3, ANY, "NAME LIST BODY" },
	{ "incr", 1, 2, "NAME ?N?" },
	{ "join", 1, 2, "LIST ?BETWEEN?" },
	{ "lappend", 1, ANY, "NAME VALUE" },
	{ "lindex", 1, ANY, "LIST N" },
	{ "llength", 1, 1, "LIST" },
	{ "lmap", 3, ANY, "NAME LIST BODY" },
	{ "lrange", 3, 3, "LIST N N" },
	{ "proc", 3, 3, "NAME {WORDS} BODY" },
	{ "set", 1, 2, "NAME VALUE" },
	{ "split", 1, 2, "TEXT ?AT?" },
	{ "switch", 2, ANY, "WORD {WORD BODY WORD BODY}" },
	{ "while", 2, 2, "{...} BODY" },
};

static bool
is_braced(const struct cut *cut, unsigned int i)
{
	return i < cut->count && cut->words[i]->start[0] == '{';
}

static const char *
hint_of(const struct cut *cut)
{
	if (word_is_in(cut->literals[0], "while for") && !is_braced(cut, 1))
		return ": a condition stands in braces";
	if (cut_is_word(cut, 2, "="))
		return ": there is no =";
	if (cut_is_word(cut, 2, "in"))
		return ": there is no in";
	return "";
}

static bool
refuse(struct check *check, const struct cut *cut, const struct arity *arity)
{
	check_mistake(check, cut->words[0]->start,
	    "%s: too %s words%s; usage: "
	    "%s%s%s",
	    cut->literals[0], cut->count - 1 < arity->least ? "few" : "many",
	    hint_of(cut), arity->name, *arity->usage == '\0' ? "" : " ",
	    arity->usage);
	return false;
}

static bool
refuse_if(
    struct check *check, const struct cut *cut, unsigned int i, const char *why)
{
	check_mistake(check, cut->words[i < cut->count ? i : 0]->start,
	    "if: %s; usage: if {...} BODY ?elseif {...} BODY? ?else BODY?",
	    why);
	return false;
}

/* Behind `else` and its body there is nothing. */
static bool
else_fits(struct check *check, const struct cut *cut, unsigned int i)
{
	if (cut_is_word(cut, i, "if"))
		return refuse_if(check, cut, i, "write elseif for else if");
	if (i == cut->count)
		return refuse_if(check, cut, i, "a body is missing");
	return i + 1 == cut->count ||
	    refuse_if(check, cut, i + 1, "this is too much behind else");
}

/* if COND ?then? BODY ?elseif COND ?then? BODY?... ??else? BODY? */
static bool
if_fits(struct check *check, const struct cut *cut)
{
	unsigned int i = 1, condition, body;

	for (;; i++) {
		condition = i++;
		i += cut_is_word(cut, i, "then");
		if (i >= cut->count)
			return refuse_if(check, cut, i,
			    condition < cut->count
				? "a body is missing"
				: "a condition in braces is missing");
		body = i++;
		if (!cut_is_word(cut, i, "elseif"))
			break;
	}
	if (cut_is_word(cut, i, "else"))
		return else_fits(check, cut, i + 1);
	if (i >= cut->count || (i + 1 == cut->count && is_braced(cut, i)))
		return true;
	if (!is_braced(cut, condition))
		return refuse_if(
		    check, cut, condition, "a condition stands in braces");
	if (word_is_in(
		cut->literals[i] == NULL ? "" : cut->literals[i], "elif elsif"))
		return refuse_if(check, cut, i, "write elseif");
	return refuse_if(check, cut, body, "a body stands in braces");
}

bool
check_arity(struct check *check, const struct cut *cut)
{
	const unsigned int given = cut->count - 1;
	const struct arity *arity = arities;
	const struct arity *end = arity + sizeof arities / sizeof arities[0];

	if (cut->is_open)
		return true;
	if (cut_is_word(cut, 0, "if"))
		return if_fits(check, cut);
	while (arity < end && strcmp(arity->name, cut->literals[0]) != 0)
		arity++;
	if (arity == end)
		return true;
	if (given < arity->least || given > arity->most ||
	    (word_is_in(arity->name, "foreach lmap") && given % 2 == 0))
		return refuse(check, cut, arity);
	return true;
}
