/*
 * behaviour: see behaviour.h for what it is.
 *
 * A few dozen at most stand here at a time and they are looked up by number
 * for every event, by name only when a process is born: a plain array.
 *
 * Readers on other threads are served by the order of writing.  An entry is
 * complete before its `module` is stored, the table before `count` is, a name
 * before `name_count`; each is stored with release and loaded with acquire.
 * The current version of a name is one word beside that name: whoever loads it
 * finds one of two versions, never none, and all that was written before.
 * (Plain uses of an atomic member are sequentially consistent, which costs a
 * reader on x86 nothing.)
 *
 * Invariants, checked by assert_behaviours():
 *   1. all[0] is free; all[i].id == i wherever a module is loaded;
 *   2. (name, version) is unique, and what is current is loaded;
 *   3. a native is current from the start and has no target;
 *   4. id, name and version of an entry never change once written;
 *   5. a fallback is a loaded version of the same name, and has none itself;
 *   6. `handle` and `state_size` are the module's.
 */
#include "switch/behaviour.h"

#include <errno.h>
#include <string.h>

#include "switch/object.h"

enum {
	NAME_SIZE = sizeof((struct behaviour *)0)->name,
	VERSION_SIZE = sizeof((struct behaviour *)0)->version
};

/* What all versions of a module are called. */
struct module_name {
	char name[NAME_SIZE];
	_Atomic uint16_t current; /* or 0 */
};

struct behaviours {
	unsigned int magic;
#define BEHAVIOURS_MAGIC 0xbe4a0125
	struct converter converter;
	unsigned int schedulers;
	uint16_t last_trial;
	_Atomic uint16_t aim;	/* counts behaviour_make_current() */
	_Atomic uint16_t trial; /* the one that goes on, or 0 */
	_Atomic uint16_t count; /* one more than the highest number given */
	_Atomic uint16_t name_count;
	struct module_name names[BEHAVIOURS_MAX];
	struct behaviour all[BEHAVIOURS_MAX];
	/* [scheduler * BEHAVIOURS_MAX + id]; id 0 parts two schedulers. */
	struct behaviour_tally tallies[];
};

static bool
is_version(
    const struct behaviour *behaviour, const char *name, const char *version)
{
	return behaviour->module != NULL &&
	    strcmp(behaviour->name, name) == 0 &&
	    strcmp(behaviour->version, version) == 0;
}

static bool
assert_fallback(const struct behaviours *behaviours, const struct behaviour *of)
{
	const struct behaviour *fallback = &behaviours->all[of->fallback];

	assert(of->fallback == 0 ||
	    (fallback->module != NULL && fallback->fallback == 0 &&
		strcmp(fallback->name, of->name) == 0));
	return true;
}

static bool
assert_behaviours(const struct behaviours *behaviours)
{
	const struct behaviour *one;
	uint16_t i;

	assert(behaviours->all[0].module == NULL);
	for (i = 1; i < behaviours->count; i++) {
		one = &behaviours->all[i];
		assert(one->id == i);
		assert(one->module != NULL ||
		    behaviour_current(behaviours, one->name) != i);
		if (one->module == NULL)
			continue;
		assert(one->handle == one->module->handle &&
		    one->state_size == one->module->schema.size);
		assert(
		    behaviour_find(behaviours, one->name, one->version) == i);
		assert(!one->native ||
		    (behaviour_current(behaviours, one->name) == i &&
			one->target == 0));
		assert(assert_fallback(behaviours, one));
	}
	return true;
}

static bool
fits(const char *word, size_t size)
{
	return word != NULL && word[0] != '\0' && strnlen(word, size) < size;
}

static bool
is_sound(const struct module *module)
{
	return module->magic == MODULE_MAGIC && module->abi == MODULE_ABI &&
	    fits(module->name, NAME_SIZE) &&
	    fits(module->version, VERSION_SIZE) && module->init != NULL &&
	    module->handle != NULL && module->terminate != NULL &&
	    module->schema.size > 0 &&
	    module->schema.size <= BEHAVIOUR_STATE_MAX;
}

/* The number that this version had before, or the first that nobody had. */
static uint16_t
number_for(const struct behaviours *behaviours, const struct module *module)
{
	const struct behaviour *one;
	uint16_t i;

	for (i = 1; i < behaviours->count; i++) {
		one = &behaviours->all[i];
		if (strcmp(one->name, module->name) == 0 &&
		    strcmp(one->version, module->version) == 0)
			return i;
	}
	return i < BEHAVIOURS_MAX ? i : 0;
}

static struct module_name *
find_name(struct behaviours *behaviours, const char *name)
{
	uint16_t i;

	for (i = 0; i < behaviours->name_count; i++)
		if (strcmp(behaviours->names[i].name, name) == 0)
			return &behaviours->names[i];
	return NULL;
}

/* There is room, as there are no more names than versions. */
static struct module_name *
take_name(struct behaviours *behaviours, const char *name)
{
	struct module_name *taken = find_name(behaviours, name);

	if (taken != NULL)
		return taken;
	taken = &behaviours->names[behaviours->name_count];
	memcpy(taken->name, name, strlen(name) + 1);
	behaviours->name_count++;
	return taken;
}

/* An entry of its own, complete but for its module; its words only once. */
static struct behaviour *
fill_in(struct behaviours *behaviours, const struct module *module, uint16_t id)
{
	struct behaviour *behaviour = &behaviours->all[id];

	if (id >= behaviours->count) {
		behaviour->id = id;
		memcpy(behaviour->name, module->name, strlen(module->name) + 1);
		memcpy(behaviour->version, module->version,
		    strlen(module->version) + 1);
		behaviours->count = (uint16_t)(id + 1);
	}
	(void)take_name(behaviours, module->name);
	return behaviour;
}

static int
add(struct behaviours *behaviours, const struct module *module,
    struct behaviour **ret_behaviour)
{
	uint16_t id;

	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	if (!is_sound(module))
		return -EINVAL;
	if (behaviour_find(behaviours, module->name, module->version) != 0)
		return -EEXIST;
	id = number_for(behaviours, module);
	if (id == 0)
		return -ENOSPC;
	*ret_behaviour = fill_in(behaviours, module, id);
	return 0;
}

int
behaviours_alloc(struct behaviours **ret_behaviours, unsigned int schedulers)
{
	struct behaviours *behaviours;
	size_t tallies = (size_t)schedulers * BEHAVIOURS_MAX *
	    sizeof(struct behaviour_tally);

	assert(schedulers > 0);
	if (ALLOC_OBJ_EXTRA(behaviours, BEHAVIOURS_MAGIC, tallies) == NULL)
		return -ENOMEM;
	behaviours->schedulers = schedulers;
	behaviours->count = 1;
	*ret_behaviours = behaviours;
	return 0;
}

void
behaviours_free(struct behaviours **behavioursp)
{
	FREE_OBJ(behavioursp, BEHAVIOURS_MAGIC);
}

void
behaviour_set_module(struct behaviour *behaviour, const struct module *module)
{
	behaviour->handle = module->handle;
	behaviour->state_size = module->schema.size;
	if (!behaviour->native)
		behaviour->copy_state = state_copy_for(behaviour->state_size);
	behaviour->module = module;
}

int
behaviours_add(struct behaviours *behaviours, const struct module *module,
    uint16_t *ret_id)
{
	struct behaviour *behaviour;
	int error = add(behaviours, module, &behaviour);

	if (error != 0)
		return error;
	behaviour->native = false;
	behaviour->target = behaviour->fallback = behaviour->canary = 0;
	behaviour_set_module(behaviour, module);
	*ret_id = behaviour->id;
	assert(assert_behaviours(behaviours));
	return 0;
}

int
behaviours_add_native(struct behaviours *behaviours,
    const struct module *module, void *context, uint16_t *ret_id)
{
	struct behaviour *behaviour;
	int error;

	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	if (is_sound(module) &&
	    behaviour_current(behaviours, module->name) != 0)
		return -EEXIST;
	error = add(behaviours, module, &behaviour);
	if (error != 0)
		return error;
	behaviour->native = true;
	behaviour->context = context;
	behaviour_set_module(behaviour, module);
	find_name(behaviours, module->name)->current = behaviour->id;
	*ret_id = behaviour->id;
	assert(assert_behaviours(behaviours));
	return 0;
}

bool
behaviour_is_foreign(const struct behaviour *behaviour, uint16_t kind)
{
	uint16_t i, count = behaviour->foreign_count;

	for (i = 0; i < count; i++)
		if (behaviour->foreign[i] == kind)
			return true;
	return false;
}

int
behaviour_add_foreign(struct behaviour *behaviour, uint16_t kind)
{
	if (behaviour_is_foreign(behaviour, kind))
		return 0;
	if (behaviour->foreign_count == BEHAVIOUR_FOREIGN)
		return -ENOSPC;
	behaviour->foreign[behaviour->foreign_count] = kind;
	behaviour->foreign_count++;
	return 0;
}

static bool
is_fallback(const struct behaviours *behaviours, uint16_t id)
{
	uint16_t i;

	for (i = 1; i < behaviours->count; i++)
		if (behaviours->all[i].module != NULL &&
		    behaviours->all[i].fallback == id)
			return true;
	return false;
}

int
behaviours_remove(struct behaviours *behaviours, uint16_t id)
{
	struct behaviour *behaviour = behaviour_at(behaviours, id);

	if (behaviour_counts(behaviours, id).holders > 0 ||
	    is_fallback(behaviours, id) ||
	    (behaviour_is_current(behaviours, id) && !behaviour->native))
		return -EBUSY;
	if (behaviour->native)
		find_name(behaviours, behaviour->name)->current = 0;
	behaviour->module = NULL;
	behaviour->handle = NULL;
	behaviour->context = NULL;
	behaviour->target = behaviour->fallback = 0;
	assert(assert_behaviours(behaviours));
	return 0;
}

struct behaviour *
behaviour_at(struct behaviours *behaviours, uint16_t id)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	assert(id < BEHAVIOURS_MAX && behaviours->all[id].module != NULL);
	return &behaviours->all[id];
}

const char *
behaviour_version(const struct behaviours *behaviours, uint16_t id)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	assert(id < BEHAVIOURS_MAX);
	return behaviours->all[id].version;
}

uint16_t
behaviour_find(
    const struct behaviours *behaviours, const char *name, const char *version)
{
	uint16_t i;

	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	for (i = 1; i < behaviours->count; i++)
		if (is_version(&behaviours->all[i], name, version))
			return i;
	return 0;
}

uint16_t
behaviour_current(const struct behaviours *behaviours, const char *name)
{
	uint16_t i;

	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	for (i = 0; i < behaviours->name_count; i++)
		if (strcmp(behaviours->names[i].name, name) == 0)
			return behaviours->names[i].current;
	return 0;
}

uint16_t
behaviour_qualified(const struct behaviours *behaviours, uint16_t id)
{
	const struct behaviour *behaviour = &behaviours->all[id];
	uint16_t current = behaviour_current(behaviours, behaviour->name);

	return current == behaviour->fallback ? 0 : current;
}

uint16_t
behaviour_next(
    const struct behaviours *behaviours, const char *name, uint16_t *cursor)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	while (++*cursor < behaviours->count)
		if (strcmp(behaviours->all[*cursor].name, name) == 0)
			return *cursor;
	return 0;
}

bool
behaviour_is_loaded(const struct behaviours *behaviours, uint16_t id)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	return id < behaviours->count && behaviours->all[id].module != NULL;
}

uint16_t
behaviour_find_past(
    const struct behaviours *behaviours, const char *name, const char *version)
{
	uint16_t cursor = 0, id;

	do
		id = behaviour_next(behaviours, name, &cursor);
	while (id != 0 && strcmp(behaviours->all[id].version, version) != 0);
	return id;
}

void
behaviour_make_current(struct behaviours *behaviours, uint16_t id)
{
	const struct behaviour *chosen = behaviour_at(behaviours, id);

	find_name(behaviours, chosen->name)->current = id;
	behaviours->aim = (uint16_t)(behaviours->aim % BEHAVIOURS_AIMS + 1);
	assert(assert_behaviours(behaviours));
}

bool
behaviour_is_current(const struct behaviours *behaviours, uint16_t id)
{
	assert(id < BEHAVIOURS_MAX);
	return behaviour_current(behaviours, behaviours->all[id].name) == id;
}

void
behaviours_forget_trial(struct behaviours *behaviours)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	assert(behaviours->trial == 0);
	behaviours->last_trial =
	    (uint16_t)(behaviours->last_trial % BEHAVIOURS_TRIALS + 1);
}

void
behaviours_begin_trial(struct behaviours *behaviours)
{
	behaviours_forget_trial(behaviours);
	behaviours->trial = behaviours->last_trial;
}

void
behaviours_end_trial(struct behaviours *behaviours)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	assert(behaviours->trial != 0);
	behaviours->trial = 0;
}

uint16_t
behaviours_trial(const struct behaviours *behaviours)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	return behaviours->trial;
}

uint16_t
behaviours_last_trial(const struct behaviours *behaviours)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	return behaviours->last_trial;
}

uint16_t
behaviours_aim(const struct behaviours *behaviours)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	return behaviours->aim;
}

uint16_t
behaviour_for_birth(const struct behaviours *behaviours, uint16_t id)
{
	const struct behaviour *behaviour = &behaviours->all[id];

	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	if (id >= BEHAVIOURS_MAX || behaviour->id == 0)
		return 0;
	return behaviour->module != NULL && behaviour->target == 0
	    ? id
	    : behaviour_current(behaviours, behaviour->name);
}

struct behaviour_counts
behaviour_counts(const struct behaviours *behaviours, uint16_t id)
{
	struct behaviour_counts sum = { 0 };
	const struct behaviour_tally *one;
	unsigned int i;

	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	for (i = 0; i < behaviours->schedulers; i++) {
		one = &behaviours->tallies[i * BEHAVIOURS_MAX + id];
		sum.holders += one->holders;
		sum.births += one->births;
		sum.ends += one->ends;
		sum.faults += one->faults;
		sum.conversions += one->conversions;
		sum.events += one->events;
		sum.retried += one->retried;
		sum.unknown += one->unknown;
		sum.unborn += one->unborn;
		sum.given_up += one->given_up;
	}
	return sum;
}

struct behaviour *
behaviours_all(struct behaviours *behaviours)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	return behaviours->all;
}

struct behaviour_tally *
behaviours_tallies(struct behaviours *behaviours, unsigned int scheduler)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	assert(scheduler < behaviours->schedulers);
	return &behaviours->tallies[(size_t)scheduler * BEHAVIOURS_MAX];
}

void
behaviours_set_converter(
    struct behaviours *behaviours, const struct converter *converter)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	behaviours->converter = *converter;
}

const struct converter *
behaviours_converter(const struct behaviours *behaviours)
{
	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	return &behaviours->converter;
}
