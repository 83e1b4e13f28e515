/*
 * shadow_run_result: what came of a shadow run, summed and put into words.
 *
 * Every event is counted; of those that differ the first are shown, those of a
 * lower scheduler before the others'.  What either version did stands side by
 * side: lines that both have at the begin and at the end are put beside each
 * other, and in between lies what differs.
 */
#include <inttypes.h>
#include <string.h>

#include "switch/text.h"
#include "upgrade/shadow_run_internal.h"

enum {
	COLUMN = 44,	/* two and a mark between: a terminal of 92 columns */
	LINES_MAX = 160 /* NOTING_MAX effects, or COMPARISON_TEXT / 12 */
};

/*--------------------------------------------------------------------
 * Sums
 */

/* Where it stands, or would; words beyond the last place go to that. */
static unsigned int
place_of(const struct shadow_run_result *result, const char *word)
{
	unsigned int i;

	for (i = 0; i < result->events; i++)
		if (strcmp(result->event[i].word, word) >= 0)
			break;
	return i;
}

static struct shadow_event *
find_event(struct shadow_run_result *result, const char *word)
{
	unsigned int place = place_of(result, word);
	struct shadow_event *event = &result->event[place];

	if (place < result->events && strcmp(event->word, word) == 0)
		return event;
	if (result->events == SHADOW_RUN_EVENTS) {
		event = &result->event[SHADOW_RUN_EVENTS - 1];
		(void)snprintf(event->word, sizeof event->word, "~others");
		return event;
	}
	memmove(event + 1, event, (result->events++ - place) * sizeof *event);
	memset(event, 0, sizeof *event);
	(void)snprintf(event->word, sizeof event->word, "%s", word);
	return event;
}

void
shadow_run_count(
    struct shadow_run_result *result, const struct shadow_event *event)
{
	struct shadow_event *sum = find_event(result, event->word);

	sum->compared += event->compared;
	sum->differed += event->differed;
	sum->crashed += event->crashed;
	result->compared += event->compared;
	result->differed += event->differed;
	result->crashed += event->crashed;
}

struct shadow_difference *
shadow_run_place(struct shadow_run_result *result, const char *word)
{
	unsigned int i, alike = 0;

	for (i = 0; i < result->differences; i++)
		alike += strcmp(result->difference[i].event, word) == 0;
	if (alike == SHADOW_RUN_ALIKE ||
	    result->differences == SHADOW_RUN_DIFFERENCES)
		return NULL;
	return &result->difference[result->differences++];
}

void
shadow_run_add(
    struct shadow_run_result *sum, const struct shadow_run_result *one)
{
	struct shadow_difference *place;
	unsigned int i;

	sum->untried += one->untried;
	for (i = 0; i < one->events; i++)
		shadow_run_count(sum, &one->event[i]);
	for (i = 0; i < one->differences; i++) {
		place = shadow_run_place(sum, one->difference[i].event);
		if (place != NULL)
			*place = one->difference[i];
	}
}

/*--------------------------------------------------------------------
 * One clause
 */

void
shadow_run_text(const struct shadow_run_result *result, char *text, size_t size)
{
	const struct shadow_event *event = result->event;
	const char *before = " (";

	text[0] = '\0';
	text_append(text, size,
	    "%" PRIu64 " events compared, %" PRIu64 " differed",
	    result->compared, result->differed);
	for (; event < result->event + result->events; event++) {
		if (event->differed == 0)
			continue;
		text_append(text, size, "%s%s %" PRIu64, before, event->word,
		    event->differed);
		before = ", ";
	}
	text_append(text, size, "%s", result->differed > 0 ? ")" : "");
	if (result->crashed > 0)
		text_append(text, size, ", %" PRIu64 " of these crashed",
		    result->crashed);
	if (result->untried > 0)
		text_append(
		    text, size, ", %" PRIu64 " not tried", result->untried);
	if (result->is_cut)
		text_append(text, size, ", given up as its code does not end");
}

/*--------------------------------------------------------------------
 * Side by side
 */

struct line {
	const char *text;
	size_t length;
};

static unsigned int
split(const char *text, struct line lines[LINES_MAX])
{
	unsigned int count = 0;

	for (; *text != '\0' && count < LINES_MAX; count++) {
		lines[count] = (struct line){ text, strcspn(text, "\n") };
		text += lines[count].length;
		text += *text == '\n';
	}
	return count;
}

static bool
is_same(const struct line *one, const struct line *other)
{
	return one->length == other->length &&
	    memcmp(one->text, other->text, one->length) == 0;
}

/* Takes what fits a column off the line, at a space if there is one. */
static struct line
take_column(struct line *line)
{
	struct line part = { line->text, line->length };
	size_t i;

	if (part.length > COLUMN) {
		part.length = COLUMN;
		for (i = COLUMN; i > COLUMN / 2; i--)
			if (line->text[i] == ' ') {
				part.length = i;
				break;
			}
	}
	line->text += part.length;
	line->length -= part.length;
	return part;
}

static void
print_pair(FILE *out, struct line one, struct line other, char mark)
{
	struct line left, right;

	do {
		left = take_column(&one);
		right = take_column(&other);
		(void)fprintf(out, "  %-*.*s %c", COLUMN, (int)left.length,
		    left.text, mark);
		if (right.length > 0)
			(void)fprintf(
			    out, " %.*s", (int)right.length, right.text);
		(void)fputc('\n', out);
	} while (one.length > 0 || other.length > 0);
}

/* As sdiff(1) marks: | they differ, < > only one has it. */
static void
print_sides(FILE *out, const struct comparison_texts *did)
{
	struct line was[LINES_MAX], is[LINES_MAX], none = { "", 0 };
	unsigned int was_count = split(did->was, was);
	unsigned int is_count = split(did->is, is);
	unsigned int i = 0, j = 0, end = 0;

	while (end < was_count && end < is_count &&
	    is_same(&was[was_count - end - 1], &is[is_count - end - 1]))
		end++;
	for (; i + end < was_count && j + end < is_count; i++, j++)
		print_pair(
		    out, was[i], is[j], is_same(&was[i], &is[j]) ? ' ' : '|');
	for (; i + end < was_count; i++)
		print_pair(out, was[i], none, '<');
	for (; j + end < is_count; j++)
		print_pair(out, none, is[j], '>');
	for (; i < was_count && j < is_count; i++, j++)
		print_pair(out, was[i], is[j], ' ');
}

static void
print_difference(FILE *out, const struct shadow_difference *difference)
{
	const struct line old = { difference->version_from,
		strlen(difference->version_from) };
	const struct line new = { difference->version_to,
		strlen(difference->version_to) };

	(void)fprintf(out, "\n%.6f s  ", (double)difference->at / 1e6);
	if (difference->call != 0)
		(void)fprintf(
		    out, "%s %" PRIu64, difference->module, difference->call);
	else
		(void)fprintf(out, "%s <%u.%u>", difference->module,
		    difference->pid.slot, difference->pid.generation);
	(void)fprintf(out, ", %s", difference->event);
	if (difference->state[0] != '\0')
		(void)fprintf(out, " in state %s", difference->state);
	(void)fputc('\n', out);
	print_pair(out, old, new, ' ');
	print_sides(out, &difference->did);
}

void
shadow_run_print(
    FILE *out, const struct shadow_run_result *result, unsigned int most)
{
	const struct shadow_event *event = result->event;
	char text[512];
	unsigned int i;

	shadow_run_text(result, text, sizeof text);
	(void)fprintf(out, "%s\n", text);
	if (result->events == 0)
		return;
	(void)fprintf(out, "%-24s %10s %10s %10s\n", "event", "compared",
	    "differed", "crashed");
	for (; event < result->event + result->events; event++)
		(void)fprintf(out,
		    "%-24s %10" PRIu64 " %10" PRIu64 " %10" PRIu64 "\n",
		    event->word, event->compared, event->differed,
		    event->crashed);
	for (i = 0; i < result->differences && i < most; i++)
		print_difference(out, &result->difference[i]);
}
