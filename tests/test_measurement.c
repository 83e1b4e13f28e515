/* What is measured of the office and of its trunk groups, interval by interval.
 */
#include "calls/exchange/measurement.h"

#include "tests/trunk_world.h"

enum { OBJECTS = 4, SECOND_US = 1000 * 1000 };

struct kept {
	unsigned int count;
	struct measurement_record records[OBJECTS];
};

static void
keep(void *arg, uint16_t kind, const void *record, size_t size)
{
	struct kept *kept = arg;

	assert_int_equal(kind, RECORD_MEASUREMENT);
	assert_int_equal(size, sizeof kept->records[0]);
	assert_true(kept->count < OBJECTS);
	memcpy(&kept->records[kept->count++], record, size);
}

static const struct measurement_record *
find(const struct kept *kept, const char *object)
{
	unsigned int i;

	for (i = 0; i < kept->count; i++)
		if (strcmp(kept->records[i].object, object) == 0)
			return &kept->records[i];
	fail_msg("nothing is told of %s", object);
	return NULL;
}

static void
a_group_has_a_record_beside_the_office(void **state)
{
	struct office_world *w = office_world_begin("1.0");
	const struct measurement_record *group, *office;
	struct measurement *measurement;
	struct kept kept = { 0 };

	(void)state;
	assert_int_equal(measurement_alloc(&measurement, w->office), 0);
	silent_trunk(w, TRUNK_SS7);
	call(w, "1001", "0812");
	pass(w, 2 * SECOND_US);
	call(w, "1003", "0812"); /* and then both circuits are busy */
	pass(w, 3 * SECOND_US);
	call(w, "1004", "0812"); /* none is left */
	pass(w, 0);
	measurement_close(measurement, keep, &kept);
	assert_int_equal(kept.count, 2);
	office = find(&kept, "office");
	assert_int_equal(office->measured.bids, 3);
	assert_int_equal(office->measured.seizures, 3);
	group = find(&kept, "trunk T1");
	assert_int_equal(group->measured.bids, 3);
	assert_int_equal(group->measured.seizures, 2);
	assert_int_equal(group->measured.overflow, 1);
	assert_int_equal(group->measured.busy_us, (2 + 3 * 2) * SECOND_US);
	assert_int_equal(group->measured.all_busy_us, 3 * SECOND_US);
	assert_int_equal(group->live, 2);
	assert_int_equal(group->end - group->begin, 5 * SECOND_US);
	assert_true(group->is_suspect);

	/* the next interval has what is its own alone, of a new group too */
	second_trunk(w);
	pass(w, SECOND_US);
	kept.count = 0;
	measurement_close(measurement, keep, &kept);
	assert_int_equal(kept.count, 3);
	group = find(&kept, "trunk T1");
	assert_int_equal(group->begin, 5 * SECOND_US);
	assert_int_equal(group->measured.bids, 0);
	assert_int_equal(group->measured.busy_us, 2 * SECOND_US);
	assert_int_equal(find(&kept, "trunk T2")->measured.busy_us, 0);
	measurement_free(&measurement);
	office_world_end(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_group_has_a_record_beside_the_office),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
