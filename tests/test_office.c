/* What the office promises subscribers, the operator and its own books. */
#include "tests/office_world.h"

#include <errno.h>

#include "calls/exchange/call_event.h"
#include "calls/exchange/office_internal.h"
#include "switch/alarm.h"
#include "switch/object.h"

static int
setup(void **state)
{
	*state = office_world_begin("1.0");
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

	process_exit_signal(w->world.scheduler, PID_NONE,
	    registry_whereis(
		scheduler_registry(w->world.scheduler), RECORD_RECIPIENT),
	    (struct reason){ .kind = REASON_KILL });
	call(w, "1001", "1002");
	hang_up(w, "1001");
	assert_int_equal(w->cdrs, 0);
	assert_int_equal(office_counts(w->office)->records, 1);
	expect_order(w);
}

/* By whatever way the call ends; who judges calls by it has one of its own. */
static void
a_record_that_is_not_to_be_kept_is_not_made(void **state)
{
	struct office_world *w = *state;

	office_keep_records(w->office, false);
	call(w, "1001", "1002");
	hang_up(w, "1001");
	call(w, "1003", "1004");
	process_exit_signal(w->world.scheduler, PID_NONE, pid_of(w),
	    (struct reason){ .kind = REASON_KILL });
	hang_up(w, "1003");
	assert_int_equal(w->cdrs + w->legs, 0);
	assert_int_equal(office_counts(w->office)->records, 2);
	assert_int_equal(office_counts(w->office)->unkept, 2);
	assert_int_equal(office_set_trace(w->office, true), 0);
	call(w, "1001", "1002");
	hang_up(w, "1001");
	assert_int_equal(w->cdrs, 1);
	assert_true(w->cdr.is_unkept);
	assert_int_equal(w->legs, 0);
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
	.terminate = idle_terminate };

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

#define OFFICE_TEST(name)                                                      \
	cmocka_unit_test_setup_teardown(name, setup, office_world_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OFFICE_TEST(calls_are_numbered_from_one),
		OFFICE_TEST(what_cannot_be_done_is_answered_by_a_clause),
		OFFICE_TEST(without_memory_no_line_is_added),
		OFFICE_TEST(a_parked_line_hears_nothing_before_on_hook),
		OFFICE_TEST(a_critical_alarm_closes_the_gate_to_new_calls),
		OFFICE_TEST(digits_of_any_number_arrive_in_order),
		OFFICE_TEST(the_record_says_what_the_call_cannot_know),
		OFFICE_TEST(
		    without_a_recorder_records_are_counted_all_the_same),
		OFFICE_TEST(a_record_that_is_not_to_be_kept_is_not_made),
		OFFICE_TEST(a_seizure_is_undone_with_its_event),
		OFFICE_TEST(a_line_is_seized_once),
		OFFICE_TEST(t43_a_process_is_answered_by_a_message),
		OFFICE_TEST(terminals_are_told),
		cmocka_unit_test(the_same_calls_give_the_same_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
