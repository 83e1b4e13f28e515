/*
 * code_proof: a plan that leads past a release is held against the way by it.
 *
 * A plan between two releases is derived from their two tables, whatever lies
 * between; where a release between them is here too, both ways must give the
 * same (plan_proof.h), or what came last is refused.  Two things cannot be
 * proved so, and are said: a code_change on the way, which only the prover
 * runs, and a release that is not here.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "switch/text.h"
#include "upgrade/code_internal.h"
#include "upgrade/conversion.h"
#include "upgrade/image.h"
#include "upgrade/plan_proof.h"
#include "upgrade/route.h"
#include "upgrade/samples.h"
#include "upgrade/words.h"

enum { KNOWN_BYTES = 4096, LIST_BYTES = 96 };

static struct plan_proof
add_samples(struct plan_proof proof, const struct samples *samples)
{
	if (samples != NULL) {
		proof.samples = samples_bytes(samples);
		proof.samples_size = samples_size(samples);
	}
	return proof;
}

/* versions[i] to the new one and back, against the way through versions[j]. */
static int
prove_past(struct code_load *load, unsigned int i, unsigned int j)
{
	const struct version *other = &load->code->versions[i];
	const struct version *middle = &load->code->versions[j];
	const struct module *module = image_module(load->image);
	const struct plan_proof up = add_samples(
	    (struct plan_proof){ .from = &other->module->schema,
		.to = &module->schema,
		.at_once = load->up[i],
		.first = code_plan(load->code, other->id, middle->id),
		.second = load->up[j] },
	    load->samples[i]);
	const struct plan_proof down = { .from = &module->schema,
		.to = &other->module->schema,
		.at_once = load->down[i],
		.first = load->down[j],
		.second = code_plan(load->code, middle->id, other->id) };
	char clause[CODE_CLAUSE_BYTES / 2];
	int error = plan_prove(&up, clause, sizeof clause);

	if (error == 0)
		error = plan_prove(&down, clause, sizeof clause);
	if (error == -EINVAL)
		snprintf(load->why, sizeof load->why,
		    "its plans from and to %s are not those through %s: %s",
		    other->module->version, middle->module->version, clause);
	return error;
}

/* versions[i] to versions[j], against the way through the new one. */
static int
prove_by_way(struct code_load *load, unsigned int i, unsigned int j)
{
	const struct version *from = &load->code->versions[i];
	const struct version *to = &load->code->versions[j];
	const struct plan_proof proof =
	    add_samples((struct plan_proof){ .from = &from->module->schema,
			    .to = &to->module->schema,
			    .at_once = code_plan(load->code, from->id, to->id),
			    .first = load->up[i],
			    .second = load->down[j] },
		load->samples[i]);
	char clause[CODE_CLAUSE_BYTES / 2];
	int error = plan_prove(&proof, clause, sizeof clause);

	if (error == -EINVAL)
		snprintf(load->why, sizeof load->why,
		    "the plan from %s to %s is not that by way of it: %s",
		    from->module->version, to->module->version, clause);
	return error;
}

int
code_prove(struct code_load *load)
{
	const struct module *module = image_module(load->image);
	const struct version *versions = load->code->versions;
	unsigned int i, j, count = load->code->version_count;
	int error = 0;

	for (i = 0; i < count; i++)
		for (j = 0; error == 0 && j < count; j++) {
			if (load->up[i] == NULL || load->up[j] == NULL)
				continue;
			if (route_is_between(versions[i].module->version,
				versions[j].module, module->version))
				error = prove_past(load, i, j);
			else if (route_is_between(versions[i].module->version,
				     module, versions[j].module->version))
				error = prove_by_way(load, i, j);
		}
	return error;
}

/*--------------------------------------------------------------------
 * What is said of it
 */

static bool
has_hook(const struct code *code, uint16_t from, uint16_t to)
{
	const struct conversion *plan = code_plan(code, from, to);

	return plan != NULL && conversion_has_hook(plan);
}

static void
append(char *list, const char *version)
{
	text_append(
	    list, LIST_BYTES, "%s%s", list[0] == '\0' ? "" : " ", version);
}

static void
say(char *text, size_t size, const char *list, const char *before,
    const char *behind)
{
	if (list[0] != '\0')
		text_append(text, size, "%s%s %s%s",
		    text[0] == '\0' ? "" : "; ", before, list, behind);
}

/* The n-th of the known releases that lie between; false: none. */
bool
code_between(const struct code *code, const struct code_ends *ends,
    unsigned int n, char *version, size_t size)
{
	char known[KNOWN_BYTES];
	unsigned int i;

	if (strchr(ends->from, '/') != NULL || strchr(ends->to, '/') != NULL)
		return false; /* they stand in no row */
	code_known(code, ends->module, known, sizeof known);
	for (i = 0; words_at(known, i, version, size); i++)
		if (strchr(version, '/') == NULL &&
		    strverscmp(ends->from, version) *
			    strverscmp(version, ends->to) >
			0 &&
		    n-- == 0)
			return true;
	return false;
}

void
code_say_proof(const struct code *code, uint16_t from, uint16_t to, char *text,
    size_t size)
{
	const struct behaviour *one = behaviour_at(code->behaviours, from);
	const struct behaviour *other = behaviour_at(code->behaviours, to);
	const struct code_ends ends = { one->name, one->version,
		other->version };
	char version[CODE_VERSION_BYTES];
	char proved[LIST_BYTES] = "", hooked[LIST_BYTES] = "",
	     absent[LIST_BYTES] = "";
	unsigned int i;
	uint16_t id;

	text[0] = '\0';
	for (i = 0; code_between(code, &ends, i, version, sizeof version);
	     i++) {
		id = behaviour_find(code->behaviours, one->name, version);
		append(id == 0 ? absent
			: has_hook(code, from, to) ||
			    has_hook(code, from, id) || has_hook(code, id, to)
			? hooked
			: proved,
		    version);
	}
	say(text, size, proved, "the same as through", "");
	say(text, size, hooked, "not compared with the way through",
	    ", where code_change runs");
	say(text, size, absent, "not compared with the way through",
	    ", not loaded");
}
