/*
 * credit: see credit.h for what it is.
 *
 * The credits of an account are a chain; a leg has at most one, found there,
 * since an account has a handful of calls at once.  Time is told by
 * scheduler_at(), on the thread of the call: what falls due for a credit that
 * has gone meanwhile finds another serial in its place.
 *
 * Invariants:
 *   1. reserved_micro of an account is the sum over its credits;
 *   2. a place in use has a serial that no older one had.
 */
#include "calls/exchange/credit.h"

#include <errno.h>

#include "calls/exchange/office_internal.h"
#include "switch/object.h"
#include "switch/process.h"
#include "switch/scheduler.h"

enum {
	AGAIN_US = 1000000,   /* to a call that has not heard it, or cannot */
	WARNING_US = 2000000, /* how long a warning tone lasts */
	FAR_US = 1 << 30      /* what is due later is looked at then */
};

struct credit {
	uint64_t reserved_micro;
	uint64_t paid_until; /* a stamp, or 0: not answered */
	uint32_t leg;	     /* its place */
	uint32_t next;	     /* of its account, or of the free ones */
	uint32_t serial;
	uint16_t account;
	bool is_warned;
	bool has_first; /* set-up and the first interval are reserved */
};

struct credits {
	unsigned int magic;
#define CREDITS_MAGIC 0x5d02a8f1
	uint32_t capacity, span, free, live, serial;
	struct credit *places;
};

int
credits_alloc(struct credits **ret_credits)
{
	struct credits *credits;

	if (ALLOC_OBJ(credits, CREDITS_MAGIC) == NULL)
		return -ENOMEM;
	credits->free = CREDIT_NONE;
	*ret_credits = credits;
	return 0;
}

void
credits_free(struct credits **creditsp)
{
	struct credits *credits = *creditsp;

	if (credits != NULL)
		object_free(credits->places,
		    credits->capacity * sizeof *credits->places);
	FREE_OBJ(creditsp, CREDITS_MAGIC);
}

static uint32_t
take_place(struct credits *credits)
{
	uint32_t place = credits->free;
	struct credit *places;

	CHECK_OBJ(credits, CREDITS_MAGIC);
	if (place != CREDIT_NONE) {
		credits->free = credits->places[place].next;
		return place;
	}
	places = object_grow(
	    credits->places, credits->span, &credits->capacity, sizeof *places);
	if (places == NULL)
		return CREDIT_NONE;
	credits->places = places;
	return credits->span++;
}

/*--------------------------------------------------------------------
 * Whose it is
 */

/* Whether calls reserve what they cost of it. */
static bool
is_prepaid(const struct account *account)
{
	return account != NULL && account->is_prepaid;
}

static struct account *
account_of(const struct office *office, const struct credit *credit)
{
	return accounts_at(office->accounts, credit->account);
}

static struct credit *
find(const struct office *office, uint32_t leg)
{
	const struct account *account =
	    leg_payer(office, legs_at(office->legs, leg));
	uint32_t place;

	if (account == NULL)
		return NULL;
	for (place = account->credits; place != CREDIT_NONE;
	     place = office->credits->places[place].next)
		if (office->credits->places[place].leg == leg)
			return &office->credits->places[place];
	return NULL;
}

static uint64_t
first_of(const struct tariff_view *prices)
{
	return (uint64_t)prices->setup_micro + prices->first_micro;
}

bool
credit_is_enough(const struct office *office, uint32_t payer, uint16_t tariff)
{
	const struct tariff_view prices = tariffs_at(office->tariffs, tariff);
	const struct line *line = lines_at(office->lines, payer);
	const struct account *account =
	    line == NULL ? NULL : accounts_at(office->accounts, line->account);

	return !is_prepaid(account) || prices.tariff == TARIFF_NONE ||
	    account_credit(account) >= (int64_t)first_of(&prices);
}

static bool
reserve(struct office *office, struct credit *credit, uint64_t micro)
{
	struct account *account = account_of(office, credit);

	if (account_credit(account) < (int64_t)micro)
		return false;
	account->reserved_micro += micro;
	credit->reserved_micro += micro;
	return true;
}

/*--------------------------------------------------------------------
 * As time goes by
 */

static void
tell(struct office *office, const struct credit *credit, uint16_t signal)
{
	const struct leg *leg = legs_at(office->legs, credit->leg);
	const struct attempt *attempt =
	    attempts_at(office->attempts, leg->attempt);
	const struct signal body = { .call = attempt->number,
		.port = leg->payer };

	/* Without room for it: it is told again. */
	(void)process_post(
	    office->lines->at, attempt->pid, signal, &body, sizeof body);
}

static void look(void *arg, uint64_t key);
static void end_warning(void *arg, uint64_t key);

static int
call_at(const struct office *office, const struct credit *credit, uint64_t at,
    scheduler_due_f *due)
{
	struct scheduler *scheduler = office->lines->at;
	const uint64_t far = scheduler_now(scheduler) + FAR_US;
	const uint64_t place = (uint64_t)(credit - office->credits->places);

	return scheduler_at(scheduler, at < far ? at : far, due, scheduler,
	    place << 32 | credit->serial);
}

/* That of the key, if it is there still. */
static struct credit *
credit_of(struct office *office, uint64_t key)
{
	struct credit *credit = &office->credits->places[key >> 32];

	return credit->serial == (uint32_t)key ? credit : NULL;
}

static void
warn_if_low(struct office *office, struct credit *credit)
{
	const struct account *account = account_of(office, credit);

	if (credit->is_warned ||
	    account_credit(account) >= (int64_t)account->warn_micro)
		return;
	credit->is_warned = true;
	tell(office, credit, SIGNAL_CREDIT_LOW);
	(void)call_at(
	    office, credit, office_stamp(office) - 1 + WARNING_US, end_warning);
}

static void
end_warning(void *arg, uint64_t key)
{
	struct office *office = office_enter(arg);
	const struct credit *credit = credit_of(office, key);

	if (credit != NULL)
		tell(office, credit, SIGNAL_CREDIT_WARNED);
	office_leave(office);
}

/* The interval that was paid has ended: the next one, or the end. */
static uint64_t
go_on(struct office *office, struct credit *credit)
{
	const struct leg *leg = legs_at(office->legs, credit->leg);
	const struct tariff_view prices = tariffs_at(
	    office->tariffs, leg_band(office, leg->tariff, credit->paid_until));

	if (reserve(office, credit,
		credit->has_first ? prices.next_micro : first_of(&prices))) {
		credit->paid_until += UINT64_C(1000) *
		    (credit->has_first ? prices.next_ms : prices.first_ms);
		credit->has_first = true;
		warn_if_low(office, credit);
		return credit->paid_until - 1;
	}
	tell(office, credit, SIGNAL_CREDIT_GONE);
	return office_stamp(office) - 1 + AGAIN_US;
}

static void
look(void *arg, uint64_t key)
{
	struct office *office = office_enter(arg);
	struct credit *credit = credit_of(office, key);
	uint64_t next;

	if (credit != NULL &&
	    legs_at(office->legs, credit->leg)->t_answer != 0) {
		next = credit->paid_until - 1;
		while (next < office_stamp(office))
			next = go_on(office, credit);
		if (call_at(office, credit, next, look) != 0)
			tell(office, credit, SIGNAL_CREDIT_GONE);
	}
	office_leave(office);
}

/*--------------------------------------------------------------------
 * With a leg
 */

int
credit_open(struct office *office, uint32_t leg)
{
	const struct leg *opened = legs_at(office->legs, leg);
	const struct tariff_view prices =
	    tariffs_at(office->tariffs, leg_tariff(office, opened));
	struct credits *credits = office->credits;
	struct account *account = leg_payer(office, opened);
	uint32_t place;

	if (!is_prepaid(account) || prices.tariff == TARIFF_NONE)
		return 0;
	place = take_place(credits);
	if (place == CREDIT_NONE)
		return -ENOSPC;
	credits->places[place] = (struct credit){
		.leg = leg,
		.next = account->credits,
		.serial = ++credits->serial,
		.account = opened->account,
	};
	account->credits = place;
	credits->live++;
	credits->places[place].has_first =
	    reserve(office, &credits->places[place], first_of(&prices));
	return 0;
}

int
credit_answer(struct office *office, uint32_t leg)
{
	struct credit *credit = find(office, leg);
	const uint64_t now = office_stamp(office);
	const struct tariff_view prices = tariffs_at(
	    office->tariffs, leg_tariff(office, legs_at(office->legs, leg)));
	uint64_t until = now;

	if (credit == NULL)
		return 0;
	credit->serial = ++office->credits->serial;
	account_of(office, credit)->reserved_micro -= credit->reserved_micro;
	credit->reserved_micro = 0; /* it may cost otherwise by now */
	if (prices.tariff == TARIFF_NONE)
		return 0; /* or nothing at all: no interval of it ends */
	credit->has_first = reserve(office, credit, first_of(&prices));
	if (credit->has_first)
		until += UINT64_C(1000) * prices.first_ms;
	if (call_at(office, credit, until - 1, look) != 0)
		return -ENOSPC;
	credit->paid_until = until;
	if (credit->has_first)
		warn_if_low(office, credit);
	return 0;
}

void
credit_move(struct office *office, uint32_t from, uint32_t to)
{
	struct credit *credit = find(office, from);

	if (credit != NULL)
		credit->leg = to;
}

void
credit_close(struct office *office, uint32_t leg)
{
	struct credit *credit = find(office, leg);
	struct credits *credits = office->credits;
	struct account *account;
	uint32_t *link, place;

	if (credit == NULL)
		return;
	account = account_of(office, credit);
	place = (uint32_t)(credit - credits->places);
	for (link = &account->credits; *link != place;)
		link = &credits->places[*link].next;
	*link = credit->next;
	account->reserved_micro -= credit->reserved_micro;
	credit->serial = 0;
	credit->next = credits->free;
	credits->free = place;
	credits->live--;
}
