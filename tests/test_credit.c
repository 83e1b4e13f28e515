/*
 * What was paid in and what calls cost of it (T38, T54): together never more,
 * whatever they do; and in each state in which people talk the end is the end.
 */
#include "tests/trunk_world.h"

enum { ANNA = 0 }; /* the number of the only account */

static int
set_up(void **state)
{
	*state = office_world_begin("3.0");
	return 0;
}

/* Lines 1000 to 1009 pay from it. */
static void
pay_in(struct office_world *w, uint64_t micro)
{
	const struct account_plan plan = {
		.name = "anna", .is_prepaid = true, .deposit_micro = micro
	};

	assert_int_equal(office_add_account(w->office, &plan), 0);
	office_set_account(w->office, line(w, "1000"), 10, ANNA);
}

static struct account_info
anna(struct office_world *w)
{
	struct account_info info;

	assert_true(office_account(w->office, ANNA, &info));
	return info;
}

/* 2000 to 2009 cost 0.01 for each second. */
static void
talk(struct office_world *w, const char *from, const char *to)
{
	call(w, from, to);
	send(w, to, SIGNAL_ALERTING);
	answer(w, to);
	expect_state(w, "active");
}

static void
part(struct office_world *w, const char *number)
{
	if (look(w, number).is_offhook)
		hang_up(w, number);
}

static void
t38_cut(struct office_world *w, unsigned int bill_s)
{
	expect_state(w, "clearing");
	part(w, "1001");
	part(w, "2001");
	part(w, "2002");
	expect_record(w, 31, LOCAL_CREDIT, SIDE_NET);
	assert_int_equal(
	    w->cdr.call.t_release - w->cdr.call.t_answer, bill_s * (uint64_t)S);
	assert_int_equal(anna(w).reserved_micro, 0);
	expect_order(w);
}

/* By hand: at 0.01 for each begun second 0.05 last for 5, 0.059 as well. */
static void
t38_credit_lasts_to_the_end_of_what_was_paid(void **state)
{
	static const struct {
		uint64_t micro;
		unsigned int seconds;
	} table[] = { { 10000, 1 }, { 19999, 1 }, { 20000, 2 }, { 50000, 5 },
		{ 59999, 5 }, { 60000, 6 } };
	struct office_world *w = *state;
	unsigned int i;

	pay_in(w, 0);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct account_plan plan = { .name = "a",
			.is_prepaid = true,
			.deposit_micro = table[i].micro };
		char name[4] = { 'a', (char)('0' + i) };

		plan.name = name;
		assert_int_equal(office_add_account(w->office, &plan), 0);
		office_set_account(w->office, line(w, "1001"), 1,
		    office_find_account(w->office, name));
		talk(w, "1001", "2001");
		pass(w, table[i].seconds * (uint64_t)S - 1);
		expect_state(w, "active");
		pass(w, 1);
		t38_cut(w, table[i].seconds);
		assert_int_equal(w->cdr.charge_micro, table[i].seconds * 10000);
	}
}

static void
t54_too_little_for_the_first_interval(void **state)
{
	struct office_world *w = *state;

	pay_in(w, 149999);
	call(w, "1001", "1011"); /* 0.10 and 0.05 */
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "announcement");
	expect_line(w, "1011", "idle", "none");
	hang_up(w, "1001");
	expect_record(w, 21, LOCAL_CREDIT, SIDE_NET);
	assert_int_equal(anna(w).reserved_micro, 0);
	call(w, "1001", "30"); /* free */
	expect_state(w, "alerting");
	hang_up(w, "1001");
	expect_order(w);
}

static void
t54_no_circuit_is_kept_for_who_cannot_pay(void **state)
{
	struct office_world *w = *state;

	pay_in(w, 9999);
	isdn_trunk(w); /* 0.01 for each second */
	call(w, "1001", "0812");
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "announcement");
	expect_circuit(w, "T1", 1, "idle", "none");
	assert_false(has_logged(w, "circuit T1 1 <- "));
	hang_up(w, "1001");
	expect_record(w, 21, LOCAL_CREDIT, SIDE_NET);
	assert_int_equal(trunk_look(w, "T1").bids, 1);
	assert_int_equal(trunk_look(w, "T1").seizures, 1);
	assert_int_equal(trunk_look(w, "T1").overflow, 0);
	assert_int_equal(trunk_look(w, "T1").busy, 0);
	expect_order(w);
}

/* One circuit each, for what begins with 08. */
static void
two_trunks(struct office_world *w, enum route_class class)
{
	struct route_plan route = { .prefix = "08",
		.targets = { 0, 1 },
		.count = 2,
		.class = class,
		.tariff = office_find_tariff(w->office, "second") };
	struct trunk_plan plan = { .name = "T1", .circuits = 1 };

	trunk(w, &plan, NULL);
	plan.name = "T2";
	trunk(w, &plan, NULL);
	assert_int_equal(office_add_route(w->office, &route), 0);
}

/* 1010, which has not paid in, calls 1001, which pays for the way on. */
static void
forwarded_to_trunk(struct office_world *w)
{
	service(w, "1001", SERVICE_cfu, "0812");
	call(w, "1010", "1001");
}

static void
t54_who_forwards_over_a_trunk_cannot_pay(void **state)
{
	struct office_world *w = *state;

	pay_in(w, 9999);
	isdn_trunk(w);
	forwarded_to_trunk(w);
	expect_state(w, "treated");
	expect_line(w, "1010", "busy", "announcement");
	expect_circuit(w, "T1", 1, "idle", "none");
	hang_up(w, "1010");
	expect_record(w, 21, LOCAL_CREDIT, SIDE_NET);
	assert_int_equal(anna(w).reserved_micro, 0);
	expect_order(w);
}

/*
 * What is reserved for that way is there for the next trunk, too; and the
 * caller has spent all that he has on calling 1001.
 */
static void
t54_who_forwards_has_just_enough_for_one_of_two_trunks(void **state)
{
	static const struct account_plan berit = {
		.name = "berit", .is_prepaid = true, .deposit_micro = 150000
	};
	struct office_world *w = *state;

	pay_in(w, 10000);
	assert_int_equal(office_add_account(w->office, &berit), 0);
	office_set_account(w->office, line(w, "1010"), 1, ANNA + 1);
	two_trunks(w, ROUTE_ORDINARY);
	forwarded_to_trunk(w);
	expect_state(w, "presented");
	assert_int_equal(anna(w).reserved_micro, 10000);
	far_says(w, "T1", 1, SIGNAL_RELEASE, 34); /* T19 */
	expect_state(w, "presented");
	expect_circuit(w, "T2", 1, "busy", "none");
	hang_up(w, "1010");
}

/* Who is left has not paid for it, nor must he. */
static void
t54_who_leaves_pays(void **state)
{
	struct office_world *w = *state;

	pay_in(w, 9999);
	two_trunks(w, ROUTE_ORDINARY);
	call(w, "1011", "0812"); /* so the next one goes by T2 (T14) */
	service(w, "1010", SERVICE_transfer, "");
	call(w, "1010", "1001");
	answer(w, "1001");
	blind(w, "1010", "0812");
	expect_state(w, "transferring");
	expect_circuit(w, "T2", 1, "busy", "none");
	hang_up(w, "1010");
	hang_up(w, "1001");

	service(w, "1001", SERVICE_transfer, "");
	call(w, "1010", "1001");
	answer(w, "1001");
	blind(w, "1001", "0812");
	expect_state(w, "treated");
	expect_line(w, "1010", "busy", "announcement");
	hang_up(w, "1001");
	hang_up(w, "1010");
	expect_record(w, 21, LOCAL_CREDIT, SIDE_NET);
	expect_order(w);
}

/* It costs nothing, whichever of its trunks carries it. */
static void
t54_an_emergency_needs_no_money(void **state)
{
	struct office_world *w = *state;

	pay_in(w, 0);
	two_trunks(w, ROUTE_EMERGENCY);
	call(w, "1001", "0812");
	expect_state(w, "presented");
	far_says(w, "T1", 1, SIGNAL_RELEASE, 34); /* T19 */
	expect_state(w, "presented");
	expect_circuit(w, "T2", 1, "busy", "none");
	hang_up(w, "1001");

	service(w, "1002", SERVICE_transfer, "");
	call(w, "1010", "1002");
	answer(w, "1002");
	blind(w, "1002", "0812");
	expect_state(w, "transferring");
}

static void
what_was_not_used_is_there_for_the_next(void **state)
{
	struct office_world *w = *state;

	pay_in(w, 150000);
	call(w, "1001", "1011");
	assert_int_equal(anna(w).reserved_micro, 150000);
	hang_up(w, "1001");
	assert_int_equal(anna(w).reserved_micro, 0);
	call(w, "1002", "1011");
	expect_state(w, "alerting");
	answer(w, "1011");
	hang_up(w, "1002");
	hang_up(w, "1011"); /* of 0 ms: it is free */
	assert_int_equal(anna(w).charged_micro, 0);
	assert_int_equal(anna(w).reserved_micro, 0);
}

static void
t38_one_that_is_suspended_is_charged_and_cut(void **state)
{
	struct office_world *w = *state;

	pay_in(w, 150000);
	office_set_control(w->office, line(w, "1011"), 1, CONTROL_CALLING);
	call(w, "1001", "1011");
	answer(w, "1011");
	pass(w, 10 * S);
	hang_up(w, "1011");
	expect_state(w, "suspended");
	pass(w, 50 * S);
	t38_cut(w, 60);
	assert_int_equal(w->cdr.charge_micro, 150000);
}

/* Who consults pays for both: the second ends with the first. */
static void
t38_a_consultation_ends_with_its_call(void **state)
{
	struct office_world *w = *state;
	uint64_t first;

	pay_in(w, 100000);
	talk(w, "1001", "2001");
	first = w->call;
	send(w, "1001", SIGNAL_HOLD);
	pass(w, 2 * S);
	consult(w, "1001", "2002");
	send(w, "2002", SIGNAL_ALERTING);
	answer(w, "2002");
	pass(w, 20 * S);
	part(w, "1001");
	part(w, "2001");
	part(w, "2002");
	assert_true(pid_is_none(office_call_pid(w->office, first)));
	expect_state(w, "ended");
	assert_int_equal(anna(w).charged_micro, 100000);
	assert_int_equal(anna(w).reserved_micro, 0);
	expect_order(w);
}

/* The leg moves, and what is reserved for it. */
static void
t38_three_who_talk_are_cut_together(void **state)
{
	struct office_world *w = *state;
	uint64_t first;

	pay_in(w, 100000);
	assert_int_equal(office_reserve_services(w->office, 1), 0);
	office_set_service(w->office, line(w, "1001"), SERVICE_three_way,
	    &(struct service){ .is_on = 1 });
	talk(w, "1001", "2001");
	first = w->call;
	send(w, "1001", SIGNAL_HOLD);
	consult(w, "1001", "2002");
	send(w, "2002", SIGNAL_ALERTING);
	answer(w, "2002");
	pass(w, S);
	send(w, "1001", SIGNAL_CONFERENCE);
	w->call = first;
	expect_state(w, "conference");
	pass(w, 4 * S - 1);
	expect_state(w, "conference");
	pass(w, 1);
	t38_cut(w, 5);
	assert_int_equal(anna(w).charged_micro, 100000);
}

/*--------------------------------------------------------------------
 * In each state in which people talk
 */

static void
brought_to_active(struct office_world *w)
{
	(void)w;
}

static void
brought_to_held(struct office_world *w)
{
	send(w, "2001", SIGNAL_HOLD);
}

static void
brought_to_suspended(struct office_world *w)
{
	hang_up(w, "1011");
}

static void
brought_to_consulting(struct office_world *w)
{
	const uint64_t first = w->call;

	send(w, "2001", SIGNAL_HOLD);
	consult(w, "2001", "1012");
	answer(w, "1012");
	w->call = first;
}

static void
brought_to_conference(struct office_world *w)
{
	brought_to_consulting(w);
	send(w, "2001", SIGNAL_CONFERENCE);
}

static void
brought_to_transferring(struct office_world *w)
{
	blind(w, "2001", "1012");
}

/* Of 0.10 at 0.01 a second; with less than 0.055 left, after 4 s, he is warned.
 */
static void
warned_and_cut(struct office_world *w, const char *state, const char *tone)
{
	expect_state(w, state);
	pass(w, 3 * S - 1);
	expect_line(w, "1001", "busy", tone);
	pass(w, 1);
	expect_line(w, "1001", "busy", "warning");
	pass(w, 2 * S - 1);
	expect_line(w, "1001", "busy", "warning");
	pass(w, 1);
	expect_line(w, "1001", "busy", tone);
	pass(w, 4 * S - 1);
	expect_state(w, state);
	pass(w, 1);
	expect_line(w, "1001", "busy", "credit");
	part(w, "2001");
	part(w, "1012");
	t38_cut(w, 10);
}

static void
t38_who_pays_is_warned_wherever_he_talks(void **state)
{
	static const struct {
		const char *state, *tone, *called;
		void (*bring)(struct office_world *);
	} table[] = {
		{ "active", "speech", "2001", brought_to_active },
		{ "held", "hold", "2001", brought_to_held },
		{ "suspended", "none", "1011", brought_to_suspended },
		{ "consulting", "hold", "2001", brought_to_consulting },
		{ "conference", "speech", "2001", brought_to_conference },
		{ "transferring", "ringback", "2001", brought_to_transferring },
	};
	struct office_world *w = *state;
	unsigned int i;
	char name[4] = "a0";
	struct account_plan plan = { .name = name,
		.is_prepaid = true,
		.deposit_micro = 100000,
		.warn_micro = 55000 };

	service(w, "2001", SERVICE_transfer, "");
	service(w, "2001", SERVICE_three_way, "");
	office_set_control(w->office, line(w, "1011"), 1, CONTROL_CALLING);
	office_set_tariff(w->office, line(w, "1011"), 1,
	    office_find_tariff(w->office, "second"));
	pay_in(w, 0);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		name[1] = (char)('0' + i);
		assert_int_equal(office_add_account(w->office, &plan), 0);
		office_set_account(w->office, line(w, "1001"), 1,
		    office_find_account(w->office, name));
		talk(w, "1001", table[i].called);
		pass(w, S);
		table[i].bring(w);
		warned_and_cut(w, table[i].state, table[i].tone);
	}
}

/* An event that faults has reserved nothing, and one that closes pays once. */
static void
a_fault_neither_reserves_nor_charges(void **state)
{
	struct office_world *w = *state;

	pay_in(w, 150000);
	offhook(w, "1001");
	dial(w, "1001", "101");
	process_break(w->world.scheduler, pid_of(w), 0, FAULT_CRASH, 1);
	dial(w, "1001", "1");
	assert_int_equal(anna(w).reserved_micro, 0);
	dial(w, "1001", "1");
	assert_int_equal(anna(w).reserved_micro, 150000);
	process_break(w->world.scheduler, pid_of(w), 0, FAULT_CRASH, 1);
	answer(w, "1011");
	pass(w, 30 * S);
	process_break(w->world.scheduler, pid_of(w), 0, FAULT_CRASH, 1);
	hang_up(w, "1001");
	part(w, "1011");
	assert_int_equal(anna(w).charged_micro, 150000);
	assert_int_equal(anna(w).reserved_micro, 0);
}

/* T89: the news that faults is told again. */
static void
t89_credit_that_is_gone_stays_so(void **state)
{
	struct office_world *w = *state;

	pay_in(w, 50000);
	talk(w, "1001", "2001");
	pass(w, 5 * S - 1);
	process_break(w->world.scheduler, pid_of(w), 0, FAULT_CRASH, 1);
	pass(w, 1);
	expect_state(w, "active");
	pass(w, S);
	expect_state(w, "clearing");
	part(w, "1001");
	part(w, "2001");
	/* By one pulse, since the second had begun. */
	assert_int_equal(anna(w).charged_micro, 60000);
}

static unsigned int
draw(unsigned int *seed, unsigned int below)
{
	*seed = *seed * 1103515245U + 12345U;
	return (*seed >> 16) % below;
}

/* Ten lines that call and hang up as they like, till nothing is left. */
static void
t38_calls_that_share_never_cost_more_than_was_paid(void **state)
{
	struct office_world *w = *state;
	unsigned int seed = 38, i, n;
	char from[8], to[8];

	pay_in(w, 1000000);
	for (i = 0; i < 400; i++) {
		n = draw(&seed, 10);
		snprintf(from, sizeof from, "%u", 1000 + n);
		snprintf(to, sizeof to, "%u", 2000 + n);
		if (look(w, from).state == LINE_STATE_idle &&
		    !look(w, to).is_offhook) {
			call(w, from, to);
			if (look(w, to).state != LINE_STATE_idle) {
				send(w, to, SIGNAL_ALERTING);
				answer(w, to);
			}
		} else {
			part(w, from);
			part(w, to);
		}
		pass(w, (uint64_t)draw(&seed, 1500) * MS + 1);
		assert_true(
		    anna(w).charged_micro + anna(w).reserved_micro <= 1000000);
	}
	for (i = 0; i < 10; i++) {
		snprintf(from, sizeof from, "%u", 1000 + i);
		snprintf(to, sizeof to, "%u", 2000 + i);
		part(w, from);
		part(w, to);
	}
	assert_int_equal(anna(w).reserved_micro, 0);
	assert_int_equal(
	    anna(w).charged_micro, office_counts(w->office)->charge_micro);
	assert_int_equal(anna(w).charged_micro, 1000000);
	expect_order(w);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, set_up, office_world_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(t38_credit_lasts_to_the_end_of_what_was_paid),
		TEST(t54_too_little_for_the_first_interval),
		TEST(t54_no_circuit_is_kept_for_who_cannot_pay),
		TEST(t54_who_forwards_over_a_trunk_cannot_pay),
		TEST(t54_who_forwards_has_just_enough_for_one_of_two_trunks),
		TEST(t54_who_leaves_pays),
		TEST(t54_an_emergency_needs_no_money),
		TEST(what_was_not_used_is_there_for_the_next),
		TEST(t38_one_that_is_suspended_is_charged_and_cut),
		TEST(t38_a_consultation_ends_with_its_call),
		TEST(t38_three_who_talk_are_cut_together),
		TEST(t38_who_pays_is_warned_wherever_he_talks),
		TEST(a_fault_neither_reserves_nor_charges),
		TEST(t89_credit_that_is_gone_stays_so),
		TEST(t38_calls_that_share_never_cost_more_than_was_paid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
