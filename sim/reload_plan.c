/*
 * reload_plan: see reload_plan.h for what it is.
 *
 * What has a name is compared name by name, what is said of ranges of numbers
 * cell by cell (number_cells.h).  What is made comes before what needs it, and
 * what is withdrawn after everything else:
 *
 *   tariffs, accounts, trunk groups ── lines, services ── routes, timers, gate
 *   ── services, lines, trunk groups, accounts, tariffs that go
 *
 * Routes and ported numbers are one table: if anything of them changes it is
 * made anew, whole.
 */
#include "sim/reload_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "calls/exchange/office.h"
#include "sim/command.h"
#include "sim/number_cells.h"
#include "sim/office_data.h"
#include "sim/units.h"
#include "switch/nearest.h"
#include "switch/object.h"

/* One command, with what it is about. */
struct said {
	const struct office_data *data;
	uint32_t index;
	const char *key;
	uint64_t meaning;
	bool is_new, is_by_hand;
};

struct plan {
	struct reload_plan *into;
	const struct reload_words *words;
	struct said *said; /* both configs, and twice what is by hand */
	uint32_t count;
	bool withdraws; /* in its second half */
	int result;
};

static const char *const commands[] = {
#define RELOAD_COMMAND(symbol, command, several) command,
	RELOAD_KINDS(RELOAD_COMMAND)
#undef RELOAD_COMMAND
};

/* What is no part of what a switch is, but of how its config was read. */
static const char of_the_text[] = "advance allow audit expect include ladder "
				  "never note param phase plan report show "
				  "versions";

static enum reload_kind
kind_of(const char *command)
{
	unsigned int kind = 0;

	while (
	    kind < RELOAD_KINDS_COUNT && strcmp(commands[kind], command) != 0)
		kind++;
	return (enum reload_kind)kind;
}

bool
reload_knows(const char *command)
{
	return kind_of(command) != RELOAD_KINDS_COUNT;
}

/*--------------------------------------------------------------------
 * Steps
 */

static void
add_step(struct plan *plan, enum reload_verb verb, enum reload_kind kind,
    unsigned int count, const char *const *words)
{
	struct reload_plan *into = plan->into;
	struct reload_step *steps;

	if (plan->result != 0)
		return;
	steps =
	    object_grow(into->steps, into->count, &into->room, sizeof *steps);
	if (steps == NULL) {
		plan->result = -ENOMEM;
		return;
	}
	into->steps = steps;
	plan->result = office_data_add(into->words, count, words);
	if (plan->result == 0)
		into->steps[into->count++] = (struct reload_step){ verb, kind };
}

static void
add_said(struct plan *plan, enum reload_verb verb, enum reload_kind kind,
    const struct said *said)
{
	const char *words[COMMAND_WORDS_MAX];
	unsigned int count = office_data_words(said->data, said->index, words);

	add_step(plan, verb, kind, count, words);
}

/*--------------------------------------------------------------------
 * What has a name
 */

static int
compare(const void *one, const void *other)
{
	const struct said *a = one, *b = other;
	const int order = strcmp(a->key, b->key);

	if (order != 0)
		return order;
	if (a->is_new != b->is_new)
		return a->is_new ? 1 : -1;
	if (a->is_by_hand != b->is_by_hand)
		return a->is_by_hand ? 1 : -1;
	return a->index < b->index ? -1 : a->index > b->index;
}

/* The commands of one name: those of before, and those of now. */
struct named {
	const struct said *before, *now;
	uint32_t before_count, now_count;
};

static bool
is_same(const struct named *named)
{
	uint32_t i;

	if (named->before_count != named->now_count)
		return false;
	for (i = 0; i < named->now_count; i++)
		if (named->before[i].meaning != named->now[i].meaning)
			return false;
	return true;
}

static enum reload_change
change_of(const struct named *named)
{
	return named->before_count == 0 ? RELOAD_ADDED
	    : named->now_count == 0	? RELOAD_WITHDRAWN
					: RELOAD_CHANGED;
}

/* From `i` on; and where the next name begins. */
static uint32_t
take_name(const struct plan *plan, uint32_t i, struct named *ret_named)
{
	const struct said *first = &plan->said[i];
	struct named named = { .before = first };

	for (; i < plan->count && strcmp(plan->said[i].key, first->key) == 0;
	     i++)
		if (plan->said[i].is_new)
			named.now_count++;
		else
			named.before_count++;
	named.now = first + named.before_count;
	*ret_named = named;
	return i;
}

static void
gather(struct plan *plan, enum reload_kind kind, const struct office_data *data,
    bool is_new)
{
	const char *words[COMMAND_WORDS_MAX];
	uint32_t i, all = office_data_count(data);
	unsigned int count;
	struct said *said;

	for (i = 0; i < all; i++) {
		count = office_data_words(data, i, words);
		if (kind_of(words[0]) != kind ||
		    (kind == RELOAD_KINDS_COUNT &&
			word_is_in(words[0], of_the_text)))
			continue;
		said = &plan->said[plan->count++];
		*said = (struct said){ .data = data,
			.index = i,
			.key = words[0],
			.meaning = office_data_meaning(data, i, 0),
			.is_new = is_new,
			.is_by_hand = data == plan->words->by_hand };
		if (count > 1 && kind != RELOAD_KINDS_COUNT &&
		    kind != RELOAD_gate)
			said->key = words[1];
	}
}

static void
gather_both(struct plan *plan, enum reload_kind kind)
{
	plan->count = 0;
	gather(plan, kind, plan->words->by_hand, false);
	gather(plan, kind, plan->words->before, false);
	gather(plan, kind, plan->words->by_hand, true);
	gather(plan, kind, plan->words->now, true);
}

static void
gather_names(struct plan *plan, enum reload_kind kind)
{
	gather_both(plan, kind);
	qsort(plan->said, plan->count, sizeof *plan->said, compare);
}

/* The last of the config; without any, of what is by hand. */
static uint32_t
last_of(const struct named *named)
{
	uint32_t i = named->now_count - 1;

	while (i > 0 && named->now[i].is_by_hand)
		i--;
	return i;
}

/* Of a tariff each band is said by a command, of all else the last counts. */
static void
have(struct plan *plan, enum reload_kind kind, const struct named *named)
{
	const enum reload_verb verb =
	    kind == RELOAD_timer || kind == RELOAD_gate ? RELOAD_DO
							: RELOAD_HAVE;
	uint32_t i;

	if (kind != RELOAD_tariff) {
		add_said(plan, verb, kind, &named->now[last_of(named)]);
		return;
	}
	for (i = 0; i < named->now_count; i++)
		add_said(
		    plan, i == 0 ? verb : RELOAD_MORE, kind, &named->now[i]);
}

static void
compare_names(struct plan *plan, enum reload_kind kind)
{
	struct named named;
	uint32_t i;

	gather_names(plan, kind);
	for (i = 0; i < plan->count;) {
		i = take_name(plan, i, &named);
		if (is_same(&named))
			continue;
		if (plan->withdraws != (named.now_count == 0))
			continue;
		plan->into->changes[kind][change_of(&named)]++;
		if (plan->withdraws)
			add_said(plan, RELOAD_WITHDRAW, kind, named.before);
		else
			have(plan, kind, &named);
	}
}

/* What has become of a route or a ported number. */
static void
record(struct plan *plan, enum reload_kind kind, const struct named *named)
{
	uint32_t i;

	for (i = 0; i < named->now_count; i++)
		add_said(plan, RELOAD_RECORD, kind, &named->now[i]);
	if (named->now_count == 0)
		add_said(plan, RELOAD_WITHDRAW, kind, named->before);
}

/* Routes or ported numbers; whether any is another. */
static bool
compare_table(struct plan *plan, enum reload_kind kind)
{
	struct named named;
	bool differs = false;
	uint32_t i;

	gather_names(plan, kind);
	for (i = 0; i < plan->count;) {
		i = take_name(plan, i, &named);
		if (is_same(&named))
			continue;
		plan->into->changes[kind][change_of(&named)]++;
		record(plan, kind, &named);
		differs = true;
	}
	return differs;
}

/* In the order in which they are said, those of the config first. */
static void
draft(struct plan *plan, enum reload_kind kind)
{
	uint32_t i;

	plan->count = 0;
	gather(plan, kind, plan->words->now, true);
	gather(plan, kind, plan->words->by_hand, true);
	for (i = 0; i < plan->count; i++)
		add_said(plan, RELOAD_DRAFT, kind, &plan->said[i]);
}

static void
compare_tables(struct plan *plan)
{
	static const char *const swap[] = { "route" };
	const bool has_routes = compare_table(plan, RELOAD_route);
	const bool has_ports = compare_table(plan, RELOAD_port);

	if (!has_routes && !has_ports)
		return;
	draft(plan, RELOAD_route);
	draft(plan, RELOAD_port);
	add_step(plan, RELOAD_SWAP, RELOAD_route, 1, swap);
}

/*--------------------------------------------------------------------
 * What is said of numbers
 */

static bool
is_bar(const char *const *words)
{
	return strcmp(words[1], "bar-out") == 0;
}

/* As "1000-1999", in place of the range of a command. */
static void
add_cell(struct plan *plan, enum reload_verb verb, enum reload_kind kind,
    const struct range *range, unsigned int count, const char **words)
{
	char text[2 * (DIGITS_MAX + 1) + 1];

	(void)snprintf(text, sizeof text, "%s-%s", range->first, range->last);
	words[1] = text;
	add_step(plan, verb, kind, count, words);
}

static void
count_cell(
    struct plan *plan, enum reload_kind kind, const struct number_cell *cell)
{
	const enum reload_change change = cell->now.meaning == 0
	    ? RELOAD_WITHDRAWN
	    : cell->before.meaning == 0 ? RELOAD_ADDED
					: RELOAD_CHANGED;

	plan->into->changes[kind][change] += range_count(&cell->range);
}

static void
compare_lines_cell(struct plan *plan, const struct number_cell *cell)
{
	const bool goes = cell->now.meaning == 0;
	const struct said *said =
	    &plan->said[goes ? cell->before.said : cell->now.said];
	const char *words[COMMAND_WORDS_MAX];
	unsigned int count = office_data_words(said->data, said->index, words);

	if (plan->withdraws != goes)
		return;
	count_cell(plan, RELOAD_lines, cell);
	add_cell(plan, goes ? RELOAD_WITHDRAW : RELOAD_HAVE, RELOAD_lines,
	    &cell->range, count, words);
}

/* All bars that lines have now, after those that they had have ended. */
static void
add_bars(struct plan *plan, const struct range *range)
{
	const char *words[COMMAND_WORDS_MAX];
	struct range own;
	unsigned int count;
	uint32_t i;

	for (i = 0; i < plan->count; i++) {
		count = office_data_words(
		    plan->said[i].data, plan->said[i].index, words);
		if (plan->said[i].is_new && is_bar(words + 1) &&
		    units_range(words[1], &own) &&
		    range_holds(&own, range->first))
			add_cell(plan, RELOAD_DO, RELOAD_service, range, count,
			    words);
	}
}

static void
compare_service_cell(
    struct plan *plan, const struct number_cell *cell, const char *service)
{
	const char *words[COMMAND_WORDS_MAX] = { "service", "", service,
		"off" };
	const bool goes = cell->now.meaning == 0;
	const struct said *said = &plan->said[cell->now.said];
	unsigned int count = 4;

	if (plan->withdraws != goes)
		return;
	count_cell(plan, RELOAD_service, cell);
	if (goes || is_bar(words + 1))
		add_cell(plan, RELOAD_DO, RELOAD_service, &cell->range, count,
		    words);
	if (!goes && is_bar(words + 1)) {
		add_bars(plan, &cell->range);
	} else if (!goes) {
		count = office_data_words(said->data, said->index, words);
		add_cell(plan, RELOAD_DO, RELOAD_service, &cell->range, count,
		    words);
	}
}

/* Of lines (NULL), or of that service; how many there are. */
static uint32_t
make_spans(
    const struct plan *plan, const char *service, struct number_span *spans)
{
	const char *words[COMMAND_WORDS_MAX];
	struct number_span *span;
	uint32_t i, count = 0;

	for (i = 0; i < plan->count; i++) {
		(void)office_data_words(
		    plan->said[i].data, plan->said[i].index, words);
		if (service != NULL && strcmp(words[2], service) != 0)
			continue;
		span = &spans[count++];
		*span = (struct number_span){ .said = i,
			.is_new = plan->said[i].is_new,
			.adds = service != NULL && is_bar(words + 1) };
		(void)units_range(words[1], &span->range);
		if (service == NULL || strcmp(words[3], "off") != 0)
			span->meaning = office_data_meaning(
			    plan->said[i].data, plan->said[i].index, 2);
	}
	return count;
}

static void
compare_cells(struct plan *plan, struct number_span *spans, const char *service)
{
	const uint32_t count = make_spans(plan, service, spans);
	struct number_cells cells;
	uint32_t i;

	if (number_cells_make(&cells, spans, count) != 0) {
		plan->result = -ENOMEM;
		return;
	}
	for (i = 0; i < cells.count; i++) {
		if (cells.cells[i].before.meaning == cells.cells[i].now.meaning)
			continue;
		if (service == NULL)
			compare_lines_cell(plan, &cells.cells[i]);
		else
			compare_service_cell(plan, &cells.cells[i], service);
	}
	number_cells_done(&cells);
}

static void
compare_numbers(struct plan *plan, enum reload_kind kind)
{
	struct number_span *spans;
	unsigned int service;
	size_t size;

	gather_both(plan, kind);
	size = plan->count * sizeof *spans;
	spans = object_alloc(size + 1);
	if (spans == NULL) {
		plan->result = -ENOMEM;
		return;
	}
	if (kind == RELOAD_lines)
		compare_cells(plan, spans, NULL);
	else
		for (service = 0; service < SERVICES_COUNT; service++)
			compare_cells(plan, spans,
			    service_word((enum service_kind)service));
	object_free(spans, size + 1);
}

/*--------------------------------------------------------------------
 * The whole
 */

/* The commands that say something else now, and cannot be obeyed yet. */
static void
note_left(struct plan *plan)
{
	struct named named;
	uint32_t i;

	gather_names(plan, RELOAD_KINDS_COUNT);
	for (i = 0; i < plan->count;) {
		i = take_name(plan, i, &named);
		if (!is_same(&named) && plan->result == 0)
			plan->result = office_data_add(
			    plan->into->left, 1, &named.before->key);
	}
}

static void
make(struct plan *plan)
{
	compare_names(plan, RELOAD_tariff);
	compare_names(plan, RELOAD_account);
	compare_names(plan, RELOAD_trunk);
	compare_numbers(plan, RELOAD_lines);
	compare_numbers(plan, RELOAD_service);
	compare_tables(plan);
	compare_names(plan, RELOAD_timer);
	compare_names(plan, RELOAD_gate);
	note_left(plan);
	plan->withdraws = true;
	compare_numbers(plan, RELOAD_service);
	compare_numbers(plan, RELOAD_lines);
	compare_names(plan, RELOAD_timer);
	compare_names(plan, RELOAD_gate);
	compare_names(plan, RELOAD_trunk);
	compare_names(plan, RELOAD_account);
	compare_names(plan, RELOAD_tariff);
}

int
reload_plan_make(struct reload_plan *ret_plan, const struct reload_words *words)
{
	const size_t size =
	    (office_data_count(words->before) + office_data_count(words->now) +
		2 * (size_t)office_data_count(words->by_hand)) *
		sizeof(struct said) +
	    1;
	struct plan plan = { .into = ret_plan, .words = words };

	*ret_plan = (struct reload_plan){ .count = 0 };
	plan.result = office_data_alloc(&ret_plan->words);
	if (plan.result == 0)
		plan.result = office_data_alloc(&ret_plan->left);
	plan.said = object_alloc(size);
	if (plan.said == NULL)
		plan.result = -ENOMEM;
	if (plan.result == 0)
		make(&plan);
	object_free(plan.said, size);
	if (plan.result != 0)
		reload_plan_done(ret_plan);
	return plan.result;
}

void
reload_plan_done(struct reload_plan *plan)
{
	office_data_free(&plan->words);
	office_data_free(&plan->left);
	object_free(plan->steps, plan->room * sizeof *plan->steps);
	*plan = (struct reload_plan){ .count = 0 };
}
