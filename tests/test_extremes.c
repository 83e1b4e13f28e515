/* What extremes.h promises: each kind of field at each of its ends, one at a
 * time, and no byte outside of the state. */
#include "upgrade/extremes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "upgrade/layout.h"

#define STATE(F, T)                                                            \
	F(INT, int64_t, wide, 7, "", "")                                       \
	F(UINT, uint8_t, small, 3, "", "")                                     \
	F(ENUM, uint8_t, phase, 1, "", "IDLE HELD TALKING")                    \
	T(note, 4, "")

struct state {
	STATE(SCHEMA_MEMBER, SCHEMA_MEMBER_TEXT)
};
#define SCHEMA_STATE struct state
static const struct field fields[] = { STATE(SCHEMA_FIELD, SCHEMA_FIELD_TEXT) };
static const struct schema schema = { .fields = fields,
	.timers = "",
	.count = sizeof fields / sizeof fields[0],
	.size = sizeof(struct state) };

static struct layout *layout;

static struct state
extreme(uint32_t n, const char *wanted)
{
	struct {
		struct state state;
		uint8_t behind;
	} room = { .behind = 0x5a };
	char name[64];

	assert_true(extremes_state(layout, n, &room.state, name, sizeof name));
	assert_string_equal(name, wanted);
	assert_int_equal(room.behind, 0x5a);
	return room.state;
}

static void
each_end_of_each_field_comes_up_once(void **state)
{
	const struct state plain = { .wide = 7, .small = 3, .phase = 1 };
	struct state wanted = plain, none;
	char name[64];

	(void)state;
	assert_int_equal(layout_alloc(&layout, &schema), 0);
	wanted.wide = INT64_MIN;
	none = extreme(0, "field 'wide' at -9223372036854775808");
	assert_memory_equal(&none, &wanted, sizeof none);
	assert_true(extreme(1, "field 'wide' at -9223372036854775807").wide ==
	    INT64_MIN + 1);
	assert_true(extreme(2, "field 'wide' at 9223372036854775807").wide ==
	    INT64_MAX);
	assert_int_equal(extreme(4, "field 'small' at 0").small, 0);
	assert_int_equal(extreme(6, "field 'small' at 255").small, 255);
	assert_true(extreme(6, "field 'small' at 255").wide == 7);
	assert_int_equal(extreme(8, "field 'phase' at IDLE").phase, 0);
	assert_int_equal(extreme(10, "field 'phase' at TALKING").phase, 2);
	assert_string_equal(extreme(11, "field 'note' at ").note, "");
	assert_string_equal(extreme(12, "field 'note' at 999").note, "999");
	assert_memory_equal(
	    extreme(13, "field 'note' at 9999").note, "9999", 4);
	assert_false(extremes_state(layout, 14, &none, name, sizeof name));
	layout_free(&layout);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_end_of_each_field_comes_up_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
