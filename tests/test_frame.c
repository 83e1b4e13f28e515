/* Words over a socket, whatever the other end does. */
#include "sim/frame.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct pair {
	int near, far;
	struct frame_reader *reader;
	struct frame frame;
};

static int
setup(void **state)
{
	static struct pair pair;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return -1;
	pair.near = ends[0];
	pair.far = ends[1];
	*state = &pair;
	return frame_reader_alloc(&pair.reader, pair.near);
}

static int
teardown(void **state)
{
	struct pair *pair = *state;

	frame_reader_free(&pair->reader);
	(void)close(pair->near);
	(void)close(pair->far);
	return 0;
}

static void
words_arrive_as_they_were_sent(void **state)
{
	const char *words[] = { "do", "", "a b {c}\n", "\xc3\xa9" };
	struct pair *pair = *state;
	unsigned int i;

	assert_int_equal(frame_write(pair->far, 4, words), 0);
	assert_int_equal(frame_read(pair->reader, true, &pair->frame), 0);
	assert_int_equal(pair->frame.count, 4);
	for (i = 0; i < 4; i++)
		assert_string_equal(pair->frame.words[i], words[i]);
	assert_null(pair->frame.words[4]);
}

static void
a_frame_that_comes_in_pieces_is_waited_for(void **state)
{
	const uint32_t length = 6;
	char bytes[10];
	struct pair *pair = *state;
	unsigned int i;

	memcpy(bytes, &length, sizeof length);
	memcpy(bytes + 4, "ok\0no", 6);
	for (i = 0; i < 10; i++) {
		assert_int_equal(
		    frame_read(pair->reader, false, &pair->frame), -EAGAIN);
		assert_int_equal(send(pair->far, bytes + i, 1, 0), 1);
	}
	assert_int_equal(frame_read(pair->reader, false, &pair->frame), 0);
	assert_int_equal(pair->frame.count, 2);
	assert_string_equal(pair->frame.words[1], "no");
}

static void
two_frames_sent_at_once_are_two(void **state)
{
	const char *one[] = { "one" }, *two[] = { "two" };
	struct pair *pair = *state;

	assert_int_equal(frame_write(pair->far, 1, one), 0);
	assert_int_equal(frame_write(pair->far, 1, two), 0);
	assert_int_equal(frame_read(pair->reader, true, &pair->frame), 0);
	assert_string_equal(pair->frame.words[0], "one");
	assert_int_equal(frame_read(pair->reader, true, &pair->frame), 0);
	assert_string_equal(pair->frame.words[0], "two");
}

static void
send_raw(struct pair *pair, uint32_t length, const char *bytes, size_t size)
{
	assert_int_equal(
	    send(pair->far, &length, sizeof length, 0), sizeof length);
	if (size > 0)
		assert_int_equal(
		    send(pair->far, bytes, size, 0), (ssize_t)size);
}

static void
what_is_no_frame_is_refused(void **state)
{
	struct pair *pair = *state;

	send_raw(pair, 3, "abc", 3); /* its last word has no end */
	assert_int_equal(
	    frame_read(pair->reader, false, &pair->frame), -EBADMSG);
}

static void
a_length_over_the_limit_is_refused_unread(void **state)
{
	struct pair *pair = *state;

	send_raw(pair, FRAME_BYTES_MAX + 1, NULL, 0);
	assert_int_equal(
	    frame_read(pair->reader, false, &pair->frame), -EBADMSG);
}

static void
too_many_words_are_refused_at_both_ends(void **state)
{
	static const char *words[FRAME_WORDS_MAX + 1];
	static char empty[FRAME_WORDS_MAX + 1];
	struct pair *pair = *state;
	unsigned int i;

	for (i = 0; i <= FRAME_WORDS_MAX; i++)
		words[i] = "";
	assert_int_equal(
	    frame_write(pair->far, FRAME_WORDS_MAX + 1, words), -E2BIG);
	send_raw(pair, sizeof empty, empty, sizeof empty);
	assert_int_equal(
	    frame_read(pair->reader, false, &pair->frame), -EBADMSG);
}

static void
a_word_over_the_limit_is_refused_before_anything_is_sent(void **state)
{
	static char word[FRAME_BYTES_MAX + 1];
	const char *words[] = { word };
	struct pair *pair = *state;

	memset(word, 'x', FRAME_BYTES_MAX);
	assert_int_equal(frame_write(pair->far, 1, words), -E2BIG);
	assert_int_equal(
	    frame_read(pair->reader, false, &pair->frame), -EAGAIN);
}

static void
a_closed_end_is_told(void **state)
{
	const char *words[] = { "hello" };
	struct pair *pair = *state;

	(void)shutdown(pair->far, SHUT_RDWR);
	assert_int_equal(frame_read(pair->reader, true, &pair->frame), -EPIPE);
	assert_int_equal(frame_write(pair->near, 1, words), -EPIPE);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_arrive_as_they_were_sent),
		TEST(a_frame_that_comes_in_pieces_is_waited_for),
		TEST(two_frames_sent_at_once_are_two),
		TEST(what_is_no_frame_is_refused),
		TEST(a_length_over_the_limit_is_refused_unread),
		TEST(too_many_words_are_refused_at_both_ends),
		TEST(a_word_over_the_limit_is_refused_before_anything_is_sent),
		TEST(a_closed_end_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
