/*
 * alarm: a condition that an operator should know of, from the moment it is
 * raised until it is cleared.
 *
 * An alarm has a name, a word of the vocabulary (process-down, restart-limit),
 * and an object: what is in that condition.  Raising one that stands already
 * changes nothing, nor does clearing one that does not: whoever finds the
 * condition need not remember whether he has told of it.  Each change is a line
 * of the log and a record.
 *
 * The schedulers of a switch share one table; everything here is for any of
 * their threads.
 */
#ifndef SWITCH_ALARM_H
#define SWITCH_ALARM_H

#include <stdbool.h>
#include <stdint.h>

struct alarms;
struct scheduler;

/* Perceived severity, X.733 8.1.2.3; indeterminate is of no use to anyone. */
#define ALARM_SEVERITIES(X)	    X(warning) X(minor) X(major) X(critical)
#define ALARM_SEVERITY_ENUM(symbol) ALARM_##symbol,
enum alarm_severity { ALARM_SEVERITIES(ALARM_SEVERITY_ENUM) };
#undef ALARM_SEVERITY_ENUM
const char *alarm_severity_word(enum alarm_severity severity);

/* Those that the switch itself raises: of a child, of a supervisor. */
#define ALARM_PROCESS_DOWN  "process-down"
#define ALARM_RESTART_LIMIT "restart-limit"

enum { ALARM_NAME_SIZE = 32, ALARM_OBJECT_SIZE = 72, ALARM_TEXT_SIZE = 128 };

struct alarm {
	char name[ALARM_NAME_SIZE], object[ALARM_OBJECT_SIZE];
	char text[ALARM_TEXT_SIZE]; /* why, as it was raised last */
	enum alarm_severity severity;
	bool is_raised;
	uint64_t count; /* how often it was raised */
	uint64_t at;	/* µs of the run: its last change */
};

int alarms_alloc(struct alarms **ret_alarms);
void alarms_free(struct alarms **alarmsp);

/* Of `alarm` its name, object, text and severity. */
void alarm_raise(struct scheduler *scheduler, const struct alarm *alarm);
void alarm_clear(
    struct scheduler *scheduler, const char *name, const char *object);

/* Whether any stands; for whoever would clear one, before he names it. */
bool alarm_stands(const struct scheduler *scheduler);

/*
 * All of that name as one: raised if one of them is, counts added up, the rest
 * of the one that changed last.  -ENOENT none was ever raised.
 */
int alarm_look(
    struct scheduler *scheduler, const char *name, struct alarm *ret_alarm);

/* The next that was ever raised, *cursor from 0; false at the end. */
bool alarm_next(
    struct scheduler *scheduler, unsigned int *cursor, struct alarm *ret_alarm);

/* How often any was raised. */
uint64_t alarm_total(struct scheduler *scheduler);

/*
 * One who acts on alarms; told on the thread that raises or clears, after the
 * record is sent: two threads' changes may come in either order.  Set before
 * anything runs.
 */
typedef void alarm_observer_f(void *arg, const struct alarm *alarm);
void alarm_observe(
    struct scheduler *scheduler, alarm_observer_f *observer, void *arg);

#endif
