/*
 * Whatever an operator sends, and in whatever pieces it comes: each line that
 * is a text is given to the switch, as it is and one at a time; each that is
 * none is refused; and each has its answer, on a line, in their order.
 *
 * An input is a text of pieces with "~" between them, in which "^" stands for
 * the character before it 1023 times more, "@" for NUL; "`" lifts the next
 * character above ASCII, and "%" makes it a control character.
 */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/event.h>

#include <jansson.h>

#include "sim/operator/answer.h"
#include "sim/operator/control.h"
#include "sim/operator/listener.h"
#include "switch/utf8.h"

enum {
	REPEATED = 1023,
	BYTES_MAX = 256 * 1024,
	TURNS_MAX = 1000, /* until all is read that he has sent */
	LINE_END = 2	  /* a line and its end is what is taken in */
};

/* What was sent, and how far it was given to the switch and answered. */
struct sent {
	char bytes[BYTES_MAX];
	size_t length, given, answered;
};

static char path[64];
static struct event_base *base;
static struct letterbox *lines;
static struct control *control;
static struct evbuffer *replies;
static struct sent sent;
static int client;

/*--------------------------------------------------------------------
 * What is to become of what was sent
 */

enum fate { NO_LINE, EMPTY, TEXT, NO_TEXT, TOO_LONG };

/* Of the line from *at on, which is moved behind it. */
static enum fate
next_line(size_t *at, char *line)
{
	const char *begin = sent.bytes + *at;
	const char *end = memchr(begin, '\n', sent.length - *at);
	size_t length = end == NULL ? sent.length - *at : (size_t)(end - begin);

	if (end != NULL && length > 0 && begin[length - 1] == '\r')
		length--;
	if (end == NULL && length < CONTROL_LINE_MAX + LINE_END)
		return NO_LINE;
	if (length > CONTROL_LINE_MAX)
		return TOO_LONG;
	*at = (size_t)(end - sent.bytes) + 1;
	memcpy(line, begin, length);
	line[length] = '\0';
	if (!utf8_is_text(line, length))
		return NO_TEXT;
	return length == 0 ? EMPTY : TEXT;
}

/* What the switch is given is the next line that it may be. */
static void
expect_given(const struct letter *letter)
{
	static char line[CONTROL_LINE_MAX + 1];
	enum fate fate;

	do
		fate = next_line(&sent.given, line);
	while (fate == EMPTY || fate == NO_TEXT);
	must(fate == TEXT && strlen(line) == letter->length &&
		strcmp(line, letter->text) == 0,
	    "'%.80s' was sent, '%.80s' given", line, letter->text);
}

static void
expect_reply(const char *text)
{
	static char line[CONTROL_LINE_MAX + 1];
	json_t *reply = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	const json_t *ok = json_object_get(reply, "ok");
	const char *command =
	    json_string_value(json_object_get(reply, "command"));
	enum fate fate;

	must(json_is_boolean(ok) && command != NULL, "no reply: %s", text);
	do
		fate = next_line(&sent.answered, line);
	while (fate == EMPTY);
	must(fate != NO_LINE, "a reply to nothing: %s", text);
	must(json_is_true(ok) == (fate == TEXT), "wrongly answered: %s", text);
	if (fate == TEXT)
		must(strcmp(command, line) == 0, "'%.80s' was '%.80s'", command,
		    line);
	else
		expect_clause(
		    json_string_value(json_object_get(reply, "error")));
	if (fate == TOO_LONG)
		sent.answered = sent.length; /* nothing more is looked at */
	json_decref(reply);
}

/*--------------------------------------------------------------------
 * Turns
 */

static void
answer(const struct letter *line)
{
	struct answer answer;
	struct letter *letter;

	answer_begin(&answer, true, line->text);
	letter = answer_end(&answer, line->client, true);
	must(control_give(control, letter), "nobody waits for an answer");
	letter_free(letter);
}

/* Whether he is still connected. */
static bool
read_replies(void)
{
	int got = evbuffer_read(replies, client, -1);
	char *text;

	while (
	    (text = evbuffer_readln(replies, NULL, EVBUFFER_EOL_LF)) != NULL) {
		expect_reply(text);
		free(text);
	}
	return got != 0 && (got > 0 || errno == EAGAIN);
}

static bool
turn(void)
{
	struct letter *line;

	(void)event_base_loop(base, EVLOOP_NONBLOCK);
	line = letterbox_take(lines);
	if (line != NULL) {
		expect_given(line);
		must(letterbox_take(lines) == NULL, "two lines at a time");
		answer(line);
		letter_free(line);
	}
	return read_replies();
}

/* As much as he may, till he is let go. */
static bool
send_from(size_t *at)
{
	unsigned int turns = 0;
	ssize_t wrote;

	while (*at < sent.length) {
		must(++turns < TURNS_MAX, "nobody reads what is sent");
		wrote = send(client, sent.bytes + *at, sent.length - *at,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (wrote > 0)
			*at += (size_t)wrote;
		if (!turn())
			return false;
	}
	return true;
}

/*--------------------------------------------------------------------
 * Pieces
 */

static void
put(char byte, size_t times)
{
	for (; times > 0 && sent.length < BYTES_MAX; times--)
		sent.bytes[sent.length++] = byte;
}

/* Up to a "~"; what is behind it. */
static const char *
put_piece(const char *text, const char *end)
{
	for (; text < end && *text != '~'; text++) {
		if (*text == '^' && sent.length > 0)
			put(sent.bytes[sent.length - 1], REPEATED);
		else if (*text == '`' && text + 1 < end)
			put((char)(*++text | 0x80), 1);
		else if (*text == '%' && text + 1 < end)
			put((char)(*++text & 0x1f), 1);
		else
			put(*text == '@' ? '\0' : *text, 1);
	}
	return text < end ? text + 1 : end;
}

static void
come(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	(void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	must(client >= 0 &&
		connect(client, (const struct sockaddr *)&address,
		    sizeof address) == 0,
	    "cannot come");
}

/* With what he has not ended he goes, and hears all that he is owed. */
static void
go(void)
{
	static char line[CONTROL_LINE_MAX + 1];
	unsigned int turns = 0;
	enum fate fate;

	(void)shutdown(client, SHUT_WR);
	while (turn())
		must(++turns < TURNS_MAX, "he is not let go");
	do
		fate = next_line(&sent.answered, line);
	while (fate == EMPTY);
	must(fate == NO_LINE, "no reply to '%.80s'", line);
	must(control_is_idle(control), "somebody is still there");
	(void)close(client);
	(void)evbuffer_drain(replies, evbuffer_get_length(replies));
}

static void
clear_up(void)
{
	(void)unlink(path);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char why[128];
	int descriptor;

	(void)argc;
	(void)argv;
	(void)snprintf(
	    path, sizeof path, "/tmp/fuzz_control.%d", (int)getpid());
	descriptor = listener_open_unix(path, why, sizeof why);
	must(descriptor >= 0, "%s", why);
	(void)atexit(clear_up);
	base = event_base_new();
	replies = evbuffer_new();
	must(letterbox_alloc(&lines) == 0 &&
		control_alloc(&control, base, descriptor, lines) == 0,
	    "no memory");
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *at = (const char *)bytes, *end = at + size;
	size_t from = 0;
	bool is_there = true;

	sent.length = sent.given = sent.answered = 0;
	come();
	while (at < end && is_there) {
		at = put_piece(at, end);
		is_there = send_from(&from);
	}
	sent.length = from;
	go();
	return 0;
}
