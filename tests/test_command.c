/* What may follow each command, and what is said of what may not. */
#include "sim/command.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sim/noun.h"

enum { WORDS_MAX = 12 };

struct match {
	struct arguments arguments;
	char why[512];
	char line[256];
	const char *words[WORDS_MAX];
};

/* A command as it is typed, cut at blanks; `$x` is a word not yet known. */
static int
match_line(struct match *match, const char *line, bool is_open)
{
	const struct command *command;
	unsigned int count = 0;
	char *word, *rest;

	(void)strcpy(match->line, line);
	match->why[0] = '\0';
	command = command_find(strtok_r(match->line, " ", &rest));
	assert_non_null(command);
	while ((word = strtok_r(NULL, " ", &rest)) != NULL)
		match->words[count++] = word[0] == '$' ? NULL : word;
	return command_match(command,
	    &(struct command_words){ match->words, count, is_open },
	    &match->arguments, match->why, sizeof match->why);
}

static void
takes(const char *line)
{
	struct match match;
	int result = match_line(&match, line, false);

	assert_string_equal(match.why, "");
	assert_int_equal(result, 0);
}

static void
refuses(const char *line, const char *why)
{
	struct match match;

	assert_int_equal(match_line(&match, line, false), -EINVAL);
	assert_string_equal(match.why, why);
}

static void
every_usage_can_be_read(void **state)
{
	const char *nothing[1] = { NULL };
	struct arguments arguments;
	char why[512];
	unsigned int i;

	(void)state;
	for (i = 0; i < command_count(); i++)
		(void)command_match(command_at(i),
		    &(struct command_words){ nothing, 0, true }, &arguments,
		    why, sizeof why);
	assert_true(command_count() > 25);
}

static void
words_go_to_their_places(void **state)
{
	struct match match;

	(void)state;
	assert_int_equal(
	    match_line(&match, "dial c.a 1002 -every 200ms", false), 0);
	assert_string_equal(match.arguments.positional[0], "c.a");
	assert_string_equal(match.arguments.positional[1], "1002");
	assert_string_equal(
	    arguments_option(&match.arguments, "-every"), "200ms");
	assert_null(arguments_option(&match.arguments, "-within"));
	assert_int_equal(match.arguments.types[0], ARGUMENT_PARTY);
	assert_int_equal(match.arguments.types[3], ARGUMENT_DUR);
}

static void
a_subject_takes_its_keys_a_state_and_a_condition(void **state)
{
	struct match match;

	(void)state;
	assert_int_equal(
	    match_line(
		&match, "expect version call 2.0 old {$x} -within 2s", false),
	    0);
	assert_int_equal(match.arguments.noun->number, NOUN_version);
	assert_string_equal(match.arguments.key, "call");
	assert_string_equal(match.arguments.second_key, "2.0");
	assert_string_equal(match.arguments.state, "old");
	assert_string_equal(match.arguments.condition, "{$x}");
	assert_int_equal(match_line(&match, "expect c active", false), 0);
	assert_int_equal(match.arguments.noun->number, NOUN_call);
	assert_string_equal(match.arguments.key, "c");
}

static void
good_words_are_taken(void **state)
{
	(void)state;
	takes("lines 0100-0199 -kind isdn");
	takes("upgrade call faulty/loses-field -background");
	takes("expect upgrade rolled-back");
	takes("allow rolled-back -count 1-5");
	takes("race {a} {b} {c} {d}");
	takes("audit");
	takes("versions");
	takes("traffic t -from 1-5 -to 6-9 -rate 2/m -hold exp:90s");
}

static void
each_mistake_is_told_with_what_was_expected(void **state)
{
	(void)state;
	refuses("advance 3x",
	    "advance: '3x' is not a duration, as in 250ms 2s 5m 1h");
	refuses("call c 1001",
	    "call: NUMBER is missing; usage: call NAME FROM NUMBER "
	    "?-overlap DUR? ?-calling DIGITS? ?-circuit N? ?-hops HOPS?");
	refuses("audit now", "audit: too many words; usage: audit");
	refuses("lines 1-5 -knd isdn",
	    "lines: unknown option '-knd', did you mean '-kind'?");
	refuses("lines 1-5 -kind isdm",
	    "lines: unknown word 'isdm', did you mean 'isdn'?");
	refuses("expect line 1001 bussy",
	    "expect: unknown word 'bussy', did you mean 'busy'?");
	refuses("expect line", "expect: 'line' wants NUMBER behind it");
	refuses("expect run running",
	    "expect: 'run' has no states, expected a condition in braces");
	refuses("call line 1 2",
	    "call: 'line' is a word of the language and cannot be a name");
	refuses("hangup 1001 now",
	    "hangup: too many words; usage: hangup PARTY ?-cause CAUSE?");
	refuses("answer c.d",
	    "answer: 'c.d' is not the number of a line, or a "
	    "side of a call, as in c.a");
	refuses("reject 1001 -cause 128",
	    "reject: '128' is not a cause of Q.850, as in 16 17 21 31");
	refuses("stop t -now -now", "stop: option '-now' stands twice");
	refuses("advance -fast", "advance: DUR is missing; usage: advance DUR");
	refuses("never c treated -for",
	    "never: -for DUR is missing; usage: never "
	    "SUBJECT ?STATE? ?COND? ?-for DUR?");
	refuses("at soon {}",
	    "at: 'soon' is not a time of the run, as in 10m, or from now, as "
	    "in +10m");
	refuses("upgrade call ../2.0",
	    "upgrade: '../2.0' is not a version, as in 2.0 or "
	    "faulty/wrong-abi");
}

static void
what_is_not_known_yet_fits_everywhere(void **state)
{
	struct match match;

	(void)state;
	takes("advance $time");
	takes("call c $from $to");
	takes("lines 1-5 -kind $kind");
	takes("expect $subject active {$x}");
	assert_int_equal(match_line(&match, "call c", true), 0);
	refuses("advance $time $more",
	    "advance: too many words; usage: advance DUR");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_usage_can_be_read),
		cmocka_unit_test(words_go_to_their_places),
		cmocka_unit_test(
		    a_subject_takes_its_keys_a_state_and_a_condition),
		cmocka_unit_test(good_words_are_taken),
		cmocka_unit_test(each_mistake_is_told_with_what_was_expected),
		cmocka_unit_test(what_is_not_known_yet_fits_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
