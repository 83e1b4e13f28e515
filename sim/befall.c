/*
 * befall: see befall.h for what it is.
 *
 * Only the words; action_fault.c does it.
 */
#include "sim/befall.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sim/command.h"
#include "sim/noun.h"
#include "sim/units.h"
#include "switch/nearest.h"

static const struct ill {
	enum noun_number noun;
	const char *kinds, *options;
} ills[] = {
	{ NOUN_call, "crash abort divide loop overrun", "-on -count" },
	{ NOUN_module, "crash abort divide loop overrun", "-on -rate -for" },
	{ NOUN_process, "kill", "" },
	{ NOUN_supervisor, "kill", "" },
	{ NOUN_database, "busy full readonly vanish corrupt slow", "-for" },
	{ NOUN_line, "down silent", "-for" },
	{ NOUN_trunk, "down", "-for" },
	{ NOUN_circuit, "down", "-for" },
	{ NOUN_messages, "drop delay duplicate", "-on -rate -count -for" },
	{ NOUN_scheduler, "stall", "-for" },
};

static const struct ill *
ill_of(const struct noun *noun)
{
	unsigned int i;

	for (i = 0; i < sizeof ills / sizeof ills[0]; i++)
		if (ills[i].noun == noun->number)
			return &ills[i];
	return NULL;
}

static bool
kind_suits(const struct noun *noun, const char *kind, char *why, size_t size)
{
	const struct ill *ill = ill_of(noun);
	char nearest[NEAREST_WORD_MAX + 1];

	if (ill == NULL)
		(void)snprintf(
		    why, size, "nothing can befall a %s", noun->name);
	else if (kind == NULL || word_is_in(kind, ill->kinds))
		return true;
	else if (nearest_word(kind, ill->kinds, nearest, sizeof nearest))
		(void)snprintf(why, size,
		    "'%.40s' is nothing that can befall a %s, did you mean "
		    "'%s'?",
		    kind, noun->name, nearest);
	else
		(void)snprintf(why, size,
		    "'%.40s' is nothing that can befall a %s, one of these is: "
		    "%s",
		    kind, noun->name, ill->kinds);
	return false;
}

static bool
options_suit(const struct arguments *arguments, char *why, size_t size)
{
	const struct ill *ill = ill_of(arguments->noun);
	const char *name;
	unsigned int i;

	for (i = 0; i < arguments->options_count; i++) {
		name = arguments->options[i].name;
		if (word_is_in(name, ill->options))
			continue;
		(void)snprintf(why, size,
		    "'%s' says nothing of a %s, which has %s", name,
		    arguments->noun->name,
		    ill->options[0] == '\0' ? "no option" : ill->options);
		return false;
	}
	return true;
}

/* A share of all that a module does, and no less; a file that is gone. */
static bool
lasts(
    const struct arguments *arguments, const char *kind, char *why, size_t size)
{
	const enum noun_number noun = arguments->noun->number;
	const char *count = arguments_option(arguments, "-count");
	uint64_t number;

	if (count != NULL && units_number(count, UINT64_MAX, &number) &&
	    number == 0)
		(void)snprintf(
		    why, size, "-count 0 breaks nothing: give 1 or more");
	else if (noun == NOUN_module &&
	    arguments_option(arguments, "-rate") == NULL)
		(void)snprintf(why, size,
		    "of a module give the share of its events, as in -rate "
		    "1%%");
	else if (noun == NOUN_database && kind != NULL &&
	    strcmp(kind, "vanish") == 0 &&
	    arguments_option(arguments, "-for") != NULL)
		(void)snprintf(why, size,
		    "a file that has vanished does not come back by itself: "
		    "leave out -for");
	else
		return true;
	return false;
}

static bool
can_be_healed(const struct noun *noun, char *why, size_t size)
{
	if (word_is_in(noun->name,
		"database line trunk circuit module messages scheduler"))
		return true;
	(void)snprintf(why, size,
	    "a %s is not healed: a database, a line, a trunk group, a circuit, "
	    "a module, messages and a scheduler are",
	    noun->name);
	return false;
}

bool
befall_suits(const struct arguments *arguments, char *why, size_t size)
{
	const char *name = arguments->command->name;
	const char *kind = arguments->positional[1];

	if (arguments->noun == NULL) /* not known before it runs */
		return true;
	if (strcmp(name, "heal") == 0)
		return can_be_healed(arguments->noun, why, size);
	return strcmp(name, "fault") != 0 ||
	    (kind_suits(arguments->noun, kind, why, size) &&
		options_suit(arguments, why, size) &&
		lasts(arguments, kind, why, size));
}
