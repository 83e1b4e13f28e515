/*
 * holders: who holds which version, since when and why.
 *
 * A look at one moment, taken at home while the others stand still: of each
 * resident version what it is and how much it is used, and of each that is not
 * current the first of those who still run it.  It walks over the processes
 * only as long as there is somebody to be found.
 */
#ifndef UPGRADE_HOLDERS_H
#define UPGRADE_HOLDERS_H

#include <stdio.h>

#include "switch/behaviour.h"

struct release_handler;

enum { HOLDERS_LISTED = 8, HOLDERS_WHY_BYTES = 160 };

/* One that runs a version that is not current. */
struct holder {
	struct pid pid;
	uint64_t call;		     /* its number, or 0 */
	char why[HOLDERS_WHY_BYTES]; /* as a clause: why it is there */
};

struct holders_version {
	uint16_t id;
	char module[32], version[32];
	bool is_current, is_on_trial, is_way_back;
	uint64_t loaded, since; /* µs of the run: it is current, or old */
	uint64_t trial_until;	/* when it ends unconfirmed; 0: never */
	const char *stage;	/* while it is on trial but not installed */
	struct behaviour_counts counts;
	/* Of the holders; switch/retry.c says what the words mean. */
	uint64_t failed, pinned;
	size_t resident;     /* bytes of its code in memory */
	unsigned int listed; /* of counts.holders; none of a current one */
	struct holder holders[HOLDERS_LISTED];
};

struct holders {
	unsigned int magic;
#define HOLDERS_MAGIC 0x401de125
	unsigned int count;
	struct holders_version versions[];
};

/* Of one module, oldest version first.  -ENOMEM. */
int holders_alloc(struct holders **ret_holders, struct release_handler *handler,
    const char *module);
void holders_free(struct holders **holdersp);

/* As lines; "<0.12> call 3: field 'state' is 'held', ...", "and 5 more". */
void holders_write(const struct holders *holders, FILE *out);

/* Of version `id` on one line: ": <0.12> call 3 (...), ... and 5 more". */
void holders_say_who(
    const struct holders *holders, uint16_t id, char *text, size_t size);

#endif
