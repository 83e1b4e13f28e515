/*
 * Versions come and go beside those that are in use: whoever looks for a plan
 * finds it all the time, on any scheduler, also while memory is short.
 */
#include "upgrade/plans.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "switch/behaviour.h"
#include "switch/object.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/conversion.h"

enum { LOADS = 40 };

struct looker {
	struct scheduler *home;
	struct code *code;
	uint16_t from, to;
	atomic_uint looks, odd;
	bool failed;
};

static const char *const roots[] = { HOTSWITCH_RELEASES
	"/../../tests/releases" };

/* On the other scheduler, in every turn; scheduler_slice_f. */
static bool
look_for_plan(void *arg)
{
	struct looker *looker = arg;
	const struct conversion *plan =
	    code_plan(looker->code, looker->from, looker->to);
	uint64_t from[64] = { 0 }, to[64] = { 0 };

	if (plan == NULL || conversion_run(plan, from, to) != 0)
		looker->odd++;
	looker->looks++;
	return true;
}

/* The first, second ... allocation fails: it comes in the end. */
static int
load_short_of_memory(struct code *code)
{
	char why[CODE_WHY_MAX];
	uint16_t id;
	long n;
	int error = -ENOMEM;

	for (n = 0; error == -ENOMEM; n++) {
		object_fail_after(n);
		error = code_load(code, "counter", "3.0", &id, why);
		object_fail_after(-1);
	}
	return error;
}

/* On home; scheduler_due_f.  The key counts the turns. */
static void
load_and_unload(void *arg, uint64_t key)
{
	struct looker *looker = arg;

	looker->failed = load_short_of_memory(looker->code) != 0 ||
	    code_purge(looker->code, "counter", "3.0") != 0;
	if (looker->failed || (key >= LOADS && looker->looks >= LOADS))
		scheduler_stop(looker->home);
	else if (scheduler_at(looker->home, scheduler_now(looker->home),
		     load_and_unload, looker, key + 1) != 0)
		abort();
}

static void
plans_are_found_while_others_come_and_go(void **state)
{
	const struct scheduler_options options = { .pace = PACE_REAL,
		.schedulers = 2,
		.store_bytes = (size_t)2 << 30 };
	struct looker looker = { .failed = false };
	char why[CODE_WHY_MAX];

	(void)state;
	assert_int_equal(scheduler_alloc(&looker.home, &options), 0);
	assert_int_equal(code_alloc(&looker.code,
			     scheduler_behaviours(looker.home), roots, 1),
	    0);
	code_join(looker.code, looker.home);
	assert_int_equal(
	    code_load(looker.code, "counter", "1.0", &looker.from, why), 0);
	assert_int_equal(
	    code_load(looker.code, "counter", "2.0", &looker.to, why), 0);
	scheduler_set_horizon(looker.home, UINT64_C(3600) * 1000000);
	scheduler_set_slice(
	    scheduler_peer(looker.home, 1), look_for_plan, &looker);
	assert_int_equal(
	    scheduler_at(looker.home, 0, load_and_unload, &looker, 0), 0);
	assert_int_equal(scheduler_run(looker.home), 0);
	assert_false(looker.failed);
	assert_int_equal(looker.odd, 0);
	code_free(&looker.code);
	scheduler_free(&looker.home);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans_are_found_while_others_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
