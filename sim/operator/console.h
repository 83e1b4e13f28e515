/*
 * console: a switch in operation, as home's thread has it.
 *
 * What operators say comes as lines in a letterbox; each is done here between
 * two events, while the other schedulers stand still, and answered by objects
 * (answer.h) in the other letterbox.  Nobody here waits for an operator.
 *
 *   configuring ── open ──> serving ── end ──> draining ──> ending ──> ended
 *                              └── the root gave up ────────────────────^
 *
 *   configuring  the config's script is being done
 *   serving      lines are taken
 *   draining     no new calls, those that live end as they would
 *   ending       the tree of supervisors comes down, each call writes its
 *                record
 *   ended        the schedulers stop
 */
#ifndef SIM_OPERATOR_CONSOLE_H
#define SIM_OPERATOR_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct console;
struct letterbox;
struct logger;
struct office_data;
struct options;
struct scenario;

struct console_options {
	struct letterbox *lines, *answers; /* from operators, and to them */
	struct logger *logger;
	/* Told on home's thread: operators may come; its end has begun. */
	void (*opened)(void *arg);
	void (*ends)(void *arg);
	/* ... its config is read again (NULL); that has ended, so. */
	void (*reloads)(void *arg, const char *text);
	/* ... and each `alive_us` that home takes its turns; 0: never. */
	void (*alive)(void *arg);
	uint64_t alive_us;
	void *arg;
	bool drains; /* a first signal lets calls end as they would */
	/* What the config was read by, to read it again; NULL: by nothing. */
	const struct options *reread;
};

int console_alloc(
    struct console **ret_console, const struct console_options *options);
void console_free(struct console **consolep);

/* Whether it ended as it was told to, and why not. */
bool console_ended_well(const struct console *console, char *why, size_t size);

/* scenario.c: before anything runs, and when the schedulers have stopped. */
int console_install(struct console *console, struct scenario *scenario);
void console_remove(struct console *console);
/* scenario.c, from any thread: the machine has hindered the switch. */
void console_warn(struct console *console, const char *text);

/* conductor.c: the config has done that command. */
void console_note(
    struct console *console, unsigned int count, const char *const *words);
/* All that it has done so far. */
const struct office_data *console_config(const struct console *console);

/* conductor.c: the config has ended; the switch has stopped by itself. */
void console_open(struct console *console);
void console_stopped(struct console *console);

#endif
