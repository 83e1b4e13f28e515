/* The language explained: every word of it, out of its own tables. */
#include "sim/manual.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/command.h"
#include "sim/noun.h"

/* What is printed about a word; the caller frees it. */
static char *
explained(const char *word)
{
	char *text = NULL, why[256];
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(manual_word(out, word, why, sizeof why), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
says(const char *word, const char *wanted)
{
	char *text = explained(word);

	if (strstr(text, wanted) == NULL)
		fail_msg("'%s' is not in: %s", wanted, text);
	free(text);
}

static void
a_command_is_explained_with_its_kinds_of_words(void **state)
{
	(void)state;
	says("expect", "  expect SUBJECT ?STATE? ?COND? ?-within DUR?\n");
	says("expect", "\n  DUR       a duration, as in 250ms 2s 5m 1h\n");
	says("expect",
	    "\n      version MODULE VERSION\n"
	    "          states    absent old current\n"
	    "          numbers   holders calls events ended crashes unexpected "
	    "asr abr ner\n"
	    "                    pdd_p95_ms acd_s charge_micro\n");
	says("fault", "setup offhook onhook");
	says("allow", "rolled-back unexpected-signal");
	says("traffic", "uniform:5s-20s");
}

static void
a_noun_is_explained_too(void **state)
{
	(void)state;
	says("cdr", "release_side disposition");
	says("traffic", "'traffic' as a subject");
}

/* And a kind of word but once. */
static void
every_word_of_the_language_is_explained(void **state)
{
	unsigned int i;
	char *text;

	(void)state;
	for (i = 0; i < command_count(); i++) {
		text = explained(command_at(i)->name);
		assert_non_null(strstr(text, command_at(i)->help));
		free(text);
	}
	for (i = 0; i < NOUNS_COUNT; i++)
		free(explained(noun_at((enum noun_number)i)->name));
	text = explained("call");
	assert_non_null(strstr(text, "  FROM  "));
	assert_null(strstr(strstr(text, "  FROM  ") + 1, "  FROM  "));
	free(text);
}

static void
a_word_that_is_none_is_refused(void **state)
{
	char why[256];

	(void)state;
	assert_int_equal(
	    manual_word(stdout, "expct", why, sizeof why), -ENOENT);
	assert_string_equal(
	    why, "no command or noun is 'expct', did you mean 'expect'?");
	assert_int_equal(
	    manual_word(stdout, "12345", why, sizeof why), -ENOENT);
	assert_non_null(strstr(why, "--help names the commands"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_command_is_explained_with_its_kinds_of_words),
		cmocka_unit_test(a_noun_is_explained_too),
		cmocka_unit_test(every_word_of_the_language_is_explained),
		cmocka_unit_test(a_word_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
