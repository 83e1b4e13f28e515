/* What the operator asks for has a row each, with its answer. */
#include "sim/command_record.h"

#include "tests/rows_of_run.h"

#define TOP "# Is it so?\nmodule call 1.0\nlines 1000-1009\n"

static void
run_it(struct ran *ran, const char *text)
{
	assert_int_equal(run_text(ran, "test_command_record", text), 0);
}

static void
what_changes_the_switch_has_a_row_and_what_looks_has_none(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    TOP "seed 1\nparam x 1\nphase {the first call}\n"
		"call c 1001 1002\nadvance 1500ms\nexpect c alerting\n"
		"show c\nnever c active -for 500ms\naudit\n"
		"answer 1002\nhangup 1001\nhangup 1002\n");
	assert_rows(&ran,
	    "SELECT line || ' ' || command || ' ' || text FROM command"
	    " ORDER BY number",
	    "2 module call 1.0|3 lines 1000-1009|6 phase {the first call}|"
	    "7 call c 1001 1002|13 answer 1002|14 hangup 1001|"
	    "15 hangup 1002");
	assert_rows(&ran,
	    "SELECT group_concat(t_command) FROM command WHERE line >= 7",
	    "0,2000000,2000000,2000000");
	assert_rows(&ran, "SELECT DISTINCT who || is_refused FROM command",
	    "scenario0");
	forget_run(&ran);
}

static void
the_answer_is_what_was_answered_also_by_an_upgrade_or_a_refusal(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    TOP "upgrade call 2.0\ncatch {answer 1005}\nlines 2000-2001\n");
	assert_rows(&ran,
	    "SELECT is_refused || ' ' || answer FROM command"
	    " WHERE command IN ('upgrade', 'answer') ORDER BY number",
	    "0 installed|"
	    "1 answer: line 1005 is idle: nothing rings there");
	forget_run(&ran);
}

/* A refused one says nothing about the office. */
static void
the_data_of_the_office_are_in_force_from_when_they_were_given(void **state)
{
	struct ran ran;

	(void)state;
	run_it(&ran,
	    TOP "tariff town -first 0.05/60s\nadvance 1s\n"
		"lines 2000-2009 -kind isdn -tariff town\n"
		"catch {lines 1000-1005}\n");
	assert_rows(&ran,
	    "SELECT t_office || ' ' || kind || ' ' || name || ':' || data"
	    " FROM office ORDER BY number",
	    "0 module call:1.0|0 lines 1000-1009:|"
	    "0 tariff town:-first 0.05/60s|"
	    "1000000 lines 2000-2009:-kind isdn -tariff town");
	forget_run(&ran);
}

static void
a_text_that_is_too_long_is_cut(void **state)
{
	char text[2 * COMMAND_TEXT_SIZE] = TOP "note ", expected[16];
	size_t length = strlen(text);
	struct ran ran;

	(void)state;
	memset(text + length, 'x', COMMAND_TEXT_SIZE);
	strcpy(text + length + COMMAND_TEXT_SIZE, "\n");
	run_it(&ran, text);
	snprintf(expected, sizeof expected, "%d", COMMAND_TEXT_SIZE - 1);
	assert_rows(&ran,
	    "SELECT length(text) FROM command WHERE command = 'note'",
	    expected);
	forget_run(&ran);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_changes_the_switch_has_a_row_and_what_looks_has_none),
		cmocka_unit_test(
		    the_answer_is_what_was_answered_also_by_an_upgrade_or_a_refusal),
		cmocka_unit_test(
		    the_data_of_the_office_are_in_force_from_when_they_were_given),
		cmocka_unit_test(a_text_that_is_too_long_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
