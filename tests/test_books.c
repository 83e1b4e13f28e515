/*
 * The audit that ends every scenario finds what is planted, row by row: A1 to
 * A7.  What is wrong is planted when it begins, into the tables of a switch
 * that has run a scenario, and taken away when it has been written down.
 *
 * This test is linked with --wrap: audit_attempts() and recorder_audit() are
 * the first and the last that an audit calls.
 */
#include "tests/judged_scenario.h"

#include <sqlite3.h>

#include "calls/database/recorder.h"
#include "calls/exchange/audit.h"
#include "calls/exchange/office_internal.h"
#include "switch/object.h"
#include "switch/scheduler_internal.h"

#define DATABASE "books.db"

static const char text[] = "# Do the books agree?\n"
			   "module call 1.0\n"
			   "account anna\n"
			   "account berit\n"
			   "tariff town -first 0.05/60s\n"
			   "lines 1001 -account anna\n"
			   "lines 1002-1009 -tariff town\n"
			   "call c 1001 1002\n"
			   "advance 1s\n"
			   "answer 1002\n"
			   "advance 1s\n"
			   "hangup 1001\n"
			   "hangup 1002\n";

typedef void plant_f(struct office *office, int change);
static plant_f *planted;
static struct office *planted_in;

bool __real_audit_attempts(
    const struct office *office, char *text, size_t size);
bool __wrap_audit_attempts(
    const struct office *office, char *text, size_t size);
int __real_recorder_audit(
    struct recorder *recorder, const char *row, int holds, const char *text);
int __wrap_recorder_audit(
    struct recorder *recorder, const char *row, int holds, const char *text);

/*--------------------------------------------------------------------
 * What is wrong, or (-1) not any more
 */

static void
an_attempt_too_many(struct office *office, int change)
{
	office->counts.attempts += (uint64_t)change;
}

static void
a_charge_of_an_account(struct office *office, int change)
{
	accounts_at(office->accounts, 0)->charged_micro += (uint64_t)change;
}

static void
a_charge_without_leg(struct office *office, int change)
{
	accounts_at(office->accounts, 1)->charged_micro += (uint64_t)change;
}

/* Whether it is written already or will be. */
static void
spoil(const char *table, const char *deed)
{
	sqlite3 *database;
	char sql[256];

	assert_int_equal(sqlite3_open(DATABASE, &database), SQLITE_OK);
	sqlite3_busy_timeout(database, 10000);
	(void)snprintf(sql, sizeof sql,
	    "CREATE TRIGGER spoilt AFTER INSERT ON %s BEGIN %s; END; %s", table,
	    deed, deed);
	assert_int_equal(
	    sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(database);
}

static void
a_record_lost(struct office *office, int change)
{
	(void)office;
	if (change > 0)
		spoil("cdr", "DELETE FROM cdr");
}

static void
a_leg_that_costs_something_else(struct office *office, int change)
{
	(void)office;
	if (change > 0)
		spoil("leg", "UPDATE leg SET charge_micro = 1");
}

static void
a_leg_lost(struct office *office, int change)
{
	(void)office;
	if (change > 0)
		spoil("leg", "DELETE FROM leg");
}

static void
a_line_of_the_dead(struct office *office, int change)
{
	const struct pid nobody = { .slot = 9, .generation = 99 };
	const uint32_t line = office_find(office, "1005");

	lines_at(office->lines, line)->owner = change > 0 ? nobody : PID_NONE;
	lines_at(office->lines, line)->state =
	    change > 0 ? LINE_STATE_busy : LINE_STATE_idle;
}

static void
a_live_call_too_many(struct office *office, int change)
{
	office->counts.live += (uint64_t)change;
}

static struct process *
process_that_is(struct office *office, bool is_alive)
{
	struct scheduler *scheduler = office->scheduler;
	struct process *process;
	uint32_t slot;

	for (slot = scheduler->slots - 1; slot > 0; slot--) {
		process = process_at(scheduler, slot);
		if ((process->status != PROCESS_FREE) == is_alive)
			return process;
	}
	fail_msg("there is no such process");
	return NULL;
}

static void
a_piece_of_the_dead(struct office *office, int change)
{
	process_that_is(office, false)->holdings += (uint32_t)change;
}

static void
a_child_that_is_nobodys(struct office *office, int change)
{
	process_that_is(office, true)->supervisor.generation +=
	    (uint32_t)change;
}

static void
a_child_that_is_not_listed(struct office *office, int change)
{
	process_that_is(office, true)->younger += (uint32_t)change;
}

static void
bytes_that_are_nobodys(struct office *office, int change)
{
	office->scheduler->store->bytes_in_use += (uint64_t)(64 * change);
}

/*--------------------------------------------------------------------
 * The audit
 */

bool
__wrap_audit_attempts(const struct office *office, char *words, size_t size)
{
	planted_in = (struct office *)(uintptr_t)office;
	if (planted != NULL)
		planted(planted_in, 1);
	return __real_audit_attempts(office, words, size);
}

int
__wrap_recorder_audit(
    struct recorder *recorder, const char *row, int holds, const char *words)
{
	if (planted != NULL && strcmp(row, "A7") == 0)
		planted(planted_in, -1);
	return __real_recorder_audit(recorder, row, holds, words);
}

/* Those rows are broken, in these words, and no others. */
static void
finds(plant_f *plant, const char *rows, const char *words)
{
	struct ran ran;
	char row[3] = "A1";
	unsigned int i;

	planted = plant;
	assert_int_equal(run_text(&ran, "books", text), 0);
	planted = NULL;
	for (i = 0; i < AUDIT_ROWS; i++) {
		row[1] = (char)('1' + i);
		if (ran.verdict.audit[i] != (strstr(rows, row) == NULL))
			fail_msg("%s %s", row,
			    ran.verdict.audit[i] ? "holds" : "is broken");
	}
	for (i = 0; i < ran.verdict.failures_count; i++)
		if (strstr(ran.verdict.failures[i].text, words) != NULL)
			break;
	if (rows[0] != '\0' && i == ran.verdict.failures_count)
		fail_msg("nobody says '%s', but '%s'", words,
		    ran.verdict.failures[0].text);
	forget_run(&ran);
}

static void
nothing_is_found_where_nothing_is(void **state)
{
	(void)state;
	finds(NULL, "", "");
}

static void
a1_is_found(void **state)
{
	(void)state;
	finds(an_attempt_too_many, "A1", "A1 is broken: 2 attempts, 0 gapped");
}

static void
a2_is_found_in_accounts(void **state)
{
	(void)state;
	finds(a_charge_of_an_account, "A2",
	    "account 'anna' is charged 50001, its legs come to 50000");
	finds(
	    a_charge_without_leg, "A2", "an account is charged and has no leg");
}

static void
a2_is_found_in_records(void **state)
{
	(void)state;
	finds(a_record_lost, "A2", "1 call has ended, 0 CDRs");
	finds(a_leg_that_costs_something_else, "A2",
	    "the legs of call 1 are not what its record says");
	finds(a_leg_lost, "A2",
	    "the legs of call 1 are not what its record says");
}

static void
a3_is_found(void **state)
{
	(void)state;
	finds(a_line_of_the_dead, "A3",
	    "line 1005 is busy and belongs to a call that has ended");
}

static void
a4_is_found(void **state)
{
	(void)state;
	finds(a_live_call_too_many, "A1 A4",
	    "A4 is broken: 1 live call, the versions hold 0");
}

static void
a5_is_found(void **state)
{
	(void)state;
	finds(a_piece_of_the_dead, "A5", "1 slots left unclean");
}

static void
a6_is_found(void **state)
{
	(void)state;
	finds(a_child_that_is_nobodys, "A6", "1 without a live supervisor");
	finds(a_child_that_is_not_listed, "A6", "1 that theirs does not list");
}

static void
a7_is_found(void **state)
{
	(void)state;
	finds(bytes_that_are_nobodys, "A7", "A7 is broken: the store has");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_found_where_nothing_is),
		cmocka_unit_test(a1_is_found),
		cmocka_unit_test(a2_is_found_in_accounts),
		cmocka_unit_test(a2_is_found_in_records),
		cmocka_unit_test(a3_is_found),
		cmocka_unit_test(a4_is_found),
		cmocka_unit_test(a5_is_found),
		cmocka_unit_test(a6_is_found),
		cmocka_unit_test(a7_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
