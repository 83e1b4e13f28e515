/* route: see route.h for what it is. */
#include "upgrade/route.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/module.h"
#include "upgrade/conversion.h"
#include "upgrade/plans.h"
#include "upgrade/words.h"

enum { STOPS_MAX = 16 };

/* From the newest to the oldest, both ends among them. */
struct route {
	unsigned int count;
	const struct module *stops[STOPS_MAX];
};

bool
route_follows(const struct module *module, char *version)
{
	const char *const *line = module->schema.rules;

	if (module->code_change == NULL)
		return false;
	for (; line != NULL && *line != NULL; line++)
		if (words_find(*line, "hook") == 1 &&
		    words_at(*line, 2, version, ROUTE_VERSION_BYTES))
			return true;
	return false;
}

static bool
is_newer(const char *one, const char *other)
{
	return strverscmp(one, other) > 0;
}

bool
route_is_step(const struct module *one, const struct module *other)
{
	bool is_down = is_newer(one->version, other->version);
	const struct module *newer = is_down ? one : other;
	const struct module *older = is_down ? other : one;
	char version[ROUTE_VERSION_BYTES];

	return !route_follows(newer, version) ||
	    strcmp(version, older->version) == 0;
}

bool
route_is_between(
    const char *one, const struct module *middle, const char *other)
{
	return strverscmp(one, middle->version) *
	    strverscmp(middle->version, other) >
	    0;
}

/*--------------------------------------------------------------------
 * Stops
 */

static const struct module *
find_resident(const struct route_ends *ends, const char *version)
{
	unsigned int i;

	for (i = 0; i < ends->count; i++)
		if (strcmp(ends->residents[i]->version, version) == 0)
			return ends->residents[i];
	return NULL;
}

/* The newest between whose code_change is a step of the way; or `older`. */
static const struct module *
step_between(const struct route_ends *ends, const struct module *older,
    const struct module *newer)
{
	char version[ROUTE_VERSION_BYTES];
	const struct module *best = older, *middle;
	unsigned int i;

	for (i = 0; i < ends->count; i++) {
		middle = ends->residents[i];
		if (route_follows(middle, version) &&
		    route_is_between(best->version, middle, newer->version))
			best = middle;
	}
	return best;
}

/* Where one comes to next from `newer` on the way to `older`; NULL. */
static const struct module *
step_down(const struct route_ends *ends, const struct module *older,
    const struct module *newer, char *why, size_t size)
{
	char version[ROUTE_VERSION_BYTES];
	const struct module *next;

	if (newer->code_change != NULL && !route_follows(newer, version))
		return older;
	if (!route_follows(newer, version))
		return step_between(ends, older, newer);
	next = strcmp(version, older->version) == 0
	    ? older
	    : find_resident(ends, version);
	if (next != NULL && is_newer(newer->version, version) &&
	    !is_newer(older->version, version))
		return next;
	(void)snprintf(why, size,
	    "no plan from %s to %s: the code_change of %s knows the states of "
	    "%s alone, %s",
	    ends->from->version, ends->to->version, newer->version, version,
	    next == NULL ? "which is not loaded; load that first"
			 : "which is not on the way");
	return NULL;
}

static int
find_route(
    const struct route_ends *ends, struct route *route, char *why, size_t size)
{
	bool is_down = is_newer(ends->from->version, ends->to->version);
	const struct module *older = is_down ? ends->to : ends->from;
	const struct module *at = is_down ? ends->from : ends->to;

	route->count = 0;
	for (;;) {
		route->stops[route->count++] = at;
		if (at == older)
			return 0;
		if (route->count == STOPS_MAX) {
			(void)snprintf(why, size,
			    "no plan from %s to %s: there are more than %d "
			    "releases on the way",
			    ends->from->version, ends->to->version, STOPS_MAX);
			return -EINVAL;
		}
		at = step_down(ends, older, at, why, size);
		if (at == NULL)
			return -EINVAL;
	}
}

/*--------------------------------------------------------------------
 * Plans
 */

/* *planp, and then on to `to`. */
static int
go_on(struct conversion **planp, const struct module *from,
    const struct module *to, char *why, size_t size)
{
	struct conversion *step = NULL, *whole = NULL;
	int error = plans_derive(&step, from, to, why, size);

	if (error != 0)
		return error;
	if (*planp == NULL) {
		*planp = step;
		return 0;
	}
	error = conversion_compose(&whole, *planp, step);
	conversion_free(&step);
	if (error != 0) {
		(void)snprintf(why, size, "no plan by way of %s: %s",
		    from->version,
		    error == -E2BIG ? "too much would have to be kept"
				    : strerror(-error));
		return error == -E2BIG ? -EINVAL : error;
	}
	conversion_free(planp);
	*planp = whole;
	return 0;
}

int
route_plan(struct conversion **ret_conversion, const struct route_ends *ends,
    char *why, size_t size)
{
	struct conversion *plan = NULL;
	const struct module *from, *to;
	struct route route;
	unsigned int i;
	int error = find_route(ends, &route, why, size);

	for (i = 1; error == 0 && i < route.count; i++) {
		from = route.stops[i - 1];
		to = route.stops[i];
		if (ends->from != route.stops[0]) { /* up: the other way */
			from = route.stops[route.count - i];
			to = route.stops[route.count - i - 1];
		}
		error = go_on(&plan, from, to, why, size);
	}
	if (error != 0)
		conversion_free(&plan);
	else
		*ret_conversion = plan;
	return error;
}
