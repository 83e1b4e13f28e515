/* What the writer promises, on real files in a folder of its own. */
#include "calls/database/writer.h"

#include <errno.h>

#include "calls/database/row.h"
#include "calls/database/schema.h"
#include "tests/writer_world.h"

/* Records */

static void
every_column_says_what_the_record_says(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	struct cdr cdr = make_cdr(12);

	assert_int_equal(commit_cdr(writer, &cdr), 0);
	assert_int_equal(writer_run(writer), 1);
	assert_string_equal(
	    ask(place,
		"SELECT json_array(run, call, pid, calling,"
		" called_dialled, called_translated, connected, cause,"
		" diagnostic, local_reason, release_side, disposition, t_seize,"
		" t_dialled, t_alert, t_answer, t_release) FROM cdr"),
	    "[1,12,12884901897,\"1001\",\"1002\",\"1002\",\"1002\",16,102,"
	    "\"NONE\","
	    "\"A\",\"answered\",1000,2000,302000,6302000,96303999]");
	assert_string_equal(
	    ask(place,
		"SELECT json_array(setup_ms, ring_ms, bill_ms, hold_ms, legs,"
		" pulses, charge_micro, overdial, route_attempts, "
		"version_start, version_end,"
		" upgrades, crashes, pause_us) FROM cdr"),
	    "[300,6000,90001,5000,1,3,190000,2,1,\"1.0\",\"2.0\",1,2,33]");
	assert_string_equal(
	    ask(place,
		"SELECT json_array(orig_called, redirecting, redirect_reason,"
		" redirect_count, record_type, seq, linked_id, in_trunk,"
		" in_circuit, out_trunk, out_circuit, service_flags, account,"
		" tariff)"
		" FROM cdr"),
	    "[\"1004\",\"1003\",\"no-reply\",2,\"fwd\",1,\"11\",\"T1\",7,"
	    "\"T2\",8,\"hold forward\",\"anna\",\"town\"]");
	writer_free(&writer);
}

/* Where a call comes from and goes to, and what has become of it. */
static void
a_record_has_the_type_of_its_way(void **state)
{
	static const struct {
		const char *in, *out;
		uint8_t redirect_count;
		uint16_t services;
		const char *type;
	} ways[] = {
		{ "", "", 0, 0, "orig" },
		{ "", "T2", 0, 1U << SERVED_hold, "orig" },
		{ "T1", "", 0, 0, "term" },
		{ "T1", "T2", 0, 0, "transit" },
		{ "T1", "T2", 1, 0, "fwd" },
		{ "", "", 0, 1U << SERVED_transfer, "xfer" },
		{ "", "", 1, 1U << SERVED_conference, "xfer" },
	};
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	char query[80];
	struct cdr cdr;
	unsigned int i;

	for (i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		cdr = make_cdr(i + 1);
		strcpy(cdr.in_trunk, ways[i].in);
		strcpy(cdr.out_trunk, ways[i].out);
		cdr.redirect_count = ways[i].redirect_count;
		cdr.services = ways[i].services;
		assert_int_equal(commit_cdr(writer, &cdr), 0);
		snprintf(query, sizeof query,
		    "SELECT record_type FROM cdr WHERE call = %u", i + 1);
		assert_string_equal(ask(place, query), ways[i].type);
	}
	writer_free(&writer);
}

static void
commit_leg(struct writer *writer, uint64_t call, uint8_t number,
    uint64_t charge_micro, uint32_t pulses)
{
	const struct leg_record leg = { .call = call,
		.number = number,
		.charge_micro = charge_micro,
		.pulses = pulses,
		.account = "anna" };
	struct batch *batch = batch_alloc();

	assert_int_equal(
	    batch_add(batch, 2, (uint16_t)writer_type(writer, RECORD_LEG), &leg,
		sizeof leg),
	    0);
	assert_int_equal(writer_commit(writer, batch), 0);
	batch_free(&batch);
}

static uint64_t
amiss(struct writer *writer)
{
	uint64_t call = 4711;

	assert_int_equal(writer_find_amiss(writer, &call), 0);
	return call;
}

static void
add_account(void *arg, const char *name, uint64_t micro)
{
	assert_string_equal(name, "anna");
	*(uint64_t *)arg += micro;
}

/* Each way in which the legs of a call and its record can be at odds. */
static void
a2_a_charge_that_is_not_its_legs_is_found(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	struct cdr cdr = make_cdr(12);
	uint64_t micro = 0;

	assert_int_equal(commit_cdr(writer, &cdr), 0);
	assert_int_equal(amiss(writer), 12); /* it has none */
	commit_leg(writer, 12, 1, 190000, 3);
	assert_int_equal(amiss(writer), 0);
	commit_leg(writer, 12, 2, 0, 0); /* it has one more */
	assert_int_equal(amiss(writer), 12);
	run_sql(place, "DELETE FROM leg WHERE leg = 2");
	assert_int_equal(amiss(writer), 0);
	run_sql(place, "UPDATE leg SET charge_micro = 189999");
	assert_int_equal(amiss(writer), 12);
	run_sql(place, "UPDATE leg SET charge_micro = 190000, pulses = 2");
	assert_int_equal(amiss(writer), 12);
	run_sql(place, "UPDATE leg SET pulses = 3");
	assert_int_equal(writer_accounts(writer, add_account, &micro), 0);
	assert_int_equal(micro, 190000);
	writer_free(&writer);
}

static void
amend_leg(struct writer *writer, uint64_t call, bool is_ss7)
{
	const struct leg_amendment amendment = { .call = call,
		.number = 1,
		.timer = { 1 + OFFICE_TIMER_T308, is_ss7 } };
	const int type = writer_type(writer, RECORD_LEG_AMENDMENT);
	struct batch *batch = batch_alloc();

	assert_int_equal(
	    batch_add(batch, 3, (uint16_t)type, &amendment, sizeof amendment),
	    0);
	assert_int_equal(writer_commit(writer, batch), 0);
	batch_free(&batch);
}

/* Only its own, as often as it is written; one that is not there is missed. */
static void
t85_the_row_of_a_leg_is_amended(void **state)
{
	static const char query[] =
	    "SELECT group_concat(call || '/' || leg || ' ' || diagnostic || ' '"
	    " || timer || ' ' || pulses, ', ') FROM leg";
	struct place *place = *state;
	struct writer *writer = open_writer(place);

	commit_leg(writer, 12, 1, 190000, 3);
	commit_leg(writer, 12, 2, 0, 4);
	commit_leg(writer, 13, 1, 0, 5);
	amend_leg(writer, 12, false);
	amend_leg(writer, 12, false);
	assert_string_equal(
	    ask(place, query), "12/1 102 T308 3, 12/2 0  4, 13/1 0  5");
	amend_leg(writer, 13, true);
	assert_string_equal(ask(place, query),
	    "12/1 102 T308 3, 12/2 0  4, 13/1 102 ISUP-T5 5");
	assert_int_equal(writer_conflicts(writer), 0);
	amend_leg(writer, 14, false);
	assert_int_equal(writer_conflicts(writer), 1);
	writer_free(&writer);
}

static void
a_duration_without_its_later_moment_is_zero(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	struct cdr cdr = make_cdr(1);

	cdr.call.t_alert = cdr.call.t_answer = 0;
	assert_int_equal(commit_cdr(writer, &cdr), 0);
	assert_string_equal(
	    ask(place, "SELECT setup_ms || ring_ms || bill_ms FROM cdr"),
	    "000");
	writer_free(&writer);
}

static void
assert_disposition(struct place *place, struct writer *writer, uint64_t call,
    uint8_t cause, uint8_t local_reason, const char *expected)
{
	struct cdr cdr = make_cdr(call);
	char sql[80];

	cdr.call.t_answer = 0;
	cdr.call.cause = cause;
	cdr.call.local_reason = local_reason;
	assert_int_equal(commit_cdr(writer, &cdr), 0);
	snprintf(sql, sizeof sql, "SELECT disposition FROM cdr WHERE call = %u",
	    (unsigned int)call);
	assert_string_equal(ask(place, sql), expected);
}

static void
the_disposition_follows_from_answer_reason_and_cause(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);

	assert_disposition(place, writer, 1, CAUSE_BUSY, 0, "busy");
	assert_disposition(place, writer, 2, CAUSE_NO_ANSWER, 0, "no-answer");
	assert_disposition(place, writer, 3, CAUSE_NO_RESPONSE, 0, "no-answer");
	assert_disposition(place, writer, 4, CAUSE_REJECTED, 0, "refused");
	assert_disposition(place, writer, 5, CAUSE_NORMAL, 0, "cancelled");
	assert_disposition(
	    place, writer, 6, CAUSE_UNALLOCATED, LOCAL_ABANDON, "cancelled");
	assert_disposition(
	    place, writer, 7, CAUSE_TEMPORARY_FAILURE, LOCAL_CRASH, "failed");
	writer_free(&writer);
}

static void
a_record_written_twice_stands_once(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	struct cdr cdr = make_cdr(12);

	assert_int_equal(commit_cdr(writer, &cdr), 0);
	assert_int_equal(commit_cdr(writer, &cdr), 0);
	assert_string_equal(ask(place, "SELECT count(*) FROM cdr"), "1");
	assert_int_equal(writer_conflicts(writer), 0);
	writer_free(&writer);
}

static void
an_unequal_record_is_kept_aside_and_counted(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	struct cdr cdr = make_cdr(12);

	assert_int_equal(commit_cdr(writer, &cdr), 0);
	cdr.call.cause = CAUSE_BUSY;
	assert_int_equal(commit_cdr(writer, &cdr), 0);
	assert_int_equal(commit_cdr(writer, &cdr), 0); /* met again: one */
	assert_int_equal(writer_conflicts(writer), 1);
	assert_string_equal(ask(place, "SELECT cause FROM cdr"), "16");
	assert_string_equal(
	    ask(place,
		"SELECT name || ' ' || (record ->> 'call') || ' ' ||"
		" (record ->> 'cause') || ' ' || (record ->> 'run')"
		" FROM conflict"),
	    "cdr 12 17 1");
	writer_free(&writer);
}

static void
nothing_of_a_run_is_there_before_its_first_record(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	struct cdr cdr = make_cdr(1);

	assert_string_equal(ask(place, "SELECT count(*) FROM run"), "0");
	assert_int_equal(writer_run(writer), 0);
	assert_int_equal(commit_cdr(writer, &cdr), 0);
	assert_string_equal(
	    ask(place,
		"SELECT run || scenario || question || seed || pace ||"
		" (result IS NULL) FROM run"),
	    "1s.tclWhy?7virtual1");
	writer_free(&writer);
}

static void
an_ended_run_has_its_verdict_and_the_next_its_own_number(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	const struct run_end end = { .result = "fail",
		.failures = 2,
		.virtual_us = 3,
		.wall_us = 4,
		.gapped = 5,
		.missing = 6 };

	assert_int_equal(writer_end(writer, &end), 0);
	assert_string_equal(
	    ask(place,
		"SELECT json_array(run, result, failures, virtual_us,"
		" wall_us, gapped, missing, conflicts) FROM run"),
	    "[1,\"fail\",2,3,4,5,6,0]");
	writer_free(&writer);
	writer = open_writer(place);
	assert_int_equal(writer_end(writer, &end), 0);
	assert_int_equal(writer_run(writer), 2);
	writer_free(&writer);
}

static void
an_audit_row_that_was_broken_stays_so(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);

	assert_int_equal(writer_audit(writer, "A1", 1, "holds"), 0);
	assert_int_equal(writer_audit(writer, "A1", 0, "one too many"), 0);
	assert_int_equal(writer_audit(writer, "A1", 1, "holds again"), 0);
	assert_string_equal(
	    ask(place, "SELECT run || row || holds || text FROM audit"),
	    "1A10one too many");
	writer_free(&writer);
}

struct seen {
	unsigned int columns;
	char bill_ms[16], calling[16];
	int bill_is_number, calling_is_number;
};

static void
see_column(void *arg, const char *name, const char *value, int is_number)
{
	struct seen *seen = arg;

	seen->columns++;
	if (strcmp(name, "bill_ms") == 0) {
		snprintf(seen->bill_ms, sizeof seen->bill_ms, "%s", value);
		seen->bill_is_number = is_number;
	}
	if (strcmp(name, "calling") == 0) {
		snprintf(seen->calling, sizeof seen->calling, "%s", value);
		seen->calling_is_number = is_number;
	}
}

static void
a_cdr_reads_back_by_column(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	struct cdr cdr = make_cdr(12);
	struct seen seen = { 0 };

	assert_int_equal(commit_cdr(writer, &cdr), 0);
	assert_int_equal(writer_cdr(writer, 12, see_column, &seen), 0);
	assert_int_equal(seen.columns, 46);
	assert_string_equal(seen.bill_ms, "90001");
	assert_true(seen.bill_is_number);
	assert_string_equal(seen.calling, "1001");
	assert_false(seen.calling_is_number);
	assert_int_equal(writer_cdr(writer, 13, see_column, &seen), -ESRCH);
	writer_free(&writer);
}

static void
bind_one(struct row *row, const void *record)
{
	(void)record;
	row_integer(row, 1);
}

static void
a_type_that_does_not_fit_the_file_is_refused(void **state)
{
	struct place *place = *state;
	struct writer *writer = open_writer(place);
	const struct row_type strange = { .kind = 0xfeef,
		.size = 8,
		.table = "cdr",
		.columns = ", shoe_size",
		.fill = bind_one };

	assert_int_equal(writer_add_type(writer, &strange), -EINVAL);
	assert_non_null(strstr(writer_error(writer), "shoe_size"));
	assert_int_equal(writer_add_type(writer, &cdr_row), -EEXIST);
	assert_int_equal(writer_type(writer, 0xfeef), -ENOENT);
	writer_free(&writer);
}

int
main(void)
{
#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_column_says_what_the_record_says),
		TEST(a_record_has_the_type_of_its_way),
		TEST(a2_a_charge_that_is_not_its_legs_is_found),
		TEST(t85_the_row_of_a_leg_is_amended),
		TEST(a_duration_without_its_later_moment_is_zero),
		TEST(the_disposition_follows_from_answer_reason_and_cause),
		TEST(a_record_written_twice_stands_once),
		TEST(an_unequal_record_is_kept_aside_and_counted),
		TEST(nothing_of_a_run_is_there_before_its_first_record),
		TEST(an_ended_run_has_its_verdict_and_the_next_its_own_number),
		TEST(an_audit_row_that_was_broken_stays_so),
		TEST(a_cdr_reads_back_by_column),
		TEST(a_type_that_does_not_fit_the_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
