/*
 * command_record: see command_record.h for what it is.
 *
 * A word with blanks in it stands in braces, as it did in the scenario.
 */
#include "sim/command_record.h"

#include <stdio.h>
#include <string.h>

#include "switch/nearest.h"
#include "switch/record.h"
#include "switch/scheduler.h"

/* Those that only look, or wait, or were obeyed before the run began. */
static const char unrecorded[] =
    "advance allow audit ladder param plan schedulers seed show versions";

/* What the office is made of, as the words behind it say. */
static const char of_office[] = "account block date gate lines module port "
				"records route service tariff timer trunk "
				"unblock";

/* clang-format off */
#define COMMAND_COLUMNS(X) \
	X(number, INTEGER, row_number(row)) \
	X(t_command, INTEGER, command->at) \
	X(who, ARRAY, command->who) \
	X(line, INTEGER, command->line) \
	X(command, ARRAY, command->command) \
	X(text, ARRAY, command->text) \
	X(is_refused, INTEGER, command->is_refused) \
	X(answer, ARRAY, command->answer)

#define OFFICE_COLUMNS(X) \
	X(number, INTEGER, row_number(row)) \
	X(t_office, INTEGER, office->at) \
	X(kind, ARRAY, office->kind) \
	X(name, ARRAY, office->name) \
	X(data, ARRAY, office->data)
/* clang-format on */

static void
fill_command(struct row *row, const void *record)
{
	const struct command_record *command = record;

	COMMAND_COLUMNS(ROW_FILL)
}

static void
fill_office(struct row *row, const void *record)
{
	const struct office_record *office = record;

	OFFICE_COLUMNS(ROW_FILL)
}

const struct row_type command_row = {
	.kind = RECORD_COMMAND,
	.size = sizeof(struct command_record),
	.table = "command",
	.columns = COMMAND_COLUMNS(ROW_NAME),
	.fill = fill_command,
};

const struct row_type office_row = {
	.kind = RECORD_OFFICE,
	.size = sizeof(struct office_record),
	.table = "office",
	.columns = OFFICE_COLUMNS(ROW_NAME),
	.fill = fill_office,
};

static void
add_word(char *text, size_t size, const char *word)
{
	size_t length = strlen(text);
	bool is_plain =
	    word[0] != '\0' && word[strcspn(word, " \t\n{}")] == '\0';

	(void)snprintf(text + length, size - length, "%s%s%s%s",
	    length == 0 ? "" : " ", is_plain ? "" : "{", word,
	    is_plain ? "" : "}");
}

bool
command_record_begin(struct command_record *ret_record, const char *who,
    uint64_t at, const char *command, const char *const *words,
    unsigned int count)
{
	unsigned int i;

	if (word_is_in(command, unrecorded))
		return false;
	memset(ret_record, 0, sizeof *ret_record);
	ret_record->at = at;
	(void)snprintf(ret_record->who, sizeof ret_record->who, "%s", who);
	(void)snprintf(
	    ret_record->command, sizeof ret_record->command, "%s", command);
	for (i = 0; i < count; i++)
		add_word(ret_record->text, sizeof ret_record->text, words[i]);
	return true;
}

/* The first word is its name, the rest what is said of it. */
static void
record_office(const struct command_record *command, struct scheduler *scheduler)
{
	size_t length = strcspn(command->text, " ");
	const char *rest = command->text + length;
	struct office_record office;

	memset(&office, 0, sizeof office);
	office.at = command->at;
	(void)snprintf(office.kind, sizeof office.kind, "%s", command->command);
	(void)snprintf(office.name, sizeof office.name, "%.*s", (int)length,
	    command->text);
	(void)snprintf(
	    office.data, sizeof office.data, "%s", rest + (*rest == ' '));
	record_send(scheduler, RECORD_OFFICE, &office, sizeof office);
}

void
command_record_office(
    struct scheduler *scheduler, unsigned int count, const char *const *words)
{
	struct command_record record;

	if (command_record_begin(&record, "", scheduler_now(scheduler),
		words[0], words + 1, count - 1))
		record_office(&record, scheduler);
}

void
command_record_end(struct command_record *record, bool is_refused,
    const char *answer, struct scheduler *scheduler)
{
	record->is_refused = is_refused;
	(void)snprintf(record->answer, sizeof record->answer, "%s", answer);
	record_send(scheduler, RECORD_COMMAND, record, sizeof *record);
	if (!is_refused && word_is_in(record->command, of_office))
		record_office(record, scheduler);
}
