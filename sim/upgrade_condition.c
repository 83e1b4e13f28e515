/*
 * upgrade_condition: see upgrade_condition.h for what it is.
 *
 * -only is asked on the thread of the scheduler that has the call, or will
 * have it: it takes what the call's state and the office say of that call, and
 * of a call that is about to begin only what its start says; what nobody can
 * know then (whom it will have dialled) fulfils nothing.
 */
#include "sim/upgrade_condition.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office.h"
#include "calls/signalling.h"
#include "sim/command.h"
#include "sim/condition.h"
#include "sim/telephony.h"
#include "sim/version_column.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/schema.h"
#include "upgrade/telephony.h"

enum { CLAUSE_MAX = 512 };

enum call_column {
	CALL_CALLING,
	CALL_CALLED,
	CALL_CLASS,
	CALL_VERSION,
	CALL_HELD_A,
	CALL_HELD_B,
	CALL_ELAPSED_MS,
	CALL_COLUMNS
};

/* clang-format off */
#define NEW_NAME(name, value) "new_" #name " "
#define OLD_NAME(name, value) "old_" #name " "
static const struct condition_columns
of_a_call = { "calling called class version", "held_a held_b elapsed_ms" },
of_versions = { "", VERSION_COLUMNS(NEW_NAME) VERSION_COLUMNS(OLD_NAME)
	"new_differences" };

#define COLUMN_NUMBER(name, value) VERSION_##name,
enum version_column { VERSION_COLUMNS(COLUMN_NUMBER) VERSION_COLUMNS_COUNT };
/* clang-format on */
#undef NEW_NAME
#undef OLD_NAME
#undef COLUMN_NUMBER

struct order_conditions {
	unsigned int magic;
#define ORDER_CONDITIONS_MAGIC 0x5c2be0d7
	const struct telephony *telephony;
	struct condition *only, *fail_when; /* or NULL */
};

static const struct condition_columns *
columns_of(const char *option)
{
	if (option != NULL && strcmp(option, "-only") == 0)
		return &of_a_call;
	return option != NULL && strcmp(option, "-fail-when") == 0
	    ? &of_versions
	    : NULL;
}

bool
upgrade_condition_is(const char *option)
{
	return columns_of(option) != NULL;
}

static int
compile(const char *option, const char *text, struct condition **ret_condition,
    char *why, size_t size)
{
	char clause[CLAUSE_MAX] = "";
	int result = condition_compile(
	    ret_condition, text, columns_of(option), clause, sizeof clause);

	if (result != 0)
		(void)snprintf(why, size, "%s: %s", option, clause);
	return result;
}

int
upgrade_condition_check(
    const char *option, const char *text, char *why, size_t size)
{
	struct condition *condition = NULL;
	int result = compile(option, text, &condition, why, size);

	condition_free(&condition);
	return result;
}

/*--------------------------------------------------------------------
 * -only
 */

/* What is read of a candidate, and where its texts stand meanwhile. */
struct reading {
	const struct telephony *telephony;
	const struct upgrade_candidate *candidate;
	const struct condition *condition;
	struct condition_value *values;
	char calling[DIGITS_MAX + 1], called[2 * DIGITS_MAX + 2];
};

static void
read_number(
    struct reading *reading, enum call_column column, uint32_t line, char *text)
{
	if (!condition_mentions(reading->condition, column))
		return;
	office_number(reading->telephony->office, line, text);
	reading->values[column] = condition_text(text[0] == '\0' ? NULL : text);
}

static void
read_class(struct reading *reading, enum line_class class)
{
	reading->values[CALL_CLASS] = condition_text(line_class_word(class));
}

/* About to begin: it is known who calls, and what is dialled if at once. */
static void
read_start(struct reading *reading)
{
	struct signal start;

	memcpy(&start, reading->candidate->start->body.bytes, sizeof start);
	read_number(reading, CALL_CALLING, start.port, reading->calling);
	(void)snprintf(reading->called, sizeof reading->called, "%.*s",
	    (int)sizeof start.digits, start.digits);
	reading->values[CALL_CALLED] =
	    condition_text(reading->called[0] == '\0' ? NULL : reading->called);
	read_class(reading,
	    office_class_of(
		reading->telephony->office, start.port, reading->called));
	reading->values[CALL_VERSION] = condition_text(NULL);
	reading->values[CALL_HELD_A] = condition_integer(0);
	reading->values[CALL_HELD_B] = condition_integer(0);
	reading->values[CALL_ELAPSED_MS] = condition_integer(0);
}

static const struct field *
find(const struct schema *schema, const char *name, const char *former)
{
	const struct field *field = schema_find(schema, name);

	return field == NULL ? schema_find(schema, former) : field;
}

/* What the call's own state says. */
static void
read_state(struct reading *reading, const struct behaviour *behaviour)
{
	const struct schema *schema = &behaviour->module->schema;
	const void *state = reading->candidate->live->state;
	const struct field *dialled = find(schema, "called_dialled", "called");
	const struct field *held = schema_find(schema, "held");
	uint64_t holds = held == NULL || state == NULL
	    ? 0
	    : (uint64_t)schema_number(held, state);

	if (dialled != NULL && state != NULL)
		schema_text(
		    dialled, state, reading->called, sizeof reading->called);
	reading->values[CALL_CALLED] =
	    condition_text(reading->called[0] == '\0' ? NULL : reading->called);
	reading->values[CALL_VERSION] = condition_text(behaviour->version);
	reading->values[CALL_HELD_A] = condition_integer(holds & 1);
	reading->values[CALL_HELD_B] = condition_integer(holds >> 1 & 1);
}

static void
read_live(struct reading *reading)
{
	const struct telephony *telephony = reading->telephony;
	const struct process_info *info = reading->candidate->live;
	struct scheduler *at = scheduler_where(telephony->scheduler, info->pid);
	struct office_call_view view;

	read_state(
	    reading, behaviour_at(telephony->behaviours, info->behaviour));
	office_look_at_call(at, telephony_call(telephony, info), &view);
	read_number(reading, CALL_CALLING, view.port_a, reading->calling);
	read_class(reading, view.class);
	reading->values[CALL_ELAPSED_MS] =
	    condition_integer(view.elapsed_us / 1000);
}

static bool
wants(void *arg, const struct upgrade_candidate *candidate)
{
	const struct order_conditions *conditions = arg;
	struct condition_value values[CALL_COLUMNS];
	struct reading reading = { .telephony = conditions->telephony,
		.candidate = candidate,
		.condition = conditions->only,
		.values = values };

	CHECK_OBJ(conditions, ORDER_CONDITIONS_MAGIC);
	if (candidate->live != NULL)
		read_live(&reading);
	else
		read_start(&reading);
	return condition_holds(conditions->only, values);
}

/*--------------------------------------------------------------------
 * -fail-when
 */

static void
read_version(
    const struct version_measures *measures, struct condition_value *values)
{
#define COLUMN_VALUE(name, value) values[VERSION_##name] = value;
	VERSION_COLUMNS(COLUMN_VALUE)
#undef COLUMN_VALUE
}

static bool
fails(void *arg, const struct version_measures *new_version,
    const struct version_measures *old_version)
{
	const struct order_conditions *conditions = arg;
	struct condition_value values[2 * VERSION_COLUMNS_COUNT + 1];

	CHECK_OBJ(conditions, ORDER_CONDITIONS_MAGIC);
	read_version(new_version, values);
	read_version(old_version, values + VERSION_COLUMNS_COUNT);
	values[2 * VERSION_COLUMNS_COUNT] =
	    condition_integer(new_version->differences);
	return condition_holds(conditions->fail_when, values);
}

/*--------------------------------------------------------------------
 * Both
 */

static void
release(void *arg)
{
	struct order_conditions *conditions = arg;

	CHECK_OBJ(conditions, ORDER_CONDITIONS_MAGIC);
	condition_free(&conditions->only);
	condition_free(&conditions->fail_when);
	FREE_OBJ(&conditions, ORDER_CONDITIONS_MAGIC);
}

int
upgrade_condition_read(const struct arguments *arguments,
    const struct telephony *telephony,
    struct upgrade_conditions *ret_conditions, char *why, size_t size)
{
	const char *only = arguments_option(arguments, "-only");
	const char *fail_when = arguments_option(arguments, "-fail-when");
	struct order_conditions *conditions;
	int result = 0;

	if (ALLOC_OBJ(conditions, ORDER_CONDITIONS_MAGIC) == NULL) {
		(void)snprintf(why, size, "no memory is left");
		return -ENOMEM;
	}
	conditions->telephony = telephony;
	if (only != NULL)
		result = compile("-only", only, &conditions->only, why, size);
	if (result == 0)
		result = compile("-fail-when",
		    fail_when == NULL ? UPGRADE_FAIL_WHEN : fail_when,
		    &conditions->fail_when, why, size);
	if (result != 0) {
		release(conditions);
		return result;
	}
	*ret_conditions = (struct upgrade_conditions){ .arg = conditions,
		.wants = only == NULL ? NULL : wants,
		.fails = fails,
		.release = release };
	return 0;
}
