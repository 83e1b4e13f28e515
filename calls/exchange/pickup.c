/*
 * pickup: a line answers a call that rings at another, as calls/exchange.h
 * promises it.
 *
 *   the call of the line    claims the ringing one, and hands the line to it
 *   the ringing call        hears PICKUP and admits the line, or turns it away
 *
 * In between the line is nobody's, but is kept for the call that it was handed
 * to, as a line is for a call that has yet to be born; if that call ends first,
 * the line is given back with it.  The two may be on different schedulers.
 *
 * Invariants:
 *   1. the claimant of an attempt is one line, from the claim on until it is
 *      admitted or given back: two who want one call do not both get it;
 *   2. a line that is handed has room among the notices, as it had before.
 */
#include "calls/exchange/verbs_internal.h"
#include "switch/process.h"

/*--------------------------------------------------------------------
 * Who picks up
 */

static uint16_t
group_of(const struct office *office, uint32_t line)
{
	return services_at(office->services, line, SERVICE_group).group;
}

/* The line that picks up the call of that place, or LINE_NONE. */
static uint32_t
claimant_of(const struct office *office, uint32_t place)
{
	return attempts_annex(office->attempts, place)->claimant;
}

/* It needs no memory then: who has one has an annex. */
static void
forget_claimant(const struct office *office, uint32_t place)
{
	if (claimant_of(office, place) != LINE_NONE)
		attempts_make_annex(office->attempts, place)->claimant =
		    LINE_NONE;
}

/* Of a call that was answered: whether a transfer waits for another answer. */
static bool
asks_another(const struct office *office, const struct attempt *attempt)
{
	uint32_t place = legs_first_open(office->legs, &attempt->legs);
	const struct leg *leg;

	for (; place != LEG_NONE; place = leg->next) {
		leg = legs_at(office->legs, place);
		if (!leg->is_closed && leg->t_answer == 0)
			return true;
	}
	return false;
}

/* Whether that call is in ALERT at that line, be it to ring it again. */
static bool
rings_at(const struct office *office, uint32_t place, uint32_t id)
{
	const struct line *line = lines_at(office->lines, id);
	const struct attempt *attempt;

	if (line == NULL || line->state != LINE_STATE_ringing ||
	    line->attempt != place)
		return false;
	attempt = attempts_at(office->attempts, place);
	return attempt->t_answer == 0 || !asks_another(office, attempt);
}

/* The place of the call that rings there, if it may be claimed. */
static uint32_t
call_ringing_at(const struct office *office, uint32_t id)
{
	const struct line *line = lines_at(office->lines, id);

	return line != NULL && rings_at(office, line->attempt, id) &&
		claimant_of(office, line->attempt) == LINE_NONE
	    ? line->attempt
	    : ATTEMPT_NONE;
}

/* The one of that group that rings longest; who is met and rings no more goes.
 */
static uint32_t
longest_ringing(struct office *office, uint16_t group)
{
	uint32_t place = ringing_first(office, group), next, line;

	for (; place != ATTEMPT_NONE; place = next) {
		next = ringing_behind(office, place);
		line = attempts_annex(office->attempts, place)->rings_at;
		if (call_ringing_at(office, line) == place)
			return place;
		if (!rings_at(office, place, line))
			ringing_remove(office, place);
	}
	return ATTEMPT_NONE;
}

/* The call to be picked up. */
static uint32_t
find_ringing(struct office *office, uint32_t line, const char *number)
{
	const uint16_t group =
	    lines_at(office->lines, line) == NULL ? 0 : group_of(office, line);
	uint32_t member;

	if (group == 0 || !lines_at(office->lines, line)->is_offhook)
		return ATTEMPT_NONE;
	if (number[0] == '\0')
		return longest_ringing(office, group);
	member = numbering_find(office->lines->numbering, number);
	return lines_at(office->lines, member) != NULL &&
		group_of(office, member) == group
	    ? call_ringing_at(office, member)
	    : ATTEMPT_NONE;
}

/*
 * Claims it, hands the line over, which the running call holds no more, and
 * says what is to be told: after that, for it may be heard at once elsewhere.
 */
static int
claim(struct office *office, struct self *self, uint32_t line,
    const char *number, struct signal *ret_signal, struct pid *ret_pid)
{
	uint32_t place = own_line(office, self, line) == NULL
	    ? ATTEMPT_NONE
	    : find_ringing(office, line, number);
	const struct attempt *attempt;
	struct annex *annex;
	int status;

	if (place == ATTEMPT_NONE)
		return -ENOENT;
	annex = attempts_make_annex(office->attempts, place);
	if (annex == NULL)
		return -ENOSPC;
	status = ask(office, self, EFFECT_HANDED, line, place);
	if (status == 0)
		status = verb_let_go(self, office->holding_line, line);
	if (status != 0)
		return status;
	attempt = attempts_at(office->attempts, place);
	annex->claimant = line;
	*ret_signal = (struct signal){ .call = attempt->number, .port = line };
	*ret_pid = attempt->pid;
	return 0;
}

int
exchange_pick_up(struct self *self, uint32_t line, const char *number)
{
	char digits[DIGITS_MAX + 1] = "";
	struct office *office;
	struct signal signal;
	struct pid to = PID_NONE;
	int status;

	memcpy(digits, number, strnlen(number, DIGITS_MAX));
	office = enter(self);
	status =
	    find_ringing(office, line, digits) == ATTEMPT_NONE ? -ENOENT : 0;
	if (verb_is_noted(self) &&
	    verb_note(self, &status, status, "pick_up '%s'", digits))
		return leave_with(office, self, status);
	status = claim(office, self, line, digits, &signal, &to);
	leave(office, self);
	if (status == 0)
		status = process_send(
		    self, to, SIGNAL_PICKUP, &signal, sizeof signal);
	return answer_with(self, status);
}

/* The call may have ended meanwhile: then its place is free, or another's. */
static void
commit_handed(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t place)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	if (claimant_of(office, (uint32_t)place) == line)
		lines_hand(office->lines, line, (uint32_t)place);
	else
		lines_give_back(office->lines, line);
	office_leave(office);
}

static void
undo_handed(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t place)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	if (claimant_of(office, (uint32_t)place) == line)
		forget_claimant(office, (uint32_t)place);
	office_leave(office);
}

/*--------------------------------------------------------------------
 * Who is picked up
 */

/* The place of that call, if it is the running one's. */
static uint32_t
own_place(struct office *office, struct self *self, uint64_t call)
{
	uint32_t place = attempts_find(office->attempts, call);

	return place != ATTEMPT_NONE &&
		pid_equal(
		    attempts_at(office->attempts, place)->pid, verb_pid(self))
	    ? place
	    : ATTEMPT_NONE;
}

/* The line that was handed to the call of that place, and waits. */
static uint32_t
handed_line(const struct office *office, uint32_t place)
{
	uint32_t id =
	    place == ATTEMPT_NONE ? LINE_NONE : claimant_of(office, place);
	const struct line *line = lines_at(office->lines, id);

	return line != NULL && line->attempt == place &&
		pid_is_none(line->owner)
	    ? id
	    : LINE_NONE;
}

uint32_t
exchange_claimant(struct self *self, uint64_t call)
{
	struct office *office = enter(self);
	uint32_t line;

	if (!verb_is_noted(self) ||
	    !verb_ask(self, &line, sizeof line, "claimant"))
		line = handed_line(office, own_place(office, self, call));
	leave(office, self);
	if (verb_is_noted(self))
		verb_answer(self, &line, sizeof line);
	return line;
}

/* As a seizure: at once, so that what follows in the event is about it. */
static int
join_claimant(struct office *office, struct self *self, uint32_t place)
{
	uint32_t line = handed_line(office, place);
	int status = line == LINE_NONE
	    ? -EINVAL
	    : verb_hold(self, office->holding_line, line);

	if (status == 0)
		status = ask(office, self, EFFECT_CLAIMED, line, place);
	if (status == 0)
		lines_take(office->lines, line, verb_pid(self));
	return status;
}

int
exchange_join_claimant(struct self *self, uint64_t call)
{
	struct office *office = enter(self);
	uint32_t place = own_place(office, self, call);
	uint32_t line = handed_line(office, place);
	int status = 0;

	if (verb_is_noted(self) && verb_note(self, &status, 0, "join_claimant"))
		return leave_with(office, self, status);
	status = join_claimant(office, self, place);
	leave(office, self);
	if (status == 0)
		status = leg_pick_up(self, call, line);
	return answer_with(self, status);
}

static void
commit_claimed(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t place)
{
	struct office *office = office_enter(scheduler);
	struct attempt *attempt =
	    attempts_at(office->attempts, (uint32_t)place);

	(void)pid;
	forget_claimant(office, (uint32_t)place);
	if (attempt->t_answer == 0)
		attempt->port_b = line;
	office_leave(office);
}

static void
undo_claimed(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t place)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	lines_hand(office->lines, line, (uint32_t)place);
	office_leave(office);
}

int
exchange_refuse_claimant(struct self *self, uint64_t call)
{
	struct office *office = enter(self);
	uint32_t place = own_place(office, self, call);
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "refuse_claimant"))
		return leave_with(office, self, status);
	if (handed_line(office, place) != LINE_NONE)
		status = ask(office, self, EFFECT_REFUSED, place, 0);
	return leave_with(office, self, status);
}

void
pickup_end(struct office *office, uint32_t place)
{
	uint32_t line = handed_line(office, place);

	forget_claimant(office, place);
	if (line != LINE_NONE)
		lines_give_back(office->lines, line);
}

static void
commit_refused(
    struct scheduler *scheduler, struct pid pid, uint32_t place, uint64_t b)
{
	struct office *office = office_enter(scheduler);

	(void)pid, (void)b;
	pickup_end(office, place);
	office_leave(office);
}

void
pickup_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_HANDED] =
	    (struct effect_type){ commit_handed, undo_handed };
	types[EFFECT_CLAIMED] =
	    (struct effect_type){ commit_claimed, undo_claimed };
	types[EFFECT_REFUSED] = (struct effect_type){ commit_refused, NULL };
}
