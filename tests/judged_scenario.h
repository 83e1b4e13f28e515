/*
 * judged_scenario: a scenario's text and what its verdict must be, for tests.
 */
#ifndef TESTS_JUDGED_SCENARIO_H
#define TESTS_JUDGED_SCENARIO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/run_scenario.h"

static inline void
judged_passes(const char *name, const char *text)
{
	struct ran ran;

	assert_int_equal(run_text(&ran, name, text), 0);
	if (ran.verdict.failures_count > 0)
		fail_msg("%u: %s", ran.verdict.failures[0].line,
		    ran.verdict.failures[0].text);
	assert_true(verdict_passed(&ran.verdict));
	forget_run(&ran);
}

/* One of its failures is at that line and has these words. */
static inline void
judged_fails(
    const char *name, const char *text, unsigned int line, const char *words)
{
	struct ran ran;
	unsigned int i;

	assert_int_equal(run_text(&ran, name, text), 0);
	assert_false(verdict_passed(&ran.verdict));
	for (i = 0; i < ran.verdict.failures_count; i++)
		if (ran.verdict.failures[i].line == line &&
		    strstr(ran.verdict.failures[i].text, words) != NULL)
			break;
	if (i == ran.verdict.failures_count)
		fail_msg("nothing at line %u says '%s', but line %u: %s", line,
		    words, ran.verdict.failures[0].line,
		    ran.verdict.failures[0].text);
	forget_run(&ran);
}

#endif
