/*
 * upgrade_row: see upgrade_row.h for what it is.
 *
 * Pauses are told in µs, with the nanoseconds behind the point.
 */
#include "sim/upgrade_row.h"

#include <inttypes.h>
#include <stdio.h>

#include "switch/histogram.h"
#include "upgrade/release_handler.h"
#include "upgrade/release_record.h"
#include "upgrade/shadow_run.h"

/* Of each state its word, three numbers and the words around them. */
enum { STATES_TEXT_MAX = UPGRADE_STATES * (UPGRADE_STATE_BYTES + 120) + 4 };

static double
pause_us(const struct histogram *pauses, double share)
{
	return (double)histogram_quantile(pauses, share) / 1e3;
}

/* clang-format off */
#define UPGRADE_COLUMNS(X) \
	X(number, INTEGER, report->number) \
	X(module, ARRAY, report->module) \
	X(version_from, ARRAY, report->version_from) \
	X(version_to, ARRAY, report->version_to) \
	X(mode, ARRAY, report->mode) \
	X(stage, WORD, upgrade_stage_word(report->stage)) \
	X(reason, WORD, upgrade_reason_word(report->reason)) \
	X(is_rollback, INTEGER, report->is_rollback) \
	X(live, INTEGER, report->live) \
	X(converted, INTEGER, report->converted) \
	X(failed, INTEGER, report->failed) \
	X(pinned, INTEGER, report->pinned) \
	X(lossy, INTEGER, report->lossy) \
	X(born, INTEGER, report->born) \
	X(ended, INTEGER, report->died) \
	X(crashes, INTEGER, report->crashes) \
	X(lost, INTEGER, report->lost) \
	X(load_us, INTEGER, report->load_us) \
	X(total_us, INTEGER, report->total_us) \
	X(pause_p50_us, REAL, pause_us(&report->pauses_cpu, 0.5)) \
	X(pause_p99_us, REAL, pause_us(&report->pauses_cpu, 0.99)) \
	X(pause_p9999_us, REAL, pause_us(&report->pauses_cpu, 0.9999)) \
	X(pause_max_us, REAL, (double)report->pauses_cpu.max / 1e3) \
	X(wall_p50_us, REAL, pause_us(&report->pauses_wall, 0.5)) \
	X(wall_p99_us, REAL, pause_us(&report->pauses_wall, 0.99)) \
	X(wall_p9999_us, REAL, pause_us(&report->pauses_wall, 0.9999)) \
	X(wall_max_us, REAL, (double)report->pauses_wall.max / 1e3) \
	X(t_begin, INTEGER, report->begun) \
	X(t_end, INTEGER, report->ended) \
	X(text, ARRAY, report->text) \
	X(crashes_from, INTEGER, report->crashes_from) \
	X(crashes_to, INTEGER, report->crashes_to) \
	X(retried, INTEGER, report->retried) \
	X(rehearsed, INTEGER, report->rehearsed) \
	X(canaries, INTEGER, report->canaries) \
	X(prolonged, INTEGER, report->prolonged) \
	X(differences, INTEGER, report->differences) \
	X(rejected, INTEGER, report->rejected) \
	X(returned, INTEGER, report->returned) \
	X(loading_us, INTEGER, report->loading.machine_us) \
	X(loading_run_us, INTEGER, report->loading.run_us) \
	X(rehearsing_us, INTEGER, report->rehearsing.machine_us) \
	X(rehearsing_run_us, INTEGER, report->rehearsing.run_us) \
	X(watching_us, INTEGER, report->watching.machine_us) \
	X(watching_run_us, INTEGER, report->watching.run_us) \
	X(converting_us, INTEGER, report->converting.machine_us) \
	X(converting_run_us, INTEGER, report->converting.run_us) \
	X(states, COPIED, states_text(report, states))

#define FAILURE_COLUMNS(X) \
	X(number, INTEGER, row_number(row)) \
	X(upgrade, INTEGER, failure->number) \
	X(t_failure, INTEGER, failure->at) \
	X(kind, WORD, failure->is_rehearsed ? "rehearsed" \
	    : failure->is_pinned ? "pinned" : "failed") \
	X(call, INTEGER, failure->call) \
	X(pid, PID, failure->pid) \
	X(module, ARRAY, failure->module) \
	X(version, ARRAY, failure->version) \
	X(state, ARRAY, failure->state) \
	X(text, ARRAY, failure->text)

#define SHADOW_COLUMNS(X) \
	X(upgrade, INTEGER, difference->upgrade) \
	X(number, INTEGER, difference->which) \
	X(t_event, INTEGER, difference->at) \
	X(call, INTEGER, difference->call) \
	X(pid, PID, difference->pid) \
	X(module, ARRAY, difference->module) \
	X(version_from, ARRAY, difference->version_from) \
	X(version_to, ARRAY, difference->version_to) \
	X(event, ARRAY, difference->event) \
	X(state, ARRAY, difference->state) \
	X(is_crash, INTEGER, difference->is_crash) \
	X(did_old, ARRAY, difference->did.was) \
	X(did_new, ARRAY, difference->did.is)

#define RELEASE_COLUMNS(X) \
	X(number, INTEGER, row_number(row)) \
	X(t_release, INTEGER, release->at) \
	X(module, ARRAY, release->module) \
	X(version, ARRAY, release->version) \
	X(status, WORD, release->is_permanent ? "permanent" : "current")
/* clang-format on */

/* Those in which any call was, as JSON; their words are plain ones. */
static const char *
states_text(const struct upgrade_report *report, char text[STATES_TEXT_MAX])
{
	const struct upgrade_state *state = report->states;
	const char *between = "";
	size_t at = 1;

	text[0] = '[';
	for (; state < report->states + report->state_count; state++) {
		if (state->converted + state->pinned + state->failed == 0)
			continue;
		at += (size_t)snprintf(text + at, STATES_TEXT_MAX - at,
		    "%s{\"state\":\"%.*s\",\"converted\":%" PRIu64
		    ",\"pinned\":%" PRIu64 ",\"failed\":%" PRIu64 "}",
		    between, UPGRADE_STATE_BYTES, state->word, state->converted,
		    state->pinned, state->failed);
		between = ",";
	}
	text[at] = ']';
	text[at + 1] = '\0';
	return text;
}

static void
fill_upgrade(struct row *row, const void *record)
{
	const struct upgrade_report *report = record;
	char states[STATES_TEXT_MAX];

	UPGRADE_COLUMNS(ROW_FILL)
}

static void
fill_failure(struct row *row, const void *record)
{
	const struct upgrade_failure *failure = record;

	FAILURE_COLUMNS(ROW_FILL)
}

static void
fill_shadow(struct row *row, const void *record)
{
	const struct shadow_difference *difference = record;

	SHADOW_COLUMNS(ROW_FILL)
}

static void
fill_release(struct row *row, const void *record)
{
	const struct release_record *release = record;

	RELEASE_COLUMNS(ROW_FILL)
}

const struct row_type upgrade_row = {
	.kind = RECORD_UPGRADE,
	.size = sizeof(struct upgrade_report),
	.table = "upgrade",
	.columns = UPGRADE_COLUMNS(ROW_NAME),
	.fill = fill_upgrade,
	.is_renewed = true, /* when its deadline has come */
};

const struct row_type upgrade_failure_row = {
	.kind = RECORD_UPGRADE_FAILURE,
	.size = sizeof(struct upgrade_failure),
	.table = "upgrade_failure",
	.columns = FAILURE_COLUMNS(ROW_NAME),
	.fill = fill_failure,
};

const struct row_type upgrade_shadow_row = {
	.kind = RECORD_UPGRADE_SHADOW,
	.size = sizeof(struct shadow_difference),
	.table = "upgrade_shadow",
	.columns = SHADOW_COLUMNS(ROW_NAME),
	.fill = fill_shadow,
};

const struct row_type release_row = {
	.kind = RECORD_RELEASE,
	.size = sizeof(struct release_record),
	.table = "release",
	.columns = RELEASE_COLUMNS(ROW_NAME),
	.fill = fill_release,
};
