/* upgrading: see upgrading.h for what it is. */
#include "tests/bench/upgrading.h"

#include <stdio.h>

#include "tests/bench/desk.h"
#include "upgrade/release_handler.h"

/* Once is too short for the rarest waits to be met. */
enum { PAUSE_ROUNDS = 10 };

/*--------------------------------------------------------------------
 * Without traffic
 */

/* The first has the loading with it; the last nothing but converting. */
static void
there_and_back(struct desk *desk, uint32_t calls, const char *suffix)
{
	char name[32];
	struct span span;

	desk_upgrade(desk, "2.0");
	span = desk_wait(desk);
	(void)snprintf(name, sizeof name, "upgrade%s", suffix);
	meter_print_rate(name, calls, span);
	(void)snprintf(name, sizeof name, "upgrade-load%s", suffix);
	meter_print(name, (double)desk_report(desk)->load_us / 1000);
	desk_roll_back(desk);
	(void)desk_wait(desk);
	desk_upgrade(desk, "2.0");
	span = desk_wait(desk);
	(void)snprintf(name, sizeof name, "convert%s", suffix);
	meter_print_rate(name, calls, span);
}

void
upgrading_run(uint32_t calls)
{
	struct desk *desk = desk_open_toys(calls);

	there_and_back(desk, calls, "");
	desk_close(&desk);
}

void
upgrading_run_calls(uint32_t calls)
{
	struct desk *desk = desk_open_calls(calls);

	there_and_back(desk, calls, "-call");
	desk_close(&desk);
}

/*--------------------------------------------------------------------
 * Under traffic
 */

static void
print_turns(const struct desk *desk, const char *name)
{
	struct histogram turns = { 0 };
	char row[32];
	unsigned int i;

	for (i = 0; i < LANES; i++)
		histogram_merge(&turns, &desk->inquiries[i].turns);
	(void)snprintf(row, sizeof row, "%s-turn", name);
	meter_print(row, (double)turns.max);
}

static void
print_waits(const struct desk *desk, const char *name)
{
	struct histogram waits = { 0 };
	char max[32];
	unsigned int i;

	for (i = 0; i < LANES; i++)
		histogram_merge(&waits, &desk->inquiries[i].waits);
	(void)snprintf(max, sizeof max, "%s-max", name);
	meter_print(name, (double)histogram_quantile(&waits, 0.9999));
	meter_print(max, (double)waits.max);
	print_turns(desk, name);
}

static void
print_pauses(const struct desk *desk, const char *name)
{
	char wall[32], most[32];

	(void)snprintf(most, sizeof most, "%s-most", name);
	meter_print(most, (double)histogram_quantile(&desk->cpu, 0.9999));
	(void)snprintf(wall, sizeof wall, "%s-wall", name);
	meter_print(name, (double)desk->cpu.max);
	meter_print(wall, (double)histogram_quantile(&desk->wall, 0.9999));
}

/* As long as that was, with nothing but the traffic. */
static void
run_control(struct desk *desk, struct span span, const char *name)
{
	(void)desk_run_traffic(desk, 0, span.wall);
	print_waits(desk, name);
}

/* A desk_next_f. */
static bool
go_back_or_there(struct desk *desk)
{
	desk_must_be_whole(desk);
	if (--desk->rounds == 0)
		return false;
	if (desk->rounds % 2 == 0)
		desk_upgrade(desk, "2.0");
	else
		desk_roll_back(desk);
	return true;
}

void
upgrading_run_pause(uint32_t calls)
{
	struct desk *desk = desk_open_toys(calls);
	struct span span;

	desk->rounds = PAUSE_ROUNDS;
	desk->next = go_back_or_there;
	desk_upgrade(desk, "2.0");
	span = desk_run_traffic(desk, 0, 0);
	print_pauses(desk, "pause");
	print_waits(desk, "wait");
	run_control(desk, span, "wait-without");
	desk_close(&desk);
}

/* A desk_next_f. */
static bool
rehearse_again(struct desk *desk)
{
	desk_must_be_whole(desk);
	if (--desk->rounds == 0)
		return false;
	desk_rehearse(desk, "2.0");
	return true;
}

void
upgrading_run_rehearsal(uint32_t calls)
{
	struct desk *desk = desk_open_toys(calls);
	struct span span;

	desk->rounds = PAUSE_ROUNDS;
	desk->next = rehearse_again;
	desk_rehearse(desk, "2.0");
	span = desk_run_traffic(desk, 0, 0);
	print_pauses(desk, "rehearsal");
	print_waits(desk, "rehearsal-wait");
	run_control(desk, span, "rehearsal-without");
	desk_close(&desk);
}
