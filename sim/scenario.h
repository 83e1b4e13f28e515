/*
 * scenario: runs one scenario file in a switch of its own.
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options;
struct order;
struct orders;
struct races;
struct script;
struct console;
struct source;
struct store_shortage;
struct verdict;

/* Folders of releases, in the order in which they are searched. */
enum { SCENARIO_ROOTS_MAX = 2 };
struct scenario_roots {
	const char *folders[SCENARIO_ROOTS_MAX];
	unsigned int count;
};

/* The params that scenarios have, each by a `param` of its text. */
enum { PARAM_NAME_SIZE = 32, PARAM_NAMES_SIZE = 2048 };
struct params {
	char names[PARAM_NAMES_SIZE]; /* separated by spaces */
	bool is_open;		      /* others may be made at run time */
};

/* What a run is made of. */
struct scenario_plan {
	const struct source *source;
	const struct options *options;
	const struct scenario_roots *roots;
	struct params *params; /* added to by scenario_check() */
	struct script *script; /* by scenario_check() */
	uint64_t seed;	       /* likewise: --seed, or what the text says */
	/* Likewise: --schedulers, what the text says, or as it was; 0: 1. */
	unsigned int schedulers;
	/* Likewise: virtual (0), or how many times as fast as real. */
	unsigned int pace;
	struct store_shortage *shortage; /* a test's order, or NULL */
	/* Of races; NULL: as the seed has them; and those that there were. */
	const struct order *order;
	const struct orders *orders; /* what came of all, or NULL */
	struct races *races;	     /* or NULL */
	/* Is told of each file that the check has read; or NULL. */
	void (*read)(void *arg, const char *path);
	void *read_arg;
	/* It goes into service when its script has ended; NULL: it ends. */
	struct console *console;
};

/*
 * Starts the script's process and lets it check its text; each mistake is one
 * line "FILE:LINE: ..." on standard error, and so is a release that `module`
 * names and no root has.  0 and the script waits for scenario_run() or
 * script_free(); -EINVAL it has mistakes; -ENOENT a release is missing; else
 * -errno with one clause in `why`.
 */
int scenario_check(struct scenario_plan *plan, char *why, size_t size);

/*
 * Runs it and fills the verdict, which verdict_clear() empties.  -errno with
 * one clause in `why` when the switch could not be made: then nothing has
 * been written.  The script is freed.
 */
int scenario_run(const struct scenario_plan *plan, struct verdict *ret_verdict,
    char *why, size_t size);

#endif
