/* Going at once is held against going through all between (U9). */
#include "upgrade/plan_proof.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "upgrade/conversion.h"
#include "upgrade/schema.h"

enum { RELEASES = 3 };

struct world {
	struct field fields[RELEASES];
	struct schema schemas[RELEASES];
	struct conversion *at_once, *first, *second;
	char why[256];
};

/* One value of 4 bytes, renamed by each release. */
static int
setup(void **state)
{
	static const char *const names[] = { "digits", "overdial", "extra" };
	static const char *const formers[] = { "", "digits", "overdial" };
	static struct world world;
	unsigned int i;

	memset(&world, 0, sizeof world);
	for (i = 0; i < RELEASES; i++) {
		world.fields[i] = (struct field){ .name = names[i],
			.former = formers[i],
			.kind = FIELD_UINT,
			.width = 4 };
		world.schemas[i] = (struct schema){
			.fields = &world.fields[i], .count = 1, .size = 4
		};
	}
	*state = &world;
	return 0;
}

static struct conversion *
derive(struct world *world, unsigned int from, unsigned int to)
{
	const struct conversion_way way = { .from = &world->schemas[from],
		.to = &world->schemas[to] };
	struct conversion *plan = NULL;

	(void)conversion_alloc(&plan, &way, world->why, sizeof world->why);
	assert_string_equal(world->why, "");
	return plan;
}

static int
prove(struct world *world, const uint32_t *sample)
{
	struct plan_proof proof = { .from = &world->schemas[0],
		.to = &world->schemas[2],
		.samples = (const uint8_t *)sample,
		.samples_size = sample == NULL ? 0 : sizeof *sample };
	int error;

	proof.at_once = world->at_once = derive(world, 0, 2);
	proof.first = world->first = derive(world, 0, 1);
	proof.second = world->second = derive(world, 1, 2);
	error = plan_prove(&proof, world->why, sizeof world->why);
	conversion_free(&world->at_once);
	conversion_free(&world->first);
	conversion_free(&world->second);
	return error;
}

static void
u9_what_was_renamed_twice_is_missed(void **state)
{
	const uint32_t live = 3;
	struct world *world = *state;

	assert_int_equal(prove(world, &live), -EINVAL);
	assert_string_equal(world->why,
	    "live state 1 of 1 has another 'extra' at once than step by step");
	world->why[0] = '\0';
	assert_int_equal(prove(world, NULL), -EINVAL);
	assert_string_equal(world->why,
	    "a state with field 'digits' at 1 has another 'extra' at once "
	    "than step by step");
}

static void
u9_with_both_former_names_it_is_the_same(void **state)
{
	const uint32_t live = 3;
	struct world *world = *state;

	world->fields[2].former = "overdial digits";
	assert_int_equal(prove(world, &live), 0);
	assert_string_equal(world->why, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
		    u9_what_was_renamed_twice_is_missed, setup),
		cmocka_unit_test_setup(
		    u9_with_both_former_names_it_is_the_same, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
