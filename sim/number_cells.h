/*
 * number_cells: what two configs say of ranges of numbers, side by side.
 *
 * All numbers that either speaks of are cut into cells, so that within one cell
 * each of them says one thing, or nothing.
 */
#ifndef SIM_NUMBER_CELLS_H
#define SIM_NUMBER_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/units.h"

/* Something is said of a range; of several the last counts, or (adds) all. */
struct number_span {
	struct range range;
	uint64_t meaning; /* 0: what was said before ends */
	uint32_t said;	  /* which command said so */
	bool is_new;	  /* by the config that is read now */
	bool adds;
};

struct number_cell {
	struct range range;
	struct number_said {
		uint64_t meaning; /* 0: nothing is */
		uint32_t said;
	} before, now;
};

struct number_cells {
	uint32_t count, room;
	struct number_cell *cells; /* in order; neighbours differ */
};

/* -ENOMEM. */
int number_cells_make(struct number_cells *ret_cells,
    const struct number_span *spans, uint32_t count);
void number_cells_done(struct number_cells *cells);

#endif
