/*
 * A line of an operator: cut as Tcl cuts a list, quoted and cut again, and held
 * to its usage.
 */
#include "tests/fuzz/fuzz.h"

#include <stdbool.h>

#include <tcl.h>

#include "sim/command.h"
#include "sim/operator/phrase.h"

enum { LINE_SIZE = 4096, WORDS = COMMAND_WORDS_MAX };

/* Each word, as it must stand on a line, is that word again. */
static void
expect_same(const char *word)
{
	char quoted[2 * LINE_SIZE + 8], why[256];
	const char *again[2];

	must(phrase_quote(word, quoted, sizeof quoted) > 0, "no room");
	must(strpbrk(quoted, "\r\n") == NULL, "no line: '%s'", quoted);
	must(phrase_split(quoted, again, 2, why, sizeof why) == 1 &&
		strcmp(again[0], word) == 0,
	    "not the same again: '%s'", word);
}

/* Where no letter or newline follows a backslash, it is a list of Tcl's. */
static bool
is_list(const char *line)
{
	for (; *line != '\0'; line++)
		if (*line == '\\' && !ispunct((unsigned char)*++line))
			return false;
	return true;
}

/* As Tcl cuts it, who wrote it would have meant the same. */
static void
expect_as_list(const char *line, const char *const *words, int count)
{
	const char **items;
	int length, i;

	if (!is_list(line))
		return;
	if (Tcl_SplitList(NULL, line, &length, &items) != TCL_OK) {
		must(count < 0, "no list, and no mistake: %s", line);
		return;
	}
	must(count == length || length > WORDS, "%d words, %d items: %s", count,
	    length, line);
	for (i = 0; i < count; i++)
		must(strcmp(words[i], items[i]) == 0, "'%s' is '%s'", items[i],
		    words[i]);
	Tcl_Free((char *)items);
}

static void
match(const char *const *words, unsigned int count)
{
	const struct command *command = command_find(words[0]);
	const struct command_words said = { words + 1, count - 1, false };
	struct arguments arguments;
	char why[640] = "";

	if (command == NULL)
		return;
	if (command_match(command, &said, &arguments, why, sizeof why) == 0)
		return;
	expect_clause(why);
	must(arguments.wrong <= count, "no word %u of %u", arguments.wrong,
	    count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *words[WORDS];
	char *line, *whole, why[256] = "";
	int count, i;

	if (size > LINE_SIZE)
		return -1;
	line = text_of(bytes, size);
	whole = text_of(bytes, size);
	count = phrase_split(line, words, WORDS, why, sizeof why);
	if (count < 0)
		expect_clause(why);
	expect_as_list(whole, words, count);
	for (i = 0; i < count; i++)
		expect_same(words[i]);
	if (count > 0)
		match(words, (unsigned int)count);
	free(whole);
	free(line);
	return 0;
}
