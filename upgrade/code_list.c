/*
 * code_list: what stands in the roots, for messages.
 *
 * It only looks at names: what is in a file that stands there, and whether it
 * would be let in, is not known before it is loaded.
 */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "switch/nearest.h"
#include "switch/object.h"
#include "switch/text.h"
#include "upgrade/code_internal.h"
#include "upgrade/schema.h"

enum { PATH_BYTES = 4096, SHOWN_MAX = 12 };

/* `text` as a part of a glob(7) pattern that stands for itself. */
static size_t
append_literal(char *pattern, size_t length, size_t size, const char *text)
{
	for (; *text != '\0' && length + 2 < size; text++) {
		if (strchr("*?[\\", *text) != NULL)
			pattern[length++] = '\\';
		pattern[length++] = *text;
	}
	pattern[length] = '\0';
	return length;
}

/* ROOT/VERSION/MODULE.so without what is not the version. */
static void
list_release(const char *path, const char *root, const char *module, char *text,
    size_t size)
{
	char version[CODE_VERSION_BYTES];
	size_t skip = strlen(root) + 1, tail = strlen(module) + 4;

	snprintf(version, sizeof version, "%.*s",
	    (int)(strlen(path) - skip - tail), path + skip);
	if (schema_symbol_number(text, version) < 0)
		text_append(
		    text, size, "%s%s", text[0] == '\0' ? "" : " ", version);
}

static void
list_releases(const char *root, const char *between, const char *module,
    char *text, size_t size)
{
	char pattern[PATH_BYTES];
	glob_t found;
	size_t length, i;

	length = append_literal(pattern, 0, sizeof pattern / 2, root);
	length += (size_t)snprintf(
	    pattern + length, sizeof pattern - length, "%s", between);
	length = append_literal(pattern, length, sizeof pattern - 4, module);
	snprintf(pattern + length, sizeof pattern - length, ".so");
	if (glob(pattern, 0, NULL, &found) == 0)
		for (i = 0; i < found.gl_pathc; i++)
			list_release(
			    found.gl_pathv[i], root, module, text, size);
	globfree(&found);
}

void
code_list(const char *const *roots, unsigned int count, const char *module,
    char *text, size_t size)
{
	unsigned int i;

	assert(size > 0);
	text[0] = '\0';
	for (i = 0; i < count; i++) {
		list_releases(roots[i], "/*/", module, text, size);
		list_releases(roots[i], "/*/*/", module, text, size);
	}
}

/* How long what stands before the last slash of a word is; 0: there is none. */
static size_t
folder_length(const char *word, size_t length)
{
	while (length > 0 && word[length - 1] != '/')
		length--;
	return length;
}

void
code_abridge(const char *list, char *text, size_t size)
{
	size_t length, folder, at = 0, last_folder = 0;
	unsigned int words = 0;
	const char *last = "";

	text[0] = '\0';
	for (; *list != '\0' && at < size;
	     list += length, list += *list == ' ') {
		length = strcspn(list, " ");
		folder = folder_length(list, length);
		if (folder > 0 && folder == last_folder &&
		    memcmp(list, last, folder) == 0)
			continue;
		last = list;
		last_folder = folder;
		if (words++ >= SHOWN_MAX)
			continue;
		at += (size_t)snprintf(text + at, size - at, "%s%.*s%s",
		    at == 0 ? "" : " ", (int)(folder > 0 ? folder : length),
		    list, folder > 0 ? "..." : "");
	}
	if (words > SHOWN_MAX && at < size)
		snprintf(
		    text + at, size - at, " and %u more", words - SHOWN_MAX);
}

void
code_suggest(const char *version, const char *list, char *text, size_t size)
{
	char near[NEAREST_WORD_MAX + 1], mean[NEAREST_WORD_MAX + 32] = "";
	int length;

	if (nearest_word(version, list, near, sizeof near))
		snprintf(mean, sizeof mean, "did you mean '%s'? ", near);
	length = snprintf(text, size, "%sthere are: ", mean);
	if (length >= 0 && (size_t)length < size)
		code_abridge(list, text + length, size - (size_t)length);
}

void
code_known(const struct code *code, const char *module, char *text, size_t size)
{
	CHECK_OBJ(code, CODE_MAGIC);
	code_list(code->roots, code->root_count, module, text, size);
}
