/*
 * numbers: what digits lead to, in an office of so many lines and two routes
 * for each five of them: how long its tables take to be made, and how long one
 * look at them takes, in an order without locality.
 */
#ifndef TESTS_BENCH_NUMBERS_H
#define TESTS_BENCH_NUMBERS_H

#include <stdint.h>

void numbers_run(uint32_t lines);

#endif
