/*
 * suite_orders: one scenario, once or in every order of its races.
 *
 * The verdict is that of the first order that fails, with how many do; else of
 * the last.  Each leaves a run of its own in the database.
 */
#include "sim/suite_internal.h"

#include <stdbool.h>
#include <stdio.h>

#include "sim/options.h"
#include "sim/orders.h"
#include "sim/source.h"
#include "sim/verdict.h"

int
suite_run_one(struct suite *suite, struct scenario_plan *plan,
    struct verdict *ret_verdict)
{
	int status =
	    suite_check(suite, &suite->sources[0], suite->options, plan);

	if (status != 0)
		return status;
	if (scenario_run(plan, ret_verdict, suite->why, sizeof suite->why) != 0)
		return suite_complain("hotswitch", suite->why, EXIT_IMPOSSIBLE);
	return 0;
}

static void
judge_order(const struct orders *orders, struct verdict *verdict)
{
	char which[256];

	orders_describe(orders, which, sizeof which);
	if (orders->is_too_many || verdict->orders == ORDERS_RUNS_MAX)
		verdict_fail(verdict, 0,
		    "it has more orders than can be tried: at most %d races, "
		    "each of %d bodies, and %d orders in all",
		    ORDERS_RACES_MAX, ORDERS_BODIES_MAX, ORDERS_RUNS_MAX);
	else if (!verdict_passed(verdict) && orders->count > 0)
		verdict_fail(verdict, 0,
		    "the bodies of its races came in this order: %s", which);
}

/* The one to be told of is kept in *kept, the other forgotten. */
static void
keep(struct verdict *kept, struct verdict *verdict)
{
	const unsigned int failed =
	    kept->orders_failed + !verdict_passed(verdict);

	if (kept->orders_failed > 0) {
		verdict_clear(verdict);
	} else {
		verdict->orders = kept->orders;
		verdict_clear(kept);
		*kept = *verdict;
	}
	kept->orders_failed = failed;
}

int
suite_run_orders(struct suite *suite, struct verdict *ret_verdict)
{
	struct orders orders = { .given = 0 };
	struct scenario_plan plan = { .orders = &orders };
	struct verdict kept = { .orders = 0 }, verdict;
	int status;

	do {
		orders_begin(&orders);
		status = suite_run_one(suite, &plan, &verdict);
		if (status != 0) {
			verdict_clear(&kept);
			return status;
		}
		verdict.orders = ++kept.orders;
		judge_order(&orders, &verdict);
		keep(&kept, &verdict);
	} while (!orders.is_too_many && kept.orders < ORDERS_RUNS_MAX &&
	    orders_next(&orders));
	*ret_verdict = kept;
	return 0;
}
