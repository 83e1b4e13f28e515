/*
 * preemption: an emergency call gets a circuit that another call has (T55).
 *
 * That call is asked, not robbed: it gets PREEMPT, tells its parties, and gives
 * the circuit back, which is kept for the emergency call meanwhile, so that
 * nobody else takes it.  Of those that could be asked it is one of the least
 * class, tests first, and of these the one that began last.
 *
 * Invariants:
 *   1. a circuit is kept for one attempt, which knows it, and whose process
 *      holds that: when it ends, it is kept no more;
 *   2. no emergency call is asked, and none whose circuit is being given back.
 */
#include "calls/exchange/verbs_internal.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"

/*--------------------------------------------------------------------
 * Whom to ask
 */

/* The less, the sooner. */
static unsigned int
worth_of(const struct attempt *attempt)
{
	static const uint8_t worth[] = { [CLASS_test] = 0,
		[CLASS_ordinary] = 1,
		[CLASS_priority] = 2,
		[CLASS_emergency] = 3 };

	return worth[attempt->class];
}

/* Whether its call has got anywhere, and is not over: T57 knows no other. */
static bool
is_under_way(const struct circuit *circuit, const struct attempt *attempt)
{
	const enum tone tone = (enum tone)circuit->tone;

	if (circuit->is_released || circuit->is_down ||
	    circuit->far >= FAR_DISCONNECTED)
		return false;
	if (circuit->is_incoming && attempt->t_alert == 0)
		return false;
	return tone == TONE_none || tone == TONE_ringback ||
	    tone == TONE_speech || tone == TONE_hold || tone == TONE_waiting;
}

static const struct attempt *
call_on(const struct office *office, const struct circuit *circuit)
{
	const struct attempt *attempt;

	if (pid_is_none(circuit->owner) || circuit->attempt == ATTEMPT_NONE ||
	    circuit->keeper != ATTEMPT_NONE)
		return NULL;
	attempt = attempts_at(office->attempts, circuit->attempt);
	return attempt->class != CLASS_emergency &&
		is_under_way(circuit, attempt)
	    ? attempt
	    : NULL;
}

static bool
is_sooner(const struct attempt *one, const struct attempt *other)
{
	if (worth_of(one) != worth_of(other))
		return worth_of(one) < worth_of(other);
	return one->t_seize > other->t_seize;
}

/* The circuit of a group whose call is asked first, beside `best`. */
static uint32_t
find_in_group(
    const struct office *office, const struct trunk *trunk, uint32_t best)
{
	const struct attempt *found;
	uint32_t i, id;

	for (i = 0; i < trunk->count; i++) {
		id = trunk->ids[i];
		found = call_on(office, circuits_at(office->trunks, id));
		if (found != NULL &&
		    (best == CIRCUIT_NONE ||
			is_sooner(found,
			    call_on(
				office, circuits_at(office->trunks, best)))))
			best = id;
	}
	return best;
}

/* CIRCUIT_NONE: nobody on that route can be asked, or it is no emergency. */
static uint32_t
find(const struct office *office, uint32_t number, uint32_t place)
{
	const struct route *route = routing_at(office->routing, number);
	const struct trunk *trunk;
	uint32_t best = CIRCUIT_NONE;
	unsigned int i;

	if (route == NULL || place == ATTEMPT_NONE ||
	    attempts_at(office->attempts, place)->class != CLASS_emergency)
		return CIRCUIT_NONE;
	for (i = 0; i < route->count; i++) {
		trunk = trunks_at(office->trunks,
		    routing_target(office->routing, route, i)->trunk);
		if (trunk != NULL && trunk->direction != TRUNK_IN)
			best = find_in_group(office, trunk, best);
	}
	return best;
}

/* The place of the running call, by its calling port. */
static uint32_t
place_of(struct office *office, struct self *self, uint32_t caller)
{
	return owns_port(office, self, caller)
	    ? office_attempt_at(office, caller)
	    : ATTEMPT_NONE;
}

bool
route_may_preempt(struct self *self, uint32_t route, uint32_t caller)
{
	struct office *office = enter(self);
	bool may = false;

	if (!verb_is_noted(self) ||
	    !verb_ask(self, &may, sizeof may, "route_may_preempt %u", route))
		may = find(office, route, place_of(office, self, caller)) !=
		    CIRCUIT_NONE;
	leave(office, self);
	if (verb_is_noted(self))
		verb_answer(self, &may, sizeof may);
	return may;
}

/*--------------------------------------------------------------------
 * Asking
 */

/* CIRCUIT_NONE: nothing is. */
static uint32_t
kept_for(const struct office *office, uint32_t place)
{
	return place == ATTEMPT_NONE
	    ? CIRCUIT_NONE
	    : attempts_annex(office->attempts, place)->kept;
}

static void
unkeep(struct office *office, uint32_t id, uint32_t place)
{
	if (circuits_at(office->trunks, id)->keeper == place)
		circuits_keep(office->trunks, id, ATTEMPT_NONE);
	if (kept_for(office, place) == id) /* so it has an annex */
		attempts_make_annex(office->attempts, place)->kept =
		    CIRCUIT_NONE;
}

/* The circuit is kept from now on; -ENOENT, -ENOSPC. */
static int
keep(struct office *office, struct self *self, uint32_t id, uint32_t place)
{
	struct annex *annex;
	int status;

	if (id == CIRCUIT_NONE)
		return -ENOENT;
	annex = attempts_make_annex(office->attempts, place);
	if (annex == NULL)
		return -ENOSPC;
	status = verb_hold(self, office->holding_kept, id);
	if (status == 0)
		status = ask(office, self, EFFECT_CIRCUIT_KEPT, id, place);
	if (status != 0)
		return status;
	circuits_keep(office->trunks, id, place);
	annex->kept = id;
	return 0;
}

int
route_preempt(struct self *self, uint32_t route, uint32_t caller)
{
	struct office *office = enter(self);
	uint32_t place = place_of(office, self, caller), id;
	struct signal signal = { .cause = CAUSE_NONE };
	struct pid owner = PID_NONE;
	int status = -ENOENT;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "route_preempt %u", route))
		return leave_with(office, self, status);
	id = find(office, route, place);
	status = keep(office, self, id, place);
	if (status == 0) {
		owner = circuits_at(office->trunks, id)->owner;
		signal.port = circuit_port(id);
		signal.call = attempts_at(
		    office->attempts, circuits_at(office->trunks, id)->attempt)
				  ->number;
	}
	leave(office, self);
	if (status == 0)
		status = process_send(
		    self, owner, SIGNAL_PREEMPT, &signal, sizeof signal);
	return answer_with(self, status);
}

static void
undo_kept(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t place)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	unkeep(office, id, (uint32_t)place);
	office_leave(office);
}

/* It ends: whoever comes next may have the circuit. */
void
preemption_release(struct scheduler *scheduler, struct pid pid, uint32_t id)
{
	struct office *office = office_enter(scheduler);
	uint32_t place = circuits_at(office->trunks, id)->keeper;

	(void)pid;
	if (place != ATTEMPT_NONE)
		unkeep(office, id, place);
	office_leave(office);
}

void
preemption_tell(struct office *office, uint32_t id)
{
	const struct circuit *circuit = circuits_at(office->trunks, id);
	const struct attempt *attempt;
	struct signal signal = { .port = circuit_port(id) };

	if (circuit->keeper == ATTEMPT_NONE)
		return;
	attempt = attempts_at(office->attempts, circuit->keeper);
	signal.call = attempt->number;
	/* Without room for it Tpreempt will have the call look. */
	(void)process_post(office->lines->at, attempt->pid, SIGNAL_CIRCUIT_FREE,
	    &signal, sizeof signal);
}

/*--------------------------------------------------------------------
 * Getting it
 */

static bool
is_kept_free(const struct office *office, uint32_t id)
{
	return id != CIRCUIT_NONE &&
	    circuit_is_kept_free(circuits_at(office->trunks, id));
}

bool
route_is_kept(struct self *self, uint32_t caller)
{
	struct office *office = enter(self);
	bool is_free = false;

	if (!verb_is_noted(self) ||
	    !verb_ask(self, &is_free, sizeof is_free, "route_is_kept"))
		is_free = is_kept_free(
		    office, kept_for(office, place_of(office, self, caller)));
	leave(office, self);
	if (verb_is_noted(self))
		verb_answer(self, &is_free, sizeof is_free);
	return is_free;
}

/* Which target of the route its group is; NULL: none any more. */
static const struct route_target *
target_of(const struct office *office, uint32_t number, uint32_t id)
{
	const struct route *route = routing_at(office->routing, number);
	const struct route_target *target;
	unsigned int i;

	for (i = 0; route != NULL && i < route->count; i++) {
		target = routing_target(office->routing, route, i);
		if (target->trunk == circuits_at(office->trunks, id)->trunk)
			return target;
	}
	return NULL;
}

static int
let_go(struct office *office, struct self *self, uint32_t id, uint32_t place)
{
	int status = ask(office, self, EFFECT_CIRCUIT_UNKEPT, id, place);

	return status == 0 ? verb_let_go(self, office->holding_kept, id)
			   : status;
}

static int
take(struct office *office, struct self *self, uint32_t route, uint32_t place,
    const char *dialled)
{
	struct circuit_taking taking = { .place = place, .dialled = dialled };
	int status;

	taking.id = kept_for(office, place);
	if (!is_kept_free(office, taking.id))
		return -ENOENT;
	taking.target = target_of(office, route, taking.id);
	if (taking.target == NULL)
		return -ENOENT;
	status = circuit_take_as(office, self, &taking);
	return status < 0 ? status : let_go(office, self, taking.id, place);
}

struct seizure
route_take_kept(
    struct self *self, uint32_t route, uint32_t caller, const char *dialled)
{
	char copy[DIGITS_MAX + 1] = "";
	struct seizure seizure = { .port = PORT_NONE };
	struct office *office;
	uint32_t place, id;

	memcpy(copy, dialled, strnlen(dialled, DIGITS_MAX));
	office = enter(self);
	place = place_of(office, self, caller);
	id = kept_for(office, place);
	if (!verb_is_noted(self) ||
	    !verb_note(self, &seizure.status,
		is_kept_free(office, id) ? 0 : -ENOENT,
		"route_take_kept %u '%s'", route, copy))
		seizure.status = take(office, self, route, place, copy);
	if (seizure.status == 0)
		seizure.port = circuit_port(id);
	leave(office, self);
	(void)answer_with(self, seizure.status);
	return seizure;
}

int
route_unkeep(struct self *self, uint32_t caller)
{
	struct office *office = enter(self);
	uint32_t place, id;
	int status = 0;

	if (verb_is_noted(self) && verb_note(self, &status, 0, "route_unkeep"))
		return leave_with(office, self, status);
	place = place_of(office, self, caller);
	id = kept_for(office, place);
	if (id != CIRCUIT_NONE)
		status = let_go(office, self, id, place);
	return leave_with(office, self, status);
}

void
preemption_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_CIRCUIT_KEPT] =
	    (struct effect_type){ commit_done, undo_kept };
	types[EFFECT_CIRCUIT_UNKEPT] = (struct effect_type){ undo_kept, NULL };
}
