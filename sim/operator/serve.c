/*
 * serve: see serve.h for what it is.
 *
 * What can be refused comes first: the config is read and checked, the socket
 * and the database are had, before there is a switch; and what is refused
 * leaves nothing behind.
 *
 *   main            home                      operators' thread
 *   config, ports
 *   the switch ───> the config's script
 *                   console_open() ────────>  clients
 *                   ...                       ...
 *                   a signal, the end ─────>  last answers
 *   ends
 *
 * With --check there is neither port nor database that stays: when the config
 * is done, what it has said is printed, and the switch ends.
 */
#include "sim/operator/serve.h"

#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <event2/util.h>

#include <systemd/sd-daemon.h>

#include "sim/office_data.h"
#include "sim/operator/console.h"
#include "sim/operator/listener.h"
#include "sim/operator/letterbox.h"
#include "sim/operator/logger.h"
#include "sim/operator/operators.h"
#include "sim/operator/token.h"
#include "sim/options.h"
#include "sim/scenario.h"
#include "sim/script.h"
#include "sim/source.h"
#include "sim/verdict.h"
#include "switch/scheduler.h"
#include "switch/thread.h"

/* What a switch is that nobody has said anything of. */
static const char small_office[] =
    "# Which office does a switch have that nobody has told anything?\n"
    "module call\n"
    "records -events failed\n"
    "tariff town -setup 0.10 -first 0.05/60s -next 0.05/60s\n"
    "lines 1000-1999 -tariff town\n"
    "service 1000-1999 transfer on\n";

enum {
	PATH_SIZE = 4096,
	TRIM_BYTES = 128 << 10 /* what it is at first, mallopt(3) */
};

struct serving {
	const struct options *options;
	struct source source;
	struct params params;
	struct scenario_plan plan;
	int socket, lock, http;
	bool is_activated;
	struct token *token;
	struct logger *logger;
	bool has_new_database;
	struct letterbox *lines, *answers;
	struct console *console;
	struct operators *operators;
	/* Of a database that nobody keeps. */
	char folder[256], database[320];
	char *why;
	size_t size;
};

static int
refuse(struct serving *serving, const char *what, const char *why)
{
	(void)snprintf(serving->why, serving->size, "%s: %s", what, why);
	return EXIT_IMPOSSIBLE;
}

/*--------------------------------------------------------------------
 * Before there is a switch
 */

/* A scheduler for each, unless somebody says otherwise. */
static unsigned int
processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1	     ? 1
	    : count > SCHEDULERS_MAX ? SCHEDULERS_MAX
				     : (unsigned int)count;
}

static int
read_config(struct serving *serving, const struct scenario_roots *roots)
{
	const char *config = serving->options->config;
	char why[SERVE_WHY];
	int result;

	result = config == NULL
	    ? source_make(&serving->source, "(small office)", small_office)
	    : source_read(&serving->source, config, why, sizeof why);
	if (result != 0 && config != NULL) {
		(void)refuse(serving, config, why);
		return EXIT_USAGE;
	}
	if (result != 0)
		return refuse(serving, "hotswitch", strerror(-result));
	serving->plan = (struct scenario_plan){ .source = &serving->source,
		.options = serving->options,
		.roots = roots,
		.params = &serving->params,
		.schedulers = processors() };
	result = scenario_check(&serving->plan, why, sizeof why);
	if (result == 0)
		return EXIT_PASSED;
	if (result == -EINVAL) /* each mistake is told */
		return EXIT_USAGE;
	if (result == -ENOENT)
		return EXIT_IMPOSSIBLE;
	return refuse(serving, serving->source.path, why);
}

static int
open_logger(struct serving *serving)
{
	int result = logger_alloc(&serving->logger, STDERR_FILENO,
	    serving->options->logs_json, serving->options->log_level);

	return result == 0 ? 0
			   : refuse(serving, "hotswitch", strerror(-result));
}

/* The token lies beside the control socket, whose owner may read it. */
static int
open_http(struct serving *serving)
{
	char why[SERVE_WHY], path[PATH_SIZE];

	serving->http =
	    listener_open_tcp(serving->options->http, why, sizeof why);
	if (serving->http == -EINVAL) {
		(void)refuse(serving, "hotswitch", why);
		return EXIT_USAGE;
	}
	if (serving->http < 0)
		return refuse(serving, "hotswitch", why);
	(void)snprintf(path, sizeof path, "%s.token", serving->options->socket);
	return token_alloc(&serving->token, path, why, sizeof why) == 0
	    ? 0
	    : refuse(serving, "hotswitch", why);
}

static int
open_ports(struct serving *serving)
{
	const char *database = serving->options->database;
	char why[SERVE_WHY];
	struct stat status;

	serving->has_new_database = lstat(database, &status) != 0;
	serving->lock = listener_lock(database, why, sizeof why);
	if (serving->lock < 0)
		return refuse(serving, "hotswitch", why);
	if (sd_listen_fds(1) > 0) { /* systemd has opened it, and keeps it */
		serving->is_activated = true;
		serving->socket = SD_LISTEN_FDS_START;
		if (evutil_make_socket_nonblocking(serving->socket) != 0)
			return refuse(serving, "hotswitch", strerror(errno));
	} else {
		serving->socket = listener_open_unix(
		    serving->options->socket, why, sizeof why);
	}
	if (serving->socket < 0)
		return refuse(serving, "hotswitch", why);
	return serving->options->http == NULL ? 0 : open_http(serving);
}

/*--------------------------------------------------------------------
 * On home's thread
 */

static void
on_opened(void *arg)
{
	struct serving *serving = arg;

	if (operators_start(serving->operators) != 0) {
		(void)raise(SIGTERM); /* nobody could ever tell it anything */
		return;
	}
	(void)sd_notify(0, "READY=1");
	logger_say(serving->logger, LEVEL_notice,
	    "serving at %s, database %s, until SIGTERM",
	    serving->options->socket, serving->options->database);
	if (serving->options->http != NULL)
		logger_say(serving->logger, LEVEL_notice,
		    "live page at http://%s/, token in %s.token",
		    serving->options->http, serving->options->socket);
}

/* The config has come to its end: what it is made of, and no more. */
static void
on_checked(void *arg)
{
	struct serving *serving = arg;

	office_data_write(console_config(serving->console), stdout);
	(void)raise(SIGTERM);
}

/* systemd may be asked to wait for it, from 253 on (sd_notify(3)). */
static void
on_reloads(void *arg, const char *text)
{
	struct serving *serving = arg;
	struct timespec now;

	if (text != NULL) {
		logger_say(serving->logger, LEVEL_notice, "%s", text);
		(void)sd_notify(0, "READY=1");
		return;
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	(void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
	    (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

/* As long as home takes its turns. */
static void
on_alive(void *arg)
{
	(void)arg;
	(void)sd_notify(0, "WATCHDOG=1");
}

/* Twice as often as systemd wants to hear it (sd_watchdog_enabled(3)). */
static uint64_t
alive_us(void)
{
	uint64_t us = 0;

	return sd_watchdog_enabled(0, &us) > 0 ? us / 2 : 0;
}

static void
on_ends(void *arg)
{
	struct serving *serving = arg;

	if (serving->options->is_check)
		return;
	(void)sd_notify(0, "STOPPING=1");
	logger_say(serving->logger, LEVEL_notice, "%s",
	    serving->options->drains
		? "no new calls; those that live may end (a second signal ends "
		  "them)"
		: "ending");
}

/*--------------------------------------------------------------------
 * The whole
 */

static int
build(struct serving *serving)
{
	const bool is_check = serving->options->is_check;
	struct console_options console = { .opened = is_check ? on_checked
							      : on_opened,
		.ends = on_ends,
		.reloads = on_reloads,
		.alive = on_alive,
		.alive_us = alive_us(),
		.arg = serving,
		.drains = serving->options->drains,
		.reread = serving->options->config == NULL ? NULL
							   : serving->options };
	struct operators_options operators = { .control = serving->socket,
		.http = serving->http,
		.address = serving->options->http,
		.token = serving->token,
		.logger = serving->logger,
		.is_patient = serving->options->drains };
	int result = letterbox_alloc(&serving->lines);

	if (result == 0)
		result = letterbox_alloc(&serving->answers);
	console.logger = serving->logger;
	console.lines = operators.lines = serving->lines;
	console.answers = operators.answers = serving->answers;
	if (result == 0)
		result = console_alloc(&serving->console, &console);
	if (result == 0 && !is_check)
		result = operators_alloc(&serving->operators, &operators);
	return result == 0 ? 0
			   : refuse(serving, "hotswitch", strerror(-result));
}

/* One that was made for a switch that never was. */
static void
remove_database(const char *path)
{
	static const char *const behind[] = { "", "-wal", "-shm" };
	char file[PATH_SIZE];
	unsigned int i;

	for (i = 0; i < sizeof behind / sizeof behind[0]; i++) {
		(void)snprintf(file, sizeof file, "%s%s", path, behind[i]);
		(void)unlink(file);
	}
}

/* Of a config that is only tried the records are nobody's. */
static int
borrow_database(struct serving *serving, struct options *options)
{
	const char *place = getenv("TMPDIR");
	char why[SERVE_WHY];

	(void)snprintf(serving->folder, sizeof serving->folder,
	    "%s/hotswitch-XXXXXX", place == NULL ? "/tmp" : place);
	if (mkdtemp(serving->folder) == NULL) {
		(void)snprintf(why, sizeof why,
		    "no folder for its records, '%.200s': %s", serving->folder,
		    strerror(errno));
		serving->folder[0] = '\0';
		return refuse(serving, "hotswitch", why);
	}
	(void)snprintf(serving->database, sizeof serving->database,
	    "%s/calls.db", serving->folder);
	options->database = serving->database;
	return 0;
}

static void
return_database(struct serving *serving)
{
	if (serving->folder[0] == '\0')
		return;
	remove_database(serving->database);
	(void)rmdir(serving->folder);
}

static int
run(struct serving *serving)
{
	struct verdict verdict;
	char why[SERVE_WHY];
	int result;

	serving->plan.console = serving->console;
	result = scenario_run(&serving->plan, &verdict, why, sizeof why);
	serving->plan.script = NULL; /* freed by it */
	if (result != 0) {
		if (serving->has_new_database)
			remove_database(serving->options->database);
		return refuse(serving, "hotswitch", why);
	}
	logger_say(serving->logger, LEVEL_notice,
	    "ended after %" PRIu64 " calls, %" PRIu64 " records written",
	    verdict.calls.ended, verdict.records);
	if (!console_ended_well(serving->console, why, sizeof why) ||
	    !verdict_passed(&verdict)) {
		if (why[0] == '\0')
			(void)snprintf(
			    why, sizeof why, "%s", verdict.failures[0].text);
		if (serving->logger == NULL)
			(void)refuse(serving, "hotswitch", why);
		else
			logger_say(serving->logger, LEVEL_critical, "%s", why);
		result = EXIT_FAILED;
	}
	verdict_clear(&verdict);
	return result;
}

static void
take_apart(struct serving *serving)
{
	/* Once it is the operators', they close it. */
	if (serving->http >= 0 && serving->operators == NULL)
		(void)close(serving->http);
	operators_free(&serving->operators);
	console_free(&serving->console);
	letterbox_free(&serving->lines);
	letterbox_free(&serving->answers);
	script_free(&serving->plan.script);
	return_database(serving);
	if (!serving->is_activated)
		listener_close_unix(serving->socket, serving->options->socket);
	token_free(&serving->token);
	listener_unlock(serving->lock);
	source_free(&serving->source);
	logger_free(&serving->logger);
}

/*
 * What clients and reports have used is given back to the system.  By itself
 * malloc(3) keeps more of it, in each thread, each time that a larger piece is
 * freed, and a switch would grow for days.
 */
static void
keep_little(void)
{
	(void)mallopt(M_TRIM_THRESHOLD, TRIM_BYTES);
}

int
serve(const struct options *options, const struct scenario_roots *roots,
    char *why, size_t size)
{
	struct options real = *options;
	struct serving serving = { .options = &real,
		.socket = -1,
		.lock = -1,
		.http = -1,
		.why = why,
		.size = size };
	int result;

	why[0] = '\0';
	real.is_real = true;
	keep_little();
	/* A hang-up before it serves is no end of it. */
	(void)signal(SIGHUP, SIG_IGN);
	result = read_config(&serving, roots);
	if (options->is_check)
		thread_stand_back(); /* a switch may serve beside it */
	else if (result == 0)
		result = open_logger(&serving);
	if (result == 0)
		result = options->is_check ? borrow_database(&serving, &real)
					   : open_ports(&serving);
	if (result == 0)
		result = build(&serving);
	if (result == 0)
		result = run(&serving);
	take_apart(&serving);
	return result;
}
