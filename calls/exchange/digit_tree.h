/*
 * digit_tree: what begins with which digits, found by the digits themselves.
 *
 * A tree over the twelve keys of a telephone, whose nodes may each have a
 * value: what is known of all that is dialled with the digits on the way
 * there.  What a value stands for is its owner's affair; 0 is none.
 *
 * Private to calls/exchange/.
 */
#ifndef CALLS_EXCHANGE_DIGIT_TREE_H
#define CALLS_EXCHANGE_DIGIT_TREE_H

#include <stdbool.h>
#include <stdint.h>

struct digit_tree;

/* -ENOMEM. */
int digit_tree_alloc(struct digit_tree **ret_tree);
void digit_tree_free(struct digit_tree **treep);

/*
 * Where the value of these digits is kept, which are made room for; good until
 * the next one is asked for.  NULL: no memory, or a sign that is no key.
 */
uint32_t *digit_tree_place(struct digit_tree *tree, const char *digits);

/* What lies on the way of these digits. */
struct digit_path {
	uint32_t longest;    /* value of the longest beginning that has one */
	unsigned int length; /* of that beginning */
	uint32_t exact;	     /* value of the digits themselves */
	bool goes_on;	     /* there are values of longer ones */
};
struct digit_path digit_tree_look(
    const struct digit_tree *tree, const char *digits);

#endif
