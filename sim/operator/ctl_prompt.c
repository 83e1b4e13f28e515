/*
 * ctl_prompt: lines of an operator, with history and completion.
 *
 * Without a terminal lines are read as they come, for scripts.
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <editline/readline.h>

#include "sim/command.h"
#include "sim/manual.h"
#include "sim/operator/ctl_internal.h"
#include "sim/operator/phrase.h"
#include "sim/options.h"
#include "sim/terminal.h"
#include "switch/nearest.h"

/* What the prompt itself does. */
static const char *const own[] = { "help", "quit" };
enum { OWN_COUNT = sizeof own / sizeof own[0] };

static const char *
word_at(unsigned int i)
{
	const struct command *command;

	if (i < OWN_COUNT)
		return own[i];
	command = operator_word_at(i - OWN_COUNT);
	return command == NULL ? NULL : command->name;
}

/* readline(3): the next word that begins so; its state is a number. */
static char *
next_word(const char *beginning, int state)
{
	static unsigned int at;
	const char *word;

	if (state == 0)
		at = 0;
	while ((word = word_at(at)) != NULL) {
		at++;
		if (strncmp(word, beginning, strlen(beginning)) == 0)
			return strdup(word);
	}
	return NULL;
}

/* Only the first word is a command. */
static char **
complete(const char *beginning, int start, int end)
{
	(void)end;
	rl_attempted_completion_over = 1;
	return start == 0 ? rl_completion_matches(beginning, next_word) : NULL;
}

static void
print_help(void)
{
	const struct command *command;
	unsigned int i;

	for (i = 0; (command = operator_word_at(i)) != NULL; i++)
		(void)printf("%s %s\n", command->name, command->usage);
	(void)puts("help ?WORD?\nquit");
}

/* Of one word all that `hotswitch help WORD` says. */
static int
help(const char *word)
{
	char why[1024];

	if (word == NULL) {
		print_help();
		return EXIT_PASSED;
	}
	if (manual_word(stdout, word, why, sizeof why) == 0)
		return EXIT_PASSED;
	(void)fprintf(stderr, "hotswitch: %s\n", why);
	return EXIT_USAGE;
}

/*
 * The status of the line, or -1: nobody wants to go on.  What is no line of
 * words the switch refuses.
 */
static int
do_line(struct ctl_link *link, const struct options *options, const char *line)
{
	const char *words[COMMAND_WORDS_MAX];
	struct options said = *options;
	char why[128], *copy = strdup(line);
	int count = copy == NULL
	    ? -ENOMEM
	    : phrase_split(copy, words, COMMAND_WORDS_MAX, why, sizeof why);
	int status;

	said.words = words;
	said.words_count = count < 0 ? 0 : (unsigned int)count;
	if (count == 0 || line[strspn(line, " \t")] == '#')
		status = EXIT_PASSED;
	else if (count == 1 && word_is_in(words[0], "quit exit"))
		status = -1;
	else if (count > 0 && strcmp(words[0], "help") == 0)
		status = help(count > 1 ? words[1] : NULL);
	else if (count > 0 && !ctl_is_sure(&said))
		status = EXIT_FAILED;
	else
		status = ctl_say(link, line);
	free(copy);
	return status;
}

static int
read_plain(struct ctl_link *link, const struct options *options)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	int status = EXIT_PASSED, one;

	while ((length = getline(&line, &room, stdin)) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		one = do_line(link, options, line);
		if (one < 0)
			break;
		status = one;
		if (one == EXIT_IMPOSSIBLE)
			break;
	}
	free(line);
	return status;
}

int
ctl_prompt(struct ctl_link *link, const struct options *options)
{
	int status = EXIT_PASSED, one;
	char *line;

	if (!terminal_is(STDIN_FILENO))
		return read_plain(link, options);
	(void)setlocale(LC_CTYPE, "");
	rl_initialize();
	rl_attempted_completion_function = complete;
	using_history();
	while ((line = readline("hotswitch> ")) != NULL) {
		if (line[0] != '\0')
			(void)add_history(line);
		one = do_line(link, options, line);
		free(line);
		if (one < 0)
			return status;
		status = one;
		if (one == EXIT_IMPOSSIBLE)
			return status;
	}
	(void)putchar('\n');
	return status;
}
