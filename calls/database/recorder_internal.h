/*
 * Private to calls/database/: what a recorder is made of, for the process
 * (recorder.c) and for what the host asks of it (recorder_host.c).
 */
#ifndef CALLS_DATABASE_RECORDER_INTERNAL_H
#define CALLS_DATABASE_RECORDER_INTERNAL_H

#include <stdbool.h>

#include "calls/database/recorder.h"
#include "calls/database/writer.h"
#include "switch/object.h"
#include "switch/worker.h"

struct batch;
struct queue;
struct shelf;

struct job {
	struct writer *writer;
	struct batch *batch;
	int result;
};

struct recorder {
	unsigned int magic;
#define RECORDER_MAGIC 0x3fd82b6e
	struct scheduler *scheduler;
	struct writer *writer;
	struct worker *worker;
	struct queue *queue;
	struct shelf *shelf;
	enum recorder_events events;
	struct job job;
	uint64_t jobs;	   /* given so far */
	uint64_t awaiting; /* the number of the one to be answered; 0: none */
	uint64_t cdrs, missing, left_out, gapped;
	uint64_t retry_us; /* 0: the last commit went well */
	uint64_t failing_since;
	bool is_failing, is_down;
	uint64_t reserve;
	int64_t run;
	uint64_t conflicts;
	char error[512];
};

/* Takes over what the writer says, while no job is out; -EIO for a failure. */
int recorder_note(struct recorder *recorder, int result);

/* The job that was out is done, or failed: what becomes of its batch. */
int recorder_settle(struct recorder *recorder);

/* What was told while no process was there to hear it. */
void recorder_take_waiting(struct recorder *recorder);

/* To the queue: of a kind and size that it knows.  -ENOMEM. */
int recorder_append(
    struct recorder *recorder, uint16_t kind, const void *bytes, size_t size);

/*
 * recorder_choice.c: whether that record, of the right size, goes to the queue;
 * else all has been done about it.
 */
bool recorder_choose(
    struct recorder *recorder, uint16_t kind, const void *bytes);

/* recorder_rest.c: what waits goes to another file; the error says so. */
void recorder_save_rest(struct recorder *recorder);

/* All that the queue holds is committed, now and here.  -EIO. */
int recorder_write_all(struct recorder *recorder);

#endif
