/*
 * portion: a database of its own for one run of several that go on beside each
 * other, and how it comes into the one that all of them are for.
 *
 * So what befalls the file of one, which may be damaged or vanish on purpose,
 * befalls no other, and the runs stand in the order in which they are joined.
 */
#ifndef CALLS_DATABASE_PORTION_H
#define CALLS_DATABASE_PORTION_H

#include <stddef.h>
#include <stdint.h>

/*
 * A folder for portions, beside `database`: its name of `size` bytes; and its
 * end, with whatever is still in it.  -errno.
 */
int portion_folder(const char *database, char *folder, size_t size, char *why,
    unsigned int why_size);
void portion_folder_remove(const char *folder);

/*
 * What is the same for all portions of `database`, which is made if it is not
 * there: the number of its last run.  As database_open().
 */
int portion_last(
    const char *database, int64_t *ret_run, char *why, unsigned int size);

/*
 * Makes the file `portion` for the run of that number, which `database` does
 * not have, knowing the releases that are permanent there.  As database_open().
 */
int portion_make(const char *portion, const char *database, int64_t run,
    char *why, unsigned int size);

/*
 * Puts the run of that number, if the portion has it, into `database`; under
 * the next free number if that is taken there by now, which is then in *run.
 */
int portion_join(const char *portion, const char *database, int64_t *run,
    char *why, unsigned int size);

/* Takes the file away, with its log. */
void portion_remove(const char *portion);

#endif
