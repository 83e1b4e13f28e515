/* A state of whatever size is copied whole, and nothing beside it touched. */
#include "switch/state_copy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 1024, MARGIN = 64, UNTOUCHED = 0xee };

static void
copy(size_t size)
{
	uint8_t from[MOST];
	uint8_t to[MOST + 2 * MARGIN], want[sizeof to];
	size_t i;

	for (i = 0; i < sizeof from; i++)
		from[i] = (uint8_t)(i * 7 + i / 256 + 1);
	memset(to, UNTOUCHED, sizeof to);
	memset(want, UNTOUCHED, sizeof want);
	memcpy(want + MARGIN, from, size);
	(void)state_copy_for(size)(to + MARGIN, from, size);
	assert_memory_equal(to, want, sizeof to);
}

static void
every_size_is_copied_and_no_byte_beside_it(void **state)
{
	size_t size;

	(void)state;
	for (size = 1; size <= MOST; size++)
		copy(size);
}

/* That it has one of its own is what it is for. */
static void
common_sizes_are_copied_in_line(void **state)
{
	size_t size;

	(void)state;
	for (size = 8; size <= 256; size += 8) {
		assert_true(state_copy_for(size) != memcpy);
		assert_true(state_copy_for(size + 1) == memcpy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_size_is_copied_and_no_byte_beside_it),
		cmocka_unit_test(common_sizes_are_copied_in_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
