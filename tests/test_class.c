/* Of what class lines and calls are, and what an emergency call costs. */
#include "tests/office_world.h"

static int
set_up(void **state)
{
	struct office_world *office_world = office_world_begin("1.0");
	struct office *office = office_world->office;

	office_set_class(
	    office, line(office_world, "1010"), 2, CLASS_emergency);
	office_set_class(office, line(office_world, "1020"), 2, CLASS_test);
	office_set_class(office, line(office_world, "1030"), 2, CLASS_priority);
	*state = office_world;
	return 0;
}

static enum line_class
class_of(const struct office_world *office_world)
{
	struct office_call_view view;

	office_look_at_call(
	    office_world->world.scheduler, office_world->call, &view);
	return view.class;
}

static void
a_call_is_of_its_callers_class(void **state)
{
	struct office_world *office_world = *state;

	call(office_world, "1001", "1002");
	assert_int_equal(class_of(office_world), CLASS_ordinary);
	offhook(office_world, "1020");
	assert_int_equal(class_of(office_world), CLASS_test);
	call(office_world, "1030", "1003");
	assert_int_equal(class_of(office_world), CLASS_priority);
	call(office_world, "1004", "1021"); /* not of whom it is for */
	assert_int_equal(class_of(office_world), CLASS_ordinary);
	call(office_world, "1010", "1005");
	assert_int_equal(class_of(office_world), CLASS_emergency);
	expect_order(office_world);
}

static void
it_is_raised_when_it_goes_to_an_emergency_line(void **state)
{
	struct office_world *office_world = *state;

	offhook(office_world, "1001");
	dial(office_world, "1001", "101");
	assert_int_equal(class_of(office_world), CLASS_ordinary);
	dial(office_world, "1001", "1");
	expect_state(office_world, "alerting");
	assert_int_equal(class_of(office_world), CLASS_emergency);
	answer(office_world, "1011");
	assert_int_equal(class_of(office_world), CLASS_emergency);
	call(office_world, "1020", "1010");
	assert_int_equal(class_of(office_world), CLASS_emergency);
	call(office_world, "1002", "1010"); /* which is busy */
	assert_int_equal(class_of(office_world), CLASS_emergency);
}

/* For a birth, of which nothing is known but its start. */
static void
digits_say_of_what_class_a_call_will_be(void **state)
{
	struct office_world *office_world = *state;
	struct office *office = office_world->office;
	const uint32_t plain = line(office_world, "1001");

	assert_int_equal(office_class_of(office, plain, ""), CLASS_ordinary);
	assert_int_equal(office_class_of(office, plain, "101"), CLASS_ordinary);
	assert_int_equal(
	    office_class_of(office, plain, "1010"), CLASS_emergency);
	assert_int_equal(
	    office_class_of(office, plain, "1010#12"), CLASS_emergency);
	assert_int_equal(
	    office_class_of(office, plain, "1020"), CLASS_ordinary);
	assert_int_equal(office_class_of(office, plain, "1010101010101010101"),
	    CLASS_ordinary);
	assert_int_equal(
	    office_class_of(office, line(office_world, "1020"), "1010"),
	    CLASS_emergency);
	assert_int_equal(
	    office_class_of(office, line(office_world, "1020"), "1001"),
	    CLASS_test);
}

static void
expect_charge(struct office_world *office_world, const char *from,
    const char *to, uint64_t charge_micro)
{
	call(office_world, from, to);
	answer(office_world, to);
	pass(office_world, 90 * S);
	hang_up(office_world, to);
	hang_up(office_world, from);
	expect_record(office_world, CAUSE_NORMAL, LOCAL_NONE, SIDE_B);
	assert_int_equal(office_world->cdr.charge_micro, charge_micro);
}

static void
an_emergency_call_is_free(void **state)
{
	struct office_world *office_world = *state;

	expect_charge(office_world, "1001", "1002", 170000);
	expect_charge(office_world, "1001", "1010", 0);
	expect_charge(office_world, "1010", "1001", 0);
	expect_charge(office_world, "1020", "1001", 170000);
	expect_order(office_world);
}

static void
set_service(struct office_world *office_world, const char *number,
    enum service_kind kind, const char *about)
{
	struct service service = { .is_on = 1 };

	snprintf(service.number, sizeof service.number, "%s", about);
	assert_int_equal(office_reserve_services(office_world->office, 1), 0);
	office_set_service(
	    office_world->office, line(office_world, number), kind, &service);
}

/* T3, T13: neither what the caller may not, nor what the called line will. */
static void
an_emergency_call_passes_barring(void **state)
{
	struct office_world *office_world = *state;

	set_service(office_world, "1001", SERVICE_suspended, "");
	set_service(office_world, "1002", SERVICE_bar_out, "10");
	set_service(office_world, "1010", SERVICE_bar_in, "");
	call(office_world, "1001", "1003");
	expect_state(office_world, "treated");
	hang_up(office_world, "1001");
	call(office_world, "1001", "1010");
	expect_state(office_world, "alerting");
	call(office_world, "1002", "1003");
	expect_state(office_world, "treated");
	hang_up(office_world, "1002");
	call(office_world, "1002", "1011");
	expect_state(office_world, "alerting");
}

int
main(void)
{
#define CLASS_TEST(test)                                                       \
	cmocka_unit_test_setup_teardown(test, set_up, office_world_leave)
	const struct CMUnitTest tests[] = {
		CLASS_TEST(a_call_is_of_its_callers_class),
		CLASS_TEST(it_is_raised_when_it_goes_to_an_emergency_line),
		CLASS_TEST(digits_say_of_what_class_a_call_will_be),
		CLASS_TEST(an_emergency_call_is_free),
		CLASS_TEST(an_emergency_call_passes_barring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
