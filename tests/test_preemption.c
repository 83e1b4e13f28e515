/* Who must go when an emergency call finds no circuit (T55 to T57). */
#include "tests/trunk_world.h"

static const char *const releases[] = { "2.0", "3.0" };

/* T1 of two circuits, for 08 and for 112, where emergencies go. */
static struct office_world *
begin(const char *version)
{
	struct office_world *w = office_world_begin(version);
	struct route_plan route = { .prefix = "112",
		.count = 1,
		.class = ROUTE_EMERGENCY,
		.tariff = office_find_tariff(w->office, "second") };

	isdn_trunk(w);
	route.targets[0] = (uint16_t)office_find_trunk(w->office, "T1");
	assert_int_equal(office_add_route(w->office, &route), 0);
	office_set_class(w->office, line(w, "1010"), 5, CLASS_priority);
	office_set_class(w->office, line(w, "1020"), 5, CLASS_test);
	return w;
}

/* A call over that circuit, which is answered. */
static uint64_t
talk(struct office_world *w, const char *from, uint32_t circuit)
{
	call(w, from, "0812345");
	far_says(w, "T1", circuit, SIGNAL_ALERTING, 0);
	far_says(w, "T1", circuit, SIGNAL_ANSWER, 0);
	expect_state(w, "active");
	pass(w, S);
	return w->call;
}

static void
expect_preempted(struct office_world *w, uint64_t call)
{
	assert_int_equal(w->cdr.call.call, call);
	assert_int_equal(w->cdr.call.cause, CAUSE_PREEMPTION);
	assert_int_equal(w->cdr.call.local_reason, LOCAL_PREEMPTED);
	assert_int_equal(w->cdr.call.release_side, SIDE_NET);
}

static void
a_call_makes_room(struct office_world *w)
{
	uint64_t first = talk(w, "1001", 1), second = talk(w, "1002", 2);

	call(w, "1003", "112");
	expect_state(w, "presented"); /* T56: it is free at once */
	expect_line(w, "1001", "busy", "speech");
	expect_line(w, "1002", "busy", "preemption"); /* it began last */
	assert_true(has_logged(w, "circuit T1 2 <- release cause 9"));
	assert_int_equal(circuit_look_at(w, "T1", 2).number, w->call);
	far_says(w, "T1", 2, SIGNAL_ALERTING, 0);
	far_says(w, "T1", 2, SIGNAL_ANSWER, 0);
	expect_state(w, "active");
	hang_up(w, "1002");
	expect_preempted(w, second);
	assert_true(w->cdr.charge_micro > 0);
	hang_up(w, "1003");
	assert_int_equal(w->cdr.call.cause, CAUSE_NORMAL);
	assert_int_equal(w->cdr.charge_micro, 0);
	expect_circuit(w, "T1", 2, "idle", "none");
	call(w, "1004", "0812345"); /* it is kept for nobody any more */
	expect_state(w, "presented");
	assert_int_not_equal(first, 0);
	expect_order(w);
}

static void
t55_t56_t57_a_call_makes_room_for_an_emergency(void **state)
{
	struct office_world *w;
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		w = begin(releases[i]);
		a_call_makes_room(w);
		office_world_end(w);
	}
}

static void
t57_the_least_class_goes_first(void **state)
{
	struct office_world *w = begin("2.0");

	(void)state;
	talk(w, "1020", 1);
	talk(w, "1001", 2);
	call(w, "1003", "112");
	expect_line(w, "1020", "busy", "preemption");
	call(w, "1004", "112");
	expect_line(w, "1001", "busy", "preemption");
	/* No emergency call goes for another one (T15). */
	call(w, "1005", "112");
	expect_state(w, "treated");
	expect_line(w, "1005", "busy", "congestion");
	hang_up(w, "1005");
	expect_record(w, CAUSE_NO_CIRCUIT, LOCAL_NONE, SIDE_NET);
	expect_order(w);
	office_world_end(w);
	w = begin("2.0");
	talk(w, "1010", 1);
	talk(w, "1001", 2);
	pass(w, S);
	call(w, "1003", "112");
	expect_line(w, "1010", "busy", "speech"); /* of priority */
	expect_line(w, "1001", "busy", "preemption");
	office_world_end(w);
}

static void
t15_others_do_not_preempt(void **state)
{
	struct office_world *w = begin("2.0");

	(void)state;
	talk(w, "1001", 1);
	talk(w, "1002", 2);
	call(w, "1010", "0812345"); /* not even one of priority */
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "speech");
	expect_line(w, "1002", "busy", "speech");
	office_world_end(w);
}

/* While it rings; who is called there hears nothing, and nobody waits. */
static void
t57_a_ringing_call_goes_too(void **state)
{
	struct office_world *w = begin("2.0");
	uint64_t second;

	(void)state;
	talk(w, "1001", 1);
	far_calls(w, "T1", 2, "1002");
	expect_state(w, "alerting");
	second = w->call;
	call(w, "1003", "112");
	expect_line(w, "1002", "idle", "none");
	expect_preempted(w, second);
	expect_state(w, "presented");
	expect_order(w);
	office_world_end(w);
}

/* A release that has no row for it (T43): nobody makes room. */
static struct office_world *
begin_deaf(void)
{
	struct office_world *w = begin("1.1");
	const struct module *module;
	void *handle;
	char path[4096];

	talk(w, "1001", 1);
	talk(w, "1002", 2);
	snprintf(path, sizeof path, HOTSWITCH_RELEASES "/2.0/call.so");
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	assert_non_null(handle);
	module = dlsym(handle, "hotswitch_module");
	assert_non_null(module);
	world_add(&w->world, module); /* and births are its own */
	return w;
}

static void
t56_it_waits_so_long_and_no_longer(void **state)
{
	struct office_world *w = begin_deaf();

	(void)state;
	call(w, "1003", "112");
	expect_state(w, "routing");
	pass(w, 5 * S - MS); /* Tpreempt */
	expect_state(w, "routing");
	pass(w, MS);
	expect_state(w, "treated");
	expect_line(w, "1003", "busy", "congestion");
	hang_up(w, "1002");
	expect_circuit(w, "T1", 2, "idle", "none");
	call(w, "1004", "0812345"); /* it is not kept any more */
	expect_state(w, "presented");
	expect_order(w);
	office_world_end(w);
}

static void
t56_the_circuit_is_kept_while_it_waits(void **state)
{
	struct office_world *w = begin_deaf();
	uint64_t emergency;

	(void)state;
	call(w, "1003", "112");
	emergency = w->call;
	hang_up(w, "1001"); /* not the one that was asked */
	call(w, "1004", "0812345");
	expect_state(w, "presented"); /* over the first */
	call(w, "1005", "0812345");
	expect_state(w, "treated");
	w->call = emergency;
	expect_state(w, "routing");
	pass(w, S);
	hang_up(w, "1002");
	expect_state(w, "presented");
	assert_int_equal(circuit_look_at(w, "T1", 2).number, emergency);
	expect_order(w);
	office_world_end(w);
}

static void
t58_who_hangs_up_meanwhile_keeps_nothing(void **state)
{
	struct office_world *w = begin_deaf();

	(void)state;
	call(w, "1003", "112");
	dial(w, "1003", "1"); /* T70 */
	hang_up(w, "1003");
	expect_record(w, CAUSE_NORMAL, LOCAL_CANCEL, SIDE_A);
	hang_up(w, "1002");
	call(w, "1004", "0812345");
	expect_state(w, "presented");
	expect_order(w);
	office_world_end(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    t55_t56_t57_a_call_makes_room_for_an_emergency),
		cmocka_unit_test(t57_the_least_class_goes_first),
		cmocka_unit_test(t15_others_do_not_preempt),
		cmocka_unit_test(t57_a_ringing_call_goes_too),
		cmocka_unit_test(t56_it_waits_so_long_and_no_longer),
		cmocka_unit_test(t56_the_circuit_is_kept_while_it_waits),
		cmocka_unit_test(t58_who_hangs_up_meanwhile_keeps_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
