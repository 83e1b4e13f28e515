/*
 * U3: conditions of an upgrade, held against what Tcl itself says.
 */
#include "sim/condition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <tcl.h>

#include "switch/object.h"
#include "tests/condition_columns.h"

static struct condition *
compile(const char *text)
{
	struct condition *condition = NULL;
	char why[256] = "";

	if (condition_compile(&condition, text, &columns, why, sizeof why) != 0)
		fail_msg("%s: %s", text, why);
	return condition;
}

static bool
ask(const char *text, const struct condition_value *values)
{
	struct condition *condition = compile(text);
	bool holds = condition_holds(condition, values);

	condition_free(&condition);
	assert_null(condition);
	return holds;
}

static void
agree(Tcl_Interp *interp, const char *text)
{
	struct condition_value values[COLUMNS];
	int expected;

	fill(values);
	if (Tcl_ExprBoolean(interp, text, &expected) != TCL_OK)
		fail_msg("%s: %s", text, Tcl_GetStringResult(interp));
	if (ask(text, values) != (expected != 0))
		fail_msg("%s: Tcl says %d", text, expected);
}

static Tcl_Interp *
make_interpreter(void)
{
	static const char *const names[COLUMNS] = { "calling", "class", "calls",
		"crashes", "asr", "old_asr" };
	Tcl_Interp *interp;
	unsigned int i;

	Tcl_FindExecutable(NULL);
	interp = Tcl_CreateInterp();
	for (i = 0; i < COLUMNS; i++)
		assert_non_null(Tcl_SetVar(interp, names[i], words[i], 0));
	return interp;
}

static void
u3_a_condition_means_what_it_means_in_tcl(void **state)
{
	static const char *const texts[] = { "1", "0", "0.0", ".5", "1e0",
		"true", "no || on", "$calls", "!$calls", "!!$calls",
		"$calls == 7", "$calls==7&&$asr<.5", "$calls != 7",
		"$calls >= 7 && $calls <= 7", "$calls > 7 || $calls < 7",
		"$calls / 2 == 3", "$crashes / 2 == -2", "$crashes % 2 == 1",
		"7 % -2 == -1", "-7 / -2 == 3", "$calls / 2.0 == 3.5",
		"1 + 2 * 3 == 7", "(1 + 2) * 3 == 9", "10 - 3 - 2 == 5",
		"2 * 3 % 4 == 2", "-$calls + 10 == 3", "- -3 == 3",
		"+$calls == 7", "!0 + 1 == 2", "-2 < -1", "3--2 == 5",
		"0x10 == 16", "010 == 8", "0b101 == 5", "0o17 == 15",
		"1e3 == 1000", "1.5e+2 == 150", "2.5E-1 == 0.25",
		"$asr < $old_asr - 0.05", "$asr == .25", "$asr * 4 == 1",
		"9007199254740993 == 9007199254740992.0",
		"9223372036854775807 + 1 > 9223372036854775807",
		"9223372036854775807 * 2 > 1e18", "$class eq \"ordinary\"",
		"$class ne {ordinary}", "$calling eq \"8\"", "$calling eq {10}",
		"\"a b\" eq {a b}", "{} eq \"\"", "$class in {test ordinary}",
		"$class ni {test ordinary}", "$class in {}",
		"$class in \"ordinary\"", "$class in {\n ordinary\ttest }",
		"$calling in {10 8}", "1 in {1 2}", "1 ? 0 : 1",
		"0 ? 1 : 0 ? 0 : 1", "1 ? 0 ? 0 : 1 : 0",
		"$calls > 3 ? $asr > 1 : 1",
		"($calls > 3 ? $class : \"test\") eq \"ordinary\"",
		"0 || 1 && 0", "1 || 0 && 0", "(1 || 0) && 0", "1 < 2 == 1",
		"1 == 1 != 0", "!$calls == 0", "\"a\" eq \"a\" == 1",
		"${calls} == 7", "((((1))))", "1 && !0 && 1",
		"$calls > 5 || $asr < $old_asr - 0.05 || "
		"$asr > 2 * $old_asr" };
	Tcl_Interp *interp = make_interpreter();
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
		agree(interp, texts[i]);
	Tcl_DeleteInterp(interp);
}

/*
 * Every pair of operators, so that no precedence is left out: those that
 * Tcl and the kinds of their operands allow.
 */
static void
u3_operators_bind_as_in_tcl(void **state)
{
	static const char *const signs[] = { "*", "/", "%", "+", "-", "<", ">",
		"<=", ">=", "==", "!=", "&&", "||" };
	enum { SIGNS = sizeof signs / sizeof signs[0] };
	Tcl_Interp *interp = make_interpreter();
	unsigned int i, j;
	char text[64];

	(void)state;
	for (i = 0; i < SIGNS; i++)
		for (j = 0; j < SIGNS; j++) {
			(void)snprintf(text, sizeof text, "(2 %s 3 %s 5) == 0",
			    signs[i], signs[j]);
			agree(interp, text);
			(void)snprintf(text, sizeof text,
			    "1 %s 3 %s !1 ? 0 : 2 %s 2", signs[i],
			    strchr("/%", *signs[j]) ? "*" : signs[j], signs[i]);
			agree(interp, text);
		}
	Tcl_DeleteInterp(interp);
}

static void
u3_what_is_not_known_passes_no_limit(void **state)
{
	static const char *const texts[] = { "$asr < 1", "$asr > 0",
		"$asr == $asr", "$asr != 1", "$asr", "!$asr", "$asr - 1 < 0",
		"$asr < $old_asr - 0.05", "-$asr < 1", "$calls / 0 == 0",
		"$calls % 0 != 1", "$asr % 2 != 9", "$class eq \"a\"",
		"$class ne \"a\"", "$class in {a}", "$class ni {a}",
		"\"a\" ne $class", "$asr && 1", "$asr ? 1 : 0" };
	struct condition_value values[COLUMNS];
	unsigned int i;

	(void)state;
	fill(values);
	values[ASR] = condition_real((double)NAN);
	values[CLASS] = condition_text(NULL);
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (ask(texts[i], values))
			fail_msg("%s holds", texts[i]);
	assert_true(ask("$asr < 1 || $calls == 7", values));
	assert_true(ask("!($asr < 1)", values));
}

static void
numbers_that_do_not_fit_do_no_harm(void **state)
{
	static const char *const texts[] = {
		"$calls / -1 > 9223372036854775806",
		"-$calls > 9223372036854775806", "$calls % -1 == 0",
		"$calls - 1 < -9223372036854775807"
	};
	struct condition_value values[COLUMNS];
	unsigned int i;

	(void)state;
	fill(values);
	values[CALLS].integer = INT64_MIN;
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (!ask(texts[i], values))
			fail_msg("%s does not hold", texts[i]);
	values[CALLS] = condition_integer(UINT64_MAX);
	assert_true(ask("$calls > 9223372036854775807", values));
}

static void
refused(const char *text, const char *clause)
{
	struct condition *condition = NULL;
	char why[512] = "";

	if (condition_compile(&condition, text, &columns, why, sizeof why) == 0)
		fail_msg("%s was taken", text);
	assert_null(condition);
	if (strstr(why, clause) == NULL)
		fail_msg("%s: '%s' does not say '%s'", text, why, clause);
}

static void
u3_what_cannot_be_asked_is_refused_with_what_to_write(void **state)
{
	(void)state;
	refused("", "it is empty");
	refused(" \n", "it is empty");
	refused("$class == \"test\"", "'class' is a text: compare it with eq");
	refused("$calls + $class > 1", "'class' is a text");
	refused("$class", "'class' is a text");
	refused("$calls eq 7", "'eq' compares texts: write ==");
	refused("$calls in {7 8}", "'in' compares texts: write ==");
	refused("$class in $calling", "a list of plain words in braces");
	refused("$class in {{a b} c}", "a list of plain words in braces");
	refused("$callz == 1", "did you mean 'calls'?");
	refused("$limit == 1", "of a variable write the value");
	refused("$::calls == 1", "of a variable write the value");
	refused("$calls(1) == 1", "is no column");
	refused("[clock seconds] > 1", "a command in brackets");
	refused("$calls > \"$x\"", "'$' in a text");
	refused("$class eq {a\\b}", "a text in braces with a \\");
	refused("abs($crashes) > 1", "'abs' is a function");
	refused("$calls ** 2 > 1", "'*");
	refused("$calls << 2", "<");
	refused("$calls & 1", "an operator is missing before '& 1'");
	refused("~$calls", "'~");
	refused("$calls = 7", "write == for numbers, eq for texts");
	refused("$asr < 5%", "a share is a plain number here");
	refused("$asr <", "it ends where a value is missing");
	refused("$asr < 400ms", "columns are plain numbers");
	refused("$class eq test", "a text wants quotes");
	refused("$calls == 08", "'08' is no number");
	refused("$calls 7", "an operator is missing before '7'");
	refused("($calls == 7", "a ) is missing at the end");
	refused("$calls == 7)", "a ) has no ( before it");
	refused("$calls ? 1", "a ? has no :");
	refused("1 : 2", "a : has no ?");
	refused("$calls ? $class : 1", "'?:' is a text");
	refused("$calls ? $class : $calls", "a text and a number");
	refused("$class eq \"test", "a \" is missing at the end");
	refused("$class eq {test", "a } is missing at the end");
	refused("$calls == \"seven\"",
	    "'seven' is a text: compare it with eq, ne or in, not "
	    "with ==");
	refused("$", "is no column");
}

static void
what_is_too_long_is_refused_and_overruns_nothing(void **state)
{
	char text[4096];
	unsigned int i;

	(void)state;
	memset(text, '(', sizeof text);
	text[sizeof text - 1] = '\0';
	refused(text, "it is nested too deep");
	memset(text, '!', sizeof text - 1);
	refused(text, "it is nested too deep");
	for (i = 0; i + 3 < sizeof text; i += 2)
		memcpy(text + i, "1+", 2);
	text[i - 1] = '\0';
	refused(text, "it is too long");
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	refused(text, "is no operator");
	text[0] = '$';
	refused(text, "is no column");
}

static void
only_what_is_mentioned_is_asked_for(void **state)
{
	struct condition *condition = compile("$asr < 1 && $class eq \"test\"");

	(void)state;
	assert_int_equal(condition_columns_count(condition), COLUMNS);
	assert_true(condition_mentions(condition, ASR));
	assert_true(condition_mentions(condition, CLASS));
	assert_false(condition_mentions(condition, CALLING));
	assert_false(condition_mentions(condition, OLD_ASR));
	condition_free(&condition);
	condition_free(&condition);
}

static void
without_memory_it_is_refused(void **state)
{
	struct condition *condition = NULL;
	char why[64];
	long i;

	(void)state;
	for (i = 0;; i++) {
		object_fail_after(i);
		if (condition_compile(&condition, "$calls == 7", &columns, why,
			sizeof why) == 0)
			break;
		assert_string_equal(why, "no memory is left");
		assert_null(condition);
	}
	object_fail_after(-1);
	assert_int_equal(i, 3);
	condition_free(&condition);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u3_a_condition_means_what_it_means_in_tcl),
		cmocka_unit_test(u3_operators_bind_as_in_tcl),
		cmocka_unit_test(u3_what_is_not_known_passes_no_limit),
		cmocka_unit_test(numbers_that_do_not_fit_do_no_harm),
		cmocka_unit_test(
		    u3_what_cannot_be_asked_is_refused_with_what_to_write),
		cmocka_unit_test(
		    what_is_too_long_is_refused_and_overruns_nothing),
		cmocka_unit_test(only_what_is_mentioned_is_asked_for),
		cmocka_unit_test(without_memory_it_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
