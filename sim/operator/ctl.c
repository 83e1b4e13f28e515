/*
 * ctl: see ctl.h for what it is.
 *
 * A line goes out as it was typed; what comes back is printed as text: the
 * answer's own where it has one, else its members one below the other.  While
 * an upgrade goes on, a terminal shows how far it is.
 */
#include "sim/operator/ctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "sim/operator/ctl_internal.h"
#include "sim/operator/phrase.h"
#include "sim/options.h"
#include "sim/terminal.h"

enum { LINE_SIZE = 64 * 1024 };

/* What has no way back; asked about at a terminal, unless --yes. */
static const struct {
	const char *command, *word, *why;
} grave[] = {
	{ "make-permanent", NULL,
	    "there is no way back to the release before" },
	{ "purge", "-force", "the calls that use that version will end" },
	{ "upgrade", "-deadline", "calls that cannot follow in time will end" },
	{ "rollback", "-deadline",
	    "calls that cannot follow in time will end" },
	{ "fault", NULL, "something will break" },
};

static bool
has_word(const struct options *options, const char *word)
{
	unsigned int i;

	for (i = 1; i < options->words_count; i++)
		if (strcmp(options->words[i], word) == 0)
			return true;
	return false;
}

/* Why it should be thought about; NULL: it need not be. */
static const char *
why_grave(const struct options *options)
{
	unsigned int i;

	for (i = 0; i < sizeof grave / sizeof grave[0]; i++)
		if (strcmp(grave[i].command, options->words[0]) == 0 &&
		    (grave[i].word == NULL || has_word(options, grave[i].word)))
			return grave[i].why;
	return NULL;
}

bool
ctl_is_sure(const struct options *options)
{
	const char *why = why_grave(options);
	char answer[16] = "";

	if (why == NULL || options->is_sure || !terminal_is(STDIN_FILENO))
		return true;
	(void)fprintf(stderr, "%s: %s.  Go on? [y/N] ", options->words[0], why);
	if (fgets(answer, sizeof answer, stdin) == NULL)
		(void)fputc('\n', stderr);
	if (answer[0] == 'y' || answer[0] == 'Y')
		return true;
	(void)fputs("hotswitch: nothing was done\n", stderr);
	return false;
}

/* A condition in braces, as a scenario has it, is the condition. */
static bool
is_braced(const char *word)
{
	size_t length = strlen(word);

	return length > 1 && word[0] == '{' && word[length - 1] == '}' &&
	    strpbrk(word, "\n\\") == NULL;
}

/* The words as one line that is cut into the same words. */
static int
join(const struct options *options, char *line, size_t size)
{
	size_t at = 0;
	unsigned int i;
	int length;

	for (i = 0; i < options->words_count; i++) {
		if (i > 0 && at + 1 < size)
			line[at++] = ' ';
		length = is_braced(options->words[i])
		    ? snprintf(line + at, size - at, "%s", options->words[i])
		    : phrase_quote(options->words[i], line + at, size - at);
		if (length < 0 || (size_t)length >= size - at)
			return -E2BIG;
		at += (size_t)length;
	}
	return 0;
}

static int
say_words(const struct options *options, struct ctl_link *link)
{
	static char line[LINE_SIZE];

	if (join(options, line, sizeof line - 1) != 0) {
		(void)fputs(
		    "hotswitch: the command is longer than 65536 bytes\n",
		    stderr);
		return EXIT_USAGE;
	}
	return ctl_is_sure(options) ? ctl_say(link, line) : EXIT_FAILED;
}

int
ctl(const struct options *options, bool is_coloured)
{
	struct ctl_link *link;
	int status = ctl_connect(&link, options, is_coloured);

	if (status != EXIT_PASSED)
		return status;
	status = options->words_count > 0 ? say_words(options, link)
					  : ctl_prompt(link, options);
	ctl_disconnect(&link);
	return status;
}
