/* Any text is checked to its end, and each mistake says where it stands. */
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <tcl.h>

#include "sim/script_internal.h"
#include "sim/source.h"
#include "switch/object.h"

/* What it may include, which includes it. */
static const char other[] = "include s.tcl\ncall c 1001 1002\nadvence 1s\n";

static unsigned int
count_lines(const char *text)
{
	unsigned int lines = 1;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

/* "s.tcl:4:7": a line that there is, and a column. */
static void
on_mistake(void *arg, const char *place, const char *text)
{
	const struct parts *parts = arg;
	unsigned int line, column, i;
	char path[16];

	expect_clause(text);
	if (strncmp(text, "and ", 4) == 0 && strchr(place, ':') == NULL)
		return; /* more than are told */
	must(sscanf(place, "%15[^:]:%u:%u", path, &line, &column) == 3,
	    "no place: %s", place);
	for (i = 0; strcmp(parts->part[i].path, path) != 0; i++)
		must(i + 1 < parts->count, "no file of it: %s", place);
	must(line >= 1 && line <= count_lines(parts->part[i].text) &&
		column >= 1,
	    "no such place: %s", place);
}

static void
on_need(void *arg, const char *place, const char *module, const char *version,
    const char *command)
{
	(void)arg;
	must(place && module && version && command, "a need without words");
}

static void
on_setting(void *arg, const char *place, const char *name, const char *number)
{
	(void)arg;
	must(place && name && number, "a setting without words");
}

static void
on_param(void *arg, const char *place, const char *name)
{
	(void)arg;
	must(place && name, "a parameter without words");
}

static int
find_part(void *arg, const char *name, unsigned int *ret_number, char *why,
    size_t size)
{
	struct parts *parts = arg;
	char *text;
	unsigned int i;

	for (i = 0; i < parts->count; i++)
		if (strcmp(parts->part[i].path, name) == 0) {
			*ret_number = i;
			return 0;
		}
	if (strcmp(name, "other.tcl") == 0) {
		text = object_alloc(sizeof other);
		memcpy(text, other, sizeof other);
		*ret_number = parts->count;
		return parts_add(parts, name, text, sizeof other - 1);
	}
	(void)snprintf(why, size, "No such file or directory");
	return -ENOENT;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	Tcl_FindExecutable(NULL);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct parts parts;
	static char question[] = "q?";
	const struct script_findings findings = { &parts, on_mistake, on_need,
		on_setting, on_param, find_part };
	struct source source = { "s.tcl", NULL, question, size };

	if (memchr(bytes, '\0', size) != NULL)
		return -1; /* it is no text, and never comes here */
	source.text = text_of(bytes, size);
	parts_begin(&parts, &source);
	script_check(&parts, &findings);
	parts_free(&parts);
	free(source.text);
	return 0;
}
