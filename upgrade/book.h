/*
 * book: what an upgrade does to the processes of one scheduler, as it is done.
 *
 * Private to upgrade/release_*.c, which have one for each scheduler.  Open from
 * before the first process may come to a version until none is on the way there
 * any more; failures are noted for as long as the release is on trial.  Written
 * by the thread of its scheduler; home reads `faulted` at any time, all else
 * while the others are halted.
 */
#ifndef UPGRADE_BOOK_H
#define UPGRADE_BOOK_H

#include <stdatomic.h>

#include "switch/behaviour.h"
#include "upgrade/release_handler.h"

struct process_info;
struct scheduler;
struct state_names;

/* One that the release cannot have. */
struct book_failure {
	struct pid pid;
	uint64_t at;   /* µs of the run */
	uint64_t call; /* its number, or 0 */
	uint16_t behaviour;
	uint8_t state; /* number of its name */
	bool by_other; /* it is the other of its unit that it cannot have */
	int error;     /* of process_change_why() */
};

struct book {
	const struct state_names *names;
	const struct upgrade_telephony *telephony;
	uint16_t target; /* who comes there is counted; 0: nobody is */
	uint16_t source; /* likewise who leaves there: it was the target */
	/* By the number of the state's name, the last: without one. */
	uint64_t converted_in[UPGRADE_STATES + 1];
	uint64_t failed_in[UPGRADE_STATES + 1];
	uint64_t waiting_in[UPGRADE_STATES + 1]; /* since the aim is that */
	uint64_t returned;			 /* from `source` */
	unsigned int count, told;		 /* by home */
	struct book_failure failures[UPGRADE_FAILURES]; /* the first */
	/* Attempts to convert that a hook or a check has faulted in. */
	atomic_uint_fast64_t faulted;
};

/* An empty one; names and telephony outlive its use. */
void book_open(struct book *book, uint16_t target,
    const struct state_names *names, const struct upgrade_telephony *telephony);

/* A process goes to another version. */
void book_departure(struct book *book, const struct departure *departure);
/* The release on trial cannot have it, or only too slowly: for that error. */
void book_fail(struct book *book, struct scheduler *scheduler,
    const struct process_info *info, int error);

#endif
