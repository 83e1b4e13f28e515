/*
 * part: see part.h for what it is.
 *
 * Where a line begins is looked for once for each part, so that a scenario of
 * a hundred thousand lines is told about as fast as it is read.
 */
#include "sim/part.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sim/source.h"
#include "switch/object.h"

static unsigned int
count_lines(const char *text, size_t length)
{
	const char *end = text + length;
	unsigned int lines = 1;

	while ((text = memchr(text, '\n', (size_t)(end - text))) != NULL) {
		lines++;
		text++;
	}
	return lines;
}

/* Behind the last; its text is its own from now on. */
static struct part *
append(struct parts *parts, const char *path, char *text, size_t length)
{
	struct part *part = &parts->part[parts->count];
	const struct part *last = part - 1;

	*part = (struct part){ .text = text, .length = length };
	(void)snprintf(part->path, sizeof part->path, "%s", path);
	part->lines = count_lines(text, length);
	part->before = parts->count == 0 ? 0 : last->before + last->lines;
	parts->count++;
	return part;
}

void
parts_begin(struct parts *parts, const struct source *source)
{
	struct stat status = { 0 };
	struct part *part;

	parts->count = 0;
	part = append(parts, source->path, source->text, source->length);
	if (stat(source->path, &status) != 0)
		return;
	part->device = status.st_dev;
	part->inode = status.st_ino;
}

static size_t
folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* -errno */
int
part_open(const char *scenario, const char *name)
{
	const struct open_how how = {
		/* NONBLOCK: a pipe without a writer must not be waited for. */
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	char path[PART_PATH_SIZE];
	int folder, descriptor, result = 0;

	(void)snprintf(
	    path, sizeof path, "%.*s", (int)folder_length(scenario), scenario);
	folder = open(
	    path[0] == '\0' ? "." : path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	descriptor = (int)syscall(SYS_openat2, folder, name, &how, sizeof how);
	if (descriptor < 0)
		result = -errno;
	(void)close(folder);
	return descriptor < 0 ? result : descriptor;
}

static unsigned int
find_file(const struct parts *parts, const struct stat *status)
{
	unsigned int i;

	for (i = 0; i < parts->count; i++)
		if (parts->part[i].device == status->st_dev &&
		    parts->part[i].inode == status->st_ino)
			break;
	return i;
}

int
parts_read(struct parts *parts, const char *name, unsigned int *ret_number,
    char *why, size_t size)
{
	const char *scenario = parts->part[0].path;
	int descriptor = part_open(scenario, name), result;
	char path[PART_PATH_SIZE], *text;
	struct stat status = { 0 };
	size_t length;

	if (descriptor == -EXDEV) {
		(void)snprintf(why, size,
		    "it lies outside of the scenario's folder: only files in "
		    "it or below can be read");
		return -EXDEV;
	}
	if (descriptor >= 0 && fstat(descriptor, &status) == 0)
		*ret_number = find_file(parts, &status);
	if (descriptor >= 0 && *ret_number < parts->count) {
		(void)close(descriptor);
		return 0;
	}
	result = source_take(descriptor, &text, &length, why, size);
	if (result != 0)
		return result;
	(void)snprintf(path, sizeof path, "%.*s%s",
	    (int)folder_length(scenario), scenario, name);
	result = parts_add(parts, path, text, length);
	if (result != 0) {
		(void)snprintf(why, size,
		    "a scenario is made of at most %d files", PARTS_MAX);
		object_free(text, length + 1);
		return result;
	}
	parts->part[*ret_number].device = status.st_dev;
	parts->part[*ret_number].inode = status.st_ino;
	return 0;
}

int
parts_add(struct parts *parts, const char *path, char *text, size_t length)
{
	if (parts->count == PARTS_MAX)
		return -EMFILE;
	(void)append(parts, path, text, length);
	return 0;
}

void
parts_free(struct parts *parts)
{
	struct part *part;

	while (parts->count > 0) {
		part = &parts->part[--parts->count];
		if (part->starts != NULL)
			object_free(
			    part->starts, part->lines * sizeof part->starts[0]);
		if (parts->count > 0) /* the first is the scenario's */
			object_free(part->text, part->length + 1);
	}
}

void
parts_place(const struct parts *parts, unsigned int line, char *place)
{
	const struct part *part = &parts->part[parts->count - 1];

	while (part > parts->part && line <= part->before)
		part--;
	(void)snprintf(
	    place, PLACE_SIZE, "%s:%u", part->path, line - part->before);
}

unsigned int
parts_find(const struct parts *parts, const char *where)
{
	unsigned int i = 0;

	while (i + 1 < parts->count &&
	    (where < parts->part[i].text ||
		where > parts->part[i].text + parts->part[i].length))
		i++;
	return i;
}

static void
find_starts(struct part *part)
{
	const char *at = part->text, *end = at + part->length;
	unsigned int line = 0;

	part->starts = object_alloc(part->lines * sizeof part->starts[0]);
	if (part->starts == NULL)
		return;
	part->starts[line++] = 0;
	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL)
		part->starts[line++] = (size_t)(++at - part->text);
}

/* Of a part, the line from 0 that has the place. */
static unsigned int
line_in(const struct part *part, size_t at)
{
	unsigned int low = 0, high = part->lines, middle;

	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (part->starts[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

unsigned int
parts_line(struct parts *parts, const char *where)
{
	struct part *part = &parts->part[parts_find(parts, where)];

	if (part->starts == NULL)
		find_starts(part);
	return part->starts == NULL
	    ? 0
	    : part->before + line_in(part, (size_t)(where - part->text)) + 1;
}

const char *
parts_text(struct parts *parts, unsigned int line)
{
	struct part *part = &parts->part[parts->count - 1];

	while (part > parts->part && line <= part->before)
		part--;
	if (part->starts == NULL)
		find_starts(part);
	line -= part->before;
	return part->starts == NULL || line == 0 || line > part->lines
	    ? NULL
	    : part->text + part->starts[line - 1];
}

unsigned int
parts_column(struct parts *parts, const char *where)
{
	struct part *part = &parts->part[parts_find(parts, where)];
	unsigned int column = 1;
	const char *at;

	if (parts_line(parts, where) == 0)
		return 0;
	at = part->text +
	    part->starts[line_in(part, (size_t)(where - part->text))];
	for (; at < where; at++)
		column += ((unsigned char)*at & 0xc0) != 0x80;
	return column;
}
