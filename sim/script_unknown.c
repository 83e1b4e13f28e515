/*
 * script_unknown: a command that there is not, and the one that was meant.
 *
 * First what people bring along from other languages and other exchanges, then
 * what is a slip of the finger.
 */
#include "sim/script_text.h"

#include <stdio.h>
#include <string.h>

#include "sim/script_internal.h"
#include "switch/nearest.h"

/* What others call it; said in full where it is more than a name. */
static const struct {
	const char *words, *meant;
} others[] = {
	{ "puts print printf echo log say write", "note" },
	{ "wait sleep after pause delay", "advance" },
	{ "assert verify ensure check test", "expect" },
	{ "line subscriber subscribers extension extensions phone phones",
	    "lines" },
	{ "onhook disconnect release drop", "hangup" },
	{ "lift pick", "offhook" },
	{ "originate place", "call" },
	{ "forward divert redirect", "service" },
	{ "resume unhold", "retrieve" },
	{ "downgrade revert", "rollback" },
	{ "confirm commit", "make-permanent" },
	{ "use load", "module" },
	{ "source import require", "include" },
	{ "def function func sub", "proc" },
	{ "let var int my const", "set" },
	{ "repeat loop do", "foreach" },
	{ "update", "advance" },
};

static const struct {
	const char *words, *rule;
} rules[] = {
	{ "else elseif then",
	    "it stands on the line of the } before it, as in } else {" },
	{ "elif elsif", "write } elseif {...} {" },
	{ "} end fi done endif", "a body ends with one } of its own" },
	{ "// /* */ -- % ; rem REM", "a remark begins with #" },
	{ "exec open close socket file clock cd glob pwd gets read chan fcopy "
	  "vwait fconfigure",
	    "a scenario reaches no file, process, socket or clock" },
	{ "exit quit", "`return` ends a scenario" },
};

/* What is wrong with how it is written; NULL: nothing of that kind. */
static const char *
rule_of(const struct cut *cut)
{
	const char *name = cut->literals[0];
	unsigned int i;

	for (i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (word_is_in(name, rules[i].words))
			return rules[i].rule;
	if (cut->words[0]->start[0] == '{')
		return "the { of a body stands on the line of its command";
	if (cut_is_word(cut, 1, "="))
		return "a variable is made by `set NAME VALUE`";
	if (strchr(name, '(') != NULL)
		return "its words stand behind it, with spaces and without "
		       "parentheses";
	if (strncmp(name, "//", 2) == 0 || strncmp(name, "/*", 2) == 0)
		return "a remark begins with #";
	return NULL;
}

static bool
find_meant(
    struct check *check, const char *name, char meant[NEAREST_WORD_MAX + 1])
{
	char words[KNOWN_MAX];
	size_t at = 0;
	unsigned int i;

	for (i = 0; i < sizeof others / sizeof others[0]; i++)
		if (word_is_in(name, others[i].words)) {
			(void)snprintf(
			    meant, NEAREST_WORD_MAX + 1, "%s", others[i].meant);
			return true;
		}
	for (i = 0; i < command_count(); i++)
		at = check_append_word(words, at, command_at(i)->name);
	at = check_append_word(words, at, script_allowed);
	at = check_append_names(check, TABLE_procs, words, at);
	words[at > 0 ? at - 1 : 0] = '\0';
	return nearest_word(name, words, meant, NEAREST_WORD_MAX + 1);
}

/* Some of it: it may be a body. */
static int
shown(const char *name)
{
	size_t length = strcspn(name, "\n");

	return length < 60 ? (int)length : 60;
}

void
check_unknown(struct check *check, const struct cut *cut)
{
	char meant[NEAREST_WORD_MAX + 1];
	const char *name = cut->literals[0], *rule = rule_of(cut);
	const char *where = cut->words[0]->start;

	/* What was torn leaves closing braces behind. */
	if (check_is_enough(check) || (check->torn > 0 && *name == '}'))
		return;
	if (cut->words[0]->start[0] == '{')
		check_mistake(check, where, "this is no command: %s", rule);
	else if (rule != NULL)
		check_mistake(check, where, "unknown command '%.*s': %s",
		    shown(name), name, rule);
	else if (find_meant(check, name, meant))
		check_mistake(check, where,
		    "unknown command '%.*s', did you mean '%s'?", shown(name),
		    name, meant);
	else
		check_mistake(check, where,
		    "unknown command '%.*s' (hotswitch run --help names them "
		    "all)",
		    shown(name), name);
}
