/*
 * composition_kept: what is left of a state that two plans lead through.
 *
 * A value is settled if no plan on its way loses it, and a timer lost if one
 * of them does.  The same for two plans made one (composition.c) and for two
 * that are run one after the other (relay.c); neither is made here.
 */
#include "upgrade/conversion_internal.h"

static struct leaf *
leaf_of(struct side *side, uint16_t node)
{
	struct leaf *leaf = side->leaves;

	for (; leaf < side->leaves + side->leaf_count; leaf++)
		if (leaf->node == node)
			return leaf;
	return NULL;
}

static bool
is_settled(const struct side *side, uint16_t node)
{
	const struct leaf *leaf = side->leaves;

	for (; leaf < side->leaves + side->leaf_count; leaf++)
		if (leaf->node == node)
			return leaf->is_settled;
	return true;
}

/*
 * A value has come through if it did on both ways.  One that did on the first
 * alone comes back as the format between would have it, not as its own would.
 */
void
composition_settle(struct conversion *plan, const struct conversion *first,
    const struct conversion *second)
{
	const struct line *line = first->lines;
	struct leaf *leaf;

	for (; line < first->lines + first->line_count; line++) {
		if (line->target.width == 0 || line->from == LAYOUT_NOWHERE)
			continue;
		leaf = leaf_of(&plan->from, line->from);
		leaf->is_halfway = leaf->is_halfway ||
		    (leaf->is_settled && !is_settled(&second->from, line->to));
		leaf->is_settled =
		    leaf->is_settled && is_settled(&second->from, line->to);
	}
	for (line = second->lines; line < second->lines + second->line_count;
	     line++) {
		if (line->target.width == 0 || line->from == LAYOUT_NOWHERE)
			continue;
		leaf = leaf_of(&plan->to, line->to);
		leaf->is_settled =
		    leaf->is_settled && is_settled(&first->to, line->from);
	}
}

struct lost_timers
composition_lost_timers(
    const struct conversion *first, const struct conversion *second)
{
	struct lost_timers one = first->lost_timers;
	struct lost_timers other = second->lost_timers;

	if (other.first == other.end)
		return one;
	if (one.first == one.end)
		return other;
	return (struct lost_timers){ one.first < other.first ? one.first
							     : other.first,
		one.end > other.end ? one.end : other.end };
}
