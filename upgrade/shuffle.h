/*
 * shuffle: another format that can say exactly what a given one can.
 *
 * The fields stand in another order and have other names, their old ones being
 * former names; numbers, texts and counted arrays are wider where they can be,
 * and the symbols of enums have other numbers.  Whatever a state says in the
 * one it says in the other, so going there and back changes nothing: the hard
 * build (hard.h) does so with every state that there is.
 */
#ifndef UPGRADE_SHUFFLE_H
#define UPGRADE_SHUFFLE_H

#include <stdint.h>

struct schema;
struct shuffle;

/*
 * Of a schema that has been checked and outlives it.  Equal seeds give equal
 * formats.  -ENOMEM; -E2BIG: a state of it would be over BEHAVIOUR_STATE_MAX.
 */
int shuffle_alloc(
    struct shuffle **ret_shuffle, const struct schema *schema, uint64_t seed);
void shuffle_free(struct shuffle **shufflep);

const struct schema *shuffle_schema(const struct shuffle *shuffle);

#endif
