/*
 * What a fault of the host costs: the switch, with a core, as everywhere.
 *
 * A table, one test for each cell: every signal that a module's fault may
 * bring, in every place where the host's own code runs, on home and on another
 * scheduler.  Each goes wrong in a child process, which must die of exactly
 * that signal; on a page that both see it has written how far it came.
 */
#include "tests/world.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "switch/fault.h"
#include "switch/verb.h"
#include "switch/worker.h"

enum { PAGE = 4096, GO = 1 };

static const struct way {
	const char *name;
	int signal;
} ways[] = {
	{ "null_pointer", SIGSEGV },
	{ "recursion", SIGSEGV },
	{ "lost_file", SIGBUS },
	{ "division", SIGFPE },
	{ "trap", SIGILL },
	{ "abort", SIGABRT },
	{ "breakpoint", SIGTRAP },
};
enum { WAYS = sizeof ways / sizeof ways[0] };

/* Where the host runs. */
enum place {
	IN_NATIVE,   /* a handler that is trusted */
	IN_VERB,     /* that a module's handler has called */
	IN_COMMIT,   /* of an effect that it has asked for */
	IN_UNDO,     /* the same, after a fault of the module */
	IN_CALLBACK, /* of the loop */
	IN_JOB,	     /* on a worker's thread, where no module ever runs */
	PLACES
};
static const char *const places[PLACES] = { "a_native", "a_verb", "a_commit",
	"an_undo", "a_callback", "a_job" };

/* What the child says; of each the number, or -1: it has not come there. */
struct word {
	volatile int began, ended, scheduler;
};

struct cell {
	const struct way *way;
	enum place place;
	unsigned int scheduler;
	char name[64];
};

struct fixture {
	struct world world;
	const struct cell *cell;
	struct word *word;
	struct worker *worker;
	void *lost_file;
	uint8_t effect;
};

/*--------------------------------------------------------------------
 * What goes wrong
 */

static int
recurse(volatile int *above)
{
	volatile int here[64];

	here[0] = *above + 1;
	return here[0] == 0 ? 0 : recurse(here) + here[0];
}

static void
divide(void)
{
#ifdef __x86_64__
	volatile int dividend = 40, zero = 0;

	dividend = dividend / zero;
#else
	(void)raise(SIGFPE); /* not every machine traps 1 / 0 */
#endif
}

static void
reach_breakpoint(void)
{
#ifdef __x86_64__
	__asm__ volatile("int3");
#else
	(void)raise(SIGTRAP);
#endif
}

static void
go_wrong(struct fixture *fixture)
{
	const struct scheduler *scheduler = fault_owner();
	volatile int bottom = 0;

	fixture->word->scheduler =
	    scheduler == NULL ? 0 : (int)scheduler_number(scheduler);
	fixture->word->began = true;
	switch (fixture->cell->way - ways) {
	case 0:
		*(volatile int *)(uintptr_t)bottom = 1;
		break;
	case 1:
		bottom = recurse(&bottom);
		break;
	case 2:
		bottom = *(volatile int *)fixture->lost_file;
		break;
	case 3:
		divide();
		break;
	case 4:
		__builtin_trap();
	case 5:
		abort();
	case 6:
		reach_breakpoint();
		break;
	}
	fixture->word->ended = true;
}

/*--------------------------------------------------------------------
 * Where
 */

static struct fixture *
fixture_of(struct scheduler *scheduler)
{
	return scheduler_office(scheduler);
}

static void
effect_commit(
    struct scheduler *scheduler, struct pid pid, uint32_t a, uint64_t b)
{
	(void)pid, (void)a, (void)b;
	go_wrong(fixture_of(scheduler));
}

/* As a verb of the exchange would be. */
static void
verb(struct self *self)
{
	struct scheduler *scheduler = verb_enter(self);
	struct fixture *fixture = fixture_of(scheduler);

	if (fixture->cell->place == IN_VERB)
		go_wrong(fixture);
	else
		(void)verb_effect(self, fixture->effect, 0, 0);
	verb_leave(self);
}

static void
handle_in_module(struct self *self, void *state, const struct message *event)
{
	uint8_t *undoes = state;

	verb(self);
	if (*undoes != event->kind)
		return;
	abort();
}

static int
init_in_module(struct self *self, void *state, const struct message *start)
{
	(void)self;
	memcpy(state, start->body.bytes, 1);
	return 0;
}

static void
handle_in_native(struct self *self, void *state, const struct message *event)
{
	(void)state, (void)event;
	go_wrong(process_context(self));
}

static void
job(void *arg)
{
	go_wrong(arg);
}

static void
callback(void *arg, uint64_t key)
{
	const struct worker_answer answer = { .owner = PID_NONE };
	struct fixture *fixture = arg;

	(void)key;
	if (fixture->cell->place == IN_JOB)
		(void)worker_submit(fixture->worker, job, fixture, &answer);
	else
		go_wrong(fixture);
}

static void
add_process(struct fixture *fixture, struct scheduler *scheduler)
{
	struct behaviours *behaviours = scheduler_behaviours(scheduler);
	const uint8_t undoes = fixture->cell->place == IN_UNDO ? GO : 0;
	struct module module = { .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = "toy",
		.version = "1",
		.schema = { .size = 1 },
		.init = init_in_module,
		.handle = handle_in_module,
		.terminate = idle_terminate };
	struct spawn spawn = { .start = &undoes, .length = 1 };
	struct pid pid = PID_NONE;

	if (fixture->cell->place == IN_NATIVE) {
		module.init = idle_init;
		module.handle = handle_in_native;
		assert_int_equal(behaviours_add_native(behaviours, &module,
				     fixture, &spawn.behaviour),
		    0);
	} else {
		spawn.behaviour = world_add(&fixture->world, &module);
	}
	assert_int_equal(process_spawn(scheduler, &spawn, &pid), 0);
	world_post(&fixture->world, pid, GO);
	world_run(&fixture->world, 0);
}

static void
add_callback(struct fixture *fixture, struct scheduler *scheduler)
{
	if (fixture->cell->place == IN_JOB)
		assert_int_equal(
		    worker_alloc(&fixture->worker, scheduler, "test"), 0);
	assert_int_equal(scheduler_at(scheduler, 0, callback, fixture, 0), 0);
	world_run(&fixture->world, SCHEDULER_JOB_US);
}

/*--------------------------------------------------------------------
 * One cell
 */

/* A page whose file has been cut short: to read it is a SIGBUS. */
static void *
map_lost_file(void)
{
	int file = memfd_create("lost", MFD_CLOEXEC);
	void *page;

	assert_true(file >= 0);
	assert_int_equal(ftruncate(file, PAGE), 0);
	page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, file, 0);
	assert_ptr_not_equal(page, MAP_FAILED);
	assert_int_equal(ftruncate(file, 0), 0);
	close(file);
	return page;
}

/* In the child: nobody wants its core, nor what it has to say. */
static void
run_child(struct fixture *fixture)
{
	static const struct effect_type effect = { .commit = effect_commit,
		.undo = effect_commit };
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.schedulers = 2 };
	const struct rlimit none = { 0, 0 };
	struct scheduler *scheduler;

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
	fixture->lost_file = map_lost_file();
	world_set_up_with(&fixture->world, &options);
	scheduler_set_office(fixture->world.scheduler, fixture);
	fixture->effect =
	    scheduler_add_effect(fixture->world.scheduler, &effect);
	scheduler =
	    scheduler_peer(fixture->world.scheduler, fixture->cell->scheduler);
	if (fixture->cell->place < IN_CALLBACK)
		add_process(fixture, scheduler);
	else
		add_callback(fixture, scheduler);
}

static void
test_cell(void **state)
{
	const struct cell *cell = *state;
	struct fixture fixture = { .cell = cell };
	int status = 0;
	pid_t child;

	fixture.word = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(fixture.word, MAP_FAILED);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		run_child(&fixture);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(fixture.word->began);
	assert_int_equal(fixture.word->scheduler, cell->scheduler);
	assert_false(fixture.word->ended);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), cell->way->signal);
	munmap(fixture.word, PAGE);
}

int
main(void)
{
	static struct cell cells[2 * PLACES * WAYS];
	static struct CMUnitTest tests[2 * PLACES * WAYS];
	unsigned int count = 0, scheduler, place, way;
	struct cell *cell;

	for (scheduler = 0; scheduler < 2; scheduler++)
		for (place = 0; place < PLACES; place++)
			for (way = 0; way < WAYS; way++) {
				if (place == IN_JOB && scheduler != 0)
					continue; /* they belong to home */
				cell = &cells[count];
				*cell = (struct cell){ .way = &ways[way],
					.place = place,
					.scheduler = scheduler };
				snprintf(cell->name, sizeof cell->name,
				    "n11_%s_in_%s_on_%u", ways[way].name,
				    places[place], scheduler);
				tests[count++] =
				    (struct CMUnitTest){ cell->name, test_cell,
					    NULL, NULL, cell };
			}
	return _cmocka_run_group_tests(
	    "a_fault_of_the_host_is_a_core", tests, count, NULL, NULL);
}
