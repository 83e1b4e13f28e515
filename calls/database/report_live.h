/*
 * report_live: reports on the switch as it runs, which no file holds.
 *
 * Their rows are put into a table of the reader's own, by whoever asks and has
 * a switch, and are then asked for like all others.
 *
 * Private to calls/database/.
 */
#ifndef CALLS_DATABASE_REPORT_LIVE_H
#define CALLS_DATABASE_REPORT_LIVE_H

struct report;

/*
 * Makes the tables and views of all of them; or those, and the rows of this
 * one.  0; -ENOENT: there is no switch that could be asked; -errno.
 */
int report_live_make(struct report *report);
int report_live_fill(struct report *report);

#endif
