/* Lines and their numbers, as line.h and numbering.h promise them. */
#include "tests/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/exchange/line.h"
#include "switch/object.h"

static const struct pid owner = { .slot = 7, .generation = 1 };

struct set {
	struct world world;
	struct lines *lines;
	unsigned int told; /* what the terminal heard, and how often */
	enum line_state state;
	enum tone tone;
};

static int
setup(void **state)
{
	static struct set set;

	memset(&set, 0, sizeof set);
	world_set_up(&set.world);
	*state = &set;
	return lines_alloc(&set.lines, set.world.scheduler);
}

static int
teardown(void **state)
{
	struct set *set = *state;

	lines_free(&set->lines);
	assert_null(set->lines);
	world_tear_down(&set->world);
	return 0;
}

static void
hear(void *arg, uint32_t line, enum line_state state, enum tone tone)
{
	struct set *set = arg;

	(void)line;
	set->told++;
	set->state = state;
	set->tone = tone;
}

static void
numbers_and_ids_lead_to_each_other(void **state)
{
	struct set *set = *state;
	const struct numbering *numbering = set->lines->numbering;
	char text[DIGITS_MAX + 1];

	assert_int_equal(lines_add(set->lines, "2000", "2999", LINE_ISDN), 0);
	assert_int_equal(lines_add(set->lines, "0100", "0199", LINE_ANALOG), 0);
	assert_int_equal(set->lines->count, 1100);
	assert_int_equal(numbering_find(numbering, "2000"), 0);
	assert_int_equal(numbering_find(numbering, "0199"), 1099);
	assert_int_equal(numbering_find(numbering, "199"), LINE_NONE);
	assert_int_equal(numbering_find(numbering, "0200"), LINE_NONE);
	assert_int_equal(numbering_find(numbering, ""), LINE_NONE);
	assert_int_equal(numbering_find(numbering, "20x0"), LINE_NONE);
	numbering_text(numbering, 1000, text);
	assert_string_equal(text, "0100");
	numbering_text(numbering, 999, text);
	assert_string_equal(text, "2999");
	numbering_text(numbering, LINE_NONE, text);
	assert_string_equal(text, "");
	assert_int_equal(lines_at(set->lines, 0)->kind, LINE_ISDN);
	assert_null(lines_at(set->lines, 1100));
}

static void
bad_ranges_are_refused_and_leave_nothing(void **state)
{
	struct set *set = *state;
	struct lines *lines = set->lines;

	assert_int_equal(lines_add(lines, "1000", "1099", LINE_ANALOG), 0);
	assert_int_equal(lines_add(lines, "", "", LINE_ANALOG), -EINVAL);
	assert_int_equal(lines_add(lines, "10", "199", LINE_ANALOG), -EINVAL);
	assert_int_equal(lines_add(lines, "20", "10", LINE_ANALOG), -EINVAL);
	assert_int_equal(lines_add(lines, "1a", "1b", LINE_ANALOG), -EINVAL);
	assert_int_equal(lines_add(lines, "1000000000000000",
			     "1000000000000000", LINE_ANALOG),
	    -EINVAL);
	assert_int_equal(
	    lines_add(lines, "1099", "1100", LINE_ANALOG), -EEXIST);
	assert_int_equal(
	    lines_add(lines, "0900", "1000", LINE_ANALOG), -EEXIST);
	assert_int_equal(
	    lines_add(lines, "0900", "1200", LINE_ANALOG), -EEXIST);
	assert_int_equal(
	    lines_add(lines, "000000000000000", "999999999999999", LINE_ISDN),
	    -ENOMEM);
	assert_int_equal(lines->count, 100);
	assert_int_equal(
	    lines_add(lines, "999999999999999", "999999999999999", LINE_ISDN),
	    0);
}

/* Whichever allocation fails, what was there is there, and nothing else. */
static void
without_memory_nothing_is_added(void **state)
{
	struct set *set = *state;
	long n;
	int status;

	assert_int_equal(lines_add(set->lines, "1000", "1099", 0), 0);
	for (n = 0;; n++) {
		object_fail_after(n);
		status = lines_add(set->lines, "2000", "2099", LINE_ANALOG);
		object_fail_after(-1);
		if (status == 0)
			break;
		assert_int_equal(status, -ENOMEM);
		assert_int_equal(set->lines->count, 100);
		assert_int_equal(
		    numbering_find(set->lines->numbering, "2000"), LINE_NONE);
	}
	assert_in_range(n, 2, 5);
	assert_int_equal(numbering_find(set->lines->numbering, "2000"), 100);
}

static void
expect_translation(const struct set *set, const char *digits,
    enum translation_verdict verdict, uint32_t line)
{
	struct translation translation =
	    numbering_translate(set->lines->numbering, digits);

	assert_int_equal(translation.verdict, verdict);
	assert_int_equal(translation.line, line);
}

static void
digits_lead_to_none_some_one_or_either(void **state)
{
	struct set *set = *state;

	lines_add(set->lines, "1000", "1099", LINE_ANALOG);
	lines_add(set->lines, "30", "30", LINE_ANALOG);
	lines_add(set->lines, "300", "309", LINE_ANALOG);
	expect_translation(set, "", TRANSLATION_NONE, LINE_NONE);
	expect_translation(set, "2", TRANSLATION_NONE, LINE_NONE);
	expect_translation(set, "1", TRANSLATION_PARTIAL, LINE_NONE);
	expect_translation(set, "10", TRANSLATION_PARTIAL, LINE_NONE);
	expect_translation(set, "11", TRANSLATION_NONE, LINE_NONE);
	expect_translation(set, "109", TRANSLATION_PARTIAL, LINE_NONE);
	expect_translation(set, "1099", TRANSLATION_COMPLETE, 99);
	expect_translation(set, "10990", TRANSLATION_NONE, LINE_NONE);
	expect_translation(set, "3", TRANSLATION_PARTIAL, LINE_NONE);
	expect_translation(set, "30", TRANSLATION_EITHER, 100);
	expect_translation(set, "305", TRANSLATION_COMPLETE, 106);
	expect_translation(set, "*1", TRANSLATION_NONE, LINE_NONE);
}

static void
keys_that_are_no_digits_stand_where_they_do(void **state)
{
	struct set *set = *state;
	char text[DIGITS_MAX + 1];

	assert_int_equal(lines_add(set->lines, "*10", "*19", 0), 0);
	assert_int_equal(lines_add(set->lines, "10#", "29#", 0), 0);
	assert_int_equal(lines_add(set->lines, "1*0#", "2*9#", 0), 0);
	assert_int_equal(lines_add(set->lines, "110", "119", 0), 0);
	assert_int_equal(lines_add(set->lines, "#10", "*19", 0), -EINVAL);
	assert_int_equal(lines_add(set->lines, "1*0", "10*", 0), -EINVAL);
	assert_int_equal(lines_add(set->lines, "*19", "*20", 0), -EEXIST);
	expect_translation(set, "*", TRANSLATION_PARTIAL, LINE_NONE);
	expect_translation(set, "*15", TRANSLATION_COMPLETE, 5);
	expect_translation(set, "15", TRANSLATION_PARTIAL, LINE_NONE);
	expect_translation(set, "15#", TRANSLATION_COMPLETE, 15);
	expect_translation(set, "30#", TRANSLATION_NONE, LINE_NONE);
	expect_translation(set, "2*", TRANSLATION_PARTIAL, LINE_NONE);
	expect_translation(set, "2*9", TRANSLATION_PARTIAL, LINE_NONE);
	expect_translation(set, "2*9#", TRANSLATION_COMPLETE, 49);
	expect_translation(set, "3*", TRANSLATION_NONE, LINE_NONE);
	expect_translation(set, "115", TRANSLATION_COMPLETE, 55);
	numbering_text(set->lines->numbering, 29, text);
	assert_string_equal(text, "29#");
	numbering_text(set->lines->numbering, 40, text);
	assert_string_equal(text, "2*0#");
}

/* Whether each of these is a number that leads somewhere; with its id. */
static void
expect_served(
    const struct set *set, unsigned int first, unsigned int last, bool leads)
{
	char text[DIGITS_MAX + 1];
	unsigned int i;

	for (i = first; i <= last; i++) {
		snprintf(text, sizeof text, "%u", i);
		expect_translation(set, text, TRANSLATION_COMPLETE,
		    leads ? i - 1000 : LINE_NONE);
		assert_int_equal(
		    numbering_find(set->lines->numbering, text), i - 1000);
		assert_int_equal(
		    lines_at(set->lines, i - 1000)->is_withdrawn, !leads);
		numbering_text(set->lines->numbering, i - 1000, text);
		assert_int_equal(strtoul(text, NULL, 10), i);
	}
}

static void
withdrawn_numbers_lead_nowhere_and_keep_their_ids(void **state)
{
	struct set *set = *state;
	struct lines *lines = set->lines;

	assert_int_equal(lines_add(lines, "1000", "1049", LINE_ANALOG), 0);
	assert_int_equal(lines_add(lines, "1050", "1099", LINE_ANALOG), 0);
	assert_int_equal(lines_set_withdrawn(lines, "1040", "1059", true), 0);
	expect_served(set, 1000, 1039, true);
	expect_served(set, 1040, 1059, false);
	expect_served(set, 1060, 1099, true);
	expect_translation(set, "104", TRANSLATION_PARTIAL, LINE_NONE);
	assert_int_equal(
	    lines_set_withdrawn(lines, "1039", "1040", true), -ENOENT);
	assert_int_equal(
	    lines_set_withdrawn(lines, "1099", "1100", true), -ENOENT);
	assert_int_equal(
	    lines_set_withdrawn(lines, "1059", "1060", false), -ENOENT);
	assert_int_equal(lines_set_withdrawn(lines, "9", "8", true), -EINVAL);
	assert_int_equal(
	    lines_add(lines, "1040", "1040", LINE_ANALOG), -EEXIST);
	expect_served(set, 1040, 1059, false);
	assert_int_equal(lines_set_withdrawn(lines, "1045", "1050", false), 0);
	expect_served(set, 1000, 1039, true);
	expect_served(set, 1040, 1044, false);
	expect_served(set, 1045, 1050, true);
	expect_served(set, 1051, 1059, false);
	expect_served(set, 1060, 1099, true);
	assert_int_equal(lines_add(lines, "1100", "1100", LINE_ANALOG), 0);
	expect_served(set, 1100, 1100, true);
}

static void
without_memory_nothing_is_withdrawn(void **state)
{
	struct set *set = *state;
	char text[DIGITS_MAX + 1];
	unsigned int i;
	int status = 0;
	long n;

	for (i = 1000; i < 1015; i++) { /* there is room for one more */
		snprintf(text, sizeof text, "%u", i);
		assert_int_equal(lines_add(set->lines, text, text, 0), 0);
	}
	assert_int_equal(lines_add(set->lines, "1015", "1099", 0), 0);
	for (n = 0;; n++) {
		object_fail_after(n);
		status = lines_set_withdrawn(set->lines, "1020", "1029", true);
		object_fail_after(-1);
		if (status == 0)
			break;
		assert_int_equal(status, -ENOMEM);
		expect_served(set, 1000, 1099, true);
	}
	assert_in_range(n, 1, 4);
	expect_served(set, 1015, 1019, true);
	expect_served(set, 1020, 1029, false);
	expect_served(set, 1030, 1099, true);
}

/* One by one, and not in their order: each is found, and none before it is. */
static void
many_lines_may_be_as_many_ranges(void **state)
{
	enum { LINES = 200000, STEP = 77773 };
	struct set *set = *state;
	const struct numbering *numbering = set->lines->numbering;
	char text[DIGITS_MAX + 1], found[DIGITS_MAX + 1];
	uint32_t i, number = 0;

	for (i = 0; i < LINES; i++) {
		snprintf(text, sizeof text, "%07u", 2 * number);
		assert_int_equal(numbering_find(numbering, text), LINE_NONE);
		assert_int_equal(lines_add(set->lines, text, text, 0), 0);
		number = (number + STEP) % LINES;
	}
	for (i = 0; i < LINES; i++) {
		snprintf(text, sizeof text, "%07u", 2 * number);
		assert_int_equal(numbering_find(numbering, text), i);
		numbering_text(numbering, i, found);
		assert_string_equal(found, text);
		snprintf(text, sizeof text, "%07u", 2 * number + 1);
		assert_int_equal(numbering_find(numbering, text), LINE_NONE);
		number = (number + STEP) % LINES;
	}
	for (i = LINES; i-- > LINES - 1000;)
		numbering_drop_last(set->lines->numbering);
	assert_int_equal(numbering_count(numbering), LINES - 1000);
	set->lines->count = LINES - 1000;
	assert_int_equal(lines_add(set->lines, text, text, 0), 0);
}

static void
a_line_given_back_is_idle_or_parked(void **state)
{
	struct set *set = *state;
	struct lines *lines = set->lines;
	const struct line *line;

	lines_add(lines, "1000", "1001", LINE_ANALOG);
	line = lines_at(lines, 0);
	lines_take(lines, 0, owner);
	lines_tone(lines, 0, TONE_dial);
	lines_give_back(lines, 0);
	assert_int_equal(line->state, LINE_STATE_idle);
	assert_int_equal(line->tone, TONE_none);

	lines_take(lines, 0, owner);
	lines_hook(lines, 0, true);
	lines_give_back(lines, 0);
	assert_int_equal(line->state, LINE_STATE_parked);
	assert_int_equal(line->tone, TONE_disconnect);
	assert_true(pid_is_none(line->owner));
	lines_hook(lines, 0, false);
	assert_int_equal(line->state, LINE_STATE_idle);
	assert_int_equal(line->tone, TONE_none);
}

static void
an_isdn_line_is_never_parked(void **state)
{
	struct set *set = *state;

	lines_add(set->lines, "2000", "2000", LINE_ISDN);
	lines_take(set->lines, 0, owner);
	lines_hook(set->lines, 0, true);
	lines_give_back(set->lines, 0);
	assert_int_equal(lines_at(set->lines, 0)->state, LINE_STATE_idle);
	assert_false(lines_at(set->lines, 0)->is_offhook);
}

static void
the_terminal_hears_what_the_subscriber_would(void **state)
{
	struct set *set = *state;
	struct lines *lines = set->lines;

	lines_add(lines, "1000", "1001", LINE_ANALOG);
	lines->terminal = hear;
	lines->terminal_arg = set;
	lines_reserve(lines, 0, 3);
	lines_take(lines, 0, owner);
	lines_take(lines, 1, owner);
	assert_int_equal(set->told, 0);
	lines_setup(lines, 1, 0, 3, owner);
	assert_int_equal(set->told, 1);
	assert_int_equal(set->state, LINE_STATE_ringing);
	lines_tone(lines, 0, TONE_ringback);
	lines_tone(lines, 0, TONE_ringback); /* nothing new */
	assert_int_equal(set->told, 2);
	assert_int_equal(set->tone, TONE_ringback);
	lines_give_back(lines, 1);
	assert_int_equal(set->told, 3);
	assert_int_equal(set->state, LINE_STATE_idle);
}

static void
the_sides_of_a_call_part_when_one_goes(void **state)
{
	struct set *set = *state;
	struct lines *lines = set->lines;

	lines_add(lines, "1000", "1001", LINE_ANALOG);
	lines_reserve(lines, 0, 3);
	lines_take(lines, 0, owner);
	lines_take(lines, 1, owner);
	lines_setup(lines, 1, 0, 3, owner);
	assert_int_equal(lines_at(lines, 0)->peer, 1);
	assert_int_equal(lines_at(lines, 1)->peer, 0);
	assert_int_equal(lines_at(lines, 1)->attempt, 3);
	lines_give_back(lines, 0);
	assert_int_equal(lines_at(lines, 1)->peer, LINE_NONE);
	assert_int_equal(lines_at(lines, 0)->peer, LINE_NONE);
}

#define LINE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LINE_TEST(numbers_and_ids_lead_to_each_other),
		LINE_TEST(bad_ranges_are_refused_and_leave_nothing),
		LINE_TEST(without_memory_nothing_is_added),
		LINE_TEST(digits_lead_to_none_some_one_or_either),
		LINE_TEST(keys_that_are_no_digits_stand_where_they_do),
		LINE_TEST(many_lines_may_be_as_many_ranges),
		LINE_TEST(withdrawn_numbers_lead_nowhere_and_keep_their_ids),
		LINE_TEST(without_memory_nothing_is_withdrawn),
		LINE_TEST(a_line_given_back_is_idle_or_parked),
		LINE_TEST(an_isdn_line_is_never_parked),
		LINE_TEST(the_terminal_hears_what_the_subscriber_would),
		LINE_TEST(the_sides_of_a_call_part_when_one_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
