/* meter: see meter.h for what it is. */
#include "tests/bench/meter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "switch/machine.h"

enum { PROCESSORS = 2 }; /* as many as there are lanes */

uint64_t
meter_wall_ns(void)
{
	return machine_ns(CLOCK_MONOTONIC);
}

uint64_t
meter_thread_ns(void)
{
	return machine_ns(CLOCK_THREAD_CPUTIME_ID);
}

struct span
meter_begin(void)
{
	return (struct span){ .wall = meter_wall_ns(),
		.cpu = machine_ns(CLOCK_PROCESS_CPUTIME_ID) };
}

struct span
meter_since(struct span began)
{
	struct span now = meter_begin();

	return (struct span){ .wall = now.wall - began.wall,
		.cpu = now.cpu - began.cpu };
}

/* smaps_rollup is exact where statm lags behind. */
uint64_t
meter_resident(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "r");
	unsigned long long kib = 0;
	char line[128];

	meter_must(file == NULL ? -1 : 0, "read /proc/self/smaps_rollup");
	while (fgets(line, sizeof line, file) != NULL)
		if (sscanf(line, "Rss: %llu kB", &kib) == 1)
			break;
	(void)fclose(file);
	return (uint64_t)kib * 1024;
}

uint32_t
meter_next(uint32_t index, uint32_t count)
{
	uint32_t mask = count < 2 ? 0 : UINT32_MAX >> __builtin_clz(count - 1);

	do
		index = (index * 1664525 + 1013904223) & mask;
	while (index >= count);
	return index;
}

static int
compare(const void *one, const void *other)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;

	return a < b ? -1 : a > b;
}

uint64_t
meter_median(uint64_t *samples, size_t count)
{
	qsort(samples, count, sizeof *samples, compare);
	return samples[count / 2];
}

void
meter_print_both(const char *measure, double value, double by_cpu)
{
	(void)printf("%s %.6g %.6g\n", measure, value, by_cpu);
}

void
meter_print(const char *measure, double value)
{
	(void)printf("%s %.6g %.6g\n", measure, value, value);
}

void
meter_print_rate(const char *measure, double count, struct span span)
{
	(void)printf("%s %.6g %.6g\n", measure, count * 1e9 / (double)span.wall,
	    count * PROCESSORS * 1e9 / (double)span.cpu);
}

void
meter_must(int error, const char *what)
{
	if (error == 0)
		return;
	(void)fprintf(stderr, "bench: cannot %s: %s\n", what,
	    error < 0 ? strerror(-error) : "it came out wrong");
	exit(1);
}
