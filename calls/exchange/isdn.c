/*
 * isdn: how a call releases a line with an ISDN terminal (T40, T41, T84, T85).
 *
 * An analog line is given back, and that is all; a terminal is told RELEASE and
 * heard out.  It clears in the same instant, as a far end does that is not
 * silent, and its RELEASE COMPLETE is said here in its place; one that is
 * silent confirms nothing, and its line is out of service at last.  Not here:
 * what else a terminal says, which comes as from any line (office_line.c).
 *
 * Invariant: an effect changes only a line that the call has at that moment.
 */
#include "calls/exchange/verbs_internal.h"

#include "switch/alarm.h"

/* Whether the terminal is one, and would say that it has cleared. */
static bool
is_isdn(const struct line *line)
{
	return line != NULL && line->kind == LINE_ISDN;
}

int
isdn_send(struct self *self, uint32_t id, uint16_t kind, uint8_t cause)
{
	struct office *office = enter(self);
	const struct signal reply = {
		.call = number_of(office, id), .port = id, .cause = CAUSE_NORMAL
	};
	char room[NUMBER_ROOM];
	bool answers;
	int status = 0;

	if (kind != SIGNAL_RELEASE || !is_isdn(lines_at(office->lines, id)))
		return leave_with(office, self, status);
	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "port_send %s release cause %u",
		number(office, id, room), cause))
		return leave_with(office, self, status);
	status = own_line(office, self, id) == NULL
	    ? -EINVAL
	    : ask_to_tell(office, self, EFFECT_ISDN_RELEASED, id, cause);
	answers = status == 0 && line_confirms(lines_at(office->lines, id));
	leave(office, self);
	if (answers)
		status = verbs_say(self, &reply, SIGNAL_RELEASE_COMPLETE);
	return answer_with(self, status);
}

static void
commit_released(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t cause)
{
	struct office *office = office_enter(scheduler);

	lines_redeem(office->lines);
	if (is_owner(office, pid, id) || other_of(office, pid, id) != NULL)
		lines_release(office->lines, id, (uint8_t)cause);
	office_leave(office);
}

int
isdn_withdraw(struct self *self, uint32_t id)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(
		self, &status, 0, "port_withdraw %s", number(office, id, room)))
		return leave_with(office, self, status);
	if (own_line(office, self, id) != NULL)
		status = ask(office, self, EFFECT_ISDN_WITHDRAWN, id, 0);
	return leave_with(office, self, status);
}

static void
commit_withdrawn(
    struct scheduler *scheduler, struct pid pid, uint32_t id, uint64_t b)
{
	struct office *office = office_enter(scheduler);
	struct alarm alarm = { .name = ALARM_LINE_BLOCKED,
		.text = "its terminal does not answer RELEASE",
		.severity = ALARM_minor };

	(void)pid, (void)b;
	lines_set_blocked(office->lines, id, true);
	numbering_text(office->lines->numbering, id, alarm.object);
	alarm_raise(office->lines->at, &alarm);
	office_leave(office);
}

void
isdn_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_ISDN_RELEASED] =
	    (struct effect_type){ commit_released, undo_promise };
	types[EFFECT_ISDN_WITHDRAWN] =
	    (struct effect_type){ commit_withdrawn, NULL };
}
