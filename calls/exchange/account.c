/*
 * account: see account.h for what it is.
 *
 * Names are looked up while the office is made, a line has the number: a plain
 * array does.
 */
#include "calls/exchange/account.h"

#include <errno.h>
#include <string.h>

#include "calls/exchange/credit.h"
#include "switch/object.h"

struct accounts {
	unsigned int magic;
#define ACCOUNTS_MAGIC 0x41d9b3c6
	uint32_t count;
	struct account *all; /* by number */
};

int
accounts_alloc(struct accounts **ret_accounts)
{
	struct accounts *accounts;

	if (ALLOC_OBJ(accounts, ACCOUNTS_MAGIC) == NULL)
		return -ENOMEM;
	*ret_accounts = accounts;
	return 0;
}

void
accounts_free(struct accounts **accountsp)
{
	struct accounts *accounts = *accountsp;

	if (accounts != NULL)
		object_free(
		    accounts->all, accounts->count * sizeof *accounts->all);
	FREE_OBJ(accountsp, ACCOUNTS_MAGIC);
}

/* One that was ever made, by its name. */
static struct account *
find(const struct accounts *accounts, const char *name)
{
	uint32_t i;

	for (i = 0; i < accounts->count; i++)
		if (strcmp(accounts->all[i].name, name) == 0)
			return &accounts->all[i];
	return NULL;
}

int
accounts_add(struct accounts *accounts, const struct account_plan *plan)
{
	const size_t length = strnlen(plan->name, ACCOUNT_NAME_SIZE);
	struct account *all;

	CHECK_OBJ(accounts, ACCOUNTS_MAGIC);
	if (length == 0 || length == ACCOUNT_NAME_SIZE)
		return -EINVAL;
	if (accounts_find(accounts, plan->name) != ACCOUNT_NONE)
		return -EEXIST;
	if (find(accounts, plan->name) != NULL)
		return accounts_change(accounts, plan);
	if (accounts->count == ACCOUNT_NONE)
		return -ENOSPC;
	all =
	    object_realloc(accounts->all, (accounts->count + 1) * sizeof *all);
	if (all == NULL)
		return -ENOMEM;
	accounts->all = all;
	all[accounts->count] = (struct account){
		.is_prepaid = plan->is_prepaid,
		.deposit_micro = plan->deposit_micro,
		.warn_micro = plan->warn_micro,
		.credits = CREDIT_NONE,
	};
	memcpy(all[accounts->count].name, plan->name, length);
	accounts->count++;
	return 0;
}

int
accounts_change(struct accounts *accounts, const struct account_plan *plan)
{
	struct account *account = find(accounts, plan->name);
	const bool has_turnover = account != NULL &&
	    account->charged_micro + account->reserved_micro > 0;

	CHECK_OBJ(accounts, ACCOUNTS_MAGIC);
	if (account == NULL)
		return -ENOENT;
	if (account->is_prepaid != plan->is_prepaid &&
	    (has_turnover || account->credits != CREDIT_NONE))
		return -EBUSY;
	if (plan->is_prepaid &&
	    plan->deposit_micro <
		account->charged_micro + account->reserved_micro)
		return -EBUSY;
	account->is_prepaid = plan->is_prepaid;
	account->is_withdrawn = false;
	account->deposit_micro = plan->deposit_micro;
	account->warn_micro = plan->warn_micro;
	return 0;
}

void
accounts_withdraw(struct accounts *accounts, const char *name)
{
	struct account *account = find(accounts, name);

	CHECK_OBJ(accounts, ACCOUNTS_MAGIC);
	if (account != NULL)
		account->is_withdrawn = true;
}

uint16_t
accounts_find(const struct accounts *accounts, const char *name)
{
	const struct account *account = find(accounts, name);

	CHECK_OBJ(accounts, ACCOUNTS_MAGIC);
	return account == NULL || account->is_withdrawn
	    ? ACCOUNT_NONE
	    : (uint16_t)(account - accounts->all);
}

struct account *
accounts_at(const struct accounts *accounts, uint16_t number)
{
	CHECK_OBJ(accounts, ACCOUNTS_MAGIC);
	return number < accounts->count ? &accounts->all[number] : NULL;
}

int64_t
account_credit(const struct account *account)
{
	return (int64_t)(account->deposit_micro - account->charged_micro -
	    account->reserved_micro);
}
