/*
 * How often one client may ask, and that others are not asked to pay for it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <sys/socket.h>

#include <cmocka.h>
#include <event2/event.h>
#include <event2/http.h>

#include "sim/operator/door.h"

struct house {
	struct event_base *base;
	struct evhttp *server;
	struct door *door;
};

static void
build(struct house *house)
{
	int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	assert_true(descriptor >= 0);
	assert_int_equal(listen(descriptor, 1), 0);
	house->base = event_base_new();
	house->server = evhttp_new(house->base);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_may_ask_so_often_in_a_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
