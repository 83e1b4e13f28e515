/* plan: see plan.h for what it is. */
#include "sim/plan.h"

#include <errno.h>
#include <string.h>

#include "sim/json.h"
#include "sim/options.h"
#include "sim/scenario.h"
#include "switch/behaviour.h"
#include "upgrade/code.h"
#include "upgrade/plan_table.h"
#include "upgrade/prover.h"

/* A column is as wide as most of its cells; longer ones push the next. */
enum { PROOF_BYTES = 256 };
enum { TARGET_WIDTH = 22, SOURCE_WIDTH = 22, RULE_WIDTH = 34, LOSSY_WIDTH = 6 };

struct writer {
	FILE *out;
	unsigned int rows;
};

static const char *
dash_if_empty(const char *cell)
{
	return cell[0] == '\0' ? "-" : cell;
}

static void
write_text(void *arg, const struct plan_row *row)
{
	struct writer *writer = arg;

	if (writer->rows++ == 0)
		(void)fprintf(writer->out, "%-*s %-*s %-*s %-*s %s\n",
		    TARGET_WIDTH, "target", SOURCE_WIDTH, "source", RULE_WIDTH,
		    "rule", LOSSY_WIDTH, "lossy", "way back");
	(void)fprintf(writer->out, "%-*s %-*s %-*s %-*s %s\n", TARGET_WIDTH,
	    dash_if_empty(row->target), SOURCE_WIDTH,
	    dash_if_empty(row->source), RULE_WIDTH, row->rule, LOSSY_WIDTH,
	    row->is_lossy ? "yes" : "no", dash_if_empty(row->way_back));
}

static void
write_member(FILE *out, const char *name, const char *cell)
{
	(void)fprintf(out, "\"%s\": ", name);
	if (cell[0] == '\0')
		(void)fputs("null", out);
	else
		json_string(out, cell);
	(void)fputs(", ", out);
}

static void
write_json(void *arg, const struct plan_row *row)
{
	struct writer *writer = arg;

	(void)fputs(writer->rows++ == 0 ? "\n  { " : ",\n  { ", writer->out);
	write_member(writer->out, "target", row->target);
	write_member(writer->out, "source", row->source);
	write_member(writer->out, "rule", row->rule);
	write_member(writer->out, "way_back", row->way_back);
	(void)fprintf(
	    writer->out, "\"lossy\": %s }", row->is_lossy ? "true" : "false");
}

static int
find_end(const struct plan_switch *in, const char *module, const char *version,
    const struct module **ret_end, char *why)
{
	uint16_t id;
	int error = code_load(in->code, module, version, &id, why);

	if (error == 0)
		*ret_end = behaviour_at(in->behaviours, id)->module;
	return error;
}

static int
find_ends(const struct plan_switch *in, const struct plan_words *words,
    struct plan_ends *ends, char *why)
{
	int error = find_end(in, words->module, words->from, &ends->from, why);

	return error == 0
	    ? find_end(in, words->module, words->to, &ends->to, why)
	    : error;
}

/* What lies between, for the plan to be held against; as far as it can. */
static void
load_between(const struct plan_switch *in, const struct plan_words *words)
{
	const struct code_ends ends = { words->module, words->from, words->to };
	char version[sizeof behaviour_at(in->behaviours, 0)->version];
	char why[CODE_WHY_MAX];
	unsigned int i;
	uint16_t id;

	for (i = 0; code_between(in->code, &ends, i, version, sizeof version);
	     i++)
		(void)code_load(in->code, words->module, version, &id, why);
}

/* How it compares with the way through what lies between, or "". */
static void
say_proof(const struct plan_switch *in, const struct plan_words *words,
    char *text, size_t size)
{
	code_say_proof(in->code,
	    behaviour_find(in->behaviours, words->module, words->from),
	    behaviour_find(in->behaviours, words->module, words->to), text,
	    size);
}

static int
write_plan(FILE *out, enum format format, const struct plan_ends *ends,
    const char *proof, char *why)
{
	struct writer writer = { .out = out };
	int error;

	if (format != FORMAT_JSON) {
		error =
		    plan_table(ends, write_text, &writer, why, CODE_WHY_MAX);
		if (proof[0] != '\0')
			(void)fprintf(out, "%s\n", proof);
		return error;
	}
	(void)fprintf(out, "{ \"module\": \"%s\", \"from\": \"%s\", ",
	    ends->from->name, ends->from->version);
	(void)fprintf(out, "\"to\": \"%s\", \"proof\": ", ends->to->version);
	json_string(out, proof);
	(void)fputs(", \"values\": [", out);
	error = plan_table(ends, write_json, &writer, why, CODE_WHY_MAX);
	(void)fputs("\n] }\n", out);
	return error;
}

int
plan_print(const struct options *options, const struct scenario_roots *roots,
    char *why)
{
	const struct plan_words words = { options->words[0], options->words[1],
		options->words[2] };
	struct plan_switch in = { NULL, NULL };
	struct prover *prover = NULL;
	char proof[PROOF_BYTES];
	struct plan_ends ends;
	int error;

	(void)snprintf(why, CODE_WHY_MAX, "no memory is left");
	error = prover_start(&prover);
	if (error == 0)
		error = behaviours_alloc(&in.behaviours, 1);
	if (error == 0)
		error = code_alloc(
		    &in.code, in.behaviours, roots->folders, roots->count);
	if (error == 0) {
		code_set_prover(in.code, prover);
		load_between(&in, &words);
		error = find_ends(&in, &words, &ends, why);
	}
	if (error == 0) {
		say_proof(&in, &words, proof, sizeof proof);
		error = write_plan(stdout, options->format, &ends, proof, why);
	}
	code_free(&in.code);
	behaviours_free(&in.behaviours);
	prover_free(&prover);
	return error;
}

int
plan_write(FILE *out, const struct plan_switch *in,
    const struct plan_words *words, char *why)
{
	bool had_from =
	    behaviour_find(in->behaviours, words->module, words->from) != 0;
	bool had_to =
	    behaviour_find(in->behaviours, words->module, words->to) != 0;
	struct plan_ends ends;
	char proof[PROOF_BYTES];
	int error = find_ends(in, words, &ends, why);

	if (error == 0) {
		say_proof(in, words, proof, sizeof proof);
		error = write_plan(out, FORMAT_TEXT, &ends, proof, why);
	}
	if (!had_from)
		(void)code_purge(in->code, words->module, words->from);
	if (!had_to)
		(void)code_purge(in->code, words->module, words->to);
	return error;
}
