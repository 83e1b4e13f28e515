/*
 * script_names: the names that a scenario's text makes and uses.
 *
 * What is used must be made somewhere in the text, before or after; where the
 * text makes a name only at run time any may exist.  What may be made but once
 * is looked at outside of all bodies alone: which of these are done, and how
 * often, is not known before the run.
 */
#include "sim/script_text.h"

#include <stdio.h>
#include <string.h>

#include "sim/script_internal.h"
#include "switch/nearest.h"

void
check_learn(struct check *check, enum table table, const char *name)
{
	int is_new;

	if (name == NULL)
		check->is_open[table] = true;
	else
		(void)Tcl_CreateHashEntry(&check->tables[table], name, &is_new);
}

void
check_learn_all(struct check *check)
{
	unsigned int i;

	for (i = 0; i < TABLES_COUNT; i++)
		check->is_open[i] = true;
}

bool
check_is_learnt(struct check *check, enum table table, const char *name)
{
	return Tcl_FindHashEntry(&check->tables[table], name) != NULL;
}

size_t
check_append_word(char *words, size_t at, const char *word)
{
	int length = snprintf(words + at, KNOWN_MAX - at, "%s ", word);

	return length > 0 && at + (size_t)length < KNOWN_MAX
	    ? at + (size_t)length
	    : at;
}

size_t
check_append_names(
    struct check *check, enum table table, char *words, size_t at)
{
	Tcl_HashTable *names = &check->tables[table];
	Tcl_HashSearch search;
	Tcl_HashEntry *entry;

	for (entry = Tcl_FirstHashEntry(names, &search); entry != NULL;
	     entry = Tcl_NextHashEntry(&search))
		at = check_append_word(
		    words, at, (const char *)Tcl_GetHashKey(names, entry));
	return at;
}

/* The commands that make a name, which is their first word. */
static const struct {
	const char *commands;
	enum table table;
} makers[] = {
	{ "call offhook consult pickup traffic", TABLE_calls },
	{ "module", TABLE_modules },
	{ "account", TABLE_accounts },
	{ "tariff", TABLE_tariffs },
};

void
check_learn_names(struct check *check, const struct cut *cut)
{
	unsigned int i;

	for (i = 0; i < sizeof makers / sizeof makers[0]; i++)
		if (word_is_in(cut->literals[0], makers[i].commands))
			check_learn(check, makers[i].table,
			    cut->count > 1 ? cut->literals[1] : NULL);
}

/* Whether there can be something of that name. */
static bool
may_be_made(struct check *check, enum table table, const char *name)
{
	return check->is_open[table] || check_is_learnt(check, table, name);
}

/* A call, by its own name or that of one of its sides. */
static void
check_call(struct check *check, const struct cut *cut, unsigned int i)
{
	char name[WORD_MAX];
	const char *word = cut->literals[i], *dot = strrchr(word, '.');

	(void)snprintf(name, sizeof name, "%.*s",
	    dot == NULL ? (int)strlen(word) : (int)(dot - word), word);
	if (!may_be_made(check, TABLE_calls, name))
		check_mistake(check, cut->words[i]->start,
		    "%s: nothing in this scenario makes a call '%.40s'",
		    cut->literals[0], name);
}

/* What is upgraded; without any `module` it is of the database. */
static void
check_module(struct check *check, const struct cut *cut, unsigned int i)
{
	char words[KNOWN_MAX], nearest[NEAREST_WORD_MAX + 1];
	size_t at = check_append_names(check, TABLE_modules, words, 0);

	if (at == 0 || may_be_made(check, TABLE_modules, cut->literals[i]))
		return;
	words[at - 1] = '\0';
	if (nearest_word(cut->literals[i], words, nearest, sizeof nearest))
		check_mistake(check, cut->words[i]->start,
		    "%s: no module '%.40s' is in use, did you mean '%s'?",
		    cut->literals[0], cut->literals[i], nearest);
	else
		check_mistake(check, cut->words[i]->start,
		    "%s: no module '%.40s' is in use, there is: %s",
		    cut->literals[0], cut->literals[i], words);
}

/* An account or a tariff behind its option. */
static void
check_option(struct check *check, const struct cut *cut, enum table table,
    unsigned int i)
{
	const char *what = table == TABLE_accounts ? "account" : "tariff";
	char words[KNOWN_MAX] = "", nearest[NEAREST_WORD_MAX + 1];
	const char *name = cut->literals[i];

	if (may_be_made(check, table, name))
		return;
	(void)check_append_names(check, table, words, 0);
	if (nearest_word(name, words, nearest, sizeof nearest))
		check_mistake(check, cut->words[i]->start,
		    "%s: there is no %s '%.40s', did you mean '%s'?",
		    cut->literals[0], what, name, nearest);
	else
		check_mistake(check, cut->words[i]->start,
		    "%s: there is no %s '%.40s' (`%s` makes one)",
		    cut->literals[0], what, name, what);
}

void
check_name(struct check *check, const struct cut *cut, enum argument_type type,
    unsigned int i)
{
	const char *word = cut->literals[i];

	if (word == NULL || check->is_learning)
		return;
	if (type == ARGUMENT_MODULE)
		check_module(check, cut, i);
	else if (type == ARGUMENT_CALL ||
	    (type == ARGUMENT_PARTY && strchr(word, '.') != NULL))
		check_call(check, cut, i);
	else if (cut_is_word(cut, i - 1, "-account"))
		check_option(check, cut, TABLE_accounts, i);
	else if (cut_is_word(cut, i - 1, "-tariff"))
		check_option(check, cut, TABLE_tariffs, i);
}

/* Lines that one command has made another cannot make. */
static void
check_lines(struct check *check, const struct cut *cut)
{
	const struct range *made = check->ranges;
	struct range range;

	if (!units_range(cut->literals[1], &range))
		return;
	for (; made < check->ranges + check->ranges_count; made++)
		if (strlen(made->first) == strlen(range.first) &&
		    strcmp(made->first, range.last) <= 0 &&
		    strcmp(range.first, made->last) <= 0)
			check_mistake(check, cut->words[1]->start,
			    "lines: %s has a line that exists already, of "
			    "%s-%s",
			    cut->literals[1], made->first, made->last);
	if (check->ranges_count < RANGES_MAX)
		check->ranges[check->ranges_count++] = range;
}

void
check_repeated(struct check *check, const struct cut *cut)
{
	const char *name = cut->count > 1 ? cut->literals[1] : NULL;

	if (!check->is_outmost || check->is_learning || name == NULL)
		return;
	if (cut_is_word(cut, 0, "lines"))
		check_lines(check, cut);
	if (!word_is_in(cut->literals[0], "call offhook consult pickup"))
		return;
	if (check_is_learnt(check, TABLE_begun, name))
		check_mistake(check, cut->words[1]->start,
		    "%s: there is a call '%.40s' already", cut->literals[0],
		    name);
	check_learn(check, TABLE_begun, name);
}
