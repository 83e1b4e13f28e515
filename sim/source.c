/*
 * source: see source.h for what it is.
 *
 * A scenario is text that a person wrote: what is larger than SOURCE_MAX or
 * holds bytes that are no UTF-8 is a mistake of the command line, and is told
 * before any of it is looked at further.
 */
#include "sim/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "switch/object.h"
#include "switch/utf8.h"

/* A thousand times the sixty lines that a scenario should have. */
enum { SOURCE_MAX = 4 * 1024 * 1024 };

/* Of what is open: its size if it is a file that may be read whole. */
static int
look_at(int descriptor, size_t *ret_length)
{
	struct stat stat;

	if (fstat(descriptor, &stat) != 0)
		return -errno;
	if (S_ISDIR(stat.st_mode))
		return -EISDIR;
	if (!S_ISREG(stat.st_mode))
		return -EINVAL;
	if (stat.st_size > SOURCE_MAX)
		return -EFBIG;
	*ret_length = (size_t)stat.st_size;
	return 0;
}

static int
read_all(int descriptor, char *text, size_t length)
{
	ssize_t got;

	while (length > 0) {
		got = read(descriptor, text, length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : -EIO;
		text += got;
		length -= (size_t)got;
	}
	return 0;
}

/* How many bytes the character at `at` has; 0 if it is none of a text. */
static size_t
character_length(const char *at, size_t left)
{
	if ((unsigned char)at[0] < 0x20)
		return at[0] == '\n' || at[0] == '\t' || at[0] == '\r';
	return at[0] == 0x7f ? 0 : utf8_length(at, left);
}

/* The line of the first byte that is no text, or 0. */
static unsigned int
find_binary(const char *text, size_t length)
{
	unsigned int line = 1;
	size_t at = 0, step;

	while (at < length) {
		step = character_length(text + at, length - at);
		if (step == 0)
			return line;
		line += text[at] == '\n';
		at += step;
	}
	return 0;
}

static int
copy_question(struct source *source)
{
	const char *from = source->text;
	size_t length;

	if (*from == '#')
		from += 1 + strspn(from + 1, "# \t");
	else
		from = "";
	length = strcspn(from, "\r\n");
	source->question = object_alloc(length + 1);
	if (source->question == NULL)
		return -ENOMEM;
	memcpy(source->question, from, length);
	return 0;
}

static void
explain(int result, char *why, size_t size)
{
	const char *text = strerror(-result);

	if (result == -EISDIR)
		text = "it is a directory, expected a scenario file";
	else if (result == -EINVAL)
		text = "it is no regular file";
	else if (result == -EFBIG)
		text = "it is larger than the 4 MiB that a scenario may have";
	(void)snprintf(why, size, "cannot read it: %s", text);
}

/* A scenario asks something on its first line, and the run answers it. */
static bool
has_question(const struct source *source, char *why, size_t size)
{
	if (strchr(source->question, '?') != NULL)
		return true;
	(void)snprintf(why, size,
	    "%s: line 1 of every scenario asks something, as in `# Do two "
	    "reach each other?`",
	    source->length == 0 ? "it is empty" : "line 1 is no question");
	return false;
}

int
source_take(
    int descriptor, char **ret_text, size_t *ret_length, char *why, size_t size)
{
	size_t length = 0;
	char *text = NULL;
	int result = descriptor < 0 ? descriptor : look_at(descriptor, &length);
	unsigned int line;

	if (result == 0)
		text = object_alloc(length + 1);
	if (result == 0)
		result =
		    text == NULL ? -ENOMEM : read_all(descriptor, text, length);
	if (descriptor >= 0)
		(void)close(descriptor);
	if (result != 0) {
		explain(result, why, size);
		goto fail;
	}
	line = find_binary(text, length);
	if (line != 0) {
		(void)snprintf(why, size,
		    "line %u holds bytes that are no text, expected UTF-8",
		    line);
		result = -EILSEQ;
		goto fail;
	}
	*ret_text = text;
	*ret_length = length;
	return 0;
fail:
	if (text != NULL)
		object_free(text, length + 1);
	return result;
}

int
source_read(struct source *ret_source, const char *path, char *why, size_t size)
{
	struct source source = { .path = path };
	/* NONBLOCK: a pipe without a writer must not be waited for. */
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int result = source_take(descriptor < 0 ? -errno : descriptor,
	    &source.text, &source.length, why, size);

	if (result != 0)
		return result;
	result = copy_question(&source);
	if (result != 0) {
		explain(result, why, size);
	} else if (!has_question(&source, why, size)) {
		result = -ENOMSG;
	} else {
		*ret_source = source;
		return 0;
	}
	source_free(&source);
	return result;
}

int
source_make(struct source *ret_source, const char *path, const char *text)
{
	struct source source = { .path = path, .length = strlen(text) };
	int result;

	source.text = object_alloc(source.length + 1);
	if (source.text == NULL)
		return -ENOMEM;
	memcpy(source.text, text, source.length);
	result = copy_question(&source);
	if (result != 0)
		source_free(&source);
	else
		*ret_source = source;
	return result;
}

void
source_free(struct source *source)
{
	if (source->question != NULL)
		object_free(source->question, strlen(source->question) + 1);
	if (source->text != NULL)
		object_free(source->text, source->length + 1);
	source->question = source->text = NULL;
}
