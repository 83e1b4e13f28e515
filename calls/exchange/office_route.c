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

#include "calls/exchange/office_internal.h"
#include "switch/object.h"
#include "switch/scheduler.h"

int
office_add_trunk(struct office *office, const struct trunk_plan *plan)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = trunks_add(office->trunks, plan);
	if (status == 0) {
		status = attempts_reserve(
		    office->attempts, office_attempts_room(office));
		if (status != 0)
			trunks_drop_last(office->trunks);
	}
	office_leave(office);
	return status;
}

int
office_add_route(struct office *office, const struct route_plan *plan)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = routing_add(office->routing, plan);
	office_leave(office);
	return status;
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
office_draft(const struct office *office, struct routing **ret_draft)
{
	struct routing *draft;

	CHECK_OBJ(office, OFFICE_MAGIC);
	if (routing_alloc(&draft) != 0)
		return -ENOMEM;
	if (routing_succeed(draft, office->routing) != 0) {
		routing_free(&draft);
		return -ENOMEM;
	}
	*ret_draft = draft;
	return 0;
}

int
office_draft_route(struct routing *draft, const struct route_plan *plan)
{
	return routing_add(draft, plan);
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
		*draftp = NULL;
		return 0;
	}
	office_enter(office->scheduler);
	office->routing = old;
	office_leave(office);
	return -ENOMEM;
}
