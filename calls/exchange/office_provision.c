/*
 * office_provision: what the operator gives the office to work with.
 *
 * Lines with their control, tariffs by the hours of a week, accounts, and who
 * pays by which.  Not trunk groups and routes (office_trunk.c), classes of
 * lines (class.c), services (service.c) nor timers (verbs_timer.c).
 *
 * Invariants: what is added keeps its number until the office goes, also when
 * it is withdrawn or has been replaced; what fails has changed nothing; there
 * is room for every attempt that the lines can make.
 */
#include "calls/exchange/office.h"

#include <string.h>

#include "calls/exchange/office_internal.h"
#include "switch/object.h"

int
office_add_lines(struct office *office, const char *first, const char *last,
    enum line_kind kind)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = lines_add(office->lines, first, last, kind);
	if (status == 0) {
		status = attempts_reserve(
		    office->attempts, office_attempts_room(office));
		if (status == 0)
			status = legs_reserve(
			    office->legs, office_attempts_room(office));
		if (status != 0)
			lines_drop_last(office->lines);
	}
	office_leave(office);
	return status;
}

static int
set_withdrawn(struct office *office, const char *first, const char *last,
    bool is_withdrawn)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = lines_set_withdrawn(office->lines, first, last, is_withdrawn);
	office_leave(office);
	return status;
}

int
office_withdraw_lines(
    struct office *office, const char *first, const char *last)
{
	return set_withdrawn(office, first, last, true);
}

int
office_restore_lines(struct office *office, const char *first, const char *last)
{
	return set_withdrawn(office, first, last, false);
}

int
office_add_tariff_band(struct office *office, const char *name,
    const struct tariff_view *prices, const struct band *band)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = tariffs_add(office->tariffs, name, prices, band);
	office_leave(office);
	return status;
}

int
office_add_tariff(
    struct office *office, const char *name, const struct tariff_view *prices)
{
	return office_add_tariff_band(office, name, prices, NULL);
}

int
office_change_tariff(struct office *office, const char *name,
    const struct tariff_part *parts, unsigned int count)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = tariffs_change(office->tariffs, name, parts, count);
	office_leave(office);
	return status;
}

void
office_withdraw_tariff(struct office *office, const char *name)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	tariffs_withdraw(office->tariffs, name);
	office_leave(office);
}

void
office_set_date(struct office *office, uint64_t week_us)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	office->week_us = week_us % BAND_WEEK_US;
	office_leave(office);
}

uint64_t
office_date(const struct office *office)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	return office->week_us; /* home alone sets it */
}

uint16_t
office_find_tariff(const struct office *office, const char *name)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	return tariffs_find(office->tariffs, name);
}

void
office_set_tariff(
    struct office *office, uint32_t first, uint32_t count, uint16_t tariff)
{
	uint32_t line;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	for (line = first; line < first + count; line++)
		lines_at(office->lines, line)->tariff = tariff;
	office_leave(office);
}

bool
office_set_kind(struct office *office, uint32_t line, enum line_kind kind)
{
	bool is_so;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	is_so = lines_set_kind(office->lines, line, kind);
	office_leave(office);
	return is_so;
}

int
office_add_account(struct office *office, const struct account_plan *plan)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = accounts_add(office->accounts, plan);
	office_leave(office);
	return status;
}

int
office_change_account(struct office *office, const struct account_plan *plan)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = accounts_change(office->accounts, plan);
	office_leave(office);
	return status;
}

void
office_withdraw_account(struct office *office, const char *name)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	accounts_withdraw(office->accounts, name);
	office_leave(office);
}

uint16_t
office_find_account(const struct office *office, const char *name)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	return accounts_find(office->accounts, name);
}

void
office_set_account(
    struct office *office, uint32_t first, uint32_t count, uint16_t account)
{
	uint32_t line;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	for (line = first; line < first + count; line++)
		lines_at(office->lines, line)->account = account;
	office_leave(office);
}

bool
office_account(
    struct office *office, uint16_t number, struct account_info *ret_info)
{
	const struct account *account;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	account = accounts_at(office->accounts, number);
	if (account != NULL) {
		*ret_info = (struct account_info){
			.is_prepaid = account->is_prepaid,
			.deposit_micro = account->deposit_micro,
			.charged_micro = account->charged_micro,
			.reserved_micro = account->reserved_micro,
		};
		memcpy(ret_info->name, account->name, sizeof ret_info->name);
	}
	office_leave(office);
	return account != NULL;
}

void
office_set_control(struct office *office, uint32_t first, uint32_t count,
    enum line_control control)
{
	uint32_t line;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	for (line = first; line < first + count; line++)
		lines_at(office->lines, line)->control = (uint8_t)control;
	office_leave(office);
}
