/*
 * upgrading: the measures of an upgrade, see docs/benchmarks.md.
 *
 * Each prints its lines as those of main.c do.
 */
#ifndef TESTS_BENCH_UPGRADING_H
#define TESTS_BENCH_UPGRADING_H

#include <stdint.h>

/* Toy calls, from 1.0 to 2.0, back, and there again; nothing else goes on. */
void upgrading_run(uint32_t calls);
/* The same of talking calls of release 1.0. */
void upgrading_run_calls(uint32_t calls);
/* There and back under traffic; and as much traffic without. */
void upgrading_run_pause(uint32_t calls);
/* A rehearsal under traffic. */
void upgrading_run_rehearsal(uint32_t calls);

#endif
