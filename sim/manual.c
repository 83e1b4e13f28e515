/*
 * manual: see manual.h for what it is.
 */
#include "sim/manual.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "sim/command.h"
#include "sim/noun.h"
#include "sim/usage.h"
#include "switch/nearest.h"

enum { WIDTH = 78, LABEL = 10, WORDS_SIZE = 2048 };

/* Words separated by spaces, in lines that begin at column `indent`. */
static void
print_words(FILE *out, int indent, const char *label, const char *words)
{
	int at = fprintf(out, "%*s%-*s", indent, "", LABEL - 1, label);
	size_t length;

	for (; *words != '\0'; words += length + (words[length] == ' ')) {
		length = strcspn(words, " ");
		if (at + 1 + (int)length > WIDTH)
			at = fprintf(out, "\n%*s", indent + LABEL - 1, "") - 1;
		at += fprintf(out, " %.*s", (int)length, words);
	}
	(void)fputc('\n', out);
}

static void
print_command(FILE *out, const struct command *command)
{
	(void)fprintf(out, "  %s %s\n      %s\n", command->name, command->usage,
	    command->help);
}

void
manual_commands(FILE *out)
{
	unsigned int i;

	for (i = 0; i < command_count(); i++)
		print_command(out, command_at(i));
}

void
manual_operations(FILE *out)
{
	unsigned int i;

	for (i = 0; i < operation_count(); i++)
		print_command(out, operation_at(i));
}

static void
print_noun(FILE *out, const struct noun *noun)
{
	(void)fprintf(out, "      %s%s%s\n", noun->name,
	    noun->keys[0] == '\0' ? "" : " ", noun->keys);
	if (noun->states[0] != '\0')
		print_words(out, 10, "states", noun->states);
	if (noun->texts[0] != '\0')
		print_words(out, 10, "texts", noun->texts);
	if (noun->numbers[0] != '\0')
		print_words(out, 10, "numbers", noun->numbers);
}

static void
print_nouns(FILE *out)
{
	unsigned int i;

	for (i = 0; i < NOUNS_COUNT; i++)
		print_noun(out, noun_at((enum noun_number)i));
}

/* A word of a usage: its type, and what there is of it. */
static void
print_slot(FILE *out, const struct slot *slot)
{
	const char *words = argument_words(slot->type);

	if (slot->type == ARGUMENT_WORDS)
		return; /* they stand in the usage */
	print_words(out, 2, slot->words, argument_text(slot->type));
	if (words != NULL)
		print_words(out, 2, "", words);
	if (slot->type == ARGUMENT_SUBJECT)
		print_nouns(out);
}

/* Each once. */
static void
print_slots(FILE *out, const struct command *command)
{
	const struct slot *slots[2 * COMMAND_SLOTS_MAX];
	struct form form = { .positional_count = 0 };
	unsigned int count, i, other;

	usage_read(&form, command->usage);
	count = form.positional_count + form.options_count;
	for (i = 0; i < count; i++) {
		slots[i] = i < form.positional_count
		    ? &form.positional[i]
		    : &form.options[i - form.positional_count];
		for (other = 0; other < i; other++)
			if (strcmp(slots[other]->words, slots[i]->words) == 0)
				break;
		if (other == i && !slots[i]->is_flag)
			print_slot(out, slots[i]);
	}
}

static int
refuse(const char *word, char *why, size_t size)
{
	char known[WORDS_SIZE] = "", nearest[NEAREST_WORD_MAX + 1];
	const struct command *command;
	unsigned int i;
	size_t at = 0;

	for (i = 0; (command = operator_word_at(i)) != NULL; i++)
		at += (size_t)snprintf(
		    known + at, sizeof known - at, "%s ", command->name);
	for (i = 0; i < NOUNS_COUNT; i++)
		at += (size_t)snprintf(known + at, sizeof known - at, "%s%s",
		    i == 0 ? "" : " ", noun_at((enum noun_number)i)->name);
	if (nearest_word(word, known, nearest, sizeof nearest))
		(void)snprintf(why, size,
		    "no command or noun is '%.60s', did you mean '%s'?", word,
		    nearest);
	else
		(void)snprintf(why, size,
		    "no command or noun is '%.60s' (hotswitch run --help names "
		    "the commands)",
		    word);
	return -ENOENT;
}

int
manual_word(FILE *out, const char *word, char *why, size_t size)
{
	const struct command *command = operator_word_find(word);
	const struct noun *noun = noun_find(word);

	if (strcmp(word, "language") == 0) {
		manual_language(out);
		return 0;
	}
	if (command == NULL && noun == NULL)
		return refuse(word, why, size);
	if (command != NULL) {
		print_command(out, command);
		(void)fprintf(out, "      as in: %s\n\n", command->example);
		print_slots(out, command);
	}
	if (noun != NULL) {
		(void)fprintf(out,
		    "%s  '%s' as a subject of expect, never and "
		    "show:\n",
		    command == NULL ? "" : "\n", word);
		print_noun(out, noun);
	}
	return 0;
}
