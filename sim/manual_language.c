/*
 * manual_language: the reference part of docs/scenario-language.md.
 *
 * Written by the program itself (`hotswitch help language`), so that the
 * document has every command, kind of word and subject that there is, as they
 * are; tools/language puts it there, and a test holds it to it.
 */
#include "sim/manual.h"

#include <string.h>

#include "sim/column_words.h"
#include "sim/command.h"
#include "sim/noun.h"
#include "sim/usage.h"

/* Markdown takes a bar for the end of a cell. */
static void
put_cell(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '|')
			(void)fputc('\\', out);
		(void)fputc(*text, out);
	}
}

static void
print_commands(FILE *out)
{
	const struct command *command;
	unsigned int i;

	(void)fputs("### Commands\n\n", out);
	for (i = 0; i < command_count(); i++) {
		command = command_at(i);
		(void)fprintf(out, "`%s%s%s`  \n%s.\n\n```tcl\n%s\n```\n\n",
		    command->name, *command->usage == '\0' ? "" : " ",
		    command->usage, command->help, command->example);
	}
}

static void
print_types(FILE *out)
{
	const char *words;
	unsigned int type;

	(void)fputs(
	    "### Kinds of words\n\n| word | what it is |\n|---|---|\n", out);
	for (type = 0; type < ARGUMENT_TYPES_COUNT; type++) {
		if (type == ARGUMENT_WORDS)
			continue;
		words = argument_words((enum argument_type)type);
		(void)fprintf(
		    out, "| %s | ", argument_name((enum argument_type)type));
		put_cell(out, argument_text((enum argument_type)type));
		(void)fprintf(out, "%s%s |\n", words == NULL ? "" : ": ",
		    words == NULL ? "" : words);
	}
	(void)fputc('\n', out);
}

static void
print_columns(FILE *out, const struct noun *noun)
{
	char words[COLUMN_WORDS_SIZE], column[32];
	const char *at = noun->texts;
	size_t length;

	for (; *at != '\0'; at += length + (at[length] == ' ')) {
		length = strcspn(at, " ");
		(void)snprintf(column, sizeof column, "%.*s", (int)length, at);
		if (column_words(noun, column, words))
			(void)fprintf(
			    out, "  - `%s` is one of: %s\n", column, words);
	}
}

static void
print_subjects(FILE *out)
{
	const struct noun *noun;
	unsigned int i;

	(void)fputs("### Subjects\n\n", out);
	for (i = 0; i < NOUNS_COUNT; i++) {
		noun = noun_at((enum noun_number)i);
		(void)fprintf(out, "- `%s%s%s`\n", noun->name,
		    *noun->keys == '\0' ? "" : " ", noun->keys);
		if (*noun->states != '\0')
			(void)fprintf(out, "  - states: %s\n", noun->states);
		if (*noun->texts != '\0')
			(void)fprintf(out, "  - texts: %s\n", noun->texts);
		if (*noun->numbers != '\0')
			(void)fprintf(out, "  - numbers: %s\n", noun->numbers);
		print_columns(out, noun);
	}
}

void
manual_language(FILE *out)
{
	print_commands(out);
	print_types(out);
	print_subjects(out);
}
