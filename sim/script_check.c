/*
 * script_check: what is wrong with a scenario, found without running it.
 *
 * The text is cut as Tcl itself cuts it (Tcl_ParseCommand, Tcl_ParseExpr).
 * Every command word must be known, every command of ours must fit its usage
 * as far as its words are literal, and every body and bracket is looked into:
 * each is a piece put on a list, so that no text, however deep, costs stack.
 * Three passes: one learns the names that the text makes, the second judges,
 * the third tells, in the order of lines.
 *
 * Words that are made at run time fit everywhere here; command_match() holds
 * them against the same usage when they are known.
 */
#include "sim/script_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/script_internal.h"
#include "switch/clause.h"
#include "switch/nearest.h"
#include "switch/object.h"

void
check_where(struct check *check, const char *where, char place[PLACE_SIZE])
{
	char line[PLACE_SIZE];

	parts_place(check->parts, parts_line(check->parts, where), line);
	(void)snprintf(place, PLACE_SIZE, "%.*s:%u", PLACE_SIZE - 16, line,
	    parts_column(check->parts, where));
}

bool
check_is_enough(struct check *check)
{
	if (check->is_learning)
		return true;
	if (check->mistakes_count < MISTAKES_MAX)
		return false;
	check->mistakes_count++;
	return true;
}

void
check_mistake(struct check *check, const char *where, const char *format, ...)
{
	struct mistake *mistakes, *mistake;
	va_list arguments;

	if (check->is_learning || check->mistakes_count++ >= MISTAKES_MAX)
		return;
	mistakes = object_grow(check->mistakes, check->mistakes_count - 1,
	    &check->mistakes_room, sizeof *mistakes);
	if (mistakes == NULL)
		_exit(SCRIPT_EXIT_MEMORY);
	check->mistakes = mistakes;
	mistake = &mistakes[check->mistakes_count - 1];
	mistake->where = where;
	va_start(arguments, format);
	(void)vsnprintf(mistake->text, sizeof mistake->text, format, arguments);
	va_end(arguments);
	clause_tidy(mistake->text);
}

static void
tell_need(struct check *check, const struct need *need)
{
	char place[PLACE_SIZE];

	check_where(check, need->where, place);
	check->findings->needs(check->findings->arg, place, need->module,
	    need->version, need->command);
}

/* More of them than can be held are told at once, out of their order. */
void
check_need(struct check *check, const char *where, const struct cut *cut)
{
	struct need *needs, need = { .where = where };

	(void)snprintf(
	    need.command, sizeof need.command, "%s", cut->literals[0]);
	(void)snprintf(need.module, sizeof need.module, "%s", cut->literals[1]);
	(void)snprintf(
	    need.version, sizeof need.version, "%s", cut->literals[2]);
	if (check->needs_count == NEEDS_MAX) {
		tell_need(check, &need);
		return;
	}
	needs = object_grow(check->needs, check->needs_count,
	    &check->needs_room, sizeof *needs);
	if (needs == NULL)
		_exit(SCRIPT_EXIT_MEMORY);
	check->needs = needs;
	needs[check->needs_count++] = need;
}

void
check_add_piece(
    struct check *check, const char *start, size_t length, enum piece_kind kind)
{
	struct piece *pieces;

	if (check->depth == DEPTH_MAX) {
		check_mistake(check, start,
		    "bodies are nested deeper than %d levels", DEPTH_MAX);
		return;
	}
	pieces = object_grow(check->pieces, check->pieces_count,
	    &check->pieces_room, sizeof *pieces);
	if (pieces == NULL)
		_exit(SCRIPT_EXIT_MEMORY);
	check->pieces = pieces;
	pieces[check->pieces_count++] = (struct piece){ start, length, kind,
		check->timeless, check->depth + 1, check->asks };
}

/* The text of a word that nothing is substituted in; false if it is not so. */
bool
check_literal(const Tcl_Token *word, const char **ret_start, size_t *ret_length)
{
	if (word->type == TCL_TOKEN_EXPAND_WORD)
		return false;
	if (word->start[0] == '{') {
		*ret_start = word->start + 1;
		*ret_length = (size_t)word->size - 2;
		return true;
	}
	if (word->type != TCL_TOKEN_SIMPLE_WORD)
		return false;
	*ret_start = word[1].start;
	*ret_length = (size_t)word[1].size;
	return true;
}

void
check_add_body(struct check *check, const Tcl_Token *word, enum piece_kind kind)
{
	const char *start;
	size_t length;

	if (check_literal(word, &start, &length))
		check_add_piece(check, start, length, kind);
}

bool
cut_is_word(const struct cut *cut, unsigned int i, const char *word)
{
	return i < cut->count && cut->literals[i] != NULL &&
	    strcmp(cut->literals[i], word) == 0;
}

/* A copy of a literal, for those who want a NUL behind it. */
static const char *
keep(struct cut *cut, const char *start, size_t length)
{
	char *copy = cut->bytes + cut->used;

	if (length >= sizeof cut->bytes - cut->used)
		return NULL;
	memcpy(copy, start, length);
	copy[length] = '\0';
	cut->used += length + 1;
	return copy;
}

static void
cut_words(struct cut *cut, Tcl_Parse *parse)
{
	const Tcl_Token *token = parse->tokenPtr;
	const char *start;
	size_t length;
	int i;

	cut->parse = parse;
	cut->count = 0;
	cut->used = 0;
	memset(cut->literals, 0, sizeof cut->literals);
	cut->is_open = parse->numWords > COMMAND_WORDS_MAX;
	for (i = 0; i < parse->numWords && i < COMMAND_WORDS_MAX; i++) {
		if (token->type == TCL_TOKEN_EXPAND_WORD) {
			cut->is_open = true;
			break;
		}
		cut->words[cut->count] = token;
		if (check_literal(token, &start, &length) && length < WORD_MAX)
			cut->literals[cut->count] = keep(cut, start, length);
		cut->count++;
		token += token->numComponents + 1;
	}
}

/* What stands in brackets anywhere in these tokens. */
void
check_add_brackets(struct check *check, const Tcl_Parse *parse)
{
	const Tcl_Token *token = parse->tokenPtr;
	const Tcl_Token *end = token + parse->numTokens;

	for (; token < end; token++)
		if (token->type == TCL_TOKEN_COMMAND)
			check_add_piece(check, token->start + 1,
			    (size_t)token->size - 2, PIECE_SCRIPT);
}

bool
cut_asks(const struct cut *cut)
{
	return cut->count > 0 && cut->literals[0] != NULL &&
	    word_is_in(cut->literals[0],
		"expect never threshold search report upgrade");
}

static void
check_command(struct check *check, Tcl_Parse *parse)
{
	const struct command *command;
	struct cut cut;
	const char *name;

	check_add_brackets(check, parse);
	cut_words(&cut, parse);
	check_variables(check, parse, cut_asks(&cut));
	if (cut.count > 0 && cut.literals[0] == NULL &&
	    cut_is_word(&cut, 1, "="))
		check_mistake(check, cut.words[0]->start,
		    "a variable is made by `set NAME VALUE`");
	if (cut.count == 0 || cut.literals[0] == NULL)
		return;
	name = cut.literals[0];
	name += strncmp(name, "::", 2) == 0 ? 2 : 0;
	cut.literals[0] = name;
	command = command_find(name);
	if (command != NULL)
		check_own(check, command, &cut);
	else if (word_is_in(name, script_allowed)) {
		if (!check_arity(check, &cut))
			return;
		check_reach(check, &cut);
		check_follow(check, &cut);
	} else if (!check->is_open[TABLE_procs] &&
	    !check_is_learnt(check, TABLE_procs, name) &&
	    strstr(name, "::") == NULL)
		check_unknown(check, &cut);
}

/* Past the blanks and remarks in front of a command. */
static const char *
first_word(const char *at, const char *end)
{
	while (at < end && (isspace((unsigned char)*at) || *at == '#')) {
		if (*at == '#')
			while (at < end && *at != '\n')
				at++;
		else
			at++;
	}
	return at;
}

static void
check_script_piece(struct check *check, const struct piece *piece)
{
	const char *at = piece->start, *end = at + piece->length;
	char place[PLACE_SIZE];
	bool is_left = false;
	Tcl_Parse parse;

	while (at < end) {
		check_where(check, first_word(at, end), place);
		script_end_place(place);
		if (Tcl_ParseCommand(check->interp, at, (int)(end - at), 0,
			&parse) != TCL_OK) {
			at =
			    check_torn(check, first_word(at, end), end, &parse);
			continue;
		}
		if (parse.numWords > 0 && is_left) {
			check_mistake(check, parse.commandStart,
			    "this cannot be reached: `%s` in front of it never "
			    "goes on",
			    check->leaver);
			is_left = false;
		}
		check->leaver[0] = '\0';
		if (parse.numWords > 0)
			check_command(check, &parse);
		is_left |= check->leaver[0] != '\0';
		at = parse.commandStart + parse.commandSize;
		Tcl_FreeParse(&parse);
	}
}

static void
go_through(struct check *check)
{
	const struct part *own = &check->parts->part[0];
	struct piece piece;

	check->seen = 0;
	check->torn = 0;
	memset(check->included, 0, sizeof check->included);
	check->timeless = TIME_PASSES_THERE;
	check->asks = false;
	check->depth = 0;
	check_add_piece(check, own->text, own->length, PIECE_SCRIPT);
	while (check->pieces_count > 0) {
		piece = check->pieces[--check->pieces_count];
		check->is_outmost = piece.start == own->text;
		check->timeless = piece.timeless;
		check->depth = piece.depth;
		check->asks = piece.asks;
		if (piece.kind == PIECE_SCRIPT)
			check_script_piece(check, &piece);
		else
			(void)check_expression(
			    check, piece.start, piece.length, false);
	}
}

/*
 * By file, then by line; where they stand in memory says nothing.  A mistake
 * and a need begin with their place.
 */
static int
compare_places(const void *one, const void *other, void *arg)
{
	const char *a = *(const char *const *)one;
	const char *b = *(const char *const *)other;
	unsigned int part_of_a = parts_find(arg, a);
	unsigned int part_of_b = parts_find(arg, b);

	if (part_of_a != part_of_b)
		return part_of_a < part_of_b ? -1 : 1;
	return (a > b) - (a < b);
}

static void
tell_mistake(struct check *check, const struct mistake *mistake)
{
	char place[PLACE_SIZE];

	check_where(check, mistake->where, place);
	check->findings->mistake(check->findings->arg, place, mistake->text);
}

/* Whether need n stands in front of mistake i, or none is left of these. */
static bool
is_need_next(const struct check *check, unsigned int n, unsigned int i,
    unsigned int mistakes)
{
	return n < check->needs_count &&
	    (i == mistakes ||
		compare_places(
		    &check->needs[n], &check->mistakes[i], check->parts) <= 0);
}

/* Both in the order in which who reads the text comes to them. */
static void
tell_in_order(struct check *check, unsigned int mistakes)
{
	unsigned int i = 0, n = 0;

	if (mistakes > 0)
		qsort_r(check->mistakes, mistakes, sizeof check->mistakes[0],
		    compare_places, check->parts);
	if (check->needs_count > 0)
		qsort_r(check->needs, check->needs_count,
		    sizeof check->needs[0], compare_places, check->parts);
	while (i < mistakes || n < check->needs_count)
		if (is_need_next(check, n, i, mistakes))
			tell_need(check, &check->needs[n++]);
		else
			tell_mistake(check, &check->mistakes[i++]);
}

static void
tell(struct check *check)
{
	unsigned int told = check->mistakes_count;
	char more[64];

	if (told > MISTAKES_MAX)
		told = MISTAKES_MAX;
	tell_in_order(check, told);
	(void)snprintf(
	    more, sizeof more, "and %u more", check->mistakes_count - told);
	if (told < check->mistakes_count)
		check->findings->mistake(
		    check->findings->arg, check->parts->part[0].path, more);
}

void
script_check(struct parts *parts, const struct script_findings *findings)
{
	struct check *check = object_alloc(sizeof *check);
	unsigned int i;

	if (check == NULL)
		_exit(SCRIPT_EXIT_MEMORY);
	check->parts = parts;
	check->findings = findings;
	check->interp = Tcl_CreateInterp();
	for (i = 0; i < TABLES_COUNT; i++)
		Tcl_InitHashTable(&check->tables[i], TCL_STRING_KEYS);
	check->is_learning = true;
	go_through(check);
	check_sort_lines(check);
	check->is_learning = false;
	go_through(check);
	tell(check);
	check_forget_lines(check);
	for (i = 0; i < TABLES_COUNT; i++)
		Tcl_DeleteHashTable(&check->tables[i]);
	Tcl_DeleteInterp(check->interp);
	object_free(check->pieces, check->pieces_room * sizeof(struct piece));
	object_free(
	    check->mistakes, check->mistakes_room * sizeof(struct mistake));
	object_free(check->needs, check->needs_room * sizeof(struct need));
	object_free(check, sizeof *check);
}
