/* Whom canary.h takes: as many as the share says, and never an emergency. */
#include "upgrade/canary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "switch/process.h"
#include "switch/store.h"

static struct canary canary;
static struct upgrade_telephony telephony;
static struct upgrade_conditions conditions;
static const struct pid nobody = { 1, 1 };

static unsigned int
taken_of(unsigned int scheduler, unsigned int candidates)
{
	struct process_info info = { .behaviour = 1 };
	unsigned int i, taken = 0;

	for (i = 1; i <= candidates; i++) {
		info.pid.slot = scheduler * STORE_SLOTS + i;
		taken += canary_takes_live(&canary, &info);
	}
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
	const struct pid on_1 = { STORE_SLOTS + 1, 1 };
	unsigned int i, born = 0;

	(void)state;
	begin(0.25);
	assert_int_equal(taken_of(0, 400), 100);
	assert_int_equal(taken_of(SCHEDULERS_MAX - 1, 400), 100);
	for (i = 0; i < 400; i++)
		born += canary_takes_birth(&canary, on_1, &start);
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
	assert_false(canary_takes_birth(&canary, nobody, &start));
	telephony.is_emergency = NULL;
	conditions.wants = is_even;
	begin(0.1);
	assert_int_equal(taken_of(0, 1000), 50);
	conditions.wants = is_a_birth;
	begin(1);
	assert_int_equal(taken_of(0, 1000), 0);
	assert_true(canary_takes_birth(&canary, nobody, &start));
	conditions.wants = NULL;
}

/* Of those who live: known from this slot on. */
static uint32_t known;

static bool
is_known(void *arg, const struct upgrade_candidate *candidate)
{
	(void)arg;
	return candidate->live != NULL && candidate->live->pid.slot >= known;
}

/* Asks everybody who waits now; how many are taken. */
static unsigned int
taken_late(void)
{
	struct process_info info = { .behaviour = 1 };
	unsigned int taken = 0, late = canary_late(&canary, 0);

	while (late-- > 0) {
		info.pid = canary_next_late(&canary, 0);
		taken += canary_takes_late(&canary, &info);
	}
	return taken;
}

static void
u3_who_is_not_known_yet_waits_and_counts_as_a_birth(void **state)
{
	const struct message start = { .kind = 0 };
	struct pid pid = { 1, 1 };

	(void)state;
	telephony.is_settled = is_known;
	known = 101;
	begin(0.1);
	assert_int_equal(taken_of(0, 50), 0);
	for (pid.slot = 51; pid.slot <= 150; pid.slot++)
		assert_false(canary_takes_birth(&canary, pid, &start));
	assert_int_equal(canary_candidates(&canary), 0);
	assert_int_equal(canary_late(&canary, 0), 150);
	assert_int_equal(taken_late(), 5); /* of the 50 that are known */
	assert_int_equal(canary_late(&canary, 0), 100);
	known = 1;
	assert_int_equal(taken_late(), 10);
	assert_int_equal(canary_late(&canary, 0), 0);
	assert_int_equal(canary_candidates(&canary), 150);
	known = 1000;
	(void)taken_of(0, CANARY_LATE_MAX + 10); /* the last have no room */
	assert_int_equal(canary_late(&canary, 0), CANARY_LATE_MAX);
	telephony.is_settled = NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u3_the_share_is_kept_to_the_call),
		cmocka_unit_test(u3_schedulers_and_births_count_for_themselves),
		cmocka_unit_test(
		    u3_emergencies_and_the_unwanted_are_no_candidates),
		cmocka_unit_test(
		    u3_who_is_not_known_yet_waits_and_counts_as_a_birth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
