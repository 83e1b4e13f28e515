/*
 * csv: see csv.h for what it is.
 *
 * A scenario may come from anywhere, so the file that it names must not lie
 * outside of its folder, not by way of a link either.
 */
#include "sim/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX_BYTES = 32 * 1024 * 1024, LINE_MAX_BYTES = 4096 };

__attribute__((format(printf, 4, 5))) static int
refuse(int result, char *why, size_t size, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	(void)vsnprintf(why, size, format, values);
	va_end(values);
	return result;
}

/* Whether `path` lies in `folder`, both without links. */
static bool
is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return strncmp(path, folder, length) == 0 &&
	    (folder[length - 1] == '/' || path[length] == '/');
}

/* The file of that folder, without links; NULL, with errno. */
static char *
path_in(const char *folder, const char *file)
{
	char *name = NULL, *path = NULL;

	if (asprintf(&name, "%s/%s", folder, file) < 0)
		return NULL;
	path = realpath(name, NULL);
	free(name);
	return path;
}

/* Its whole path, to be freed. */
static int
find_beside(const char *beside, const char *file, char **ret_path, char *why,
    size_t size)
{
	const char *slash = strrchr(beside, '/');
	const size_t length = slash == NULL ? 0 : (size_t)(slash - beside) + 1;
	char *name = strndup(beside, length);
	char *folder =
	    name == NULL ? NULL : path_in(name[0] == '/' ? "" : ".", name);
	char *path =
	    folder == NULL || file[0] == '/' ? NULL : path_in(folder, file);
	int result = 0;

	if (file[0] == '/' ||
	    (path != NULL && folder != NULL && !is_below(path, folder)))
		result = refuse(-EACCES, why, size,
		    "cannot read '%s': it is not in the scenario's folder",
		    file);
	else if (path == NULL)
		result = refuse(-ENOENT, why, size, "cannot read '%s': %s",
		    file, strerror(errno));
	free(name);
	free(folder);
	if (result != 0)
		free(path);
	else
		*ret_path = path;
	return result;
}

static int
open_file(
    const char *path, const char *file, FILE **ret_file, char *why, size_t size)
{
	/* NONBLOCK: a pipe without a writer must not be waited for. */
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *what = NULL;
	struct stat status;

	if (descriptor < 0 || fstat(descriptor, &status) != 0)
		what = strerror(errno);
	else if (!S_ISREG(status.st_mode))
		what = "it is no regular file";
	else if (status.st_size > FILE_MAX_BYTES)
		what = "it is larger than 32 MiB";
	else if ((*ret_file = fdopen(descriptor, "r")) == NULL)
		what = strerror(errno);
	if (what == NULL)
		return 0;
	if (descriptor >= 0)
		(void)close(descriptor);
	return refuse(-EINVAL, why, size, "cannot read '%s': %s", file, what);
}

static char *
trim(char *text)
{
	char *end;

	text += strspn(text, " \t\"");
	end = text + strlen(text);
	while (end > text && strchr(" \t\r\n\"", end[-1]) != NULL)
		*--end = '\0';
	return text;
}

static void
split(char *text, struct csv_row *row)
{
	char *next = text;

	row->count = 0;
	while (next != NULL && row->count < CSV_CELLS_MAX) {
		text = strsep(&next, ",;");
		row->cells[row->count++] = trim(text);
	}
}

/* One line: 0, or -errno.  `*rows`: that were taken so far. */
static int
take_line(char *text, unsigned int line, unsigned int *rows, csv_row_f *take,
    void *arg, char *why, size_t size)
{
	struct csv_row row = { .line = line };
	int result;

	text = trim(text);
	if (*text == '\0' || *text == '#')
		return 0;
	if (*rows == CSV_ROWS_MAX)
		return refuse(
		    -EFBIG, why, size, "more than %d rows", CSV_ROWS_MAX);
	split(text, &row);
	result = take(arg, &row, why, size);
	if (result > 0 && (*rows)++ == 0)
		return 0; /* names of columns */
	if (result == 0)
		(*rows)++;
	return result > 0 ? -EINVAL : result;
}

static int
read_lines(FILE *in, const char *file, csv_row_f *take, void *arg, char *why,
    size_t size)
{
	char text[LINE_MAX_BYTES], clause[256] = "";
	unsigned int line = 0, rows = 0;
	int result = 0;

	while (result == 0 && fgets(text, sizeof text, in) != NULL) {
		line++;
		if (strlen(text) == sizeof text - 1)
			result = refuse(-EINVAL, clause, sizeof clause,
			    "a line longer than %d bytes", LINE_MAX_BYTES);
		else
			result = take_line(text, line, &rows, take, arg, clause,
			    sizeof clause);
	}
	if (result != 0)
		return refuse(
		    result, why, size, "%s:%u: %s", file, line, clause);
	if (ferror(in))
		return refuse(-EIO, why, size, "cannot read '%s'", file);
	return 0;
}

int
csv_read(const char *beside, const char *file, csv_row_f *row, void *arg,
    char *why, size_t size)
{
	char *path = NULL;
	FILE *in = NULL;
	int result = find_beside(beside, file, &path, why, size);

	if (result == 0)
		result = open_file(path, file, &in, why, size);
	if (result == 0) {
		result = read_lines(in, file, row, arg, why, size);
		(void)fclose(in);
	}
	free(path);
	return result;
}
