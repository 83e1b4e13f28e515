/*
 * comparison: whether two versions have done the same with one event.
 *
 * Compared are the effects, word by word and in their order, and the states
 * that they leave, value by value.  A state of the new version is brought down
 * for that; what only the new one can say is no difference.  Where its state
 * has no way down, or comes down with a loss, the old one's is brought up.
 *
 * What the newer module declares in `differs` (switch/schema_list.h) is left
 * out on both sides.
 */
#ifndef UPGRADE_COMPARISON_H
#define UPGRADE_COMPARISON_H

#include "switch/shadow.h"

struct layout;
struct scheduler;

enum { COMPARISON_TEXT = 2048 };

struct comparison {
	struct scheduler *scheduler; /* within the event of this trial */
	const struct shadow_trial *trial;
	const struct layout *from, *to;
	const char *const *differs; /* or NULL */
	/* Room for a state each. */
	uint8_t *down, *up, *unused;
};

/* One line for each effect, ended by a newline each; then of the state. */
struct comparison_texts {
	char was[COMPARISON_TEXT], is[COMPARISON_TEXT];
};

/*
 * Whether they have done the same.  If not, and `texts` is not NULL, what
 * either did: its effects, then what became of the first field that differs,
 * "state.held = 1", and of a copy that faulted how.
 */
bool comparison_run(
    const struct comparison *comparison, struct comparison_texts *texts);

#endif
