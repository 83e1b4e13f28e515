/*
 * state_names: in which of its states a process is, as its module calls them.
 *
 * A module that is a state machine says so by a field `state`, an enum, in its
 * schema: what it is in then has a name, whatever the version.  An upgrade
 * counts by these names, so that it is seen which states were tried.
 *
 * Plain bytes, filled once and then read on every scheduler.
 */
#ifndef UPGRADE_STATE_NAMES_H
#define UPGRADE_STATE_NAMES_H

#include "upgrade/release_handler.h"

struct behaviour;

enum { STATE_NAMES_VERSIONS = 32, STATE_NAMES_SYMBOLS = 64 };

struct state_names {
	unsigned int count; /* of words */
	char words[UPGRADE_STATES][UPGRADE_STATE_BYTES];
	unsigned int versions;
	struct state_place {
		uint16_t behaviour, width; /* width 0: it has no state */
		uint32_t offset;
		/* By the symbol's number; UPGRADE_STATES: none. */
		uint8_t word[STATE_NAMES_SYMBOLS];
	} places[STATE_NAMES_VERSIONS];
};

/*
 * Those of one more version; the others' words stay as they are.  What there
 * is no room for has no name.
 */
void state_names_add(struct state_names *names, const struct behaviour *of);

/* The number of its word; UPGRADE_STATES: it has none. */
unsigned int state_names_find(
    const struct state_names *names, uint16_t behaviour, const void *state);

#endif
