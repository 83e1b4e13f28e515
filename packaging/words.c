/*
 * words: the words of command.def, operation.def and task.def, as other
 * programs read them.
 *
 * words mdoc BEFORE AFTER     a manual page: a file, the list of the commands
 *                             of the language, another file
 * words bash FILE             that file, below the variables that it reads
 *
 * It is run by the build alone; to standard output.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *usage, *help, *example;
} commands[] = {
#define COMMAND(name, usage, help, example) { name, usage, help, example },
#include "sim/command.def"
#undef COMMAND
};

/* In the manner of commands; a page of the language has none of them. */
static const struct {
	const char *name, *usage, *help, *example;
} operations[] = {
#define OPERATION(name, usage, help, example) { name, usage, help, example },
#include "sim/operation.def"
#undef OPERATION
};

static const struct {
	const char *word, *options, *formats;
} tasks[] = {
#define TASK(word, number, options, formats) { word, options, formats },
#include "sim/task.def"
#undef TASK
};

enum {
	COMMANDS_COUNT = sizeof commands / sizeof commands[0],
	OPERATIONS_COUNT = sizeof operations / sizeof operations[0],
	TASKS_COUNT = sizeof tasks / sizeof tasks[0]
};

static void
copy(const char *path)
{
	FILE *in = fopen(path, "r");
	int byte;

	if (in == NULL) {
		(void)fprintf(
		    stderr, "words: '%s': %s\n", path, strerror(errno));
		exit(3);
	}
	while ((byte = getc(in)) != EOF)
		(void)putchar(byte);
	(void)fclose(in);
}

/*--------------------------------------------------------------------
 * mdoc
 */

/* Text that roff(7) takes as it stands. */
static void
put_text(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		switch (text[i]) {
		case '\\':
			(void)fputs("\\e", stdout);
			break;
		case '-':
			(void)fputs("\\-", stdout);
			break;
		case '"':
			(void)fputs("\\(dq", stdout);
			break;
		case '`':
			(void)fputs("\\(ga", stdout);
			break;
		default:
			(void)putchar(text[i]);
		}
}

/* Sentences, each on a line of its own. */
static void
put_sentences(const char *text)
{
	size_t length;

	for (; *text != '\0'; text += length) {
		while (*text == ' ')
			text++;
		length = strcspn(text, ".");
		while (text[length] == '.' && text[length + 1] != ' ' &&
		    text[length + 1] != '\0')
			length += 1 + strcspn(text + length + 1, ".");
		length += text[length] == '.';
		(void)fputs("\\&", stdout);
		put_text(text, length);
		if (text[length] == '\0' && text[length - 1] != '.')
			(void)putchar('.');
		(void)putchar('\n');
	}
}

static void
put_mdoc(void)
{
	unsigned int i;

	(void)puts(".Bl -tag -width Ds");
	for (i = 0; i < COMMANDS_COUNT; i++) {
		(void)printf(".It Ic %s", commands[i].name);
		if (commands[i].usage[0] != '\0') {
			(void)fputs(" Ar \"", stdout);
			put_text(commands[i].usage, strlen(commands[i].usage));
			(void)fputs("\\&\"", stdout);
		}
		(void)putchar('\n');
		put_sentences(commands[i].help);
		(void)fputs(
		    ".Bd -literal -offset indent -compact\n\\&", stdout);
		put_text(commands[i].example, strlen(commands[i].example));
		(void)puts("\n.Ed");
	}
	(void)puts(".El");
}

/*--------------------------------------------------------------------
 * bash
 */

/* "-rate -live": the words of a usage that begin with a dash. */
static void
put_options(const char *usage)
{
	const char *between = "";
	size_t length;

	for (; *usage != '\0'; usage += length + (usage[length] != '\0')) {
		length = strcspn(usage, " ?.");
		if (length < 2 || usage[0] != '-')
			continue;
		(void)printf("%s%.*s", between, (int)length, usage);
		between = " ";
	}
}

static void
put_bash(void)
{
	unsigned int i;

	(void)fputs("_hotswitch_operations='", stdout);
	for (i = 0; i < OPERATIONS_COUNT; i++)
		(void)printf("%s%s", i == 0 ? "" : " ", operations[i].name);
	(void)fputs("'\n_hotswitch_commands='", stdout);
	for (i = 0; i < COMMANDS_COUNT; i++)
		(void)printf("%s%s", i == 0 ? "" : " ", commands[i].name);
	(void)puts("'\ndeclare -A _hotswitch_words=(");
	for (i = 0; i < COMMANDS_COUNT; i++) {
		(void)printf("\t[%s]='", commands[i].name);
		put_options(commands[i].usage);
		(void)puts("'");
	}
	(void)puts(")\ndeclare -A _hotswitch_tasks=(");
	for (i = 0; i < TASKS_COUNT; i++)
		(void)printf(
		    "\t[%s]='%s help'\n", tasks[i].word, tasks[i].options);
	(void)puts(")\ndeclare -A _hotswitch_formats=(");
	for (i = 0; i < TASKS_COUNT; i++)
		(void)printf("\t[%s]='%s'\n", tasks[i].word, tasks[i].formats);
	(void)puts(")");
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "mdoc") == 0) {
		copy(argv[2]);
		put_mdoc();
		copy(argv[3]);
	} else if (argc == 3 && strcmp(argv[1], "bash") == 0) {
		put_bash();
		copy(argv[2]);
	} else {
		(void)fputs(
		    "usage: words mdoc FILE FILE | bash FILE\n", stderr);
		return 2;
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 3;
}
