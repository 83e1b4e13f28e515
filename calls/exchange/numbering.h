/*
 * numbering: the numbers of the office, and what digits lead to.
 *
 * Every line has one number of 1 to 15 digits (E.164), `*` and `#` among them,
 * and a small id, given in the order of adding and never again changed.  One
 * number may begin another ("100" and "1001"): then the caller's pause decides
 * (T49).  One that is withdrawn is a number still, of no line; it keeps its id
 * for the calls that its line still has, and for when it comes back.
 *
 * Private to calls/exchange/.
 */
#ifndef CALLS_EXCHANGE_NUMBERING_H
#define CALLS_EXCHANGE_NUMBERING_H

#include "calls/exchange.h"

struct numbering;

/* -ENOMEM. */
int numbering_alloc(struct numbering **ret_numbering);
void numbering_free(struct numbering **numberingp);

/*
 * Adds the numbers `first` to `last`, with `*` and `#` at the same places;
 * their ids follow on those there are.
 *
 * -EINVAL   no digits, unequal lengths or places, over DIGITS_MAX, last below
 *           first
 * -EEXIST   one of them is there, be it withdrawn
 * -ENOMEM
 */
int numbering_add(
    struct numbering *numbering, const char *first, const char *last);

/* Takes the range back that was added last. */
void numbering_drop_last(struct numbering *numbering);

/*
 * Withdraws the numbers `first` to `last`, or lets them be dialled again; tells
 * of their ids, which need not follow on each other.
 *
 * -EINVAL   as above
 * -ENOENT   one of them is none, or is so already
 * -ENOMEM
 */
typedef void numbering_ids_f(
    void *arg, uint32_t first, uint32_t count, bool is_withdrawn);
int numbering_set_withdrawn(struct numbering *numbering, const char *first,
    const char *last, bool is_withdrawn, numbering_ids_f *tell, void *arg);
bool numbering_is_withdrawn(const struct numbering *numbering, uint32_t id);

/* How many numbers there are: ids run from 0 to one below. */
uint32_t numbering_count(const struct numbering *numbering);

/* The id of a number; LINE_NONE if there is none. */
uint32_t numbering_find(const struct numbering *numbering, const char *number);

/* The number of an id, as DIGITS_MAX + 1 bytes; "" of LINE_NONE. */
void numbering_text(const struct numbering *numbering, uint32_t id, char *text);

/* What a call may do with these digits. */
struct translation numbering_translate(
    const struct numbering *numbering, const char *digits);

#endif
