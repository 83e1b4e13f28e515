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

#include "calls/database/report.h"
#include "sim/noun.h"
#include "sim/reporting.h"
#include "sim/script_internal.h"
#include "sim/upgrade_condition.h"
#include "switch/clause.h"
#include "switch/nearest.h"
#include "switch/object.h"

/* "s.tcl:4:7" */
static void
write_place(struct check *check, const char *where, char place[PLACE_SIZE])
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
		check->timeless, check->depth + 1 };
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
	cut->is_open = parse->numWords > COMMAND_WORDS_MAX;
	for (i = 0; i < parse->numWords && i < COMMAND_WORDS_MAX; i++) {
		if (token->type == TCL_TOKEN_EXPAND_WORD) {
			cut->is_open = true;
			break;
		}
		cut->words[cut->count] = token;
		cut->literals[cut->count] = NULL;
		if (check_literal(token, &start, &length) && length < WORD_MAX)
			cut->literals[cut->count] = keep(cut, start, length);
		cut->count++;
		token += token->numComponents + 1;
	}
}

/* What stands in brackets anywhere in these tokens. */
static void
add_brackets(struct check *check, const Tcl_Parse *parse)
{
	const Tcl_Token *token = parse->tokenPtr;
	const Tcl_Token *end = token + parse->numTokens;

	for (; token < end; token++)
		if (token->type == TCL_TOKEN_COMMAND)
			check_add_piece(check, token->start + 1,
			    (size_t)token->size - 2, PIECE_SCRIPT);
}

static void
refuse_command(struct check *check, const struct cut *cut)
{
	char words[KNOWN_MAX], nearest[NEAREST_WORD_MAX + 1];
	const char *name = cut->literals[0];
	size_t at = 0;
	unsigned int i;

	if (check_is_enough(check))
		return;
	for (i = 0; i < command_count(); i++)
		at = check_append_word(words, at, command_at(i)->name);
	at = check_append_word(words, at, script_allowed);
	at = check_append_names(check, TABLE_procs, words, at);
	words[at > 0 ? at - 1 : 0] = '\0';
	if (nearest_word(name, words, nearest, sizeof nearest))
		check_mistake(check, cut->words[0]->start,
		    "unknown command '%.60s', "
		    "did you mean '%s'?",
		    name, nearest);
	else
		check_mistake(check, cut->words[0]->start,
		    "unknown command '%.60s' "
		    "(hotswitch run --help names them all)",
		    name);
}

/* What must be known before the run: releases, seed, schedulers, params. */
static void
tell_literals(struct check *check, const struct cut *cut)
{
	const struct script_findings *findings = check->findings;
	char line[PLACE_SIZE];

	if (check->is_learning || cut->count < 2 ||
	    !word_is_in(cut->literals[0],
		"param seed schedulers pace module upgrade rehearse"))
		return;
	write_place(check, cut->words[0]->start, line);
	if (cut_is_word(cut, 0, "param"))
		findings->param(findings->arg, line,
		    cut->literals[1] == NULL ? "" : cut->literals[1]);
	if (cut->literals[1] == NULL)
		return;
	if (word_is_in(cut->literals[0], "seed schedulers pace"))
		findings->setting(
		    findings->arg, line, cut->literals[0], cut->literals[1]);
	else if (cut->count > 2 && cut->literals[2] != NULL &&
	    (cut_is_word(cut, 0, "module") ||
		(word_is_in(cut->literals[0], "upgrade rehearse") &&
		    !check->expects_refusal &&
		    check_is_learnt(check, TABLE_modules, cut->literals[1]))))
		findings->needs(findings->arg, line, cut->literals[1],
		    cut->literals[2], cut->literals[0]);
}

/* A condition of the place `i`: the value of an option, or of a subject. */
static void
check_cond(struct check *check, const struct cut *cut,
    const struct arguments *arguments, unsigned int i)
{
	if (upgrade_condition_is(cut->literals[i - 1])) {
		check_upgrade_condition(check, cut, i);
		return;
	}
	if (strcmp(arguments->command->name, "report") == 0) {
		check_report_condition(check, cut, arguments->positional[0], i);
		return;
	}
	if (word_is_in(arguments->command->name, "threshold search")) {
		check_switch_condition(check, cut, arguments, i);
		return;
	}
	check_add_body(check, cut->words[i], PIECE_EXPRESSION);
	check_condition(check, arguments->noun, cut->words[i]);
}

static void
check_report(struct check *check, const struct cut *cut,
    const struct arguments *arguments, unsigned int i)
{
	const char *name = cut->literals[i];
	char why[TEXT_MAX];

	if (!check->is_learning &&
	    (reporting_check(name, NULL, why, sizeof why) != 0 ||
		(name != NULL && !cut->is_open &&
		    report_check_words(name, arguments->repeated_count, why,
			sizeof why) != 0)))
		check_mistake(check, cut->words[i]->start, "%s: %s",
		    cut->literals[0], why);
}

static void
add_timeless(struct check *check, const struct cut *cut, unsigned int i)
{
	const enum timelessness around = check->timeless;

	if (!cut_is_word(cut, 0, "race"))
		check->timeless = TIMELESS_BODY;
	else if (around == TIME_PASSES_THERE)
		check->timeless = TIMELESS_RACE;
	check_add_body(check, cut->words[i], PIECE_SCRIPT);
	check->timeless = around;
}

/* What lets time pass where none does. */
static void
check_time(struct check *check, const struct cut *cut,
    const struct arguments *arguments)
{
	const char *name = cut->literals[0];

	if (check->timeless == TIME_PASSES_THERE)
		return;
	if (word_is_in(name, "advance search"))
		check_mistake(check, cut->words[0]->start,
		    check->timeless == TIMELESS_RACE
			? "%s: no time passes in a race"
			: "%s: no time passes in a body of `at` and "
			  "`every`: end it, and begin another `at`",
		    name);
	else if (check->timeless == TIMELESS_BODY && !cut->is_open &&
	    word_is_in(name, "upgrade rehearse rollback") &&
	    arguments_option(arguments, "-background") == NULL)
		check_mistake(check, cut->words[0]->start,
		    "%s: no time passes in a body of `at` and `every`, give "
		    "-background",
		    name);
}

static void
check_word(struct check *check, const struct cut *cut,
    const struct arguments *arguments, unsigned int i)
{
	enum argument_type type = arguments->types[i - 1];

	if (type == ARGUMENT_BODY)
		add_timeless(check, cut, i);
	if (type == ARGUMENT_COND)
		check_cond(check, cut, arguments, i);
	if (type == ARGUMENT_REPORT)
		check_report(check, cut, arguments, i);
	check_name(check, cut, type, i);
}

/* What the part reaches, itself or by those that it includes, as bits. */
static bool
includes(struct check *check, unsigned int part, unsigned int other)
{
	const uint64_t bits = check->included[other] | UINT64_C(1) << other;
	unsigned int i;

	if ((bits & UINT64_C(1) << part) != 0)
		return false;
	for (i = 0; i < PARTS_MAX; i++)
		if (i == part ||
		    (check->included[i] & UINT64_C(1) << part) != 0)
			check->included[i] |= bits;
	return true;
}

/* A file that is included is looked at once, however often it is. */
static void
check_include(struct check *check, const struct cut *cut, unsigned int other)
{
	const char *where = cut->words[0]->start;
	unsigned int part = parts_find(check->parts, where);
	const struct part *all = check->parts->part;

	if (!includes(check, part, other))
		check_mistake(check, cut->words[1]->start,
		    part == other
			? "include: '%s' would include itself"
			: "include: '%s' includes this file, and so itself",
		    all[other].path);
	else if ((check->seen & UINT64_C(1) << other) == 0)
		check_add_piece(
		    check, all[other].text, all[other].length, PIECE_SCRIPT);
	check->seen |= UINT64_C(1) << other;
}

/* Files are read while a text is checked, and looked at as it is. */
static void
check_parts(struct check *check, const struct cut *cut)
{
	const bool is_data = cut_is_word(cut, 0, "data");
	const unsigned int at = is_data ? 2 : 1;
	char why[TEXT_MAX];
	unsigned int other;

	if (!is_data && !cut_is_word(cut, 0, "include"))
		return;
	if (cut->literals[at] == NULL) {
		if (!is_data) /* it may make anything */
			check_learn_all(check);
		return;
	}
	if (check->findings->part(check->findings->arg, cut->literals[at],
		&other, why, sizeof why) != 0) {
		check_mistake(check, cut->words[at]->start, "%s: '%s': %s",
		    cut->literals[0], cut->literals[at], why);
		return;
	}
	if (!is_data)
		check_include(check, cut, other);
	else if (!script_data_can_be_read(
		     &check->parts->part[other], why, sizeof why))
		check_mistake(check, cut->words[at]->start, "data: '%s': %s",
		    cut->literals[at], why);
}

/* An upgrade to what is not there can be what a scenario is about. */
static void
learn_refusal(
    struct check *check, const struct cut *cut, const struct arguments *said)
{
	char mentioned[WORD_MAX] = "";

	if (said->noun != NULL && said->noun->number == NOUN_upgrade &&
	    said->condition != NULL)
		script_mentions(said->condition, "stage reason", mentioned,
		    sizeof mentioned);
	check->expects_refusal |= mentioned[0] != '\0' ||
	    (said->state != NULL && strcmp(said->state, "refused") == 0) ||
	    (cut_is_word(cut, 0, "allow") && cut_is_word(cut, 1, "refused"));
}

/* A command of command.def. */
static void
check_own(
    struct check *check, const struct command *command, const struct cut *cut)
{
	const struct command_words words = { cut->literals + 1, cut->count - 1,
		cut->is_open };
	struct arguments arguments;
	char why[TEXT_MAX];
	unsigned int i;

	check_learn_names(check, cut);
	if (word_is_in(command->name, "param data") && cut->count > 1) {
		check_learn_variables(check, cut->literals[1]);
		check->is_open[TABLE_variables] |= cut->literals[1] == NULL;
	}
	if (command_match(command, &words, &arguments, why, sizeof why) != 0) {
		check_mistake(
		    check, cut->words[arguments.wrong]->start, "%s", why);
		return;
	}
	check_parts(check, cut);
	learn_refusal(check, cut, &arguments);
	tell_literals(check, cut);
	check_repeated(check, cut);
	check_time(check, cut, &arguments);
	for (i = 1; i < cut->count; i++)
		check_word(check, cut, &arguments, i);
}

static void
check_command(struct check *check, Tcl_Parse *parse)
{
	const struct command *command;
	struct cut cut;
	const char *name;

	add_brackets(check, parse);
	cut_words(&cut, parse);
	if (cut.count == 0 || cut.literals[0] == NULL)
		return;
	name = cut.literals[0];
	name += strncmp(name, "::", 2) == 0 ? 2 : 0;
	cut.literals[0] = name;
	command = command_find(name);
	if (command != NULL)
		check_own(check, command, &cut);
	else if (word_is_in(name, script_allowed)) {
		check_reach(check, &cut);
		check_follow(check, &cut);
	} else if (!check->is_open[TABLE_procs] &&
	    !check_is_learnt(check, TABLE_procs, name) &&
	    strstr(name, "::") == NULL)
		refuse_command(check, &cut);
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
		write_place(check, first_word(at, end), place);
		script_end_place(place);
		if (Tcl_ParseCommand(check->interp, at, (int)(end - at), 0,
			&parse) != TCL_OK) {
			check_mistake(check, first_word(at, end), "%s",
			    Tcl_GetStringResult(check->interp));
			return;
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

/* What to write instead, for what people write most. */
static const char *
condition_hint(const char *text)
{
	if (strstr(text, "operator \"=\"") != NULL ||
	    strstr(text, "character \"=\"") != NULL)
		return ": write == for numbers, eq for texts";
	text = strstr(text, "invalid bareword \"");
	if (text == NULL)
		return "";
	return isdigit((unsigned char)text[sizeof "invalid bareword \"" - 1])
	    ? ": columns are plain numbers, with the unit in their name"
	    : ": a text wants quotes, as in \"dial\"";
}

static void
check_expression_piece(struct check *check, const struct piece *piece)
{
	const char *text, *next;
	int first;
	Tcl_Parse parse;

	if (Tcl_ParseExpr(check->interp, piece->start, (int)piece->length,
		&parse) == TCL_OK) {
		add_brackets(check, &parse);
		Tcl_FreeParse(&parse);
		return;
	}
	text = Tcl_GetStringResult(check->interp);
	first = (int)strcspn(text, "\n");
	/* Where it says _@_, the next line shows the place. */
	next = strstr(text, "_@_") == NULL || text[first] == '\0'
	    ? ""
	    : text + first + 1;
	check_mistake(check, piece->start, "bad condition: %.*s%s%.*s%s", first,
	    text, *next == '\0' ? "" : " ", (int)strcspn(next, ";\n"), next,
	    condition_hint(text));
}

static void
go_through(struct check *check)
{
	const struct part *own = &check->parts->part[0];
	struct piece piece;

	check->seen = 0;
	memset(check->included, 0, sizeof check->included);
	check->timeless = TIME_PASSES_THERE;
	check->depth = 0;
	check_add_piece(check, own->text, own->length, PIECE_SCRIPT);
	while (check->pieces_count > 0) {
		piece = check->pieces[--check->pieces_count];
		check->is_outmost = piece.start == own->text;
		check->timeless = piece.timeless;
		check->depth = piece.depth;
		if (piece.kind == PIECE_SCRIPT)
			check_script_piece(check, &piece);
		else
			check_expression_piece(check, &piece);
	}
}

/* By file, then by line; where they stand in memory says nothing. */
static int
compare_mistakes(const void *one, const void *other, void *arg)
{
	const struct mistake *a = one, *b = other;
	unsigned int part_of_a = parts_find(arg, a->where);
	unsigned int part_of_b = parts_find(arg, b->where);

	if (part_of_a != part_of_b)
		return part_of_a < part_of_b ? -1 : 1;
	return (a->where > b->where) - (a->where < b->where);
}

static void
tell(struct check *check)
{
	unsigned int told = check->mistakes_count, i;
	char place[PLACE_SIZE], more[64];

	if (told > MISTAKES_MAX)
		told = MISTAKES_MAX;
	if (told > 0)
		qsort_r(check->mistakes, told, sizeof check->mistakes[0],
		    compare_mistakes, check->parts);
	for (i = 0; i < told; i++) {
		write_place(check, check->mistakes[i].where, place);
		check->findings->mistake(
		    check->findings->arg, place, check->mistakes[i].text);
	}
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
	object_free(check, sizeof *check);
}
