/*
 * code: see code.h for what it is.
 *
 * A version is an image (image.h), a behaviour, and a plan to and from each
 * other resident version of its module.  Here is what they are together; what
 * is done with them has files of its own:
 *
 *   code_load.c       a version comes: the request, and what becomes of it
 *   code_admission.c  the work between, on the loader's thread
 *   code_close.c      a version goes
 *   code_convert.c    a state goes from one to another
 *   code_list.c       what stands in the roots
 *
 * Schedulers look plans up at any time.  When a version comes, a new table
 * takes the place of the old one, which is freed when no scheduler can still
 * be in the turn in which it found it.  When one goes, that is decided and
 * done while all others stand still: nobody can begin to run what was found
 * to be unused.
 *
 * Invariants, checked by code_assert():
 *   1. a plan leads from each resident version of a module to each other;
 *   2. there is no other plan.
 */
#include <errno.h>
#include <string.h>

#include "switch/object.h"
#include "switch/scheduler.h"
#include "upgrade/code_internal.h"
#include "upgrade/conversion.h"
#include "upgrade/image.h"
#include "upgrade/plans.h"

bool
code_assert(const struct code *code)
{
	const struct version *one, *other;
	const struct version *end = code->versions + code->version_count;
	unsigned int plans = 0;

	for (one = code->versions; one < end; one++) {
		for (other = code->versions; other < end; other++) {
			if (one == other ||
			    strcmp(one->module->name, other->module->name) != 0)
				continue;
			assert(code_plan(code, one->id, other->id) != NULL);
			plans++;
		}
	}
	assert(plans == code->plans->count);
	return true;
}

const struct format *
code_find_format(const struct code *code, const struct module *module)
{
	const struct format *format = code->formats;

	for (; format < code->formats + code->format_count; format++)
		if (strcmp(format->module, module->name) == 0 &&
		    strcmp(format->version, module->version) == 0)
			return format;
	return NULL;
}

void
code_halt_others(const struct code *code)
{
	if (code->home != NULL)
		scheduler_halt_others(code->home);
}

void
code_let_go(const struct code *code)
{
	if (code->home != NULL)
		scheduler_let_go(code->home);
}

/*--------------------------------------------------------------------
 * What there is
 */

const struct conversion *
code_plan(const struct code *code, uint16_t from, uint16_t to)
{
	CHECK_OBJ(code, CODE_MAGIC);
	return plans_find(code->plans, from, to);
}

unsigned int
code_residents(const struct code *code, const char *module, uint16_t *ids,
    unsigned int max)
{
	unsigned int i, count = 0;

	CHECK_OBJ(code, CODE_MAGIC);
	for (i = 0; i < code->version_count; i++) {
		if (strcmp(code->versions[i].module->name, module) != 0)
			continue;
		if (count < max)
			ids[count] = code->versions[i].id;
		count++;
	}
	return count;
}

unsigned int
code_old(const struct code *code, uint16_t *ids, unsigned int max)
{
	unsigned int i, count = 0;
	uint16_t current;

	CHECK_OBJ(code, CODE_MAGIC);
	for (i = 0; i < code->version_count && count < max; i++) {
		current = behaviour_current(
		    code->behaviours, code->versions[i].module->name);
		if (current != 0 && current != code->versions[i].id)
			ids[count++] = code->versions[i].id;
	}
	return count;
}

unsigned int
code_place(const struct code *code, uint16_t id)
{
	unsigned int i = 0;

	while (i < code->version_count && code->versions[i].id != id)
		i++;
	return i;
}

uint64_t
code_now(const struct code *code)
{
	return code->home == NULL ? 0 : scheduler_now(code->home);
}

struct code_times
code_times(const struct code *code, uint16_t id)
{
	unsigned int place = code_place(code, id);

	CHECK_OBJ(code, CODE_MAGIC);
	assert(place < code->version_count);
	return code->versions[place].times;
}

void
code_note_current(struct code *code, const char *module)
{
	struct version *version = code->versions;
	bool is_current;

	CHECK_OBJ(code, CODE_MAGIC);
	for (; version < code->versions + code->version_count; version++) {
		if (strcmp(version->module->name, module) != 0)
			continue;
		is_current =
		    behaviour_is_current(code->behaviours, version->id);
		if (is_current != version->is_current)
			version->times.since = code_now(code);
		version->is_current = is_current;
	}
}

size_t
code_resident_bytes(const struct code *code, uint16_t id)
{
	unsigned int place = code_place(code, id);

	CHECK_OBJ(code, CODE_MAGIC);
	assert(place < code->version_count);
	return image_resident(code->versions[place].image);
}

/*--------------------------------------------------------------------
 * Life
 */

int
code_alloc(struct code **ret_code, struct behaviours *behaviours,
    const char *const *roots, unsigned int count)
{
	struct converter converter;
	struct plans *plans;
	struct code *code;

	if (plans_alloc(&plans, NULL, 0) != 0)
		return -ENOMEM;
	if (ALLOC_OBJ(code, CODE_MAGIC) == NULL) {
		plans_free(&plans);
		return -ENOMEM;
	}
	code->plans = plans;
	code->behaviours = behaviours;
	code->roots = roots;
	code->root_count = count;
	converter = code_converter(code);
	behaviours_set_converter(behaviours, &converter);
	*ret_code = code;
	return 0;
}

void
code_set_prover(struct code *code, struct prover *prover)
{
	CHECK_OBJ(code, CODE_MAGIC);
	assert(!code->loading);
	code->prover = prover;
}

void
code_join(struct code *code, struct scheduler *home)
{
	CHECK_OBJ(code, CODE_MAGIC);
	code->home = home;
}

/* Between two others a plan leads over it, with its code_change. */
bool
code_is_on_the_way(const struct code *code, uint16_t id)
{
	const struct behaviour *behaviour = behaviour_at(code->behaviours, id);
	const struct plans *plans = code->plans;
	unsigned int i;

	CHECK_OBJ(code, CODE_MAGIC);
	for (i = 0; i < plans->count; i++)
		if (plans->all[i].from != id && plans->all[i].to != id &&
		    conversion_needs(plans->all[i].conversion, behaviour->image,
			behaviour->image_size))
			return true;
	return false;
}

void
code_free(struct code **codep)
{
	const struct converter none = { 0 };
	struct code *code = *codep;
	struct plans *plans;
	unsigned int i;

	if (code == NULL)
		return;
	CHECK_OBJ(code, CODE_MAGIC);
	assert(!code->loading);
	behaviours_set_converter(code->behaviours, &none);
	plans = code->plans;
	for (i = 0; i < code->version_count; i++) {
		plans_drop(plans, code->versions[i].id);
		code_soften(&code->versions[i]);
		image_close(&code->versions[i].image);
	}
	plans_free(&plans);
	FREE_OBJ(codep, CODE_MAGIC);
}
