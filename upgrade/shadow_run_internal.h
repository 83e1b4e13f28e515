/*
 * Private to shadow_run.c and shadow_run_result.c.
 */
#ifndef UPGRADE_SHADOW_RUN_INTERNAL_H
#define UPGRADE_SHADOW_RUN_INTERNAL_H

#include "upgrade/shadow_run.h"

/* Adds what was counted of one kind, which then has its place; all of one. */
void shadow_run_count(
    struct shadow_run_result *result, const struct shadow_event *event);
/* The next place to keep one of an event of that word; NULL: enough are. */
struct shadow_difference *shadow_run_place(
    struct shadow_run_result *result, const char *word);
void shadow_run_add(
    struct shadow_run_result *sum, const struct shadow_run_result *one);

#endif
