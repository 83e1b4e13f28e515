/*
 * recorder_rest: what becomes of records that a run could not write.
 *
 * When a run ends while its database cannot be written, they go to another
 * one beside it, PATH.rest: a call database like any, with a row of the run of
 * its own, and the records that the first one lacks.
 */
#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>

#include "calls/database/queue.h"
#include "calls/database/recorder_internal.h"
#include "switch/text.h"

static int
open_rest(struct recorder *recorder, const char *path, struct writer **ret_rest)
{
	struct run_row run = *writer_described(recorder->writer);
	char why[sizeof recorder->error];
	unsigned int i;
	int result;

	run.path = path;
	result = writer_alloc(ret_rest, &run, why, sizeof why);
	for (i = 0; result == 0 && i < writer_types(recorder->writer); i++)
		result = writer_add_type(
		    *ret_rest, writer_type_at(recorder->writer, i));
	return result;
}

static int
write_rest(struct recorder *recorder, const char *path)
{
	struct writer *rest = NULL;
	int result = open_rest(recorder, path, &rest);

	while (result == 0 && queue_first(recorder->queue) != NULL) {
		result = writer_commit(rest, queue_first(recorder->queue));
		if (result == 0)
			queue_drop_first(recorder->queue);
	}
	writer_free(&rest);
	return result;
}

/* The error says what has become of them; it stays one. */
void
recorder_save_rest(struct recorder *recorder)
{
	uint64_t records = queue_waiting(recorder->queue);
	char *path = sqlite3_mprintf(
	    "%s.rest", writer_described(recorder->writer)->path);

	if (path != NULL && write_rest(recorder, path) == 0)
		text_append(recorder->error, sizeof recorder->error,
		    "; %" PRIu64 " records are in '%s'", records, path);
	else
		text_append(recorder->error, sizeof recorder->error,
		    "; %" PRIu64 " records are lost", records);
	sqlite3_free(path);
}
