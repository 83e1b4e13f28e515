/*
 * code_admission: a file is found, looked at, tried, opened and planned.
 *
 * All that a load does on a thread that may block; nothing is changed by it,
 * and what it finds wrong stands in the load, in one clause.  It reads the
 * list of versions without a lock.  It may, since that list changes only in
 * code_load_finish() and when a version goes, and both are refused or waited
 * for while a load is under way.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "switch/machine.h"
#include "switch/nearest.h"
#include "switch/object.h"
#include "upgrade/code_internal.h"
#include "upgrade/conversion.h"
#include "upgrade/image.h"
#include "upgrade/plans.h"
#include "upgrade/prover.h"
#include "upgrade/route.h"
#include "upgrade/samples.h"
#include "upgrade/schema.h"

enum {
	KNOWN_BYTES = 4096, /* of all releases */
	TOLD_BYTES = 340,   /* what a report has room for, with all names */
	FOLDER_BYTES = 128  /* of a path that is told; a longer one is cut */
};

/* Words of letters, digits, '-', '_' and inner dots, between slashes. */
static bool
is_release_name(const char *name)
{
	const char *part = name;
	size_t length;

	for (;;) {
		length = strcspn(part, "/");
		if (length == 0 || part[0] == '.')
			return false;
		for (; length > 0; length--, part++)
			if (!isalnum((unsigned char)*part) &&
			    strchr("-_.", *part) == NULL)
				return false;
		if (*part == '\0')
			return true;
		part++;
	}
}

/* As many words as there is room for, and what stands for the others. */
static void
append_list(char *text, size_t size, const char *words)
{
	static const char others[] = " ...";
	size_t room = size - strlen(text), length = strlen(words);

	text += strlen(text);
	if (length >= room)
		for (length = room - sizeof others;
		     length > 0 && words[length] != ' ';)
			length--;
	memcpy(text, words, length);
	snprintf(text + length, room - length, "%s",
	    words[length] == '\0' ? "" : others);
}

/* The first folder of that name among the roots: true, and its path. */
static bool
find_folder(const struct code_load *load, char *told, size_t size)
{
	char path[PATH_MAX];
	struct stat status;
	unsigned int i;

	if (!is_release_name(load->version))
		return false;
	for (i = 0; i < load->code->root_count; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", load->code->roots[i],
		    load->version);
		if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
			continue;
		(void)snprintf(told, size, "%.*s", (int)size - 1, path);
		return true;
	}
	return false;
}

/*
 * Whoever mistypes a release is told the nearest, and who has made its folder
 * and nothing in it, that; all that there are stand behind.
 */
static int
refuse_unknown(struct code_load *load)
{
	char known[KNOWN_BYTES], shown[TOLD_BYTES], path[FOLDER_BYTES];

	code_known(load->code, load->module, known, sizeof known);
	if (known[0] == '\0') {
		snprintf(
		    load->why, sizeof load->why, "there is no release of it");
		return -ENOENT;
	}
	code_suggest(load->version, known, shown, sizeof shown);
	snprintf(load->why, TOLD_BYTES, "there is no such release, ");
	if (find_folder(load, path, sizeof path)) {
		code_abridge(known, shown, sizeof shown);
		snprintf(load->why, TOLD_BYTES,
		    "there is no such release, its folder '%s' has no %s.so, "
		    "there are: ",
		    path, load->module);
	}
	append_list(load->why, TOLD_BYTES, shown);
	return -ENOENT;
}

int
code_copy_image(struct code_load *load)
{
	struct image_name name = { .module = load->module,
		.version = load->version };
	unsigned int i;
	int error;

	if (!is_release_name(load->version) || !is_release_name(load->module) ||
	    strchr(load->module, '/') != NULL)
		return refuse_unknown(load);
	for (i = 0; i < load->code->root_count; i++) {
		name.root = load->code->roots[i];
		error = image_copy(
		    &load->image, &name, load->why, sizeof load->why);
		if (error != -ENOENT)
			return error;
	}
	return refuse_unknown(load);
}

/* Whether an old plan to or from versions[i] has to go by way of another. */
static bool
is_apart(const struct code_load *load, unsigned int i)
{
	const struct version *versions = load->code->versions;
	const struct module *other = versions[i].module;
	char version[ROUTE_VERSION_BYTES];
	unsigned int j;

	if (strverscmp(other->version, load->version) > 0 &&
	    route_follows(other, version) &&
	    strcmp(version, load->version) != 0)
		return true;
	for (j = 0; j < load->code->version_count; j++)
		if (strcmp(versions[j].module->name, load->module) == 0 &&
		    route_follows(versions[j].module, version) &&
		    route_is_between(
			other->version, versions[j].module, load->version))
			return true;
	return false;
}

/* Together with each version that it would join; of one step at a time. */
static int
try_plans(struct code_load *load)
{
	struct prover_plans plans = { .module = load->module,
		.version = load->version,
		.fd = image_fd(load->image) };
	const struct version *version;
	unsigned int i;
	int error = 0;

	for (i = 0; i < load->code->version_count && error == 0; i++) {
		version = &load->code->versions[i];
		if (strcmp(version->module->name, load->module) != 0 ||
		    is_apart(load, i))
			continue;
		plans.other = version->module->version;
		plans.other_fd = image_fd(version->image);
		plans.samples = NULL;
		plans.samples_size = 0;
		if (load->samples[i] != NULL) {
			plans.samples = samples_bytes(load->samples[i]);
			plans.samples_size = samples_size(load->samples[i]);
		}
		error = prover_try_plans(
		    load->code->prover, &plans, load->why, sizeof load->why);
	}
	return error;
}

static int
open_image(struct code_load *load)
{
	const struct image_name name = { .module = load->module,
		.version = load->version };
	struct prover *prover = load->code->prover;
	int error = code_copy_image(load);

	if (error == 0 && prover != NULL)
		error = prover_try(prover, image_fd(load->image), &name,
		    load->why, sizeof load->why);
	if (error == 0 && prover != NULL)
		error = try_plans(load);
	return error == 0
	    ? image_map(load->image, &name, load->why, sizeof load->why)
	    : error;
}

static bool
was_different(const struct code *code, const struct module *module)
{
	const struct format *format = code_find_format(code, module);

	return format != NULL &&
	    format->fingerprint != schema_fingerprint(&module->schema);
}

static int
check_format(struct code_load *load)
{
	const struct module *module = image_module(load->image);
	const struct schema_extent extent = { image_begin(load->image),
		image_size(load->image) };
	char clause[CODE_CLAUSE_BYTES / 2];

	if (schema_check_within(
		&module->schema, &extent, clause, sizeof clause) != 0) {
		snprintf(load->why, sizeof load->why, "its schema: %s", clause);
		return -ENOEXEC;
	}
	if (module->schema.size > BEHAVIOUR_STATE_MAX) {
		snprintf(load->why, sizeof load->why,
		    "its state has %u bytes, at most %d are possible",
		    module->schema.size, BEHAVIOUR_STATE_MAX);
		return -ENOEXEC;
	}
	if (was_different(load->code, module)) {
		snprintf(load->why, sizeof load->why,
		    "it had another format when it was here before; a changed "
		    "format needs a version of its own");
		return -ENOEXEC;
	}
	return 0;
}

/* The prover has run it, if there is one. */
static int
run_self_test(struct code_load *load)
{
	const struct module *module = image_module(load->image);
	int result = 0;

	if (load->code->prover == NULL && module->self_test != NULL)
		result = module->self_test();
	if (result == 0)
		return 0;
	snprintf(load->why, sizeof load->why, "its self_test answers %d, not 0",
	    result);
	return -EBADMSG;
}

static unsigned int
list_residents(const struct code_load *load, const struct module **residents)
{
	const struct version *version = load->code->versions;
	unsigned int count = 0, i;

	for (i = 0; i < load->code->version_count; i++, version++)
		if (strcmp(version->module->name, load->module) == 0)
			residents[count++] = version->module;
	return count;
}

/* What leads from one to another already must not come to lead by way of it. */
static int
refuse_late(struct code_load *load, const struct module *const *residents,
    unsigned int count)
{
	const struct module *module = image_module(load->image);
	char version[ROUTE_VERSION_BYTES];
	unsigned int i, j;

	if (!route_follows(module, version))
		return 0;
	for (i = 0; i < count; i++)
		for (j = 0; j < count; j++)
			if (route_is_between(residents[i]->version, module,
				residents[j]->version)) {
				(void)snprintf(load->why, sizeof load->why,
				    "%s and %s are here, and the way between "
				    "them would be by way of it; purge one "
				    "of them first",
				    residents[i]->version,
				    residents[j]->version);
				return -EINVAL;
			}
	return 0;
}

static int
derive_plans(struct code_load *load)
{
	const struct module *residents[VERSIONS_MAX];
	struct route_ends up = { .to = image_module(load->image),
		.residents = residents,
		.count = list_residents(load, residents) };
	struct route_ends down = up;
	unsigned int i;
	int error = refuse_late(load, residents, up.count);

	down.from = up.to;
	for (i = 0; error == 0 && i < load->code->version_count; i++) {
		up.from = down.to = load->code->versions[i].module;
		if (strcmp(up.from->name, load->module) != 0)
			continue;
		error =
		    route_plan(&load->up[i], &up, load->why, sizeof load->why);
		if (error == 0)
			error = route_plan(
			    &load->down[i], &down, load->why, sizeof load->why);
	}
	return error;
}

void
code_load_work(void *arg)
{
	struct code_load *load = arg;
	const uint64_t begun = machine_ns(CLOCK_MONOTONIC);

	CHECK_OBJ(load, CODE_LOAD_MAGIC);
	load->error = open_image(load);
	if (load->error == 0)
		load->error = check_format(load);
	if (load->error == 0)
		load->error = run_self_test(load);
	if (load->error == 0)
		load->error = derive_plans(load);
	if (load->error == 0)
		load->error = code_prove(load);
	load->us = (machine_ns(CLOCK_MONOTONIC) - begun) / 1000;
}
