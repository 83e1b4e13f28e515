/* What the store promises of its pieces. */
#include "switch/store.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

static int
setup(void **state)
{
	return store_alloc((struct store **)state, 0);
}

static int
teardown(void **state)
{
	store_free((struct store **)state);
	assert_null(*state);
	return 0;
}

static void
a_piece_is_of_its_size_and_nobody_elses(void **state)
{
	static const size_t sizes[] = { 1, 16, 17, 64, 1023, 1024, 1025, 8192,
		8193, 40000, STORE_PIECE_MAX };
	enum { N = sizeof sizes / sizeof sizes[0] };
	struct store *store = *state;
	uint32_t refs[N];
	uint8_t *bytes;
	size_t i, j;

	for (i = 0; i < N; i++) {
		refs[i] = store_take(store, sizes[i]);
		assert_int_not_equal(refs[i], 0);
		assert_true(store_piece(sizes[i]) >= sizes[i]);
		memset(store_at(store, refs[i]), (int)i + 1, sizes[i]);
	}
	for (i = 0; i < N; i++) {
		bytes = store_at(store, refs[i]);
		for (j = 0; j < sizes[i]; j++)
			assert_int_equal(bytes[j], i + 1);
	}
}

static void
a7_bytes_in_use_are_those_of_the_pieces_out(void **state)
{
	struct store *store = *state;
	uint32_t a = store_take(store, 40), b = store_take(store, 5000);

	assert_int_equal(
	    store->bytes_in_use, store_piece(40) + store_piece(5000));
	store_give(store, a, 40);
	assert_int_equal(store->bytes_in_use, store_piece(5000));
	store_give(store, b, 5000);
	assert_int_equal(store->bytes_in_use, 0);
}

static void
what_was_given_back_is_used_again(void **state)
{
	struct store *store = *state;
	uint64_t resident;
	int i;

	store_give(store, store_take(store, 200), 200);
	resident = store_resident(store);
	for (i = 0; i < 1000000; i++)
		store_give(store, store_take(store, 200), 200);
	assert_int_equal(store_resident(store), resident);
}

static void
what_one_size_no_longer_needs_serves_another(void **state)
{
	enum { MANY = 200000 };
	struct store *store = *state;
	uint32_t *refs = test_malloc(MANY * sizeof *refs);
	uint64_t resident;
	int i;

	for (i = 0; i < MANY; i++)
		refs[i] = store_take(store, 64);
	resident = store_resident(store);
	for (i = 0; i < MANY; i++)
		store_give(store, refs[i], 64);
	for (i = 0; i < MANY / 10; i++)
		refs[i] = store_take(store, 600);
	assert_true(store_resident(store) <= resident);
	for (i = 0; i < MANY / 10; i++)
		store_give(store, refs[i], 600);
	assert_int_equal(store->bytes_in_use, 0);
	test_free(refs);
}

static void
what_nobody_needs_goes_back_to_the_system_and_is_had_again(void **state)
{
	enum { MANY = 1000 };
	struct store *store = *state;
	uint32_t refs[MANY];
	uint64_t resident;
	int i, round;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < MANY; i++) {
			refs[i] = store_take(store, STORE_PIECE_MAX);
			memset(store_at(store, refs[i]), i, STORE_PIECE_MAX);
		}
		resident = store_resident(store);
		for (i = 0; i < MANY; i++)
			store_give(store, refs[i], STORE_PIECE_MAX);
		assert_true(store_resident(store) < resident / 2);
	}
}

static void
a_moved_store_holds_what_it_held(void **state)
{
	struct store *store = *state;
	uint32_t a = store_take(store, 40), b = store_take(store, 9000), c;
	uint8_t *base = store->base;

	assert_int_equal(store_grow_table(store, 300000), 0);
	memset(store_slot(store, 300000), 7, STORE_HEADER);
	memset(store_at(store, a), 8, 40);
	memset(store_at(store, b), 9, 9000);
	assert_int_equal(store_move(store), 0);
	assert_ptr_not_equal(store->base, base);
	assert_int_equal(*(uint8_t *)store_slot(store, 300000), 7);
	assert_int_equal(((uint8_t *)store_at(store, a))[39], 8);
	assert_int_equal(((uint8_t *)store_at(store, b))[8999], 9);
	store_give(store, a, 40);
	c = store_take(store, 40);
	assert_int_equal(c, a);
	assert_int_equal(store_grow_table(store, 3000000), 0);
	for (c = 1; c != 0 && store_resident(store) < 400u << 20;)
		c = store_take(store, 60000);
	assert_int_not_equal(c, 0);
	assert_int_equal(store_move(store), 0);
}

enum { OTHERS = 64, OTHER_SIZE = 1 << 20 };

struct other {
	atomic_bool stops;
	uint64_t rounds;
};

/* Takes and gives memory of its own all the time, and uses what it has. */
static void *
live_beside(void *arg)
{
	struct other *other = arg;
	uint8_t *pieces[OTHERS] = { NULL };
	unsigned int i;

	for (; !atomic_load(&other->stops); other->rounds++) {
		i = (unsigned int)(other->rounds % OTHERS);
		if (pieces[i] != NULL) {
			pieces[i][OTHER_SIZE / 2]++; /* still ours? */
			munmap(pieces[i], OTHER_SIZE);
		}
		pieces[i] = mmap(NULL, OTHER_SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	}
	for (i = 0; i < OTHERS; i++)
		if (pieces[i] != NULL)
			munmap(pieces[i], OTHER_SIZE);
	return NULL;
}

static void
a_move_takes_nothing_from_another_thread(void **state)
{
	struct other other = { false };
	struct store *store = *state;
	uint32_t ref = store_take(store, 40);
	pthread_t thread;
	int i;

	memset(store_at(store, ref), 8, 40);
	assert_int_equal(pthread_create(&thread, NULL, live_beside, &other), 0);
	for (i = 0; i < 10000; i++)
		assert_int_equal(store_move(store), 0);
	atomic_store(&other.stops, true);
	pthread_join(thread, NULL);
	assert_true(other.rounds > 0);
	assert_int_equal(((uint8_t *)store_at(store, ref))[39], 8);
}

static void
the_table_grows_to_the_slot_asked_for_and_no_further_than_it_may(void **state)
{
	struct store *store = *state;

	assert_int_equal(store_grow_table(store, 300000), 0);
	memset(store_slot(store, 300000), 1, STORE_HEADER);
	assert_int_equal(store_grow_table(store, STORE_SLOTS), -ENOSPC);
}

static void
a_range_too_small_or_too_large_is_refused(void **state)
{
	struct store *store = NULL;

	(void)state;
	assert_int_equal(store_alloc(&store, 1 << 20), -EINVAL);
	assert_int_equal(store_alloc(&store, (size_t)65 << 30), -EINVAL);
	assert_null(store);
}

static void
a_full_range_answers_nothing_and_goes_on(void **state)
{
	struct store *store = NULL;
	uint32_t ref = 0, last = 0, count = 0;

	(void)state; /* 1 GiB of table, 1 GiB for pieces */
	assert_int_equal(store_alloc(&store, (size_t)2 << 30), 0);
	while ((ref = store_take(store, STORE_PIECE_MAX)) != 0) {
		last = ref;
		count++;
	}
	assert_in_range(count, 14000, 16384);
	store_give(store, last, STORE_PIECE_MAX);
	assert_int_equal(store_take(store, STORE_PIECE_MAX), last);
	store_free(&store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_piece_is_of_its_size_and_nobody_elses, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a7_bytes_in_use_are_those_of_the_pieces_out, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    what_was_given_back_is_used_again, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    what_one_size_no_longer_needs_serves_another, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    what_nobody_needs_goes_back_to_the_system_and_is_had_again,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_moved_store_holds_what_it_held, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_move_takes_nothing_from_another_thread, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    the_table_grows_to_the_slot_asked_for_and_no_further_than_it_may,
		    setup, teardown),
		cmocka_unit_test(a_range_too_small_or_too_large_is_refused),
		cmocka_unit_test(a_full_range_answers_nothing_and_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
