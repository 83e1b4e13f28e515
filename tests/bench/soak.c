/*
 * soak: see soak.h for what it is.
 *
 * What the store holds is compared while nothing goes on: after the first two
 * upgrades, and in the end; then as many calls run the same version.  Resident
 * memory is looked at every hundred upgrades, the first time when what is made
 * once has been made.
 */
#include "tests/bench/soak.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "switch/scheduler.h"
#include "switch/store.h"
#include "tests/bench/desk.h"
#include "upgrade/code.h"
#include "upgrade/release_handler.h"

enum { SHOW_EVERY = 100, RENEWAL = 8 };

/* What the release handler looks at later is a piece of the store till then. */
enum { REST_US = 500000 };

/* Each version of a module has one mapping of code. */
static unsigned int
mapped_versions(void)
{
	FILE *file = fopen("/proc/self/maps", "r");
	unsigned int count = 0;
	char line[512];

	meter_must(file == NULL ? -1 : 0, "read /proc/self/maps");
	while (fgets(line, sizeof line, file) != NULL)
		count += strstr(line, "r-xp") != NULL &&
		    strstr(line, "/memfd:") != NULL;
	(void)fclose(file);
	return count;
}

static void
show(struct desk *desk)
{
	uint32_t done = desk->of - desk->rounds;
	uint64_t resident;

	if (done % SHOW_EVERY != 0)
		return;
	resident = meter_resident();
	if (desk->resident == 0)
		desk->resident = resident;
	if (resident > desk->most)
		desk->most = resident;
	(void)fprintf(stderr,
	    "bench: %" PRIu32 " of %" PRIu32 " upgrades, %.2f MB resident\n",
	    done, desk->of, (double)resident / 1e6);
}

/*
 * What was installed stays; what was before it goes by itself, on the loader's
 * thread, before that fetches the next.
 */
static void
make_permanent(struct desk *desk, const char *version)
{
	const struct upgrade_report *report = release_handler_make_permanent(
	    desk->lanes[0].handler, desk->name, version);

	if (report->stage != UPGRADE_permanent)
		meter_must(1, report->text);
}

/* A desk_next_f. */
static bool
go_on(struct desk *desk)
{
	const struct upgrade_report *report = desk_report(desk);
	char version[32], before[32];

	memcpy(version, report->version_to, sizeof version);
	memcpy(before, report->version_from, sizeof before);
	desk_must_be_whole(desk);
	meter_must(mapped_versions() != 2,
	    "have two versions mapped, the new and its way back");
	make_permanent(desk, version);
	desk->rounds--;
	show(desk);
	if (desk->rounds == 0)
		return false;
	desk_upgrade(desk, before);
	return true;
}

static void
run(struct desk *desk, uint32_t rounds)
{
	desk->rounds = desk->of = rounds;
	desk->next = go_on;
	desk_upgrade(desk, "2.0");
	(void)desk_run_traffic(desk, RENEWAL, 0);
	desk_rest(desk, REST_US);
	meter_must(
	    mapped_versions() != 1, "have one version mapped, and no other");
}

/* Of all stores: bytes in use, while nothing is on its way. */
static uint64_t
in_use(const struct desk *desk)
{
	uint64_t bytes = 0;
	unsigned int i;

	for (i = 0; i < LANES; i++)
		bytes +=
		    scheduler_store(desk->lanes[i].scheduler)->bytes_in_use;
	return bytes;
}

static void
must_have(const struct desk *desk, uint32_t calls)
{
	struct behaviours *behaviours =
	    scheduler_behaviours(desk->lanes[0].scheduler);
	uint16_t id = behaviour_current(behaviours, desk->name);

	meter_must(behaviour_counts(behaviours, id).holders != calls,
	    "have as many calls as before");
}

void
soak_run(uint32_t calls, uint32_t rounds)
{
	struct desk *desk = desk_open_toys(calls);
	uint64_t before;

	run(desk, 2);
	before = in_use(desk);
	run(desk, rounds);
	must_have(desk, calls);
	meter_must(in_use(desk) != before, "find the store as it was");
	meter_print("soak-upgrades", rounds);
	meter_print("soak-calls-ended",
	    (double)(desk->inquiries[0].ended + desk->inquiries[1].ended));
	if (desk->resident != 0)
		meter_print("soak",
		    100 * ((double)desk->most / (double)desk->resident - 1));
	desk_close(&desk);
}
