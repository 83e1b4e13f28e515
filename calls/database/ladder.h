/*
 * ladder: what went between the parties of calls, as rungs between their
 * lines: the one place where it is found out, and drawn.
 *
 * It is filled with events, from the database or from memory, and then drawn
 * for a terminal, as a picture, or as a diagram of a document.
 */
#ifndef CALLS_DATABASE_LADDER_H
#define CALLS_DATABASE_LADDER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct call_event;
struct ladder;
struct sqlite3;

int ladder_alloc(struct ladder **ret_ladder); /* -ENOMEM */
void ladder_free(struct ladder **ladderp);

/* Has a line for this call from here on, of that name.  -ENOMEM; -ENOSPC. */
int ladder_call(struct ladder *ladder, uint64_t call, const char *name);

/* An event, behind the others of its time.  -ENOMEM. */
int ladder_add(struct ladder *ladder, const struct call_event *event);

/* A part of the run begins, behind the event of that order. */
int ladder_phase(
    struct ladder *ladder, uint64_t at, uint64_t order, const char *text);

/*
 * Adds what table call_event has of a call of a run: what sqlite3_step() said
 * last.
 */
int ladder_read(
    struct ladder *ladder, struct sqlite3 *db, int64_t run, int64_t call);

/* Events that are in it. */
unsigned long ladder_count(const struct ladder *ladder);

/*
 * All of it; `width`: columns of the terminal, 0 as many as it takes.  In the
 * text each row ends within them, if need be as a list.
 */
void ladder_text(struct ladder *ladder, FILE *out, unsigned int width);
void ladder_svg(struct ladder *ladder, FILE *out, const char *title);
void ladder_mermaid(struct ladder *ladder, FILE *out, const char *title);

#endif
