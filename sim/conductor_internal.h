/*
 * Private to conductor*.c.
 */
#ifndef SIM_CONDUCTOR_INTERNAL_H
#define SIM_CONDUCTOR_INTERNAL_H

#include "sim/scenario_internal.h"

struct arguments;
struct frame;

/* conductor.c: the script is to speak next; time stands. */
void conductor_wait_for_request(struct scenario *scenario);
/* Likewise, when it has been told so much: ok VALUE, or error TEXT. */
void conductor_answer(
    struct scenario *scenario, const char *kind, const char *text);
void conductor_on_request(struct scenario *scenario, const struct frame *frame);
/* What the script waits for may have come; and then whatever is next. */
bool conductor_is_wanted(struct scenario *scenario);
void conductor_go_on(struct scenario *scenario);
/*
 * Till then, µs of the run, or what the agenda has before; what is due now, in
 * a moment.
 */
void conductor_let_time_pass(struct scenario *scenario, uint64_t until);

/* conductor_end.c: it is judged, and stops; when all that was sent is there. */
void conductor_close(struct scenario *scenario);
void conductor_end_script(struct scenario *scenario);
/* The script is gone. */
void conductor_bury(struct scenario *scenario);
/* If no time can pass any more, for ever: says so, and ends the run. */
bool conductor_cut_endless(struct scenario *scenario);

/*
 * conductor_agenda.c: a request, behind what is watched and has changed; in a
 * body none that lets time pass (-EINVAL with `why`).
 */
void conductor_take(struct scenario *scenario, struct frame *frame);
int conductor_refuse_time(
    struct scenario *scenario, const struct arguments *arguments);
/* arm LINE MODE DUR COLUMNS SUBJECT KEY... */
void conductor_arm(struct scenario *scenario, const struct frame *frame);
/* The script does something for the agenda; it has: ran, checked. */
void conductor_interrupt(struct scenario *scenario);
void conductor_resume(struct scenario *scenario, const struct frame *frame);

/* conductor_race.c: race LINE COUNT. */
void conductor_race(struct scenario *scenario, const struct frame *frame);

#endif
