/*
 * Whether letters that several threads put arrive all, once, and in the order
 * of each; and whether the descriptor is readable while there are any.
 */
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/operator/letterbox.h"
#include "switch/thread.h"

enum { WRITERS = 4, LETTERS = 5000 };

struct writer {
	struct letterbox *letterbox;
	uint64_t client;
	pthread_t thread;
};

static void
put(struct letterbox *letterbox, uint64_t client, size_t number)
{
	static const char text[LETTERS];
	struct letter *letter = letter_alloc(client, text, number);

	assert_non_null(letter);
	letterbox_put(letterbox, letter);
}

/* The number stands in the length. */
static void *
write_all(void *arg)
{
	const struct writer *writer = arg;
	size_t i;

	for (i = 0; i < LETTERS; i++)
		put(writer->letterbox, writer->client, i);
	return NULL;
}

static int
is_readable(const struct letterbox *letterbox, int ms)
{
	struct pollfd wait = { .fd = letterbox_descriptor(letterbox),
		.events = POLLIN };

	return poll(&wait, 1, ms);
}

static void
start(struct writer *writer, struct letterbox *letterbox, uint64_t client)
{
	writer->letterbox = letterbox;
	writer->client = client;
	assert_int_equal(
	    thread_start(&writer->thread, NULL, write_all, writer), 0);
}

static void
letters_of_several_threads_come_in_order(void **state)
{
	struct writer writers[WRITERS];
	struct letterbox *letterbox;
	struct letter *letter;
	size_t next[WRITERS] = { 0 };
	unsigned int taken = 0;
	uint64_t i;

	(void)state;
	assert_int_equal(letterbox_alloc(&letterbox), 0);
	for (i = 0; i < WRITERS; i++)
		start(&writers[i], letterbox, i);
	while (taken < WRITERS * LETTERS) {
		assert_int_equal(is_readable(letterbox, 60000), 1);
		letter = letterbox_take(letterbox);
		if (letter == NULL)
			continue; /* it was told, and had been taken */
		assert_int_equal(letter->length, next[letter->client]++);
		letter_free(letter);
		taken++;
	}
	for (i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_join(writers[i].thread, NULL), 0);
	assert_null(letterbox_take(letterbox));
	assert_int_equal(is_readable(letterbox, 0), 0);
	letterbox_free(&letterbox);
}

static void
who_takes_a_few_is_called_again(void **state)
{
	struct letterbox *letterbox;
	unsigned int i;

	(void)state;
	assert_int_equal(letterbox_alloc(&letterbox), 0);
	assert_int_equal(is_readable(letterbox, 0), 0);
	for (i = 0; i < 3; i++)
		put(letterbox, 7, i);
	for (i = 0; i < 3; i++) {
		assert_int_equal(is_readable(letterbox, 0), 1);
		letter_free(letterbox_take(letterbox));
	}
	put(letterbox, 7, 3); /* is freed with the box */
	assert_int_equal(is_readable(letterbox, 0), 1);
	letterbox_free(&letterbox);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_of_several_threads_come_in_order),
		cmocka_unit_test(who_takes_a_few_is_called_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
