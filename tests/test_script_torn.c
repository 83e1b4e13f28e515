/* What opens and is never closed is told where it opens, and the rest too. */
#include "tests/checked_text.h"

static void
tells(const char *text, const char *wanted)
{
	static char said[4096];

	check_text(text, true, said, sizeof said);
	assert_string_equal(said, wanted);
}

static void
what_is_never_closed_is_told_where_it_opens(void **state)
{
	(void)state;
	tells("note a\nif 1 {\n",
	    "2:6: missing close-brace: nothing closes the { that stands "
	    "here\n");
	tells("note [advance\n",
	    "1:6: missing close-bracket: nothing closes the [ that stands "
	    "here\n");
	tells("note \"a\n",
	    "1:6: missing \": nothing ends the text that begins here\n");
}

static void
what_follows_it_is_looked_at_too(void **state)
{
	(void)state;
	tells("expect run {$live == 0\nadvance\n",
	    "1:12: missing close-brace: nothing closes the { that stands "
	    "here\n"
	    "2:1: advance: DUR is missing; usage: advance DUR\n");
	tells("at 5s {\n"
	      "  if {1 == 2} {\n"
	      "    advence 1s\n"
	      "}\n"
	      "advance\n",
	    "1:7: missing close-brace: nothing closes the { that stands "
	    "here\n"
	    "3:5: unknown command 'advence', did you mean 'advance'?\n"
	    "5:1: advance: DUR is missing; usage: advance DUR\n");
	/* What is made behind it is known in front of it. */
	tells("talk\nnote \"a\nproc talk {} {note b}\n",
	    "2:6: missing \": nothing ends the text that begins here\n");
}

static void
what_stands_behind_what_is_closed_is_told(void **state)
{
	(void)state;
	tells("note \"a\"b\nadvance\n",
	    "1:9: extra characters after close-quote: a space is missing "
	    "behind the text\n"
	    "2:1: advance: DUR is missing; usage: advance DUR\n");
	tells("at 5s {\n  note a\n}}\n",
	    "3:2: extra characters after close-brace: one } less, or a space "
	    "in front of it\n");
	tells("if {1 == 2}{\n  note a\n}\n",
	    "1:12: extra characters after close-brace: a space is missing "
	    "behind the }\n");
	tells("expect run ($live eq \"0\")\n",
	    "1:25: extra characters after close-quote: a condition stands in "
	    "braces, not in parentheses\n");
}

/* Each costs a look at all that follows: a text of them must not take hours. */
static void
there_is_an_end_to_it(void **state)
{
	static char text[8000], said[1 << 16];
	unsigned int i, told = 0;
	const char *at;

	(void)state;
	for (i = 0; i + 3 < sizeof text; i += 2)
		(void)memcpy(text + i, "{\n", 3);
	check_text(text, true, said, sizeof said);
	for (at = said; (at = strstr(at, "close-brace")) != NULL; at++)
		told++;
	assert_in_range(told, 1, 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_never_closed_is_told_where_it_opens),
		cmocka_unit_test(what_follows_it_is_looked_at_too),
		cmocka_unit_test(what_stands_behind_what_is_closed_is_told),
		cmocka_unit_test(there_is_an_end_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
