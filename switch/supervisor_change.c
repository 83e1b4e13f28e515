/*
 * supervisor_change: a new specification for a running supervisor, in place.
 *
 * OTP's code_change of a supervisor (otp.md 1.35), done between two events.
 * First everything that can fail: the checks, the room for more restarts, the
 * records of children that are new; then what cannot.
 */
#include <errno.h>

#include "switch/supervisor_internal.h"

/* What the loop below has added, when it could not go on. */
static void
take_back(struct hand *hand, uint32_t last)
{
	while (hand->table->last != last)
		child_table_remove(hand->store, hand->table, hand->table->last);
}

static int
add_new(struct hand *hand, const struct supervisor_spec *spec)
{
	uint32_t last = hand->table->last;
	const struct child_spec *child;
	unsigned int i;

	for (i = 0; i < spec->count; i++) {
		child = &spec->children[i];
		if (child_table_find(hand->store, hand->table, child->id) ==
			0 &&
		    child_table_add(hand->store, hand->table, child) == 0) {
			take_back(hand, last);
			return -ENOSPC;
		}
	}
	return 0;
}

static void
renew_known(struct hand *hand, const struct supervisor_spec *spec)
{
	unsigned int i;
	uint32_t ref;

	for (i = 0; i < spec->count; i++) {
		ref = child_table_find(
		    hand->store, hand->table, spec->children[i].id);
		child_at(hand->store, ref)->as.spec =
		    child_spec_complete(&spec->children[i]);
	}
}

/* Those that stay although the specification has them no more. */
static bool
fits_the_others(const struct hand *hand, const struct supervisor_spec *spec)
{
	const struct child *child;
	uint32_t ref;

	for (ref = hand->table->first; ref != 0; ref = child->after) {
		child = child_at(hand->store, ref);
		if (!is_pool(hand) &&
		    !supervisor_spec_names(spec, child->as.spec.id) &&
		    child_spec_check(&child->as.spec, &spec->flags) !=
			SUPERVISOR_OK)
			return false;
	}
	return true;
}

static int
apply(struct hand *hand, const struct supervisor_spec *spec)
{
	int error = 0;

	if (is_pool(hand) != (spec->flags.strategy == STRATEGY_POOL) ||
	    !fits_the_others(hand, spec))
		return -EINVAL;
	if (hand->state->phase != PHASE_IDLE)
		return -EAGAIN;
	if (is_pool(hand) && hand->table->count > 0 &&
	    spec->children[0].restart == RESTART_TEMPORARY)
		return -EINVAL; /* members have records, these would not */
	if (!spec->flags.limit_is_per_child)
		error = restart_limit_reserve(
		    hand->store, &hand->family->limit, spec->flags.intensity);
	if (error == 0 && !is_pool(hand))
		error = add_new(hand, spec);
	if (error != 0)
		return error;
	hand->state->flags = spec->flags;
	if (is_pool(hand))
		hand->state->template = child_spec_complete(spec->children);
	else
		renew_known(hand, spec);
	return 0;
}

int
supervisor_change(struct supervisor *supervisor, struct scheduler *scheduler,
    struct pid pid, const struct supervisor_spec *spec)
{
	struct process *process = process_find(scheduler, pid);
	struct hand hand;
	int error = supervisor_look(scheduler, pid, &hand);

	CHECK_OBJ(supervisor, SUPERVISOR_MAGIC);
	if (error != 0)
		return error;
	if (behaviour_at(scheduler->behaviours, process->behaviour)->context !=
		supervisor ||
	    supervisor_spec_check(spec) != SUPERVISOR_OK)
		return -EINVAL;
	error = apply(&hand, spec);
	if (error != 0)
		return error;
	supervisor->spec = spec;
	if (spec->flags.orphans == ORPHANS_ADOPT)
		process->flags |= PROCESS_BEQUEATHS;
	else
		process->flags &= (uint8_t)~PROCESS_BEQUEATHS;
	return 0;
}
