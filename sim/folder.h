/*
 * folder: the scenarios that the words of a command line stand for.
 *
 * A file is itself; a folder is every file of it, and of the folders in it,
 * that is named *.tcl and asks something in its first line: what others include
 * asks nothing, and is no scenario.
 */
#ifndef SIM_FOLDER_H
#define SIM_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

struct folder {
	char **paths; /* in the order of the words, a folder's by name */
	unsigned int count, room;
	unsigned int left_out; /* files of folders that are no scenarios */
};

/*
 * Finds those whose name fits `only`, a pattern as of a shell, or NULL: the
 * name without its folders and its .tcl, or the whole path.  -errno with one
 * line in `why`, and then nothing is found.
 */
int folder_find(struct folder *ret_folder, const char *const *words,
    unsigned int count, const char *only, char *why, size_t size);
void folder_forget(struct folder *folder);

/* "b001-two-party" of "scenarios/b001-two-party.tcl". */
enum { FOLDER_NAME_SIZE = 128 };
const char *folder_name(const char *path, char name[FOLDER_NAME_SIZE]);

#endif
