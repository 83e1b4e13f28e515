/*
 * waiting: the second place of a line, as calls/exchange.h promises it.
 *
 * A call to a line that talks may wait there, and the subscriber hears it.  It
 * shares the line with the other call, and nothing else: each has a scheduler
 * and a version of its own, and they speak in signals of the line.
 */
#include "calls/exchange/verbs_internal.h"

/* Whether whom the line talks to has left it, to consult another (CONSULT). */
static bool
is_left_alone(const struct office *office, const struct line *line)
{
	const struct line *peer = lines_at(office->lines, line->peer);
	const struct line_other *other =
	    peer == NULL ? NULL : lines_other(office->lines, line->peer);

	return other != NULL &&
	    (attempts_is_begun_by(
		 office->attempts, peer->attempt, line->attempt) ||
		attempts_is_begun_by(
		    office->attempts, other->attempt, line->attempt));
}

/*
 * Whether the line talks, in a call that is its only one, and ACTIVE: of two
 * parties who can be held, neither a conference nor one in CONSULT (T12).
 */
static bool
talks_in_one(const struct office *office, const struct line *line)
{
	return line->state == LINE_STATE_busy && line->is_offhook &&
	    line->other == LINE_NONE && line->attempt != ATTEMPT_NONE &&
	    attempts_at(office->attempts, line->attempt)->t_answer != 0 &&
	    !attempts_at(office->attempts, line->attempt)->is_three &&
	    !is_left_alone(office, line) &&
	    (line->tone == TONE_speech || line->tone == TONE_hold);
}

static int
look_at_second(const struct office *office, uint32_t id)
{
	const struct line *line = lines_at(office->lines, id);

	if (line == NULL)
		return -EINVAL;
	return talks_in_one(office, line) && !line_is_out(line) ? 0 : -EBUSY;
}

static int
seize_second(struct office *office, struct self *self, uint32_t id)
{
	int status = look_at_second(office, id);

	if (status != 0)
		return status;
	if (lines_promise(office->lines) != 0)
		return -ENOSPC;
	status = lines_take_second(office->lines, id, verb_pid(self));
	if (status != 0) {
		lines_redeem(office->lines);
		return -ENOSPC;
	}
	status = verb_hold(self, office->holding_line, id);
	if (status == 0)
		status = ask(office, self, EFFECT_SECOND, id, 0);
	if (status != 0)
		lines_drop_other(office->lines, id);
	return status;
}

int
line_seize_second(struct self *self, uint32_t line)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	int status;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, look_at_second(office, line),
		"line_seize_second %s", number(office, line, room)))
		return leave_with(office, self, status);
	status = seize_second(office, self, line);
	return leave_with(office, self, status);
}

static void
undo_second(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t b)
{
	struct office *office = office_enter(scheduler);

	(void)b;
	if (other_of(office, pid, line) != NULL)
		lines_drop_other(office->lines, line);
	else if (is_owner(office, pid, line)) /* it has left the other one */
		lines_give_back(office->lines, line);
	office_leave(office);
}

int
line_talk(struct self *self, uint32_t line)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(
		self, &status, 0, "line_talk %s", number(office, line, room)))
		return leave_with(office, self, status);
	if (own_line(office, self, line) != NULL)
		status = ask_to_tell(office, self, EFFECT_TALKS, line, 0);
	return leave_with(office, self, status);
}

static void
commit_talks(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t b)
{
	struct office *office = office_enter(scheduler);

	(void)b;
	lines_redeem(office->lines);
	if (is_owner(office, pid, line) || other_of(office, pid, line) != NULL)
		lines_talk(office->lines, line, pid);
	office_leave(office);
}

int
line_hold(struct self *self, uint32_t line, bool is_held)
{
	struct office *office = enter(self);
	char room[NUMBER_ROOM];
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "line_hold %s %s",
		number(office, line, room), is_held ? "on" : "off"))
		return leave_with(office, self, status);
	if (own_line(office, self, line) != NULL)
		status = ask(office, self, EFFECT_HELD, line, is_held);
	return leave_with(office, self, status);
}

static void
commit_held(struct scheduler *scheduler, struct pid pid, uint32_t line,
    uint64_t is_held)
{
	struct office *office = office_enter(scheduler);

	lines_hold(office->lines, line, pid, is_held != 0);
	office_leave(office);
}

void
waiting_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_SECOND] = (struct effect_type){ commit_done, undo_second };
	types[EFFECT_TALKS] =
	    (struct effect_type){ commit_talks, undo_promise };
	types[EFFECT_HELD] = (struct effect_type){ commit_held, NULL };
}
