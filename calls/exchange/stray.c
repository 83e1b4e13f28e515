/*
 * stray: see stray.h for what it is.
 */
#include "calls/exchange/stray.h"

#include <stdio.h>

#include "calls/exchange/call_state.h"
#include "calls/exchange/office.h"
#include "calls/exchange/verbs_internal.h"
#include "switch/behaviour.h"
#include "switch/process.h"

/* The port that a signal names; PORT_NONE of anything else. */
static uint32_t
port_of(const struct message *event)
{
	struct signal signal;

	if (event->kind >= EVENT_PRIVATE || event->length < sizeof signal)
		return PORT_NONE;
	memcpy(&signal, event->body.bytes, sizeof signal);
	return signal.port;
}

static void
fill(struct office *office, struct self *self, const struct message *event,
    struct stray_record *record)
{
	struct scheduler *at = office->lines->at;
	struct behaviours *behaviours = scheduler_behaviours(at);
	struct process_info info;
	char room[NUMBER_ROOM];

	record->at = office_stamp(office) - 1;
	record->pid = verb_pid(self);
	if (port_of(event) != PORT_NONE)
		(void)snprintf(record->number, sizeof record->number, "%.15s",
		    number(office, port_of(event), room));
	if (process_info(at, record->pid, &info) != 0)
		return;
	(void)snprintf(record->version, sizeof record->version, "%s",
	    behaviour_version(behaviours, info.behaviour));
	if (info.state != NULL)
		call_state_word(
		    behaviour_at(behaviours, info.behaviour)->module,
		    info.state, record->state, sizeof record->state);
}

int
exchange_unexpected(struct self *self, const struct message *event)
{
	const struct message copy = *event;
	const struct signal answer = { .port = PORT_NONE,
		.cause = CAUSE_INCOMPATIBLE_STATE };
	struct office *office = enter(self);
	bool is_process =
	    !pid_is_none(copy.from) && !pid_equal(copy.from, verb_pid(self));
	const char *word = signal_word(copy.kind);
	struct stray_record record = { .kind = copy.kind };
	int status;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "unexpected %s 0x%x",
		word == NULL ? "event" : word, copy.kind))
		return leave_with(office, self, status);
	status = ask(office, self, EFFECT_UNEXPECTED,
	    is_process ? PORT_NONE : port_of(&copy), copy.kind);
	fill(office, self, &copy, &record);
	leave(office, self);
	/* There may be no room for it: then it is counted and no more. */
	if (status == 0)
		(void)send_record(
		    self, office, RECORD_STRAY, &record, sizeof record);
	if (status == 0 && is_process)
		status = process_send(
		    self, copy.from, SIGNAL_STATUS, &answer, sizeof answer);
	return answer_with(self, status);
}

static void
note(struct strays *strays, const struct stray_note *stray)
{
	if (strays->count < STRAYS_NOTED)
		strays->note[strays->count++] = *stray;
}

bool
office_stray(struct office *office, enum stray_kind kind, unsigned int i,
    struct stray_note *ret_note)
{
	const struct strays *strays = &office->strays[kind];
	bool is_noted;

	(void)office_enter(office->scheduler);
	is_noted = i < strays->count;
	if (is_noted)
		*ret_note = strays->note[i];
	office_leave(office);
	return is_noted;
}

static void
commit_unexpected(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t kind)
{
	struct office *office = office_enter(scheduler);
	struct process_info info;

	office->counts.unexpected++;
	note(&office->strays[STRAY_UNEXPECTED],
	    &(struct stray_note){
		scheduler_now(scheduler), pid, line, (uint16_t)kind });
	if (process_info(scheduler, pid, &info) == 0)
		measures_add_unexpected(office->measures, info.behaviour);
	if (lines_at(office->lines, line) != NULL &&
	    is_owner(office, pid, line))
		lines_status(office->lines, line, CAUSE_INCOMPATIBLE_STATE);
	office_leave(office);
}

void
stray_answer(struct office *office, uint32_t port, uint16_t kind)
{
	const bool is_late = kind == SIGNAL_ANSWER;

	office->counts.late += is_late;
	office->counts.unexpected += !is_late;
	note(&office->strays[is_late ? STRAY_LATE : STRAY_UNEXPECTED],
	    &(struct stray_note){
		scheduler_now(office->lines->at), PID_NONE, port, kind });
	if (!is_late)
		circuits_log(office->trunks, circuit_id(port), "<- ",
		    signal_word(SIGNAL_STATUS), CAUSE_INCOMPATIBLE_STATE);
}

int
exchange_late(struct self *self, const struct message *event)
{
	struct office *office = enter(self);
	int status;

	if (verb_is_noted(self) && verb_note(self, &status, 0, "late"))
		return leave_with(office, self, status);
	return leave_with(office, self,
	    ask(office, self, EFFECT_LATE, port_of(event), event->kind));
}

static void
commit_late(
    struct scheduler *scheduler, struct pid pid, uint32_t port, uint64_t kind)
{
	struct office *office = office_enter(scheduler);

	office->counts.late++;
	note(&office->strays[STRAY_LATE],
	    &(struct stray_note){
		scheduler_now(scheduler), pid, port, (uint16_t)kind });
	office_leave(office);
}

void
stray_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_UNEXPECTED] =
	    (struct effect_type){ commit_unexpected, NULL };
	types[EFFECT_LATE] = (struct effect_type){ commit_late, NULL };
}
