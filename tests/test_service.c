/* What lines have, and that it costs nothing where nothing is set. */
#include "calls/exchange/service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "switch/object.h"

enum { MANY = 20000 };

static int
setup(void **state)
{
	return services_alloc((struct services **)state);
}

static int
teardown(void **state)
{
	services_free((struct services **)state);
	assert_null(*state);
	services_free((struct services **)state);
	return 0;
}

static void
set(struct services *services, uint32_t line, enum service_kind kind,
    const char *number)
{
	struct service service = { .is_on = number != NULL };

	if (number != NULL)
		snprintf(service.number, sizeof service.number, "%s", number);
	assert_int_equal(services_reserve(services, 1), 0);
	services_set(services, line, kind, &service);
}

static void
a_line_has_what_was_set_last_and_nothing_else(void **state)
{
	struct services *services = *state;

	assert_false(services_at(services, 7, SERVICE_cfu).is_on);
	set(services, 7, SERVICE_cfu, "1001");
	set(services, 7, SERVICE_cfb, "1002");
	set(services, 7, SERVICE_cfu, "1003");
	assert_int_equal(services_count(services), 2);
	assert_string_equal(
	    services_at(services, 7, SERVICE_cfu).number, "1003");
	assert_string_equal(
	    services_at(services, 7, SERVICE_cfb).number, "1002");
	assert_false(services_at(services, 7, SERVICE_cfnr).is_on);
	assert_false(services_at(services, 8, SERVICE_cfu).is_on);
	set(services, 7, SERVICE_cfu, NULL);
	set(services, 7, SERVICE_cfu, NULL); /* off is off */
	assert_int_equal(services_count(services), 1);
	assert_false(services_at(services, 7, SERVICE_cfu).is_on);
	assert_true(services_at(services, 7, SERVICE_cfb).is_on);
	assert_string_equal(services_at(services, 7, SERVICE_cfu).number, "");
}

/* Beside an array that is nothing but right. */
static void
what_is_taken_away_hides_nothing(void **state)
{
	struct services *services = *state;
	static uint8_t is_on[500][SERVICES_COUNT];
	uint32_t i, line, kind, count = 0;
	struct service found;

	srandom(5);
	for (i = 0; i < MANY; i++) {
		line = (uint32_t)random() % 500;
		kind = (uint32_t)random() % SERVICES_COUNT;
		count -= is_on[line][kind];
		is_on[line][kind] = random() % 3 == 0;
		count += is_on[line][kind];
		set(services, line, (enum service_kind)kind,
		    is_on[line][kind] ? "1" : NULL);
		assert_int_equal(services_count(services), count);
	}
	for (line = 0; line < 500; line++)
		for (kind = 0; kind < SERVICES_COUNT; kind++) {
			found = services_at(
			    services, line, (enum service_kind)kind);
			assert_int_equal(found.is_on, is_on[line][kind]);
			assert_string_equal(
			    found.number, found.is_on ? "1" : "");
		}
}

/* What has room can be set without memory; what has none is not begun. */
static void
room_is_asked_for_before(void **state)
{
	struct services *services = *state;
	const struct service on = { .is_on = true };
	uint32_t line;

	assert_int_equal(services_reserve(services, 1000), 0);
	object_fail_after(0);
	for (line = 0; line < 1000; line++)
		services_set(services, line, SERVICE_transfer, &on);
	assert_int_equal(services_reserve(services, 1000), -ENOMEM);
	object_fail_after(-1);
	assert_int_equal(services_count(services), 1000);
	assert_int_equal(services_reserve(services, 1000), 0);
	services_give_back(services, 1000);
	object_fail_after(0);
	assert_int_equal(services_reserve(services, 1000), 0);
	object_fail_after(-1);
	assert_int_equal(services_reserve(services, UINT32_MAX), -ENOMEM);
}

static void
a_group_has_one_number(void **state)
{
	struct services *services = *state;
	char name[GROUP_NAME_SIZE + 1];
	uint16_t first = services_group(services, "sales");

	assert_int_not_equal(first, 0);
	assert_int_not_equal(services_group(services, "support"), first);
	assert_int_equal(services_group(services, "sales"), first);
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	assert_int_equal(services_group(services, name), 0);
	assert_int_equal(services_group(services, ""), 0);
}

int
main(void)
{
#define SERVICE_TEST(name)                                                     \
	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		SERVICE_TEST(a_line_has_what_was_set_last_and_nothing_else),
		SERVICE_TEST(what_is_taken_away_hides_nothing),
		SERVICE_TEST(room_is_asked_for_before),
		SERVICE_TEST(a_group_has_one_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
