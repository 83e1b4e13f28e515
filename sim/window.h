/*
 * window: a subject as it has been since some moment, and whether a condition
 * holds of that.
 *
 * Traffics and trunk groups are counted from there on; of all else there is
 * only how it is now.
 */
#ifndef SIM_WINDOW_H
#define SIM_WINDOW_H

#include "calls/exchange/office_trunk.h"
#include "sim/scenario_internal.h"

struct condition;
struct traffic_mark;

enum { WINDOW_KEY = 64 };

/* What is asked of whom: by the switch itself, not by the script. */
struct question {
	const struct noun *noun;
	char key[WINDOW_KEY], second_key[WINDOW_KEY];
	char *text; /* of the condition */
	struct condition *condition;
};

/*
 * Takes the subject and the condition of a command.  -EINVAL, -ENOMEM with one
 * clause in `why`.
 */
int question_read(struct question *question, const struct noun *noun,
    const char *const keys[2], const char *condition, char *why, size_t size);
void question_clear(struct question *question);
/* `sim/script_check.c` asks the same of a text before it runs. */
int question_check(
    const struct noun *noun, const char *condition, char *why, size_t size);

struct window {
	uint64_t since;		      /* µs of the run */
	struct traffic_mark *traffic; /* or NULL */
	struct trunk_info trunk;
	bool is_open;
};

/* From now on.  -ENOMEM; nothing, of a subject that is not there yet. */
int window_open(struct window *window, struct scenario *scenario,
    const struct question *question);
void window_clear(struct window *window);

/*
 * Whether it holds since then; `text`: the columns that it asks for, as in
 * "asr 0.61, blocking 0.02".
 */
bool window_holds(const struct window *window, struct scenario *scenario,
    const struct question *question, char *text, size_t size);

#endif
