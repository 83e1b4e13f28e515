/* Orders of races: their numbers, their words, and what each of them is. */
#include "sim/orders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
numbers_of_an_order_are_read_and_written(void **state)
{
	static const char *const bad[] = { "", "0", "1.", ".1", "1..2", "x",
		"-1", "1.2x", "1 2", "+1" };
	char text[ORDER_TEXT_SIZE];
	struct order order;
	unsigned int i;

	(void)state;
	assert_true(order_read("2.1.13", &order));
	assert_int_equal(order.count, 3);
	assert_int_equal(order.numbers[2], 13);
	assert_string_equal(order_text(&order, text), "2.1.13");
	assert_true(order_read("1.3.1.1", &order));
	assert_string_equal(order_text(&order, text), "1.3");
	assert_true(order_read("1.1", &order));
	assert_string_equal(order_text(&order, text), "1");
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (order_read(bad[i], &order))
			fail_msg("'%s' is taken for an order", bad[i]);
}

/* In the order of a dictionary: the first is as it is written. */
static void
each_number_is_another_permutation(void **state)
{
	static const char *const wanted[] = { "012", "021", "102", "120", "201",
		"210" };
	struct order order = { .count = 1 };
	unsigned int bodies[3], i;
	char text[8];

	(void)state;
	for (i = 0; i < 6; i++) {
		order.numbers[0] = i + 1;
		assert_true(order_bodies(&order, 0, 3, bodies));
		(void)snprintf(text, sizeof text, "%u%u%u", bodies[0],
		    bodies[1], bodies[2]);
		assert_string_equal(text, wanted[i]);
	}
	order.numbers[0] = 7;
	assert_false(order_bodies(&order, 0, 3, bodies));
	/* of a race that it does not tell of, as it is written */
	assert_true(order_bodies(&order, 1, 3, bodies));
	assert_int_equal(bodies[0], 0);
	assert_int_equal(bodies[2], 2);
}

static void
many_bodies_have_more_orders_than_can_be_told(void **state)
{
	struct races races = { .count = 2, .bodies = { 3, 4 } };

	(void)state;
	assert_int_equal(order_of_bodies(1), 1);
	assert_int_equal(order_of_bodies(7), 5040);
	assert_true(order_of_bodies(20) < UINT64_MAX);
	assert_true(order_of_bodies(21) == UINT64_MAX);
	assert_int_equal(orders_all(&races), 6 * 24);
	races.bodies[0] = races.bodies[1] = 20;
	assert_true(orders_all(&races) == UINT64_MAX);
}

static void
orders_stand_by_their_numbers(void **state)
{
	struct order one, other;

	(void)state;
	assert_true(order_read("1.2", &one) && order_read("2", &other));
	assert_true(order_compare(&one, &other) < 0);
	assert_true(order_compare(&other, &one) > 0);
	assert_true(order_read("2.1.1", &one));
	assert_int_equal(order_compare(&one, &other), 0);
	assert_true(order_read("2.1.10", &one) && order_read("2.1.9", &other));
	assert_true(order_compare(&one, &other) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_an_order_are_read_and_written),
		cmocka_unit_test(each_number_is_another_permutation),
		cmocka_unit_test(many_bodies_have_more_orders_than_can_be_told),
		cmocka_unit_test(orders_stand_by_their_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
