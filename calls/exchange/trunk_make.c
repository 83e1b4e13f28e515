/*
 * trunk_make: how trunk groups come, become other ones, and go, while others
 * carry calls.
 *
 * A group that shrinks, or goes, keeps its place and its circuits: nobody gets
 * those that it has no more, and the calls on them go on to their ends.  When
 * it grows, or comes back, they are its circuits again.
 *
 * Invariants, of every group:
 *   1. of the `made` circuits that it ever had the first `count` are its own,
 *      the others are withdrawn; a group of none is withdrawn itself;
 *   2. there is one of each name.
 */
#include "calls/exchange/trunk.h"

#include <errno.h>
#include <string.h>

#include "calls/exchange/line.h"
#include "switch/object.h"
#include "switch/scheduler.h"

/* Those that the group has not got yet, withdrawn so far; there is room. */
static void
make_circuits(struct trunks *trunks, struct trunk *trunk, uint32_t circuits)
{
	uint32_t id;

	while (trunk->made < circuits) {
		id = trunks->circuits_count++;
		trunk->ids[trunk->made++] = id;
		trunks->circuits[id] =
		    (struct circuit){ .attempt = ATTEMPT_NONE,
			    .keeper = ATTEMPT_NONE,
			    .peer = PORT_NONE,
			    .route = ROUTE_NONE,
			    .tariff = TARIFF_NONE,
			    .trunk = (uint16_t)(trunk - trunks->trunks),
			    .number = (uint16_t)trunk->made,
			    .is_withdrawn = true };
		if (trunk->is_blocked)
			circuits_set_blocked(trunks, id, true);
		if (trunk->is_down)
			circuits_set_down(trunks, id, true);
	}
}

/* So many of those that it has made are its own. */
static void
set_count(struct trunks *trunks, struct trunk *trunk, uint32_t circuits)
{
	uint32_t i;

	trunk_count_time(trunks, trunk);
	trunk->count = circuits;
	for (i = 0; i < trunk->made; i++)
		circuits_set_withdrawn(trunks, trunk->ids[i], i >= circuits);
}

static bool
is_sound(const struct trunk_plan *plan)
{
	size_t length = strlen(plan->name);

	return length >= 1 && length < TRUNK_NAME_SIZE && plan->circuits >= 1 &&
	    plan->circuits <= TRUNK_CIRCUITS_MAX;
}

/* Room for so many circuits of the group. */
static int
make_room(struct trunks *trunks, struct trunk *trunk, uint32_t circuits)
{
	struct trunk shelves = { .made = circuits };
	struct circuit *array = NULL;

	if (circuits <= trunk->made)
		return 0;
	shelves.free =
	    object_alloc(trunk_words(circuits) * sizeof *shelves.free);
	shelves.ids = object_alloc(circuits * sizeof *shelves.ids);
	if (shelves.free != NULL && shelves.ids != NULL)
		array = object_realloc(trunks->circuits,
		    (trunks->circuits_count + circuits - trunk->made) *
			sizeof *array);
	if (array == NULL) {
		trunk_free_shelves(&shelves);
		return -ENOMEM;
	}
	trunks->circuits = array;
	if (trunk->made > 0) {
		memcpy(shelves.free, trunk->free,
		    trunk_words(trunk->made) * sizeof *trunk->free);
		memcpy(
		    shelves.ids, trunk->ids, trunk->made * sizeof *trunk->ids);
	}
	trunk_free_shelves(trunk);
	trunk->free = shelves.free;
	trunk->ids = shelves.ids;
	return 0;
}

/* One that was ever made, by its name. */
static struct trunk *
find(const struct trunks *trunks, const char *name)
{
	uint32_t i;

	for (i = 0; i < trunks->trunks_count; i++)
		if (strcmp(trunks->trunks[i].name, name) == 0)
			return &trunks->trunks[i];
	return NULL;
}

uint32_t
trunks_lack(const struct trunks *trunks, const struct trunk_plan *plan)
{
	const struct trunk *trunk = find(trunks, plan->name);
	const uint32_t made = trunk == NULL ? 0 : trunk->made;

	CHECK_OBJ(trunks, TRUNKS_MAGIC);
	return plan->circuits > made && plan->circuits <= TRUNK_CIRCUITS_MAX
	    ? plan->circuits - made
	    : 0;
}

static void
describe(struct trunk *trunk, const struct trunk_plan *plan)
{
	trunk->kind = (uint8_t)plan->kind;
	trunk->direction = (uint8_t)plan->direction;
	trunk->control = (uint8_t)plan->control;
	trunk->hunt = (uint8_t)plan->hunt;
	trunk->is_silent = plan->is_silent;
}

int
trunks_change(struct trunks *trunks, const struct trunk_plan *plan)
{
	struct trunk *trunk = find(trunks, plan->name);

	CHECK_OBJ(trunks, TRUNKS_MAGIC);
	if (!is_sound(plan))
		return -EINVAL;
	if (trunk == NULL)
		return -ENOENT;
	if (trunk->busy > 0 && trunk->kind != (uint8_t)plan->kind)
		return -EBUSY;
	if (make_room(trunks, trunk, plan->circuits) != 0)
		return -ENOMEM;
	describe(trunk, plan);
	make_circuits(trunks, trunk, plan->circuits);
	set_count(trunks, trunk, plan->circuits);
	return 0;
}

int
trunks_add(struct trunks *trunks, const struct trunk_plan *plan)
{
	struct trunk *trunk, *groups;
	uint64_t now = scheduler_now(trunks->at);

	CHECK_OBJ(trunks, TRUNKS_MAGIC);
	if (!is_sound(plan))
		return -EINVAL;
	trunk = find(trunks, plan->name);
	if (trunk != NULL)
		return trunk->count > 0 ? -EEXIST : trunks_change(trunks, plan);
	if (trunks->trunks_count >= UINT16_MAX - 2U)
		return -EINVAL;
	groups = object_realloc(
	    trunks->trunks, (trunks->trunks_count + 1) * sizeof *groups);
	if (groups == NULL)
		return -ENOMEM;
	trunks->trunks = groups;
	trunk = &trunks->trunks[trunks->trunks_count];
	*trunk = (struct trunk){ .oldest = CIRCUIT_NONE,
		.newest = CIRCUIT_NONE,
		.counted_at = now,
		.began_at = now };
	memcpy(trunk->name, plan->name, strlen(plan->name));
	if (make_room(trunks, trunk, plan->circuits) != 0)
		return -ENOMEM;
	trunks->trunks_count++;
	describe(trunk, plan);
	make_circuits(trunks, trunk, plan->circuits);
	set_count(trunks, trunk, plan->circuits);
	return 0;
}

void
trunks_withdraw(struct trunks *trunks, uint32_t number)
{
	set_count(trunks, trunks_at(trunks, number), 0);
}
