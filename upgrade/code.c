/*
 * code: see code.h for what it is.
 *
 * A version is an image (image.h), a behaviour, and a plan to and from each
 * other resident version of its module.  Files and mappings are the loader
 * thread's business, behaviours the scheduler's, so a load has three parts:
 *
 *   code_load_begin    scheduler   makes the request, with live states
 *   code_load_work     any         finds, checks, has it tried, opens, plans
 *   code_load_finish   scheduler   behaviour, version and plans, or nothing
 *
 * Work reads the list of versions without a lock.  It may, since that list
 * changes only in finish and purge, and both are refused or waited for while
 * a load is under way.
 *
 * Schedulers look plans up at any time.  When a version comes, a new table
 * takes the place of the old one, which is freed when no scheduler can still
 * be in the turn in which it found it.  When one goes, that is decided and
 * done while all others stand still: nobody can begin to run what was found
 * to be unused.
 *
 * Invariants, checked by assert_code():
 *   1. a plan leads from each resident version of a module to each other;
 *   2. there is no other plan.
 */
#include "upgrade/code.h"

#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "switch/fault.h"
#include "switch/object.h"
#include "switch/scheduler.h"
#include "upgrade/conversion.h"
#include "upgrade/image.h"
#include "upgrade/plan_proof.h"
#include "upgrade/plans.h"
#include "upgrade/prover.h"
#include "upgrade/samples.h"
#include "upgrade/schema.h"

enum {
	VERSIONS_MAX = 256,
	MODULE_BYTES = sizeof((struct behaviour *)0)->name,
	VERSION_BYTES = sizeof((struct behaviour *)0)->version,
	PATH_BYTES = 4096,
	/* A clause, and what is said around it, make a `why`. */
	CLAUSE_BYTES = CODE_WHY_MAX - 128
};

struct version {
	struct image *image;
	const struct module *module;
	uint16_t id;
};

/* The format that a version had when it was last here, for ever. */
struct format {
	char module[MODULE_BYTES], version[VERSION_BYTES];
	uint64_t fingerprint;
};

struct code {
	unsigned int magic;
#define CODE_MAGIC 0xc0de1b95
	struct behaviours *behaviours;
	struct scheduler *home; /* or NULL */
	struct prover *prover;	/* or NULL */
	const char *const *roots;
	unsigned int root_count;
	struct code_listener listener;
	bool loading;
	unsigned int version_count, format_count;
	struct version versions[VERSIONS_MAX];
	struct format formats[BEHAVIOURS_MAX];
	struct plans *_Atomic plans; /* what all schedulers read */
};

struct code_load {
	unsigned int magic;
#define CODE_LOAD_MAGIC 0x10ad3e77
	struct code *code;
	char module[MODULE_BYTES], version[VERSION_BYTES];
	struct image *image;
	/* To and from versions[i], as long as `image` is no version itself. */
	struct conversion *up[VERSIONS_MAX], *down[VERSIONS_MAX];
	struct samples *samples[VERSIONS_MAX]; /* of versions[i], or NULL */
	uint64_t us; /* what the work has taken, on the machine's clock */
	int error;
	char why[CLAUSE_BYTES];
};

static bool
assert_code(const struct code *code)
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

/*--------------------------------------------------------------------
 * Converting
 */

static bool
passes_check(const struct module *module, const void *state)
{
	enum fault_mark before;
	bool passes;

	if (module->check == NULL)
		return true;
	before = fault_set_mark(MARK_MODULE);
	passes = module->check(state);
	fault_set_mark(before);
	return passes;
}

const struct conversion *
code_plan(const struct code *code, uint16_t from, uint16_t to)
{
	CHECK_OBJ(code, CODE_MAGIC);
	return plans_find(code->plans, from, to);
}

static int
convert(void *arg, struct state_change *change)
{
	const struct conversion *plan =
	    code_plan(arg, change->from->id, change->to->id);
	const struct behaviour *newer;
	int error;

	if (plan == NULL)
		return -ENOENT;
	newer = conversion_is_down(plan) ? change->from : change->to;
	change->hook = newer->module->code_change == NULL ? NULL : newer;
	error = conversion_run(plan, change->old_state, change->new_state);
	if (error != 0)
		return error;
	if (change->restore != NULL)
		conversion_restore(plan, change->restore, change->new_state);
	change->kept = conversion_keep(plan, change->old_state, change->keep);
	change->checks = true;
	return passes_check(change->to->module, change->new_state) ? 0
								   : -EBADMSG;
}

static void
attempted(void *arg, struct pid pid, int result, uint64_t cpu_ns)
{
	const struct code *code = arg;

	CHECK_OBJ(code, CODE_MAGIC);
	if (code->listener.attempted != NULL)
		code->listener.attempted(
		    code->listener.arg, pid, result, cpu_ns);
}

static void
retried(void *arg, struct pid pid, int result)
{
	const struct code *code = arg;

	CHECK_OBJ(code, CODE_MAGIC);
	if (code->listener.retried != NULL)
		code->listener.retried(code->listener.arg, pid, result);
}

void
code_listen(struct code *code, const struct code_listener *listener)
{
	CHECK_OBJ(code, CODE_MAGIC);
	code->listener = listener == NULL
	    ? (struct code_listener){ .arg = NULL }
	    : *listener;
}

/*--------------------------------------------------------------------
 * Loading: the work, on whatever thread
 */

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

static int
refuse_unknown(struct code_load *load)
{
	char known[CLAUSE_BYTES / 2];

	code_known(load->code, load->module, known, sizeof known);
	snprintf(load->why, sizeof load->why,
	    known[0] == '\0' ? "there is no release of it"
			     : "there is no such release, there are: %s",
	    known);
	return -ENOENT;
}

/* Of the first root that has it. */
static int
copy_image(struct code_load *load, struct image_name name)
{
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

/* Together with each version that it would join. */
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
		if (strcmp(version->module->name, load->module) != 0)
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
	int error = copy_image(load, name);

	if (error == 0 && prover != NULL)
		error = prover_try(prover, image_fd(load->image), &name,
		    load->why, sizeof load->why);
	if (error == 0 && prover != NULL)
		error = try_plans(load);
	return error == 0
	    ? image_map(load->image, &name, load->why, sizeof load->why)
	    : error;
}

static const struct format *
find_format(const struct code *code, const struct module *module)
{
	const struct format *format = code->formats;

	for (; format < code->formats + code->format_count; format++)
		if (strcmp(format->module, module->name) == 0 &&
		    strcmp(format->version, module->version) == 0)
			return format;
	return NULL;
}

static bool
was_different(const struct code *code, const struct module *module)
{
	const struct format *format = find_format(code, module);

	return format != NULL &&
	    format->fingerprint != schema_fingerprint(&module->schema);
}

static int
check_format(struct code_load *load)
{
	const struct module *module = image_module(load->image);
	const struct schema_extent extent = { image_begin(load->image),
		image_size(load->image) };
	char clause[CLAUSE_BYTES / 2];

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

static int
derive_plans(struct code_load *load)
{
	const struct module *module = image_module(load->image), *other;
	unsigned int i;
	int error;

	for (i = 0; i < load->code->version_count; i++) {
		other = load->code->versions[i].module;
		if (strcmp(other->name, module->name) != 0)
			continue;
		error = plans_derive(
		    &load->up[i], other, module, load->why, sizeof load->why);
		if (error == 0)
			error = plans_derive(&load->down[i], module, other,
			    load->why, sizeof load->why);
		if (error != 0)
			return error;
	}
	return 0;
}

static bool
is_between(const struct module *one, const struct module *middle,
    const struct module *other)
{
	return strcmp(middle->name, one->name) == 0 &&
	    strverscmp(one->version, middle->version) *
		strverscmp(middle->version, other->version) >
	    0;
}

/* versions[i] to the new one and back, against the way through versions[j]. */
static int
prove_plans(struct code_load *load, unsigned int i, unsigned int j)
{
	const struct version *other = &load->code->versions[i];
	const struct version *middle = &load->code->versions[j];
	const struct module *module = image_module(load->image);
	const struct samples *samples = load->samples[i];
	const struct plan_proof up = { .from = &other->module->schema,
		.to = &module->schema,
		.at_once = load->up[i],
		.first = code_plan(load->code, other->id, middle->id),
		.second = load->up[j],
		.samples = samples == NULL ? NULL : samples_bytes(samples),
		.samples_size = samples == NULL ? 0 : samples_size(samples) };
	const struct plan_proof down = { .from = &module->schema,
		.to = &other->module->schema,
		.at_once = load->down[i],
		.first = load->down[j],
		.second = code_plan(load->code, middle->id, other->id) };
	char clause[CLAUSE_BYTES / 2];
	int error = plan_prove(&up, clause, sizeof clause);

	if (error == 0)
		error = plan_prove(&down, clause, sizeof clause);
	if (error == -EINVAL)
		snprintf(load->why, sizeof load->why,
		    "its plans from and to %s are not those through %s: %s",
		    other->module->version, middle->module->version, clause);
	return error;
}

static int
prove_all_plans(struct code_load *load)
{
	const struct module *module = image_module(load->image);
	const struct version *versions = load->code->versions;
	unsigned int i, j, count = load->code->version_count;
	int error = 0;

	for (i = 0; i < count; i++)
		for (j = 0; error == 0 && j < count; j++)
			if (load->up[i] != NULL && load->up[j] != NULL &&
			    is_between(
				versions[i].module, versions[j].module, module))
				error = prove_plans(load, i, j);
	return error;
}

static uint64_t
machine_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void
code_load_work(void *arg)
{
	struct code_load *load = arg;
	uint64_t begun = machine_us();

	CHECK_OBJ(load, CODE_LOAD_MAGIC);
	load->error = open_image(load);
	if (load->error == 0)
		load->error = check_format(load);
	if (load->error == 0)
		load->error = run_self_test(load);
	if (load->error == 0)
		load->error = derive_plans(load);
	if (load->error == 0)
		load->error = prove_all_plans(load);
	load->us = machine_us() - begun;
}

/*--------------------------------------------------------------------
 * Loading: before and after
 */

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

static void
halt_others(const struct code *code)
{
	if (code->home != NULL)
		scheduler_halt_others(code->home);
}

static void
let_go(const struct code *code)
{
	if (code->home != NULL)
		scheduler_let_go(code->home);
}

/* There is room, as each format has a number among the behaviours. */
static void
remember_format(struct code *code, const struct module *module)
{
	struct format *format = &code->formats[code->format_count];

	if (find_format(code, module) != NULL)
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
	halt_others(code); /* there was no memory to wait for them */
	plans_free(&old);
	let_go(code);
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
	if (error != 0) {
		plans_free(&plans);
		return error;
	}
	add_plans(load, plans, version->id);
	replace_plans(code, plans);
	version->image = load->image;
	load->image = NULL;
	remember_format(code, version->module);
	code->version_count++;
	*ret_id = version->id;
	assert(assert_code(code));
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

/*--------------------------------------------------------------------
 * What there is
 */

/* `text` as a part of a glob(7) pattern that stands for itself. */
static size_t
append_literal(char *pattern, size_t length, size_t size, const char *text)
{
	for (; *text != '\0' && length + 2 < size; text++) {
		if (strchr("*?[\\", *text) != NULL)
			pattern[length++] = '\\';
		pattern[length++] = *text;
	}
	pattern[length] = '\0';
	return length;
}

/* ROOT/VERSION/MODULE.so without what is not the version. */
static void
list_release(const char *path, const char *root, const char *module, char *text,
    size_t size)
{
	char version[VERSION_BYTES];
	size_t skip = strlen(root) + 1, tail = strlen(module) + 4;
	size_t length = strlen(text);

	snprintf(version, sizeof version, "%.*s",
	    (int)(strlen(path) - skip - tail), path + skip);
	if (schema_symbol_number(text, version) < 0)
		snprintf(text + length, size - length, "%s%s",
		    length == 0 ? "" : " ", version);
}

static void
list_releases(const char *root, const char *between, const char *module,
    char *text, size_t size)
{
	char pattern[PATH_BYTES];
	glob_t found;
	size_t length, i;

	length = append_literal(pattern, 0, sizeof pattern / 2, root);
	length += (size_t)snprintf(
	    pattern + length, sizeof pattern - length, "%s", between);
	length = append_literal(pattern, length, sizeof pattern - 4, module);
	snprintf(pattern + length, sizeof pattern - length, ".so");
	if (glob(pattern, 0, NULL, &found) == 0)
		for (i = 0; i < found.gl_pathc; i++)
			list_release(
			    found.gl_pathv[i], root, module, text, size);
	globfree(&found);
}

void
code_list(const char *const *roots, unsigned int count, const char *module,
    char *text, size_t size)
{
	unsigned int i;

	assert(size > 0);
	text[0] = '\0';
	for (i = 0; i < count; i++) {
		list_releases(roots[i], "/*/", module, text, size);
		list_releases(roots[i], "/*/*/", module, text, size);
	}
}

void
code_known(const struct code *code, const char *module, char *text, size_t size)
{
	CHECK_OBJ(code, CODE_MAGIC);
	code_list(code->roots, code->root_count, module, text, size);
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

/*--------------------------------------------------------------------
 * Life
 */

int
code_alloc(struct code **ret_code, struct behaviours *behaviours,
    const char *const *roots, unsigned int count)
{
	struct converter converter = {
		.convert = convert, .attempted = attempted, .retried = retried
	};
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
	converter.arg = code;
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

/* While the others stand still; its image is then the caller's. */
static int
remove_version(struct code *code, unsigned int which, struct image **ret_image)
{
	struct version *version = &code->versions[which];
	int error = behaviours_remove(code->behaviours, version->id);

	if (error != 0)
		return error;
	plans_drop(code->plans, version->id);
	*ret_image = version->image;
	*version = code->versions[--code->version_count];
	assert(assert_code(code));
	return 0;
}

int
code_purge(struct code *code, const char *module, const char *version)
{
	uint16_t id = behaviour_find(code->behaviours, module, version);
	unsigned int i = 0;
	struct image *image;
	int error;

	CHECK_OBJ(code, CODE_MAGIC);
	while (i < code->version_count && code->versions[i].id != id)
		i++;
	if (i == code->version_count)
		return -ENOENT;
	if (code->loading)
		return -EBUSY;
	halt_others(code);
	error = remove_version(code, i, &image);
	let_go(code);
	if (error != 0)
		return error;
	return image_close(&image) == 0 ? 0 : -EADDRINUSE;
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
		image_close(&code->versions[i].image);
	}
	plans_free(&plans);
	FREE_OBJ(codep, CODE_MAGIC);
}
