/* Where an address is, as place.h promises. */
#include "switch/place.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
expect_place(uintptr_t pc, const char *beginning)
{
	char text[PLACE_MAX];

	place_name(pc, text);
	if (strncmp(text, beginning, strlen(beginning)) != 0)
		fail_msg("'%s', want '%s...'", text, beginning);
}

static void
code_of_the_program_is_by_its_distance(void **state)
{
	(void)state;
	expect_place((uintptr_t)expect_place, "at 0x");
}

static void
that_of_a_library_is_by_its_name(void **state)
{
	/* One that no sanitizer puts its own before. */
	int (*const function)(int) = toascii;

	(void)state;
	expect_place((uintptr_t)function, "in libc.so.6 at +0x");
}

static void
where_nothing_is_that_is_said(void **state)
{
	(void)state;
	expect_place(16, "where there is no code");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_of_the_program_is_by_its_distance),
		cmocka_unit_test(that_of_a_library_is_by_its_name),
		cmocka_unit_test(where_nothing_is_that_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
