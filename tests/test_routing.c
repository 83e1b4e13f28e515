/* Routes and ported numbers, as routing.h and digit_tree.h promise them. */
#include "tests/world.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/digit_tree.h"
#include "calls/exchange/numbering.h"
#include "calls/exchange/office_trunk.h"
#include "calls/exchange/routing.h"
#include "switch/object.h"

struct set {
	struct routing *routing;
	struct numbering *numbering;
	char sent[DIGITS_MAX + 1];
};

static int
setup(void **state)
{
	static struct set set;

	memset(&set, 0, sizeof set);
	*state = &set;
	return routing_alloc(&set.routing) != 0 ||
	    numbering_alloc(&set.numbering) != 0 ||
	    numbering_add(set.numbering, "1000", "1999") != 0;
}

static int
teardown(void **state)
{
	struct set *set = *state;

	routing_free(&set->routing);
	numbering_free(&set->numbering);
	assert_null(set->routing);
	return 0;
}

static struct route_plan
to(const char *prefix, uint16_t target)
{
	return (struct route_plan){ .prefix = prefix,
		.targets = { target },
		.count = 1,
		.tariff = TARIFF_NONE };
}

static void
add(struct set *set, const char *prefix, uint16_t target)
{
	const struct route_plan plan = to(prefix, target);

	assert_int_equal(routing_add(set->routing, &plan), 0);
}

static struct translation
look(struct set *set, const char *digits)
{
	return routing_translate(
	    set->routing, set->numbering, digits, set->sent);
}

/* The trunk group that a number goes to. */
static unsigned int
goes_to(struct set *set, const char *digits)
{
	const struct translation found = look(set, digits);
	const struct route *route = routing_at(set->routing, found.route);

	assert_non_null(route);
	return routing_target(set->routing, route, 0)->trunk;
}

static void
expect_verdict(struct set *set, const char *digits, unsigned int verdict)
{
	assert_int_equal(look(set, digits).verdict, verdict);
}

static void
t5_the_longest_prefix_wins(void **state)
{
	struct set *set = *state;

	add(set, "0", 1);
	add(set, "0855", 2);
	add(set, "08", 3);
	add(set, "*21", 4);
	assert_int_equal(goes_to(set, "0712"), 1);
	assert_int_equal(goes_to(set, "0812"), 3);
	assert_int_equal(goes_to(set, "085"), 3);
	assert_int_equal(goes_to(set, "0855"), 2);
	assert_int_equal(goes_to(set, "085599"), 2);
	assert_int_equal(goes_to(set, "*21#"), 4);
	expect_verdict(set, "*2", TRANSLATION_PARTIAL);
	expect_verdict(set, "*3", TRANSLATION_NONE);
	expect_verdict(set, "9", TRANSLATION_NONE);
}

static void
t5_a_line_wins_over_a_route_of_its_digits(void **state)
{
	struct set *set = *state;

	add(set, "1", 5);
	add(set, "1001", 6);
	assert_int_equal(look(set, "1001").line, 1);
	assert_int_equal(look(set, "1001").route, ROUTE_NONE);
	expect_verdict(set, "1001", TRANSLATION_EITHER);
	assert_int_equal(goes_to(set, "10015"), 6);
	assert_int_equal(goes_to(set, "15"), 5);
}

static void
t49_t50_the_lengths_of_a_route_say_when_a_number_is_whole(void **state)
{
	struct set *set = *state;
	struct route_plan plan = to("08", 1);

	plan.min = 5;
	plan.max = 7;
	assert_int_equal(routing_add(set->routing, &plan), 0);
	expect_verdict(set, "0", TRANSLATION_PARTIAL);
	expect_verdict(set, "0812", TRANSLATION_PARTIAL);
	expect_verdict(set, "08123", TRANSLATION_EITHER);
	expect_verdict(set, "0812345", TRANSLATION_COMPLETE);
	expect_verdict(set, "08123456", TRANSLATION_NONE);
	assert_int_equal(look(set, "0812").route, ROUTE_NONE);
}

static void
t5_local_is_a_line_under_another_number(void **state)
{
	struct set *set = *state;
	struct route_plan plan = to("77", TARGET_LOCAL);

	plan.strip = 2;
	plan.prepend = "1";
	assert_int_equal(routing_add(set->routing, &plan), 0);
	assert_int_equal(look(set, "77002").line, 2);
	assert_string_equal(set->sent, "1002");
	expect_verdict(set, "77002", TRANSLATION_COMPLETE);
	expect_verdict(set, "770", TRANSLATION_PARTIAL);
	plan = to("77", 3); /* local stands alone */
	assert_int_equal(routing_add(set->routing, &plan), -EINVAL);
	plan.prefix = "78";
	plan.targets[1] = TARGET_LOCAL;
	plan.count = 2;
	assert_int_equal(routing_add(set->routing, &plan), -EINVAL);
}

static void
t5_a_ported_number_is_routed_as_another(void **state)
{
	struct set *set = *state;

	add(set, "08", 1);
	add(set, "09", 2);
	assert_int_equal(routing_port(set->routing, "1002", "0955"), 0);
	assert_int_equal(routing_port(set->routing, "0812", "1001"), 0);
	assert_int_equal(routing_port(set->routing, "0813", "2222"), 0);
	assert_int_equal(goes_to(set, "1002"), 2); /* though a line has it */
	assert_string_equal(set->sent, "0955");
	expect_verdict(set, "1002", TRANSLATION_COMPLETE);
	assert_int_equal(look(set, "0812").line, 1);
	/* Longer numbers are none of its business. */
	assert_int_equal(goes_to(set, "08123"), 1);
	expect_verdict(set, "0813", TRANSLATION_NONE);
	assert_int_equal(routing_port(set->routing, "1002", "1003"), 0);
	assert_int_equal(look(set, "1002").line, 3);
}

static void
t9_numbers_that_lead_to_each_other_end(void **state)
{
	struct set *set = *state;
	struct route_plan plan = to("5", TARGET_LOCAL);

	assert_int_equal(routing_port(set->routing, "1002", "1003"), 0);
	assert_int_equal(routing_port(set->routing, "1003", "1002"), 0);
	expect_verdict(set, "1002", TRANSLATION_LOOP);
	plan.prepend = "5";
	assert_int_equal(routing_add(set->routing, &plan), 0);
	expect_verdict(set, "51", TRANSLATION_LOOP);
}

static void
t8_a_number_of_here_that_no_line_has_is_unassigned(void **state)
{
	struct set *set = *state;
	struct route_plan plan = to("15", TARGET_LOCAL);

	plan.min = plan.max = 4;
	assert_int_equal(routing_add(set->routing, &plan), 0);
	expect_verdict(set, "150", TRANSLATION_PARTIAL);
	expect_verdict(set, "1500", TRANSLATION_COMPLETE);
	assert_int_equal(look(set, "1500").route, ROUTE_NONE);
}

static void
t5_a_target_takes_off_and_adds_digits(void **state)
{
	struct route_target target = { .strip = 2, .prepend = "0046" };
	char sent[DIGITS_MAX + 1];

	(void)state;
	route_target_digits(&target, "0812345", sent);
	assert_string_equal(sent, "004612345");
	target.strip = 9; /* more than there are */
	route_target_digits(&target, "081", sent);
	assert_string_equal(sent, "0046");
	target.strip = 0; /* E.164 has no longer numbers */
	route_target_digits(&target, "123456789012345", sent);
	assert_string_equal(sent, "004612345678901");
}

static void
t14_a_route_has_its_targets_in_order(void **state)
{
	struct set *set = *state;
	struct route_plan plan = to("08", 1);
	const struct route *route;
	unsigned int i;

	plan.targets[1] = 4;
	plan.count = 2;
	assert_int_equal(routing_add(set->routing, &plan), 0);
	add(set, "09", 9);
	plan = to("08", 7); /* behind the others, under its own tariff */
	plan.tariff = 3;
	assert_int_equal(routing_add(set->routing, &plan), 0);
	route = routing_at(set->routing, look(set, "081").route);
	assert_int_equal(route->count, 3);
	for (i = 0; i < 3; i++)
		assert_int_equal(
		    routing_target(set->routing, route, i)->trunk, 3 * i + 1);
	assert_int_equal(routing_target(set->routing, route, 2)->tariff, 3);
	assert_int_equal(goes_to(set, "09"), 9);
	plan.count = ROUTE_TARGETS_MAX - 2;
	assert_int_equal(routing_add(set->routing, &plan), -ENOSPC);
}

static void
what_is_no_route_is_refused(void **state)
{
	struct set *set = *state;
	struct route_plan plan = to("", 1);

	assert_int_equal(routing_add(set->routing, &plan), -EINVAL);
	plan.prefix = "08x";
	assert_int_equal(routing_add(set->routing, &plan), -EINVAL);
	plan.prefix = "1234567890123456";
	assert_int_equal(routing_add(set->routing, &plan), -EINVAL);
	plan.prefix = "08";
	plan.prepend = "+46";
	assert_int_equal(routing_add(set->routing, &plan), -EINVAL);
	assert_int_equal(routing_port(set->routing, "1002", ""), -EINVAL);
	assert_int_equal(look(set, "08").route, ROUTE_NONE);
}

static void
a_successor_keeps_the_ids(void **state)
{
	struct set *set = *state;
	struct routing *next = NULL;
	uint32_t id[3];
	struct route_plan plan = to("09", 2);

	add(set, "07", 1);
	add(set, "08", 2);
	add(set, "09", 3);
	id[0] = look(set, "07").route;
	id[1] = look(set, "08").route;
	id[2] = look(set, "09").route;
	assert_int_equal(routing_alloc(&next), 0);
	assert_int_equal(routing_succeed(next, set->routing), 0);
	assert_int_equal(routing_add(next, &plan), 0);
	plan.prefix = "06";
	assert_int_equal(routing_add(next, &plan), 0);
	plan.prefix = "07";
	assert_int_equal(routing_add(next, &plan), 0);
	routing_free(&set->routing);
	set->routing = next;
	assert_int_equal(look(set, "07").route, id[0]);
	assert_int_equal(look(set, "09").route, id[2]);
	assert_true(look(set, "06").route > id[2]);
	assert_null(routing_at(next, id[1])); /* withdrawn, and given to none */
	expect_verdict(set, "08", TRANSLATION_NONE);
}

/* Whatever the order of adding, the tree is the one of a plain search. */
static void
a_tree_finds_what_a_search_finds(void **state)
{
	enum { MANY = 3000 };
	static char prefixes[MANY][8];
	struct digit_tree *tree;
	struct digit_path path;
	uint64_t random = 1;
	unsigned int i, k, longest, length;
	char digits[9];

	(void)state;
	assert_int_equal(digit_tree_alloc(&tree), 0);
	for (i = 0; i < MANY; i++) {
		random = random * UINT64_C(6364136223846793005) + 1;
		snprintf(prefixes[i], sizeof prefixes[i], "%u",
		    (unsigned int)(random >> 40) % 100000);
		*digit_tree_place(tree, prefixes[i]) = i + 1;
	}
	for (i = 0; i < MANY; i++) {
		random = random * UINT64_C(6364136223846793005) + 1;
		snprintf(digits, sizeof digits, "%u",
		    (unsigned int)(random >> 40) % 1000000);
		for (k = longest = length = 0; k < MANY; k++)
			if (strlen(prefixes[k]) >= length &&
			    strncmp(digits, prefixes[k], strlen(prefixes[k])) ==
				0) {
				longest = k + 1;
				length = (unsigned int)strlen(prefixes[k]);
			}
		path = digit_tree_look(tree, digits);
		assert_int_equal(path.longest, longest);
		assert_int_equal(path.length, length);
	}
	assert_null(digit_tree_place(tree, "12a"));
	digit_tree_free(&tree);
}

/* Each of its allocations fails in turn: it says so, and is as it was. */
static void
without_memory_nothing_is_half_done(void **state)
{
	struct set *set = *state;
	const struct route_plan plan = to("0855", 1);
	int status;
	long n;

	for (n = 0;; n++) {
		object_fail_after(n);
		status = routing_add(set->routing, &plan);
		if (!object_has_failed())
			break;
		assert_int_equal(status, -ENOMEM);
		assert_int_equal(look(set, "0855").route, ROUTE_NONE);
	}
	object_fail_after(-1);
	assert_true(n > 0);
	assert_int_equal(status, 0);
	assert_int_equal(goes_to(set, "08551"), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(t5_the_longest_prefix_wins),
		TEST(t5_a_line_wins_over_a_route_of_its_digits),
		TEST(t49_t50_the_lengths_of_a_route_say_when_a_number_is_whole),
		TEST(t5_local_is_a_line_under_another_number),
		TEST(t5_a_ported_number_is_routed_as_another),
		TEST(t9_numbers_that_lead_to_each_other_end),
		TEST(t8_a_number_of_here_that_no_line_has_is_unassigned),
		TEST(t5_a_target_takes_off_and_adds_digits),
		TEST(t14_a_route_has_its_targets_in_order),
		TEST(what_is_no_route_is_refused),
		TEST(a_successor_keeps_the_ids),
		TEST(a_tree_finds_what_a_search_finds),
		TEST(without_memory_nothing_is_half_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
