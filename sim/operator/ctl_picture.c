/*
 * ctl_picture: how a switch is, as a page of text, of what `status` answers.
 *
 * Counts are what they are now, rates those between two answers.  Text that
 * comes from elsewhere is shown without what would move a cursor.
 */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "sim/operator/ctl_internal.h"

enum { BAR = 20 };

/* Two answers of a switch; `before` may be NULL: since it began. */
struct interval {
	json_t *before, *now;
	double seconds;
};

static double
figure(json_t *status, const char *group, const char *name)
{
	return json_number_value(
	    json_object_get(json_object_get(status, group), name));
}

static double
rate(const struct interval *interval, double before, double now)
{
	return interval->seconds <= 0 || now < before
	    ? 0
	    : (now - before) / interval->seconds;
}

static double
rate_of(const struct interval *interval, const char *group, const char *name)
{
	return rate(interval, figure(interval->before, group, name),
	    figure(interval->now, group, name));
}

static void
put_word(FILE *out, json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	for (; text != NULL && *text != '\0'; text++)
		(void)fputc(*text > 0 && *text < ' ' ? ' ' : *text, out);
}

static void
put_totals(FILE *out, const struct interval *interval)
{
	json_t *now = interval->now;
	long seconds =
	    (long)(json_number_value(json_object_get(now, "now_us")) / 1e6);

	(void)fputs("hotswitch  ", out);
	put_word(out, now, "state");
	(void)fprintf(out,
	    ", %ld:%02ld:%02ld, %.0f schedulers, %.0f processes\n",
	    seconds / 3600, seconds / 60 % 60, seconds % 60,
	    figure(now, "runtime", "schedulers"),
	    figure(now, "runtime", "processes"));
	(void)fprintf(out,
	    "calls      %.0f live, %.0f set up, %.0f answered, %.0f ended, "
	    "%.0f gapped, %.0f lost\n",
	    figure(now, "calls", "live"), figure(now, "calls", "seizures"),
	    figure(now, "calls", "answers"), figure(now, "calls", "ended"),
	    figure(now, "calls", "gapped"), figure(now, "calls", "lost"));
	(void)fprintf(out,
	    "a second   %.1f set up, %.1f answered, %.1f ended, %.0f events\n",
	    rate_of(interval, "calls", "seizures"),
	    rate_of(interval, "calls", "answers"),
	    rate_of(interval, "calls", "ended"),
	    rate_of(interval, "runtime", "events"));
	(void)fprintf(out, "crashes    %.0f contained, %.0f restarts\n",
	    figure(now, "runtime", "crashes"),
	    figure(now, "runtime", "restarts"));
}

static void
put_surroundings(FILE *out, json_t *now)
{
	json_t *gate = json_object_get(now, "gate");
	json_t *database = json_object_get(now, "database");

	(void)fputs("gate       ", out);
	put_word(out, gate, "state");
	if (json_string_length(json_object_get(gate, "reason")) > 0)
		(void)fputs(", ", out);
	put_word(out, gate, "reason");
	(void)fputs("\ndatabase   ", out);
	put_word(out, database, "state");
	(void)fprintf(out, ", %.0f rows written, %.0f waiting, ",
	    figure(now, "database", "written"),
	    figure(now, "database", "waiting"));
	put_word(out, database, "path");
	(void)fputc('\n', out);
}

/* The same version in another answer, or NULL. */
static json_t *
find_version(json_t *status, const char *name)
{
	json_t *versions = json_object_get(status, "versions"), *version;
	const char *other;
	size_t i;

	json_array_foreach(versions, i, version)
	{
		other = json_string_value(json_object_get(version, "version"));
		if (other != NULL && strcmp(other, name) == 0)
			return version;
	}
	return NULL;
}

static void
put_version(
    FILE *out, const struct interval *interval, json_t *version, double holders)
{
	const char *name =
	    json_string_value(json_object_get(version, "version"));
	json_t *before =
	    name == NULL ? NULL : find_version(interval->before, name);
	double its = figure(version, "counts", "holders");
	int bar = holders > 0 ? (int)(its / holders * BAR + 0.5) : 0;

	(void)fprintf(out, "%s %-10s %9.0f  %-*.*s %9.1f %9.1f %8.0f\n",
	    json_is_true(json_object_get(version, "is_current")) ? "*" : " ",
	    name == NULL ? "" : name, its, BAR, bar, "####################",
	    rate(interval, figure(before, "counts", "births"),
		figure(version, "counts", "births")),
	    rate(interval, figure(before, "counts", "ends"),
		figure(version, "counts", "ends")),
	    figure(version, "counts", "crashes"));
}

static void
put_versions(FILE *out, const struct interval *interval)
{
	json_t *versions = json_object_get(interval->now, "versions"), *version;
	double holders = 0;
	size_t i;

	(void)fprintf(out, "\n  %-10s %9s  %-*s %9s %9s %8s\n", "release",
	    "calls", BAR, "", "born/s", "ended/s", "crashes");
	json_array_foreach(versions, i, version) holders +=
	    figure(version, "counts", "holders");
	json_array_foreach(versions, i, version)
	    put_version(out, interval, version, holders);
}

static void
put_upgrade(FILE *out, json_t *now)
{
	json_t *upgrade = json_object_get(now, "upgrade");

	(void)fputs("\nupgrade    ", out);
	if (!json_is_object(upgrade)) {
		(void)fputs("none\n", out);
		return;
	}
	put_word(out, upgrade, "from");
	(void)fputs(" to ", out);
	put_word(out, upgrade, "to");
	(void)fputs(", ", out);
	put_word(out, upgrade, "stage");
	(void)fprintf(out,
	    ": %.0f of %.0f converted, %.0f pinned, %.0f failed\n",
	    figure(now, "upgrade", "converted"), figure(now, "upgrade", "live"),
	    figure(now, "upgrade", "pinned"), figure(now, "upgrade", "failed"));
	(void)fprintf(out,
	    "pauses     p50 %.1f, p99 %.1f, p99.99 %.1f, longest %.1f us\n",
	    figure(upgrade, "pause_us", "p50"),
	    figure(upgrade, "pause_us", "p99"),
	    figure(upgrade, "pause_us", "p9999"),
	    figure(upgrade, "pause_us", "max"));
}

static void
put_alarms(FILE *out, json_t *now)
{
	json_t *alarms = json_object_get(now, "alarms"), *alarm;
	size_t i;

	if (json_array_size(alarms) == 0)
		(void)fputs("alarms     none\n", out);
	json_array_foreach(alarms, i, alarm)
	{
		(void)fputs("ALARM      ", out);
		put_word(out, alarm, "severity");
		(void)fputs(", ", out);
		put_word(out, alarm, "name");
		(void)fputc(' ', out);
		put_word(out, alarm, "object");
		(void)fputs(": ", out);
		put_word(out, alarm, "text");
		(void)fputc('\n', out);
	}
}

void
ctl_picture(FILE *out, json_t *before, json_t *now)
{
	const struct interval interval = {
		.before = before,
		.now = now,
		.seconds =
		    (json_number_value(json_object_get(now, "now_us")) -
			json_number_value(json_object_get(before, "now_us"))) /
		    1e6,
	};

	put_totals(out, &interval);
	put_surroundings(out, now);
	put_versions(out, &interval);
	put_upgrade(out, now);
	put_alarms(out, now);
}
