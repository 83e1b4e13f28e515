/*
 * log: what a switch says that it does, line by line.
 *
 * A line is the time of the run, words, a level, and whose it is if a process
 * says it.  It has two readers.  The event log is a file: it takes every line,
 * whatever its level, as the time in seconds and the words; it holds no real
 * time, address, descriptor or thread, so that the same scenario and seed give
 * the same bytes.  The listener is told of what people who run a switch want
 * to hear (sim/operator/logger.c writes it): lines of a level, which may be
 * another for one process or one module, as OTP's logger has it.
 *
 * Schedulers of one switch share it: each writes whole lines, at its own time,
 * in the order in which they come.  Levels are set by home while the others
 * are halted.
 */
#ifndef SWITCH_LOG_H
#define SWITCH_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "switch/module.h"

struct log;

/* Severities of RFC 5424, table 2, by number, with the words of OTP. */
#define LOG_LEVELS(X)                                                          \
	X(emergency)                                                           \
	X(alert) X(critical) X(error) X(warning) X(notice) X(info) X(debug)
#define LOG_LEVEL_ENUM(symbol) LEVEL_##symbol,
enum log_level { LOG_LEVELS(LOG_LEVEL_ENUM) LEVELS_COUNT };
#undef LOG_LEVEL_ENUM
const char *log_level_word(enum log_level level);
/* False: it is no such word. */
bool log_level_find(const char *word, enum log_level *ret_level);

/* Of one line: when, how grave, whose; of no process: all else zero. */
struct log_entry {
	uint64_t now; /* µs of the run */
	enum log_level level;
	const char *module, *version; /* no version: the words name it */
	struct pid pid;
	bool is_unlogged; /* not for the event log, see struct behaviour */
};

/*
 * Opens `path` for writing, cutting what it held; NULL for a log that keeps
 * nothing.  -ENOMEM, or the -errno of fopen(3).
 */
int log_alloc(struct log **ret_log, const char *path);

/* Writes out what is kept so far; -EIO when a line could not be written. */
int log_flush(struct log *log);

/* Flushes and closes; -EIO when a line could not be written. */
int log_free(struct log **logp);

/* Whether anybody may read such a line: spares the work of making one. */
bool log_wants(const struct log *log, enum log_level level);

/*
 * Writes one line; `format` without a newline.  In the event log the process
 * stands in front: "call 2.0 <7.1> ".
 */
__attribute__((format(printf, 3, 4))) void log_line(
    struct log *log, struct log_entry entry, const char *format, ...);

/*--------------------------------------------------------------------
 * The listener
 */

/* On the thread of whoever writes the line; it must not wait for anything. */
typedef void log_listener_f(
    void *arg, const struct log_entry *entry, const char *text);

/* Set before anything runs. */
void log_listen(struct log *log, log_listener_f *listener, void *arg);

/* Whose lines have a level of their own: a process, or those of a module. */
struct log_rule {
	struct pid pid; /* none: of the module */
	char module[32];
	enum log_level level;
};

enum { LOG_RULES_MAX = 64 };

/* The level of all that no rule is about; it begins with `notice`. */
void log_set_level(struct log *log, enum log_level level);
enum log_level log_level(const struct log *log);
/* In the place of one about the same; -ENOSPC. */
int log_add_rule(struct log *log, const struct log_rule *rule);
/* Those about the same; of no pid and no module, all. */
void log_drop_rule(struct log *log, const struct log_rule *rule);
/* The next, *cursor from 0; NULL at the end. */
const struct log_rule *log_next_rule(
    const struct log *log, unsigned int *cursor);

#endif
