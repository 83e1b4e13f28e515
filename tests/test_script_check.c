/* What is wrong with a text is found before it runs: by line, all of it. */
#include <errno.h>

#include "sim/command.h"
#include "switch/nearest.h"
#include "tests/checked_text.h"

static void
nothing_is_said_of_a_sound_text(void **state)
{
	(void)state;
	/* Variables whose names are made at run time; elements of arrays. */
	says("set $n 5\nexpect run {$live == $anything}\n", "");
	says("dict with row {expect run {$live == $key}}\n", "");
	says(
	    "set who($n) 5\nset all(a) 1\nexpect run {$live == $all(a)}\n", "");
	says("set who($n) 5\nset x 1\nexpect run {$live == $who(a) && $lvie}\n",
	    "3: 'run' has no column 'lvie', did you mean 'live'?\n");
	/* Commands that are made at run time. */
	says("foreach n {a b} {proc ring_$n {} {note $n}}\nring_a\n", "");
	says("eval \"proc own {} {note $n}\"\nown\n", "");
	says("namespace eval n {proc f {} {}; namespace export f}\n"
	     "namespace import n::f\nf\n",
	    "");
	says("# q?\n"
	     "param many 3\n"
	     "proc dial_all {from} {\n"
	     "	foreach to {1002 1003} {call c$to $from $to}\n"
	     "}\n"
	     "dial_all 1001\n"
	     "expect whatever active\n" /* names are made at run time */
	     "expect run {$live == $many && $live < 10}\n"
	     "switch -exact -- $many {\n"
	     "	3 {advance 1s}\n"
	     "	default -\n"
	     "}\n"
	     "set list [lmap x {1 2} {expr {$x + 1}}]\n"
	     "advance {*}$list\n"
	     "namespace eval own {proc f {} {note a}}\n"
	     "own::f\n"
	     "eval hangup 1001\n" /* words that are one script */
	     "uplevel #0 hangup 1001; namespace eval own hangup 1001\n"
	     "set command [list hangup 1001]\n{*}$command\n"
	     "set verb hangup\n$verb 1001\n"
	     "array set who {a 1001}\nhangup $who(a)\n",
	    "param 2: many\n");
}

static void
an_unknown_command_is_found_wherever_it_stands(void **state)
{
	(void)state;
	says("advence 3s\n",
	    "1: unknown command 'advence', did you mean "
	    "'advance'?\n");
	says("if $x {\n  nota a\n} else {\n  notb b\n}\n",
	    "2: unknown command 'nota', did you mean 'note'?\n"
	    "4: unknown command 'notb', did you mean 'note'?\n");
	says("proc f {} {\n  nota a\n}\n",
	    "2: unknown command 'nota', did you mean 'note'?\n");
	says("set x [nota a]\n",
	    "1: unknown command 'nota', did you mean 'note'?\n");
	says("set x \"a [\n nota] b\"\n",
	    "2: unknown command 'nota', did you mean 'note'?\n");
	says("while {[nota] > 1} {}\n",
	    "1: unknown command 'nota', did you mean 'note'?\n");
	says("race {note a} {\n nota b}\n",
	    "2: unknown command 'nota', did you mean 'note'?\n");
	says("foreach {a b} {1 2} {nota}\nlmap a {1} {nota}\n",
	    "1: unknown command 'nota', did you mean 'note'?\n"
	    "2: unknown command 'nota', did you mean 'note'?\n");
	says("try {nota} on error {m o} {nota} finally {nota}\n",
	    "1: unknown command 'nota', did you mean 'note'?\n"
	    "1: unknown command 'nota', did you mean 'note'?\n"
	    "1: unknown command 'nota', did you mean 'note'?\n");
	says("switch a {\n b {nota}\n c {\n  nota}\n}\n",
	    "2: unknown command 'nota', did you mean 'note'?\n"
	    "4: unknown command 'nota', did you mean 'note'?\n");
	says("eval {nota}; uplevel 1 {nota}; namespace eval a {nota}\n",
	    "1: unknown command 'nota', did you mean 'note'?\n"
	    "1: unknown command 'nota', did you mean 'note'?\n"
	    "1: unknown command 'nota', did you mean 'note'?\n");
	says("dict for {k v} {a 1} {nota}\n",
	    "1: unknown command 'nota', did you mean 'note'?\n");
	says("expect run {[nota] == 1}\n",
	    "1: unknown command 'nota', did you mean 'note'?\n");
}

static void
a_wrong_argument_is_told_by_its_usage(void **state)
{
	(void)state;
	says("note a\n\nadvance \\\n 3x\n",
	    "4: advance: '3x' is not a duration, as in 250ms 2s 5m 1h\n");
	says("advance 5 minutes\nexpect run {1} -within 5 s\n",
	    "1: advance: '5 minutes' is not one word: a duration is, as in "
	    "250ms 2s 5m 1h\n"
	    "2: expect: '5 s' is not one word: a duration is, as in 250ms 2s "
	    "5m 1h\n");
	says("lines 1009-1000\nallow crash -count 3-1\n",
	    "1: lines: '1009-1000' ends before it begins\n"
	    "2: allow: '3-1' ends before it begins\n");
	says("catch {answer 1 2}\n",
	    "1: answer: too many words; usage: answer PARTY\n");
}

static void
what_cannot_befall_a_subject_is_told(void **state)
{
	(void)state;
	says("fault database crash\nfault process recorder crash\n"
	     "call c 1 2\nfault c kill\nfault messages dorp\n",
	    "1: fault: 'crash' is nothing that can befall a database, one of "
	    "these is: busy full readonly vanish corrupt slow\n"
	    "2: fault: 'crash' is nothing that can befall a process, one of "
	    "these is: kill\n"
	    "4: fault: 'kill' is nothing that can befall a call, one of these "
	    "is: crash abort divide loop overrun\n"
	    "5: fault: unknown word 'dorp', did you mean 'drop'?\n");
	says(
	    "fault process recorder kill -count 2\nfault line 1 down -rate 5%\n"
	    "fault database vanish -for 3s\nheal process recorder\n"
	    "fault gate down\nset x down\nfault line 1 $x\n",
	    "1: fault: '-count' says nothing of a process, which has no "
	    "option\n"
	    "2: fault: '-rate' says nothing of a line, which has -for\n"
	    "3: fault: a file that has vanished does not come back by itself: "
	    "leave out -for\n"
	    "4: heal: a process is not healed: a database, a line, a trunk "
	    "group, a circuit, a module, messages and a scheduler are\n"
	    "5: fault: nothing can befall a gate\n");
}

static void
what_cannot_be_allowed_of_a_subject_is_told(void **state)
{
	(void)state;
	says(
	    "allow crash -on line 1001\nallow glare -on {trunk T1 3}\n"
	    "allow glare -on trunk\nallow crash -on\nallow crash -on zz\n"
	    "set x c\nallow crash -on $x\nallow crash -on {version call 1.0}\n",
	    "1: allow: no crash is of a line: behind -on stands one of these "
	    "with its name: call module version\n"
	    "2: allow: 'trunk T1 3' is not the name of a call, or a noun with "
	    "its key\n"
	    "3: allow: 'trunk' wants NAME behind it\n"
	    "4: allow: -on SUBJECT is missing; usage: allow EVENT ?-on "
	    "SUBJECT? ?-count SPAN? ?-for DUR?\n"
	    "5: allow: nothing in this scenario makes a call 'zz'\n");
}

static void
what_cannot_be_reached_is_told(void **state)
{
	(void)state;
	says("proc f {} {\n return 1\n\n # why?\n note a\n note b\n}\n",
	    "5: this cannot be reached: `return` in front of it never goes "
	    "on\n");
	says("foreach a {1 2} {\n if {$a} {break} else {continue}\n note a\n"
	     " break; note b\n}\nerror x\nnote c\n",
	    "4: this cannot be reached: `break` in front of it never goes on\n"
	    "7: this cannot be reached: `error` in front of it never goes "
	    "on\n");
	says("if {0} {\n note a\n} elseif {1} {note b} else {note c}\n"
	     "if 0 then {note d}\nwhile false {note e}\n",
	    "1: this cannot be reached: the condition of `if` is never true\n"
	    "3: this cannot be reached: the condition of `if` is always true\n"
	    "4: this cannot be reached: the condition of `if` is never true\n"
	    "5: this cannot be reached: the condition of `while` is never "
	    "true\n");
	says("while 1 {note a}\nnote b\n",
	    "2: this cannot be reached: `while 1` in front of it never goes "
	    "on\n");
	says("while 1 {if {[incr n] > 3} break}\nnote b\n"
	     "catch {error a}\nnote c\nswitch $n {1 {return} 2 {note a}}\n"
	     "note d\nwhile $n {note a}\nnote e\n",
	    "");
}

/* A list as Tcl has it, names in a namespace, a way out of a loop. */
static void
what_is_odd_but_right_is_not_refused(void **state)
{
	static const char *const texts[] = {
		"proc f {a {b 2} args} {note $a$b$args}\nf 1\n",
		"set {my var} 3\nnote ${my var}\nforeach {{a b} c} {1 2} "
		"{note ${a b}$c}\n",
		"namespace eval ::tcl::mathfunc {proc sq {x} {expr {$x**2}}}\n"
		"proc tcl::mathfunc::half {x} {expr {$x / 2.0}}\n"
		"note [expr {sq(3) + half(entier(2))}]\n",
		"proc util::two {} {note 2}\nproc util::four {} {two; two}\n"
		"util::four\n",
		"namespace path ::tcl::mathop\nnote [+ 1 2]\n",
		"proc leave {} {return -code break}\nwhile 1 {leave}\nnote a\n",
		"set a {x {x {note 1}}}\nswitch {*}$a\nproc {*}$a\n"
		"include {*}$a\ndata {*}$a\nparam {*}$a\n",
		"foreach {a b} {1 2} {c d} {3 4} {note $a$b$c$d}\n",
		"set who(a,1) x\nnote $who(b) \\\n;# a {brace}\n",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++)
		says(texts[i], "");
}

static void
a_word_that_a_column_never_has_is_told(void **state)
{
	(void)state;
	says("call c 1 2\nexpect c {$hears_a eq \"ringing\"}\n",
	    "2: 'hears_a' is never 'ringing', it is one of: none dial ringback "
	    "speech busy congestion reorder no-answer disconnect announcement "
	    "hold waiting confirmation warning credit preemption\n");
	says("expect line 1 {$tone in {no-answer bussy}}\n",
	    "1: 'tone' is never 'bussy', did you mean 'busy'?\n");
	says("expect upgrade {$reason ne \"\" && \"plam\" eq $reason}\n",
	    "1: 'reason' is never 'plam', did you mean 'plan'?\n");
	says("call c 1 2\nexpect cdr c {$local_reason eq \"XFER_ATT\" &&\n"
	     " $release_side eq \"a\" && $cause == 12 && 16 == $cause &&\n"
	     " $calling eq \"anything\" && $cause == 0}\n",
	    "3: 'release_side' is never 'a', did you mean 'A'?\n"
	    "3: '12' is not a cause of Q.850: 'cause' is never that\n");
	says("hangup 1 -cause 12\n",
	    "1: hangup: '12' is not a cause of Q.850, as in 16 17 21 31\n");
}

static void
lines_and_trunks_that_nothing_makes_are_told(void **state)
{
	(void)state;
	says("answer 2000\nexpect line 77 idle\ncall c T1 1\n"
	     "traffic t -from 1990-2005 -to 1 -rate 1/s\nservice 10 cfu 1\n"
	     "show circuit T1 3\n",
	    "1: answer: no line has the number 2000 (`lines` makes them)\n"
	    "2: expect: no line has the number 77 (`lines` makes them)\n"
	    "3: call: there is no trunk group 'T1' (`trunk` makes one)\n"
	    "4: traffic: no line has the number 2005 (`lines` makes them)\n"
	    "5: service: no line has the number 10 (`lines` makes them)\n"
	    "6: show: there is no trunk group 'T1' (`trunk` makes one)\n");
	says("trunk T1 3\ncall c T1 1\nroute 08 T1\nroute 09 T2\n"
	     "call d 1 99999\nlines 2000-2009\nlines 1500-2005\n"
	     "answer 2007\n",
	    "4: route: there is no trunk group 'T2', did you mean 'T1'?\n"
	    "7: lines: 1500-2005 has a line that exists already, of "
	    "2000-2009\n"
	    "11: lines: 1000-1999 has a line that exists already, of "
	    "1500-2005\n");
	says("foreach r {30-39} {lines $r}\nanswer 35\nanswer 99\n", "");
}

static void
no_time_passes_where_none_may(void **state)
{
	(void)state;
	says("at 1s {\n if {1} {\n  advance 1s\n }\n}\nadvance 1s\n",
	    "3: advance: no time passes in a body of `at` and `every`: end it, "
	    "and begin another `at`\n");
	says("every 1s {upgrade call 2.0; race {advance 1s} {note a}}\n"
	     "at 1s {upgrade call 2.0 -background; rollback call {*}$how}\n",
	    "1: upgrade: no time passes in a body of `at` and `every`, give "
	    "-background\n"
	    "1: advance: no time passes in a body of `at` and `every`: end it, "
	    "and begin another `at`\n");
	says("race {advance 1s} {upgrade call 2.0}\n",
	    "1: advance: no time passes in a race\n");
}

static void
an_expression_that_cannot_be_read_is_told(void **state)
{
	(void)state;
	says("expect run {$live ==}\n", "1: bad condition: missing operand\n");
	says("expect run {$live == 400ms}\n",
	    "1: bad condition: invalid bareword \"400ms\": columns are plain "
	    "numbers, with the unit in their name\n");
	says("expect line 1 {$tone eq dial}\n",
	    "1: bad condition: invalid bareword \"dial\": a text wants quotes, "
	    "as in \"dial\"\n");
	says("expect run {$live = 1}\n",
	    "1: bad condition: incomplete operator \"=\": write == for "
	    "numbers, eq for texts\n");
}

static void
a_call_that_nothing_makes_is_told(void **state)
{
	(void)state;
	says("call c 1 2\nhangup d.a\nexpect d active\nexpect cdr e\n",
	    "2: hangup: nothing in this scenario makes a call 'd'\n"
	    "3: expect: nothing in this scenario makes a call 'd'\n"
	    "4: expect: nothing in this scenario makes a call 'e'\n");
	says("hangup c.a\ncall c 1 2\n", "");
}

static void
a_module_that_nothing_uses_is_told(void **state)
{
	(void)state;
	says("module call 1.0\nupgrade cal 2.0\n",
	    "needs 1: call\n"
	    "2: upgrade: no module 'cal' is in use, did you mean 'call'?\n");
	says("rollback line\nmodule call 1.0\n",
	    "1: rollback: no module 'line' is in use, there is: call\n"
	    "needs 2: call\n");
	says("module $name 1.0\nupgrade cal 2.0\n", "");
}

static void
the_language_cannot_be_made_anew(void **state)
{
	(void)state;
	says("proc expect args {}\nproc ::set args {}\n",
	    "1: proc: 'expect' is a command of the language and cannot be "
	    "made anew\n"
	    "2: proc: 'set' is a command of Tcl and cannot be made anew\n");
}

static void
releases_and_seed_are_told_beforehand(void **state)
{
	(void)state;
	says("seed 42\nmodule call 1.0\n", "seed 1: 42\nneeds 2: call\n");
	says("schedulers 2\nschedulers $n\n", "schedulers 1: 2\n");
	says("module call $version\n", "");
	says("param many 3\nparam $name 4\n", "param 1: many\nparam 2: \n");
}

/* Of each command, where what it is about is made before. */
static void
every_example_is_sound(void **state)
{
	static const char before[] =
	    "if {[info exists x]} {module call 1.0; lines 1000-1999; trunk T1 "
	    "30\n"
	    "account anna; tariff town -setup 1; call c 1001 1002\n"
	    "traffic t -from 1000 -to 1001 -rate 1/s}\n";
	char text[1024], said[2048], *line;
	const struct command *command;
	unsigned int i;

	(void)state;
	for (i = 0; i < command_count(); i++) {
		command = command_at(i);
		if (word_is_in(command->name, "include data"))
			continue; /* their files are not there */
		(void)snprintf(
		    text, sizeof text, "%s%s\n", before, command->example);
		check_text(text, false, said, sizeof said);
		for (line = strtok(said, "\n"); line != NULL;
		     line = strtok(NULL, "\n"))
			if (line[0] >= '0' && line[0] <= '9')
				fail_msg("'%s': %s", command->example, line);
		assert_int_equal(strncmp(command->example, command->name,
				     strlen(command->name)),
		    0);
	}
}

/* A character is one column, and a tab is too. */
static void
a_place_has_a_column(void **state)
{
	char said[1024];

	(void)state;
	check_text("note \"\303\251\"; \tadvance 1x\n  if {1} {advance 5x}\n"
		   "expect line 1 {$ton eq \"dial\"}\nlines 1 -kind isdm\n"
		   "answer 1 -now\nadvance\nexpect run idle\nnota\n",
	    true, said, sizeof said);
	assert_string_equal(said,
	    "1:20: advance: '1x' is not a duration, as in 250ms 2s 5m 1h\n"
	    "2:19: advance: '5x' is not a duration, as in 250ms 2s 5m 1h\n"
	    "3:16: 'line' has no column 'ton', did you mean 'tone'?\n"
	    "4:15: lines: unknown word 'isdm', did you mean 'isdn'?\n"
	    "5:10: answer: unknown option '-now', it has none\n"
	    "6:1: advance: DUR is missing; usage: advance DUR\n"
	    "7:12: expect: 'run' has no states, expected a condition in "
	    "braces\n"
	    "8:1: unknown command 'nota', did you mean 'note'?\n");
}

/* All of them are told, but a thousand; and no text is too deep. */
static void
there_is_an_end_to_it(void **state)
{
	static char text[8192], said[128 * 1024];
	unsigned int i, lines = 0;

	(void)state;
	for (i = 0; i < 1003; i++)
		(void)strcat(text, "nota\n");
	check_text(text, false, said, sizeof said);
	for (i = 0; said[i] != '\0'; i++)
		lines += said[i] == '\n';
	assert_int_equal(lines, 1001);
	assert_non_null(strstr(said, "and 3 more\n"));
	text[0] = '\0';
	for (i = 0; i < 500; i++)
		(void)strcat(text, "eval {");
	(void)strcat(text, "nota");
	for (i = 0; i < 500; i++)
		(void)strcat(text, "}");
	says(text, "1: unknown command 'nota', did you mean 'note'?\n");
	text[0] = '\0';
	for (i = 0; i < 700; i++)
		(void)strcat(text, "eval {");
	for (i = 0; i < 700; i++)
		(void)strcat(text, "}");
	says(text, "1: bodies are nested deeper than 600 levels\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_said_of_a_sound_text),
		cmocka_unit_test(
		    an_unknown_command_is_found_wherever_it_stands),
		cmocka_unit_test(a_wrong_argument_is_told_by_its_usage),
		cmocka_unit_test(what_cannot_befall_a_subject_is_told),
		cmocka_unit_test(what_cannot_be_allowed_of_a_subject_is_told),
		cmocka_unit_test(what_cannot_be_reached_is_told),
		cmocka_unit_test(what_is_odd_but_right_is_not_refused),
		cmocka_unit_test(a_word_that_a_column_never_has_is_told),
		cmocka_unit_test(lines_and_trunks_that_nothing_makes_are_told),
		cmocka_unit_test(no_time_passes_where_none_may),
		cmocka_unit_test(an_expression_that_cannot_be_read_is_told),
		cmocka_unit_test(a_call_that_nothing_makes_is_told),
		cmocka_unit_test(a_module_that_nothing_uses_is_told),
		cmocka_unit_test(the_language_cannot_be_made_anew),
		cmocka_unit_test(releases_and_seed_are_told_beforehand),
		cmocka_unit_test(every_example_is_sound),
		cmocka_unit_test(a_place_has_a_column),
		cmocka_unit_test(there_is_an_end_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
