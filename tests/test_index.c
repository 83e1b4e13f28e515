/* What an index promises: it finds what is there, at any size, and no more. */
#include "switch/index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct entry {
	uint64_t key;
	struct index_link link;
};

struct fixture {
	struct store *store;
	struct index index;
};

static int
setup(void **state)
{
	static struct fixture fixture;

	memset(&fixture, 0, sizeof fixture);
	*state = &fixture;
	return store_alloc(&fixture.store, (size_t)2 << 30);
}

/* Whatever was taken has been given back. */
static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	index_release(fixture->store, &fixture->index);
	assert_int_equal(fixture->store->bytes_in_use, 0);
	store_free(&fixture->store);
	return 0;
}

static uint32_t
hash(uint64_t key)
{
	return index_hash(&key, sizeof key);
}

static uint32_t
add(struct fixture *fixture, uint64_t key, uint32_t its_hash)
{
	uint32_t ref = store_take(fixture->store, sizeof(struct entry));
	struct entry *entry = store_at(fixture->store, ref);

	assert_int_not_equal(ref, 0);
	assert_int_equal(index_reserve(fixture->store, &fixture->index,
			     offsetof(struct entry, link)),
	    0);
	entry->key = key;
	index_add(fixture->store, &fixture->index, ref, its_hash);
	return ref;
}

static uint32_t
find(struct fixture *fixture, uint64_t key, uint32_t its_hash)
{
	uint32_t ref = index_first(fixture->store, &fixture->index, its_hash);

	while (ref != 0 &&
	    ((struct entry *)store_at(fixture->store, ref))->key != key)
		ref = index_next(fixture->store, &fixture->index, ref);
	return ref;
}

static void
take_out(struct fixture *fixture, uint32_t ref)
{
	index_remove(fixture->store, &fixture->index, ref);
	store_give(fixture->store, ref, sizeof(struct entry));
}

static void
an_empty_index_finds_nothing(void **state)
{
	assert_int_equal(find(*state, 1, hash(1)), 0);
	assert_int_equal(
	    index_footprint(&((struct fixture *)*state)->index), 0);
}

static void
every_entry_is_found_while_it_grows_and_shrinks(void **state)
{
	enum { ENTRIES = 20000 };
	static uint32_t refs[ENTRIES];
	struct fixture *fixture = *state;
	uint64_t key;

	for (key = 0; key < ENTRIES; key++) {
		refs[key] = add(fixture, key, hash(key));
		assert_int_equal(
		    find(fixture, key / 2, hash(key / 2)), refs[key / 2]);
		assert_int_equal(find(fixture, key + 1, hash(key + 1)), 0);
	}
	assert_true(fixture->index.buckets >= ENTRIES);
	for (key = 0; key < ENTRIES; key += 2)
		take_out(fixture, refs[key]);
	for (key = 0; key < ENTRIES; key++)
		assert_int_equal(find(fixture, key, hash(key)),
		    key % 2 == 0 ? 0 : refs[key]);
	for (key = 1; key < ENTRIES; key += 2)
		take_out(fixture, refs[key]);
	assert_int_equal(fixture->index.entries, 0);
}

static void
entries_of_one_hash_are_told_apart_by_the_caller(void **state)
{
	struct fixture *fixture = *state;
	uint32_t refs[3];
	uint64_t key;

	for (key = 0; key < 3; key++)
		refs[key] = add(fixture, key, 7);
	for (key = 0; key < 3; key++)
		assert_int_equal(find(fixture, key, 7), refs[key]);
	take_out(fixture, refs[1]);
	assert_int_equal(find(fixture, 1, 7), 0);
	assert_int_equal(find(fixture, 2, 7), refs[2]);
	take_out(fixture, refs[0]);
	take_out(fixture, refs[2]);
}

static void
the_footprint_is_what_the_store_has_given(void **state)
{
	struct fixture *fixture = *state;
	static uint32_t refs[5000];
	uint64_t before = 0;
	uint64_t key;

	for (key = 0; key < 5000; key++)
		refs[key] = add(fixture, key, hash(key));
	before = 5000 * store_piece(sizeof(struct entry));
	assert_int_equal(fixture->store->bytes_in_use - before,
	    index_footprint(&fixture->index));
	for (key = 0; key < 5000; key++)
		take_out(fixture, refs[key]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_index_finds_nothing),
		TEST(every_entry_is_found_while_it_grows_and_shrinks),
		TEST(entries_of_one_hash_are_told_apart_by_the_caller),
		TEST(the_footprint_is_what_the_store_has_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
