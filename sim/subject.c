/*
 * subject: how the things that a scenario can ask about are at this instant.
 *
 * One function for each noun of noun.def; each fills the columns that stand
 * there, and says in `absent` why a subject that may come to be is not there
 * yet.  Here are the switch itself, accounts, and what all of them
 * are made of; calls in subject_call.c, lines and circuits in subject_port.c,
 * processes in subject_process.c, upgrades in subject_release.c, traffics in
 * subject_traffic.c.
 *
 * Invariant: looking changes nothing.
 */
#include "sim/subject_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "calls/exchange/office_gate.h"
#include "calls/exchange/office_trunk.h"
#include "sim/column_words.h"
#include "sim/noun.h"
#include "switch/alarm.h"
#include "switch/nearest.h"
#include "switch/scheduler.h"

void
subject_add(struct columns *columns, const char *name, const char *format, ...)
{
	va_list arguments;

	if (columns->count == COLUMNS_MAX)
		return;
	(void)snprintf(columns->column[columns->count].name,
	    sizeof columns->column[0].name, "%s", name);
	va_start(arguments, format);
	(void)vsnprintf(columns->column[columns->count].value,
	    sizeof columns->column[0].value, format, arguments);
	va_end(arguments);
	columns->count++;
}

void
subject_add_number(struct columns *columns, const char *name, uint64_t number)
{
	subject_add(columns, name, "%" PRIu64, number);
}

void
subject_set_state(struct columns *columns, const char *state)
{
	(void)snprintf(columns->state, sizeof columns->state, "%s", state);
}

int
subject_refuse(const struct look *look, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(
	    look->scenario->why, sizeof look->scenario->why, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

void
subject_add_value(struct columns *columns, const char *name,
    const struct condition_value value)
{
	if (value.type == CONDITION_INTEGER)
		subject_add(columns, name, "%" PRId64, value.integer);
	else if (isnan(value.real)) /* which fulfils no comparison of Tcl */
		subject_add(columns, name, "NaN");
	else
		subject_add(columns, name, "%.6g", value.real);
}

/*--------------------------------------------------------------------
 * The switch
 */

int
look_at_account(const struct look *look)
{
	struct office *office = look->scenario->office;
	uint16_t number = office_find_account(office, look->key);
	struct account_info info;

	if (!office_account(office, number, &info))
		return subject_refuse(
		    look, "no account '%.40s' was made", look->key);
	subject_add(look->into, "balance_micro", "%" PRId64,
	    (int64_t)(info.deposit_micro - info.charged_micro));
	subject_add_number(look->into, "reserved_micro", info.reserved_micro);
	subject_add_number(look->into, "charged_micro", info.charged_micro);
	return 0;
}

int
look_at_database(const struct look *look)
{
	const struct recorder *recorder = look->scenario->recorder;

	subject_set_state(
	    look->into, recorder_condition_word(recorder_condition(recorder)));
	subject_add_number(look->into, "waiting", recorder_waiting(recorder));
	subject_add_number(look->into, "written",
	    recorder_taken(recorder) - recorder_waiting(recorder));
	return 0;
}

int
look_at_gate(const struct look *look)
{
	struct gate_view view;
	uint64_t gapped = 0;
	unsigned int i;

	office_look_at_gate(look->scenario->office, &view);
	for (i = 0; i < GATE_REASONS_COUNT; i++)
		gapped += view.gapped[i];
	subject_set_state(look->into, view.is_open ? "open" : "closed");
	subject_add(look->into, "reason", "%s",
	    view.is_open ? "" : gate_reason_word(view.reason));
	subject_add_number(look->into, "gapped", gapped);
	return 0;
}

int
look_at_alarm(const struct look *look)
{
	struct alarm alarm = { .is_raised = false };
	const char *names = key_words(noun_at(NOUN_alarm)), *severity = "";

	if (!word_is_in(look->key, names))
		return subject_refuse(look,
		    "no alarm has the name '%.40s', there are: %s", look->key,
		    names);
	if (alarm_look(look->scenario->scheduler, look->key, &alarm) == 0)
		severity = alarm_severity_word(alarm.severity);
	subject_set_state(look->into, alarm.is_raised ? "raised" : "cleared");
	subject_add(look->into, "severity", "%s", severity);
	subject_add(look->into, "text", "%s", alarm.text);
	subject_add_number(look->into, "count", alarm.count);
	return 0;
}

int
look_at_messages(const struct look *look)
{
#define ADD_DONE(word, column)                                                 \
	subject_add_number(look->into, #column,                                \
	    look->scenario->wire.orders[WIRE_##word].done);
	WIRE_FAULTS(ADD_DONE)
#undef ADD_DONE
	return 0;
}

int
look_at_run(const struct look *look)
{
	const struct scenario *scenario = look->scenario;
	const struct office_counts *office = office_counts(scenario->office);
	const struct scheduler_counts counts =
	    scheduler_sum(scenario->scheduler);
	const struct behaviours *behaviours =
	    scheduler_behaviours(scenario->scheduler);
	uint64_t conversions = 0;
	uint16_t cursor = 0, id;

	while ((id = behaviour_next(behaviours, "call", &cursor)) != 0)
		conversions += behaviour_counts(behaviours, id).conversions;
	subject_add_number(look->into, "attempts", office->attempts);
	subject_add_number(look->into, "gapped", office->gapped);
	subject_add_number(look->into, "live", office->live);
	subject_add_number(look->into, "ended", office->ended);
	subject_add_number(look->into, "cdrs",
	    recorder_cdrs(scenario->recorder) + office->unkept);
	subject_add_number(look->into, "lost", office->lost);
	subject_add_number(look->into, "crashes", counts.faults);
	subject_add_number(look->into, "restarts", counts.restarts);
	subject_add_number(
	    look->into, "alarms", alarm_total(scenario->scheduler));
	subject_add_number(look->into, "upgrades", conversions);
	subject_add_number(look->into, "unexpected", office->unexpected);
	subject_add_number(look->into, "late", office->late);
	subject_add_number(look->into, "glare", office->glare);
	subject_add_number(look->into, "charge_micro", office->charge_micro);
	return 0;
}

int
subject_look(struct scenario *scenario, const struct noun *noun,
    const char *key, const char *second_key, struct columns *ret_columns)
{
	static look_f *const looks[NOUNS_COUNT] = {
#define NOUN(noun, keys, states, texts, numbers) look_at_##noun,
#include "sim/noun.def"
#undef NOUN
	};
	const struct look look = { scenario, key, second_key, ret_columns };

	ret_columns->state[0] = '\0';
	ret_columns->absent[0] = '\0';
	ret_columns->count = 0;
	return looks[noun->number](&look);
}

const char *
columns_find(const struct columns *columns, const char *name)
{
	unsigned int i;

	for (i = 0; i < columns->count; i++)
		if (strcmp(columns->column[i].name, name) == 0)
			return columns->column[i].value;
	return NULL;
}
