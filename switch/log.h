/*
 * log: the event log, one line for everything that a run did.
 *
 * A line is the time of the run in seconds, then words.  It holds no real
 * time, address, descriptor or thread: the same scenario and seed give the
 * same bytes.  Schedulers of one switch share it: each writes whole lines, at
 * its own time, in the order in which they come.  Not for diagnostics of the
 * program itself; those go to standard error by whoever met them.
 */
#ifndef SWITCH_LOG_H
#define SWITCH_LOG_H

#include <stdbool.h>
#include <stdint.h>

struct log;

/*
 * Opens `path` for writing, cutting what it held; NULL for a log that keeps
 * nothing.  -ENOMEM, or the -errno of fopen(3).
 */
int log_alloc(struct log **ret_log, const char *path);

/* Writes out what is kept so far; -EIO when a line could not be written. */
int log_flush(struct log *log);

/* Flushes and closes; -EIO when a line could not be written. */
int log_free(struct log **logp);

/* Whether lines are kept: spares the caller the work of making one. */
bool log_is_on(const struct log *log);

/* Writes one line at `now` µs of the run; `format` without a newline. */
__attribute__((format(printf, 3, 4))) void log_line(
    struct log *log, uint64_t now, const char *format, ...);

#endif
