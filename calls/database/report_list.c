/*
 * report_list: see report_list.h for what it is.
 */
#include "calls/database/report_list.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/report.h"
#include "switch/nearest.h"

/* What of a call can be asked for in one word. */
static const struct report_filter call_filters[] = {
	{ "number", "calling called_dialled called_translated connected", NULL,
	    false, false },
	{ "called", "called_dialled called_translated connected", NULL, false,
	    false },
	{ "state", "disposition",
	    "answered busy no-answer cancelled refused failed", false, false },
	{ "version", "version_start version_end", NULL, false, false },
	{ "time", "seize_s", NULL, true, false },
	{ NULL, NULL, NULL, false, false },
};

static const struct report_filter hung_filters[] = {
	{ "longer", "age_s", NULL, false, true },
	{ NULL, NULL, NULL, false, false },
};

/* clang-format off */
static const struct report_kind kinds[] = {
	{ .name = "summary", .about = "one run on a page",
	  .texts = "question scenario result started pace audit" },
	{ .name = "calls", .about = "each call that has ended",
	  .texts = "calling called_dialled connected disposition version_start "
	      "version_end local_reason release_side called_translated pid "
	      "civil_seize in_trunk out_trunk account tariff orig_called "
	      "redirecting redirect_reason record_type class service_flags "
	      "linked_id scenario",
	  .definition =
	      "setup: last digit to ringing; ring: ringing to answer; bill: "
	      "answer to release; each 0 where the later moment is missing; "
	      "cause: Q.850; charge: millionths",
	  .filters = call_filters },
	{ .name = "call", .about = "one call: its record, its legs, its course",
	  .keys = "call", .usage = "ID", .known = "call",
	  .texts = "part item value definition" },
	{ .name = "causes", .about = "what calls ended with",
	  .texts = "name local_reason",
	  .definition =
	      "share: of the calls of the run; cause: Q.850; effective: as "
	      "NER counts them" },
	{ .name = "short", .about = "answered calls of less than 10 s",
	  .texts = "calling called_dialled release_side local_reason "
	      "version_start version_end",
	  .definition =
	      "answered, and released within 10 s of the answer" },
	{ .name = "accounts", .about = "who pays, how much, and what is left",
	  .texts = "account kind",
	  .definition =
	      "charged: the legs that its lines have paid, in millionths; "
	      "balance: paid in less charged; the row without a name: lines "
	      "without an account" },
	{ .name = "routes", .about = "trunk groups: load, blocking, quality",
	  .texts = "trunk",
	  .definition =
	      "bids: tries to send a call out there; overflow: those "
	      "without a circuit; asr: answers / seizures; ner, acd, pdd, "
	      "ast: of the calls whose last way was out there; ast: last "
	      "digit to answer, of the answered; carried: busy circuits "
	      "times time, by time; offered: carried / (1 - blocking), an "
	      "estimate; blocking: bids without circuit / bids, its "
	      "standard error from at least 20 intervals; erlang b: for "
	      "groups of first choice alone; time congestion: share of time "
	      "without a free circuit" },
	{ .name = "traffic", .about = "what was offered and carried, by interval",
	  .texts = "object mark gapped_for civil_begin",
	  .definition =
	      "bids: attempts, of a group tries to get a circuit; seizures: "
	      "those that were not gapped, or got one; answered: of these; "
	      "asr: answered / seizures; abr: answered / bids; ner: as in "
	      "the summary / seizures; acd: answer to release / answered; "
	      "carried: live calls, or busy circuits, times time, as the "
	      "exchange saw it, by the interval's length; live: at its end; "
	      "answers, ended: in it, whenever the call began; a seizure "
	      "belongs to the interval it began in; open: some of them live "
	      "still; suspect: the interval was cut" },
	{ .name = "busy-hour", .about = "the hour that carried most",
	  .texts = "object mark civil_begin",
	  .empty = "nothing was measured",
	  .definition =
	      "the 12 consecutive intervals of 5 min, or as many as make an "
	      "hour, with the most carried traffic; less than an hour: the "
	      "run had none, this is all of it" },
	{ .name = "upgrades", .about = "each upgrade and rollback",
	  .texts = "module version_from version_to stage mode reason text",
	  .definition =
	      "live: calls when it began; converted: to the other version; "
	      "failed: the release on trial cannot have them, as it refused "
	      "them or faulted, also on an event after they had come: they "
	      "stay till that is over; pinned: the others that stayed, "
	      "without an image there: they follow when they have one; born, "
	      "ended: meanwhile; lost: none is to be; pause: CPU time, wall: time by the clock, from the "
	      "start of the slice that converts a call till it can be "
	      "handed an event; load, total: by the machine's clock; crashes: contained "
	      "faults, on version_from and version_to, until it was permanent "
	      "or taken back" },
	{ .name = "upgrade", .about = "one upgrade: stages, pauses, failures",
	  .keys = "id", .usage = "ID", .known = "id",
	  .texts = "part item value unit definition" },
	{ .name = "compare", .about = "two versions side by side",
	  .keys = "module version_old version_new",
	  .usage = "MODULE OLD NEW",
	  .known = "module || ' ' || version_old || ' ' || version_new",
	  .words = "SELECT k FROM (SELECT run, version AS k FROM version_total "
	      "UNION SELECT run, 'call' FROM version_total) WHERE run = %lld",
	  .texts = "module version_old version_new measure difference "
	      "definition",
	  .definition =
	      "low, high: 95 % confidence, by the method beside it; "
	      "difference: where the intervals do not meet, else it is not "
	      "shown by so few calls" },
	{ .name = "stages", .about = "the stages of upgrades",
	  .texts = "version_from version_to stage ended_as",
	  .definition =
	      "took: by the clock of the machine; run: by that of the "
	      "run; calls: that the stage was about" },
	{ .name = "conversions", .about = "converted calls by their state",
	  .texts = "version_from version_to state",
	  .definition =
	      "state: that the call was in; failed: the release on trial "
	      "cannot have it; pinned: the others that stayed" },
	{ .name = "failures", .about = "calls that stayed behind",
	  .texts = "kind version state pid text",
	  .definition =
	      "the first of each upgrade; untold: how many more there "
	      "were of that kind; text: why it stayed" },
	{ .name = "differences", .about = "what shadow runs found",
	  .texts = "event state version_from version_to did_old did_new module "
	      "pid",
	  .definition =
	      "an event that was given to a copy on the other version "
	      "too, and what each did with it" },
	{ .name = "releases", .about = "which release is current, permanent",
	  .texts = "module version status",
	  .definition =
	      "permanent: what a restart begins with; current: what "
	      "births run; old: it was one of them; unpacked: neither" },
	{ .name = "unexpected", .about = "signals without a row, by state",
	  .texts = "version state signal",
	  .definition =
	      "answered with STATUS, cause 101; state and version: of the "
	      "call when it came" },
	{ .name = "faults", .about = "contained faults",
	  .texts = "module version event callback reason pid",
	  .definition =
	      "the event was undone; resumed: 1, the process went on; 0, "
	      "it ended; call: whose it was, once it has a record" },
	{ .name = "restarts", .about = "what supervisors did",
	  .texts = "supervisor child reason old_pid new_pid",
	  .definition =
	      "by the supervisor, of a child that has ended for that "
	      "reason; given up: it had done so too often" },
	{ .name = "alarms", .about = "alarms, and when they were cleared",
	  .texts = "name severity object text",
	  .definition =
	      "cleared: - while it stands" },
	{ .name = "hung", .about = "calls that live too long, by state",
	  .texts = "calling called version state", .is_live = true,
	  .otherwise = "longer=3600", .filters = hung_filters,
	  .definition =
	      "live for at least an hour, or as longer=DUR says; waiting: "
	      "messages to it" },
	{ .name = "circuits", .about = "circuits and their states, by group",
	  .texts = "trunk map", .is_live = true,
	  .definition =
	      "map: . idle, B busy, X blocked, D down; glare: seized from "
	      "both ends at once" },
	{ .name = "log", .about = "what the operator asked for, and the answers",
	  .texts = "who command text answer",
	  .definition =
	      "refused: 1, and nothing was changed; line: of the scenario" },
	{ .name = "audit", .about = "what must hold at the end of a run",
	  .texts = "row looked verdict text",
	  .definition =
	      "A1: attempts = gapped + live + ended; A2: each ended call "
	      "has one CDR, and legs that come to its charge, a live or "
	      "gapped one none; A3: what is busy belongs to one live "
	      "process, which says so; A4: the versions hold the live "
	      "calls; A5: no timer, no message of a dead process; A6: each "
	      "process but the root has a live supervisor; A7: bytes in use "
	      "are those of live objects; looked: the switch when it looked "
	      "last, or what is to be counted in the records here; unknown: "
	      "nobody could look" },
};
/* clang-format on */

enum { KINDS = sizeof kinds / sizeof kinds[0] };

void
report_names(char *names, size_t size)
{
	size_t at = 0;
	unsigned int i;

	for (i = 0; i < KINDS && at < size; i++)
		at += (size_t)snprintf(names + at, size - at, "%s%s",
		    i == 0 ? "" : " ", kinds[i].name);
}

const struct report_kind *
report_at(unsigned int i)
{
	return i < KINDS ? &kinds[i] : NULL;
}

const struct report_kind *
report_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

bool
report_is_text(const struct report_kind *kind, const char *column)
{
	return word_is_in(column, kind->texts);
}
