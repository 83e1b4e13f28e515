/*
 * What is on its way to a process while it is converted: timers (U15),
 * messages (U16), and those of either that the target does not know (U22).
 */
#include "tests/world.h"

#include <string.h>

#include "switch/behaviour.h"
#include "switch/system.h"
#include "tests/modules/counter.h"
#include "upgrade/code.h"
#include "upgrade/schema.h"

#define RELEASES HOTSWITCH_RELEASES "/../../tests/releases"

enum { MS = 1000, BEAT = 0, LATE = 1, NUMBERS = 500, HOOK = 100 };

struct room {
	struct world world;
	struct code *code;
	uint16_t older, newer;
};

static const char *const roots[] = { RELEASES };

static int
setup(void **state)
{
	static struct room room;

	memset(&room, 0, sizeof room);
	world_set_up(&room.world);
	assert_int_equal(
	    code_alloc(&room.code, scheduler_behaviours(room.world.scheduler),
		roots, 1),
	    0);
	*state = &room;
	return 0;
}

static int
teardown(void **state)
{
	struct room *room = *state;

	code_free(&room->code);
	world_tear_down(&room->world);
	return 0;
}

static void
load(struct room *room, const char *older, const char *newer)
{
	char why[CODE_WHY_MAX] = "";

	(void)code_load(room->code, "counter", older, &room->older, why);
	assert_string_equal(why, "");
	(void)code_load(room->code, "counter", newer, &room->newer, why);
	assert_string_equal(why, "");
}

static struct pid
spawn(struct room *room, uint16_t behaviour, struct pid peer)
{
	const struct counter_start start = { .peer = peer };
	const struct spawn order = {
		.behaviour = behaviour, .start = &start, .length = sizeof start
	};
	struct pid pid;

	assert_int_equal(process_spawn(room->world.scheduler, &order, &pid), 0);
	world_run(&room->world, MS);
	return pid;
}

static void
arm(struct room *room, struct pid pid, uint8_t timer, uint8_t ms)
{
	const uint8_t body[2] = { timer, ms };

	assert_int_equal(process_post(room->world.scheduler, pid, COUNTER_ARM,
			     body, sizeof body),
	    0);
}

static void
request(struct room *room, struct pid pid, uint16_t kind, uint16_t behaviour)
{
	const struct system_request body = { .behaviour = behaviour };

	assert_int_equal(
	    process_post(room->world.scheduler, pid, kind, &body, sizeof body),
	    0);
	world_run(&room->world, 0);
}

static void
suspend(struct room *room, struct pid pid)
{
	request(room, pid, EVENT_SUSPEND, 0);
}

/* One that is suspended, and whatever waits in its mailbox; it then goes on. */
static void
go_to(struct room *room, struct pid pid, uint16_t behaviour)
{
	request(room, pid, EVENT_CHANGE_CODE, behaviour);
	assert_int_equal(world_info(&room->world, pid).behaviour, behaviour);
	request(room, pid, EVENT_RESUME, 0);
}

static void
convert(struct room *room, struct pid pid, uint16_t behaviour)
{
	suspend(room, pid);
	go_to(room, pid, behaviour);
}

static int64_t
count_of(struct room *room, struct pid pid)
{
	const struct process_info info = world_info(&room->world, pid);
	const struct schema *schema = &behaviour_at(
	    scheduler_behaviours(room->world.scheduler), info.behaviour)
					   ->module->schema;
	const struct field *field = schema_find(schema, "ticks");

	if (field == NULL)
		field = schema_find(schema, "count");
	return schema_number(field, info.state);
}

static uint64_t
unknown(struct room *room, uint16_t behaviour)
{
	return behaviour_counts(
	    scheduler_behaviours(room->world.scheduler), behaviour)
	    .unknown;
}

static void
u15_a_timer_fires_when_it_would_have(void **state)
{
	struct room *room = *state;
	struct pid pid;

	load(room, "1.0", "2.0");
	pid = spawn(room, room->older, PID_NONE);
	arm(room, pid, BEAT, 50);
	world_run(&room->world, 20 * MS);
	convert(room, pid, room->newer);
	world_run(&room->world, 20 * MS);
	convert(room, pid, room->older);
	convert(room, pid, room->newer);
	world_run(&room->world, 9 * MS);
	assert_int_equal(count_of(room, pid), 0);
	world_run(&room->world, 2 * MS);
	assert_int_equal(count_of(room, pid), COUNTER_TIMEOUTS);
	world_run(&room->world, 100 * MS);
	assert_int_equal(count_of(room, pid), COUNTER_TIMEOUTS);
}

/* Each number counts only as the one after the one before. */
static void
u16_messages_arrive_once_and_in_order(void **state)
{
	struct room *room = *state;
	struct pid pid;
	uint32_t n;

	load(room, "1.0", "2.0");
	pid = spawn(room, room->older, PID_NONE);
	for (n = 1; n <= NUMBERS; n++) {
		if (n % 7 == 0)
			suspend(room, pid);
		assert_int_equal(process_post(room->world.scheduler, pid,
				     COUNTER_NEXT, &n, sizeof n),
		    0);
		if (n % 7 == 5)
			convert(
			    room, pid, n % 2 == 0 ? room->newer : room->older);
		if (n % 11 == 0)
			world_run(&room->world, MS);
	}
	request(room, pid, EVENT_RESUME, 0);
	world_run(&room->world, MS);
	assert_int_equal(count_of(room, pid), NUMBERS);
}

static void
u22_a_timer_that_the_target_lacks_is_cancelled(void **state)
{
	struct room *room = *state;
	struct scheduler *scheduler = room->world.scheduler;
	struct pid pid;

	load(room, "steps/1", "steps/2");
	pid = spawn(room, room->newer, PID_NONE);
	arm(room, pid, BEAT, 50);
	arm(room, pid, LATE, 60);
	world_run(&room->world, 10 * MS);
	assert_int_equal(process_timer(scheduler, pid, LATE, LATE + 1), LATE);
	convert(room, pid, room->older);
	assert_int_equal(process_timer(scheduler, pid, LATE, LATE + 1), -1);
	assert_int_equal(process_timer(scheduler, pid, BEAT, LATE), BEAT);
	/* It is lost: what comes back comes without it. */
	convert(room, pid, room->newer);
	world_run(&room->world, 39 * MS);
	assert_int_equal(count_of(room, pid), 0);
	world_run(&room->world, 200 * MS);
	assert_int_equal(count_of(room, pid), COUNTER_TIMEOUTS);
}

static void
u22_a_message_of_a_newer_kind_is_answered(void **state)
{
	struct room *room = *state;
	struct pid newer, older;

	load(room, "steps/1", "steps/2");
	older = spawn(room, room->newer, PID_NONE);
	newer = spawn(room, room->newer, older);
	/* As long as both know it, it is a message like any. */
	world_post(&room->world, newer, COUNTER_ASK);
	world_run(&room->world, MS);
	assert_int_equal(count_of(room, older), COUNTER_LATERS);
	/* One that waits in the mailbox, and one that comes later. */
	suspend(room, older);
	world_post(&room->world, older, COUNTER_LATER);
	world_post(&room->world, older, COUNTER_COUNT);
	go_to(room, older, room->older);
	world_post(&room->world, newer, COUNTER_ASK);
	world_run(&room->world, MS);
	assert_int_equal(count_of(room, older), COUNTER_LATERS - HOOK + 1);
	assert_int_equal(count_of(room, newer), COUNTER_UNKNOWNS);
	assert_int_equal(unknown(room, room->older), 2);
	assert_int_equal(unknown(room, room->newer), 0);
}

int
main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(u15_a_timer_fires_when_it_would_have),
		TEST(u16_messages_arrive_once_and_in_order),
		TEST(u22_a_timer_that_the_target_lacks_is_cancelled),
		TEST(u22_a_message_of_a_newer_kind_is_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
