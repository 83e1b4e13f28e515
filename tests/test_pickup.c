/* What a subscriber dials to change his services, or to pick up: T25 T52 T53.
 */
#include "tests/call_states.h"

static void
join_group(struct office_world *w, const char *number, const char *name)
{
	const struct service group = { .is_on = true,
		.group = office_group(w->office, name) };

	assert_int_equal(office_reserve_services(w->office, 1), 0);
	office_set_service(w->office, line(w, number), SERVICE_group, &group);
}

static int
setup(void **state)
{
	struct office_world *w = office_world_begin("3.0");

	join_group(w, "1002", "room");
	join_group(w, "1003", "room");
	join_group(w, "1004", "room");
	join_group(w, "2001", "room");
	join_group(w, "1009", "elsewhere");
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	expect_order(*state);
	office_world_end(*state);
	return 0;
}

/* 1001 calls 1002, which rings since 4 s; its number. */
static uint64_t
ringing(struct office_world *w)
{
	alerting(w);
	pass(w, 4 * S);
	return w->call;
}

/*--------------------------------------------------------------------
 * Pickup
 */

static void
expect_picked_up(struct office_world *w, uint64_t call, const char *by)
{
	expect_record(w, 16, LOCAL_PICKUP, SIDE_A);
	assert_string_equal(w->cdr.calling, by);
	w->call = call;
	expect_state(w, "active");
	expect_line(w, by, "busy", "speech");
	expect_line(w, "1001", "busy", "speech");
	assert_int_equal(look(w, by).peer, line(w, "1001"));
	assert_int_equal(look(w, "1001").peer, line(w, by));
	assert_true(pid_equal(look(w, by).call, pid_of(w)));
	expect_order(w);
}

static void
t25_another_of_the_group_answers(void **state)
{
	struct office_world *w = *state;
	uint64_t first = ringing(w);

	call(w, "1003", "*8#");
	assert_string_equal(w->cdr.call.dialled, "*8#");
	assert_int_equal(w->cdr.services, 1U << SERVED_pickup);
	expect_picked_up(w, first, "1003");
	expect_line(w, "1002", "idle", "none");
	pass(w, 10 * S);
	hang_up(w, "1003");
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	assert_string_equal(w->cdr.call.dialled, "1002");
	assert_string_equal(w->cdr.connected, "1003");
	assert_int_equal(w->cdr.services, 1U << SERVED_pickup);
	assert_int_equal(w->cdr.call.t_release - w->cdr.call.t_answer, 10 * S);
	assert_int_equal(office_counts(w->office)->late, 0);
}

/* Not who has called first, nor who was in the group when he began to ring. */
static void
t25_who_rings_longest_is_picked_up(void **state)
{
	struct office_world *w = *state;
	uint64_t first, second;

	offhook(w, "1005");
	first = w->call;
	pass(w, S);
	call(w, "1006", "1002");
	second = w->call;
	pass(w, S);
	w->call = first;
	dial(w, "1005", "1004");
	pass(w, S);
	call(w, "1003", "*8#");
	expect_line(w, "1003", "busy", "speech");
	assert_int_equal(look(w, "1003").peer, line(w, "1006"));
	w->call = second;
	hang_up(w, "1006");
	hang_up(w, "1003");
	expect_state(w, "ended");
	call(w, "1006", "1009"); /* which is not of the group yet */
	pass(w, S);
	join_group(w, "1009", "room");
	join_group(w, "1004", "elsewhere");
	call(w, "1003", "*8#");
	assert_int_equal(look(w, "1003").peer, line(w, "1006"));
	hang_up(w, "1003");
	hang_up(w, "1006");
	call(w, "1003", "*8#");
	expect_line(w, "1003", "busy", "reorder");
	hang_up(w, "1003");
	hang_up(w, "1005");
}

static void
hang_up_all(struct office_world *w)
{
	static const char *const numbers[] = { "1001", "1002", "1003", "1004",
		"1005" };
	unsigned int i;

	for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (look(w, numbers[i]).is_offhook)
			hang_up(w, numbers[i]);
}

/* Calls come and go, and no list keeps who has been answered, or has gone. */
static void
t25_many_have_rung_before(void **state)
{
	struct office_world *w = *state;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		call(w, "1001", "1002");
		call(w, "1005", "1004");
		if (i % 3 == 0)
			answer(w, "1002");
		if (i % 2 == 0)
			reject(w, "1004", 17);
		if (i % 4 == 1)
			hang_up(w, "1005");
		call(w, "1003", "*8#");
		expect_line(w, "1003", "busy",
		    i % 3 != 0 || i % 4 == 3 ? "speech" : "reorder");
		hang_up_all(w);
		assert_int_equal(office_counts(w->office)->live, 0);
	}
}

/* Who is rung again: the call was answered long ago, and goes on. */
static void
t25_a_recall_is_picked_up(void **state)
{
	struct office_world *w = *state;
	uint64_t first;

	service(w, "1002", SERVICE_transfer, "");
	active(w);
	first = w->call;
	pass(w, 10 * S);
	blind(w, "1002", "1005");
	hang_up(w, "1002");
	reject(w, "1005", 21);
	expect_line(w, "1002", "ringing", "none");
	pass(w, 10 * S);
	call(w, "1003", "*8#");
	expect_picked_up(w, first, "1003");
	expect_line(w, "1002", "idle", "none");
	pass(w, 10 * S);
	hang_up(w, "1001");
	hang_up(w, "1003");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_int_equal(w->cdr.call.t_release - w->cdr.call.t_answer, 30 * S);
	assert_int_equal(w->cdr.charge_micro, 150000);
}

/* Also where it is the caller; but not whom a transfer is for (XFER). */
static void
t25_a_caller_who_is_rung_again(void **state)
{
	struct office_world *w = *state;
	uint64_t first;

	service(w, "1001", SERVICE_transfer, "");
	join_group(w, "1001", "room");
	join_group(w, "1005", "room");
	active(w);
	first = w->call;
	blind(w, "1001", "1005");
	hang_up(w, "1001");
	call(w, "1003", "*8*1005#");
	expect_line(w, "1003", "busy", "reorder");
	hang_up(w, "1003");
	reject(w, "1005", 21);
	expect_line(w, "1001", "ringing", "none");
	call(w, "1003", "*8#");
	expect_line(w, "1001", "idle", "none");
	w->call = first;
	expect_state(w, "active");
	assert_int_equal(look(w, "1003").peer, line(w, "1002"));
	hang_up(w, "1003");
	hang_up(w, "1002");
}

static void
t53_the_code_is_dialled(void **state)
{
	struct office_world *w = *state;
	uint64_t first = ringing(w);

	offhook(w, "1003");
	dial(w, "1003", "*");
	expect_line(w, "1003", "busy", "none");
	dial(w, "1003", "8");
	expect_state(w, "collecting");
	dial(w, "1003", "#");
	expect_picked_up(w, first, "1003");
}

static void
t53_the_one_that_rings_longest_or_that_is_named(void **state)
{
	struct office_world *w = *state;
	uint64_t first = ringing(w), second;

	call(w, "1005", "1004");
	second = w->call;
	call(w, "1003", "*8*1004#");
	w->call = second;
	expect_state(w, "active");
	assert_int_equal(look(w, "1003").peer, line(w, "1005"));
	call(w, "1004", "*8#");
	expect_picked_up(w, first, "1004");
}

/* The consultation has ended with it, and what is picked up is none (T31). */
static void
t53_the_code_is_dialled_in_a_consultation(void **state)
{
	struct office_world *w = *state;
	uint64_t held, rings;

	service(w, "1001", SERVICE_transfer, "");
	join_group(w, "1001", "room");
	active(w);
	held = w->call;
	call(w, "1005", "1004");
	rings = w->call;
	send(w, "1001", SIGNAL_FLASH);
	dial(w, "1001", "*8#");
	w->call = rings;
	expect_state(w, "active");
	w->call = held;
	expect_state(w, "held");
	send(w, "1001", SIGNAL_TRANSFER); /* of no two: T43 */
	expect_state(w, "held");
	send(w, "1001", SIGNAL_SWAP); /* T67 */
	expect_state(w, "active");
	assert_int_equal(look(w, "1001").peer, line(w, "1002"));
	hang_up(w, "1001");
	w->call = rings;
	expect_state(w, "alerting"); /* T90 */
	hang_up(w, "1005");
	hang_up(w, "1002");
}

static void
expect_no_pickup(struct office_world *w, const char *from, const char *code)
{
	call(w, from, code);
	expect_state(w, "treated");
	expect_line(w, from, "busy", "reorder");
	hang_up(w, from);
	expect_record(w, 29, LOCAL_NONE, SIDE_NET);
	assert_string_equal(w->cdr.call.dialled, code);
	assert_int_equal(w->cdr.services, 0);
}

static void
t53_nothing_rings_that_one_may_pick_up(void **state)
{
	struct office_world *w = *state;

	expect_no_pickup(w, "1003", "*8#");
	ringing(w);
	expect_no_pickup(w, "1009", "*8#"); /* of another group */
	expect_no_pickup(w, "1009", "*8*1002#");
	expect_no_pickup(w, "1008", "*8#");	 /* of none */
	expect_no_pickup(w, "1003", "*8*1004#"); /* which is idle */
	expect_no_pickup(w, "1003", "*8*9#");
	service(w, "1004", SERVICE_group, NULL);
	expect_no_pickup(w, "1004", "*8#"); /* of none any more */
	expect_line(w, "1002", "ringing", "none");
}

static uint64_t
want(struct office_world *w, const char *number)
{
	const char *why = "";
	uint64_t call = 0;

	assert_int_equal(
	    office_call(w->office, line(w, number), "*8#", &call, &why), 0);
	return call;
}

static void
t53_of_two_who_want_it_one_has_it(void **state)
{
	struct office_world *w = *state;
	uint64_t first = ringing(w), loser;

	want(w, "1003");
	loser = want(w, "1004");
	pass(w, 0);
	w->call = first;
	expect_state(w, "active");
	assert_int_equal(look(w, "1003").peer, line(w, "1001"));
	w->call = loser;
	expect_state(w, "treated");
	expect_line(w, "1004", "busy", "reorder");
}

/* Both have claimed before either is heard of. */
static void
t53_of_two_claims_at_one_instant_the_first_holds(void **state)
{
	struct office_world *w = *state;
	const char *why = "";
	uint64_t first = ringing(w);

	offhook(w, "1003");
	dial(w, "1003", "*8");
	offhook(w, "1004");
	dial(w, "1004", "*8");
	assert_int_equal(office_dial(w->office, line(w, "1003"), "#", &why), 0);
	dial(w, "1004", "#");
	expect_state(w, "treated");
	expect_line(w, "1004", "busy", "reorder");
	w->call = first;
	expect_state(w, "active");
	assert_int_equal(look(w, "1003").peer, line(w, "1001"));
}

static void
t25_the_caller_gives_up_at_that_instant(void **state)
{
	struct office_world *w = *state;
	const char *why = "";
	uint64_t first = ringing(w);

	want(w, "1003");
	office_hangup(w->office, line(w, "1001"), &why);
	pass(w, 0);
	w->call = first;
	expect_state(w, "ended");
	expect_line(w, "1002", "idle", "none");
	expect_order(w);
	hang_up(w, "1003");
	expect_line(w, "1003", "idle", "none");
}

static void
t25_it_is_answered_at_that_instant(void **state)
{
	struct office_world *w = *state;
	const char *why = "";
	uint64_t first = ringing(w);

	want(w, "1003");
	office_answer(w->office, line(w, "1002"), &why);
	pass(w, 0);
	w->call = first;
	expect_state(w, "active");
	assert_int_equal(look(w, "1001").peer, line(w, "1002"));
	expect_order(w);
	hang_up(w, "1003");
	expect_line(w, "1003", "idle", "none");
}

static void
t25_who_picks_up_hangs_up_at_that_instant(void **state)
{
	struct office_world *w = *state;
	const char *why = "";
	uint64_t first = ringing(w);

	want(w, "1003");
	office_hangup(w->office, line(w, "1003"), &why);
	pass(w, 0);
	expect_order(w);
	expect_line(w, "1003", "idle", "none");
	w->call = first;
	expect_state(w, "alerting"); /* his call has heard him first */
}

/* It is handed already, and nobody's, when it is put down. */
static void
t25_a_line_that_is_handed_hangs_up(void **state)
{
	struct office_world *w = *state;
	uint64_t first = ringing(w);

	offhook(w, "1003");
	w->call = first;
	break_next(w);
	dial(w, "1003", "*8#");
	expect_state(w, "active"); /* T89: who has claimed it is a fact */
	assert_int_equal(look(w, "1003").peer, line(w, "1001"));
	hang_up(w, "1003");
	expect_state(w, "clearing");
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	assert_int_equal(w->cdr.crashes, 1);
}

static void
t25_a_pickup_that_faults_has_not_been(void **state)
{
	struct office_world *w = *state;
	uint64_t first = ringing(w);

	offhook(w, "1003");
	dial(w, "1003", "*8");
	break_next(w);
	dial(w, "1003", "#");
	expect_state(w, "collecting");
	w->call = first;
	expect_state(w, "alerting");
	dial(w, "1003", "#");
	expect_state(w, "active");
	assert_int_equal(look(w, "1003").peer, line(w, "1001"));
}

static void
t39_a_call_is_given_up_that_was_about_to_be_picked_up(void **state)
{
	struct office_world *w = *state;
	uint64_t first = ringing(w);

	w->call = first;
	assert_int_equal(
	    process_break(w->world.scheduler, pid_of(w), 0, FAULT_CRASH, 2), 0);
	call(w, "1003", "*8#");
	w->call = first;
	expect_state(w, "ended");
	expect_line(w, "1003", "parked", "disconnect");
	expect_line(w, "1002", "idle", "none");
}

/*--------------------------------------------------------------------
 * Services
 */

static struct service
service_of(struct office_world *w, const char *number, enum service_kind kind)
{
	return office_service(w->office, line(w, number), kind);
}

static void
dial_code(struct office_world *w, const char *digits)
{
	offhook(w, "1001");
	dial(w, "1001", digits);
	expect_state(w, "treated");
}

static void
t52_a_code_sets_a_service_and_ends_it(void **state)
{
	struct office_world *w = *state;

	dial_code(w, "*21*1003#");
	expect_line(w, "1001", "busy", "confirmation");
	assert_true(service_of(w, "1001", SERVICE_cfu).is_on);
	assert_string_equal(service_of(w, "1001", SERVICE_cfu).number, "1003");
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_SERVICE, SIDE_NET);
	assert_string_equal(w->cdr.call.dialled, "*21*1003#");
	dial_code(w, "#21#");
	expect_line(w, "1001", "busy", "confirmation");
	assert_false(service_of(w, "1001", SERVICE_cfu).is_on);
	hang_up(w, "1001");
	call(w, "1001", "*43#");
	assert_true(service_of(w, "1001", SERVICE_call_waiting).is_on);
	pass(w, 30 * S); /* Ttreat */
	expect_record(w, 16, LOCAL_SERVICE, SIDE_NET);
	expect_line(w, "1001", "parked", "disconnect");
}

static void
t52_what_is_no_code_is_refused(void **state)
{
	static const char *const codes[] = { "*99#", "*21#", "#21*1003#",
		"*43*1003#", "*2#", "##", "*21*10*3#", "*21*12345678901",
		"*21*1001#", "*61*1001#", "*67*1001#", "*21*7701#" };
	struct office_world *w = *state;
	unsigned int i;

	assert_int_equal(office_port(w->office, "7701", "1001"), 0);
	for (i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		dial_code(w, codes[i]);
		expect_line(w, "1001", "busy", "reorder");
		hang_up(w, "1001");
		expect_record(w, 50, LOCAL_SERVICE, SIDE_NET);
	}
	assert_false(service_of(w, "1001", SERVICE_cfu).is_on);
	assert_false(service_of(w, "1001", SERVICE_call_waiting).is_on);
}

static void
t52_half_a_code_comes_to_nothing(void **state)
{
	struct office_world *w = *state;

	offhook(w, "1001");
	dial(w, "1001", "#2");
	expect_state(w, "collecting");
	pass(w, 15 * S); /* T51 */
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "reorder");
	hang_up(w, "1001");
	expect_record(w, 28, LOCAL_NONE, SIDE_NET);
}

static void
t52_a_code_that_faults_has_set_nothing(void **state)
{
	struct office_world *w = *state;

	offhook(w, "1001");
	dial(w, "1001", "*43");
	break_next(w);
	dial(w, "1001", "#");
	expect_state(w, "collecting");
	assert_false(service_of(w, "1001", SERVICE_call_waiting).is_on);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CALL_TEST(t25_another_of_the_group_answers),
		CALL_TEST(t25_who_rings_longest_is_picked_up),
		CALL_TEST(t25_many_have_rung_before),
		CALL_TEST(t25_a_recall_is_picked_up),
		CALL_TEST(t25_a_caller_who_is_rung_again),
		CALL_TEST(t53_the_code_is_dialled),
		CALL_TEST(t53_the_one_that_rings_longest_or_that_is_named),
		CALL_TEST(t53_the_code_is_dialled_in_a_consultation),
		CALL_TEST(t53_nothing_rings_that_one_may_pick_up),
		CALL_TEST(t53_of_two_who_want_it_one_has_it),
		CALL_TEST(t53_of_two_claims_at_one_instant_the_first_holds),
		CALL_TEST(t25_the_caller_gives_up_at_that_instant),
		CALL_TEST(t25_it_is_answered_at_that_instant),
		CALL_TEST(t25_who_picks_up_hangs_up_at_that_instant),
		CALL_TEST(t25_a_line_that_is_handed_hangs_up),
		CALL_TEST(t25_a_pickup_that_faults_has_not_been),
		CALL_TEST(
		    t39_a_call_is_given_up_that_was_about_to_be_picked_up),
		CALL_TEST(t52_a_code_sets_a_service_and_ends_it),
		CALL_TEST(t52_what_is_no_code_is_refused),
		CALL_TEST(t52_half_a_code_comes_to_nothing),
		CALL_TEST(t52_a_code_that_faults_has_set_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
