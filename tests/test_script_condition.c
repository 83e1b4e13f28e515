/* What is wrong with a condition is told where it stands, and what is right. */
#include <fnmatch.h>

#include "tests/checked_text.h"

/* U3: what the switch could not ask while calls are upgraded. */
static void
a_condition_of_an_upgrade_is_what_the_switch_can_ask(void **state)
{
	static const char text[] =
	    "upgrade call 2.0 -canary 200%\n"
	    "upgrade call 2.0 -canary 5% -only {$tone eq \"dial\"}\n"
	    "upgrade call 2.0 -canary 5% -only {[foo] eq \"x\"}\n"
	    "upgrade call 2.0 -canary 5% -fail-when {$new_arc < 0.5}\n"
	    "upgrade call 2.0 -canary 5% -fail-when {$new_asr < 0.5}\n";
	char said[2048];

	(void)state;
	check_text(text, false, said, sizeof said);
	assert_non_null(strstr(
	    said, "1: upgrade: '200%' is not a share above 0% and up to 100%"));
	assert_non_null(
	    strstr(said, "2: upgrade: -only: there is no column 'tone'"));
	assert_non_null(strstr(said, "3: upgrade: -only: a command in"));
	assert_non_null(strstr(said,
	    "4: upgrade: -fail-when: there is no column 'new_arc', did you "
	    "mean 'new_asr'?"));
	assert_null(strstr(said, "5: "));
}

/* By line and column: what cannot be read, and what to write instead. */
static void
a_condition_is_told_at_its_place(void **state)
{
	static const struct {
		const char *condition, *wanted;
	} rows[] = {
		{ "$live = 1", "1:19: *\"=\": write == for numbers, eq*" },
		{ "$live == 1 && $live =< 1", "1:33: *: write <=\n" },
		{ "$live => 1", "1:19: *: write >=\n" },
		{ "$live === 1", "1:21: *: write ==\n" },
		{ "$live <> 1", "1:20: *: write != for numbers, ne*" },
		{ "$live == 1 and $lost == 0", "1:24: *\"and\": write &&*" },
		{ "$live == 1 OR $lost == 0", "1:24: *\"OR\": write ||*" },
		{ "not $live", "1:13: *\"not\": write !*" },
		{ "$live is 1", "1:19: *\"is\": write == for numbers*" },
		{ "live == 1", "1:13: *\"live\": a column * $, as in $live\n" },
		{ "$live == 1\n && $x in and", "2:11: *\"and\": *&&*" },
		{ "\"eq busy\" eq busy", "1:26: *text wants quotes, as in*" },
		{ "$live == 'a'", "1:22: *\"'\": a text wants double quotes*" },
		{ "$live == 1,5", "1:23: *: decimals have a point*" },
		{ "$c.live == 1", "1:15: *: a column has no name in front*" },
		{ "$live == 5 ms",
		    "1:24: *\"ms\": columns are plain numbers*" },
		{ "$live < 5%", "1:23: *: a share is a plain number*" },
		{ "$live < 5% && $lost",
		    "1:24: *: a share is a plain number*" },
		{ "$live == 1 $lost == 2",
		    "1:24: *: conditions are joined by*" },
		{ "($live == 1", "1:13: *unbalanced open paren\n" },
		{ "$live in {1)} || 1)", "1:31: *unbalanced close paren\n" },
		{ "$live eq \"a", "1:22: *missing \"\n" },
		{ "length($live)",
		    "1:13: there is no function 'length', there*" },
		{ "$live == max(1, 2)", "1:22: there is no function 'max', *" },
		{ "$live == sqr(4)", "1:22: there is no function 'sqr', did*" },
		{ "[nota] eq sqrt(4)", "1:14: unknown command 'nota'*" },
	};
	static char text[256], said[2048];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		(void)snprintf(
		    text, sizeof text, "expect run {%s}\n", rows[i].condition);
		check_text(text, true, said, sizeof said);
		if (fnmatch(rows[i].wanted, said, 0) != 0)
			fail_msg("{%s}: %s", rows[i].condition, said);
	}
}

static void
what_a_column_cannot_be_is_told(void **state)
{
	(void)state;
	says("expect run {$live == \"few\"}\n",
	    "1: 'live' is a number, 'few' is none\n");
	says("call c 1 2\nexpect cdr c {\"busy\" eq $cause}\n",
	    "2: 'cause' is a number, 'busy' is none: user busy is {$cause == "
	    "17}\n");
	says("expect run {$charge_micro == 0.05}\n",
	    "1: 'charge_micro' counts millionths: 0.05 is 50000 there\n");
	says("traffic t -rate 1/s\nthreshold traffic t {$asr > 60}\n",
	    "2: 'asr' is a share from 0 to 1: 60% is 0.6 there\n");
	says("expect line 1 {!$tone && $calls}\n",
	    "1: 'tone' of line is a text, neither true nor false: ask which, "
	    "as in {$tone eq \"...\"}\n");
	says("expect line 1 {$tone}\nexpect line 1 {$tone eq \"dial\"}\n",
	    "1: 'tone' of line is a text, neither true nor false: ask which, "
	    "as in {$tone eq \"...\"}\n");
	says("expect run {$live == 1e2 && $live == -1 && $cdrs eq 2}\n", "");
}

static void
a_condition_wants_braces(void **state)
{
	static const char *const texts[] = {
		"expect run $live == 2\n",
		"never run \"$live == 2\"\n",
		"threshold run $live < 3\n",
	};
	static char said[2048];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		check_text(texts[i], false, said, sizeof said);
		if (fnmatch("1: *: a condition stands in braces, as in {$live "
			    "...}\n",
			said, 0) != 0 ||
		    said[strcspn(said, "\n") + 1] != '\0')
			fail_msg("%s: %s", texts[i], said);
	}
	says("set live {$cdrs == 0}\nexpect run $live\n", "");
}

static void
conditions_know_their_columns(void **state)
{
	(void)state;
	says("expect line 1 {$ton eq \"dial\"}\n",
	    "1: 'line' has no column 'ton', did you mean 'tone'?\n");
	says("expect line 1 {$tone == \"dial\"}\n",
	    "1: 'tone' of line is a text: compare it with eq, ne or in, not "
	    "with ==\n");
	says("expect line 1 {1 && \"dial\" != $tone}\n",
	    "1: 'tone' of line is a text: compare it with eq, ne or in, not "
	    "with !=\n");
	says("param calls 3\nexpect line 1 {$calls == 3}\n",
	    "param 1: calls\n"
	    "2: 'calls' is a column of line and a variable of this scenario: "
	    "give the variable another name\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_condition_of_an_upgrade_is_what_the_switch_can_ask),
		cmocka_unit_test(a_condition_is_told_at_its_place),
		cmocka_unit_test(what_a_column_cannot_be_is_told),
		cmocka_unit_test(a_condition_wants_braces),
		cmocka_unit_test(conditions_know_their_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
