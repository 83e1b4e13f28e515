/* What a shadow run has found, for programs: the keys that are promised. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/verdict.h"
#include "upgrade/release_handler.h"
#include "upgrade/shadow_run.h"

static const struct upgrade_report report = { .number = 1,
	.module = "call",
	.version_from = "1.0",
	.version_to = "2.0",
	.mode = "sweep",
	.stage = UPGRADE_rolled_back };

static struct shadow_run_result found = { .compared = 40,
	.differed = 3,
	.crashed = 1,
	.untried = 2,
	.events = 2,
	.event = { { "answer", 10, 3, 1 }, { "hold", 30, 0, 0 } },
	.differences = 2,
	.difference = {
	    { .at = 1500000,
		.call = 12,
		.pid = { 34, 5 },
		.event = "answer",
		.state = "alerting",
		.did = { "tone 1001 \"speech\"\nstatus 0\n", "status 101\n" } },
	    { .is_crash = 1, .event = "answer", .did = { "", "SIGSEGV" } } } };

static char *
printed(const struct verdict *verdict)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	verdict_json(verdict, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
u13_programs_get_all_that_was_found(void **state)
{
	static const char wanted[] =
	    ",\"shadow\":{\"compared\":40,\"differed\":3,\"crashed\":1,"
	    "\"untried\":2,\"given_up\":false,\"events\":["
	    "{\"event\":\"answer\",\"compared\":10,\"differed\":3,\"crashed\":"
	    "1}"
	    ",{\"event\":\"hold\",\"compared\":30,\"differed\":0,\"crashed\":0}"
	    "],"
	    "\"differences\":[{\"at_us\":1500000,\"call\":12,\"pid\":\"34.5\","
	    "\"event\":\"answer\",\"state\":\"alerting\","
	    "\"old\":[\"tone 1001 \\\"speech\\\"\",\"status 0\"],"
	    "\"new\":[\"status 101\"]},{\"at_us\":0,\"call\":0,\"pid\":\"0.0\","
	    "\"event\":\"answer\",\"state\":\"\",\"old\":[],"
	    "\"new\":[\"SIGSEGV\"]}]}}";
	struct verdict verdict = { .scenario = "s", .question = "q" };
	struct verdict_upgrade *upgrade;
	char *text;

	(void)state;
	upgrade = verdict_add_upgrade(&verdict, 3, &report);
	assert_non_null(upgrade);
	assert_true(verdict_add_shadow(upgrade, &found));
	text = printed(&verdict);
	if (strstr(text, wanted) == NULL)
		assert_string_equal(text, wanted);
	free(text);
	verdict_clear(&verdict);
}

static void
u13_one_without_a_shadow_run_says_nothing_of_it(void **state)
{
	struct verdict verdict = { .scenario = "s", .question = "q" };
	char *text;

	(void)state;
	assert_non_null(verdict_add_upgrade(&verdict, 3, &report));
	text = printed(&verdict);
	assert_null(strstr(text, "shadow"));
	free(text);
	verdict_clear(&verdict);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u13_programs_get_all_that_was_found),
		cmocka_unit_test(
		    u13_one_without_a_shadow_run_says_nothing_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
