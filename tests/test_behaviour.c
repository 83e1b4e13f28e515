/* What the table of behaviours promises. */
#include "switch/behaviour.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int
init(struct self *self, void *state, const struct message *start)
{
	(void)self;
	(void)state;
	(void)start;
	return 0;
}

static void
handle(struct self *self, void *state, const struct message *event)
{
	(void)self;
	(void)state;
	(void)event;
}

static void
terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self;
	(void)state;
	(void)reason;
}

#define MODULE(module_name, module_version)                                    \
	{                                                                      \
		.magic = MODULE_MAGIC, .abi = MODULE_ABI, .name = module_name, \
		.version = module_version, .schema = { .size = 8 },            \
		.init = init, .handle = handle, .terminate = terminate         \
	}

static const struct module one = MODULE("call", "1.0");
static const struct module two = MODULE("call", "2.0");
static const struct module other = MODULE("line", "1.0");

static int
setup(void **state)
{
	return behaviours_alloc((struct behaviours **)state);
}

static int
teardown(void **state)
{
	behaviours_free((struct behaviours **)state);
	return 0;
}

static uint16_t
add(struct behaviours *behaviours, const struct module *module)
{
	uint16_t id = 0;

	assert_int_equal(behaviours_add(behaviours, module, &id), 0);
	return id;
}

static void
n7_several_versions_stand_side_by_side_and_one_is_current(void **state)
{
	uint16_t a = add(*state, &one), b = add(*state, &two);

	assert_int_equal(behaviour_current(*state, "call"), 0);
	behaviour_make_current(*state, a);
	assert_int_equal(behaviour_current(*state, "call"), a);
	behaviour_make_current(*state, b);
	assert_int_equal(behaviour_current(*state, "call"), b);
	assert_int_equal(behaviour_find(*state, "call", "1.0"), a);
	assert_int_equal(behaviour_find(*state, "call", "3.0"), 0);
	assert_false(behaviour_at(*state, a)->current);
}

static void
names_do_not_disturb_each_other(void **state)
{
	uint16_t a = add(*state, &one), b = add(*state, &other);

	behaviour_make_current(*state, a);
	behaviour_make_current(*state, b);
	assert_int_equal(behaviour_current(*state, "call"), a);
	assert_int_equal(behaviour_current(*state, "line"), b);
}

static void
a_version_in_use_or_current_is_not_removed(void **state)
{
	uint16_t a = add(*state, &one), b = add(*state, &two);

	behaviour_make_current(*state, a);
	assert_int_equal(behaviours_remove(*state, a), -EBUSY);
	behaviour_make_current(*state, b);
	behaviour_at(*state, a)->holders = 1;
	assert_int_equal(behaviours_remove(*state, a), -EBUSY);
	behaviour_at(*state, a)->holders = 0;
	assert_int_equal(behaviours_remove(*state, a), 0);
	assert_int_equal(behaviour_find(*state, "call", "1.0"), 0);
}

static void
a_version_that_comes_again_has_its_number_again(void **state)
{
	uint16_t a = add(*state, &one);

	assert_int_equal(behaviours_remove(*state, a), 0);
	assert_string_equal(behaviour_version(*state, a), "1.0");
	assert_int_not_equal(add(*state, &two), a);
	assert_int_equal(add(*state, &one), a);
}

static void
what_is_no_module_is_refused(void **state)
{
	struct module bad;
	uint16_t id = 77;

#define REFUSED(change)                                                        \
	do {                                                                   \
		bad = one;                                                     \
		change;                                                        \
		assert_int_equal(behaviours_add(*state, &bad, &id), -EINVAL);  \
	} while (0)
	REFUSED(bad.magic++);
	REFUSED(bad.abi++);
	REFUSED(bad.name = "");
	REFUSED(bad.name = "a name that is longer than 31 bytes");
	REFUSED(bad.version = NULL);
	REFUSED(bad.version = "a version longer than 23");
	REFUSED(bad.init = NULL);
	REFUSED(bad.handle = NULL);
	REFUSED(bad.terminate = NULL);
	REFUSED(bad.schema.size = 0);
	REFUSED(bad.schema.size = BEHAVIOUR_STATE_MAX + 1);
	assert_int_equal(id, 77);
}

static void
the_same_version_twice_is_refused(void **state)
{
	uint16_t id = 77;

	(void)add(*state, &one);
	assert_int_equal(behaviours_add(*state, &one, &id), -EEXIST);
	assert_int_equal(behaviours_add_native(*state, &other, NULL, &id), 0);
	assert_int_equal(
	    behaviours_add_native(*state, &other, NULL, &id), -EEXIST);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(n7_several_versions_stand_side_by_side_and_one_is_current),
		TEST(names_do_not_disturb_each_other),
		TEST(a_version_in_use_or_current_is_not_removed),
		TEST(a_version_that_comes_again_has_its_number_again),
		TEST(what_is_no_module_is_refused),
		TEST(the_same_version_twice_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
