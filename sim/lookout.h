/*
 * lookout: files that are looked at until one of them has changed.
 *
 * Who edits a file writes it, or puts another in its place: so it is the
 * folders that inotify(7) watches, and whether something has changed is told
 * by the files themselves, when and how large and which they are.  Whatever
 * else happens in these folders is nobody's business here.
 */
#ifndef SIM_LOOKOUT_H
#define SIM_LOOKOUT_H

#include <stddef.h>

struct lookout;

/* -errno of inotify_init(2); -ENOMEM. */
int lookout_alloc(struct lookout **ret_lookout);
void lookout_free(struct lookout **lookoutp);

/* One more file; one that is not there is looked for.  -ENOMEM. */
int lookout_file(struct lookout *lookout, const char *path);
/* And whatever may be put into a folder, or into those in it. */
int lookout_folder(struct lookout *lookout, const char *path);

/* What they are now is what they were, for lookout_wait(). */
void lookout_look(struct lookout *lookout);

unsigned int lookout_count(const struct lookout *lookout); /* files */

/*
 * Waits until `has_changed` says so when something has happened in a folder,
 * or a file that is watched is not what it was: its path, or "" of the former.
 * NULL: nothing can be waited for, errno says why.
 */
const char *lookout_wait(
    struct lookout *lookout, int (*has_changed)(void *arg), void *arg);

#endif
