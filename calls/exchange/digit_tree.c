/*
 * digit_tree: see digit_tree.h for what it is.
 *
 * A node says which of its twelve children there are, and where the first of
 * them lies; they lie side by side in the order of their keys, so a child is
 * found by counting the bits below its own.  A family of n children lies in a
 * block of n nodes; when it grows it moves to one of n + 1, and its old block
 * waits for the next family of n.  So a node is 12 bytes, and the upper levels
 * of a tree of half a million prefixes stay in the caches.
 *
 * Invariants:
 *   1. nodes[0] is the root, in no family; no other node has block 0;
 *   2. `children` is the block of as many nodes as `keys` has bits, or 0;
 *   3. a free block's first node links to the next of its size.
 */
#include "calls/exchange/digit_tree.h"

#include <errno.h>
#include <string.h>

#include "switch/object.h"

enum { KEYS = 12, NODES_AT_FIRST = 64 };

struct node {
	uint32_t children, value;
	uint16_t keys; /* bit n: there is a child of key n */
	uint16_t spare;
};
_Static_assert(sizeof(struct node) == 12, "of which there are a million");

struct digit_tree {
	unsigned int magic;
#define DIGIT_TREE_MAGIC 0x58b1e7c3
	uint32_t count, room;
	struct node *nodes;
	uint32_t free[KEYS + 1]; /* blocks, by size; or 0 */
};

int
digit_tree_alloc(struct digit_tree **ret_tree)
{
	struct digit_tree *tree;

	if (ALLOC_OBJ(tree, DIGIT_TREE_MAGIC) == NULL)
		return -ENOMEM;
	tree->room = NODES_AT_FIRST;
	tree->nodes = object_alloc(tree->room * sizeof *tree->nodes);
	if (tree->nodes == NULL) {
		FREE_OBJ(&tree, DIGIT_TREE_MAGIC);
		return -ENOMEM;
	}
	tree->count = 1;
	*ret_tree = tree;
	return 0;
}

void
digit_tree_free(struct digit_tree **treep)
{
	if (*treep != NULL)
		object_free(
		    (*treep)->nodes, (*treep)->room * sizeof *(*treep)->nodes);
	FREE_OBJ(treep, DIGIT_TREE_MAGIC);
}

/* Its place among the keys; KEYS if it is none. */
static unsigned int
key_of(char digit)
{
	if (digit >= '0' && digit <= '9')
		return (unsigned int)(digit - '0');
	return digit == '*' ? 10 : digit == '#' ? 11 : KEYS;
}

static unsigned int
bits_of(unsigned int keys)
{
	return (unsigned int)__builtin_popcount(keys);
}

/* 0 without memory. */
static uint32_t
take_block(struct digit_tree *tree, uint32_t size)
{
	uint32_t block = tree->free[size], room = tree->room * 2;
	struct node *nodes;

	if (block != 0) {
		tree->free[size] = tree->nodes[block].children;
		return block;
	}
	if (tree->count + size > tree->room) {
		nodes = object_realloc(tree->nodes, room * sizeof *nodes);
		if (nodes == NULL)
			return 0;
		tree->nodes = nodes;
		tree->room = room;
	}
	block = tree->count;
	tree->count += size;
	return block;
}

static void
free_block(struct digit_tree *tree, uint32_t block, uint32_t size)
{
	if (size == 0)
		return;
	tree->nodes[block].children = tree->free[size];
	tree->free[size] = block;
}

/* The child of that key, made if there is none; 0 without memory. */
static uint32_t
child_of(struct digit_tree *tree, uint32_t parent, unsigned int key)
{
	unsigned int keys = tree->nodes[parent].keys, size = bits_of(keys);
	unsigned int before = bits_of(keys & ((1U << key) - 1));
	uint32_t old = tree->nodes[parent].children, block;
	struct node *nodes;

	if ((keys & 1U << key) != 0)
		return old + before;
	block = take_block(tree, size + 1);
	if (block == 0)
		return 0;
	nodes = tree->nodes;
	memcpy(&nodes[block], &nodes[old], before * sizeof *nodes);
	memset(&nodes[block + before], 0, sizeof *nodes);
	memcpy(&nodes[block + before + 1], &nodes[old + before],
	    (size - before) * sizeof *nodes);
	free_block(tree, old, size);
	nodes[parent].keys = (uint16_t)(keys | 1U << key);
	nodes[parent].children = block;
	return block + before;
}

uint32_t *
digit_tree_place(struct digit_tree *tree, const char *digits)
{
	uint32_t node = 0;
	unsigned int key;

	CHECK_OBJ(tree, DIGIT_TREE_MAGIC);
	for (; *digits != '\0'; digits++) {
		key = key_of(*digits);
		node = key == KEYS ? 0 : child_of(tree, node, key);
		if (node == 0)
			return NULL;
	}
	return &tree->nodes[node].value;
}

struct digit_path
digit_tree_look(const struct digit_tree *tree, const char *digits)
{
	struct digit_path path = { 0 };
	const struct node *node;
	unsigned int length, key;

	CHECK_OBJ(tree, DIGIT_TREE_MAGIC);
	node = tree->nodes;
	for (length = 0;; length++) {
		if (node->value != 0) {
			path.longest = node->value;
			path.length = length;
		}
		if (digits[length] == '\0')
			break;
		key = key_of(digits[length]);
		if (key == KEYS || (node->keys & 1U << key) == 0)
			return path;
		node = &tree->nodes[node->children +
		    bits_of(node->keys & ((1U << key) - 1))];
	}
	path.exact = node->value;
	path.goes_on = node->keys != 0;
	return path;
}
