/*
 * code_load: a version comes.
 *
 * Files and mappings are the loader thread's business, behaviours the
 * scheduler's, so a load has three parts:
 *
 *   code_load_begin    scheduler   makes the request, with live states
 *   code_load_work     any         finds, checks, has it tried, opens, plans
 *   code_load_finish   scheduler   behaviour, version and plans, or nothing
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "switch/scheduler.h"
#include "upgrade/code_internal.h"
#include "upgrade/conversion.h"
#include "upgrade/image.h"
#include "upgrade/plans.h"
#include "upgrade/samples.h"
#include "upgrade/schema.h"

/* Of each version that has a trial together with the one to be loaded. */
static int
take_samples(struct code_load *load)
{
	const struct code *code = load->code;
	const struct version *version;
	unsigned int i;
	int error = 0;

	if (code->home == NULL || code->prover == NULL)
		return 0;
	for (i = 0; i < code->version_count && error == 0; i++) {
		version = &code->versions[i];
		if (strcmp(version->module->name, load->module) == 0)
			error = samples_take(
			    &load->samples[i], code->home, version->id);
	}
	return error;
}

int
code_load_begin(struct code *code, const char *module, const char *version,
    struct code_load **ret_load)
{
	struct code_load *load;

	CHECK_OBJ(code, CODE_MAGIC);
	if (code->loading)
		return -EBUSY;
	if (ALLOC_OBJ(load, CODE_LOAD_MAGIC) == NULL)
		return -ENOMEM;
	load->code = code;
	/* What is cut here is longer than any release and will not be found. */
	snprintf(load->module, sizeof load->module, "%s", module);
	snprintf(load->version, sizeof load->version, "%s", version);
	load->error = -EINPROGRESS;
	code->loading = true;
	if (take_samples(load) != 0) {
		code_load_drop(&load);
		return -ENOMEM;
	}
	*ret_load = load;
	return 0;
}

/* There is room, as each format has a number among the behaviours. */
static void
remember_format(struct code *code, const struct module *module)
{
	struct format *format = &code->formats[code->format_count];

	if (code_find_format(code, module) != NULL)
		return;
	snprintf(format->module, sizeof format->module, "%s", module->name);
	snprintf(
	    format->version, sizeof format->version, "%s", module->version);
	format->fingerprint = schema_fingerprint(&module->schema);
	code->format_count++;
}

/* Until its plans are there no scheduler can come to run it. */
static int
add_behaviour(struct code_load *load, struct version *version)
{
	struct behaviours *behaviours = load->code->behaviours;
	struct behaviour *behaviour;
	int error;

	version->module = image_module(load->image);
	error = behaviours_add(behaviours, version->module, &version->id);
	if (error != 0)
		return error;
	behaviour = behaviour_at(behaviours, version->id);
	behaviour->image = image_begin(load->image);
	behaviour->image_size = image_size(load->image);
	return 0;
}

static void
add_plans(struct code_load *load, struct plans *plans, uint16_t id)
{
	const struct code *code = load->code;
	unsigned int i;
	uint16_t other;

	for (i = 0; i < code->version_count; i++) {
		if (load->up[i] == NULL)
			continue;
		other = code->versions[i].id;
		plans_add(plans, other, id, &load->up[i]);
		plans_add(plans, id, other, &load->down[i]);
	}
}

static void
free_plans(void *arg)
{
	struct plans *plans = arg;

	plans_free(&plans);
}

/* Others may still be reading the old table. */
static void
replace_plans(struct code *code, struct plans *plans)
{
	struct plans *old = code->plans;

	code->plans = plans;
	if (code->home != NULL &&
	    scheduler_retire(code->home, free_plans, old) == 0)
		return;
	code_halt_others(code); /* there was no memory to wait for them */
	plans_free(&old);
	code_let_go(code);
}

static bool
has_message(const struct module *module, uint32_t kind)
{
	uint32_t i;

	for (i = 0; i < module->schema.message_count; i++)
		if (module->schema.messages[i].offset == kind)
			return true;
	return false;
}

/* What `module` says among its own and the version `id` does not know. */
static int
note_foreign(const struct code *code, const struct module *module, uint16_t id)
{
	struct behaviour *behaviour = behaviour_at(code->behaviours, id);
	const struct field *message = module->schema.messages;
	uint32_t i;
	int error = 0;

	for (i = 0; error == 0 && i < module->schema.message_count; i++)
		if (!has_message(behaviour->module, message[i].offset))
			error = behaviour_add_foreign(
			    behaviour, (uint16_t)message[i].offset);
	return error;
}

/* They may meet messages of each other as soon as one becomes the other. */
static int
note_messages(const struct code *code, const struct version *version)
{
	const struct version *other = code->versions;
	int error = 0;

	for (; error == 0 && other < code->versions + code->version_count;
	     other++) {
		if (strcmp(other->module->name, version->module->name) != 0)
			continue;
		error = note_foreign(code, other->module, version->id);
		if (error == 0)
			error = note_foreign(code, version->module, other->id);
	}
	return error;
}

static int
add_version(struct code_load *load, uint16_t *ret_id)
{
	struct code *code = load->code;
	struct version *version = &code->versions[code->version_count];
	struct plans *plans;
	int error;

	if (code->version_count == VERSIONS_MAX)
		return -ENOSPC;
	error = plans_alloc(&plans, code->plans, 2 * code->version_count);
	if (error != 0)
		return error;
	error = add_behaviour(load, version);
	if (error == 0) {
		error = note_messages(code, version);
		if (error == 0)
			error = code_harden(code, version);
		if (error != 0)
			(void)behaviours_remove(code->behaviours, version->id);
	}
	if (error != 0) {
		plans_free(&plans);
		return error;
	}
	add_plans(load, plans, version->id);
	replace_plans(code, plans);
	version->image = load->image;
	load->image = NULL;
	version->is_current = false;
	version->times.loaded = version->times.since = code_now(code);
	remember_format(code, version->module);
	code->version_count++;
	*ret_id = version->id;
	assert(code_assert(code));
	return 0;
}

void
code_load_drop(struct code_load **loadp)
{
	struct code_load *load = *loadp;
	unsigned int i;

	if (load == NULL)
		return;
	CHECK_OBJ(load, CODE_LOAD_MAGIC);
	for (i = 0; i < VERSIONS_MAX; i++) {
		conversion_free(&load->up[i]);
		conversion_free(&load->down[i]);
		samples_free(&load->samples[i]);
	}
	image_close(&load->image);
	load->code->loading = false;
	FREE_OBJ(loadp, CODE_LOAD_MAGIC);
}

int
code_load_finish(
    struct code_load **loadp, uint16_t *ret_id, char *why, uint64_t *ret_us)
{
	struct code_load *load = *loadp;
	int error;

	CHECK_OBJ(load, CODE_LOAD_MAGIC);
	error = load->error;
	if (error == 0) {
		error = add_version(load, ret_id);
		if (error != 0)
			snprintf(load->why, sizeof load->why,
			    "the switch has no room for it: %s",
			    strerror(-error));
	}
	*ret_us = load->us;
	if (error != 0)
		snprintf(why, CODE_WHY_MAX, "cannot load '%s' %s: %s",
		    load->module, load->version, load->why);
	code_load_drop(loadp);
	return error;
}

int
code_load(struct code *code, const char *module, const char *version,
    uint16_t *ret_id, char *why)
{
	struct code_load *load;
	uint16_t id = behaviour_find(code->behaviours, module, version);
	uint64_t us;
	int error;

	if (id != 0) {
		*ret_id = id;
		return 0;
	}
	error = code_load_begin(code, module, version, &load);
	if (error != 0) {
		snprintf(why, CODE_WHY_MAX, "cannot load '%s' %s: %s", module,
		    version,
		    error == -EBUSY ? "another load is under way"
				    : strerror(-error));
		return error;
	}
	code_load_work(load);
	return code_load_finish(&load, ret_id, why, &us);
}
