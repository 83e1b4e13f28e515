/* Memory of the host's own objects: how an array of them grows. */
#include "switch/object.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MANY = 1000 };

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_array_grows_and_keeps_what_it_has),
		cmocka_unit_test(without_memory_all_is_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
