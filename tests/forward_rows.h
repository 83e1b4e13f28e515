/*
 * A line sends its calls on: rows T9 to T11, T19, T22, T63 and T66, of every
 * release from 2.0 on.
 */
#ifndef TESTS_FORWARD_ROWS_H
#define TESTS_FORWARD_ROWS_H

#include "tests/call_states.h"

/* So often has the last call been sent on. */
#define expect_redirects(w, count)                                             \
	assert_int_equal(number(w, "redirects"), count)

/* As the record of the call that has ended says, who, why and whose call. */
static void
expect_redirected(struct office_world *w, const char *by, unsigned int count,
    enum redirect_reason reason)
{
	assert_string_equal(w->cdr.redirecting, by);
	assert_int_equal(w->cdr.redirect_count, count);
	assert_int_equal(w->cdr.redirect_reason, reason);
}

static void
t10_all_calls_are_sent_on(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_cfu, "1003");
	alerting(w);
	expect_line(w, "1002", "idle", "none");
	expect_line(w, "1003", "ringing", "none");
	expect_line(w, "1001", "busy", "ringback");
	expect_redirects(w, 1);
	answer(w, "1003");
	pass(w, 60 * S);
	hang_up(w, "1001");
	hang_up(w, "1003");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	expect_redirected(w, "1002", 1, REDIRECT_unconditional);
	assert_string_equal(w->cdr.call.dialled, "1002");
	assert_string_equal(w->cdr.connected, "1003");
	assert_int_equal(w->cdr.services, 1U << SERVED_forward);
	assert_int_equal(w->cdr.legs, 2); /* each pays 0.15 */
	assert_int_equal(w->cdr.charge_micro, 300000);
	service(w, "1002", SERVICE_cfu, NULL);
	call(w, "1001", "1002");
	expect_line(w, "1002", "ringing", "none");
}

static void
t10_a_line_that_is_barred_in_sends_on(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_bar_in, "");
	service(w, "1002", SERVICE_cfu, "1003");
	alerting(w);
	expect_line(w, "1003", "ringing", "none");
}

/* It pays, so it is its own bars that count, and nobody else's. */
static void
t10_who_sends_on_may_not_be_barred(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_cfu, "2001");
	service(w, "1001", SERVICE_bar_out, "20");
	call(w, "1001", "1002");
	expect_state(w, "presented");
	hang_up(w, "1001");
	service(w, "1002", SERVICE_bar_out, "20");
	call(w, "1001", "1002");
	expect_state(w, "treated");
	hang_up(w, "1001");
	expect_record(w, 52, LOCAL_NONE, SIDE_NET);
	expect_line(w, "2001", "idle", "none");
}

static void
t9_nobody_sends_on_twice(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_cfu, "1003");
	service(w, "1003", SERVICE_cfu, "1002");
	call(w, "1001", "1002");
	expect_state(w, "treated");
	expect_line(w, "1001", "busy", "announcement");
	hang_up(w, "1001");
	expect_record(w, 25, LOCAL_NONE, SIDE_NET);
	expect_redirected(w, "1003", 2, REDIRECT_unconditional);
	assert_int_equal(w->cdr.charge_micro, 0);
}

static void
t9_five_times_are_enough(void **state)
{
	struct office_world *w = *state;
	char from[8], to[8];
	unsigned int i;

	for (i = 2; i <= 6; i++) {
		snprintf(from, sizeof from, "100%u", i);
		snprintf(to, sizeof to, "100%u", i + 1);
		service(w, from, SERVICE_cfu, to);
	}
	call(w, "1001", "1002");
	expect_line(w, "1007", "ringing", "none");
	expect_redirects(w, 5);
	hang_up(w, "1001");
	service(w, "1007", SERVICE_cfu, "1008");
	call(w, "1001", "1002");
	hang_up(w, "1001");
	expect_record(w, 25, LOCAL_NONE, SIDE_NET);
	expect_redirected(w, "1006", 5, REDIRECT_unconditional);
	expect_line(w, "1008", "idle", "none");
}

static void
t11_a_busy_line_sends_on(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_cfb, "1004");
	active(w);
	call(w, "1003", "1002");
	expect_line(w, "1004", "ringing", "none");
	expect_line(w, "1002", "busy", "speech");
	assert_int_equal(look(w, "1002").calls, 1);
	answer(w, "1004");
	hang_up(w, "1004");
	hang_up(w, "1003");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	expect_redirected(w, "1002", 1, REDIRECT_busy);
}

/* Back to a busy line that has sent it on already: busy tone, no loop. */
static void
t11_not_twice_by_one_line(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_cfb, "1003");
	service(w, "1003", SERVICE_cfu, "1002");
	active(w);
	call(w, "1004", "1002");
	expect_state(w, "treated");
	expect_line(w, "1004", "busy", "busy");
	hang_up(w, "1004");
	expect_record(w, 17, LOCAL_NONE, SIDE_NET);
	expect_redirected(w, "1003", 2, REDIRECT_unconditional);
}

/* T12 is tried before T11. */
static void
t11_who_may_wait_is_not_sent_on(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_cfb, "1004");
	service(w, "1002", SERVICE_call_waiting, "");
	active(w);
	call(w, "1003", "1002");
	expect_line(w, "1002", "waiting", "waiting");
	call(w, "1005", "1002"); /* but there is one place */
	expect_line(w, "1004", "ringing", "none");
}

static void
t19_a_refusal_as_busy_sends_on(void **state)
{
	struct office_world *w = *state;

	service(w, "2001", SERVICE_cfb, "1003");
	presented(w);
	reject(w, "2001", 17);
	expect_state(w, "alerting");
	expect_line(w, "2001", "idle", "none");
	expect_line(w, "1003", "ringing", "none");
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	presented(w);
	reject(w, "2001", 21);
	expect_state(w, "treated"); /* before it rings he may say no */
	hang_up(w, "1001");
	presented(w);
	send_cause(w, "2001", SIGNAL_DISCONNECT, 17); /* as ISDN may */
	expect_line(w, "1003", "ringing", "none");
}

static void
t63_a_refusal_sends_on(void **state)
{
	struct office_world *w = *state;
	static const uint8_t causes[] = { 17, 21 };
	unsigned int i;

	service(w, "1002", SERVICE_cfb, "1003");
	for (i = 0; i < 2; i++) {
		alerting(w);
		reject(w, "1002", causes[i]);
		expect_state(w, "alerting");
		expect_line(w, "1002", "idle", "none");
		expect_line(w, "1003", "ringing", "none");
		hang_up(w, "1001");
		expect_redirected(w, "1002", 1, REDIRECT_busy);
		alerting(w);
		send_cause(w, "1002", SIGNAL_DISCONNECT, causes[i]);
		expect_line(w, "1003", "ringing", "none");
		hang_up(w, "1001");
	}
	alerting(w);
	reject(w, "1002", 27);
	expect_state(w, "treated");
}

static void
t22_after_tcfnr_it_is_sent_on(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_cfnr, "1003");
	alerting(w);
	pass(w, 15 * S - MS);
	expect_line(w, "1002", "ringing", "none");
	assert_int_not_equal(number(w, "cfnr_serial"), 0);
	pass(w, MS); /* Tcfnr, 15 s */
	expect_line(w, "1002", "idle", "none");
	expect_line(w, "1003", "ringing", "none");
	expect_line(w, "1001", "busy", "ringback");
	assert_int_equal(number(w, "cfnr_serial"), 0);
	pass(w, 180 * S - MS); /* T301 afresh, and no Tcfnr */
	expect_state(w, "alerting");
	answer(w, "1003");
	hang_up(w, "1001");
	hang_up(w, "1003");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	expect_redirected(w, "1002", 1, REDIRECT_no_reply);
	assert_int_equal(/* since it rang at all */
	    w->cdr.call.t_answer - w->cdr.call.t_alert, 195 * S - MS);
}

static void
t22_the_line_says_how_long(void **state)
{
	struct office_world *w = *state;
	const struct service cfnr = {
		.number = "1003", .after_ms = 5000, .is_on = true
	};

	assert_int_equal(office_reserve_services(w->office, 1), 0);
	office_set_service(w->office, line(w, "1002"), SERVICE_cfnr, &cfnr);
	alerting(w);
	pass(w, 5 * S);
	expect_line(w, "1003", "ringing", "none");
}

/* Tcfnr stops with the state that it ran in; T88 drops what is left of it. */
static void
t22_an_answer_stops_tcfnr(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_cfnr, "1003");
	alerting(w);
	pass(w, 14 * S);
	answer(w, "1002");
	assert_int_equal(number(w, "cfnr_serial"), 0);
	pass(w, 100 * S);
	expect_state(w, "active");
	expect_line(w, "1003", "idle", "none");
	assert_int_equal(office_counts(w->office)->late, 0);
}

static void
t22_nothing_where_it_is_off_by_then(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_cfnr, "1003");
	alerting(w);
	service(w, "1002", SERVICE_cfnr, NULL);
	pass(w, 100 * S);
	expect_line(w, "1002", "ringing", "none");
	expect_redirects(w, 0);
	pass(w, 80 * S); /* T301 has gone on */
	expect_state(w, "treated");
}

static void
t22_who_waits_is_sent_on_too(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_call_waiting, "");
	service(w, "1002", SERVICE_cfnr, "1004");
	active(w);
	call(w, "1003", "1002");
	expect_line(w, "1002", "waiting", "waiting");
	pass(w, 15 * S);
	expect_line(w, "1002", "busy", "speech");
	assert_int_equal(look(w, "1002").calls, 1);
	expect_line(w, "1004", "ringing", "none");
	hang_up(w, "1003");
	expect_redirected(w, "1002", 1, REDIRECT_no_reply);
}

static void
t66_who_has_waited_is_sent_on(void **state)
{
	struct office_world *w = *state;
	const struct service cfnr = {
		.number = "1004", .after_ms = 90000, .is_on = true
	};

	service(w, "1002", SERVICE_call_waiting, "");
	assert_int_equal(office_reserve_services(w->office, 1), 0);
	office_set_service(w->office, line(w, "1002"), SERVICE_cfnr, &cfnr);
	active(w);
	call(w, "1003", "1002");
	pass(w, 60 * S); /* Tcw comes first */
	expect_line(w, "1002", "busy", "speech");
	expect_line(w, "1004", "ringing", "none");
	pass(w, 100 * S);
	expect_redirects(w, 1);
}

/* All of it in one event, or nothing (T89). */
static void
t89_a_call_is_sent_on_after_a_fault(void **state)
{
	struct office_world *w = *state;

	service(w, "1002", SERVICE_cfnr, "1003");
	alerting(w);
	pass(w, 14 * S);
	break_next(w);
	pass(w, S);
	expect_line(w, "1002", "idle", "none");
	expect_line(w, "1003", "ringing", "none");
	break_next(w);
	answer(w, "1003");
	expect_state(w, "active");
	hang_up(w, "1001");
	hang_up(w, "1003");
	expect_record(w, 16, LOCAL_NONE, SIDE_A);
	expect_redirected(w, "1002", 1, REDIRECT_no_reply);
}

#define FORWARD_TESTS                                                          \
	CALL_TEST(t10_all_calls_are_sent_on),                                  \
	    CALL_TEST(t10_a_line_that_is_barred_in_sends_on),                  \
	    CALL_TEST(t10_who_sends_on_may_not_be_barred),                     \
	    CALL_TEST(t9_nobody_sends_on_twice),                               \
	    CALL_TEST(t9_five_times_are_enough),                               \
	    CALL_TEST(t11_a_busy_line_sends_on),                               \
	    CALL_TEST(t11_not_twice_by_one_line),                              \
	    CALL_TEST(t11_who_may_wait_is_not_sent_on),                        \
	    CALL_TEST(t19_a_refusal_as_busy_sends_on),                         \
	    CALL_TEST(t63_a_refusal_sends_on),                                 \
	    CALL_TEST(t22_after_tcfnr_it_is_sent_on),                          \
	    CALL_TEST(t22_the_line_says_how_long),                             \
	    CALL_TEST(t22_an_answer_stops_tcfnr),                              \
	    CALL_TEST(t22_nothing_where_it_is_off_by_then),                    \
	    CALL_TEST(t22_who_waits_is_sent_on_too),                           \
	    CALL_TEST(t66_who_has_waited_is_sent_on),                          \
	    CALL_TEST(t89_a_call_is_sent_on_after_a_fault)

#endif
