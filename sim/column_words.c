/*
 * column_words: see column_words.h for what it is.
 *
 * Each list is made of the one that the switch itself has, so that a new word
 * is known here at once.
 */
#include "sim/column_words.h"

#include <stdio.h>
#include <string.h>

#include "calls/exchange.h"
#include "calls/database/recorder.h"
#include "calls/exchange/office_gate.h"
#include "calls/exchange/office_trunk.h"
#include "calls/signalling.h"
#include "sim/noun.h"
#include "switch/alarm.h"
#include "switch/nearest.h"
#include "upgrade/release_handler.h"

#define WORD(symbol)		  #symbol " "
#define WORD_OF_TWO(symbol, word) word " "

static const struct {
	enum noun_number noun;
	const char *columns, *words;
} lists[] = {
	{ NOUN_line, "tone", TONES(WORD) },
	{ NOUN_call, "hears_a hears_b", TONES(WORD) },
	{ NOUN_call, "class", LINE_CLASSES(WORD) },
	{ NOUN_cdr, "class", LINE_CLASSES(WORD) },
	{ NOUN_cdr, "redirect_reason", "unconditional busy no-reply" },
	{ NOUN_cdr, "release_side", "A B net" },
	{ NOUN_cdr, "disposition",
	    "answered busy no-answer cancelled refused failed" },
	{ NOUN_cdr, "local_reason", LOCAL_REASONS(WORD) },
	{ NOUN_leg, "kind", LEG_KINDS(WORD) },
	{ NOUN_leg, "reason", "unconditional busy no-reply" },
	{ NOUN_gate, "reason", GATE_REASONS(WORD) },
	{ NOUN_upgrade, "reason", UPGRADE_REASONS(WORD_OF_TWO) },
	{ NOUN_upgrade, "stage", UPGRADE_STAGES(WORD_OF_TWO) },
	{ NOUN_alarm, "severity", ALARM_SEVERITIES(WORD) },
};

/* A symbol of C has no dash. */
static void
copy(char words[COLUMN_WORDS_SIZE], const char *from, bool has_dashes)
{
	size_t i;

	(void)snprintf(words, COLUMN_WORDS_SIZE, "%s", from);
	for (i = 0; has_dashes && words[i] != '\0'; i++)
		if (words[i] == '_')
			words[i] = '-';
	i = strlen(words);
	if (i > 0 && words[i - 1] == ' ')
		words[i - 1] = '\0';
}

bool
column_words(
    const struct noun *noun, const char *column, char words[COLUMN_WORDS_SIZE])
{
	unsigned int i;

	for (i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (lists[i].noun == noun->number &&
		    word_is_in(column, lists[i].columns)) {
			copy(words, lists[i].words,
			    strcmp(column, "local_reason") != 0);
			return true;
		}
	return false;
}

/* Those that something here raises. */
const char *
key_words(const struct noun *noun)
{
	static const char alarms[] =
	    ALARM_PROCESS_DOWN " " ALARM_RESTART_LIMIT " " ALARM_VERSION_MAPPED
			       " " ALARM_ROLLED_BACK " " ALARM_DATABASE_DOWN
			       " " ALARM_CIRCUIT_BLOCKED " " ALARM_LINE_BLOCKED;

	return noun->number == NOUN_alarm ? alarms : NULL;
}
