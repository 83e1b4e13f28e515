/*
 * verdict: what came of one scenario, for people and for programs.
 */
#ifndef SIM_VERDICT_H
#define SIM_VERDICT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/options.h"
#include "upgrade/release_handler.h"

enum { AUDIT_ROWS = 7 }; /* A1 to A7 */

struct verdict_failure {
	unsigned int line; /* 0: the scenario as a whole */
	char *text;
};

struct verdict {
	const char *scenario, *question, *database;
	struct verdict_failure *failures;
	unsigned int failures_count, failures_room, failures_unkept;
	struct upgrade_report *upgrades;
	unsigned int upgrades_count, upgrades_room;
	uint64_t seed, virtual_us, wall_us;
	struct {
		uint64_t attempted, answered, ended, live, lost, highest;
	} calls;
	uint64_t crashes, restarts, records;
	int64_t run; /* its number in the database; 0: none */
	bool audit[AUDIT_ROWS];
};

/* Adds a failure; text as printf(3).  What has no room is counted. */
__attribute__((format(printf, 3, 4))) void verdict_fail(
    struct verdict *verdict, unsigned int line, const char *format, ...);

/* Adds an upgrade that is done; false when there is no memory. */
bool verdict_add_upgrade(
    struct verdict *verdict, const struct upgrade_report *report);

bool verdict_passed(const struct verdict *verdict);

/*
 * What a format wants before, for each, and after `count` scenarios.  Text
 * has colours if `is_coloured`.
 */
void verdict_begin(FILE *out, enum format format, unsigned int count);
void verdict_print(const struct verdict *verdict, FILE *out, enum format format,
    bool is_coloured);
void verdict_end(FILE *out, enum format format);

void verdict_clear(struct verdict *verdict);

/* Private to verdict*.c: the formats. */
void verdict_text(const struct verdict *verdict, FILE *out, bool is_coloured);
void verdict_json(const struct verdict *verdict, FILE *out);

#endif
