/*
 * reload: makes the office the one that its config describes now, while calls
 * talk: does a plan (reload_plan.h), a little of it at a time.
 *
 * What a call has it keeps: its lines to its end, the route and the price that
 * it was given.  What is withdrawn can be reached no more, and is gone when its
 * last call has ended.
 */
#ifndef SIM_RELOAD_H
#define SIM_RELOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct reload;
struct reload_plan;
struct scenario;

/* The plan is its own from then on.  -ENOMEM. */
int reload_alloc(struct reload **ret_reload, struct scenario *scenario,
    struct reload_plan *plan);
void reload_free(struct reload **reloadp);

/*
 * Goes on, for about as long as a few events take; to be called between two
 * events, the other schedulers standing still.  0: all is done; 1: there is
 * more; -errno: there was no memory for it, and what reload_why() says stands.
 */
int reload_go_on(struct reload *reload);
const char *reload_why(const struct reload *reload);

enum { RELOAD_TEXT_SIZE = 1024 };

/*
 * When all is done: what is in force, by what the config said before and says
 * now.  What could not be obeyed is as it was, and is tried again by the next.
 * -ENOMEM.
 */
struct office_data;
int reload_in_force(const struct reload *reload,
    const struct office_data *before, const struct office_data *now,
    struct office_data **ret_data);

/* "nothing has changed", or one line of what has. */
void reload_tell(const struct reload *reload, char *text, size_t size);
/* Likewise, as a member of an object. */
void reload_json(const struct reload *reload, FILE *out);

#endif
