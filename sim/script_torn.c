/*
 * script_torn: a text that Tcl cannot cut into commands.
 *
 * What opens and is never closed takes all that follows into one word.  It is
 * told where it opens; the text is looked at again from where its author most
 * likely went on: by the next line, or behind a body by that which stands no
 * deeper than the command that the body is of.
 */
#include "sim/script_text.h"

#include <stdio.h>
#include <string.h>

#include "switch/nearest.h"

/* Each costs a look at all that follows. */
enum { TORN_MAX = 50 };

struct torn {
	const char *command, *where;
	const Tcl_Parse *parse;
};

static const char *
next_line(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline == NULL ? end : newline + 1;
}

static const char *
first_sign(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

/* How far in the line stands in which `at` is. */
static size_t
depth_of(const struct check *check, const char *at)
{
	const struct part *part =
	    &check->parts->part[parts_find(check->parts, at)];
	const char *line = at;

	while (line > part->text && line[-1] != '\n')
		line--;
	return (size_t)(first_sign(line, at) - line);
}

/* The line behind a body whose brace opens at `where`; `end`: none. */
static const char *
behind_body(const struct check *check, const char *command, const char *where,
    const char *end)
{
	const size_t depth = depth_of(check, command);
	const char *line = next_line(where, end), *sign;

	for (; line < end; line = next_line(line, end)) {
		sign = first_sign(line, end);
		if (sign < end && *sign != '\n' && *sign != '}' &&
		    (size_t)(sign - line) <= depth)
			return line;
	}
	return end;
}

static bool
opens_body(const char *command, const char *where, const char *end)
{
	const char *sign = first_sign(where + 1, end);
	char name[16];

	(void)snprintf(name, sizeof name, "%.*s",
	    (int)strcspn(command, " \t\n{"), command);
	return (sign == end || *sign == '\n') &&
	    word_is_in(name, "at every race if while for foreach proc");
}

static const char *
hint_of_extra(const struct torn *torn)
{
	const bool is_brace = torn->parse->errorType == TCL_PARSE_BRACE_EXTRA;

	if (memmem(torn->command, (size_t)(torn->where - torn->command), " (",
		2) != NULL)
		return "a condition stands in braces, not in parentheses";
	if (*torn->where == '}')
		return "one } less, or a space in front of it";
	return is_brace ? "a space is missing behind the }"
			: "a space is missing behind the text";
}

static const char *
hint_of(const struct torn *torn)
{
	switch (torn->parse->errorType) {
	case TCL_PARSE_BRACE_EXTRA:
	case TCL_PARSE_QUOTE_EXTRA:
		return hint_of_extra(torn);
	case TCL_PARSE_MISSING_BRACE:
	case TCL_PARSE_MISSING_VAR_BRACE:
		return "nothing closes the { that stands here";
	case TCL_PARSE_MISSING_BRACKET:
		return "nothing closes the [ that stands here";
	case TCL_PARSE_MISSING_QUOTE:
		return "nothing ends the text that begins here";
	default:
		return "";
	}
}

const char *
check_torn(struct check *check, const char *command, const char *end,
    const Tcl_Parse *parse)
{
	struct torn torn = { command, parse->term, parse };
	const char *hint, *body;

	if (torn.where < command || torn.where >= end)
		torn.where = command;
	hint = hint_of(&torn);
	check_mistake(check, torn.where, "%s%s%s",
	    Tcl_GetStringResult(check->interp), *hint == '\0' ? "" : ": ",
	    hint);
	if (++check->torn > TORN_MAX)
		return end;
	if (parse->errorType != TCL_PARSE_MISSING_BRACE ||
	    !opens_body(command, torn.where, end))
		return next_line(torn.where, end);
	body = torn.where + 1;
	end = behind_body(check, command, body, end);
	check_add_piece(check, body, (size_t)(end - body), PIECE_SCRIPT);
	return end;
}
