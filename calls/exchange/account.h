/*
 * account: who pays for the calls of lines, and what they have come to.
 *
 * An account is billed, or prepaid: then money was paid in, and what a call
 * may cost next is reserved of it before it does (credit.h).  All that have
 * been charged to it stand in the legs with its name.
 *
 * Private to calls/exchange/.
 */
#ifndef CALLS_EXCHANGE_ACCOUNT_H
#define CALLS_EXCHANGE_ACCOUNT_H

#include "calls/exchange/office.h"

struct account {
	char name[ACCOUNT_NAME_SIZE];
	bool is_prepaid;
	bool is_withdrawn;			/* no line can be given it */
	uint64_t deposit_micro, warn_micro;	/* of a prepaid one */
	uint64_t charged_micro, reserved_micro; /* up to now; of live calls */
	uint32_t credits;			/* the first of them, or NONE */
};

struct accounts;

/* -ENOMEM. */
int accounts_alloc(struct accounts **ret_accounts);
void accounts_free(struct accounts **accountsp);

/* As office_add_account(), office_change_account(), office_withdraw_account().
 */
int accounts_add(struct accounts *accounts, const struct account_plan *plan);
int accounts_change(struct accounts *accounts, const struct account_plan *plan);
void accounts_withdraw(struct accounts *accounts, const char *name);

/* Its number; ACCOUNT_NONE if there is none of that name (any more). */
uint16_t accounts_find(const struct accounts *accounts, const char *name);
/* NULL: there is none of that number. */
struct account *accounts_at(const struct accounts *accounts, uint16_t number);

/* What may still be reserved; below 0 what is owed. */
int64_t account_credit(const struct account *account);

#endif
