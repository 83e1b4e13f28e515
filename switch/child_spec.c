/*
 * child_spec: see child_spec.h for what it is.
 *
 * One check after another, each with the name of what is wrong: an operator
 * who has mistyped a specification reads which word it was.
 */
#include "switch/child_spec.h"

#include <string.h>

#include "switch/restart_limit.h"
#include "switch/scheduler.h"

#define ERROR_WORD(name, word) [SUPERVISOR_##name] = (word),

const char *
supervisor_error_text(enum supervisor_error error)
{
	static const char *const words[] = { SUPERVISOR_ERRORS(ERROR_WORD) };

	return words[error];
}

static bool
is_name(const char *name, size_t size)
{
	return name[0] != '\0' && memchr(name, '\0', size) != NULL;
}

/* A byte that came in a parcel may be anything; reading it as bool may not. */
static bool
is_bool(const bool *flag)
{
	uint8_t byte;

	memcpy(&byte, flag, sizeof byte);
	return byte <= 1;
}

static bool
flags_are_bool(const struct child_spec *spec)
{
	return is_bool(&spec->traps_exit) && is_bool(&spec->is_registered) &&
	    is_bool(&spec->is_significant);
}

/* otp.md 1.28; and a fault that is resumed never reaches a group. */
static bool
fits_together(
    const struct child_spec *spec, const struct supervisor_flags *flags)
{
	if (spec->is_significant &&
	    (spec->restart == RESTART_PERMANENT ||
		flags->auto_shutdown == AUTO_SHUTDOWN_NEVER))
		return false;
	if (spec->on_fault == ON_FAULT_RESUME &&
	    (flags->strategy == STRATEGY_ONE_FOR_ALL ||
		flags->strategy == STRATEGY_REST_FOR_ONE))
		return false;
	if (flags->strategy == STRATEGY_POOL &&
	    (spec->is_registered || spec->scheduler != 0))
		return false; /* many children, one name; one list of them */
	return flags->orphans == ORPHANS_END ||
	    spec->restart == RESTART_TEMPORARY;
}

enum supervisor_error
child_spec_check(
    const struct child_spec *spec, const struct supervisor_flags *flags)
{
	if (!is_name(spec->id, sizeof spec->id))
		return SUPERVISOR_INVALID_CHILD_ID;
	if (!is_name(spec->behaviour, sizeof spec->behaviour))
		return SUPERVISOR_INVALID_BEHAVIOUR;
	if ((unsigned int)spec->restart > RESTART_TEMPORARY)
		return SUPERVISOR_INVALID_RESTART_TYPE;
	if ((unsigned int)spec->type > CHILD_SUPERVISOR)
		return SUPERVISOR_INVALID_CHILD_TYPE;
	if (spec->shutdown_ms < SHUTDOWN_BRUTAL_KILL)
		return SUPERVISOR_INVALID_SHUTDOWN;
	if ((unsigned int)spec->on_fault > ON_FAULT_RESUME)
		return SUPERVISOR_INVALID_ON_FAULT;
	if (spec->scheduler >= SCHEDULERS_MAX)
		return SUPERVISOR_INVALID_SCHEDULER;
	if (!flags_are_bool(spec))
		return SUPERVISOR_INVALID_FLAG;
	return fits_together(spec, flags) ? SUPERVISOR_OK
					  : SUPERVISOR_BAD_COMBINATION;
}

static enum supervisor_error
check_flags(const struct supervisor_flags *flags)
{
	bool is_pool = flags->strategy == STRATEGY_POOL;

	if ((unsigned int)flags->strategy > STRATEGY_POOL)
		return SUPERVISOR_INVALID_STRATEGY;
	if (flags->intensity > INTENSITY_MAX)
		return SUPERVISOR_INVALID_INTENSITY;
	if (flags->period_s == 0)
		return SUPERVISOR_INVALID_PERIOD;
	if ((unsigned int)flags->auto_shutdown >
		AUTO_SHUTDOWN_ALL_SIGNIFICANT ||
	    (is_pool && flags->auto_shutdown != AUTO_SHUTDOWN_NEVER))
		return SUPERVISOR_INVALID_AUTO_SHUTDOWN;
	if ((unsigned int)flags->orphans > ORPHANS_ADOPT ||
	    (!is_pool && flags->orphans != ORPHANS_END))
		return SUPERVISOR_INVALID_ORPHANS;
	if (!is_pool && flags->limit_is_per_child)
		return SUPERVISOR_INVALID_LIMIT;
	if (flags->retry_cap_ms < flags->retry_ms)
		return SUPERVISOR_INVALID_RETRY;
	return SUPERVISOR_OK;
}

static bool
names_before(
    const struct supervisor_spec *spec, unsigned int end, const char *id)
{
	unsigned int i;

	for (i = 0; i < end; i++)
		if (strcmp(spec->children[i].id, id) == 0)
			return true;
	return false;
}

static enum supervisor_error
check_children(const struct supervisor_spec *spec)
{
	enum supervisor_error error;
	unsigned int i;

	for (i = 0; i < spec->count; i++) {
		error = child_spec_check(&spec->children[i], &spec->flags);
		if (error != SUPERVISOR_OK)
			return error;
		if (names_before(spec, i, spec->children[i].id))
			return SUPERVISOR_DUPLICATE_CHILD_NAME;
	}
	return SUPERVISOR_OK;
}

enum supervisor_error
supervisor_spec_check(const struct supervisor_spec *spec)
{
	enum supervisor_error error = check_flags(&spec->flags);

	if (error != SUPERVISOR_OK)
		return error;
	if (spec->name == NULL || spec->name[0] == '\0' ||
	    strnlen(spec->name, CHILD_ID_MAX + 1) > CHILD_ID_MAX)
		return SUPERVISOR_INVALID_NAME;
	if ((spec->flags.strategy == STRATEGY_POOL && spec->count != 1) ||
	    (spec->count > 0 && spec->children == NULL))
		return SUPERVISOR_BAD_START_SPEC;
	return check_children(spec);
}

bool
supervisor_spec_names(const struct supervisor_spec *spec, const char *id)
{
	return names_before(spec, spec->count, id);
}

bool
child_spec_expects(const struct child_spec *spec, struct reason reason)
{
	return reason.kind == REASON_SHUTDOWN ||
	    (reason.kind == REASON_KILLED &&
		spec->shutdown_ms == SHUTDOWN_BRUTAL_KILL) ||
	    (reason.kind == REASON_NORMAL &&
		spec->restart != RESTART_PERMANENT);
}

struct child_spec
child_spec_complete(const struct child_spec *spec)
{
	struct child_spec complete = *spec;

	if (complete.shutdown_ms == SHUTDOWN_DEFAULT)
		complete.shutdown_ms = complete.type == CHILD_SUPERVISOR
		    ? SHUTDOWN_INFINITY
		    : SHUTDOWN_WORKER_MS;
	return complete;
}
