/*
 * subject_traffic: how a traffic is going, as a scenario asks for it.
 */
#include "sim/subject_internal.h"

#include "sim/traffic.h"
#include "sim/traffic_figures.h"
#include "switch/scheduler.h"

int
look_at_traffic(const struct look *look)
{
	const struct scenario *scenario = look->scenario;
	struct traffic_counts counts;
	struct traffic_figures figures;

	if (traffics_count(scenario->traffics, look->key, &counts) != 0)
		return subject_refuse(
		    look, "no traffic '%.40s' was started", look->key);
	subject_set_state(
	    look->into, counts.is_running ? "running" : "stopped");
	traffic_figures_look(
	    &counts, scheduler_now(scenario->scheduler), NULL, &figures);
#define ADD(name) subject_add_value(look->into, #name, figures.name);
	TRAFFIC_FIGURES(ADD)
#undef ADD
	return 0;
}
