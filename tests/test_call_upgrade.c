/*
 * T44: a call of any state goes from release to release between two events,
 * and nothing else changes.  Every row of the state table is tested again while
 * all calls are converted to and fro after each event; then what no plan can
 * take back, and the releases that are wrong.
 */
#include "tests/common_rows.h"
#include "tests/preemption_rows.h"
#include "tests/forward_rows.h"
#include "tests/waiting_rows.h"
#include "tests/call_releases.h"

#include "switch/system.h"

static unsigned int
other_release(struct office_world *w)
{
	struct releases *releases = releases_of(w);
	uint16_t current = behaviour_current(behaviours_of(w), "call");

	return current == releases->ids[releases->from] ? releases->to
							: releases->from;
}

static void
convert_each(void *arg, uint64_t key)
{
	struct office_world *w = arg;
	struct scheduler *scheduler = w->world.scheduler;
	unsigned int release = other_release(w);
	uint16_t to = releases_of(w)->ids[release];
	uint32_t cursor = 0;
	struct pid pid;

	(void)key;
	use(w, release);
	while (process_next(scheduler, &cursor, &pid)) {
		if (!is_call(w, pid))
			continue;
		assert_int_equal(process_change_code(scheduler, pid, to), 0);
		releases_of(w)->conversions++;
	}
}

/* Every live call goes to the other release, and new ones are born in it. */
static void
convert_all(struct office_world *w)
{
	do_there(w, convert_each, w);
}

/* As the setup of each row; from which release, and to which. */
static int
setup_between(void **state, unsigned int from, unsigned int to)
{
	struct office_world *w = begin_with_releases(to);

	releases_of(w)->from = from;
	releases_of(w)->to = to;
	use(w, from);
	w->between = convert_all;
	*state = w;
	return 0;
}

static int
setup(void **state)
{
	return setup_between(state, CALL_1_0, CALL_2_0);
}

static int
setup_1_3(void **state)
{
	return setup_between(state, CALL_1_0, CALL_3_0);
}

static int
setup_2_3(void **state)
{
	return setup_between(state, CALL_2_0, CALL_3_0);
}

static int
setup_three(void **state)
{
	*state = begin_with_releases(CALL_3_0);
	return 0;
}

/* Without 3.0, from which no plan leads to a faulty one. */
static int
setup_still(void **state)
{
	*state = begin_with_releases(CALL_2_0);
	return 0;
}

static int
teardown(void **state)
{
	struct office_world *w = *state;

	if (w->between != NULL)
		assert_true(releases_of(w)->conversions > 0);
	end_with_releases(w);
	return 0;
}

static void
t44_digits_and_names_come_along(void **state)
{
	struct office_world *w = *state;
	const struct process_info *info;
	struct process_info now;
	const struct module *module;

	offhook(w, "1001");
	dial(w, "1001", "10");
	assert_int_equal(convert(w, CALL_2_0), 0);
	now = world_info(&w->world, pid_of(w));
	info = &now;
	module = behaviour_at(
	    scheduler_behaviours(w->world.scheduler), info->behaviour)
		     ->module;
	assert_string_equal((const char *)info->state +
		field_of(&module->schema, "called_dialled")->offset,
	    "10");
	assert_int_equal(number(w, "held"), 0);
	assert_int_equal(number(w, "hold_us"), 0);
	dial(w, "1001", "02");
	expect_state(w, "alerting");
	answer(w, "1002");
	hang_up(w, "1001");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_string_equal(w->cdr.call.dialled, "1002");
	assert_string_equal(w->cdr.version_start, "1.0");
	assert_string_equal(w->cdr.version_end, "2.0");
	assert_int_equal(w->cdr.upgrades, 1);
}

static void
t44_a_call_of_1_0_is_held_on_2_0(void **state)
{
	struct office_world *w = *state;

	active(w);
	assert_int_equal(convert(w, CALL_2_0), 0);
	send(w, "1001", SIGNAL_HOLD);
	expect_line(w, "1002", "busy", "hold");
	pass(w, S);
	/* 1.0 has no such tone: the call is pinned, and whole. */
	assert_int_equal(convert(w, CALL_1_0), -EDOM);
	expect_line(w, "1002", "busy", "hold");
	assert_int_equal(number(w, "held"), 1);
	send(w, "1001", SIGNAL_RETRIEVE);
	assert_int_equal(convert(w, CALL_1_0), 0);
	expect_line(w, "1002", "busy", "speech");
	expect_state(w, "active");
}

/* U18, T80: 1.0 has no such state; 3.0 has, and Tsusp runs on (U15). */
static void
u18_a_suspended_call_is_pinned_to_2_0(void **state)
{
	struct office_world *w = *state;

	office_set_control(w->office, line(w, "1002"), 1, CONTROL_CALLING);
	active(w);
	assert_int_equal(convert(w, CALL_2_0), 0);
	hang_up(w, "1002");
	expect_state(w, "suspended");
	assert_int_equal(convert(w, CALL_1_0), -EDOM);
	pass(w, 30 * S);
	assert_int_equal(convert(w, CALL_3_0), 0);
	expect_state(w, "suspended");
	assert_int_equal(convert(w, CALL_1_0), -EDOM);
	assert_int_equal(convert(w, CALL_2_0), 0);
	answer(w, "1002");
	assert_int_equal(convert(w, CALL_1_0), 0);
	expect_state(w, "active");
	assert_int_equal(convert(w, CALL_3_0), 0);
	hang_up(w, "1002");
	pass(w, 60 * S);
	assert_int_equal(convert(w, CALL_2_0), 0);
	pass(w, 30 * S);
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	hang_up(w, "1001");
}

static void
t44_a_wide_count_is_pinned(void **state)
{
	enum { MANY = UINT16_MAX + 1 };
	struct office_world *w = *state;
	char *digits = malloc(MANY + 1);

	assert_non_null(digits);
	memset(digits, '7', MANY);
	digits[MANY - 1] = '\0';
	alerting(w);
	assert_int_equal(convert(w, CALL_2_0), 0);
	dial(w, "1001", digits);
	assert_int_equal(number(w, "overdial"), UINT16_MAX);
	assert_int_equal(convert(w, CALL_1_0), 0);
	dial(w, "1001", "7"); /* full, and it stays full */
	assert_int_equal(number(w, "overdial"), UINT16_MAX);
	assert_int_equal(convert(w, CALL_2_0), 0);
	dial(w, "1001", "7");
	assert_int_equal(number(w, "overdial"), UINT16_MAX + 1);
	assert_int_equal(convert(w, CALL_1_0), -EDOM);
	free(digits);
}

static struct cdr
record_of_a_call_that_went(struct office_world *w, const unsigned int *ways)
{
	call(w, "1001", "1002");
	pass(w, 6 * S);
	dial(w, "1001", "77"); /* T70 */
	for (; *ways != CALL_RELEASES; ways++) {
		assert_int_equal(convert(w, *ways), 0);
		pass(w, 0);
	}
	answer(w, "1002");
	pass(w, 100 * S);
	hang_up(w, "1002");
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	return w->cdr;
}

/* N10, U9: at once or through all between, up or down, it is the same call. */
static void
t44_at_once_is_as_through_all_between(void **state)
{
	struct office_world *w = *state;
	enum {
		ONE = CALL_1_0,
		TWO = CALL_2_0,
		THREE = CALL_3_0,
		END = CALL_RELEASES
	};
	static const unsigned int ways[][6] = { { THREE, END },
		{ TWO, THREE, END }, { TWO, THREE, TWO, ONE, THREE, END },
		{ THREE, ONE, TWO, THREE, END } };
	struct cdr at_once, other;
	unsigned int i;

	at_once = record_of_a_call_that_went(w, ways[0]);
	assert_true(at_once.charge_micro > 0);
	for (i = 1; i < 4; i++) {
		other = record_of_a_call_that_went(w, ways[i]);
		assert_int_equal(other.charge_micro, at_once.charge_micro);
		assert_int_equal(other.pulses, at_once.pulses);
		assert_int_equal(other.call.overdial, 0);
		assert_int_equal(other.call.t_alert - other.call.t_seize,
		    at_once.call.t_alert - at_once.call.t_seize);
		assert_int_equal(
		    other.call.t_release - other.call.t_answer, 100 * S);
	}
}

/* Fields of their own become records, and back; both states are active. */
static void
t44_two_parties_become_an_array_and_one_state_two(void **state)
{
	struct office_world *w = *state;

	collecting(w);
	assert_int_equal(convert(w, CALL_3_0), 0);
	assert_int_equal(number(w, "parties_used"), 1);
	assert_int_equal(party_number(w, 1, "port"), PORT_NONE);
	hang_up(w, "1001");
	active(w);
	assert_int_equal(convert(w, CALL_2_0), 0);
	send(w, "1002", SIGNAL_HOLD);
	assert_int_equal(convert(w, CALL_3_0), 0);
	expect_state(w, "held");
	assert_int_equal(number(w, "parties_used"), 2);
	assert_int_equal(party_number(w, 0, "port"), line(w, "1001"));
	assert_int_equal(party_number(w, 1, "port"), line(w, "1002"));
	assert_int_equal(party_number(w, 0, "tone"), TONE_hold);
	assert_int_equal(party_number(w, 1, "tone"), TONE_speech);
	assert_int_equal(convert(w, CALL_1_0), -EDOM);
	assert_int_equal(convert(w, CALL_2_0), 0);
	expect_state(w, "active");
	assert_int_equal(number(w, "tone_a"), TONE_hold);
	assert_int_equal(number(w, "port_b"), line(w, "1002"));
	send(w, "1002", SIGNAL_RETRIEVE);
	assert_int_equal(convert(w, CALL_3_0), 0);
	expect_state(w, "active");
	assert_int_equal(convert(w, CALL_1_0), 0);
	expect_state(w, "active");
}

/* U10: 3.0 has no place for it, and it is there again after a rollback. */
static void
u10_a_dropped_field_comes_back(void **state)
{
	struct office_world *w = *state;

	alerting(w);
	dial(w, "1001", "123");
	assert_int_equal(number(w, "overdial"), 3);
	assert_int_equal(convert(w, CALL_3_0), 0);
	dial(w, "1001", "4");
	answer(w, "1002");
	assert_int_equal(convert(w, CALL_1_0), 0);
	assert_int_equal(number(w, "overdial"), 3);
	hang_up(w, "1001");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_int_equal(w->cdr.call.overdial, 4); /* one of them by 3.0 */
}

struct order_to_one {
	struct office_world *w;
	int (*what)(struct scheduler *, struct pid);
	uint16_t to; /* system_change_code */
	int result;
};

static void
order_one(void *arg, uint64_t key)
{
	struct order_to_one *order = arg;
	struct scheduler *scheduler = order->w->world.scheduler;

	(void)key;
	order->result = order->what != NULL
	    ? order->what(scheduler, pid_of(order->w))
	    : system_change_code(scheduler, pid_of(order->w), order->to);
}

static int
order(struct office_world *w, int (*what)(struct scheduler *, struct pid),
    uint16_t to)
{
	struct order_to_one order = { .w = w, .what = what, .to = to };

	do_there(w, order_one, &order);
	return order.result;
}

/* OTP's suspend, change_code, resume, of one call. */
static void
a_suspended_call_changes_and_hears_what_it_missed(void **state)
{
	struct office_world *w = *state;
	uint16_t two = releases_of(w)->ids[CALL_2_0];

	active(w);
	assert_int_equal(order(w, NULL, two), -EBUSY);
	assert_int_equal(order(w, system_suspend, 0), 0);
	hang_up(w, "1001");
	pass(w, S);
	expect_state(w, "active");
	assert_int_equal(order(w, NULL, two), 0);
	expect_state(w, "active");
	assert_int_equal(order(w, system_resume, 0), 0);
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_string_equal(w->cdr.version_start, "1.0");
	assert_string_equal(w->cdr.version_end, "2.0");
	assert_int_equal(w->cdr.upgrades, 1);
	assert_true(w->cdr.pause_us > 0);
}

static void
expect_refused(struct office_world *w, const char *version, int status,
    const char *because)
{
	struct releases *releases = releases_of(w);
	uint16_t id;

	assert_int_equal(
	    code_load(releases->code, "call", version, &id, releases->why),
	    status);
	if (strstr(releases->why, because) == NULL)
		fail_msg("'%s' is not in: %s", because, releases->why);
}

static void
faulty_releases_are_refused_by_name(void **state)
{
	struct office_world *w = *state;

	expect_refused(w, "faulty/loses-field", -EINVAL, "'t_answer'");
	expect_refused(w, "faulty/wrong-abi", -ENOEXEC, "ABI ");
	expect_refused(w, "faulty/not-an-elf", -ENOEXEC, "ELF");
	expect_refused(w, "faulty/calls-system", -ENOEXEC, "'system'");
	expect_refused(w, "faulty/has-constructor", -ENOEXEC, "constructor");
	expect_refused(w, "faulty/truncated", -ENOEXEC, "8000 bytes");
	active(w);
}

/* It converts well; then every ANSWER faults, and is found again (T89). */
static void
faulty_crash_on_answer_is_survived_by_its_calls(void **state)
{
	struct office_world *w = *state;

	alerting(w);
	assert_int_equal(convert_to(w, load(w, "faulty/crash-on-answer")), 0);
	answer(w, "1002");
	expect_state(w, "active");
	expect_line(w, "1002", "busy", "speech");
	hang_up(w, "1001");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	assert_int_equal(w->cdr.crashes, 1);
}

#define THREE(name) cmocka_unit_test_setup_teardown(name, setup_three, teardown)
#define STILL(name) cmocka_unit_test_setup_teardown(name, setup_still, teardown)

int
main(void)
{
	static const struct CMUnitTest rows[] = { COMMON_TESTS,
		CALL_TEST(t70_digits_too_many_are_counted) };
#define setup setup_1_3
	static const struct CMUnitTest rows_1_3[] = { COMMON_TESTS };
#undef setup
#define setup setup_2_3
	static const struct CMUnitTest rows_2_3[] = { COMMON_TESTS,
		WAITING_TESTS, FORWARD_TESTS, PREEMPTION_TESTS };
#undef setup
	static const struct CMUnitTest releases[] = {
		STILL(t44_digits_and_names_come_along),
		STILL(t44_a_call_of_1_0_is_held_on_2_0),
		STILL(t44_a_wide_count_is_pinned),
		STILL(a_suspended_call_changes_and_hears_what_it_missed),
		STILL(faulty_releases_are_refused_by_name),
		STILL(faulty_crash_on_answer_is_survived_by_its_calls),
	};

	static const struct CMUnitTest three[] = {
		THREE(t44_at_once_is_as_through_all_between),
		THREE(t44_two_parties_become_an_array_and_one_state_two),
		THREE(u10_a_dropped_field_comes_back),
		THREE(u18_a_suspended_call_is_pinned_to_2_0),
	};

	return cmocka_run_group_tests(rows, NULL, NULL) +
	    cmocka_run_group_tests(rows_1_3, NULL, NULL) +
	    cmocka_run_group_tests(rows_2_3, NULL, NULL) +
	    cmocka_run_group_tests(three, NULL, NULL) +
	    cmocka_run_group_tests(releases, NULL, NULL);
}
