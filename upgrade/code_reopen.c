/*
 * code_reopen: a version is closed and opened again under those who run it.
 *
 * Part of the program only in the build `hard`, after each upgrade (hard.h).
 * Whoever lives on keeps nothing that points at code (design 2): its state,
 * messages and timers are bytes and numbers, and a process names its version
 * by number.  So the code may be taken away from under all of it, as long as
 * nobody is in it, and come back elsewhere.
 *
 *   unmap   and look whether it is gone
 *   map     the same sealed copy, while its old place is forbidden to all
 *   replace what holds code: the behaviour's descriptor, the plans that may
 *           have its code_change, the copies of its format
 *
 * Where this fails half-way there is no version to go on with: it is for who
 * tests.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "switch/object.h"
#include "upgrade/code_internal.h"
#include "upgrade/conversion.h"
#include "upgrade/image.h"
#include "upgrade/plans.h"
#include "upgrade/route.h"

/* What a stale pointer would still find lies there no more. */
static int
map_elsewhere(struct version *version, const struct image_name *name,
    const struct behaviour *was, char *why)
{
	void *place = mmap((void *)was->image, was->image_size, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	int error = image_map(version->image, name, why, CODE_CLAUSE_BYTES);

	if (place != MAP_FAILED)
		(void)munmap(place, was->image_size);
	return error;
}

static int
reopen_image(const struct code *code, struct version *version, char *why)
{
	struct behaviour *behaviour =
	    behaviour_at(code->behaviours, version->id);
	const struct image_name name = { .module = behaviour->name,
		.version = behaviour->version };
	int error = image_unmap(version->image);

	if (error != 0) {
		(void)snprintf(why, CODE_CLAUSE_BYTES, "it stays mapped");
		return error;
	}
	error = map_elsewhere(version, &name, behaviour, why);
	if (error != 0)
		return error;
	version->module = image_module(version->image);
	behaviour_set_module(behaviour, version->module);
	behaviour->image = image_begin(version->image);
	behaviour->image_size = image_size(version->image);
	return 0;
}

/*--------------------------------------------------------------------
 * Plans
 */

static int
derive(struct code *code, const struct version *from, const struct version *to,
    const struct route_ends *residents, char *why)
{
	struct route_ends ends = *residents;
	struct conversion *plan = NULL;
	int error;

	ends.from = from->module;
	ends.to = to->module;
	error = route_plan(&plan, &ends, why, CODE_CLAUSE_BYTES);
	if (error == 0)
		plans_add(code->plans, from->id, to->id, &plan);
	return error;
}

/* Those between all versions of it: others may have had to go by its way. */
static int
derive_plans(struct code *code, const char *module, char *why)
{
	const struct version *mine[VERSIONS_MAX];
	const struct module *modules[VERSIONS_MAX];
	struct route_ends residents = { .residents = modules };
	unsigned int i, j;
	int error = 0;

	for (i = 0; i < code->version_count; i++) {
		if (strcmp(code->versions[i].module->name, module) != 0)
			continue;
		mine[residents.count] = &code->versions[i];
		modules[residents.count++] = code->versions[i].module;
	}
	for (i = 0; i < residents.count; i++)
		plans_drop(code->plans, mine[i]->id);
	for (i = 0; i < residents.count; i++)
		for (j = 0; error == 0 && j < residents.count; j++)
			if (i != j)
				error = derive(
				    code, mine[i], mine[j], &residents, why);
	return error;
}

int
code_reopen(struct code *code, uint16_t id, char *why)
{
	unsigned int place = code_place(code, id);
	char clause[CODE_CLAUSE_BYTES] = "no memory is left";
	const char *module;
	int error;

	CHECK_OBJ(code, CODE_MAGIC);
	assert(place < code->version_count && !code->loading);
	module = behaviour_at(code->behaviours, id)->name;
	code_halt_others(code);
	code_soften(&code->versions[place]);
	error = reopen_image(code, &code->versions[place], clause);
	if (error == 0)
		error = derive_plans(code, module, clause);
	if (error == 0)
		error = code_harden(code, &code->versions[place]);
	code_let_go(code);
	if (error != 0)
		(void)snprintf(why, CODE_WHY_MAX,
		    "'%s' %s cannot be opened again: %s", module,
		    behaviour_version(code->behaviours, id), clause);
	return error;
}
