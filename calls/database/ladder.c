/*
 * ladder: see ladder.h for what it is.
 *
 * A line for each party and for each call: what a party says goes to the call,
 * what it does goes from there.  Who has what all calls want (the exchange),
 * and who makes their processes (the supervisor), have lines too.  What is of
 * a call alone stands on its line, and an upgrade goes across all.
 */
#include "calls/database/ladder_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <string.h>

#include "calls/exchange/call_event.h"
#include "switch/object.h"

int
ladder_alloc(struct ladder **ret_ladder)
{
	struct ladder *ladder;

	if (ALLOC_OBJ(ladder, LADDER_MAGIC) == NULL)
		return -ENOMEM;
	*ret_ladder = ladder;
	return 0;
}

void
ladder_free(struct ladder **ladderp)
{
	if (*ladderp != NULL)
		object_free((*ladderp)->rungs,
		    (*ladderp)->rungs_room * sizeof(*ladderp)->rungs[0]);
	FREE_OBJ(ladderp, LADDER_MAGIC);
}

unsigned long
ladder_count(const struct ladder *ladder)
{
	return ladder->rungs_count;
}

/*--------------------------------------------------------------------
 * Lines
 */

static unsigned int
find_call(const struct ladder *ladder, uint64_t call)
{
	unsigned int i;

	for (i = 0; i < ladder->lines_count; i++)
		if (ladder->lines[i].role == LADDER_CALL &&
		    ladder->lines[i].call == call)
			return i;
	return LADDER_NOWHERE;
}

static unsigned int
add_line(struct ladder *ladder, enum ladder_role role, const char *name)
{
	struct ladder_line *line = &ladder->lines[ladder->lines_count];

	if (ladder->lines_count == LADDER_LINES)
		return LADDER_NOWHERE;
	*line = (struct ladder_line){ .role = role };
	(void)snprintf(line->name, sizeof line->name, "%s", name);
	return ladder->lines_count++;
}

static unsigned int
find_party(struct ladder *ladder, const char *name)
{
	enum ladder_role role = strcmp(name, CALL_EVENT_EXCHANGE) == 0
	    ? LADDER_EXCHANGE
	    : strcmp(name, CALL_EVENT_SUPERVISOR) == 0 ? LADDER_SUPERVISOR
						       : LADDER_PARTY;
	unsigned int i;

	for (i = 0; i < ladder->lines_count; i++)
		if (ladder->lines[i].role != LADDER_CALL &&
		    strcmp(ladder->lines[i].name, name) == 0)
			return i;
	return add_line(ladder, role, name);
}

int
ladder_call(struct ladder *ladder, uint64_t call, const char *name)
{
	unsigned int line = find_call(ladder, call);

	CHECK_OBJ(ladder, LADDER_MAGIC);
	if (line != LADDER_NOWHERE)
		return 0;
	line = add_line(ladder, LADDER_CALL, name);
	if (line == LADDER_NOWHERE)
		return -ENOSPC;
	ladder->lines[line].call = call;
	return 0;
}

/*--------------------------------------------------------------------
 * Rungs
 */

static struct ladder_rung *
add_rung(struct ladder *ladder, uint64_t at, uint64_t order)
{
	unsigned int i = ladder->rungs_count;
	struct ladder_rung *rungs =
	    object_grow(ladder->rungs, i, &ladder->rungs_room, sizeof rungs[0]);

	if (rungs == NULL)
		return NULL;
	ladder->rungs = rungs;
	/* Calls are read one after the other: each finds its time. */
	for (; i > 0 &&
	     (rungs[i - 1].at > at ||
		 (rungs[i - 1].at == at && rungs[i - 1].order > order));
	     i--)
		rungs[i] = rungs[i - 1];
	ladder->rungs_count++;
	rungs[i] = (struct ladder_rung){ .at = at,
		.order = order,
		.call = LADDER_NOWHERE,
		.party = LADDER_NOWHERE };
	return &rungs[i];
}

static enum ladder_kind
kind_of(const struct call_event *event)
{
	if (event->way != CALL_EVENT_of)
		return event->way == CALL_EVENT_in ? LADDER_IN : LADDER_OUT;
	if (strcmp(event->event, "state") == 0)
		return LADDER_STATE;
	if (strcmp(event->event, "fault") == 0)
		return LADDER_FAULT;
	if (strcmp(event->event, "upgrade") == 0)
		return LADDER_UPGRADE;
	return LADDER_MARK;
}

/* "onhook (16)"; of a mark with the party that it is about. */
static void
set_label(struct ladder_rung *rung, const struct call_event *event,
    const char *version)
{
	const bool is_named = event->port[0] != '\0' &&
	    (rung->kind == LADDER_MARK || rung->party == LADDER_NOWHERE);
	size_t at;

	if (rung->kind == LADDER_STATE) {
		(void)snprintf(rung->label, LADDER_LABEL, "%.31s", event->text);
		return;
	}
	if (rung->kind == LADDER_UPGRADE) {
		(void)snprintf(rung->label, LADDER_LABEL,
		    "upgrade %.31s%s%.31s", version,
		    version[0] == '\0' ? "" : " to ", event->text);
		return;
	}
	at = (size_t)snprintf(rung->label, LADDER_LABEL, "%.31s%s%.31s",
	    event->event, event->text[0] == '\0' ? "" : " ", event->text);
	if (event->cause != 0)
		at += (size_t)snprintf(
		    rung->label + at, LADDER_LABEL - at, " (%u)", event->cause);
	if (is_named && at < LADDER_LABEL)
		(void)snprintf(rung->label + at, LADDER_LABEL - at, " %s %.24s",
		    event->way == CALL_EVENT_of	      ? "at"
			: event->way == CALL_EVENT_in ? "from"
						      : "to",
		    event->port);
}

/* Its number, in the order in which the ladder has met them. */
static unsigned int
find_version(struct ladder *ladder, const char *version)
{
	unsigned int i;

	for (i = 0; i < ladder->versions_count; i++)
		if (strcmp(ladder->versions[i], version) == 0)
			return i;
	if (i == LADDER_VERSIONS)
		return i - 1;
	(void)snprintf(
	    ladder->versions[i], sizeof ladder->versions[i], "%s", version);
	return ladder->versions_count++;
}

int
ladder_add(struct ladder *ladder, const struct call_event *event)
{
	unsigned int call = find_call(ladder, event->call);
	struct ladder_rung *rung;
	char version[sizeof event->version] = "";

	CHECK_OBJ(ladder, LADDER_MAGIC);
	if (call == LADDER_NOWHERE)
		return 0; /* of one that nobody wants to see */
	rung = add_rung(ladder, event->at, event->order);
	if (rung == NULL)
		return -ENOMEM;
	rung->call = call;
	rung->kind = kind_of(event);
	if (event->way != CALL_EVENT_of)
		rung->party = find_party(ladder, event->port);
	memcpy(version, ladder->lines[call].version, sizeof version);
	if (event->version[0] != '\0')
		memcpy(ladder->lines[call].version, event->version,
		    sizeof version);
	rung->version = find_version(ladder, ladder->lines[call].version);
	set_label(rung, event, version);
	return 0;
}

int
ladder_phase(
    struct ladder *ladder, uint64_t at, uint64_t order, const char *text)
{
	struct ladder_rung *rung = add_rung(ladder, at, order);

	if (rung == NULL)
		return -ENOMEM;
	rung->kind = LADDER_PHASE;
	(void)snprintf(rung->label, LADDER_LABEL, "%s", text);
	return 0;
}

/*--------------------------------------------------------------------
 * From the database
 */

static void
copy(char *place, size_t size, sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	(void)snprintf(
	    place, size, "%s", text == NULL ? "" : (const char *)text);
}

static int
add_row(struct ladder *ladder, sqlite3_stmt *row, uint64_t call)
{
	struct call_event event = { .call = call,
		.at = (uint64_t)sqlite3_column_int64(row, 0),
		.cause = (uint8_t)sqlite3_column_int(row, 5) };
	char way[8];

	copy(way, sizeof way, row, 1);
	event.way = strcmp(way, "in") == 0 ? CALL_EVENT_in
	    : strcmp(way, "out") == 0	   ? CALL_EVENT_out
					   : CALL_EVENT_of;
	copy(event.port, sizeof event.port, row, 2);
	copy(event.event, sizeof event.event, row, 3);
	copy(event.text, sizeof event.text, row, 4);
	copy(event.version, sizeof event.version, row, 6);
	event.order = (uint64_t)sqlite3_column_int64(row, 7);
	return ladder_add(ladder, &event);
}

int
ladder_read(struct ladder *ladder, sqlite3 *db, int64_t run, int64_t call)
{
	sqlite3_stmt *row;
	int status = sqlite3_prepare_v2(db,
	    "SELECT t_event, way, party, event, text, cause, version,"
	    " number"
	    " FROM call_event WHERE run = ? AND call = ? ORDER BY number",
	    -1, &row, NULL);

	if (status != SQLITE_OK)
		return status;
	sqlite3_bind_int64(row, 1, run);
	sqlite3_bind_int64(row, 2, call);
	while ((status = sqlite3_step(row)) == SQLITE_ROW)
		if (add_row(ladder, row, (uint64_t)call) != 0)
			status = SQLITE_NOMEM;
	sqlite3_finalize(row);
	return status;
}
