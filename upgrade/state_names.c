/*
 * state_names: see state_names.h for what it is.
 */
#include "upgrade/state_names.h"

#include <string.h>

#include "switch/behaviour.h"
#include "upgrade/schema.h"
#include "upgrade/words.h"

/* The number of the word, which is added if it is new. */
static uint8_t
take_word(struct state_names *names, const char *word, size_t length)
{
	unsigned int i;

	if (length >= UPGRADE_STATE_BYTES)
		return UPGRADE_STATES;
	for (i = 0; i < names->count; i++)
		if (strlen(names->words[i]) == length &&
		    memcmp(names->words[i], word, length) == 0)
			return (uint8_t)i;
	if (i == UPGRADE_STATES)
		return UPGRADE_STATES;
	memcpy(names->words[i], word, length);
	names->count++;
	return (uint8_t)i;
}

static void
take_symbols(
    struct state_names *names, struct state_place *place, const char *symbols)
{
	const char *word;
	unsigned int i;
	size_t length;

	for (i = 0; i < STATE_NAMES_SYMBOLS; i++) {
		word = words_next(&symbols, &length);
		place->word[i] = word == NULL ? UPGRADE_STATES
					      : take_word(names, word, length);
	}
}

void
state_names_add(struct state_names *names, const struct behaviour *of)
{
	const struct module *module = of->module;
	const struct field *field = schema_find(&module->schema, "state");
	struct state_place *place;

	if (names->versions == STATE_NAMES_VERSIONS)
		return;
	place = &names->places[names->versions++];
	place->behaviour = of->id;
	place->width = 0;
	if (field == NULL || field->kind != FIELD_ENUM || field->length != 0 ||
	    (field->width != 1 && field->width != 2))
		return;
	place->width = field->width;
	place->offset = field->offset;
	take_symbols(names, place, field->symbols);
}

static unsigned int
word_at(const struct state_place *place, const uint8_t *state)
{
	uint16_t value = state[place->offset];

	if (place->width == sizeof value)
		memcpy(&value, state + place->offset, sizeof value);
	return value < STATE_NAMES_SYMBOLS ? place->word[value]
					   : UPGRADE_STATES;
}

unsigned int
state_names_find(
    const struct state_names *names, uint16_t behaviour, const void *state)
{
	unsigned int i;

	for (i = 0; i < names->versions; i++)
		if (names->places[i].behaviour == behaviour)
			return names->places[i].width == 0
			    ? UPGRADE_STATES
			    : word_at(&names->places[i], state);
	return UPGRADE_STATES;
}
