/*
 * Private to ladder*.c: lines and rungs, as all drawings have them.
 *
 * Invariants:
 *   1. a line is a party's or a call's, and has its place from its first rung;
 *   2. rungs stand in the order of their time, and of equal time in that in
 *      which they came;
 *   3. what has no line has its name in the label, so that nothing is lost.
 */
#ifndef CALLS_DATABASE_LADDER_INTERNAL_H
#define CALLS_DATABASE_LADDER_INTERNAL_H

#include "calls/database/ladder.h"

enum {
	LADDER_LINES = 96,
	LADDER_NAME = 40,
	LADDER_LABEL = 96,
	LADDER_TITLE = LADDER_NAME + 8,
	LADDER_NOWHERE = LADDER_LINES,
	LADDER_VERSIONS = 16 /* more look like the last of them */
};

enum ladder_kind {
	LADDER_IN,	/* from the party to the call */
	LADDER_OUT,	/* from the call to the party */
	LADDER_STATE,	/* the call is in another state */
	LADDER_MARK,	/* something of the call alone */
	LADDER_FAULT,	/* its event came to nothing */
	LADDER_UPGRADE, /* across all lines */
	LADDER_PHASE	/* likewise, of the run */
};

enum ladder_role {
	LADDER_PARTY,
	LADDER_CALL,
	LADDER_EXCHANGE,
	LADDER_SUPERVISOR
};

struct ladder_line {
	char name[LADDER_NAME];
	enum ladder_role role;
	uint64_t call;		  /* of CALL */
	char version[32];	  /* of CALL: as of its last event so far */
	unsigned int first, last; /* of CALL: its rungs, by ladder_group() */
	unsigned int group;	  /* likewise: a call of those with it */
};

struct ladder_rung {
	uint64_t at, order; /* µs of the run; among those of one moment */
	enum ladder_kind kind;
	unsigned int call, party; /* lines, or NOWHERE */
	unsigned int version;	  /* that the call has from here on */
	char label[LADDER_LABEL];
};

struct ladder {
	unsigned int magic;
#define LADDER_MAGIC 0x4cd0917e
	struct ladder_line lines[LADDER_LINES];
	unsigned int lines_count;
	char versions[LADDER_VERSIONS][32];
	unsigned int versions_count;
	struct ladder_rung *rungs;
	unsigned int rungs_count, rungs_room;
};

/*
 * Calls that have to do with each other, as they are drawn: lines from left to
 * right, and which of the rungs.
 */
struct ladder_part {
	const struct ladder *ladder;
	unsigned int group;
	unsigned int lines[LADDER_LINES]; /* of the ladder */
	unsigned int count;
	unsigned int places[LADDER_LINES + 1]; /* by line of the ladder */
	unsigned int first, last;	       /* rungs of it */
	unsigned int phase;		       /* that it begins in, or none */
};

/* Once, when all rungs are there: which calls are drawn together. */
void ladder_group(struct ladder *ladder);

/* The next part behind `after` (NULL: the first); false: there is no more. */
bool ladder_next(const struct ladder *ladder, const struct ladder_part *after,
    struct ladder_part *ret_part);
/* All lines as one part. */
void ladder_whole(const struct ladder *ladder, struct ladder_part *ret_part);

/* Whether the rung belongs to the part, and is not that of before again. */
bool ladder_is_of(const struct ladder_part *part, unsigned int rung);

/*
 * Where a rung begins and ends, as places of the part: those of an arrow; the
 * call's twice; first and last of one across.
 */
void ladder_ends(const struct ladder_part *part, const struct ladder_rung *rung,
    unsigned int *ret_from, unsigned int *ret_to);

/* "1001 to call c1", for who has no room to draw. */
void ladder_say_ends(const struct ladder_part *part,
    const struct ladder_rung *rung, char *text, size_t size);

const struct ladder_line *ladder_line(
    const struct ladder_part *part, unsigned int place);
/* "1001", "call c1" */
const char *ladder_name(const struct ladder_part *part, unsigned int place,
    char name[LADDER_TITLE]);

#endif
