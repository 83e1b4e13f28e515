/* book: see book.h for what it is. */
#include "upgrade/book.h"

#include <errno.h>
#include <string.h>

#include "switch/process.h"
#include "switch/scheduler.h"
#include "upgrade/state_names.h"

void
book_open(struct book *book, uint16_t target, const struct state_names *names,
    const struct upgrade_telephony *telephony)
{
	memset(book, 0, sizeof *book);
	book->target = target;
	book->names = names;
	book->telephony = telephony;
}

void
book_departure(struct book *book, const struct departure *departure)
{
	if (departure->to == book->target)
		book->converted_in[state_names_find(
		    book->names, departure->from, departure->state)]++;
	else if (departure->from == book->source)
		book->returned++;
}

static void
note(struct book *book, struct scheduler *scheduler,
    const struct process_info *info, int error)
{
	const struct upgrade_telephony *telephony = book->telephony;

	if (book->count == UPGRADE_FAILURES)
		return;
	book->failures[book->count++] = (struct book_failure){ .pid = info->pid,
		.at = scheduler_now(scheduler),
		.call = telephony->call == NULL
		    ? 0
		    : telephony->call(telephony->arg, info),
		.behaviour = info->behaviour,
		.state = (uint8_t)state_names_find(
		    book->names, info->behaviour, info->state),
		.by_other = info->by_other,
		.error = error };
}

void
book_fail(struct book *book, struct scheduler *scheduler,
    const struct process_info *info, int error)
{
	book->failed_in[state_names_find(
	    book->names, info->behaviour, info->state)]++;
	if (!info->by_other && info->has_failed &&
	    (error == -EFAULT || error == -ETIME))
		book->faulted++;
	note(book, scheduler, info, error);
}
