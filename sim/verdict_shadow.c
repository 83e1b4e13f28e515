/*
 * verdict_shadow: what the shadow run of an upgrade has found, in a verdict.
 *
 * A person sees the table of events and the first differences side by side; a
 * program gets all that was kept.  The keys are promised as all of the verdict.
 */
#include <inttypes.h>

#include "sim/json.h"
#include "sim/verdict.h"
#include "switch/object.h"
#include "upgrade/shadow_run.h"

bool
verdict_add_shadow(
    struct verdict_upgrade *upgrade, const struct shadow_run_result *found)
{
	upgrade->shadow = object_alloc(sizeof *upgrade->shadow);
	if (upgrade->shadow == NULL)
		return false;
	*upgrade->shadow = *found;
	return true;
}

void
verdict_drop_shadow(struct verdict_upgrade *upgrade)
{
	object_free(upgrade->shadow, sizeof *upgrade->shadow);
	upgrade->shadow = NULL;
}

static void
json_event(FILE *out, const struct shadow_event *event)
{
	(void)fputs("{\"event\":", out);
	json_string(out, event->word);
	(void)fprintf(out,
	    ",\"compared\":%" PRIu64 ",\"differed\":%" PRIu64
	    ",\"crashed\":%" PRIu64 "}",
	    event->compared, event->differed, event->crashed);
}

/* The lines of what a version did, as an array. */
static void
json_lines(FILE *out, const char *text)
{
	char line[COMPARISON_TEXT];
	const char *comma = "";
	int length;

	(void)fputc('[', out);
	for (; *text != '\0';
	     text += text[length] == '\n' ? length + 1 : length) {
		for (length = 0; text[length] != '\0' && text[length] != '\n';)
			length++;
		(void)snprintf(line, sizeof line, "%.*s", length, text);
		(void)fputs(comma, out);
		json_string(out, line);
		comma = ",";
	}
	(void)fputc(']', out);
}

static void
json_difference(FILE *out, const struct shadow_difference *difference)
{
	(void)fprintf(out,
	    "{\"at_us\":%" PRIu64 ",\"call\":%" PRIu64
	    ",\"pid\":\"%u.%u\",\"event\":",
	    difference->at, difference->call, difference->pid.slot,
	    difference->pid.generation);
	json_string(out, difference->event);
	(void)fputs(",\"state\":", out);
	json_string(out, difference->state);
	(void)fputs(",\"old\":", out);
	json_lines(out, difference->did.was);
	(void)fputs(",\"new\":", out);
	json_lines(out, difference->did.is);
	(void)fputc('}', out);
}

void
verdict_json_shadow(const struct shadow_run_result *found, FILE *out)
{
	unsigned int i;

	(void)fprintf(out,
	    ",\"shadow\":{\"compared\":%" PRIu64 ",\"differed\":%" PRIu64
	    ",\"crashed\":%" PRIu64 ",\"untried\":%" PRIu64
	    ",\"given_up\":%s,\"events\":[",
	    found->compared, found->differed, found->crashed, found->untried,
	    found->is_cut ? "true" : "false");
	for (i = 0; i < found->events; i++) {
		(void)fputs(i == 0 ? "" : ",", out);
		json_event(out, &found->event[i]);
	}
	(void)fputs("],\"differences\":[", out);
	for (i = 0; i < found->differences; i++) {
		(void)fputs(i == 0 ? "" : ",", out);
		json_difference(out, &found->difference[i]);
	}
	(void)fputs("]}", out);
}
