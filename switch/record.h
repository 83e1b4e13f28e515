/*
 * record: what the switch wants remembered of itself.
 *
 * A record is sent as a parcel to the process registered as `recorder`, under
 * its kind; switch/ and upgrade/ know no database.  Kinds: 0xfe0x switch,
 * 0xfe1x upgrade, 0xfe2x calls: of these one is owed for each call.
 */
#ifndef SWITCH_RECORD_H
#define SWITCH_RECORD_H

#include "switch/alarm.h"
#include "switch/module.h"

#define RECORD_RECIPIENT "recorder"

enum {
	RECORD_FIRST = 0xfe00,
	RECORD_FAULT = 0xfe01,
	RECORD_RESTART = 0xfe02,
	RECORD_ALARM = 0xfe03,
	RECORD_OWED = 0xfe20, /* from here on: none may be left out */
	RECORD_LAST = 0xfeff
};

enum fault_callback {
	CALLBACK_INIT,
	CALLBACK_HANDLE,
	CALLBACK_TERMINATE,
	CALLBACK_CODE_CHANGE
};

/* One contained fault. */
struct fault_record {
	uint64_t at; /* µs of the run */
	struct pid pid;
	struct reason reason;
	uint16_t event;	  /* kind of the event that was undone */
	uint8_t callback; /* enum fault_callback */
	uint8_t resumed;  /* 1: the process goes on */
	char module[32], version[32];
	char event_name[24];
	uint8_t retried; /* 1: and the version before has the event */
};

/* One restart that a supervisor did, or gave up. */
struct restart_record {
	uint64_t at;
	struct pid old_pid, new_pid; /* new_pid PID_NONE: given up */
	struct reason reason;
	char supervisor[32], child[32];
};

struct scheduler;

/*
 * To the recorder.  While there is none it waits for the next one, or for the
 * host at the end of a run; so does what lay in the mailbox of one that ended.
 */
void record_send(struct scheduler *scheduler, uint16_t kind, const void *record,
    size_t size);

/*
 * For the recorder: gives it what was told while there was none, in its order.
 * How many could not wait.
 */
typedef void record_take_f(
    void *arg, uint16_t kind, const void *record, size_t size);
uint64_t record_take_waiting(
    struct scheduler *scheduler, record_take_f *take, void *arg);

/* A condition that an operator should know of has come, or has ended. */
struct alarm_record {
	uint64_t at;
	uint8_t is_raised, severity; /* enum alarm_severity */
	char name[ALARM_NAME_SIZE], object[ALARM_OBJECT_SIZE];
	char text[ALARM_TEXT_SIZE];
};

#endif
