/*
 * script_expression: what cannot be read in an expression, where it stands, and
 * what to write instead.
 *
 * Tcl says what it met but seldom where: the place is looked for again, outside
 * of texts, brackets and the names of variables.  What is wrong with one that
 * can be read is script_condition.c's.
 */
#include "sim/script_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sim/noun.h"
#include "switch/nearest.h"

/* An expression that Tcl has refused, and the first line of what it says. */
struct refused {
	const char *start, *end;
	const char *text;
	char what[WORD_MAX]; /* the word or sign that it quotes, or "" */
	const char *where;
};

/*--------------------------------------------------------------------
 * Where it is
 */

/* Behind what opens at `at`, up to `closes`; opened again it nests. */
static const char *
behind(const char *at, const char *end, char closes)
{
	const char opens = *at;
	unsigned int depth = 0;

	for (; at < end; at++) {
		if (*at == '\\')
			at++;
		else if (*at == closes && depth == 1)
			return at + 1;
		else if (*at == opens)
			depth++;
		else if (*at == closes)
			depth--;
	}
	return end;
}

static const char *
behind_word(const char *at, const char *end)
{
	while (at < end &&
	    (isalnum((unsigned char)*at) || *at == '_' || *at == ':'))
		at++;
	return at;
}

/* The next piece: a text, brackets, a variable, a word, or one sign. */
static const char *
behind_piece(const char *at, const char *end)
{
	if (*at == '"')
		return behind(at, end, '"');
	if (*at == '{')
		return behind(at, end, '}');
	if (*at == '[')
		return behind(at, end, ']');
	if (*at == '$' && at + 1 < end && at[1] == '{')
		return behind(at + 1, end, '}');
	if (*at == '$')
		return behind_word(at + 1, end);
	return isalnum((unsigned char)*at) ? behind_word(at, end) : at + 1;
}

static const char *
find_piece(const struct refused *refused, const char *piece)
{
	const char *at = refused->start, *next;
	size_t length = strlen(piece);

	for (; at < refused->end; at = next) {
		next = behind_piece(at, refused->end);
		if ((size_t)(next - at) == length &&
		    memcmp(at, piece, length) == 0)
			return at;
	}
	return NULL;
}

/* `=` by itself: not that of == != <= >=. */
static const char *
find_lone_equals(const struct refused *refused)
{
	const char *at = refused->start, *next;

	for (; at < refused->end; at = next) {
		next = behind_piece(at, refused->end);
		if (next < refused->end && *next == '=' &&
		    strchr("=!<>", *at) != NULL)
			next++;
		else if (*at == '=')
			return at;
	}
	return NULL;
}

/* The last one opened, or the first one closed, that has no other. */
static const char *
find_parenthesis(const struct refused *refused, bool is_open)
{
	const char *at = refused->start, *found = NULL;
	int depth = 0;

	for (; at < refused->end; at = behind_piece(at, refused->end)) {
		depth += *at == '(';
		depth -= *at == ')';
		if (depth < 0)
			return is_open ? NULL : at;
		if (*at == '(' && depth == 1)
			found = at;
	}
	return is_open ? found : NULL;
}

/* Between what stands before _@_ and behind it, either cut by dots. */
static const char *
find_mark(const struct refused *refused)
{
	static const char opens[] = "\nin expression \"";
	const char *from = strstr(refused->text, opens), *mark, *to, *found;
	char around[WORD_MAX];

	if (from == NULL)
		return NULL;
	from += sizeof opens - 1;
	mark = strstr(from, "_@_");
	to = from + strcspn(from, "\n");
	if (mark == NULL || to == from)
		return NULL;
	to -= to[-1] == ';';
	to -= to[-1] == '"';
	from += strncmp(from, "...", 3) == 0 ? 3 : 0;
	to -= to - mark > 6 && strncmp(to - 3, "...", 3) == 0 ? 3 : 0;
	(void)snprintf(around, sizeof around, "%.*s%.*s", (int)(mark - from),
	    from, (int)(to - mark - 3), mark + 3);
	found = memmem(refused->start, (size_t)(refused->end - refused->start),
	    around, strlen(around));
	return found == NULL ? NULL : found + (mark - from);
}

static const char *
find_place(const struct refused *refused, const char *term)
{
	if (strstr(refused->text, "_@_") != NULL)
		return find_mark(refused);
	if (strncmp(refused->text, "unbalanced open", 15) == 0)
		return find_parenthesis(refused, true);
	if (strncmp(refused->text, "unbalanced close", 16) == 0)
		return find_parenthesis(refused, false);
	if (strcmp(refused->what, "=") == 0)
		return find_lone_equals(refused);
	if (strncmp(refused->text, "missing ", 8) == 0 && term < refused->end)
		return term;
	return refused->what[0] == '\0' ? NULL
					: find_piece(refused, refused->what);
}

/*--------------------------------------------------------------------
 * What to write instead
 */

/* The first sign in front of the place that is no blank; or NUL. */
static char
sign_before(const struct refused *refused)
{
	const char *at = refused->where;

	while (at > refused->start && isspace((unsigned char)at[-1]))
		at--;
	return at > refused->start ? at[-1] : '\0';
}

/* What others write for the operators of Tcl. */
static const char *
operator_meant(const char *word)
{
	static const struct {
		const char *words, *meant;
	} others[] = {
		{ "and AND", "write && for it" },
		{ "or OR", "write || for it" },
		{ "not NOT", "write ! for it" },
		{ "is equals equal IS", "write == for numbers, eq for texts" },
		{ "between", "write it as two, joined by &&" },
	};
	unsigned int i;

	for (i = 0; i < sizeof others / sizeof others[0]; i++)
		if (word_is_in(word, others[i].words))
			return others[i].meant;
	return NULL;
}

/* Whether what stands in front asks for a text. */
static bool
wants_text(const struct refused *refused)
{
	const char *at = refused->where;

	while (at > refused->start && isspace((unsigned char)at[-1]))
		at--;
	return at - refused->start > 2 && isspace((unsigned char)at[-3]) &&
	    (strncmp(at - 2, "eq", 2) == 0 || strncmp(at - 2, "ne", 2) == 0 ||
		strncmp(at - 2, "in", 2) == 0 || strncmp(at - 2, "ni", 2) == 0);
}

static void
hint_at_word(const struct refused *refused, char *hint, size_t size)
{
	const char *meant = operator_meant(refused->what);

	if (meant != NULL)
		(void)snprintf(hint, size, "%s", meant);
	else if (isdigit((unsigned char)refused->what[0]) ||
	    isdigit((unsigned char)sign_before(refused)))
		(void)snprintf(hint, size,
		    "columns are plain numbers, with the unit in their name");
	else if (noun_has_column(refused->what) && !wants_text(refused))
		(void)snprintf(hint, size,
		    "a column is written with a $, as in $%.40s",
		    refused->what);
	else
		(void)snprintf(hint, size,
		    "a text wants quotes, as in \"%.40s\"", refused->what);
}

static const char *
hint_at_equals(const struct refused *refused)
{
	const char *at = refused->where;

	if (at + 1 < refused->end && at[1] == '<')
		return "write <=";
	if (at + 1 < refused->end && at[1] == '>')
		return "write >=";
	if (at > refused->start && at[-1] == '=')
		return "write ==";
	if (at > refused->start + 1 && at[-1] == ' ' &&
	    strchr("<>!", at[-2]) != NULL)
		return "the two signs of <= >= and != stand side by side";
	return "write == for numbers, eq for texts";
}

static const char *
hint_at_sign(const struct refused *refused)
{
	switch (refused->what[0]) {
	case '\'':
		return "a text wants double quotes, as in \"dial\"";
	case ',':
		return "decimals have a point, and one of several is $cause in "
		       "{16 17}";
	case '.':
		return "a column has no name in front of it: the subject "
		       "before the condition is whose it is";
	case ';':
		return "conditions are joined by && or ||";
	case '#':
		return "a remark stands on a line of its own";
	default:
		return "";
	}
}

static const char *
hint_at_nothing(const struct refused *refused)
{
	if (sign_before(refused) == '%')
		return "a share is a plain number here, as in 0.05 for 5%";
	if (sign_before(refused) == '<' && refused->where < refused->end &&
	    *refused->where == '>')
		return "write != for numbers, ne for texts";
	return "";
}

static void
find_hint(const struct refused *refused, char *hint, size_t size)
{
	const char *text = refused->text;

	hint[0] = '\0';
	if (strncmp(text, "invalid bareword", 16) == 0)
		hint_at_word(refused, hint, size);
	else if (strcmp(refused->what, "=") == 0)
		(void)snprintf(hint, size, "%s", hint_at_equals(refused));
	else if (strncmp(text, "missing operand", 15) == 0)
		(void)snprintf(hint, size, "%s", hint_at_nothing(refused));
	else if (strncmp(text, "missing operator at", 19) == 0)
		(void)snprintf(hint, size, "conditions are joined by && or ||");
	else if (strncmp(text, "empty expression", 16) == 0)
		(void)snprintf(
		    hint, size, "write what must be so, as in {$live == 0}");
	else
		(void)snprintf(hint, size, "%s", hint_at_sign(refused));
}

/*--------------------------------------------------------------------
 * Both
 */

/* What stands in its first pair of quotes. */
static void
read_quoted(struct refused *refused)
{
	const char *from = strchr(refused->text, '"');
	size_t length;

	if (from == NULL || from > refused->text + strcspn(refused->text, "\n"))
		return;
	length = strcspn(from + 1, "\"\n");
	(void)snprintf(
	    refused->what, sizeof refused->what, "%.*s", (int)length, from + 1);
}

static void
tell(struct check *check, const char *start, size_t length, const char *term)
{
	struct refused refused = { start, start + length,
		Tcl_GetStringResult(check->interp), "", NULL };
	char hint[WORD_MAX];
	size_t first = strcspn(refused.text, "\n");

	read_quoted(&refused);
	refused.where = find_place(&refused, term);
	if (refused.where == NULL)
		refused.where = start;
	find_hint(&refused, hint, sizeof hint);
	if (memmem(refused.text, first, " at _@_", 7) != NULL)
		first =
		    (size_t)(strstr(refused.text, " at _@_") - refused.text);
	check_mistake(check, refused.where, "bad condition: %.*s%s%s",
	    (int)first, refused.text, hint[0] == '\0' ? "" : ": ", hint);
}

/* Whether Tcl has it: it knows best which its version has. */
static bool
is_function(struct check *check, const char *name)
{
	char command[WORD_MAX + 32];
	Tcl_CmdInfo info;

	(void)snprintf(command, sizeof command, "::tcl::mathfunc::%s", name);
	return Tcl_GetCommandInfo(check->interp, command, &info) != 0;
}

static void
refuse_function(struct check *check, const char *where, const char *name)
{
	char functions[KNOWN_MAX] = "", nearest[NEAREST_WORD_MAX + 1];

	if (Tcl_EvalEx(check->interp, "::lsort [::info functions]", -1,
		TCL_EVAL_GLOBAL) == TCL_OK)
		(void)snprintf(functions, sizeof functions, "%s",
		    Tcl_GetStringResult(check->interp));
	if (nearest_word(name, functions, nearest, sizeof nearest))
		check_mistake(check, where,
		    "there is no function '%.40s', did you mean '%s'?", name,
		    nearest);
	else
		check_mistake(check, where,
		    "there is no function '%.40s', there are: %s", name,
		    functions);
}

/* One of Tcl's; a scenario may make its own, as procedures. */
static void
check_function(struct check *check, const Tcl_Token *token)
{
	char name[WORD_MAX];

	(void)snprintf(name, sizeof name, "%.*s", token->size, token->start);
	if (!check->is_learning && !word_is_in(name, "eq ne in ni") &&
	    !is_function(check, name) && !check->is_open[TABLE_procs] &&
	    !check_is_learnt(check, TABLE_procs, name))
		refuse_function(check, token->start, name);
}

bool
check_expression(
    struct check *check, const char *start, size_t length, bool is_of_subject)
{
	const Tcl_Token *token;
	Tcl_Parse parse;

	if (Tcl_ParseExpr(check->interp, start, (int)length, &parse) !=
	    TCL_OK) {
		tell(check, start, length, parse.term);
		return false;
	}
	for (token = parse.tokenPtr; token < parse.tokenPtr + parse.numTokens;
	     token++)
		if (token->type == TCL_TOKEN_OPERATOR &&
		    isalpha((unsigned char)token->start[0]))
			check_function(check, token);
	check_add_brackets(check, &parse);
	if (!is_of_subject)
		check_variables(check, &parse, false);
	Tcl_FreeParse(&parse);
	return true;
}
