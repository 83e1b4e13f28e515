/*
 * audit: see audit.h for what it is.
 *
 * A count is held against what stands in the tables, never against another
 * count kept by the same hand.  That a process "says so" is read out of its
 * state: `port_a` or `port_b`, or `port` of a `party`, found by name, so that
 * every release is heard.
 */
#include "calls/exchange/audit.h"

#include <stdio.h>
#include <string.h>

#include "calls/exchange/office_internal.h"
#include "calls/exchange/register.h"
#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"

typedef unsigned long long number;

/*
 * Those that are no calls any more, but still hear that (T48); and those that
 * are none yet, and dial (register.h).
 */
static uint32_t
count_no_calls(const struct office *office, uint32_t *ret_dialling)
{
	uint32_t place, span = attempts_span(office->attempts), count = 0;
	const struct attempt *attempt;

	*ret_dialling = 0;
	for (place = 0; place < span; place++) {
		attempt = attempts_at(office->attempts, place);
		if (attempt->number == 0)
			continue;
		count += attempt->is_gapped;
		*ret_dialling += attempt->in_register;
	}
	return count;
}

bool
audit_attempts(const struct office *office, char *text, size_t size)
{
	const struct office_counts *counts;
	uint32_t live, turned_away, dialling;

	CHECK_OBJ(office, OFFICE_MAGIC);
	counts = &office->counts;
	turned_away = count_no_calls(office, &dialling);
	live = attempts_live(office->attempts) - turned_away - dialling;
	snprintf(text, size,
	    "%llu attempts, %llu gapped, %u live (%llu counted), %llu ended",
	    (number)counts->attempts, (number)counts->gapped, live,
	    (number)counts->live, (number)counts->ended);
	return counts->live == live && counts->turned_away == turned_away &&
	    counts->attempts == counts->gapped + live + counts->ended;
}

/* A live call with a record, or NULL. */
static const struct attempt *
recorded_too_early(const struct office *office)
{
	uint32_t place, span = attempts_span(office->attempts);
	const struct attempt *attempt;

	for (place = 0; place < span; place++) {
		attempt = attempts_at(office->attempts, place);
		if (attempt->number != 0 && attempt->is_recorded)
			return attempt;
	}
	return NULL;
}

/* Open legs of calls that live, or are owed their record. */
static uint32_t
legs_of_attempts(const struct office *office)
{
	uint32_t place, leg, count = 0;
	const struct attempt *attempt;

	for (place = 0; place < attempts_span(office->attempts); place++) {
		attempt = attempts_at(office->attempts, place);
		if (attempt->number == 0)
			continue;
		for (leg = attempt->legs.first; leg != LEG_NONE;
		     leg = legs_at(office->legs, leg)->next)
			count++;
	}
	return count;
}

bool
audit_records(const struct office *office, char *text, size_t size)
{
	const struct office_counts *counts;
	const struct attempt *early;

	CHECK_OBJ(office, OFFICE_MAGIC);
	counts = &office->counts;
	early = recorded_too_early(office);
	if (early != NULL)
		snprintf(text, size, "call %llu lives and has a record",
		    (number)early->number);
	else if (legs_live(office->legs) != legs_of_attempts(office))
		snprintf(text, size, "%u legs are open, and %u are of a call",
		    legs_live(office->legs), legs_of_attempts(office));
	else
		snprintf(text, size, "%llu ended calls, %llu records",
		    (number)counts->ended, (number)counts->records);
	return early == NULL && counts->ended == counts->records &&
	    legs_live(office->legs) == legs_of_attempts(office);
}

static bool
names_a_port(const struct field *field)
{
	return field->width == sizeof(uint32_t) &&
	    (strcmp(field->name, "port_a") == 0 ||
		strcmp(field->name, "port_b") == 0 ||
		strcmp(field->name, "port") == 0);
}

/* Whether one of the fields, from `at` on, holds this line. */
static bool
is_held(
    const struct field *field, uint32_t count, const char *at, uint32_t line)
{
	const struct field *end = field + count;
	uint32_t value;

	for (; field < end; field++) {
		if (!names_a_port(field))
			continue;
		memcpy(&value, at + field->offset, sizeof value);
		if (value == line)
			return true;
	}
	return false;
}

/* Whether a party of the state, of which it has an array, has this line. */
static bool
is_of_party(const struct schema *schema, const char *state, uint32_t line)
{
	const struct field *field = schema->fields;
	const struct field *end = field + schema->count;
	uint32_t i;

	for (; field < end; field++)
		for (i = 0;
		     strcmp(field->name, "party") == 0 && i < field->length;
		     i++)
			if (is_held(field->fields, field->count,
				state + field->offset +
				    (size_t)i * field->width,
				line))
				return true;
	return false;
}

static bool
says_so(const struct office *office, struct pid owner, uint32_t line)
{
	struct scheduler *scheduler = scheduler_where(office->scheduler, owner);
	struct behaviours *behaviours = scheduler_behaviours(scheduler);
	const struct schema *schema;
	struct process_info info;

	if (process_info(scheduler, owner, &info) != 0)
		return false;
	schema = &behaviour_at(behaviours, info.behaviour)->module->schema;
	return is_held(schema->fields, schema->count, info.state, line) ||
	    is_of_party(schema, info.state, line);
}

/* Of what has no owner: NULL while its call waits for its process. */
static const char *
orphan(const struct office *office, uint32_t place)
{
	return place != ATTEMPT_NONE && office_is_unborn(office, place)
	    ? NULL
	    : "belongs to no call";
}

/* What is wrong with this line; NULL if nothing is. */
static const char *
fault_of(const struct office *office, uint32_t id)
{
	const struct line *line = lines_at(office->lines, id);

	if (!line_is_taken(line))
		return pid_is_none(line->owner) ? NULL : "still has an owner";
	if (register_has(office, id))
		return NULL; /* it is not to have a call yet */
	if (pid_is_none(line->owner))
		return orphan(office, line->attempt);
	if (!process_is_alive(
		scheduler_where(office->scheduler, line->owner), line->owner))
		return "belongs to a call that has ended";
	if (line->other != LINE_NONE &&
	    !says_so(office, lines_other(office->lines, id)->owner, id))
		return "has another call that does not know it";
	if (!says_so(office, line->owner, id))
		return "belongs to a call that does not know it";
	return NULL;
}

static const char *
fault_of_circuit(const struct office *office, uint32_t id)
{
	const struct circuit *circuit = circuits_at(office->trunks, id);

	if (circuit->attempt == ATTEMPT_NONE)
		return pid_is_none(circuit->owner) ? NULL
						   : "still has an owner";
	if (register_has(office, circuit_port(id)))
		return NULL; /* it is not to have a call yet */
	if (pid_is_none(circuit->owner))
		return orphan(office, circuit->attempt);
	if (!process_is_alive(
		scheduler_where(office->scheduler, circuit->owner),
		circuit->owner))
		return "belongs to a call that has ended";
	if (!says_so(office, circuit->owner, circuit_port(id)))
		return "belongs to a call that does not know it";
	return NULL;
}

/* What its group counts as busy is so. */
static bool
are_counted(const struct office *office, const struct trunk *trunk)
{
	uint32_t i, busy = 0;

	for (i = 0; i < trunk->made; i++)
		busy += circuits_at(office->trunks, trunk->ids[i])->attempt !=
		    ATTEMPT_NONE;
	return busy == trunk->busy;
}

/* False with the first that is wrong; else their figures, if there are any. */
static bool
audit_circuits(const struct office *office, char *text, size_t size)
{
	const struct trunks *trunks = office->trunks;
	char name[CIRCUIT_TEXT_SIZE];
	const char *fault;
	uint32_t i, busy = 0;

	for (i = 0; i < trunks->circuits_count; i++) {
		fault = fault_of_circuit(office, i);
		if (fault == NULL)
			continue;
		snprintf(text, size, "circuit %s is busy and %s",
		    circuit_text(trunks, i, name), fault);
		return false;
	}
	for (i = 0; i < trunks->trunks_count; i++) {
		busy += trunks_at(trunks, i)->busy;
		if (are_counted(office, trunks_at(trunks, i)))
			continue;
		snprintf(text, size, "trunk %s counts %u busy circuits",
		    trunks_at(trunks, i)->name, trunks_at(trunks, i)->busy);
		return false;
	}
	if (trunks->circuits_count > 0)
		snprintf(text, size, "; %u circuits: %u busy",
		    trunks->circuits_count, busy);
	return true;
}

bool
audit_lines(const struct office *office, char *text, size_t size)
{
	uint32_t count[LINE_STATE_waiting + 1] = { 0 };
	char digits[DIGITS_MAX + 1], circuits[AUDIT_TEXT_MAX];
	const char *fault;
	uint32_t id, state;

	CHECK_OBJ(office, OFFICE_MAGIC);
	for (id = 0; id < office->lines->count; id++) {
		state = lines_at(office->lines, id)->state;
		count[state]++;
		fault = fault_of(office, id);
		if (fault == NULL)
			continue;
		numbering_text(office->lines->numbering, id, digits);
		snprintf(text, size, "line %s is %s and %s", digits,
		    line_state_word(state), fault);
		return false;
	}
	circuits[0] = '\0';
	if (!audit_circuits(office, circuits, sizeof circuits)) {
		snprintf(text, size, "%s", circuits);
		return false;
	}
	snprintf(text, size,
	    "%u lines: %u idle, %u busy, %u ringing, %u waiting, %u parked%s",
	    id, count[LINE_STATE_idle], count[LINE_STATE_busy],
	    count[LINE_STATE_ringing], count[LINE_STATE_waiting],
	    count[LINE_STATE_parked], circuits);
	return true;
}

static uint32_t
count_unborn(const struct office *office)
{
	uint32_t place, count = 0;

	for (place = 0; place < attempts_span(office->attempts); place++)
		count += office_is_unborn(office, place);
	return count;
}

/* A call that waits for its first event may have a process, or not yet. */
bool
audit_versions(const struct office *office, const uint16_t *versions,
    unsigned int count, char *text, size_t size)
{
	struct behaviours *behaviours;
	uint64_t live, gapped, sum = 0;
	unsigned int i;

	CHECK_OBJ(office, OFFICE_MAGIC);
	behaviours = scheduler_behaviours(office->scheduler);
	live = office->counts.live;
	gapped = office->counts.turned_away;
	for (i = 0; i < count; i++)
		sum += behaviour_counts(behaviours, versions[i]).holders;
	snprintf(text, size, "%llu live %s, the versions hold %llu",
	    (number)live, live == 1 ? "call" : "calls", (number)(sum - gapped));
	return sum <= live + gapped &&
	    sum + count_unborn(office) >= live + gapped;
}
