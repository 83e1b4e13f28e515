/*
 * state_chart: the table by which a module works, as words.
 *
 * A module may say which rows it has in which of its states (module.h).  That
 * is read in a trial, which nobody misses if it is not what it says, and comes
 * from there as a text of lines and tabs, which is not trusted either; here it
 * becomes a chart, to be judged and drawn.
 */
#ifndef UPGRADE_STATE_CHART_H
#define UPGRADE_STATE_CHART_H

#include <stddef.h>
#include <stdint.h>

#include "switch/module.h"

enum { STATE_CHART_TEXT = 128 << 10, STATE_CHART_STATES = 64 };

struct state_chart {
	unsigned int magic;
#define STATE_CHART_MAGIC 0x57a7ec4a
	unsigned int count;
	struct state_chart_state {
		const char *name;   /* of the last: "any" */
		uint32_t parties;   /* bits */
		const char *timers; /* that can run, words */
		const struct row_words *rows;
		unsigned int count;
	} states[STATE_CHART_STATES];
	struct row_words *rows; /* of all states */
	unsigned int rows_count;
	char *text; /* STATE_CHART_TEXT bytes, cut into words */
};

/* The table of a module into text.  -ENOENT it gives none; -ENOSPC. */
int state_chart_write(const struct module *module, char *text, size_t size);

/*
 * The chart of such a text, which is copied.  -EBADMSG it is none; -ENOMEM.
 */
int state_chart_read(struct state_chart **ret_chart, const char *text);
void state_chart_free(struct state_chart **chartp);

#endif
