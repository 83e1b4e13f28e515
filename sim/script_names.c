/*
 * script_names: the names that a scenario's text makes and uses.
 *
 * What is used must be made somewhere in the text, before or after; where the
 * text makes a name only at run time any may exist.  What may be made but once
 * is looked at outside of all bodies alone: which of these are done, and how
 * often, is not known before the run.
 */
#include "sim/script_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sim/column_words.h"
#include "sim/noun.h"
#include "sim/script_internal.h"
#include "switch/nearest.h"

static const char nouns[] =
#define NOUN(noun, keys, states, texts, numbers) #noun " "
#include "sim/noun.def"
#undef NOUN
    ;

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
	check->lines.is_open = true;
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

	for (entry = Tcl_FirstHashEntry(names, &search);
	     entry != NULL && at + NEAREST_WORD_MAX < KNOWN_MAX;
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
	{ "call offhook consult pickup", TABLE_calls },
	{ "traffic", TABLE_traffics },
	{ "module", TABLE_modules },
	{ "account", TABLE_accounts },
	{ "tariff", TABLE_tariffs },
	{ "trunk", TABLE_trunks },
	{ "behaviour", TABLE_behaviours },
};

void
check_learn_names(struct check *check, const struct cut *cut)
{
	unsigned int i;

	for (i = 0; i < sizeof makers / sizeof makers[0]; i++)
		if (word_is_in(cut->literals[0], makers[i].commands))
			check_learn(check, makers[i].table,
			    cut->count > 1 ? cut->literals[1] : NULL);
	if (check->is_learning && cut_is_word(cut, 0, "lines"))
		check_learn_lines(check, cut);
}

/* Whether there can be something of that name. */
static bool
may_be_made(struct check *check, enum table table, const char *name)
{
	return check->is_open[table] || check_is_learnt(check, table, name);
}

/* Commands whose first word is a subject. */
static const char of_subjects[] = "expect never show threshold fault heal";

/* What has a name like that of a call: told by its noun it is that. */
static const struct {
	enum table table;
	const char *noun, *what;
} others[] = {
	{ TABLE_trunks, "trunk", "a trunk group" },
	{ TABLE_accounts, "account", "an account" },
	{ TABLE_traffics, "traffic", "a traffic" },
};

/* Whether it is the name of something else; then that is told. */
static bool
is_other(struct check *check, const struct cut *cut, unsigned int i,
    const char *name)
{
	unsigned int n;

	for (n = 0; n < sizeof others / sizeof others[0]; n++) {
		if (!check_is_learnt(check, others[n].table, name))
			continue;
		if (word_is_in(cut->literals[0], of_subjects))
			check_mistake(check, cut->words[i]->start,
			    "%s: '%.40s' is %s, no call: write `%s %.40s`",
			    cut->literals[0], name, others[n].what,
			    others[n].noun, name);
		else
			check_mistake(check, cut->words[i]->start,
			    "%s: '%.40s' is %s, no call", cut->literals[0],
			    name, others[n].what);
		return true;
	}
	return false;
}

/* A call, by its own name or that of one of its sides. */
static void
check_call(struct check *check, const struct cut *cut, unsigned int i)
{
	char name[WORD_MAX], words[KNOWN_MAX] = "";
	char nearest[NEAREST_WORD_MAX + 1];
	const char *word = cut->literals[i], *dot = strrchr(word, '.');
	size_t at;

	(void)snprintf(name, sizeof name, "%.*s",
	    dot == NULL ? (int)strlen(word) : (int)(dot - word), word);
	if (may_be_made(check, TABLE_calls, name) || check_is_enough(check) ||
	    is_other(check, cut, i, name))
		return;
	at = check_append_names(check, TABLE_calls, words, 0);
	if (word_is_in(cut->literals[0], of_subjects))
		(void)check_append_word(words, at, nouns);
	/* Of a single letter each other is one edit away. */
	if (name[1] != '\0' &&
	    nearest_word(name, words, nearest, sizeof nearest))
		check_mistake(check, cut->words[i]->start,
		    "%s: nothing in this scenario makes a call '%.40s', did "
		    "you mean '%s'?",
		    cut->literals[0], name, nearest);
	else
		check_mistake(check, cut->words[i]->start,
		    "%s: nothing in this scenario makes a call '%.40s'",
		    cut->literals[0], name);
}

bool
check_subject(struct check *check, const struct cut *cut)
{
	const unsigned int before = check->mistakes_count;

	if (!check->is_learning && cut->count > 1 && cut->literals[1] != NULL &&
	    command_is_name(cut->literals[1]) &&
	    word_is_in(cut->literals[0], of_subjects))
		check_call(check, cut, 1);
	return check->mistakes_count == before;
}

/* What is upgraded; without any `module` it is of the database. */
static void
check_module(struct check *check, const struct cut *cut, unsigned int i)
{
	char words[KNOWN_MAX], nearest[NEAREST_WORD_MAX + 1];
	size_t at = check_append_names(check, TABLE_modules, words, 0);

	if (at == 0 || may_be_made(check, TABLE_modules, cut->literals[i]) ||
	    check_is_enough(check))
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

/* An account, a tariff, a trunk group or a behaviour. */
static void
check_made(struct check *check, const struct cut *cut, enum table table,
    unsigned int i)
{
	static const char *const whats[TABLES_COUNT][2] = {
		[TABLE_accounts] = { "account", "account" },
		[TABLE_tariffs] = { "tariff", "tariff" },
		[TABLE_trunks] = { "trunk group", "trunk" },
		[TABLE_behaviours] = { "behaviour", "behaviour" },
		[TABLE_traffics] = { "traffic", "traffic" },
	};
	char words[KNOWN_MAX] = "", nearest[NEAREST_WORD_MAX + 1];
	const char *name = cut->literals[i];

	if (may_be_made(check, table, name) || check_is_enough(check))
		return;
	(void)check_append_names(check, table, words, 0);
	if (nearest_word(name, words, nearest, sizeof nearest))
		check_mistake(check, cut->words[i]->start,
		    "%s: there is no %s '%.40s', did you mean '%s'?",
		    cut->literals[0], whats[table][0], name, nearest);
	else
		check_mistake(check, cut->words[i]->start,
		    "%s: there is no %s '%.40s' (`%s` makes one)",
		    cut->literals[0], whats[table][0], name, whats[table][1]);
}

/* A key of a noun that has but few. */
static void
check_key_word(struct check *check, const struct cut *cut,
    const struct noun *noun, unsigned int i)
{
	const char *words = key_words(noun), *word = cut->literals[i];
	char nearest[NEAREST_WORD_MAX + 1];

	if (word_is_in(word, words))
		return;
	if (nearest_word(word, words, nearest, sizeof nearest))
		check_mistake(check, cut->words[i]->start,
		    "%s: no %s has the name '%.40s', did you mean '%s'?",
		    cut->literals[0], noun->name, word, nearest);
	else
		check_mistake(check, cut->words[i]->start,
		    "%s: no %s has the name '%.40s', there are: %s",
		    cut->literals[0], noun->name, word, words);
}

/* The key of a noun. */
static void
check_key(struct check *check, const struct cut *cut, unsigned int i)
{
	if (word_is_in(cut->literals[0], "report service param"))
		return; /* these have values of another kind */
	if (cut_is_word(cut, i - 1, "line"))
		check_line(check, cut, i);
	else if (cut_is_word(cut, i - 1, "trunk") ||
	    cut_is_word(cut, i - 1, "circuit"))
		check_made(check, cut, TABLE_trunks, i);
	else if (cut_is_word(cut, i - 1, "account"))
		check_made(check, cut, TABLE_accounts, i);
	else if (cut_is_word(cut, i - 1, "traffic"))
		check_made(check, cut, TABLE_traffics, i);
	else if (cut_is_word(cut, i - 1, "alarm"))
		check_key_word(check, cut, noun_at(NOUN_alarm), i);
}

/* Of `stop`, `all` is every one. */
static void
check_traffic(struct check *check, const struct cut *cut)
{
	if (!cut_is_word(cut, 0, "stop") || !cut_is_word(cut, 1, "all"))
		check_made(check, cut, TABLE_traffics, 1);
}

/* One line or several, or the name of a trunk group. */
static void
check_place(struct check *check, const struct cut *cut, unsigned int i)
{
	if (isdigit((unsigned char)cut->literals[i][0]))
		check_line(check, cut, i);
	else if (strchr("*#", cut->literals[i][0]) == NULL)
		check_made(check, cut, TABLE_trunks, i);
}

static void
check_target(struct check *check, const struct cut *cut, unsigned int i)
{
	if (!word_is_in(cut->literals[i], "local announcement"))
		check_made(check, cut, TABLE_trunks, i);
}

static void
check_far(struct check *check, const struct cut *cut, unsigned int i)
{
	if (!word_is_in(cut->literals[i], FAR_WORDS))
		check_made(check, cut, TABLE_behaviours, i);
}

static void
check_party(struct check *check, const struct cut *cut, unsigned int i)
{
	if (strchr(cut->literals[i], '.') != NULL)
		check_call(check, cut, i);
	else
		check_line(check, cut, i);
}

/* The number of a call is known when there is one. */
static void
check_which(struct check *check, const struct cut *cut, unsigned int i)
{
	if (!isdigit((unsigned char)cut->literals[i][0]))
		check_call(check, cut, i);
}

/* A kind of word, and who knows whether there is such a thing. */
static const struct {
	enum argument_type type;
	void (*looks)(
	    struct check *check, const struct cut *cut, unsigned int i);
} lookers[] = {
	{ ARGUMENT_MODULE, check_module },
	{ ARGUMENT_CALL, check_call },
	{ ARGUMENT_WHICH, check_which },
	{ ARGUMENT_PARTY, check_party },
	{ ARGUMENT_LINE, check_line },
	{ ARGUMENT_FROM, check_place },
	{ ARGUMENT_TARGET, check_target },
	{ ARGUMENT_FAR, check_far },
	{ ARGUMENT_VALUE, check_key },
};

void
check_name(struct check *check, const struct cut *cut, enum argument_type type,
    unsigned int i)
{
	unsigned int n;

	if (cut->literals[i] == NULL || check->is_learning)
		return;
	if (cut_is_word(cut, i - 1, "-account"))
		check_made(check, cut, TABLE_accounts, i);
	else if (cut_is_word(cut, i - 1, "-tariff"))
		check_made(check, cut, TABLE_tariffs, i);
	else if (cut_is_word(cut, i - 1, "-behaviour"))
		check_made(check, cut, TABLE_behaviours, i);
	else if (cut_is_word(cut, i - 1, "-from"))
		check_place(check, cut, i);
	else if (i == 1 && cut_is_word(cut, 0, "service"))
		check_line(check, cut, i);
	else if (i == 1 && word_is_in(cut->literals[0], "rate search stop"))
		check_traffic(check, cut);
	else
		for (n = 0; n < sizeof lookers / sizeof lookers[0]; n++)
			if (lookers[n].type == type)
				lookers[n].looks(check, cut, i);
}

/* What nothing takes away again. */
static const struct {
	const char *commands;
	enum table table;
	const char *what;
} once[] = {
	{ "call offhook consult pickup", TABLE_begun, "a call" },
	{ "trunk", TABLE_once_trunk, "a trunk group" },
	{ "account", TABLE_once_account, "an account" },
	{ "traffic", TABLE_once_traffic, "a traffic" },
	{ "behaviour", TABLE_once_behaviour, "a behaviour" },
};

static void
check_made_once(struct check *check, const struct cut *cut)
{
	const char *name = cut->literals[1];
	unsigned int i;

	for (i = 0; i < sizeof once / sizeof once[0]; i++) {
		if (!word_is_in(cut->literals[0], once[i].commands))
			continue;
		if (check_is_learnt(check, once[i].table, name))
			check_mistake(check, cut->words[1]->start,
			    "%s: there is %s '%.40s' already", cut->literals[0],
			    once[i].what, name);
		check_learn(check, once[i].table, name);
	}
}

void
check_repeated(struct check *check, const struct cut *cut)
{
	const char *name = cut->count > 1 ? cut->literals[1] : NULL;

	if (!check->is_outmost || check->is_learning || name == NULL)
		return;
	if (cut_is_word(cut, 0, "lines"))
		check_new_lines(check, cut);
	check_made_once(check, cut);
}
