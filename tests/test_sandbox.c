/*
 * A scenario reaches its own memory, its own time and the switch, and nothing
 * else; what it may not have ends it at its line.
 */
#include "tests/judged_scenario.h"

#define Q "# q?\n"

static void
passes(const char *text)
{
	judged_passes("test_sandbox", text);
}

static void
fails(const char *text, unsigned int line, const char *words)
{
	judged_fails("test_sandbox", text, line, words);
}

/* Everything that can be called, in whatever namespace. */
#define WALK                                                                   \
	"proc walk {space} {\n"                                                \
	"	set all {}\n"                                                        \
	"	foreach name [info commands [string trimright $space :]::*] "        \
	"{lappend all $name}\n"                                                \
	"	foreach inner [namespace children $space] {\n"                       \
	"		lappend all {*}[walk $inner]\n"                                     \
	"	}\n"                                                                 \
	"	return $all\n"                                                       \
	"}\n"

static void
only_these_namespaces_are_left(void **state)
{
	(void)state;
	passes(Q WALK
	    "foreach name [walk ::] {\n"
	    "	set space [namespace qualifiers $name]\n"
	    "	if {$space ni {{} ::race ::tcl ::tcl::array ::tcl::binary\n"
	    "	    ::tcl::binary::decode ::tcl::binary::encode ::tcl::dict\n"
	    "	    ::tcl::info ::tcl::mathfunc ::tcl::mathop\n"
	    "	    ::tcl::namespace ::tcl::prefix ::tcl::string}} {\n"
	    "		error \"$name is there\"\n"
	    "	}\n"
	    "}\n");
}

/* Of Tcl's own those of script_allowed and no other; none is hidden in a part.
 */
static void
no_command_touches_the_machine(void **state)
{
	(void)state;
	passes(Q WALK
	    "set bad {after auto_execok auto_load bgerror cd chan clock close\n"
	    "    coroutine encoding eof exec exit fblocked fconfigure fcopy\n"
	    "    file fileevent flush gets glob hostname http interp load\n"
	    "    memory nameofexecutable open package pid puts pwd read\n"
	    "    rename seek socket source tell time tm trace unknown unload\n"
	    "    update vwait yield yieldto zlib seconds clicks\n"
	    "    milliseconds microseconds system stat readlink\n"
	    "    representation inject}\n"
	    "foreach name [walk ::] {\n"
	    "	set tail [namespace tail $name]\n"
	    "	if {$tail in $bad && ![string match ::tcl::*::* $name]\n"
	    "	    && $name ne {::race::close}} {\n"
	    "		error \"$name is there\"\n"
	    "	}\n"
	    "	foreach word {clock chan file zlib encoding open exec socket} "
	    "{\n"
	    "		if {[string match *::${word}* $name]} {\n"
	    "			error \"$name is there\"\n"
	    "		}\n"
	    "	}\n"
	    "}\n"
	    "foreach name $bad {\n"
	    "	foreach way [list [list $name] [list ::$name] \\\n"
	    "	    [list namespace eval ::tcl $name] \\\n"
	    "	    [list namespace inscope ::tcl $name] \\\n"
	    "	    [list apply [list {} $name]] [list eval $name] \\\n"
	    "	    [list uplevel #0 $name] [list subst \"\\[$name\\]\"] \\\n"
	    "	    [list namespace eval own \"namespace path ::tcl; $name\"] "
	    "\\\n"
	    "	    [list namespace import ::tcl::$name] \\\n"
	    "	    [list try $name] [list tailcall $name]] {\n"
	    "		if {![catch $way said]\n"
	    "		    && [lindex $way 1] ne \"import\"} {\n"
	    "			error \"$way: $said\"\n"
	    "		}\n"
	    "	}\n"
	    "}\n");
}

static void
nothing_of_the_machine_can_be_read(void **state)
{
	(void)state;
	passes(
	    Q "foreach way {{info hostname} {info nameofexecutable}\n"
	      "    {info library} {info object isa object x} {info class x}\n"
	      "    {set ::env(HOME)} {set ::tcl_platform(pid)}\n"
	      "    {set ::auto_path} {set ::tcl_library} {set ::argv}\n"
	      "    {info script /tmp/x; source} {namespace eval ::oo {}; "
	      "::oo::class create C} {expr {[string length system(1)] - "
	      "$::x}}} {\n"
	      "	if {![catch $way said]} {error \"$way: $said\"}\n"
	      "}\n");
}

static void
the_language_cannot_be_replaced(void **state)
{
	(void)state;
	fails(Q "set p proc\n$p ::race::draw {args} {return 0}\n", 3,
	    "cannot be made anew");
	fails(Q "set p proc\n$p ::expect {args} {}\n", 3, "cannot be made");
	fails(Q "note a\nnamespace delete ::\n", 3, "cannot be made anew");
}

static void
what_needs_too_much_memory_ends_at_its_line(void **state)
{
	(void)state;
	fails(Q "note a\nset all [string repeat x 2000000000]\n", 3, "memory");
	fails(Q "note a\nset all [lrepeat 300000000 x]\nnote b\n", 3,
	    "256 MiB of memory");
	fails(Q "set x a\nnote b\nwhile 1 {append x $x}\n", 4, "memory");
	fails(Q "proc f {} {\n\tnote [string repeat x 300000000]\n}\nnote a\n"
		"f\n",
	    3, "string size overflow");
	fails(Q "note a\nset n 0\nwhile 1 {lappend all [lrepeat 100000 $n]}\n",
	    4, "memory");
}

static void
what_is_nested_without_an_end_ends_at_its_line(void **state)
{
	static char text[200000];
	size_t length;

	(void)state;
	fails(Q "proc f {} {f}\nnote a\nf\n", 2, "too many nested");
	length = (size_t)snprintf(text, sizeof text, Q "note a\nset deep ");
	memset(text + length, '{', 50000);
	memset(text + length + 50000, '}', 50000);
	passes(text);
	length = (size_t)snprintf(text, sizeof text,
	    Q "note a\nset x [string repeat {[} 100000]\nsubst $x\n");
	fails(text, 4, "nested too deep");
}

/* One command that never ends, and a loop: 10 s of processor time each. */
static void
what_takes_too_long_ends_at_its_line(void **state)
{
	(void)state;
	fails(Q "note a\nproc f {} {\n\twhile 1 {incr x}\n}\nf\n", 6,
	    "more than the 10 s of processor time that it may, in 'f'");
	fails(Q "note a\nset n [expr {7 ** 30000000}]\n", 3,
	    "more than the 10 s of processor time");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_these_namespaces_are_left),
		cmocka_unit_test(no_command_touches_the_machine),
		cmocka_unit_test(nothing_of_the_machine_can_be_read),
		cmocka_unit_test(the_language_cannot_be_replaced),
		cmocka_unit_test(what_needs_too_much_memory_ends_at_its_line),
		cmocka_unit_test(
		    what_is_nested_without_an_end_ends_at_its_line),
		cmocka_unit_test(what_takes_too_long_ends_at_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
