/*
 * states: see states.h for what it is.
 */
#include "sim/states.h"

#include <errno.h>
#include <stdio.h>

#include "sim/options.h"
#include "sim/scenario.h"
#include "sim/states_internal.h"
#include "switch/behaviour.h"
#include "upgrade/code.h"
#include "upgrade/prover.h"

static void
write_chart(const struct options *options, const struct state_chart *chart)
{
	const struct states_title title = { options->words[0],
		options->words[1] };

	if (options->format == FORMAT_DOT)
		states_write_dot(stdout, chart, &title);
	else if (options->format == FORMAT_SVG)
		states_write_svg(stdout, chart, &title);
	else
		states_write_text(stdout, chart, &title);
}

static int
judge(const struct options *options, const struct state_chart *chart, char *why)
{
	char clause[CODE_WHY_MAX / 2];
	int error = states_check(chart, clause, sizeof clause);

	if (error != 0)
		(void)snprintf(why, CODE_WHY_MAX,
		    "the table of '%.60s' %.60s is not complete: %s",
		    options->words[0], options->words[1], clause);
	return error;
}

int
states_print(const struct options *options, const struct scenario_roots *roots,
    char *why)
{
	struct behaviours *behaviours = NULL;
	struct prover *prover = NULL;
	struct code *code = NULL;
	struct state_chart *chart = NULL;
	int error;

	(void)snprintf(why, CODE_WHY_MAX, "no memory is left");
	error = prover_start(&prover);
	if (error == 0)
		error = behaviours_alloc(&behaviours, 1);
	if (error == 0)
		error =
		    code_alloc(&code, behaviours, roots->folders, roots->count);
	if (error == 0) {
		code_set_prover(code, prover);
		error = code_states(
		    code, options->words[0], options->words[1], &chart, why);
	}
	if (error == 0)
		error = judge(options, chart, why);
	if (error == 0)
		write_chart(options, chart);
	state_chart_free(&chart);
	code_free(&code);
	behaviours_free(&behaviours);
	prover_free(&prover);
	return error;
}
