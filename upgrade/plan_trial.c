/*
 * plan_trial: see plan_trial.h for what it is.
 *
 * With each sample, in this order:
 *
 *   sound?        a generated one the resident version's check may refuse
 *   up            resident to new; the sample itself must stay as it was
 *   check         of the new version
 *   down          new to resident, with what was kept beside
 *   check         of the resident version
 *   compare       value by value with the sample
 *
 * A live state has to pass all of it.  So has a generated one that the
 * resident version's own check calls sound; of any other only what is written
 * outside of a state counts, and a crash, which ends the process.
 *
 * Each state lies so that it ends at a page that must not be touched, and has
 * a pattern before its first byte: a hook that overruns it is met by the one
 * or the other.  Nothing is freed: the process is about to end.
 */
#include "upgrade/plan_trial.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "switch/behaviour.h" /* BEHAVIOUR_STATE_MAX */
#include "switch/object.h"
#include "upgrade/conversion.h"
#include "upgrade/extremes.h"
#include "upgrade/layout.h"
#include "upgrade/plans.h"
#include "upgrade/trial.h"

enum {
	PAGE = 4096,
	ROOM = BEHAVIOUR_STATE_MAX + PAGE,
	PATTERN = 0xb7,
	PATTERN_BYTES = 64
};

struct plan_trial {
	unsigned int magic;
#define PLAN_TRIAL_MAGIC 0x71a1b2c9
	struct trial *trial;
	const struct module *resident, *tried;
	struct conversion *up, *down;
	struct layout *layout;		/* of the resident version's state */
	uint8_t *sample, *there, *back; /* each before its guard page */
	uint8_t original[BEHAVIOUR_STATE_MAX], keep[BEHAVIOUR_STATE_MAX];
	bool is_lossy;	/* a rule says that it is: what is clamped stays so */
	bool must_pass; /* the sample in hand */
};

__attribute__((format(printf, 3, 4))) static int
refuse(const struct plan_trial *plan_trial, int error, const char *format, ...)
{
	struct trial *trial = plan_trial->trial;
	size_t length;
	va_list args;

	length = (size_t)snprintf(
	    trial->why, sizeof trial->why, "%s ", trial->sample);
	va_start(args, format);
	(void)vsnprintf(
	    trial->why + length, sizeof trial->why - length, format, args);
	va_end(args);
	return error;
}

/*--------------------------------------------------------------------
 * Before
 */

/* Where a state of that size ends with the room; NULL: no memory. */
static uint8_t *
make_room(uint32_t size)
{
	uint8_t *start = mmap(NULL, ROOM + PAGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (start == MAP_FAILED || mprotect(start + ROOM, PAGE, PROT_NONE) != 0)
		return NULL;
	memset(start, PATTERN, ROOM);
	return start + ROOM - size;
}

static bool
is_overrun(const uint8_t *state)
{
	unsigned int i;

	for (i = 1; i <= PATTERN_BYTES; i++)
		if (state[-(int)i] != PATTERN)
			return true;
	return false;
}

int
plan_trial_begin(struct plan_trial **ret_plan_trial, struct trial *trial,
    const struct module *resident, const struct module *tried)
{
	struct plan_trial *plan_trial;
	int error;

	assert(resident->schema.size <= BEHAVIOUR_STATE_MAX);
	assert(tried->schema.size <= BEHAVIOUR_STATE_MAX);
	if (ALLOC_OBJ(plan_trial, PLAN_TRIAL_MAGIC) == NULL)
		return -ENOMEM;
	plan_trial->trial = trial;
	plan_trial->resident = resident;
	plan_trial->tried = tried;
	plan_trial->sample = make_room(resident->schema.size);
	plan_trial->there = make_room(tried->schema.size);
	plan_trial->back = make_room(resident->schema.size);
	if (plan_trial->sample == NULL || plan_trial->there == NULL ||
	    plan_trial->back == NULL)
		return -ENOMEM;
	error = layout_alloc(&plan_trial->layout, &resident->schema);
	if (error != 0)
		return error;
	error = plans_derive(
	    &plan_trial->up, resident, tried, trial->why, sizeof trial->why);
	if (error == 0)
		error = plans_derive(&plan_trial->down, tried, resident,
		    trial->why, sizeof trial->why);
	if (error != 0)
		return error;
	plan_trial->is_lossy =
	    conversion_summary(plan_trial->up)->clamped > 0 ||
	    conversion_summary(plan_trial->down)->clamped > 0;
	*ret_plan_trial = plan_trial;
	return 0;
}

/*--------------------------------------------------------------------
 * One sample
 */

static bool
passes(const struct module *module, const uint8_t *state)
{
	return module->check == NULL || module->check(state);
}

static int
convert_up(const struct plan_trial *plan_trial)
{
	const struct schema *from = &plan_trial->resident->schema;
	const struct schema *to = &plan_trial->tried->schema;
	int error;

	memset(plan_trial->there, 0, to->size);
	plan_trial->trial->stage = TRIAL_UP;
	error = conversion_run(
	    plan_trial->up, plan_trial->sample, plan_trial->there);
	if (is_overrun(plan_trial->sample) || is_overrun(plan_trial->there))
		return refuse(plan_trial, -EFAULT,
		    "is overrun when it is converted from %s",
		    plan_trial->resident->version);
	if (memcmp(plan_trial->sample, plan_trial->original, from->size) != 0)
		return refuse(plan_trial, -EFAULT,
		    "is written to when it is converted from %s",
		    plan_trial->resident->version);
	if (error != 0)
		return error;
	plan_trial->trial->stage = TRIAL_CHECK_UP;
	if (passes(plan_trial->tried, plan_trial->there))
		return 0;
	return refuse(plan_trial, -EINVAL,
	    "does not pass its check when it is converted from %s",
	    plan_trial->resident->version);
}

static int
convert_down(struct plan_trial *plan_trial)
{
	const struct schema *schema = &plan_trial->resident->schema;
	int error;

	memset(plan_trial->back, 0, schema->size);
	plan_trial->trial->stage = TRIAL_DOWN;
	error = conversion_run(
	    plan_trial->down, plan_trial->there, plan_trial->back);
	if (is_overrun(plan_trial->there) || is_overrun(plan_trial->back))
		return refuse(plan_trial, -EFAULT,
		    "is overrun when it is converted back to %s",
		    plan_trial->resident->version);
	if (error != 0)
		return error;
	if (conversion_keep(
		plan_trial->up, plan_trial->sample, plan_trial->keep) > 0)
		conversion_restore(
		    plan_trial->down, plan_trial->keep, plan_trial->back);
	plan_trial->trial->stage = TRIAL_CHECK_DOWN;
	if (passes(plan_trial->resident, plan_trial->back))
		return 0;
	return refuse(plan_trial, -EINVAL,
	    "does not pass the check of %s when it comes back there",
	    plan_trial->resident->version);
}

static int
compare(const struct plan_trial *plan_trial)
{
	char was[SCHEMA_TEXT_MAX], is[SCHEMA_TEXT_MAX], path[LAYOUT_PATH_MAX];
	struct field field;
	uint16_t node;

	if (layout_states_are_equal(plan_trial->layout, plan_trial->sample,
		plan_trial->back, &node))
		return 0;
	field = layout_field(&plan_trial->layout->nodes[node]);
	layout_path(plan_trial->layout, node, path);
	schema_text(&field, plan_trial->sample, was, sizeof was);
	schema_text(&field, plan_trial->back, is, sizeof is);
	return refuse(plan_trial, -EINVAL,
	    "comes back to %s with another '%.32s': %.32s, not %.32s",
	    plan_trial->resident->version, path, is, was);
}

/* That in `sample`.  0, also where the upgrade is to decide; or -EINVAL. */
static int
try_sample(struct plan_trial *plan_trial)
{
	int error;

	memcpy(plan_trial->original, plan_trial->sample,
	    plan_trial->resident->schema.size);
	error = convert_up(plan_trial);
	if (error == 0)
		error = convert_down(plan_trial);
	if (error == 0 && !plan_trial->is_lossy)
		error = compare(plan_trial);
	return error == -EFAULT || (error == -EINVAL && plan_trial->must_pass)
	    ? -EINVAL
	    : 0;
}

/*--------------------------------------------------------------------
 * All of them
 */

static int
try_live(struct plan_trial *plan_trial, const uint8_t *samples, uint32_t count)
{
	const uint32_t size = plan_trial->resident->schema.size;
	uint32_t i;
	int error = 0;

	plan_trial->must_pass = true;
	for (i = 0; i < count && error == 0; i++) {
		(void)snprintf(plan_trial->trial->sample, TRIAL_NAME,
		    "live state %u of %u", i + 1, count);
		memcpy(plan_trial->sample, samples + (size_t)i * size, size);
		error = try_sample(plan_trial);
	}
	return error;
}

static int
try_extremes(struct plan_trial *plan_trial)
{
	const struct module *resident = plan_trial->resident;
	char name[TRIAL_NAME - 16];
	uint32_t n;
	int error = 0;

	for (n = 0; error == 0; n++) {
		if (!extremes_state(plan_trial->layout, n, plan_trial->sample,
			name, sizeof name))
			break;
		(void)snprintf(plan_trial->trial->sample, TRIAL_NAME,
		    "a state with %s", name);
		plan_trial->trial->stage = TRIAL_SOUND;
		plan_trial->must_pass = resident->check != NULL &&
		    resident->check(plan_trial->sample);
		error = try_sample(plan_trial);
	}
	return error;
}

int
plan_trial_run(
    struct plan_trial *plan_trial, const uint8_t *samples, uint32_t size)
{
	int error;

	CHECK_OBJ(plan_trial, PLAN_TRIAL_MAGIC);
	error = try_live(
	    plan_trial, samples, size / plan_trial->resident->schema.size);
	if (error == 0)
		error = try_extremes(plan_trial);
	if (error == 0)
		plan_trial->trial->why[0] = '\0';
	plan_trial->trial->sample[0] = '\0';
	return error;
}
