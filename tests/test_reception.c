/* Who is asked for the process of a call, and what becomes of it if he ends. */
#include "tests/world.h"

#include <stdio.h>
#include <string.h>

#include "calls/exchange/audit.h"
#include "calls/exchange/office.h"
#include "switch/supervisor.h"

enum { SCHEDULERS = 3, CALLS = 9 };

/* Pools that hear every request to start, and answer none. */
static unsigned int asked[SCHEDULERS];
/* What one that has taken the place of another asks them, they answer. */
static bool answer;

static void
handle(struct self *self, void *state, const struct message *event)
{
	struct supervisor_reply reply = { .request = event->kind,
		.error = SUPERVISOR_NOT_FOUND };
	struct child_request request;

	(void)state;
	if (event->kind == EVENT_START_CHILD) {
		asked[process_self(self).slot >> 24]++;
	} else if (event->kind == EVENT_TERMINATE_CHILD && answer) {
		memcpy(&request, event->body.bytes, sizeof request);
		reply.key = request.key;
		assert_int_equal(
		    process_send(self, event->from, EVENT_SUPERVISOR_REPLY,
			&reply, sizeof reply),
		    0);
	}
}

struct place {
	struct world world;
	struct office *office;
	uint16_t deaf;
	struct pid pools[SCHEDULERS], exchange;
};

static void
spawn(struct place *place, const char *behaviour, const char *name,
    unsigned int number, struct pid *ret_pid)
{
	struct scheduler *scheduler = place->world.scheduler;
	const struct spawn spawn = { .behaviour = behaviour_current(
					 scheduler_behaviours(scheduler),
					 behaviour),
		.name = name,
		.scheduler = (uint8_t)number };

	assert_int_equal(process_spawn(scheduler, &spawn, ret_pid), 0);
}

static void
start_pool(struct place *place, unsigned int number)
{
	char name[OFFICE_POOL_NAME_SIZE];

	office_pool_name(place->world.scheduler, number, name);
	spawn(place, "deaf", name, number, &place->pools[number]);
	world_run(&place->world, 0);
}

static int
set_up(void **state)
{
	static const struct module deaf = { .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = "deaf",
		.version = "native",
		.schema = { .size = 8 },
		.init = idle_init,
		.handle = handle,
		.terminate = idle_terminate };
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.schedulers = SCHEDULERS };
	static struct place place;
	unsigned int i;

	answer = true;
	world_set_up_with(&place.world, &options);
	assert_int_equal(office_alloc(&place.office, place.world.scheduler), 0);
	assert_int_equal(
	    office_add_lines(place.office, "1000", "1099", LINE_ANALOG), 0);
	assert_int_equal(
	    behaviours_add_native(scheduler_behaviours(place.world.scheduler),
		&deaf, NULL, &place.deaf),
	    0);
	spawn(&place, OFFICE_PROCESS, OFFICE_PROCESS, 0, &place.exchange);
	for (i = 0; i < SCHEDULERS; i++) {
		start_pool(&place, i);
		asked[i] = 0;
	}
	*state = &place;
	return 0;
}

static int
tear_down(void **state)
{
	struct place *place = *state;

	world_tear_down(&place->world);
	office_free(&place->office);
	return 0;
}

/* Lines 0, 1 ... begin a call each. */
static void
call(struct place *place, uint32_t first, uint32_t count)
{
	const char *why;
	uint64_t number;
	uint32_t line;

	for (line = first; line < first + count; line++)
		assert_int_equal(
		    office_call(place->office, line, "1099", &number, &why), 0);
	world_run(&place->world, 0);
}

static void
kill_pool(struct place *place, unsigned int number)
{
	struct scheduler *scheduler =
	    scheduler_peer(place->world.scheduler, number);

	process_exit_signal(scheduler, PID_NONE, place->pools[number],
	    (struct reason){ .kind = REASON_KILL });
	world_run(&place->world, 0);
}

/* Another takes its place. */
static void
kill_exchange(struct place *place)
{
	process_exit_signal(place->world.scheduler, PID_NONE, place->exchange,
	    (struct reason){ .kind = REASON_KILL });
	spawn(place, OFFICE_PROCESS, OFFICE_PROCESS, 0, &place->exchange);
	world_run(&place->world, 0);
}

static enum line_state
state_of(struct place *place, uint32_t line)
{
	struct line_info info;

	office_line(place->office, line, &info);
	return info.state;
}

static void
pools_are_asked_in_turn(void **state)
{
	struct place *place = *state;
	unsigned int i;

	call(place, 0, CALLS);
	for (i = 0; i < SCHEDULERS; i++)
		assert_int_equal(asked[i], CALLS / SCHEDULERS);
	assert_int_equal(office_counts(place->office)->live, CALLS);
}

static void
only_starts_that_went_to_a_dead_pool_fail(void **state)
{
	struct place *place = *state;
	char text[AUDIT_TEXT_MAX];
	uint32_t line;

	call(place, 0, CALLS);
	kill_pool(place, 1);
	for (line = 0; line < CALLS; line++)
		assert_int_equal(state_of(place, line),
		    line % SCHEDULERS == 1 ? LINE_STATE_parked
					   : LINE_STATE_busy);
	assert_int_equal(
	    office_counts(place->office)->ended, CALLS / SCHEDULERS);
	assert_int_equal(
	    office_counts(place->office)->records, CALLS / SCHEDULERS);
	assert_true(audit_attempts(place->office, text, sizeof text));
}

static void
others_are_asked_while_a_pool_is_missing(void **state)
{
	struct place *place = *state;

	kill_pool(place, 1);
	kill_pool(place, 0);
	call(place, 0, 3);
	assert_int_equal(asked[2], 3);
	assert_int_equal(office_counts(place->office)->live, 3);
	start_pool(place, 1);
	call(place, 3, 2);
	assert_int_equal(asked[1], 1);
	assert_int_equal(asked[2], 4);
}

static void
without_any_pool_a_start_fails_at_once(void **state)
{
	struct place *place = *state;
	unsigned int i;

	for (i = 0; i < SCHEDULERS; i++)
		kill_pool(place, i);
	call(place, 0, 2);
	assert_int_equal(office_counts(place->office)->live, 0);
	assert_int_equal(office_counts(place->office)->records, 2);
	assert_int_equal(state_of(place, 0), LINE_STATE_parked);
}

static void
what_was_told_to_a_dead_one_has_failed(void **state)
{
	struct place *place = *state;
	const char *why;
	uint64_t number;

	assert_int_equal(
	    office_call(place->office, 7, "1099", &number, &why), 0);
	kill_exchange(place);
	assert_int_equal(asked[0] + asked[1] + asked[2], 0);
	assert_int_equal(office_counts(place->office)->live, 0);
	assert_int_equal(office_counts(place->office)->records, 1);
	assert_int_equal(state_of(place, 7), LINE_STATE_parked);
	call(place, 8, 1);
	assert_int_equal(asked[0], 1);
	assert_int_equal(office_counts(place->office)->live, 1);
}

static void
what_a_dead_one_has_asked_for_may_yet_come(void **state)
{
	struct place *place = *state;

	answer = false;
	call(place, 0, SCHEDULERS);
	kill_exchange(place);
	assert_int_equal(office_counts(place->office)->live, SCHEDULERS);
	kill_pool(place, 1); /* it takes with it what it was asked */
	assert_int_equal(office_counts(place->office)->live, SCHEDULERS - 1);
	assert_int_equal(state_of(place, 1), LINE_STATE_parked);
	answer = true;
	kill_exchange(place);
	assert_int_equal(office_counts(place->office)->live, 0);
	assert_int_equal(office_counts(place->office)->records, SCHEDULERS);
}

static void
of_a_pool_that_is_not_there_nothing_comes(void **state)
{
	struct place *place = *state;

	answer = false;
	call(place, 0, SCHEDULERS);
	process_exit_signal(place->world.scheduler, PID_NONE, place->exchange,
	    (struct reason){ .kind = REASON_KILL });
	kill_pool(place, 2); /* nobody hears of it */
	assert_int_equal(office_counts(place->office)->live, SCHEDULERS);
	spawn(place, OFFICE_PROCESS, OFFICE_PROCESS, 0, &place->exchange);
	world_run(&place->world, 0);
	assert_int_equal(office_counts(place->office)->live, SCHEDULERS - 1);
	assert_int_equal(state_of(place, 2), LINE_STATE_parked);
}

/* What subscribers hear of it, at home and in order. */
struct heard {
	unsigned int count;
	uint32_t line[CALLS];
	enum tone tone[CALLS];
};

static void
hear(void *arg, uint32_t line, enum line_state state, enum tone tone)
{
	struct heard *heard = arg;

	(void)state;
	assert_true(heard->count < CALLS);
	heard->line[heard->count] = line;
	heard->tone[heard->count++] = tone;
}

static void
terminals_are_told_in_order(void **state)
{
	struct place *place = *state;
	struct heard heard = { 0 };
	const char *why;
	uint32_t i;

	office_set_terminal(place->office, hear, &heard);
	call(place, 0, 6);
	kill_pool(place, 2);
	kill_pool(place, 0);
	assert_int_equal(office_hangup(place->office, 5, &why), 0);
	assert_int_equal(heard.count, 4); /* not within the other's thread */
	world_run(&place->world, 0);
	assert_int_equal(heard.count, 5);
	for (i = 0; i < 4; i++) {
		static const uint32_t lines[] = { 2, 5, 0, 3 };

		assert_int_equal(heard.line[i], lines[i]);
		assert_int_equal(heard.tone[i], TONE_disconnect);
	}
	assert_int_equal(heard.line[4], 5);
	assert_int_equal(heard.tone[4], TONE_none);
	office_set_terminal(place->office, NULL, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    pools_are_asked_in_turn, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    only_starts_that_went_to_a_dead_pool_fail, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    others_are_asked_while_a_pool_is_missing, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    without_any_pool_a_start_fails_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_was_told_to_a_dead_one_has_failed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_a_dead_one_has_asked_for_may_yet_come, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    of_a_pool_that_is_not_there_nothing_comes, set_up,
		    tear_down),
		cmocka_unit_test_setup_teardown(
		    terminals_are_told_in_order, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
