/*
 * recorded: whole calls whose records are committed to a database, and a bare
 * loop that inserts the same rows.
 */
#ifndef TESTS_BENCH_RECORDED_H
#define TESTS_BENCH_RECORDED_H

#include <stdint.h>

/* Calls of release 1.0; both sides write a file in the folder they run in. */
void recorded_run(uint32_t calls);

#endif
