/*
 * relay: a plan of several legs, run one after the other.
 *
 * Where a hook is in the way, which knows one format and no other, or where
 * composition.c cannot say a condition of the format between, a plan from A to
 * C still has to make the state of B.  Then its legs are plans of their own:
 * those beside each other that can be one have become one, and a hook ends
 * the leg that it belongs to.
 *
 * The states between lie on the thread's own guarded memory (fault_between()),
 * where a hook that overruns them is met as one that overruns the last; on a
 * thread without it, as the loader's or the prover's, in the plan.
 *
 * Invariants, of a relay:
 *   1. it has two legs or more, and each begins with the format in which the
 *      one before it ends;
 *   2. of its lines each says where a value of the target comes from in the
 *      end (LINE_VIA), and none becomes a step;
 *   3. no leg is a relay, or keeps anything.
 */
#include <errno.h>
#include <string.h>

#include "switch/fault.h"
#include "switch/object.h"
#include "upgrade/conversion_internal.h"
#include "upgrade/kept.h"

/* `size` bytes like those at `from`, at *ret_copy; of none NULL.  -ENOMEM. */
static int
copy_bytes(void **ret_copy, const void *from, size_t size)
{
	if (size == 0)
		return 0;
	*ret_copy = object_alloc(size);
	if (*ret_copy == NULL)
		return -ENOMEM;
	memcpy(*ret_copy, from, size);
	return 0;
}

/* What is run of a plan, and its sides; not what is kept beside. */
static int
copy_plan(struct conversion *copy, const struct conversion *plan)
{
	void *lines = NULL, *steps = NULL, *images = NULL;
	int error = side_copy(&copy->from, &plan->from);

	if (error == 0)
		error = side_copy(&copy->to, &plan->to);
	if (error == 0)
		error = copy_bytes(&lines, plan->lines,
		    plan->line_count * sizeof *copy->lines);
	copy->lines = lines;
	copy->line_count = copy->line_room =
	    lines == NULL ? 0 : plan->line_count;
	if (error == 0)
		error = copy_bytes(&steps, plan->steps,
		    plan->step_count * sizeof *copy->steps);
	copy->steps = steps;
	copy->step_count = steps == NULL ? 0 : plan->step_count;
	if (error == 0)
		error = copy_bytes(&images, plan->images,
		    plan->image_count * sizeof *copy->images);
	copy->images = images;
	copy->image_count = copy->image_room =
	    images == NULL ? 0 : plan->image_count;
	copy->hook = plan->hook;
	copy->down = plan->down;
	copy->summary = plan->summary;
	memcpy(copy->blank, plan->blank, plan->to.size);
	return error;
}

static int
add_copy(struct conversion *relay, const struct conversion *leg)
{
	struct conversion *copy = conversion_new(leg->to.size);

	if (copy == NULL)
		return -ENOMEM;
	relay->legs[relay->leg_count++] = copy;
	return copy_plan(copy, leg);
}

static uint32_t
legs_of(const struct conversion *plan)
{
	return plan->leg_count == 0 ? 1 : plan->leg_count;
}

static const struct conversion *
leg_at(const struct conversion *plan, uint32_t n)
{
	return plan->leg_count == 0 ? plan : plan->legs[n];
}

/* The last leg of first and the first leg of second, as one if they can be. */
static int
add_joint(struct conversion *relay, const struct conversion *last,
    const struct conversion *next)
{
	struct conversion *fused;
	int error = composition_fuse(&fused, last, next);

	if (error == 0) {
		kept_free(&fused->kept);
		relay->legs[relay->leg_count++] = fused;
		return 0;
	}
	if (error != -ENOTSUP)
		return error;
	error = add_copy(relay, last);
	return error == 0 ? add_copy(relay, next) : error;
}

static int
add_legs(struct conversion *relay, const struct conversion *first,
    const struct conversion *second)
{
	uint32_t i, last = legs_of(first) - 1;
	int error = 0;

	for (i = 0; error == 0 && i < last; i++)
		error = add_copy(relay, leg_at(first, i));
	if (error == 0)
		error =
		    add_joint(relay, leg_at(first, last), leg_at(second, 0));
	for (i = 1; error == 0 && i < legs_of(second); i++)
		error = add_copy(relay, leg_at(second, i));
	return error;
}

/*--------------------------------------------------------------------
 * Where values come from
 */

static const struct line *
origin_of(const struct conversion *first, uint16_t node)
{
	const struct line *line = first->lines;

	for (; line < first->lines + first->line_count; line++)
		if (line->target.width > 0 && line->to == node &&
		    line->from != LAYOUT_NOWHERE)
			return line;
	return NULL;
}

static int
trace(struct conversion *relay, const struct conversion *first,
    const struct conversion *second)
{
	const struct line *line = second->lines, *origin;
	struct line via = { .kind = LINE_VIA };
	int error = 0;

	for (; error == 0 && line < second->lines + second->line_count;
	     line++) {
		if (line->target.width == 0 || line->from == LAYOUT_NOWHERE)
			continue;
		origin = origin_of(first, line->from);
		if (origin == NULL)
			continue;
		via.from = origin->from;
		via.to = line->to;
		via.source = origin->source;
		via.target = line->target;
		error = conversion_add_line(relay, &via);
	}
	return error;
}

static void
add_summary(
    struct conversion_summary *sum, const struct conversion_summary *more)
{
	sum->copied += more->copied;
	sum->renamed += more->renamed;
	sum->widened += more->widened;
	sum->mapped += more->mapped;
	sum->clamped += more->clamped;
	sum->defaulted += more->defaulted;
	sum->guarded += more->guarded;
	sum->timers += more->timers;
	sum->messages += more->messages;
	sum->steps += more->steps;
}

/*--------------------------------------------------------------------
 * All of it
 */

static uint32_t
largest_of(const struct conversion *relay)
{
	uint32_t i, size, most = 0;

	for (i = 0; i < relay->leg_count; i++) {
		size = relay->legs[i]->to.size;
		most = size > most ? size : most;
	}
	return most;
}

static int
fill(struct conversion *relay, const struct conversion *first,
    const struct conversion *second)
{
	unsigned int i;
	int error = side_copy(&relay->from, &first->from);

	if (error == 0)
		error = side_copy(&relay->to, &second->to);
	if (error == 0)
		error = add_legs(relay, first, second);
	if (error == 0)
		error = trace(relay, first, second);
	if (error != 0)
		return error;
	relay->down = first->down && second->down;
	relay->lost_timers = composition_lost_timers(first, second);
	memcpy(relay->blank, second->blank, second->to.size);
	composition_settle(relay, first, second);
	relay->between_size = largest_of(relay);
	for (i = 0; i < FAULT_BETWEEN; i++) {
		relay->between[i] = object_alloc(relay->between_size);
		if (relay->between[i] == NULL)
			return -ENOMEM;
	}
	for (i = 0; i < relay->leg_count; i++)
		add_summary(&relay->summary, &relay->legs[i]->summary);
	error = kept_alloc(&relay->kept, &relay->from, &relay->to);
	if (error == 0)
		relay->summary.dropped = kept_leaving(relay->kept);
	return error;
}

int
relay_alloc(struct conversion **ret_conversion, const struct conversion *first,
    const struct conversion *second)
{
	struct conversion *relay = conversion_new(second->to.size);
	int error = -ENOMEM;

	if (relay == NULL)
		return error;
	relay->leg_room = legs_of(first) + legs_of(second);
	relay->legs = object_alloc(relay->leg_room * sizeof(void *));
	if (relay->legs != NULL)
		error = fill(relay, first, second);
	if (error != 0)
		conversion_free(&relay);
	else
		*ret_conversion = relay;
	return error;
}

void
relay_clear(struct conversion *relay)
{
	uint32_t i;

	for (i = 0; i < relay->leg_count; i++)
		conversion_free_plain(&relay->legs[i]);
	object_free(relay->legs, relay->leg_room * sizeof(void *));
	for (i = 0; i < FAULT_BETWEEN; i++)
		object_free(relay->between[i], relay->between_size);
}

int
relay_run(const struct conversion *relay, const void *old_state,
    void *new_state, bool with_hooks)
{
	const struct conversion *leg;
	uint32_t i;
	void *next;
	int error = 0;

	for (i = 0; error == 0 && i < relay->leg_count; i++) {
		leg = relay->legs[i];
		next = new_state;
		if (i + 1 < relay->leg_count)
			next = fault_between(i % FAULT_BETWEEN, leg->to.size);
		if (next == NULL)
			next = relay->between[i % FAULT_BETWEEN];
		error = conversion_run_plain(leg, old_state, next, with_hooks);
		old_state = next;
	}
	return error;
}
