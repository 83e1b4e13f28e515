/*
 * Private to sim/operator/console*.c.
 *
 * console.c is its life, console_line.c does a line, console_operation.c those
 * words that only an operator has, console_wait.c has those whose answer must
 * wait, console_reload.c reads the config again, console_status.c says how the
 * switch is.
 */
#ifndef SIM_OPERATOR_CONSOLE_INTERNAL_H
#define SIM_OPERATOR_CONSOLE_INTERNAL_H

#include <stdio.h>

#include "sim/operator/answer.h"
#include "sim/operator/console.h"
#include "sim/operator/state_count.h"
#include "sim/scenario_internal.h"
#include "switch/histogram.h"

enum console_state {
	CONSOLE_CONFIGURING,
	CONSOLE_SERVING,
	CONSOLE_DRAINING,
	CONSOLE_ENDING,
	CONSOLE_ENDED
};

/* A line whose answer waits for what it has begun. */
struct waiter {
	struct waiter *next;
	struct letter *letter; /* its arguments point into it */
	struct arguments arguments;
	enum waiting waiting; /* TIME, CHANGE or UPGRADE */
	uint64_t until;	      /* µs of the run */
	/* Of an upgrade: its number, and what was told of it last. */
	uint64_t upgrade, told;
	struct condition *condition; /* of expect and never; or NULL */
	struct command_record record;
	bool is_recorded;
};

/* The config is read again, and what has changed is done. */
struct reloading {
	struct config_job *job; /* NULL: there is no config */
	bool is_reading;
	struct reload *reload; /* what is being done; or NULL */
	/* What the config has said, and says now; and its operators since. */
	struct office_data *said, *now, *by_hand;
	/* Who asked, and who did when it was being read already. */
	struct letter *asked, *later;
	bool is_wanted_later; /* by one of those, or a signal */
	struct command_record record;
};

struct console {
	unsigned int magic;
#define CONSOLE_MAGIC 0x51e7c0d9
	struct console_options options;
	struct scenario *scenario;
	enum console_state state;
	bool is_called;	      /* turn() is on its way */
	bool is_ticking;      /* likewise, a while later */
	bool is_looking;      /* likewise, for reports */
	unsigned int signals; /* how often it was told to end */
	unsigned int hangups; /* how often to read its config again */
	struct event *mail, *terminate, *interrupt, *hangup;
	struct reloading reloading;
	struct waiter *waiters;
	struct report_jobs *jobs;
	struct state_count states;
	struct histogram sum; /* console_latency.c, while it counts */
	char why[512];	      /* it did not end well; or "" */
};

/* Does the line of a letter, which it takes, and answers it now or later. */
void console_do(struct console *console, struct letter *letter);
void console_answer(struct console *console, struct letter *answer);

/*
 * console_wait.c: an action has begun what takes time; the letter and its
 * arguments are the waiter's, and its record (NULL: it has none) is ended when
 * it is answered.
 */
void console_wait(struct console *console, struct letter *letter,
    const struct arguments *arguments, const struct command_record *record);
/* What an upgrade has come to, to the client who ordered it by `command`. */
struct upgrade_report;
void console_tell_upgrade(struct console *console, uint64_t client,
    const char *command, const struct upgrade_report *report);
/* expect and never, which only a script's interpreter does otherwise. */
void console_look(struct console *console, struct letter *letter,
    const struct arguments *arguments);
/* Looks at all of them; whether any still waits. */
bool console_look_after(struct console *console);
/* Whatever this client waits for is nobody's; what he has begun goes on. */
void console_forget(struct console *console, uint64_t client);
/* Nothing will come any more. */
void console_dismiss(struct console *console, const char *why);

/*
 * console_reload.c: reads the config again, for a client (his letter is taken)
 * or for a signal (NULL); goes on with that, in each turn: whether there is
 * something to do at once.
 */
int console_reload_alloc(struct console *console);
void console_reload_free(struct console *console);
void console_reload_remove(struct console *console);
void console_reload(struct console *console, struct letter *letter);
bool console_reload_go_on(struct console *console);
void console_reload_dismiss(struct console *console, const char *why);
/* What is said now would not be known to what is being read. */
bool console_reload_is_at_it(const struct console *console);
void console_reload_note_by_hand(
    struct console *console, unsigned int count, const char *const *words);

/*
 * console_operation.c: a word of operation.def; its members of the answer go
 * to `out`.  -EINVAL with `why` of the scenario.
 */
int console_operate(
    struct console *console, const struct arguments *arguments, FILE *out);

/* console_status.c: members of an object, for `status`. */
void console_status(struct console *console, FILE *out);
/* console_latency.c: one more. */
void console_latency(struct console *console, FILE *out);

#endif
