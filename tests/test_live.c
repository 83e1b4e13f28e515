/* That no look at the running switch is long, and that all of them see it. */
#include "sim/live.h"

#include "tests/office_world.h"

#include "calls/database/report.h"
#include "calls/exchange/office_trunk.h"
#include "sim/telephony.h"

enum { CALLS = 2 * LIVE_SEEN + 2, CIRCUITS = 2 * LIVE_SEEN + 1 };

/* What has been written down; the last row's first and third value. */
static struct {
	unsigned int rows;
	int64_t first;
	char third[64];
} written;

/* (The linker has it called in place of that of a database.) */
void __wrap_report_rows_add(
    struct report_rows *rows, const struct report_value *values);
void
__wrap_report_rows_add(
    struct report_rows *rows, const struct report_value *values)
{
	assert_null(rows);
	written.rows++;
	written.first = values[0].integer;
	(void)snprintf(written.third, sizeof written.third, "%s",
	    values[2].kind == REPORT_TEXT ? values[2].text : "");
}

static unsigned int
rows_of(struct live *live)
{
	written.rows = 0;
	live_fill(live, "", NULL);
	return written.rows;
}

/* How many looks it takes, none of which may see more than it should. */
static unsigned int
look_at(const struct office_world *w, const char *name, struct live **ret_live)
{
	static struct telephony telephony;
	unsigned int looks = 1, rows = 0;
	int result;

	telephony = (struct telephony){ w->world.scheduler, w->office,
		scheduler_behaviours(w->world.scheduler) };
	assert_int_equal(live_alloc(ret_live, &telephony, name), 0);
	for (; (result = live_look(*ret_live)) > 0; looks++) {
		assert_true(rows_of(*ret_live) - rows <= LIVE_SEEN);
		rows = written.rows;
	}
	assert_int_equal(result, 0);
	assert_true(rows_of(*ret_live) - rows <= LIVE_SEEN);
	return looks;
}

static void
add_lines(struct office_world *w, const char *first, const char *last)
{
	assert_int_equal(
	    office_add_lines(w->office, first, last, LINE_ANALOG), 0);
}

/* They lift, or hang up, all of them at once. */
static void
hook(struct office_world *w, unsigned int from, unsigned int count, bool lifts)
{
	const char *why = "";
	char number[16];
	uint64_t call;

	for (; count > 0; count--) {
		(void)snprintf(number, sizeof number, "%u", from++);
		assert_int_equal(lifts
			? office_offhook(
			      w->office, line(w, number), &call, &why)
			: office_hangup(w->office, line(w, number), &why),
		    0);
	}
	pass(w, 0);
}

static void
each_call_is_seen_and_few_in_one_look(void **state)
{
	struct office_world *w = office_world_begin_with("3.0", false);
	struct live *live;

	*state = w;
	add_lines(w, "5000", "5999");
	hook(w, 5000, CALLS - 1, true);
	call(w, "1001", "1002");
	assert_in_range(look_at(w, "hung", &live), 3, 4);
	assert_int_equal(rows_of(live), CALLS);
	assert_int_equal(written.first, CALLS);
	assert_string_equal(written.third, "1002");
	/* What was seen stays as it was. */
	hang_up(w, "1001");
	assert_int_equal(rows_of(live), CALLS);
	live_free(&live);
}

static void
empty_places_of_calls_are_no_long_look(void **state)
{
	struct office_world *w = office_world_begin_with("3.0", false);
	struct live *live;

	*state = w;
	add_lines(w, "50000", "69999");
	hook(w, 50000, LIVE_PLACES + 1, true);
	hook(w, 50000, LIVE_PLACES + 1, false);
	assert_int_equal(look_at(w, "hung", &live), 2);
	assert_int_equal(written.rows, 0);
	live_free(&live);
}

static void
each_circuit_is_seen_and_few_in_one_look(void **state)
{
	struct office_world *w = office_world_begin_with("3.0", false);
	const struct trunk_plan one = { .name = "T1", .circuits = CIRCUITS };
	const struct trunk_plan other = { .name = "T2", .circuits = 3 };
	struct live *live;

	*state = w;
	assert_int_equal(office_add_trunk(w->office, &one), 0);
	assert_int_equal(office_add_trunk(w->office, &other), 0);
	assert_int_equal(look_at(w, "circuits", &live), 3);
	assert_int_equal(rows_of(live), 2);
	live_free(&live);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
		    each_call_is_seen_and_few_in_one_look, office_world_leave),
		cmocka_unit_test_teardown(
		    empty_places_of_calls_are_no_long_look, office_world_leave),
		cmocka_unit_test_teardown(
		    each_circuit_is_seen_and_few_in_one_look,
		    office_world_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
