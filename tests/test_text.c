/* A text that grows at its end, in a room that may be too small. */
#include "switch/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
words_are_put_behind_others(void **state)
{
	char text[16] = "";

	(void)state;
	text_append(text, sizeof text, "%d calls", 3);
	text_append(text, sizeof text, ", %s", "all");
	assert_string_equal(text, "3 calls, all");
}

static void
what_has_no_room_is_left_out(void **state)
{
	char text[] = "12345\0....|";

	(void)state;
	text_append(text, 8, "%s", "6789");
	assert_string_equal(text, "1234567");
	text_append(text, 8, "%s", "8");
	assert_string_equal(text, "1234567");
	assert_string_equal(text + 8, "..|");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_put_behind_others),
		cmocka_unit_test(what_has_no_room_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
