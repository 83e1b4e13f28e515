/*
 * run_scenario: a scenario's text, run as the program runs it, for tests.
 *
 * Through the real script process, switch, releases and database, all in the
 * folder that the test runs in.
 */
#ifndef TESTS_RUN_SCENARIO_H
#define TESTS_RUN_SCENARIO_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/options.h"
#include "sim/scenario.h"
#include "sim/script.h"
#include "sim/source.h"
#include "sim/verdict.h"

struct ran {
	struct source source;
	struct options options;
	struct scenario_roots roots;
	struct params params;
	struct verdict verdict;
	char file[64], database[64], why[1024];
};

static inline int
run_text(struct ran *ran, const char *name, const char *text)
{
	struct scenario_plan plan = { .source = &ran->source,
		.options = &ran->options,
		.roots = &ran->roots,
		.params = &ran->params };
	FILE *file;
	int result;

	memset(ran, 0, sizeof *ran);
	(void)snprintf(ran->file, sizeof ran->file, "%s.tcl", name);
	(void)snprintf(ran->database, sizeof ran->database, "%s.db", name);
	(void)unlink(ran->database);
	file = fopen(ran->file, "w");
	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
		return -EIO;
	ran->options.database = ran->database;
	ran->options.seed = 1;
	ran->options.format = FORMAT_JSON;
	ran->roots.folders[ran->roots.count++] = HOTSWITCH_RELEASES;
	result =
	    source_read(&ran->source, ran->file, ran->why, sizeof ran->why);
	if (result == 0)
		result = scenario_check(&plan, ran->why, sizeof ran->why);
	if (result == 0)
		result = scenario_run(
		    &plan, &ran->verdict, ran->why, sizeof ran->why);
	return result;
}

static inline void
forget_run(struct ran *ran)
{
	verdict_clear(&ran->verdict);
	source_free(&ran->source);
	(void)unlink(ran->file);
	(void)unlink(ran->database);
}

#endif
