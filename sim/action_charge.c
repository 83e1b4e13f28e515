/*
 * action_charge: what calls cost, and who pays for them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "calls/exchange/band.h"
#include "calls/exchange/office.h"
#include "sim/action_internal.h"
#include "sim/civil.h"
#include "sim/units.h"

/* Without intervals a call is in its first for ever, which costs nothing. */
static void
read_prices(const struct arguments *arguments, struct tariff_view *ret_prices)
{
	const char *setup = arguments_option(arguments, "-setup");
	const char *first = arguments_option(arguments, "-first");
	const char *next = arguments_option(arguments, "-next");
	struct tariff_view prices = { .first_ms = UINT32_MAX,
		.next_ms = UINT32_MAX };

	if (setup != NULL)
		(void)units_money(setup, &prices.setup_micro);
	if (first != NULL || next != NULL) {
		(void)units_price(first != NULL ? first : next,
		    &prices.first_micro, &prices.first_ms);
		(void)units_price(next != NULL ? next : first,
		    &prices.next_micro, &prices.next_ms);
	}
	*ret_prices = prices;
}

/* False: it is to hold always. */
static bool
read_band(const struct arguments *arguments, struct band *ret_band)
{
	const char *hours = arguments_option(arguments, "-hours");
	const char *days = arguments_option(arguments, "-days");

	*ret_band = (struct band){ .days = BAND_ALL_DAYS };
	if (hours != NULL)
		(void)civil_hours(hours, &ret_band->from, &ret_band->to);
	if (days != NULL)
		(void)civil_days(days, &ret_band->days);
	return hours != NULL || days != NULL;
}

void
action_read_tariff(
    const struct arguments *arguments, struct tariff_part *ret_part)
{
	read_prices(arguments, &ret_part->prices);
	(void)read_band(arguments, &ret_part->band);
}

int
action_tariff(struct scenario *scenario, const struct arguments *arguments)
{
	const char *name = action_word(arguments, 0);
	struct tariff_part part;
	int result;

	read_prices(arguments, &part.prices);
	result = read_band(arguments, &part.band)
	    ? office_add_tariff_band(
		  scenario->office, name, &part.prices, &part.band)
	    : office_add_tariff(scenario->office, name, &part.prices);
	if (result == -EEXIST)
		return action_refuse(scenario, arguments,
		    "there is a tariff '%s' already: other prices for some "
		    "hours are given with -hours or -days",
		    name);
	return result == 0
	    ? 0
	    : action_refuse_error(scenario, arguments, name, result);
}

int
action_date(struct scenario *scenario, const struct arguments *arguments)
{
	uint64_t week_us = 0;

	(void)civil_moment(action_word(arguments, 0), &week_us);
	office_set_date(scenario->office, week_us);
	return 0;
}

/*--------------------------------------------------------------------
 * Accounts
 */

static uint64_t
money_of(const struct arguments *arguments, const char *option)
{
	const char *text = arguments_option(arguments, option);
	uint32_t micro = 0;

	if (text != NULL)
		(void)units_money(text, &micro);
	return micro;
}

/* What is made of it in the database is known from its beginning. */
int
action_record_account(
    struct scenario *scenario, const struct account_plan *plan)
{
	struct account_record record = { .is_prepaid = plan->is_prepaid,
		.deposit_micro = plan->deposit_micro,
		.warn_micro = plan->warn_micro };

	(void)snprintf(record.name, sizeof record.name, "%s", plan->name);
	return recorder_take(
	    scenario->recorder, RECORD_ACCOUNT, &record, sizeof record);
}

void
action_read_account(
    const struct arguments *arguments, struct account_plan *ret_plan)
{
	*ret_plan = (struct account_plan){
		.name = action_word(arguments, 0),
		.is_prepaid = arguments_option(arguments, "-prepaid") != NULL,
		.deposit_micro = money_of(arguments, "-prepaid"),
		.warn_micro = money_of(arguments, "-warn"),
	};
}

int
action_account(struct scenario *scenario, const struct arguments *arguments)
{
	struct account_plan plan;
	int result;

	action_read_account(arguments, &plan);
	result = office_add_account(scenario->office, &plan);
	if (result == -EEXIST)
		return action_refuse(scenario, arguments,
		    "there is an account '%s' already", plan.name);
	if (result == 0)
		result = action_record_account(scenario, &plan);
	return result == 0
	    ? 0
	    : action_refuse_error(scenario, arguments, plan.name, result);
}
