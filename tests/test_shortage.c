/*
 * Out of memory is an answer, never a signal, and loses nothing accepted.
 *
 * Whole scenarios are run over and over, each time with another allocation
 * made to fail, until one run needs fewer than that.  Each run is a process of
 * its own, so that a signal, a hang or a broken assertion is seen for what it
 * is.  It must end as the program ends: passed; failed, with the books in
 * order; or not possible, and one line that says why.
 *
 *   shortage                        a sample
 *   shortage --all                  every one: minutes
 *   shortage SCENARIO SEAM N        that one, to look into
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>
#include <sqlite3.h>

#include "sim/options.h"
#include "sim/scenario.h"
#include "sim/script.h"
#include "sim/source.h"
#include "sim/verdict.h"
#include "switch/object.h"
#include "switch/store.h"

/*--------------------------------------------------------------------
 * The seams: where an allocation can be made to fail
 */

enum seam {
	SEAM_STORE,	  /* a piece of the store, once */
	SEAM_STORE_LASTS, /* and all after it */
	SEAM_OBJECT,	  /* object.h, once */
	SEAM_EVENT,	  /* libevent, once */
	SEAM_SQLITE,	  /* SQLite, once */
	SEAM_SQLITE_LASTS,
	SEAMS
};
static const char *const seam_names[SEAMS] = { "store", "store-lasts", "object",
	"event", "sqlite", "sqlite-lasts" };

/* The order of a child that runs one scenario: a library's seam is global. */
static atomic_long libevent_left = -1, sqlite_left = -1;
static bool sqlite_lasts;
static sqlite3_mem_methods sqlite_own;

static bool
strikes(atomic_long *left, bool lasts)
{
	if (atomic_load(left) < 0)
		return false;
	if (atomic_fetch_sub(left, 1) > 0)
		return false;
	if (lasts)
		atomic_store(left, 0);
	return true;
}

static void *
event_malloc(size_t size)
{
	return strikes(&libevent_left, false) ? NULL : malloc(size);
}

static void *
event_realloc(void *old, size_t size)
{
	return strikes(&libevent_left, false) ? NULL : realloc(old, size);
}

static bool sqlite_has_struck;

static void *
sqlite_malloc(int size)
{
	if (strikes(&sqlite_left, sqlite_lasts)) {
		sqlite_has_struck = true;
		return NULL;
	}
	return sqlite_own.xMalloc(size);
}

static void *
sqlite_realloc(void *old, int size)
{
	if (strikes(&sqlite_left, sqlite_lasts)) {
		sqlite_has_struck = true;
		return NULL;
	}
	return sqlite_own.xRealloc(old, size);
}

static void
take_over_libraries(void)
{
	sqlite3_mem_methods methods;

	event_set_mem_functions(event_malloc, event_realloc, free);
	(void)sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_own);
	methods = sqlite_own;
	methods.xMalloc = sqlite_malloc;
	methods.xRealloc = sqlite_realloc;
	(void)sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

static void
order(enum seam seam, long n, struct store_shortage *shortage)
{
	shortage->pieces = UINT64_MAX;
	switch (seam) {
	case SEAM_STORE:
	case SEAM_STORE_LASTS:
		shortage->pieces = (uint64_t)n;
		shortage->lasts = seam == SEAM_STORE_LASTS;
		break;
	case SEAM_OBJECT:
		object_fail_after(n);
		break;
	case SEAM_EVENT:
		atomic_store(&libevent_left, n);
		break;
	case SEAM_SQLITE:
	case SEAM_SQLITE_LASTS:
		sqlite_lasts = seam == SEAM_SQLITE_LASTS;
		atomic_store(&sqlite_left, n);
		break;
	case SEAMS:
		break;
	}
}

static bool
was_refused(enum seam seam, const struct store_shortage *shortage)
{
	switch (seam) {
	case SEAM_STORE:
	case SEAM_STORE_LASTS:
		return shortage->refused > 0;
	case SEAM_OBJECT:
		return object_has_failed();
	case SEAM_EVENT:
		return atomic_load(&libevent_left) < 0;
	case SEAM_SQLITE:
	case SEAM_SQLITE_LASTS:
		return sqlite_has_struck;
	case SEAMS:
		break;
	}
	return false;
}

struct sweep {
	const char *scenario;
	const char *definition; /* "NAME=VALUE", or NULL */
	enum seam seam;
};

static const char said[] = "shortage.err";
static bool is_long, has_failed;

/*--------------------------------------------------------------------
 * One run, in a process of its own
 */

enum {
	PROGRESS = 1000,   /* runs between two lines of a long sweep */
	SECONDS = 60,	   /* a hang, on a busy machine with instruments */
	STATUS_WHOLE = 32, /* nothing was refused: the sweep is over */
	STATUS_BOOKS = 64, /* the audit found something */
	STATUS_MUTE = 65   /* it did not say why */
};

static bool
books_are_in_order(const struct verdict *verdict)
{
	unsigned int i;

	for (i = 0; i < AUDIT_ROWS; i++)
		if (!verdict->audit[i])
			return false;
	return true;
}

static bool
is_one_line(const char *text)
{
	return text[0] != '\0' && strchr(text, '\n') == NULL;
}

/* As main.c turns what came of it into a status. */
static int
status_of(int result, const struct verdict *verdict, const char *why)
{
	unsigned int i;

	if (result != 0) {
		(void)fprintf(stderr, "impossible: %s\n", why);
		return is_one_line(why) ? EXIT_IMPOSSIBLE : STATUS_MUTE;
	}
	for (i = 0; i < verdict->failures_count; i++)
		(void)fprintf(stderr, "line %u: %s\n",
		    verdict->failures[i].line, verdict->failures[i].text);
	if (!books_are_in_order(verdict))
		return STATUS_BOOKS;
	if (verdict_passed(verdict))
		return EXIT_PASSED;
	return verdict->failures_count + verdict->failures_unkept > 0
	    ? EXIT_FAILED
	    : STATUS_MUTE;
}

static int
run_scenario(const struct sweep *sweep, long n)
{
	static struct params params;
	struct options options = { .format = FORMAT_TEXT,
		.seed = 1,
		.database = "shortage.db",
		.definitions = { sweep->definition },
		.definitions_count = sweep->definition == NULL ? 0 : 1 };
	struct scenario_roots roots = { { HOTSWITCH_RELEASES }, 1 };
	struct store_shortage shortage = { .pieces = UINT64_MAX };
	struct source source = { .path = NULL };
	struct verdict verdict = { .scenario = NULL };
	struct scenario_plan plan = { .source = &source,
		.options = &options,
		.roots = &roots,
		.params = &params,
		.shortage = &shortage };
	char why[1024] = "", path[512];
	int result, status;

	(void)snprintf(path, sizeof path, HOTSWITCH_SOURCE "/scenarios/%s.tcl",
	    sweep->scenario);
	(void)unlink(options.database);
	order(sweep->seam, n, &shortage);
	result = source_read(&source, path, why, sizeof why);
	if (result == 0)
		result = scenario_check(&plan, why, sizeof why);
	if (result == 0)
		result = scenario_run(&plan, &verdict, why, sizeof why);
	status = status_of(result, &verdict, why);
	/* Of an object the script's process may have been refused instead. */
	if (!was_refused(sweep->seam, &shortage) &&
	    (sweep->seam <= SEAM_STORE_LASTS || status == EXIT_PASSED))
		status |= STATUS_WHOLE;
	object_fail_after(-1);
	verdict_clear(&verdict);
	source_free(&source);
	return status;
}

/* What it says goes to a file, to be shown if it should not have ended so. */
static int
run_apart(const struct sweep *sweep, long n)
{
	int status = 0, out;
	pid_t child = fork();

	if (child < 0)
		abort();
	if (child == 0) {
		out = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		(void)dup2(out, STDERR_FILENO);
		(void)alarm(SECONDS);
		exit(run_scenario(sweep, n)); /* exit: leaks are looked for */
	}
	while (waitpid(child, &status, 0) != child)
		if (errno != EINTR)
			abort();
	return status;
}

static void
show_what_it_said(void)
{
	char line[512];
	FILE *file = fopen(said, "r");

	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		print_error("    %s", line);
	if (file != NULL)
		(void)fclose(file);
}

static const char *
describe(int status, char *text, size_t size)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) & ~STATUS_WHOLE : 0;

	if (WIFSIGNALED(status))
		(void)snprintf(text, size, "%s",
		    WTERMSIG(status) == SIGALRM ? "it hangs"
						: strsignal(WTERMSIG(status)));
	else if (code == STATUS_BOOKS)
		(void)snprintf(text, size, "the books are not in order");
	else if (code == STATUS_MUTE)
		(void)snprintf(text, size, "it does not say why in one line");
	else if (code > EXIT_IMPOSSIBLE || code == EXIT_USAGE)
		(void)snprintf(text, size, "it ends with status %d", code);
	else
		return NULL;
	return text;
}

/* Whether one more is to be refused. */
static bool
try_one(const struct sweep *sweep, long n, unsigned int counts[3])
{
	char text[64];
	int status = run_apart(sweep, n);
	const char *wrong = describe(status, text, sizeof text);

	if (wrong != NULL) {
		print_error("%s %s %ld: %s\n", sweep->scenario,
		    seam_names[sweep->seam], n, wrong);
		show_what_it_said();
		has_failed = true;
		return !WIFEXITED(status) ||
		    (WEXITSTATUS(status) & STATUS_WHOLE) == 0;
	}
	status = WEXITSTATUS(status);
	if ((status & STATUS_WHOLE) != 0) {
		if (status != (STATUS_WHOLE | EXIT_PASSED)) {
			print_error("%s %s %ld: nothing was refused, and yet\n",
			    sweep->scenario, seam_names[sweep->seam], n);
			show_what_it_said();
			has_failed = true;
		}
		return false;
	}
	counts[status == EXIT_PASSED ? 0 : status == EXIT_FAILED ? 1 : 2]++;
	return true;
}

static long
next_of(long n)
{
	return is_long || n < 8 ? n + 1 : n + n / 2;
}

static void
run_sweep(const struct sweep *sweep)
{
	unsigned int counts[3] = { 0 };
	long n;

	for (n = 0; try_one(sweep, n, counts); n = next_of(n))
		if (n > 0 && n % PROGRESS == 0)
			print_message("%s %s: at %ld\n", sweep->scenario,
			    seam_names[sweep->seam], n);
	print_message("%s %s: up to %ld; %u passed, %u failed, %u not "
		      "possible\n",
	    sweep->scenario, seam_names[sweep->seam], n, counts[0], counts[1],
	    counts[2]);
}

static int
run_one(const char *scenario, const char *seam, const char *n)
{
	struct sweep sweep = { .scenario = scenario };
	unsigned int i;

	for (i = 0; i < SEAMS; i++)
		if (strcmp(seam, seam_names[i]) == 0)
			sweep.seam = (enum seam)i;
	if (strncmp(scenario, "s001", 4) == 0)
		sweep.definition = "calls=20";
	return run_scenario(&sweep, strtol(n, NULL, 10));
}

int
main(int argc, char **argv)
{
	static const char *const scenarios[] = { "b001-two-party",
		"f001-fault-resumes", "u001-talking-call", "s001-showcase",
		"c002-forwarding", "c010-transfer", "c011-pickup",
		"c060-preemption" };
	struct sweep sweep = { .definition = NULL };
	unsigned int i, seam, count, seams;

	take_over_libraries();
	if (argc == 4)
		return run_one(argv[1], argv[2], argv[3]);
	is_long = argc > 1 && strcmp(argv[1], "--all") == 0;
	count = is_long ? sizeof scenarios / sizeof scenarios[0] : 3;
	seams = is_long ? SEAMS : SEAM_SQLITE;
	for (i = 0; i < count; i++)
		for (seam = 0; seam < seams; seam++) {
			sweep.scenario = scenarios[i];
			sweep.definition =
			    scenarios[i][0] == 's' ? "calls=20" : NULL;
			sweep.seam = (enum seam)seam;
			run_sweep(&sweep);
		}
	return has_failed ? 1 : 0;
}
