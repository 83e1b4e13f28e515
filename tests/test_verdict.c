/* One verdict in four formats. */
#include "sim/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/json.h"

struct printed {
	char *text;
	size_t size;
	FILE *out;
	struct printing printing;
};

static void
open_print(struct printed *printed, enum format format)
{
	printed->out = open_memstream(&printed->text, &printed->size);
	assert_non_null(printed->out);
	printed->printing = (struct printing){
		.out = printed->out, .format = format, .count = 2
	};
	assert_int_equal(verdict_begin(&printed->printing), 0);
}

static void
close_print(struct printed *printed, const char *wanted)
{
	verdict_end(&printed->printing);
	assert_int_equal(fclose(printed->out), 0);
	assert_string_equal(printed->text, wanted);
	free(printed->text);
}

static struct verdict
some_verdict(void)
{
	struct verdict verdict = { .scenario = "a.tcl",
		.question = "Is <this> \"so\" # & why?",
		.database = "x.db",
		.seed = 7,
		.virtual_us = 1500000,
		.wall_us = 2000 };
	unsigned int i;

	verdict.calls.attempted = 3;
	verdict.calls.answered = 2;
	verdict.calls.ended = 3;
	for (i = 0; i < AUDIT_ROWS; i++)
		verdict.audit[i] = i != 6;
	return verdict;
}

static void
json_has_the_keys_that_were_promised(void **state)
{
	struct verdict verdict = some_verdict();
	struct printed printed;

	(void)state;
	verdict_fail(&verdict, 4, "saw \"%s\"\n", "x");
	verdict_find(&verdict, "threshold", 5, true, "run {$lost == %d}", 0);
	open_print(&printed, FORMAT_JSON);
	verdict_print(&verdict, &printed.printing);
	close_print(&printed,
	    "{\"scenario\":\"a.tcl\",\"question\":\"Is <this> \\\"so\\\" # & "
	    "why?\",\"result\":\"fail\",\"failures\":[{\"line\":4,\"text\":"
	    "\"saw \\\"x\\\"\\n\"}],\"seed\":7,\"virtual_ms\":1500,"
	    "\"wall_ms\":2,\"calls\":{\"attempted\":3,\"answered\":2,"
	    "\"ended\":3,\"live\":0,\"lost\":0,\"gapped\":0},"
	    "\"findings\":[{\"kind\":\"threshold\",\"line\":5,\"holds\":"
	    "true,\"text\":\"run {$lost == 0}\"}],\"upgrades\":[],"
	    "\"crashes\":0,"
	    "\"audit\":{\"A1\":true,\"A2\":true,\"A3\":true,\"A4\":true,"
	    "\"A5\":true,\"A6\":true,\"A7\":false}}\n");
	verdict_clear(&verdict);
}

static void
an_upgrade_is_told_with_its_pauses(void **state)
{
	struct verdict verdict = some_verdict();
	static struct upgrade_report report = { .number = 1,
		.stage = UPGRADE_installed,
		.module = "call",
		.version_from = "1.0",
		.version_to = "2.0",
		.mode = "sweep",
		.converted = 2,
		.died = 1,
		.total_us = 9,
		.text = "2.0 runs" };
	struct printed printed;

	(void)state;
	histogram_add(&report.pauses_cpu, 1000, 2);
	assert_non_null(verdict_add_upgrade(&verdict, 3, &report));
	open_print(&printed, FORMAT_JSON);
	verdict_print(&verdict, &printed.printing);
	assert_int_equal(fclose(printed.out), 0);
	assert_non_null(strstr(printed.text,
	    "\"upgrades\":[{\"module\":\"call\",\"from\":\"1.0\",\"to\":"
	    "\"2.0\",\"mode\":\"sweep\",\"stage\":\"installed\",\"reason\":"
	    "\"none\",\"converted\":2,\"failed\":0,\"pinned\":0,"
	    "\"lossy\":0,\"born\":0,\"ended\":1,\"total_us\":9,\"pause_us\":"
	    "{\"p50\":1.000,\"p99\":1.000,\"p9999\":1.000,\"max\":1.000},"
	    "\"text\":\"2.0 runs\",\"live\":0,"));
	free(printed.text);
	verdict_clear(&verdict);
}

/* A drain is done after what was refused meanwhile, and was asked for first. */
static void
upgrades_stand_in_the_order_they_were_asked_for(void **state)
{
	static const struct upgrade_report drain = { .number = 1 },
					   refused = { .number = 2 },
					   rollback = { .number = 3 };
	struct verdict verdict = some_verdict();
	unsigned int i;

	(void)state;
	assert_non_null(verdict_add_upgrade(&verdict, 5, &refused));
	assert_non_null(verdict_add_upgrade(&verdict, 6, &rollback));
	assert_int_equal(
	    verdict_add_upgrade(&verdict, 4, &drain)->report.number, 1);
	for (i = 0; i < 3; i++) {
		assert_int_equal(verdict.upgrades[i].report.number, i + 1);
		assert_int_equal(verdict.upgrades[i].line, i + 4);
	}
	verdict_clear(&verdict);
}

/* An upgrade that has met all there is to meet; U4. */
static struct upgrade_report long_report = { .number = 1,
	.stage = UPGRADE_rolled_back,
	.reason = UPGRADE_REASON_faults,
	.module = "call",
	.version_from = "1.0",
	.version_to = "2.0",
	.mode = "sweep",
	.live = 1200,
	.converted = 1100,
	.pinned = 60,
	.failed = 40,
	.born = 5,
	.died = 6,
	.crashes = 9,
	.crashes_from = 2,
	.crashes_to = 7,
	.retried = 7,
	.rehearsed = 1000,
	.canaries = 12,
	.prolonged = 3,
	.differences = 4,
	.rejected = 8,
	.total_us = 2500,
	.loading = { 1000, 1500 },
	.rehearsing = { 10, 20 },
	.watching = { 5000000, 30 },
	.converting = { 50, 900 },
	.state_count = 3,
	.states = { { "alerting", 100, 0, 0 }, { "treated", 0, 0, 0 },
	    { "active", 1000, 60, 40 } },
	.text = "'call' 1.0 is current and runs 1200 of 1200" };

/* With the first of those that it could not take along. */
static void
add_long_report(struct verdict *verdict)
{
	struct verdict_upgrade *upgrade;

	assert_non_null(verdict_add_upgrade(verdict, 3, &long_report));
	upgrade = &verdict->upgrades[verdict->upgrades_count - 1];
	upgrade->stragglers[upgrade->stragglers_count++] =
	    (struct verdict_straggler){ 12, "c", "failed", "1.0", "active",
		    "it refuses" };
}

static void
print_long(struct printed *printed, enum format format, unsigned int count)
{
	struct verdict verdict = some_verdict();
	unsigned int i;

	memset(&long_report.pauses_cpu, 0, sizeof long_report.pauses_cpu);
	memset(&long_report.pauses_wall, 0, sizeof long_report.pauses_wall);
	histogram_add(&long_report.pauses_cpu, 1000, 1100);
	histogram_add(&long_report.pauses_wall, 2000000, 1100);
	for (i = 0; i < count; i++)
		add_long_report(&verdict);
	open_print(printed, format);
	verdict_print(&verdict, &printed->printing);
	assert_int_equal(fclose(printed->out), 0);
	verdict_clear(&verdict);
}

static void
u4_an_upgrade_is_read_at_a_glance(void **state)
{
	struct printed printed;

	(void)state;
	print_long(&printed, FORMAT_TEXT, 1);
	assert_non_null(strstr(printed.text,
	    "  upgrades  call 1.0 to 2.0: rolled-back (faults), 1,100 calls "
	    "converted in 2.5 ms, 40 failed, 60 pinned, 8 rejected after the "
	    "deadline\n"
	    "              1,200 live when it began, 5 born meanwhile, 6 ended "
	    "meanwhile\n"
	    "              load          1.5 ms, 1.0 ms of the exchange\n"
	    "              rehearse     20.0 µs, 10.0 µs of the exchange, "
	    "1,000 "
	    "rehearsed\n"
	    "              canary       30.0 µs, 5.0 s of the exchange, 12 "
	    "taken for it, 3 times prolonged, 4 differences\n"
	    "              convert     900.0 µs, 50.0 µs of the exchange\n"
	    "              state          converted    pinned    failed\n"
	    "              alerting             100         0         0\n"
	    "              active             1,000        60        40\n"
	    "              pause of one         p50       p99    p99.99   "
	    "longest\n"
	    "                CPU time        1.0 µs    1.0 µs    1.0 µs    "
	    "1.0 µs\n"
	    "                wall time       2.0 ms    2.0 ms    2.0 ms    "
	    "2.0 ms\n"
	    "              faults: 2 on 1.0, 7 on 2.0, 7 done again by the "
	    "version before\n"
	    "              call 12 (c), active, stayed on 1.0: it refuses\n"
	    "              and more: hotswitch report failures\n"
	    "              now: 'call' 1.0 is current and runs 1200 of "
	    "1200\n"));
	assert_null(strstr(printed.text, "treated"));
	free(printed.text);
}

static void
many_upgrades_are_told_shortly(void **state)
{
	struct printed printed;

	(void)state;
	print_long(&printed, FORMAT_TEXT, 9);
	assert_non_null(strstr(printed.text, "rolled-back (faults)"));
	assert_non_null(strstr(printed.text, "now: 'call' 1.0"));
	assert_null(strstr(printed.text, "rehearsed\n"));
	assert_null(strstr(printed.text, "alerting"));
	free(printed.text);
}

static void
u4_programs_get_all_of_an_upgrade(void **state)
{
	struct printed printed;

	(void)state;
	print_long(&printed, FORMAT_JSON, 1);
	assert_non_null(strstr(printed.text,
	    ",\"live\":1200,\"lost\":0,\"crashes\":9,\"crashes_from\":2,"
	    "\"crashes_to\":7,\"retried\":7,\"rehearsed\":1000,"
	    "\"canaries\":12,\"prolonged\":3,\"differences\":4,"
	    "\"rejected\":8,\"returned\":0,\"kind\":\"upgrade\",\"stages\":{"
	    "\"load\":{\"machine_us\":1500,"
	    "\"run_us\":1000},\"rehearse\":{\"machine_us\":20,\"run_us\":10},"
	    "\"canary\":{\"machine_us\":30,\"run_us\":5000000},\"convert\":"
	    "{\"machine_us\":900,\"run_us\":50}},\"states\":[{\"state\":"
	    "\"alerting\",\"converted\":100,\"pinned\":0,\"failed\":0},"
	    "{\"state\":\"active\",\"converted\":1000,\"pinned\":60,"
	    "\"failed\":40}],\"wall_us\":{\"p50\":2000.000,\"p99\":2000.000,"
	    "\"p9999\":2000.000,\"max\":2000.000},\"stragglers\":[{\"call\":12,"
	    "\"name\":\"c\",\"kind\":\"failed\",\"version\":\"1.0\","
	    "\"state\":\"active\",\"text\":\"it refuses\"}]}]"));
	free(printed.text);
}

static void
tap_numbers_its_tests_and_hides_its_own_mark(void **state)
{
	struct verdict verdict = some_verdict();
	struct printed printed;

	(void)state;
	open_print(&printed, FORMAT_TAP);
	verdict_print(&verdict, &printed.printing);
	verdict_fail(&verdict, 4, "no");
	verdict_fail(&verdict, 0, "never");
	verdict_print(&verdict, &printed.printing);
	close_print(&printed,
	    "TAP version 13\n1..2\n"
	    "ok 1 - a.tcl: Is <this> \"so\" \\# & why?\n"
	    "not ok 2 - a.tcl: Is <this> \"so\" \\# & why?\n"
	    "  ---\n  result: fail\n  failures:\n"
	    "    - line: 4\n      text: \"no\"\n"
	    "    - line: 0\n      text: \"never\"\n  ...\n");
	verdict_clear(&verdict);
}

static void
junit_escapes_what_xml_keeps_for_itself(void **state)
{
	struct verdict verdict = some_verdict();
	struct printed printed;

	(void)state;
	verdict_fail(&verdict, 4, "a < b\x01\xc3");
	verdict_fail(&verdict, 0, "never");
	open_print(&printed, FORMAT_JUNIT);
	verdict_print(&verdict, &printed.printing);
	close_print(&printed,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
	    "<testsuite name=\"hotswitch\" tests=\"1\" failures=\"1\" "
	    "errors=\"0\" time=\"0.002\">\n"
	    "<testcase classname=\"a.tcl\" name=\"Is &lt;this&gt; "
	    "&quot;so&quot; # &amp; why?\" time=\"0.002\">\n"
	    "<failure message=\"line 4: a &lt; b &#xfffd;\">"
	    "line 4: a &lt; b &#xfffd;\n"
	    "never</failure>\n</testcase>\n"
	    "</testsuite>\n</testsuites>\n");
	verdict_clear(&verdict);
}

/* It is neither a yes nor a no: its file, or the switch, was at fault. */
static void
what_could_not_be_run_is_no_failure(void **state)
{
	struct verdict verdict = some_verdict();
	struct printed printed;

	(void)state;
	verdict.is_undone = true;
	verdict_fail(&verdict, 0, "it died");
	open_print(&printed, FORMAT_JUNIT);
	verdict_print(&verdict, &printed.printing);
	verdict_end(&printed.printing);
	assert_int_equal(fclose(printed.out), 0);
	assert_non_null(strstr(printed.text, "failures=\"0\" errors=\"1\""));
	assert_non_null(
	    strstr(printed.text, "<error message=\"it died\">it died</error>"));
	free(printed.text);
	open_print(&printed, FORMAT_TEXT);
	verdict_print(&verdict, &printed.printing);
	close_print(&printed,
	    "Is <this> \"so\" # & why?\n  could not be run\n"
	    "  a.tcl: it died\n\n");
	open_print(&printed, FORMAT_JSON);
	verdict_print(&verdict, &printed.printing);
	assert_int_equal(fclose(printed.out), 0);
	assert_non_null(strstr(printed.text, "\"result\":\"error\""));
	free(printed.text);
	verdict_clear(&verdict);
}

/* As one that is run elsewhere is printed: in two steps. */
static void
of_several_each_that_passes_has_a_line(void **state)
{
	struct verdict verdict = some_verdict();
	struct printed printed;

	(void)state;
	open_print(&printed, FORMAT_TEXT);
	printed.printing.is_brief = true;
	verdict_piece(&verdict, &printed.printing, 1, printed.out);
	verdict_put(&printed.printing, EXIT_FAILED, 5, "as it is\n", 9);
	assert_int_equal(printed.printing.failed, 1);
	assert_int_equal(printed.printing.printed, 1);
	close_print(
	    &printed, "yes  a: Is <this> \"so\" # & why? (2.0 ms)\nas it is\n");
	verdict_clear(&verdict);
}

static void
text_answers_the_question_first(void **state)
{
	struct verdict verdict = some_verdict();
	struct printed printed;

	(void)state;
	verdict.calls.attempted = 1234567;
	open_print(&printed, FORMAT_TEXT);
	verdict_print(&verdict, &printed.printing);
	assert_int_equal(fclose(printed.out), 0);
	assert_memory_equal(
	    printed.text, "Is <this> \"so\" # & why?\n  yes\n", 30);
	assert_non_null(strstr(printed.text, "1,234,567 begun"));
	assert_non_null(strstr(printed.text, "lost: 0"));
	assert_non_null(strstr(printed.text, "A7 broken"));
	assert_non_null(
	    strstr(printed.text, "hotswitch report calls --db x.db"));
	assert_null(strchr(printed.text, '\033'));
	free(printed.text);
	verdict_clear(&verdict);
}

static void
failures_without_end_are_counted(void **state)
{
	struct verdict verdict = some_verdict();
	unsigned int i;

	(void)state;
	for (i = 0; i < 150; i++)
		verdict_fail(&verdict, i, "no");
	assert_int_equal(verdict.failures_count, 100);
	assert_int_equal(verdict.failures_unkept, 50);
	verdict_clear(&verdict);
}

static void
json_strings_are_utf8_whatever_comes(void **state)
{
	struct printed printed;

	(void)state;
	open_print(&printed, FORMAT_JSON);
	json_string(printed.out, "a\t\x01\\\xc3\xa9\xff\xe2\x82");
	close_print(
	    &printed, "\"a\\t\\u0001\\\\\xc3\xa9\\ufffd\\ufffd\\ufffd\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_has_the_keys_that_were_promised),
		cmocka_unit_test(an_upgrade_is_told_with_its_pauses),
		cmocka_unit_test(
		    upgrades_stand_in_the_order_they_were_asked_for),
		cmocka_unit_test(u4_an_upgrade_is_read_at_a_glance),
		cmocka_unit_test(many_upgrades_are_told_shortly),
		cmocka_unit_test(u4_programs_get_all_of_an_upgrade),
		cmocka_unit_test(tap_numbers_its_tests_and_hides_its_own_mark),
		cmocka_unit_test(junit_escapes_what_xml_keeps_for_itself),
		cmocka_unit_test(what_could_not_be_run_is_no_failure),
		cmocka_unit_test(of_several_each_that_passes_has_a_line),
		cmocka_unit_test(text_answers_the_question_first),
		cmocka_unit_test(failures_without_end_are_counted),
		cmocka_unit_test(json_strings_are_utf8_whatever_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
