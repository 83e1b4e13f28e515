/* U3: what an operator may say of the calls of an upgrade. */
#include "sim/upgrade_condition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdint.h>
#include <string.h>

#include "sim/command.h"
#include "switch/object.h"
#include "upgrade/telephony.h"
#include "upgrade/version_measures.h"

static void
refused(const char *option, const char *text, const char *clause)
{
	char why[512] = "";

	if (upgrade_condition_check(option, text, why, sizeof why) == 0)
		fail_msg("%s %s was taken", option, text);
	if (strncmp(why, option, strlen(option)) != 0 ||
	    strstr(why, clause) == NULL)
		fail_msg("%s does not say '%s'", why, clause);
}

static void
each_option_has_its_columns(void **state)
{
	char why[512];

	(void)state;
	assert_true(upgrade_condition_is("-only"));
	assert_true(upgrade_condition_is("-fail-when"));
	assert_false(upgrade_condition_is("-watch"));
	assert_false(upgrade_condition_is(NULL));
	assert_int_equal(
	    upgrade_condition_check("-only",
		"$calling in {1001 1002} && $held_a == 0", why, sizeof why),
	    0);
	refused("-only", "$new_asr < 1", "no column 'new_asr'");
	refused("-only", "$calling == 1001", "'calling' is a text");
	refused("-fail-when", "$asr < 0.5", "no column 'asr'");
}

static void
make(struct upgrade_conditions *conditions, const char *fail_when)
{
	struct arguments arguments = { .command = NULL };
	char why[512] = "";

	if (fail_when != NULL) {
		arguments.options[0].name = "-fail-when";
		arguments.options[0].value = fail_when;
		arguments.options_count = 1;
	}
	assert_int_equal(upgrade_condition_read(
			     &arguments, NULL, conditions, why, sizeof why),
	    0);
	assert_null(conditions->wants);
}

static struct version_measures new_version, old_version;

static bool
ask(const char *fail_when)
{
	struct upgrade_conditions conditions;
	bool fails;

	make(&conditions, fail_when);
	fails = conditions.fails(conditions.arg, &new_version, &old_version);
	conditions.release(conditions.arg);
	return fails;
}

static void
measure(struct version_measures *measures, uint64_t ended, uint64_t answers)
{
	memset(measures, 0, sizeof *measures);
	measures->events = 10 * ended;
	measures->ended = measures->bids = ended;
	measures->answers = measures->effective = answers;
	measures->bill_ms = 1000 * answers;
}

static void
u3_the_default_takes_back_what_is_worse(void **state)
{
	(void)state;
	measure(&old_version, 1000, 600);
	measure(&new_version, 1000, 560);
	assert_true(ask(NULL)); /* NER 4 points worse */
	new_version.effective = 600;
	assert_false(ask(NULL));
	new_version.answers = 540;
	assert_true(ask(NULL)); /* ASR 6 points worse */
	new_version.answers = 600;
	new_version.crashes = 5;
	assert_false(ask(NULL));
	new_version.crashes = 6;
	assert_true(ask(NULL));
}

static void
u3_the_default_takes_back_what_is_slower(void **state)
{
	(void)state;
	measure(&old_version, 1000, 600);
	measure(&new_version, 1000, 600);
	histogram_add(&old_version.pdd, 1000000, 100);
	histogram_add(&new_version.pdd, 1900000, 100);
	assert_false(ask(NULL));
	histogram_add(&new_version.pdd, 3000000, 100);
	assert_true(ask(NULL));
}

static void
u3_what_nobody_knows_takes_nothing_back(void **state)
{
	(void)state;
	measure(&old_version, 0, 0);
	measure(&new_version, 0, 0);
	assert_false(ask(NULL));
	assert_false(ask("$new_acd_s < 1 || $new_abr >= 0"));
}

static void
u3_every_column_is_of_its_own_version(void **state)
{
	(void)state;
	measure(&old_version, 100, 60);
	measure(&new_version, 200, 50);
	new_version.unexpected = 3;
	new_version.bids = 400;
	assert_true(ask("$new_events == 2000 && $old_events == 1000"));
	assert_true(ask("$new_ended == 200 && $old_ended == 100"));
	assert_true(ask("$new_unexpected == 3 && $old_unexpected == 0"));
	assert_true(ask("$new_asr == 0.25 && $old_asr == 0.6"));
	assert_true(ask("$new_abr == 0.125 && $old_abr == 0.6"));
	assert_true(ask("$new_ner == 0.25 && $old_ner == 0.6"));
	assert_true(ask("$new_acd_s == 1 && $old_acd_s == 1"));
	assert_true(ask("$new_crashes == $old_crashes"));
}

static void
without_memory_nothing_is_left_behind(void **state)
{
	const struct arguments arguments = { .options_count = 1,
		.options = { { "-only", "$calling eq \"1001\"" } } };
	struct upgrade_conditions conditions;
	char why[512];
	long i;

	(void)state;
	for (i = 0;; i++) {
		object_fail_after(i);
		if (upgrade_condition_read(
			&arguments, NULL, &conditions, why, sizeof why) == 0)
			break;
		assert_non_null(strstr(why, "no memory is left"));
	}
	object_fail_after(-1);
	assert_int_equal(i, 7);
	assert_non_null(conditions.wants);
	conditions.release(conditions.arg);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_option_has_its_columns),
		cmocka_unit_test(u3_the_default_takes_back_what_is_worse),
		cmocka_unit_test(u3_the_default_takes_back_what_is_slower),
		cmocka_unit_test(u3_what_nobody_knows_takes_nothing_back),
		cmocka_unit_test(u3_every_column_is_of_its_own_version),
		cmocka_unit_test(without_memory_nothing_is_left_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
