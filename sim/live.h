/*
 * live: what reports say of the switch as it runs.
 */
#ifndef SIM_LIVE_H
#define SIM_LIVE_H

struct report_rows;

/*
 * A report_fill_f, of a struct scenario: `hung`, each live call; `circuits`,
 * each trunk group.  On home's thread, while the others are halted.
 */
void live_fill(void *arg, const char *name, struct report_rows *rows);

#endif
