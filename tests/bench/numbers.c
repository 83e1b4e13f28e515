/* numbers: see numbers.h for what it is. */
#include "tests/bench/numbers.h"

#include <stdio.h>
#include <stdlib.h>

#include "calls/exchange/numbering.h"
#include "calls/exchange/routing.h"
#include "tests/bench/meter.h"

/* To so many numbers of lines as many of routes are dialled. */
enum { RANGES = 1000, ROUTES_OF_FIVE = 2, LOOKS = 2000000 };

struct table {
	struct numbering *numbering;
	struct routing *routing;
	uint32_t lines, routes;
};

/* 2000000 and so on, in ranges that are not added in their order. */
static void
add_lines(struct table *table)
{
	uint32_t i, each = table->lines / RANGES, range = 0;
	char first[DIGITS_MAX + 1], last[DIGITS_MAX + 1];

	for (i = 0; i < RANGES; i++) {
		(void)snprintf(first, sizeof first, "2%08u", range * each);
		(void)snprintf(
		    last, sizeof last, "2%08u", range * each + each - 1);
		meter_must(numbering_add(table->numbering, first, last),
		    "add the lines");
		range = meter_next(range, RANGES);
	}
}

/* The prefix of a route: seven digits behind a zero, spread over all. */
static void
spell_prefix(char *text, uint32_t i)
{
	(void)snprintf(text, DIGITS_MAX + 1, "0%07u",
	    (uint32_t)(i * UINT64_C(7368787) % 10000000));
}

static void
add_routes(struct table *table)
{
	char prefix[DIGITS_MAX + 1];
	struct route_plan plan = {
		.prefix = prefix, .count = 1, .tariff = TARIFF_NONE
	};
	uint32_t i;

	for (i = 0; i < table->routes; i++) {
		spell_prefix(prefix, i);
		meter_must(
		    routing_add(table->routing, &plan), "add the routes");
	}
}

/* Half of them are of lines, half of routes with three digits more. */
static char *
dialled_numbers(const struct table *table, uint32_t count)
{
	char *numbers = malloc((size_t)count * (DIGITS_MAX + 1)), *text;
	uint32_t i, line = 0, route = 0;

	meter_must(numbers == NULL ? -1 : 0, "keep the numbers");
	for (i = 0; i < count; i++) {
		text = numbers + (size_t)i * (DIGITS_MAX + 1);
		if (i % 2 == 0) {
			(void)snprintf(text, DIGITS_MAX + 1, "2%08u", line);
			line = meter_next(line, table->lines);
		} else {
			spell_prefix(text, route);
			text[8] = text[9] = text[10] = '5';
			text[11] = '\0';
			route = meter_next(route, table->routes);
		}
	}
	return numbers;
}

static void
look_them_up(const struct table *table)
{
	char *numbers = dialled_numbers(table, LOOKS);
	struct translation found;
	uint64_t began, lost = 0;
	uint32_t i;

	began = meter_thread_ns();
	for (i = 0; i < LOOKS; i++) {
		found = routing_translate(table->routing, table->numbering,
		    numbers + (size_t)i * (DIGITS_MAX + 1), NULL);
		lost += found.line == LINE_NONE && found.route == ROUTE_NONE;
	}
	meter_print("number", (double)(meter_thread_ns() - began) / LOOKS);
	meter_must(lost != 0, "find them all");
	free(numbers);
}

void
numbers_run(uint32_t lines)
{
	struct table table = { .lines = lines / RANGES * RANGES,
		.routes = lines * ROUTES_OF_FIVE / 5 };
	uint64_t began;

	meter_must(table.lines == 0, "have a line in each range");
	meter_must(numbering_alloc(&table.numbering), "have numbers");
	meter_must(routing_alloc(&table.routing), "have routes");
	began = meter_thread_ns();
	add_lines(&table);
	add_routes(&table);
	meter_print("numbers-load", (double)(meter_thread_ns() - began) / 1e6);
	look_them_up(&table);
	routing_free(&table.routing);
	numbering_free(&table.numbering);
}
