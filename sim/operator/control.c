/*
 * control: see control.h for what it is.
 */
#include "sim/operator/control.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

#include "sim/operator/answer.h"
#include "sim/operator/listening.h"
#include "switch/object.h"
#include "switch/utf8.h"

enum {
	STATUS_WRONG = 2,
	/* What may wait to be read by him before progress is left out. */
	UNREAD_MAX = 64 * 1024,
	/* One who reads nothing for so long is not there. */
	STALL_S = 30,
	/* A line, its end, and no more is taken in. */
	INPUT_MAX = CONTROL_LINE_MAX + 2
};

struct client {
	struct client *next;
	struct control *control;
	struct bufferevent *bev;
	uint64_t number;
	uint32_t user;
	bool is_busy;	   /* a line of his is under way */
	bool is_ending;	   /* nothing more comes from him */
	bool is_dismissed; /* what he has sent is not looked at */
};

struct control {
	unsigned int magic;
#define CONTROL_MAGIC 0x6cd31f42
	struct event_base *base;
	struct evconnlistener *listener;
	struct letterbox *lines;
	struct client *clients;
	unsigned int count;
	uint64_t last; /* the number of the client who came last */
	bool is_closed;
};

/*--------------------------------------------------------------------
 * One client
 */

static void
forget(struct client *client)
{
	struct client **at = &client->control->clients;

	while (*at != client)
		at = &(*at)->next;
	*at = client->next;
	client->control->count--;
	bufferevent_free(client->bev);
	object_free(client, sizeof *client);
}

static void
write_letter(struct client *client, struct letter *letter)
{
	if (letter == NULL)
		return;
	(void)bufferevent_write(client->bev, letter->text, letter->length);
	letter_free(letter);
}

/* His last words, and the end when they are written. */
static void
dismiss(struct client *client, const char *why)
{
	write_letter(
	    client, answer_refusal(client->number, "", why, STATUS_WRONG));
	client->is_ending = client->is_dismissed = true;
	(void)bufferevent_disable(client->bev, EV_READ);
}

static size_t
unwritten(const struct client *client)
{
	return evbuffer_get_length(bufferevent_get_output(client->bev));
}

/* Whether a line of his may be taken now: he must read what he has been told.
 */
static bool
is_ready(const struct client *client)
{
	return !client->is_busy && !client->is_dismissed &&
	    !client->control->is_closed && unwritten(client) < UNREAD_MAX;
}

/* Posts a line of his; without memory he hears so. */
static void
post(struct client *client, const char *line, size_t length)
{
	struct letter *letter = letter_alloc(client->number, line, length);

	if (letter == NULL) {
		dismiss(client, "no memory is left");
		return;
	}
	letter->user = client->user;
	client->is_busy = true;
	letterbox_put(client->control->lines, letter);
}

/* What he sent, as far as it is a line. */
static void
take_line(struct client *client)
{
	struct evbuffer *input = bufferevent_get_input(client->bev);
	size_t length;
	char *line = evbuffer_readln(input, &length, EVBUFFER_EOL_CRLF);

	if (line == NULL) {
		if (evbuffer_get_length(input) >= INPUT_MAX)
			dismiss(client,
			    "a line of more than 65536 bytes is no command");
		return;
	}
	if (length > CONTROL_LINE_MAX)
		dismiss(
		    client, "a line of more than 65536 bytes is no command");
	else if (!utf8_is_text(line, length))
		write_letter(client,
		    answer_refusal(client->number, "",
			"the line is no text (UTF-8)", STATUS_WRONG));
	else if (length > 0)
		post(client, line, length);
	free(line);
}

/*
 * libevent calls again and again for a full buffer of which nothing is taken:
 * it is not read on until something can be.
 */
static void
mind_input(struct client *client)
{
	if (client->is_ending)
		return;
	if (is_ready(client) ||
	    evbuffer_get_length(bufferevent_get_input(client->bev)) < INPUT_MAX)
		(void)bufferevent_enable(client->bev, EV_READ);
	else
		(void)bufferevent_disable(client->bev, EV_READ);
}

/* As many lines as can be taken now; then he is gone, if he wants to be. */
static void
go_on(struct client *client)
{
	struct evbuffer *input = bufferevent_get_input(client->bev);
	size_t before;

	do {
		before = evbuffer_get_length(input);
		if (is_ready(client))
			take_line(client);
	} while (evbuffer_get_length(input) < before);
	mind_input(client);
	if (client->is_busy)
		return;
	if (client->is_ending && unwritten(client) == 0)
		forget(client);
}

static void
on_read(struct bufferevent *bev, void *arg)
{
	(void)bev;
	go_on(arg);
}

static void
on_written(struct bufferevent *bev, void *arg)
{
	(void)bev;
	go_on(arg);
}

/* A half-closed socket still hears the answers to what it has said. */
static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct client *client = arg;

	(void)bev;
	if ((what & BEV_EVENT_EOF) != 0) {
		client->is_ending = true;
		go_on(client);
	} else {
		/* An answer finds nobody: his number is never used again. */
		forget(client);
	}
}

/*--------------------------------------------------------------------
 * All of them
 */

/* Root may do everything anyway. */
static bool
is_allowed(int descriptor, uint32_t *ret_user)
{
	struct ucred credentials;
	socklen_t size = sizeof credentials;

	if (getsockopt(
		descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
		return false;
	*ret_user = (uint32_t)credentials.uid;
	return credentials.uid == 0 || credentials.uid == geteuid();
}

static struct client *
add_client(struct control *control, int descriptor)
{
	struct client *client = object_alloc(sizeof *client);
	const struct timeval stall = { .tv_sec = STALL_S };

	if (client == NULL)
		return NULL;
	client->bev = bufferevent_socket_new(
	    control->base, descriptor, BEV_OPT_CLOSE_ON_FREE);
	if (client->bev == NULL) {
		object_free(client, sizeof *client);
		return NULL;
	}
	client->control = control;
	client->number = ++control->last;
	client->next = control->clients;
	control->clients = client;
	control->count++;
	bufferevent_setcb(client->bev, on_read, on_written, on_event, client);
	bufferevent_setwatermark(client->bev, EV_READ, 0, INPUT_MAX);
	bufferevent_set_timeouts(client->bev, NULL, &stall);
	(void)bufferevent_enable(client->bev, EV_READ | EV_WRITE);
	return client;
}

/* Not one who only has nothing more to say, and waits for his answer. */
static bool
is_gone(const struct client *client)
{
	struct pollfd look = { .fd = bufferevent_getfd(client->bev) };

	return client->is_busy && poll(&look, 1, 0) == 1 &&
	    (look.revents & POLLHUP) != 0;
}

/* Those who did not stay for their answer make room for others. */
static void
part_with_gone(struct control *control)
{
	struct client *client, *next;
	struct letter *letter;

	for (client = control->clients; client != NULL; client = next) {
		next = client->next;
		if (!is_gone(client))
			continue;
		letter = letter_alloc(client->number, "", 0);
		if (letter == NULL)
			return;
		letter->is_parting = true;
		letterbox_put(control->lines, letter);
		forget(client);
	}
}

static void
on_accept(struct evconnlistener *listener, evutil_socket_t descriptor,
    struct sockaddr *address, int length, void *arg)
{
	struct control *control = arg;
	struct client *client = add_client(control, descriptor);

	(void)listener;
	(void)address;
	(void)length;
	if (control->count > CONTROL_CLIENTS_MAX)
		part_with_gone(control);
	if (client == NULL)
		(void)close(descriptor);
	else if (!is_allowed(descriptor, &client->user))
		dismiss(
		    client, "only the user who runs the switch may operate it");
	else if (control->count > CONTROL_CLIENTS_MAX)
		dismiss(client, "64 operators are here already");
}

int
control_alloc(struct control **ret_control, struct event_base *base,
    int descriptor, struct letterbox *lines)
{
	struct control *control;

	if (ALLOC_OBJ(control, CONTROL_MAGIC) == NULL)
		return -ENOMEM;
	control->base = base;
	control->lines = lines;
	control->listener = evconnlistener_new(
	    base, on_accept, control, LEV_OPT_CLOSE_ON_EXEC, 0, descriptor);
	if (control->listener == NULL) {
		control_free(&control);
		return -ENOMEM;
	}
	evconnlistener_set_error_cb(control->listener, listening_rest);
	*ret_control = control;
	return 0;
}

void
control_free(struct control **controlp)
{
	if (*controlp == NULL)
		return;
	CHECK_OBJ(*controlp, CONTROL_MAGIC);
	while ((*controlp)->clients != NULL)
		forget((*controlp)->clients);
	if ((*controlp)->listener != NULL)
		evconnlistener_free((*controlp)->listener);
	FREE_OBJ(controlp, CONTROL_MAGIC);
}

bool
control_give(struct control *control, const struct letter *letter)
{
	struct client *client = control->clients;

	CHECK_OBJ(control, CONTROL_MAGIC);
	while (client != NULL && client->number != letter->client)
		client = client->next;
	if (client == NULL)
		return false;
	if (letter->is_last || unwritten(client) < UNREAD_MAX)
		(void)bufferevent_write(
		    client->bev, letter->text, letter->length);
	if (letter->is_last) {
		client->is_busy = false;
		go_on(client);
	}
	return true;
}

void
control_close(struct control *control)
{
	CHECK_OBJ(control, CONTROL_MAGIC);
	control->is_closed = true;
	listening_close(control->listener);
}

bool
control_is_idle(const struct control *control)
{
	const struct client *client;

	CHECK_OBJ(control, CONTROL_MAGIC);
	for (client = control->clients; client != NULL; client = client->next)
		if (client->is_busy)
			return false;
	return true;
}
