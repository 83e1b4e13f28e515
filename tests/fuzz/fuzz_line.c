/* A line of an operator: cut, quoted and cut again, and held to its usage. */
#include "tests/fuzz/fuzz.h"

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
	char *line, why[256] = "";
	int count, i;

	if (size > LINE_SIZE)
		return -1;
	line = text_of(bytes, size);
	count = phrase_split(line, words, WORDS, why, sizeof why);
	if (count < 0)
		expect_clause(why);
	for (i = 0; i < count; i++)
		expect_same(words[i]);
	if (count > 0)
		match(words, (unsigned int)count);
	free(line);
	return 0;
}
