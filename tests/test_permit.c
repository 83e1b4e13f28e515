/* What an `allow` that says of what, or for how long, lets pass: that alone. */
#include "tests/judged_scenario.h"

#define TOP                                                                    \
	"# Is it so?\nmodule call 1.0\nlines 1000-1009\ntrunk T1 4\n"          \
	"call c 1001 1002\ncall d 1003 1004\nadvance 1s\n"                     \
	"answer 1002\nanswer 1004\n"
#define END "hangup 1001\nhangup 1002\nhangup 1003\nhangup 1004\n"

/* The line of the first behind TOP. */
enum { FIRST = 10 };

static void
fails(const char *lines, unsigned int line, const char *words)
{
	char text[2048];

	(void)snprintf(text, sizeof text, TOP "%s" END, lines);
	judged_fails(
	    "test_permit", text, line == 0 ? 0 : FIRST - 1 + line, words);
}

static void
passes(const char *lines)
{
	char text[2048];

	(void)snprintf(text, sizeof text, TOP "%s" END, lines);
	judged_passes("test_permit", text);
}

#define CRASH_C "fault c crash -on hold\nhold 1001\n"
#define CRASH_D "fault d crash -on hold\nhold 1003\n"

static void
a_crash_is_of_a_call_a_module_or_a_version(void **state)
{
	(void)state;
	passes("allow crash -on c\n" CRASH_C);
	passes("allow crash -on {call c}\n" CRASH_C);
	fails("allow crash -on c\n" CRASH_D, 2, "fault ordered here");
	passes("allow crash -on c\nallow crash -on d\n" CRASH_C CRASH_D);
	passes("allow crash -on version call 1.0\n" CRASH_C);
	fails("allow crash -on {version call 2.0}\n" CRASH_C, 2,
	    "fault ordered here");
	passes("allow crash -on module call -count 2\n" CRASH_C CRASH_D);
	fails(
	    "allow crash -on c -count 2-3\nallow crash -on d\n" CRASH_C CRASH_D,
	    1, "1 contained fault, allowed here are 2 to 3");
}

static void
it_holds_for_so_long(void **state)
{
	(void)state;
	passes("allow crash -for 2s\nadvance 2s\n" CRASH_C);
	fails("allow crash -for 2s\nadvance 2001ms\n" CRASH_C, 3,
	    "fault ordered here");
	fails(CRASH_C "advance 1ms\nallow crash -for 2s\n", 1,
	    "fault ordered here");
	passes(CRASH_C "advance 1ms\nallow crash\n");
}

static void
a_restart_is_of_a_process_or_a_supervisor(void **state)
{
	(void)state;
	passes("allow restart -on process recorder\n"
	       "fault process recorder kill\n");
	passes("allow restart -on {supervisor database} -for 1s\n"
	       "fault process recorder kill\n");
	fails("allow restart -on process measurement\n"
	      "fault process recorder kill\n",
	    0, "1 restart that nothing expects or allows");
	fails("allow restart -on process recorder\n"
	      "fault process recorder kill\nadvance 6s\n"
	      "fault process measurement kill\n",
	    0, "1 restart that nothing expects or allows");
}

static void
an_alarm_is_of_its_name(void **state)
{
#define HARM "fault database full\nadvance 30s\nheal database\nadvance 30s\n"
	(void)state;
	passes("allow alarm -on alarm database-down -count 1\n" HARM);
	fails("allow alarm -on alarm restart-limit\n" HARM, 0,
	    "alarm database-down of database was raised");
	passes("allow alarm -for 30s\n" HARM);
	fails("allow alarm -for 1ms\n" HARM, 0, "alarm database-down");
}

static void
an_upgrade_is_of_its_version(void **state)
{
	(void)state;
	passes("allow refused -on version call 9.9\nupgrade call 9.9\n");
	fails("allow refused -on version call 9.8\nupgrade call 9.9\n", 2,
	    "9.9 was refused");
	passes("allow refused -on module call -for 1s\nupgrade call 9.9\n");
	fails("allow refused -for 1s\nadvance 2s\nupgrade call 9.9\n", 3,
	    "9.9 was refused");
}

static void
a_signal_is_of_a_call_or_a_line(void **state)
{
	(void)state;
	passes("allow unexpected-signal -on c\nhold 1001\n");
	passes("allow unexpected-signal -on line 1001 -count 1\nhold 1001\n");
	fails("allow unexpected-signal -on c\nhold 1001\nhold 1003\n", 3,
	    "call 'd' (1.0, active) does not know hold of 1003");
	fails("allow unexpected-signal -on line 1001 -for 1s\nhold 1001\n"
	      "advance 2s\nhold 1001\n",
	    4, "call 'c' (1.0, active) does not know hold of 1001");
}

static void
a_cause_is_of_a_call(void **state)
{
#define BUSY(name) "call " name " 1005 1001\nadvance 1s\nhangup 1005\n"
	(void)state;
	passes("allow cause -on b\n" BUSY("b"));
	fails("allow cause -on b\n" BUSY("b") BUSY("e"), 5,
	    "call 'e' ended with cause 17");
	passes("allow cause -for 1s\n" BUSY("b"));
	fails("allow cause -for 1s\nadvance 2s\n" BUSY("b"), 3,
	    "call 'b' ended with cause 17");
}

static void
what_is_but_counted_has_a_place_and_a_time(void **state)
{
#define FULL                                                                   \
	"gate -live 2\n"                                                       \
	"traffic t -from 1007 -to 1008 -rate 5/s -hold fixed:1s\n"             \
	"advance 2s\nstop t\nadvance 1m\n"
#define GATE "gate -live 2\ncall e 1005 1006\nhangup 1005\n"
	(void)state;
	passes("allow overload -for 1s -count 1\n" GATE "advance 2s\n");
	fails("allow overload -for 1s\n" GATE
	      "advance 2s\ncall f 1005 1006\nhangup 1005\n",
	    0, "1 gapped attempt that nothing expects or allows");
	passes("allow overload -on traffic t -count 1-100\n" FULL);
	fails("allow overload -on traffic t\n" FULL
	      "call e 1005 1006\nhangup 1005\n",
	    0, "1 gapped attempt that nothing expects or allows");
	fails(
	    "gate -live 100\nallow overload -on traffic t -count 1-2\n"
	    "traffic t -from 1007 -to 1008 -rate 1/s -hold fixed:1s\nstop t\n",
	    2, "0 gapped attempts, allowed here are 1 to 2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crash_is_of_a_call_a_module_or_a_version),
		cmocka_unit_test(it_holds_for_so_long),
		cmocka_unit_test(a_restart_is_of_a_process_or_a_supervisor),
		cmocka_unit_test(an_alarm_is_of_its_name),
		cmocka_unit_test(an_upgrade_is_of_its_version),
		cmocka_unit_test(a_signal_is_of_a_call_or_a_line),
		cmocka_unit_test(a_cause_is_of_a_call),
		cmocka_unit_test(what_is_but_counted_has_a_place_and_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
