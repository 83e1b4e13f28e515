/*
 * comparison: see comparison.h for what it is.
 *
 * A conversion may be lossy by a declared rule, and then a state that no event
 * has touched comes back as another.  So two states are the same if they are
 * so in the old version's words or in the new one's.
 */
#include "upgrade/comparison.h"

#include <stdio.h>
#include <string.h>

#include "switch/behaviour.h"
#include "switch/process.h"
#include "switch/text.h"
#include "upgrade/layout.h"
#include "upgrade/words.h"

enum { WORD_ROOM = LAYOUT_PATH_MAX + 8, VALUE_ROOM = 64 };

/* A field that differs, and its values; or what is said in their place. */
struct finding {
	char path[LAYOUT_PATH_MAX];
	char was[VALUE_ROOM], is[VALUE_ROOM];
};

/*--------------------------------------------------------------------
 * What is declared
 */

/* Whether the words of `line` but for the last are `event`, or "*". */
static bool
is_about_event(const char *line, const char *event)
{
	unsigned int i, count = words_count(line) - 1;
	char word[WORD_ROOM], other[WORD_ROOM];

	if (count == 1 && words_at(line, 0, word, sizeof word) &&
	    strcmp(word, "*") == 0)
		return true;
	if (count != words_count(event))
		return false;
	for (i = 0; i < count; i++) {
		(void)words_at(line, i, word, sizeof word);
		(void)words_at(event, i, other, sizeof other);
		if (strcmp(word, other) != 0)
			return false;
	}
	return true;
}

/* `what`: a verb, or state.FIELD. */
static bool
is_declared(const struct comparison *comparison, const char *what)
{
	const char *const *line = comparison->differs;
	char word[WORD_ROOM];

	for (; line != NULL && *line != NULL; line++) {
		(void)words_at(
		    *line, words_count(*line) - 1, word, sizeof word);
		if ((strcmp(word, "*") == 0 || strcmp(word, what) == 0) &&
		    is_about_event(*line, comparison->trial->event))
			return true;
	}
	return false;
}

/*--------------------------------------------------------------------
 * Effects
 */

/* The next that is not declared; NULL at the end. */
static const struct noted *
next_effect(const struct comparison *comparison, const struct noting *noting,
    uint32_t *cursor)
{
	const struct noted *noted;
	char verb[WORD_ROOM];

	while ((noted = noting_next(noting, cursor)) != NULL) {
		(void)words_at(noted->text, 0, verb, sizeof verb);
		if (!is_declared(comparison, verb))
			return noted;
	}
	return NULL;
}

static bool
effects_are_equal(const struct comparison *comparison)
{
	const struct noting *real = comparison->trial->real;
	const struct noting *copy = comparison->trial->copy;
	const struct noted *one, *other;
	uint32_t at_one = 0, at_other = 0;

	do {
		one = next_effect(comparison, real, &at_one);
		other = next_effect(comparison, copy, &at_other);
		if ((one == NULL) != (other == NULL) ||
		    (one != NULL && strcmp(one->text, other->text) != 0))
			return false;
	} while (one != NULL);
	return real->digest == copy->digest;
}

/*--------------------------------------------------------------------
 * States
 */

/* The first field that differs and is not declared; false: there is none. */
static bool
find_field(const struct comparison *comparison, const struct layout *layout,
    const void *states[2], struct finding *ret_finding)
{
	uint32_t node = 0;
	char plain[LAYOUT_PATH_MAX], what[WORD_ROOM];
	struct field field;

	for (;; node++) {
		node =
		    layout_next_difference(layout, states[0], states[1], node);
		if (node == LAYOUT_NOWHERE)
			return false;
		layout_plain_path(layout, node, plain);
		(void)snprintf(what, sizeof what, "state.%s", plain);
		if (!is_declared(comparison, what))
			break;
	}
	field = layout_field(&layout->nodes[node]);
	layout_path(layout, node, ret_finding->path);
	schema_text(
	    &field, states[0], ret_finding->was, sizeof ret_finding->was);
	schema_text(&field, states[1], ret_finding->is, sizeof ret_finding->is);
	return true;
}

/* The state `change` makes into `room`. */
static int
convert(const struct comparison *comparison, struct state_change *change,
    uint8_t *room)
{
	struct reason reason;
	int error;

	change->keep = comparison->unused;
	error = process_try_change(comparison->scheduler, change, &reason);
	if (error == 0)
		memcpy(
		    room, change->new_state, change->to->module->schema.size);
	return error;
}

/* In the new version's words; false: there they are the same. */
static bool
differ_up(const struct comparison *comparison, struct finding *ret_finding)
{
	const struct shadow_trial *trial = comparison->trial;
	const void *states[2] = { comparison->up, trial->copied };
	struct state_change up = { .from = trial->from,
		.to = trial->to,
		.old_state = trial->after,
		.restore = process_kept(
		    comparison->scheduler, trial->pid, trial->to->id) };

	if (convert(comparison, &up, comparison->up) == 0)
		return find_field(
		    comparison, comparison->to, states, ret_finding);
	if (is_declared(comparison, "state"))
		return false;
	*ret_finding =
	    (struct finding){ .was = "has no image any more", .is = "has one" };
	return true;
}

static bool
states_differ(const struct comparison *comparison, struct finding *ret_finding)
{
	const struct shadow_trial *trial = comparison->trial;
	const void *states[2] = { trial->after, comparison->down };
	struct finding in_other_words;
	struct state_change down = { .from = trial->to,
		.to = trial->from,
		.old_state = trial->copied,
		.restore = trial->kept };

	if (convert(comparison, &down, comparison->down) != 0)
		return differ_up(comparison, ret_finding);
	return find_field(comparison, comparison->from, states, ret_finding) &&
	    differ_up(comparison, &in_other_words);
}

/*--------------------------------------------------------------------
 * Words
 */

static void
append_effects(const struct comparison *comparison, const struct noting *noting,
    char text[COMPARISON_TEXT])
{
	const struct noted *noted;
	uint32_t cursor = 0;

	text[0] = '\0';
	while ((noted = next_effect(comparison, noting, &cursor)) != NULL)
		text_append(text, COMPARISON_TEXT, "%s\n", noted->text);
	if (noting->count > NOTING_MAX)
		text_append(text, COMPARISON_TEXT, "... %u more\n",
		    noting->count - NOTING_MAX);
}

static void
append_end(const struct shadow_trial *trial, char text[COMPARISON_TEXT])
{
	char how[64];

	if (trial->outcome == SHADOW_CRASHED)
		text_append(text, COMPARISON_TEXT, "crash %s\n",
		    reason_text(trial->reason, how, sizeof how));
	if (trial->outcome == SHADOW_UNSOUND)
		text_append(
		    text, COMPARISON_TEXT, "state refused by its own check\n");
}

static void
append_finding(const struct finding *finding, const char *value, char *text)
{
	if (finding->path[0] == '\0')
		text_append(text, COMPARISON_TEXT, "state %s\n", value);
	else
		text_append(text, COMPARISON_TEXT, "state.%s = %s\n",
		    finding->path, value);
}

bool
comparison_run(
    const struct comparison *comparison, struct comparison_texts *texts)
{
	const struct shadow_trial *trial = comparison->trial;
	struct finding finding;
	bool effects = effects_are_equal(comparison);
	bool has_run = trial->outcome == SHADOW_RAN;
	bool state = has_run && states_differ(comparison, &finding);

	if (has_run && effects && !state)
		return true;
	if (texts == NULL)
		return false;
	append_effects(comparison, trial->real, texts->was);
	append_effects(comparison, trial->copy, texts->is);
	append_end(trial, texts->is);
	if (state) {
		append_finding(&finding, finding.was, texts->was);
		append_finding(&finding, finding.is, texts->is);
	}
	return false;
}
