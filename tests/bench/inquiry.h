/*
 * inquiry: traffic that finds out how long events wait.
 *
 * The driver asks calls of its lane, in the order of lane->calls, so many in a
 * second and each at its time: also while nothing is answered.  A call answers
 * at once; how long an event waits is from the moment at which it was due to
 * the moment at which the driver has the answer, which is twice a way through
 * a mailbox.  Who asks only after an answer would not see a pause but once.
 *
 * With a renewal some calls are hung up after they are asked, and another is
 * started in their place: so calls die and are born meanwhile.
 *
 * tests/bench/beam/upgrading.erl asks the same way.
 */
#ifndef TESTS_BENCH_INQUIRY_H
#define TESTS_BENCH_INQUIRY_H

#include <stdatomic.h>

#include "switch/histogram.h"
#include "tests/bench/lane.h"

enum { INQUIRIES_PER_S = 50000 }; /* of one driver */

struct inquiry {
	uint64_t begun, ends; /* ns; 0: it ends when it is told to */
	uint64_t asked, answered;
	uint32_t renewal;	/* of so many one call ends */
	bool starts;		/* another in its place */
	uint32_t place;		/* that one */
	uint64_t ended;		/* so far, and as many started */
	atomic_bool is_told;	/* to end */
	struct histogram waits; /* ns */
	struct histogram turns; /* ns of CPU time, of each turn */
	uint64_t cpu;		/* when this one began */
};

/* The job; lane->inquiry is set. */
lane_job_f job_inquire;

/* Anew, for so long from now, or (0) until is_told; no renewal. */
void inquiry_begin(struct inquiry *inquiry, uint64_t ns);

#endif
