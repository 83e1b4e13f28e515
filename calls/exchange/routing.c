/*
 * routing: see routing.h for what it is.
 *
 * A node of the tree has a number, its entry's; an entry knows the route of
 * the digits that lead there, and as what they are ported, if they are.
 *
 * Invariants:
 *   1. entries[i - 1] is that of the value i in the tree;
 *   2. a route that is there has 1 to ROUTE_TARGETS_MAX targets, side by side;
 *   3. ids of routes below `count` of which none is there were withdrawn.
 */
#include "calls/exchange/routing.h"

#include <errno.h>
#include <string.h>

#include "calls/exchange/digit_tree.h"
#include "calls/exchange/numbering.h"
#include "calls/exchange/office_trunk.h"
#include "switch/object.h"

/* Porting and local numbers may lead on so often (compare Q.763 3.80). */
enum { HOPS_MAX = 5, STEP = 64 };

struct entry {
	uint32_t route;	 /* or ROUTE_NONE */
	uint32_t ported; /* as these digits, from 1; 0: not */
};

/* An array that grows by doubling. */
struct array {
	void *items;
	uint32_t count, room;
};

struct routing {
	unsigned int magic;
#define ROUTING_MAGIC 0x6a02d9f5
	struct digit_tree *tree;
	const struct routing *before; /* while it is being made */
	struct array entries, routes, targets, ported;
};

/* Room for `more` of `size` bytes each. */
static int
reserve(struct array *array, uint32_t more, size_t size)
{
	uint32_t room = array->room * 2 + STEP + more;
	void *items;

	if (array->count + more <= array->room)
		return 0;
	items = object_realloc(array->items, room * size);
	if (items == NULL)
		return -ENOMEM;
	array->items = items;
	array->room = room;
	return 0;
}

static struct entry *
entry_at(const struct routing *routing, uint32_t value)
{
	struct entry *entries = routing->entries.items;

	return &entries[value - 1];
}

static struct route *
route_at(const struct routing *routing, uint32_t id)
{
	struct route *routes = routing->routes.items;

	return &routes[id];
}

static struct route_target *
target_at(const struct routing *routing, uint32_t place)
{
	struct route_target *targets = routing->targets.items;

	return &targets[place];
}

int
routing_alloc(struct routing **ret_routing)
{
	struct routing *routing;

	if (ALLOC_OBJ(routing, ROUTING_MAGIC) == NULL)
		return -ENOMEM;
	if (digit_tree_alloc(&routing->tree) != 0) {
		routing_free(&routing);
		return -ENOMEM;
	}
	*ret_routing = routing;
	return 0;
}

void
routing_free(struct routing **routingp)
{
	struct routing *routing = *routingp;

	if (routing != NULL) {
		digit_tree_free(&routing->tree);
		object_free(routing->entries.items,
		    routing->entries.room * sizeof(struct entry));
		object_free(routing->routes.items,
		    routing->routes.room * sizeof(struct route));
		object_free(routing->targets.items,
		    routing->targets.room * sizeof(struct route_target));
		object_free(routing->ported.items,
		    routing->ported.room * (DIGITS_MAX + 1));
	}
	FREE_OBJ(routingp, ROUTING_MAGIC);
}

int
routing_succeed(struct routing *routing, const struct routing *before)
{
	uint32_t count = before->routes.count;

	CHECK_OBJ(routing, ROUTING_MAGIC);
	if (reserve(&routing->routes, count, sizeof(struct route)) != 0)
		return -ENOMEM;
	memset(routing->routes.items, 0, count * sizeof(struct route));
	routing->routes.count = count;
	routing->before = before;
	return 0;
}

/*--------------------------------------------------------------------
 * Adding
 */

/* 1 to DIGITS_MAX keys of a telephone. */
static bool
are_keys(const char *digits)
{
	size_t length = strspn(digits, "0123456789*#");

	return length >= 1 && length <= DIGITS_MAX && digits[length] == '\0';
}

/* The entry of these digits, made if there is none; NULL without memory. */
static struct entry *
make_entry(struct routing *routing, const char *digits)
{
	uint32_t *value = digit_tree_place(routing->tree, digits);
	struct entry *entry;

	if (value == NULL || reserve(&routing->entries, 1, sizeof *entry) != 0)
		return NULL;
	if (*value != 0)
		return entry_at(routing, *value);
	*value = ++routing->entries.count;
	entry = entry_at(routing, *value);
	*entry = (struct entry){ .route = ROUTE_NONE };
	return entry;
}

/* That of this prefix before, or a new one. */
static uint32_t
id_for(struct routing *routing, const char *prefix)
{
	uint32_t value = routing->before == NULL
	    ? 0
	    : digit_tree_look(routing->before->tree, prefix).exact;

	if (value != 0 && entry_at(routing->before, value)->route != ROUTE_NONE)
		return entry_at(routing->before, value)->route;
	return routing->routes.count;
}

static int
make_route(
    struct routing *routing, struct entry *entry, const struct route_plan *plan)
{
	uint32_t id = id_for(routing, plan->prefix);

	if (reserve(&routing->routes, 1, sizeof(struct route)) != 0)
		return -ENOMEM;
	if (id == routing->routes.count)
		routing->routes.count++;
	*route_at(routing, id) = (struct route){
		.first = routing->targets.count,
		.order = (uint8_t)plan->order,
		.min = (uint8_t)plan->min,
		.max = plan->max == 0 ? DIGITS_MAX : (uint8_t)plan->max,
		.class = (uint8_t)plan->class,
		.is_there = true,
	};
	entry->route = id;
	return 0;
}

/* Its targets are the last ones, so that more can follow; room is there. */
static void
move_to_end(struct routing *routing, struct route *route)
{
	if (route->first + route->count == routing->targets.count)
		return;
	memcpy(target_at(routing, routing->targets.count),
	    target_at(routing, route->first),
	    route->count * sizeof(struct route_target));
	route->first = routing->targets.count;
	routing->targets.count += route->count;
}

static void
add_targets(
    struct routing *routing, struct route *route, const struct route_plan *plan)
{
	struct route_target *target;
	unsigned int i;

	move_to_end(routing, route);
	for (i = 0; i < plan->count; i++) {
		target = target_at(routing, routing->targets.count++);
		*target = (struct route_target){ .trunk = plan->targets[i],
			.tariff = plan->tariff,
			.strip = (uint8_t)plan->strip };
		if (plan->prepend != NULL)
			strncpy(target->prepend, plan->prepend, DIGITS_MAX);
		route->count++;
	}
}

static bool
is_alone(const struct routing *routing, const struct entry *entry,
    const struct route_plan *plan)
{
	const struct route *route;
	unsigned int i;

	for (i = 0; i < plan->count; i++)
		if (plan->targets[i] == TARGET_LOCAL && plan->count > 1)
			return false;
	if (entry->route == ROUTE_NONE)
		return true;
	route = route_at(routing, entry->route);
	return plan->targets[0] != TARGET_LOCAL &&
	    target_at(routing, route->first)->trunk != TARGET_LOCAL;
}

int
routing_add(struct routing *routing, const struct route_plan *plan)
{
	struct entry *entry;

	CHECK_OBJ(routing, ROUTING_MAGIC);
	if (!are_keys(plan->prefix) || plan->count == 0 ||
	    (plan->prepend != NULL && !are_keys(plan->prepend)) ||
	    plan->min > DIGITS_MAX || plan->max > DIGITS_MAX ||
	    plan->strip > DIGITS_MAX)
		return -EINVAL;
	entry = make_entry(routing, plan->prefix);
	if (entry == NULL ||
	    reserve(&routing->targets, 2 * ROUTE_TARGETS_MAX,
		sizeof(struct route_target)) != 0)
		return -ENOMEM;
	if (!is_alone(routing, entry, plan))
		return -EINVAL;
	if (entry->route == ROUTE_NONE) {
		if (plan->count > ROUTE_TARGETS_MAX)
			return -ENOSPC;
		if (make_route(routing, entry, plan) != 0)
			return -ENOMEM;
	}
	if (route_at(routing, entry->route)->count + plan->count >
	    ROUTE_TARGETS_MAX)
		return -ENOSPC;
	add_targets(routing, route_at(routing, entry->route), plan);
	return 0;
}

int
routing_port(struct routing *routing, const char *number, const char *digits)
{
	struct entry *entry;
	char *ported;

	CHECK_OBJ(routing, ROUTING_MAGIC);
	if (!are_keys(number) || !are_keys(digits))
		return -EINVAL;
	entry = make_entry(routing, number);
	if (entry == NULL || reserve(&routing->ported, 1, DIGITS_MAX + 1) != 0)
		return -ENOMEM;
	if (entry->ported == 0)
		entry->ported = ++routing->ported.count;
	ported = routing->ported.items;
	ported += (size_t)(entry->ported - 1) * (DIGITS_MAX + 1);
	strncpy(ported, digits, DIGITS_MAX + 1);
	return 0;
}

void
routing_settle(struct routing *routing)
{
	CHECK_OBJ(routing, ROUTING_MAGIC);
	routing->before = NULL;
}

/*--------------------------------------------------------------------
 * Looking
 */

const struct route *
routing_at(const struct routing *routing, uint32_t id)
{
	CHECK_OBJ(routing, ROUTING_MAGIC);
	return id < routing->routes.count && route_at(routing, id)->is_there
	    ? route_at(routing, id)
	    : NULL;
}

const struct route_target *
routing_target(
    const struct routing *routing, const struct route *route, unsigned int i)
{
	return target_at(routing, route->first + i);
}

void
route_target_digits(const struct route_target *target, const char *digits,
    char sent[DIGITS_MAX + 1])
{
	size_t length = strnlen(digits, DIGITS_MAX);
	size_t strip = target->strip < length ? target->strip : length;
	size_t prepended = strnlen(target->prepend, DIGITS_MAX);

	length -= strip;
	if (length > DIGITS_MAX - prepended)
		length = DIGITS_MAX - prepended;
	memmove(sent + prepended, digits + strip, length);
	memcpy(sent, target->prepend, prepended);
	sent[prepended + length] = '\0';
}

/* Puts what these digits are ported as in their place, if they are. */
static bool
port_digits(const struct routing *routing, uint32_t value, char *digits)
{
	const char *ported = routing->ported.items;
	uint32_t place = value == 0 ? 0 : entry_at(routing, value)->ported;

	if (place == 0)
		return false;
	memcpy(digits, ported + (size_t)(place - 1) * (DIGITS_MAX + 1),
	    DIGITS_MAX + 1);
	return true;
}

/*
 * Whether a '#' stands behind the prefix, where it is the end of a number and
 * none of its keys: but in a code, which begins with `*` or `#`.
 */
static bool
is_ended(const char *digits, unsigned int prefix)
{
	return digits[0] >= '0' && strchr(digits + prefix, '#') != NULL;
}

/* The longest prefix of the digits that has a route, by its entry. */
static const struct route *
route_of(const struct routing *routing, const char *digits,
    const struct digit_path *path, uint32_t *ret_id)
{
	char prefix[DIGITS_MAX + 1];
	struct digit_path shorter = *path;

	/* A number that is only ported hides no route of a shorter prefix. */
	while (shorter.longest != 0 &&
	    entry_at(routing, shorter.longest)->route == ROUTE_NONE) {
		if (shorter.length == 0)
			return NULL;
		memcpy(prefix, digits, shorter.length - 1);
		prefix[shorter.length - 1] = '\0';
		shorter = digit_tree_look(routing->tree, prefix);
	}
	if (shorter.longest == 0 || is_ended(digits, shorter.length))
		return NULL;
	*ret_id = entry_at(routing, shorter.longest)->route;
	return route_at(routing, *ret_id);
}

static uint32_t
verdict_of(bool is_number, bool is_longer)
{
	if (is_number)
		return is_longer ? TRANSLATION_EITHER : TRANSLATION_COMPLETE;
	return is_longer ? TRANSLATION_PARTIAL : TRANSLATION_NONE;
}

/* A number, be it of no line any more. */
static bool
is_whole(const struct translation *translation)
{
	return translation->verdict == TRANSLATION_COMPLETE ||
	    translation->verdict == TRANSLATION_EITHER;
}

enum hop { HOP_ARRIVED, HOP_PORTED, HOP_LOCAL };

/* `local` leads to the line of these digits, or nowhere if it leaves them. */
static enum hop
lead_home(const struct route_target *target, char *digits,
    struct translation *translation)
{
	char home[DIGITS_MAX + 1];

	route_target_digits(target, digits, home);
	if (strcmp(home, digits) == 0) {
		translation->route = ROUTE_NONE;
		return HOP_ARRIVED;
	}
	memcpy(digits, home, sizeof home);
	return HOP_LOCAL;
}

/* One look at the digits; they are replaced where that leads on. */
static enum hop
hop(const struct routing *routing, const struct numbering *numbering,
    char *digits, struct translation *translation)
{
	const struct digit_path path = digit_tree_look(routing->tree, digits);
	struct translation line = numbering_translate(numbering, digits);
	size_t length = strlen(digits);
	bool is_longer = path.goes_on || line.verdict == TRANSLATION_PARTIAL ||
	    line.verdict == TRANSLATION_EITHER;
	const struct route *route;
	uint32_t id = ROUTE_NONE;

	*translation = line;
	if (port_digits(routing, path.exact, digits)) {
		translation->verdict = (uint16_t)verdict_of(true, is_longer);
		return HOP_PORTED;
	}
	route = route_of(routing, digits, &path, &id);
	is_longer = is_longer || (route != NULL && length < route->max);
	if (line.line == LINE_NONE && route != NULL && length >= route->min &&
	    length <= route->max) {
		translation->route = id;
		translation->class = route->class;
	}
	translation->verdict = (uint16_t)verdict_of(
	    is_whole(&line) || translation->route != ROUTE_NONE, is_longer);
	if (translation->route == ROUTE_NONE ||
	    routing_target(routing, route, 0)->trunk != TARGET_LOCAL)
		return HOP_ARRIVED;
	return lead_home(
	    routing_target(routing, route, 0), digits, translation);
}

/* A ported number is as whole, or not, as the digits that were dialled. */
static struct translation
as_dialled(
    const struct translation *translation, const struct translation *ported)
{
	struct translation result = *translation;

	result.verdict = (uint16_t)verdict_of(
	    is_whole(translation), ported->verdict == TRANSLATION_EITHER);
	return result;
}

struct translation
routing_translate(const struct routing *routing,
    const struct numbering *numbering, const char *digits,
    char sent[DIGITS_MAX + 1])
{
	struct translation translation = TRANSLATION_NOWHERE, ported;
	bool is_ported = false;
	char room[DIGITS_MAX + 1];
	unsigned int hops;
	enum hop way;

	CHECK_OBJ(routing, ROUTING_MAGIC);
	if (sent == NULL)
		sent = room;
	strncpy(sent, digits, DIGITS_MAX);
	sent[DIGITS_MAX] = '\0';
	for (hops = 0; hops <= HOPS_MAX; hops++) {
		way = hop(routing, numbering, sent, &translation);
		if (way == HOP_ARRIVED)
			return is_ported ? as_dialled(&translation, &ported)
					 : translation;
		if (way == HOP_PORTED && !is_ported) {
			ported = translation;
			is_ported = true;
		}
	}
	translation = TRANSLATION_NOWHERE;
	translation.verdict = TRANSLATION_LOOP;
	return translation;
}
