/*
 * action_call: what subscribers and the operator do to calls.
 */
#include "sim/action_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office_trunk.h"
#include "sim/port.h"
#include "switch/object.h"
#include "switch/scheduler.h"

/* A number and an overdialled one as long. */
enum { DIALLED_MAX = 2 * DIGITS_MAX };

/* Digits that are still to be sent, one by one. */
struct dialling {
	struct dialling *next;
	struct scenario *scenario;
	uint32_t line;
	uint64_t every;
	char digits[DIALLED_MAX + 2];
};

/* The answer of the office: 0, or why it cannot be done. */
static int
office_says(struct scenario *scenario, const struct arguments *arguments,
    int result, const char *why)
{
	return result == 0 ? 0
			   : action_refuse(scenario, arguments, "%s",
				 why == NULL ? "no memory is left" : why);
}

static uint8_t
cause_of(const struct arguments *arguments, uint8_t otherwise)
{
	const char *cause = arguments_option(arguments, "-cause");

	return cause == NULL ? otherwise : (uint8_t)action_number(cause);
}

static int
do_offhook(struct scenario *scenario, const struct arguments *arguments)
{
	uint32_t line;
	int result =
	    party_line(scenario, arguments, action_word(arguments, 1), &line);

	return result != 0 ? result
			   : party_begin_call(scenario, arguments, line, NULL);
}

static void
forget_dialling(struct dialling *dialling)
{
	struct dialling **at = &dialling->scenario->diallings;

	while (*at != dialling)
		at = &(*at)->next;
	*at = dialling->next;
	object_free(dialling, sizeof *dialling);
}

/* The next digit; a line that is gone meanwhile takes no more. */
static void
dial_next(void *arg, uint64_t at)
{
	struct dialling *dialling = arg;
	struct scenario *scenario = dialling->scenario;
	const char digit[2] = { dialling->digits[at], '\0' };
	const char *why;

	if (port_dial(scenario->office, dialling->line, digit, &why) != 0 ||
	    dialling->digits[at + 1] == '\0' ||
	    scheduler_at(scenario->scheduler,
		scheduler_now(scenario->scheduler) + dialling->every, dial_next,
		dialling, at + 1) != 0)
		forget_dialling(dialling);
}

/* The digits from `place` on, one each `every`, the first when that is over. */
static int
dial_from(struct scenario *scenario, const struct arguments *arguments,
    uint32_t line, const char *digits, uint64_t place, const char *every)
{
	struct dialling *dialling;

	if (digits[place] == '\0')
		return 0;
	dialling = object_alloc(sizeof *dialling);
	if (dialling == NULL)
		return action_refuse(scenario, arguments, "no memory is left");
	dialling->scenario = scenario;
	dialling->line = line;
	dialling->every = action_duration(every);
	(void)snprintf(dialling->digits, sizeof dialling->digits, "%s", digits);
	dialling->next = scenario->diallings;
	scenario->diallings = dialling;
	if (scheduler_at(scenario->scheduler,
		scheduler_now(scenario->scheduler) + dialling->every, dial_next,
		dialling, place) == 0)
		return 0;
	forget_dialling(dialling);
	return action_refuse(scenario, arguments, "no memory is left");
}

static int
dial_slowly(struct scenario *scenario, const struct arguments *arguments,
    uint32_t line, const char *every)
{
	const char *digits = action_word(arguments, 1), *why = NULL;
	const char first[2] = { digits[0], '\0' };
	int result = port_dial(scenario->office, line, first, &why);

	return result != 0
	    ? office_says(scenario, arguments, result, why)
	    : dial_from(scenario, arguments, line, digits, 1, every);
}

static const char *
option_or(const struct arguments *arguments, const char *option,
    const char *otherwise)
{
	const char *value = arguments_option(arguments, option);

	return value == NULL ? otherwise : value;
}

/* From a line, whose handset is lifted first if its digits come one by one. */
static int
call_from_line(struct scenario *scenario, const struct arguments *arguments)
{
	const char *every = arguments_option(arguments, "-overlap");
	const char *digits = action_word(arguments, 2);
	uint32_t line;
	int result =
	    party_line(scenario, arguments, action_word(arguments, 1), &line);

	if (result == 0)
		result = party_begin_call(
		    scenario, arguments, line, every == NULL ? digits : NULL);
	if (result != 0 || every == NULL)
		return result;
	party_note_dialled(scenario, line, digits);
	return dial_from(scenario, arguments, line, digits, 0, every);
}

static int
call_from_trunk(struct scenario *scenario, const struct arguments *arguments)
{
	const char *every = arguments_option(arguments, "-overlap");
	const char *circuit = arguments_option(arguments, "-circuit");
	const char *hops = arguments_option(arguments, "-hops");
	const char *digits = action_word(arguments, 2);
	struct trunk_call call = {
		.circuit =
		    circuit == NULL ? 0 : (uint32_t)action_number(circuit),
		.digits = every == NULL ? digits : "",
		.calling = option_or(arguments, "-calling", ""),
		.hops = hops == NULL ? 0 : (uint8_t)action_number(hops),
	};
	uint32_t port;
	int result = action_find_trunk(
	    scenario, arguments, action_word(arguments, 1), &call.trunk);

	if (result == 0 && circuit != NULL &&
	    office_circuit(scenario->office, call.trunk, call.circuit) ==
		PORT_NONE)
		result = action_refuse(scenario, arguments,
		    "trunk group '%s' has no circuit %s",
		    action_word(arguments, 1), circuit);
	if (result == 0)
		result = party_begin_trunk_call(scenario, arguments, &call);
	if (result != 0 || every == NULL)
		return result;
	port = scenario->calls[scenario->calls_count - 1].line;
	party_note_dialled(scenario, port, digits);
	return dial_from(scenario, arguments, port, digits, 0, every);
}

static int
do_call(struct scenario *scenario, const struct arguments *arguments)
{
	return command_is_name(action_word(arguments, 1))
	    ? call_from_trunk(scenario, arguments)
	    : call_from_line(scenario, arguments);
}

static int
do_dial(struct scenario *scenario, const struct arguments *arguments)
{
	const char *every = arguments_option(arguments, "-every");
	const char *digits = action_word(arguments, 1), *why = NULL;
	uint32_t line;
	int result = party_find(scenario, arguments, &line);

	if (result != 0)
		return result;
	if (strlen(digits) > DIALLED_MAX)
		return action_refuse(
		    scenario, arguments, "more than %d digits", DIALLED_MAX);
	if (every != NULL) {
		result = dial_slowly(scenario, arguments, line, every);
	} else {
		result = port_dial(scenario->office, line, digits, &why);
		result = office_says(scenario, arguments, result, why);
	}
	if (result == 0)
		party_note_dialled(scenario, line, digits);
	return result;
}

static int
do_answer(struct scenario *scenario, const struct arguments *arguments)
{
	const char *why = NULL;
	uint32_t line;
	int result = party_find(scenario, arguments, &line);

	if (result != 0)
		return result;
	result = port_answer(scenario->office, line, &why);
	return office_says(scenario, arguments, result, why);
}

static int
do_reject(struct scenario *scenario, const struct arguments *arguments)
{
	const char *why = NULL;
	uint32_t line;
	int result = party_find(scenario, arguments, &line);

	if (result != 0)
		return result;
	result = port_reject(
	    scenario->office, line, cause_of(arguments, CAUSE_REJECTED), &why);
	return office_says(scenario, arguments, result, why);
}

static int
do_hangup(struct scenario *scenario, const struct arguments *arguments)
{
	const char *why = NULL;
	uint32_t line;
	int result = party_find(scenario, arguments, &line);

	if (result != 0)
		return result;
	result = port_hangup(
	    scenario->office, line, cause_of(arguments, CAUSE_NONE), &why);
	return office_says(scenario, arguments, result, why);
}

static int
send_signal(struct scenario *scenario, const struct arguments *arguments,
    enum signal_kind signal, uint8_t cause)
{
	struct office *office = scenario->office;
	const char *why = NULL;
	struct line_info info;
	uint64_t call;
	uint32_t line;
	int result = party_find_in(scenario, arguments, &line, &call);

	if (result != 0)
		return result;
	if (port_is_circuit(line)) {
		result = office_far_signal(office, line, signal, cause, &why);
		return office_says(scenario, arguments, result, why);
	}
	office_line(office, line, &info);
	result = call != 0 && info.calls == 2
	    ? office_signal_in(office, line, call, signal, cause, &why)
	    : office_signal(office, line, signal, cause, &why);
	return office_says(scenario, arguments, result, why);
}

static int
do_hold(struct scenario *scenario, const struct arguments *arguments)
{
	return send_signal(scenario, arguments, SIGNAL_HOLD, 0);
}

static int
do_retrieve(struct scenario *scenario, const struct arguments *arguments)
{
	return send_signal(scenario, arguments, SIGNAL_RETRIEVE, 0);
}

static int
do_flash(struct scenario *scenario, const struct arguments *arguments)
{
	return send_signal(scenario, arguments, SIGNAL_FLASH, 0);
}

static int
do_swap(struct scenario *scenario, const struct arguments *arguments)
{
	return send_signal(scenario, arguments, SIGNAL_SWAP, 0);
}

/* As it would be dialled: calls/call/service_code.h has the code. */
static int
do_pickup(struct scenario *scenario, const struct arguments *arguments)
{
	const char *number = action_word(arguments, 2);
	char code[DIGITS_MAX + 8];
	uint32_t line;
	int result =
	    party_line(scenario, arguments, action_word(arguments, 1), &line);

	(void)snprintf(code, sizeof code, "*8%s%s#", number == NULL ? "" : "*",
	    number == NULL ? "" : number);
	return result != 0 ? result
			   : party_begin_call(scenario, arguments, line, code);
}

static int
do_transfer(struct scenario *scenario, const struct arguments *arguments)
{
	const char *number = action_word(arguments, 1), *why = NULL;
	uint32_t line;
	int result;

	if (number == NULL)
		return send_signal(scenario, arguments, SIGNAL_TRANSFER, 0);
	result = party_find(scenario, arguments, &line);
	if (result != 0)
		return result;
	result = office_blind(scenario->office, line, number, &why);
	return office_says(scenario, arguments, result, why);
}

static int
do_conference(struct scenario *scenario, const struct arguments *arguments)
{
	return send_signal(scenario, arguments, SIGNAL_CONFERENCE, 0);
}

static int
do_consult(struct scenario *scenario, const struct arguments *arguments)
{
	uint32_t line;
	int result = party_find_second(scenario, arguments, &line);

	return result != 0 ? result
			   : party_begin_consultation(scenario, arguments, line,
				 action_word(arguments, 2));
}

/* Also from a far end that does not know yet that its call is over (T87). */
static int
do_signal(struct scenario *scenario, const struct arguments *arguments)
{
	const enum signal_kind signal =
	    (enum signal_kind)action_signal(action_word(arguments, 1));
	const uint8_t cause = cause_of(arguments, CAUSE_NONE);
	const uint32_t gone = party_gone(scenario, action_word(arguments, 0));
	const char *why = NULL;
	int result;

	if (gone == PORT_NONE)
		return send_signal(scenario, arguments, signal, cause);
	result = office_far_signal(scenario->office, gone, signal, cause, &why);
	return office_says(scenario, arguments, result, why);
}

static int
do_clear(struct scenario *scenario, const struct arguments *arguments)
{
	struct pid pid;
	int result =
	    party_call(scenario, arguments, action_word(arguments, 0), &pid);

	if (result != 0)
		return result;
	result = office_clear(
	    scenario->office, pid, cause_of(arguments, CAUSE_UNSPECIFIED));
	return result == 0 ? 0
			   : action_refuse(scenario, arguments,
				 "call '%s' takes no "
				 "message now",
				 action_word(arguments, 0));
}

void
action_forget_dialling(struct scenario *scenario)
{
	while (scenario->diallings != NULL)
		forget_dialling(scenario->diallings);
}

action_f *
action_of_call(const char *name)
{
	static const struct {
		const char *name;
		action_f *does;
	} actions[] = {
		{ "call", do_call },
		{ "offhook", do_offhook },
		{ "dial", do_dial },
		{ "answer", do_answer },
		{ "reject", do_reject },
		{ "hangup", do_hangup },
		{ "hold", do_hold },
		{ "retrieve", do_retrieve },
		{ "flash", do_flash },
		{ "swap", do_swap },
		{ "consult", do_consult },
		{ "pickup", do_pickup },
		{ "transfer", do_transfer },
		{ "conference", do_conference },
		{ "signal", do_signal },
		{ "clear", do_clear },
	};
	unsigned int i;

	for (i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (strcmp(actions[i].name, name) == 0)
			return actions[i].does;
	return NULL;
}
