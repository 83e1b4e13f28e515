/*
 * explore: see explore.h for what it is.
 *
 * What is to be tried is a list of beginnings of orders.  A run that began as
 * told met these races and then others, whose bodies came as written: for each
 * of these, and for each other order of it, there is a further beginning.
 *
 * Invariant: of two beginnings neither continues the other.
 */
#include "sim/explore.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls/database/portion.h"
#include "sim/crew.h"
#include "sim/options.h"
#include "sim/orders.h"
#include "sim/scenario_internal.h"
#include "sim/source.h"
#include "sim/suite_internal.h"
#include "sim/terminal.h"
#include "sim/verdict.h"
#include "switch/object.h"

struct exploring {
	struct suite *suite;
	unsigned int number; /* of the scenario */
	struct order *tries; /* ORDERS_MAX */
	unsigned int count;  /* of them */
	struct orders *orders;
	char folder[PATH_MAX];
	int64_t last; /* run of the database */
	bool is_on_terminal;
};

/*--------------------------------------------------------------------
 * In the process of an order
 */

static void
print_races(const struct races *races)
{
	unsigned int i;

	for (i = 0; i < races->count; i++)
		(void)printf("%u %u ", races->bodies[i], races->lines[i]);
}

static int
run_order(struct exploring *exploring, unsigned int job,
    const struct options *options)
{
	struct suite *suite = exploring->suite;
	struct races races = { .count = 0 };
	struct scenario_plan plan = { .order = &exploring->tries[job],
		.races = &races };
	struct verdict verdict;
	int status = suite_check(
	    suite, &suite->sources[exploring->number], options, &plan);

	if (status != 0)
		return status;
	if (scenario_run(&plan, &verdict, suite->why, sizeof suite->why) != 0)
		return suite_complain("hotswitch", suite->why, EXIT_IMPOSSIBLE);
	status = verdict_passed(&verdict) ? EXIT_PASSED : EXIT_FAILED;
	verdict_clear(&verdict);
	/* What the scenario has said is not for anybody. */
	if (fflush(stdout) != 0 || ftruncate(STDOUT_FILENO, 0) != 0 ||
	    lseek(STDOUT_FILENO, 0, SEEK_SET) != 0)
		return EXIT_IMPOSSIBLE;
	print_races(&races);
	return status;
}

static int
work(void *arg, unsigned int job)
{
	struct exploring *exploring = arg;
	struct suite *suite = exploring->suite;
	struct options options = *suite->options;
	char path[PATH_MAX + 16];
	int status;

	(void)snprintf(path, sizeof path, "%s/%u", exploring->folder, job);
	options.database = path;
	options.log = options.ladder = options.ladder_call = NULL;
	if (portion_make(path, suite->options->database, exploring->last + 1,
		suite->why, sizeof suite->why) != 0)
		return suite_complain("hotswitch", suite->why, EXIT_IMPOSSIBLE);
	status = run_order(exploring, job, &options);
	portion_remove(path);
	return status;
}

/*--------------------------------------------------------------------
 * As they end
 */

static void
read_races(const char *text, struct races *ret_races)
{
	char *end;

	ret_races->count = 0;
	while (text != NULL && ret_races->count < ORDERS_RACES) {
		ret_races->bodies[ret_races->count] =
		    (unsigned int)strtoul(text, &end, 10);
		if (end == text)
			return;
		ret_races->lines[ret_races->count++] =
		    (unsigned int)strtoul(end, &end, 10);
		text = end;
	}
}

/* The first few, in their order. */
static void
note_failed(struct orders *orders, const struct order *order)
{
	unsigned int shown = orders->failed < ORDERS_SHOWN
	    ? (unsigned int)orders->failed
	    : ORDERS_SHOWN;
	unsigned int i = shown;

	orders->failed++;
	while (i > 0 && order_compare(order, &orders->shown[i - 1]) < 0)
		i--;
	if (i == ORDERS_SHOWN)
		return;
	if (shown == ORDERS_SHOWN)
		shown--;
	memmove(&orders->shown[i + 1], &orders->shown[i],
	    (shown - i) * sizeof orders->shown[0]);
	orders->shown[i] = *order;
}

/* Race `i` of a run that began as `begun` in its other orders. */
static void
add_tries(struct exploring *exploring, const struct order *begun,
    const struct races *races, unsigned int i)
{
	const uint64_t all = order_of_bodies(races->bodies[i]);
	struct order order = *begun;
	uint64_t number;

	while (order.count <= i)
		order.numbers[order.count++] = 1;
	for (number = 2; number <= all && exploring->count < ORDERS_MAX;
	     number++) {
		order.numbers[i] = number;
		exploring->tries[exploring->count++] = order;
	}
}

static bool
on_end(void *arg, struct crew_end *end, unsigned int *jobs)
{
	struct exploring *exploring = arg;
	struct orders *orders = exploring->orders;
	const struct order begun = exploring->tries[end->job];
	struct races races;
	unsigned int i;

	/* What cannot be run in the first order is told when it is run. */
	if (end->job == 0 && end->exit_status > EXIT_FAILED)
		return false;
	orders->tried++;
	read_races(end->said, &races);
	if (end->job == 0) {
		orders->races = races;
		orders->all = orders_all(&races);
	}
	if (end->exit_status != EXIT_PASSED)
		note_failed(orders, &begun);
	for (i = begun.count; i < races.count; i++)
		add_tries(exploring, &begun, &races, i);
	*jobs = exploring->count;
	return true;
}

static void
look(void *arg, unsigned int at_work)
{
	const struct exploring *exploring = arg;
	const struct suite *suite = exploring->suite;
	char name[FOLDER_NAME_SIZE];

	(void)at_work;
	if (!exploring->is_on_terminal)
		return;
	(void)fprintf(stderr,
	    "\r%6" PRIu64 "/%" PRIu64 " orders of %s  %" PRIu64 " failed\033[K",
	    exploring->orders->tried, exploring->orders->all,
	    folder_name(suite->folder.paths[exploring->number], name),
	    exploring->orders->failed);
	(void)fflush(stderr);
}

/*--------------------------------------------------------------------
 * All of them
 */

static int
run_all(struct exploring *exploring)
{
	const struct options *options = exploring->suite->options;
	const struct crew_order order = { .jobs = 1,
		.together = options->together,
		.limit_us = suite_limit_us(options),
		.arg = exploring,
		.work = work,
		.end = on_end,
		.look = look };
	int result;

	exploring->count = 1; /* as it is written */
	result = crew_run(&order);
	if (exploring->is_on_terminal)
		progress_clear();
	if (result < 0)
		(void)snprintf(exploring->suite->why, SUITE_WHY,
		    "cannot make a process: %s", strerror(-result));
	/* One race may be met in some orders alone, and none in a few. */
	if (exploring->count < ORDERS_MAX &&
	    exploring->orders->tried == exploring->count)
		exploring->orders->all = exploring->orders->tried;
	return result;
}

int
explore(struct suite *suite, unsigned int number, struct orders *ret_orders)
{
	struct exploring exploring = { .suite = suite,
		.number = number,
		.orders = ret_orders,
		.is_on_terminal = terminal_is(STDERR_FILENO) };
	const size_t size = ORDERS_MAX * sizeof exploring.tries[0];
	const char *database = suite->options->database;
	int result = portion_last(
	    database, &exploring.last, suite->why, sizeof suite->why);

	*ret_orders = (struct orders){ .all = 1 };
	if (result == 0)
		result = portion_folder(database, exploring.folder,
		    sizeof exploring.folder, suite->why, sizeof suite->why);
	if (result != 0)
		return result;
	exploring.tries = object_alloc(size);
	if (exploring.tries == NULL) {
		(void)snprintf(suite->why, SUITE_WHY, "no memory is left");
		result = -ENOMEM;
	} else {
		result = run_all(&exploring);
	}
	object_free(exploring.tries, size);
	portion_folder_remove(exploring.folder);
	return result;
}
