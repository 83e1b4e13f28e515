/*
 * verdict: what came of one scenario, for people and for programs.
 */
#ifndef SIM_VERDICT_H
#define SIM_VERDICT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/options.h"
#include "sim/orders.h"
#include "upgrade/release_handler.h"

struct script;

enum { AUDIT_ROWS = 7 }; /* A1 to A7 */

struct verdict_failure {
	unsigned int line; /* 0: the scenario as a whole */
	char *text;
	char *ladder; /* the last events of the call it is about, or NULL */
};

/* One that could not be converted, or has no image where it should go. */
struct verdict_straggler {
	uint64_t call; /* its number; 0: not known */
	char name[32]; /* in the scenario; or "" */
	char kind[12]; /* failed, pinned, rehearsed */
	char version[32], state[UPGRADE_STATE_BYTES], text[128];
};

enum { STRAGGLERS_MAX = 3 /* the first; report failures has more */ };

struct verdict_upgrade {
	unsigned int line; /* of the command that began it */
	struct upgrade_report report;
	struct verdict_straggler stragglers[STRAGGLERS_MAX];
	unsigned int stragglers_count;
	struct shadow_run_result *shadow; /* its own; NULL: it had none */
};

/* What the run has found besides whether it passed. */
struct verdict_finding {
	unsigned int line;
	const char *kind; /* threshold, search, theory, generator */
	bool holds;
	char *text;
};

struct verdict {
	const char *scenario, *question, *database;
	const char *program; /* as it was called, for what to do next */
	/* While it runs: knows which lines are of a file that it includes. */
	const struct script *script;
	struct verdict_failure *failures;
	unsigned int failures_count, failures_room, failures_unkept;
	unsigned int ladders;
	struct verdict_upgrade *upgrades;
	unsigned int upgrades_count, upgrades_room;
	struct verdict_finding *findings;
	unsigned int findings_count, findings_room;
	uint64_t seed, virtual_us, wall_us;
	unsigned int schedulers;
	struct {
		uint64_t attempted, gapped, answered, ended, live, lost,
		    highest;
	} calls;
	/* Orders of its races that were tried and that failed; 0: as drawn. */
	uint64_t crashes, restarts, alarms, records;
	int64_t run; /* its number in the database; 0: none */
	bool audit[AUDIT_ROWS];
	/* In which order its races came; of all orders, if they were tried. */
	struct races races;
	const struct order *order;
	const struct orders *orders;
	bool is_undone; /* it could not be run: the failures say why */
};

/* Adds a failure; text as printf(3).  What has no room is counted. */
__attribute__((format(printf, 3, 4))) void verdict_fail(
    struct verdict *verdict, unsigned int line, const char *format, ...);

/* To the last that was added, unless many have theirs. */
bool verdict_has_room(const struct verdict *verdict);
void verdict_show(struct verdict *verdict, const char *ladder);

/* Adds a finding, of which one that does not hold is no failure by itself. */
__attribute__((format(printf, 5, 6))) void verdict_find(struct verdict *verdict,
    const char *kind, unsigned int line, bool holds, const char *format, ...);

/*
 * Adds an upgrade that is done, behind those that were asked for before it; one
 * that takes long may be done after others.  NULL when there is no memory.
 */
struct verdict_upgrade *verdict_add_upgrade(struct verdict *verdict,
    unsigned int line, const struct upgrade_report *report);

/* What its shadow run has found; false when there is no memory. */
bool verdict_add_shadow(
    struct verdict_upgrade *upgrade, const struct shadow_run_result *found);

bool verdict_passed(const struct verdict *verdict);

/* The verdicts of one command line, as they are printed. */
struct printing {
	FILE *out;
	enum format format;
	bool is_coloured;   /* text */
	bool is_brief;	    /* text: a line for each that has passed */
	unsigned int count; /* scenarios */
	/* Private: what was printed so far. */
	unsigned int printed, failed, undone;
	uint64_t wall_us;
	FILE *held; /* JUnit says the sums first */
	char *text;
	size_t size;
};

/*
 * What a format wants before, for each, and after the scenarios; `printing`
 * has its first five members set.  -errno of open_memstream(3).
 */
int verdict_begin(struct printing *printing);
void verdict_print(const struct verdict *verdict, struct printing *printing);
void verdict_end(struct printing *printing);

/*
 * In two steps, for one that is run elsewhere: what verdict_print() would
 * print of the scenario of that number, from 1; and that text in its place.
 */
void verdict_piece(const struct verdict *verdict,
    const struct printing *printing, unsigned int number, FILE *out);
void verdict_put(struct printing *printing, enum exit_status status,
    uint64_t wall_us, const char *text, size_t size);

void verdict_clear(struct verdict *verdict);

/* Private to verdict*.c: the formats. */
void verdict_text(const struct verdict *verdict, FILE *out, bool is_coloured);
void verdict_line(const struct verdict *verdict, FILE *out, bool is_coloured);
void verdict_tap(const struct verdict *verdict, unsigned int number, FILE *out);
void verdict_junit(const struct verdict *verdict, FILE *out);
void verdict_json(const struct verdict *verdict, FILE *out);
/* Of one upgrade alone, as it stands. */
void verdict_json_report(const struct upgrade_report *report, FILE *out);
void verdict_json_shadow(const struct shadow_run_result *found, FILE *out);
void verdict_drop_shadow(struct verdict_upgrade *upgrade);

#endif
