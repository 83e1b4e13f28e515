/*
 * state_count: see state_count.h for what it is.
 */
#include "sim/operator/state_count.h"

#include <inttypes.h>
#include <string.h>

#include "sim/json.h"
#include "switch/behaviour.h"
#include "switch/process.h"
#include "switch/scheduler.h"

/* Versions may have come and gone since the last pass. */
static void
begin(struct state_count *count, struct scheduler *home, const char *module)
{
	struct behaviours *behaviours = scheduler_behaviours(home);
	uint16_t cursor = 0, id;

	memset(&count->now, 0, sizeof count->now);
	count->scheduler = 0;
	count->cursor = 0;
	count->is_begun = true;
	while ((id = behaviour_next(behaviours, module, &cursor)) != 0)
		if (behaviour_is_loaded(behaviours, id))
			state_names_add(
			    &count->now.names, behaviour_at(behaviours, id));
}

static void
end(struct state_count *count)
{
	count->told = count->now;
	count->is_begun = false;
}

static void
count_process(struct state_pass *pass, const struct process_info *info)
{
	const struct state_names *names = &pass->names;
	unsigned int i;

	for (i = 0; i < names->versions; i++) {
		if (names->places[i].behaviour != info->behaviour)
			continue;
		pass->calls[i][info->state == NULL
			? UPGRADE_STATES
			: state_names_find(
			      names, info->behaviour, info->state)]++;
		return;
	}
}

void
state_count_step(
    struct state_count *count, struct scheduler *home, const char *module)
{
	struct process_info info;
	struct scheduler *peer;
	unsigned int i = 0;
	struct pid pid;

	if (!count->is_begun)
		begin(count, home, module);
	while (i < STATE_COUNT_LOOKS) {
		peer = scheduler_peer(home, count->scheduler);
		if (process_next(peer, &count->cursor, &pid)) {
			if (process_info(peer, pid, &info) == 0)
				count_process(&count->now, &info);
			i++;
			continue;
		}
		count->cursor = 0;
		if (++count->scheduler == scheduler_count(home)) {
			end(count);
			return;
		}
	}
}

void
state_count_write(
    const struct state_count *count, struct scheduler *home, FILE *out)
{
	const struct state_names *names = &count->told.names;
	struct behaviours *behaviours = scheduler_behaviours(home);
	const char *between = "";
	unsigned int i, state;

	(void)fputc('[', out);
	for (i = 0; i < names->versions; i++)
		for (state = 0; state <= UPGRADE_STATES; state++) {
			if (count->told.calls[i][state] == 0)
				continue;
			(void)fprintf(out, "%s{\"version\":", between);
			json_string(out,
			    behaviour_version(
				behaviours, names->places[i].behaviour));
			(void)fputs(",\"state\":", out);
			json_string(out,
			    state == UPGRADE_STATES ? "" : names->words[state]);
			(void)fprintf(out, ",\"calls\":%" PRIu64 "}",
			    count->told.calls[i][state]);
			between = ",";
		}
	(void)fputc(']', out);
}
