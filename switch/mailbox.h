/*
 * Private to switch/: the messages that wait for a process, first come, first
 * served.  A message lies in one mailbox, or is the event in hand.
 */
#ifndef SWITCH_MAILBOX_H
#define SWITCH_MAILBOX_H

#include "switch/scheduler_internal.h"

/* At the end, or ahead of all others. */
void mailbox_append(
    struct scheduler *scheduler, struct process *process, uint32_t message);
void mailbox_prepend(
    struct scheduler *scheduler, struct process *process, uint32_t message);

/* Behind `before`, which lies there; 0: ahead of all others. */
void mailbox_insert(struct scheduler *scheduler, struct process *process,
    uint32_t before, uint32_t message);

/*
 * Brings those that are wanted ahead of the others, both in their order; how
 * many they are.
 */
typedef bool mailbox_wanted_f(
    const struct process *process, const struct message *message);
uint32_t mailbox_advance(const struct scheduler *scheduler,
    struct process *process, mailbox_wanted_f *wanted);

/* The first, out of it; it is not empty. */
uint32_t mailbox_take(struct scheduler *scheduler, struct process *process);

/* Nobody will get it: it counts as undelivered. */
void mailbox_lose(struct scheduler *scheduler, uint32_t message);

/* Loses and frees all that waits. */
void mailbox_clear(struct scheduler *scheduler, struct process *process);

#endif
