/*
 * What the operator replaces while calls run: routes, ported numbers, lines,
 * prices.  Calls go on as they were, and the next one meets what is new.
 */
#ifndef TESTS_RELOAD_ROWS_H
#define TESTS_RELOAD_ROWS_H

#include <errno.h>
#include <malloc.h>

#include "tests/call_rows.h"
#include "tests/trunk_world.h"

static void
routes_are_replaced_under_calls(void **state)
{
	struct route_plan plan = {
		.prefix = "09", .count = 1, .tariff = TARIFF_NONE
	};
	char first[DIGITS_MAX + 1], last[DIGITS_MAX + 1];
	struct office_world *w = *state;
	struct routing *draft = NULL;

	isdn_trunk(w);
	second_trunk(w);
	assert_true(office_numbers_to(w->office, 0, first, last));
	assert_string_equal(first, "080000");
	call(w, "1001", "08123");
	assert_int_equal(office_draft(w->office, &draft), 0);
	assert_int_equal(office_draft_route(w->office, draft, &plan), 0);
	assert_int_equal(office_draft_port(draft, "1002", "1003"), 0);
	assert_int_equal(office_reload(w->office, &draft), 0);
	assert_null(draft);
	assert_true(office_numbers_to(w->office, 0, first, last));
	assert_string_equal(first, "090000");
	assert_string_equal(last, "099999");
	pass(w, 0);
	far_says(w, "T1", 1, SIGNAL_ALERTING, 0);
	expect_state(w, "alerting");
	hang_up(w, "1001");
	call(w, "1001", "08123");
	expect_line(w, "1001", "busy", "announcement");
	hang_up(w, "1001");
	expect_record(w, 3, LOCAL_NONE, SIDE_NET);
	call(w, "1001", "1002");
	expect_line(w, "1003", "ringing", "none");
	hang_up(w, "1001");
	call(w, "1001", "0955");
	expect_state(w, "presented");
	/* What was a second way for it is one no more. */
	assert_int_equal(office_draft(w->office, &draft), 0);
	assert_int_equal(office_reload(w->office, &draft), 0);
	far_says(w, "T1", 1, SIGNAL_RELEASE, 34);
	expect_state(w, "treated");
	hang_up(w, "1001");
}

/* Tables come and go under a call, and what has gone is free. */
static void
old_tables_are_freed(void **state)
{
	struct route_plan plan = { .count = 1, .tariff = TARIFF_NONE };
	struct office_world *w = *state;
	struct routing *draft = NULL;
	char prefix[DIGITS_MAX + 1];
	size_t before = 0;
	unsigned int i, n;

	isdn_trunk(w);
	active(w);
	plan.prefix = prefix;
	for (i = 0; i < 40; i++) {
		assert_int_equal(office_draft(w->office, &draft), 0);
		for (n = 0; n < 200; n++) {
			(void)snprintf(prefix, sizeof prefix, "08%u", n);
			assert_int_equal(
			    office_draft_route(w->office, draft, &plan), 0);
		}
		assert_int_equal(office_reload(w->office, &draft), 0);
		pass(w, S);
		if (i == 10)
			before = mallinfo2().uordblks;
	}
	/* One such table is larger. */
	assert_true(mallinfo2().uordblks < before + 8192);
	hang_up(w, "1001");
	hang_up(w, "1002");
}

static void
unallocated(struct office_world *w, const char *from, const char *digits)
{
	call(w, from, digits);
	expect_state(w, "treated");
	hang_up(w, from);
	expect_record(w, 1, LOCAL_NONE, SIDE_NET);
}

static void
a_line_is_gone_when_its_call_has_ended(void **state)
{
	struct office_world *w = *state;
	const uint32_t one = line(w, "1001"), other = line(w, "1002");
	const char *why = "";
	uint64_t talking, number;

	active(w);
	talking = w->call;
	assert_int_equal(office_withdraw_lines(w->office, "1001", "1005"), 0);
	assert_true(has_logged(w, "lines 1001 to 1005 withdrawn"));
	assert_int_equal(office_find(w->office, "1003"), LINE_NONE);
	unallocated(w, "1000", "1002");
	unallocated(w, "1000", "1003");
	assert_int_equal(
	    office_offhook(w->office, one + 2, &number, &why), -ENOTSUP);
	assert_string_equal(
	    why, "line 1003 is withdrawn: only an idle line can begin a call");
	w->call = talking;
	expect_state(w, "active");
	expect_line(w, "1001", "busy", "speech");
	pass(w, 60 * S);
	hang_up(w, "1001");
	assert_int_equal(office_find(w->office, "1001"), LINE_NONE);
	hang_up(w, "1002");
	assert_int_equal(office_find(w->office, "1002"), LINE_NONE);
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_string_equal(w->cdr.calling, "1001");
	assert_string_equal(w->cdr.connected, "1002");
	assert_int_equal(w->cdr.charge_micro, 150000);
	/* Ids are nobody else's, and theirs again. */
	assert_int_equal(
	    office_add_lines(w->office, "1001", "1001", LINE_ANALOG), -EEXIST);
	assert_int_equal(
	    office_add_lines(w->office, "4000", "4000", LINE_ANALOG), 0);
	assert_true(line(w, "4000") > other);
	assert_int_equal(office_restore_lines(w->office, "1001", "1002"), 0);
	assert_int_equal(line(w, "1001"), one);
	assert_int_equal(line(w, "1002"), other);
	call(w, "1001", "1002");
	expect_line(w, "1002", "ringing", "none");
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
}

/* Who dials when they go, finds that; who is rung by them, can still answer. */
static void
lines_may_go_at_any_time_of_a_call(void **state)
{
	struct office_world *w = *state;
	uint64_t ringing;

	call(w, "1001", "1002");
	ringing = w->call;
	offhook(w, "1003");
	dial(w, "1003", "100");
	assert_int_equal(office_withdraw_lines(w->office, "1001", "1004"), 0);
	dial(w, "1003", "4");
	expect_state(w, "treated");
	hang_up(w, "1003");
	expect_record(w, 1, LOCAL_NONE, SIDE_NET);
	w->call = ringing;
	expect_line(w, "1002", "ringing", "none");
	answer(w, "1002");
	expect_state(w, "active");
	hang_up(w, "1001");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
}

/* By which rules it rings is another matter for its next call. */
static void
a_line_is_of_another_kind_when_it_is_idle(void **state)
{
	struct office_world *w = *state;

	assert_true(office_set_kind(w->office, line(w, "1003"), LINE_ISDN));
	active(w);
	assert_false(office_set_kind(w->office, line(w, "1002"), LINE_ISDN));
	expect_state(w, "active");
	hang_up(w, "1001");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	call(w, "1001", "1002");
	expect_line(w, "1002", "busy", "none");
	assert_false(office_set_kind(w->office, line(w, "1002"), LINE_ANALOG));
	assert_true(office_set_kind(w->office, line(w, "1002"), LINE_ISDN));
	hang_up(w, "1001");
	call(w, "1001", "1003");
	expect_line(w, "1003", "busy", "none");
	hang_up(w, "1001");
	call(w, "1001", "1004");
	expect_line(w, "1004", "ringing", "none");
	hang_up(w, "1001");
}

static void
a_call_keeps_the_price_of_its_answer(void **state)
{
	const struct tariff_part dear = { .prices = { .setup_micro = 7000000,
					      .first_ms = 60000,
					      .first_micro = 1,
					      .next_ms = 60000 },
		.band = { .days = BAND_ALL_DAYS } };
	struct office_world *w = *state;
	const uint16_t old = office_find_tariff(w->office, "town");
	uint64_t ringing;

	active(w);
	call(w, "1003", "1004");
	ringing = w->call;
	assert_int_equal(office_change_tariff(w->office, "town", &dear, 1), 0);
	assert_int_not_equal(office_find_tariff(w->office, "town"), old);
	pass(w, 0);
	answer(w, "1004");
	pass(w, 60 * S);
	hang_up(w, "1003");
	hang_up(w, "1004");
	assert_int_equal(w->cdr.call.call, ringing);
	assert_int_equal(w->cdr.charge_micro, 7000001);
	assert_string_equal(w->cdr.tariff, "town");
	hang_up(w, "1001");
	hang_up(w, "1002");
	assert_int_equal(w->cdr.call.call, ringing - 1);
	assert_int_equal(w->cdr.charge_micro, 150000);
	assert_string_equal(w->cdr.tariff, "town");
}

/* A number that has gone elsewhere goes by its route; ported here, it is none.
 */
static void
a_withdrawn_number_may_be_routed(void **state)
{
	struct route_plan plan = {
		.prefix = "100", .count = 1, .tariff = TARIFF_NONE
	};
	struct office_world *w = *state;

	isdn_trunk(w);
	assert_int_equal(office_withdraw_lines(w->office, "1002", "1002"), 0);
	assert_int_equal(office_port(w->office, "7777", "1002"), 0);
	unallocated(w, "1001", "7777");
	assert_int_equal(office_add_route(w->office, &plan), 0);
	call(w, "1001", "1002");
	expect_state(w, "presented");
	assert_true(has_logged(w, "circuit T1 1 <- setup 1002"));
	hang_up(w, "1001");
}

static int
change_trunk(struct office_world *w, const char *name, uint32_t circuits)
{
	const struct trunk_plan plan = {
		.name = name, .circuits = circuits, .kind = TRUNK_ISDN
	};

	return office_change_trunk(w->office, &plan);
}

/* New circuits come behind those of other groups, and are all the group's. */
static void
a_full_group_grows(void **state)
{
	struct office_world *w = *state;
	uint32_t number, of_t1;

	isdn_trunk(w);
	second_trunk(w);
	of_t1 = office_find_trunk(w->office, "T1");
	call(w, "1001", "08123");
	call(w, "1003", "08124");
	assert_int_equal(change_trunk(w, "T1", 65536), -EINVAL);
	assert_int_equal(change_trunk(w, "T9", 3), -ENOENT);
	assert_int_equal(change_trunk(w, "T1", 2), 0);
	call(w, "1004", "08125");
	expect_circuit(w, "T2", 1, "busy", "none");
	assert_int_equal(change_trunk(w, "T1", 70), 0);
	assert_int_equal(trunk_look(w, "T1").circuits, 70);
	assert_int_equal(trunk_look(w, "T1").busy, 2);
	call(w, "1005", "08126");
	expect_circuit(w, "T1", 3, "busy", "none");
	far_says(w, "T1", 3, SIGNAL_ALERTING, 0);
	expect_state(w, "alerting");
	far_calls(w, "T1", 70, "1002");
	expect_line(w, "1002", "ringing", "none");
	hang_up(w, "1001");
	expect_circuit(w, "T1", 1, "idle", "none");
	office_fail_trunk(w->office, of_t1, true);
	pass(w, 0);
	for (number = 1; number <= 70; number++)
		expect_circuit(w, "T1", number, "down", "none");
	expect_circuit(w, "T2", 1, "busy", "none");
	assert_int_equal(change_trunk(w, "T1", 71), 0);
	expect_circuit(w, "T1", 71, "down", "none");
	office_fail_trunk(w->office, of_t1, false);
	call(w, "1006", "08127");
	expect_circuit(w, "T1", 1, "busy", "none");
}

/* Calls on what it loses go on to their ends, and nobody else gets it. */
static void
a_group_loses_circuits_with_calls(void **state)
{
	struct office_world *w = *state;
	uint32_t of_t1;
	uint64_t first;

	isdn_trunk(w);
	of_t1 = office_find_trunk(w->office, "T1");
	call(w, "1001", "08123");
	first = w->call;
	call(w, "1003", "08124");
	assert_int_equal(change_trunk(w, "T1", 1), 0);
	assert_int_equal(trunk_look(w, "T1").circuits, 1);
	assert_int_equal(trunk_look(w, "T1").leaving, 1);
	far_says(w, "T1", 2, SIGNAL_ALERTING, 0);
	expect_state(w, "alerting");
	hang_up(w, "1003");
	assert_int_equal(trunk_look(w, "T1").leaving, 0);
	assert_int_equal(office_circuit(w->office, of_t1, 2), PORT_NONE);
	call(w, "1004", "08125");
	expect_state(w, "treated");
	hang_up(w, "1004");
	office_withdraw_trunk(w->office, of_t1);
	w->call = first;
	far_says(w, "T1", 1, SIGNAL_ANSWER, 0);
	expect_state(w, "active");
	call(w, "1004", "08125");
	expect_state(w, "treated");
	hang_up(w, "1004");
	w->call = first;
	expect_state(w, "active");
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_int_equal(office_find_trunk(w->office, "T1"), TRUNK_NONE);
	assert_int_equal(change_trunk(w, "T1", 2), 0);
	call(w, "1004", "08125");
	expect_state(w, "presented");
	hang_up(w, "1004");
}

static uint64_t
charged_to(struct office_world *w, const char *name)
{
	struct account_info info;
	uint16_t number = 0;

	while (office_account(w->office, number++, &info))
		if (strcmp(info.name, name) == 0) {
			assert_int_equal(info.reserved_micro, 0);
			return info.charged_micro;
		}
	return UINT64_MAX;
}

/* Who paid when it began, pays; what was reserved there comes back there. */
static void
a_call_keeps_its_account(void **state)
{
	struct account_plan plan = {
		.name = "anna", .is_prepaid = true, .deposit_micro = 1000000
	};
	struct office_world *w = *state;
	const uint32_t caller = line(w, "1001");

	assert_int_equal(office_change_account(w->office, &plan), -ENOENT);
	assert_int_equal(office_add_account(w->office, &plan), 0);
	plan.name = "berit";
	assert_int_equal(office_add_account(w->office, &plan), 0);
	office_set_account(
	    w->office, caller, 1, office_find_account(w->office, "anna"));
	active(w);
	plan.name = "anna";
	plan.deposit_micro = 1;
	assert_int_equal(office_change_account(w->office, &plan), -EBUSY);
	plan.is_prepaid = false;
	assert_int_equal(office_change_account(w->office, &plan), -EBUSY);
	office_set_account(
	    w->office, caller, 1, office_find_account(w->office, "berit"));
	office_withdraw_account(w->office, "anna");
	assert_int_equal(office_find_account(w->office, "anna"), ACCOUNT_NONE);
	pass(w, 60 * S);
	hang_up(w, "1001");
	hang_up(w, "1002");
	assert_string_equal(w->cdr.account, "anna");
	assert_string_equal(w->leg.account, "anna");
	assert_int_equal(charged_to(w, "anna"), w->cdr.charge_micro);
	assert_int_equal(charged_to(w, "berit"), 0);
	active(w);
	hang_up(w, "1001");
	hang_up(w, "1002");
	assert_string_equal(w->cdr.account, "berit");
	assert_int_equal(charged_to(w, "berit"), w->cdr.charge_micro);
	/* It comes back with what it has spent. */
	plan.is_prepaid = true;
	plan.deposit_micro = 2000000;
	assert_int_equal(office_add_account(w->office, &plan), 0);
	assert_int_equal(office_add_account(w->office, &plan), -EEXIST);
	assert_int_equal(charged_to(w, "anna"), 150000);
}

#define RELOAD_TESTS                                                           \
	CALL_TEST(routes_are_replaced_under_calls),                            \
	    CALL_TEST(old_tables_are_freed),                                   \
	    CALL_TEST(a_line_is_gone_when_its_call_has_ended),                 \
	    CALL_TEST(a_withdrawn_number_may_be_routed),                       \
	    CALL_TEST(lines_may_go_at_any_time_of_a_call),                     \
	    CALL_TEST(a_full_group_grows),                                     \
	    CALL_TEST(a_line_is_of_another_kind_when_it_is_idle),              \
	    CALL_TEST(a_group_loses_circuits_with_calls),                      \
	    CALL_TEST(a_call_keeps_its_account),                               \
	    CALL_TEST(a_call_keeps_the_price_of_its_answer)

#endif
