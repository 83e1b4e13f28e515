/* What is wrong in the books of the office is found: A1, A2, A3. */
#include "tests/office_world.h"

#include "calls/exchange/office_internal.h"

static int
setup(void **state)
{
	*state = office_world_begin("1.0");
	return 0;
}

static void
a1_a_lost_attempt_is_found(void **state)
{
	struct office_world *w = *state;
	char text[AUDIT_TEXT_MAX];

	offhook(w, "1001");
	assert_true(audit_attempts(w->office, text, sizeof text));
	w->office->counts.attempts++;
	assert_false(audit_attempts(w->office, text, sizeof text));
	assert_string_equal(
	    text, "2 attempts, 0 gapped, 1 live (1 counted), 0 ended");
}

static void
a2_a_missing_or_early_record_is_found(void **state)
{
	struct office_world *w = *state;
	char text[AUDIT_TEXT_MAX];

	offhook(w, "1001");
	hang_up(w, "1001");
	assert_true(audit_records(w->office, text, sizeof text));
	w->office->counts.records--;
	assert_false(audit_records(w->office, text, sizeof text));
	assert_string_equal(text, "1 ended calls, 0 records");
	w->office->counts.records++;
	offhook(w, "1001");
	attempts_at(w->office->attempts, 0)->is_recorded = true;
	assert_false(audit_records(w->office, text, sizeof text));
	assert_string_equal(text, "call 2 lives and has a record");
}

static void
a2_a_leg_that_is_nobodys_is_found(void **state)
{
	struct office_world *w = *state;
	struct leg_account nobody = LEG_ACCOUNT_EMPTY;
	char text[AUDIT_TEXT_MAX];

	call(w, "1001", "1002");
	assert_true(audit_records(w->office, text, sizeof text));
	(void)legs_open(w->office->legs, &nobody, 0);
	assert_false(audit_records(w->office, text, sizeof text));
	assert_string_equal(text, "2 legs are open, and 1 are of a call");
}

static void
a3_a_line_that_is_nobodys_is_found(void **state)
{
	struct office_world *w = *state;
	uint32_t other = line(w, "1050");
	struct lines *lines = w->office->lines;
	char text[AUDIT_TEXT_MAX];
	struct pid gone;

	call(w, "1001", "1002");
	assert_true(audit_lines(w->office, text, sizeof text));
	assert_string_equal(text,
	    "121 lines: 119 idle, 1 busy, 1 ringing, 0 waiting, "
	    "0 parked");
	lines_take(lines, other, pid_of(w));
	assert_false(audit_lines(w->office, text, sizeof text));
	assert_string_equal(text,
	    "line 1050 is busy and belongs to a call that does not know it");
	gone = pid_of(w);
	hang_up(w, "1001");
	assert_false(audit_lines(w->office, text, sizeof text));
	assert_string_equal(
	    text, "line 1050 is busy and belongs to a call that has ended");
	assert_true(pid_equal(lines_at(lines, other)->owner, gone));
	lines_at(lines, other)->state = LINE_STATE_idle;
	assert_false(audit_lines(w->office, text, sizeof text));
	assert_string_equal(text, "line 1050 is idle and still has an owner");
}

static void
a3_a_circuit_that_is_nobodys_is_found(void **state)
{
	const struct trunk_plan plan = { .name = "T1", .circuits = 3 };
	struct office_world *w = *state;
	struct trunks *trunks = w->office->trunks;
	char text[AUDIT_TEXT_MAX];

	assert_int_equal(office_add_trunk(w->office, &plan), 0);
	call(w, "1001", "1002");
	circuits_reserve(trunks, 1, 0, false);
	assert_false(audit_lines(w->office, text, sizeof text));
	assert_string_equal(
	    text, "circuit T1 2 is busy and belongs to no call");
	circuits_take(trunks, 1, pid_of(w));
	assert_false(audit_lines(w->office, text, sizeof text));
	assert_string_equal(text,
	    "circuit T1 2 is busy and belongs to a call that does not know it");
	hang_up(w, "1001");
	assert_false(audit_lines(w->office, text, sizeof text));
	assert_string_equal(
	    text, "circuit T1 2 is busy and belongs to a call that has ended");
	circuits_give_back(trunks, 1);
	trunks->trunks[0].busy++;
	assert_false(audit_lines(w->office, text, sizeof text));
	assert_string_equal(text, "trunk T1 counts 1 busy circuits");
	trunks->trunks[0].busy--;
	assert_true(audit_lines(w->office, text, sizeof text));
	assert_string_equal(text,
	    "121 lines: 121 idle, 0 busy, 0 ringing, 0 waiting, 0 parked; "
	    "3 circuits: 0 busy");
}

#define OFFICE_TEST(name)                                                      \
	cmocka_unit_test_setup_teardown(name, setup, office_world_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OFFICE_TEST(a1_a_lost_attempt_is_found),
		OFFICE_TEST(a2_a_missing_or_early_record_is_found),
		OFFICE_TEST(a2_a_leg_that_is_nobodys_is_found),
		OFFICE_TEST(a3_a_line_that_is_nobodys_is_found),
		OFFICE_TEST(a3_a_circuit_that_is_nobodys_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
