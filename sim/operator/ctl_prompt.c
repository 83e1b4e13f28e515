/*
 * ctl_prompt: lines of an operator, with history and completion.
 *
 * Without a terminal lines are read as they come, for scripts.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <editline/readline.h>

#include "sim/command.h"
#include "sim/operator/ctl_internal.h"
#include "sim/options.h"
#include "sim/terminal.h"

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
	(void)puts("quit");
}

/* The status of the line, or -1: nobody wants to go on. */
static int
do_line(struct ctl_link *link, const char *line)
{
	line += strspn(line, " \t");
	if (line[0] == '\0' || line[0] == '#')
		return EXIT_PASSED;
	if (strcmp(line, "quit") == 0 || strcmp(line, "exit") == 0)
		return -1;
	if (strcmp(line, "help") == 0) {
		print_help();
		return EXIT_PASSED;
	}
	return ctl_say(link, line);
}

static int
read_plain(struct ctl_link *link)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	int status = EXIT_PASSED, one;

	while ((length = getline(&line, &room, stdin)) > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		one = do_line(link, line);
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

	(void)options;
	if (!terminal_is(STDIN_FILENO))
		return read_plain(link);
	(void)setlocale(LC_CTYPE, "");
	rl_initialize();
	rl_attempted_completion_function = complete;
	using_history();
	while ((line = readline("hotswitch> ")) != NULL) {
		if (line[0] != '\0')
			(void)add_history(line);
		one = do_line(link, line);
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
