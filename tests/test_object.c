/* Memory of the host's own objects: how an array of them grows. */
#include "switch/object.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

enum { MANY = 1000, LARGE = 16 << 20, PAGE = 4096 };

static void
an_array_grows_and_keeps_what_it_has(void **state)
{
	unsigned int i, room = 0, *array = NULL, *larger;

	(void)state;
	for (i = 0; i < MANY; i++) {
		larger = object_grow(array, i, &room, sizeof *array);
		assert_non_null(larger);
		assert_true(room > i);
		array = larger;
		array[i] = i;
	}
	for (i = 0; i < MANY; i++)
		assert_int_equal(array[i], i);
	assert_in_range(room, MANY, 2 * MANY + 1);
	object_free(array, room * sizeof *array);
}

static void
without_memory_all_is_as_it_was(void **state)
{
	unsigned int room = 0, *array, *larger;

	(void)state;
	array = object_grow(NULL, 0, &room, sizeof *array);
	assert_non_null(array);
	array[0] = 7;
	object_fail_after(0);
	assert_ptr_equal(
	    object_grow(array, room - 1, &room, sizeof *array), array);
	larger = object_grow(array, room, &room, sizeof *array);
	object_fail_after(-1);
	assert_null(larger);
	assert_int_equal(array[0], 7);
	object_free(array, room * sizeof *array);
}

static void
a_large_table_keeps_what_it_has(void **state)
{
	uint8_t *table = object_realloc(NULL, LARGE / 4);
	size_t size, i;

	(void)state;
	assert_non_null(table);
	memset(table, 1, LARGE / 4);
	for (size = LARGE / 4; size < LARGE; size *= 2) {
		table = object_realloc(table, size * 2);
		assert_non_null(table);
		memset(table + size, 1, size);
	}
	for (i = 0; i < LARGE && table[i] == 1; i++)
		;
	assert_int_equal(i, LARGE);
	object_free(table, LARGE);
}

/* As one that grows by an element at a time, of groups or accounts. */
static void
a_large_table_moves_only_where_it_has_no_room(void **state)
{
	uint8_t *table = object_realloc(NULL, LARGE + 1);
	size_t more;

	(void)state;
	assert_non_null(table);
	for (more = 2; more < 1000; more++)
		assert_ptr_equal(object_realloc(table, LARGE + more), table);
	object_free(table, LARGE + 999);
}

static size_t
resident(void *table, size_t size)
{
	static unsigned char pages[2 * LARGE / PAGE];
	size_t i, count = 0;

	assert_int_equal(mincore(table, size, pages), 0);
	for (i = 0; i < size / PAGE; i++)
		count += pages[i] & 1U;
	return count * PAGE;
}

static void
a_large_table_grows_without_what_nobody_has_used(void **state)
{
	uint8_t *table = object_realloc(NULL, LARGE);

	(void)state;
	assert_non_null(table);
	table[0] = table[LARGE - 1] = 7;
	table = object_realloc(table, 2 * LARGE);
	assert_non_null(table);
	assert_int_equal(table[0], 7);
	assert_int_equal(table[LARGE - 1], 7);
	assert_in_range(resident(table, 2 * LARGE), 2, LARGE / 2);
	free(table); /* not wiped, which would use it */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_array_grows_and_keeps_what_it_has),
		cmocka_unit_test(without_memory_all_is_as_it_was),
		cmocka_unit_test(a_large_table_keeps_what_it_has),
		cmocka_unit_test(a_large_table_moves_only_where_it_has_no_room),
		cmocka_unit_test(
		    a_large_table_grows_without_what_nobody_has_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
