/*
 * What shadow_run.h and comparison.h promise (U13): each way of doing otherwise
 * is found, named and counted by its event; what is declared, and what only
 * the new version can say, is not; and it can be read.
 *
 * The two releases of `differing` do the same but for what a message is called
 * after.
 */
#include "upgrade/shadow_run.h"

#include "tests/world.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "switch/object.h"
#include "tests/modules/differing.h"
#include "upgrade/code.h"
#include "upgrade/schema.h"
#include "upgrade/telephony.h"

#define RELEASES HOTSWITCH_RELEASES "/../../tests/releases"

enum { PROCESSES = 4 };

struct office {
	struct world world;
	struct code *code;
	uint16_t one, two;
	struct pid pids[PROCESSES];
	struct shadow_run *run;
	struct shadow_run_result found;
};

static const char *const roots[] = { RELEASES };

static const char *
kind_name(uint16_t kind)
{
#define WORD(symbol, word) word,
	static const char *const words[] = { DIFFERING_KINDS(WORD) };
#undef WORD

	return kind >= 1 && kind <= sizeof words / sizeof words[0]
	    ? words[kind - 1]
	    : NULL;
}

/* As sim/ gives it: a call's number is its own business. */
static uint64_t
call_of(void *arg, const struct process_info *info)
{
	(void)arg;
	return info->pid.slot + 100;
}

static const struct upgrade_telephony telephony = { .call = call_of };

static uint16_t
load(struct office *office, const char *version)
{
	char why[CODE_WHY_MAX] = "";
	uint16_t id = 0;

	if (code_load(office->code, "differing", version, &id, why) != 0)
		fail_msg("%s", why);
	return id;
}

static int
begin(void **state, unsigned int schedulers)
{
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.schedulers = schedulers,
		.kind_name = kind_name,
		.store_bytes = (size_t)2 << 30 };
	struct office *office = calloc(1, sizeof *office);
	struct spawn spawn = { .on_fault = ON_FAULT_RESUME, .fault_limit = 9 };
	unsigned int i;

	*state = office;
	world_set_up_with(&office->world, &options);
	assert_int_equal(
	    code_alloc(&office->code,
		scheduler_behaviours(office->world.scheduler), roots, 1),
	    0);
	office->one = load(office, "1.0");
	behaviour_make_current(
	    scheduler_behaviours(office->world.scheduler), office->one);
	office->two = load(office, "2.0");
	spawn.behaviour = office->one;
	for (i = 0; i < PROCESSES; i++)
		assert_int_equal(
		    process_spawn(
			scheduler_peer(office->world.scheduler, i % schedulers),
			&spawn, &office->pids[i]),
		    0);
	world_run(&office->world, 10);
	return 0;
}

static int
on_one(void **state)
{
	return begin(state, 1);
}

static int
on_two(void **state)
{
	return begin(state, 2);
}

static int
tear_down(void **state)
{
	struct office *office = *state;

	shadow_run_free(&office->run);
	code_free(&office->code);
	scheduler_free(&office->world.scheduler);
	free(office);
	return 0;
}

static struct shadow_run_order
order_to(const struct office *office, uint16_t to)
{
	return (struct shadow_run_order){ .home = office->world.scheduler,
		.code = office->code,
		.module = "differing",
		.to = to,
		.share = 1.0,
		.telephony = &telephony };
}

static void
say(struct office *office, unsigned int who, enum differing_kind kind)
{
	world_post(&office->world, office->pids[who], (uint16_t)kind);
	world_run(&office->world, 10);
}

/* The run over those kinds, and what it found. */
static const struct shadow_run_result *
find(struct office *office, const enum differing_kind *kinds)
{
	const struct shadow_run_order order = order_to(office, office->two);

	assert_int_equal(shadow_run_begin(&office->run, &order), 0);
	for (; *kinds != DIFFERING_NONE; kinds++)
		say(office, 0, *kinds);
	shadow_run_end(office->run);
	shadow_run_sum(office->run, &office->found);
	shadow_run_free(&office->run);
	return &office->found;
}
#define FIND(office, ...)                                                      \
	find(office,                                                           \
	    (const enum differing_kind[]){ __VA_ARGS__, DIFFERING_NONE })

#define EFFECTS                                                                \
	"start_timer T1 key 1 in 1000000000 us\n"                              \
	"start_timer T2 key 1 in 1000000000 us\n"
#define STOP "stop_timer T1 key 7\n"

/* That the one difference is this. */
static void
expect_one(
    const struct shadow_run_result *found, const char *was, const char *is)
{
	assert_int_equal(found->compared, 1);
	assert_int_equal(found->differed, 1);
	assert_int_equal(found->differences, 1);
	assert_string_equal(found->difference[0].did.was, was);
	assert_string_equal(found->difference[0].did.is, is);
}

/*--------------------------------------------------------------------
 * What is a difference
 */

static void
u13_the_same_is_no_difference(void **state)
{
	const struct shadow_run_result *found =
	    FIND(*state, DIFFERING_SAME, DIFFERING_SAME, DIFFERING_ANSWER);

	assert_int_equal(found->compared, 3);
	assert_int_equal(found->differed, 0);
	assert_int_equal(found->untried, 0);
	assert_int_equal(found->differences, 0);
	assert_int_equal(found->events, 2);
	assert_string_equal(found->event[0].word, "answer");
	assert_string_equal(found->event[1].word, "same");
	assert_int_equal(found->event[1].compared, 2);
}

static void
u13_another_order_is_a_difference(void **state)
{
	expect_one(FIND(*state, DIFFERING_ORDER), EFFECTS STOP,
	    "start_timer T2 key 1 in 1000000000 us\n"
	    "start_timer T1 key 1 in 1000000000 us\n" STOP);
}

static void
u13_another_argument_is_a_difference(void **state)
{
	expect_one(FIND(*state, DIFFERING_ARGUMENT),
	    EFFECTS STOP "stop_timer T2 key 1\n",
	    EFFECTS STOP "stop_timer T2 key 2\n");
}

static void
u13_fewer_effects_are_a_difference(void **state)
{
	expect_one(FIND(*state, DIFFERING_FEWER), EFFECTS STOP, EFFECTS);
}

static void
u13_more_effects_are_a_difference(void **state)
{
	expect_one(FIND(*state, DIFFERING_MORE), EFFECTS STOP,
	    EFFECTS STOP "stop_timer T2 key 3\n");
}

static void
u13_another_state_is_a_difference_that_names_the_field(void **state)
{
	expect_one(FIND(*state, DIFFERING_STATE),
	    EFFECTS STOP "state.count = 1\n", EFFECTS STOP "state.count = 2\n");
}

static void
u13_a_state_without_a_way_back_is_a_difference(void **state)
{
	expect_one(FIND(*state, DIFFERING_HELD),
	    EFFECTS STOP "state.state = busy\n",
	    EFFECTS STOP "state.state = held\n");
}

static void
u13_what_only_the_new_version_can_say_is_none(void **state)
{
	assert_int_equal(FIND(*state, DIFFERING_NEWER)->differed, 0);
}

/* And stays none at the next event, when the loss is in the state before. */
static void
u13_what_a_declared_rule_loses_is_none(void **state)
{
	const struct shadow_run_result *found =
	    FIND(*state, DIFFERING_CLAMPED, DIFFERING_SAME);

	assert_int_equal(found->compared, 2);
	assert_int_equal(found->differed, 0);
}

static void
u13_what_is_declared_is_none(void **state)
{
	assert_int_equal(
	    FIND(*state, DIFFERING_VERB, DIFFERING_FIELD)->differed, 0);
}

/* The newer's declarations hold in both directions. */
static void
u13_what_is_declared_is_none_on_the_way_down(void **state)
{
	struct office *office = *state;
	struct shadow_run_order order = order_to(office, office->one);
	struct behaviour *one = behaviour_at(
	    scheduler_behaviours(office->world.scheduler), office->one);
	unsigned int i;

	/* Each goes up before an event of its own. */
	one->target = office->two;
	for (i = 0; i < PROCESSES; i++)
		say(office, i, DIFFERING_SAME);
	one->target = 0;
	assert_int_equal(shadow_run_begin(&office->run, &order), 0);
	say(office, 0, DIFFERING_VERB);
	say(office, 1, DIFFERING_FIELD);
	say(office, 2, DIFFERING_MORE);
	say(office, 3, DIFFERING_HELD);
	say(office, 3, DIFFERING_SAME); /* held: has no image in 1.0 */
	shadow_run_sum(office->run, &office->found);
	assert_int_equal(office->found.compared, 4);
	assert_int_equal(office->found.differed, 2);
	assert_int_equal(office->found.untried, 1);
	assert_string_equal(office->found.difference[0].event, "more");
	assert_string_equal(office->found.difference[1].event, "held");
}

/*--------------------------------------------------------------------
 * What goes wrong
 */

static void
u13_a_crash_is_told_and_what_came_before_it(void **state)
{
	const struct shadow_run_result *found = FIND(*state, DIFFERING_CRASH);
	const char *is = found->difference[0].did.is;

	assert_int_equal(found->differed, 1);
	assert_int_equal(found->crashed, 1);
	assert_int_equal(found->event[0].crashed, 1);
	assert_true(found->difference[0].is_crash);
	assert_int_equal(
	    strncmp(is, EFFECTS STOP "crash SIG", strlen(EFFECTS STOP) + 9), 0);
}

static void
u13_a_state_that_its_check_refuses_is_told(void **state)
{
	expect_one(FIND(*state, DIFFERING_UNSOUND), EFFECTS STOP,
	    EFFECTS STOP "state refused by its own check\n");
}

static void
u13_code_that_does_not_end_gives_the_run_up(void **state)
{
	const struct shadow_run_result *found =
	    FIND(*state, DIFFERING_LOOP, DIFFERING_LOOP, DIFFERING_SAME,
		DIFFERING_LOOP, DIFFERING_LOOP, DIFFERING_STATE);
	char text[256];

	assert_int_equal(found->compared, 4);
	assert_int_equal(found->crashed, 3);
	assert_true(found->is_cut);
	shadow_run_text(found, text, sizeof text);
	assert_string_equal(text,
	    "4 events compared, 3 differed (loop 3), 3 of these crashed, given "
	    "up as its code does not end");
}

/*--------------------------------------------------------------------
 * The result
 */

static void
u13_each_difference_says_who_and_when(void **state)
{
	struct office *office = *state;
	const struct shadow_run_result *found =
	    FIND(office, DIFFERING_SAME, DIFFERING_STATE);
	const struct shadow_difference *one = &found->difference[0];

	assert_true(pid_equal(one->pid, office->pids[0]));
	assert_int_equal(one->call, office->pids[0].slot + 100);
	assert_int_equal(one->at, 20);
	assert_string_equal(one->module, "differing");
	assert_string_equal(one->version_from, "1.0");
	assert_string_equal(one->version_to, "2.0");
	assert_string_equal(one->event, "state");
	assert_string_equal(one->state, "busy"); /* before it */
}

/* Of one kind three are kept, so that another that is rarer is seen. */
static void
u13_of_many_alike_the_first_are_kept_and_all_counted(void **state)
{
	const struct shadow_run_result *found =
	    FIND(*state, DIFFERING_MORE, DIFFERING_MORE, DIFFERING_MORE,
		DIFFERING_MORE, DIFFERING_MORE, DIFFERING_STATE);
	char text[256];

	assert_int_equal(found->differences, 4);
	assert_string_equal(found->difference[2].event, "more");
	assert_string_equal(found->difference[3].event, "state");
	shadow_run_text(found, text, sizeof text);
	assert_string_equal(
	    text, "6 events compared, 6 differed (more 5, state 1)");
}

static void
u13_all_schedulers_are_summed(void **state)
{
	struct office *office = *state;
	struct shadow_run_order order = order_to(office, office->two);
	unsigned int i;

	assert_int_equal(shadow_run_begin(&office->run, &order), 0);
	for (i = 0; i < PROCESSES; i++)
		say(office, i, i < 2 ? DIFFERING_SAME : DIFFERING_STATE);
	shadow_run_sum(office->run, &office->found);
	assert_int_equal(office->found.compared, PROCESSES);
	assert_int_equal(office->found.events, 2);
	assert_int_equal(office->found.event[0].compared, 2);
	assert_int_equal(office->found.event[1].differed, 2);
	assert_int_equal(office->found.differences, 2);
}

static void
u13_it_is_printed_side_by_side(void **state)
{
	static const char wanted[] =
	    "2 events compared, 1 differed (more 1)\n"
	    "event                      compared   differed    crashed\n"
	    "more                              1          1          0\n"
	    "same                              1          0          0\n"
	    "\n"
	    "0.000010 s  differing %u, more in state idle\n"
	    "  1.0                                            2.0\n"
	    "  start_timer T1 key 1 in 1000000000 us          "
	    "start_timer T1 key 1 in 1000000000 us\n"
	    "  start_timer T2 key 1 in 1000000000 us          "
	    "start_timer T2 key 1 in 1000000000 us\n"
	    "  stop_timer T1 key 7                            "
	    "stop_timer T1 key 7\n"
	    "                                               > "
	    "stop_timer T2 key 3\n";
	struct office *office = *state;
	char expected[sizeof wanted + 16], *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	shadow_run_print(out, FIND(office, DIFFERING_MORE, DIFFERING_SAME), 3);
	assert_int_equal(fclose(out), 0);
	snprintf(expected, sizeof expected, wanted, office->pids[0].slot + 100);
	assert_string_equal(text, expected);
	free(text);
}

/*--------------------------------------------------------------------
 * Its begin
 */

static void
u13_what_cannot_be_ordered_is_refused(void **state)
{
	struct office *office = *state;
	struct shadow_run_order order = order_to(office, office->two);

	order.share = 2.0;
	assert_int_equal(shadow_run_begin(&office->run, &order), -EINVAL);
	order.share = -0.1;
	assert_int_equal(shadow_run_begin(&office->run, &order), -EINVAL);
	order.share = 0.5;
	order.module = "other";
	assert_int_equal(shadow_run_begin(&office->run, &order), -EINVAL);
}

/* Nothing is left of what was begun when memory has run out. */
static void
u13_without_memory_it_does_not_begin(void **state)
{
	struct office *office = *state;
	struct shadow_run_order order = order_to(office, office->two);
	long n;

	for (n = 0; n < 100; n++) {
		object_fail_after(n);
		if (shadow_run_begin(&office->run, &order) == 0)
			break;
		assert_null(office->run);
	}
	object_fail_after(-1);
	assert_in_range(n, 3, 99);
	say(office, 0, DIFFERING_STATE);
	shadow_run_sum(office->run, &office->found);
	assert_int_equal(office->found.differed, 1);
}

static void
a_line_of_differs_is_checked(void **state)
{
	static const char *const one_word[] = { "answer", NULL };
	static const char *const no_field[] = { "* state.other", NULL };
	static const char *const sound[] = { "timeout T1 *", "* state.count",
		"answer port_tone", NULL };
	struct office *office = *state;
	struct schema schema = behaviour_at(
	    scheduler_behaviours(office->world.scheduler), office->one)
				   ->module->schema;
	char why[160];

	schema.differs = sound;
	assert_int_equal(schema_check(&schema, why, sizeof why), 0);
	schema.differs = one_word;
	assert_int_equal(schema_check(&schema, why, sizeof why), -EINVAL);
	assert_string_equal(
	    why, "differs has the line 'answer', want an event and a verb");
	schema.differs = no_field;
	assert_int_equal(schema_check(&schema, why, sizeof why), -EINVAL);
	assert_string_equal(why,
	    "differs has the line '* state.other', and there is no field "
	    "'other'");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, on_one, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(u13_the_same_is_no_difference),
		TEST(u13_another_order_is_a_difference),
		TEST(u13_another_argument_is_a_difference),
		TEST(u13_fewer_effects_are_a_difference),
		TEST(u13_more_effects_are_a_difference),
		TEST(u13_another_state_is_a_difference_that_names_the_field),
		TEST(u13_a_state_without_a_way_back_is_a_difference),
		TEST(u13_what_only_the_new_version_can_say_is_none),
		TEST(u13_what_a_declared_rule_loses_is_none),
		TEST(u13_what_is_declared_is_none),
		TEST(u13_what_is_declared_is_none_on_the_way_down),
		TEST(u13_a_crash_is_told_and_what_came_before_it),
		TEST(u13_a_state_that_its_check_refuses_is_told),
		TEST(u13_code_that_does_not_end_gives_the_run_up),
		TEST(u13_each_difference_says_who_and_when),
		TEST(u13_of_many_alike_the_first_are_kept_and_all_counted),
		cmocka_unit_test_setup_teardown(
		    u13_all_schedulers_are_summed, on_two, tear_down),
		TEST(u13_it_is_printed_side_by_side),
		TEST(u13_what_cannot_be_ordered_is_refused),
		TEST(u13_without_memory_it_does_not_begin),
		TEST(a_line_of_differs_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
