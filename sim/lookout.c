/*
 * lookout: see lookout.h for what it is.
 */
#include "sim/lookout.h"

#include <errno.h>
#include <fts.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "switch/object.h"

/* How long it must be quiet: an editor writes in several steps. */
enum { QUIET_MS = 100, EVENTS_SIZE = 4096 };

struct watched {
	char *path;
	struct stat found; /* zero: it is not there */
};

struct lookout {
	unsigned int magic;
#define LOOKOUT_MAGIC 0x6ab04e17
	int inotify;
	struct watched *files;
	unsigned int count, room;
};

static void
look_at(const char *path, struct stat *ret_found)
{
	memset(ret_found, 0, sizeof *ret_found);
	if (stat(path, ret_found) != 0)
		memset(ret_found, 0, sizeof *ret_found);
}

int
lookout_alloc(struct lookout **ret_lookout)
{
	struct lookout *lookout;
	int result;

	if (ALLOC_OBJ(lookout, LOOKOUT_MAGIC) == NULL)
		return -ENOMEM;
	lookout->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (lookout->inotify < 0) {
		result = -errno;
		FREE_OBJ(&lookout, LOOKOUT_MAGIC);
		return result;
	}
	*ret_lookout = lookout;
	return 0;
}

void
lookout_free(struct lookout **lookoutp)
{
	struct lookout *lookout = *lookoutp;
	unsigned int i;

	if (lookout == NULL)
		return;
	for (i = 0; i < lookout->count; i++)
		object_free(
		    lookout->files[i].path, strlen(lookout->files[i].path) + 1);
	object_free(lookout->files, lookout->room * sizeof lookout->files[0]);
	(void)close(lookout->inotify);
	FREE_OBJ(lookoutp, LOOKOUT_MAGIC);
}

void
lookout_look(struct lookout *lookout)
{
	unsigned int i;

	for (i = 0; i < lookout->count; i++)
		look_at(lookout->files[i].path, &lookout->files[i].found);
}

unsigned int
lookout_count(const struct lookout *lookout)
{
	return lookout->count;
}

static void
listen_to(struct lookout *lookout, const char *folder)
{
	(void)inotify_add_watch(lookout->inotify, folder,
	    IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVE | IN_ATTRIB);
}

/* "." of what has no folder in its name. */
static void
listen_to_folder_of(struct lookout *lookout, char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL || slash == path) {
		listen_to(lookout, slash == NULL ? "." : "/");
		return;
	}
	*slash = '\0';
	listen_to(lookout, path);
	*slash = '/';
}

int
lookout_file(struct lookout *lookout, const char *path)
{
	const size_t size = strlen(path) + 1;
	struct watched *files = lookout->files;
	unsigned int i;

	for (i = 0; i < lookout->count; i++)
		if (strcmp(files[i].path, path) == 0)
			return 0;
	files =
	    object_grow(files, lookout->count, &lookout->room, sizeof files[0]);
	if (files == NULL)
		return -ENOMEM;
	lookout->files = files;
	files[lookout->count].path = object_alloc(size);
	if (files[lookout->count].path == NULL)
		return -ENOMEM;
	memcpy(files[lookout->count].path, path, size);
	look_at(path, &files[lookout->count].found);
	listen_to_folder_of(lookout, files[lookout->count++].path);
	return 0;
}

int
lookout_folder(struct lookout *lookout, const char *path)
{
	char root[4096];
	char *roots[] = { root, NULL };
	FTSENT *entry;
	FTS *fts;

	if (strlen(path) >= sizeof root)
		return -ENAMETOOLONG;
	memcpy(root, path, strlen(path) + 1);
	fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (fts == NULL)
		return -errno;
	while ((entry = fts_read(fts)) != NULL)
		if (entry->fts_info == FTS_D)
			listen_to(lookout, entry->fts_path);
	(void)fts_close(fts);
	return 0;
}

static bool
is_same(const struct stat *one, const struct stat *other)
{
	return one->st_ino == other->st_ino && one->st_size == other->st_size &&
	    one->st_mtim.tv_sec == other->st_mtim.tv_sec &&
	    one->st_mtim.tv_nsec == other->st_mtim.tv_nsec;
}

static const char *
find_changed(const struct lookout *lookout)
{
	struct stat now;
	unsigned int i;

	for (i = 0; i < lookout->count; i++) {
		look_at(lookout->files[i].path, &now);
		if (!is_same(&now, &lookout->files[i].found))
			return lookout->files[i].path;
	}
	return NULL;
}

/* Till something happens, and then till nothing more does. */
static int
wait_for_event(struct lookout *lookout)
{
	struct pollfd polled = { .fd = lookout->inotify, .events = POLLIN };
	char events[EVENTS_SIZE];
	int ready = poll(&polled, 1, -1);

	while (ready > 0) {
		while (read(lookout->inotify, events, sizeof events) > 0)
			;
		ready = poll(&polled, 1, QUIET_MS);
	}
	return ready < 0 ? -errno : 0;
}

/* What has changed while it was run is seen at once. */
const char *
lookout_wait(struct lookout *lookout, int (*has_changed)(void *arg), void *arg)
{
	const char *changed;

	CHECK_OBJ(lookout, LOOKOUT_MAGIC);
	for (;;) {
		changed = find_changed(lookout);
		if (changed != NULL)
			return changed;
		if (has_changed(arg) != 0)
			return "";
		if (wait_for_event(lookout) != 0)
			return NULL;
	}
}
