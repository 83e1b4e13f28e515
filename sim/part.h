/*
 * part: the files that a scenario is made of, its own first.
 *
 * What it includes, or takes data from, must lie in its folder or below: no
 * path and no link leads out of there.  All of them are read before anything
 * runs.  Their lines are counted on from one part to the next, so that one
 * number says both file and line, and in the first is the line itself.
 */
#ifndef SIM_PART_H
#define SIM_PART_H

#include <stddef.h>
#include <sys/types.h>

struct source;

enum { PARTS_MAX = 64, PART_PATH_SIZE = 512, PLACE_SIZE = PART_PATH_SIZE + 32 };

struct part {
	char path[PART_PATH_SIZE];
	char *text; /* `length` bytes and a NUL */
	size_t length;
	unsigned int before; /* lines of those before it */
	unsigned int lines;
	size_t *starts; /* of its lines; NULL till it is asked for one */
	dev_t device;
	ino_t inode;
};

struct parts {
	struct part part[PARTS_MAX];
	unsigned int count;
};

/*
 * Opens the file of that name, in the folder of the scenario or below, whatever
 * links there are.  Its descriptor, for source_take(); or -errno, -EXDEV: it
 * leads out of there.
 */
int part_open(const char *scenario, const char *name);

/* The scenario itself, whose text is not copied. */
void parts_begin(struct parts *parts, const struct source *source);

/*
 * The file of that name, seen from the scenario; one that is there already is
 * not read again.  -errno with one clause in `why`.
 */
int parts_read(struct parts *parts, const char *name, unsigned int *ret_number,
    char *why, size_t size);

/* A file that somebody else has read: takes the text.  -EMFILE */
int parts_add(struct parts *parts, const char *path, char *text, size_t length);
void parts_free(struct parts *parts);

/* "lib/busy.tcl:4", of a line as they are counted on. */
void parts_place(const struct parts *parts, unsigned int line, char *place);

/* The text from a line on; NULL: there is no such line, or no memory. */
const char *parts_text(struct parts *parts, unsigned int line);

/* Which part a place in a text is of. */
unsigned int parts_find(const struct parts *parts, const char *where);

/* Its line, counted on; 0: no memory is left. */
unsigned int parts_line(struct parts *parts, const char *where);
/* And the character of its line, from 1. */
unsigned int parts_column(struct parts *parts, const char *where);

#endif
