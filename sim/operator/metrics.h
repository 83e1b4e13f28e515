/*
 * metrics: the status of the switch as OpenMetrics 1.0 has it.
 *
 * Names follow the conventions of Prometheus: hotswitch_, base units, _total.
 * How many series there are is bounded by what is counted of the whole switch,
 * of its loaded versions and of its alarms' names.
 */
#ifndef SIM_OPERATOR_METRICS_H
#define SIM_OPERATOR_METRICS_H

#include <stdio.h>

/* Of the answer to `status`, as it came; -EINVAL it is none. */
int metrics_write(FILE *out, const char *answer);

#endif
