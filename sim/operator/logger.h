/*
 * logger: the lines that a switch in service writes to standard error, for
 * people and for what collects logs.
 *
 *   time=2026-11-30T16:00:00.123456Z level=warning msg="fault 11 in ANSWER,
 *       resumes" at=12.345678 module=call version=2.0 pid=<7.1>
 *
 * on one line, as logfmt, or as an object of JSON with the same keys; `at` is
 * the time of the run, and a line of no process has neither module nor pid.
 * Where standard error is systemd's journal each begins with its priority, as
 * sd-daemon(3) has it.
 *
 * Whoever says something never waits for who reads: lines are written by a
 * thread of its own.  When too many wait the new ones are lost, and how many
 * is told.
 */
#ifndef SIM_OPERATOR_LOGGER_H
#define SIM_OPERATOR_LOGGER_H

#include <stdbool.h>

#include "switch/log.h"

struct logger;

/* To `descriptor`, which stays the caller's.  -ENOMEM. */
int logger_alloc(struct logger **ret_logger, int descriptor, bool is_json,
    enum log_level level);
/* What was said is written before. */
void logger_free(struct logger **loggerp);

/*
 * Before anything runs: listens to the log of a switch, and begins to write
 * (what was said before waits till then); of no logger (NULL) nobody is told.
 * -errno of pthread_create(3).
 */
int logger_install(struct logger *logger, struct log *log);

/* A line of none of its processes; from any thread; NULL: nobody is told. */
__attribute__((format(printf, 3, 4))) void logger_say(
    struct logger *logger, enum log_level level, const char *format, ...);

/* Of what logger_say() and the log say; of the latter by home alone. */
void logger_set_level(struct logger *logger, enum log_level level);

#endif
