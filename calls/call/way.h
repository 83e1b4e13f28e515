/*
 * way: the way of an input, from the event that brings it to its row.
 *
 * A signal or a timer becomes an input (take_signal(), take_timeout()), each
 * digit one of its own; take() finds the first row that fits, obeys it and
 * goes to its next state; run() goes on as long as that is one in which nobody
 * rests.  What has no row is answered or counted here too (T43, T83).
 *
 * Invariants:
 *   1. the rows of the state come before those of any;
 *   2. a call rests, when an input has been obeyed, where rests() says so;
 *   3. only the timer that runs now is heard (T88), and of signals only those
 *      of who is in the call, or that come from outside.
 */
#ifndef CALLS_CALL_WAY_H
#define CALLS_CALL_WAY_H

#include "calls/call/action.h"

static bool
fits(const struct row *row, const struct step *step)
{
	return row->input == step->input &&
	    (row->side == SIDE_NONE || row->side == step->side) &&
	    (row->guard == NULL || row->guard(step));
}

/* Obeys the first row of these that fits; false if there is none. */
static bool
take_of(struct step *step, const struct state_table *table)
{
	const struct row *row = table->rows, *end = row + table->count;

	for (; row < end; row++) {
		if (!fits(row, step))
			continue;
		step->row = row;
		if (release.leave != NULL && row->next != STATE_same &&
		    row->next != step->call->state)
			release.leave(step);
		if (row->action != NULL)
			row->action(step);
		if (row->next != STATE_same)
			step->call->state = row->next;
		return true;
	}
	return false;
}

/* The rows of the state come before those of any. */
static bool
take(struct step *step)
{
	return take_of(step, &release.states[step->call->state]) ||
	    take_of(step, &release.states[STATE_any]);
}

/* Whether people talk in it, so that nothing is waited for. */
static bool
is_talk(enum call_state state)
{
	return state == STATE_active || state == STATE_held ||
	    state == STATE_consulting || state == STATE_conference;
}

/* Whether B has not answered yet, so that nobody there hears a tone. */
static bool
is_ringing(enum call_state state)
{
	return state == STATE_presented || state == STATE_alerting ||
	    state == STATE_transferring;
}

static bool
transits(enum call_state state)
{
	return state == STATE_routing || state == STATE_releasing;
}

/* In one that is only passed through, while a timer of its own runs. */
static bool
rests(const struct call *call)
{
	return !transits((enum call_state)call->state) ||
	    (call->timer != TIMER_none &&
		(release.states[call->state].timers & 1U << call->timer) != 0);
}

static bool
run(struct step *step)
{
	if (!take(step))
		return false;
	while (!rests(step->call)) {
		step->input = ON_ENTRY;
		step->side = SIDE_NONE;
		step->cause = CAUSE_NONE;
		step->has_failed = false;
		if (!take(step))
			break; /* call_self_test() sees that there is one */
	}
	return true;
}

enum { KEY_OF_NUMBER = ' ' };

/*
 * One digit more of the number, or its end; what do they lead to?  A '#' is a
 * digit where numbers go on with it, and is no '#' to the rows then.
 */
static void
collect(struct step *step)
{
	struct call *call = step->call;
	size_t length = strnlen(call->CALLED, DIGITS_MAX);
	const bool is_hash = step->digit == '#';

	step->number = TRANSLATION_NOWHERE;
	if (length < DIGITS_MAX) {
		call->CALLED[length] = step->digit;
		step->number = exchange_translate(step->self, call->CALLED);
	} else if (!is_hash) {
		return; /* E.164 has no longer numbers */
	}
	if (!is_hash)
		return;
	if (step->number.verdict != TRANSLATION_NONE) {
		step->digit = KEY_OF_NUMBER;
		return;
	}
	call->CALLED[length] = '\0';
	step->number = exchange_translate(step->self, call->CALLED);
}

/* Each digit is an input of its own: the first ones may end the number. */
static bool
run_digits(struct step *step, const struct signal *signal)
{
	const uint8_t side = step->side;
	size_t i, length = strnlen(signal->digits, sizeof signal->digits);

	for (i = 0; i < length; i++) {
		step->input = SIGNAL_DIGIT;
		step->side = side;
		step->digit = signal->digits[i];
		if (step->call->state == STATE_collecting)
			collect(step);
		if (!run(step))
			return false;
	}
	return length > 0;
}

/* What the exchange says of money, whoever has rows for it. */
static bool
is_of_credit(uint16_t kind)
{
	return kind == SIGNAL_CREDIT_LOW || kind == SIGNAL_CREDIT_WARNED ||
	    kind == SIGNAL_CREDIT_GONE;
}

/* T43 and T83: what is answered, and what is only counted. */
static void
answer_stray(const struct step *step, const struct message *event)
{
	const enum call_state state = step->call->state;
	bool is_over = state == STATE_clearing || state == STATE_releasing ||
	    state == STATE_ended;

	if (is_of_credit(event->kind))
		return; /* a release without prepaid calls lets them go on */
	if (event->kind == SIGNAL_PICKUP)
		(void)exchange_refuse_claimant(step->self, step->call->call);
	if (is_over || event->kind == SIGNAL_ANSWER ||
	    event->kind == SIGNAL_PICKUP || event->kind == SIGNAL_ONHOOK ||
	    event->kind == SIGNAL_DISCONNECT)
		exchange_late(step->self, event);
	else
		exchange_unexpected(step->self, event);
}

/* Not from a party. */
static bool
comes_from_outside(uint16_t kind)
{
	return kind == SIGNAL_CLEAR || kind == SIGNAL_PICKUP ||
	    kind == SIGNAL_CIRCUIT_FREE || is_of_credit(kind);
}

/* What a far end says is as a subscriber's going, or as what REL waits for. */
static uint8_t
input_of(const struct step *step, uint16_t kind)
{
	const bool is_awaited = step->call->state == STATE_releasing;

	if (kind == SIGNAL_RELEASE || kind == SIGNAL_RELEASE_COMPLETE ||
	    kind == SIGNAL_TRUNK_DOWN)
		return is_awaited ? SIGNAL_RELEASE_COMPLETE : ON_GONE;
	return kind == SIGNAL_DISCONNECT ? ON_GONE : (uint8_t)kind;
}

static void
take_signal(struct step *step, const struct message *event)
{
	struct signal signal;
	bool is_known;

	if (event->length < sizeof signal) {
		exchange_unexpected(step->self, event);
		return;
	}
	memcpy(&signal, event->body.bytes, sizeof signal);
	step->side = (uint8_t)side_of(step->call, signal.port);
	if (step->side == SIDE_NONE && event->kind == SIGNAL_RELEASE_COMPLETE)
		return; /* T86: it is free already */
	if (!comes_from_outside(event->kind) &&
	    (step->side == SIDE_NONE || signal.call != step->call->call ||
		event->kind == SIGNAL_STATUS)) {
		exchange_late(step->self, event); /* of a leg that is gone */
		return;
	}
	step->cause = signal.cause;
	step->signal = &signal;
	if (step->cause == CAUSE_NONE && event->kind == SIGNAL_RELEASE_COMPLETE)
		step->cause = CAUSE_UNSPECIFIED; /* T86 */
	step->has_failed = event->kind == SIGNAL_TRUNK_DOWN;
	step->input = input_of(step, event->kind);
	is_known = event->kind == SIGNAL_DIGIT ? run_digits(step, &signal)
	    : event->kind < SIGNAL_KINDS       ? run(step)
					       : false;
	if (!is_known && event->kind == SIGNAL_LEFT) {
		step->input = ON_GONE; /* what else, to who has no row for it */
		is_known = run(step);
	}
	if (!is_known)
		answer_stray(step, event);
}

/* T88: only the timer that runs now; false for any other. */
static bool
take_timeout(struct step *step, const struct event_timeout *timeout)
{
	struct call *call = step->call;
	const unsigned int timer = timeout->timer + 1U;

	if (timer == call->timer && timeout->key == call->serial)
		call->timer = TIMER_none;
	else if (release.has_expired == NULL ||
	    !release.has_expired(call, (enum call_timer)timer, timeout->key))
		return false;
	step->input = (uint8_t)(ON_TIMER + timer);
	return run(step);
}

#endif
