/*
 * verbs_gate: the gate, as calls and the operator see it.
 *
 * A line's call gets dial tone while the gate is closed, since nobody knows
 * whom it is for, and is marked (T1), unless it is the machine's time that is
 * short (register.h).  It says so here when its number is whole: an emergency
 * call goes on, another one that is marked is gapped.  It hears its tone like
 * any call that cannot be, but is no call any more: it is counted as gapped
 * only, and leaves no record.
 */
#include "calls/exchange/class.h"
#include "calls/exchange/verbs_internal.h"
#include "switch/behaviour.h"
#include "switch/log.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"

/*--------------------------------------------------------------------
 * The gate of this office
 */

/* What a call that begins now will wait for its process, about. */
static uint64_t
delay_of(const struct office *office)
{
	const struct gate_probe *probe = &office->probe;
	uint64_t waits;

	if (probe->call == 0)
		return 0;
	waits = scheduler_now(office->scheduler) - probe->since;
	return waits > probe->waited ? waits : probe->waited;
}

static void
follow(struct office *office, uint64_t call)
{
	if (office->probe.call != 0)
		return;
	office->probe.call = call;
	office->probe.since = scheduler_now(office->scheduler);
}

void
gate_started(struct office *office, uint64_t call)
{
	struct gate_probe *probe = &office->probe;

	if (probe->call != call)
		return;
	probe->call = 0;
	probe->waited = scheduler_now(office->lines->at) - probe->since;
}

static struct gate_load
load_of(const struct office *office)
{
	return (struct gate_load){
		.now = scheduler_now(office->scheduler),
		.live = office->counts.live,
		.delay_us = delay_of(office),
		.room = office->room == NULL ? UINT64_MAX
					     : office->room(office->room_arg),
	};
}

static void
log_gate(const struct office *office, bool was_open, bool is_open,
    enum gate_reason reason)
{
	struct log *log = scheduler_log(office->scheduler);

	if (was_open == is_open)
		return;
	log_line(log, scheduler_entry(office->scheduler, LEVEL_info),
	    "gate %s%s", is_open ? "open" : "closed ",
	    is_open ? "" : gate_reason_word(reason));
}

/*
 * Of the class that is known when it begins: an emergency is let in at once.
 * Whom it is to matters, and is found out, only where not all are.
 */
uint8_t
gate_ask(struct office *office, enum line_class class, const char *digits)
{
	const struct gate_load load = load_of(office);
	enum gate_reason reason = GATE_REASONS_COUNT;
	bool is_let_in;

	if (digits[0] != '\0' &&
	    (office->is_shut || !gate_is_open(&office->gate, &load)) &&
	    class_of_number(office, digits) == CLASS_emergency)
		class = CLASS_emergency;
	is_let_in = gate_admits(&office->gate, &load, class, &reason);
	if (class != CLASS_emergency && class != CLASS_priority) {
		log_gate(office, !office->is_shut, is_let_in, reason);
		office->is_shut = !is_let_in;
	}
	return is_let_in ? GATE_LETS_IN : (uint8_t)(1 + reason);
}

void
gate_mark(struct office *office, struct attempt *attempt, uint8_t answer)
{
	attempt->gated = answer;
	follow(office, attempt->number);
}

static void
count_gapped(struct office *office, uint8_t answer, uint16_t behaviour)
{
	office->counts.gapped++;
	office->gate.gapped[answer - 1]++;
	if (behaviour != 0)
		measures_add_gapped(office->measures, behaviour);
}

/* T2: the version that would have had it has had a bid. */
void
gate_turn_away(struct office *office, uint8_t answer)
{
	office->counts.attempts++;
	count_gapped(office, answer,
	    behaviour_current(
		scheduler_behaviours(office->scheduler), OFFICE_MODULE));
}

void
office_set_gate(struct office *office, const struct gate_limits *limits)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	gate_set(&office->gate, limits);
	office_leave(office);
}

void
office_set_room(struct office *office, office_room_f *room, void *arg)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office->room = room;
	office->room_arg = arg;
}

void
office_look_at_gate(struct office *office, struct gate_view *ret_view)
{
	struct gate_load load;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	load = load_of(office);
	gate_look(&office->gate, &load, ret_view);
	office_leave(office);
}

/*--------------------------------------------------------------------
 * What a call is told when its number is whole
 */

/* Nothing more of it is wanted than this event. */
static int
admit(struct office *office, struct self *self, uint64_t call,
    enum line_class class)
{
	uint32_t place = own_attempt(office, self, call);
	struct attempt *attempt;
	int status;

	if (place == ATTEMPT_NONE || class > CLASS_test)
		return -EINVAL;
	attempt = attempts_at(office->attempts, place);
	if (attempt->gated == GATE_LETS_IN ||
	    attempt->class == CLASS_emergency || class == CLASS_emergency) {
		status =
		    ask(office, self, EFFECT_ADMITTED, place, attempt->class);
		if (status == 0)
			class_raise(attempt, class); /* for what it asks next */
		return status;
	}
	status = ask(office, self, EFFECT_GAPPED, place, 0);
	return status == 0 ? -EBUSY : status;
}

int
exchange_admit(struct self *self, uint64_t call, enum line_class class)
{
	struct office *office = enter(self);
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "admit %u", (unsigned int)class))
		return leave_with(office, self, status);
	status = admit(office, self, call, class);
	return leave_with(office, self, status);
}

static void
commit_admitted(
    struct scheduler *scheduler, struct pid pid, uint32_t place, uint64_t b)
{
	struct office *office = office_enter(scheduler);
	struct attempt *attempt = attempts_at(office->attempts, place);

	(void)pid, (void)b;
	attempt->is_dialled = true;
	attempt->gated = GATE_LETS_IN; /* it is asked once */
	office_leave(office);
}

static void
undo_admitted(
    struct scheduler *scheduler, struct pid pid, uint32_t place, uint64_t class)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	attempts_at(office->attempts, place)->class = (uint8_t) class;
	office_leave(office);
}

static void
commit_gapped(
    struct scheduler *scheduler, struct pid pid, uint32_t place, uint64_t b)
{
	struct office *office = office_enter(scheduler);
	struct attempt *attempt = attempts_at(office->attempts, place);
	struct process_info info = { .behaviour = 0 };

	(void)b;
	attempt->is_gapped = true;
	office->counts.live--;
	office->counts.turned_away++;
	office->counts.seizures--;
	marks_gapped(office->marks, attempt->mark, scheduler_now(scheduler));
	(void)process_info(scheduler, pid, &info);
	count_gapped(office, attempt->gated, info.behaviour);
	office_leave(office);
}

void
gate_verbs_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_ADMITTED] =
	    (struct effect_type){ commit_admitted, undo_admitted };
	types[EFFECT_GAPPED] = (struct effect_type){ commit_gapped, NULL };
}
