/*
 * floor: what the same work costs when there is no switch.
 *
 * A bare loop that touches the same bytes in the same order (a header of a
 * cache line, a state, messages), copies what the switch must copy (a message
 * in, the state to the scratch and back) and makes the same indirect calls,
 * and nothing else: no mailbox, no queue, no lists, no containment.  Its
 * memory comes in populated steps too.  Nothing that keeps the promises can be
 * faster; how near the switch comes is its share of the floor.
 *
 * Two threads, like the lanes.  Prints floor-starts, floor-events,
 * floor-calls, floor-memory and floor-fault.
 */
#ifndef TESTS_BENCH_FLOOR_H
#define TESTS_BENCH_FLOOR_H

#include <stdint.h>

void floor_run(uint32_t calls);

#endif
