/*
 * probe: a toy call that faults when it is told to, and one that is next.
 *
 * Both note when: in memory of the benchmark, whose address the event brings.
 * No module of the switch could or should do that; this is an instrument.
 */
#ifndef TESTS_BENCH_PROBE_H
#define TESTS_BENCH_PROBE_H

#include <stdint.h>

enum { PROBE_DONE = 0x2000 }; /* to who sent TOY_PROBE */

struct probe {
	uint64_t faulted, served, down; /* ns of the machine's clock */
};

#endif
