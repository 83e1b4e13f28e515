/*
 * options: the command line, made sense of or refused.
 */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/orders.h"
#include "switch/log.h"

/* What the process says when it ends; kept for scripts that read it. */
enum exit_status {
	EXIT_PASSED = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,	    /* or a file that cannot be read */
	EXIT_IMPOSSIBLE = 3 /* database, module, memory */
};

enum task {
	TASK_RUN,
	TASK_CHECK,
	TASK_REPORT,
	TASK_AUDIT,
	TASK_PLAN,
	TASK_STATES,
	TASK_SERVE,
	TASK_CTL,
	TASK_TOP,
	TASK_HELP,
	TASK_VERSION
};
enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_TAP,
	FORMAT_JUNIT,
	FORMAT_TABLE,
	FORMAT_CSV,
	FORMAT_HTML,
	FORMAT_DOT,
	FORMAT_SVG
};

enum { DEFINITIONS_MAX = 64 };

struct options {
	enum task task;
	enum task help_of;     /* of TASK_HELP; TASK_HELP: of all */
	const char *help_word; /* of the language; or NULL */
	enum format format;
	const char *program;	  /* as it was called */
	const char *const *words; /* files; or a report's, a plan's */
	unsigned int words_count;
	const char *database, *modules, *log, *run, *where, *output;
	const char *http;	     /* of `serve`: ADDRESS:PORT; NULL: none */
	const char *config, *socket; /* of `serve`, `ctl`; config NULL: none */
	uint64_t limit;		     /* rows of a report; 0: all */
	const char *definitions[DEFINITIONS_MAX];
	unsigned int definitions_count;
	uint64_t seed;
	struct order order;	 /* of races, if has_order */
	const char *ladder;	 /* a file, or NULL */
	const char *ladder_call; /* the only call that is in it, or NULL: all */
	const char *only;	 /* a pattern of names, or NULL */
	unsigned int together;	 /* scenarios */
	uint64_t timeout_us;	 /* of the machine's time; 0: not given */
	unsigned int schedulers; /* 0: not given */
	bool is_watching;
	bool has_order, explores; /* --orders N, --orders all */
	bool has_seed, is_real, is_verbose;
	bool drains;	   /* `serve`: SIGTERM lets calls end as they would */
	bool has_socket;   /* --socket was given */
	bool has_database; /* --db or --run was */
	bool is_sure;	   /* `ctl`: --yes */
	bool is_check;	   /* `serve`: the config alone is tried */
	/* Of `serve`. */
	bool logs_json;
	enum log_level log_level;
};

/*
 * Reads the command line; the options point into `argv`, which is put into
 * another order.  -EINVAL with one clause in `why` that says what is wrong.
 */
int options_read(
    struct options *ret_options, int argc, char **argv, char *why, size_t size);

/* Of a report: that it is read from a file, whatever switch runs. */
bool options_are_of_file(const struct options *options);

/* What `--help` prints, of one task or of all. */
const char *options_help(enum task task);

#endif
