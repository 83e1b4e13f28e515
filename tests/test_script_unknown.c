/* What people bring along from other languages is told in the words of this. */
#include <fnmatch.h>

#include "tests/checked_text.h"

/* A line, and what is said of it: with its column, a pattern. */
static const struct {
	const char *text, *wanted;
} rows[] = {
	{ "puts hello", "1:1: unknown command 'puts', did you mean 'note'?\n" },
	{ "wait 5s", "1:1: unknown command 'wait', did you mean 'advance'?\n" },
	{ "sleep 5", "*did you mean 'advance'?\n" },
	{ "assert {1}", "*did you mean 'expect'?\n" },
	{ "subscriber 1001", "*did you mean 'lines'?\n" },
	{ "disconnect 1001", "*did you mean 'hangup'?\n" },
	{ "source a.tcl", "*did you mean 'include'?\n" },
	{ "def f {} {}", "*did you mean 'proc'?\n" },
	{ "exec ls", "1:1: *'exec': a scenario reaches no file, process*\n" },
	{ "set x [open f]", "1:8: *'open': a scenario reaches no file*\n" },
	{ "exit", "*'exit': `return` ends a scenario\n" },
	{ "// mine", "1:1: *'//': a remark begins with #\n" },
	{ "//mine", "1:1: *'//mine': a remark begins with #\n" },
	{ "x = 5", "1:1: *'x': a variable is made by `set NAME VALUE`\n" },
	{ "set x 1\n$x = 5", "2:1: a variable is made by `set NAME VALUE`\n" },
	{ "set x = 5", "1:1: set: too many words: there is no =;*VALUE\n" },
	{ "advance(5s)", "1:1: *: its words stand behind it, with spaces*\n" },
	{ "proc f(a, b) {note a}", "1:6: proc: its words stand in braces*\n" },
	{ "at 5s\n{note a}", "*2:1: this is no command: the { of a body*\n" },
	{ "else {note a}",
	    "1:1: *it stands on the line of the } before it*\n" },
	{ "note a }", "1:8: note: too many words *" },
	{ "}",
	    "1:1: unknown command '}': a body ends with one } of its own\n" },
	{ "if (1 == 2) {note a}", "1:4: if: a condition stands in braces;*" },
	{ "set x 1\nif $x == 2 {note a}",
	    "2:4: if: a condition stands in braces;*" },
	{ "if {1 == 2}", "1:1: if: a body is missing;*" },
	{ "if {1 == 2} note a", "1:13: if: a body stands in braces;*" },
	{ "if {1 == 2} {note a} else if {3} {note b}",
	    "1:27: if: write elseif for else if;*" },
	{ "if {1 == 2} {note a} elif {3} {note b}",
	    "1:22: if: write elseif;*" },
	{ "if {1 == 2} {} else {} {}", "1:24: if: this is too much behind*" },
	{ "set x 1\nwhile $x < 5 {note a}",
	    "2:1: while: too many words: a condition*" },
	{ "foreach n in {1 2} {note a}", "1:1: foreach: *: there is no in;*" },
	{ "for i {1 2} {note a}", "1:1: for: too few words: a condition*" },
	{ "incr", "1:1: incr: too few words; usage: incr NAME ?N?\n" },
	{ "note a # mine", "1:8: note: too many words (a remark behind*;#)*" },
	{ "audit note b", "1:7: audit: too many words (each command has*" },
};

static void
each_is_told_in_the_words_of_this(void **state)
{
	static char text[256], said[4096];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		(void)snprintf(text, sizeof text, "%s\n", rows[i].text);
		check_text(text, true, said, sizeof said);
		if (fnmatch(rows[i].wanted, said, 0) != 0)
			fail_msg("%s\n%s", rows[i].text, said);
	}
}

static void
what_is_sound_is_not_told(void **state)
{
	static const char *const texts[] = {
		"if {1 == 2} then {note a} else {note b}\n",
		"if {1 == 2} {note a} {note b}\n",
		"if {1 == 2} {note a} elseif {2 == 3} {note b}\n",
		"set body a\nset other b\nif {1 == 2} $body else $other\n",
		"foreach {a b} {1 2} c {3 4} {note $a}\n",
		"for {set i 0} {$i < 3} {incr i} {note $i}\n",
		"set x 5\nset x\nincr x\nincr x 2\n",
		"set loop {0 {}}\nset {*}$loop\nwhile {*}$loop\n",
	};
	static char said[4096];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		check_text(texts[i], true, said, sizeof said);
		if (said[0] != '\0')
			fail_msg("%s%s", texts[i], said);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_told_in_the_words_of_this),
		cmocka_unit_test(what_is_sound_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
