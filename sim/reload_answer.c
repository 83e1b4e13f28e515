/*
 * reload_answer: what a reload came to, for people and for programs.
 */
#include <inttypes.h>

#include "sim/json.h"
#include "sim/office_data.h"
#include "sim/reload_internal.h"
#include "switch/object.h"

enum { LEFT_SIZE = 96 };

static const char *const several[] = {
#define RELOAD_SEVERAL(symbol, command, several) several,
	RELOAD_KINDS(RELOAD_SEVERAL)
#undef RELOAD_SEVERAL
};

static const char *const done[] = { "added", "changed", "withdrawn" };

/* "lines 10 added, 3 withdrawn" */
static size_t
tell_kind(const uint64_t *changes, const char *kind, char *text, size_t size)
{
	const char *between = "";
	unsigned int i;
	size_t at = (size_t)snprintf(text, size, "%s", kind);

	for (i = 0; i < RELOAD_CHANGES; i++) {
		if (changes[i] == 0)
			continue;
		at += (size_t)snprintf(text + at, size - at,
		    "%s %" PRIu64 " %s", between, changes[i], done[i]);
		between = ",";
	}
	return at;
}

static bool
has_changed(const uint64_t *changes)
{
	return changes[RELOAD_ADDED] + changes[RELOAD_CHANGED] +
	    changes[RELOAD_WITHDRAWN] !=
	    0;
}

static size_t
tell_waiting(const struct reload *reload, char *text, size_t at, size_t size)
{
	const struct {
		uint64_t count;
		const char *what;
	} waiting[] = { { reload->waiting_lines, "lines" },
		{ reload->waiting_circuits, "circuits" } };
	unsigned int i;

	for (i = 0; i < sizeof waiting / sizeof waiting[0]; i++)
		if (waiting[i].count > 0 && at < size)
			at += (size_t)snprintf(text + at, size - at,
			    "; %s that wait for their calls to end: %" PRIu64,
			    waiting[i].what, waiting[i].count);
	return at;
}

/* "schedulers", or "trunk T1" */
static void
name_left(const struct office_data *left, uint32_t i, char *text, size_t size)
{
	const char *words[COMMAND_WORDS_MAX];
	const unsigned int count = office_data_words(left, i, words);

	(void)snprintf(text, size, "%s%s%s", words[0], count > 1 ? " " : "",
	    count > 1 ? words[1] : "");
}

static void
tell_left(const struct office_data *left, char *text, size_t at, size_t size)
{
	char name[LEFT_SIZE];
	uint32_t i;

	for (i = 0; i < office_data_count(left) && at < size; i++) {
		name_left(left, i, name, sizeof name);
		at += (size_t)snprintf(text + at, size - at, "%s%s",
		    i == 0 ? "; cannot be changed now: " : ", ", name);
	}
}

void
reload_tell(const struct reload *reload, char *text, size_t size)
{
	const struct reload_plan *plan = &reload->plan;
	char each[128];
	unsigned int kind;
	size_t at = 0;

	CHECK_OBJ(reload, RELOAD_MAGIC);
	for (kind = 0; kind < RELOAD_KINDS_COUNT && at < size; kind++) {
		if (!has_changed(plan->changes[kind]))
			continue;
		(void)tell_kind(
		    plan->changes[kind], several[kind], each, sizeof each);
		at += (size_t)snprintf(
		    text + at, size - at, "%s%s", at == 0 ? "" : "; ", each);
	}
	if (at == 0)
		at = (size_t)snprintf(text, size, "nothing has changed");
	at = tell_waiting(reload, text, at, size);
	if (office_data_count(plan->left) > 0)
		tell_left(plan->left, text, at, size);
}

static void
write_changes(const uint64_t *changes, FILE *out)
{
	unsigned int i;

	for (i = 0; i < RELOAD_CHANGES; i++)
		(void)fprintf(out, "%s\"%s\":%" PRIu64, i == 0 ? "{" : ",",
		    done[i], changes[i]);
	(void)fputc('}', out);
}

void
reload_json(const struct reload *reload, FILE *out)
{
	const struct reload_plan *plan = &reload->plan;
	const char *between = "";
	char text[LEFT_SIZE];
	unsigned int kind;
	uint32_t i;

	CHECK_OBJ(reload, RELOAD_MAGIC);
	(void)fputs(",\"reload\":{\"changes\":{", out);
	for (kind = 0; kind < RELOAD_KINDS_COUNT; kind++) {
		if (!has_changed(plan->changes[kind]))
			continue;
		(void)fputs(between, out);
		json_string(out, several[kind]);
		(void)fputc(':', out);
		write_changes(plan->changes[kind], out);
		between = ",";
	}
	(void)fprintf(out,
	    "},\"waiting\":{\"lines\":%" PRIu64 ",\"circuits\":%" PRIu64
	    "},\"left\":[",
	    reload->waiting_lines, reload->waiting_circuits);
	for (i = 0; i < office_data_count(plan->left); i++) {
		if (i > 0)
			(void)fputc(',', out);
		name_left(plan->left, i, text, sizeof text);
		json_string(out, text);
	}
	(void)fputs("]}", out);
}
