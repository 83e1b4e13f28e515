/*
 * office_world: an office with lines, a pool of calls and a recorder, for
 * tests of calls/.
 *
 * The calls are those of a release as it was built; the recorder is a native
 * process that keeps the last record of each kind that it was sent.
 *
 *     1000-1099   analog, tariff `town`: 0.10, 0.05/60s, 0.02/30s
 *     2000-2009   ISDN, tariff `second`: 0.01/1s
 *     30, 300-309 analog, one begins another, free
 */
#ifndef TESTS_OFFICE_WORLD_H
#define TESTS_OFFICE_WORLD_H

#include "tests/world.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls/exchange/audit.h"
#include "calls/exchange/cdr.h"
#include "calls/exchange/leg.h"
#include "calls/exchange/office.h"
#include "switch/alarm.h"
#include "switch/log.h"
#include "switch/record.h"
#include "switch/registry.h"
#include "switch/supervisor.h"

enum { MS = 1000, S = 1000000 };

struct office_world {
	struct world world;
	struct office *office;
	struct supervisor *pool, *root;
	void *handle; /* of the release */
	uint16_t release;
	struct pid top;	       /* the root's process */
	struct cdr cdr;	       /* the last one taken */
	struct leg_record leg; /* likewise */
	struct leg_amendment amendment;
	struct fault_record fault;
	unsigned int cdrs, legs, amendments, faults;
	uint64_t call; /* the last one begun */
	char log[32];  /* its path */
	/* What a test does between any two events; or NULL. */
	void (*between)(struct office_world *);
	void *arg; /* the test's own */
};

static void
recorder_handle(struct self *self, void *state, const struct message *event)
{
	struct office_world *office_world = process_context(self);
	const void *parcel;
	size_t size = 0;

	(void)state;
	parcel = process_parcel(self, &size);
	if (event->kind == RECORD_CDR) {
		assert_int_equal(size, sizeof office_world->cdr);
		memcpy(&office_world->cdr, parcel, size);
		office_world->cdrs++;
	} else if (event->kind == RECORD_LEG) {
		assert_int_equal(size, sizeof office_world->leg);
		memcpy(&office_world->leg, parcel, size);
		office_world->legs++;
	} else if (event->kind == RECORD_LEG_AMENDMENT) {
		assert_int_equal(size, sizeof office_world->amendment);
		memcpy(&office_world->amendment, parcel, size);
		office_world->amendments++;
	} else if (event->kind == RECORD_FAULT) {
		assert_int_equal(size, sizeof office_world->fault);
		memcpy(&office_world->fault, parcel, size);
		office_world->faults++;
	}
}

static inline void
office_world_add_recorder(struct office_world *office_world)
{
	static const struct module module = { .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = RECORD_RECIPIENT,
		.version = "native",
		.schema = { .size = 1 },
		.init = idle_init,
		.handle = recorder_handle,
		.terminate = idle_terminate };
	uint16_t id;

	assert_int_equal(
	    behaviours_add_native(
		scheduler_behaviours(office_world->world.scheduler), &module,
		office_world, &id),
	    0);
}

/* As in the program, but that who ends is missed from then on. */
static inline void
office_world_start_tree(struct office_world *office_world)
{
	static const struct child_spec call = { .id = "call",
		.behaviour = "call",
		.restart = RESTART_TEMPORARY,
		.shutdown_ms = 5000,
		.on_fault = ON_FAULT_RESUME,
		.fault_limit = 3 };
	static const struct supervisor_spec pool = { .name = OFFICE_POOL,
		.flags = { .strategy = STRATEGY_POOL,
		    .intensity = 1,
		    .period_s = 5 },
		.count = 1,
		.children = &call };
	static const struct child_spec children[] = {
		{ .id = RECORD_RECIPIENT,
		    .behaviour = RECORD_RECIPIENT,
		    .restart = RESTART_TEMPORARY,
		    .is_registered = true },
		{ .id = OFFICE_PROCESS,
		    .behaviour = OFFICE_PROCESS,
		    .restart = RESTART_TEMPORARY,
		    .is_registered = true },
		{ .id = OFFICE_POOL,
		    .behaviour = OFFICE_POOL,
		    .restart = RESTART_TEMPORARY,
		    .type = CHILD_SUPERVISOR,
		    .is_registered = true },
	};
	static const struct supervisor_spec root = { .name = "root",
		.flags = { .intensity = 1, .period_s = 5 },
		.count = sizeof children / sizeof children[0],
		.children = children };
	struct scheduler *scheduler = office_world->world.scheduler;

	assert_int_equal(
	    supervisor_alloc(&office_world->pool, scheduler, &pool), 0);
	assert_int_equal(
	    supervisor_alloc(&office_world->root, scheduler, &root), 0);
	assert_int_equal(
	    supervisor_start_root(scheduler, "root", &office_world->top), 0);
}

/* Loads a release of `call`; the switch's own loader is tested elsewhere. */
static inline void
office_world_load(struct office_world *office_world, const char *version)
{
	const struct module *module;
	char path[4096];

	snprintf(path, sizeof path, HOTSWITCH_RELEASES "/%s/call.so", version);
	office_world->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (office_world->handle == NULL)
		fail_msg("%s", dlerror());
	module = dlsym(office_world->handle, "hotswitch_module");
	assert_non_null(module);
	office_world->release = world_add(&office_world->world, module);
}

static inline void
office_world_add_lines(struct office_world *office_world)
{
	static const struct tariff_view town = { .setup_micro = 100000,
		.first_micro = 50000,
		.first_ms = 60000,
		.next_micro = 20000,
		.next_ms = 30000 };
	static const struct tariff_view second = { .first_micro = 10000,
		.first_ms = 1000,
		.next_micro = 10000,
		.next_ms = 1000 };
	struct office *office = office_world->office;

	assert_int_equal(office_add_tariff(office, "town", &town), 0);
	assert_int_equal(office_add_tariff(office, "second", &second), 0);
	assert_int_equal(
	    office_add_lines(office, "1000", "1099", LINE_ANALOG), 0);
	assert_int_equal(
	    office_add_lines(office, "2000", "2009", LINE_ISDN), 0);
	office_set_tariff(office, office_find(office, "1000"), 100,
	    office_find_tariff(office, "town"));
	office_set_tariff(office, office_find(office, "2000"), 10,
	    office_find_tariff(office, "second"));
	assert_int_equal(office_add_lines(office, "30", "30", LINE_ANALOG), 0);
	assert_int_equal(
	    office_add_lines(office, "300", "309", LINE_ANALOG), 0);
}

static inline void
office_world_make_log(char *path)
{
	int fd;

	strcpy(path, "/tmp/office_world.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
}

/* Without an event log it is for millions of calls. */
static inline struct office_world *
office_world_begin_with(const char *version, bool has_log)
{
	struct office_world *office_world = calloc(1, sizeof *office_world);
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.kind_name = signal_word,
		.log = has_log ? office_world->log : NULL };

	if (has_log)
		office_world_make_log(office_world->log);
	world_set_up_with(&office_world->world, &options);
	assert_int_equal(
	    office_alloc(&office_world->office, office_world->world.scheduler),
	    0);
	office_world_add_lines(office_world);
	office_world_add_recorder(office_world);
	if (version != NULL)
		office_world_load(office_world, version);
	office_world_start_tree(office_world);
	world_run(&office_world->world, 0);
	return office_world;
}

/* With a release of `call`, or (NULL) without any. */
static inline struct office_world *
office_world_begin(const char *version)
{
	return office_world_begin_with(version, true);
}

static inline void
office_world_end(struct office_world *office_world)
{
	world_tear_down(&office_world->world);
	supervisor_free(&office_world->root);
	supervisor_free(&office_world->pool);
	office_free(&office_world->office);
	if (office_world->handle != NULL)
		dlclose(office_world->handle);
	if (office_world->log[0] != '\0')
		unlink(office_world->log);
	free(office_world);
}

/* After a test whose state it is. */
static inline int
office_world_leave(void **state)
{
	office_world_end(*state);
	return 0;
}

/* For all but emergency calls. */
static inline void
close_gate(struct office_world *w)
{
	const struct alarm alarm = { .name = ALARM_RESTART_LIMIT,
		.object = "supervisor calls",
		.severity = ALARM_critical };

	alarm_raise(w->world.scheduler, &alarm);
}

static inline void
open_gate(struct office_world *w)
{
	alarm_clear(
	    w->world.scheduler, ALARM_RESTART_LIMIT, "supervisor calls");
}

/* Nobody else is in the pool. */
static inline bool
is_call(struct office_world *office_world, struct pid pid)
{
	return pid_equal(world_info(&office_world->world, pid).supervisor,
	    registry_whereis(scheduler_registry(office_world->world.scheduler),
		OFFICE_POOL));
}

/*--------------------------------------------------------------------
 * What subscribers do, and then the switch until it is idle
 */

static inline void
pass(struct office_world *office_world, uint64_t us)
{
	world_run(&office_world->world, us);
	if (office_world->between != NULL)
		office_world->between(office_world);
}

static inline uint32_t
line(const struct office_world *office_world, const char *number)
{
	uint32_t found = office_find(office_world->office, number);

	assert_int_not_equal(found, LINE_NONE);
	return found;
}

/* Nothing refused; then everything of this instant happens. */
static inline void
done(struct office_world *office_world, int status, const char *why)
{
	if (status != 0)
		fail_msg("%s", why);
	pass(office_world, 0);
}

static inline void
offhook(struct office_world *office_world, const char *number)
{
	const char *why = "";
	int status = office_offhook(office_world->office,
	    line(office_world, number), &office_world->call, &why);

	done(office_world, status, why);
}

static inline void
call(struct office_world *office_world, const char *from, const char *digits)
{
	const char *why = "";
	int status = office_call(office_world->office, line(office_world, from),
	    digits, &office_world->call, &why);

	done(office_world, status, why);
}

static inline void
consult(
    struct office_world *office_world, const char *number, const char *digits)
{
	const char *why = "";
	int status = office_consult(office_world->office,
	    line(office_world, number), digits, &office_world->call, &why);

	done(office_world, status, why);
}

static inline void
blind(struct office_world *office_world, const char *number, const char *digits)
{
	const char *why = "";
	int status = office_blind(
	    office_world->office, line(office_world, number), digits, &why);

	done(office_world, status, why);
}

static inline void
dial(struct office_world *office_world, const char *number, const char *digits)
{
	const char *why = "";
	int status = office_dial(
	    office_world->office, line(office_world, number), digits, &why);

	done(office_world, status, why);
}

static inline void
answer(struct office_world *office_world, const char *number)
{
	const char *why = "";
	int status = office_answer(
	    office_world->office, line(office_world, number), &why);

	done(office_world, status, why);
}

static inline void
reject(struct office_world *office_world, const char *number, uint8_t cause)
{
	const char *why = "";
	int status = office_reject(
	    office_world->office, line(office_world, number), cause, &why);

	done(office_world, status, why);
}

static inline void
hang_up(struct office_world *office_world, const char *number)
{
	const char *why = "";
	int status = office_hangup(
	    office_world->office, line(office_world, number), &why);

	done(office_world, status, why);
}

static inline void
send_cause(struct office_world *office_world, const char *number,
    enum signal_kind signal, uint8_t cause)
{
	const char *why = "";
	int status = office_signal(office_world->office,
	    line(office_world, number), signal, cause, &why);

	done(office_world, status, why);
}

static inline void
send(struct office_world *office_world, const char *number,
    enum signal_kind signal)
{
	send_cause(office_world, number, signal, 0);
}

/* A line has a service from now on; NULL: no more. */
static inline void
service(struct office_world *office_world, const char *number,
    enum service_kind kind, const char *value)
{
	struct service set = { .is_on = value != NULL };

	if (value != NULL)
		snprintf(set.number, sizeof set.number, "%s", value);
	assert_int_equal(office_reserve_services(office_world->office, 1), 0);
	office_set_service(
	    office_world->office, line(office_world, number), kind, &set);
}

/*--------------------------------------------------------------------
 * What is seen of it
 */

static inline struct line_info
look(const struct office_world *office_world, const char *number)
{
	struct line_info info;

	office_line(office_world->office, line(office_world, number), &info);
	return info;
}

static inline struct pid
pid_of(struct office_world *office_world)
{
	struct pid pid =
	    office_call_pid(office_world->office, office_world->call);

	assert_false(pid_is_none(pid));
	return pid;
}

static inline const struct field *
field_of(const struct schema *schema, const char *name)
{
	uint32_t i;

	for (i = 0; i < schema->count; i++)
		if (strcmp(schema->fields[i].name, name) == 0)
			return &schema->fields[i];
	fail_msg("no field '%s'", name);
	return NULL;
}

/* A number out of the state of the last call. */
static inline uint64_t
number(struct office_world *office_world, const char *name)
{
	struct process_info info =
	    world_info(&office_world->world, pid_of(office_world));
	const struct module *module = behaviour_at(
	    scheduler_behaviours(office_world->world.scheduler), info.behaviour)
					  ->module;
	const struct field *field = field_of(&module->schema, name);
	uint64_t value = 0;

	memcpy(&value, (const char *)info.state + field->offset, field->width);
	assert_true(module->check(info.state));
	return value;
}

/* Likewise of a party, in a release that has an array of them. */
static inline unsigned int
party_number(
    struct office_world *office_world, unsigned int place, const char *name)
{
	struct process_info info =
	    world_info(&office_world->world, pid_of(office_world));
	const struct module *module = behaviour_at(
	    scheduler_behaviours(office_world->world.scheduler), info.behaviour)
					  ->module;
	const struct field *party = field_of(&module->schema, "party");
	const struct schema record = { .fields = party->fields,
		.count = party->count };
	const struct field *field = field_of(&record, name);
	unsigned int value = 0;

	memcpy(&value,
	    (const char *)info.state + party->offset + place * party->width +
		field->offset,
	    field->width);
	return value;
}

/* The number of a party's line, in any release. */
static inline uint32_t
party_port(struct office_world *office_world, unsigned int place)
{
	struct process_info info =
	    world_info(&office_world->world, pid_of(office_world));
	const struct schema *schema = &behaviour_at(
	    scheduler_behaviours(office_world->world.scheduler), info.behaviour)
					   ->module->schema;
	uint32_t i;

	for (i = 0; i < schema->count; i++)
		if (strcmp(schema->fields[i].name, "port_a") == 0)
			return (uint32_t)number(
			    office_world, place == 0 ? "port_a" : "port_b");
	return party_number(office_world, place, "port");
}

static inline const char *
state_of(struct office_world *office_world)
{
	static const char *const words[] = { "null", "collecting", "routing",
		"presented", "alerting", "active", "treated", "clearing",
		"releasing", "ended", "suspended", "held", "consulting",
		"transferring", "conference" };

	if (pid_is_none(
		office_call_pid(office_world->office, office_world->call)))
		return "ended";
	return words[number(office_world, "state")];
}

#define expect_state(office_world, word)                                       \
	assert_string_equal(state_of(office_world), word)
#define expect_line(office_world, number, its_state, its_tone)                 \
	do {                                                                   \
		assert_string_equal(                                           \
		    line_state_word(look(office_world, number).state),         \
		    its_state);                                                \
		assert_string_equal(                                           \
		    tone_word(look(office_world, number).tone), its_tone);     \
	} while (0)

/* It has ended and left one record, with these. */
static inline void
expect_record(struct office_world *office_world, unsigned int cause,
    enum local_reason reason, enum side side)
{
	expect_state(office_world, "ended");
	assert_int_equal(office_world->cdr.call.call, office_world->call);
	assert_int_equal(office_world->cdr.call.cause, cause);
	assert_int_equal(office_world->cdr.call.local_reason, reason);
	assert_int_equal(office_world->cdr.call.release_side, side);
	assert_int_equal(
	    office_world->cdrs, office_counts(office_world->office)->records);
	assert_true(office_world->legs >= office_world->cdrs);
}

/* A1, A2, A3; for the end of every test. */
static inline void
expect_order(const struct office_world *office_world)
{
	char text[AUDIT_TEXT_MAX];

	if (!audit_attempts(office_world->office, text, sizeof text) ||
	    !audit_records(office_world->office, text, sizeof text) ||
	    !audit_lines(office_world->office, text, sizeof text))
		fail_msg("%s", text);
}

/* How many there were, were turned away, and live; all others have a CDR. */
static inline void
expect_counts(struct office_world *office_world, unsigned int attempts,
    unsigned int gapped, unsigned int live)
{
	const struct office_counts *counts =
	    office_counts(office_world->office);

	assert_int_equal(counts->attempts, attempts);
	assert_int_equal(counts->gapped, gapped);
	assert_int_equal(counts->live, live);
	assert_int_equal(counts->ended, attempts - gapped - live);
	assert_int_equal(office_world->cdrs, counts->ended);
	expect_order(office_world);
}

/* Whether the event log has the line, which begins after the time. */
static inline bool
has_logged(const struct office_world *office_world, const char *words)
{
	char text[256];
	bool found = false;
	FILE *file;

	fflush(NULL);
	file = fopen(office_world->log, "r");
	assert_non_null(file);
	while (!found && fgets(text, sizeof text, file) != NULL)
		found = strstr(text, words) != NULL;
	fclose(file);
	return found;
}

#endif
