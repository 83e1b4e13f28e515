/*
 * leg_verbs: what calls ask of the exchange about their legs.
 *
 * Each acts at once, so that the next verb of the same event meets what it has
 * done, and leaves an effect that undoes it.  A leg that is closed keeps its
 * place till the event has come to its end; its record is in the outbox, and
 * the account of its call has its charge already, for the record of the call
 * may be made in the same event.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "calls/exchange/verbs_internal.h"
#include "switch/scheduler.h"

/* The account of a leg's call. */
static struct leg_account *
account_of(const struct office *office, const struct leg *leg)
{
	return &attempts_at(office->attempts, leg->attempt)->legs;
}

static uint64_t
week_at(const struct office *office, uint64_t stamp)
{
	return (office->week_us + stamp - 1) % BAND_WEEK_US;
}

uint16_t
leg_band(const struct office *office, uint16_t tariff, uint64_t stamp)
{
	return tariffs_band(office->tariffs, tariff, week_at(office, stamp));
}

/* What calls to that port cost now; `tariff` if it does not say it. */
static uint16_t
tariff_to(const struct office *office, uint32_t port, uint16_t tariff)
{
	const struct line *line = lines_at(office->lines, port);
	const struct circuit *circuit = circuit_of_port(office->trunks, port);

	if (circuit != NULL)
		tariff = circuit->tariff;
	else if (line != NULL)
		tariff = line->tariff;
	tariff = tariffs_current(office->tariffs, tariff);
	return leg_band(office, tariff, office_stamp(office));
}

uint16_t
leg_tariff(const struct office *office, const struct leg *leg)
{
	if (leg_is_emergency(office, leg))
		return TARIFF_NONE; /* free, whoever answers it */
	return leg->t_answer != 0 ? leg->tariff
				  : tariff_to(office, leg->port, leg->tariff);
}

/* The leg of that number of the running call, or LEG_NONE. */
static uint32_t
own_leg(struct office *office, struct self *self, uint64_t call,
    unsigned int number)
{
	uint32_t place = own_attempt(office, self, call);

	if (place == ATTEMPT_NONE)
		return LEG_NONE;
	return legs_find(
	    office->legs, &attempts_at(office->attempts, place)->legs, number);
}

void
leg_set_payer(const struct office *office, struct leg *leg, uint32_t payer)
{
	const struct line *line = lines_at(office->lines, payer);

	leg->payer = payer;
	leg->account = line == NULL ? ACCOUNT_NONE : line->account;
}

struct account *
leg_payer(const struct office *office, const struct leg *leg)
{
	return accounts_at(office->accounts, leg->account);
}

/*--------------------------------------------------------------------
 * Opening
 */

static void
drop(struct office *office, uint32_t place)
{
	credit_close(office, place);
	legs_drop(office->legs,
	    account_of(office, legs_at(office->legs, place)), place);
}

/* What an undone leg puts back: who had redirected the call before it. */
static uint64_t
redirection_of(const struct annex *annex)
{
	return (uint64_t)annex->redirect_reason << 40 |
	    (uint64_t)annex->redirect_count << 32 | annex->redirecting;
}

/* The number of a new one of the attempt, its place in *ret_place. */
int
leg_add(struct office *office, struct self *self, uint32_t attempt,
    uint32_t *ret_place)
{
	struct leg_account *account =
	    &attempts_at(office->attempts, attempt)->legs;
	uint32_t place = legs_open(office->legs, account, attempt);

	if (place == LEG_NONE)
		return -ENOSPC;
	if (ask(office, self, EFFECT_LEG_OPENED, place,
		redirection_of(attempts_annex(office->attempts, attempt))) !=
	    0) {
		drop(office, place);
		account->count--;
		return -ENOSPC;
	}
	*ret_place = place;
	return account->count;
}

/* Who has forwarded the call to this leg. */
static int
note_redirection(struct office *office, const struct leg *leg)
{
	struct annex *annex;

	if (leg->kind != LEG_forward)
		return 0;
	annex = attempts_make_annex(office->attempts, leg->attempt);
	if (annex == NULL)
		return -ENOSPC;
	annex->redirecting = leg->payer;
	annex->redirect_reason = leg->reason;
	annex->redirect_count++;
	return 0;
}

static void
fill(struct office *office, struct leg *leg, const struct leg_opening *opening)
{
	leg->t_begin = office_stamp(office);
	leg_set_payer(office, leg, opening->payer);
	leg->port = opening->port;
	leg->tariff = opening->tariff;
	leg->kind = opening->kind == LEG_dialled ? leg_first_kind(office, leg)
						 : opening->kind;
	leg->reason = opening->reason;
	memcpy(leg->called, opening->called, sizeof leg->called);
	leg->called[DIGITS_MAX] = '\0';
	if (leg->kind == LEG_transfer)
		attempts_at(office->attempts, leg->attempt)->services |= 1U
		    << SERVED_transfer;
}

static const char *
kind_word(uint8_t kind)
{
	return kind < LEG_KINDS_COUNT ? leg_kind_word(kind) : "?";
}

int
leg_open(struct self *self, const struct leg_opening *opening)
{
	const struct leg_opening copy = *opening;
	struct office *office = enter(self);
	uint32_t attempt = own_attempt(office, self, copy.call);
	char payer[NUMBER_ROOM];
	uint32_t place;
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status,
		attempt == ATTEMPT_NONE
		    ? -EINVAL
		    : attempts_at(office->attempts, attempt)->legs.count + 1,
		"leg_open %s '%.15s' by %s reason %u", kind_word(copy.kind),
		copy.called, number(office, copy.payer, payer), copy.reason))
		return leave_with(office, self, status);
	if (attempt != ATTEMPT_NONE && copy.kind < LEG_KINDS_COUNT &&
	    copy.reason < REDIRECT_REASONS_COUNT)
		status = leg_add(office, self, attempt, &place);
	if (status > 0)
		fill(office, legs_at(office->legs, place), &copy);
	if (status > 0 &&
	    (note_redirection(office, legs_at(office->legs, place)) != 0 ||
		credit_open(office, place) != 0))
		status = -ENOSPC;
	return leave_with(office, self, status);
}

/* Without an annex nobody has forwarded it at all. */
static void
put_back_redirection(
    struct office *office, uint32_t attempt, uint64_t redirection)
{
	struct annex *annex;

	if (attempts_at(office->attempts, attempt)->annex == ANNEX_NONE)
		return;
	annex = attempts_make_annex(office->attempts, attempt);
	annex->redirecting = (uint32_t)redirection;
	annex->redirect_count = (uint8_t)(redirection >> 32);
	annex->redirect_reason = (uint8_t)(redirection >> 40);
}

static void
undo_opened(struct scheduler *scheduler, struct pid pid, uint32_t place,
    uint64_t redirection)
{
	struct office *office = office_enter(scheduler);
	const uint32_t attempt = legs_at(office->legs, place)->attempt;

	(void)pid;
	drop(office, place);
	attempts_at(office->attempts, attempt)->legs.count--;
	put_back_redirection(office, attempt, redirection);
	office_leave(office);
}

/* What credit_is_enough() says of a leg that is like this one. */
static int
afford(
    struct office *office, struct self *self, const struct leg_opening *opening)
{
	const uint16_t tariff =
	    tariff_to(office, opening->port, opening->tariff);
	const uint32_t place = own_attempt(office, self, opening->call);

	if (place != ATTEMPT_NONE &&
	    attempts_at(office->attempts, place)->class == CLASS_emergency)
		return 0;
	return credit_is_enough(office, opening->payer, tariff) ? 0 : -EDQUOT;
}

int
leg_afford(struct self *self, const struct leg_opening *opening)
{
	const struct leg_opening copy = *opening;
	struct office *office = enter(self);
	char payer[NUMBER_ROOM];
	int status;

	if (!verb_is_noted(self) ||
	    !verb_ask(self, &status, sizeof status, "leg_afford '%.15s' by %s",
		copy.called, number(office, copy.payer, payer)))
		status = afford(office, self, &copy);
	return leave_with(office, self, status);
}

/*--------------------------------------------------------------------
 * The answer
 */

static int
answer_all(
    struct office *office, struct self *self, uint32_t place, uint8_t rule)
{
	struct leg *leg;

	for (; place != LEG_NONE; place = leg->next) {
		leg = legs_at(office->legs, place);
		if (leg->t_answer != 0 || leg->is_closed)
			continue;
		if (ask(office, self, EFFECT_LEG_ANSWERED, place, 0) != 0)
			return -ENOSPC;
		leg->tariff = leg_tariff(office, leg);
		leg->t_answer = office_stamp(office);
		leg->rule = rule;
		if (credit_answer(office, place) != 0)
			return -ENOSPC;
	}
	return 0;
}

int
leg_answer(struct self *self, uint64_t call, uint8_t rule)
{
	struct office *office = enter(self);
	uint32_t attempt = own_attempt(office, self, call);
	int status = -EINVAL;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "leg_answer rule %u", rule))
		return leave_with(office, self, status);
	if (attempt != ATTEMPT_NONE)
		status = answer_all(office, self,
		    attempts_at(office->attempts, attempt)->legs.first, rule);
	return leave_with(office, self, status);
}

static void
undo_answered(
    struct scheduler *scheduler, struct pid pid, uint32_t place, uint64_t b)
{
	struct office *office = office_enter(scheduler);

	(void)pid, (void)b;
	legs_at(office->legs, place)->t_answer = 0;
	office_leave(office);
}

/*--------------------------------------------------------------------
 * Looking
 */

static struct leg_view
view_of(struct office *office, struct self *self, uint64_t call,
    unsigned int number)
{
	struct leg_view view = { .payer = PORT_NONE, .far = PORT_NONE };
	uint32_t attempt = own_attempt(office, self, call), place;
	const struct leg_account *account;
	const struct leg *leg;

	if (attempt == ATTEMPT_NONE)
		return view;
	account = &attempts_at(office->attempts, attempt)->legs;
	view.count = account->count;
	place = legs_find(office->legs, account, number);
	if (place == LEG_NONE)
		return view;
	leg = legs_at(office->legs, place);
	view.prices = tariffs_at(office->tariffs, leg_tariff(office, leg));
	view.t_answer = leg->t_answer;
	view.payer = leg->payer;
	view.far = legs_far(office->legs, place);
	view.is_open = true;
	view.kind = leg->kind;
	view.rule = leg->rule;
	view.reason = leg->reason;
	view.changes = tariffs_holds_for(office->tariffs, leg->tariff,
			   week_at(office, office_stamp(office))) != 0;
	return view;
}

struct leg_view
leg_look(struct self *self, uint64_t call, unsigned int number)
{
	struct office *office = enter(self);
	struct leg_view view;

	if (!verb_is_noted(self) ||
	    !verb_ask(self, &view, sizeof view, "leg_look %u", number))
		view = view_of(office, self, call, number);
	leave(office, self);
	if (verb_is_noted(self))
		verb_answer(self, &view, sizeof view);
	return view;
}

static struct leg_price
price_of(struct office *office, const struct leg *leg, uint64_t at)
{
	const uint64_t week_us = week_at(office, at);
	const uint16_t band =
	    tariffs_band(office->tariffs, leg->tariff, week_us);
	const uint64_t holds_for =
	    tariffs_holds_for(office->tariffs, band, week_us);

	return (struct leg_price){
		.prices = tariffs_at(office->tariffs, band),
		.until = holds_for == 0 ? 0 : at + holds_for,
	};
}

struct leg_price
leg_price(struct self *self, uint64_t call, unsigned int number, uint64_t at)
{
	struct office *office = enter(self);
	uint32_t place = own_leg(office, self, call, number);
	struct leg_price price = { .prices = { .tariff = TARIFF_NONE } };

	if ((!verb_is_noted(self) ||
		!verb_ask(self, &price, sizeof price,
		    "leg_price %u at %" PRIu64, number, at)) &&
	    place != LEG_NONE)
		price = price_of(office, legs_at(office->legs, place), at);
	leave(office, self);
	if (verb_is_noted(self))
		verb_answer(self, &price, sizeof price);
	return price;
}

/*--------------------------------------------------------------------
 * The end
 */

/* Whether it is the caller who pays for it. */
static bool
is_callers(const struct office *office, const struct leg *leg)
{
	return leg->payer ==
	    attempts_at(office->attempts, leg->attempt)->port_a;
}

int
leg_mark_closed(struct office *office, struct self *self, uint32_t place,
    uint64_t charge_micro, uint32_t pulses)
{
	struct leg *leg = legs_at(office->legs, place);
	struct leg_account *account = account_of(office, leg);
	struct annex *annex =
	    attempts_make_annex(office->attempts, leg->attempt);

	if (annex == NULL ||
	    ask(office, self, EFFECT_LEG_CLOSED, place, charge_micro) != 0)
		return -ENOSPC;
	leg->is_closed = true;
	leg->pulses = pulses;
	if (account->tariff == TARIFF_NONE && is_callers(office, leg))
		account->tariff = leg->tariff;
	if (is_callers(office, leg))
		annex->account = leg->account;
	annex->charge_micro += charge_micro;
	annex->pulses += pulses;
	return 0;
}

static struct leg_record
record_of(const struct office *office, uint32_t place,
    const struct leg_closing *closing)
{
	const struct leg *leg = legs_at(office->legs, place);
	struct leg_record record = leg_record_of(office, leg);

	record.t_end = closing->t_end;
	record.charge_micro = closing->charge_micro;
	record.pulses = closing->pulses;
	record.timer = leg_timer_at(office, leg->port, closing->timer);
	record.cause =
	    cdr_is_rejection(office,
		attempts_at(office->attempts, leg->attempt), closing->t_end)
	    ? CAUSE_TEMPORARY_FAILURE
	    : closing->cause;
	return record;
}

static int
close_one(struct self *self, const struct leg_closing *closing)
{
	struct office *office = enter(self);
	uint32_t place = own_leg(office, self, closing->call, closing->number);
	struct leg_record record;
	int status = -EINVAL;

	if (place != LEG_NONE) {
		record = record_of(office, place, closing);
		status = leg_mark_closed(office, self, place,
		    closing->charge_micro, closing->pulses);
	}
	leave(office, self);
	if (status != 0)
		return status;
	return send_record(self, office, RECORD_LEG, &record, sizeof record);
}

int
leg_close(struct self *self, const struct leg_closing *closing)
{
	const struct leg_closing copy = *closing;
	struct office *office = enter(self);
	int status;

	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0,
		"leg_close %u cause %u end %" PRIu64 " charge %" PRIu64
		" pulses %u timer %u",
		copy.number, copy.cause, copy.t_end, copy.charge_micro,
		copy.pulses, copy.timer))
		return leave_with(office, self, status);
	leave(office, self);
	return answer_with(self, close_one(self, &copy));
}

static void
commit_closed(struct scheduler *scheduler, struct pid pid, uint32_t place,
    uint64_t charge_micro)
{
	struct office *office = office_enter(scheduler);
	struct account *account =
	    leg_payer(office, legs_at(office->legs, place));

	(void)pid;
	if (account != NULL)
		account->charged_micro += charge_micro;
	leg_note_ports(office, legs_at(office->legs, place));
	drop(office, place);
	office->counts.legs++;
	office_leave(office);
}

static void
undo_closed(struct scheduler *scheduler, struct pid pid, uint32_t place,
    uint64_t charge_micro)
{
	struct office *office = office_enter(scheduler);
	struct leg *leg = legs_at(office->legs, place);
	struct leg_account *account = account_of(office, leg);
	struct annex *annex = /* there is one, since it was closed */
	    attempts_make_annex(office->attempts, leg->attempt);

	(void)pid;
	leg->is_closed = false;
	if (account->tariff == leg->tariff && is_callers(office, leg))
		account->tariff = TARIFF_NONE; /* till it is closed again */
	annex->charge_micro -= charge_micro;
	annex->pulses -= leg->pulses;
	office_leave(office);
}

/* The number of one that is open, at or behind this one; 0: none is. */
static unsigned int
next_open(struct office *office, uint32_t attempt, unsigned int from)
{
	const struct leg_account *account =
	    &attempts_at(office->attempts, attempt)->legs;

	for (; from <= account->count; from++)
		if (legs_find(office->legs, account, from) != LEG_NONE)
			return from;
	return 0;
}

static int
open_only_one(struct office *office, struct self *self, uint32_t place,
    const struct call_record *record)
{
	uint32_t leg;
	int status;

	if (attempts_at(office->attempts, place)->legs.count != 0)
		return 0;
	status = leg_add(office, self, place, &leg);
	if (status > 0)
		leg_fill_only_one(office, legs_at(office->legs, leg), record);
	return status < 0 ? status : 0;
}

int
leg_close_all(struct self *self, const struct call_record *record)
{
	struct leg_closing closing = { .call = record->call,
		.t_end = record->t_release,
		.cause = record->cause };
	struct office *office = enter(self);
	uint32_t attempt = own_attempt(office, self, record->call);
	unsigned int number = 0;
	int status = -EINVAL;

	if (attempt != ATTEMPT_NONE)
		status = open_only_one(office, self, attempt, record);
	do {
		if (status == 0)
			number = next_open(office, attempt, number + 1);
		leave(office, self);
		if (status != 0 || number == 0)
			return status;
		closing.number = (uint8_t)number;
		status = close_one(self, &closing);
		office = enter(self);
	} while (true);
}

static void
undo_moved(
    struct scheduler *scheduler, struct pid pid, uint32_t from, uint64_t to)
{
	struct office *office = office_enter(scheduler);

	(void)pid;
	credit_move(office, (uint32_t)to, from);
	office_leave(office);
}

void
leg_verbs_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_LEG_OPENED] =
	    (struct effect_type){ commit_done, undo_opened };
	types[EFFECT_LEG_ANSWERED] =
	    (struct effect_type){ commit_done, undo_answered };
	types[EFFECT_LEG_MOVED] =
	    (struct effect_type){ commit_done, undo_moved };
	types[EFFECT_LEG_CLOSED] =
	    (struct effect_type){ commit_closed, undo_closed };
}
