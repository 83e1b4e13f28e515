/*
 * subscribers: those of an office who call one another, for benchmarks.
 *
 * They act when their lane has settled, a batch at a time: pick up and dial,
 * answer, and then talk on, or (subscribers_hang_up) hang up on both sides
 * and make room for the next batch.
 */
#ifndef TESTS_BENCH_SUBSCRIBERS_H
#define TESTS_BENCH_SUBSCRIBERS_H

#include "tests/bench/lane.h"

enum { SUBSCRIBERS_FEW = 1024 };

/* `pairs` lines on either side; all get ready to call. */
void subscribers_move_in(struct lane *lane, uint32_t pairs);

/* They will not talk on. */
void subscribers_hang_up(struct lane *lane);

#endif
