/*
 * subscribers: see subscribers.h for what it is.
 *
 * lane->done counts the calls of batches that are through with.
 */
#include "tests/bench/subscribers.h"

#include <stdio.h>

#include "calls/exchange/office.h"
#include "tests/bench/meter.h"

enum { BATCH = 256, SIDE_B_FIRST = 30000000, SIDE_A_FIRST = 20000000 };
enum { ACT_CALL, ACT_ANSWER, ACT_HANG_UP, ACT_HANG_UP_B, ACT_NEXT };

/*
 * The lane's own fields serve: `rounds` is the act of the batch, `pairs` the
 * lines in use, from which each batch takes the next ones.
 */
static uint32_t
pairs_of(const struct lane *lane)
{
	return office_lines(lane->office) / 2;
}

static void
act(struct lane *lane, uint32_t call)
{
	uint32_t a = call % pairs_of(lane), b = a + pairs_of(lane);
	char digits[16];
	const char *why = "";
	uint64_t number;
	int error = 0;

	switch (lane->rounds) {
	case ACT_CALL:
		(void)snprintf(digits, sizeof digits, "%u", SIDE_B_FIRST + a);
		error = office_call(lane->office, a, digits, &number, &why);
		break;
	case ACT_ANSWER:
		error = office_answer(lane->office, b, &why);
		break;
	case ACT_HANG_UP:
		error = office_hangup(lane->office, a, &why);
		break;
	case ACT_HANG_UP_B:
		error = office_hangup(lane->office, b, &why);
		break;
	}
	meter_must(error, why);
}

static bool
settle(struct lane *lane, uint32_t acts)
{
	uint32_t i;

	if (lane->rounds == acts) {
		lane->rounds = ACT_CALL;
		lane->done += BATCH;
	}
	for (i = lane->done; i < lane->done + BATCH && i < lane->count; i++)
		act(lane, i);
	lane->rounds++;
	return lane->done < lane->count;
}

static bool
settle_talking(struct lane *lane)
{
	return settle(lane, ACT_HANG_UP);
}

static bool
settle_hanging_up(struct lane *lane)
{
	return settle(lane, ACT_NEXT);
}

static void
add_lines(struct lane *lane, uint32_t first, uint32_t pairs)
{
	char from[16], to[16];

	(void)snprintf(from, sizeof from, "%u", first);
	(void)snprintf(to, sizeof to, "%u", first + pairs - 1);
	meter_must(
	    office_add_lines(lane->office, from, to, LINE_ANALOG), "add lines");
}

void
subscribers_move_in(struct lane *lane, uint32_t pairs)
{
	add_lines(lane, SIDE_A_FIRST, pairs);
	add_lines(lane, SIDE_B_FIRST, pairs);
	lane->settled = settle_talking;
}

void
subscribers_hang_up(struct lane *lane)
{
	lane->settled = settle_hanging_up;
}
