/*
 * agenda: what a scenario wants done at times to come, and what it watches
 * meanwhile.
 *
 * `at` and `every` leave a body with the script and its time here; an `expect
 * -within` in such a body, and a `never` without an end, leave a subject to be
 * watched.  While time passes for another command, the conductor comes here
 * first: at its time each body is begun, in the order in which they were put
 * here, and what is watched is looked at when nothing is left to do.
 */
#ifndef SIM_AGENDA_H
#define SIM_AGENDA_H

#include <stdbool.h>
#include <stdint.h>

struct arguments;
struct frame;
struct scenario;

struct agenda {
	struct agenda_entry *entries; /* in the order of their numbers */
	unsigned int entries_count, entries_room;
	struct agenda_watch **watches;
	unsigned int watches_count, watches_room;
	unsigned int looked;  /* of the watches, at this instant */
	bool is_asked;	      /* the script is, what it makes of one */
	unsigned int watched; /* so far: the number of the last */
};

/* The commands `at` and `every`, as action_do(). */
int agenda_at(struct scenario *scenario, const struct arguments *arguments);
int agenda_every(struct scenario *scenario, const struct arguments *arguments);

/* arm LINE MODE DUR COLUMNS SUBJECT KEY...: 0, or -errno with `why`. */
int agenda_arm(struct scenario *scenario, const struct frame *frame);
/* The watch is over. */
void agenda_disarm(struct scenario *scenario, unsigned int number);

/* When a body is due, or what is watched is late; UINT64_MAX: never. */
uint64_t agenda_next(const struct scenario *scenario);
bool agenda_watches(const struct scenario *scenario);
/* Whether one of them is about a duration, which changes by itself. */
bool agenda_watches_time(const struct scenario *scenario);

/*
 * What is to be done now: says it to the script, which will answer `ran` or
 * `checked`; false: nothing is.  agenda_begin_look(): watches are looked at
 * once more.
 */
bool agenda_go_on(struct scenario *scenario);
/* Of the watches alone. */
bool agenda_look(struct scenario *scenario);
void agenda_begin_look(struct scenario *scenario);

/* At the end: a body whose time never came is a failure. */
void agenda_judge(struct scenario *scenario);
void agenda_forget(struct scenario *scenario);

#endif
