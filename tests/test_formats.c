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
	{ "1.0", 0x4f24c2039b7cff76 },
	{ "1.1", 0x4f24c2039b7cff76 },
	{ "2.0", 0xd7c76b5ac435391f },
	{ "3.0", 0xf750f0f0ce6ce40e },
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
