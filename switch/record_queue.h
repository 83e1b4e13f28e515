/*
 * Private to switch/: records on their way to the recorder.
 *
 * A record goes there at once.  While there is no recorder, as between its end
 * and its restart, it waits here until the next one takes it, or the host does
 * at the end of a run; so what is told of the recorder's own end is not lost
 * with it.
 *
 * The schedulers of a switch share one queue; for any of their threads.
 */
#ifndef SWITCH_RECORD_QUEUE_H
#define SWITCH_RECORD_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct record_queue;
struct scheduler;

/*
 * A fault each millisecond for a retry of some seconds; 1.5 MB at most.  Of
 * those that are owed as many wait as calls end.
 */
enum { RECORDS_WAITING_MAX = 8192 };

int record_queue_alloc(struct record_queue **ret_queue);
void record_queue_free(struct record_queue **queuep);

/* A message that nobody will get any more: a record waits here instead. */
struct message;
void record_keep(struct scheduler *scheduler, const struct message *message);

#endif
