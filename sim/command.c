/*
 * command: see command.h for what it is.  What holds words against the usage
 * line of one is command_match.c.
 */
#include "sim/command.h"

#include <string.h>

static const struct command commands[] = {
#define COMMAND(name, usage, help, example) { name, usage, help, example },
#include "sim/command.def"
#undef COMMAND
};

static const struct command operations[] = {
#define OPERATION(name, usage, help, example) { name, usage, help, example },
#include "sim/operation.def"
#undef OPERATION
};

unsigned int
command_count(void)
{
	return sizeof commands / sizeof commands[0];
}

const struct command *
command_at(unsigned int i)
{
	return &commands[i];
}

static const struct command *
find(const struct command *from, unsigned int count, const char *name)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (strcmp(from[i].name, name) == 0)
			return &from[i];
	return NULL;
}

const struct command *
command_find(const char *name)
{
	return find(commands, command_count(), name);
}

unsigned int
operation_count(void)
{
	return sizeof operations / sizeof operations[0];
}

const struct command *
operation_at(unsigned int i)
{
	return &operations[i];
}

const struct command *
operation_find(const char *name)
{
	return find(operations, operation_count(), name);
}

const struct command *
operator_word_at(unsigned int i)
{
	if (i < operation_count())
		return operation_at(i);
	i -= operation_count();
	return i < command_count() ? command_at(i) : NULL;
}

const struct command *
operator_word_find(const char *name)
{
	const struct command *operation = operation_find(name);

	return operation != NULL ? operation : command_find(name);
}
