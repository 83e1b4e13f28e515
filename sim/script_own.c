/*
 * script_own: a command of command.def as it stands in a text, held against its
 * usage: its words by their types, the files that it reads, what of it must be
 * known before the run, and time that it lets pass where none does.
 *
 * It looks at one command; the pieces that stand in it are put on the list of
 * script_check.c, and names are those of script_names.c.
 */
#include "sim/script_text.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/report.h"
#include "sim/noun.h"
#include "sim/reporting.h"
#include "sim/script_internal.h"
#include "sim/upgrade_condition.h"
#include "switch/nearest.h"

/* What must be known before the run: releases, seed, schedulers, params. */
static void
tell_literals(struct check *check, const struct cut *cut)
{
	const struct script_findings *findings = check->findings;
	const char *where;
	char line[PLACE_SIZE];
	bool is_release;

	if (check->is_learning || cut->count < 2 ||
	    !word_is_in(cut->literals[0],
		"param seed schedulers pace module upgrade rehearse"))
		return;
	is_release = word_is_in(cut->literals[0], "module upgrade rehearse");
	where = cut->words[is_release && cut->count > 2 ? 2 : 1]->start;
	check_where(check, where, line);
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
		check_need(check, where, cut);
}

/* The column of a subject that stands in a word by itself; NULL: none. */
static const char *
bare_column(struct check *check, const Tcl_Token *word, char name[WORD_MAX])
{
	const Tcl_Token *token = word + 1;
	const Tcl_Token *end = token + word->numComponents;

	if (word->type != TCL_TOKEN_WORD)
		return NULL;
	for (; token < end; token++) {
		if (token->type != TCL_TOKEN_VARIABLE ||
		    token[1].size >= WORD_MAX)
			continue;
		(void)snprintf(
		    name, WORD_MAX, "%.*s", token[1].size, token[1].start);
		if (noun_has_column(name) && !check->is_open[TABLE_variables] &&
		    !check_is_learnt(check, TABLE_variables, name))
			return token->start;
	}
	return NULL;
}

/* `expect c active $legs == 2`, or in quotes: Tcl takes $legs at once. */
static bool
refuse_without_braces(struct check *check, const struct cut *cut)
{
	const char *at;
	char name[WORD_MAX];
	unsigned int i;

	if (check->is_learning || !cut_asks(cut))
		return false;
	for (i = 1; i < cut->count; i++) {
		at = bare_column(check, cut->words[i], name);
		if (at == NULL)
			continue;
		check_mistake(check, at,
		    "%s: a condition stands in braces, as in {$%.40s ...}",
		    cut->literals[0], name);
		return true;
	}
	return false;
}

/* A condition of the place `i`: the value of an option, or of a subject. */
static void
check_cond(struct check *check, const struct cut *cut,
    const struct arguments *arguments, unsigned int i)
{
	const unsigned int before = check->mistakes_count;
	const bool is_report = strcmp(arguments->command->name, "report") == 0;
	const bool asked = check->asks;
	const char *start;
	size_t length;
	bool is_read;

	if (!check_literal(cut->words[i], &start, &length))
		return;
	check->asks = true;
	is_read = check_expression(check, start, length, true);
	check->asks = asked;
	if (!is_read)
		return;
	if (upgrade_condition_is(cut->literals[i - 1])) {
		check_upgrade_condition(check, cut, i);
		return;
	}
	if (is_report) {
		check_report_condition(check, cut, arguments->positional[0], i);
		return;
	}
	check_condition(check, arguments->noun, cut->words[i]);
	if (check->mistakes_count == before &&
	    word_is_in(arguments->command->name, "threshold search"))
		check_switch_condition(check, cut, arguments, i);
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

/* A file that durations or shares are taken from when it runs. */
static void
check_file(struct check *check, const struct cut *cut, unsigned int i,
    const char *name)
{
	char why[TEXT_MAX];
	unsigned int number;

	if (name != NULL &&
	    check->findings->part(
		check->findings->arg, name, &number, why, sizeof why) != 0)
		check_mistake(check, cut->words[i]->start, "%s: '%s': %s",
		    cut->literals[0], name, why);
}

/* The file that a distribution is in, or NULL. */
static const char *
file_of(const char *distribution)
{
	return distribution != NULL && strncmp(distribution, "data:", 5) == 0
	    ? distribution + 5
	    : NULL;
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
	if (type == ARGUMENT_DIST)
		check_file(check, cut, i, file_of(cut->literals[i]));
	if (type == ARGUMENT_FILE && cut_is_word(cut, i - 1, "-profile"))
		check_file(check, cut, i, cut->literals[i]);
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

void
check_own(
    struct check *check, const struct command *command, const struct cut *cut)
{
	const struct command_words words = { cut->literals + 1, cut->count - 1,
		cut->is_open };
	struct arguments arguments;
	char why[TEXT_MAX];
	unsigned int i;
	int result;

	check_learn_names(check, cut);
	if (word_is_in(command->name, "param data"))
		check_learn_variables(check, cut->literals[1]);
	if (!check_subject(check, cut) || refuse_without_braces(check, cut))
		return;
	result = command_match(command, &words, &arguments, why, sizeof why);
	if (result != 0)
		check_mistake(
		    check, cut->words[arguments.wrong]->start, "%s", why);
	if (result != 0 && result != -EDOM)
		return;
	check_parts(check, cut);
	learn_refusal(check, cut, &arguments);
	tell_literals(check, cut);
	check_repeated(check, cut);
	check_time(check, cut, &arguments);
	for (i = 1; i < cut->count; i++)
		check_word(check, cut, &arguments, i);
}
