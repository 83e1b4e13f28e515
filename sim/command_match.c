/*
 * command_match: holds words against the usage line of a command (command.h).
 *
 * A usage line is read anew for each command that is matched: a few hundred
 * bytes, which a run meets a few hundred times, and nothing to keep in step.
 */
#include "sim/command.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sim/noun.h"
#include "sim/sense.h"
#include "sim/units.h"
#include "sim/usage.h"
#include "switch/clause.h"
#include "switch/nearest.h"

enum { HINT_SIZE = 256 };

/* What one matching works on. */
struct matching {
	const struct command *command;
	struct form form;
	unsigned int count;
	const char *const *words;
	bool is_open;
	struct arguments *into;
	char *why;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static int
refuse(const struct matching *matching, const char *format, ...)
{
	va_list arguments;
	int length = snprintf(
	    matching->why, matching->size, "%s: ", matching->command->name);

	if (length < 0 || (size_t)length >= matching->size)
		return -EINVAL;
	va_start(arguments, format);
	(void)vsnprintf(matching->why + length, matching->size - (size_t)length,
	    format, arguments);
	va_end(arguments);
	clause_tidy(matching->why);
	return -EINVAL;
}

/* "analog|isdn" as "analog isdn" */
static void
spell_words(const struct slot *slot, char *words, size_t size)
{
	size_t i;

	(void)snprintf(words, size, "%s", slot->words);
	for (i = 0; words[i] != '\0'; i++)
		if (words[i] == '|')
			words[i] = ' ';
}

static int
refuse_word(
    const struct matching *matching, const char *word, const char *words)
{
	char nearest[NEAREST_WORD_MAX + 1];

	if (nearest_word(word, words, nearest, sizeof nearest))
		return refuse(matching,
		    "unknown word '%.40s', did you mean "
		    "'%s'?",
		    word, nearest);
	return refuse(
	    matching, "unknown word '%.40s', expected one of: %s", word, words);
}

/* The word at place `at`. */
static int
check_value(
    const struct matching *matching, const struct slot *slot, unsigned int at)
{
	const char *word = matching->words[at];
	const char *next =
	    at + 1 < matching->count ? matching->words[at + 1] : NULL;
	char words[sizeof slot->words], hint[HINT_SIZE];

	matching->into->wrong = at + 1;
	if (word == NULL)
		return 0;
	if (slot->type == ARGUMENT_WORDS) {
		spell_words(slot, words, sizeof words);
		return word_is_in(word, words)
		    ? 0
		    : refuse_word(matching, word, words);
	}
	if (argument_is(slot->type, word))
		return 0;
	if (slot->type == ARGUMENT_KINDS) {
		word = argument_stranger(word);
		(void)snprintf(
		    words, sizeof words, "%.*s", (int)strcspn(word, " "), word);
		return refuse_word(matching, words, argument_words(slot->type));
	}
	if (argument_words(slot->type) != NULL)
		return refuse_word(matching, word, argument_words(slot->type));
	if ((slot->type == ARGUMENT_NAME || slot->type == ARGUMENT_CALL ||
		slot->type == ARGUMENT_WHICH) &&
	    noun_find(word) != NULL)
		return refuse(matching,
		    "'%s' is a word of the language and "
		    "cannot be a name",
		    word);
	if (argument_hint(slot->type, word, next, hint, sizeof hint))
		return refuse(matching, "%s", hint);
	return refuse(
	    matching, "'%.40s' is not %s", word, argument_text(slot->type));
}

/* Why there may be a word too many, for what people write most; or "". */
static const char *
hint_of_extra(const struct matching *matching)
{
	const char *word = matching->words[matching->into->wrong - 1];

	if (word == NULL)
		return "";
	if (word[0] == '#' || strcmp(word, "//") == 0)
		return " (a remark behind a command begins with ;#)";
	if (command_find(word) != NULL)
		return " (each command has a line of its own)";
	if (matching->into->noun != NULL &&
	    word_is_in(word, matching->into->noun->states))
		return " (the state stands in front of the condition)";
	if (word_is_in(matching->command->name, "note phase"))
		return " (a text of several words stands in quotes)";
	return "";
}

static int
refuse_count(const struct matching *matching, const struct slot *missing)
{
	const struct command *command = matching->command;

	if (missing != NULL)
		matching->into->wrong = 0;
	else
		return refuse(matching, "too many words%s; usage: %s%s%s",
		    hint_of_extra(matching), command->name,
		    *command->usage == '\0' ? "" : " ", command->usage);
	return refuse(matching, "%s%s%s is missing; usage: %s %s",
	    missing->option, missing->option[0] == '\0' ? "" : " ",
	    missing->words, command->name, command->usage);
}

static int
refuse_option(const struct matching *matching, const char *word)
{
	char known[COMMAND_SLOTS_MAX * (SLOT_TEXT_MAX + 1)] = "";
	unsigned int i;
	size_t at = 0;

	for (i = 0; i < matching->form.options_count; i++)
		at += (size_t)snprintf(known + at, sizeof known - at, "%s%s",
		    i == 0 ? "" : " ", matching->form.options[i].option);
	if (known[0] == '\0')
		return refuse(
		    matching, "unknown option '%.40s', it has none", word);
	if (nearest_word(word, known, known, sizeof known))
		return refuse(matching,
		    "unknown option '%.40s', did you mean "
		    "'%s'?",
		    word, known);
	return refuse(matching, "unknown option '%.40s', expected one of: %s",
	    word, known);
}

/* What the key at that place is, by the word of the noun; a name is any. */
static enum argument_type
type_of_key(const struct noun *noun, unsigned int i)
{
	static const struct {
		const char *word;
		enum argument_type type;
	} types[] = {
		{ "CALL", ARGUMENT_CALL },
		{ "MODULE", ARGUMENT_MODULE },
		{ "N", ARGUMENT_N },
		{ "NUMBER", ARGUMENT_LINE },
		{ "VERSION", ARGUMENT_VERSION },
	};
	const char *word = noun->keys, *space = strchr(word, ' ');
	size_t length, n;

	if (i == 1)
		word = space + 1;
	length = strcspn(word, " ");
	for (n = 0; n < sizeof types / sizeof types[0]; n++)
		if (strlen(types[n].word) == length &&
		    memcmp(types[n].word, word, length) == 0)
			return types[n].type;
	return ARGUMENT_VALUE;
}

/* The key at *at, as far as it is known. */
static int
match_key(struct matching *matching, unsigned int at, enum argument_type type)
{
	const char *word = matching->words[at];
	const struct noun *noun = matching->into->noun;

	matching->into->wrong = at + 1;
	matching->into->types[at] = type;
	if (word == NULL ||
	    (argument_is(type, word) &&
		(type != ARGUMENT_N || strcmp(word, "0") != 0 ||
		    noun->number == NOUN_scheduler)))
		return 0;
	if (type == ARGUMENT_N && argument_is(type, word))
		return refuse(
		    matching, "the first %s is 1, there is no 0", noun->name);
	return refuse(matching, "'%.40s' is not %s: write %s %s", word,
	    argument_text(type), noun->name, noun->keys);
}

/* The keys of a noun; leaves *at behind them. */
static int
match_keys(struct matching *matching, unsigned int *at)
{
	struct arguments *into = matching->into;
	const struct noun *noun = into->noun;
	unsigned int keys = noun_keys(noun), i;
	int result;

	for (i = 0; i < keys; i++, ++*at) {
		if (*at == matching->count && matching->is_open)
			return 0;
		if (*at == matching->count)
			return refuse(matching, "'%s' wants %s behind it",
			    noun->name, noun->keys);
		result = match_key(matching, *at, type_of_key(noun, i));
		if (result != 0)
			return result;
		if (i == 0)
			into->key = matching->words[*at];
		else
			into->second_key = matching->words[*at];
	}
	return 0;
}

static int
refuse_subject(const struct matching *matching, const char *word)
{
	const char *what = argument_text(ARGUMENT_SUBJECT);

	if (argument_is(ARGUMENT_LINE, word))
		return refuse(matching,
		    "'%.40s' is not %s: of a line write `line %.40s`", word,
		    what, word);
	if (argument_is(ARGUMENT_PARTY, word))
		return refuse(matching,
		    "'%.40s' is a side of a call: ask about the call, `%.*s`",
		    word, (int)strcspn(word, "."), word);
	return refuse(matching, "'%.40s' is not %s", word, what);
}

/* A noun and its keys, or the name of a call; leaves *at behind them. */
static int
match_subject(struct matching *matching, unsigned int *at)
{
	struct arguments *into = matching->into;
	const char *word = matching->words[*at];

	into->wrong = *at + 1;
	if (word == NULL)
		return 0;
	into->noun = noun_find(word);
	if (into->noun != NULL) {
		into->types[(*at)++] = ARGUMENT_SUBJECT;
		return match_keys(matching, at);
	}
	if (!command_is_name(word))
		return refuse_subject(matching, word);
	into->noun = noun_at(NOUN_call);
	into->key = word;
	into->types[(*at)++] = ARGUMENT_CALL;
	return 0;
}

/* "{trunk T1}", which a person may write as one word. */
static int
match_braced(const struct matching *matching, const char *word)
{
	struct arguments *into = matching->into;
	const char *words[2 + NOUN_KEYS_MAX] = { NULL };
	unsigned int count = 0;
	char *rest = into->braced, *next;

	(void)snprintf(into->braced, sizeof into->braced, "%s", word);
	while (count < 2 + NOUN_KEYS_MAX && (next = strsep(&rest, " ")) != NULL)
		if (*next != '\0')
			words[count++] = next;
	into->noun = count == 0 ? NULL : noun_find(words[0]);
	if (into->noun == NULL || count != 1 + noun_keys(into->noun))
		return refuse(matching, "'%.40s' is not %s", word,
		    argument_text(ARGUMENT_SUBJECT));
	into->key = words[1];
	into->second_key = words[2];
	return 0;
}

/* Of an option the subject behind it; leaves *at behind both. */
static int
match_owner(
    struct matching *matching, const struct slot *slot, unsigned int *at)
{
	const char *word;

	if (++*at == matching->count)
		return matching->is_open ? 0 : refuse_count(matching, slot);
	matching->into->options_count++;
	matching->into->wrong = *at + 1;
	word = matching->words[*at];
	if (word != NULL && strchr(word, ' ') == NULL)
		return match_subject(matching, at);
	matching->into->types[(*at)++] = ARGUMENT_SUBJECT;
	return word == NULL ? 0 : match_braced(matching, word);
}

/* An option at *at and its value; leaves *at behind both. */
static int
match_option(struct matching *matching, unsigned int *at)
{
	const char *word = matching->words[*at];
	const struct slot *slot = matching->form.options;
	const struct slot *end = slot + matching->form.options_count;
	struct arguments *into = matching->into;

	into->wrong = *at + 1;
	while (slot < end && strcmp(slot->option, word) != 0)
		slot++;
	if (slot == end)
		return refuse_option(matching, word);
	if (arguments_option(into, word) != NULL)
		return refuse(matching, "option '%s' stands twice", word);
	into->types[*at] = ARGUMENT_WORDS;
	into->options[into->options_count].name = word;
	into->options[into->options_count].value = word;
	if (slot->type == ARGUMENT_SUBJECT)
		return match_owner(matching, slot, at);
	if (!slot->is_flag) {
		if (++*at == matching->count)
			return matching->is_open ? 0
						 : refuse_count(matching, slot);
		into->types[*at] = slot->type;
		into->options[into->options_count].value =
		    matching->words[*at] == NULL ? "" : matching->words[*at];
	}
	into->options_count++;
	++*at;
	return slot->is_flag ? 0 : check_value(matching, slot, *at - 1);
}

static bool
looks_like_condition(const char *word)
{
	const char *at = word;

	while (at != NULL &&
	    (isalpha((unsigned char)*at) || *at == '-' || *at == '_'))
		at++;
	return word == NULL || *word == '\0' || *at != '\0';
}

static int
match_state(struct matching *matching, unsigned int *at)
{
	struct arguments *into = matching->into;
	const char *word = matching->words[*at];

	into->wrong = *at + 1;
	if (looks_like_condition(word) || into->noun == NULL)
		return 0;
	if (into->noun->states[0] == '\0')
		return refuse(matching,
		    "'%s' has no states, expected a "
		    "condition in braces",
		    into->noun->name);
	if (!word_is_in(word, into->noun->states))
		return refuse_word(matching, word, into->noun->states);
	into->state = word;
	into->types[(*at)++] = ARGUMENT_STATE;
	return 0;
}

/* One positional slot; leaves *at where it is if nothing there fits it. */
static int
match_slot(struct matching *matching, const struct slot *slot, unsigned int *at)
{
	const char *word = matching->words[*at];

	if (slot->type == ARGUMENT_SUBJECT)
		return match_subject(matching, at);
	if (slot->type == ARGUMENT_STATE)
		return match_state(matching, at);
	if (slot->type == ARGUMENT_COND)
		matching->into->condition = word;
	matching->into->positional[slot - matching->form.positional] = word;
	matching->into->types[*at] = slot->type;
	if (slot->is_repeated && matching->into->repeated_count++ == 0)
		matching->into->repeated = matching->words + *at;
	return check_value(matching, slot, (*at)++);
}

static bool
is_option(const struct matching *matching, unsigned int at)
{
	const char *word = matching->words[at];

	return word != NULL && word[0] == '-' &&
	    islower((unsigned char)word[1]);
}

/* No word is left for this slot, or only options are. */
static int
match_nothing(const struct matching *matching, const struct slot *slot)
{
	return slot->is_optional || matching->is_open
	    ? 0
	    : refuse_count(matching, slot);
}

static int
match_positional(struct matching *matching, unsigned int *at)
{
	const struct form *form = &matching->form;
	const struct slot *slot = form->positional;
	const struct slot *end = slot + form->positional_count;
	unsigned int before;
	int result;

	while (slot < end) {
		before = *at;
		if (*at == matching->count || is_option(matching, *at))
			return match_nothing(matching, slot);
		result = match_slot(matching, slot, at);
		if (result != 0)
			return result;
		/* A subject not yet known: what follows it is not either. */
		if (slot->type == ARGUMENT_SUBJECT && *at == before) {
			matching->is_open = true;
			*at = matching->count;
		}
		if (!slot->is_repeated || *at == before)
			slot++;
	}
	return 0;
}

static int
match_options(struct matching *matching, unsigned int at)
{
	unsigned int i;
	int result;

	/* A word not yet known may become an option, where there are any. */
	while (at < matching->count &&
	    (matching->words[at] != NULL ||
		matching->form.options_count == 0)) {
		matching->into->wrong = at + 1;
		if (!is_option(matching, at))
			return refuse_count(matching, NULL);
		result = match_option(matching, &at);
		if (result != 0)
			return result;
	}
	if (at < matching->count || matching->is_open)
		return 0;
	for (i = 0; i < matching->form.options_count; i++)
		if (!matching->form.options[i].is_optional &&
		    arguments_option(matching->into,
			matching->form.options[i].option) == NULL)
			return refuse_count(
			    matching, &matching->form.options[i]);
	return 0;
}

int
command_match(const struct command *command, const struct command_words *words,
    struct arguments *ret_arguments, char *why, size_t size)
{
	struct matching matching = { .command = command,
		.count = words->count,
		.words = words->words,
		.is_open = words->is_open,
		.into = ret_arguments,
		.why = why,
		.size = size };
	unsigned int at = 0;
	char hint[HINT_SIZE];
	int result;

	why[0] = '\0';
	memset(ret_arguments, 0, sizeof *ret_arguments);
	ret_arguments->command = command;
	if (words->count > COMMAND_WORDS_MAX)
		return refuse(
		    &matching, "more than %d words", COMMAND_WORDS_MAX);
	usage_read(&matching.form, command->usage);
	result = match_positional(&matching, &at);
	if (result == 0)
		result = match_options(&matching, at);
	if (result == 0)
		ret_arguments->wrong = 0;
	if (result == 0 && !sense_made(ret_arguments, words, hint, sizeof hint))
		result = refuse(&matching, "%s", hint);
	return result;
}

const char *
arguments_option(const struct arguments *arguments, const char *option)
{
	unsigned int i;

	for (i = 0; i < arguments->options_count; i++)
		if (strcmp(arguments->options[i].name, option) == 0)
			return arguments->options[i].value;
	return NULL;
}
