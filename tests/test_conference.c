/* Three in one call: T32, T76 to T78. */
#include "tests/consultation_world.h"

static void
conference(struct office_world *w, uint64_t calls[2])
{
	spoken(w, calls);
	send(w, "1001", SIGNAL_CONFERENCE);
	expect_joined(w, calls, LOCAL_CONF);
	expect_state(w, "conference");
	expect_line(w, "1001", "busy", "speech");
	expect_line(w, "1002", "busy", "speech");
	expect_line(w, "1003", "busy", "speech");
	assert_int_equal(look(w, "1001").calls, 1);
	expect_order(w);
}

static void
t32_three_talk_in_one_call(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	conference(w, calls);
	dial(w, "1003", "1");	      /* T69 */
	send(w, "1002", SIGNAL_HOLD); /* T43 */
	assert_int_equal(look(w, "1002").status, 101);
	assert_int_equal(office_clear(w->office, pid_of(w), 31), 0); /* T45 */
	pass(w, 0);
	expect_state(w, "clearing");
	hang_up(w, "1001");
	hang_up(w, "1003");
	expect_line(w, "1002", "busy", "disconnect");
	hang_up(w, "1002");
	expect_record(w, 31, LOCAL_ADMIN, SIDE_NET);
}

static void
t76_whoever_leaves_the_other_two_go_on(void **state)
{
	static const char *const parties[] = { "1001", "1002", "1003" };
	struct office_world *w = *state;
	uint64_t calls[2];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		conference(w, calls);
		hang_up(w, parties[i]);
		expect_state(w, "active");
		expect_line(w, parties[i], "idle", "none");
		expect_talk(w, parties[(i + 1) % 3], parties[(i + 2) % 3]);
		hang_up(w, parties[(i + 1) % 3]);
		hang_up(w, parties[(i + 2) % 3]);
		expect_state(w, "ended");
		assert_string_equal(w->cdr.calling, "1001");
	}
}

static void
t77_without_that_right_he_takes_all_with_him(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	service(w, "1001", SERVICE_transfer, NULL);
	conference(w, calls);
	hang_up(w, "1001");
	expect_state(w, "clearing");
	expect_line(w, "1002", "busy", "disconnect");
	expect_line(w, "1003", "busy", "disconnect");
	hang_up(w, "1003");
	hang_up(w, "1002");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
}

static void
t78_a_flash_releases_who_joined_last(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	conference(w, calls);
	send(w, "1002", SIGNAL_FLASH); /* T43 */
	expect_state(w, "conference");
	send(w, "1001", SIGNAL_FLASH);
	expect_state(w, "active");
	expect_line(w, "1003", "parked", "disconnect");
	expect_talk(w, "1001", "1002");
	send(w, "1001", SIGNAL_RETRIEVE); /* T27: nobody holds any more */
	assert_int_equal(look(w, "1001").status, 29);
	send(w, "1001", SIGNAL_HOLD);
	send(w, "1001", SIGNAL_RETRIEVE);
	expect_talk(w, "1001", "1002");
}

static void
t89_whoever_hangs_up_in_a_conference_is_missed(void **state)
{
	struct office_world *w = *state;
	uint64_t calls[2];

	conference(w, calls);
	break_next(w);
	hang_up(w, "1003");
	expect_talk(w, "1001", "1002");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CALL_TEST(t32_three_talk_in_one_call),
		CALL_TEST(t76_whoever_leaves_the_other_two_go_on),
		CALL_TEST(t77_without_that_right_he_takes_all_with_him),
		CALL_TEST(t78_a_flash_releases_who_joined_last),
		CALL_TEST(t89_whoever_hangs_up_in_a_conference_is_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
