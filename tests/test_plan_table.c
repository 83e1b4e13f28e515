/* What plan_table.h promises: each value of the target in one row that says
 * where it is from, by which rule, and what the way back does. */
#include "upgrade/plan_table.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "switch/module.h"

/* clang-format off */
#define OLD(F, A)                                                              \
	F(UINT, uint32_t, line_a, 0, "", "")                                   \
	F(UINT, uint32_t, line_b, 0, "", "")                                   \
	F(ENUM, uint8_t, state, 0, "", "IDLE TALKING")                         \
	F(UINT, uint8_t, tries, 0, "", "")                                     \
	F(UINT, uint16_t, rule, 1, "", "")                                     \
	A(UINT, uint8_t, digits, 2, "", 0, "", "")
#define PARTY(F)                                                               \
	F(LINE, uint32_t, line, 0, "", "")                                     \
	F(BOOL, bool, is_held, 0, "", "")
#define NEW(F, A)                                                              \
	F(ENUM, uint16_t, state, 0, "", "IDLE HELD TALKING")                   \
	F(UINT, uint16_t, attempts, 0, "tries", "")                            \
	F(UINT, uint8_t, parties_used, 2, "", "")                              \
	A(UINT, uint8_t, digits, 3, "", 0, "", "")                             \
	A(RECORD, struct party, parties, 3, "parties_used", 0, "", party)
/* clang-format on */

struct old {
	OLD(SCHEMA_MEMBER, SCHEMA_MEMBER_ARRAY)
};
struct party {
	PARTY(SCHEMA_MEMBER)
};
struct new { NEW(SCHEMA_MEMBER, SCHEMA_MEMBER_ARRAY) };
#define SCHEMA_STATE struct old
static const struct field old_fields[] = { OLD(
    SCHEMA_FIELD, SCHEMA_FIELD_ARRAY) };
#undef SCHEMA_STATE
#define SCHEMA_STATE struct party
static const struct field party[] = { PARTY(SCHEMA_FIELD) };
#undef SCHEMA_STATE
#define SCHEMA_STATE struct new
static const struct field new_fields[] = { NEW(
    SCHEMA_FIELD, SCHEMA_FIELD_ARRAY) };

static const char *const no_way_back[] = { "state HELD", "attempts wide",
	NULL };
static const char *const rules[] = { "parties[0].line from line_a",
	"parties[1].line from line_b", "digits clamp", NULL };
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct module old_module = { .version = "1.0",
	.schema = { .fields = old_fields,
	    .timers = "T301 T302",
	    .count = COUNT(old_fields),
	    .size = sizeof(struct old) } };
static const struct module new_module = { .version = "2.0",
	.schema = { .fields = new_fields,
	    .no_way_back = no_way_back,
	    .rules = rules,
	    .timers = "T301",
	    .count = COUNT(new_fields),
	    .size = sizeof(struct new) } };

struct sheet {
	char text[4096];
};

static void
add_row(void *arg, const struct plan_row *row)
{
	struct sheet *sheet = arg;
	size_t length = strlen(sheet->text);

	(void)snprintf(sheet->text + length, sizeof sheet->text - length,
	    "%s|%s|%s|%s|%d\n", row->target, row->source, row->rule,
	    row->way_back, row->is_lossy);
}

static void
expect_table(
    const struct module *from, const struct module *to, const char *wanted)
{
	const struct plan_ends ends = { from, to };
	struct sheet sheet = { "" };
	char why[256] = "";
	int error = plan_table(&ends, add_row, &sheet, why, sizeof why);

	assert_string_equal(why, "");
	assert_int_equal(error, 0);
	assert_string_equal(sheet.text, wanted);
}

static void
each_value_of_the_target_has_a_row(void **state)
{
	(void)state;
	expect_table(&old_module, &new_module,
	    "state|state|by symbol|by symbol; not from HELD|0\n"
	    "attempts|tries|widen from 8 to 16 bits|"
	    "narrow from 16 to 8 bits; only what fits|0\n"
	    "parties_used||default 2|dropped; kept beside|0\n"
	    "digits|digits|copy|copy|0\n"
	    "parties[0].line|line_a|copy|copy|0\n"
	    "parties.is_held||default 0|dropped; kept beside|0\n"
	    "parties[1].line|line_b|copy|copy|0\n"
	    "|rule|dropped; kept beside|its value; until permanent|1\n"
	    "|timer T302|not known there; cancelled||1\n");
}

static void
so_has_each_on_the_way_back(void **state)
{
	(void)state;
	expect_table(&new_module, &old_module,
	    "line_a|parties[0].line|copy|copy|0\n"
	    "line_b|parties[1].line|copy|copy|0\n"
	    "state|state|by symbol; not from HELD|by symbol|0\n"
	    "tries|attempts|narrow from 16 to 8 bits; only what fits|"
	    "widen from 8 to 16 bits|0\n"
	    "rule||default 1|dropped; kept beside|0\n"
	    "digits|digits|copy|copy|0\n"
	    "|parties_used|dropped; kept beside|its value; until permanent|1\n"
	    "|digits[2]|dropped; kept beside|its value; until permanent|1\n"
	    "|parties.is_held|dropped; kept beside|"
	    "its value; until permanent|1\n"
	    "|parties[2].line|dropped; kept beside|"
	    "its value; until permanent|1\n");
}

static int
code_change(const void *from, void *to, bool down)
{
	(void)from, (void)to, (void)down;
	return 0;
}

/* It is not kept: code_change makes it of what there is. */
static void
what_a_hook_makes_is_dropped_too(void **state)
{
	static const char *const left[] = { "parties[0].line from line_a",
		"parties[1].line from line_b", "digits clamp",
		"parties_used hook", NULL };
	struct module other = new_module;
	const struct plan_ends there = { &old_module, &other };
	const struct plan_ends back = { &other, &old_module };
	struct sheet sheet = { "" };
	char why[256] = "";

	(void)state;
	other.schema.rules = left;
	other.code_change = code_change;
	assert_int_equal(plan_table(&there, add_row, &sheet, why, 256), 0);
	assert_non_null(strstr(sheet.text,
	    "\nparties_used||code_change|dropped; by code_change|0\n"));
	sheet.text[0] = '\0';
	assert_int_equal(plan_table(&back, add_row, &sheet, why, 256), 0);
	assert_non_null(strstr(sheet.text,
	    "\n|parties_used|dropped; by code_change|code_change|1\n"));
}

static void
another_word_is_shown(void **state)
{
	static const char *const words[] = { "parties[0].line from line_a",
		"parties[1].line from line_b", "digits clamp",
		"state HELD as TALKING", NULL };
	struct module other = new_module;

	(void)state;
	other.schema.rules = words;
	expect_table(&old_module, &other,
	    "state|state|by symbol|by symbol; HELD as TALKING|0\n"
	    "attempts|tries|widen from 8 to 16 bits|"
	    "narrow from 16 to 8 bits; only what fits|0\n"
	    "parties_used||default 2|dropped; kept beside|0\n"
	    "digits|digits|copy|copy|0\n"
	    "parties[0].line|line_a|copy|copy|0\n"
	    "parties.is_held||default 0|dropped; kept beside|0\n"
	    "parties[1].line|line_b|copy|copy|0\n"
	    "|rule|dropped; kept beside|its value; until permanent|1\n"
	    "|timer T302|not known there; cancelled||1\n");
}

static void
without_a_plan_it_says_why(void **state)
{
	struct module other = new_module;
	const struct plan_ends ends = { &old_module, &other };
	struct sheet sheet = { "" };
	char why[256] = "";

	(void)state;
	other.schema.rules = NULL;
	assert_int_equal(
	    plan_table(&ends, add_row, &sheet, why, sizeof why), -EINVAL);
	assert_string_equal(why,
	    "no plan from 2.0 to 1.0: field 'digits' shrinks from 3 to 2 "
	    "elements and no rule says how: 'digits clamp' in rules does");
	assert_string_equal(sheet.text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_value_of_the_target_has_a_row),
		cmocka_unit_test(so_has_each_on_the_way_back),
		cmocka_unit_test(what_a_hook_makes_is_dropped_too),
		cmocka_unit_test(another_word_is_shown),
		cmocka_unit_test(without_a_plan_it_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
