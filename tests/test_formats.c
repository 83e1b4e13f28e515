/*
 * The formats of the releases are frozen: states of them may be anywhere.
 *
 * A format that has to change before it is given out changes its line below,
 * which the test prints; after that it needs a release of its own.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "upgrade/code.h"
#include "upgrade/schema.h"

static const struct {
	const char *version;
	uint64_t fingerprint;
} formats[] = {
	{ "1.0", 0xb439d14a4ffef85c },
	{ "1.1", 0xb439d14a4ffef85c },
	{ "2.0", 0xed585d62d422ee0d },
	{ "3.0", 0xce96465d27282f58 },
};

static void
u5_no_format_has_changed(void **state)
{
	static const char *const roots[] = { HOTSWITCH_RELEASES };
	struct behaviours *behaviours;
	struct code *code;
	char why[CODE_WHY_MAX] = "";
	unsigned int i, changed = 0;
	uint64_t found;
	uint16_t id;

	(void)state;
	assert_int_equal(behaviours_alloc(&behaviours, 1), 0);
	assert_int_equal(code_alloc(&code, behaviours, roots, 1), 0);
	for (i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		(void)code_load(code, "call", formats[i].version, &id, why);
		assert_string_equal(why, "");
		found = schema_fingerprint(
		    &behaviour_at(behaviours, id)->module->schema);
		if (found == formats[i].fingerprint)
			continue;
		print_error("{ \"%s\", 0x%016" PRIx64 " },\n",
		    formats[i].version, found);
		changed++;
	}
	code_free(&code);
	behaviours_free(&behaviours);
	assert_int_equal(changed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(u5_no_format_has_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
