/*
 * placing: between whom a call of a traffic begins, and with which digits.
 *
 * Who is called is known before it begins: a line that is free now and is
 * kept for it, or a number beyond this office.  Who calls in vain may try the
 * same number again after a while; where the line is busy then, it is.
 */
#include <stdio.h>
#include <string.h>

#include "sim/traffic_internal.h"
#include "switch/behaviour.h"
#include "switch/module.h"
#include "switch/nearest.h"
#include "switch/scheduler.h"
#include "upgrade/schema.h"

/*--------------------------------------------------------------------
 * Numbers
 */

/* The right one, but for mistakes. */
static void
write_number(const struct traffic *traffic, uint32_t number, char *digits)
{
	const size_t length = strlen(traffic->options.to.first);
	uint64_t left = traffic->first + number;
	size_t i = length;

	if (traffic->numbers == 0) {
		office_number(traffic->all->office, number, digits);
		return;
	}
	digits[length] = '\0';
	while (i-- > 0) {
		digits[i] = (char)('0' + left % 10);
		left /= 10;
	}
}

/* Digits are left out at its end until nobody has it; perhaps all of them. */
static void
spoil(struct office *office, char *digits)
{
	size_t length = strlen(digits);

	while (length > 0) {
		digits[--length] = '\0';
		if (office_find(office, digits) == LINE_NONE &&
		    office_route_of(office, digits) == ROUTE_NONE)
			break;
	}
}

void
placing_digits(const struct traffic *traffic, const struct subscriber *caller,
    char *digits)
{
	write_number(traffic, caller->number, digits);
	if (mix_outcome(&traffic->options.mix, caller->seed) == MIX_misdial)
		spoil(traffic->all->office, digits);
}

/*--------------------------------------------------------------------
 * What a call of the current release can do
 */

/* A state that may be is a symbol of the field `state`. */
static bool
has_state(const struct schema *schema, const char *word)
{
	const struct field *field = schema_find(schema, "state");

	return field != NULL && field->symbols != NULL &&
	    word_is_in(word, field->symbols);
}

static const struct ability *
ability_of(struct traffics *traffics)
{
	struct behaviours *behaviours =
	    scheduler_behaviours(traffics->scheduler);
	const uint16_t current = behaviour_current(behaviours, OFFICE_MODULE);
	const struct schema *schema;

	if (current != traffics->ability.behaviour) {
		traffics->ability = (struct ability){ .behaviour = current };
		if (current != 0) {
			schema =
			    &behaviour_at(behaviours, current)->module->schema;
			traffics->ability.can_hold =
			    schema_find(schema, "held") != NULL;
			traffics->ability.can_transfer =
			    has_state(schema, "transferring");
		}
	}
	return &traffics->ability;
}

bool
placing_can_hold(struct traffics *traffics)
{
	return ability_of(traffics)->can_hold;
}

bool
placing_can_transfer(struct traffics *traffics)
{
	return ability_of(traffics)->can_transfer;
}

/*--------------------------------------------------------------------
 * A call
 */

/* Who calls; `called`: a line that is kept for it, or LINE_NONE. */
struct call {
	struct traffic *traffic;
	uint64_t seed;
	uint32_t number, called;
};

static void
meet(const struct call *call, uint32_t port)
{
	struct traffics *traffics = call->traffic->all;

	if (call->called == LINE_NONE)
		return;
	subscriber_begin(
	    traffics, call->called, call->traffic, ROLE_CALLED, call->seed);
	subscriber_at(traffics, call->called)->peer = port;
	subscriber_at(traffics, port)->peer = call->called;
}

static void
drop_called(const struct call *call)
{
	if (call->called != LINE_NONE)
		subscriber_give_back(call->traffic->all, call->called);
}

/* Whether the exchange has refused it without a process (T2). */
static bool
is_turned_away(const struct traffics *traffics, uint32_t port, uint64_t call)
{
	struct circuit_info circuit;
	struct line_info line;

	if (!port_is_circuit(port)) {
		office_line(traffics->office, port, &line);
		return line.is_gapped;
	}
	office_circuit_look(traffics->office, port, &circuit);
	return circuit.number != call;
}

/* The line is given back if it comes to nothing. */
static bool
begin_from_line(const struct call *call, uint32_t line)
{
	struct traffics *traffics = call->traffic->all;
	struct subscriber *caller = &traffics->lines[line];
	char digits[DIGITS_MAX + 1];
	const char *why;
	uint64_t number;
	int result;

	subscriber_begin(
	    traffics, line, call->traffic, ROLE_CALLER, call->seed);
	caller->number = call->number;
	meet(call, line);
	placing_digits(call->traffic, caller, digits);
	result = call->traffic->options.mix.is_slow || digits[0] == '\0'
	    ? office_offhook(traffics->office, line, &number, &why)
	    : office_call(traffics->office, line, digits, &number, &why);
	if (result != 0) {
		drop_called(call);
		subscriber_give_back(traffics, line);
		return false;
	}
	if (is_turned_away(traffics, line, number)) { /* and hears it */
		office_mark_gapped(traffics->office, call->traffic->mark);
		caller->peer = PORT_NONE;
		drop_called(call);
		return true;
	}
	office_mark(traffics->office, number, call->traffic->mark);
	subscriber_call(traffics, line);
	return true;
}

static bool
begin_from_trunk(const struct call *call)
{
	struct traffics *traffics = call->traffic->all;
	const struct mix *mix = &call->traffic->options.mix;
	const struct subscriber wanted = { .number = call->number,
		.seed = call->seed };
	char digits[DIGITS_MAX + 1];
	struct trunk_call begun = { .trunk = call->traffic->options.from_trunk,
		.digits = mix->is_slow ? "" : digits,
		.calling = "" };
	uint64_t number;
	uint32_t port;
	const char *why;

	placing_digits(call->traffic, &wanted, digits);
	if (office_trunk_call(traffics->office, &begun, &number, &port, &why) !=
	    0) {
		call->traffic->unreached++;
		drop_called(call);
		return false;
	}
	if (subscribers_grow_to_circuit(traffics, port) != 0 ||
	    is_turned_away(traffics, port, number)) {
		office_mark_gapped(traffics->office, call->traffic->mark);
		drop_called(call);
		return true;
	}
	far_end_begin(traffics, port, call->traffic, number, call->seed);
	subscriber_at(traffics, port)->number = call->number;
	meet(call, port);
	office_mark(traffics->office, number, call->traffic->mark);
	subscriber_call(traffics, port);
	return true;
}

/* Whom it is to: false where nobody is free. */
static bool
choose_called(struct call *call)
{
	struct traffic *traffic = call->traffic;

	call->called = LINE_NONE;
	if (traffic->numbers > 0) {
		call->number =
		    (uint32_t)(traffic->next_one++ % traffic->numbers);
		return true;
	}
	call->number = pool_take(traffic->all, traffic->called);
	if (call->number == LINE_NONE)
		return false;
	if (mix_outcome(&traffic->options.mix, call->seed) == MIX_misdial)
		pool_give(traffic->all, call->number);
	else
		call->called = call->number;
	return true;
}

bool
placing_of_line(struct traffic *traffic, uint32_t line, uint64_t seed)
{
	struct call call = { .traffic = traffic, .seed = seed };

	if (choose_called(&call))
		return begin_from_line(&call, line);
	subscriber_give_back(traffic->all, line);
	return false;
}

void
placing_next(struct traffic *traffic)
{
	struct call call = { .traffic = traffic,
		.seed = random_next(&traffic->random) };
	uint32_t line = LINE_NONE;
	bool is_made;

	if (traffic->callers == NULL) {
		is_made = choose_called(&call) && begin_from_trunk(&call);
	} else {
		line = pool_take(traffic->all, traffic->callers);
		is_made = line != LINE_NONE &&
		    placing_of_line(traffic, line, call.seed);
	}
	traffic->unmade += !is_made;
}

uint32_t
placing_other(struct traffic *traffic)
{
	return traffic->called == NULL
	    ? LINE_NONE
	    : pool_take(traffic->all, traffic->called);
}

/*--------------------------------------------------------------------
 * Once more
 */

static void
unlink_redial(struct redial *redial)
{
	*redial->link = redial->next;
	if (redial->next != NULL)
		redial->next->link = redial->link;
	object_free(redial, sizeof *redial);
}

/* The same number as before; if its line is busy now, it is dialled too. */
static void
try_again(void *arg, uint64_t key)
{
	struct redial *redial = arg;
	const struct redial wanted = *redial;
	struct traffic *traffic = redial->traffic;
	struct call call = { .traffic = traffic,
		.seed = redial->seed,
		.number = redial->number,
		.called = LINE_NONE };
	bool is_made = false;

	(void)key;
	unlink_redial(redial);
	if (!traffic->is_running) {
		if (wanted.line != LINE_NONE)
			subscriber_give_back(traffic->all, wanted.line);
		return;
	}
	if (traffic->numbers == 0 &&
	    mix_outcome(&traffic->options.mix, call.seed) != MIX_misdial &&
	    pool_take_line(traffic->all, call.number))
		call.called = call.number;
	is_made = wanted.line == LINE_NONE
	    ? begin_from_trunk(&call)
	    : begin_from_line(&call, wanted.line);
	traffic->unmade += !is_made;
}

bool
placing_again(
    struct traffic *traffic, uint32_t line, const struct subscriber *caller)
{
	const struct mix *mix = &traffic->options.mix;
	struct redial *redial;
	uint64_t at;

	if (!traffic->is_running || !caller->is_in_vain ||
	    !mix_redials(mix, caller->seed))
		return false;
	at = scheduler_now(traffic->all->scheduler) +
	    mix_redial_after(mix, caller->seed);
	redial = object_alloc(sizeof *redial);
	if (redial == NULL)
		return false;
	*redial = (struct redial){ .traffic = traffic,
		.seed = mix_again(caller->seed),
		.line = line,
		.number = caller->number };
	if (scheduler_at(traffic->all->scheduler, at, try_again, redial, 0) !=
	    0) {
		object_free(redial, sizeof *redial);
		return false;
	}
	redial->next = traffic->redials;
	redial->link = &traffic->redials;
	if (redial->next != NULL)
		redial->next->link = &redial->next;
	traffic->redials = redial;
	return true;
}

void
placing_forget(struct traffic *traffic)
{
	while (traffic->redials != NULL)
		unlink_redial(traffic->redials);
}
