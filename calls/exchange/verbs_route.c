/*
 * verbs_route: how a call gets a circuit by its route.
 *
 * Of the targets of a route that were not tried the next is chosen, in the
 * route's order, and a circuit of its group hunted for and seized at once, so
 * that no two calls of one instant get one; the effect is there to be undone.
 * Bids are counted when the event has come to its end.  What is said over the
 * circuit then stands in verbs_circuit.c.
 *
 * Invariants:
 *   1. nothing is taken before the finding is noted for a shadow run;
 *   2. a bid counts once: as a seizure or as overflow.
 */
#include "calls/exchange/verbs_internal.h"

/* Prices are compared as those of three minutes. */
static uint64_t
price_of(const struct office *office, uint16_t tariff)
{
	enum { COMPARED_MS = 180000 };
	const struct tariff_view prices = tariffs_at(
	    office->tariffs, tariffs_current(office->tariffs, tariff));
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
	struct annex *annex = attempts_make_annex(office->attempts, place);

	if (annex != NULL && dialled[0] != '\0')
		(void)routing_translate(office->routing,
		    office->lines->numbering, dialled, annex->number);
	return annex == NULL ? NULL : annex->number;
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

/* T9: this exchange is the last that its hop counter lets it pass. */
static bool
has_no_hops_left(const struct office *office, uint64_t call)
{
	const uint32_t place = attempts_find(office->attempts, call);

	return place != ATTEMPT_NONE &&
	    attempts_annex(office->attempts, place)->hops == 1;
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

/* A circuit by its name; what was dialled if there is none. */
static void
tell_seized(const struct office *office, const struct seizure *seizure,
    const char *dialled)
{
	char room[NUMBER_ROOM];

	if (seizure->status == 0)
		tell_asked(
		    office, "seize", number(office, seizure->port, room), 0);
	else
		tell_asked(office, "route", dialled, CAUSE_NO_CIRCUIT);
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
	finding = find(office, route, tried, number_of(office, caller));
	if ((finding.result >= 0 || finding.result == -EXFULL) &&
	    has_no_hops_left(office, number_of(office, caller)))
		finding.result = -ELOOP;
	if (!verb_is_noted(self) ||
	    !verb_note(self, &result, finding.result,
		"route_seize %u for %s '%s' not %x", route,
		number(office, caller, room), copy, tried))
		result = seize(office, self, &finding, caller, copy);
	seizure = seizure_of(found, &finding, tried, result);
	if (!verb_is_noted(self))
		tell_seized(office, &seizure, copy);
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

	trunk_count_bid(office->trunks, trunk, is_seizure);
	if ((uint16_t)bid == 0)
		trunk_counts(office->trunks, trunk)->first_bids++;
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

void
route_verbs_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_CIRCUIT_SEIZED] =
	    (struct effect_type){ commit_seized, undo_seized };
	types[EFFECT_CIRCUIT_OVERFLOW] =
	    (struct effect_type){ commit_overflow, NULL };
}
