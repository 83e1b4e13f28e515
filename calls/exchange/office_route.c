/*
 * office_route: trunk groups, routes and ported numbers, as the operator has
 * them.
 *
 * They are added one by one; or a draft of all routes and numbers is made
 * beside those in use, and takes their place at once while calls run.  How
 * digits find their route stands in routing.c.
 *
 * Invariants:
 *   1. who is in the office sees the old tables or the new ones, whole;
 *   2. the old ones go when no scheduler can still be looking into them.
 */
#include "calls/exchange/office_trunk.h"

#include <errno.h>
#include <string.h>

#include "calls/exchange/class.h"
#include "calls/exchange/office_internal.h"
#include "switch/object.h"
#include "switch/scheduler.h"

enum { NUMBERS_DIGITS = 4 /* behind a prefix, if it says nothing else */ };

/* There is room for every call of it, when there is for its circuits. */
static int
make_trunk(struct office *office, const struct trunk_plan *plan,
    int (*make)(struct trunks *trunks, const struct trunk_plan *plan))
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = attempts_reserve(office->attempts,
	    office_attempts_room(office) + trunks_lack(office->trunks, plan));
	if (status == 0)
		status = make(office->trunks, plan);
	office_leave(office);
	return status;
}

int
office_add_trunk(struct office *office, const struct trunk_plan *plan)
{
	return make_trunk(office, plan, trunks_add);
}

int
office_change_trunk(struct office *office, const struct trunk_plan *plan)
{
	return make_trunk(office, plan, trunks_change);
}

void
office_withdraw_trunk(struct office *office, uint32_t trunk)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	trunks_withdraw(office->trunks, trunk);
	office_leave(office);
}

static uint32_t
leaving(const struct trunks *trunks, const struct trunk *trunk)
{
	uint32_t i, count = 0;

	for (i = trunk->count; i < trunk->made; i++)
		count += circuit_is_busy(circuits_at(trunks, trunk->ids[i]));
	return count;
}

void
office_trunk_look(
    struct office *office, uint32_t number, struct trunk_info *ret_info)
{
	struct trunk *trunk;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	trunk = trunks_at(office->trunks, number);
	trunk_count_time(office->trunks, trunk);
	*ret_info = (struct trunk_info){ .circuits = trunk->count,
		.busy = trunk->busy,
		.leaving = leaving(office->trunks, trunk),
		.is_down = trunk->is_down,
		.is_blocked = trunk->is_blocked,
		.bids = trunk->counts.bids,
		.overflow = trunk->counts.overflow,
		.seizures = trunk->counts.seizures,
		.answers = trunk->counts.answers,
		.effective = trunk->counts.effective,
		.bill_ms = trunk->counts.bill_ms,
		.glare = trunk->counts.glare,
		.incoming = trunk->counts.incoming,
		.busy_us = trunk->counts.busy_us,
		.all_busy_us = trunk->counts.all_busy_us,
		.first_bids = trunk->counts.first_bids,
		.passed_us = trunk->counted_at - trunk->began_at,
		.blocking_error = trunk_blocking_error(trunk),
		.sources_count = trunk->sources_count };
	memcpy(ret_info->sources, trunk->sources, sizeof ret_info->sources);
	office_leave(office);
}

/* Of what is known of no number but by the routes that are made. */
static void
note_numbers(struct trunk_numbers *numbers, const struct route_plan *plan)
{
	if (numbers->prefix[0] != '\0')
		return;
	strncpy(numbers->prefix, plan->prefix, DIGITS_MAX);
	numbers->shortest = (uint8_t)plan->min;
	numbers->longest = (uint8_t)plan->max;
}

int
office_add_route(struct office *office, const struct route_plan *plan)
{
	struct trunk *trunk = trunks_at(office->trunks, plan->targets[0]);
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = routing_add(office->routing, plan);
	if (status == 0 && trunk != NULL)
		note_numbers(&trunk->numbers, plan);
	office_leave(office);
	return status;
}

/* Whether they lead there, and there first. */
static bool
leads_to(const struct office *office, const char *digits, uint32_t trunk)
{
	const uint32_t id = class_translate(office, digits).route;
	const struct route *route = routing_at(office->routing, id);

	return id != ROUTE_NONE && route != NULL &&
	    routing_target(office->routing, route, 0)->trunk == trunk;
}

bool
office_leads_to(struct office *office, const char *digits, uint32_t trunk)
{
	bool leads;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	leads = leads_to(office, digits, trunk);
	office_leave(office);
	return leads;
}

bool
office_numbers_to(
    struct office *office, uint32_t trunk, char *first, char *last)
{
	const struct trunk_numbers *found =
	    &trunks_at(office->trunks, trunk)->numbers;
	size_t length = strlen(found->prefix), whole = length + NUMBERS_DIGITS;

	CHECK_OBJ(office, OFFICE_MAGIC);
	if (length == 0)
		return false;
	if (whole < found->shortest)
		whole = found->shortest;
	if (found->longest != 0 && whole > found->longest)
		whole = found->longest;
	if (whole > DIGITS_MAX)
		whole = DIGITS_MAX;
	memset(first, '0', whole);
	memset(last, '9', whole);
	memcpy(first, found->prefix, length);
	memcpy(last, found->prefix, length);
	first[whole] = last[whole] = '\0';
	return office_leads_to(office, first, trunk) &&
	    office_leads_to(office, last, trunk);
}

int
office_port(struct office *office, const char *number, const char *digits)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = routing_port(office->routing, number, digits);
	office_leave(office);
	return status;
}

/*--------------------------------------------------------------------
 * New tables while calls run
 */

int
office_draft(struct office *office, struct routing **ret_draft)
{
	struct routing *draft;
	uint32_t i;

	CHECK_OBJ(office, OFFICE_MAGIC);
	if (routing_alloc(&draft) != 0)
		return -ENOMEM;
	if (routing_succeed(draft, office->routing) != 0) {
		routing_free(&draft);
		return -ENOMEM;
	}
	for (i = 0; i < office->trunks->trunks_count; i++)
		trunks_at(office->trunks, i)->drafted =
		    (struct trunk_numbers){ .shortest = 0 };
	*ret_draft = draft;
	return 0;
}

int
office_draft_route(
    struct office *office, struct routing *draft, const struct route_plan *plan)
{
	struct trunk *trunk = trunks_at(office->trunks, plan->targets[0]);
	int status = routing_add(draft, plan);

	if (status == 0 && trunk != NULL)
		note_numbers(&trunk->drafted, plan);
	return status;
}

int
office_draft_port(struct routing *draft, const char *number, const char *digits)
{
	return routing_port(draft, number, digits);
}

void
office_draft_free(struct routing **draftp)
{
	routing_free(draftp);
}

static void
free_routing(void *arg)
{
	struct routing *routing = arg;

	routing_free(&routing);
}

/* The numbers of each group are those that lead there now. */
static void
renew_numbers(struct office *office)
{
	struct trunk *trunk;
	uint32_t i;

	for (i = 0; i < office->trunks->trunks_count; i++) {
		trunk = trunks_at(office->trunks, i);
		trunk->numbers = trunk->drafted;
	}
}

int
office_reload(struct office *office, struct routing **draftp)
{
	struct routing *old;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	old = office->routing;
	routing_settle(*draftp);
	office->routing = *draftp;
	office_leave(office);
	if (scheduler_retire(office->scheduler, free_routing, old) == 0) {
		office_enter(office->scheduler);
		renew_numbers(office);
		office_leave(office);
		*draftp = NULL;
		return 0;
	}
	office_enter(office->scheduler);
	office->routing = old;
	office_leave(office);
	return -ENOMEM;
}
