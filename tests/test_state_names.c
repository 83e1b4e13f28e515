/* That a state has the name its own version gives it. */
#include "upgrade/state_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "switch/behaviour.h"

static const struct field older[] = {
	{ .name = "call", .kind = FIELD_UINT, .width = 8 },
	{ .name = "state",
	    .symbols = "null ringing talking",
	    .offset = 8,
	    .kind = FIELD_ENUM,
	    .width = 1 }
};
static const struct field newer[] = { { .name = "state",
    .symbols = "talking held null ringing",
    .offset = 2,
    .kind = FIELD_ENUM,
    .width = 2 } };
static const struct field without[] = {
	{ .name = "state", .kind = FIELD_UINT, .width = 1 }
};

static void
add(struct state_names *names, uint16_t id, const struct field *fields,
    uint32_t count)
{
	const struct module module = { .schema = {
					   .fields = fields, .count = count } };
	const struct behaviour behaviour = { .module = &module, .id = id };

	state_names_add(names, &behaviour);
}

static const char *
word(const struct state_names *names, uint16_t id, const void *state)
{
	unsigned int found = state_names_find(names, id, state);

	return found == UPGRADE_STATES ? "" : names->words[found];
}

static void
each_version_numbers_them_as_it_likes(void **state)
{
	struct state_names names = { .count = 0 };
	uint8_t bytes[16] = { 0 };
	const uint16_t held = 1, ringing = 3;

	(void)state;
	add(&names, 1, older, 2);
	add(&names, 2, newer, 1);
	add(&names, 3, without, 1);
	assert_int_equal(names.count, 4);
	bytes[8] = 1;
	assert_string_equal(word(&names, 1, bytes), "ringing");
	memcpy(bytes + 2, &ringing, 2);
	assert_string_equal(word(&names, 2, bytes), "ringing");
	memcpy(bytes + 2, &held, 2);
	assert_string_equal(word(&names, 2, bytes), "held");
	bytes[8] = 3; /* no symbol of it */
	assert_string_equal(word(&names, 1, bytes), "");
	assert_string_equal(word(&names, 3, bytes), "");
	assert_string_equal(word(&names, 4, bytes), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_version_numbers_them_as_it_likes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
