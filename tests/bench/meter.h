/* meter: clocks, memory, order and results of a benchmark. */
#ifndef TESTS_BENCH_METER_H
#define TESTS_BENCH_METER_H

#include <stddef.h>
#include <stdint.h>

uint64_t meter_wall_ns(void);
uint64_t meter_thread_ns(void); /* CPU time of the thread that asks */
uint64_t meter_resident(void);

/* ns: of the wall's clock, and of user and system time of all threads. */
struct span {
	uint64_t wall, cpu;
};
struct span meter_begin(void);
struct span meter_since(struct span began);

/*
 * The same order on both sides, without locality: every number below `count`
 * once, by a generator of full period over the next power of two (Knuth,
 * TAOCP 2, 3.2.1.2, theorem A), those that are not below it left out.  Start
 * at 0; the last one is followed by 0 again.
 */
uint32_t meter_next(uint32_t index, uint32_t count);

/* The middle one; the samples are sorted. */
uint64_t meter_median(uint64_t *samples, size_t count);

/*
 * One line of result on stdout, for tools/bench: name, value, and the value
 * that two processors would have given which nobody else had used.
 */
void meter_print(const char *measure, double value);
void meter_print_both(const char *measure, double value, double by_cpu);
void meter_print_rate(const char *measure, double count, struct span span);

/* Ends the program with a message unless `error` is 0. */
void meter_must(int error, const char *what);

#endif
