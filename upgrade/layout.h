/*
 * layout: the values of a state, one by one.
 *
 * A schema's tables are unfolded into one list: each field, of an array each
 * element, of a record or union each field within, every one with its own place
 * in the state and with what must hold for it to be there: that so many
 * elements are in use, that the tag names this branch.  Conversions, equality
 * and reports walk along it and need not know how values are nested.
 */
#ifndef UPGRADE_LAYOUT_H
#define UPGRADE_LAYOUT_H

#include "upgrade/schema.h"

enum {
	LAYOUT_NOWHERE = UINT16_MAX, /* no node */
	LAYOUT_PATH_MAX = 160	     /* "parties[1].line", cut if longer */
};

/* A condition on the state's own bytes; no pointer leads to a module. */
struct condition {
	uint16_t also; /* another that must hold, one more; 0: none */
	bool is_tag;   /* the number at the place is `number`; else: above it */
	uint8_t width;
	uint32_t offset, number;
};

struct node {
	const struct field *field;
	uint32_t offset;
	int32_t element; /* which one of its array; -1: none, or the array */
	uint16_t parent; /* an array, record or union; or LAYOUT_NOWHERE */
	uint16_t when;	 /* its condition, one more; 0: it is always there */
	bool is_array;	 /* all elements together */
};

struct layout {
	unsigned int magic;
#define LAYOUT_MAGIC 0x1a704739
	uint32_t size; /* of the state */
	uint32_t count, condition_count;
	struct condition *conditions;
	struct node nodes[];
};

/* Of a schema that has been checked and outlives it.  -ENOMEM. */
int layout_alloc(struct layout **ret_layout, const struct schema *schema);
void layout_free(struct layout **layoutp);

/* Whether it is a value of its own, and not one that contains others. */
bool layout_is_leaf(const struct node *node);

/* As a field of the state whose offset is the node's. */
struct field layout_field(const struct node *node);

/* Whether condition `when` of those holds in `state`. */
bool layout_holds(
    const struct condition *conditions, uint16_t when, const void *state);

/* Where a node is: "parties[1].line"; without numbers "parties.line". */
void layout_path(const struct layout *layout, uint32_t node, char *path);
void layout_plain_path(const struct layout *layout, uint32_t node, char *path);

/* The node at `path`, or LAYOUT_NOWHERE. */
uint16_t layout_find(const struct layout *layout, const char *path);

/*
 * Whether two states are the same values; padding, what stands behind the end
 * of a text, elements that are not in use and branches that the tag does not
 * name are none.  *ret_node, unless NULL, is where they differ.
 */
bool layout_states_are_equal(const struct layout *layout, const void *one,
    const void *other, uint16_t *ret_node);
/* The first value at or after `node` that differs, or LAYOUT_NOWHERE. */
uint16_t layout_next_difference(const struct layout *layout, const void *one,
    const void *other, uint32_t node);

#endif
