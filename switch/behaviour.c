/*
 * behaviour: see behaviour.h for what it is.
 *
 * A few dozen at most stand here at a time and they are looked up by number
 * for every event, by name only when a process is born: a plain array.
 *
 * Invariants, checked by assert_behaviours():
 *   1. all[0] is free; all[i].id == i wherever a module is loaded;
 *   2. (name, version) is unique, and at most one of a name is current;
 *   3. a native is current from the start and has no target.
 */
#include "switch/behaviour.h"

#include <errno.h>
#include <string.h>

#include "switch/object.h"

enum {
	NAME_SIZE = sizeof((struct behaviour *)0)->name,
	VERSION_SIZE = sizeof((struct behaviour *)0)->version
};

struct behaviours {
	unsigned int magic;
#define BEHAVIOURS_MAGIC 0xbe4a0125
	struct converter converter;
	uint16_t count; /* one more than the highest number ever given */
	struct behaviour all[BEHAVIOURS_MAX];
};

static bool
is_version(
    const struct behaviour *behaviour, const char *name, const char *version)
{
	return behaviour->module != NULL &&
	    strcmp(behaviour->module->name, name) == 0 &&
	    strcmp(behaviour->module->version, version) == 0;
}

static bool
assert_behaviours(const struct behaviours *behaviours)
{
	const struct behaviour *one;
	uint16_t i;

	assert(behaviours->all[0].module == NULL);
	for (i = 1; i < behaviours->count; i++) {
		one = &behaviours->all[i];
		if (one->module == NULL)
			continue;
		assert(one->id == i);
		assert(behaviour_find(behaviours, one->module->name,
			   one->module->version) == i);
		assert(!one->current ||
		    behaviour_current(behaviours, one->module->name) == i);
		assert(!one->native || (one->current && one->target == 0));
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

static int
add(struct behaviours *behaviours, const struct behaviour *given,
    uint16_t *ret_id)
{
	const struct module *module = given->module;
	uint16_t id;

	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	if (!is_sound(module))
		return -EINVAL;
	if (behaviour_find(behaviours, module->name, module->version) != 0)
		return -EEXIST;
	if (given->native && behaviour_current(behaviours, module->name) != 0)
		return -EEXIST;
	id = number_for(behaviours, module);
	if (id == 0)
		return -ENOSPC;
	behaviours->all[id] = *given;
	behaviours->all[id].id = id;
	memcpy(
	    behaviours->all[id].name, module->name, strlen(module->name) + 1);
	memcpy(behaviours->all[id].version, module->version,
	    strlen(module->version) + 1);
	if (id >= behaviours->count)
		behaviours->count = (uint16_t)(id + 1);
	*ret_id = id;
	assert(assert_behaviours(behaviours));
	return 0;
}

int
behaviours_alloc(struct behaviours **ret_behaviours)
{
	struct behaviours *behaviours;

	if (ALLOC_OBJ(behaviours, BEHAVIOURS_MAGIC) == NULL)
		return -ENOMEM;
	behaviours->count = 1;
	*ret_behaviours = behaviours;
	return 0;
}

void
behaviours_free(struct behaviours **behavioursp)
{
	FREE_OBJ(behavioursp, BEHAVIOURS_MAGIC);
}

int
behaviours_add(struct behaviours *behaviours, const struct module *module,
    uint16_t *ret_id)
{
	const struct behaviour given = { .module = module };

	return add(behaviours, &given, ret_id);
}

int
behaviours_add_native(struct behaviours *behaviours,
    const struct module *module, void *context, uint16_t *ret_id)
{
	const struct behaviour given = { .module = module,
		.context = context,
		.native = true,
		.current = true };

	return add(behaviours, &given, ret_id);
}

int
behaviours_remove(struct behaviours *behaviours, uint16_t id)
{
	struct behaviour *behaviour = behaviour_at(behaviours, id);

	if (behaviour->holders > 0 ||
	    (behaviour->current && !behaviour->native))
		return -EBUSY;
	behaviour->module = NULL;
	behaviour->context = NULL;
	behaviour->target = 0;
	behaviour->current = false;
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
	const struct behaviour *one;
	uint16_t i;

	CHECK_OBJ(behaviours, BEHAVIOURS_MAGIC);
	for (i = 1; i < behaviours->count; i++) {
		one = &behaviours->all[i];
		if (one->current && strcmp(one->module->name, name) == 0)
			return i;
	}
	return 0;
}

void
behaviour_make_current(struct behaviours *behaviours, uint16_t id)
{
	struct behaviour *chosen = behaviour_at(behaviours, id);
	uint16_t before = behaviour_current(behaviours, chosen->module->name);

	if (before != 0)
		behaviours->all[before].current = false;
	chosen->current = true;
	assert(assert_behaviours(behaviours));
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
