/*
 * ps: see ps.h for what it is.
 *
 * The columns are those of ps(1) and of Erlang's i/0 that mean something here:
 * who, what it runs, how it is, what waits and what it holds, who answers for
 * it, and what it has done.
 */
#include "sim/ps.h"

#include <inttypes.h>
#include <stdbool.h>

#include "sim/json.h"
#include "switch/behaviour.h"
#include "switch/process.h"
#include "switch/scheduler.h"

enum { PID_TEXT_SIZE = 24, NAME_SIZE = 32 };

/* One line of the table. */
struct row {
	char pid[PID_TEXT_SIZE], name[NAME_SIZE], supervisor[NAME_SIZE];
	const char *module, *version, *status;
	struct process_info info;
};

/* Where the table has come to. */
struct walk {
	struct scheduler *home;
	unsigned int scheduler;
	uint32_t cursor;
};

static bool
next(struct walk *walk, struct pid *ret_pid)
{
	for (; walk->scheduler < scheduler_count(walk->home);
	     walk->scheduler++, walk->cursor = 0)
		if (process_next(scheduler_peer(walk->home, walk->scheduler),
			&walk->cursor, ret_pid))
			return true;
	return false;
}

/* Its name, or its pid where it has none. */
static void
call_supervisor(struct scheduler *home, struct row *row)
{
	struct pid pid = row->info.supervisor;

	if (pid_is_none(pid))
		(void)snprintf(row->supervisor, sizeof row->supervisor, "-");
	else if (!process_name(home, pid, row->supervisor))
		(void)snprintf(row->supervisor, sizeof row->supervisor,
		    "%" PRIu32 ".%" PRIu32, pid.slot, pid.generation);
}

static void
fill(struct scheduler *home, struct pid pid, struct row *row)
{
	struct scheduler *where = scheduler_where(home, pid);
	const struct behaviour *behaviour;

	(void)process_info(where, pid, &row->info);
	behaviour =
	    behaviour_at(scheduler_behaviours(home), row->info.behaviour);
	(void)snprintf(row->pid, sizeof row->pid, "%" PRIu32 ".%" PRIu32,
	    pid.slot, pid.generation);
	if (!process_name(home, pid, row->name))
		(void)snprintf(row->name, sizeof row->name, "-");
	row->module = behaviour->name;
	row->version = behaviour->version;
	row->status = process_status_word(&row->info);
	call_supervisor(home, row);
}

static unsigned int
count_rest(struct walk *walk)
{
	unsigned int count = 0;
	struct pid pid;

	while (next(walk, &pid))
		count++;
	return count;
}

static void
print_line(const struct row *row, FILE *out)
{
	(void)fprintf(out,
	    "%-10s %-16s %-16s %-10s %-9s %7" PRIu32 " %7" PRIu32
	    " %-16s %9" PRIu32 " %6u\n",
	    row->pid, row->name, row->module, row->version, row->status,
	    row->info.mailbox, row->info.state_size, row->supervisor,
	    row->info.events, row->info.faults);
}

void
ps_text(struct scheduler *home, FILE *out, unsigned int max)
{
	struct walk walk = { .home = home };
	unsigned int rest;
	struct pid pid;
	struct row row;

	(void)fprintf(out,
	    "%-10s %-16s %-16s %-10s %-9s %7s %7s %-16s %9s %6s\n", "pid",
	    "name", "module", "version", "status", "mail", "bytes",
	    "supervisor", "events", "faults");
	while (max > 0 && next(&walk, &pid)) {
		fill(home, pid, &row);
		print_line(&row, out);
		max--;
	}
	rest = count_rest(&walk);
	if (rest > 0)
		(void)fprintf(out, "and %u more\n", rest);
}

static void
print_text(FILE *out, const char *name, const char *text)
{
	(void)fprintf(out, "\"%s\":", name);
	json_string(out, text);
	(void)fputc(',', out);
}

static void
print_object(const struct row *row, FILE *out)
{
	(void)fputc('{', out);
	print_text(out, "pid", row->pid);
	print_text(out, "name", row->name);
	print_text(out, "module", row->module);
	print_text(out, "version", row->version);
	print_text(out, "status", row->status);
	print_text(out, "supervisor", row->supervisor);
	(void)fprintf(out,
	    "\"mailbox\":%" PRIu32 ",\"state_bytes\":%" PRIu32
	    ",\"events\":%" PRIu32 ",\"faults\":%u}",
	    row->info.mailbox, row->info.state_size, row->info.events,
	    row->info.faults);
}

void
ps_json(struct scheduler *home, FILE *out, unsigned int max)
{
	struct walk walk = { .home = home };
	unsigned int i;
	struct pid pid;
	struct row row;

	(void)fputc('[', out);
	for (i = 0; i < max && next(&walk, &pid); i++) {
		fill(home, pid, &row);
		(void)fputs(i == 0 ? "" : ",", out);
		print_object(&row, out);
	}
	(void)fputc(']', out);
}
