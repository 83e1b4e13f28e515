/*
 * folder: see folder.h for what it is.
 *
 * fts(3) walks; what is hidden, and where a link leads to a folder, it does
 * not enter.  That a folder has no scenario, or none fits, is a mistake: who
 * asks for some and gets none would take it for success.
 */
#include "sim/folder.h"

#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/source.h"
#include "switch/nearest.h"
#include "switch/object.h"

enum { NAMES_SIZE = 16384 /* of what there is, for a suggestion */ };

const char *
folder_name(const char *path, char name[FOLDER_NAME_SIZE])
{
	const char *slash = strrchr(path, '/');
	size_t length;

	path = slash == NULL ? path : slash + 1;
	length = strlen(path);
	if (length > 4 && strcmp(path + length - 4, ".tcl") == 0)
		length -= 4;
	(void)snprintf(name, FOLDER_NAME_SIZE, "%.*s", (int)length, path);
	return name;
}

static bool
is_tcl(const char *name)
{
	size_t length = strlen(name);

	return length > 4 && strcmp(name + length - 4, ".tcl") == 0;
}

static bool
fits(const char *path, const char *only)
{
	char name[FOLDER_NAME_SIZE];

	return only == NULL || fnmatch(only, folder_name(path, name), 0) == 0 ||
	    fnmatch(only, path, 0) == 0;
}

static int
add(struct folder *folder, const char *path)
{
	size_t size = strlen(path) + 1;
	char *copy,
	    **paths = object_grow(
		folder->paths, folder->count, &folder->room, sizeof paths[0]);

	if (paths == NULL)
		return -ENOMEM;
	folder->paths = paths;
	copy = object_alloc(size);
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, path, size);
	folder->paths[folder->count++] = copy;
	return 0;
}

static int
by_name(const FTSENT **one, const FTSENT **other)
{
	return strcmp((*one)->fts_name, (*other)->fts_name);
}

/* Of a file in a folder; whatever else is wrong with it is told later. */
static bool
is_scenario(const char *path)
{
	struct source source;
	char why[256];
	int result = source_read(&source, path, why, sizeof why);

	if (result == 0)
		source_free(&source);
	return result != -ENOMSG;
}

static int
take_entry(struct folder *folder, FTS *walk, FTSENT *entry)
{
	bool is_hidden = entry->fts_level > 0 && entry->fts_name[0] == '.';

	switch (entry->fts_info) {
	case FTS_D:
		if (is_hidden)
			(void)fts_set(walk, entry, FTS_SKIP);
		return 0;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return -entry->fts_errno;
	case FTS_F:
	case FTS_SL:
		if (is_hidden || !is_tcl(entry->fts_name))
			return 0;
		if (is_scenario(entry->fts_path))
			return add(folder, entry->fts_path);
		folder->left_out++;
		return 0;
	default:
		return 0;
	}
}

/* "scenarios/" as "scenarios": no path has two slashes in it. */
static int
walk(struct folder *folder, const char *word, char *why, size_t size)
{
	size_t length = strlen(word);
	char path[4096];
	char *roots[] = { path, NULL };
	FTSENT *entry;
	FTS *fts;
	int result = 0;

	while (length > 1 && word[length - 1] == '/')
		length--;
	(void)snprintf(path, sizeof path, "%.*s", (int)length, word);
	fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	if (fts == NULL)
		result = -errno;
	while (result == 0 && (entry = fts_read(fts)) != NULL)
		result = take_entry(folder, fts, entry);
	if (result != 0)
		(void)snprintf(why, size, "%s: cannot read it: %s", word,
		    strerror(-result));
	if (fts != NULL)
		(void)fts_close(fts);
	return result;
}

static int
take_word(struct folder *folder, const char *word, char *why, size_t size)
{
	const unsigned int before = folder->count;
	struct stat found;
	int result;

	/* What is wrong with a file is told when it is read. */
	if (stat(word, &found) != 0 || !S_ISDIR(found.st_mode)) {
		result = add(folder, word);
		if (result != 0)
			(void)snprintf(why, size, "no memory is left");
		return result;
	}
	result = walk(folder, word, why, size);
	if (result == 0 && folder->count == before) {
		(void)snprintf(why, size,
		    "%s: no scenario is in that folder: a file named *.tcl "
		    "whose first line asks something",
		    word);
		result = -ENOENT;
	}
	return result;
}

/* The name that was probably meant, of all that there are. */
static int
refuse_pattern(
    const struct folder *folder, const char *only, char *why, size_t size)
{
	char nearest[NEAREST_WORD_MAX + 1], name[FOLDER_NAME_SIZE];
	char *names = object_alloc(NAMES_SIZE);
	size_t at = 0;
	unsigned int i;

	for (i = 0; names != NULL && i < folder->count && at < NAMES_SIZE; i++)
		at += (size_t)snprintf(names + at, NAMES_SIZE - at, "%s%s",
		    i == 0 ? "" : " ", folder_name(folder->paths[i], name));
	if (names != NULL && nearest_word(only, names, nearest, sizeof nearest))
		(void)snprintf(why, size,
		    "hotswitch: --only '%.60s' fits none of %u scenarios, did "
		    "you mean '%s'?",
		    only, folder->count, nearest);
	else
		(void)snprintf(why, size,
		    "hotswitch: --only '%.60s' fits none of %u scenarios: it "
		    "is a pattern of a whole name, as in 'b00*' or '*busy*'",
		    only, folder->count);
	object_free(names, NAMES_SIZE);
	return -ENOENT;
}

static int
choose(struct folder *folder, const char *only, char *why, size_t size)
{
	unsigned int i, kept = 0;

	for (i = 0; i < folder->count; i++)
		kept += fits(folder->paths[i], only);
	if (kept == 0)
		return refuse_pattern(folder, only, why, size);
	for (i = kept = 0; i < folder->count; i++)
		if (fits(folder->paths[i], only))
			folder->paths[kept++] = folder->paths[i];
		else
			object_free(
			    folder->paths[i], strlen(folder->paths[i]) + 1);
	folder->count = kept;
	return 0;
}

int
folder_find(struct folder *ret_folder, const char *const *words,
    unsigned int count, const char *only, char *why, size_t size)
{
	struct folder folder = { .paths = NULL };
	unsigned int i;
	int result = 0;

	for (i = 0; result == 0 && i < count; i++)
		result = take_word(&folder, words[i], why, size);
	if (result == 0)
		result = choose(&folder, only, why, size);
	if (result == 0)
		*ret_folder = folder;
	else
		folder_forget(&folder);
	return result;
}

void
folder_forget(struct folder *folder)
{
	unsigned int i;

	for (i = 0; i < folder->count; i++)
		object_free(folder->paths[i], strlen(folder->paths[i]) + 1);
	if (folder->paths != NULL)
		object_free(
		    folder->paths, folder->room * sizeof folder->paths[0]);
	*folder = (struct folder){ .paths = NULL };
}
