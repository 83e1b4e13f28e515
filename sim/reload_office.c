/*
 * reload_office: what a config says of what has a name: tariffs, accounts,
 * trunk groups, routes, timers.
 *
 * What is there becomes as it is said now; what was there once comes back with
 * the number that was its own.
 */
#include <errno.h>
#include <string.h>

#include "calls/exchange/office_gate.h"
#include "calls/exchange/office_trunk.h"
#include "sim/office_data.h"
#include "sim/reload_internal.h"
#include "sim/traffic.h"
#include "switch/object.h"

/*--------------------------------------------------------------------
 * Tariffs
 */

/* How many parts follow the step that is next. */
static unsigned int
count_parts(const struct reload *reload)
{
	const struct reload_step *steps = reload->plan.steps;
	uint32_t at = reload->at + 1;

	while (at < reload->plan.count && steps[at].verb == RELOAD_MORE)
		at++;
	return at - reload->at - 1;
}

/* It and its parts; leaves `at` at the last of them. */
static int
change_tariff(struct reload *reload, const struct step *first)
{
	const unsigned int count = 1 + count_parts(reload);
	struct tariff_part *parts = object_alloc(count * sizeof *parts);
	struct step step = *first;
	unsigned int i;
	int result = parts == NULL ? -ENOMEM : 0;

	for (i = 0; i < count && result == 0; i++) {
		if (i > 0)
			result = reload_read_step(reload, ++reload->at, &step);
		if (result == 0)
			action_read_tariff(&step.arguments, &parts[i]);
	}
	if (result == 0)
		result = office_change_tariff(
		    reload->scenario->office, first->words[1], parts, count);
	object_free(parts, count * sizeof *parts);
	return result;
}

/* One that there never was is made. */
static int
have_tariff(struct reload *reload, const struct step *first)
{
	unsigned int parts = count_parts(reload);
	struct step step;
	int result = change_tariff(reload, first);

	if (result != -ENOENT)
		return result == 0 ? 0 : reload_refuse(reload, first, result);
	reload->at -= parts;
	result = action_do(reload->scenario, &first->arguments);
	for (; parts > 0 && result == 0; parts--) {
		result = reload_read_step(reload, ++reload->at, &step);
		if (result == 0)
			result = action_do(reload->scenario, &step.arguments);
	}
	return result;
}

/*--------------------------------------------------------------------
 * Accounts and trunk groups
 */

/* What it has been asked for cannot be while there are such calls. */
static int
leave(struct reload *reload, const struct step *step)
{
	reload->plan.changes[step->kind][RELOAD_CHANGED]--;
	return office_data_add(reload->plan.left, 2, step->words) == 0
	    ? 0
	    : reload_refuse(reload, step, -ENOMEM);
}

static int
have_account(struct reload *reload, const struct step *step)
{
	struct scenario *scenario = reload->scenario;
	struct account_plan plan;
	int result;

	action_read_account(&step->arguments, &plan);
	result = office_change_account(scenario->office, &plan);
	if (result == -ENOENT)
		return action_do(scenario, &step->arguments);
	if (result == -EBUSY)
		return leave(reload, step);
	if (result == 0)
		result = action_record_account(scenario, &plan);
	return result == 0 ? 0 : reload_refuse(reload, step, result);
}

static int
have_trunk(struct reload *reload, const struct step *step)
{
	struct scenario *scenario = reload->scenario;
	struct trunk_info info;
	struct trunk_plan plan;
	const struct mix *mix;
	uint32_t trunk;
	int result = action_read_trunk(scenario, &step->arguments, &plan, &mix);

	if (result != 0)
		return result;
	result = office_change_trunk(scenario->office, &plan);
	if (result == -ENOENT)
		return action_do(scenario, &step->arguments);
	if (result == -EBUSY)
		return leave(reload, step);
	if (result != 0)
		return reload_refuse(reload, step, result);
	trunk = office_find_trunk(scenario->office, plan.name);
	office_trunk_look(scenario->office, trunk, &info);
	reload->waiting_circuits += info.leaving;
	return traffics_set_far(scenario->traffics, trunk, mix) == 0
	    ? 0
	    : reload_refuse(reload, step, -ENOMEM);
}

static void
withdraw_trunk(struct reload *reload, const char *name)
{
	struct office *office = reload->scenario->office;
	const uint32_t trunk = office_find_trunk(office, name);
	struct trunk_info info;

	if (trunk == TRUNK_NONE)
		return;
	office_withdraw_trunk(office, trunk);
	office_trunk_look(office, trunk, &info);
	reload->waiting_circuits += info.leaving;
}

/*--------------------------------------------------------------------
 * Routes and ported numbers
 */

int
reload_draft(struct reload *reload, const struct step *step)
{
	struct scenario *scenario = reload->scenario;
	struct route_plan plan;
	int result = 0;

	if (reload->draft == NULL)
		result = office_draft(scenario->office, &reload->draft);
	if (result == 0 && step->kind == RELOAD_port) {
		result = office_draft_port(
		    reload->draft, step->words[1], step->words[2]);
	} else if (result == 0) {
		/* Said by hand, of a group or a tariff that has gone since. */
		if (action_read_route(scenario, &step->arguments, &plan) != 0)
			return 0;
		result =
		    office_draft_route(scenario->office, reload->draft, &plan);
	}
	return result == 0 ? 0 : reload_refuse(reload, step, result);
}

/* Without any there is no draft yet. */
int
reload_swap(struct reload *reload)
{
	struct office *office = reload->scenario->office;
	int result = 0;

	if (reload->draft == NULL)
		result = office_draft(office, &reload->draft);
	if (result == 0)
		result = office_reload(office, &reload->draft);
	if (result != 0)
		(void)snprintf(reload->scenario->why,
		    sizeof reload->scenario->why, "route: %s",
		    strerror(-result));
	return result;
}

/*--------------------------------------------------------------------
 * All of them
 */

int
reload_have(struct reload *reload, const struct step *step)
{
	if (step->kind == RELOAD_tariff)
		return have_tariff(reload, step);
	if (step->kind == RELOAD_account)
		return have_account(reload, step);
	return have_trunk(reload, step);
}

int
reload_withdraw(struct reload *reload, const struct step *step)
{
	static const struct gate_limits none = { .live = 0 };
	unsigned int timer = 0;

	switch (step->kind) {
	case RELOAD_gate:
		office_set_gate(reload->scenario->office, &none);
		break;
	case RELOAD_timer:
		while (strcmp(office_timer_word((enum office_timer)timer),
			   step->words[1]) != 0)
			timer++;
		office_set_timer(
		    reload->scenario->office, (enum office_timer)timer, 0);
		break;
	case RELOAD_tariff:
		office_withdraw_tariff(
		    reload->scenario->office, step->words[1]);
		break;
	case RELOAD_account:
		office_withdraw_account(
		    reload->scenario->office, step->words[1]);
		break;
	case RELOAD_trunk:
		withdraw_trunk(reload, step->words[1]);
		break;
	case RELOAD_lines:
	case RELOAD_service:
	case RELOAD_route:
	case RELOAD_port:
	case RELOAD_KINDS_COUNT:
		break;
	}
	return 0;
}
