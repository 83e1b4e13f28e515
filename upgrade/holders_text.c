/*
 * holders_text: who holds which version, for people.
 */
#include <inttypes.h>

#include "switch/object.h"
#include "upgrade/holders.h"

enum { ON_ONE_LINE = 2 };

enum { MS = 1000 /* µs */ };

static void
write_time(FILE *out, uint64_t us)
{
	(void)fprintf(out, "%" PRIu64 ".%03" PRIu64 " s", us / (1000 * MS),
	    us / MS % 1000);
}

static void
write_who(FILE *out, const struct holder *holder)
{
	(void)fprintf(out, "<%u.%u>", holder->pid.slot, holder->pid.generation);
	if (holder->call != 0)
		(void)fprintf(out, " call %" PRIu64, holder->call);
}

static void
write_holders(const struct holders_version *version, FILE *out)
{
	unsigned int i;

	for (i = 0; i < version->listed; i++) {
		(void)fputs("  ", out);
		write_who(out, &version->holders[i]);
		(void)fputs(", since ", out);
		write_time(out, version->since);
		(void)fprintf(out, ": %s\n", version->holders[i].why);
	}
	if (version->listed > 0 && version->counts.holders > version->listed)
		(void)fprintf(out, "  and %" PRIu64 " more\n",
		    version->counts.holders - version->listed);
}

/* " (2 pinned, 1 failed)" */
static void
write_stragglers(const struct holders_version *version, FILE *out)
{
	if (version->pinned > 0)
		(void)fprintf(out, " (%" PRIu64 " pinned%s", version->pinned,
		    version->failed > 0 ? "" : ")");
	if (version->failed > 0)
		(void)fprintf(out, "%s%" PRIu64 " failed)",
		    version->pinned > 0 ? ", " : " (", version->failed);
}

static void
write_version(const struct holders_version *version, FILE *out)
{
	const struct behaviour_counts *counts = &version->counts;

	(void)fprintf(out, "%s %s: %s", version->module, version->version,
	    version->is_current ? "current" : "old");
	(void)fputs(" since ", out);
	write_time(out, version->since);
	if (version->is_on_trial)
		(void)fputs(", on trial", out);
	if (version->stage != NULL)
		(void)fprintf(out, " (%s)", version->stage);
	if (version->trial_until != 0) {
		(void)fputs(" until ", out);
		write_time(out, version->trial_until);
	}
	if (version->is_way_back)
		(void)fputs(", the way back", out);
	(void)fprintf(out, ", %" PRIu64 " %s", counts->holders,
	    counts->holders == 1 ? "call" : "calls");
	write_stragglers(version, out);
	(void)fprintf(out,
	    ", %" PRIu64 " born, %" PRIu64 " converted to it, %" PRIu64
	    " crashes, %zu KiB in memory\n",
	    counts->births, counts->conversions, counts->faults,
	    version->resident / 1024);
}

void
holders_write(const struct holders *holders, FILE *out)
{
	unsigned int i;

	CHECK_OBJ(holders, HOLDERS_MAGIC);
	for (i = 0; i < holders->count; i++) {
		write_version(&holders->versions[i], out);
		write_holders(&holders->versions[i], out);
	}
}

static void
write_on_one_line(const struct holders_version *version, FILE *out)
{
	const unsigned int listed =
	    version->listed < ON_ONE_LINE ? version->listed : ON_ONE_LINE;
	unsigned int i;

	for (i = 0; i < listed; i++) {
		(void)fputs(i == 0 ? ": " : ", ", out);
		write_who(out, &version->holders[i]);
		(void)fprintf(out, " (%s)", version->holders[i].why);
	}
	if (version->counts.holders > listed)
		(void)fprintf(out, " and %" PRIu64 " more",
		    version->counts.holders - listed);
}

void
holders_say_who(
    const struct holders *holders, uint16_t id, char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");
	unsigned int i;

	CHECK_OBJ(holders, HOLDERS_MAGIC);
	text[0] = '\0';
	if (out == NULL)
		return;
	for (i = 0; i < holders->count; i++)
		if (holders->versions[i].id == id)
			write_on_one_line(&holders->versions[i], out);
	(void)fclose(out);
	text[size - 1] = '\0';
}
