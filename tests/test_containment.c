/*
 * Every kind of fault in every callback (N11, N14): one test for each cell of
 * the table in mishap_cells.h.  The module is tests/modules/mishap.c, loaded as
 * a release is.
 *
 * One world for all cells.  The witness is a native: the supervisor of all
 * others, and the one to whom whatever an undone event has let out would come.
 * The neighbour is a process of the same module, and lives through them all.
 */
#include "tests/office_world.h"

#include <errno.h>
#include <sys/mman.h>

#include "switch/scheduler_internal.h"
#include "tests/mishap_cells.h"
#include "upgrade/code.h"

#define SEIZED "1007" /* the line that each victim would like to have */

struct fixture {
	struct office_world *w;
	struct code *code;
	uint16_t release[3]; /* behaviours of faulty/1 and faulty/2 */
	struct pid witness, neighbour;
	void *lost_file;
	/* What the witness has heard since the cell began. */
	unsigned int leaks, ends, starts, failures;
	struct reason end;
	uint64_t in_use, counted;
};

/*--------------------------------------------------------------------
 * The witness
 */

static void
witness_handle(struct self *self, void *state, const struct message *event)
{
	struct fixture *fixture = process_context(self);
	struct event_started started;

	(void)state;
	memcpy(&started, event->body.bytes, sizeof started);
	switch (event->kind) {
	case MISHAP_LEAK:
		fixture->leaks++;
		break;
	case EVENT_STARTED:
		fixture->starts++;
		break;
	case EVENT_START_FAILED:
		fixture->failures++;
		fixture->end = started.reason;
		break;
	case EVENT_EXIT:
		fixture->ends++;
		fixture->end = event->body.ended.reason;
		break;
	}
}

static void
add_witness(struct fixture *fixture)
{
	static const struct module module = { .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = "witness",
		.version = "native",
		.schema = { .size = 1 },
		.init = idle_init,
		.handle = witness_handle,
		.terminate = idle_terminate };
	struct scheduler *scheduler = fixture->w->world.scheduler;
	struct spawn spawn = { .traps_exit = true };

	assert_int_equal(behaviours_add_native(scheduler_behaviours(scheduler),
			     &module, fixture, &spawn.behaviour),
	    0);
	assert_int_equal(
	    process_spawn(scheduler, &spawn, &fixture->witness), 0);
}

/*--------------------------------------------------------------------
 * The world
 */

static struct pid
spawn(struct fixture *fixture, const struct cell *cell)
{
	const struct column *column = cell->column;
	const struct mishap_start start = { .witness = fixture->witness,
		.lost_file = (uintptr_t)fixture->lost_file,
		.port = line(fixture->w, SEIZED),
		.where = column->where,
		.mishap = (uint8_t)cell->mishap };
	const struct spawn spawn = { .behaviour =
					 fixture->release[column->from],
		.on_fault = column->on_fault,
		.fault_limit = 1,
		.supervisor = fixture->witness,
		.start = &start,
		.length = sizeof start };
	struct pid pid = PID_NONE;

	assert_int_equal(
	    process_spawn(fixture->w->world.scheduler, &spawn, &pid), 0);
	pass(fixture->w, 0);
	return pid;
}

/* A page whose file has been cut short: to read it is a SIGBUS. */
static void *
map_lost_file(void)
{
	int file = memfd_create("lost", MFD_CLOEXEC);
	void *page;

	assert_true(file >= 0);
	assert_int_equal(ftruncate(file, 4096), 0);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	assert_ptr_not_equal(page, MAP_FAILED);
	assert_int_equal(ftruncate(file, 0), 0);
	close(file);
	return page;
}

static void
load(struct fixture *fixture, unsigned int release)
{
	char version[16], why[CODE_WHY_MAX] = "";

	snprintf(version, sizeof version, "faulty/%u", release);
	if (code_load(fixture->code, "mishap", version,
		&fixture->release[release], why) != 0)
		fail_msg("%s", why);
}

static struct fixture the_fixture; /* of the group; a test's own is its cell */

static int
begin(void **state)
{
	struct fixture *fixture = &the_fixture;
	static const char *const roots[] = { HOTSWITCH_RELEASES
		"/../../tests/releases" };
	static const struct column quiet = { .from = 1 };
	static const struct cell none = { .column = &quiet };

	(void)state;
	fixture->w = office_world_begin(NULL);
	fixture->lost_file = map_lost_file();
	assert_int_equal(
	    code_alloc(&fixture->code,
		scheduler_behaviours(fixture->w->world.scheduler), roots, 1),
	    0);
	load(fixture, 1);
	load(fixture, 2);
	behaviour_make_current(
	    scheduler_behaviours(fixture->w->world.scheduler),
	    fixture->release[1]);
	add_witness(fixture);
	fixture->neighbour = spawn(fixture, &none);
	return 0;
}

static int
end(void **state)
{
	struct fixture *fixture = &the_fixture;

	(void)state;
	process_exit_signal(fixture->w->world.scheduler, fixture->witness,
	    fixture->neighbour, (struct reason){ .kind = REASON_KILL });
	pass(fixture->w, 0);
	expect_order(fixture->w);
	code_free(&fixture->code);
	munmap(fixture->lost_file, 4096);
	office_world_end(fixture->w);
	return 0;
}

/*--------------------------------------------------------------------
 * One cell
 */

struct conversion_of_one {
	struct scheduler *scheduler;
	struct pid pid;
	uint16_t to;
	int result;
};

static void
convert_one(void *arg, uint64_t key)
{
	struct conversion_of_one *one = arg;

	(void)key;
	one->result = process_change_code(one->scheduler, one->pid, one->to);
}

/* On the scheduler's thread, where alone a process may be converted. */
static int
convert(struct fixture *fixture, struct pid pid, unsigned int release)
{
	struct scheduler *scheduler = fixture->w->world.scheduler;
	struct conversion_of_one one = { .scheduler = scheduler,
		.pid = pid,
		.to = fixture->release[release] };

	assert_int_equal(scheduler_at(scheduler, scheduler_now(scheduler),
			     convert_one, &one, 0),
	    0);
	pass(fixture->w, 0);
	return one.result;
}

/* On the way down what the plan says without its hook will do (design 4). */
static bool
is_skipped(const struct cell *cell)
{
	return strcmp(cell->column->name, "code_change_down") == 0;
}

static int
expected_of(const struct cell *cell)
{
	if (is_skipped(cell))
		return 0;
	return cell->mishap == MISHAP_loop ? -ETIME : -EFAULT;
}

/* Has the victim do what it is there for. */
static void
provoke(struct fixture *fixture, const struct cell *cell, struct pid pid)
{
	struct scheduler *scheduler = fixture->w->world.scheduler;
	const struct reason shutdown = { .kind = REASON_SHUTDOWN };

	switch ((enum fault_callback)cell->column->callback) {
	case CALLBACK_INIT:
		break; /* it has */
	case CALLBACK_HANDLE:
		assert_int_equal(process_post_parcel(scheduler, pid, MISHAP_NOW,
				     cell->name, sizeof cell->name),
		    0);
		pass(fixture->w, 0);
		break;
	case CALLBACK_TERMINATE:
		process_exit_signal(scheduler, fixture->witness, pid, shutdown);
		pass(fixture->w, 0);
		break;
	case CALLBACK_CODE_CHANGE:
		assert_int_equal(
		    convert(fixture, pid, cell->column->to), expected_of(cell));
		break;
	}
}

/* The reason names the place: it lies in the function that went wrong. */
static void
expect_place(struct fixture *fixture, const struct cell *cell)
{
	const struct behaviour *behaviour =
	    behaviour_at(scheduler_behaviours(fixture->w->world.scheduler),
		fixture->release[cell->column->blamed]);
	uint32_t offset = fixture->w->fault.reason.offset;
	const struct kind *kind = &kinds[cell->mishap];
	char wanted[64];
	Dl_info info = { .dli_sname = NULL };

	if ((kind->flags & WITHOUT_PLACE) != 0) {
		assert_int_equal(offset, 0);
		return;
	}
	assert_in_range(offset, 1, behaviour->image_size - 1);
	if ((kind->flags & PLACE_ANYWHERE) != 0)
		return; /* it may have been on the way to the verb */
	snprintf(wanted, sizeof wanted, "mishap_%s", words[cell->mishap]);
	assert_int_not_equal(
	    dladdr((const char *)behaviour->module -
		    ((uintptr_t)behaviour->module - behaviour->image) + offset,
		&info),
	    0);
	assert_non_null(info.dli_sname);
	assert_string_equal(info.dli_sname, wanted);
}

static void
expect_record_of_fault(
    struct fixture *fixture, const struct cell *cell, struct pid pid)
{
	const struct fault_record *fault = &fixture->w->fault;
	const struct column *column = cell->column;
	struct reason reason = fault->reason;
	char version[16], text[64], logged[256];

	snprintf(version, sizeof version, "faulty/%u", column->blamed);
	assert_int_equal(fixture->w->faults, 1);
	assert_true(pid_equal(fault->pid, pid));
	assert_int_equal(reason.kind, REASON_FAULT);
	if (kinds[cell->mishap].signal != ANY_SIGNAL)
		assert_int_equal(reason.number, kinds[cell->mishap].signal);
	assert_string_equal(fault->module, "mishap");
	assert_string_equal(fault->version, version);
	assert_string_equal(fault->event_name, column->event);
	assert_int_equal(fault->callback, column->callback);
	assert_int_equal(fault->resumed,
	    column->callback == CALLBACK_HANDLE &&
		column->on_fault == ON_FAULT_RESUME);
	expect_place(fixture, cell);
	reason.offset = 0;
	snprintf(logged, sizeof logged, "mishap %s <%u.%u> fault %s in %s%s\n",
	    version, pid.slot, pid.generation,
	    reason_text(reason, text, sizeof text), column->event,
	    fault->resumed ? ", resumes" : "");
	assert_true(has_logged(fixture->w, logged));
}

/* What a process has: all of it as it was, but that it has been told. */
static void
expect_as_before(struct fixture *fixture, const struct cell *cell,
    struct pid pid, const struct mishap_state *before)
{
	struct process_info info = world_info(&fixture->w->world, pid);
	struct mishap_state now;

	memcpy(&now, info.state, sizeof now);
	if (cell->column->callback == CALLBACK_HANDLE)
		assert_int_equal(now.faulted--, 1);
	assert_memory_equal(&now, before, sizeof now);
	assert_int_equal(info.behaviour,
	    fixture->release[is_skipped(cell) ? cell->column->to
					      : cell->column->from]);
	assert_int_equal(info.mailbox, 0);
	world_post(&fixture->w->world, pid, MISHAP_COUNT);
	pass(fixture->w, 0);
	info = world_info(&fixture->w->world, pid);
	assert_int_equal(((const struct mishap_state *)info.state)->count,
	    before->count + 1);
}

/* As the callback and on_fault say; true if it goes on. */
static bool
expect_consequence(
    struct fixture *fixture, const struct cell *cell, struct pid pid)
{
	const struct reason *told = &fixture->end;
	const struct reason *reason = &fixture->w->fault.reason;
	bool lives = process_is_alive(fixture->w->world.scheduler, pid);

	switch ((enum fault_callback)cell->column->callback) {
	case CALLBACK_INIT:
		assert_int_equal(fixture->failures, 1);
		assert_int_equal(fixture->starts + fixture->ends, 0);
		assert_memory_equal(told, reason, sizeof *told);
		assert_false(lives);
		break;
	case CALLBACK_HANDLE:
		assert_int_equal(
		    lives, cell->column->on_fault == ON_FAULT_RESUME);
		assert_int_equal(fixture->ends, !lives);
		if (!lives)
			assert_memory_equal(told, reason, sizeof *told);
		break;
	case CALLBACK_TERMINATE:
		assert_int_equal(fixture->ends, 1);
		assert_int_equal(told->kind, REASON_SHUTDOWN);
		assert_false(lives);
		break;
	case CALLBACK_CODE_CHANGE:
		assert_true(lives);
		assert_int_equal(fixture->ends, 0);
		break;
	}
	return lives;
}

/* The rest of the switch: it answers, and nothing has come of the event. */
static void
expect_no_trace(struct fixture *fixture)
{
	struct world *world = &fixture->w->world;
	struct process_info info;
	const struct mishap_state *state;

	world_post(world, fixture->neighbour, MISHAP_COUNT);
	pass(fixture->w, 10 * MS); /* what it has set is due by then */
	info = world_info(world, fixture->neighbour);
	state = info.state;
	assert_int_equal(state->count, ++fixture->counted);
	assert_int_equal(state->faulted, 0);
	assert_int_equal(scheduler_counts(world->scheduler)->timeouts, 0);
	assert_int_equal(fixture->leaks, 0);
	expect_line(fixture->w, SEIZED, "idle", "none");
	expect_order(fixture->w);
}

static void
begin_cell(struct fixture *fixture)
{
	fixture->leaks = fixture->ends = 0;
	fixture->starts = fixture->failures = 0;
	fixture->w->faults = 0;
	fixture->in_use =
	    scheduler_store(fixture->w->world.scheduler)->bytes_in_use;
}

static void
end_cell(struct fixture *fixture, struct pid pid)
{
	struct scheduler *scheduler = fixture->w->world.scheduler;

	process_exit_signal(scheduler, fixture->witness, pid,
	    (struct reason){ .kind = REASON_KILL });
	pass(fixture->w, 0);
	assert_int_equal(
	    scheduler_store(scheduler)->bytes_in_use, fixture->in_use);
}

static void
is_contained(struct fixture *fixture, const struct cell *cell)
{
	struct scheduler *scheduler = fixture->w->world.scheduler;
	struct mishap_state before = { .count = 0 };
	uint64_t in_use;
	struct pid pid;

	begin_cell(fixture);
	pid = spawn(fixture, cell);
	if (process_is_alive(scheduler, pid))
		memcpy(&before, world_info(&fixture->w->world, pid).state,
		    sizeof before);
	in_use = scheduler_store(scheduler)->bytes_in_use;
	provoke(fixture, cell, pid);
	expect_record_of_fault(fixture, cell, pid);
	if (expect_consequence(fixture, cell, pid)) {
		assert_int_equal(
		    scheduler_store(scheduler)->bytes_in_use, in_use);
		expect_as_before(fixture, cell, pid, &before);
	}
	expect_no_trace(fixture);
	end_cell(fixture, pid);
}

/* Full is an answer: a module that does not listen loses the rest. */
static void
is_answered(struct fixture *fixture, const struct cell *cell)
{
	struct pid pid;

	begin_cell(fixture);
	pid = spawn(fixture, cell);
	provoke(fixture, cell, pid);
	assert_int_equal(fixture->leaks, OUTBOX_MAX);
	assert_int_equal(fixture->w->faults, 0);
	assert_int_equal(fixture->starts, 1);
	end_cell(fixture, pid);
}

/*--------------------------------------------------------------------
 * The table
 */

static void
test_cell(void **state)
{
	const struct cell *cell = *state;

	if (cell->mishap == MISHAP_full_outbox)
		is_answered(&the_fixture, cell);
	else
		is_contained(&the_fixture, cell);
}

int
main(void)
{
	static struct cell cells[MISHAPS_COUNT * COLUMNS];
	static struct CMUnitTest tests[MISHAPS_COUNT * COLUMNS];
	unsigned int count = 0, mishap, column;
	struct cell *cell;

	for (column = 0; column < COLUMNS; column++) {
		for (mishap = 0; mishap < MISHAPS_COUNT; mishap++) {
			if (!is_met(mishap, &columns[column]))
				continue;
			cell = &cells[count];
			*cell = (struct cell){ .column = &columns[column],
				.mishap = mishap };
			snprintf(cell->name, sizeof cell->name, "n11_%s_in_%s",
			    words[mishap], columns[column].name);
			tests[count++] = (struct CMUnitTest){ cell->name,
				test_cell, NULL, NULL, cell };
		}
	}
	return _cmocka_run_group_tests("containment", tests, count, begin, end);
}
