/*
 * How often one client may ask, and that others are not asked to pay for it;
 * how many come in before the door is opened again.
 */
#include <netinet/in.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>
#include <event2/http.h>

#include "sim/operator/door.h"

enum { CROWD = DOOR_COMERS + 20 };

struct house {
	int descriptor;
	struct event_base *base;
	struct evhttp *server;
	struct door *door;
};

static void
build(struct house *house)
{
	int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	assert_true(descriptor >= 0);
	house->descriptor = descriptor;
	assert_int_equal(listen(descriptor, CROWD), 0);
	house->base = event_base_new();
	house->server = evhttp_new(house->base);
	evhttp_set_timeout(house->server, 30);
	assert_int_equal(
	    door_alloc(&house->door, house->base, house->server, descriptor),
	    0);
}

static void
pull_down(struct house *house)
{
	evhttp_free(house->server);
	door_free(&house->door);
	event_base_free(house->base);
}

static void
one_may_ask_so_often_in_a_second(void **state)
{
	struct house house;
	unsigned int i;

	(void)state;
	build(&house);
	for (i = 0; i < DOOR_ASKS; i++)
		assert_true(door_may_ask(house.door, 9, 100));
	assert_false(door_may_ask(house.door, 9, 100));
	assert_true(door_may_ask(house.door, 10, 100));
	assert_true(door_may_ask(house.door, 9, 101));
	pull_down(&house);
}

static int
come_to(const struct house *house)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;
	int client = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(client >= 0);
	assert_int_equal(getsockname(house->descriptor,
			     (struct sockaddr *)&address, &length),
	    0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(
	    connect(client, (struct sockaddr *)&address, length), 0);
	return client;
}

/* Each is an event and its time-out; the listener, where it is open, is one. */
static int
count_inside(const struct house *house)
{
	unsigned int i;

	for (i = 0; i < CROWD; i++)
		(void)event_base_loop(house->base, EVLOOP_NONBLOCK);
	return event_base_get_num_events(house->base, EVENT_BASE_COUNT_ADDED) /
	    2;
}

static void
so_many_come_in_at_an_opening(void **state)
{
	int clients[CROWD];
	struct house house;
	unsigned int i;

	(void)state;
	build(&house);
	for (i = 0; i < CROWD; i++)
		clients[i] = come_to(&house);
	assert_int_equal(count_inside(&house), DOOR_COMERS);
	door_open(house.door);
	assert_int_equal(count_inside(&house), CROWD);
	pull_down(&house);
	for (i = 0; i < CROWD; i++)
		(void)close(clients[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_may_ask_so_often_in_a_second),
		cmocka_unit_test(so_many_come_in_at_an_opening),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
