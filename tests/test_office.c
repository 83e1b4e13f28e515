/* What the office promises subscribers, the operator and its own books. */
#include "tests/office_world.h"

#include <errno.h>

#include "calls/exchange/office_internal.h"
#include "switch/alarm.h"
#include "switch/object.h"

static int
setup(void **state)
{
	*state = office_world_begin("1.0");
	return 0;
}

static int
teardown(void **state)
{
	office_world_end(*state);
	return 0;
}

static void
calls_are_numbered_from_one(void **state)
{
	struct office_world *w = *state;

	offhook(w, "1001");
	assert_int_equal(w->call, 1);
	call(w, "1003", "1002");
	assert_int_equal(w->call, 2);
	assert_int_equal(office_counts(w->office)->attempts, 2);
	assert_int_equal(office_counts(w->office)->live, 2);
	hang_up(w, "1003");
	assert_int_equal(office_counts(w->office)->live, 1);
	assert_true(pid_is_none(office_call_pid(w->office, 2)));
	assert_false(pid_is_none(office_call_pid(w->office, 1)));
	assert_true(pid_is_none(office_call_pid(w->office, 0)));
	assert_true(pid_is_none(office_call_pid(w->office, 3)));
	expect_order(w);
}

#define expect_refusal(status, clause)                                         \
	do {                                                                   \
		assert_int_equal(status, -ENOTSUP);                            \
		assert_string_equal(why, clause);                              \
	} while (0)

static void
what_cannot_be_done_is_answered_by_a_clause(void **state)
{
	struct office_world *w = *state;
	struct office *office = w->office;
	uint32_t a = line(w, "1001"), b = line(w, "1002");
	const char *why = "";
	uint64_t number = 0;

	expect_refusal(office_answer(office, b, &why),
	    "line 1002 is idle: nothing rings there");
	expect_refusal(office_reject(office, b, 17, &why),
	    "line 1002 is idle: nothing rings there");
	expect_refusal(office_hangup(office, b, &why),
	    "line 1002 is idle: its handset is on the hook");
	expect_refusal(office_dial(office, b, "1", &why),
	    "line 1002 is idle: its handset is on the hook");
	expect_refusal(office_signal(office, b, SIGNAL_HOLD, 0, &why),
	    "line 1002 is idle: no call hears its signals");
	expect_refusal(office_call(office, a, "", &number, &why),
	    "line 1001 is idle: a number has 1 to 15 digits, * and # among "
	    "them");
	expect_refusal(
	    office_call(office, a, "1234567890123456", &number, &why),
	    "line 1001 is idle: a number has 1 to 15 digits, * and # among "
	    "them");
	call(w, "1001", "1002");
	expect_refusal(office_offhook(office, b, &number, &why),
	    "line 1002 is ringing: only an idle line can begin a call");
	expect_refusal(office_dial(office, a, "12a", &why),
	    "line 1001 is busy: its keys are the digits, * and #");
	expect_refusal(office_hangup(office, b, &why),
	    "line 1002 is ringing: its handset is on the hook");
	assert_int_equal(number, 0);
	assert_int_equal(office_counts(office)->attempts, 1);
	expect_order(w);
}

static void
without_memory_no_line_is_added(void **state)
{
	struct office_world *w = *state;
	long n;
	int status;

	for (n = 0;; n++) {
		object_fail_after(n);
		status = office_add_lines(
		    w->office, "500000", "599999", LINE_ANALOG);
		object_fail_after(-1);
		if (status == 0)
			break;
		assert_int_equal(status, -ENOMEM);
		assert_int_equal(office_lines(w->office), 121);
		assert_int_equal(office_find(w->office, "500000"), LINE_NONE);
	}
	assert_in_range(n, 3, 9);
	call(w, "599999", "500000");
	expect_line(w, "500000", "ringing", "none");
}

static void
a_parked_line_hears_nothing_before_on_hook(void **state)
{
	struct office_world *w = *state;
	const char *why = "";

	call(w, "1001", "9");
	pass(w, 30 * S);
	expect_line(w, "1001", "parked", "disconnect");
	expect_refusal(office_dial(w->office, line(w, "1001"), "1", &why),
	    "line 1001 is parked: no call hears its digits");
	hang_up(w, "1001");
	expect_line(w, "1001", "idle", "none");
	assert_int_equal(office_counts(w->office)->attempts, 1);
}

static void
expect_gapped(
    struct office_world *w, unsigned int attempts, unsigned int gapped)
{
	assert_int_equal(office_counts(w->office)->attempts, attempts);
	assert_int_equal(office_counts(w->office)->gapped, gapped);
	expect_order(w);
}

/* Design 3: the root has passed its limit. */
static void
a_critical_alarm_closes_the_gate_to_new_calls(void **state)
{
	struct alarm alarm = { .name = ALARM_RESTART_LIMIT,
		.object = "supervisor root",
		.severity = ALARM_major };
	struct office_world *w = *state;

	call(w, "1001", "1002");
	answer(w, "1002");
	alarm_raise(w->world.scheduler, &alarm);
	call(w, "1003", "1004");
	hang_up(w, "1003");
	expect_gapped(w, 2, 0);
	strcpy(alarm.object, "supervisor calls");
	alarm.severity = ALARM_critical;
	alarm_raise(w->world.scheduler, &alarm);
	call(w, "1003", "1004");
	expect_line(w, "1003", "busy", "congestion");
	expect_gapped(w, 3, 1);
	hang_up(w, "1003");
	expect_line(w, "1002", "busy", "speech"); /* who talks talks on */
	alarm_clear(w->world.scheduler, alarm.name, alarm.object);
	call(w, "1003", "1004");
	hang_up(w, "1003");
	expect_gapped(w, 4, 1);
}

static struct pid
kill_process(struct office_world *w, const char *name)
{
	struct pid pid =
	    registry_whereis(scheduler_registry(w->world.scheduler), name);

	process_exit_signal(w->world.scheduler, PID_NONE, pid,
	    (struct reason){ .kind = REASON_KILL });
	return pid;
}

static void
without_its_process_the_exchange_takes_no_calls(void **state)
{
	struct office_world *w = *state;
	const char *why = "";
	uint64_t number;

	kill_process(w, OFFICE_PROCESS);
	pass(w, 0);
	expect_refusal(
	    office_offhook(w->office, line(w, "1001"), &number, &why),
	    "line 1001 is idle: the process 'exchange' takes no calls");
	assert_int_equal(office_counts(w->office)->attempts, 0);
	expect_line(w, "1001", "idle", "none");
	expect_order(w);
}

/* N14: the subscriber is answered, and there is a record of it. */
static void
n14_without_a_pool_a_call_ends_with_its_record(void **state)
{
	struct office_world *w = *state;

	kill_process(w, OFFICE_POOL);
	pass(w, 0);
	call(w, "1001", "1002");
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	expect_line(w, "1001", "parked", "disconnect");
	expect_order(w);
}

static int
assassin_init(struct self *self, void *state, const struct message *start)
{
	(void)self;
	(void)state;
	(void)start;
	return 0;
}

static void
assassin_handle(struct self *self, void *state, const struct message *event)
{
	(void)state;
	(void)event;
	kill_process(process_context(self), OFFICE_POOL);
}

static void
assassin_terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self;
	(void)state;
	(void)reason;
}

/*
 * The exchange's turn comes first, then the assassin's, then the pool's: so
 * the request lies in the pool's mailbox when the pool is killed.
 */
static void
n14_a_pool_that_dies_with_requests_loses_no_record(void **state)
{
	static const struct module assassin = { .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = "assassin",
		.version = "native",
		.schema = { .size = 8 },
		.init = assassin_init,
		.handle = assassin_handle,
		.terminate = assassin_terminate };
	struct office_world *w = *state;
	struct scheduler *scheduler = w->world.scheduler;
	struct spawn spawn = { .name = NULL };
	const char *why = "";
	struct pid pid;

	assert_int_equal(behaviours_add_native(scheduler_behaviours(scheduler),
			     &assassin, w, &spawn.behaviour),
	    0);
	assert_int_equal(process_spawn(scheduler, &spawn, &pid), 0);
	pass(w, 0);
	assert_int_equal(
	    office_call(w->office, line(w, "1001"), "1002", &w->call, &why), 0);
	world_post(&w->world, pid, EVENT_PRIVATE);
	pass(w, 0);
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	expect_line(w, "1001", "parked", "disconnect");
	expect_order(w);
}

/* Both at one instant: the call is born into an abandoned line. */
static void
a_caller_may_hang_up_before_the_call_is_born(void **state)
{
	struct office_world *w = *state;
	const char *why = "";

	assert_int_equal(
	    office_offhook(w->office, line(w, "1001"), &w->call, &why), 0);
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_ABANDON, SIDE_A);
	expect_line(w, "1001", "idle", "none");
	assert_int_equal(
	    office_call(w->office, line(w, "2001"), "1002", &w->call, &why), 0);
	hang_up(w, "2001");
	expect_record(w, 16, LOCAL_CANCEL, SIDE_A);
	expect_line(w, "1002", "idle", "none");
	expect_order(w);
}

/* A module whose init() seizes and then faults, or seizes nothing at all. */
static int
faulty_init(struct self *self, void *state, const struct message *start)
{
	struct signal signal;

	(void)state;
	memcpy(&signal, start->body.bytes, sizeof signal);
	if (signal.digits[0] != '0')
		port_seize(self, signal.port, true);
	return -1;
}

static void
faulty_handle(struct self *self, void *state, const struct message *event)
{
	(void)self, (void)state, (void)event;
}

static void
faulty_terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self, (void)state, (void)reason;
}

static const struct module faulty = { .magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "call",
	.version = "faulty",
	.schema = { .size = 8 },
	.init = faulty_init,
	.handle = faulty_handle,
	.terminate = faulty_terminate };

static void
a_call_whose_start_fails_leaves_its_record(void **state)
{
	struct office_world *w = *state;

	world_add(&w->world, &faulty);
	call(w, "1001", "1002");
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	assert_string_equal(w->cdr.version_start, "faulty");
	expect_line(w, "1001", "parked", "disconnect");
	assert_int_equal(office_counts(w->office)->lost, 0);
	expect_order(w);
}

static void
n14_a_call_that_was_never_started_leaves_its_record(void **state)
{
	struct office_world *w = *state;

	world_add(&w->world, &faulty);
	call(w, "1001", "0");
	expect_record(w, 41, LOCAL_CRASH, SIDE_NET);
	expect_line(w, "1001", "parked", "disconnect");
	expect_order(w);

	behaviour_make_current(
	    scheduler_behaviours(w->world.scheduler), w->release);
	call(w, "1003", "1002");
	expect_state(w, "alerting");
}

static void
digits_of_any_number_arrive_in_order(void **state)
{
	struct office_world *w = *state;

	offhook(w, "1001");
	dial(w, "1001",
	    "1002"
	    "00000000000000000000000000000000000000000000000000");
	expect_state(w, "alerting");
	assert_int_equal(number(w, "overdial"), 50);
}

static void
the_record_says_what_the_call_cannot_know(void **state)
{
	struct office_world *w = *state;
	struct pid pid;

	call(w, "1001", "1002");
	pid = pid_of(w);
	answer(w, "1002");
	process_break(w->world.scheduler, pid, 0, FAULT_ABORT, 1);
	hang_up(w, "1002");
	hang_up(w, "1001");
	expect_record(w, 16, LOCAL_NONE, SIDE_B);
	assert_true(pid_equal(w->cdr.pid, pid));
	assert_string_equal(w->cdr.calling, "1001");
	assert_string_equal(w->cdr.translated, "1002");
	assert_string_equal(w->cdr.connected, "1002");
	assert_string_equal(w->cdr.version_start, "1.0");
	assert_string_equal(w->cdr.version_end, "1.0");
	assert_int_equal(w->cdr.crashes, 1);
	assert_int_equal(w->cdr.upgrades, 0);
	assert_true(has_logged(w, "cdr 1 cause 16"));
}

static void
without_a_recorder_records_are_counted_all_the_same(void **state)
{
	struct office_world *w = *state;

	process_exit_signal(w->world.scheduler, PID_NONE, w->recorder,
	    (struct reason){ .kind = REASON_KILL });
	call(w, "1001", "1002");
	hang_up(w, "1001");
	assert_int_equal(w->cdrs, 0);
	assert_int_equal(office_counts(w->office)->records, 1);
	expect_order(w);
}

/* The event that takes a line comes to nothing; so does the taking. */
static void
a_seizure_is_undone_with_its_event(void **state)
{
	struct office_world *w = *state;

	offhook(w, "1001");
	dial(w, "1001", "100");
	process_break(
	    w->world.scheduler, pid_of(w), SIGNAL_DIGIT, FAULT_DIVIDE, 1);
	dial(w, "1001", "2");
	expect_state(w, "collecting");
	expect_line(w, "1002", "idle", "none");
	dial(w, "1001", "2"); /* as if never dialled */
	expect_state(w, "alerting");
	expect_order(w);
}

/* Of two that want a line at one instant, one gets it. */
static void
a_line_is_seized_once(void **state)
{
	struct office_world *w = *state;
	const char *why = "";
	uint64_t first, second;

	office_call(w->office, line(w, "1001"), "1003", &first, &why);
	office_call(w->office, line(w, "1002"), "1003", &second, &why);
	pass(w, 0);
	w->call = first;
	expect_state(w, "alerting");
	w->call = second;
	expect_state(w, "treated");
	expect_order(w);
}

/* A process that sends a call what it has no row for, and gets an answer. */
struct asking {
	struct pid to;
	struct signal signal;
};

struct asker {
	uint64_t statuses, cause;
};

static int
asker_init(struct self *self, void *state, const struct message *start)
{
	struct asking asking;

	(void)state;
	memcpy(&asking, start->body.bytes, sizeof asking);
	return process_send(self, asking.to, SIGNAL_FLASH, &asking.signal,
	    sizeof asking.signal);
}

static void
asker_handle(struct self *self, void *state, const struct message *event)
{
	struct asker *asker = state;
	struct signal signal;

	(void)self;
	memcpy(&signal, event->body.bytes, sizeof signal);
	asker->statuses += event->kind == SIGNAL_STATUS;
	asker->cause = signal.cause;
}

static const struct module asker = { .magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "asker",
	.version = "1",
	.schema = { .size = sizeof(struct asker) },
	.init = asker_init,
	.handle = asker_handle,
	.terminate = faulty_terminate };

static void
t43_a_process_is_answered_by_a_message(void **state)
{
	struct office_world *w = *state;
	struct asking asking = { .signal.port = line(w, "1001") };
	struct spawn spawn = { .behaviour = world_add(&w->world, &asker),
		.start = &asking,
		.length = sizeof asking };
	const struct asker *asked;
	struct pid pid;

	call(w, "1001", "1002");
	asking.to = pid_of(w);
	asking.signal.call = w->call;
	assert_int_equal(process_spawn(w->world.scheduler, &spawn, &pid), 0);
	pass(w, 0);
	asked = world_info(&w->world, pid).state;
	assert_int_equal(asked->statuses, 1);
	assert_int_equal(asked->cause, 101);
	assert_int_equal(look(w, "1001").status, 0);
	assert_int_equal(office_counts(w->office)->unexpected, 1);
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

struct heard {
	unsigned int rings, tones;
};

static void
terminal(void *arg, uint32_t id, enum line_state state, enum tone tone)
{
	struct heard *heard = arg;

	(void)id;
	heard->rings += state == LINE_STATE_ringing;
	heard->tones += tone == TONE_speech;
}

static void
terminals_are_told(void **state)
{
	struct office_world *w = *state;
	struct heard heard = { 0, 0 };

	office_set_terminal(w->office, terminal, &heard);
	call(w, "1001", "1002");
	assert_int_equal(heard.rings, 1);
	answer(w, "1002");
	assert_int_equal(heard.tones, 2);
	office_set_terminal(w->office, NULL, NULL);
	hang_up(w, "1001");
	assert_int_equal(heard.tones, 2);
}

static void
some_calls(struct office_world *w)
{
	char from[DIGITS_MAX + 1], to[DIGITS_MAX + 1];
	unsigned int i;

	for (i = 0; i < 20; i++) {
		snprintf(from, sizeof from, "10%02u", i);
		snprintf(to, sizeof to, "10%02u", 20 + i / 2);
		call(w, from, to);
		if (i % 2 == 0)
			answer(w, to);
		pass(w, 700 * MS);
	}
	pass(w, 400UL * S);
}

static char *
log_of(void)
{
	struct office_world *w = office_world_begin("1.0");
	char *text = calloc(1, 1 << 16);
	FILE *file;

	assert_non_null(text);
	some_calls(w);
	fflush(NULL);
	file = fopen(w->log, "r");
	assert_non_null(file);
	assert_in_range(fread(text, 1, (1 << 16) - 1, file), 5000, 65000);
	fclose(file);
	office_world_end(w);
	return text;
}

static void
the_same_calls_give_the_same_log(void **state)
{
	char *one = log_of(), *other = log_of();

	(void)state;
	assert_string_equal(one, other);
	assert_non_null(strstr(one, "line 1020 ringing\n"));
	assert_non_null(strstr(one, "line 1000 tone speech\n"));
	assert_non_null(strstr(one, "cdr 2 cause 17\n"));
	free(one);
	free(other);
}

#define OFFICE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OFFICE_TEST(calls_are_numbered_from_one),
		OFFICE_TEST(what_cannot_be_done_is_answered_by_a_clause),
		OFFICE_TEST(without_memory_no_line_is_added),
		OFFICE_TEST(a_parked_line_hears_nothing_before_on_hook),
		OFFICE_TEST(a_critical_alarm_closes_the_gate_to_new_calls),
		OFFICE_TEST(without_its_process_the_exchange_takes_no_calls),
		OFFICE_TEST(n14_without_a_pool_a_call_ends_with_its_record),
		OFFICE_TEST(n14_a_pool_that_dies_with_requests_loses_no_record),
		OFFICE_TEST(a_caller_may_hang_up_before_the_call_is_born),
		OFFICE_TEST(a_call_whose_start_fails_leaves_its_record),
		OFFICE_TEST(
		    n14_a_call_that_was_never_started_leaves_its_record),
		OFFICE_TEST(digits_of_any_number_arrive_in_order),
		OFFICE_TEST(the_record_says_what_the_call_cannot_know),
		OFFICE_TEST(
		    without_a_recorder_records_are_counted_all_the_same),
		OFFICE_TEST(a_seizure_is_undone_with_its_event),
		OFFICE_TEST(a_line_is_seized_once),
		OFFICE_TEST(t43_a_process_is_answered_by_a_message),
		OFFICE_TEST(a1_a_lost_attempt_is_found),
		OFFICE_TEST(a2_a_missing_or_early_record_is_found),
		OFFICE_TEST(a2_a_leg_that_is_nobodys_is_found),
		OFFICE_TEST(a3_a_line_that_is_nobodys_is_found),
		OFFICE_TEST(a3_a_circuit_that_is_nobodys_is_found),
		OFFICE_TEST(terminals_are_told),
		cmocka_unit_test(the_same_calls_give_the_same_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
