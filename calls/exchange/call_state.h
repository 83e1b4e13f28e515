/*
 * call_state: what is to be read in the state of a call, whatever its version.
 *
 * The key of a call never changes: it is the field `call`.  A state machine
 * says which state it is in by a field `state`, an enum.
 */
#ifndef CALLS_EXCHANGE_CALL_STATE_H
#define CALLS_EXCHANGE_CALL_STATE_H

#include <stddef.h>
#include <stdint.h>

struct module;

/* 0: it has none. */
uint64_t call_state_number(const struct module *module, const void *state);

/* Its symbol, of `size` bytes at most; "" if it has none. */
void call_state_word(
    const struct module *module, const void *state, char *word, size_t size);

#endif
