/* What the table of behaviours promises. */
#include "switch/behaviour.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/idle.h"

#define MODULE(module_name, module_version)                                    \
	{                                                                      \
		.magic = MODULE_MAGIC, .abi = MODULE_ABI, .name = module_name, \
		.version = module_version, .schema = { .size = 8 },            \
		.init = idle_init, .handle = idle_handle,                      \
		.terminate = idle_terminate                                    \
	}

static const struct module one = MODULE("call", "1.0");
static const struct module two = MODULE("call", "2.0");
static const struct module other = MODULE("line", "1.0");

static int
setup(void **state)
{
	return behaviours_alloc((struct behaviours **)state, 2);
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
	assert_false(behaviour_is_current(*state, a));
	assert_true(behaviour_is_current(*state, b));
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
	tally_add(&behaviours_tallies(*state, 1)[a].holders, 1);
	assert_int_equal(behaviours_remove(*state, a), -EBUSY);
	tally_add(&behaviours_tallies(*state, 1)[a].holders, (uint64_t)-1);
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
	REFUSED(bad.version = "a version of more than 31 letters");
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

static void
a_birth_asked_for_long_ago_belongs_to_what_is_current(void **state)
{
	uint16_t a = add(*state, &one), b = add(*state, &two);

	behaviour_make_current(*state, b);
	assert_int_equal(behaviour_for_birth(*state, a), a);
	behaviour_at(*state, a)->target = b;
	assert_int_equal(behaviour_for_birth(*state, a), b);
	assert_int_equal(behaviours_remove(*state, a), 0);
	assert_int_equal(behaviour_for_birth(*state, a), b);
	assert_int_equal(behaviour_for_birth(*state, b), b);
	assert_int_equal(behaviour_for_birth(*state, 0), 0);
	assert_int_equal(behaviour_for_birth(*state, 99), 0);
}

static void
what_each_scheduler_counts_is_summed(void **state)
{
	uint16_t a = add(*state, &one), b = add(*state, &two);
	struct behaviour_counts counts;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		tally_add(&behaviours_tallies(*state, i)[a].births, 10 + i);
		tally_add(&behaviours_tallies(*state, i)[a].holders, 5 + i);
		tally_add(&behaviours_tallies(*state, i)[a].ends, 5);
		tally_add(&behaviours_tallies(*state, i)[b].conversions, 3);
		tally_add(&behaviours_tallies(*state, i)[b].faults, i);
	}
	counts = behaviour_counts(*state, a);
	assert_int_equal(counts.births, 21);
	assert_int_equal(counts.holders, 11);
	assert_int_equal(counts.ends, 10);
	assert_int_equal(counts.conversions + counts.faults, 0);
	counts = behaviour_counts(*state, b);
	assert_int_equal(counts.conversions, 6);
	assert_int_equal(counts.faults, 1);
	assert_int_equal(counts.holders + counts.births + counts.ends, 0);
}

/*--------------------------------------------------------------------
 * Several threads
 */

enum { READERS = 2, FLIPS = 2000 };

struct reader {
	struct behaviours *behaviours;
	uint16_t a;
	unsigned int number, odd;
	atomic_bool *ends;
	pthread_t thread;
};

/* As a scheduler does: a birth, the code that it runs, a count. */
static void *
read_on(void *arg)
{
	struct reader *reader = arg;
	struct behaviour_tally *tallies =
	    behaviours_tallies(reader->behaviours, reader->number);
	const struct behaviour *found;
	uint16_t id;

	while (!*reader->ends) {
		id = behaviour_current(reader->behaviours, "call");
		if (id == 0) {
			reader->odd++; /* never is there none */
			continue;
		}
		found = behaviour_at(reader->behaviours, id);
		if (found->module->handle != idle_handle || found->image != id)
			reader->odd++;
		(void)behaviour_for_birth(reader->behaviours, reader->a);
		tally_add(&tallies[id].births, 1);
	}
	return NULL;
}

static void
flip(struct behaviours *behaviours, uint16_t a, uint16_t b, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		behaviour_make_current(behaviours, i % 2 == 0 ? b : a);
		behaviour_at(behaviours, a)->target = i % 2 == 0 ? b : 0;
	}
}

/* Under tsan this is the proof that a reader needs no lock. */
static void
who_reads_while_home_changes_finds_a_whole_version(void **state)
{
	struct behaviours *behaviours = *state;
	uint16_t a = add(behaviours, &one), b;
	struct reader readers[READERS];
	atomic_bool ends = false;
	unsigned int i;

	behaviour_at(behaviours, a)->image = a;
	behaviour_make_current(behaviours, a);
	for (i = 0; i < READERS; i++) {
		readers[i] = (struct reader){ .behaviours = behaviours,
			.a = a,
			.number = i,
			.ends = &ends };
		assert_int_equal(pthread_create(&readers[i].thread, NULL,
				     read_on, &readers[i]),
		    0);
	}
	(void)add(behaviours, &other);
	b = add(behaviours, &two);
	behaviour_at(behaviours, b)->image = b;
	flip(behaviours, a, b, FLIPS);
	while (behaviour_counts(behaviours, a).births +
		behaviour_counts(behaviours, b).births <
	    1000)
		flip(behaviours, a, b, 10);
	ends = true;
	for (i = 0; i < READERS; i++) {
		assert_int_equal(pthread_join(readers[i].thread, NULL), 0);
		assert_int_equal(readers[i].odd, 0);
	}
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
		TEST(a_birth_asked_for_long_ago_belongs_to_what_is_current),
		TEST(what_each_scheduler_counts_is_summed),
		TEST(who_reads_while_home_changes_finds_a_whole_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
