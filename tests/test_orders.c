/* Every order of every race comes once, also when races depend on others. */
#include "sim/orders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
each_permutation_comes_once(void **state)
{
	struct orders orders = { .given = 0 };
	unsigned int order[3], seen = 0, runs = 0;

	(void)state;
	do {
		orders_begin(&orders);
		orders_take(&orders, order, 3, 4);
		seen |= 1U << (order[0] * 9 + order[1] * 3 + order[2]) % 27;
		runs++;
	} while (orders_next(&orders));
	assert_int_equal(runs, 6);
	assert_int_equal(__builtin_popcount(seen), 6);
}

/* Of a scenario whose second race is only there after one order of the first.
 */
static void
a_race_may_depend_on_the_one_before(void **state)
{
	struct orders orders = { .given = 0 };
	unsigned int order[3], runs = 0, longer = 0;
	char text[64];

	(void)state;
	do {
		orders_begin(&orders);
		orders_take(&orders, order, 2, 4);
		if (order[0] == 1) {
			orders_take(&orders, order, 3, 9);
			longer++;
		}
		runs++;
	} while (orders_next(&orders));
	assert_int_equal(runs, 7);
	assert_int_equal(longer, 6);
	orders_describe(&orders, text, sizeof text);
	assert_false(orders.is_too_many);
}

static void
an_order_is_told_by_line_and_place(void **state)
{
	struct orders orders = { .given = 0 };
	unsigned int order[3], i;
	char text[64];

	(void)state;
	for (i = 0; i < 4; i++) {
		orders_begin(&orders);
		orders_take(&orders, order, 2, 4);
		orders_take(&orders, order, 2, 9);
		orders_describe(&orders, text, sizeof text);
		if (i == 1)
			assert_string_equal(text, "line 4: 1 2, line 9: 2 1");
		if (i == 2)
			assert_string_equal(text, "line 4: 2 1, line 9: 1 2");
		assert_int_equal(orders_next(&orders), i < 3);
	}
}

static void
what_is_too_much_is_known(void **state)
{
	struct orders orders = { .given = 0 };
	unsigned int order[9];

	(void)state;
	orders_begin(&orders);
	orders_take(&orders, order, 9, 4);
	assert_true(orders.is_too_many);
	assert_int_equal(order[8], 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_permutation_comes_once),
		cmocka_unit_test(a_race_may_depend_on_the_one_before),
		cmocka_unit_test(an_order_is_told_by_line_and_place),
		cmocka_unit_test(what_is_too_much_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
