/* Whom canary.h takes: as many as the share says, and never an emergency. */
#include "upgrade/canary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "switch/process.h"

static struct canary canary;
static struct upgrade_telephony telephony;
static struct upgrade_conditions conditions;

static unsigned int
taken_of(unsigned int scheduler, unsigned int candidates)
{
	struct process_info info = { .behaviour = 1 };
	unsigned int taken = 0;

	for (info.pid.slot = 1; info.pid.slot <= candidates; info.pid.slot++)
		taken += canary_takes_live(&canary, scheduler, &info);
	return taken;
}

static void
begin(double share)
{
	canary_begin(&canary, share, &telephony, &conditions);
}

static void
u3_the_share_is_kept_to_the_call(void **state)
{
	(void)state;
	begin(0.1);
	assert_int_equal(taken_of(0, 1000), 100);
	begin(0.001);
	assert_int_equal(taken_of(0, 1000000), 1000);
	begin(1);
	assert_int_equal(taken_of(0, 77), 77);
	begin(0.5);
	assert_int_equal(taken_of(0, 1), 1); /* rounded, as 0.5 is */
	begin(0.1);
	assert_int_equal(taken_of(0, 4), 0);
	assert_int_equal(canary_candidates(&canary), 4);
}

static void
u3_schedulers_and_births_count_for_themselves(void **state)
{
	const struct message start = { .kind = 0 };
	unsigned int i, born = 0;

	(void)state;
	begin(0.25);
	assert_int_equal(taken_of(0, 400), 100);
	assert_int_equal(taken_of(SCHEDULERS_MAX - 1, 400), 100);
	for (i = 0; i < 400; i++)
		born += canary_takes_birth(&canary, 1, &start);
	assert_int_equal(born, 100);
}

static bool
is_even(void *arg, const struct upgrade_candidate *candidate)
{
	(void)arg;
	return candidate->live == NULL || candidate->live->pid.slot % 2 == 0;
}

static bool
is_a_birth(void *arg, const struct upgrade_candidate *candidate)
{
	(void)arg;
	return candidate->start != NULL;
}

static void
u3_emergencies_and_the_unwanted_are_no_candidates(void **state)
{
	const struct message start = { .kind = 0 };

	(void)state;
	telephony.is_emergency = is_even;
	begin(0.1);
	assert_int_equal(taken_of(0, 1000), 50);
	assert_false(canary_takes_birth(&canary, 0, &start));
	telephony.is_emergency = NULL;
	conditions.wants = is_even;
	begin(0.1);
	assert_int_equal(taken_of(0, 1000), 50);
	conditions.wants = is_a_birth;
	begin(1);
	assert_int_equal(taken_of(0, 1000), 0);
	assert_true(canary_takes_birth(&canary, 0, &start));
	conditions.wants = NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u3_the_share_is_kept_to_the_call),
		cmocka_unit_test(u3_schedulers_and_births_count_for_themselves),
		cmocka_unit_test(
		    u3_emergencies_and_the_unwanted_are_no_candidates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
