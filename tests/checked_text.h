/* checked_text: what `check` says of a text, as a scenario's process tells. */
#ifndef TESTS_CHECKED_TEXT_H
#define TESTS_CHECKED_TEXT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/frame.h"
#include "sim/script.h"
#include "sim/source.h"

/* Where "s.tcl:4:7" says that it is: 4, or 4:7. */
static inline const char *
place_of(const char *place, bool has_column, char shown[32])
{
	const char *line = place + strcspn(place, ":");

	line += *line == ':';
	(void)snprintf(
	    shown, 32, "%.*s", has_column ? 31 : (int)strcspn(line, ":"), line);
	return shown;
}

/* Everything that the check says, a line each: "3: text" or "needs ...". */
static inline void
check_text(const char *text, bool has_columns, char *said, size_t size)
{
	char shown[32];
	static const struct script_options options = { .seed = 1 };
	static char copy[8192], question[] = "q?";
	struct source source = { "s.tcl", copy, question, strlen(text) };
	struct script *script;
	struct frame frame;
	size_t at = 0;

	(void)strcpy(copy, text);
	said[0] = '\0';
	assert_int_equal(script_start(&script, &source, &options), 0);
	while (script_read(script, 1, &frame) == 0 &&
	    strcmp(frame.words[0], "checked") != 0) {
		if (strcmp(frame.words[0], "mistake") != 0)
			at += (size_t)snprintf(
			    said + at, size - at, "%s ", frame.words[0]);
		at += (size_t)snprintf(said + at, size - at, "%s: %s\n",
		    place_of(frame.words[1], has_columns, shown),
		    frame.words[2]);
	}
	script_free(&script);
}

/* Without columns. */
static inline void
says(const char *text, const char *wanted)
{
	static char said[4096], whole[8192];

	/* The lines and the variables that it uses it makes. */
	(void)snprintf(whole, sizeof whole,
	    "%s\nlines 1-9\nlines 1000-1999\n"
	    "proc used {name version n x how} {}\n",
	    text);
	check_text(whole, false, said, sizeof said);
	assert_string_equal(said, wanted);
}

#endif
