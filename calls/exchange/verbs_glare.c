/*
 * verbs_glare: both ends have seized one circuit, and this end yields (T62).
 *
 * The running call gives the circuit up, and the call that the far end has
 * begun on it is announced, with an attempt of its own.  Who has the say is not
 * decided here (circuit_is_ours(), and the rows of the call).
 *
 * Invariants:
 *   1. SETUP of the far end has crossed that of this one: no RELEASE is sent;
 *   2. if the event comes to nothing the attempt has never begun.
 */
#include "calls/exchange/reception.h"
#include "calls/exchange/verbs_internal.h"
#include "switch/process.h"
#include "switch/registry.h"
#include "switch/scheduler.h"

/* The attempt of the call that the far end has begun on it. */
static int
begin_incoming(struct office *office, struct self *self, uint32_t id,
    struct signal *ret_start)
{
	struct circuit *circuit = circuits_at(office->trunks, id);
	uint32_t place = attempts_begin(
	    office->attempts, circuit->glare.number, circuit_port(id));
	struct annex *annex = NULL;
	int status = -ENOSPC;

	if (place != ATTEMPT_NONE)
		annex = attempts_make_annex(office->attempts, place);
	if (annex != NULL)
		status = ask(office, self, EFFECT_CIRCUIT_YIELDED, id, place);
	if (status != 0) {
		if (place != ATTEMPT_NONE)
			attempts_end(office->attempts, place);
		return status;
	}
	memcpy(annex->calling, circuit->glare.calling, sizeof annex->calling);
	annex->hops = circuit->glare.hops;
	annex->in_trunk = circuit->trunk;
	annex->in_circuit = circuit->number;
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
		status = begin_incoming(office, self, circuit_id(port), &start);
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
	circuit_let_go(office, id, CAUSE_NONE);
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

void
glare_verbs_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_CIRCUIT_YIELDED] =
	    (struct effect_type){ commit_yielded, undo_yielded };
}
