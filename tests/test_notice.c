/* What terminals are still to be told: all of it, in order, with room kept. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calls/exchange/notice.h"
#include "switch/object.h"

enum { MANY = 1000, BATCH = 7 };

static struct notice
notice_of(uint32_t i)
{
	return (struct notice){ i, (uint8_t)(i % 4), (uint8_t)(i % 5) };
}

static void
put(struct notices *notices, uint32_t i)
{
	assert_int_equal(notices_reserve(notices), 0);
	notices_give_back(notices);
	notices_put(notices, notice_of(i));
}

static void
they_come_in_the_order_in_which_they_were_put(void **state)
{
	struct notice taken[BATCH];
	struct notices *notices;
	uint32_t next_put = 0, next_taken = 0, count, i;

	(void)state;
	assert_int_equal(notices_alloc(&notices), 0);
	assert_int_equal(notices_take(notices, taken, BATCH), 0);
	/* Put faster than taken: the ring goes round and grows meanwhile. */
	while (next_taken < MANY) {
		for (i = 0; i < BATCH + 1 && next_put < MANY; i++)
			put(notices, next_put++);
		count = notices_take(notices, taken, BATCH);
		for (i = 0; i < count; i++, next_taken++) {
			assert_int_equal(taken[i].line, next_taken);
			assert_int_equal(taken[i].state, next_taken % 4);
			assert_int_equal(taken[i].tone, next_taken % 5);
		}
	}
	assert_int_equal(notices_take(notices, taken, BATCH), 0);
	notices_free(&notices);
	assert_null(notices);
}

static void
the_first_one_is_known(void **state)
{
	struct notice taken[2];
	struct notices *notices;

	(void)state;
	assert_int_equal(notices_alloc(&notices), 0);
	assert_int_equal(notices_reserve(notices), 0);
	assert_int_equal(notices_reserve(notices), 0);
	notices_give_back(notices);
	assert_int_equal(notices_put(notices, notice_of(1)), 1);
	notices_give_back(notices);
	assert_int_equal(notices_put(notices, notice_of(2)), 2);
	assert_int_equal(notices_take(notices, taken, 2), 2);
	notices_free(&notices);
}

/* Once room is reserved no lack of memory stands in the way. */
static void
what_was_promised_has_room(void **state)
{
	struct notice taken;
	struct notices *notices;
	uint32_t promised = 0, i;

	(void)state;
	assert_int_equal(notices_alloc(&notices), 0);
	object_fail_after(2);
	while (notices_reserve(notices) == 0)
		promised++;
	assert_true(promised > 0);
	for (i = 0; i < promised; i++) {
		notices_give_back(notices);
		assert_int_equal(notices_put(notices, notice_of(i)), i + 1);
	}
	object_fail_after(0);
	assert_int_equal(notices_reserve(notices), -ENOMEM);
	object_fail_after(-1);
	for (i = 0; i < promised; i++) {
		assert_int_equal(notices_take(notices, &taken, 1), 1);
		assert_int_equal(taken.line, i);
	}
	notices_free(&notices);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_come_in_the_order_in_which_they_were_put),
		cmocka_unit_test(the_first_one_is_known),
		cmocka_unit_test(what_was_promised_has_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
