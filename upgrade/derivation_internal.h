/*
 * derivation_internal: what the parts of a derivation share.
 *
 * Private to upgrade/derivation.c, which goes from value to value,
 * derivation_origin.c, which finds where one comes from, and
 * derivation_value.c, which says what is done to it on the way.
 */
#ifndef UPGRADE_DERIVATION_INTERNAL_H
#define UPGRADE_DERIVATION_INTERNAL_H

#include "upgrade/conversion_internal.h"

/* Of a node of either side. */
struct mark {
	uint16_t other; /* the node of the other side, or LAYOUT_NOWHERE */
	bool is_moved;	/* it, or what contains it, is where a rule says */
	bool is_hooked; /* likewise a matter for the hook */
	bool is_settled;
};

struct derivation {
	struct conversion *plan;
	const struct conversion_way *way;
	struct layout *from, *to;
	struct mark *from_marks, *to_marks;
	char *why;
	size_t size;
};

/* Says why there is no plan, and is -EINVAL, so that one can return it. */
__attribute__((format(printf, 2, 3))) int derivation_refuse(
    const struct derivation *derivation, const char *format, ...);

/*
 * What the releases have said: whether the source lists that `what` of a field
 * may have no way back, and whether the newer one has such a rule for its
 * field; LAYOUT_NOWHERE has none.
 */
bool derivation_is_listed(
    const struct derivation *derivation, uint16_t from, const char *what);
bool derivation_has_rule(const struct derivation *derivation, uint16_t from,
    uint16_t to, const char *what);

/* The older release's word for a symbol of the newer; false: it has none. */
bool derivation_other_word(const struct derivation *derivation, uint16_t from,
    const char *symbol, char *other, size_t size);

/* Where the value `to` comes from, or LAYOUT_NOWHERE.  -EINVAL. */
int derivation_find_origin(
    const struct derivation *derivation, uint16_t to, uint16_t *ret_from);

/* Whether there is a line for the two, or for what they contain. */
bool derivation_is_convertible(const struct node *from, const struct node *to);

/* That line; of a leaf the value's, else what must be looked at.  -EINVAL. */
int derivation_convert(
    const struct derivation *derivation, uint16_t from, uint16_t to);

/*
 * When all lines are there, since a count may stand behind its array.  What
 * counts an array or tags a union comes from what did, and what counts one
 * that nothing has counted begins with all of it: else what was in use would
 * not be, or be another's.  -EINVAL.
 */
int derivation_check_by(const struct derivation *derivation);
void derivation_clamp_counts(const struct derivation *derivation);

/* A node as a line has it; whether a tag is part of a condition. */
struct place derivation_place(const struct node *node);
bool derivation_has_tag(const struct layout *layout, uint16_t when);

/* Whether an array has a field that counts its elements in use. */
bool derivation_is_counted(const struct node *array);

#endif
