/*
 * credit: what is reserved of prepaid accounts for the legs of live calls.
 *
 * Each interval of a leg is reserved before it begins: set-up and the first
 * one when the leg is opened, each that follows when the one before it has
 * ended.  Calls that share an account take from it in that order, so together
 * they never cost more than was paid in.  When there is not enough the call is
 * told that its credit is gone (T38), and again each second until it ends; when
 * what is left is less than the account's warning, that it is low.
 *
 * A leg that is free, or paid by an account that is billed, has no credit.
 * Releases that know of none (1.0 to 2.0) let their calls go on: these pay
 * what they cost.
 *
 * Private to calls/exchange/.
 */
#ifndef CALLS_EXCHANGE_CREDIT_H
#define CALLS_EXCHANGE_CREDIT_H

#include <stdbool.h>
#include <stdint.h>

#define CREDIT_NONE UINT32_MAX

struct credits;
struct office;
struct tariff_view;

/* -ENOMEM. */
int credits_alloc(struct credits **ret_credits);
void credits_free(struct credits **creditsp);

/* Whether whoever pays at that port has what a call of that tariff begins with.
 */
bool credit_is_enough(
    const struct office *office, uint32_t payer, uint16_t tariff);

/*
 * The leg is opened; it is answered now, and watched from then on; it is that
 * other leg now, and back; it has ended.  All but the first two cannot fail;
 * -ENOSPC, and nothing has happened.
 */
int credit_open(struct office *office, uint32_t leg);
int credit_answer(struct office *office, uint32_t leg);
void credit_move(struct office *office, uint32_t from, uint32_t to); /* legs */
void credit_close(struct office *office, uint32_t leg);

#endif
