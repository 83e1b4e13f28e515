/*
 * telephony: see telephony.h for what it is.
 *
 * A call knows its number: it is the field `call` of its state, in every
 * version of the module, since the key of a call never changes.
 */
#include "sim/telephony.h"

#include <string.h>

#include "calls/exchange/measure.h"
#include "calls/exchange/office.h"
#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/release_handler.h"
#include "upgrade/schema.h"
#include "upgrade/telephony.h"
#include "upgrade/version_measures.h"

static uint64_t
read_call(const struct behaviour *behaviour, const void *state)
{
	const struct field *field =
	    schema_find(&behaviour->module->schema, "call");
	uint64_t call = 0;

	if (field != NULL && field->width == sizeof call)
		memcpy(&call, (const char *)state + field->offset, sizeof call);
	return call;
}

uint64_t
telephony_call(
    const struct telephony *telephony, const struct process_info *info)
{
	return read_call(
	    behaviour_at(telephony->behaviours, info->behaviour), info->state);
}

static uint64_t
call_of(void *arg, const struct process_info *info)
{
	return telephony_call(arg, info);
}

void
telephony_measure(const struct telephony *telephony, uint16_t behaviour,
    struct version_measures *ret_measures)
{
	const struct measure measure =
	    office_measure(telephony->office, behaviour);

	ret_measures->unexpected = measure.unexpected;
	ret_measures->bids = measure.bids;
	ret_measures->ended = measure.ended;
	ret_measures->answers = measure.answers;
	ret_measures->effective = measure.effective;
	ret_measures->bill_ms = measure.bill_ms;
	ret_measures->charge_micro = measure.charge_micro;
	if (measure.pdd != NULL)
		ret_measures->pdd = *measure.pdd;
}

static void
measure(void *arg, uint16_t behaviour, struct version_measures *ret_measures)
{
	telephony_measure(arg, behaviour, ret_measures);
}

static void
look_at(const struct telephony *telephony, const struct process_info *info,
    struct office_call_view *ret_view)
{
	office_look_at_call(scheduler_where(telephony->scheduler, info->pid),
	    telephony_call(telephony, info), ret_view);
}

/* What its start event says, and the digits as a word. */
static struct signal
read_start(const struct message *message, char digits[DIGITS_MAX + 2])
{
	struct signal start;

	memcpy(&start, message->body.bytes, sizeof start);
	memcpy(digits, start.digits, sizeof start.digits);
	digits[sizeof start.digits] = '\0';
	return start;
}

/* A call whose number nobody knows yet may become an emergency call (U3). */
static bool
is_settled(void *arg, const struct upgrade_candidate *candidate)
{
	struct office_call_view view;
	char digits[DIGITS_MAX + 2];

	if (candidate->live != NULL) {
		look_at(arg, candidate->live, &view);
		return view.is_dialled;
	}
	(void)read_start(candidate->start, digits);
	return digits[0] != '\0';
}

static bool
is_emergency(void *arg, const struct upgrade_candidate *candidate)
{
	const struct telephony *telephony = arg;
	struct office_call_view view;
	char digits[DIGITS_MAX + 2];
	struct signal start;

	if (candidate->live != NULL) {
		look_at(telephony, candidate->live, &view);
		return view.class == CLASS_emergency;
	}
	start = read_start(candidate->start, digits);
	return office_class_of(telephony->office, start.port, digits) ==
	    CLASS_emergency;
}

/* In every version of the module it says when it was released. */
static bool
is_released(const struct telephony *telephony, const struct process_info *info)
{
	const struct field *field =
	    schema_find(&behaviour_at(telephony->behaviours, info->behaviour)
			     ->module->schema,
		"t_release");

	return field != NULL && schema_number(field, info->state) != 0;
}

static bool
reject(void *arg, struct scheduler *scheduler, struct pid pid)
{
	struct process_info info;
	bool was_released;

	if (process_info(scheduler, pid, &info) != 0)
		return false;
	was_released = is_released(arg, &info);
	return office_reject_call(scheduler, call_of(arg, &info)) == 0 &&
	    !was_released;
}

void
telephony_join(struct telephony *telephony, struct release_handler *handler)
{
	const struct upgrade_telephony table = { .arg = telephony,
		.call = call_of,
		.is_settled = is_settled,
		.is_emergency = is_emergency,
		.measure = measure,
		.reject = reject };

	release_handler_set_telephony(handler, &table);
}
