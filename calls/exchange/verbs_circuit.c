/*
 * verbs_circuit: what calls do with circuits, and say to their far ends.
 *
 * As a line, a circuit is seized at once, so that no two calls of one instant
 * get one, and the effect is there to be undone; all else happens when the
 * event has come to its end.  The far end is another exchange: it is told by
 * signals, and what it has said last is a fact of the circuit (T89).  One that
 * is not silent answers DISCONNECT with RELEASE and RELEASE with RELEASE
 * COMPLETE in the same instant: that is said here in its place.
 */
#include <errno.h>
#include <stdio.h>

#include "calls/exchange/reception.h"
#include "calls/exchange/verbs_internal.h"
#include "switch/alarm.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/registry.h"
#include "switch/scheduler.h"

static uint32_t
id_of(uint32_t port)
{
	return port & ~PORT_CIRCUIT;
}

/*--------------------------------------------------------------------
 * Seizing
 */

static int
look_at_caller(const struct office *office, uint32_t port)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);

	if (circuit == NULL)
		return -EINVAL;
	return circuit->attempt == ATTEMPT_NONE || !pid_is_none(circuit->owner)
	    ? -EBUSY
	    : 0;
}

static int
seize_caller(struct office *office, struct self *self, uint32_t port)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);
	int status = look_at_caller(office, port);

	if (status == 0)
		status =
		    verb_hold(self, office->holding_call, circuit->attempt);
	if (status == 0)
		status = verb_hold(self, office->holding_circuit, id_of(port));
	if (status == 0)
		status = ask(office, self, EFFECT_CIRCUIT_CALLER, id_of(port),
		    circuit->attempt);
	if (status != 0)
		return status;
	circuits_take(office->trunks, id_of(port), verb_pid(self));
	verbs_adopt(office, self, circuit->attempt);
	return 0;
}

/* What a far end that has left before its call was born has said; else 0. */
static uint16_t
farewell_of(const struct circuit *circuit)
{
	if (circuit->is_down)
		return SIGNAL_TRUNK_DOWN;
	switch ((enum far_end)circuit->far) {
	case FAR_DISCONNECTED:
		return SIGNAL_DISCONNECT;
	case FAR_RELEASED:
		return SIGNAL_RELEASE;
	case FAR_CLEARED:
		return SIGNAL_RELEASE_COMPLETE;
	case FAR_NOTHING:
	case FAR_PROCEEDING:
	case FAR_ALERTING:
	case FAR_ANSWERED:
		break;
	}
	return 0;
}

int
circuit_seize_caller(struct self *self, uint32_t port)
{
	struct office *office = enter(self);
	struct signal farewell = { .port = port };
	char room[NUMBER_ROOM];
	uint16_t kind = 0;
	int status;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, look_at_caller(office, port),
		"port_seize %s as caller", number(office, port, room)))
		return leave_with(office, self, status);
	status = seize_caller(office, self, port);
	if (status == 0) {
		kind = farewell_of(circuit_of_port(office->trunks, port));
		farewell.call = number_of(office, port);
		farewell.cause = circuit_of_port(office->trunks, port)->cause;
	}
	leave(office, self);
	if (kind != 0)
		status = verbs_say(self, &farewell, kind);
	return answer_with(self, status);
}

static void
undo_caller(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t place)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	circuits_give_back(office->trunks, id);
	office_end_attempt(office, (uint32_t)place);
	office_leave(office);
}

/*--------------------------------------------------------------------
 * One target of a route
 */

/* Prices are compared as those of three minutes. */
static uint64_t
price_of(const struct office *office, uint16_t tariff)
{
	enum { COMPARED_MS = 180000 };
	const struct tariff_view prices = tariffs_at(office->tariffs, tariff);
	uint64_t price = (uint64_t)prices.setup_micro + prices.first_micro;

	if (prices.first_ms < COMPARED_MS)
		price += (COMPARED_MS - prices.first_ms + prices.next_ms - 1) /
		    prices.next_ms * (uint64_t)prices.next_micro;
	return price;
}

/* So often is it the first of an order by weight: as it has circuits. */
static uint32_t
weight_of(const struct office *office, const struct route_target *target)
{
	const struct trunk *trunk = trunks_at(office->trunks, target->trunk);

	return trunk == NULL ? 0 : trunk->count;
}

/* The one that the call's number draws among those not tried. */
static unsigned int
draw(const struct office *office, const struct route *route, uint16_t tried,
    uint64_t call)
{
	uint64_t sum = 0, drawn = call * UINT64_C(0x9e3779b97f4a7c15) + tried;
	unsigned int i, last = route->count;

	for (i = 0; i < route->count; i++)
		if ((tried & 1U << i) == 0)
			sum += weight_of(
			    office, routing_target(office->routing, route, i));
	drawn = sum == 0 ? 0 : (drawn ^ drawn >> 29) % sum;
	for (i = 0; i < route->count; i++) {
		if ((tried & 1U << i) != 0)
			continue;
		last = i;
		sum = weight_of(
		    office, routing_target(office->routing, route, i));
		if (drawn < sum)
			return i;
		drawn -= sum;
	}
	return last;
}

/* The next in the route's order; route->count if all are tried. */
static unsigned int
choose(const struct office *office, const struct route *route, uint16_t tried,
    uint64_t call)
{
	unsigned int i, found = route->count;
	uint64_t price, least = UINT64_MAX;

	if (route->order == ORDER_WEIGHT)
		return draw(office, route, tried, call);
	for (i = 0; i < route->count; i++) {
		if ((tried & 1U << i) != 0)
			continue;
		if (route->order == ORDER_FIXED)
			return i;
		price = price_of(
		    office, routing_target(office->routing, route, i)->tariff);
		if (price < least) {
			least = price;
			found = i;
		}
	}
	return found;
}

/* What a bid was about, in an effect: the route, what of it was tried. */
static uint64_t
bid_of(uint32_t route, uint16_t tried)
{
	return (uint64_t)route << 16 | tried;
}

/* What is found at a target, before anything is taken. */
struct finding {
	const struct route_target *target; /* NULL: none is left */
	unsigned int place;
	uint64_t bid; /* for the counts */
	int result;   /* the id of a circuit, or as seizure.status */
};

static struct finding
find(
    const struct office *office, uint32_t number, uint16_t tried, uint64_t call)
{
	const struct route *route = routing_at(office->routing, number);
	struct finding finding = { .bid = bid_of(number, tried),
		.result = -ENOENT };
	uint32_t id;

	if (route != NULL)
		finding.place = choose(office, route, tried, call);
	if (route == NULL || finding.place == route->count)
		return finding;
	finding.target = routing_target(office->routing, route, finding.place);
	finding.result = -ENOLINK;
	if (trunks_at(office->trunks, finding.target->trunk) == NULL)
		return finding;
	id = trunk_hunt(office->trunks, finding.target->trunk, false);
	finding.result = id == CIRCUIT_NONE ? -EXFULL : (int)id;
	return finding;
}

/* The digits that are to be routed; kept, for the next target (T19). */
static const char *
keep_number(struct office *office, uint32_t place, const char *dialled)
{
	struct passage *passage =
	    attempts_make_passage(office->attempts, place);

	if (passage != NULL && dialled[0] != '\0')
		(void)routing_translate(office->routing,
		    office->lines->numbering, dialled, passage->number);
	return passage == NULL ? NULL : passage->number;
}

int
circuit_take_as(struct office *office, struct self *self,
    const struct circuit_taking *taking)
{
	struct circuit *circuit = circuits_at(office->trunks, taking->id);
	const char *digits =
	    keep_number(office, taking->place, taking->dialled);
	int status = digits == NULL
	    ? -ENOSPC
	    : verb_hold(self, office->holding_circuit, taking->id);

	if (status == 0)
		status = ask(office, self, EFFECT_CIRCUIT_SEIZED, taking->id,
		    taking->bid);
	if (status != 0)
		return status;
	circuits_take(office->trunks, taking->id, verb_pid(self));
	circuit->attempt = taking->place;
	circuit->tariff = taking->target->tariff;
	route_target_digits(taking->target, digits, circuit->digits);
	return (int)taking->id;
}

/* The id of the circuit that was taken; or an error. */
static int
seize(struct office *office, struct self *self, const struct finding *finding,
    uint32_t caller, const char *dialled)
{
	uint32_t place = office_attempt_at(office, caller);
	const struct circuit_taking taking = { finding->target,
		(uint32_t)finding->result, place, dialled, finding->bid };
	int status;

	if (place == ATTEMPT_NONE || !owns_port(office, self, caller))
		return -EINVAL;
	if (finding->result >= 0)
		return circuit_take_as(office, self, &taking);
	if (keep_number(office, place, dialled) == NULL)
		return -ENOSPC;
	if (finding->result != -EXFULL)
		return finding->result;
	status = ask(office, self, EFFECT_CIRCUIT_OVERFLOW,
	    finding->target->trunk, finding->bid);
	return status == 0 ? -EXFULL : status;
}

static uint64_t
call_of_port(const struct office *office, uint32_t port)
{
	uint32_t place = office_attempt_at(office, port);

	return place == ATTEMPT_NONE
	    ? 0
	    : attempts_at(office->attempts, place)->number;
}

static struct seizure
seizure_of(const struct route *route, const struct finding *finding,
    uint16_t tried, int result)
{
	struct seizure seizure = { .status = result < 0 ? result : 0,
		.port = result < 0 ? PORT_NONE : circuit_port((uint32_t)result),
		.tried = tried };

	if (finding->target != NULL)
		seizure.tried |= (uint16_t)(1U << finding->place);
	seizure.goes_on = route != NULL &&
	    seizure.tried != (uint16_t)((1U << route->count) - 1);
	return seizure;
}

struct seizure
route_seize(struct self *self, uint32_t route, uint16_t tried, uint32_t caller,
    const char *dialled)
{
	char copy[DIGITS_MAX + 1] = "", room[NUMBER_ROOM];
	const struct route *found;
	struct finding finding;
	struct seizure seizure;
	struct office *office;
	int result;

	memcpy(copy, dialled, strnlen(dialled, DIGITS_MAX));
	office = enter(self);
	found = routing_at(office->routing, route);
	finding = find(office, route, tried, call_of_port(office, caller));
	if (!verb_is_noted(self) ||
	    !verb_note(self, &result, finding.result,
		"route_seize %u for %s '%s' not %x", route,
		number(office, caller, room), copy, tried))
		result = seize(office, self, &finding, caller, copy);
	seizure = seizure_of(found, &finding, tried, result);
	leave(office, self);
	(void)answer_with(self, result);
	return seizure;
}

static void
count_bid(struct office *office, uint32_t number, uint64_t bid, bool is_seizure)
{
	struct trunk *trunk = trunks_at(office->trunks, number);
	const struct route *route =
	    routing_at(office->routing, (uint32_t)(bid >> 16));
	unsigned int i;

	trunk_count_bid(trunk, is_seizure);
	if ((uint16_t)bid == 0)
		trunk->counts.first_bids++;
	for (i = 0; route != NULL && i < route->count; i++)
		if ((bid & 1U << i) != 0)
			trunk_note_source(trunk,
			    routing_target(office->routing, route, i)->trunk);
}

static void
commit_seized(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t bid)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	count_bid(office, circuits_at(office->trunks, id)->trunk, bid, true);
	office_leave(office);
}

static void
undo_seized(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t b)
{
	struct office *office = office_enter(scheduler);

	(void)pid, (void)b;
	circuits_give_back(office->trunks, id);
	office_leave(office);
}

static void
commit_overflow(
    struct scheduler *scheduler, struct pid pid, uint32_t trunk, uint64_t bid)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	count_bid(office, trunk, bid, false);
	office_leave(office);
}

bool
route_goes_on(struct self *self, uint32_t route, uint16_t tried)
{
	struct office *office = enter(self);
	const struct route *found;
	bool goes_on = false;

	if (!verb_is_noted(self) ||
	    !verb_ask(self, &goes_on, sizeof goes_on, "route_goes_on %u %x",
		route, tried)) {
		found = routing_at(office->routing, route);
		goes_on = found != NULL && tried + 1U < 1U << found->count;
	}
	leave(office, self);
	if (verb_is_noted(self))
		verb_answer(self, &goes_on, sizeof goes_on);
	return goes_on;
}

/*--------------------------------------------------------------------
 * What the far end is told
 */

int
circuit_setup(struct self *self, uint32_t port, uint32_t caller)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM], other[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_setup %s from %s",
		number(office, port, room), number(office, caller, other)))
		return leave_with(office, self, status);
	if (own_circuit(office, self, port) != NULL &&
	    owns_port(office, self, caller))
		status = ask(
		    office, self, EFFECT_CIRCUIT_SETUP, id_of(port), caller);
	return leave_with(office, self, status);
}

/* What the record will say of it, when the circuit is another call's. */
static void
note_passage(struct office *office, const struct circuit *circuit)
{
	struct passage *passage =
	    attempts_make_passage(office->attempts, circuit->attempt);

	if (passage == NULL)
		return; /* it was made when the circuit was seized */
	memcpy(passage->sent, circuit->digits, sizeof passage->sent);
	passage->out_trunk = circuit->trunk;
	passage->out_circuit = circuit->number;
}

/* The way that is paid for by who forwards is the one it takes at last. */
static void
note_way(struct office *office, const struct attempt *attempt, uint32_t port)
{
	uint32_t place = attempt->legs.first;
	struct leg *leg = NULL;

	for (; place != LEG_NONE; place = leg->next)
		leg = legs_at(office->legs, place);
	if (leg != NULL && leg->t_answer == 0 && !leg->is_closed &&
	    (leg->port == PORT_NONE || port_is_circuit(leg->port)))
		leg->port = port;
}

static void
commit_setup(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t caller)
{
	struct office *office = office_enter(scheduler);
	struct circuit *circuit = circuits_at(office->trunks, id);
	struct circuit *from =
	    circuit_of_port(office->trunks, (uint32_t)caller);
	struct attempt *attempt;

	(void)pid;
	circuit->is_set_up = true;
	circuit->peer = (uint32_t)caller;
	if (from != NULL)
		from->peer = circuit_port(id);
	else
		lines_set_peer(
		    office->lines, (uint32_t)caller, circuit_port(id));
	attempt = attempts_at(office->attempts, circuit->attempt);
	if (attempt->t_answer == 0)
		attempt->port_b = circuit_port(id);
	note_passage(office, circuit);
	note_way(office, attempt, circuit_port(id));
	circuits_tell(office->trunks, id);
	circuits_log(
	    office->trunks, id, "<- setup ", circuit->digits, CAUSE_NONE);
	office_leave(office);
}

int
circuit_tone(struct self *self, uint32_t port, enum tone tone)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_tone %s %s",
		number(office, port, room), tone_word(tone)))
		return leave_with(office, self, status);
	if (own_circuit(office, self, port) != NULL)
		status =
		    ask(office, self, EFFECT_CIRCUIT_TONE, id_of(port), tone);
	return leave_with(office, self, status);
}

static void
commit_tone(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t tone)
{
	struct office *office = office_enter(scheduler);
	uint32_t place = circuits_at(office->trunks, id)->attempt;

	(void)pid;
	circuits_tone(office->trunks, id, (enum tone)tone);
	if (place != ATTEMPT_NONE)
		verbs_note_progress(
		    office, place, circuit_port(id), (enum tone)tone);
	office_leave(office);
}

/* What a far end that is not silent answers at once; 0: nothing. */
static uint16_t
reply_to(
    const struct office *office, const struct circuit *circuit, uint16_t kind)
{
	if (trunks_at(office->trunks, circuit->trunk)->is_silent ||
	    circuit->is_down)
		return 0;
	if (kind == SIGNAL_DISCONNECT && circuit->far < FAR_DISCONNECTED)
		return SIGNAL_RELEASE;
	if (kind == SIGNAL_RELEASE && circuit->far < FAR_RELEASED)
		return SIGNAL_RELEASE_COMPLETE;
	return 0;
}

int
port_send(struct self *self, uint32_t port, uint16_t kind, uint8_t cause)
{
	struct office *office = enter(self);
	struct signal reply = { .port = port, .cause = CAUSE_NORMAL };
	const struct circuit *circuit;
	char room[NUMBER_ROOM];
	uint16_t answer = 0;
	int status = 0;

	if (!port_is_circuit(port) || signal_word(kind) == NULL)
		return leave_with(office, self, status);
	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_send %s %s cause %u",
		number(office, port, room), signal_word(kind), cause))
		return leave_with(office, self, status);
	circuit = own_circuit(office, self, port);
	status = circuit == NULL
	    ? -EINVAL
	    : ask(office, self, EFFECT_CIRCUIT_SENT, id_of(port),
		  kind | (uint32_t)cause << 16);
	if (status == 0) {
		answer = reply_to(office, circuit, kind);
		reply.call = call_of_port(office, port);
	}
	leave(office, self);
	if (answer != 0)
		status = verbs_say(self, &reply, answer);
	return answer_with(self, status);
}

static void
commit_sent(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t b)
{
	struct office *office = office_enter(scheduler);
	struct circuit *circuit = circuits_at(office->trunks, id);
	uint16_t kind = (uint16_t)b, answer = reply_to(office, circuit, kind);

	(void)pid;
	if (kind == SIGNAL_RELEASE)
		circuit->is_released = true;
	circuits_log(
	    office->trunks, id, "<- ", signal_word(kind), (uint8_t)(b >> 16));
	if (answer != 0) {
		circuit->far =
		    answer == SIGNAL_RELEASE ? FAR_RELEASED : FAR_CLEARED;
		circuits_log(office->trunks, id, "-> ", signal_word(answer),
		    CAUSE_NORMAL);
	}
	office_leave(office);
}

/*--------------------------------------------------------------------
 * Giving back
 */

int
port_release(struct self *self, uint32_t port, uint8_t cause)
{
	struct office *office;
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (!port_is_circuit(port))
		return port_free(self, port);
	office = enter(self);
	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_release %s cause %u",
		number(office, port, room), cause))
		return leave_with(office, self, status);
	if (own_circuit(office, self, port) != NULL)
		status =
		    ask(office, self, EFFECT_CIRCUIT_FREED, id_of(port), cause);
	if (status == 0)
		status =
		    verb_let_go(self, office->holding_circuit, id_of(port));
	return leave_with(office, self, status);
}

/* What is still to be said when the circuit is free from now on. */
static uint16_t
last_word(const struct circuit *circuit)
{
	bool has_link = circuit->is_set_up || circuit->is_incoming;

	if (!has_link || circuit->is_down || circuit->is_released)
		return 0;
	if (circuit->far == FAR_CLEARED)
		return 0;
	return circuit->far == FAR_RELEASED ? SIGNAL_RELEASE_COMPLETE
					    : SIGNAL_RELEASE;
}

static void
give_back(struct office *office, uint32_t id, uint8_t cause)
{
	struct circuit *circuit = circuits_at(office->trunks, id);
	struct circuit *peer = circuit_of_port(office->trunks, circuit->peer);
	uint16_t word = last_word(circuit);

	circuit_count_end(office->trunks, id,
	    circuit->cause != CAUSE_NONE ? circuit->cause : cause,
	    office_stamp(office));
	if (word != 0)
		circuits_log(
		    office->trunks, id, "<- ", signal_word(word), cause);
	if (peer != NULL && peer->peer == circuit_port(id))
		peer->peer = PORT_NONE;
	if (peer == NULL && circuit->peer != PORT_NONE)
		lines_disconnect(
		    office->lines, circuit->peer, circuit_port(id));
	circuits_give_back(office->trunks, id);
	preemption_tell(office, id);
}

static void
commit_freed(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t cause)
{
	struct office *office = office_enter(scheduler);

	if (pid_equal(circuits_at(office->trunks, id)->owner, pid))
		give_back(office, id, (uint8_t)cause);
	office_leave(office);
}

void
circuit_release(struct scheduler *scheduler, struct pid pid, uint32_t id)
{
	commit_freed(scheduler, pid, id, CAUSE_TEMPORARY_FAILURE);
}

/* Its call has ended with RELEASE unanswered twice. */
static void
raise_alarm(struct office *office, uint32_t id)
{
	struct alarm alarm = { .name = ALARM_CIRCUIT_BLOCKED,
		.text = "its far end does not answer RELEASE",
		.severity = ALARM_major };

	(void)circuit_text(office->trunks, id, alarm.object);
	alarm_raise(office->lines->at, &alarm);
}

int
circuit_withdraw(struct self *self, uint32_t port)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "circuit_withdraw %s",
		number(office, port, room)))
		return leave_with(office, self, status);
	if (own_circuit(office, self, port) != NULL)
		status =
		    ask(office, self, EFFECT_CIRCUIT_WITHDRAWN, id_of(port), 0);
	return leave_with(office, self, status);
}

static void
commit_withdrawn(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t b)
{
	struct office *office = office_enter(scheduler);

	(void)pid, (void)b;
	circuits_set_blocked(office->trunks, id, true);
	raise_alarm(office, id);
	office_leave(office);
}

/*--------------------------------------------------------------------
 * Dual seizure
 */

/* The attempt of the call that the far end has begun on it. */
static int
begin_incoming(struct office *office, struct self *self, uint32_t id,
    struct signal *ret_start)
{
	struct circuit *circuit = circuits_at(office->trunks, id);
	uint32_t place = attempts_begin(
	    office->attempts, circuit->glare.number, circuit_port(id));
	struct passage *passage = NULL;
	int status = -ENOSPC;

	if (place != ATTEMPT_NONE)
		passage = attempts_make_passage(office->attempts, place);
	if (passage != NULL)
		status = ask(office, self, EFFECT_CIRCUIT_YIELDED, id, place);
	if (status != 0) {
		if (place != ATTEMPT_NONE)
			attempts_end(office->attempts, place);
		return status;
	}
	memcpy(
	    passage->calling, circuit->glare.calling, sizeof passage->calling);
	passage->in_trunk = circuit->trunk;
	passage->in_circuit = circuit->number;
	*ret_start = (struct signal){ .call = circuit->glare.number,
		.port = circuit_port(id) };
	memcpy(
	    ret_start->digits, circuit->glare.called, sizeof ret_start->digits);
	office->counts.attempts++;
	office->counts.live++;
	return verb_let_go(self, office->holding_circuit, id);
}

int
circuit_yield(struct self *self, uint32_t port)
{
	struct office *office = enter(self);
	const struct circuit *circuit;
	struct pid exchange = registry_whereis(
	    scheduler_registry(office->scheduler), OFFICE_PROCESS);
	struct signal start;
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "circuit_yield %s",
		number(office, port, room)))
		return leave_with(office, self, status);
	circuit = own_circuit(office, self, port);
	if (circuit != NULL && circuit->glare.number != 0)
		status = begin_incoming(office, self, id_of(port), &start);
	leave(office, self);
	if (status == 0)
		status = process_send(
		    self, exchange, RECEPTION_ANNOUNCE, &start, sizeof start);
	return answer_with(self, status);
}

static void
commit_yielded(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t place)
{
	struct office *office = office_enter(scheduler);
	struct circuit *circuit = circuits_at(office->trunks, id);

	(void)pid;
	circuit->is_released = true; /* SETUP has crossed ours: no RELEASE */
	give_back(office, id, CAUSE_NONE);
	circuits_reserve(office->trunks, id, (uint32_t)place, true);
	office_leave(office);
}

static void
undo_yielded(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t place)
{
	struct office *office = office_enter(scheduler);

	(void)pid, (void)id;
	attempts_end(office->attempts, (uint32_t)place);
	office->counts.attempts--;
	office->counts.live--;
	office_leave(office);
}

/*--------------------------------------------------------------------
 * Looking
 */

static struct port_view
view_of(struct office *office, struct self *self, uint32_t port)
{
	const struct circuit *circuit = circuit_of_port(office->trunks, port);
	struct port_view view = { 0 };
	const struct trunk *trunk;
	bool is_gone;

	if (circuit == NULL)
		return view;
	trunk = trunks_at(office->trunks, circuit->trunk);
	is_gone = circuit->far >= FAR_DISCONNECTED || circuit->is_down;
	view.is_mine = own_circuit(office, self, port) != NULL;
	view.is_offhook = circuit->far == FAR_ANSWERED && !circuit->is_down;
	view.is_ringing = circuit->far == FAR_ALERTING && !circuit->is_down;
	view.cause =
	    circuit->is_down ? CAUSE_NETWORK_OUT_OF_ORDER : circuit->cause;
	view.circuit = (uint8_t)(CIRCUIT_THERE |
	    (trunk->kind == TRUNK_SS7 ? CIRCUIT_SS7 : 0) |
	    (circuit_is_ours(office->trunks, id_of(port)) ? CIRCUIT_OURS : 0) |
	    (is_gone ? CIRCUIT_GONE : 0) |
	    (circuit->is_down ? CIRCUIT_DOWN : 0));
	return view;
}

struct port_view
circuit_look(struct self *self, uint32_t port)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	struct port_view view;

	if (!verb_is_noted(self) ||
	    !verb_ask(self, &view, sizeof view, "port_look %s",
		number(office, port, room)))
		view = view_of(office, self, port);
	leave(office, self);
	if (verb_is_noted(self))
		verb_answer(self, &view, sizeof view);
	return view;
}

void
circuits_install(struct effect_type types[EFFECTS_COUNT])
{
	static const struct effect_type own[] = {
		[EFFECT_CIRCUIT_CALLER] = { commit_done, undo_caller },
		[EFFECT_CIRCUIT_SEIZED] = { commit_seized, undo_seized },
		[EFFECT_CIRCUIT_OVERFLOW] = { commit_overflow, NULL },
		[EFFECT_CIRCUIT_SETUP] = { commit_setup, NULL },
		[EFFECT_CIRCUIT_TONE] = { commit_tone, NULL },
		[EFFECT_CIRCUIT_SENT] = { commit_sent, NULL },
		[EFFECT_CIRCUIT_FREED] = { commit_freed, NULL },
		[EFFECT_CIRCUIT_YIELDED] = { commit_yielded, undo_yielded },
		[EFFECT_CIRCUIT_WITHDRAWN] = { commit_withdrawn, NULL },
	};
	unsigned int i;

	for (i = EFFECT_CIRCUIT_CALLER; i <= EFFECT_CIRCUIT_WITHDRAWN; i++)
		types[i] = own[i];
}
