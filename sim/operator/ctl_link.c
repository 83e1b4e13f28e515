/*
 * ctl_link: the socket of ctl, and what is printed of what comes from it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "calls/database/screen.h"
#include "sim/operator/ctl.h"
#include "sim/operator/ctl_internal.h"
#include "sim/options.h"
#include "sim/socket.h"
#include "sim/terminal.h"
#include "switch/object.h"

struct ctl_link {
	unsigned int magic;
#define CTL_LINK_MAGIC 0x27f9a8c3
	FILE *in;
	int descriptor;
	bool is_json, is_on_terminal, is_coloured;
	bool has_progress; /* a line that is to be cleared */
};

static int
tell_no_switch(const char *path, int error)
{
	const char *why = strerror(-error);

	if (error == -ENOENT || error == -ECONNREFUSED)
		why = "no switch serves there (hotswitch serve begins one; "
		      "--socket PATH is where)";
	(void)fprintf(stderr, "hotswitch: socket '%s': %s\n", path, why);
	return EXIT_IMPOSSIBLE;
}

bool
ctl_finds(const struct options *options)
{
	int descriptor = socket_dial(options->socket, 0);

	if (descriptor >= 0)
		(void)close(descriptor);
	return descriptor >= 0;
}

int
ctl_connect(
    struct ctl_link **ret_link, const struct options *options, bool is_coloured)
{
	int descriptor = socket_dial(options->socket, 0);
	struct ctl_link *link;

	if (descriptor < 0)
		return tell_no_switch(options->socket, descriptor);
	if (ALLOC_OBJ(link, CTL_LINK_MAGIC) == NULL ||
	    (link->in = fdopen(descriptor, "r")) == NULL) {
		(void)close(descriptor);
		FREE_OBJ(&link, CTL_LINK_MAGIC);
		return tell_no_switch(options->socket, -ENOMEM);
	}
	link->descriptor = descriptor;
	link->is_json = options->format == FORMAT_JSON;
	link->is_on_terminal = terminal_is(STDERR_FILENO);
	link->is_coloured = is_coloured;
	*ret_link = link;
	return EXIT_PASSED;
}

void
ctl_disconnect(struct ctl_link **linkp)
{
	CHECK_OBJ(*linkp, CTL_LINK_MAGIC);
	(void)fclose((*linkp)->in);
	FREE_OBJ(linkp, CTL_LINK_MAGIC);
}

/*--------------------------------------------------------------------
 * Printing
 */

static void
clear_progress(struct ctl_link *link)
{
	if (link->has_progress)
		(void)fputs("\r\033[K", stderr);
	link->has_progress = false;
}

/* "[#######.............]  37 %" */
static int
draw_bar(double share, char *text, size_t size)
{
	enum { WIDTH = 30 };
	static const char full[] = "##############################",
			  empty[] = "..............................";
	int done = share > 1 ? WIDTH : (int)(share * WIDTH);

	return snprintf(text, size, "[%.*s%.*s] %3.0f %%", done, full,
	    WIDTH - done, empty, (share > 1 ? 1 : share) * 100);
}

/* Those that the canary has taken run it, though it is on trial no more. */
static void
write_progress(json_t *progress, char *text, size_t size)
{
	const char *stage = "";
	json_int_t converted = 0, pinned = 0, failed = 0, live = 0, tried = 0;
	double longest = 0;
	bool is_canary;
	int at;

	(void)json_unpack(progress, "{s:s, s:I, s:I, s:I, s:I, s:I, s:{s:F}}",
	    "stage", &stage, "converted", &converted, "pinned", &pinned,
	    "failed", &failed, "live", &live, "canaries", &tried, "pause_us",
	    "max", &longest);
	is_canary = strcmp(stage, "canary") == 0;
	if (!is_canary)
		tried = converted + pinned + failed;
	at = draw_bar(live == 0 ? 0 : (double)tried / (double)live, text, size);
	(void)snprintf(text + at, size - (size_t)at,
	    " %s: %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT
	    " %s, %" JSON_INTEGER_FORMAT " pinned, longest pause %.0f us",
	    stage, is_canary ? tried : converted, live,
	    is_canary ? "watched" : "converted", pinned, longest);
}

/* On one line of the terminal, which could not be cleared were it two. */
static void
show_progress(struct ctl_link *link, json_t *progress)
{
	char text[256];

	if (!link->is_on_terminal)
		return;
	clear_progress(link);
	write_progress(progress, text, sizeof text);
	(void)fprintf(stderr, "%.*s", (int)screen_columns(stderr) - 1, text);
	(void)fflush(stderr);
	link->has_progress = true;
}

/* Members that are no text of their own: as JSON, indented. */
static void
print_members(json_t *answer)
{
	static const char *const known[] = { "ok", "command", "value", "text",
		"state", "columns", "upgrade", "reload", "tree" };
	const char *key;
	json_t *member;
	unsigned int i;
	char *text;

	json_object_foreach(answer, key, member)
	{
		for (i = 0; i < sizeof known / sizeof known[0]; i++)
			if (strcmp(known[i], key) == 0)
				break;
		if (i < sizeof known / sizeof known[0])
			continue;
		text = json_dumps(member,
		    JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_ENCODE_ANY |
			JSON_REAL_PRECISION(9));
		(void)printf("%s\n", text == NULL ? "" : text);
		free(text);
	}
}

/* The answer: its exit status. */
static int
print_answer(json_t *answer)
{
	const char *text = json_string_value(json_object_get(answer, "text"));
	const char *value = json_string_value(json_object_get(answer, "value"));
	const char *error = json_string_value(json_object_get(answer, "error"));
	const json_t *status = json_object_get(answer, "status");

	if (!json_is_true(json_object_get(answer, "ok"))) {
		(void)fprintf(stderr, "hotswitch: %s\n",
		    error == NULL ? "it was refused" : error);
		return json_is_integer(status) ? (int)json_integer_value(status)
					       : EXIT_FAILED;
	}
	if (text != NULL)
		(void)printf("%s\n", text);
	else if (value != NULL)
		(void)printf("%s\n", value);
	print_members(answer);
	return EXIT_PASSED;
}

/* One object; -1: more will come. */
static int
take_object(struct ctl_link *link, const char *line)
{
	json_t *object = json_loads(line, 0, NULL);
	json_t *progress;
	int status = -1;

	if (object == NULL) {
		(void)fputs("hotswitch: what it answers is no JSON\n", stderr);
		return EXIT_IMPOSSIBLE;
	}
	progress = json_object_get(object, "progress");
	if (link->is_json) {
		(void)fputs(line, stdout);
		(void)fflush(stdout);
	}
	if (progress != NULL && !link->is_json)
		show_progress(link, progress);
	if (json_object_get(object, "ok") != NULL) {
		clear_progress(link);
		status = link->is_json
		    ? json_is_true(json_object_get(object, "ok"))
			? EXIT_PASSED
			: (int)json_integer_value(
			      json_object_get(object, "status"))
		    : print_answer(object);
	}
	json_decref(object);
	return status;
}

/*--------------------------------------------------------------------
 * Talking
 */

bool
ctl_send(struct ctl_link *link, const char *line)
{
	CHECK_OBJ(link, CTL_LINK_MAGIC);
	return socket_send_all(link->descriptor, line, strlen(line)) == 0 &&
	    socket_send_all(link->descriptor, "\n", 1) == 0;
}

json_t *
ctl_receive(struct ctl_link *link)
{
	char *line = NULL;
	size_t room = 0;
	json_t *object = NULL;

	CHECK_OBJ(link, CTL_LINK_MAGIC);
	if (getline(&line, &room, link->in) > 0)
		object = json_loads(line, 0, NULL);
	free(line);
	return object;
}

int
ctl_descriptor(const struct ctl_link *link)
{
	CHECK_OBJ(link, CTL_LINK_MAGIC);
	return link->descriptor;
}

int
ctl_say(struct ctl_link *link, const char *line)
{
	char *object = NULL;
	size_t room = 0;
	int status = -1;

	if (ctl_send(link, line))
		while (status < 0 && getline(&object, &room, link->in) > 0)
			status = take_object(link, object);
	free(object);
	clear_progress(link);
	if (status >= 0)
		return status;
	(void)fputs(
	    "hotswitch: the switch has gone before it answered\n", stderr);
	return EXIT_IMPOSSIBLE;
}
