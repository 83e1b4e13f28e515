/*
 * module_fault: events of a module that break at a rate, for scenarios.
 *
 * Of each event of its processes a number is drawn, on its scheduler and from
 * that one's stream: so the same seed breaks the same events, and of other
 * modules nothing is drawn.
 */
#ifndef SIM_MODULE_FAULT_H
#define SIM_MODULE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/random.h"
#include "switch/process.h"
#include "switch/scheduler.h"

struct arguments;
struct scenario;

struct module_fault {
	char module[32];
	enum fault_way way;
	uint16_t kind; /* of events, or 0: any */
	double share;
	unsigned int times; /* begun and ended, so far */
	bool is_seeded;
	struct random randoms[SCHEDULERS_MAX];
};

/* `fault module M ...` and `heal module M`, as action_do(). */
int module_fault_begin(struct scenario *scenario,
    const struct arguments *arguments, enum fault_way way);
int module_fault_heal(
    struct scenario *scenario, const struct arguments *arguments);

#endif
