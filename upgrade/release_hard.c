/*
 * release_hard: in the build hard, what an upgrade leaves is opened again.
 *
 * The upgrade is over, and home is between two events: nobody is in any code.
 * So each version of the module is closed and comes back elsewhere, under the
 * calls that run it (code_reopen.c).
 */
#include <stdio.h>
#include <stdlib.h>

#include "switch/log.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/release_internal.h"

void
release_reopen(struct release_handler *handler)
{
	uint16_t ids[RELEASE_RESIDENTS_MAX];
	char why[CODE_WHY_MAX];
	unsigned int i, count;

	/* One that was given up: the loader still reads all versions. */
	if (handler->load != NULL)
		return;
	count = code_residents(
	    handler->code, handler->report.module, ids, RELEASE_RESIDENTS_MAX);
	for (i = 0; i < count; i++) {
		if (code_reopen(handler->code, ids[i], why) != 0) {
			(void)fprintf(stderr, "hard: %s\n", why);
			abort();
		}
		log_line(scheduler_log(handler->scheduler),
		    scheduler_entry(handler->scheduler, LEVEL_debug),
		    "release_handler native opened %s %s again",
		    handler->report.module,
		    behaviour_version(handler->behaviours, ids[i]));
	}
}
